"""Findings as people read them: in which cell, how bad, what is wrong, how to mend it; and how they are laid out."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from shuanglian.kernel.speech import speak as say
from shuanglian.kernel.words import N_, Said

from .letters import number

Speak = Callable[[str, dict[str, Any]], tuple[str, str]]

TITLE = N_("问题清单")
HEADINGS = (
    (N_("工作表"), 16), (N_("行号"), 8), (N_("列号"), 8), (N_("所在列名"), 20), (N_("单元格内容"), 26), (N_("程度"), 8),
    (N_("问题"), 44), (N_("怎样改"), 52), (N_("位置"), 12),
)  # fmt: skip
SEVERITIES = {"error": N_("错误"), "warning": N_("提醒")}
FILLS = {"error": "FFFF9C9C", "warning": "FFFFD966"}  # red and amber, dark text stays readable on both
AUTHOR = "双联"
PART = "―― 双联检查 ――"  # between a person's own comment and ours
LINKS = 60_000  # a sheet holds 65,530
COMMENTS = 20_000  # more make spreadsheets crawl; the list names every finding
IN_ONE = 8  # findings told in one comment


@dataclass(frozen=True, slots=True)
class Told:
    """One finding in words. `row` is 0 and `column` empty where it concerns a whole sheet or row."""

    sheet: str
    row: int
    column: str
    header: str
    value: str
    severity: str
    what: str
    cure: str

    @property
    def cell(self) -> str:
        """The cell to go to; a finding on a whole row leads to its first cell, one on a sheet nowhere."""
        return f"{self.column or 'A'}{self.row}" if self.row > 0 else ""


@dataclass(frozen=True)
class Marked:
    """What is done to one cell: the worst severity and the words of all its findings."""

    severity: str
    text: str


def told(findings: pl.DataFrame, speak: Speak, sheets: Sequence[str]) -> list[Told]:
    """Findings in words, by sheet, row and column, errors before warnings in one cell."""
    order = {name: at for at, name in enumerate(sheets)}
    spoken: dict[tuple[str, str], tuple[str, str]] = {}
    out = []
    for one in findings.iter_rows(named=True):
        key = (one["code"], one["params"] or "{}")
        if key not in spoken:
            spoken[key] = speak(key[0], json.loads(key[1]) or {})
        severity = one["severity"] if one["severity"] in SEVERITIES else "warning"
        out.append(
            Told(
                one["sheet"] or "", int(one["row"] or 0), one["column"] or "", one["header"] or "", one["value"] or "",
                severity, *spoken[key],
            )
        )  # fmt: skip
    out.sort(key=lambda one: (order.get(one.sheet, len(order)), one.sheet, one.row, number(one.column), one.severity))
    return out


def by_cell(findings: Sequence[Told], lang: str) -> dict[str, dict[tuple[int, int], Marked]]:
    """sheet → (row, column), 1-based → what to mark there, several findings in one."""
    cells: dict[str, dict[tuple[int, int], list[Told]]] = {}
    for one in findings:
        if one.row > 0:
            cells.setdefault(one.sheet, {}).setdefault((one.row, number(one.column or "A")), []).append(one)
    return {sheet: {place: merged(found, lang) for place, found in here.items()} for sheet, here in cells.items()}


def merged(found: Sequence[Told], lang: str) -> Marked:
    """Several findings in one cell as one mark."""
    parts = []
    for one in found[:IN_ONE]:
        parts.append(f"【{label(SEVERITIES[one.severity], lang)}】{one.what}")
        if one.cure:
            parts[-1] += "\n" + say(Said(N_("怎样改：{cure}"), {"cure": one.cure}), lang)
    if len(found) > IN_ONE:
        parts.append(say(Said(N_("还有 {count} 条，见“问题清单”。"), {"count": len(found) - IN_ONE}), lang))
    return Marked("error" if any(one.severity == "error" for one in found) else "warning", "\n\n".join(parts))


def label(sentence: str, lang: str) -> str:
    """One of our own words in the reader's language."""
    return say(Said(sentence), lang)


def summary(findings: Sequence[Told], lang: str, marks: Mapping[str, Mapping[Any, Any]], *, anew: bool) -> list[str]:
    """The lines between the title and the list."""
    errors = sum(one.severity == "error" for one in findings)
    if not findings:
        return [label(N_("没有发现问题。"), lang)]
    counts = {"errors": errors, "warnings": len(findings) - errors}
    lines = [
        say(Said(N_("错误 {errors} 处，改正后才能接收；提醒 {warnings} 处，请核实。"), counts), lang),
        label(
            N_("红色单元格有错误，橙色单元格有提醒，鼠标停在上面看说明。改好后直接上传本文件即可，本表不会被导入。"),
            lang,
        ),
        label(N_("这是副本：公式已换成算好的值，链接、宏、图表和条件格式没有带过来。"), lang)
        if not anew
        else label(N_("这是按原文件内容重做的副本：单元格都是文本，原来的格式和公式没有带过来。"), lang),
    ]
    if (cells := sum(map(len, marks.values()))) > COMMENTS:
        shown = {"limit": COMMENTS, "cells": cells}
        lines.append(
            say(Said(N_("有问题的单元格共 {cells} 个，只有前 {limit} 个带批注，全部问题见下表。"), shown), lang)
        )
    return lines


def is_our_list(title: object) -> bool:
    """Whether a sheet's first cell says that it is a list of findings made here, in whichever language."""
    return isinstance(title, str) and title in {f"{label(TITLE, lang)} · {AUTHOR}" for lang in ("zh", "en")}


def heading(lang: str) -> str:
    """What stands in the first cell of the list."""
    return f"{label(TITLE, lang)} · {AUTHOR}"


def columns(one: Told, lang: str) -> tuple[str, ...]:
    """The cells of one finding but for the link."""
    row = str(one.row) if one.row else ""
    return (
        one.sheet,
        row,
        one.column,
        one.header,
        one.value,
        label(SEVERITIES[one.severity], lang),
        one.what,
        one.cure,
    )
