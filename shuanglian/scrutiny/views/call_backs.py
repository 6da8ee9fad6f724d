"""Call-backs: months drawn, who was drawn and what they said, the family's own answer by the code on its card."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.adapter import client_address
from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.benefits.card_doors import bare, card_behind
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.notices.actions import knocks
from shuanglian.rules.draws import SCRIPT
from shuanglian.scrutiny import access, queries
from shuanglian.scrutiny.actions import call_backs as verbs
from shuanglian.scrutiny.forms import SaidForm
from shuanglian.scrutiny.models import CallBack, Draw

PER_HOUR = 60  # answers from one address: a village may share one


@require_safe
@requires("scrutiny.view")
def draws(request: SignedIn) -> HttpResponse:
    """The months that were drawn, and how households answered."""
    rows = list(access.draws_seen_by(request.user).select_related("area")[:60])
    answers, area = queries.answers(rows, seen_by=request.user), request.user.area
    county = area is not None and area.level == Area.Level.COUNTY
    return render(request, "scrutiny/draws.html", {
        "rows": [(one, answers.get(one.pk, queries.Answers())) for one in rows],
        "may_draw": may(request.user, "scrutiny.draw") and county, "last": _last_month(),
        "drawn": any(one.month == _last_month() for one in rows) if county else False,
        "below": area is not None and area.level > Area.Level.COUNTY,
    })  # fmt: skip


@require_POST
@requires("scrutiny.view", "scrutiny.draw")
def draw_now(request: SignedIn) -> HttpResponse:
    """Draw last month, where the night has not."""
    area = request.user.area
    try:
        if area is None or area.level != Area.Level.COUNTY:
            raise Refusal("county_draws", _("由县里抽取"))
        stood = Draw.objects.filter(area=area, month=_last_month()).exists()
        made = verbs.draw(area=area, month=_last_month(), by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return redirect("scrutiny:draws")
    if stood:
        messages.info(request, _("这个月已经抽取过，不能重抽。"))
    else:
        messages.success(request, _("已抽取 {many} 户。").format(many=made.call_backs.count()))
    return redirect("scrutiny:draw", made.pk)


def _last_month() -> date:
    """Its first day."""
    return (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)


@require_safe
@requires("scrutiny.view")
def draw(request: SignedIn, draw_id: int) -> HttpResponse:
    """Who was drawn, how anybody can draw it again, and what was said."""
    found = access.draw_to_see(request.user, draw_id)
    wanted = request.GET.get("answer", "")
    page = keyset(queries.call_backs(found, seen_by=request.user, answer=wanted), order=("area_code", "id"),
                  after=request.GET.get("after"))  # fmt: skip
    areas = dict(Area.objects.filter(code__in={one.area_code for one in page}).values_list("code", "name"))
    return render(request, "scrutiny/draw.html", {
        "draw": found, "page": page, "rows": [(one, areas.get(one.area_code, "")) for one in page], "script": SCRIPT,
        "wanted": wanted,
        "answers": queries.answers([found], seen_by=request.user).get(found.pk, queries.Answers()),
        "waited_for": clock.today() <= found.until, "may_ask": may(request.user, "scrutiny.draw"),
        "choices": [("", _("全部")), *((one.value, one.label) for one in CallBack.Answer if one.value),
                    ("none", _("没有回复"))],
    })  # fmt: skip


@require_safe
@requires("scrutiny.view")
def frame(request: SignedIn, draw_id: int) -> HttpResponse:
    """The list that was drawn from, as the digest has it."""
    found = access.draw_to_see(request.user, draw_id)
    response = HttpResponse(found.frame, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="frame.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@requires("scrutiny.view", "scrutiny.draw")
def ask(request: SignedIn, call_back_id: int) -> HttpResponse:
    """An office that asked the household writes down what it said."""
    found = access.call_back_to_answer(request.user, call_back_id)
    if found.answer or clock.today() > found.draw.until:
        messages.info(request, _("这一户已经回复过。") if found.answer else _("回复期限已过。"))
        return redirect("scrutiny:draw", found.draw_id)
    form = SaidForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            verbs.answer(call_back=found, channel=CallBack.Channel.OFFICE, by=request.user, at=clock.now(),
                         **form.cleaned_data)  # fmt: skip
            messages.success(request, _("已登记这一户的答复。"))
            return redirect("scrutiny:draw", found.draw_id)
    return render(request, "scrutiny/ask.html", {"call_back": found, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def family(request: HttpRequest, code: str) -> HttpResponse:
    """The family's own answer: no account, three large buttons; the helper never learns what one family said."""
    card = card_behind(request, code)
    if isinstance(card, HttpResponse):
        return card
    with unscoped():
        asked = verbs.waiting_for(household=card.household, on=clock.today())
        said = verbs.has_said(household=card.household, on=clock.today())
    form = SaidForm(request.POST or None)
    if asked is not None and form.is_valid():
        with unscoped():
            if knocks.knock(what="callback", address=client_address(request), at=clock.now()) > PER_HOUR:
                return bare(render(request, "core/error.html", {"status": 429}, status=429))
            with refusals_on(form):
                verbs.answer(call_back=asked, channel=CallBack.Channel.CARD, at=clock.now(), **form.cleaned_data)
                return bare(render(request, "scrutiny/family_thanks.html", {"code": code}))
    told = {"asked": asked, "said": said, "form": form, "code": code}
    return bare(render(request, "scrutiny/family.html", told, status=422 if form.errors else 200))
