"""The gates to one row of this room: 404 outside what the reader sees, 403 for a role that may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.registry import access as registry
from shuanglian.registry.models import Household, Person, Statement

from . import scope
from .models import Due, Payment, Provision, Round, Scenario

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def household(actor: User, pk: int, permission: str = "benefits.view") -> Household:
    """A household whose benefits the actor may see (or, with another permission, work on)."""
    found = registry.household(actor, pk)
    needs(actor, permission)
    return found


def person(actor: User, pk: int, permission: str) -> Person:
    found = get_object_or_404(registry.scope.visible_people(seen_by=actor).select_related("household__village"), pk=pk)
    needs(actor, permission)
    return found


def due(actor: User, pk: int, permission: str = "benefits.view") -> Due:
    rows = scope.visible_dues(seen_by=actor).select_related("household__village__parent", "person")
    found = get_object_or_404(rows, pk=pk)
    needs(actor, permission)
    return found


def payment(actor: User, pk: int, permission: str = "benefits.view") -> Payment:
    found = get_object_or_404(scope.visible_payments(seen_by=actor).select_related("household", "person"), pk=pk)
    needs(actor, permission)
    return found


def statement(actor: User, pk: int) -> Statement:
    """A statement about a person or household that the actor sees, or about his own village."""
    rows = Statement.objects.within(actor.area).select_related("household", "person")
    found: Statement = get_object_or_404(rows, pk=pk)
    about = found.person.household_id if found.person else found.household_id
    if about is not None:
        get_object_or_404(registry.scope.visible(seen_by=actor), pk=about)
    needs(actor, "benefits.state")
    return found


def a_round(actor: User, pk: int) -> Round:
    found: Round = get_object_or_404(Round.objects.within(actor.area).select_related("area", "by", "job"), pk=pk)
    needs(actor, "benefits.view")
    return found


def scenario(actor: User, pk: int, permission: str = "benefits.scenario") -> Scenario:
    found: Scenario = get_object_or_404(Scenario.objects.within(actor.area).select_related("area", "job"), pk=pk)
    needs(actor, permission)
    return found


def provision(actor: User, pk: int, permission: str = "benefits.write") -> Provision:
    found: Provision = get_object_or_404(Provision.objects.within(actor.area).select_related("area", "by"), pk=pk)
    needs(actor, permission)
    return found


def needs(actor: User, permission: str) -> None:
    """403 unless the actor's role holds the permission."""
    if not may(actor, permission):
        raise PermissionDenied(_("您的角色不能做这件事。"))
