"""The gates to regions: everybody sees the own area and what lies below it; everything else does not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from shuanglian.core.permission import allowed

from . import tree
from .models import Area

VIEW = "areas.view"
EDIT = "registry.edit"  # tags say which villages count as poor: the programme office's, as the register is


def own_area(user: Any) -> Area | None:
    """The region a user is bound to, with its chain; None sees nothing."""
    area_id = getattr(user, "area_id", None)
    return Area.objects.select_related(tree.UP).filter(pk=area_id).first() if area_id else None


def needs(*permissions: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """View decorator: not logged in → log-in page, a right missing → 403 (accounts has its own, a floor above)."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if request.headers.get("HX-Request"):
                    return HttpResponse(status=401, headers={"HX-Redirect": str(settings.LOGIN_URL)})
                return redirect_to_login(request.get_full_path())
            if not all(allowed(request.user, permission) for permission in permissions):
                raise PermissionDenied(_("您的角色没有这项权限。"))
            return view(request, *args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]  # the walk over all addresses reads it
        return guarded

    return decorate


def area_to_see(user: Any, code: str, since: date | None = None) -> Area:
    """A region at or below the user's own, or a past one that lives on there; 404 otherwise."""
    own, area = own_area(user), tree.at_code(code, since)
    if own is None or area is None or not (own.contains(area) or _lives_on_in(own, area)):
        raise Http404(_("没有这个区域。"))
    return area


def area_to_edit(user: Any, code: str) -> Area:
    """A region that may be changed: seen, and still in force."""
    area = area_to_see(user, code)
    if not area.stands:
        raise Http404(_("该区划已停用。"))
    return area


def _lives_on_in(own: Area, area: Area) -> bool:
    """Whether a closed region's heirs lie at or below the user's own (a renamed county keeps its past)."""
    if area.stands:
        return False
    return any(own.contains(step.new) for step in tree.successions(area))
