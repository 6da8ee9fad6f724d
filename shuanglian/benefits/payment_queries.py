"""Reads of payments: lists, the queue to be looked at, what differs from what is owed, sums (FUND-5, REP-2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Mod, Substr

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.areas.queries import children
from shuanglian.core.scoping import unscoped
from shuanglian.registry.models import Person
from shuanglian.registry.scope import visible_people

from . import catalogue, likeness, queries, scope, telling
from .differences import MONTHS, Around, explain
from .models import Decision, Due, Payment

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

M = Payment.Match
ORDER = ("area_code", "id")
MATCHED = (M.EXACT, M.NAMED, M.CHOSEN)
MOST_FOUND = 20


@dataclass(frozen=True)
class Wanted:
    """What a reader asked of the payments; empty means all."""

    area: Area | None = None
    batch: int | None = None
    benefit: str = ""
    match: str = ""
    year: int | None = None
    text: str = ""
    partial: bool = False  # differences: also what is just some months of what is owed


def payments(*, seen_by: User, wanted: Wanted) -> Any:
    """Payments with their people; order by ORDER, page by keyset."""
    rows = _narrowed(scope.visible_payments(seen_by=seen_by), seen_by, wanted)
    if wanted.match:
        rows = rows.filter(match=wanted.match)
    return rows.select_related("household__village__parent", "person", "batch", "due")


def _narrowed(rows: Any, seen_by: User, wanted: Wanted) -> Any:
    if wanted.area is not None and wanted.area != seen_by.area:
        rows = rows.within(wanted.area)
    given = {"batch_id": wanted.batch, "benefit": wanted.benefit or None, "year": wanted.year}
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    return rows.filter(Q(name__contains=wanted.text) | Q(household__number=wanted.text)) if wanted.text else rows


def by_match(*, seen_by: User, wanted: Wanted) -> dict[str, int]:
    """State of matching → lines; one query."""
    rows = _narrowed(scope.visible_payments(seen_by=seen_by), seen_by, wanted).order_by()
    with unscoped():
        found = dict(rows.values_list("match").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in M.values}


def next_open(*, seen_by: User, wanted: Wanted, after: Payment | None = None) -> Payment | None:
    """The next line of the queue; from its beginning again when there is none behind."""
    rows = payments(seen_by=seen_by, wanted=wanted).filter(match=M.OPEN).order_by(*ORDER)
    if after is not None:
        behind = Q(area_code=after.area_code, pk__gt=after.pk) | Q(area_code__gt=after.area_code)
        if (found := rows.filter(behind).first()) is not None:
            return found
    return rows.exclude(pk=after.pk).first() if after is not None else rows.first()


def strong(*, seen_by: User, wanted: Wanted, most: int = 5000) -> list[Payment]:
    """Open lines whose first candidate may be taken in bulk."""
    rows = payments(seen_by=seen_by, wanted=wanted).filter(match=M.OPEN, score__gte=likeness.STRONG)
    return [one for one in rows.order_by(*ORDER)[:most] if likeness.is_strong(one.candidates)]


@dataclass(frozen=True)
class Candidate:
    """Somebody a line may be: the person, how alike (0 to 1), why in codes of likeness.WHY."""

    person: Person
    score: float | None
    why: tuple[str, ...]


def candidates(*, seen_by: User, payment: Payment, text: str = "") -> list[Candidate]:
    """Whom a line may be, in order; of a search in the register who is called so or stands under such a number."""
    people = visible_people(seen_by=seen_by).select_related("household__village__parent")
    if text:
        called = Q(name__contains=text) | Q(household__head_name=text) | Q(household__number=text)
        return [Candidate(one, None, ()) for one in people.filter(called).order_by("area_code", "pk")[:MOST_FOUND]]
    told = {one["person"]: one for one in payment.candidates}
    if payment.person_id is not None:
        told = {payment.person_id: told.pop(payment.person_id, {"score": payment.score, "why": ()}), **told}
    found = people.in_bulk(list(told))
    return [
        Candidate(found[pk], one["score"], tuple(one["why"])) for pk, one in told.items() if pk in found
    ]  # fmt: skip


# --- differences -----------------------------------------------------------------------------------------------------
DIFFERS = (
    Q(yuan__isnull=True) | ~Q(yuan=F("received")) | Q(entitled__isnull=True) | Q(entitled=False)
    | Q(person__left_on__isnull=False) | Q(household__left_on__isnull=False) | Q(household__removed_on__isnull=False)
)  # fmt: skip


SOME_MONTHS = Q(
    entitled=True, received__lt=F("yuan"), over=0, person__left_on__isnull=True, household__left_on__isnull=True,
    household__removed_on__isnull=True,
)  # fmt: skip


def differing(*, seen_by: User, wanted: Wanted) -> Any:
    """Dues that money came for and that differ from it, or whose people have left; months still to come are no news."""
    rows = scope.visible_dues(seen_by=seen_by).filter(received__gt=0).filter(DIFFERS)
    if wanted.area is not None and wanted.area != seen_by.area:
        rows = rows.within(wanted.area)
    if wanted.benefit:
        rows = rows.filter(benefit=wanted.benefit)
    if not wanted.partial:
        rows = rows.annotate(over=Mod(F("received") * MONTHS, F("yuan"))).exclude(SOME_MONTHS)
    if wanted.batch is not None or wanted.year is not None:
        given = {"batch_id": wanted.batch, "year": wanted.year}
        lines = Payment.objects.filter(due=OuterRef("pk"), **{k: v for k, v in given.items() if v is not None})
        rows = rows.filter(Exists(lines))
    if wanted.text:
        rows = rows.filter(Q(household__head_name__contains=wanted.text) | Q(person__name__contains=wanted.text))
    return rows.select_related("household__village__parent", "person")


def explained(dues: Sequence[Due]) -> list[tuple[Due, list[Payment], list[str]]]:
    """Each due with its payments and its differences in sentences; a fixed number of queries."""
    ids = [due.pk for due in dues]
    lines: dict[int, list[Payment]] = defaultdict(list)
    for one in Payment.objects.filter(due__in=ids).order_by("paid_on", "pk"):
        lines[one.due_id or 0].append(one)
    kept = queries.latest_decisions(ids)
    names = queries.names_of(kept)
    instead = _instead(dues)
    why = left_why([due.person for due in dues if due.person is not None and due.person.left_on])
    told = []
    for due in dues:
        around = Around(_told(kept.get(due.pk), due, names), instead.get(_subject(due), ()), why)
        told.append((due, lines[due.pk], explain(due, lines[due.pk], around)))
    return told


def _told(kept: Decision | None, due: Due, names: Mapping[int, str]) -> telling.Told | None:
    return telling.tell(kept.reasons, kept.inputs, catalogue.benefit(due.benefit), names) if kept else None


def _subject(due: Due) -> tuple[int, int | None, int, str]:
    known = catalogue.benefit(due.benefit)
    return due.household_id, due.person_id, due.period, known.kind if known else ""


def _instead(dues: Sequence[Due]) -> dict[tuple[int, int | None, int, str], list[Due]]:
    """What the same people are owed of the same kind and have not received."""
    found: dict[tuple[int, int | None, int, str], list[Due]] = defaultdict(list)
    others = Due.objects.filter(household__in=[due.household_id for due in dues], entitled=True, received=0)
    for other in others.order_by("pk"):
        found[_subject(other)].append(other)
    return found


def left_why(people: Iterable[Person]) -> dict[int, str]:
    """Person → the reason given when he left (REG-10), from the row history."""
    ids = [one.pk for one in people]
    event = Person.pgh_event_model  # type: ignore[attr-defined]
    rows = event.objects.filter(pgh_obj__in=ids, left_on__isnull=False).order_by("pgh_obj", "pgh_id")
    told: dict[int, str] = {}
    for pk, metadata in rows.values_list("pgh_obj_id", "pgh_context__metadata"):
        told.setdefault(pk, str((metadata or {}).get("why") or ""))
    return told


# --- sums ------------------------------------------------------------------------------------------------------------
@dataclass
class Sums:
    """Money of one place or one provision: what dues are owed, what came for them, what is nobody's yet."""

    owed: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    apart: Decimal = Decimal(0)  # paid on lines that are open or nobody's
    dues: int = 0
    lines: int = 0

    @property
    def gap(self) -> Decimal:
        return self.owed - self.paid


def sums(*, seen_by: User, wanted: Wanted, below: bool) -> dict[str, Sums]:
    """Paid against owed by provision, or by the regions next below an area (code → sums)."""
    area = wanted.area or seen_by.area
    digits = PREFIX_LENGTHS[min(area.level + 1, Area.Level.VILLAGE)] if area is not None else 2
    key = Substr("area_code", 1, digits) if below else F("benefit")
    found: dict[str, Sums] = defaultdict(Sums)
    lines = _narrowed(scope.visible_payments(seen_by=seen_by), seen_by, wanted).order_by()
    dues = scope.visible_dues(seen_by=seen_by).filter(entitled=True)
    if area is not None:
        dues = dues.within(area)
    if wanted.benefit:
        dues = dues.filter(benefit=wanted.benefit)
    if wanted.year is not None:
        dues = dues.filter(period=wanted.year)
    with unscoped():
        for code, match, yuan, n in (
            lines.annotate(key=key).values_list("key", "match").annotate(yuan=Sum("yuan"), n=Count("pk"))
        ):
            found[code].lines += n
            if match in MATCHED:
                found[code].paid += yuan
            else:
                found[code].apart += yuan
        for code, yuan, n in (
            dues.order_by().annotate(key=key).values_list("key").annotate(yuan=Sum("yuan"), n=Count("pk"))
        ):
            found[code].owed += yuan or Decimal(0)
            found[code].dues += n
    return found


def places(area: Area) -> dict[str, Area]:
    """Significant digits → region next below."""
    digits = PREFIX_LENGTHS[min(area.level + 1, Area.Level.VILLAGE)]
    below = list(children(area)) if area.level < Area.Level.VILLAGE else [area]
    return {one.code[:digits]: one for one in below}


def years(*, seen_by: User) -> list[int]:
    """The years of which there are payments."""
    rows = scope.visible_payments(seen_by=seen_by)
    return list(rows.order_by("-year").values_list("year", flat=True).distinct())


def of_household(household_id: int) -> QuerySet[Payment]:
    return Payment.objects.filter(household=household_id).select_related("person").order_by("-year", "paid_on", "pk")
