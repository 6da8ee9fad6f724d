"""What stands on a household's page: cases under way and done, and the way to open one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join

from shuanglian.accounts.rights import may
from shuanglian.core import clock
from shuanglian.core.profile import active, language
from shuanglian.procedures.facts import actor_in
from shuanglian.procedures.models import Case
from shuanglian.registry.models import Household, Person
from shuanglian.rules.procedure_machine import belongs

from .models import Kin
from .subjects import PERSON, subject_of

SHOWN = 8


def doors(request: HttpRequest, _nothing: Any) -> str:
    """On the page of cases: the application of a household that has no file, for those whose step it is."""
    user: Any = request.user
    if user.area is None or not (may(user, "procedures.act") and may(user, "registry.view")):
        return ""
    known = active().on(clock.today()).procedures.values()
    offered = [
        (reverse("recognition:apply", args=[one.code]), one.label.in_(language()))
        for one in known
        if one.subject == "newcomer" and belongs(one.first, actor_in(user.area.code, one.first, user)) is None
    ]
    return format_html_join(" ", '<a class="btn btn-primary" href="{}">{}</a>', offered)


def household_panel(request: HttpRequest, household: Household) -> str:
    user: Any = request.user
    if not may(user, "procedures.view"):
        return ""
    people = Person.objects.filter(household=household).values_list("pk", flat=True)
    subjects = [subject_of(household), *(f"{PERSON}:{pk}" for pk in people)]
    found = list(Case.objects.within(user.area).filter(subject__in=subjects).order_by("-id")[:SHOWN])
    known = active().procedures
    titles = {code: one.label.in_(language()) for code, one in known.items()}
    return render_to_string("recognition/household_panel.html", {
        "household": household, "may_act": may(user, "procedures.act"),
        "cases": [(case, titles.get(case.procedure, case.procedure)) for case in found],
        "kin": Kin.objects.standing().filter(household=household, related=True).count(),
    }, request)  # fmt: skip
