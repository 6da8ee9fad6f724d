"""The result of pairing files, written for people and machines: csv, xlsx, json. No database."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from shuanglian.kernel.speech import speak
from shuanglian.kernel.words import N_, Said
from shuanglian.rules.profile import Profile

from . import words
from .folk import FileRows
from .linking import Linked
from .places import Places

_FORMULA = re.compile(r"^[\s'\"]*[=+\-@＝＋－＠\t\r|%]")
HEADINGS = {
    "household": N_("户编号"), "head": N_("户主"), "village_code": N_("行政村代码"), "township": N_("乡镇"),
    "village": N_("行政村"), "band": N_("困难程度"), "cause": N_("主要致贫原因"), "cadre": N_("干部编号"),
    "cadre_name": N_("责任人"), "unit": N_("单位"), "rank": N_("职级"), "slot": N_("性质"), "change": N_("变化"),
    "why": N_("原因"), "km": N_("公里"), "cost": N_("代价"), "last": N_("上年责任人"), "code": N_("单位编号"),
}  # fmt: skip
Rows = list[dict[str, Any]]


def pair_rows(rows: FileRows, pairs: pl.DataFrame, places: Places, profile: Profile, lang: str) -> Rows:
    """One plain row per household: who, from where, how far, at what cost and why."""
    cadres = {row["id"]: row for row in rows.cadres.iter_rows(named=True)}
    households = {row["id"]: row for row in rows.households.iter_rows(named=True)}
    bands = profile.pairing.bands["household"].labels
    units = dict(rows.units.select("code", "name").iter_rows())
    found = []
    for pair in pairs.iter_rows(named=True):
        household, cadre = households[pair["household_id"]], cadres.get(pair["cadre_id"])
        terms = {speak(words.term(name), lang): points for name, points in json.loads(pair["terms"]).items()}
        found.append({
            "household": household["number"], "head": household["head_name"], "village_code": household["village"],
            "township": places.township_of(household["village"]), "village": places.name_of(household["village"]),
            "band": bands[household["band"]].in_(lang), "cause": profile.codes["cause"].label(household["cause"], lang),
            "cadre": cadre["number"] if cadre else "", "cadre_name": cadre["name"] if cadre else "",
            "unit": units.get(cadre["unit"], cadre["unit"]) if cadre else "",
            "rank": profile.codes["rank"].label(cadre["rank"], lang) if cadre else "",
            "slot": speak(Said(words.SLOTS[pair["slot"]]), lang) if cadre else "",
            "change": speak(Said(words.CHANGES[pair["change"]]), lang), "why": speak(words.reason(pair["why"]), lang),
            "km": None if pair["km"] is None else round(pair["km"], 1), "cost": pair["cost"], "last": household["last"],
            "terms": terms,
        })  # fmt: skip
    return found


def link_rows(rows: FileRows, linked: Linked, places: Places, lang: str) -> Rows:
    """One plain row per link of a unit to a village, those that end included."""
    units = dict(rows.units.select("code", "name").iter_rows())
    return [
        {"code": link["unit"], "unit": units.get(link["unit"], link["unit"]), "village_code": link["village"],
         "township": places.township_of(link["village"]), "village": places.name_of(link["village"]),
         "change": speak(Said(words.CHANGES[link["change"]]), lang), "why": speak(words.reason(link["why"]), lang),
         "km": link["km"], "cost": link["cost"], "terms": json.loads(link["terms"])}
        for link in linked.links.iter_rows(named=True)
    ]  # fmt: skip


def document(
    summary: dict[str, Any], pairs: Rows, links: Rows, findings: Rows, notes: Sequence[str], uncovered: Rows
) -> dict[str, Any]:
    """Everything as one JSON document."""
    return {
        "status": "optimal" if not summary["none"] else "partial", "summary": summary, "pairs": pairs, "links": links,
        "uncovered": uncovered, "notes": list(notes), "findings": findings,
    }  # fmt: skip


def write(target: Path, told: dict[str, Any], lang: str) -> list[Path]:
    """A folder gets pairs.csv, links.csv, result.json and result.xlsx; a file is what its ending says."""
    match target.suffix.lower():
        case ".json":
            return [_json(target, told)]
        case ".csv":
            return [_csv(target, told["pairs"], lang)]
        case ".xlsx":
            return [_xlsx(target, told, lang)]
    target.mkdir(parents=True, exist_ok=True)
    return [
        _csv(target / "pairs.csv", told["pairs"], lang), _csv(target / "links.csv", told["links"], lang),
        _json(target / "result.json", told), _xlsx(target / "result.xlsx", told, lang),
    ]  # fmt: skip


def _json(target: Path, told: dict[str, Any]) -> Path:
    target.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return target


def _flat(rows: Rows, lang: str) -> tuple[list[str], list[str], list[list[Any]]]:
    """Field codes, headings and lines; every term of the cost has a column of its own."""
    if not rows:
        return [], [], []
    terms = list(dict.fromkeys(name for row in rows for name in row["terms"]))
    codes = [name for name in rows[0] if name != "terms"]
    headings = [speak(Said(HEADINGS[name]), lang) for name in codes]
    lines = [[row[name] for name in codes] + [row["terms"].get(term, 0) for term in terms] for row in rows]
    return codes, headings + [_point(term, lang) for term in terms], lines


def _point(term: str, lang: str) -> str:
    return speak(Said(N_("{term}（点）"), {"term": Said(words.TERMS.get(term, term))}), lang)


def _csv(target: Path, rows: Rows, lang: str) -> Path:
    """UTF-8 with a mark, so that spreadsheets read it; text that looks like a formula is made harmless."""
    _codes, headings, lines = _flat(rows, lang)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([[_harmless(cell) for cell in line] for line in lines])
    return target


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _xlsx(target: Path, told: dict[str, Any], lang: str) -> Path:
    book = xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "border": 1, "bg_color": "#E8E8E8", "text_wrap": True})
    plain = book.add_format({"border": 1})

    def say(sentence: str) -> str:
        return speak(Said(sentence), lang)

    try:
        _sheet(book, say(N_("结对")), *_flat(told["pairs"], lang)[1:], bold, plain)
        _sheet(book, say(N_("联村")), *_flat(told["links"], lang)[1:], bold, plain)
        figures = [[name, _shown(value)] for name, value in told["summary"].items()]
        _sheet(book, say(N_("汇总")), [say(N_("项目")), say(N_("数值"))], figures, bold, plain)
        uncovered = [[row["why"], row["households"]] for row in told["uncovered"]]
        _sheet(book, say(N_("未落实")), [say(N_("原因")), say(N_("户"))], uncovered, bold, plain)
        findings = [
            [row[name] for name in ("file", "sheet", "row", "column", "value", "what", "cure")]
            for row in told["findings"]
        ]
        titles = [
            say(text) for text in (N_("文件"), N_("工作表"), N_("行"), N_("列"), N_("值"), N_("问题"), N_("怎么改"))
        ]
        _sheet(book, say(N_("检查发现")), titles, findings, bold, plain)
    finally:
        book.close()
    return target


def _shown(value: Any) -> Any:
    return value if isinstance(value, int | float | str) else json.dumps(value, ensure_ascii=False)


def _sheet(
    book: Any, name: str, headings: Sequence[str], lines: Iterable[Sequence[Any]], bold: Any, plain: Any
) -> None:
    page = book.add_worksheet(name[:31])
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")
    widths = [2 * len(text) + 2 for text in headings]
    for column, text in enumerate(headings):
        page.write_string(0, column, text, bold)
    write: dict[bool, Callable[..., Any]] = {True: page.write_number, False: page.write_string}
    for row, line in enumerate(lines, start=1):
        for column, cell in enumerate(line):
            number = isinstance(cell, int | float) and not isinstance(cell, bool)
            write[number](row, column, cell if number else "" if cell is None else str(cell), plain)
            wide = sum(2 if ord(letter) > 0x2E7F else 1 for letter in str(cell if cell is not None else ""))
            if column < len(widths):
                widths[column] = min(40, max(widths[column], wide + 2))
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
