"""Which cases a reader sees: those of his area; who is tied to a unit or to himself those that upper rooms grant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from shuanglian.core.narrowing import narrowed
from shuanglian.core.profile import active

from .models import Case, CaseList, Evaluation, FormPrint

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def _of_area(user: User) -> bool:
    role = active().roles.get(user.role)
    return role is not None and role.bound_to == "area"


def cases(*, seen_by: User) -> QuerySet[Case]:
    rows = Case.objects.within(seen_by.area)
    if _of_area(seen_by):
        return rows
    narrower: Any = narrowed("procedures.case", rows, seen_by)
    return rows.none() if narrower is rows else narrower


def lists(*, seen_by: User) -> QuerySet[CaseList]:
    """A list names everybody on it, so it is for those whose area it is."""
    rows = CaseList.objects.within(seen_by.area)
    return rows if _of_area(seen_by) else rows.none()


def evaluations(*, seen_by: User) -> QuerySet[Evaluation]:
    """A sitting names everybody it spoke of, so it is for those whose area it is."""
    rows = Evaluation.objects.within(seen_by.area)
    return rows if _of_area(seen_by) else rows.none()


def prints(*, seen_by: User) -> QuerySet[FormPrint]:
    rows = FormPrint.objects.within(seen_by.area)
    return rows if _of_area(seen_by) else rows.filter(list=None, case__in=cases(seen_by=seen_by))
