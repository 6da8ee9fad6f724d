"""矛盾纠纷 noticed early, climbing by time, told to those who have to act; never with a name (VOICE-5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area, prefix_of
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.core.secrets import digest as keyed
from shuanglian.disputes.models import Dispute, Party, Record, Step
from shuanglian.fieldwork.actions.once import digest_of
from shuanglian.grievances.actions import demands
from shuanglian.grievances.holders import LEVELS
from shuanglian.grievances.models import Demand
from shuanglian.grievances.models import Step as DemandStep
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain
from shuanglian.notifications.actions import messages
from shuanglian.rules.dispute_shapes import DisputeTerms
from shuanglian.rules.disputes import above, begins, limits
from shuanglian.trail import trail

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 4
DOORS = {"cadre": Dispute.Door.VISIT, "village_committee": Dispute.Door.VILLAGE}
STANDS = ("level", "office", "since", "due_on", "remind_on")


def terms() -> DisputeTerms:
    """The numbers; a Refusal where the programme keeps no disputes."""
    known = active().disputes
    if known.terms is None or not known.runs:
        raise Refusal("no_disputes", N_("方案没有规定矛盾纠纷怎样调处"))
    return known.terms


def said(text: str, sentence: str) -> str:
    told, most = plain(text), terms().longest
    if len(told) < SHORTEST:
        raise Refusal("text_missing", sentence)
    if len(told) > most:
        raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=most)
    return told


@transaction.atomic
def report(
    *, key: UUID, kind: str, village: Area, words: str, by: User, at: datetime, people: int = 2, tendency: bool = False,
    on: date | None = None, demand: Demand | None = None,
) -> Dispute:  # fmt: skip
    """Early notice. It begins in the village, or straight at the level that its kind names; what it is about is sealed.

    One of many people, one that others of the kind will follow, and the special kinds are told to all above at once.
    """
    limit, known = terms(), active().disputes.kinds.get(kind)
    if known is None:
        raise Refusal("no_kind", N_("请选是哪一类纠纷"))
    if village.level != Area.Level.VILLAGE:
        raise Refusal("no_village", N_("请选哪个村"))
    told = said(words, N_("请写明是什么纠纷"))
    digest = keyed(digest_of(kind=kind, village=village.code, words=told))
    if (kept := _kept(key, digest, demand)) is not None:
        return kept
    if not 1 <= people <= 10_000:
        raise Refusal("no_people", N_("请写明涉及多少人"))
    if on is not None and on > day_of(at):
        raise Refusal("ahead_of_time", N_("日期还没有到"))
    dispute = Dispute(
        key=key, digest=digest, kind=kind, tendency=tendency, people=people, village=village, area_code=village.code,
        door=Dispute.Door.DEMAND if demand else DOORS.get(by.role, Dispute.Door.OFFICE), demand=demand,
        on=on or day_of(at), by=by, at=at, since=at,
    )  # fmt: skip
    put(dispute, begins(known, active().disputes.rungs), at=at)
    dispute.save(force_insert=True)
    step(dispute, Step.Kind.NOTICED, by=by, at=at)
    with unscoped():  # who gives notice does not read it again
        Record.objects.create(dispute=dispute, area_code=dispute.area_code, kind=Record.Kind.NOTICE, on=dispute.on,
                              text=told, by=by, at=at)  # fmt: skip
        if demand is not None:
            _from_demand(dispute, demand, by=by, at=at)
    trail.write("disputes.report", about=dispute, by=by, at=at, kind=kind, level=dispute.level)
    tell(users_of(dispute.office), "disputes.noticed", dispute, by=by, at=at)
    if tendency or known.collective or people >= limit.many:
        for code in offices_above(dispute):
            tell(users_of(code), "disputes.many", dispute, by=by, at=at)
    return dispute


def _kept(key: UUID, digest: str, demand: Demand | None) -> Dispute | None:
    with connection.cursor() as cursor:
        lock = f"dispute {demand.pk if demand else key}"
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 8))", [lock])
    with unscoped():
        kept = Dispute.objects.filter(key=key).first()
        opened = demand is not None and Dispute.objects.filter(demand=demand).exists()
    if kept is not None and kept.digest != digest:
        raise Refusal("form_sent", N_("这张表已经交过一次。要再提一条，请重新打开页面"))
    if kept is None and opened:
        raise Refusal("opened_already", N_("这条诉求已经转为矛盾调处"))
    return kept


def _from_demand(dispute: Dispute, demand: Demand, *, by: User, at: datetime) -> None:
    """Who asked is a party; the demand says that it was taken up, and not by which number."""
    home = demand.household
    name = home.head_name if home is not None else demand.name
    if name:
        Party.objects.create(dispute=dispute, area_code=dispute.area_code, name=name, phone=demand.phone,
                             home=home.number if home is not None else "", by=by, at=at)  # fmt: skip
    demands.step(demand, DemandStep.Kind.OPENED, by=by, at=at)
    trail.write("grievances.open", about=demand, by=by, at=at, matter="dispute")


# --- where it stands --------------------------------------------------------------------------------------------------
def put(dispute: Dispute, level: str, *, at: datetime) -> None:
    """Onto a level, with new time; the caller saves."""
    dispute.level = level
    dispute.office = prefix_of(dispute.area_code, LEVELS[level]).ljust(12, "0")
    dispute.since = at
    rungs = active().disputes.rungs
    dispute.due_on, dispute.remind_on = limits(level, rungs, since=day_of(at), days=active().working_days)


def offices_above(dispute: Dispute) -> list[str]:
    """The offices over the one that has it, up to the county."""
    here = LEVELS[dispute.level]
    return [prefix_of(dispute.area_code, level).ljust(12, "0") for level in range(here - 1, Area.Level.COUNTY - 1, -1)]


def locked(dispute: Dispute | int) -> Dispute:
    rows = Dispute.objects.select_for_update(of=("self",)).select_related("village", "mediator", "demand")
    return rows.get(pk=dispute if isinstance(dispute, int) else dispute.pk)


def step(dispute: Dispute, kind: str, *, by: User | None, at: datetime) -> Step:
    return Step.objects.create(
        dispute=dispute, area_code=dispute.area_code, kind=kind, level=dispute.level, by=by, at=at
    )


def users_of(office: str) -> list[User]:
    """Who acts for an office in disputes."""
    roles = [code for code, one in active().roles.items() if "disputes.mediate" in one.may and one.bound_to == "area"]
    return list(User.objects.filter(role__in=roles, area__code=office, is_active=True))


def tell(
    users: Iterable[User], template: str, dispute: Dispute, *, by: User | None, at: datetime, once: str = ""
) -> None:
    """A message with the kind and the village, and no word about anybody."""
    known = active().disputes.kinds.get(dispute.kind)
    params = {
        "kind": known.label.model_dump() if known else dispute.kind, "village": dispute.village.name,
        "until": dispute.due_on.isoformat() if dispute.due_on else "",
    }  # fmt: skip
    for user in users:
        messages.send(
            to=user, template=template, params=params, about=dispute, link=f"/disputes/mediated/{dispute.pk}/",
            once=f"{template}:{dispute.pk}:{dispute.level}:{once}:{user.pk}", by=by, at=at,
        )  # fmt: skip


# --- every night ------------------------------------------------------------------------------------------------------
def night(*, on: date, at: datetime) -> int:
    """What a level did not settle in its time goes up one; how many. At the county it stays. Safe to run twice."""
    if active().disputes.terms is None:
        return 0
    for one in Dispute.objects.open().filter(remind_on__lte=on, due_on__gte=on).order_by("pk"):
        people = [*users_of(one.office), *([one.mediator] if one.mediator else [])]
        tell(people, "disputes.due", one, by=None, at=at, once=str(one.due_on))
    for one in Dispute.objects.filter(state=Dispute.State.AGREED, follow_on__lte=on).order_by("pk"):
        people = [*users_of(one.office), *([one.mediator] if one.mediator else [])]
        tell(people, "disputes.follow", one, by=None, at=at, once=str(one.follow_on))
    late = list(Dispute.objects.late(on).order_by("pk").values_list("pk", flat=True))
    return sum(_climb(pk, on, at) for pk in late)


@transaction.atomic
def _climb(pk: int, on: date, at: datetime) -> bool:
    kept = locked(pk)
    up = above(kept.level, active().disputes.rungs)
    if kept.state != Dispute.State.OPEN or kept.due_on is None or kept.due_on >= on or up is None:
        return False
    put(kept, up, at=at)
    kept.mediator, kept.climbed = None, kept.climbed + 1
    kept.save(update_fields=[*STANDS, "mediator", "climbed"])
    step(kept, Step.Kind.CLIMBED, by=None, at=at)
    trail.write("disputes.climb", about=kept, by=None, at=at, to=up)
    tell(users_of(kept.office), "disputes.noticed", kept, by=None, at=at)
    return True
