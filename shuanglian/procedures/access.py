"""The gates to cases and lists: 404 outside the reader's area, 403 for a role that may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.attachments.models import Attachment

from . import scope
from .models import Case, CaseList, Evaluation

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def case(actor: User, pk: int, permission: str = "procedures.view") -> Case:
    needs(actor, permission)
    rows = scope.cases(seen_by=actor).select_related("area__parent", "edition", "list", "posted", "by", "draw")
    return get_object_or_404(rows, pk=pk)


def case_list(actor: User, pk: int, permission: str = "procedures.view") -> CaseList:
    needs(actor, permission)
    return get_object_or_404(scope.lists(seen_by=actor).select_related("area", "by", "part_of"), pk=pk)


def evaluation(actor: User, pk: int) -> Evaluation:
    needs(actor, "procedures.view")
    return get_object_or_404(scope.evaluations(seen_by=actor).select_related("area", "by", "list"), pk=pk)


def paper(actor: User, pk: int) -> Attachment:
    """A paper of a case, a list, a meeting or a printed form that the actor may see."""
    needs(actor, "procedures.view")
    found = get_object_or_404(Attachment.objects.within(actor.area), pk=pk)
    owner, _colon, key = found.about.partition(":")
    owners: dict[str, Any] = {
        "procedures.case": scope.cases(seen_by=actor), "procedures.caselist": scope.lists(seen_by=actor),
        "procedures.evaluation": scope.evaluations(seen_by=actor),
        "procedures.formprint": scope.prints(seen_by=actor),
    }  # fmt: skip
    if owner not in owners or not owners[owner].filter(pk=key).exists():
        raise Http404
    return found


def needs(actor: User, permission: str) -> None:
    """403 unless the actor's role holds the permission."""
    if not may(actor, permission):
        raise PermissionDenied(_("您的角色不能做这件事。"))
