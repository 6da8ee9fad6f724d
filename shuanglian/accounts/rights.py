"""Who may do what (deny by default), and how far down the tree they see."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area, prefix_of
from shuanglian.core import errors, profile

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from .models import User

P = ParamSpec("P")
View = Callable[Concatenate["SignedIn", P], HttpResponseBase]


class SignedIn(HttpRequest):
    """The request of somebody who is logged in; for annotations."""

    user: User  # type: ignore[assignment]
    htmx: HtmxDetails


def may(user: User | AnonymousUser | None, permission: str) -> bool:
    """Whether the user's role in the profile holds the permission; a closed account holds none."""
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    role = profile.active().roles.get(user.role)  # type: ignore[union-attr]
    return role is not None and permission in role.may


def requires(*permissions: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """View decorator: not logged in → log-in page, without all the permissions → 403. None named: log-in only."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_login(request)
            if not all(may(request.user, permission) for permission in permissions):
                raise PermissionDenied(_("您的角色没有这项权限。"))
            return view(request, *args, **kwargs)

        setattr(guarded, "permissions", permissions)  # noqa: B010 - the walk over all addresses reads it
        return guarded

    return decorate


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):  # a part of a page cannot hold the log-in page: send the whole page there
        from django.conf import settings

        return HttpResponse(status=401, headers={"HX-Redirect": str(settings.LOGIN_URL)})
    if errors.wants_json(request):
        return errors.told(401, "login", _("请先登录。"))
    return redirect_to_login(request.get_full_path())


def scope_prefix(user: User | AnonymousUser | None) -> str:
    """The code prefix below which the user sees; '' is nothing at all, never everything."""
    if user is None or not user.is_authenticated or not user.is_active:
        return ""
    area: Area | None = user.area  # type: ignore[union-attr]
    return prefix_of(area.code, area.level) if area else ""


def sees(user: User | AnonymousUser | None, area_code: str) -> bool:
    """Whether a 12-digit code lies at or below the user's area."""
    prefix = scope_prefix(user)
    return bool(prefix) and area_code.startswith(prefix)
