"""The whole story of a household, and its file as the register had it on a past day (REG-10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock
from shuanglian.registry import access, asof, ledger, stating, story
from shuanglian.registry.actions.derived import head_code
from shuanglian.registry.models import Household

from .files import covers, side_by_side

MOST = 300  # moments on one page of the screen; print and "all" give every one


@requires("registry.view")
@require_safe
def whole(request: SignedIn, pk: int) -> HttpResponse:
    """Everything that happened, the latest first; one chapter, or what was known to the end of a day."""
    found = access.household(request.user, pk)
    wanted = request.GET.get("kind", "")
    kinds = [(code, label) for code, label in story.kinds() if code != "looks" or may(request.user, "trail.view")]
    kind = wanted if wanted in dict(kinds) else ""
    told = story.of(found, request.user, kind)
    every = "all" in request.GET
    shown = told if every else told[:MOST]
    labels = dict(kinds)
    return render(request, "registry/story.html", {
        **_frame(request, found), "kinds": kinds, "kind": kind, "more": len(told) - len(shown), "count": len(told),
        "moments": [(one, labels.get(one.kind, ""), story.back_dated(one)) for one in shown],
    })  # fmt: skip


@requires("registry.view")
@require_safe
def as_of(request: SignedIn, pk: int) -> HttpResponse:
    """The file as it stood at the end of a day, and what was entered later although it is dated before."""
    found = access.household(request.user, pk)
    frame = _frame(request, found)
    day = frame["on"]
    file = asof.file(found.pk, asof.end_of(day))
    later = story.late(found, request.user, asof.end_of(day), day) if file else []
    labels = dict(story.kinds())
    return render(request, "registry/asof.html", {
        **frame, "file": file, "begun": None if file else asof.begun(found.pk),
        "later": [(one, labels.get(one.kind, "")) for one in later],
        "people": [_member(one, day) for one in file.people] if file else [],
        "yearly": side_by_side(file.years, file.parts) if file else [], "head_code": head_code(),
        "need": ledger.need_label(file.household.need_band) if file else "",
        "statements": [(file.names.get(one.person_id, ""), *stating.told(one), one) for one in file.statements]
        if file else [],
    })  # fmt: skip


def _frame(request: SignedIn, found: Household) -> dict[str, Any]:
    today = clock.today()
    on = _day(request, today)
    return {
        "household": found, "on": on, "today": today, "may_edit": may(request.user, "registry.edit"),
        "before": on - timedelta(days=1), "after": on + timedelta(days=1) if on < today else None,
    }  # fmt: skip


def _day(request: SignedIn, today: date) -> date:
    """The day asked for, today at the latest; today for what is none."""
    try:
        asked = parse_date(request.GET.get("on", ""))
    except ValueError:
        asked = None
    return min(asked, today) if asked else today


def _member(one: Any, day: date) -> dict[str, Any]:
    """A member as he stood then: whether he had left by that day or only was to leave later."""
    return {"person": one, "covers": covers(one), "gone": one.left_on is not None and one.left_on <= day}
