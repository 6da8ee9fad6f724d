"""The gates to notices and objections: rows of the own area; who objected only for the answering office above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core.profile import active

from .models import Notice, Objection

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def notice(user: User, pk: int) -> Notice:
    """A notice at or below the reader's area; elsewhere it does not exist."""
    rows = Notice.objects.within(user.area).select_related("area__parent", "by__area", "withdrawn_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这份公示。"))
    return found


def objection(user: User, pk: int) -> Objection:
    """An objection to a notice at or below the reader's area."""
    rows = Objection.objects.within(user.area).select_related("notice__area", "notice__by__area", "answered_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这条异议。"))
    return found


def may_withdraw(user: User, found: Notice) -> bool:
    """Whoever may publish, but not below the level that published."""
    if not may(user, "notices.publish") or user.area is None or found.withdrawn_at is not None:
        return False
    poster = found.by.area if found.by else None
    return poster is None or user.area.level <= poster.level


def may_know_who(user: User, found: Objection) -> bool:
    """Who objected is for the answering office of the levels that the profile names, never for the proposer (REG-9)."""
    terms = active().notices.terms
    if terms is None or user.area is None or not may(user, "notices.answer"):
        return False
    level = Area.Level(user.area.level).name.lower()
    return level in terms.identity_levels and found.notice.by_id != user.pk


def needs_to_know_who(user: User, pk: int) -> Objection:
    """The gate to name, telephone and photos: 404 outside the area, 403 for whoever may not know."""
    found = objection(user, pk)
    if not may_know_who(user, found):
        raise PermissionDenied(_("提意见人的身份只有乡镇、县级答复单位可以查看，发布公示的人不能查看。"))
    return found
