"""Pages of accounts: one's own, and those that an administrator looks after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuanglian.core.clock import now
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.kernel.refusal import Refusal

from . import access, queries
from .actions import users as verbs
from .forms import AccountForm, NewAccountForm
from .models import User
from .rights import SignedIn, requires

LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language, for this browser and, when logged in, for the person wherever they log in."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = redirect(target)
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=LANGUAGE_COOKIE_SECONDS, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@requires()
@require_GET
def me(request: SignedIn) -> HttpResponse:
    """One's own account: role, area, what the role may do."""
    from shuanglian.core import profile

    role = profile.active().roles.get(request.user.role)
    rights = sorted(profile.label("permission", code) for code in role.may) if role else []
    return render(request, "accounts/me.html", {"rights": rights})


@requires("accounts.manage")
@require_GET
def users(request: SignedIn) -> HttpResponse:
    asked = {name: request.GET.get(name, "").replace("\0", "").strip()[:40] for name in ("text", "role", "state")}
    page = keyset(queries.users(seen_by=request.user, **asked), order=("username",), after=request.GET.get("after"))
    context = {"page": page, "asked": asked, "roles": queries.roles_to_give(request.user)}
    return render(request, "accounts/users.html", context)


@requires("accounts.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_user(request: SignedIn) -> HttpResponse:
    form = NewAccountForm(request.POST or None, actor=request.user, initial={"area": request.user.area})
    if form.is_valid():
        with refusals_on(form):
            user, password = verbs.open_account(**form.cleaned_data, by=request.user, at=now())
            return render(request, "accounts/password_once.html", {"account": user, "password": password})
    return render(request, "accounts/user_form.html", {"form": form})


@requires("accounts.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def user(request: SignedIn, pk: int) -> HttpResponse:
    account = access.user_to_manage(request.user, pk)
    start = {"full_name": account.full_name, "role": account.role, "area": account.area}
    form = AccountForm(request.POST or None, actor=request.user, initial=start)
    if form.is_valid():
        with refusals_on(form):
            verbs.change(user=account, **form.cleaned_data, by=request.user, at=now())
            messages.success(request, _("账户已保存。"))
            return redirect("accounts:user", pk=pk)
    return render(request, "accounts/user.html", {"account": account, "form": form})


def _ask(request: SignedIn, pk: int, verb: Callable[..., Any], done: str) -> HttpResponse:
    account = access.user_to_manage(request.user, pk)
    try:
        verb(user=account, by=request.user, at=now())
        messages.success(request, done)
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("accounts:user", pk=pk)


@requires("accounts.manage")
@require_POST
def lock(request: SignedIn, pk: int) -> HttpResponse:
    return _ask(request, pk, verbs.lock, _("账户已停用。"))


@requires("accounts.manage")
@require_POST
def unlock(request: SignedIn, pk: int) -> HttpResponse:
    return _ask(request, pk, verbs.unlock, _("账户已启用，登录失败记录已清除。"))


@requires("accounts.manage")
@require_POST
def reset_second_factor(request: SignedIn, pk: int) -> HttpResponse:
    return _ask(request, pk, verbs.reset_second_factor, _("第二验证已解除，请提醒本人重新开启。"))


@requires("accounts.manage")
@never_cache
@require_POST
def reset_password(request: SignedIn, pk: int) -> HttpResponse:
    account = access.user_to_manage(request.user, pk)
    try:
        password = verbs.reset_password(user=account, by=request.user, at=now())
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return redirect("accounts:user", pk=pk)
    return render(request, "accounts/password_once.html", {"account": account, "password": password})
