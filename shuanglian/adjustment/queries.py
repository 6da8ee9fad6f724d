"""Reads of the adjustment: rounds around a reader, the list and how far it is worked off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.core.scoping import unscoped
from shuanglian.registry import scope

from .models import Item, Round

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

KINDS = tuple(Item.Kind.values)
DECISIONS = tuple(Item.Decision.values)


@dataclass(frozen=True)
class Wanted:
    """What a reader asked of the list."""

    area: Area
    kind: str = ""
    decision: str = ""


def rounds(*, seen_by: User) -> list[Round]:
    """Rounds of the reader's area, of those below it and of those around it, the latest first."""
    own = seen_by.area
    if own is None:
        return []
    around = Q(area_code__in=[own.code[:digits].ljust(12, "0") for digits in (2, 4, 6, 9, 12)])
    inside = Q(area_code__gte=own.prefix, area_code__lt=f"{own.prefix}:")
    with unscoped():  # a village reads that its county's round is under way; no people stand in a round
        return list(Round.objects.filter(around | inside).select_related("area", "by", "job").order_by("-year", "-id"))


def items(*, seen_by: User, made: Round, wanted: Wanted) -> QuerySet[Item]:
    """The list of a round within an area that the reader sees; who is tied to a unit or himself sees his families."""
    rows = Item.objects.filter(round=made).within(wanted.area).within(seen_by.area)
    if scope.bound_to(seen_by) != "area":
        rows = rows.filter(household__in=scope.visible(seen_by=seen_by).values("pk"))
    if wanted.kind in KINDS:
        rows = rows.filter(kind=wanted.kind)
    if wanted.decision in DECISIONS:
        rows = rows.filter(decision=wanted.decision)
    return rows.select_related("household__village__parent", "case", "by")


def counts(rows: QuerySet[Item]) -> dict[str, dict[str, int]]:
    """kind → decision → how many."""
    told = {kind: dict.fromkeys(DECISIONS, 0) for kind in KINDS}
    for row in rows.order_by().values("kind", "decision").annotate(n=Count("pk")):
        told[row["kind"]][row["decision"]] = row["n"]
    return told


def below_counts(*, rows: QuerySet[Item], areas: Sequence[Area]) -> dict[str, dict[str, int]]:
    """code of each area → kind → how many, and "pending" over all kinds."""
    names = (*KINDS, "pending")
    if not areas:
        return {}
    digits = PREFIX_LENGTHS[areas[0].level]
    told: dict[str, dict[str, int]] = {}
    grouped = rows.order_by().annotate(inside=Left("area_code", digits)).values("inside", "kind", "decision")
    for row in grouped.annotate(n=Count("pk")):
        found = told.setdefault(row["inside"], dict.fromkeys(names, 0))
        found[row["kind"]] += row["n"]
        found["pending"] += row["n"] if row["decision"] == Item.Decision.PENDING else 0
    return {one.code: told.get(one.prefix, dict.fromkeys(names, 0)) for one in areas}
