"""How region tables of all makes name their columns, levels and kinds; where in a sheet the header stands."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .reading import Row, rows_given, sheets_of

Source = str | Path | Iterable[Sequence[object]]

_SPELLINGS = {
    "code": "code 代码 区划代码 行政区划代码 统计用区划代码 统计用区划和城乡划分代码 区域代码 地区代码 区划编码 "
    "行政代码 编码 区划码 行政区代码 新代码 现代码 adcode districtcode regioncode areacode newcode",
    "name": "name 名称 区划名称 行政区划名称 单位名称 地区名称 区域名称 行政区名称 地名 全称 areaname regionname",
    "level": "level 级别 层级 行政级别 区划级别 级次",
    "parent": "parentcode parent 上级代码 父级代码 上级区划代码 所属上级代码 上级编码 父代码 上级行政区代码 "
    "pcode parentid pid",
    "lon": "lon lng longitude 经度 x 东经",
    "lat": "lat latitude 纬度 y 北纬",
    "urban": "urcode 城乡分类代码 城乡分类 城乡划分代码 urbancode 城乡代码",
    "flag": "flag 性质 标记",
    "old": "oldcode 原代码 原区划代码 旧代码 曾用代码 previouscode 变更前代码",
    "share": "share 比例 划入比例 占比",
}
_COLUMN_OF = {word: column for column, words in _SPELLINGS.items() for word in words.split()}
_LEVELS = {
    1: "1 province 省 省级 provincial 直辖市 自治区 省份",
    2: "2 city prefecture 市 市级 地级 地级市 州 市州 市（州） 地区 盟",
    3: "3 county district area 县 区 县级 区县 县区 县（市、区） 旗",
    4: "4 township town street 乡 镇 街道 乡级 乡镇 乡镇街道 乡（镇、街道）",
    5: "5 village community committee 村 社区 村级 居委会 村委会 村居 村（社区）",
}
LEVEL_OF = {word: level for level, words in _LEVELS.items() for word in words.split()}
FLAGS = {"real": "real", "实有": "real", "virtual": "virtual", "虚拟": "virtual", "市辖区": "virtual", "dummy": "dummy"}
NO_PARENT = frozenset({"", "0", "1", "86", "100000", "-", "null", "none", "无"})
HEADER_ROWS = 15
_SILENT = re.compile(r"[\s()（）\[\]【】_\-—:：*]+")


class NoTable(Refusal):
    """No sheet of the file has the columns that are needed."""


@dataclass(frozen=True)
class Section:
    """The rows of one sheet below its header; columns: what → place in the row; letters: what → A, B, …"""

    sheet: str
    columns: Mapping[str, int]
    letters: Mapping[str, str]
    rows: tuple[Row, ...]

    def lines(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(row number, what → text) of every row that is not blank."""
        for number, cells in self.rows:
            if any(cell.strip() for cell in cells):
                yield (
                    number,
                    {column: cells[at].strip() if at < len(cells) else "" for column, at in self.columns.items()},
                )


def sections_of(source: Source, needed: tuple[str, ...]) -> list[Section]:
    """Every sheet that has the needed columns; NoTable when none has."""
    sheets = sheets_of(source) if isinstance(source, str | Path) else [rows_given(source)]
    found = []
    for sheet in sheets:
        for at, (_number, cells) in enumerate(sheet.rows[:HEADER_ROWS]):
            columns = _columns(cells)
            if all(name in columns for name in needed):
                letters = {column: _letter(place) for column, place in columns.items()}
                found.append(Section(sheet.name, columns, letters, tuple(sheet.rows[at + 1 :])))
                break
    if not found and "old" in needed:
        raise NoTable("no_successor_columns", N_("对照表应有两列：原代码（old_code）和现代码（new_code）。"))
    if not found:
        raise NoTable("no_columns", N_("找不到表头。前 {rows} 行中应有“代码”和“名称”两列。"), rows=HEADER_ROWS)
    return found


def _columns(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        heading = _SILENT.sub("", unicodedata.normalize("NFKC", cell)).lower()
        if column := _COLUMN_OF.get(heading):
            found.setdefault(column, at)
    return found


def _letter(at: int) -> str:
    first, last = divmod(at, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)
