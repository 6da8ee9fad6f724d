"""Pages without a log-in: a notice, a village's board, an objection, what became of it (REG-4, FUND-6, VOICE-6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from shuanglian.areas.models import Area
from shuanglian.core import clock, panels
from shuanglian.core.forms import refusals_on
from shuanglian.core.scoping import unscoped
from shuanglian.notices import queries, showing
from shuanglian.notices.actions import objections
from shuanglian.notices.actions.numbers import number_digest, tidied
from shuanglian.notices.forms import FollowForm, ObjectForm
from shuanglian.notices.models import Notice, Objection
from shuanglian.notices.showing import Shown

from .common import OBJECT, gone, knock, knocked, public, wait

ANY = ["GET", "HEAD", "POST"]
SLACK = 256 * 1024  # what a form has besides its photos


@public()
@require_safe
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """One notice while it is up."""
    with unscoped():
        shown = _shown(code, clock.today())
    return gone(request) if shown is None else render(request, "notices/public_notice.html", {"shown": shown})


@public()
@require_safe
def board(request: HttpRequest, area_code: str) -> HttpResponse:
    """A village's board: every notice that is up there, and what other rooms hang beside them."""
    if not (area_code.isascii() and area_code.isdigit()):
        return gone(request)
    with unscoped():
        area = Area.objects.current().select_related("parent__parent").filter(code=area_code).first()
        if area is None or area.level < Area.Level.COUNTY:
            return gone(request)
        up = [showing.shown(one, on=clock.today()) for one in queries.on_board(area, clock.today())]
        parts = panels.render("board", request, area)
    office, phone = showing.supervision()
    return render(request, "notices/public_board.html", {
        "area": area, "up": up, "parts": parts, "office": office, "phone": phone,
    })  # fmt: skip


def _found(code: str, on: date) -> Notice | None:
    """A notice by its code, typed or scanned, while it is up."""
    found = Notice.objects.current(on).select_related("area").filter(code=tidied(code)).first()
    return found if found is not None and queries.is_up(found, on) else None


def _shown(code: str, on: date) -> Shown | None:
    found = _found(code, on)
    return showing.shown(found, on=on) if found else None


# --- objecting --------------------------------------------------------------------------------------------------------
@csrf_exempt  # only so that the size is looked at before the body is read; the form itself is protected below
@public(forms=True)
@require_http_methods(ANY)
def object_to(request: HttpRequest, code: str) -> HttpResponse:
    """The form to object with; sent too large or too often it is not even read."""
    if request.method == "POST":
        allowed = objections.terms()
        if int(request.META.get("CONTENT_LENGTH") or 0) > allowed.photos * allowed.photo_mb * 1024 * 1024 + SLACK:
            return render(request, "notices/too_large.html", {"terms": allowed}, status=413)
        if knocked(request, OBJECT) >= allowed.per_hour:
            return wait(request)
    return _object(request, code)


@csrf_protect
def _object(request: HttpRequest, code: str) -> HttpResponse:
    with unscoped():
        found = _found(code, clock.today())
        shown = showing.shown(found, on=clock.today()) if found else None
    if found is None or shown is None or not shown.objections:
        return gone(request)
    chosen = request.GET.get("row", "")
    form = ObjectForm(request.POST or None, request.FILES or None, shown=shown, chosen=chosen)
    if form.is_valid():
        if knock(request, OBJECT) > objections.terms().per_hour:
            return wait(request)
        if (number := _keep(found, form)) is not None:
            return render(request, "notices/public_sent.html", {"shown": shown, "number": number})
    status = 422 if form.is_bound else 200
    return render(request, "notices/public_object.html", {"shown": shown, "form": form}, status=status)


def _keep(found: Notice, form: ObjectForm) -> str | None:
    """The number of the objection kept; None when it was refused, and the form says why."""
    told: dict[str, Any] = form.cleaned_data
    rows = found.shown_rows
    key = rows[int(told["row"]) - 1]["key"] if told["row"] else ""
    with refusals_on(form), unscoped():
        _made, number = objections.make(
            notice=found, row=key, text=told["text"], name=told["name"], phone=told["phone"],
            photos=told["photos"], form_key=told["form_key"], at=clock.now(),
        )  # fmt: skip
        return number
    return None


# --- following --------------------------------------------------------------------------------------------------------
@public(forms=True)
@require_http_methods(ANY)
def follow(request: HttpRequest) -> HttpResponse:
    """What became of an objection, by its number; the number travels in the form, never in an address."""
    form = FollowForm(request.POST or None)
    if not form.is_valid():
        return render(request, "notices/public_follow.html", {"form": form}, status=422 if form.is_bound else 200)
    with unscoped():
        found = followed(form.cleaned_data["number"], clock.today())
    if found is None:
        form.add_error("number", _("没有这个查询号，或者已经过了查询期。请对照您记下的号再输一次。"))
    status = 200 if found else 404
    return render(request, "notices/public_follow.html", {"form": form, "found": found}, status=status)


def followed(number: str, on: date) -> Objection | None:
    """An objection by its number, until so many days after the answer."""
    wanted = number_digest(number)
    found = Objection.objects.select_related("notice").filter(number_digest=wanted).first() if wanted else None
    if found is None or found.answered_at is None:
        return found
    lives_until = clock.day_of(found.answered_at) + timedelta(days=objections.terms().follow_days)
    return found if on <= lives_until else None


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
