"""Families' cards: on the clerk's screen, as PDF for one family or a village, and the family's own page by its code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.adapter import client_address
from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.benefits import access, printing, sheets
from shuanglian.benefits.actions import cards
from shuanglian.benefits.models import Card
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.scoping import unscoped
from shuanglian.jobs.actions import jobs
from shuanglian.registry import access as registry
from shuanglian.registry.fields import why_field

TRIES, MINUTES = 30, 10  # wrong codes from one address before it has to wait


class WhyForm(forms.Form):
    why = why_field()


@requires("benefits.view")
@require_safe
def card(request: SignedIn, pk: int) -> HttpResponse:
    """The card as the family will read it."""
    household = access.household(request.user, pk)
    made = sheets.sheets([household], on=clock.today(), masked=False)[0]
    return render(request, "benefits/card.html", {
        "household": household, "sheet": made, "form": WhyForm(),
        "may_print": may(request.user, "benefits.cards"),
    })  # fmt: skip


@requires("benefits.cards")
@require_POST
def print_card(request: SignedIn, pk: int) -> HttpResponse:
    """One family's card as PDF, at once; the first time its code is made."""
    household = access.household(request.user, pk, "benefits.cards")
    at = clock.now()
    cards.issue(households=[household], by=request.user, at=at)
    pdf = printing.pdf([household], on=clock.today(), address=_address(request))
    cards.note_printed(households=[household], area_code=household.area_code, by=request.user, at=at)
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="card-{household.number}.pdf"'
    return response


@requires("benefits.cards")
@require_POST
def renew(request: SignedIn, pk: int) -> HttpResponse:
    """A lost card: a new code."""
    household = access.household(request.user, pk, "benefits.cards")
    form = WhyForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            cards.renew(household=household, why=form.cleaned_data["why"], by=request.user, at=clock.now())
            messages.success(request, _("旧卡已作废，请重新打印。"))
            return redirect("benefits:card", household.pk)
    made = sheets.sheets([household], on=clock.today(), masked=False)[0]
    return render(request, "benefits/card.html", {"household": household, "sheet": made, "form": form,
                                                  "may_print": True}, status=422)  # fmt: skip


@requires("benefits.cards")
@require_POST
def print_village(request: SignedIn) -> HttpResponse:
    """All cards of an area in one file, made in the background."""
    area = registry.area(request.user, request.POST.get("area"))
    job = jobs.start(
        kind="benefits.cards", title=_("明白卡：{area}").format(area=area.name), by=request.user, at=clock.now(),
        params={"area": area.code, "language": get_language() or "zh-hans", "address": _address(request)},
        area_code=area.code,
    )  # fmt: skip
    messages.success(request, _("明白卡正在生成，完成后可以下载。"))
    return redirect("jobs:detail", job.pk)


def _address(request: HttpRequest) -> str:
    """What the QR code begins with; the code itself is added card by card."""
    return request.build_absolute_uri(reverse("family", args=["CODE"])).removesuffix("CODE/")


@require_safe
@never_cache
def family(request: HttpRequest, code: str) -> HttpResponse:
    """The family's own page, opened by the code on its card: no account, names masked, nothing that harms if lost."""
    key = f"family-misses:{client_address(request)}"
    if cache.get(key, 0) >= TRIES:
        return _bare(render(request, "core/error.html", {"status": 429}, status=429))
    wanted = "".join(one for one in code.upper() if one in cards.LETTERS)  # typed with blanks or hyphens as well
    with unscoped():
        found = Card.objects.filter(code=wanted, closed_at=None).select_related("household__village__parent").first()
        made = sheets.sheets([found.household], on=clock.today(), masked=True)[0] if found else None
    if found is None or found.household.removed_on is not None:
        cache.set(key, cache.get(key, 0) + 1, MINUTES * 60)
        raise Http404
    return _bare(render(request, "benefits/family.html", {"sheet": made, "code": wanted}))


def _bare(response: HttpResponse) -> HttpResponse:
    """Search engines leave it alone, the address is passed on to nobody else, nothing is kept in between.

    Not "no-referrer": browsers would then hide from our own forms (the language) where they come from, and be refused.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


patterns: list[Any] = [
    path("households/<int:pk>/card/", card, name="card"),
    path("households/<int:pk>/card/print/", print_card, name="print_card"),
    path("households/<int:pk>/card/renew/", renew, name="renew_card"),
    path("cards/print/", print_village, name="print_cards"),
]
