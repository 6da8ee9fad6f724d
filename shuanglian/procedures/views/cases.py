"""Cases: what waits for me, all of them, one with its steps and what may be done now. Gate → form → verb → back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.attachments import answers
from shuanglian.attachments.models import Attachment
from shuanglian.core import clock, panels
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.core.profile import active, language
from shuanglian.kernel.refusal import Refusal
from shuanglian.procedures import access, chain, facts, form_content, hooks, offers, queries, rules, showing
from shuanglian.procedures.actions import cases, papers, postings, signatures
from shuanglian.procedures.forms import DeedForm, PaperForm
from shuanglian.procedures.models import Case

MOST_WORDS = 120  # of a reason put in other words
TABS = ("waiting", "open", "over")


@requires("procedures.view")
@require_safe
def listing(request: SignedIn) -> HttpResponse:
    """Cases of the reader's area: those that wait for him, all under way, all that are over."""
    may_act = may(request.user, "procedures.act")
    which = request.GET.get("which", "waiting" if may_act else "open")
    which = which if which in TABS else "open"
    rows = queries.waiting(seen_by=request.user, on=clock.today()) if which == "waiting" else queries.cases(
        seen_by=request.user
    )  # fmt: skip
    rows = rows.filter(step="") if which == "over" else rows.exclude(step="")
    procedure, step = request.GET.get("procedure", ""), request.GET.get("step", "")
    if procedure:
        rows = rows.filter(procedure=procedure)
    if step:
        rows = rows.filter(step=step)
    page = keyset(rows, order=("-id",), after=request.GET.get("after"), size=40)
    counted = queries.by_step(rows) if which != "over" else {}
    groups = [
        {
            "procedure": code,
            "step": at,
            "label": f"{showing.title(code)} · {showing.step_label(code, at)}",
            "many": many,
        }
        for (code, at), many in sorted(counted.items())
    ]
    return render(request, "procedures/listing.html", {
        "doors": panels.render("cases", request),
        "page": page, "rows": [_line(case) for case in page.rows], "which": which, "room": "cases", "groups": groups,
        "procedure": procedure, "step": step, "may_act": may_act,
        "procedures": [(code, one.label.in_(language())) for code, one in active().procedures.items()],
    })  # fmt: skip


def _line(case: Case) -> dict[str, Any]:
    procedure = rules.of_case(case)
    at = procedure.step(case.step) if case.step else None
    return {"case": case, "title": procedure.label.in_(language()), "step": at.label.in_(language()) if at else "",
            "level": showing.level_label(at) if at else ""}  # fmt: skip


@requires("procedures.view")
@require_safe
def detail(request: SignedIn, pk: int) -> HttpResponse:
    return _detail(request, access.case(request.user, pk))


def _detail(
    request: SignedIn, case: Case, filled: DeedForm | None = None, paper: PaperForm | None = None
) -> HttpResponse:
    """A case: its steps, who did what when, papers, what may be done now and why the rest may not."""
    procedure, today = rules.of_case(case), clock.today()
    acts = list(queries.story(case))
    offered = offers.offers(case, request.user, today) if may(request.user, "procedures.act") else []
    mine = [one for one in offered if one.against is None]
    step = procedure.step(case.step) if case.step else None
    forms = [filled if filled and filled.offer.deed == one.deed else _form(request, case, one, today) for one in mine
             if not _by_meeting(one)]  # fmt: skip
    bring = bool(step and step.documents and step.kind != "evaluation" and any(
        one.against is None or one.against.code == "paper_missing" for one in offered))  # fmt: skip
    kept = facts.papers([case]).get(case.pk, {})
    return render(request, "procedures/case.html", {
        "case": case, "procedure": procedure, "title": procedure.label.in_(language()), "room": "cases",
        "steps": showing.steps(procedure, case, acts), "forms": forms, "step": step,
        "mark": acts[-1].digest if acts else "",
        "off_the_wall": showing.off_the_wall([case], step, today) if any(one.deed == "post" for one in mine) else [],
        "prints": showing.prints(case, request.user), "is_up": showing.is_up(case),
        "shown": form_content.to_be_signed([case], step, today),
        "meeting": any(_by_meeting(one) for one in mine), "href": _subject_page(case),
        "hindered": [(one.label, says(one.against)) for one in offered if one.against is not None],
        "waits": step and not mine and showing.level_label(step), "whole": not chain.broken([case.pk]),
        "preview": hooks.preview(procedure.effect, case), "asked": case.asked,
        "paper": (paper or PaperForm(None, None, step)) if bring and step else None,
        "papers": Attachment.objects.filter(pk__in=[one["attachment"] for some in kept.values() for one in some]),
        "postings": case.postings.select_related("notice"), "signatures": case.signatures.all(), "today": today,
        "version": case.edition.version,
    }, status=400 if filled or paper else 200)  # fmt: skip


def _by_meeting(offer: offers.Offer) -> bool:
    return offer.step.kind == "evaluation" and offer.deed == "pass"


def _form(request: SignedIn, case: Case, offer: offers.Offer, today: Any, data: Any = None) -> DeedForm:
    posts = showing.posts(offer.step, request.user) if offer.deed == "sign" else ()
    return DeedForm(data, offer, rules.of_case(case), today, signed=case.signed, posts=posts)


def _subject_page(case: Case) -> str:
    fn = hooks.subject(case.kind).href
    return fn(case) if fn else ""


@requires("procedures.act")
@require_POST
def do(request: SignedIn, pk: int, step: str, deed: str) -> HttpResponse:
    """One deed of the case's page, for the step that the page showed."""
    case = access.case(request.user, pk, "procedures.act")
    offer = next((one for one in offers.offers(case, request.user, clock.today()) if one.deed == deed), None)
    if offer is None or case.step != step:
        messages.error(request, _("这件事项已经往前走了，请看现在的情况。"))
        return redirect("procedures:case", case.pk)
    form = _form(request, case, offer, clock.today(), request.POST)
    if not form.is_valid():
        return _detail(request, case, form)
    try:
        _carry_out(request, case, step, form)
    except Refusal as refusal:
        form.add_error(None, says(refusal))
        return _detail(request, case, form) if offer.against is None else _refused(request, case, refusal)
    messages.success(request, _("已办：{deed}").format(deed=offer.label))
    return redirect("procedures:case", case.pk)


def _refused(request: SignedIn, case: Case, refusal: Refusal) -> HttpResponse:
    messages.error(request, says(refusal))
    return redirect("procedures:case", case.pk)


def _carry_out(request: SignedIn, case: Case, step: str, form: DeedForm) -> None:
    by, at, deed, given = request.user, clock.now(), form.offer.deed, form.given()
    if deed == "post":
        said = {case.pk: request.POST.get(f"said_{case.pk}", "")[:MOST_WORDS]}
        postings.post(cases=[case.pk], step=step, by=by, at=at, strict=True, said=said)
    elif deed == "sign":
        shown = form_content.as_shown([case], rules.of_case(case).step(step), clock.today(), request.POST)
        signatures.sign(step=step, post=given["to"], shown=shown, on=form.cleaned_data["on"], by=by, at=at)
    else:
        cases.do(case=case, deed=deed, step=step, on=form.cleaned_data["on"], by=by, at=at, **given)


@requires("procedures.act")
@require_POST
def bring(request: SignedIn, pk: int, step: str) -> HttpResponse:
    """A paper of the step."""
    case = access.case(request.user, pk, "procedures.act")
    if not case.step or case.step != step:
        return redirect("procedures:case", case.pk)
    form = PaperForm(request.POST, request.FILES, rules.of_case(case).step(step))
    if form.is_valid():
        with refusals_on(form):
            papers.add(of=case, step=step, code=form.cleaned_data["code"], upload=form.cleaned_data["upload"],
                       by=request.user, at=clock.now())  # fmt: skip
            messages.success(request, _("材料已保存"))
            return redirect("procedures:case", case.pk)
    return _detail(request, case, paper=form)


@requires("procedures.view")
@require_safe
def paper(request: SignedIn, pk: int) -> HttpResponse:
    return answers.answer(access.paper(request.user, pk))


patterns = [
    path("", listing, name="cases"),
    path("cases/<int:pk>/", detail, name="case"),
    path("cases/<int:pk>/<slug:step>/do/<slug:deed>/", do, name="do"),
    path("cases/<int:pk>/<slug:step>/paper/", bring, name="bring"),
    path("papers/<int:pk>/", paper, name="paper"),
]
