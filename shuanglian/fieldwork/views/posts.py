"""Teams and technicians: who is stationed where (PAIR-8, PAIR-9)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock, profile
from shuanglian.core.forms import refusals_on
from shuanglian.core.paging import keyset
from shuanglian.fieldwork import access
from shuanglian.fieldwork.actions import posts as verbs
from shuanglian.fieldwork.forms import EndForm, PostForm
from shuanglian.organisation.queries import standing_on, visible_cadres
from shuanglian.registry import access as registry

from .log import villages_in


@require_safe
@requires("fieldwork.view")
def posts(request: SignedIn) -> HttpResponse:
    """Posts of an area, village by village; those that ended when asked for."""
    area, on = registry.area(request.user, request.GET.get("area")), clock.today()
    rows = access.posts_seen_by(request.user).within(area).select_related("cadre__unit", "village__parent")
    known, kind, ended = profile.active().fieldwork.posts, request.GET.get("kind", ""), "ended" in request.GET
    rows = rows.filter(until__lt=on) if ended else rows.not_over_on(on)
    if kind in known:
        rows = rows.filter(kind=kind)
    return render(request, "fieldwork/posts.html", {
        "area": area, "page": keyset(rows, order=("area_code", "kind", "id"), after=request.GET.get("after")),
        "kinds": known, "kind": kind, "ended": ended, "may_post": may(request.user, "fieldwork.post"),
    })  # fmt: skip


@requires("fieldwork.view", "fieldwork.post")
def new(request: SignedIn) -> HttpResponse:
    """Station somebody in a village."""
    on = clock.today()
    cadres = visible_cadres(seen_by=request.user).filter(standing_on(on))
    form = PostForm(request.POST or None, cadres=cadres, villages=villages_in(request.user), on=on)
    if form.is_valid():
        with refusals_on(form):
            made = verbs.station(by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已派驻：{name}").format(name=made.cadre.name))
            return redirect("fieldwork:posts")
    return render(request, "fieldwork/form.html", {
        "form": form, "title": _("派驻人员"), "button": _("派驻"),
    }, status=422 if form.errors else 200)  # fmt: skip


@requires("fieldwork.view", "fieldwork.post")
def end(request: SignedIn, post_id: int) -> HttpResponse:
    """The last day of a post, and why it ends."""
    found = access.post_to_change(request.user, post_id)
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    if form.is_valid():
        with refusals_on(form):
            verbs.end(post=found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("岗位已结束。"))
            return redirect("fieldwork:posts")
    title = _("结束派驻：{name}（{village}）").format(name=found.cadre.name, village=found.village.name)
    return render(request, "fieldwork/form.html", {"form": form, "title": title, "button": _("结束")},
                  status=422 if form.errors else 200)  # fmt: skip
