"""Reads of cases: what waits for whom, lists with their figures, a case's story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, DateField, ExpressionWrapper, F, Q, QuerySet

from .models import Act, Case, CaseList

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def cases_of(of: CaseList) -> QuerySet[Case]:
    """The cases of a list and of the lists it took in."""
    return Case.objects.filter(Q(list=of) | Q(list__part_of=of))


def cases(*, seen_by: User) -> QuerySet[Case]:
    """Cases at or below the reader's area, those that moved last first."""
    return Case.objects.within(seen_by.area).select_related("area__parent", "edition", "list")


def lists(*, seen_by: User) -> QuerySet[CaseList]:
    return CaseList.objects.within(seen_by.area).select_related("area", "by", "part_of")


def heads(pks: Sequence[int]) -> dict[int, str]:
    """case id → the fingerprint of its last act."""
    rows = Act.objects.filter(case__in=pks).order_by("case", "-number").distinct("case")
    return dict(rows.values_list("case", "digest"))


def run_out(*, on: date) -> dict[str, list[int]]:
    """step → cases whose notice may have run by now: the clock of the notice as a whole is over or stands still for
    others; which rows have really run, the machine says."""
    rows = Case.objects.filter(held=False, posted__withdrawn_at=None, posted__isnull=False).exclude(step="")
    runs = ExpressionWrapper(F("posted__opens_on") + F("posted__days"), output_field=DateField())
    rows = rows.annotate(runs=runs).filter(runs__lt=on)
    found: dict[str, list[int]] = defaultdict(list)
    for step, pk in rows.order_by("pk").values_list("step", "pk"):
        found[step].append(pk)
    return found


def by_step(rows: QuerySet[Case]) -> dict[tuple[str, str], int]:
    """(procedure, step) → how many stand there."""
    counted = rows.order_by().values_list("procedure", "step").annotate(many=Count("pk"))
    return {(procedure, step): many for procedure, step, many in counted}
