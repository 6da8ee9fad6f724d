"""Village plans: written in versions, submitted, agreed by the meeting, approved by another (PLAN-1, PLAN-5)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shuanglian.areas.models import Area
from shuanglian.attachments.actions import attachments
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.plans import copies, village_drafts
from shuanglian.plans.content import canonical, digest_of
from shuanglian.plans.models import VillageAct, VillageLine, VillagePlan, VillageResult
from shuanglian.plans.village_drafts import VillageDraft
from shuanglian.rules.village_shapes import VillageTerms
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

Word = VillageAct.Word


@transaction.atomic
def write(
    *, village: Area, draft: VillageDraft, base: int = 0, why: str = "", key: UUID | None = None, by: User | None,
    at: datetime,
) -> VillagePlan:  # fmt: skip
    """A new version of a village's plan; earlier ones stay as they are. base: the version it was begun from, or 0.

    Whoever began from a version that is no longer the newest is refused. The same content again gives
    the version that stands.
    """
    if key is not None and (kept := VillagePlan.objects.filter(key=key).first()):
        return kept
    place = Area.objects.select_for_update(of=("self",)).select_related("parent").get(pk=village.pk)
    last = VillagePlan.objects.filter(village=place, series=draft.series, latest=True).select_related("by").first()
    if (last.version if last else 0) != base:
        raise Refusal("stale_version", N_("{by} 已写了第 {version} 版，请先看过再改"),
                      by=str(last.by or "—") if last else "—", version=last.version if last else 0)  # fmt: skip
    told = _told(place, draft, at)
    text = canonical(told)
    if last is not None and _same(last.content, told):
        return last
    if last is not None:
        VillagePlan.objects.filter(pk=last.pk).update(latest=False)
    made = VillagePlan(
        village=place, area_code=place.code, kind=draft.kind, series=draft.series, version=_next(place, draft),
        year=draft.year, until=draft.until, industry=draft.industry, income=told["income"],
        income_year=told["income_year"], target=draft.target, households=told["households"], people=told["people"],
        cost=sum((one.cost for one in draft.lines), Decimal(0)), content_text=text, digest=digest_of(text),
        profile=active().name, why=why.strip()[:200], key=key, by=by, at=at,
    )  # fmt: skip
    copies.look_at_village(made, told)
    made.save()
    VillageLine.objects.bulk_create(VillageLine(plan=made, area_code=made.area_code, **one) for one in told["lines"])
    trail.write("plans.village.write", about=made, by=by, at=at, kind=made.kind, version=made.version, why=made.why)
    return made


def _told(place: Area, draft: VillageDraft, at: datetime) -> dict[str, Any]:
    on = day_of(at)
    rules, plans = village_drafts.rules_on(on), active().on(on).plans
    village_drafts.checked(draft, rules, plans)
    known = village_drafts.known(place, draft.until, on)
    horizon = None
    if draft.kind == VillagePlan.Kind.YEARLY:
        horizon = VillagePlan.objects.newest().filter(village=place, series=0).first()
    return village_drafts.content(draft, rules, plans, known, horizon)


def _same(kept: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether two contents say the same, but for the threads that new lines get and the day the register was asked."""
    plain = json.loads(canonical(told))
    for one in (*kept["lines"], *plain["lines"]):
        one.pop("thread")
    for one in (*kept["indicators"], *plain["indicators"]):
        one.pop("basis", None)
    return kept == plain


def _next(place: Area, draft: VillageDraft) -> int:
    rows = VillagePlan.objects.filter(village=place, series=draft.series).order_by("-version")
    return (rows.values_list("version", flat=True).first() or 0) + 1


@transaction.atomic
def submit(*, plan: VillagePlan, shown: str, by: User, at: datetime) -> VillageAct:
    """The village (or its team) stands by a version: it goes to the village meeting."""
    kept = _open(plan, shown)
    if kept.submitted_on is not None:
        raise Refusal("submitted_already", N_("这一版已经提交"))
    return _acted(kept, Word.SUBMITTED, day_of(at), by, at)


@dataclass(frozen=True)
class Meeting:
    """Who was there and how they voted; image: the scanned minutes. Numbers, or minutes, or both."""

    on: date
    entitled: int | None = None
    present: int | None = None
    in_favour: int | None = None
    against: int | None = None
    image: bytes = b""

    @property
    def counted(self) -> bool:
        return None not in (self.entitled, self.present, self.in_favour)


@attachments.whole_or_none()
@transaction.atomic
def agree(*, plan: VillagePlan, meeting: Meeting, shown: str, by: User, at: datetime) -> VillageAct:
    """The village meeting agreed to a version that was submitted (PLAN-5): by its numbers or its scanned minutes."""
    kept = _open(plan, shown)
    if kept.submitted_on is None:
        raise Refusal("not_submitted", N_("还没有提交，不能上会"))
    if kept.agreed_on is not None:
        raise Refusal("agreed_already", N_("村民会议已经通过这一版"))
    if not kept.submitted_on <= meeting.on <= day_of(at):
        raise Refusal("agreed_on", N_("会议日期应在提交之后、今天之前"))
    _carried(meeting, village_drafts.rules_on(day_of(at)).terms)
    image = None
    if meeting.image:
        image = attachments.keep(meeting.image, of=kept, area_code=kept.area_code, by=by, at=at, purpose="minutes",
                                 name="minutes")  # fmt: skip
    return _acted(kept, Word.AGREED, meeting.on, by, at, entitled=meeting.entitled, present=meeting.present,
                  in_favour=meeting.in_favour, against=meeting.against, image=image)  # fmt: skip


def _carried(meeting: Meeting, terms: VillageTerms | None) -> None:
    """A quorum was there and enough of them were for it; a Refusal says what is missing."""
    assert terms is not None
    if not meeting.counted:
        if not meeting.image:
            raise Refusal("no_meeting", N_("请填应到、实到和赞成人数，或上传会议记录"))
        return
    assert meeting.entitled is not None
    assert meeting.present is not None
    assert meeting.in_favour is not None
    against = meeting.against or 0
    if min(meeting.entitled, meeting.present, meeting.in_favour, against) < 0 or meeting.present > meeting.entitled:
        raise Refusal("meeting_numbers", N_("到会人数对不上"))
    if meeting.in_favour + against > meeting.present:
        raise Refusal("meeting_votes", N_("赞成和反对合计多于实到人数"))
    if not meeting.present or meeting.present <= terms.quorum * meeting.entitled:
        raise Refusal("no_quorum", N_("到会人数没有超过应到的 {share}，会议无效"), share=f"{terms.quorum:.0%}")
    if meeting.in_favour <= terms.majority * meeting.present:
        raise Refusal("not_carried", N_("赞成人数没有超过实到的 {share}，没有通过"), share=f"{terms.majority:.0%}")


@transaction.atomic
def approve(*, plan: VillagePlan, shown: str, by: User, at: datetime) -> VillageAct:
    """The township approves what the meeting agreed to: never who wrote, submitted or recorded it."""
    kept = _open(plan, shown)
    _somebody_else(kept, by)
    if kept.agreed_on is None:
        raise Refusal("not_agreed", N_("村民会议还没有通过，不能审定"))
    return _acted(kept, Word.APPROVED, day_of(at), by, at)


@transaction.atomic
def send_back(*, plan: VillagePlan, shown: str, why: str, by: User, at: datetime) -> VillageAct:
    """The township does not approve a version, and says why; the village writes a new one."""
    kept = _open(plan, shown)
    _somebody_else(kept, by)
    if kept.submitted_on is None:
        raise Refusal("not_submitted", N_("还没有提交"))
    if not why.strip():
        raise Refusal("no_reason", N_("请写明理由"))
    return _acted(kept, Word.RETURNED, day_of(at), by, at, why=why.strip()[:200])


def _somebody_else(plan: VillagePlan, by: User) -> None:
    mine = plan.by_id == by.pk or VillageAct.objects.filter(plan=plan, by=by).exists()
    if mine:
        raise Refusal("own_plan", N_("编制、提交或登记会议的人不能审定"))


def _open(plan: VillagePlan, shown: str) -> VillagePlan:
    """The version, locked; a Refusal when it is not the one to act on, or not the one that was shown."""
    kept = VillagePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if not kept.latest:
        raise Refusal("not_latest", N_("这不是最新的一版，请看最新版"))
    if shown != kept.digest:
        raise Refusal("content_changed", N_("计划内容已有变化，请重新看过"))
    if kept.approved_on is not None:
        raise Refusal("approved_already", N_("这一版已经审定"))
    if kept.returned_on is not None:
        raise Refusal("returned_already", N_("这一版已经退回，请修改成新的一版"))
    return kept


def _acted(plan: VillagePlan, word: str, on: date, by: User, at: datetime, **more: Any) -> VillageAct:
    made = VillageAct.objects.create(plan=plan, area_code=plan.area_code, word=word, on=on, digest=plan.digest, by=by,
                                     at=at, **more)  # fmt: skip
    VillagePlan.objects.filter(pk=plan.pk).update(**{f"{word}_on": on})
    trail.write(f"plans.village.{word}", about=plan, by=by, at=at, digest=plan.digest, why=made.why)
    return made


@transaction.atomic
def log(
    *, line: VillageLine, on: date, share: int, spent: Decimal | None = None, note: str = "", key: UUID,
    by: User | None, at: datetime,
) -> VillageResult:  # fmt: skip
    """How far a line is by a day. Kept once by its key; nothing is changed, the newest one counts."""
    note = note.strip()[:300]
    if kept := VillageResult.objects.filter(key=key).first():
        if (kept.line_id, kept.on, kept.share, kept.note) != (line.pk, on, share, note):
            raise Refusal("key_taken", N_("这个登记编号已经用过"))
        return kept
    if on > day_of(at):
        raise Refusal("ahead", N_("日期不能晚于今天"))
    if not 0 <= share <= 100:
        raise Refusal("share_range", N_("完成的百分数应在 0 到 100 之间"))
    if spent is not None and not 0 <= spent <= village_drafts.MOST_YUAN:
        raise Refusal("cost_range", N_("金额不对"))
    try:
        with transaction.atomic():
            made = VillageResult.objects.create(line=line, area_code=line.area_code, on=on, share=share, spent=spent,
                                                note=note, key=key, by=by, at=at)  # fmt: skip
    except IntegrityError:  # the key stands where the writer does not see it
        raise Refusal("key_taken", N_("这个登记编号已经用过")) from None
    trail.write("plans.village.result", about=made, by=by, at=at, what=line.what, share=share)
    return made
