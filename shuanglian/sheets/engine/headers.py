"""Recognise a roster: which kind it is, where its header is, which column is which field, and why (issue D).

`recognise` never guesses silently: each column carries how sure it is and the reason, a person can correct it with
`Layout.with_mapping`, and the corrected mapping can be remembered under `Layout.signature()`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

from . import spans
from .columns import assign
from .fields import ROSTERS
from .header_rows import Head, find_head
from .layout import ColumnGuess, Layout
from .provisions import Provisions
from .sheet_data import SheetData
from .spelling import plain

Remembered = Mapping[str, Mapping[str, str | None]]

_HINTS = {
    "pairs": "结对 帮扶到人 帮扶责任 联户", "cadres": "干部", "units": "单位", "links": "联村 驻村单位",
    "persons": "成员 人口 人员", "households": "户 贫困户 脱贫户",
    "villages": "村情况 村登记 贫困村登记 村基本情况 村表",
    "demands": "诉求 来电 来信 来访 信访 热线 转办 交办 反映",
    "payments": "发放 打卡 持证 残疾人 补助 补贴 资助 救助 报销 低保金",
}  # fmt: skip


def recognise(sheet: SheetData, kind: str, profile: Any = None, remembered: Remembered | None = None) -> Layout:
    """The layout of a sheet read as a kind of roster. Refusal when it has no header.

    `profile` lends its code lists, so that a column may be known by what stands in it. `remembered` maps signatures of
    layouts to mappings that a person confirmed.
    """
    head = find_head(sheet)
    if head is None:
        raise Refusal(
            "no_header",
            N_(
                "工作表“{sheet}”里没有找到表头（如“户主姓名”“行政村”“证件号码”）。"
                "请确认表头在前 60 行内，每列都有列名。"
            ),
            sheet=sheet.name,
        )
    return _layout(sheet, head, kind, profile, remembered or {})


def guess_kind(sheets: Sequence[SheetData]) -> dict[str, str | None]:
    """For each sheet the kind of roster it most likely is; None for hidden ones and those that are none."""
    guesses = {sheet.name: None if sheet.hidden else _kind_of(sheet) for sheet in sheets}
    if "households" in guesses.values():
        heads = {name: find_head(sheet) for sheet in sheets for name in [sheet.name] if guesses[name] == "households"}
        apart = [name for name, head in heads.items() if head and not _has_members(head)]
        if apart:  # households in one sheet, then a sheet with members but no facts of households holds the members
            for name, head in heads.items():
                if head and _has_members(head) and not _has_household_facts(head):
                    guesses[name] = "persons"
    return guesses


def _kind_of(sheet: SheetData) -> str | None:
    head = find_head(sheet)
    if head is None:
        return None
    scores = {kind: _score(sheet, head, kind) for kind in ROSTERS}
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] > 1.5 else None


def _score(sheet: SheetData, head: Head, kind: str) -> float:
    roster = ROSTERS[kind]
    columns = assign(head.paths, kind)
    found = {column.field: column.confidence for column in columns if column.field}
    places = dict(_constants(kind, {one.letter: one.field for one in columns if one.field}, head, sheet))
    if kind == "households" and "person.relation" not in found:
        found = {code: sure for code, sure in found.items() if code and not code.startswith("person.")}
    score = sum(found.values()) + sum(found.get(code, 0) for code in roster.tells) / 2
    score -= 4 * sum(1 for group in roster.needs if not set(group) & (found.keys() | places.keys()))
    if kind == "links" and len(columns) > len(found) + 5:
        score -= 3  # a list of links is short; what has many more columns is something else
    text = sheet.name + "".join(head.above)
    return score + 1.5 * any(hint in text for hint in _HINTS[kind].split())


def _has_members(head: Head) -> bool:
    return any(column.field == "person.relation" for column in assign(head.paths, "households"))


def _has_household_facts(head: Head) -> bool:
    facts = {"village", "village_code", "main_cause", "kind", "size", "income_per_head"}
    return len(facts & {column.field for column in assign(head.paths, "households")}) > 1


def _layout(sheet: SheetData, head: Head, kind: str, profile: Any, remembered: Remembered) -> Layout:
    blocks = _blocks(head)
    paths = {letter: head.paths[letter] for letter in blocks[0]} if blocks else head.paths
    columns = assign(paths, kind, sheet, head.first_row, profile)
    if blocks:
        columns += _repeated(columns, blocks, head)
    layout = Layout(sheet.name, kind, tuple(columns), head.rows, head.first_row, blocks)
    layout = replace(layout, constants=_constants(kind, layout.mapping, head, sheet))
    if kind == "payments":
        titles = [text for text in (*head.above, sheet.name) if not _DAY_OF_WRITING.search(text)]
        layout = _of_payroll(layout, titles, profile)
    if (kept := remembered.get(layout.signature())) is not None:
        again = layout.with_mapping({letter: code for letter, code in kept.items() if layout.header(letter)})
        same = Said(N_("沿用上次确认的对应关系"))
        return replace(again, columns=tuple(replace(one, why=same) for one in again.columns), remembered=True)
    return layout


_DAY_OF_WRITING = re.compile(r"(?:日期|时间)[:：]")


def _of_payroll(layout: Layout, titles: Sequence[str], profile: Any) -> Layout:
    """The provision and the months that the titles name, where no column tells them."""
    used, title = set(layout.mapping.values()), "".join(titles)
    if profile is not None and "benefit" not in used:
        layout = layout.with_whole({"benefit": Provisions(profile).in_title(title) or ""})
    if not used & {"month", "paid_on"} and (months := spans.in_title(title)):
        layout = replace(layout, constants=(*layout.constants, ("month", months)))
    return layout


def _blocks(head: Head) -> tuple[tuple[str, ...], ...]:
    """Letters of each record when the same headers stand side by side several times."""
    letters = list(head.paths)
    names = [plain("".join(head.paths[letter])) for letter in letters]
    for width in range(2, len(names) // 2 + 1):
        if len(names) % width == 0 and names == names[:width] * (len(names) // width) and len(set(names[:width])) > 1:
            return tuple(tuple(letters[at : at + width]) for at in range(0, len(letters), width))
    return ()


def _repeated(columns: list[ColumnGuess], blocks: tuple[tuple[str, ...], ...], head: Head) -> list[ColumnGuess]:
    """The columns of the second and later records, read as those of the first."""
    beside = Said(N_("并排的另一组记录"))
    return [
        replace(column, letter=letter, header="/".join(head.paths[letter]), why=beside)
        for block in blocks[1:]
        for column, letter in zip(columns, block, strict=True)
    ]


_LABELLED = {
    "county": re.compile(r"(?:县(?:\(市、区(?:、旗)?\))?|县市区)[:：]\s*([\u4e00-\u9fff]{2,9})"),
    "township": re.compile(r"乡(?:\(镇\)|镇)[:：]\s*([\u4e00-\u9fff]{2,9})"),
    "village": re.compile(r"(?:行政)?村(?:名)?[:：]\s*([\u4e00-\u9fff]{2,9})"),
}
_CHAIN = re.compile(
    r"(?:([\u4e00-\u9fff]{2,5}?(?:省|自治区)))?(?:([\u4e00-\u9fff]{2,7}?(?:市|自治州)))?"
    r"(?:([\u4e00-\u9fff]{2,8}?(?:自治县|县|区|旗)))?(?:([\u4e00-\u9fff]{2,7}?(?:乡|镇|街道)))?"
    r"(?:([\u4e00-\u9fff]{1,8}?(?:村|社区)))?"
)
_NO_PLACE = re.compile(
    r"贫困|脱贫|行政|建档|联村|驻村|全村|全县|全镇|帮扶|自然村|各|登记|名单|年度|出列|城乡|新农村|农村"
)
_LEVELS = ("province", "city", "county", "township", "village")


def _constants(kind: str, mapping: Mapping[str, str], head: Head, sheet: SheetData) -> tuple[tuple[str, str], ...]:
    """Places that the title or the tab names, for levels that no column gives."""
    roster = ROSTERS[kind]
    found: dict[str, str] = {}
    for text in head.above:
        for level, pattern in _LABELLED.items():
            if match := pattern.search(text.replace("（", "(").replace("）", ")")):
                found.setdefault(level, match[1])
        for part in re.split(r"[^\u4e00-\u9fff]+", text):
            match = _CHAIN.match(part)
            for level, place in zip(_LEVELS, match.groups() if match else (), strict=False):
                if place and not _NO_PLACE.search(place):
                    found.setdefault(level, place)
    if re.fullmatch(r"[\u4e00-\u9fff]{1,8}(?:村|社区)", sheet.name) and not _NO_PLACE.search(sheet.name):
        found.setdefault("village", sheet.name)
    if re.fullmatch(r"[\u4e00-\u9fff]{1,6}(?:乡|镇|街道)", sheet.name) and not _NO_PLACE.search(sheet.name):
        found.setdefault("township", sheet.name)
    used = set(mapping.values())
    if "village_code" in used:
        return ()
    return tuple((level, found[level]) for level in _LEVELS if level in found and level in roster and level not in used)
