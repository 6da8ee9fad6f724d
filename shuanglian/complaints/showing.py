"""Letters in words: for the officer's list and page, for the person with the number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shuanglian.areas.models import Area
from shuanglian.core.profile import active, language

from . import queries
from .actions.handling import level_of
from .models import Complaint, Step


@dataclass(frozen=True)
class Told:
    """What the person with the number reads: where it lies, what was done, whether a word is asked for."""

    office: str
    lines: list[tuple[str, str, str, str]]  # day, what, text, badge
    opened: bool
    asks: bool
    open: bool


def office(code: str) -> str:
    """定西市 市（州）委双联办."""
    area = Area.objects.current().filter(code=code).first()
    level = list(active().levels.values())[level_of(code) - 1]
    name = level.office.in_(language()) if level.office else level.label.in_(language())
    return f"{area.name} {name}" if area else name


def followed(found: Complaint) -> Told:
    state = Complaint.State
    lines = queries.lines(found, follower=True)
    shown = [(str(one.step.at.date()), _what(one), one.text, _badge(one)) for one in lines]
    opened = any(one.step.kind == Step.Kind.OPENING_AGREED for one in lines)
    return Told(office(found.office_code), shown, opened, found.state == state.ANSWERED, found.state != state.CLOSED)


def _what(line: queries.Line) -> str:
    """The step's name; of an answer how it ended, in plain words."""
    if line.step.kind != Step.Kind.ANSWERED:
        return str(line.step.get_kind_display())
    ended = ending(line.told)
    return "：".join(filter(None, (str(line.step.get_kind_display()), ended)))


def _badge(line: queries.Line) -> str:
    return "warning" if line.step.kind.startswith("opening") else ""


def ending(told: dict[str, Any]) -> str:
    """How it ended and what followed (ASSESS-12)."""
    lists, lang = active().complaints, language()
    outcome, after = lists.outcomes.get(told.get("outcome", "")), lists.consequences.get(told.get("consequence", ""))
    parts = [outcome.plain.in_(lang) if outcome else "", after.label.in_(lang) if after else ""]
    return "；".join(filter(None, parts))


def subject(told: dict[str, Any]) -> str:
    """What a letter is about: the prohibition, or the kind."""
    profile, lang = active(), language()
    if (one := profile.fieldwork.prohibitions.get(told["prohibition"])) is not None:
        return str(one.label.in_(lang))
    kind = profile.complaints.kinds.get(told["kind"])
    return str(kind.label.in_(lang)) if kind else str(told["kind"])


def places(rows: list[tuple[Complaint, dict[str, Any]]]) -> dict[str, str]:
    """code → name of the villages of a list, in one query."""
    codes = {told["village"] for _row, told in rows if told["village"]}
    areas = Area.objects.current().filter(code__in=codes).select_related("parent")
    return {area.code: f"{area.parent.name if area.parent else ''} {area.name}".strip() for area in areas}


def offices(codes: list[str]) -> list[str]:
    lists, lang = active().complaints.offices, language()
    return [lists[code].label.in_(lang) for code in codes if code in lists]
