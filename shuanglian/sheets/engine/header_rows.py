"""Where the header of a sheet is, in one row, two or three, and where the data begin."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

import polars as pl

from .letters import number
from .sheet_data import SheetData
from .spelling import is_header, plain

LOOK = 60  # rows with content from the top
MERGES = 3000  # merged areas looked at there
_DATA = re.compile(r"^-?[\d.,]+%?$|^\d{4}[-./年]\d{1,2}.*|^1[3-9]\d{9}$|^\d{15,18}[0-9Xx]?$")
_NOTE = re.compile(
    r"^(?:填报|制表|填表|单位[:：]|时间[:：]|日期[:：]|备注[:：]|注[:：]|说明|附件|填表说明)|[:：].{2,}|^.{25,}$"
)
_COUNTING = re.compile(r"^[(]?(?:\d{1,3}|[①-⑳]|[甲乙丙丁戊己庚辛壬癸]|[A-Z]{1,2}|[A-G]\d{1,3}[A-Z]?|栏次)[)]?$")
_UNITS = frozenset(re.split(" ", "元 亩 人 口 户 公里 平方米 ㎡ 月 年 岁 个 元/年 万元 天 - — / 是/否"))

Row = dict[str, str]


@dataclass(frozen=True)
class Head:
    """Header rows from top to bottom, the header of each column as a path from group to leaf, the first data row."""

    rows: tuple[int, ...]
    paths: dict[str, tuple[str, ...]]
    first_row: int
    above: tuple[str, ...]


def find_head(sheet: SheetData) -> Head | None:
    """The header of a sheet; None when no row looks like one."""
    top = sheet.cells.head(LOOK)
    deepest = int(top["row"][-1]) if top.height else 0
    sheet = replace(sheet, cells=top, merges=tuple(area for area in sheet.merges if area[0] <= deepest)[:MERGES])
    rows = [(number_, _texts(row)) for number_, row in _numbered(top)]
    main = _main_row(rows)
    if main is None:
        return None
    first, last = _upwards(rows, main, sheet), _downwards(rows, main, sheet)
    picked = rows[first : last + 1]
    paths = _paths(picked, sheet)
    after = last + 1
    while after < len(rows) and _is_counting(rows[after][1]):
        after += 1
    begin = rows[after][0] if after < len(rows) else picked[-1][0] + 1
    above = tuple(text for _, row in rows[:first] for text in row.values())
    return Head(tuple(row for row, _ in picked), paths, begin, above)


def _numbered(frame: pl.DataFrame) -> list[tuple[int, dict[str, str | None]]]:
    return [(row.pop("row"), row) for row in frame.iter_rows(named=True)]


def _texts(row: dict[str, str | None]) -> Row:
    return {letter: text.strip() for letter, text in row.items() if text and text.strip()}


def _main_row(rows: list[tuple[int, Row]]) -> int | None:
    """The row with the most known headers; data in it speak against it."""
    best, best_score = None, 0.0
    for at, (_, row) in enumerate(rows):
        hits = sum(is_header(text) for text in row.values())
        data = sum(1 for text in row.values() if _DATA.match(text))
        score = hits - data
        # A single known word is enough only where the sheet is narrow; a title may hold one by chance.
        if hits >= min(2.0, len(row)) and (hits >= 0.3 * len(row) or hits >= 4) and score > best_score and hits > 0.9:
            best, best_score = at, score
    return best


def _like_header(row: Row) -> bool:
    return (
        bool(row)
        and not any(_DATA.match(text) for text in row.values())
        and all(len(plain(text)) <= 40 for text in row.values())
    )


def _upwards(rows: list[tuple[int, Row]], main: int, sheet: SheetData) -> int:
    """The first row of the header: rows directly above that group columns of the main row."""
    first = main
    while first > 0 and rows[first][0] - rows[first - 1][0] == 1 and main - first < 2:
        above = rows[first - 1][1]
        if len(above) < 2 or not _like_header(above) or any(_NOTE.search(text) for text in above.values()):
            break
        fills_gap = any(letter not in rows[main][1] for letter in above)
        groups = any(_reach(sheet, rows[first - 1][0], letter, above) > 1 for letter in above)
        if not (fills_gap or groups) or _is_title(above, sheet, rows[first - 1][0]):
            break
        first -= 1
    return first


def _is_title(row: Row, sheet: SheetData, at: int) -> bool:
    """A row whose texts are no headers and no groups: place and date lines such as `通渭县 平襄镇 2015年`."""
    return all(not is_header(text) for text in row.values()) and not any(
        r1 <= at <= r2 and c2 > c1 for r1, c1, r2, c2 in sheet.merges
    ) and any(re.search(r"(?:19|20)\d\d|[县乡镇村]$", text) for text in row.values())  # fmt: skip


def _downwards(rows: list[tuple[int, Row]], main: int, sheet: SheetData) -> int:
    """The last row of the header: rows below that stand only under groups of the main row."""
    last = main
    while last + 1 < len(rows) and rows[last + 1][0] - rows[last][0] == 1 and last - main < 2:
        here, below = rows[last][1], rows[last + 1][1]
        under = _under_groups(sheet, rows[last][0], here)
        if not _like_header(below) or not below or not set(below) <= under:
            break
        if last > main and not set(below) <= set(rows[main + 1][1]) | under:
            break
        if not any(is_header(text) for text in below.values()) and not _merged_above(sheet, rows[last][0], below):
            break
        last += 1
    return last


def _under_groups(sheet: SheetData, at: int, row: Row) -> set[str]:
    """Letters that lie under a cell reaching over several columns, or under none."""
    out: set[str] = set()
    letters = sheet.letters
    for letter in row:
        reach = _reach(sheet, at, letter, row)
        if reach > 1:
            begin = letters.index(letter)
            out.update(letters[begin : begin + reach])
    return out | {letter for letter in letters if letter not in row and not _in_merge(sheet, at, letter)}


def _reach(sheet: SheetData, at: int, letter: str, row: Row) -> int:
    """Over how many columns a header cell reaches: by its merge, else up to the next text in the row."""
    column = number(letter)
    for r1, c1, r2, c2 in sheet.merges:
        if c1 == column and r1 <= at <= r2:
            return c2 - c1 + 1
    if sheet.merges:
        return 1
    letters = sheet.letters
    begin = letters.index(letter)
    reach = 1
    while begin + reach < len(letters) and letters[begin + reach] not in row:
        reach += 1
    return reach


def _in_merge(sheet: SheetData, at: int, letter: str) -> bool:
    column = number(letter)
    return any(r1 <= at <= r2 and c1 <= column <= c2 for r1, c1, r2, c2 in sheet.merges)


def _merged_above(sheet: SheetData, at: int, below: Row) -> bool:
    return all(
        any(r1 <= at <= r2 and c1 <= number(letter) <= c2 and c2 > c1 for r1, c1, r2, c2 in sheet.merges)
        for letter in below
    )


def _is_counting(row: Row) -> bool:
    """1 2 3 … under the header, or 元 亩 人: numbers or units of the columns."""
    texts = [plain(text) for text in row.values()]
    if len(texts) >= 3 and all(_COUNTING.match(text) for text in texts):
        numbers = [int(text.strip("()")) for text in texts if text.strip("()").isdecimal()]
        return len(numbers) < 2 or all(b - a == 1 for a, b in pairwise(numbers))
    return bool(texts) and all(text.strip("()") in _UNITS for text in texts)


def _paths(picked: list[tuple[int, Row]], sheet: SheetData) -> dict[str, tuple[str, ...]]:
    """letter → (group …, leaf): groups are carried over the columns they reach, never over a merged neighbour."""
    out: dict[str, list[str]] = {}
    for depth, (at, row) in enumerate(picked):
        lowest = depth == len(picked) - 1
        for letter, text in row.items():
            reach = 1 if lowest else _reach(sheet, at, letter, row)
            begin = sheet.letters.index(letter)
            for covered in sheet.letters[begin : begin + reach]:
                deeper = any(covered in lower for _, lower in picked[depth + 1 :])
                if covered == letter or deeper:
                    path = out.setdefault(covered, [])
                    if not path or path[-1] != text:
                        path.append(text)
    return {letter: tuple(out[letter]) for letter in sheet.letters if letter in out}
