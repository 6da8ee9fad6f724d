"""Notices of the own area: what is up and what was, one by hand, withdrawn with a reason, on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.core.profile import active, language
from shuanglian.kernel.refusal import Refusal
from shuanglian.notices import access, printing, queries, showing
from shuanglian.notices.actions import notices
from shuanglian.notices.forms import NoticeForm, WhyForm
from shuanglian.notices.models import Notice
from shuanglian.rules.notice_clock import stood_still
from shuanglian.trail import trail

ANY = ["GET", "HEAD", "POST"]
TABS = ("current", "coming", "past")


@requires("notices.view")
@require_safe
def listing(request: SignedIn) -> HttpResponse:
    """Notices of the reader's area: up now, coming, past."""
    which = request.GET.get("which", "current")
    which = which if which in TABS else "current"
    rows = queries.notices(seen_by=request.user, which=which, on=clock.today())
    page = keyset(rows, order=("-id",), after=request.GET.get("after"), size=30)
    kinds = active().notices.kinds
    shown = [(one, kinds[one.kind].label.in_(language()) if one.kind in kinds else one.kind) for one in page.rows]
    return render(request, "notices/listing.html", {"page": page, "rows": shown, "which": which, "room": "notices",
                                                    "may_publish": _by_hand(request)})  # fmt: skip


def _by_hand(request: SignedIn) -> bool:
    return may(request.user, "notices.publish") and any(one.by_hand for one in active().notices.kinds.values())


@requires("notices.view")
@require_safe
def detail(request: SignedIn, pk: int) -> HttpResponse:
    """One notice: what it shows, its clock, its public address, objections to it, whether it is still what it was."""
    return _detail(request, access.notice(request.user, pk), WhyForm())


def _detail(request: SignedIn, found: Notice, why: WhyForm, status: int = 200) -> HttpResponse:
    today = clock.today()
    stood = queries.stretches(found)
    objected = [(one, showing.row_name(found, one.row)) for one in queries.objections(found)]
    return render(request, "notices/detail.html", {
        "notice": found, "shown": showing.shown(found, on=today), "up": queries.is_up(found, today), "room": "notices",
        "stood": stood_still(found.opens_on, found.closes_on or today, stood), "has_run": queries.has_run(found, today),
        "objections": objected, "address": _address(request, found), "qr": printing.qr(_address(request, found)),
        "board": request.build_absolute_uri(reverse("board:board", args=[found.area_code])),
        "may_withdraw": access.may_withdraw(request.user, found), "why": why, "whole": queries.is_whole(found),
        "may_answer": may(request.user, "notices.answer"),
    }, status=status)  # fmt: skip


def _address(request: HttpRequest, found: Notice) -> str:
    return request.build_absolute_uri(reverse("board:notice", args=[found.code]))


@requires("notices.publish")
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    found = access.notice(request.user, pk)
    form = WhyForm(request.POST)
    if not access.may_withdraw(request.user, found):
        messages.error(request, _("这份公示不能由您撤回：上一级发布的由上一级撤回，已撤回的不能再撤。"))
        return redirect("notices:notice", found.pk)
    if form.is_valid():
        with refusals_on(form):
            notices.withdraw(notice=found, why=form.cleaned_data["why"], by=request.user, at=clock.now())
            messages.success(request, _("公示已撤回，公开页面随即关闭；内容和原因留在档案里。"))
            return redirect("notices:notice", found.pk)
    return _detail(request, found, form, status=422)


@requires("notices.publish")
@require_http_methods(ANY)
def new(request: SignedIn) -> HttpResponse:
    """Write a notice by hand; recognition and exit put theirs up themselves, step by step."""
    first = next((one for one in active().notices.kinds.values() if one.by_hand), None)
    initial = {"area": request.user.area, "opens_on": clock.today(), "days": first.days if first else 7}
    form = NoticeForm(request.POST or None, within=request.user.area, initial=initial)
    if form.is_valid():
        told: dict[str, Any] = form.cleaned_data
        words = {name: {"zh": told[f"{name}_zh"], "en": told[f"{name}_en"]} for name in ("title", "text")}
        with refusals_on(form):
            made = notices.publish(
                kind=told["kind"], area=told["area"], title=words["title"], rows=[], days=told["days"],
                opens_on=told["opens_on"], sections=[{"title": words["title"], "text": words["text"]}],
                by=request.user, at=clock.now(),
            )  # fmt: skip
            messages.success(request, _("公示已发布，请打印张贴。"))
            return redirect("notices:notice", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "notices/new.html", {"form": form, "room": "notices"}, status=status)


@requires("notices.view")
@require_safe
def poster(request: SignedIn, pk: int) -> HttpResponse:
    """The notice on paper: A3 for the village board, A4 for doors and files."""
    found = access.notice(request.user, pk)
    paper = "a4" if request.GET.get("paper") == "a4" else "a3"
    try:
        pdf = printing.poster(found, paper=paper, address=_address(request, found), on=clock.today())
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return redirect("notices:notice", found.pk)
    trail.write("notices.print", about=found, by=request.user, at=clock.now(), paper=paper)
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"{found.headline}-{paper.upper()}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response
