"""Reads of the register: the list with its filters and orders, exact search by number, figures, what is wrong.

`seen_by` always. Nothing counts a big table: figures come from AreaCount, a filtered list says "more than 1,000".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from shuanglian.areas.models import Area, below
from shuanglian.core.paging import SIZE, Page, keyset
from shuanglian.core.scoping import unscoped
from shuanglian.core.secrets import digest
from shuanglian.kernel.ids import compact, parse_id, parse_phone

from .models import AreaCount, Household, HouseholdQuerySet, HouseholdSuspicion, HouseholdYear, Person, Suspicion
from .scope import visible, visible_file_suspicions, visible_suspicions

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

Row = TypeVar("Row", bound=Model)
ORDERS: dict[str, tuple[str, ...]] = {
    "area": ("area_code", "id"),
    "name": ("head_pinyin", "area_code", "id"),
    "income": ("income_per_head", "area_code", "id"),
    "need": ("-need_band", "area_code", "id"),
}
MOST_COUNTED = 1000
PLAIN_FILTERS = ("main_cause", "status", "kind")
LAST = "\U0010ffff"  # sorts after every name that begins like it


@dataclass(frozen=True)
class ExtraFilter:
    """A filter of the household list that a room above adds (paired or not): name in the address, label, choices."""

    name: str
    label: Any
    choices: Callable[[], list[tuple[str, Any]]]
    apply: Callable[[QuerySet[Household], str], QuerySet[Household]]


extra_filters: dict[str, ExtraFilter] = {}


def register_filter(extra: ExtraFilter) -> None:
    """Called from ready() of a room above; the same name again replaces it."""
    extra_filters[extra.name] = extra


@dataclass(frozen=True)
class Wanted:
    """What a reader asked of the list; empty means "all". `state`: "" standing, left, removed, all."""

    text: str = ""
    area: Area | None = None
    main_cause: str = ""
    status: str = ""
    kind: str = ""
    band: int | None = None
    exit_year: int | None = None
    state: str = ""
    order: str = "area"
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def narrows(self) -> bool:
        """Whether anything but area and order was asked."""
        plain = (self.text, self.main_cause, self.status, self.kind, self.state, *self.extra.values())
        return any(plain) or self.band is not None or self.exit_year is not None


def households(*, seen_by: User, wanted: Wanted) -> HouseholdQuerySet:
    """The household list, filtered; order it with `ORDERS[wanted.order]` and page it by keyset."""
    rows = visible(seen_by=seen_by)
    if wanted.area is not None and wanted.area != seen_by.area:
        rows = rows.within(wanted.area)
    match wanted.state:
        case "left":
            rows = rows.filter(left_on__isnull=False)
        case "removed":
            rows = rows.filter(removed_on__isnull=False)
        case "all":
            pass
        case _:
            rows = rows.standing()
    for name in PLAIN_FILTERS:
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.band is not None:
        rows = rows.filter(need_band=wanted.band)
    if wanted.exit_year is not None:
        rows = rows.filter(exit_year=wanted.exit_year)
    for name, value in wanted.extra.items():
        if value and name in extra_filters:
            rows = extra_filters[name].apply(rows, value)
    if wanted.text:
        rows = rows.filter(_called(wanted.text))
    return rows.select_related("village__parent").defer("phone", "bank_account")


def _called(text: str) -> Q:
    """A name (any part of the head's, the beginning of a member's), initials, the beginning of a number.

    Ranges instead of LIKE where an index should help: LIKE is not leak-proof under row-level security.
    """
    text = text.strip()
    lower = text.lower()
    found = Q(number__gte=text.upper(), number__lt=text.upper() + LAST) | Q(number__gte=text, number__lt=text + LAST)
    if text.isascii():
        return found | Q(head_pinyin__gte=lower, head_pinyin__lt=lower + "~") if lower.isalpha() else found
    member = Person.objects.filter(household=OuterRef("pk"), left_on__isnull=True, name__gte=text, name__lt=text + LAST)
    return found | Q(head_name__contains=text) | Q(Exists(member))


def personal_number(text: str) -> str:
    """The normal form of what may be an identity, phone or account number; "" for anything else."""
    number = compact(text)
    read = parse_id(number)
    if read.problem is None:
        return read.resident
    if mobile := parse_phone(number):
        return mobile
    return number if number.isascii() and number.isdecimal() and 15 <= len(number) <= 30 else ""


def by_number(*, seen_by: User, number: str) -> HouseholdQuerySet:
    """Households with exactly this identity, phone or account number. The door asks for the right and logs the look.

    A household number looks like an account number; it is found as well.
    """
    mark = digest(number)
    member = Person.objects.filter(household=OuterRef("pk"), id_digest=mark)
    rows = visible(seen_by=seen_by).filter(
        Q(number=number) | Q(phone_digest=mark) | Q(bank_digest=mark) | Q(Exists(member))
    )
    return rows.select_related("village__parent")


def paged(rows: QuerySet[Row], *, order: tuple[str, ...], after: str | None, size: int = SIZE) -> Page[Row]:
    """One page of rows that bring the reader's bounds with them (`visible`).

    Which rows stand on the page is asked without row-level security, whose conditions hide from the planner how many
    rows an area has, so it would sort a province instead of walking an index. The rows themselves are read under it.
    """
    own = [name.removeprefix("-") for name in order]
    with unscoped():
        keys = keyset(rows.select_related(None).only("pk", *own), order=order, after=after, size=size)
    found = rows.in_bulk([row.pk for row in keys.rows])
    return Page([found[row.pk] for row in keys.rows if row.pk in found], keys.next, keys.previous)


def at_most(rows: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows, counted to MOST_COUNTED only; whether there are more. The rows bring their bounds with them."""
    with unscoped():
        counted = rows.order_by()[: MOST_COUNTED + 1].count()
    return min(counted, MOST_COUNTED), counted > MOST_COUNTED


def figures(area: Area | None) -> AreaCount | None:
    """The rolled-up figures of a region."""
    return AreaCount.objects.filter(area=area).first() if area else None


def figures_below(area: Area) -> list[AreaCount]:
    """Figures of the next level down, in the order of codes."""
    rows = AreaCount.objects.filter(area__parent=area, area__until__isnull=True)
    return list(rows.select_related("area").order_by("area__code"))


def whole(household: Household) -> tuple[list[Person], list[HouseholdYear]]:
    """Members (those who left last) and yearly records (latest first) of one household."""
    people = Person.objects.filter(household=household).order_by("left_on", "relation", "born_on", "id")
    standing_first = sorted(people, key=lambda person: person.left_on is not None)
    return standing_first, list(HouseholdYear.objects.filter(household=household).order_by("-year"))


# --- what is wrong ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Standing:
    """Households on the register and the people in them, of some area."""

    households: QuerySet[Household]
    people: QuerySet[Person]


def standing_in(area: Area | None) -> Standing:
    """Everything at or below a region; None is everywhere (for roll-ups, not for readers)."""
    inside = below(area.prefix) if area else Q()
    people = Person.objects.filter(
        inside, left_on__isnull=True, household__left_on__isnull=True, household__removed_on__isnull=True
    )
    return Standing(Household.objects.standing().filter(inside), people)


def suspicions(*, seen_by: User, area: Area | None, state: str) -> QuerySet[Suspicion]:
    """The queue of possible duplicates, the most alike first."""
    rows = visible_suspicions(seen_by=seen_by).filter(state=state)
    if area is not None and area != seen_by.area:
        rows = rows.filter(below(area.prefix))
    return rows.select_related("one__household__village__parent", "other__household__village__parent", "decided_by")


def file_suspicions(*, seen_by: User, area: Area | None, state: str) -> QuerySet[HouseholdSuspicion]:
    """The queue of files that may be one household, the surest reason first."""
    rows = visible_file_suspicions(seen_by=seen_by).filter(state=state)
    if area is not None and area != seen_by.area:
        rows = rows.filter(below(area.prefix))
    return rows.select_related("one__village__parent", "other__village__parent", "decided_by")
