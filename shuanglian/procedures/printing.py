"""A kept form as PDF, in the reader's language; the content, and so the fingerprint, is the same in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core.pdf import typeset
from shuanglian.core.profile import language

from .models import FormPrint

WIDE = {"reason", "measure", "why"}
MANY_COLUMNS = 6  # more than so many stand on the paper's long side


def pdf(printed: FormPrint) -> bytes:
    """The paper of a print: whoever prints it again gets the same content under the same fingerprint."""
    shown = printed.content
    columns = [{"label": _in(one), "wide": one["code"] in WIDE} for one in shown["columns"]]
    blank = [_in(one) for one in shown["blank"]]
    return typeset("procedures/form.typ", {
        "lang": "zh" if language() == "zh" else "en", "title": _in(shown["form"]), "procedure": _in(shown["procedure"]),
        "step": _in(shown["step"]), "number": shown["number"], "place": shown["place"], "on": shown["on"],
        "columns": columns, "blank": blank, "rows": [[spoken(cell) for cell in row] for row in shown["rows"]],
        "says": _in(shown["says"]),
        "signers": [_in(one) for one in shown["signers"]], "mark": printed.mark,
        "wide": len(columns) + len(blank) > MANY_COLUMNS, "meeting": _meeting(shown["meeting"]),
        "notices": [_notice(one) for one in shown["notices"]],
        "words": {
            "fingerprint": _("内容指纹"), "number": _("编号"), "place": _("地点"), "on": _("日期"), "day": _("日期"),
            "printed": _("系统打印，内容以指纹为准"),
        },
    })  # fmt: skip


def spoken(cell: str | Mapping[str, str]) -> str:
    """A cell of a kept content in the reader's language; earlier prints hold some in Chinese alone."""
    return cell if isinstance(cell, str) else _in(cell)


def _in(text: Mapping[str, str]) -> str:
    return text["zh"] if language() == "zh" else text["en"]


def _meeting(held: Mapping[str, Any] | None) -> list[tuple[str, str]] | None:
    if held is None:
        return None
    names = {
        "on": _("开会日期"), "place": _("地点"), "chair": _("主持人"), "writer": _("记录人"),
        "representatives": _("应到村民代表"), "present": _("实到村民代表"), "minutes": _("会议记录"),
    }  # fmt: skip
    return [(name, str(held[key])) for key, name in names.items() if held.get(key)]


def _notice(one: Mapping[str, Any]) -> str:
    return _("公示 {code}：{opens} 张榜，满 {days} 天，{closes} 止。").format(
        code=one["code"], opens=one["opens_on"], days=one["days"], closes=one["closes_on"]
    )
