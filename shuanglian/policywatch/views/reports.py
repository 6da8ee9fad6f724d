"""Reports on policies: the list, a new one with everything filled in, one with what was decided (VOICE-4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.attachments.actions import attachments
from shuanglian.attachments.models import Attachment
from shuanglian.benefits import catalogue
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.paging import keyset
from shuanglian.core.profile import active, language
from shuanglian.fieldwork.views.log import villages_in
from shuanglian.grievances import access as grievances
from shuanglian.grievances.models import Demand
from shuanglian.policywatch import access, facts, queries
from shuanglian.policywatch.actions import proposals
from shuanglian.policywatch.actions import reports as verbs
from shuanglian.policywatch.forms import CloseForm, CorrectForm, ExplainForm, ReportForm
from shuanglian.policywatch.models import Report
from shuanglian.policywatch.queries import Wanted, label
from shuanglian.registry import access as registry
from shuanglian.registry.models import Household


@require_safe
@requires(access.VIEW)
def reports(request: SignedIn) -> HttpResponse:
    """Reports of an area by state, kind and provision; those not over unless asked for."""
    area, on = registry.area(request.user, request.GET.get("area")), clock.today()
    known = active().policywatch
    kind, which = request.GET.get("kind", ""), request.GET.get("list", "")
    wanted = Wanted(which if which in queries.LISTS else "", kind if kind in known.kinds else "",
                    facts.code_of(request.GET.get("benefit", "")))  # fmt: skip
    rows = queries.reports(seen_by=request.user, area=area, wanted=wanted, on=on)
    page = keyset(rows, order=("-id",), after=request.GET.get("after"))
    counts, told = queries.counts(seen_by=request.user, area=area, wanted=wanted, on=on), queries.progress(page.rows)
    lang = language()
    return render(request, "policywatch/reports.html", {
        "area": area, "page": page, "wanted": wanted,
        "rows": [(one, catalogue.title(one.benefit), label(known.kinds, one.kind), told.get(one.pk), one.is_late(on))
                 for one in page],
        "tabs": [(name, title, counts[name]) for name, title in {"": _("没有办结的"), **queries.LISTS}.items()],
        "kinds": [(one.code, one.label.in_(lang)) for one in known.kinds.values()],
        "benefits": [(code, catalogue.title(code)) for code in catalogue.benefits()],
        "may_report": may(request.user, access.REPORT), "waiting": queries.waiting_for(request.user).count(),
    })  # fmt: skip


@requires(access.VIEW, access.REPORT)
def new(request: SignedIn) -> HttpResponse:
    """A new report; from a demand or a household everything that is known comes filled in."""
    demand, household = _from(request)
    form = ReportForm(request.POST or None, actor=request.user, villages=villages_in(request.user),
                      initial=_known(request, demand, household))  # fmt: skip
    near: list[Any] = []
    if "fill" in request.POST:
        form = ReportForm(actor=request.user, villages=villages_in(request.user), initial=_filled(request))
    elif form.is_valid():
        with refusals_on(form):
            near = _near(form) if "join" not in request.POST else []
            if not near:
                made = verbs.raise_(
                    demand=demand, join=_chosen(request), by=request.user, at=clock.now(), **form.given()
                )
                messages.success(request, _("已记下，转给主管部门。"))
                return redirect("policywatch:report", made.pk)
    return render(request, "policywatch/report_form.html", {
        "form": form, "demand": demand, "near": [(one, round(share * 100)) for one, share in near],
    }, status=422 if form.errors else 200)  # fmt: skip


def _from(request: SignedIn) -> tuple[Demand | None, Household | None]:
    told = request.GET.get("demand", ""), request.GET.get("household", "")
    demand = grievances.demand_to_see(request.user, int(told[0])) if told[0].isdecimal() else None
    if demand is not None:
        return demand, demand.household
    return None, registry.household(request.user, int(told[1])) if told[1].isdecimal() else None


def _known(request: SignedIn, demand: Demand | None, household: Household | None) -> dict[str, Any]:
    """What a new form begins with: the provision named in the address or in the demand's own words."""
    words = demand.text if demand is not None else ""
    code = facts.code_of(request.GET.get("benefit", "")) or facts.benefit_in(words)
    told = facts.told_of(code, household) if code else facts.Told()
    kinds = [code for code, one in active().policywatch.kinds.items() if not one.amends]
    return {
        "kind": request.GET.get("kind") or (kinds[0] if kinds else ""), "benefit": facts.shown(code) if code else "",
        "home": household.number if household else "", "should": told.should, "cause": told.cause,
        "did": "\n".join(one for one in (words, told.did) if one),
        "village": demand.village if demand is not None else request.GET.get("village") or None,
    }  # fmt: skip


def _filled(request: SignedIn) -> dict[str, Any]:
    """The form as it was sent, with what the provision and the benefit's file say where nothing was written."""
    told = {name: value for name, value in request.POST.items() if name not in ("fill", "csrfmiddlewaretoken")}
    code = facts.code_of(str(told.get("benefit", "")))
    home = registry.scope.visible(seen_by=request.user).filter(number=str(told.get("home", "")).strip()).first()
    found = facts.told_of(code, home) if code else facts.Told()
    for name in ("should", "did", "cause"):
        told[name] = told.get(name) or getattr(found, name)
    return told


def _near(form: ReportForm) -> list[Any]:
    """Standing proposals that say nearly the same as this one: offered before another is made."""
    told = form.cleaned_data
    kind = active().policywatch.kinds.get(told["kind"])
    if kind is None or not kind.amends:
        return []
    county = told["village"].code[:6].ljust(12, "0")
    return proposals.alike(benefit=told["benefit"], county=county, text=told["should"])


def _chosen(request: SignedIn) -> Any:
    chosen = request.POST.get("join", "")
    return access.proposals_seen_by(request.user).filter(pk=int(chosen)).first() if chosen.isdecimal() else None


@require_safe
@requires(access.VIEW)
def report(request: SignedIn, report_id: int) -> HttpResponse:
    """One report: what was said, what was decided, how far the families alike are."""
    return _page(request, access.report_to_see(request.user, report_id))


@require_POST
@requires(access.HANDLE)
def correct(request: SignedIn, report_id: int) -> HttpResponse:
    """Put right for the family."""
    found = access.report_to_handle(request.user, report_id)
    form = CorrectForm(request.POST, request.FILES, report=found)
    if form.is_valid():
        with refusals_on(form):
            verbs.correct(report=found, by=request.user, at=clock.now(), **form.given())
            messages.success(request, _("已纠正。下一步：核查同类户。"))
            return redirect("policywatch:alike_of", found.pk)
    return _page(request, found, correcting=form)


@require_POST
@requires(access.HANDLE)
def explain(request: SignedIn, report_id: int) -> HttpResponse:
    """Done as it is written: told with the rule."""
    found = access.report_to_handle(request.user, report_id)
    form = ExplainForm(request.POST, report=found)
    if form.is_valid():
        with refusals_on(form):
            verbs.explain(report=found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已说明。下一步：核查同类户。"))
            return redirect("policywatch:alike_of", found.pk)
    return _page(request, found, explaining=form)


def _page(
    request: HttpRequest, found: Report, correcting: CorrectForm | None = None, explaining: ExplainForm | None = None
) -> HttpResponse:
    user: Any = request.user
    known, deciding = active().policywatch, access.handles(user, found) and found.state == Report.State.OPEN
    checking = access.handles(user, found) and found.state == Report.State.CHECKING
    return render(request, "policywatch/report.html", {
        "report": found, "title": catalogue.title(found.benefit), "department": catalogue.department(found.department),
        "kind": label(known.kinds, found.kind), "cause": label(known.causes, found.cause) if found.cause else "",
        "known": catalogue.benefit(found.benefit) is not None, "late": found.is_late(clock.today()),
        "progress": queries.progress_of(queries.alike(seen_by=user, report=found)),
        "steps": found.steps.select_related("by"), "papers": attachments.of(found),
        "correcting": (correcting or CorrectForm(report=found)) if deciding else None,
        "explaining": (explaining or ExplainForm(report=found)) if deciding else None,
        "closing": CloseForm() if checking else None, "tried": "explain" if explaining else "correct",
        "may_see_demand": found.demand_id and grievances.demands_seen_by(user).filter(pk=found.demand_id).exists(),
    }, status=422 if correcting or explaining else 200)  # fmt: skip


@require_safe
@requires(access.VIEW)
def paper(request: SignedIn, report_id: int, paper_id: int) -> HttpResponse:
    """A photo or scan that proves what was put right."""
    found = access.report_to_see(request.user, report_id)
    row: Attachment = get_object_or_404(attachments.of(found), pk=paper_id, gone_at=None)
    kinds = {"image": "image/jpeg", "pdf": "application/pdf"}
    return HttpResponse(attachments.fetch(row), content_type=kinds[row.kind],
                        headers={"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"})  # fmt: skip


@require_safe
@requires(access.VIEW)
def overview(request: SignedIn) -> HttpResponse:
    """Provision by provision: how often, of what kind, where, how soon put right."""
    area, on = registry.area(request.user, request.GET.get("area")), clock.today()
    kinds = active().policywatch.kinds
    rows = queries.overview(seen_by=request.user, area=area, on=on)
    return render(request, "policywatch/overview.html", {
        "area": area, "kinds": [one.label.in_(language()) for one in kinds.values()],
        "rows": [(one, catalogue.title(one.benefit), [one.kinds[code] for code in kinds]) for one in rows],
    })  # fmt: skip
