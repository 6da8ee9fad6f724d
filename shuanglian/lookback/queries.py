"""Reads of the look-back: progress by area, day and person; lists; what waits; what is doubtful."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Substr

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.areas.models import below as below_code
from shuanglian.core import profile
from shuanglian.organisation.models import Cadre

from . import access, results
from .models import Assignment, Campaign, Visit

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.rules.lookback_shapes import RateLimit

MOST_LATE = 60
DONE = Q(visited_on__isnull=False)
NOBODY = Q(cadre=None, user=None)


@dataclass(frozen=True)
class Line:
    """One area's progress: households, visited, without a visitor, with doubts, by finding."""

    area: Area | None
    total: int = 0
    done: int = 0
    nobody: int = 0
    doubtful: int = 0
    findings: dict[str, int] = field(default_factory=dict)

    @property
    def shown_findings(self) -> list[int]:
        return [self.findings.get(code, 0) for code in profile.active().lookback.findings]


@dataclass(frozen=True)
class Day:
    """A day of the campaign: visited that day, until then, and how many the plan has until then."""

    on: date
    visited: int
    until_then: int
    planned: int


@dataclass(frozen=True)
class Late:
    """Somebody whose list is behind: how long it is, how much is done, how many are missing to the plan."""

    name: str
    about: str
    total: int
    done: int
    behind: int
    last: date | None


def elapsed(campaign: Campaign, on: date) -> Fraction:
    """How much of the campaign is over at the end of a day, 0 to 1."""
    days = (campaign.until - campaign.since).days + 1
    return Fraction(max(0, min(days, (on - campaign.since).days + 1)), days)


def rows_of(campaign: Campaign, area: Area) -> QuerySet[Assignment]:
    """Everybody on the campaign's lists in an area, without those struck off."""
    return Assignment.objects.within(area).filter(campaign=campaign).standing()


def whole(campaign: Campaign, area: Area) -> Line:
    return Line(area, **_counted(rows_of(campaign, area).aggregate(**_counts())))


def below(campaign: Campaign, area: Area) -> list[Line]:
    """The areas one level down, in the order of their codes; empty below a village."""
    if area.level >= Area.Level.VILLAGE:
        return []
    rows = _by_child(rows_of(campaign, area), area).annotate(**_counts()).order_by("place")
    areas = children(area)
    return [Line(areas.get(row.pop("place")), **_counted(row)) for row in rows]


def _by_child(rows: QuerySet[Assignment], area: Area) -> Any:
    return rows.annotate(place=Substr("area_code", 1, PREFIX_LENGTHS[area.level + 1])).values("place")


def children(area: Area) -> dict[str, Area]:
    """prefix → area one level down."""
    if area.level >= Area.Level.VILLAGE:
        return {}
    return {one.prefix: one for one in Area.objects.current().within(area).filter(level=area.level + 1)}


def _counts() -> dict[str, Any]:
    findings = {f"f_{code}": Count("id", filter=Q(finding=code)) for code in profile.active().lookback.findings}
    return {
        "total": Count("id"), "done": Count("id", filter=DONE), "nobody": Count("id", filter=NOBODY & ~DONE),
        "doubtful": Count("id", filter=Q(doubtful=True)), **findings,
    }  # fmt: skip


def _counted(row: dict[str, int]) -> dict[str, Any]:
    findings = {name[2:]: count for name, count in row.items() if name.startswith("f_")}
    return {**{name: count for name, count in row.items() if not name.startswith("f_")}, "findings": findings}


def days(campaign: Campaign, area: Area, on: date) -> list[Day]:
    """Every day from the first to today (or the last), with what was done and what the plan has."""
    rows = rows_of(campaign, area)
    total = rows.count()
    per = dict(rows.filter(DONE).values_list("visited_on").annotate(Count("id")).order_by())
    told, sum_ = [], 0
    for day in days_of(campaign, on):
        sum_ += per.get(day, 0)
        told.append(Day(day, per.get(day, 0), sum_, round(total * elapsed(campaign, day))))
    return told


def days_of(campaign: Campaign, on: date) -> list[date]:
    last = min(campaign.until, on)
    return [campaign.since + timedelta(days=n) for n in range((last - campaign.since).days + 1)]


def by_day_and_place(campaign: Campaign, area: Area, on: date) -> list[tuple[Area | None, list[int], int]]:
    """One line an area below: visited each day, and how many there are to visit."""
    if area.level >= Area.Level.VILLAGE:
        return []
    shown = days_of(campaign, on)
    rows = _by_child(rows_of(campaign, area), area).values_list("place", "visited_on").annotate(Count("id")).order_by()
    per: dict[str, dict[date | None, int]] = defaultdict(dict)
    for place, day, count in rows:
        per[place][day] = count
    areas = children(area)
    return [
        (areas.get(place), [per[place].get(day, 0) for day in shown], sum(per[place].values())) for place in sorted(per)
    ]


def late(campaign: Campaign, area: Area, on: date) -> list[Late]:
    """People who are behind the plan, the furthest first; at most MOST_LATE."""
    share = elapsed(campaign, on)
    rows = rows_of(campaign, area).exclude(NOBODY).values("cadre_id", "user_id").annotate(
        total=Count("id"), done=Count("id", filter=DONE), last=Max("visited_on")
    ).order_by()  # fmt: skip
    behind = [(int(row["total"] * share) - row["done"], row) for row in rows]
    worst: list[tuple[int, Any]] = sorted(
        (pair for pair in behind if pair[0] > 0), key=lambda pair: (-pair[0], pair[1]["cadre_id"] or 0)
    )
    names = _names([row for _, row in worst[:MOST_LATE]])
    return [
        Late(*names.get((row["cadre_id"], row["user_id"]), ("—", "")), row["total"], row["done"], gap, row["last"])
        for gap, row in worst[:MOST_LATE]
    ]


def _names(rows: Sequence[Any]) -> dict[tuple[int | None, int | None], tuple[str, str]]:
    from shuanglian.accounts.models import User

    cadres = Cadre.objects.filter(pk__in=[row["cadre_id"] for row in rows if row["cadre_id"]]).select_related("unit")
    users = User.objects.filter(pk__in=[row["user_id"] for row in rows if row["user_id"]]).select_related("area")
    told: dict[tuple[int | None, int | None], tuple[str, str]] = {
        (one.pk, None): (one.name, one.unit.name) for one in cadres
    }
    return told | {(None, one.pk): (str(one), one.area.name if one.area else "") for one in users}


@dataclass(frozen=True)
class PersonList:
    """One person's list in an area."""

    cadre: Cadre | None
    user: Any
    total: int
    done: int


def lists(campaign: Campaign, area: Area) -> list[PersonList]:
    """Who has how many, the longest list first; whoever has none is a line without a person."""
    rows = rows_of(campaign, area).values("cadre_id", "user_id").annotate(
        total=Count("id"), done=Count("id", filter=DONE)
    ).order_by("-total", "cadre_id", "user_id")[:500]  # fmt: skip
    from shuanglian.accounts.models import User

    told = list(rows)
    cadres = Cadre.objects.select_related("unit").in_bulk([row["cadre_id"] for row in told if row["cadre_id"]])
    users = User.objects.in_bulk([row["user_id"] for row in told if row["user_id"]])
    return [
        PersonList(cadres.get(row["cadre_id"]), users.get(row["user_id"]), row["total"], row["done"]) for row in told
    ]


def mine(*, seen_by: User, campaign: Campaign) -> QuerySet[Assignment]:
    """Whom the reader has to visit: the own list; for a village's account the whole village. Unvisited first."""
    rows = access.assignments_seen_by(seen_by).filter(campaign=campaign, ended_on=None)
    if not (seen_by.area and seen_by.area.level == Area.Level.VILLAGE):
        rows = rows.filter(Q(cadre__user=seen_by) | Q(user=seen_by))
    return rows.select_related("household__village", "cadre").order_by("visited_on", "area_code", "number")


def to_recheck(*, seen_by: User, campaign: Campaign) -> QuerySet[Any]:
    """Drawn households on the reader's own list for the re-check."""
    rows = access.drawn_seen_by(seen_by).filter(draw__campaign=campaign, checker=seen_by)
    rows = rows.filter(assignment__ended_on=None)
    return rows.select_related("assignment__household__village", "draw").order_by("assignment__rechecked", "area_code",
                                                                                  "rank")  # fmt: skip


def waiting(*, seen_by: User, campaign: Campaign, area: Area) -> QuerySet[Visit]:
    """Findings that the township has not confirmed or rejected yet, the oldest first."""
    rows = access.visits_seen_by(seen_by).filter(below_code(area.prefix), campaign=campaign, state=Visit.State.WAITING)
    return rows.select_related("assignment__household", "by")


def following(*, seen_by: User, campaign: Campaign, area: Area) -> QuerySet[Visit]:
    """Confirmed findings that ask for a case: those not proposed yet first."""
    opening = [code for code, one in profile.active().lookback.findings.items() if one.opens]
    rows = access.visits_seen_by(seen_by).filter(below_code(area.prefix), campaign=campaign, state=Visit.State.DONE)
    rows = rows.filter(finding__in=opening)
    return rows.select_related("assignment__household", "by", "handled_by")


def doubtful(*, seen_by: User, campaign: Campaign, area: Area) -> QuerySet[Visit]:
    """Visits with doubts, the latest first."""
    rows = access.visits_seen_by(seen_by).filter(below_code(area.prefix), campaign=campaign).exclude(doubts=[])
    return rows.select_related("assignment__household", "by")


def doubts_counted(*, seen_by: User, campaign: Campaign, area: Area) -> dict[str, int]:
    """Code of a doubt → visits that meet it."""
    counts: dict[str, int] = defaultdict(int)
    for kept in doubtful(seen_by=seen_by, campaign=campaign, area=area).values_list("doubts", flat=True):
        for code in {one["code"] for one in kept}:
            counts[code] += 1
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))


def behind(
    *, seen_by: User, campaign: Campaign, area: Area, limit: RateLimit, level: str, shown_only: bool
) -> QuerySet[Visit]:
    """The visits behind a figure of a rate, as far as the reader sees them."""
    told = results.behind(campaign, area, limit, level=level, shown_only=shown_only)
    return access.visits_seen_by(seen_by).filter(pk__in=told.values("pk")).select_related("assignment__household", "by")


def running_for(user: User) -> Campaign | None:
    """The campaign that runs for a reader: his area's own or the one above it, else the only one below."""
    rows = list(access.campaigns_seen_by(user).filter(state=Campaign.State.RUNNING).order_by("area_code", "id")[:2])
    if rows and (len(rows) == 1 or user.area is None or user.area.code.startswith(rows[0].area.prefix)):
        return rows[0]
    return None


def running_below(user: User) -> int:
    """How many campaigns run in a reader's area, when there is none for him alone."""
    return access.campaigns_seen_by(user).filter(state=Campaign.State.RUNNING).count()
