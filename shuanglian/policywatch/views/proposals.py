"""Proposals to amend: the list, one with who made it and what became of it; the public page of fates (VOICE-4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.benefits import catalogue
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, tell_errors
from shuanglian.core.paging import keyset
from shuanglian.core.profile import active, language
from shuanglian.core.scoping import unscoped
from shuanglian.grievances.holders import LEVELS
from shuanglian.notices.views.common import public
from shuanglian.policywatch import access, queries
from shuanglian.policywatch.actions import proposals as verbs
from shuanglian.policywatch.forms import JoinForm, PassUpForm, WeighForm
from shuanglian.policywatch.models import Proposal
from shuanglian.policywatch.queries import label

SHOWN = 100  # fates on the public page, which must stay small


@require_safe
@requires(access.VIEW)
def proposals(request: SignedIn) -> HttpResponse:
    """Proposals by state, the newest first."""
    state = request.GET.get("state", "")
    rows = queries.proposals(seen_by=request.user, state=state)
    page = keyset(rows, order=("-id",), after=request.GET.get("after"))
    fates, levels, lang = active().policywatch.fates, active().levels, language()
    return render(request, "policywatch/proposals.html", {
        "page": page, "state": state, "states": Proposal.State.choices,
        "rows": [(one, catalogue.title(one.benefit), label(fates, one.fate) if one.fate else "",
                  levels[one.level].label.in_(lang) if one.level in levels else one.level) for one in page],
    })  # fmt: skip


@require_safe
@requires(access.VIEW)
def proposal(request: SignedIn, proposal_id: int) -> HttpResponse:
    """One proposal with what was done about it."""
    return _page(request, access.proposal_to_see(request.user, proposal_id))


@require_POST
@requires(access.WEIGH)
def weigh(request: SignedIn, proposal_id: int) -> HttpResponse:
    """What becomes of it, with reasons."""
    found = access.proposal_to_weigh(request.user, proposal_id)
    form = WeighForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            verbs.weigh(proposal=found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已记下结果，并告知提建议的人。"))
            return redirect("policywatch:proposal", found.pk)
    return _page(request, found, weighing=form)


@require_POST
@requires(access.WEIGH)
def pass_up(request: SignedIn, proposal_id: int) -> HttpResponse:
    """To the next level, with this one's opinion."""
    found = access.proposal_to_weigh(request.user, proposal_id)
    form = PassUpForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            verbs.pass_up(proposal=found, by=request.user, at=clock.now(), opinion=form.cleaned_data["opinion"])
            messages.success(request, _("已报上级研究。"))
            return redirect("policywatch:proposal", found.pk)
    return _page(request, found, passing=form)


@require_POST
@requires(access.WEIGH)
def join(request: SignedIn, proposal_id: int) -> HttpResponse:
    """Into another that says the same."""
    found = access.proposal_to_weigh(request.user, proposal_id)
    form = JoinForm(request.POST, options=_others(request.user, found))
    if form.is_valid():
        with refusals_on(form):
            to = access.proposal_to_see(request.user, int(form.cleaned_data["to"]))
            leader = verbs.join(proposal=found, to=to, by=request.user, at=clock.now())
            messages.success(request, _("已并入。"))
            return redirect("policywatch:proposal", leader.pk)
    tell_errors(request, form)
    return redirect("policywatch:proposal", found.pk)


def _others(user: Any, found: Proposal) -> list[tuple[str, str]]:
    rows = access.proposals_seen_by(user).filter(
        benefit=found.benefit, area_code=found.area_code, state=Proposal.State.OPEN
    ).exclude(pk=found.pk)  # fmt: skip
    return [(str(one.pk), f"#{one.pk} {one.text[:40]}") for one in rows[:50]]


def _page(
    request: HttpRequest, found: Proposal, weighing: WeighForm | None = None, passing: PassUpForm | None = None
) -> HttpResponse:
    user: Any = request.user
    known, levels, lang = active().policywatch, active().levels, language()
    weighs = found.state == Proposal.State.OPEN and access.weighs(user, found)
    others = _others(user, found) if weighs else []
    return render(request, "policywatch/proposal.html", {
        "proposal": found, "title": catalogue.title(found.benefit),
        "department": catalogue.department(found.department),
        "level": levels[found.level].label.in_(lang), "owner": levels[found.owner].label.in_(lang),
        "fate": label(known.fates, found.fate) if found.fate else "", "steps": found.steps.select_related("by"),
        "reports": access.reports_seen_by(user).filter(proposal=found).select_related("by", "village")[:200],
        "weighing": (weighing or WeighForm()) if weighs else None,
        "passing": (passing or PassUpForm()) if weighs and LEVELS[found.level] > LEVELS[found.owner] else None,
        "joining": JoinForm(options=others) if others else None, "own": access.proposed(user, found),
    }, status=422 if weighing or passing else 200)  # fmt: skip


@public()
@require_safe
def fates(request: HttpRequest) -> HttpResponse:
    """What people proposed and what became of it; no names, no log-in."""
    with unscoped():
        found = list(queries.fates()[:SHOWN])
        rows = [(one, catalogue.title(one.benefit), label(active().policywatch.fates, one.fate)) for one in found]
    return render(request, "policywatch/fates.html", {"rows": rows})
