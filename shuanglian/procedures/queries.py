"""Reads of cases: what waits for whom, lists with their figures, a case's story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db.models import Count, DateField, ExpressionWrapper, F, Q, QuerySet

from shuanglian.core.profile import active
from shuanglian.rules.procedures import Procedure

from . import scope
from .facts import level_of
from .models import Act, Case, CaseList

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def cases_of(of: CaseList) -> QuerySet[Case]:
    """The cases of a list and of the lists it took in."""
    return Case.objects.filter(Q(list=of) | Q(list__part_of=of))


def cases(*, seen_by: User) -> QuerySet[Case]:
    """Cases at or below the reader's area, those that moved last first."""
    return scope.cases(seen_by=seen_by).select_related("area__parent", "edition", "list")


def lists(*, seen_by: User) -> QuerySet[CaseList]:
    return scope.lists(seen_by=seen_by).select_related("area", "by", "part_of")


def heads(pks: Sequence[int]) -> dict[int, str]:
    """case id → the fingerprint of its last act."""
    rows = Act.objects.filter(case__in=pks).order_by("case", "-number").distinct("case")
    return dict(rows.values_list("case", "digest"))


def mark_of(of: CaseList, step: str) -> str:
    """SHA-256 over the last acts of all cases of a list at a step: the same as long as it is the same list."""
    at_step = cases_of(of).filter(step=step).values("pk")
    rows = Act.objects.filter(case__in=at_step).order_by("case_id", "-number").distinct("case_id")
    return sha256("".join(rows.values_list("digest", flat=True)).encode()).hexdigest()


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


def waits_for(procedure: Procedure, user: User) -> list[str]:
    """The steps of a procedure that this user's role and level do."""
    level = level_of(user)
    return [step.code for step in procedure.steps if user.role in step.by and step.level == level]


def waiting(*, seen_by: User, on: date) -> QuerySet[Case]:
    """Cases at a step that the reader's role and level do, and that nothing but him keeps waiting.

    A notice that still has to run waits for nobody, a case that is held back for nothing.
    """
    steps = Q(pk__in=[])
    for code, procedure in active().on(on).procedures.items():
        if mine := waits_for(procedure, seen_by):
            steps |= Q(procedure=code, step__in=mine)
    up = Q(posted__isnull=False, posted__withdrawn_at=None)
    running = up & (Q(posted__closes_on=None) | Q(posted__closes_on__gte=on))
    return cases(seen_by=seen_by).filter(steps, held=False).exclude(running)


def story(case: Case) -> QuerySet[Act]:
    """Everything that was done to a case, in order."""
    return case.acts.select_related("by").order_by("number")


def standing(of: CaseList) -> dict[str, int]:
    """Where the cases of a list stand: step → how many; over ones under "" by their standing."""
    rows = cases_of(of).order_by().values_list("step", "stand").annotate(many=Count("pk"))
    found: dict[str, int] = defaultdict(int)
    for step, stand, many in rows:
        found[step or stand] += many
    return dict(found)
