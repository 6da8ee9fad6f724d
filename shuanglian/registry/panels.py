"""The register's cards on other pages: figures of a region, and what the home page tells the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.profile import label
from shuanglian.organisation.queries import bound_to

from . import flag_queries, flag_words, queries
from .ledger import need_label
from .models import AreaCount, Flag, Household, Suspicion


def area_panel(request: HttpRequest, area: Area) -> str:
    """Households, people, causes and need of a region, from the rolled-up figures."""
    figures = queries.figures(area) if may(request.user, "areas.view") else None  # type: ignore[arg-type]
    if figures is None:
        return ""
    causes = sorted(figures.by_cause.items(), key=lambda told: -told[1])
    bands = sorted(figures.by_band.items(), key=lambda told: -int(told[0]))
    return render_to_string("registry/area_panel.html", {
        "area": area, "figures": figures, "causes": [(label("cause", code) or "—", count) for code, count in causes],
        "bands": [(need_label(int(band)), count) for band, count in bands],
        "may_list": may(request.user, "registry.view"),  # type: ignore[arg-type]
    }, request)  # fmt: skip


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    """The reader's own area; nothing for those who are tied to a unit or to themselves."""
    user: Any = request.user
    if not may(user, "registry.view") or bound_to(user) != "area" or user.area is None:
        return ""
    figures = queries.figures(user.area)
    if figures is None:
        return ""
    may_check = may(user, "quality.view")
    open_pairs = queries.suspicions(seen_by=user, area=None, state=Suspicion.State.OPEN)
    many, more = queries.at_most(open_pairs) if may_check else (0, False)
    return render_to_string("registry/home_panel.html", {
        "area": user.area, "figures": figures, "problems": sum(figures.findings.values()), "may_check": may_check,
        "suspicions": many, "many": more,
    }, request)  # fmt: skip


def quality_panel(request: HttpRequest, household: Household) -> str:
    """What the checks complain about in this file and why, with the way to mend it; nothing when all is well."""
    user: Any = request.user
    if not may(user, "quality.view"):
        return ""
    states = {(flag.rule, flag.person_id): flag for flag in household.flags.exclude(state=Flag.State.GONE)}
    if not states:
        return ""
    told = flag_words.told_of(household, clock.today())
    accepted = {(one.rule, one.person_id): one for one in flag_queries.standing_of(household)}
    return render_to_string("registry/quality_panel.html", {
        "household": household, "may_edit": may(user, "registry.edit"), "may_except": may(user, "quality.except"),
        "rows": [(one, states.get(one.key), accepted.get(one.key)) for one in told],
        "shared": [(flag, flag_words.label_of(flag.rule)) for flag in states.values() if flag.others],
    }, request)  # fmt: skip


def households_of(areas: Sequence[Area], user: Any) -> Mapping[int, int]:
    """Households of some regions, for the map and the table of regions."""
    return dict(AreaCount.objects.filter(area__in=areas).values_list("area_id", "households"))


def people_of(areas: Sequence[Area], user: Any) -> Mapping[int, int]:
    return dict(AreaCount.objects.filter(area__in=areas).values_list("area_id", "people"))
