"""The page for officials: a policy written without programming, tried, proposed, confirmed by another (BEN-8)."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.benefits import access, casing, catalogue, provisions, trying, widgets
from shuanglian.benefits.actions import provisions as verbs
from shuanglian.benefits.actions import scenarios
from shuanglian.benefits.drafting import TermsState, weigh_yuan
from shuanglian.benefits.models import Provision
from shuanglian.benefits.provision_forms import (
    BasicsForm,
    ConfirmForm,
    CountForm,
    StartForm,
    TextForm,
    TryForm,
    WhyForm,
)
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.core.profile import active, language
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import access as registry
from shuanglian.registry import scope
from shuanglian.rules.benefit_text import to_toml
from shuanglian.trail import trail

from .common import default_day

ANY = ["GET", "HEAD", "POST"]
S = Provision.State


@requires("benefits.write")
@require_safe
def listing(request: SignedIn) -> HttpResponse:
    """Every version of every provision of the reader's area, the newest first."""
    rows = Provision.objects.within(request.user.area).select_related("area", "by", "confirmed_by")
    page = keyset(rows, order=("-id",), after=request.GET.get("after"), size=30)
    shown = [(one, _title(one)) for one in page.rows]
    return render(request, "benefits/provisions.html", {"page": page, "rows": shown})


def _title(provision: Provision) -> str:
    """What the text calls it, also while the text has faults."""
    title = _table(provision).get("title")
    return str(title.get(language()) or provision.code) if isinstance(title, dict) else provision.code


def _table(provision: Provision) -> dict[str, Any]:
    """The text's table; empty when it is no TOML."""
    try:
        return tomllib.loads(provision.text)
    except (ValueError, RecursionError):
        return {}


@requires("benefits.write")
@require_http_methods(ANY)
def new(request: SignedIn) -> HttpResponse:
    """Begin one: blank, as a copy, or as a change of an existing one from a day on."""
    area = registry.area(request.user, None)
    form = StartForm(request.POST or None, area_code=area.code, initial={"source": request.GET.get("from", "")})
    if form.is_valid():
        told = form.cleaned_data
        source = form.known.get(told["source"])
        table = verbs.copied_table(source, told["since"]) if source else verbs.blank_table(told["title"])
        if source and told["title"]:
            table["title"] = {"zh": told["title"], "en": told["title"]}
        with refusals_on(form):
            made = verbs.draft(code=told["code"], area=area, table=table, replaces=told["replaces"], by=request.user,
                               at=clock.now())  # fmt: skip
            return redirect("benefits:provision" if source else "benefits:provision_basics", made.pk)
    return render(request, "benefits/provision_new.html", {"form": form, "area": area}, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


@requires("benefits.write")
@require_safe
def provision(request: SignedIn, pk: int) -> HttpResponse:
    """One version: what it says, what is wrong with it, its cases, its other versions, what may be done with it."""
    found = access.provision(request.user, pk)
    told, table, on = catalogue.reading(found), _table(found), default_day(found.area)
    benefit = told.benefit
    terms = table.get("terms", []) if isinstance(table.get("terms", []), list) else []
    others = Provision.objects.filter(code=found.code, area=found.area).select_related("by", "confirmed_by")
    standing = next((one for one in others if one.state == S.IN_FORCE and one.pk != found.pk), None)
    return render(request, "benefits/provision.html", {
        "provision": found, "title": _title(found), "table": table, "terms": list(enumerate(terms)),
        "shown": provisions.provision(benefit, on) if benefit else None,
        "cases": provisions.cases(benefit) if benefit and not _broken(told) else [], "faults": told.faults,
        "sound": told.sound, "versions": others.order_by("-id")[:30], "why": WhyForm(),
        "try_form": TryForm(initial={"on": on}), "count_form": CountForm(seen_by=request.user, initial={
            "area": found.area, "on": on}),
        "confirm": ConfirmForm(initial={"seen": verbs.version(found)}), "difference": _difference(found, standing),
        "may_confirm": may(request.user, "benefits.confirm") and found.by_id != request.user.pk,
        "own": found.by_id == request.user.pk, "may_scenario": may(request.user, "benefits.scenario"),
        "replaces": active().benefits.get(found.code) if found.replaces else None,
    })  # fmt: skip


def _broken(told: Any) -> bool:
    """Whether texts could not be read, so that cases cannot be worked out."""
    return any(fault.code != "case_fails" for fault in told.faults)


def _difference(found: Provision, standing: Provision | None) -> list[tuple[str, str]]:
    """(kind, line) of what changes against the version in force, for who confirms."""
    if standing is None or found.state not in (S.DRAFT, S.PROPOSED):
        return []
    lines = difflib.unified_diff(standing.text.splitlines(), found.text.splitlines(), lineterm="", n=2)
    kinds = {"+": "added", "-": "removed"}
    return [(kinds.get(line[:1], "same"), line) for line in list(lines)[2:]]


# --- its parts --------------------------------------------------------------------------------------------------------
def _draft(request: SignedIn, pk: int) -> Provision:
    found = access.provision(request.user, pk)
    if found.state != S.DRAFT:
        raise Http404
    return found


def _keep(request: SignedIn, found: Provision, table: dict[str, Any]) -> bool:
    """Keep a table as the draft's text; whether that could be done."""
    try:
        verbs.write(provision=found, text=to_toml(table), by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return False
    messages.success(request, _("已保存"))
    return True


def _unreadable(request: SignedIn, found: Provision) -> HttpResponse | None:
    """A text that is no table can only be mended as a text: a form would lose what was written."""
    if _table(found) or not found.text.strip():
        return None
    messages.error(request, _("文本写法有误，先在这里改正"))
    return redirect("benefits:provision_text", found.pk)


@requires("benefits.write")
@require_http_methods(ANY)
def basics(request: SignedIn, pk: int) -> HttpResponse:
    found = _draft(request, pk)
    if away := _unreadable(request, found):
        return away
    form = BasicsForm(request.POST or None, table=_table(found))
    if form.is_valid():
        _keep(request, found, form.changed_table())
        return redirect("benefits:provision", pk)
    return render(request, "benefits/provision_basics.html", {
        "provision": found, "title": _title(found), "form": form,
    }, status=_status(form))  # fmt: skip


@requires("benefits.write")
@require_http_methods(ANY)
def terms(request: SignedIn, pk: int, place: int) -> HttpResponse:
    """One stretch of terms: days, sources, amounts, conditions. Every button posts the form; "save" keeps it."""
    found = _draft(request, pk)
    if away := _unreadable(request, found):
        return away
    table = _table(found)
    several = [one for one in table.get("terms", []) if isinstance(one, dict)]
    if place > len(several):
        raise Http404
    before = several[place] if place < len(several) else {}
    subject = "household" if table.get("subject") == "household" else "person"
    if request.method != "POST":
        return _terms_page(request, found, place, TermsState.of(before, subject), subject)
    state = TermsState.posted(request.POST, {key: before[key] for key in ("differs",) if key in before})
    what = request.POST.get("do", "")
    state.do(what)
    state.settle(subject)
    if what == "save":
        several[place : place + 1] = [state.table(subject)]
        several.sort(key=lambda one: str(one.get("since", "")))
        _keep(request, found, {**table, "terms": several})
        return _elsewhere(request, reverse("benefits:provision", args=[pk]))
    return _terms_page(request, found, place, state, subject)


def _elsewhere(request: SignedIn, address: str) -> HttpResponse:
    """Go to another page, whether a form or a part of the page asked."""
    return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)


def _terms_page(request: SignedIn, found: Provision, place: int, state: TermsState, subject: str) -> HttpResponse:
    lang = language()
    searched = request.POST.get("search", "") if request.POST.get("do") == "search" else ""
    picked = [f"given.{one.name}" for one in state.amounts]
    context = {
        "provision": found, "title": _title(found), "place": place, "state": state, "subject": subject,
        "blocks": widgets.block_views(state, subject), "yuan": weigh_yuan(state, state.words(subject)),
        "picked": picked, "formula": "" if state.yuan in picked else state.yuan,
        "documents": [(code, one.title.in_(lang)) for code, one in active().documents.items()],
        "rules": [(code, label.in_(lang)) for code, label in active().rules.items()],
        "searched": searched, "facts": widgets.search(searched, subject),
    }  # fmt: skip
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "benefits/parts/terms_form.html" if part else "benefits/provision_terms.html", context)


@requires("benefits.write")
@require_POST
def drop_terms(request: SignedIn, pk: int, place: int) -> HttpResponse:
    found = _draft(request, pk)
    table = _table(found)
    several = list(table.get("terms", []))
    if place >= len(several):
        raise Http404
    del several[place]
    _keep(request, found, {**table, "terms": several})
    return redirect("benefits:provision", pk)


@requires("benefits.write")
@require_http_methods(ANY)
def cases(request: SignedIn, pk: int) -> HttpResponse:
    """Worked examples: the facts of a family and what must come out; run on this page."""
    found = _draft(request, pk)
    if away := _unreadable(request, found):
        return away
    table = _table(found)
    subject = "household" if table.get("subject") == "household" else "person"
    state = [casing.CaseState.of(one) for one in table.get("cases", []) if isinstance(one, dict)]
    if request.method == "POST":
        state = casing.posted(request.POST)
        what = request.POST.get("do", "")
        casing.do(state, what)
        if what in ("save", "run"):
            _keep(request, found, {**table, "cases": [one.table(subject) for one in state]})
            found.refresh_from_db()
        if what == "save":
            return _elsewhere(request, reverse("benefits:provision", args=[pk]))
    told = catalogue.reading(found)
    own, members = casing.asked(told.benefit)
    ran = request.method == "POST" and request.POST.get("do") == "run"
    faults = [[one for one in told.faults if one.path[:2] == ("cases", place)] for place in range(len(state))]
    came = provisions.cases(told.benefit) if ran and told.benefit and not _broken(told) else []
    views = [
        {"state": one, "inputs": widgets.inputs(own, one.facts), "faults": faults[place] if ran else [], "ran": ran,
         "came": came[place] if place < len(came) else None,
         "members": [widgets.inputs(members, member) for member in one.members]}
        for place, one in enumerate(state)
    ]  # fmt: skip
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "benefits/parts/cases_form.html" if part else "benefits/provision_cases.html", {
        "provision": found, "title": _title(found), "cases": views, "has_members": bool(members),
        "others": [fault for fault in told.faults if fault.path[:1] != ("cases",)] if ran else [],
    })  # fmt: skip


@requires("benefits.write")
@require_http_methods(ANY)
def text(request: SignedIn, pk: int) -> HttpResponse:
    """The whole text, written by hand."""
    found = _draft(request, pk)
    form = TextForm(request.POST or None, initial={"text": found.text})
    if form.is_valid():
        with refusals_on(form):
            verbs.write(provision=found, text=form.cleaned_data["text"], by=request.user, at=clock.now())
            return redirect("benefits:provision", pk)
    return render(request, "benefits/provision_text.html", {
        "provision": found, "title": _title(found), "form": form, "faults": catalogue.reading(found).faults,
    }, status=_status(form))  # fmt: skip


# --- tried ------------------------------------------------------------------------------------------------------------
@requires("benefits.write")
@require_safe
def attempt(request: SignedIn, pk: int) -> HttpResponse:
    """On a real family of the reader's area, names masked; or over an area, by count."""
    found = access.provision(request.user, pk)
    context: dict[str, Any] = {"provision": found, "title": _title(found)}
    family, area = TryForm(request.GET or None), CountForm(request.GET or None, seen_by=request.user)
    form = area if "area" in request.GET or "area_text" in request.GET else family
    if form.is_valid():
        with refusals_on(form):
            benefit, on = catalogue.written(found), form.cleaned_data["on"]
            if form is family:
                context |= _on_family(request, benefit, form.cleaned_data["number"].strip(), on)
                if "household" not in context:
                    form.add_error("number", _("您的辖区里没有这个户编号"))
            else:
                context |= {"area": form.cleaned_data["area"], "on": on,
                            "counted": trying.over_area(benefit, form.cleaned_data["area"], on)}  # fmt: skip
    if "household" in context:
        trail.write("benefits.provisions.try", about=context["household"], by=request.user, at=clock.now())
    return render(request, "benefits/provision_try.html", {**context, "form": form}, status=_status(form))


def _on_family(request: SignedIn, benefit: Any, number: str, on: date) -> dict[str, Any]:
    household = scope.visible(seen_by=request.user).filter(number=number).select_related("village").first()
    if household is None:
        return {}
    return {"household": household, "on": on, "tried": trying.on_family(benefit, household, on)}


@requires("benefits.write", "benefits.scenario")
@require_POST
def to_scenario(request: SignedIn, pk: int) -> HttpResponse:
    """A what-if with this draft in it."""
    found = access.provision(request.user, pk)
    day = default_day(found.area)
    coming = [str(one.get("since", "")) for one in _table(found).get("terms", []) if isinstance(one, dict)]
    since = max([day, *(date.fromisoformat(one) for one in coming if len(one) == 10)])

    def make() -> HttpResponse:
        made = scenarios.create(
            title=_("施行“{title}”").format(title=_title(found)), area=found.area, on=since, against=day,
            changes={"drafts": [found.pk]}, by=request.user, at=clock.now(),
        )  # fmt: skip
        return redirect("benefits:scenario", made.pk)

    return _tried(request, pk, make)


# --- its way ----------------------------------------------------------------------------------------------------------
def _tried(request: SignedIn, pk: int, verb: Callable[[], HttpResponse | None]) -> HttpResponse:
    """A verb behind a button: what it refuses is said on the provision's page."""
    try:
        answer = verb()
    except Refusal as refusal:
        messages.error(request, says(refusal))
        answer = None
    return answer or redirect("benefits:provision", pk)


def _with_why(request: SignedIn, pk: int, verb: Callable[..., Provision], done: str) -> HttpResponse:
    found = access.provision(request.user, pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明理由"))
        return redirect("benefits:provision", pk)

    def run() -> None:
        verb(provision=found, why=form.cleaned_data["why"], by=request.user, at=clock.now())
        messages.success(request, done)

    return _tried(request, pk, run)  # type: ignore[arg-type]


@requires("benefits.write")
@require_POST
def propose(request: SignedIn, pk: int) -> HttpResponse:
    return _with_why(request, pk, verbs.propose, _("已提出，等另一人复核"))


@requires("benefits.write", "benefits.confirm")
@require_POST
def send_back(request: SignedIn, pk: int) -> HttpResponse:
    return _with_why(request, pk, verbs.send_back, _("已退回"))


@requires("benefits.write")
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """A draft by who writes; one in force by who may confirm."""
    found = access.provision(request.user, pk)
    if found.state == S.IN_FORCE:
        access.needs(request.user, "benefits.confirm")
    return _with_why(request, pk, verbs.withdraw, _("已撤回"))


@requires("benefits.write", "benefits.confirm")
@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """In a second person's name."""
    found = access.provision(request.user, pk, "benefits.confirm")
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请先逐条核对，再勾选确认"))
        return redirect("benefits:provision", pk)

    def run() -> None:
        verbs.confirm(provision=found, seen=form.cleaned_data["seen"], by=request.user, at=clock.now())
        messages.success(request, _("已生效"))

    return _tried(request, pk, run)  # type: ignore[arg-type]


@requires("benefits.write")
@require_POST
def revise(request: SignedIn, pk: int) -> HttpResponse:
    """A new version of one: a draft with the same text."""
    found = access.provision(request.user, pk)

    def make() -> HttpResponse:
        made = verbs.draft(code=found.code, area=found.area, table=_table(found), replaces=found.replaces,
                           by=request.user, at=clock.now())  # fmt: skip
        return redirect("benefits:provision", made.pk)

    return _tried(request, pk, make)


@requires("benefits.write")
@require_safe
def export(request: SignedIn, pk: int) -> HttpResponse:
    """The text as the file of a profile's folder."""
    found = access.provision(request.user, pk)
    return HttpResponse(found.text, content_type="application/toml; charset=utf-8", headers={
        "Content-Disposition": content_disposition_header(True, f"{found.code}.toml") or "attachment",
    })  # fmt: skip


patterns = [
    path("provisions/", listing, name="provisions"),
    path("provisions/new/", new, name="provision_new"),
    path("provisions/<int:pk>/", provision, name="provision"),
    path("provisions/<int:pk>/basics/", basics, name="provision_basics"),
    path("provisions/<int:pk>/terms/<int:place>/", terms, name="provision_terms"),
    path("provisions/<int:pk>/terms/<int:place>/drop/", drop_terms, name="provision_drop_terms"),
    path("provisions/<int:pk>/cases/", cases, name="provision_cases"),
    path("provisions/<int:pk>/text/", text, name="provision_text"),
    path("provisions/<int:pk>/try/", attempt, name="provision_try"),
    path("provisions/<int:pk>/scenario/", to_scenario, name="provision_scenario"),
    path("provisions/<int:pk>/propose/", propose, name="provision_propose"),
    path("provisions/<int:pk>/return/", send_back, name="provision_return"),
    path("provisions/<int:pk>/confirm/", confirm, name="provision_confirm"),
    path("provisions/<int:pk>/withdraw/", withdraw, name="provision_withdraw"),
    path("provisions/<int:pk>/revise/", revise, name="provision_revise"),
    path("provisions/<int:pk>/export/", export, name="provision_export"),
]
