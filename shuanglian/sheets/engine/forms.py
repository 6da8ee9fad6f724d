"""A registration form (贫困户登记表) into a table: labels beside values, ticked boxes, years side by side, members.

One form a sheet, or several below one another each under its title. The table that comes out has the form's own labels
as headers, one row a member, and remembers in `moved` where each cell really stands.
"""

import re
from dataclasses import dataclass, replace
from itertools import takewhile

import polars as pl

from .letters import letter
from .sheet_data import SheetData
from .spelling import fields_of, is_header

_TITLE = re.compile(r"(?:登记|采集|调查|信息)表$|(?:登记|采集|调查)表[(（]")
_BOX = re.compile(r"([□☐○☑√■✔☒▣✓●])\s*([^□☐○☑√■✔☒▣✓●]*)")
_TICKED = set("☑√■✔☒▣✓●")
_INLINE = re.compile(r"^\s*([^:：]{1,14})[:：]\s*(\S.*?)\s*$")
_PLACES = {"province", "city", "county", "township", "village", "village_code", "group"}
_ENOUGH = 4  # facts of the household beside their labels that make a form
_NUMBER = re.compile(r"^-?[\d,.]+(?:元|亩|人)?$")
_FORM_NUMBER = re.compile(r"^[A-G]\d{1,3}[a-z]?$")
_LABEL = re.compile(r"^[A-G]\d{1,3}[a-z]?[ 、.]?[\u4e00-\u9fff]")

Place = tuple[int, str]


@dataclass(frozen=True)
class _Form:
    facts: dict[str, tuple[str, str, Place]]  # field → label, value, where
    heads: dict[str, str]  # letter → header of the members' table
    members: list[int]  # rows


def as_table(sheet: SheetData) -> SheetData:
    """The sheet as a table if it is a form, else the sheet itself."""
    if sheet.cells.height > 4000 or not sheet.cells.height:
        return sheet
    rows = {
        row.pop("row"): {key: text.strip() for key, text in row.items() if text and text.strip()}
        for row in sheet.cells.iter_rows(named=True)
    }
    forms = [_read(part) for part in _split(rows)]
    forms = [form for form in forms if _is_form(form)]
    return _table(sheet, rows, forms) if forms else sheet


def _split(rows: dict[int, dict[str, str]]) -> list[dict[int, dict[str, str]]]:
    """The rows of each form, cut at their titles."""
    titles = [at for at, row in rows.items() if len(row) <= 2 and any(_TITLE.search(text) for text in row.values())]
    if len(titles) < 2:
        return [rows]
    ends = [*titles[1:], max(rows) + 1]
    return [{at: row for at, row in rows.items() if begin <= at < end} for begin, end in zip(titles, ends, strict=True)]


def _is_form(form: _Form) -> bool:
    facts = set(form.facts) - _PLACES
    return "head_name" in facts and len(facts) >= _ENOUGH and len({at for _, _, (at, _) in form.facts.values()}) > 1


def _read(rows: dict[int, dict[str, str]]) -> _Form:
    head, heads, members = _members(rows)
    facts: dict[str, tuple[str, str, Place]] = {}
    for at, row in rows.items():
        if at == head or at in members:
            continue
        cells = [(key, text) for key, text in row.items() if not _FORM_NUMBER.match(text)]
        for place, (key, text) in enumerate(cells):
            for label, value, where in _pairs(cells, place, at, key, text):
                code = next((code for code, sure in fields_of(label, "households") if sure >= 0.85), None)
                if code and not code.startswith("person.") and code not in facts and value:
                    facts[code] = (label, value, where)
    return _Form(facts, heads, members)


def _pairs(cells: list[tuple[str, str]], place: int, at: int, key: str, text: str) -> list[tuple[str, str, Place]]:
    """(label, value, where) that a cell begins: inside it behind a colon, or in the cells to its right."""
    if inline := _INLINE.match(text):
        return [(inline[1], _ticked(inline[2]), (at, key))]
    if is_header(text) < 0.85:
        return []
    right = []
    for other, value in cells[place + 1 :]:
        if (is_header(value) >= 0.85 or _LABEL.match(value)) and not _BOX.search(value):
            break
        right.append((other, value))
    if not right:
        return []
    numbers = list(takewhile(lambda one: _NUMBER.match(one[1]), right))
    chosen = numbers[-1] if numbers else right[0]  # years side by side: the latest that is filled
    return [(text, _ticked(chosen[1]), (at, chosen[0]))]


def _ticked(value: str) -> str:
    """What is ticked in `□一般贫困户 ☑低保户`; the text itself where there are no boxes."""
    boxes = _BOX.findall(value)
    if not boxes:
        return value
    return "、".join(text.strip(" 、,，;；") for mark, text in boxes if mark in _TICKED and text.strip())


def _members(rows: dict[int, dict[str, str]]) -> tuple[int | None, dict[str, str], list[int]]:
    """The header row of the members' table, its headers, and the rows below it that name somebody."""
    for at, row in rows.items():
        codes = {key: fields_of(text, "households") for key, text in row.items()}
        named = next((key for key, found in codes.items() if found and found[0][0] == "person.name"), None)
        hits = [key for key, found in codes.items() if found and found[0][0].startswith("person.")]
        if named is None or len(hits) < 3:
            continue
        heads = {key: text for key, text in row.items() if not _FORM_NUMBER.match(text)}
        members = []
        for below in sorted(other for other in rows if other > at):
            text = rows[below].get(named, "")
            if _FORM_NUMBER.match(text) or all(_FORM_NUMBER.match(one) for one in rows[below].values()):
                continue  # A4 A5 A6 … under the headers
            if not text or is_header(text) >= 0.85 or is_header(next(iter(rows[below].values()))) >= 0.85:
                break
            members.append(below)
        return at, heads, members
    return None, {}, []


def _table(sheet: SheetData, rows: dict[int, dict[str, str]], forms: list[_Form]) -> SheetData:
    labels = list(dict.fromkeys((code, label) for form in forms for code, (label, _, _) in form.facts.items()))
    codes = list(dict.fromkeys(code for code, _ in labels))
    named = dict(reversed(labels))
    heads = list(dict.fromkeys(text for form in forms for text in form.heads.values()))
    lines: list[list[str | None]] = [[*[named[code] for code in codes], *heads]]
    moved: dict[Place, Place] = {}
    for form in forms:
        back = {text: key for key, text in form.heads.items()}
        found: list[int | None] = [*form.members] or [None]
        for member in found:
            line: list[str | None] = []
            at = len(lines) + 1
            for column, code in enumerate(codes, 1):
                _, value, where = form.facts.get(code, ("", None, (0, "")))
                line.append(value)
                if value is not None:
                    moved[at, letter(column)] = where
            for column, text in enumerate(heads, len(codes) + 1):
                key = back.get(text)
                line.append(rows[member].get(key) if member is not None and key else None)
                if member is not None and key:
                    moved[at, letter(column)] = (member, key)
            lines.append(line)
    cells = pl.DataFrame(
        {letter(at + 1): pl.Series([line[at] for line in lines], dtype=pl.String) for at in range(len(lines[0]))}
    ).with_row_index("row", offset=1)
    return replace(sheet, cells=cells, merges=(), moved=moved)
