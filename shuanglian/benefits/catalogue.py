"""The benefits of the programme this installation runs: those of its profile, and those written on the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shuanglian.core.profile import active, language
from shuanglian.rules.benefits import Benefit

SCHOOL_YEAR_BEGINS = 9  # September, in all of the country's schools


def benefits() -> Mapping[str, Benefit]:
    """code → benefit, in the order of their kinds."""
    return active().benefits


def benefit(code: str) -> Benefit | None:
    return benefits().get(code)


def title(code: str) -> str:
    """What a benefit is called; one that no profile knows any more shows its code."""
    known = benefit(code)
    return known.title.in_(language()) if known else code


def department(code: str) -> str:
    """What a department is called."""
    known = active().departments.get(code)
    return known.label.in_(language()) if known else code


def version(chosen: Mapping[str, Benefit]) -> str:
    """One digest of everything that decides."""
    from shuanglian.rules.benefits import digest

    return digest([[code, one.version] for code, one in sorted(chosen.items())])


def period_of(one: Benefit, on: date) -> int:
    """The year that something is owed for: the school year by its beginning, 0 for what is given once."""
    if one.every == "once":
        return 0
    if one.every == "school_year":
        return on.year if on.month >= SCHOOL_YEAR_BEGINS else on.year - 1
    return on.year


def period_label(one: Benefit | None, period: int) -> str:
    if period == 0:
        return "—"
    return f"{period}–{period + 1}" if one is not None and one.every == "school_year" else str(period)


def choices(kind: str) -> list[tuple[str, Any]]:
    """(code, label) of the profile's departments, kinds or funds."""
    listed = {"department": active().departments, "kind": active().benefit_kinds, "fund": active().funds}[kind]
    return [(code, entry.label.in_(language())) for code, entry in listed.items()]
