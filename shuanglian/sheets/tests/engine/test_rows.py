"""Records out of a sheet: totals, signatures, repeated headers, merged cells, groups, dittos, two side by side."""

from dataclasses import replace

from shuanglian.sheets.engine.headers import recognise
from shuanglian.sheets.engine.rows import records

from .makers import cells, sheet

HEAD = cells("序号 | 乡镇 | 行政村 | 户主姓名 | 人口数")


def found(rows, **more):
    one = sheet(rows, **more)
    return records(one, recognise(one, "households"))


def seen(result, *names):
    return result.frame.select("_row", *names).rows()


def test_totals_signatures_and_repeated_headers_are_left_out_and_counted():
    result = found(
        [
            ["通渭县贫困户名册"], HEAD, cells("1 | 平襄镇 | 孟河村 | 李一 | 3"), cells(" | | 小 计 | | 3"), cells("2 | 平襄镇 | 城关村 | 王二 | 4"),
            cells(" | 平襄镇合计 | | | 7"), HEAD, cells("3 | 马营镇 | 锦屏村 | 赵三 | 5"), cells("总计 | | | | 12"), [],
            cells("审核人：某某 | | | 填表人： |"), ["注：本表一式三份。"], ["（盖章）"], ["2015年12月31日"],
        ]
    )  # fmt: skip
    assert seen(result, "head_name") == [(3, "李一"), (5, "王二"), (8, "赵三")]
    assert result.dropped == {"total": 3, "header": 1, "foot": 3, "blank": 1}


def test_numbered_lines_without_anybody_are_no_records():
    result = found([HEAD, cells("1 | 平襄镇 | 孟河村 | 李一 | 3"), ["2"], ["3"], ["4", "平襄镇", "孟河村"]])
    assert seen(result, "head_name") == [(2, "李一")]


def test_a_row_with_facts_but_without_a_name_is_kept_to_be_complained_of():
    head = cells("乡镇 | 行政村 | 户主姓名 | 人口数 | 致贫原因 | 人均纯收入")
    result = found([head, cells("平襄镇 | 孟河村 | | 3 | 因病 | 2500")])
    assert seen(result, "head_name") == [(2, None)]


def test_merged_cells_count_for_each_of_their_rows():
    rows = [
        HEAD,
        cells("1 | 平襄镇 | 孟河村 | 李一 | 3"),
        cells("2 | | | 王二 | 4"),
        cells("3 | | 城关村 | 赵三 | 4"),
        cells("4 | | | 钱四 | 4"),
    ]
    result = found(rows, merges={"名册": ["B2:B5", "C2:C3"]})
    assert seen(result, "township", "village") == [
        (2, "平襄镇", "孟河村"), (3, "平襄镇", "孟河村"), (4, "平襄镇", "城关村"), (5, "平襄镇", None),
    ]  # fmt: skip
    assert result.filled == {}


def test_places_written_once_a_group_are_carried_down_and_counted():
    rows = [
        HEAD,
        *[
            cells(f"{at} | {'平襄镇' if at == 1 else ''} | {'孟河村' if at in (1, 4) else ''} | 户{at} | 3")
            for at in range(1, 7)
        ],
    ]
    result = found(rows)
    assert {row[1:] for row in seen(result, "township", "village")} == {("平襄镇", "孟河村")}
    assert result.filled == {"township": 5, "village": 4}


def test_a_place_missing_here_and_there_stays_missing():
    rows = [HEAD, *[cells(f"{at} | 平襄镇 | {'' if at == 3 else '孟河村'} | 户{at} | 3") for at in range(1, 9)]]
    assert seen(found(rows), "village")[2] == (4, None)


def test_ditto_marks_mean_the_cell_above_and_dashes_nothing():
    rows = [
        HEAD,
        cells("1 | 平襄镇 | 孟河村 | 李一 | 3"),
        cells("2 | 〃 | 同上 | 王二 | —"),
        cells("3 | ″ | 〃 | 赵三 | /"),
    ]
    assert seen(found(rows), "township", "village", "size") == [
        (2, "平襄镇", "孟河村", "3"), (3, "平襄镇", "孟河村", None), (4, "平襄镇", "孟河村", None),
    ]  # fmt: skip


def test_records_side_by_side_come_one_below_the_other_with_their_own_columns():
    head = cells("村民小组 | 户主姓名 | 人口数 | 村民小组 | 户主姓名 | 人口数")
    result = found([["孟河村名单"], head, cells("一社 | 李一 | 3 | 一社 | 王二 | 4"), cells("二社 | 赵三 | 5")])
    assert result.frame.select("_row", "_block", "head_name").rows() == [(3, 0, "李一"), (3, 1, "王二"), (4, 0, "赵三")]
    assert (result.places[0, "head_name"], result.places[1, "head_name"]) == ("B", "E")


def test_lines_that_name_a_place_over_a_group_give_it_to_the_rows_below():
    head = cells("序号 | 户主姓名 | 人口数")
    result = found(
        [
            head,
            ["一、平襄镇"],
            ["孟河村"],
            cells("1 | 李一 | 3"),
            ["城关村"],
            cells("2 | 王二 | 3"),
            ["二、马营镇"],
            ["锦屏村"],
            cells("3 | 赵三 | 4"),
        ]
    )
    assert seen(result, "township", "village") == [
        (4, "平襄镇", "孟河村"),
        (6, "平襄镇", "城关村"),
        (9, "马营镇", "锦屏村"),
    ]
    assert result.dropped == {"heading": 5}


def test_merged_areas_beyond_reason_take_no_time():
    rows = [HEAD, *[cells(f"{at} | 平襄镇 | 孟河村 | 户{at} | 3") for at in range(1, 40)]]
    one = sheet(rows)
    many = tuple((row, column, 1_048_576, column) for row in range(1, 2000) for column in (2, 3, 4))
    result = records(replace(one, merges=many), recognise(replace(one, merges=many), "households"))
    assert result.frame.height == 39
