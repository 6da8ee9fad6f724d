"""The gates of demands: 404 for what is not one's own, 403 for a role that may not (VOICE-1, VOICE-2)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may
from shuanglian.core.profile import active
from shuanglian.organisation.models import UnitAccount
from shuanglian.organisation.queries import bound_to
from shuanglian.registry.models import Household

from .holders import LEVELS
from .models import Demand, DemandQuerySet, Desk, Mail

VIEW, HANDLE, TAKE = "grievances.view", "grievances.handle", "grievances.take"


def demands_seen_by(actor: User) -> DemandQuerySet:
    """An office its area's; a department what came to its desks; a unit and a cadre what they hold or held, what they
    wrote down, and what their households ask."""
    rows = Demand.objects.within(actor.area)
    match bound_to(actor):
        case "area" if is_clerk(actor):
            return rows.filter(Q(department__in=departments_of(actor)) | Q(by=actor))
        case "area":
            return rows
        case "unit":
            mine = Household.objects.filter(pairings__cadre__unit__accounts__user=actor, pairings__until=None).values(
                "pk"
            )
            return rows.filter(
                Q(unit__accounts__user=actor) | Q(cadre__unit__accounts__user=actor) | Q(household__in=mine)
            ).distinct()
        case "cadre":
            mine = Household.objects.filter(pairings__cadre__user=actor, pairings__until=None).values("pk")
            return rows.filter(Q(cadre__user=actor) | Q(by=actor) | Q(household__in=mine))
    return rows.none()


def held_by(actor: User) -> Q:
    """Demands that stand with the actor and that he has to do something about."""
    match bound_to(actor):
        case "unit":
            return Q(unit__accounts__user=actor)
        case "cadre":
            return Q(cadre__user=actor)
        case "area" if actor.area is not None:
            here = Q(office_code=actor.area.code)
            if is_clerk(actor):
                return here & Q(department__in=departments_of(actor))
            return here & (Q(department="") | Q(~Exists(_desks_of_row())))
    return Q(pk__in=[])


def _desks_of_row() -> QuerySet[Desk]:
    """Desks of a demand's department at its office: without any, the programme office sees to it."""
    return Desk.objects.filter(
        until=None, department=OuterRef("department"), area_code=OuterRef("office_code")
    )  # fmt: skip


def is_clerk(actor: User) -> bool:
    return actor.role == "department"


def departments_of(actor: User) -> list[str]:
    return list(Desk.objects.filter(user=actor, until=None).values_list("department", flat=True))


def demand_to_see(actor: User, demand_id: int) -> Demand:
    rows = demands_seen_by(actor).select_related(
        "village__parent", "household__village", "cadre__unit", "unit", "by", "joined_to", "ask"
    )
    return get_object_or_404(rows, pk=demand_id)


def demand_to_handle(actor: User, demand_id: int) -> Demand:
    """One that stands with the actor."""
    found = demand_to_see(actor, demand_id)
    if not holds(actor, found):
        raise PermissionDenied(_("这条诉求现在不在您这一级办理。"))
    return found


def holds(actor: User, demand: Demand) -> bool:
    return may(actor, HANDLE) and Demand.objects.filter(held_by(actor), pk=demand.pk).exists()


def demand_to_direct(actor: User, demand_id: int) -> Demand:
    """One that stands with the actor, or below his office: the office above may send it back or move it."""
    found = demand_to_see(actor, demand_id)
    if not (holds(actor, found) or (may(actor, HANDLE) and stands_above(actor, found))):
        raise PermissionDenied(_("这条诉求现在不在您这一级办理。"))
    return found


def joins(actor: User, demand: Demand) -> bool:
    """Whether the actor may join others to it: whoever holds it, and the offices that look through what comes in."""
    is_open = demand.state == Demand.State.OPEN
    return is_open and (may(actor, "grievances.sift") or holds(actor, demand))


def demand_to_join(actor: User, demand_id: int) -> Demand:
    found = demand_to_see(actor, demand_id)
    if not joins(actor, found):
        raise PermissionDenied(_("这条诉求现在不在您这一级办理。"))
    return found


def level_of(demand: Demand) -> int:
    """The level of whoever holds it: 1 the province … 5 the village; 6 a cadre or a unit."""
    rung = active().grievances.ladder.by_code.get(demand.rung)
    return LEVELS.get(rung.shape.level or "", 6) if rung else 6


def stands_above(actor: User, demand: Demand) -> bool:
    """Whether the actor's office is above whoever holds it: of a higher level, and the row lies in its area.

    A county's programme office stands above the county's departments: what they cannot solve goes to it (VOICE-2).
    """
    if actor.area is None or bound_to(actor) != "area" or is_clerk(actor):
        return False
    if not demand.area_code.startswith(actor.area.prefix):
        return False
    here = level_of(demand)
    return actor.area.level < here or (actor.area.level == here and bool(demand.department))


def units_of(actor: User) -> list[int]:
    return list(UnitAccount.objects.filter(user=actor).values_list("unit", flat=True))


def mails_to_sort(actor: User) -> QuerySet[Mail]:
    """Letters of the actor's area that wait for a place: for whoever writes down demands for an area."""
    rows = Mail.objects.within(actor.area).filter(state=Mail.State.WAITING)
    return rows if bound_to(actor) == "area" and not is_clerk(actor) else rows.none()
