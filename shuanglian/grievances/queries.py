"""Reads of demands: ledgers, one demand's story, what is alike, where demands gather (VOICE-1, VOICE-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet

from shuanglian.areas.models import PREFIX_LENGTHS, Area, below
from shuanglian.core.profile import active
from shuanglian.rules.same_text import likeness, normal

from . import access
from .models import Demand, DemandQuerySet, Reply

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MOST_ALIKE, LOOKED_AT = 20, 2_000
RECURRING = 3  # so often in one village within the time looked at, a cause recurs


@dataclass(frozen=True)
class Wanted:
    """What a ledger is narrowed to. state: one of STATES."""

    state: str = "mine"
    category: str = ""
    urgent: bool = False
    text: str = ""


STATES = ("mine", "open", "late", "climbed", "reopened", "untold", "waiting", "closed", "held")


def _state(rows: DemandQuerySet, state: str, actor: User, on: date) -> DemandQuerySet:
    match state:
        case "mine":
            return rows.open().filter(access.held_by(actor))
        case "late":
            return rows.late(on)
        case "climbed":
            return rows.open().filter(climbed__gt=0)
        case "reopened":
            return rows.open().filter(reopened__gt=0)
        case "untold":
            return rows.waiting().filter(Exists(_replies(told_at=None)))
        case "waiting":
            return rows.waiting().filter(Exists(_replies(told_at__isnull=False, word="")))
        case "closed":
            return rows.filter(state=Demand.State.CLOSED)
        case "held":
            return rows.filter(state=Demand.State.HELD)
    return rows.open()


def _replies(**wanted: object) -> QuerySet[Reply]:
    return Reply.objects.filter(demand=OuterRef("pk"), word="").filter(**wanted)


def ledger(*, seen_by: User, area: Area, wanted: Wanted, on: date) -> DemandQuerySet:
    """The demands of an area that the reader may see, in a state; those joined to another are told with it."""
    rows = _narrowed(access.demands_seen_by(seen_by).filter(below(area.prefix)), wanted)
    return _state(rows, wanted.state, seen_by, on).select_related("household", "village", "cadre", "unit")


def _narrowed(rows: DemandQuerySet, wanted: Wanted) -> DemandQuerySet:
    if wanted.category:
        rows = rows.filter(category=wanted.category)
    if wanted.urgent:
        rows = rows.exclude(urgent="")
    return rows.filter(text__contains=wanted.text) if wanted.text else rows


def order_of(state: str) -> tuple[str, ...]:
    """What has the least time left first; what is over, the latest first."""
    return ("-at", "-id") if state in ("closed", "held", "waiting", "untold") else ("due_on", "id")


def counted(*, seen_by: User, area: Area, on: date) -> dict[str, int]:
    """How many demands stand in each state of the ledger, in two queries."""
    rows = access.demands_seen_by(seen_by).filter(below(area.prefix)).order_by()
    is_open = Q(state=Demand.State.OPEN)
    counts = rows.exclude(state__in=(Demand.State.JOINED, Demand.State.REFUSED)).aggregate(
        open=Count("pk", filter=is_open, distinct=True),
        late=Count("pk", filter=is_open & Q(due_on__lt=on), distinct=True),
        climbed=Count("pk", filter=is_open & Q(climbed__gt=0), distinct=True),
        reopened=Count("pk", filter=is_open & Q(reopened__gt=0), distinct=True),
        closed=Count("pk", filter=Q(state=Demand.State.CLOSED), distinct=True),
        held=Count("pk", filter=Q(state=Demand.State.HELD), distinct=True),
        mine=Count("pk", filter=is_open & access.held_by(seen_by), distinct=True),
    )  # fmt: skip
    answered = rows.waiting()
    return {
        **counts,
        "untold": _state(answered, "untold", seen_by, on).count(),
        "waiting": _state(answered, "waiting", seen_by, on).count(),
    }


def open_of(households: Iterable[int], *, seen_by: User) -> list[Demand]:
    """What these households ask and nobody has answered, except what field work tells itself (asks of visits)."""
    rows = access.demands_seen_by(seen_by).open().filter(household__in=list(households), ask=None)
    return list(rows.order_by("on", "pk"))


# --- one demand ------------------------------------------------------------------------------------------------------
def replies(demand: Demand) -> list[Reply]:
    """Its answers and what the person said to them, the newest first."""
    return list(demand.replies.select_related("answer__by", "told_by", "word_by").order_by("-id"))


def alike(
    *, village: Area, text: str, on: date, category: str = "", but: Iterable[int] = ()
) -> list[tuple[Demand, float]]:
    """Open demands of a village within the terms' days that say nearly the same, or are of one category and share a
    good part of their words: offered to be joined, never joined by themselves. (demand, likeness), the likest first."""
    terms, known = active().grievances.terms, set(but)
    rows = Demand.objects.open().filter(area_code=village.code, on__gte=on - timedelta(days=terms.join_days))
    if category:
        rows = rows.filter(category=category)
    told, found = normal(text, [village.name]), []
    for one in rows.select_related("household", "cadre", "unit").order_by("-id")[:LOOKED_AT]:
        share = likeness(told, normal(one.text, [village.name])) if one.pk not in known else 0.0
        if share >= float(terms.alike):
            found.append((one, share))
    return sorted(found, key=lambda pair: (-pair[1], pair[0].pk))[:MOST_ALIKE]


# --- where demands gather --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Heat:
    """Demands of one area by category: how many came, how many of them are open and late."""

    area: Area
    came: Mapping[str, int]
    open: int
    late: int

    @property
    def total(self) -> int:
        return sum(self.came.values())


def heat(*, seen_by: User, area: Area, since: date, until: date, on: date) -> list[Heat]:
    """The areas one level below one, or a village itself, with what was asked there between two days."""
    level = min(area.level + 1, Area.Level.VILLAGE)
    length = PREFIX_LENGTHS[level]
    rows = access.demands_seen_by(seen_by).filter(below(area.prefix), on__range=(since, until)).order_by()
    came: dict[str, dict[str, int]] = {}
    is_open, late = dict[str, int](), dict[str, int]()
    told = rows.exclude(state=Demand.State.REFUSED).values_list("area_code", "category").annotate(
        n=Count("pk", distinct=True), open=Count("pk", filter=Q(state=Demand.State.OPEN), distinct=True),
        late=Count("pk", filter=Q(state=Demand.State.OPEN, due_on__lt=on), distinct=True),
    )  # fmt: skip
    for code, category, n, opened, overdue in told:
        key = code[:length]
        came.setdefault(key, {})[category] = came.get(key, {}).get(category, 0) + n
        is_open[key], late[key] = is_open.get(key, 0) + opened, late.get(key, 0) + overdue
    areas = Area.objects.current().within(area).filter(level=level).order_by("code")
    found = [Heat(one, came.get(one.prefix, {}), is_open.get(one.prefix, 0), late.get(one.prefix, 0)) for one in areas]
    return sorted((one for one in found if one.total), key=lambda one: (-one.total, one.area.code))


@dataclass(frozen=True)
class Cause:
    """What is asked again and again in one village."""

    village: str
    area_code: str
    category: str
    came: int
    again: int  # of them, how often the person said no


def causes(*, seen_by: User, area: Area, since: date, until: date) -> list[Cause]:
    """Categories that recur in a village, the most frequent first."""
    rows = access.demands_seen_by(seen_by).filter(below(area.prefix), on__range=(since, until)).order_by()
    told = rows.exclude(state=Demand.State.REFUSED).values_list("area_code", "category").annotate(
        n=Count("pk", distinct=True), again=Count("pk", filter=Q(reopened__gt=0), distinct=True)
    ).filter(n__gte=RECURRING).order_by("-n", "area_code")[:50]  # fmt: skip
    names = dict(Area.objects.current().filter(code__in={one[0] for one in told}).values_list("code", "name"))
    return [Cause(names.get(code, code), code, category, n, again) for code, category, n, again in told]


# --- a month ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One category's month: what came, how it was answered, what people said."""

    category: str
    came: int
    solved: int
    explained: int
    late: int
    reopened: int
    yes: int
    no: int
    silent: int
    score: float | None


def month(*, seen_by: User, area: Area, since: date, until: date, on: date) -> list[Line]:
    """Every category with what came in a stretch and what became of it until now; in the profile's order."""
    rows = access.demands_seen_by(seen_by).filter(below(area.prefix), on__range=(since, until))
    rows = rows.exclude(state=Demand.State.REFUSED).order_by()
    numbers = rows.values("pk")
    came = {
        category: (n, late, again)
        for category, n, late, again in rows.values_list("category").annotate(
            n=Count("pk", distinct=True), late=Count("pk", filter=Q(state="open", due_on__lt=on), distinct=True),
            again=Count("pk", filter=Q(reopened__gt=0), distinct=True),
        )
    }  # fmt: skip
    said = Reply.objects.filter(demand__in=numbers).order_by().values_list("demand__category").annotate(
        solved=Count("demand", filter=Q(answer__outcome="solved"), distinct=True),
        explained=Count("demand", filter=Q(answer__outcome="explained"), distinct=True),
        yes=Count("pk", filter=Q(word="yes")), no=Count("pk", filter=Q(word="no")),
        silent=Count("pk", filter=Q(word="silence")), score=Avg("score"),
    )  # fmt: skip
    answered = {one[0]: one[1:] for one in said}
    lines = []
    for code in _ordered(came):
        n, late, again = came[code]
        solved, explained, yes, no, silent, score = answered.get(code, (0, 0, 0, 0, 0, None))
        lines.append(Line(code, n, solved, explained, late, again, yes, no, silent, score))
    return lines


def _ordered(codes: Iterable[str]) -> Sequence[str]:
    known = list(active().grievances.categories)
    return sorted(codes, key=lambda code: (known.index(code) if code in known else len(known), code))
