"""The gates of field work: 404 outside the area or what is not one's own, 403 for a role that may not."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.organisation.models import Cadre
from shuanglian.organisation.queries import bound_to
from shuanglian.registry.models import Household

from . import belonging
from .models import (
    Ask,
    Attendance,
    Inspection,
    KeptQuerySet,
    Matter,
    Post,
    PostQuerySet,
    ScopedQuerySet,
    Service,
    Visit,
    VisitQuerySet,
)

Q_ = TypeVar("Q_", bound="QuerySet[Any]")


def cadre_of(actor: User) -> Cadre | None:
    """The cadre whom an account belongs to; None for offices."""
    return Cadre.objects.filter(user=actor).select_related("unit").first()


def visits_seen_by(actor: User) -> VisitQuerySet:
    """The actor's area's; a unit its cadres', a cadre his own and those to the households that are his now."""
    rows = Visit.objects.within(actor.area)
    match bound_to(actor):
        case "area":
            return rows
        case "unit":
            return rows.filter(cadre__unit__accounts__user=actor)
        case "cadre":
            mine = Household.objects.filter(pairings__cadre__user=actor, pairings__until=None).values("pk")
            return rows.filter(Q(cadre__user=actor) | Q(household__in=mine))
    return rows.none()


def visit_to_see(actor: User, visit_id: int) -> Visit:
    rows = visits_seen_by(actor).select_related(
        "household__village__parent", "cadre__unit", "pairing", "by", "withdrawn_by", "replaces"
    )
    return get_object_or_404(rows, pk=visit_id)


def visit_to_change(actor: User, visit_id: int) -> Visit:
    """One's own visit, to correct or withdraw."""
    found = visit_to_see(actor, visit_id)
    if found.cadre.user_id != actor.pk or not may(actor, "fieldwork.record"):
        raise PermissionDenied(_("只能更正和撤回本人的走访。"))
    return found


def asks_seen_by(actor: User) -> ScopedQuerySet:
    rows = Ask.objects.within(actor.area)
    match bound_to(actor):
        case "area":
            return rows
        case "unit":
            return rows.filter(by__cadre__unit__accounts__user=actor)
        case "cadre":
            mine = Household.objects.filter(pairings__cadre__user=actor, pairings__until=None).values("pk")
            return rows.filter(Q(by=actor) | Q(household__in=mine))
    return rows.none()


def attendance_seen_by(actor: User) -> KeptQuerySet:
    return _of_people(Attendance.objects.within(actor.area), actor)


def matters_seen_by(actor: User) -> KeptQuerySet:
    return _of_people(Matter.objects.within(actor.area), actor)


def services_seen_by(actor: User) -> KeptQuerySet:
    return _of_people(Service.objects.within(actor.area), actor)


def posts_seen_by(actor: User) -> PostQuerySet:
    return _of_people(Post.objects.within(actor.area), actor)


def inspections_seen_by(actor: User) -> KeptQuerySet:
    """Offices see those of their area; who made one sees it; units and cadres see none."""
    rows = Inspection.objects.within(actor.area)
    return rows if bound_to(actor) == "area" else rows.filter(by=actor)


def post_to_change(actor: User, post_id: int) -> Post:
    _needs(actor, "fieldwork.post")
    return get_object_or_404(posts_seen_by(actor).select_related("cadre", "village"), pk=post_id)


def village_to_see(actor: User, code: str) -> Area:
    """A village of the actor's area."""
    rows = Area.objects.current().within(actor.area).select_related("parent__parent")
    return get_object_or_404(rows, code=code, level=Area.Level.VILLAGE)


def _of_people(rows: Q_, actor: User) -> Q_:
    """The area's; a unit its cadres', a cadre his own."""
    match bound_to(actor):
        case "area":
            return rows
        case "unit":
            return rows.filter(cadre__unit__accounts__user=actor)
        case "cadre":
            return rows.filter(cadre__user=actor)
    return rows.none()


def _needs(actor: User, permission: str) -> None:
    if not may(actor, permission):
        raise PermissionDenied(_("您的角色不能做这件事。"))


def household_to_visit(actor: User, household_id: int, on: date) -> Household:
    """A household that the actor may visit that day; 404 for any other, so that nobody learns that it exists."""
    _needs(actor, "fieldwork.record")
    rows = Household.objects.within(actor.area).standing().select_related("village__parent")
    found, cadre = get_object_or_404(rows, pk=household_id), cadre_of(actor)
    if cadre is None or not belonging.may_visit(cadre, found, on):
        raise Http404
    return found


def cadre_to_record(actor: User) -> Cadre:
    """The cadre whose field work an account records: his own."""
    found = cadre_of(actor)
    if found is None or not may(actor, "fieldwork.record"):
        raise PermissionDenied(_("只有干部本人可以登记。"))
    return found
