"""The gates to opening cases and to declarations of kinship: the reader's area, the role, the state of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.registry import access as registry
from shuanglian.registry.models import Household, Person

from .models import Kin
from .subjects import STANDS_OFF

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.rules.procedures import Procedure


def household(actor: User, pk: int) -> Household:
    """A file that a case may be opened about."""
    found = registry.household(actor, pk)
    registry.needs(actor, "procedures.act")
    return found


def person(actor: User, household: Household, pk: int) -> Person:
    return get_object_or_404(Person, household=household, pk=pk, left_on=None)


def procedure(code: str) -> Procedure:
    """A procedure in force today."""
    found = active().on(clock.today()).procedures.get(code)
    if found is None:
        raise Http404(_("没有这个程序。"))
    return found


def possible(file: Household) -> list[Procedure]:
    """The procedures that can be opened about a file as it stands, in the order of the profile."""
    stands = file.left_on is None and file.removed_on is None
    return [
        one for one in active().on(clock.today()).procedures.values()
        if one.subject in ("household", "person") and (one.effect not in STANDS_OFF) == stands
    ]  # fmt: skip


def kin_to_end(actor: User, pk: int) -> Kin:
    found = get_object_or_404(Kin.objects.within(actor.area).standing(), pk=pk)
    registry.household(actor, found.household_id)
    registry.needs(actor, "procedures.act")
    return found
