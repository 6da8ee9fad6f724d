"""A notice on paper: A3 for the village board, to be read from two metres, and A4; as PDF by Typst (FUND-6)."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import segno
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuanglian.core.pdf import typeset
from shuanglian.core.profile import language

from .models import Notice
from .showing import Shown, shown


def poster(notice: Notice, *, paper: str, address: str, on: date) -> bytes:
    """The PDF; `paper` a3 or a4, `address`: what the QR code opens."""
    return typeset("notices/poster.typ", given(shown(notice, on=on), paper=paper, address=address))


def given(told: Shown, *, paper: str, address: str) -> dict[str, Any]:
    """What the template is handed: every word that stands on the sheet."""
    columns = [one for one in told.columns if not _said_already(told, one[0])]
    return {
        "lang": language(), "paper": paper, "kind": told.kind, "title": told.title, "place": told.place,
        "sentence": told.sentence, "asks": told.asks, "from": told.since.isoformat(), "to": told.planned.isoformat(),
        "days": told.notice.days, "period": _period(told), "columns": [{"label": label, "wide": wide, "code": code}
                                                                     for code, label, wide in columns],
        "rows": [[str(row.place), *(row.text(code) for code, _label, _wide in columns)] for row in told.rows],
        "sections": [list(one) for one in told.sections], "qr": _svg(address), "office": told.office,
        "phone": told.phone, "words": _words(told),
    }  # fmt: skip


def _said_already(told: Shown, column: str) -> bool:
    """Whether a column says the same in every row, and what place or title of the sheet say already: rows of one line
    instead of two are larger type on fewer sheets."""
    said = {row.text(column) for row in told.rows}
    above = {"village": told.place, "outcome": told.title}.get(column, "")
    return len(said) == 1 and len(told.columns) > 1 and bool(above) and next(iter(said)) in above


def _period(told: Shown) -> str:
    return _("公示时间：{since} 至 {until}（满 {days} 天）").format(
        since=_day(told.since), until=_day(told.planned, told.since), days=told.notice.days
    )


def _day(day: date, after: date | None = None) -> str:
    """A day in words; the year only once when it is the same."""
    once = after is not None and after.year == day.year
    if language() == "zh":
        return f"{day.month}月{day.day}日" if once else f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B %Y}"


def _words(told: Shown) -> dict[str, str]:
    return {
        "number": _("序号"), "scan": _("手机扫码看名单、提意见") if told.asks else _("手机扫码看名单"),
        "phone": _("监督电话"), "anonymous": _("可以不写名字。谁提的意见，村里和被提意见的人都不会知道。"),
        "page": _("第 {page} 页，共 {all} 页"), "rows": _total(told),
    }  # fmt: skip


def _total(told: Shown) -> str:
    households = any(code == "name" for code, _label, _wide in told.columns)
    return (_("共 {n} 户") if households else _("共 {n} 项")).format(n=len(told.rows))


def _svg(text: str) -> str:
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", scale=4, border=2)
    return drawn.getvalue().decode()


def qr(text: str) -> SafeString:
    """A QR code for a page: drawn in line, coloured by the style sheet, no script and no style attribute."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(
        drawn, kind="svg", scale=4, border=2, xmldecl=False, svgclass="qr-code", lineclass=None, omitsize=True
    )
    return SafeString(drawn.getvalue().decode())
