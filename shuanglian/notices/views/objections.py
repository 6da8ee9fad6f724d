"""Objections to be answered: text without who, the answer in plain words, who objected only with a reason, logged."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.attachments.actions.attachments import of
from shuanglian.attachments.answers import answer as answer_with
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.paging import keyset
from shuanglian.notices import access, queries, showing
from shuanglian.notices.actions import objections, repetitions
from shuanglian.notices.forms import AnswerForm, RepeatedForm, RepetitionForm, WhyForm
from shuanglian.notices.models import Objection
from shuanglian.trail import trail

STATES = ("open", "answered")


@requires("notices.answer")
@require_safe
def listing(request: SignedIn) -> HttpResponse:
    """Objections of the reader's area, those to be answered soonest first."""
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    rows = queries.objections_seen(seen_by=request.user, state=state)
    order = ("due_on", "id") if state == "open" else ("-id",)
    page = keyset(rows, order=order, after=request.GET.get("after"), size=30)
    shown = [(one, showing.row_name(one.notice, one.row)) for one in page.rows]
    return render(request, "notices/objections.html", {
        "page": page, "rows": shown, "state": state, "room": "objections", "today": clock.today(),
    })  # fmt: skip


@requires("notices.answer")
@require_safe
def detail(request: SignedIn, pk: int) -> HttpResponse:
    return _detail(request, access.objection(request.user, pk), AnswerForm(), WhyForm())


def _detail(
    request: SignedIn, found: Objection, form: AnswerForm, why: WhyForm, status: int = 200,
    who: tuple[str, str] | None = None, repeated: RepeatedForm | None = None, word: RepetitionForm | None = None,
) -> HttpResponse:  # fmt: skip
    among = repetitions.earlier(found)
    finds = found.is_open and not repetitions.may_not_find(found, found.notice, request.user)
    standing = repetitions.standing(found)
    may_know = access.may_know_who(request.user, found)
    return render(request, "notices/objection.html", {
        "objection": found, "row": showing.row_name(found.notice, found.row), "form": form, "why": why, "who": who,
        "may_know": may_know, "photos": list(of(found)), "today": clock.today(), "room": "objections",
        "named": bool(found.name or found.phone),
        "standing": standing, "finds": finds, "second": finds and standing is not None and standing.by != request.user,
        "repeated": repeated or (RepeatedForm(None, among=among) if finds and not standing and among else None),
        "word": word or RepetitionForm(), "found_before": found.repetitions.exclude(decided_at=None),
        "why_not": _(said) if (said := objections.may_not_answer(found, found.notice, request.user)) else "",
    }, status=status)  # fmt: skip


@requires("notices.answer")
@require_POST
def answer(request: SignedIn, pk: int) -> HttpResponse:
    found, form = access.objection(request.user, pk), AnswerForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            objections.answer(objection=found, outcome=form.cleaned_data["outcome"], text=form.cleaned_data["text"],
                              by=request.user, at=clock.now())  # fmt: skip
            messages.success(request, _("已答复，提意见的人凭查询号可以看到；公示从明天起继续计时。"))
            return redirect("notices:objection", found.pk)
    return _detail(request, found, form, WhyForm(), status=422)


@requires("notices.answer")
@require_POST
def repeated(request: SignedIn, pk: int) -> HttpResponse:
    """One person finds that it repeats an answered one."""
    found = access.objection(request.user, pk)
    form = RepeatedForm(request.POST, among=repetitions.earlier(found))
    if form.is_valid():
        with refusals_on(form):
            repetitions.propose(objection=found, of=form.cleaned_data["of"], why=form.cleaned_data["why"],
                                by=request.user, at=clock.now())  # fmt: skip
            messages.success(request, _("已提出，等另一人复核；在此之前公示照常停算。"))
            return redirect("notices:objection", found.pk)
    return _detail(request, found, AnswerForm(), WhyForm(), status=422, repeated=form)


@requires("notices.answer")
@require_POST
def repetition(request: SignedIn, pk: int) -> HttpResponse:
    """Another person agrees or does not."""
    found, form = access.objection(request.user, pk), RepetitionForm(request.POST)
    agrees = request.POST.get("agrees") == "yes"
    if form.is_valid():
        with refusals_on(form):
            repetitions.decide(objection=found, agrees=agrees, text=form.cleaned_data["text"], by=request.user,
                               at=clock.now())  # fmt: skip
            messages.success(request, _("已复核。"))
            return redirect("notices:objection", found.pk)
    return _detail(request, found, AnswerForm(), WhyForm(), status=422, word=form)


@requires("notices.answer")
@require_POST
def look(request: SignedIn, pk: int) -> HttpResponse:
    """Who objected, for this once; the look is in the trail."""
    found, form = access.needs_to_know_who(request.user, pk), WhyForm(request.POST)
    who = None
    if form.is_valid():
        with refusals_on(form):
            who = objections.look(objection=found, why=form.cleaned_data["why"], by=request.user, at=clock.now())
    status = 422 if who is None else 200
    return _detail(request, found, AnswerForm(), form if who is None else WhyForm(), status=status, who=who)


@requires("notices.answer")
@require_safe
def photo(request: SignedIn, pk: int, photo: int) -> HttpResponse:
    """One photo of an objection: it may show who took it, so it is looked at like a name."""
    found = access.needs_to_know_who(request.user, pk)
    attachment = of(found).filter(pk=photo, gone_at=None).first()
    if attachment is None:
        raise Http404
    response = answer_with(attachment)
    trail.look("objection_photo", about=found, by=request.user, at=clock.now())
    return response
