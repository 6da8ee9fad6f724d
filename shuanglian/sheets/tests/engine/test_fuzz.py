"""Whatever stands in a sheet, recognising and checking it end in findings or a Refusal, never in an error."""

from dataclasses import replace

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuanglian.kernel.refusal import Refusal
from shuanglian.sheets.engine.check import check
from shuanglian.sheets.engine.fields import KINDS, ROSTERS
from shuanglian.sheets.engine.findings import SCHEMA
from shuanglian.sheets.engine.forms import as_table
from shuanglian.sheets.engine.headers import guess_kind, recognise
from shuanglian.sheets.engine.known import Known
from shuanglian.sheets.engine.letters import letter
from shuanglian.sheets.engine.messages import MESSAGES, say
from shuanglian.sheets.engine.sheet_data import SheetData
from shuanglian.sheets.engine.workbook import read

from .makers import DAY, PROFILE, REGIONS, number

HEADERS = sorted({spelling for roster in ROSTERS.values() for field in roster.fields for spelling in field.spellings})
VALUES = [
    "", "平襄镇", "孟河村", "通渭县", "李一", "李 一", "户主", "配偶", "之子", "男", "女", number("19700101", 11), "621121197001011234", "6.21121E+17", "1",
    "-1", "2.5", "2500元", "2015-06-20", "2015年6月", "42175", "201513", "是", "否", "C级", "因病", "因学、缺水", "无", "—", "〃", "合计", "审核人：", "13812345678",
    "6228480000000000018", "=1+1", "H1", "科级", "教师", "通渭县水务局", "农村低保", "七年级", "普通劳动力", "健康、残疾", "x" * 400, "\u200b", "😀", "\n",
]  # fmt: skip
CELL = st.one_of(st.none(), st.sampled_from(VALUES), st.text(max_size=8))
HEADER = st.one_of(st.sampled_from(HEADERS), st.sampled_from(HEADERS), st.none(), st.text(max_size=6))
KNOWN = Known(
    keyed=lambda text: text[::-1],
    households=pl.DataFrame({"number": ["H1"], "head_name": ["李一"], "head_key": [None], "village_code": ["621121100216"]}, schema_overrides={"head_key": pl.String}),
    persons=pl.DataFrame({"id_key": [number("19700101", 11)[::-1]], "household_number": ["H2"]}),
    units=pl.DataFrame({"code": [None], "name": ["通渭县水务局"]}, schema_overrides={"code": pl.String}),
    cadres=pl.DataFrame({"number": ["G1"], "name": ["李一"], "unit": ["通渭县水务局"], "id_key": [None], "phone_key": [None]}, schema_overrides={"id_key": pl.String, "phone_key": pl.String}),
)  # fmt: skip


@st.composite
def sheets(draw):
    """A sheet: maybe a title, one or two header rows, cells of all kinds, merges anywhere."""
    width = draw(st.integers(1, 12))
    rows = [[draw(CELL) for _ in range(width)] for _ in range(draw(st.integers(0, 2)))]
    rows += [[draw(HEADER) for _ in range(width)] for _ in range(draw(st.integers(0, 2)))]
    rows += [[draw(CELL) for _ in range(width)] for _ in range(draw(st.integers(0, 8)))]
    frame = pl.DataFrame(
        {letter(at + 1): pl.Series([row[at] or None for row in rows], dtype=pl.String) for at in range(width)}
    )
    frame = frame.with_row_index("row", offset=1).filter(pl.any_horizontal(pl.exclude("row").is_not_null()))
    corner = st.tuples(st.integers(1, 12), st.integers(1, 13), st.integers(0, 4), st.integers(0, 4))
    merges = tuple((r, c, r + h, c + w) for r, c, h, w in draw(st.lists(corner, max_size=3)))
    return SheetData("表", frame, merges=merges, formulas=draw(st.integers(0, 1)))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sheets(), st.sampled_from(KINDS), st.booleans(), st.one_of(st.none(), st.none(), sheets()))
def test_any_sheets_as_any_kind_of_roster(one, kind, register, members):
    one = as_table(one)
    assert set(guess_kind([one]).values()) <= {None, *KINDS}
    try:
        parts = [(one, recognise(one, kind, PROFILE))]
        if kind == "households" and members is not None:
            members = replace(members, name="成员")
            parts.append((members, recognise(members, "persons", PROFILE)))
        found = check(kind, parts, profile=PROFILE, regions=REGIONS, on=DAY, known=KNOWN if register else None)
    except Refusal:
        return
    for _, layout in parts:
        used = list(layout.mapping.values())
        assert layout.blocks or len(used) == len(set(used))
    assert found.findings.schema == pl.Schema(SCHEMA)
    sheets_ = {data.name: data for data, _ in parts}
    for row in found.findings.iter_rows(named=True):
        assert row["code"] in MESSAGES and row["severity"] in ("error", "warning")
        assert all(say(row))
        assert row["column"] == "" or row["column"] in sheets_[row["sheet"]].letters or one.moved
    for frame in found.rows.values():
        for name, at in frame.select("_sheet", "_row").iter_rows():
            assert at in sheets_[name].cells["row"] or one.moved


@st.composite
def rosters(draw, kind):
    """A sheet with every needed column and some others of a kind, any cells below."""
    roster = ROSTERS[kind]
    needed = [draw(st.sampled_from(group)) for group in roster.needs]
    others = draw(st.lists(st.sampled_from([field.code for field in roster.fields]), max_size=10))
    fields = [roster.field(code) for code in dict.fromkeys([*needed, *others])]
    rows = [[field.spellings[0] for field in fields]]
    rows += [[draw(CELL) for _ in fields] for _ in range(draw(st.integers(1, 7)))]
    columns = {
        letter(at + 1): pl.Series([row[at] or None for row in rows], dtype=pl.String) for at in range(len(fields))
    }
    frame = pl.DataFrame(columns).with_row_index("row", offset=1)
    return SheetData(kind, frame.filter(pl.any_horizontal(pl.exclude("row").is_not_null())))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data(), st.sampled_from(KINDS), st.booleans())
def test_any_cells_under_right_headers(data, kind, register):
    kinds = ["households", "persons"] if kind == "households" and data.draw(st.booleans()) else [kind]
    parts = []
    for one in kinds:
        drawn = data.draw(rosters(one))
        try:
            parts.append((drawn, recognise(drawn, one, PROFILE)))
        except Refusal:
            return
    try:
        found = check(kind, parts, profile=PROFILE, regions=REGIONS, on=DAY, known=KNOWN if register else None)
    except Refusal as refusal:
        assert refusal.code == "columns_missing"
        return
    for row in found.findings.iter_rows(named=True):
        assert (all(say(row)) and row["severity"] == MESSAGES[row["code"]].severity) or row["severity"] in (
            "error",
            "warning",
        )
    assert {"errors", "warnings", "rows", "blocked"} <= set(found.counts)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.xlsx", "a.xls", "a.ods", "a.csv", "a.tsv", "a", "a.doc"]))
def test_any_bytes_as_any_file(data, filename):
    try:
        found = read(data, filename)
    except Refusal:
        return
    assert all(isinstance(one, SheetData) for one in found)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_as_csv(text):
    try:
        read(text.encode("utf-8", "surrogatepass"), "a.csv")
    except Refusal:
        return
