"""Pairing's cards on other pages, and what it tells lower rooms: who sees which households, who helps whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.kernel.ids import mask_phone
from shuanglian.organisation.models import Cadre, Unit
from shuanglian.organisation.queries import bound_to
from shuanglian.registry.models import Household

from . import access, drawing, queries
from .models import AreaCoverage, Pairing, ProposedPair, Relative, Round

MOST = 20


def household_panel(request: HttpRequest, household: Household) -> str:
    """Who answers for the household now, and who did before, with dates and reasons (REG-10)."""
    user: Any = request.user
    if not may(user, "pairing.view"):
        return ""
    history = list(queries.history_of(household=household)[:MOST])
    rows, on = drawing.history_rows(history), clock.today()
    now = next((row for row in rows if row["pairing"].stands_on(on)), None)
    office = may(user, "pairing.propose") and bound_to(user) == "area"
    return render_to_string("pairing/panels/household.html", {
        "household": household, "now": now, "office": office,
        "coming": [row for row in rows if row["pairing"].since > on],
        "before": [row for row in rows if row is not now and row["pairing"].since <= on],
        "why": _why(user, household) if bound_to(user) == "area" else None,
        "relatives": Relative.objects.filter(household=household).select_related("cadre__unit") if office else [],
    }, request)  # fmt: skip


def _why(user: Any, household: Household) -> ProposedPair | None:
    """The household's place in the last confirmed round that the reader may see: its page says why this person."""
    kept = access.rounds_seen_by(user).filter(state__in=[Round.State.CONFIRMED, Round.State.PUBLISHED])
    pairs = ProposedPair.objects.filter(household=household, round__in=kept, cadre__isnull=False)
    return pairs.order_by("-round_id").first()


def cadre_panel(request: HttpRequest, cadre: Cadre) -> str:
    """The cadre's households against the quota of the rank (PAIR-2)."""
    user: Any = request.user
    if not may(user, "pairing.view") and cadre.user_id != user.pk:
        return ""
    on = clock.today()
    rows = list(queries.households_of(cadre=cadre, on=on)[: MOST + 1])
    return render_to_string("pairing/panels/cadre.html", {
        "cadre": cadre, "rows": rows[:MOST], "more": len(rows) > MOST,
        "quota": drawing.quota_today(cadre, on),
        "load": queries.households_of(cadre=cadre, on=on).count(),
    }, request)  # fmt: skip


def unit_panel(request: HttpRequest, unit: Unit) -> str:
    """The unit's villages and how its cadres are loaded."""
    user: Any = request.user
    if not may(user, "pairing.view"):
        return ""
    on = clock.today()
    people = queries.unit_people(unit=unit, on=on)
    return render_to_string("pairing/panels/unit.html", {
        "unit": unit, "villages": queries.unit_villages(unit=unit, on=on), "people": people[:MOST],
    }, request)  # fmt: skip


def area_panel(request: HttpRequest, area: Area) -> str:
    """Coverage of a region and its line of responsibility (ORG-2, PAIR-1)."""
    user: Any = request.user
    if not may(user, "pairing.view") or bound_to(user) != "area":
        return ""
    return render_to_string("pairing/panels/area.html", {
        "area": area, "coverage": queries.coverage_of(area), "chain": queries.chain_of(area, on=clock.today()),
    }, request)  # fmt: skip


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    """For the office: rounds that wait and pairs that must move; for a cadre or unit: the way to the own list."""
    user: Any = request.user
    if not may(user, "pairing.view"):
        return ""
    if bound_to(user) in ("cadre", "unit"):
        cadre, unit = access.bound_cadre(user), access.bound_unit(user)
        rows = list(queries.households_of(cadre=cadre, on=clock.today())[:MOST]) if cadre else []
        return render_to_string("pairing/panels/home_mine.html", {"cadre": cadre, "unit": unit, "rows": rows}, request)
    waiting = queries.rounds(seen_by=user).filter(state__in=[
        Round.State.DRAFT, Round.State.SOLVING, Round.State.PROPOSED, Round.State.FAILED, Round.State.CONFIRMED,
    ])[:5]  # fmt: skip
    county = user.area if user.area and user.area.level == Area.Level.COUNTY else None
    on = clock.today()
    coverage = queries.coverage_of(user.area) if user.area else None
    moving = 0
    if county and coverage and coverage.paired and may(user, "pairing.propose"):
        moving = queries.must_move(area=county, on=on).count() + coverage.households - coverage.paired
    return render_to_string("pairing/panels/home.html", {
        "waiting": waiting, "county": county, "moving": moving, "on": on, "coverage": coverage,
    }, request)  # fmt: skip


# ---- what lower rooms ask --------------------------------------------------------------------------------------------
def own_households(rows: QuerySet[Household], user: Any) -> QuerySet[Household] | None:
    """A cadre sees the households he answers for, a unit those of its cadres; everybody else is bound by area only."""
    standing = Pairing.objects.not_over_on(clock.today()).filter(household=OuterRef("pk"))
    match bound_to(user):
        case "cadre":
            return rows.filter(Exists(standing.filter(cadre__user=user)))
        case "unit":
            return rows.filter(Exists(standing.filter(cadre__unit__accounts__user=user)))
    return None


def helpers_of(households: Sequence[int]) -> Mapping[int, tuple[str, str, str, str]]:
    """Responsible persons for the ledger (REG-8): household → name, unit, masked phone, slot."""
    rows = Pairing.objects.standing_on(clock.today()).filter(household__in=households).select_related("cadre__unit")
    return {
        row.household_id: (
            row.cadre.name,
            row.cadre.unit.name,
            mask_phone(row.cadre.phone),
            str(row.get_slot_display()),
        )
        for row in rows
    }


def pairing_choices() -> list[tuple[str, Any]]:
    return [("paired", _("有责任人")), ("unpaired", _("没有责任人")), ("fallback", _("驻村干部兜底"))]


def by_pairing(rows: QuerySet[Household], value: str) -> QuerySet[Household]:
    """Narrow the household list by whether somebody answers for them."""
    standing = Pairing.objects.standing_on(clock.today()).filter(household=OuterRef("pk"))
    match value:
        case "paired":
            return rows.filter(Exists(standing))
        case "unpaired":
            return rows.filter(~Exists(standing))
        case "fallback":
            return rows.filter(Exists(standing.filter(slot="fallback")))
    return rows


def household_coverage(areas: Sequence[Area], user: Any) -> Mapping[int, Decimal | None]:
    """Share of households with a responsible person, for the map and the table of regions."""
    rows = AreaCoverage.objects.filter(area__in=areas).values_list("area_id", "paired", "households")
    return {area: Decimal(paired) / households if households else None for area, paired, households in rows}


def village_coverage(areas: Sequence[Area], user: Any) -> Mapping[int, Decimal | None]:
    """Share of poor villages with a unit."""
    rows = AreaCoverage.objects.filter(~Q(poor_villages=0), area__in=areas)
    return {row.area_id: Decimal(row.linked_villages) / row.poor_villages for row in rows}
