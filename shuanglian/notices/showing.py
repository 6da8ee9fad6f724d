"""A notice as it is read: on the phone, on the village's board, on paper; in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shuanglian.core.profile import active, language

from . import queries
from .models import Notice


@dataclass(frozen=True)
class Row:
    """One row: its place from 1, what it is called, its cells by column, and whether it may be objected to."""

    place: int
    head: str
    cells: list[tuple[str, str, str]]  # column code, label, text

    columns: tuple[tuple[str, str, bool], ...] = ()

    @property
    def full(self) -> list[tuple[str, str, str]]:
        """A cell for every column, empty where the row has none."""
        return [(code, label, self.text(code)) for code, label, _wide in self.columns]

    def text(self, code: str) -> str:
        return next((text for found, _label, text in self.cells if found == code), "")


@dataclass(frozen=True)
class Shown:
    """Everything that a page or a poster of a notice says. `until` is None while an objection keeps the clock still."""

    notice: Notice
    kind: str
    title: str
    sentence: str
    asks: str
    place: str
    since: date
    until: date | None
    planned: date
    columns: list[tuple[str, str, bool]]  # code, label, wide
    rows: list[Row]
    sections: list[tuple[str, str]]
    objections: bool
    office: str
    phone: str


def shown(notice: Notice, *, on: date) -> Shown:
    """A notice ready to be drawn. `since` is the first full day, `until` the last one as things stand."""
    profile, lang = active().on(notice.opens_on).notices, language()
    kind = profile.kinds.get(notice.kind)
    rows = notice.shown_rows
    fields = sorted(profile.fields.values(), key=lambda one: one.order)
    columns = [(one.code, one.label.in_(lang), one.wide) for one in fields if any(one.code in row for row in rows)]
    office, phone = supervision()
    return Shown(
        notice=notice, kind=kind.label.in_(lang) if kind else notice.kind, title=notice.headline,
        sentence=kind.sentence.in_(lang) if kind else "", asks=kind.asks.in_(lang) if kind and kind.asks else "",
        place=notice.place, since=notice.opens_on + timedelta(days=1), until=notice.closes_on,
        planned=notice.opens_on + timedelta(days=notice.days), columns=columns,
        rows=[_row(place, row, columns) for place, row in enumerate(rows, 1)],
        sections=[(spoken(one["title"]), spoken(one["text"])) for one in notice.shown_sections],
        objections=bool(kind and kind.objections and queries.is_up(notice, on)), office=office, phone=phone,
    )  # fmt: skip


def _row(place: int, row: dict[str, Any], columns: list[tuple[str, str, bool]]) -> Row:
    cells = [(code, label, spoken(row[code])) for code, label, _wide in columns if code in row]
    head = spoken(row.get("name", "")) or next((text for _code, _label, text in cells), "")
    return Row(place, head, cells, tuple(columns))


def spoken(value: Any) -> str:
    """A text of a notice in the reader's language."""
    if isinstance(value, dict):
        return str(value.get(language()) or value.get("zh") or "")
    return str(value)


def row_name(notice: Notice, key: str) -> str:
    """What a row is called; empty for none."""
    row = notice.row(key) if key else None
    return " ".join(filter(None, (spoken(row.get("name", "")), spoken(row.get("group", ""))))) if row else ""


def supervision() -> tuple[str, str]:
    """(office, telephone) for complaints, from the county's level of the profile (VOICE-6); the telephone may lack."""
    level = active().levels.get("county")
    office = level.office.in_(language()) if level and level.office else ""
    return office, (level.phone or "") if level else ""
