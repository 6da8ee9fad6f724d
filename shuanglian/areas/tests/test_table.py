"""Region tables of all makes, and everything that can be wrong with one: each fault with its place and its cure."""

import gzip

import pytest
import xlsxwriter

from shuanglian.areas.columns import NoTable
from shuanglian.areas.findings import ERRORS, SENTENCES
from shuanglian.areas.reading import Unreadable
from shuanglian.areas.table import ancestors_of, level_of, read_successors, read_table, whole_code

GOOD = [("620000000000", "甘肃省"), ("620800000000", "平凉市"), ("620824000000", "华亭县")]


def table(*rows, heading=("code", "name"), known=()):
    return read_table([heading, *rows], known)


def only(found):
    assert len(found.findings) == 1, found.findings
    return found.findings[0]


@pytest.mark.parametrize(
    ("heading", "rows"),
    [
        (("code", "name"), [("62", "甘肃省"), ("6208", "平凉市"), ("620824", "华亭县"), ("620824100", "东华镇")]),
        (("名称", "区划代码"), [("甘肃省", "620000000000"), ("平凉市", "620800000000"), ("东华镇", "620824100000")]),
        (("行政区划代码（12位）", "行政区划名称"), []),
        ((" 代 码 ", "名称", "经度", "纬度"), [("６２", "甘肃省", "", ""), ("620824", "华亭县", "106.6", "35.2")]),
        (("code", "name", "level", "parent_code"), [("62", "甘肃省", "省", "0"), ("620824100201", "裕民", "5", "62")]),
    ],
)  # fmt: skip
def test_columns_of_any_make_are_understood(heading, rows):
    if not rows:
        with pytest.raises(NoTable):
            read_table([heading])
        return
    found = read_table([heading, *rows])
    assert not [one for one in found.findings if one.severity == "error"]
    assert len(found.regions) == len(rows) and found.regions["620000000000"].level == 1


def test_level_and_parent_follow_from_the_code_over_missing_levels():
    found = table(
        ("620000000000", "甘肃省"), ("620200000000", "嘉峪关市"), ("620200100000", "新城镇"), ("620200100201", "新城村")
    )
    assert [(one.level, one.parent) for one in found.regions.values()] == [
        (1, ""), (2, "620000000000"), (4, "620200000000"), (5, "620200100000"),
    ]  # fmt: skip
    assert level_of("620200100201") == 5 and ancestors_of("620824000000") == ["620800000000", "620000000000"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("62", "620000000000"),
        ("620824.0", "620824000000"),
        ("６２０８", "620800000000"),
        ("123", ""),
        ("x", ""),
        ("", ""),
    ],
)
def test_short_codes_are_filled_up(text, code):
    assert whole_code(text) == code


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (("", "无码村"), "code_missing", "A"),
        (("6.20824E+11", "坏村"), "code_damaged", "A"),
        (("62082410020X", "坏村"), "code_not_digits", "A"),
        (("62082410", "坏村"), "code_length", "A"),
        (("020824100201", "坏村"), "code_no_province", "A"),
        (("620824100201", ""), "name_missing", "B"),
        (("620824100201", "长" * 81), "name_long", "B"),
        (("620824100201", "坏\x07村"), "name_unclean", "B"),
        (("620824000000", "另一个县"), "code_twice", "A"),
        (("620824000000", "华亭县"), "row_twice", "A"),
        (("610324100201", "外省村"), "orphan", "A"),
    ],
)
def test_a_bad_row_is_named_with_row_column_and_cure(row, code, column):
    finding = only(table(*GOOD, row))
    assert (finding.code, finding.row, finding.column) == (code, 5, column)
    assert finding.message.endswith("。") and "{" not in finding.message


@pytest.mark.parametrize(
    ("heading", "cells", "code"),
    [
        ("level", "乡", "level_mismatch"),
        ("level", "蛋", "level_unknown"),
        ("parent_code", "620825000000", "parent_mismatch"),
        ("parent_code", "620824100000", "parent_missing"),
        ("ur_code", "22", "urban_unreadable"),
        ("flag", "什么", "flag_unknown"),
    ],
)
def test_a_bad_extra_column_is_named(heading, cells, code):
    found = table(*((*row, "") for row in GOOD), ("620824100201", "裕民村", cells), heading=("code", "name", heading))
    finding = only(found)
    assert (finding.code, finding.row, finding.column) == (code, 5, "C")
    assert "{" not in finding.message


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        ("abc", "35", "point_unreadable"),
        ("35.2", "105.2", "point_swapped"),
        ("1052", "35", "point_outside"),
        ("105", "", "point_half"),
    ],
)
def test_a_bad_point_is_named(lon, lat, code):
    found = table(("620000000000", "甘肃省", lon, lat), heading=("code", "name", "lon", "lat"))
    assert only(found).code == code


def test_nought_nought_is_no_point():
    assert table(("62", "甘肃省", "0", "0"), heading=("code", "name", "lon", "lat")).regions["620000000000"].lon is None


def test_two_of_one_name_under_one_parent_are_a_warning():
    finding = only(table(*GOOD, ("620824100201", "东村"), ("620824100202", "东村村委会")))
    assert (finding.code, finding.severity) == ("same_name", "warning")


def test_an_empty_table_is_an_error():
    assert only(table()).code == "no_rows"


def test_one_bad_cell_does_not_make_orphans_of_everything_below():
    found = table(("620000000000", "甘肃省", "县"), ("620800000000", "平凉市", ""), heading=("code", "name", "level"))
    assert only(found).code == "level_mismatch"


def test_every_fault_says_what_to_do_in_one_sentence_or_two():
    assert set(SENTENCES) >= ERRORS
    assert all(sentence.endswith("。") for sentence in SENTENCES.values())


# --- files ---


def test_files_of_every_kind_give_the_same_regions(tmp_path):
    lines = "区划代码,名称\n620000000000,甘肃省\n620800000000,平凉市\n".encode()
    (tmp_path / "a.csv").write_bytes(lines)
    (tmp_path / "b.csv").write_bytes(b"\xef\xbb\xbf" + lines)
    (tmp_path / "c.csv").write_bytes(lines.decode().encode("gb18030"))
    (tmp_path / "d.csv").write_bytes(lines.decode().replace(",", "\t").encode("utf-16"))
    (tmp_path / "e.csv.gz").write_bytes(gzip.compress(lines))
    book = xlsxwriter.Workbook(tmp_path / "f.xlsx")
    book.add_worksheet("说明").write(0, 0, "请看下一张表")
    sheet = book.add_worksheet("区划")
    sheet.write(0, 0, "2016年区划")
    for row, cells in enumerate([("区划代码", "名称"), (620000000000, "甘肃省"), ("620800000000", "平凉市")], start=2):
        sheet.write_row(row, 0, cells)
    book.close()
    for file in sorted(tmp_path.iterdir()):
        assert {code: one.name for code, one in read_table(file).regions.items()} == {
            "620000000000": "甘肃省",
            "620800000000": "平凉市",
        }, file.name


def test_a_finding_in_a_workbook_names_sheet_row_and_column(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("区划")
    sheet.write_row(3, 1, ("代码", "名称"))
    sheet.write_row(5, 1, ("62", ""))
    book.close()
    finding = only(read_table(tmp_path / "a.xlsx"))
    assert (finding.sheet, finding.row, finding.column, finding.code) == ("区划", 6, "C", "name_missing")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"\xff\xff\xfe\x81\x30"),
        ("b.csv", b"code,name\n62,\x00\n"),
        ("c.gz", b"\x1f\x8b broken"),
        ("d.xlsx", b"PK\x03\x04 broken"),
        ("e.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken"),
        ("f.csv", b'code,name\n"' + b"x" * 200_000),
    ],
)
def test_a_file_that_cannot_be_read_says_so_in_plain_words(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        read_table(tmp_path / name)
    assert name in str(caught.value)


def test_no_file_and_a_folder_are_unreadable(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(Unreadable):
            read_table(path)


def test_a_list_of_successors_is_read_with_shares():
    found = read_successors(
        [("原代码", "新代码", "比例"), ("620824", "620881", "60%"), ("620825", "", ""), ("6208", "x", "2")]
    )
    assert [(one.old, one.new, str(one.share)) for one in found.successors] == [
        ("620824000000", "620881000000", "0.6"),
        ("620825000000", "", "None"),
    ]
    assert [one.code for one in found.findings] == ["code_not_digits", "successor_share"]
    with pytest.raises(NoTable):
        read_successors([("a", "b"), ("1", "2")])
