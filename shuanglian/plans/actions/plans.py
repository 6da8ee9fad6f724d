"""Household plans: written in versions, agreed by the family, approved by another, looked at again (PLAN-3, PLAN-5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from shuanglian.attachments.actions import attachments
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.plans import content, copies, family, reckoning, signing
from shuanglian.plans.drafts import Draft, lines_of, terms_of
from shuanglian.plans.models import Agreement, Approval, HouseholdPlan, Measure, Review
from shuanglian.registry.models import Household
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

TEXT_MOST = 1000


@transaction.atomic
def write(
    *, household: Household, draft: Draft, base: int = 0, why: str = "", key: UUID | None = None, by: User | None,
    at: datetime,
) -> HouseholdPlan:  # fmt: skip
    """A new version of a household's plan; earlier ones stay as they are. base: the version it was begun from, or 0.

    Whoever began from a version that is no longer the newest is refused: somebody else has written meanwhile. The same
    content again gives the version that stands.
    """
    if key is not None and (kept := HouseholdPlan.objects.filter(key=key).first()):
        return kept
    home = Household.objects.select_for_update(of=("self",)).select_related("village").get(pk=household.pk)
    if home.left_on is not None or home.removed_on is not None:
        raise Refusal("household_left", N_("该户已不在册，不再编制帮扶计划"))
    last = HouseholdPlan.objects.filter(household=home, latest=True).select_related("by").first()
    if (last.version if last else 0) != base:
        raise Refusal("stale_version", N_("{by} 已写了第 {version} 版，请先看过再改"),
                      by=str(last.by or "—") if last else "—", version=last.version if last else 0)  # fmt: skip
    on = day_of(at)
    told = family.known(home, on)
    terms = terms_of(told, draft)
    lines = lines_of(told, draft, terms, on)
    sums = reckoning.sums(lines, terms)
    text = content.canonical(
        content.content(told, terms, lines, sums, analysis=draft.analysis.strip(), path=draft.path.strip())
    )
    digest = content.digest_of(text)
    if last is not None and last.digest == digest:
        return last
    if last is not None:
        HouseholdPlan.objects.filter(pk=last.pk).update(latest=False)
    made = HouseholdPlan(
        household=home, area_code=home.area_code, version=_next_version(home), year=terms.year, horizon=terms.horizon,
        target=terms.target, step_target=terms.step_target, income=terms.income, income_year=terms.income_year,
        size=terms.size, own_money=draft.own_money or 0, loan=draft.loan or 0, gain_low=sums.gain_low,
        gain_likely=sums.gain_likely, cost=sums.cost, own_cost=sums.own, short=sums.short, step_short=sums.step_short,
        content_text=text, digest=digest, profile=active().name, why=why.strip()[:200], key=key, by=by, at=at,
    )  # fmt: skip
    copies.look(made, draft, told)
    made.save()
    Measure.objects.bulk_create(_row(made, number, line) for number, line in enumerate(lines, 1))
    trail.write("plans.write", about=made, by=by, at=at, version=made.version, short=str(made.short), why=made.why)
    return made


def _next_version(home: Household) -> int:
    last = HouseholdPlan.objects.filter(household=home).order_by("-version").values_list("version", flat=True).first()
    return (last or 0) + 1


def _row(plan: HouseholdPlan, number: int, line: reckoning.Line) -> Measure:
    shape = line.measure.shape
    return Measure(
        plan=plan, area_code=plan.area_code, number=number, code=shape.code, channel=shape.channel, units=line.units,
        low=line.units * line.low, likely=line.units * line.likely, cost=line.cost,
        funds={fund: str(yuan) for fund, yuan in line.funds.items()}, starts_on=line.starts_on, months=shape.months,
        owner=line.owner, owner_name=line.owner_name[:60], people=list(line.people), note=line.note[:200],
    )  # fmt: skip


@attachments.whole_or_none()
@transaction.atomic
def agree(
    *, plan: HouseholdPlan, how: str, image: bytes, by: User | None, at: datetime, key: UUID, name: str = "",
    on: date | None = None, shown: str = "",
) -> Agreement:  # fmt: skip
    """The family agrees to a version (PLAN-5): its signature drawn, or the signed paper scanned, bound to the content.

    shown: the fingerprint of what the family saw; another one is refused. The same key again gives what was kept.
    name: who signed; the head of the household when not told.
    """
    kept_plan = HouseholdPlan.objects.select_for_update(of=("self",)).select_related("household").get(pk=plan.pk)
    if kept := Agreement.objects.filter(key=key).first():
        if kept.plan_id != plan.pk or kept.how != how:
            raise Refusal("key_taken", N_("这个登记编号已经用过"))
        return kept
    _is_open(kept_plan)
    if shown and shown != kept_plan.digest:
        raise Refusal("content_changed", N_("计划内容已有变化，请重新给农户看过再签"))
    if Agreement.objects.filter(plan=kept_plan).exists():
        raise Refusal("agreed_already", N_("这一版农户已经认可"))
    day = on or day_of(at)
    if day > day_of(at) or day < day_of(kept_plan.at):
        raise Refusal("agreed_on", N_("认可日期应在编制之后、今天之前"))
    if how not in Agreement.How.values:
        raise Refusal("no_such_way", N_("认可方式不对"))
    made_of = signing.checked(image) if how == Agreement.How.SIGNATURE else image
    stored = attachments.keep(made_of, of=kept_plan, area_code=kept_plan.area_code, by=by, at=at,
                              purpose="agreement", name=how)  # fmt: skip
    made = Agreement.objects.create(
        plan=kept_plan, area_code=kept_plan.area_code, how=how, on=day,
        name=(name.strip() or kept_plan.household.head_name)[:40], digest=kept_plan.digest, image=stored,
        key=key, by=by, at=at,
    )  # fmt: skip
    HouseholdPlan.objects.filter(pk=kept_plan.pk).update(agreed_on=day)
    trail.write("plans.agree", about=kept_plan, by=by, at=at, how=how, digest=kept_plan.digest, image=stored.digest)
    return made


@transaction.atomic
def approve(*, plan: HouseholdPlan, shown: str, by: User, at: datetime) -> Approval:
    """The unit stands by a version that the family agreed to: never who wrote it."""
    kept_plan = _to_be_judged(plan, shown, by)
    if kept_plan.agreed_on is None:
        raise Refusal("not_agreed", N_("农户还没有认可这一版，不能审定"))
    if kept_plan.approved_on is not None:
        raise Refusal("approved_already", N_("这一版已经审定"))
    made = _judged(kept_plan, Approval.Word.APPROVED, "", by, at)
    HouseholdPlan.objects.filter(pk=kept_plan.pk).update(approved_on=made.on)
    return made


@transaction.atomic
def send_back(*, plan: HouseholdPlan, shown: str, why: str, by: User, at: datetime) -> Approval:
    """The unit does not approve a version, and says why."""
    kept_plan = _to_be_judged(plan, shown, by)
    if kept_plan.approved_on is not None:
        raise Refusal("approved_already", N_("这一版已经审定"))
    if not why.strip():
        raise Refusal("no_reason", N_("请写明理由"))
    return _judged(kept_plan, Approval.Word.RETURNED, why.strip()[:200], by, at)


def _to_be_judged(plan: HouseholdPlan, shown: str, by: User) -> HouseholdPlan:
    kept_plan = HouseholdPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    _is_open(kept_plan)
    if shown != kept_plan.digest:
        raise Refusal("content_changed", N_("计划内容已有变化，请重新看过"))
    if kept_plan.by_id == by.pk:
        raise Refusal("own_plan", N_("编制人不能审定自己的计划"))
    return kept_plan


def _judged(plan: HouseholdPlan, word: str, why: str, by: User, at: datetime) -> Approval:
    made = Approval.objects.create(plan=plan, area_code=plan.area_code, word=word, why=why, digest=plan.digest,
                                   on=day_of(at), by=by, at=at)  # fmt: skip
    trail.write(f"plans.{'approve' if word == 'approved' else 'send_back'}", about=plan, by=by, at=at, why=why,
                digest=plan.digest)  # fmt: skip
    return made


@transaction.atomic
def review(
    *, plan: HouseholdPlan, on: date, word: str, found: str, told: Sequence[dict[str, str]] = (), by: User | None,
    at: datetime,
) -> Review:  # fmt: skip
    """A plan looked at again (PLAN-5). What was done of what was planned is worked out and frozen here."""
    from shuanglian.plans import queries

    kept_plan = HouseholdPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    _is_open(kept_plan)
    if on > day_of(at) or on < day_of(kept_plan.at):
        raise Refusal("reviewed_on", N_("回顾日期应在编制之后、今天之前"))
    if word not in Review.Word.values:
        raise Refusal("no_such_word", N_("请选择结论"))
    if not found.strip():
        raise Refusal("nothing_found", N_("请写明回顾情况"))
    if Review.objects.filter(plan=kept_plan, on=on).exists():
        raise Refusal("reviewed_already", N_("这一天已经回顾过"))
    done = queries.done_of(kept_plan)
    rows = [{"code": one.code, "units": one.units, "done": str(done.get(one.code, Decimal(0)))}
            for one in kept_plan.measures.all()]  # fmt: skip
    income = family.known(kept_plan.household, on).income
    made = Review.objects.create(plan=kept_plan, area_code=kept_plan.area_code, on=on, word=word,
                                 found=found.strip()[:600], told=rows, income=income, by=by, at=at)  # fmt: skip
    HouseholdPlan.objects.filter(pk=kept_plan.pk).update(reviewed_on=on)
    trail.write("plans.review", about=kept_plan, by=by, at=at, word=word)
    return made


def _is_open(plan: HouseholdPlan) -> None:
    if plan.ended:
        raise Refusal("plan_ended", N_("这份计划已经终止"))
    if not plan.latest:
        raise Refusal("not_latest", N_("这不是最新的一版，请看最新版"))
