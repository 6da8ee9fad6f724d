"""Reads of dues: the lists from owed to received with their filters, what is to be asked, figures (BEN-8).

`seen_by` always. A list is never cut: pages go by key, an export holds every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.scoping import unscoped
from shuanglian.pairing.models import Pairing
from shuanglian.registry.models import Person

from . import catalogue, scope
from .models import Decision, Due, Round

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

S = Due.State
LISTS: dict[str, Q] = {
    "owed": Q(state__in=[S.OWED, S.REFUSED]),
    "ask": Q(state=S.UNDECIDED),
    "underway": Q(state__in=[S.APPLIED, S.APPROVED, S.APPEALED]),
    "received": Q(state=S.RECEIVED),
    "surplus": Q(entitled=False, received__gt=0),
}
TITLES = {
    "owed": _("应享未享"), "ask": _("待问清"), "underway": _("办理中"), "received": _("已享受"),
    "surplus": _("享而不应"),
}  # fmt: skip
ORDERS: dict[str, tuple[str, ...]] = {
    "area": ("area_code", "household_id", "id"),
    "since": ("since", "id"),
    "yuan": ("-yuan", "area_code", "id"),
    "benefit": ("benefit", "area_code", "id"),
}


@dataclass(frozen=True)
class Wanted:
    """What a reader asked of a list; empty means all. helper: name or number of the person who answers for the family
    (PAIR-1); fact: the path of a fact that is to be asked."""

    which: str = "owed"
    area: Area | None = None
    department: str = ""
    kind: str = ""
    benefit: str = ""
    helper: str = ""
    text: str = ""
    year: int | None = None
    fact: str = ""
    order: str = "area"

    @property
    def by(self) -> tuple[str, ...]:
        return ORDERS[self.order]


def dues(*, seen_by: User, wanted: Wanted) -> QuerySet[Due]:
    """The rows of a list, unordered; order them by `wanted.by` and page them by keyset."""
    rows = narrowed(seen_by=seen_by, wanted=wanted).filter(LISTS[wanted.which])
    if wanted.fact:
        rows = rows.filter(asks__contains=[wanted.fact])
    return rows.select_related("household__village__parent", "person")


def narrowed(*, seen_by: User, wanted: Wanted) -> Any:
    """Dues of all lists within what was asked besides the list itself."""
    rows = scope.visible_dues(seen_by=seen_by)
    if wanted.area is not None and wanted.area != seen_by.area:
        rows = rows.within(wanted.area)
    if wanted.department:
        rows = rows.filter(department=wanted.department)
    if wanted.kind:
        rows = rows.filter(benefit__in=[code for code, one in catalogue.benefits().items() if one.kind == wanted.kind])
    if wanted.benefit:
        rows = rows.filter(benefit=wanted.benefit)
    if wanted.year is not None:
        rows = rows.filter(period=wanted.year)
    if wanted.text:
        called = Q(household__head_name__contains=wanted.text) | Q(person__name__contains=wanted.text)
        rows = rows.filter(called | Q(household__number=wanted.text))
    return rows.filter(_helped_by(wanted.helper)) if wanted.helper else rows


def _helped_by(text: str) -> Q:
    standing = Pairing.objects.standing_on(clock.today()).filter(household=OuterRef("household"))
    return Q(Exists(standing.filter(Q(cadre__name=text) | Q(cadre__number=text))))


def counts(*, seen_by: User, wanted: Wanted) -> dict[str, int]:
    """list → how many dues, of everything asked but the list; one query."""
    rows = narrowed(seen_by=seen_by, wanted=wanted).order_by()
    with unscoped():
        told = rows.aggregate(**_COUNTED)
    return {name: told[f"in_{name}"] for name in LISTS}


_COUNTED = {f"in_{name}": Count("pk", filter=inside) for name, inside in LISTS.items()}


@dataclass(frozen=True)
class Question:
    """A fact that is to be asked: in how many families, and how many dues hinge on it."""

    fact: str
    households: int
    dues: int


def questions(*, seen_by: User, wanted: Wanted) -> list[Question]:
    """The facts that are not known, those asked of most families first."""
    rows = narrowed(seen_by=seen_by, wanted=wanted).filter(LISTS["ask"]).order_by()
    with unscoped():
        told = list(
            rows.annotate(asked=_Unnest(F("asks"))).values("asked")
            .annotate(dues=Count("pk"), households=Count("household", distinct=True)).order_by("-households", "asked")
        )  # fmt: skip
    return [Question(one["asked"], one["households"], one["dues"]) for one in told]


class _Unnest(Func):
    function = "unnest"
    output_field = CharField()  # type: ignore[assignment]


def by_benefit(*, seen_by: User, wanted: Wanted) -> dict[str, dict[str, int]]:
    """benefit → list → how many dues; one query."""
    rows = narrowed(seen_by=seen_by, wanted=wanted).order_by()
    with unscoped():
        told = list(rows.values("benefit").annotate(**_COUNTED))
    return {one["benefit"]: {name: one[f"in_{name}"] for name in LISTS} for one in told}


def latest_decisions(dues: Iterable[int]) -> dict[int, Decision]:
    """due → what was decided last."""
    rows = Decision.objects.filter(due__in=list(dues)).order_by("due_id", "-id").distinct("due_id")
    return {one.due_id: one for one in rows}


def rounds(*, seen_by: User) -> QuerySet[Round]:
    """Rounds of the reader's area, the latest first."""
    return Round.objects.within(seen_by.area).select_related("area", "by", "job").order_by("-id")


def latest_round(area: Area) -> Round | None:
    """The last finished round that asked every family of an area: its own, or one of an area around it."""
    around = Q(area_code=area.code)
    for digits in (2, 4, 6, 9):
        around |= Q(area_code=area.code[:digits].ljust(12, "0"))
    with unscoped():  # a township reads the day of its county's round; no figures of it
        return Round.objects.filter(around, state=Round.State.DONE).select_related("area").order_by("-id").first()


def names_of(decisions: Mapping[int, Decision]) -> dict[int, str]:
    """Members that some decisions speak of: person id → name."""
    ids = {one["member"] for kept in decisions.values() for one in kept.inputs if one.get("member")}
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
