"""Disputes: the list without names, early notice, one with what its mediators read (VOICE-5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.attachments.actions import attachments
from shuanglian.attachments.models import Attachment
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.paging import keyset
from shuanglian.core.profile import active, language
from shuanglian.disputes import access, forms, queries
from shuanglian.disputes.actions import disputes as verbs
from shuanglian.disputes.actions import forgetting, mediating
from shuanglian.disputes.models import Dispute, Record
from shuanglian.disputes.queries import label
from shuanglian.fieldwork.views.log import villages_in
from shuanglian.grievances import access as grievances
from shuanglian.grievances.models import Demand
from shuanglian.registry import access as registry


@require_safe
@requires(access.MEDIATE)
def cases(request: SignedIn) -> HttpResponse:
    """Disputes of an area by state and kind: kind, village, level, time; nobody's name."""
    area, on = registry.area(request.user, request.GET.get("area")), clock.today()
    known, which, kind = active().disputes, request.GET.get("list", ""), request.GET.get("kind", "")
    which, kind = which if which in queries.LISTS else "", kind if kind in known.kinds else ""
    rows = queries.disputes(seen_by=request.user, area=area, which=which, kind=kind, on=on)
    page = keyset(rows, order=("-id",), after=request.GET.get("after"))
    counts, lang = queries.counts(seen_by=request.user, area=area, on=on), language()
    return render(request, "disputes/cases.html", {
        "area": area, "page": page, "which": which, "kind": kind,
        "rows": [(one, label(known.kinds, one.kind), label(known.rungs, one.level), one.is_late(on)) for one in page],
        "tabs": [(name, title, counts[name]) for name, title in {"": _("没有办结的"), **queries.LISTS}.items()],
        "kinds": [(one.code, one.label.in_(lang)) for one in known.kinds.values()],
        "may_report": may(request.user, access.REPORT), "waiting": queries.waiting_for(request.user).count(),
    })  # fmt: skip


@requires(access.REPORT)
def new(request: SignedIn) -> HttpResponse:
    """Early notice; from a demand what it says comes filled in."""
    demand, own = _demand(request), request.user.area
    village = own if own is not None and own.level == Area.Level.VILLAGE else None
    known: dict[str, Any] = {"words": demand.text, "village": demand.village_id} if demand else {}
    form = forms.ReportForm(request.POST or None, villages=villages_in(request.user), own=village, initial=known)
    if form.is_valid():
        with refusals_on(form):
            made = verbs.report(by=request.user, at=clock.now(), demand=demand, **form.cleaned_data)
            messages.success(request, _("已记下，由{level}。").format(level=label(active().disputes.rungs, made.level)))
            return redirect("disputes:case", made.pk)
    return render(request, "disputes/case_form.html", {"form": form, "demand": demand},
                  status=422 if form.errors else 200)  # fmt: skip


def _demand(request: SignedIn) -> Demand | None:
    told = request.GET.get("demand", "")
    return grievances.demand_to_see(request.user, int(told)) if told.isdecimal() and len(told) < 18 else None


@require_safe
@requires(access.MEDIATE)
def case(request: SignedIn, case_id: int) -> HttpResponse:
    return _page(request, access.dispute_to_see(request.user, case_id))


def _page(request: HttpRequest, found: Dispute, name: str = "", form: Any = None) -> HttpResponse:
    """One dispute; names, words and forms only for who mediates it. `name`: the form that was sent and had faults."""
    user: Any = request.user
    known, inside = active().disputes, access.is_inside(user, found)
    directs = inside and access.handles(user, found)
    told = {
        "dispute": found, "kind": label(known.kinds, found.kind), "level": label(known.rungs, found.level),
        "end": label(known.ends, found.end) if found.end else "", "steps": _steps(found), "inside": inside,
        "late": found.is_late(clock.today()), "directs": directs, "tried": name,
        "solved_at": label(known.rungs, found.solved_at) if found.solved_at else "",
        "forms": _forms(found, inside, directs, access.stands_above(user, found)) | ({name: form} if name else {}),
    }  # fmt: skip
    if inside:
        told |= {"parties": found.parties.all(), "records": _records(found)}
    return render(request, "disputes/case.html", told, status=422 if name else 200)


def _forms(found: Dispute, inside: bool, directs: bool, above: bool) -> dict[str, Any]:
    """The forms that the reader may send now, by the name of their address."""
    asked, made = found.demand_id is not None, {}
    if found.state == Dispute.State.OPEN:
        if inside:
            made = {"party": forms.PartyForm(), "meet": forms.MeetingForm(), "agree": forms.AgreementForm(asked=asked)}
        if directs:
            made |= {"assign": forms.AssignForm(people=queries.mediators(found)), "close": forms.CloseForm(asked=asked)}
        if (directs or above) and found.level != "county":
            made |= {"pass_up": forms.PassUpForm()}
    if found.state == Dispute.State.AGREED and inside:
        made = {"visit": forms.VisitForm()}
    return made


def _steps(found: Dispute) -> list[tuple[Any, str]]:
    rungs = active().disputes.rungs
    return [(one, label(rungs, one.level)) for one in found.steps.select_related("by")]


def _records(found: Dispute) -> list[tuple[Record, list[Attachment]]]:
    return [
        (one, list(attachments.of(one).filter(gone_at=None)) if one.kind == Record.Kind.AGREEMENT else [])
        for one in found.records.select_related("by")
    ]


def _done(
    request: SignedIn, found: Dispute, name: str, form: django_forms.Form, verb: Callable[..., Any], said: str,
    **given: Any,
) -> HttpResponse:  # fmt: skip
    """Send a form to its verb; back to the page, or the page with what was wrong."""
    if form.is_valid():
        with refusals_on(form):
            told = form.given() if hasattr(form, "given") else form.cleaned_data
            verb(dispute=found, by=request.user, at=clock.now(), **told, **given)
            messages.success(request, said)
            return redirect("disputes:case", found.pk)
    return _page(request, found, name, form)


@require_POST
@requires(access.MEDIATE)
def assign(request: SignedIn, case_id: int) -> HttpResponse:
    found = access.dispute_to_direct(request.user, case_id)
    form = forms.AssignForm(request.POST, people=queries.mediators(found))
    return _done(request, found, "assign", form, mediating.assign, _("已指定调解人。"))


@require_POST
@requires(access.MEDIATE)
def party(request: SignedIn, case_id: int) -> HttpResponse:
    found = access.dispute_to_mediate(request.user, case_id)
    return _done(request, found, "party", forms.PartyForm(request.POST), mediating.add_party, _("已登记当事人。"))


@require_POST
@requires(access.MEDIATE)
def party_out(request: SignedIn, case_id: int, party_id: int) -> HttpResponse:
    found = access.dispute_to_mediate(request.user, case_id)
    mediating.remove_party(party=get_object_or_404(found.parties, pk=party_id), by=request.user, at=clock.now())
    messages.success(request, _("已删除，没有留下。"))
    return redirect("disputes:case", found.pk)


@require_POST
@requires(access.MEDIATE)
def meet(request: SignedIn, case_id: int) -> HttpResponse:
    found = access.dispute_to_mediate(request.user, case_id)
    return _done(request, found, "meet", forms.MeetingForm(request.POST), mediating.meet, _("已登记调解。"))


@require_POST
@requires(access.MEDIATE)
def agree(request: SignedIn, case_id: int) -> HttpResponse:
    found = access.dispute_to_mediate(request.user, case_id)
    form = forms.AgreementForm(request.POST, request.FILES, asked=found.demand_id is not None)
    return _done(request, found, "agree", form, mediating.agree, _("已登记协议，到期回访。"))


@require_POST
@requires(access.MEDIATE)
def visit(request: SignedIn, case_id: int) -> HttpResponse:
    found = access.dispute_to_mediate(request.user, case_id)
    return _done(request, found, "visit", forms.VisitForm(request.POST), mediating.visit, _("已登记回访。"))


@require_POST
@requires(access.MEDIATE)
def pass_up(request: SignedIn, case_id: int) -> HttpResponse:
    found = access.dispute_to_raise(request.user, case_id)
    return _done(request, found, "pass_up", forms.PassUpForm(request.POST), mediating.pass_up, _("已转上一级。"))


@require_POST
@requires(access.MEDIATE)
def close(request: SignedIn, case_id: int) -> HttpResponse:
    found = access.dispute_to_direct(request.user, case_id)
    form = forms.CloseForm(request.POST, asked=found.demand_id is not None)
    return _done(request, found, "close", form, mediating.close, _("已办结。"))


@require_POST
@requires(access.MEDIATE)
def forget(request: SignedIn, case_id: int) -> HttpResponse:
    """A party asked for it before the time."""
    found = access.dispute_to_direct(request.user, case_id)
    form = django_forms.Form(request.POST)
    with refusals_on(form):
        forgetting.asked(dispute=found, by=request.user, at=clock.now())
        messages.success(request, _("姓名、协议和记录已删除，只留下件数。"))
    for error in form.non_field_errors():
        messages.error(request, str(error))
    return redirect("disputes:case", found.pk)


@require_safe
@requires(access.MEDIATE)
def scan(request: SignedIn, case_id: int, scan_id: int) -> HttpResponse:
    """The signed agreement, for who mediates."""
    found = access.dispute_to_mediate(request.user, case_id)
    told = [attachments.about(one) for one in found.records.filter(kind=Record.Kind.AGREEMENT)]
    row = get_object_or_404(Attachment.objects.filter(about__in=told, gone_at=None), pk=scan_id)
    kinds = {"image": "image/jpeg", "pdf": "application/pdf"}
    return HttpResponse(attachments.fetch(row), content_type=kinds[row.kind],
                        headers={"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"})  # fmt: skip
