"""The marked workbook: findings in their cells, a list of them in front, nothing in it that acts on its own."""

import json
import re
import zipfile
from io import BytesIO

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.escape import unescape
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.xml.functions import fromstring

from shuanglian.kernel.refusal import Refusal
from shuanglian.sheets.engine import headers, mark_rows, workbook
from shuanglian.sheets.engine import mark as marking
from shuanglian.sheets.engine.mark import harmless, mark, marked_name
from shuanglian.sheets.engine.mark_book import marked_book
from shuanglian.sheets.engine.mark_list import FILLS
from shuanglian.sheets.engine.mark_text import clean, free_name, like_formula, width

from .old_files import xls_bytes

HEAD = ["户主姓名", "户主证件号码", "行政村", "家庭人口"]
PEOPLE = [
    ["李一", "62112119900101123X", "孟河村", 4],
    ["王二", "621121199001011239", "河村", 2],
    ["赵三", "x", "上店村", 3],
]


def finding(row, column, code="id_check", severity="error", sheet="名册", **params):
    return {
        "sheet": sheet, "row": row, "column": column, "header": "证件号码", "value": "x", "code": code,
        "severity": severity, "params": json.dumps(params),
    }  # fmt: skip


def table(*findings):
    return pl.DataFrame(list(findings), schema=marking.COLUMNS)


def speak(code, params):
    return f"{code} 不对 {params.get('why', '')}".strip(), f"改好 {code}"


def book_of(*rows, name="名册"):
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    return book


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def opened(data):
    return openpyxl.load_workbook(BytesIO(data))


def colour(cell):
    return cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else None


def cells_of(data, name="名册", filename="a.xlsx"):
    return next(sheet.cells for sheet in workbook.read(data, filename) if sheet.name == name)


def test_findings_are_coloured_and_commented_in_their_cells_and_the_rest_stays():
    book = book_of(HEAD, *PEOPLE)
    book.active["A2"].font = Font(bold=True, color="FF112233")
    book.active.column_dimensions["A"].width = 33
    book.active.merge_cells("A6:D6")
    data = saved(book)
    page = opened(mark(data, "a.xlsx", table(finding(3, "B"), finding(4, "C", severity="warning")), speak))["名册"]
    assert (colour(page["B3"]), colour(page["C4"]), colour(page["B2"])) == (FILLS["error"], FILLS["warning"], None)
    assert "id_check 不对" in page["B3"].comment.text and "怎样改：改好 id_check" in page["B3"].comment.text
    assert (page["A2"].font.b, page["A2"].font.color.rgb, page.column_dimensions["A"].width) == (True, "FF112233", 33)
    assert [str(one) for one in page.merged_cells.ranges] == ["A6:D6"]
    assert page["D2"].value == 4 and page["A2"].comment is None


def test_several_findings_in_one_cell_become_one_comment_with_the_worst_colour():
    found = table(finding(3, "B", "second", "warning"), finding(3, "B", "first"))
    cell = opened(mark(saved(book_of(HEAD, *PEOPLE)), "a.xlsx", found, speak))["名册"]["B3"]
    assert colour(cell) == FILLS["error"]
    assert cell.comment.text.index("【错误】first") < cell.comment.text.index("【提醒】second")


def test_the_first_sheet_lists_every_finding_with_a_link_to_its_cell():
    found = table(
        finding(4, "B", why="校验码"),
        finding(2, "D", "size", "warning"),
        finding(0, "", "sheet_level", sheet="没有的表"),
    )
    book = opened(mark(saved(book_of(HEAD, *PEOPLE)), "a.xlsx", found, speak))
    page = book.worksheets[0]
    assert (page.title, book.active.title) == ("问题清单", "问题清单")
    rows = [[cell.value for cell in row] for row in page.iter_rows() if row[5].value in ("错误", "提醒")]
    assert rows == [
        ["名册", "2", "D", "证件号码", "x", "提醒", "size 不对", "改好 size", "D2"],
        ["名册", "4", "B", "证件号码", "x", "错误", "id_check 不对 校验码", "改好 id_check", "B4"],
        ["没有的表", None, None, "证件号码", "x", "错误", "sheet_level 不对", "改好 sheet_level", None],
    ]
    links = [cell.hyperlink.location for row in page.iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'名册'!D2", "'名册'!B4"]
    assert "错误 2 处" in page["A2"].value and page.freeze_panes


def test_a_finding_on_a_whole_row_or_in_an_empty_cell_is_marked_too():
    book = opened(mark(saved(book_of(HEAD, *PEOPLE)), "a.xlsx", table(finding(3, ""), finding(9, "E")), speak))
    assert colour(book["名册"]["A3"]) == colour(book["名册"]["E9"]) == FILLS["error"]


def test_a_finding_under_a_merge_is_marked_in_its_first_cell():
    book = book_of(HEAD, *PEOPLE)
    book.active.merge_cells("A2:A4")
    for data in (mark(saved(book), "a.xlsx", table(finding(4, "A")), speak), anew(saved(book), table(finding(4, "A")))):
        page = opened(data)["名册"]
        assert colour(page["A2"]) == FILLS["error"] and page["A2"].comment
        assert [str(one) for one in page.merged_cells.ranges] == ["A2:A4"]


def anew(data, found, monkey=marking):
    kept, monkey.ROWS = monkey.ROWS, 0
    try:
        return mark(data, "a.xlsx", found, speak)
    finally:
        monkey.ROWS = kept


def test_the_marked_file_reads_back_as_the_same_rows_and_its_list_is_no_roster():
    data = saved(book_of(["贫困户名册"], HEAD, *PEOPLE))
    before = cells_of(data)
    for marked in (mark(data, "a.xlsx", table(finding(4, "B")), speak), anew(data, table(finding(4, "B")))):
        assert cells_of(marked).equals(before)
        assert headers.guess_kind(workbook.read(marked, "a.xlsx")) == {"问题清单": None, "名册": "households"}


def test_the_list_speaks_english_and_is_no_roster_then_either():
    data = saved(book_of(["贫困户名册"], HEAD, *PEOPLE))
    marked = mark(data, "a.xlsx", table(finding(4, "B")), lambda code, params: ("wrong", "mend it"), "en")
    book = opened(marked)
    assert book.sheetnames[0] == "Findings" and book["名册"]["B4"].comment.text.startswith("【Error】wrong")
    assert headers.guess_kind(workbook.read(marked, "a.xlsx"))["Findings"] is None
    again = opened(mark(marked, "a.xlsx", table(), speak))  # a Chinese reader's list takes the place of the English one
    assert again.sheetnames == ["问题清单", "名册"]


def test_marking_a_marked_file_again_takes_the_old_marks_off():
    book = book_of(HEAD, *PEOPLE)
    book.active["C2"].comment = Comment("村里核过", "老张")
    book.active["D2"].fill = PatternFill("solid", fgColor="FF00FF00")
    once = mark(saved(book), "a.xlsx", table(finding(2, "C"), finding(3, "B")), speak)
    assert "村里核过" in opened(once)["名册"]["C2"].comment.text
    twice = opened(mark(once, "a.xlsx", table(finding(4, "A")), speak))
    page = twice["名册"]
    assert twice.sheetnames == ["问题清单", "名册"]
    assert (colour(page["B3"]), page["B3"].comment, colour(page["C2"])) == (None, None, None)
    assert (page["C2"].comment.text, page["C2"].comment.author) == ("村里核过", "老张")
    assert (colour(page["D2"]), colour(page["A4"])) == ("FF00FF00", FILLS["error"])


def test_formulas_become_their_values_and_nothing_that_acts_is_carried_over():
    book = book_of(HEAD, *PEOPLE, ["=cmd|'/c calc'!A0", "@SUM(1)", "+86 138", "-"])
    page = book.active
    for ref in ("A5", "B5"):
        page[ref].data_type = "s"  # text that looks like a formula
    page["E2"] = "=1+3"
    page["A3"].hyperlink = "http://203.0.113.7/"
    book.defined_names["bad"] = DefinedName("bad", attr_text='WEBSERVICE("http://203.0.113.7/")')
    page.conditional_formatting.add("A1:D9", FormulaRule(formula=["WEBSERVICE(A1)=1"]))
    kept = DataValidation("list", formula1='"是,否"')
    kept.add("D2")
    away = DataValidation("list", formula1="INDIRECT(A1)")
    away.add("D3")
    page.add_data_validation(kept)
    page.add_data_validation(away)
    data = with_cached_value(saved(book), "E2", "4")
    found = table(finding(5, "A"))
    for marked in (mark(data, "a.xlsx", found, speak), anew(data, found)):
        with zipfile.ZipFile(BytesIO(marked)) as parts:
            whole = {name: parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))}
        text = "".join(whole.values())
        assert "<f>" not in text and "<f " not in text and "WEBSERVICE" not in text and "203.0.113.7" not in text
        assert not re.search(r"externalLink|vbaProject|TargetMode=\"External\"", text)
        page = opened(marked)["名册"]
        assert (page["A5"].value, page["A5"].data_type, page["A5"].quotePrefix) == ("=cmd|'/c calc'!A0", "s", True)
        assert str(page["E2"].value) == "4"
    assert [
        one.formula1 for one in opened(mark(data, "a.xlsx", found, speak))["名册"].data_validations.dataValidation
    ] == ['"是,否"']


def with_cached_value(data, ref, value):
    return edited(
        data, lambda xml: re.sub(rf'(<c r="{ref}"[^>]*><f>[^<]*</f>)<v\s*/?>(?:</v>)?', rf"\1<v>{value}</v>", xml)
    )


def edited(data, change, part="xl/worksheets/sheet1.xml"):
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            raw = old.read(name)
            new.writestr(name, change(raw.decode()).encode() if name == part else raw)
    return out.getvalue()


def test_a_made_up_cell_type_does_not_come_out_as_a_formula():
    data = edited(
        saved(book_of(HEAD, *PEOPLE)),
        lambda xml: xml.replace(
            "<sheetData>", '<sheetData><row r="1"><c r="G1" t="f"><v>=1+1</v></c></row>', 1
        ).replace('<row r="1"><c r="A1"', '<row r="8"><c r="A8"', 1),
    )
    with pytest.raises(Refusal, match="file_broken"):
        mark(data, "a.xlsx", table(finding(2, "A")), speak)
    cell = opened(marked_book(data, [], "zh"))["名册"]["G1"]  # should the reader ever let it pass
    assert (cell.data_type, cell.value) == ("s", "=1+1")


@pytest.mark.parametrize(
    "trap",
    [
        '<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>',
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    ],
)
def test_a_link_or_merge_over_the_whole_sheet_costs_nothing(trap):
    data = edited(saved(book_of(HEAD, *PEOPLE)), lambda xml: xml.replace("</sheetData>", f"</sheetData>{trap}", 1))
    page = opened(mark(data, "a.xlsx", table(finding(3, "B")), speak))["名册"]
    assert colour(page["B3"]) == FILLS["error"] or colour(page["A1"]) == FILLS["error"]


def test_a_number_in_a_date_cell_that_is_no_date_keeps_its_figures():
    book = book_of(HEAD, *PEOPLE)
    book.active["E2"], book.active["E2"].number_format = 19850312, "yyyy-mm-dd"
    marked = mark(saved(book), "a.xlsx", table(finding(2, "E")), speak)
    with zipfile.ZipFile(BytesIO(marked)) as parts:
        assert "<v>19850312</v>" in parts.read("xl/worksheets/sheet2.xml").decode()


def test_csv_and_xls_become_a_new_workbook_of_text_cells():
    csv = "户主姓名,户主证件号码,行政村\n=1+1,62112119900101123X,孟河村\n<r><t>甲</t></r>,012,河村\n".encode("gb18030")
    marked = mark(csv, "村.csv", table(finding(3, "B", sheet="村")), speak)
    page = opened(marked)["村"]
    assert [cell.value for cell in page[2]] == ["=1+1", "62112119900101123X", "孟河村"]
    assert (page["A2"].data_type, page["B3"].value, page["A3"].value.strip()) == ("s", "012", "<r><t>甲</t></r>")
    assert colour(page["B3"]) == FILLS["error"] and "改好" in page["B3"].comment.text
    old = xls_bytes({"名册": [HEAD, *PEOPLE]})
    page = opened(mark(old, "old.xls", table(finding(4, "B")), speak))["名册"]
    assert page["B4"].value == "x" and colour(page["B4"]) == FILLS["error"] and page.freeze_panes == "A2"


def test_more_rows_than_can_be_edited_are_written_anew_with_all_their_cells(monkeypatch):
    monkeypatch.setattr(marking, "ROWS", 200)
    data = saved(book_of(HEAD, *([f"户{at}", "62112119900101123X", None, at] for at in range(250))))
    marked = mark(data, "a.xlsx", table(finding(240, "B"), finding(7, "C")), speak)
    assert cells_of(marked).equals(cells_of(data))
    page = opened(marked)["名册"]
    assert colour(page["B240"]) == colour(page["C7"]) == FILLS["error"] and page["D9"].data_type == "s"


def test_a_form_is_marked_where_it_stands_and_not_as_the_table_it_is_read_as():
    form = [
        ["贫困户登记表"],
        ["户主姓名", "李一", "联系电话", "1380"],
        ["家庭人口", 4, "耕地面积", 5],
        ["主要致贫原因", "因病"],
    ]
    for data in (saved(book_of(*form)), ",".join(["户主姓名", "李一", "联系电话", "1380"]).encode()):
        name = "名册" if data[:2] == b"PK" else "a"
        marked = mark(
            data,
            "a.xlsx" if name == "名册" else "a.csv",
            table(finding(2 if name == "名册" else 1, "D", sheet=name)),
            speak,
        )
        page = opened(marked)[name]
        at = "D2" if name == "名册" else "D1"
        assert (page[at].value, colour(page[at])) == ("1380", FILLS["error"])
    page = opened(anew(saved(book_of(*form)), table(finding(3, "D"))))["名册"]
    assert (str(page["D3"].value), colour(page["D3"]), page["A4"].value) == ("5", FILLS["error"], "主要致贫原因")


def test_a_workbook_that_openpyxl_cannot_take_is_made_anew():
    data = edited(saved(book_of(HEAD, *PEOPLE)), lambda xml: xml.replace('r="A2"', 'r="A2" s="999"', 1))
    page = opened(mark(data, "a.xlsx", table(finding(3, "B")), speak))["名册"]
    assert page["A2"].value == "李一" and colour(page["B3"]) == FILLS["error"]


def test_names_of_sheets_that_are_long_quoted_or_taken_still_lead_to_their_cells():
    book = book_of(HEAD, *PEOPLE, name="O'Neil 村")
    book.create_sheet("问题清单").append(["别人的表"])
    marked = opened(mark(saved(book), "a.xlsx", table(finding(3, "B", sheet="O'Neil 村")), speak))
    assert marked.sheetnames == ["问题清单2", "O'Neil 村", "问题清单"]
    links = [cell.hyperlink.location for row in marked.worksheets[0].iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'O''Neil 村'!B3"]


def test_hidden_sheets_stay_hidden_and_no_findings_means_so():
    book = book_of(HEAD, *PEOPLE)
    book.create_sheet("底表").append(["x"])
    book["底表"].sheet_state = "hidden"
    for data in (mark(saved(book), "a.xlsx", table(), speak), anew(saved(book), table())):
        marked = opened(data)
        assert marked["底表"].sheet_state == "hidden" and marked.worksheets[0]["A2"].value == "没有发现问题。"


def test_a_file_that_cannot_be_read_is_refused_as_in_reading():
    with pytest.raises(Refusal, match="web_page_inside"):
        mark(b"<html><table>", "a.xls", table(), speak)


def test_what_a_spreadsheet_takes_for_a_formula_is_known_and_made_harmless():
    for text in ("=1+1", "+cmd", "-2+3", "@x", "\t=1", "\r=1", "＝1", " =1", "'=1"):
        assert like_formula(text) and harmless(text).startswith("'")
    for text in ("李一", "-12.5", "+3", "12%", "", "a=b"):
        assert not like_formula(text) and harmless(text) == text


def test_text_widths_and_names():
    assert (width("户主ab"), width("户\nabcd"), width("")) == (6, 4, 0)
    assert free_name("a/b:c*[1]?", []) == "a b c  1" and free_name("村" * 40, ["村" * 31]) == "村" * 30 + "2"
    assert not clean("<r>x</r>").endswith("</r>") and clean("a\x00\x1fb") == "ab"
    assert marked_name("村/名册.xls") == "名册（已标注问题）.xlsx"


STYLES = {"filled": {"error": 1, "warning": 2}, "quoted": {"": 3, "error": 4, "warning": 5}}
TEXTS = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("=+-@'\"<>&\t\r\n _x0041_ 12.5%")))


@settings(max_examples=150)
@given(
    st.lists(st.one_of(st.none(), TEXTS.filter(bool)), min_size=1, max_size=6),
    st.sampled_from(["", "error", "warning"]),
)
def test_rows_written_at_once_say_what_each_cell_says_and_quote_what_looks_like_a_formula(texts, severity):
    frame = pl.DataFrame({"row": range(1, len(texts) + 1), "A": texts}, schema={"row": pl.UInt32, "A": pl.String})
    marks = {row: {1: severity} for row in range(1, len(texts) + 1)} if severity else {}
    written = "".join(mark_rows.rows(frame, marks, set(), bold=9, **STYLES))
    found = {cell.get("r"): cell for cell in fromstring(f"<d>{written}</d>").iter("c")}
    for row, text in enumerate(texts, 1):
        cell = found.get(f"A{row}")
        if text is None:
            assert cell is None if not severity else cell.get("s") == str(STYLES["filled"][severity])
            continue
        shown = unescape(cell.findtext("is/t") or "")
        assert shown == clean(text).removesuffix(" " if text.startswith("<r>") and text.endswith("</r>") else "")
        style = STYLES["quoted"][severity] if like_formula(text) else STYLES["filled"].get(severity)
        assert cell.get("s") == (str(style) if style else None)
