"""Rosters made up for tests: workbooks written here, invented people, a county of three townships."""

import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import polars as pl
import xlsxwriter

from shuanglian.kernel.ids import check_digit
from shuanglian.rules.profile import load
from shuanglian.sheets.engine.check import Checked, check
from shuanglian.sheets.engine.headers import guess_kind, recognise
from shuanglian.sheets.engine.known import Known
from shuanglian.sheets.engine.layout import Layout
from shuanglian.sheets.engine.messages import say
from shuanglian.sheets.engine.regions import RegionTable
from shuanglian.sheets.engine.workbook import SheetData, read

DAY = date(2015, 12, 31)
PROFILE = load("tongwei_2015").on(DAY)
ROWS = [
    ("620000000000", "甘肃省", "province", None), ("621100000000", "定西市", "prefecture", "620000000000"),
    ("621121000000", "通渭县", "county", "621100000000"), ("621122000000", "陇西县", "county", "621100000000"),
    ("621121100000", "平襄镇", "township", "621121000000"), ("621121101000", "马营镇", "township", "621121000000"),
    ("621121212000", "第三铺乡", "township", "621121000000"), ("621122100000", "巩昌镇", "township", "621122000000"),
    ("621121100001", "东城区居民委员会", "village", "621121100000"), ("621121100216", "孟河村民委员会", "village", "621121100000"),
    ("621121100201", "城关村民委员会", "village", "621121100000"), ("621121100002", "城关社区居民委员会", "village", "621121100000"),
    ("621121101201", "石滩村民委员会", "village", "621121101000"), ("621121212201", "石滩村民委员会", "village", "621121212000"),
    ("621121101202", "锦屏村民委员会", "village", "621121101000"), ("621122100201", "一心村民委员会", "village", "621122100000"),
]  # fmt: skip
REGIONS = RegionTable(
    pl.DataFrame(ROWS, schema=["code", "name", "level", "parent_code"], orient="row"), within="621121000000"
)


def number(birth: str, serial: int, place: str = "621121") -> str:
    """A number that fits; an odd serial is a man's."""
    body = f"{place}{birth}{serial:03d}"
    return body + check_digit(body)


def cells(text: str) -> list[str]:
    """`乡镇 | 行政村` → the texts."""
    return [part.strip() for part in text.split("|")]


Rows = Sequence[Sequence[Any]]


def xlsx(
    sheets: dict[str, Rows] | Rows, *, merges: dict[str, Sequence[str]] | None = None, hidden: Sequence[str] = ()
) -> bytes:
    """A workbook; texts stay text, numbers numbers."""
    sheets = sheets if isinstance(sheets, dict) else {"名册": sheets}
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    )
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for area in (merges or {}).get(name, ()):
            page.merge_range(area, "")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None and cell != "":
                    page.write(at, column, cell)
        if name in hidden:
            page.hide()
    book.close()
    return out.getvalue()


def patched(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The workbook with the parts of its zip changed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def in_sheet(data: bytes, pattern: bytes, put: bytes) -> bytes:
    """The workbook with its first worksheet's XML changed."""
    return patched(data, lambda name, part: re.sub(pattern, put, part) if name.endswith("sheet1.xml") else part)


def sheet(rows: Rows, **more: Any) -> SheetData:
    """One sheet, read back from a workbook."""
    return read(xlsx(rows, **more), "名册.xlsx")[0]


def layout(rows: Rows, kind: str | None = None, **more: Any) -> Layout:
    """The layout of a sheet, of the kind guessed when none is given."""
    one = sheet(rows, **more)
    return recognise(one, kind or guess_kind([one])[one.name] or "households", PROFILE)


def fields(found: Layout) -> list[str | None]:
    """The field of each column in order."""
    return [column.field for column in found.columns]


def checked(
    data: bytes | Rows | dict[str, Rows], kind: str | None = None, *, known: Known | None = None, filename: str = "名册.xlsx",
    on: date = DAY, profile: Any = PROFILE,
) -> Checked:  # fmt: skip
    """A roster through the whole engine."""
    sheets = read(data if isinstance(data, bytes) else xlsx(data), filename)
    guesses = guess_kind(sheets)
    kinds = [guess for guess in guesses.values() if guess]
    kind = kind or ("households" if "households" in kinds else kinds[0])
    wanted = {"households", "persons"} if kind == "households" else {kind}
    if not kinds:
        guesses = dict.fromkeys(guesses, kind)
    guesses = {name: guess if guess in wanted else kind for name, guess in guesses.items() if guess}
    parts = [(one, recognise(one, guesses[one.name] or kind, profile)) for one in sheets if one.name in guesses]
    return check(kind, parts, profile=profile, regions=REGIONS, on=on, known=known)


def told(found: Checked) -> set[tuple[str, str]]:
    """{(cell, code)} of all findings."""
    return {(f"{row['column']}{row['row']}", row["code"]) for row in found.findings.iter_rows(named=True)}


def codes(found: Checked) -> list[str]:
    """The codes of all findings, each once, in order of the alphabet."""
    return sorted(found.findings["code"].unique())


def sentences(found: Checked) -> list[str]:
    """What each finding says."""
    return ["".join(say(row)) for row in found.findings.iter_rows(named=True)]


HEADS = cells(
    "乡镇 | 行政村 | 户编号 | 姓名 | 证件号码 | 人数 | 与户主关系 | 性别 | 出生日期 | 文化程度 | 在校生状况 | 健康状况 | 劳动技能 | "
    "务工所在地 | 务工时间 | 贫困户属性 | 主要致贫原因 | 其他致贫原因 | 脱贫属性 | 脱贫年度 | 危房户 | 人均纯收入 | 联系电话"
)
_MAN = {
    "乡镇": "平襄镇", "行政村": "孟河村", "户编号": "H1", "姓名": "李一", "证件号码": number("19700101", 11), "人数": "2", "与户主关系": "户主",
    "性别": "男", "出生日期": "1970-01-01", "文化程度": "初中", "健康状况": "长期慢性病", "劳动技能": "普通劳动力", "务工时间": "0",
    "贫困户属性": "一般贫困户", "主要致贫原因": "因病", "脱贫属性": "未脱贫", "脱贫年度": "2016", "危房户": "否", "人均纯收入": "2500",
    "联系电话": "13812345678",
}  # fmt: skip
_WOMAN = {**_MAN, "姓名": "王二", "证件号码": number("19720202", 22), "与户主关系": "配偶", "性别": "女", "出生日期": "1972-02-02",
          "健康状况": "健康"}  # fmt: skip


def man(**cells: str) -> list[str]:
    """A head of household, right in every cell but those given."""
    return _row(_MAN, cells)


def woman(**cells: str) -> list[str]:
    """His wife, right in every cell but those given."""
    return _row(_WOMAN, cells)


def _row(base: dict[str, str], given: dict[str, str]) -> list[str]:
    assert set(given) <= set(HEADS), given
    return [{**base, **given}.get(head, "") for head in HEADS]


def column(head: str) -> str:
    """The letter of a column of HEADS."""
    return chr(65 + HEADS.index(head))
