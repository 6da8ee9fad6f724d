"""What puts somebody on the list: standards met, signs of falling back, payments to people not registered (REG-3).

Set by set: a county in seconds. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from shuanglian.areas.models import Area
from shuanglian.benefits.models import Payment
from shuanglian.core.profile import active
from shuanglian.exits.models import ExitCheck, Standing
from shuanglian.registry import raw
from shuanglian.registry.models import Household
from shuanglian.rules.exit_finding import outcomes
from shuanglian.rules.exit_shapes import DepartmentList
from shuanglian.rules.exits import NOT_READY, UNDECIDED
from shuanglian.rules.facts.build import build


@dataclass
class Sign:
    """One who is to be put on the list: kind (leave, missing, return), who, where, why."""

    kind: str
    key: str
    area_code: str
    name: str
    household: int | None = None
    size: int = 1
    cause: str = ""
    id_tail: str = ""
    place: str = ""
    grounds: list[dict[str, Any]] = field(default_factory=list)


def leaving(check: ExitCheck) -> Iterator[Sign]:
    """Those of whom the check found that every condition holds."""
    rows = Standing.objects.filter(check_of=check, state=Standing.State.READY).select_related("household")
    grounds = [{"code": "ready", "on": check.on.isoformat()}]
    for one in rows.iterator(chunk_size=5000):
        home = one.household
        yield Sign("leave", str(home.pk), home.area_code, home.head_name, home.pk, home.size, home.main_cause,
                   grounds=grounds)  # fmt: skip


# --- those who left ---------------------------------------------------------------------------------------------------
def fallen_back(area: Area, on: date) -> tuple[list[Sign], dict[str, int]]:
    """Households that left before and show a sign of a cause of return; how many were looked at and not known."""
    left = {
        home.pk: home for home in Household.objects.within(area).filter(left_on__lte=on, removed_on__isnull=True)
    }  # fmt: skip
    sets = active().on(on).exits.of("left")
    found: dict[int, list[dict[str, Any]]] = {}
    told = {"left": len(left), "left_unknown": 0}
    if left and sets:
        rows = outcomes(sets, build(raw.of_households(list(left), on), on, active()))
        known = {ask.code: ask for one in sets for ask in one.asks}
        told["left_unknown"] = int((rows["state"] == UNDECIDED).sum())
        for key, codes in rows.filter(rows["state"] == NOT_READY).select("household", "in_the_way").iter_rows():
            found[key] = [{"code": code.rpartition("__")[2], "says": known[code].says.model_dump()} for code in codes]
    for key, grounds in _paid_since(left, on).items():
        found.setdefault(key, []).extend(grounds)
    return [
        Sign("return", str(key), left[key].area_code, left[key].head_name, key, left[key].size,
             _cause(grounds, left[key].main_cause), grounds=grounds)
        for key, grounds in sorted(found.items())
    ], told  # fmt: skip


def _paid_since(left: Mapping[int, Household], on: date) -> dict[int, list[dict[str, Any]]]:
    """Payments of this year to those who left, after the day they left, of the lists that tell of need."""
    lists = active().on(on).exits.lists
    by_benefit = _by_benefit(lists)
    rows = Payment.objects.filter(household__in=list(left), year=on.year, benefit__in=by_benefit).order_by("id")
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for one in rows.only("household_id", "benefit", "yuan", "paid_on", "line", "batch_id"):
        home = left[one.household_id or 0]
        if one.paid_on is not None and home.left_on is not None and one.paid_on <= home.left_on:
            continue
        for code in by_benefit[one.benefit]:
            _add(found.setdefault(home.pk, {}), lists[code], one)
    return {pk: grounds for pk, told in found.items() if (grounds := _enough(told, lists))}


# --- those who are not on the register --------------------------------------------------------------------------------
def missing(area: Area, on: date) -> tuple[list[Sign], dict[str, int]]:
    """People whom departments paid this year and whom a comparison found nowhere on the register; lines still open."""
    lists = active().on(on).exits.lists
    by_benefit = _by_benefit(lists)
    rows = Payment.objects.within(area).filter(year=on.year, benefit__in=by_benefit).order_by("id")
    unmatched = rows.filter(match=Payment.Match.OPEN).count()
    people: dict[str, dict[str, dict[str, Any]]] = {}
    signs: dict[str, Sign] = {}
    wanted = ("area_code", "name", "id_digest", "id_tail", "place", "benefit", "yuan", "paid_on", "line", "batch_id")
    for one in rows.filter(match=Payment.Match.NONE).only(*wanted).iterator(chunk_size=5000):
        key = one.id_digest or f"{one.area_code}:{one.name}"
        if key not in signs:
            signs[key] = Sign("missing", key, one.area_code, one.name, id_tail=one.id_tail, place=one.place)
        for code in by_benefit[one.benefit]:
            _add(people.setdefault(key, {}), lists[code], one)
    standing = _standing([one for one in signs if ":" not in one])
    found = []
    for key, sign in signs.items():
        if key in standing or not (grounds := _enough(people[key], lists)):
            continue
        sign.grounds, sign.cause = grounds, _cause(grounds, "")
        found.append(sign)
    return found, {"unmatched": unmatched}


def _standing(digests: list[str]) -> set[str]:
    """Those who have come onto the register since the list was compared."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select p.id_digest from registry_person p join registry_household h on h.id = p.household_id
               where p.id_digest = any(%s) and p.left_on is null and h.left_on is null and h.removed_on is null""",
            [digests],
        )
        return {row[0] for row in cursor.fetchall()}


def _by_benefit(lists: Mapping[str, DepartmentList]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in lists.values():
        for benefit in one.benefits:
            found.setdefault(benefit, []).append(one.code)
    return found


def _add(told: dict[str, dict[str, Any]], of: DepartmentList, one: Payment) -> None:
    ground = told.setdefault(
        of.code, {"code": of.code, "says": of.label.model_dump(), "cause": of.cause, "yuan": "0", "lines": []}
    )
    ground["yuan"] = str(Decimal(ground["yuan"]) + one.yuan)
    ground["lines"].append({
        "batch": one.batch_id, "line": one.line, "benefit": one.benefit, "yuan": str(one.yuan),
        "on": one.paid_on.isoformat() if one.paid_on else None,
    })  # fmt: skip


def _enough(told: Mapping[str, dict[str, Any]], lists: Mapping[str, DepartmentList]) -> list[dict[str, Any]]:
    return [one for code, one in told.items() if Decimal(one["yuan"]) >= lists[code].least]


SIGN_CAUSES = {"disaster": "因灾", "illness": "因病", "schooling": "因学"}


def _cause(grounds: list[dict[str, Any]], otherwise: str) -> str:
    """The cause that the grounds speak for: the first that names one."""
    for one in grounds:
        if one.get("cause"):
            return str(one["cause"])
        if said := SIGN_CAUSES.get(one["code"]):
            return active().codes["cause"].find(said) or otherwise
    return otherwise
