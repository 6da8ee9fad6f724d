"""A family reports a broken prohibition from its own card's page; the office that reads it (FIELD-6, VOICE-6)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from shuanglian.accounts.adapter import client_address
from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.areas.models import Area
from shuanglian.benefits.card_doors import bare, card_behind
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.scoping import unscoped
from shuanglian.fieldwork import queries
from shuanglian.fieldwork.actions import breaches as verbs
from shuanglian.fieldwork.forms import BreachForm
from shuanglian.notices import showing
from shuanglian.notices.actions import knocks
from shuanglian.trail import trail

WHAT, PER_HOUR = "breach", 12  # from one address


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The form behind the card's code. No account, no name; nothing of the answer is kept by browsers between."""
    card = card_behind(request, code)
    if isinstance(card, HttpResponse):
        return card
    form = BreachForm(request.POST or None)
    told = {"form": form, "code": code, "supervision": showing.supervision()}
    if form.is_valid():
        if form.cleaned_data["website"]:  # only machines fill it in
            return bare(render(request, "fieldwork/breach_sent.html", told))
        with unscoped():
            times = knocks.knock(what=WHAT, address=client_address(request), at=clock.now())
        if times > PER_HOUR:
            return bare(render(request, "core/error.html", {"status": 429}, status=429))
        given = {name: form.cleaned_data[name] for name in ("prohibition", "text", "about_office", "key")}
        with refusals_on(form), unscoped():
            verbs.report(household=card.household, at=clock.now(), **given)
            return bare(render(request, "fieldwork/breach_sent.html", told))
    return bare(render(request, "fieldwork/breach_form.html", told, status=422 if form.errors else 200))


@require_safe
@requires("fieldwork.view", "fieldwork.breaches")
def reports(request: SignedIn) -> HttpResponse:
    """What families reported to this office. Each look is told in the trail, the same whether there is any or not."""
    rows = queries.breaches(seen_by=request.user)
    assert request.user.area is not None  # the gate asks for one
    names = dict(Area.objects.filter(pk__in={told["village"] for _row, told in rows}).values_list("pk", "name"))
    trail.write("fieldwork.breaches.read", by=request.user, at=clock.now(), area_code=request.user.area.code)
    response = render(request, "fieldwork/breaches.html", {
        "rows": [(row, told, names.get(told["village"], "")) for row, told in rows],
    })  # fmt: skip
    response.headers["Cache-Control"] = "no-store, private"
    return response
