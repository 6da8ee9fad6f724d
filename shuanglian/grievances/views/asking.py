"""What the public doors share: a form's size looked at first, forms of an address counted, one taken in."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from shuanglian.areas.models import Area
from shuanglian.core.forms import refusals_on
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.grievances.actions import doors
from shuanglian.grievances.actions.coming import never_in
from shuanglian.grievances.forms_public import AskForm
from shuanglian.notices.showing import supervision
from shuanglian.notices.views.common import knock, knocked
from shuanglian.registry.models import Household

ANY = ["GET", "HEAD", "POST"]
SLACK = 256 * 1024  # what a form has besides its photos
ASK = "ask"


def sized(view: Any) -> Any:
    """The size is looked at before the body is read; the form itself is protected behind it."""

    @wraps(view)
    def looked_at(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not active().grievances.runs:
            return page(request, "public_shut", status=404)
        terms = active().grievances.terms
        most = terms.files * terms.file_mb * 1024 * 1024 + SLACK
        if request.method == "POST" and int(request.META.get("CONTENT_LENGTH") or 0) > most:
            return page(request, "public_too_large", status=413, terms=terms)
        answered: HttpResponse = csrf_protect(view)(request, *args, **kwargs)
        return answered

    return csrf_exempt(looked_at)


def page(request: HttpRequest, name: str, *, status: int = 200, **told: Any) -> HttpResponse:
    """A page of these doors; the office to complain to stands on every one."""
    office, phone = supervision()
    return render(request, f"grievances/{name}.html", {**told, "office": office, "phone": phone}, status=status)


def take(
    request: HttpRequest, form: AskForm, *, door: str, village: Area, household: Household | None = None
) -> tuple[doors.Taken | None, int]:
    """(what was taken in, or None and the form says why; the status). Only forms that were taken in are counted.

    Too many of one address are kept aside, far too many are told to wait: the words stay on the page, nothing is lost.
    """
    many, given = knocked(request, ASK), form.given()
    if many >= active().grievances.terms.per_hour and not doors.stands(given["key"]):
        form.add_error(
            None, _("这个网络地址一小时里交得太多了，这次没有收。您写的字还在，请过一会儿再交；急事请打监督电话。")
        )
        return None, 429
    held = doors.why_held(
        many=many, waited=form.waited(), trap=bool(form.cleaned_data["website"]),
        urgent=bool(given["never"] or never_in(given["text"])),
    )  # fmt: skip
    with refusals_on(form), unscoped():
        taken = doors.take(**given, door=door, village=village, household=household, held=held, at=form.at)
        knock(request, ASK)  # last, so that nobody of this address waits for the whole of it
        return taken, 200
    return None, 422
