"""Reads of units and cadres. `seen_by` always: the region, and the unit or cadre that the role is bound to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shuanglian.areas.models import PREFIX_LENGTHS, Area, below
from shuanglian.core import narrowing
from shuanglian.core.profile import active

from .models import Absence, Cadre, Unit

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def bound_to(user: User) -> str:
    """What the user's role is tied to: "area", "unit" or "cadre"; an unknown role is tied to nothing ("")."""
    role = active().roles.get(user.role)
    return role.bound_to if role else ""


def visible_units(*, seen_by: User) -> QuerySet[Unit]:
    """Units that help in the reader's area or in one above it; a unit account and a cadre see their own unit."""
    units = Unit.objects.filter(_branch(seen_by.area))
    match bound_to(seen_by):
        case "area":
            pass
        case "unit":
            units = Unit.objects.filter(accounts__user=seen_by)
        case "cadre":
            units = Unit.objects.filter(cadres__user=seen_by)
        case _:
            units = units.none()
    return narrowing.narrowed("organisation.unit", units, seen_by)


def visible_cadres(*, seen_by: User) -> QuerySet[Cadre]:
    """Cadres of the reader's area and of those above it; a unit account sees its own people, a cadre himself."""
    cadres = Cadre.objects.filter(_branch(seen_by.area))
    match bound_to(seen_by):
        case "area":
            pass
        case "unit":
            cadres = Cadre.objects.filter(unit__accounts__user=seen_by)
        case "cadre":
            cadres = Cadre.objects.filter(user=seen_by)
        case _:
            cadres = cadres.none()
    return narrowing.narrowed("organisation.cadre", cadres, seen_by)


def _branch(area: Area | None) -> Q:
    """At or below an area, or at one of the areas above it: a township must see who its county's units are."""
    if area is None:
        return Q(pk__in=[])
    above = [area.prefix[:length].ljust(12, "0") for length in PREFIX_LENGTHS.values() if length < len(area.prefix)]
    return below(area.prefix) | Q(area_code__in=above)


def away_on(day: date) -> Q:
    """Cadres whose absence covers a day (leave, illness, retirement, transfer)."""
    covering = Absence.objects.filter(cadre=OuterRef("pk"), since__lte=day).filter(
        Q(until__isnull=True) | Q(until__gte=day)
    )
    return Q(Exists(covering))


def standing_on(day: date) -> Q:
    """Units or cadres whose stretch of service covers a day."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


def units(
    *, seen_by: User, text: str = "", kind: str = "", tier: str = "", ended: bool = False, on: date
) -> QuerySet[Unit]:
    """The list of units: by name, number or initials, kind and tier; those that ended only when asked for."""
    rows = visible_units(seen_by=seen_by).select_related("area")
    if not ended:
        rows = rows.filter(standing_on(on))
    if kind:
        rows = rows.filter(kind=kind)
    if tier:
        rows = rows.filter(tier=tier)
    return rows.filter(_called(text, "code")) if text else rows


def with_heads(units_page: list[Unit], *, on: date) -> dict[int, int]:
    """How many serving cadres each unit of one page has, in one query."""
    counted = Cadre.objects.filter(unit__in=units_page).filter(standing_on(on)).values("unit").annotate(n=Count("pk"))
    return {row["unit"]: row["n"] for row in counted}


def away_ids(page: list[Cadre], *, on: date) -> dict[int, str]:
    """Who of one page is away today, and how (leave, illness …), in one query."""
    if not page:
        return {}
    covering = Absence.objects.filter(cadre__in=page, since__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))
    return {absence.cadre_id: absence.get_kind_display() for absence in covering}


def cadres(
    *,
    seen_by: User,
    text: str = "",
    rank: str = "",
    occupation: str = "",
    unit: int | None = None,
    state: str = "",
    on: date,
) -> QuerySet[Cadre]:
    """The list of cadres. `state`: "" those who serve, "away" those absent today, "ended" those who left."""
    rows = visible_cadres(seen_by=seen_by).select_related("unit", "stationed_at")
    if state == "ended":
        rows = rows.filter(until__lt=on)
    elif state != "all":
        rows = rows.filter(standing_on(on))
    if state == "away":
        rows = rows.filter(away_on(on))
    for field, value in (("rank", rank), ("occupation", occupation), ("unit", unit)):
        if value:
            rows = rows.filter(**{field: value})
    return rows.filter(_called(text, "number")) if text else rows


def _called(text: str, number: str) -> Q:
    """By name (any part), by the beginning of the number, by initials."""
    text = text.strip()
    found = Q(name__contains=text) | Q(**{f"{number}__startswith": text})
    if text.isascii() and text.isalpha():
        found |= Q(pinyin__startswith=text.lower())
    return found
