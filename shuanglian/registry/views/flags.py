"""Data quality: what the checks complain about by rule and place, lists to work it off, accepted exceptions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.core.profile import active, language
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import access, flag_queries, flag_words, quality, queries, scope
from shuanglian.registry.actions import quality as verbs
from shuanglian.registry.forms import ExceptionForm
from shuanglian.registry.models import Flag
from shuanglian.rules.quality import Rule

SEVERITIES = ("error", "warning")
MOST_COLUMNS = 40  # places beside each other in the table of rules by place; a county has some twenty townships


@requires("quality.view")
@require_safe
def overview(request: SignedIn) -> HttpResponse:
    """How many each rule complains about in a region and in each region below it (from the rolled-up figures)."""
    area = access.area(request.user, request.GET.get("area"))
    severity = request.GET.get("severity", "")
    severity = severity if severity in SEVERITIES else ""
    lines, places = flag_queries.by_rule(area, severity)
    shown = [line for line in lines if line.count]
    return render(request, "registry/quality.html", {
        "area": area, "own": request.user.area, "figures": queries.figures(area), "severity": severity,
        "rules": [(line, flag_words.rule_label(line.rule)) for line in shown],
        "silent": [flag_words.rule_label(line.rule) for line in lines if not line.count],
        "total": sum(one.count for one in lines),
        "errors": sum(one.count for one in lines if one.rule.severity == "error"),
        "places": places, "matrix": _matrix(shown, places) if 0 < len(places) <= MOST_COLUMNS else [],
        "above": area.parent if area != request.user.area else None,
        "unasked": [check.label.in_(language()) for check in quality.unanswerable(active())],
        "may_edit": may(request.user, "registry.edit"), "may_export": may(request.user, "registry.export"),
        "may_list": may(request.user, "registry.view"),
    })  # fmt: skip


def _matrix(lines: list[flag_queries.Line], places: list[flag_queries.Place]) -> list[dict[str, Any]]:
    """Rule by rule the count of every place, with the place's code for the link."""
    codes = [place.figures.area.code for place in places]
    return [
        {"line": line, "label": flag_words.rule_label(line.rule), "cells": list(zip(codes, line.below, strict=True))}
        for line in lines
    ]


@requires("quality.view", "registry.view")
@require_safe
def worklist(request: SignedIn, code: str) -> HttpResponse:
    """Everything that one rule complains about in an area, with the way to mend it or to accept it."""
    rule = _rule(code)
    area = access.area(request.user, request.GET.get("area"))
    state = request.GET.get("state", "")
    state = state if state in Flag.State.values else str(Flag.State.OPEN)
    rows = flag_queries.flags(seen_by=request.user, area=area, rule=code, state=state)
    page = queries.paged(rows, order=("area_code", "id"), after=request.GET.get("after"))
    lower = [(row, row.findings.get(code, 0)) for row in queries.figures_below(area)]
    return render(request, "registry/worklist.html", {
        "rule": rule, "label": flag_words.rule_label(rule), "area": area, "page": page, "state": state,
        "states": Flag.State.choices, "below": [pair for pair in lower if pair[1]],
        "rows": _rows(request, page.rows, rule), "sentence": _sentence(rule),
        "may_edit": may(request.user, "registry.edit"),
        "may_except": may(request.user, "quality.except") and rule.severity != "error",
    })  # fmt: skip


def _rule(code: str) -> Rule:
    rule = quality.rules().get(code)
    if rule is None:
        raise Http404(_("没有这条规则。"))
    return rule


def _sentence(rule: Rule) -> str:
    """The condition in words, as the rules say it themselves."""
    return rule.condition.expression.sentence(language(), active().codes) if rule.condition else ""


def _rows(request: SignedIn, flags: list[Flag], rule: Rule) -> list[dict[str, Any]]:
    """Each complaint with its way to mend it, and the households that share its number (None: not the reader's)."""
    names = dict(Area.objects.current().filter(code__in={flag.area_code for flag in flags}).values_list("code", "name"))
    pks = {other for flag in flags for other in flag.others}
    seen = scope.visible(seen_by=request.user).in_bulk(pks) if pks else {}
    return [
        {"flag": flag, "mend": flag_words.mend_of_flag(flag, rule), "others": [seen.get(pk) for pk in flag.others],
         "place": names.get(flag.area_code, flag.area_code)}
        for flag in flags
    ]  # fmt: skip


@requires("quality.view", "quality.except")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: SignedIn, pk: int) -> HttpResponse:
    """Accept one complaint as an exception, with the reason."""
    flag = access.flag_to_except(request.user, pk)
    rule = _rule(flag.rule)
    form = ExceptionForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = verbs.accept(flag=flag, why=form.cleaned_data["why"], by=request.user, at=clock.now())
            messages.success(request, _("已认可为例外，有效期至 {until}。").format(until=made.until.isoformat()))
            return _back(flag.household_id, flag.rule, flag.area_code)
    return render(request, "registry/except.html", {
        "form": form, "flag": flag, "rule": rule, "label": flag_words.rule_label(rule),
        "terms": active().roster.exceptions,
        "facts": _facts_of(flag), "mend": flag_words.mend_of_flag(flag, rule),
    })  # fmt: skip


def _facts_of(flag: Flag) -> list[tuple[str, str, str]]:
    if flag.household is None:
        return []
    shown = flag_words.told_of(flag.household, clock.today())
    person = flag.person_id
    return next((one.facts for one in shown if one.rule.code == flag.rule
                 and (one.person.pk if one.person else None) == person), [])  # fmt: skip


def _back(household: int | None, rule: str, area_code: str) -> HttpResponse:
    if household is not None:
        return redirect("registry:household", household)
    return redirect(f"{reverse('registry:worklist', args=[rule])}?area={area_code}")


@requires("quality.view", "registry.view")
@require_safe
def exceptions(request: SignedIn) -> HttpResponse:
    """Accepted exceptions of an area: who stands for which, why, until when; and those that are over."""
    area = access.area(request.user, request.GET.get("area"))
    over = request.GET.get("state") == "over"
    rows = flag_queries.exceptions(seen_by=request.user, area=area, standing=not over)
    page = keyset(rows, order=("-id",), after=request.GET.get("after"))
    return render(request, "registry/exceptions.html", {
        "area": area, "page": page, "over": over,
        "rows": [(one, flag_words.label_of(one.rule)) for one in page.rows],
        "may_except": may(request.user, "quality.except"),
    })  # fmt: skip


@requires("quality.view", "quality.except")
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Take an exception back, with the reason."""
    exception = access.exception_to_withdraw(request.user, pk)
    try:
        verbs.withdraw(exception=exception, why=request.POST.get("why", ""), by=request.user, at=clock.now())
        messages.success(request, _("例外已收回，问题重新待改正。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect(f"{reverse('registry:exceptions')}?area={access.area(request.user, None).code}")


@requires("quality.view", "registry.export")
@require_POST
def export(request: SignedIn) -> HttpResponse:
    """Everything that is complained about in an area as a workbook, in the background."""
    area = access.area(request.user, request.POST.get("area"))
    job = jobs.start(kind="registry.flags", title=_("导出数据质量问题：{area}").format(area=area.name), by=request.user,
                     params={"area": area.code, "language": language()}, at=clock.now(),
                     area_code=area.code)  # fmt: skip
    return redirect("jobs:detail", job.pk)
