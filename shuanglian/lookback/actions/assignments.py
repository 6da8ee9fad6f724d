"""Who visits whom: proposed, changed by hand, claimants added (REG-6, REG-9)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.lookback.models import Assignment, Campaign
from shuanglian.organisation.changes import reason_given
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Pairing, Relative, VillageLink
from shuanglian.rules.visit_lists import ToVisit, share_out
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

TAKE = """
    update lookback_assignment set cadre_id = given.cadre
    from unnest(%s::bigint[], %s::bigint[]) as given (id, cadre) where lookback_assignment.id = given.id
"""


@dataclass(frozen=True)
class Lists:
    """What a proposal did: how many got a visitor, how many have none."""

    given: int
    without: int


@transaction.atomic
def propose(*, campaign: Campaign, by: User | None, at: datetime) -> Lists:
    """A visitor for everybody who has none: the helper, else the village's team, else the township's; never relatives.

    The team of a village: cadres at work of the units linked to it, and those stationed there. Lists are kept below the
    profile's most; who stays without is counted and shown, never hidden.
    """
    most = profile.active().lookback.kinds[campaign.kind].most
    open_ = Assignment.objects.standing().filter(campaign=campaign, cadre=None, user=None, visited_on=None)
    rows = list(open_.values_list("id", "area_code", "household_id"))
    helpers, never = _helpers(campaign), _relatives(campaign)
    loads = Counter(str(cadre) for cadre in Assignment.objects.filter(campaign=campaign, cadre__isnull=False)
                    .values_list("cadre_id", flat=True))  # fmt: skip
    wanted = [ToVisit(pk, code, helpers.get(home, ""), never.get(home, frozenset())) for pk, code, home in rows]
    given: dict[int, str] = {}
    for teams in _teams(campaign, {code for _, code, _ in rows}):
        fresh = share_out([row for row in wanted if not given.get(row.key)], teams, most=most, loads=loads)
        given |= fresh
        loads.update(person for person in fresh.values() if person)
    taken = {pk: int(person) for pk, person in given.items() if person}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [list(taken), list(taken.values())])
    trail.write("lookback.assignments.propose", about=campaign, by=by, at=at, given=len(taken))
    return Lists(len(taken), len(rows) - len(taken))


def _helpers(campaign: Campaign) -> dict[int | None, str]:
    rows = Pairing.objects.within(campaign.area).standing_on(campaign.since).filter(cadre__until=None)
    return {household: str(cadre) for household, cadre in rows.values_list("household_id", "cadre_id")}


def _relatives(campaign: Campaign) -> dict[int | None, frozenset[str]]:
    prefix = campaign.area.prefix
    rows = Relative.objects.filter(household__area_code__gte=prefix, household__area_code__lt=f"{prefix}:")
    found: dict[int | None, set[str]] = defaultdict(set)
    for household, cadre in rows.values_list("household_id", "cadre_id"):
        found[household].add(str(cadre))
    return {household: frozenset(cadres) for household, cadres in found.items()}


def _teams(campaign: Campaign, villages: Iterable[str]) -> tuple[dict[str, Sequence[str]], dict[str, Sequence[str]]]:
    """Teams of the villages, and the wider ones of their townships."""
    at_work = _at_work(campaign.since)
    links = VillageLink.objects.within(campaign.area).standing_on(campaign.since)
    own: dict[str, set[str]] = defaultdict(set)
    for village, cadre in at_work.filter(unit__village_links__in=links).values_list(
        "unit__village_links__area_code", "id"
    ):
        own[village].add(str(cadre))
    there: dict[str, set[str]] = defaultdict(set)
    for code, cadre in at_work.filter(stationed_at__isnull=False).values_list("stationed_at__code", "id"):
        there[code].add(str(cadre))
    wide: dict[str, set[str]] = defaultdict(set)
    for code, people in (*own.items(), *there.items()):
        wide[code[:9]] |= people
    close: dict[str, Sequence[str]] = {
        code: sorted(own[code] | there[code] | there[f"{code[:9]}000"]) for code in set(villages)
    }
    return close, {code: sorted(wide[code[:9]]) for code in close}


def _at_work(day: date) -> QuerySet[Cadre]:
    away = Q(absences__since__lte=day) & (Q(absences__until=None) | Q(absences__until__gte=day))
    return Cadre.objects.filter(until=None).exclude(away)


@transaction.atomic
def reassign(
    *, campaign: Campaign, rows: Sequence[Assignment], cadre: Cadre | None = None, user: User | None = None, why: str,
    by: User, at: datetime,
) -> int:  # fmt: skip
    """Put households that nobody has visited on another list, with the reason. Refused: relatives, too long a list."""
    why = reason_given(why)
    if (cadre is None) == (user is None):
        raise Refusal("one_visitor", N_("请选择一名核查人"))
    locked = Assignment.objects.select_for_update().filter(campaign=campaign, pk__in=[row.pk for row in rows])
    open_ = list(locked.filter(visited_on=None, ended_on=None))
    _not_related(open_, cadre or getattr(user, "cadre", None))
    mine = Assignment.objects.standing().filter(campaign=campaign, visited_on=None, cadre=cadre, user=user)
    most = profile.active().lookback.kinds[campaign.kind].most
    if mine.exclude(pk__in=[row.pk for row in open_]).count() + len(open_) > most:
        raise Refusal("list_too_long", N_("名单最多 {most} 户，请分给更多人"), most=most)
    locked.filter(visited_on=None, ended_on=None).update(cadre=cadre, user=user)
    trail.write("lookback.assignments.reassign", about=campaign, by=by, at=at, why=why, households=len(open_),
                to=(cadre.number if cadre else user.username if user else ""))  # fmt: skip
    return len(open_)


def _not_related(rows: Sequence[Assignment], cadre: Cadre | None) -> None:
    homes = [row.household_id for row in rows if row.household_id]
    kin = (
        Relative.objects.filter(cadre=cadre, household__in=homes).select_related("household").first() if cadre else None
    )
    if kin is not None:
        raise Refusal("relative", N_("{name}是该干部的亲属户，须回避"), name=kin.household.head_name)


@transaction.atomic
def claim(*, campaign: Campaign, village: Area, name: str, group: str, why: str, by: User, at: datetime) -> Assignment:
    """Somebody not on the register says that they should be: they are visited like everybody (漏评, domain 3.1)."""
    name, why = name.strip()[:40], reason_given(why)[:120]
    if not name:
        raise Refusal("no_name", N_("请填写姓名"))
    if village.level != Area.Level.VILLAGE or not village.code.startswith(campaign.area.prefix):
        raise Refusal("not_a_village_here", N_("请选择这次回头看范围内的村"))
    made = Assignment.objects.create(
        campaign=campaign, area_code=village.code, subject=Assignment.Subject.CLAIMANT, name=name,
        group=group.strip()[:40],
        number=claimant_number(next_number(campaign)), why=why,
    )  # fmt: skip
    propose(campaign=campaign, by=by, at=at)
    trail.write("lookback.assignments.claim", about=made, by=by, at=at, why=why)
    made.refresh_from_db()
    return made


def next_number(campaign: Campaign) -> int:
    """Claimants are counted through the campaign; the campaign's row is locked so that no number comes twice."""
    with unscoped():  # a village counts on from what the whole county has
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        return Assignment.objects.filter(campaign=campaign, household=None).count() + 1


def claimant_number(place: int) -> str:
    return f"W{place:05d}"  # 未建档
