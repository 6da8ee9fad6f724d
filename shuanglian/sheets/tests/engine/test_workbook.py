"""Files into sheets of text cells: every format, cells as people see them, positions kept (issue D)."""

import re
from datetime import datetime
from io import BytesIO

import pytest
import xlsxwriter

from shuanglian.kernel.refusal import Refusal
from shuanglian.sheets.engine import xlsx_read
from shuanglian.sheets.engine.limits import Limits
from shuanglian.sheets.engine.workbook import read

from .makers import in_sheet, patched, xlsx
from .old_files import ods_bytes, xls_bytes

ROWS = [["标题", None, None], [None, "姓名", "证件号码"], [None, "李一", "11010519491231002X"], [None, "王二", 4]]


def book(write):
    out = BytesIO()
    made = xlsxwriter.Workbook(out)
    write(made, made.add_worksheet("表"))
    made.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (xlsx({"表": ROWS}), "a.xlsx"),
        (xlsx({"表": ROWS}), "a.XLSM"),
        (xls_bytes({"表": ROWS}), "a.xls"),
        (ods_bytes({"表": ROWS}), "a.ods"),
    ],
)
def test_every_workbook_format_keeps_rows_and_columns_where_they_are(data, filename):
    (found,) = read(data, filename)
    assert found.name == "表"
    assert found.cells.select("row", "B", "C").rows() == [
        (1, None, None), (2, "姓名", "证件号码"), (3, "李一", "11010519491231002X"), (4, "王二", "4"),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_in_every_encoding_and_with_every_separator(encoding, mark):
    text = f'2015年名册\r\n\r\n姓名{mark}住址{mark}证件号码\r\n㙍一{mark}"三社,12号"{mark}="11010519491231002X"\r\n'
    (found,) = read(text.encode(encoding), "名册.csv")
    assert found.cells.rows() == [
        (1, "2015年名册", None, None), (3, "姓名", "住址", "证件号码"), (4, "㙍一", "三社,12号", "11010519491231002X"),
    ]  # fmt: skip
    assert found.name == "名册"


def test_numbers_stand_as_people_see_them():
    def write(made, page):
        page.write_number(0, 0, 13812345678)
        page.write_number(0, 1, 621121100216)
        page.write_number(0, 2, 3500.5)
        page.write_number(0, 3, 0.1 + 0.2)
        page.write_number(0, 4, 123, made.add_format({"num_format": "000000"}))
        page.write_number(0, 5, 100.0)
        page.write_boolean(0, 6, True)
        page.write_datetime(0, 7, datetime(2015, 6, 20), made.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_datetime(0, 8, datetime(2015, 6, 1), made.add_format({"num_format": 'yyyy"年"m"月"'}))
        page.write_datetime(0, 9, datetime(2015, 6, 20, 8, 30), made.add_format({"num_format": "yyyy-mm-dd hh:mm"}))

    (found,) = read(book(write), "a.xlsx")
    assert found.cells.row(0)[1:] == (
        "13812345678", "621121100216", "3500.5", "0.3", "000123", "100", "true", "2015-06-20", "2015-06-01",
        "2015-06-20 08:30:00",
    )  # fmt: skip


@pytest.mark.parametrize(("make", "filename"), [(xlsx, "a.xlsx"), (xls_bytes, "a.xls"), (ods_bytes, "a.ods")])
def test_a_number_too_long_for_a_spreadsheet_shows_what_is_left_of_it(make, filename):
    rows = [["证件号码"], [621121199001011234.0], ["11010519491231002X"], ["621121199001011200"]]
    (found,) = read(make({"表": rows}), filename)
    shown = found.cells["A"].to_list()
    assert shown[1] == "6.21121199001011E+17"
    assert shown[2] == "11010519491231002X"
    assert shown[3] in ("621121199001011200", "6.21121199001011E+17")  # xls and ods do not say whether it was text


@pytest.mark.parametrize(("make", "filename"), [(xls_bytes, "a.xls"), (ods_bytes, "a.ods")])
def test_a_number_that_a_fraction_holds_exactly_is_a_ruined_one_though_no_zeros_are_left(make, filename):
    rows = [["证件号码"], [622424198302233344.0], ["622424198302233341"], ["622424197006286681"]]
    (found,) = read(make({"表": rows}), filename)
    assert found.cells["A"].to_list()[1:] == ["6.22424198302233E+17", "622424198302233341", "622424197006286681"]


def test_formulas_are_not_worked_out_their_last_value_is_read_and_they_are_counted():
    def write(_made, page):
        page.write_formula("A1", "=1+1", None, 2)
        page.write_formula("B2", '=HYPERLINK("http://example.org","看")', None, "看")

    (found,) = read(book(write), "a.xlsx")
    assert (found.formulas, found.first_formula) == (2, "A1")
    assert found.cells.rows() == [(1, "2", None), (2, None, "看")]


def test_cells_that_show_an_error_are_listed():
    def write(_made, page):
        page.write("A1", "收入")
        page.write_formula("A2", "=1/0", None, "#DIV/0!")

    (found,) = read(book(write), "a.xlsx")
    assert found.errors.rows() == [(2, "A", "#DIV/0!")]
    assert found.cells.rows() == [(1, "收入"), (2, "#DIV/0!")]


def test_a_dimension_that_says_a1_hides_nothing():
    data = in_sheet(xlsx({"表": ROWS}), rb"<dimension[^>]*>", b'<dimension ref="A1"/>')
    assert read(data, "a.xlsx")[0].cells.height == 4


def test_merged_areas_and_hidden_sheets_are_known():
    data = xlsx({"一": [["x", "y"]], "二": [["z"]]}, merges={"一": ["A2:A5", "C1:D1"]}, hidden=["二"])
    one, two = read(data, "a.xlsx")
    assert sorted(one.merges) == [(1, 3, 1, 4), (2, 1, 5, 1)]
    assert (one.hidden, two.hidden) == (False, True)


def test_unusual_xml_is_read_the_same():
    def prefixed(name, part):
        if not name.endswith("sheet1.xml"):
            return part
        return re.sub(rb"<(/?)(\w)", rb"<\1x:\2", part).replace(b"xmlns=", b"xmlns:x=")

    plain = xlsx({"表": [*ROWS, [None, None, 621121199001011234.0]]}, merges={"表": ["A7:A8"]})
    for change in (prefixed, lambda name, part: part.replace(b'<c r="', b'<c s="0" r="') if "sheet1" in name else part):
        one, other = read(plain, "a.xlsx")[0], read(patched(plain, change), "a.xlsx")[0]
        assert one.cells.equals(other.cells)
        assert one.merges == other.merges


def test_large_workbooks_go_through_a_process_of_their_own_with_the_same_result(monkeypatch):
    data = xlsx({"表": [*ROWS, [None, "x", 621121199001011234.0]], "藏": [["z"]]}, hidden=["藏"])
    here = read(data, "a.xlsx")
    monkeypatch.setattr(xlsx_read, "READ_HERE", 0)
    there = read(data, "a.xlsx")
    assert [(one.name, one.hidden, one.cells.rows()) for one in here] == [
        (one.name, one.hidden, one.cells.rows()) for one in there
    ]


def test_a_path_is_read_and_a_path_to_nothing_is_refused(tmp_path):
    path = tmp_path / "名册.csv"
    path.write_text("姓名,电话\n李一,1\n", encoding="utf-8")
    assert read(path)[0].name == "名册"
    with pytest.raises(Refusal, match="file_missing"):
        read(tmp_path / "没有.xlsx")


def test_limits_can_be_set_lower():
    with pytest.raises(Refusal, match="file_too_large"):
        read(xlsx({"表": ROWS}), "a.xlsx", Limits(file_size=100))
    with pytest.raises(Refusal, match="too_many_rows"):
        read(b"a,b\n" * 20, "a.csv", Limits(rows=10))
    with pytest.raises(Refusal, match="too_many_sheets"):
        read(xlsx({str(at): [["x"]] for at in range(4)}), "a.xlsx", Limits(sheets=3))
