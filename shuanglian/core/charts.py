"""Charts as inline SVG, made on the server: bars in pairs, values written beside them, class names for the look.

Pure: numbers in, SVG out. Colour never stands alone: the upper bar of a pair is pale, the lower one dark, and both
have their number beside them; without a number there is no bar but a dash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, LABEL, VALUE, ROW, BAR, GAP, TOP = 640, 150, 110, 50, 18, 3, 30
LETTER = 13  # width of a Chinese one; a Latin one has half


@dataclass(frozen=True)
class Bars:
    """One line of a chart: its name and the values of both sides."""

    name: str
    before: float | None
    after: float | None


def pairs(
    rows: Sequence[Bars], *, title: str, sides: tuple[str, str], shown: Callable[[float], str], ident: str
) -> SafeString:  # fmt: skip
    """A chart of horizontal bars, two a row; "" without rows. A screen reader gets title and a sentence a row."""
    if not rows:
        return SafeString("")
    most = max((abs(value) for row in rows for value in (row.before, row.after) if value is not None), default=0) or 1
    height = TOP + ROW * len(rows)
    drawn = format_html_join("", "{}", ((_row(row, place, most, shown),) for place, row in enumerate(rows)))
    told = "；".join(f"{row.name} {_said(row.before, shown)} → {_said(row.after, shown)}" for row in rows)
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{i}-title" aria-describedby="{i}-desc">'
        '<title id="{i}-title">{}</title><desc id="{i}-desc">{}</desc>{}{}</svg>',
        WIDTH, height, title, told, _legend(sides), drawn, i=ident,
    )  # fmt: skip


def _said(value: float | None, shown: Callable[[float], str]) -> str:
    return "—" if value is None else shown(value)


def _legend(sides: tuple[str, str]) -> SafeString:
    right = LABEL + 40 + LETTER * len(sides[0])
    return format_html(
        '<rect class="bar-before" x="{}" y="6" width="14" height="14"/><text class="chart-text" x="{}" y="18">{}</text>'
        '<rect class="bar-after" x="{}" y="6" width="14" height="14"/><text class="chart-text" x="{}" y="18">{}</text>',
        LABEL, LABEL + 20, sides[0], right, right + 20, sides[1],
    )  # fmt: skip


def _row(row: Bars, place: int, most: float, shown: Callable[[float], str]) -> SafeString:
    top = TOP + ROW * place
    bars = (_bar(row.before, top + GAP, most, "bar-before", shown),
            _bar(row.after, top + 2 * GAP + BAR, most, "bar-after", shown))  # fmt: skip
    name = format_html(
        '<text class="chart-name" x="{}" y="{}">{}</text>', LABEL - 8, top + ROW // 2 + 3, _cut(row.name)
    )
    return format_html("{}{}{}", name, *bars)


def _bar(value: float | None, top: int, most: float, look: str, shown: Callable[[float], str]) -> SafeString:
    length = 0 if value is None else max(round(abs(value) / most * (WIDTH - LABEL - VALUE)), 1 if value else 0)
    bar = (
        format_html('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', look, LABEL, top, length, BAR)
        if length
        else SafeString("")
    )
    text = '<text class="chart-text" x="{}" y="{}">{}</text>'
    return format_html("{}{}", bar, format_html(text, LABEL + length + 6, top + BAR - 4, _said(value, shown)))


def _cut(name: str) -> str:
    """A name as long as its place allows; the whole of it is in the description and in the table beside."""
    room, kept = LABEL - 12, ""
    for letter in name:
        room -= LETTER if ord(letter) > 0x2E7F else LETTER // 2 + 1
        if room < 0:
            return kept[:-1] + "…"
        kept += letter
    return kept
