"""Demands in words: labels of the profile instead of codes, in the reader's language; codes it dropped stand as are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core import profile

from .models import Demand


def label(entries: Mapping[str, Any], code: str) -> str:
    return entries[code].label.in_(profile.language()) if code in entries else code


def category(code: str) -> str:
    return label(profile.active().grievances.categories, code)


def never(code: str) -> str:
    return label(profile.active().grievances.nevers, code)


def rung(code: str) -> str:
    found = profile.active().grievances.ladder.by_code.get(code)
    return found.shape.label.in_(profile.language()) if found else code


def urgency(code: str) -> str:
    known = {one.shape.code: one.shape for one in profile.active().grievances.ladder.urgencies}
    return known[code].label.in_(profile.language()) if code in known else code


def department(code: str) -> str:
    return label(profile.active().departments, code)


def holder(demand: Demand) -> str:
    """Who holds it: a person, a unit, or the rung's office."""
    if demand.cadre is not None:
        return demand.cadre.name
    if demand.unit is not None:
        return demand.unit.name
    return department(demand.department) if demand.department else rung(demand.rung)


def left(demand: Demand, on: date) -> str:
    """How much time is left, in words; working days are counted, late ones too."""
    if demand.state != Demand.State.OPEN or demand.due_on is None:
        return ""
    days = profile.active().working_days
    if demand.due_on < on:
        return _("超期 {n} 个工作日").format(n=max(1, days.between(demand.due_on, on)))
    return _("还有 {n} 个工作日").format(n=days.between(on, demand.due_on)) if demand.due_on > on else _("今天到期")


def asker(demand: Demand) -> str:
    """Who asks, for whoever handles it: the household's head, the name given, or nobody."""
    if demand.household is not None:
        return demand.household.head_name
    return demand.name or _("没有留姓名")


def quarrels() -> list[str]:
    """Categories of disputes: a household's own page does not tell that it is in one; nobody is labelled (VOICE-5)."""
    return [code for code, one in profile.active().grievances.categories.items() if one.matter == "dispute"]
