"""Data quality: what the profile's rules complain about, where, and the list to work it off; possible duplicates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock
from shuanglian.core.forms import says
from shuanglian.core.paging import keyset
from shuanglian.core.profile import active, label, language
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.ids import mask_id
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import access, checks, queries
from shuanglian.registry.actions import suspicions
from shuanglian.registry.fields import names
from shuanglian.registry.forms import DecideForm
from shuanglian.registry.history import LISTS
from shuanglian.registry.models import Household, Person, Suspicion


@requires("quality.view")
@require_safe
def overview(request: SignedIn) -> HttpResponse:
    """How many rows each rule complains about in a region and in each region below it (from the rolled-up figures)."""
    area = access.area(request.user, request.GET.get("area"))
    figures, below = queries.figures(area), queries.figures_below(area)
    found = figures.findings if figures else {}
    rules = [
        {"check": check, "label": check.label.in_(language()), "count": found.get(check.code, 0)}
        for check in checks.answerable(active())
    ]
    rules.sort(key=lambda rule: (rule["count"] == 0, rule["check"].severity != "error", -rule["count"]))
    return render(request, "registry/quality.html", {
        "area": area, "own": request.user.area, "figures": figures, "rules": rules, "total": sum(found.values()),
        "below": [(row, sum(row.findings.values())) for row in below],
        "above": area.parent if area != request.user.area else None,
        "unasked": [check.label.in_(language()) for check in checks.unanswerable(active())],
        "may_edit": may(request.user, "registry.edit"),
    })  # fmt: skip


@requires("quality.view", "registry.view")
@require_safe
def worklist(request: SignedIn, code: str) -> HttpResponse:
    """Every row that one rule complains about, asked of the register now, with links to mend it."""
    check = next((check for check in checks.answerable(active()) if check.code == code), None)
    if check is None:
        raise Http404(_("没有这条规则。"))
    area = access.area(request.user, request.GET.get("area"))
    base = queries.standing_seen(seen_by=request.user, area=area)
    rows = checks.ask(check, base.desk(active(), clock.today()))
    of_people = rows.model is Person
    rows = rows.select_related("household__village__parent" if of_people else "village__parent")
    page = queries.paged(rows, order=("area_code", "id"), after=request.GET.get("after"))
    return render(request, "registry/worklist.html", {
        "check": check, "label": check.label.in_(language()), "area": area, "page": page,
        "rows": [_row(row) for row in page.rows], "may_edit": may(request.user, "registry.edit"),
    })  # fmt: skip


def _row(row: Household | Person) -> dict[str, Any]:
    household = row.household if isinstance(row, Person) else row
    mend = reverse("registry:change_person", args=[row.pk]) if isinstance(row, Person) else ""
    return {"household": household, "person": row if isinstance(row, Person) else None, "mend": mend}


@requires("quality.view")
@require_POST
def recount(request: SignedIn) -> HttpResponse:
    """Count a region anew, in the background."""
    return _order(request, "registry.figures", _("重新统计：{area}"))


@requires("quality.view", "registry.edit")
@require_POST
def look_for_duplicates(request: SignedIn) -> HttpResponse:
    """Compare the people of a region anew, in the background."""
    return _order(request, "registry.suspicions", _("查找疑似重复：{area}"))


def _order(request: SignedIn, kind: str, title: str) -> HttpResponse:
    area = access.area(request.user, request.POST.get("area"))
    job = jobs.start(kind=kind, title=title.format(area=area.name), params={"area": area.code}, by=request.user,
                     at=clock.now(), area_code=area.code)  # fmt: skip
    return redirect("jobs:detail", job.pk)


@requires("quality.view", "registry.view")
@require_safe
def queue(request: SignedIn) -> HttpResponse:
    """Possible duplicates side by side, numbers masked; the most alike first."""
    area = access.area(request.user, request.GET.get("area"))
    state = request.GET.get("state", "")
    state = state if state in Suspicion.State.values else Suspicion.State.OPEN
    rows = queries.suspicions(seen_by=request.user, area=area, state=state)
    page = keyset(rows, order=("-score", "id"), after=request.GET.get("after"), size=20)
    return render(request, "registry/suspicions.html", {
        "area": area, "page": page, "state": state, "states": Suspicion.State.choices,
        "full": suspicions.is_full(rows) and state == Suspicion.State.OPEN,
        "pairs": [(row, _compared(row)) for row in page.rows], "may_edit": may(request.user, "registry.edit"),
    })  # fmt: skip


def _compared(row: Suspicion) -> list[tuple[str, str, str, bool]]:
    """The lines of the comparison: what, the one, the other, whether they are the same."""
    lines = []
    for name in ("name", "id_number", "sex", "born_on", "relation", "ethnic", "education"):
        one, other = getattr(row.one, name), getattr(row.other, name)
        title = names(Person, name)
        lines.append((title, _told(name, one), _told(name, other), one == other))
    return lines


def _told(name: str, value: Any) -> str:
    if not value:
        return "—"
    if name == "id_number":
        return mask_id(value)
    return label(LISTS[name], value) if name in LISTS else str(value)


@requires("quality.view", "registry.edit")
@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """The same or different, with a note; nothing is merged."""
    found = access.suspicion_to_decide(request.user, pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择“确为重复”或“不是重复”。"))
        return redirect("registry:suspicions")
    try:
        suspicions.decide(suspicion=found, state=form.cleaned_data["state"], note=form.cleaned_data["note"],
                          on=clock.today(), by=request.user, at=clock.now())  # fmt: skip
        messages.success(request, _("已记录核实结果。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("registry:suspicions")
