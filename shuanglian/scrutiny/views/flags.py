"""Doubtful visits: the list to work off, one's own to answer, one with what speaks for and against, the finding."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock, profile
from shuanglian.core.forms import refusals_on
from shuanglian.core.paging import keyset
from shuanglian.registry import access as registry
from shuanglian.scrutiny import access, queries
from shuanglian.scrutiny.actions import reviews
from shuanglian.scrutiny.forms import AnswerForm, VerdictForm
from shuanglian.scrutiny.models import Flag


@require_safe
@requires("scrutiny.view")
def flags(request: SignedIn) -> HttpResponse:
    """The flags of an area by state and sign, the heaviest first."""
    area = registry.area(request.user, request.GET.get("area"))
    state, sign = request.GET.get("state", ""), request.GET.get("sign", "")
    signs = profile.active().scrutiny.signs
    rows = queries.flags(seen_by=request.user, area=area, state=state, sign=sign if sign in signs else "")
    page = keyset(rows, order=("-points", "id"), after=request.GET.get("after"))
    lang, counts = profile.language(), queries.counted(seen_by=request.user, area=area)
    return render(request, "scrutiny/flags.html", {
        "area": area, "page": page, "rows": [(flag, queries.against(flag.met)) for flag in page], "state": state,
        "sign": sign, "signs": [(code, one.shape.label.in_(lang)) for code, one in signs.items()],
        "states": [(code, label, counts.get(code, 0)) for code, label in Flag.State.choices], "today": clock.today(),
    })  # fmt: skip


@require_safe
@requires("scrutiny.answer")
def mine(request: SignedIn) -> HttpResponse:
    """What a cadre is asked to say about his own visits, and what was found."""
    rows = queries.mine(seen_by=request.user)[:200]
    return render(request, "scrutiny/mine.html", {
        "rows": [(flag, queries.against(flag.met), queries.verdict(flag)) for flag in rows], "today": clock.today(),
    })  # fmt: skip


@require_safe
@requires("fieldwork.view")
def flag(request: SignedIn, flag_id: int) -> HttpResponse:
    """One visit with what speaks for and against it, the cadre's word and the finding."""
    return _page(request, access.flag_to_see(request.user, flag_id))


@require_POST
@requires("scrutiny.answer")
def answer(request: SignedIn, flag_id: int) -> HttpResponse:
    """The cadre's word."""
    found = access.flag_to_answer(request.user, flag_id)
    if not found.open:
        return _over(request, found)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            reviews.answer(flag=found, text=form.cleaned_data["text"], by=request.user, at=clock.now())
            messages.success(request, _("已记下您的说明。"))
            return redirect("scrutiny:flag", found.pk)
    return _page(request, found, answering=form)


@require_POST
@requires("scrutiny.review")
def decide(request: SignedIn, flag_id: int) -> HttpResponse:
    """The reviewer's finding."""
    found = access.flag_to_decide(request.user, flag_id)
    if not found.open:
        return _over(request, found)
    form = VerdictForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            reviews.decide(flag=found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已记下核实结论。"))
            return redirect("scrutiny:flag", found.pk)
    return _page(request, found, deciding=form)


def _over(request: SignedIn, found: Flag) -> HttpResponse:
    """Sent twice, or while somebody else decided: what stands is shown, and said."""
    decided = found.state == Flag.State.DECIDED
    messages.info(request, _("这次走访已经核实，没有改动。") if decided else _("这次走访不再存疑，没有改动。"))
    return redirect("scrutiny:flag", found.pk)


def _page(
    request: SignedIn, found: Flag, answering: AnswerForm | None = None, deciding: VerdictForm | None = None
) -> HttpResponse:
    own = found.cadre.user_id == request.user.pk
    score = getattr(found.visit, "score", None)
    reviews_it = found.open and may(request.user, "scrutiny.review") and reviews.impartial(found, request.user)
    answers_it = own and found.open and may(request.user, "scrutiny.answer")
    scoring = profile.active().scrutiny.scoring
    heard = found.state == Flag.State.ANSWERED or clock.today() > found.answer_until
    return render(request, "scrutiny/flag.html", {
        "flag": found, "visit": found.visit, "against": queries.against(found.met),
        "in_favour": queries.in_favour(score.facts, visit=found.visit) if score else [],
        "verdict": queries.verdict(found), "own": own,
        "answering": (answering or AnswerForm()) if answers_it else None,
        "deciding": (deciding or VerdictForm()) if reviews_it and heard else None, "waits": reviews_it and not heard,
        "refused": deciding.non_field_errors() if deciding and not (reviews_it and heard) else None,
        "flag_at": scoring.flag_at if scoring else None,
    }, status=422 if answering or deciding else 200)  # fmt: skip
