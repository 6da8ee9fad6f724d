"""Cells into values: numbers with units, dates of every make, yes and no in the words of rosters, codes."""

from datetime import date

import polars as pl
import pytest

from shuanglian.sheets.engine import values
from shuanglian.sheets.engine.fields import ROSTERS

from .makers import PROFILE

HOUSEHOLDS, PERSONS = ROSTERS["households"], ROSTERS["persons"]


def texts(*cells):
    return pl.Series("t", list(cells), dtype=pl.String)


def pairs(found):
    return list(zip(found[0].to_list(), found[1].to_list(), strict=True))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2500", 2500), ("2,500.50", 2500.5), ("2500元", 2500), ("￥2500", 2500), ("0.25万元", 2500), ("２５００", 2500), ("2500 元/年", 2500),
        ("-12.5", -12.5), (".5", 0.5), ("12亩", 12), ("3人", 3), ("无", None), (None, None), ("约2500元", 2500),
    ],
)  # fmt: skip
def test_numbers_with_units_and_signs(cell, value):
    assert pairs(values.decimals(texts(cell, "x"), HOUSEHOLDS.field("net_income"))) == [
        (value, None),
        (None, "not_a_number"),
    ]


@pytest.mark.parametrize("cell", ["abc", "2500-3000", "1,2,3", "nan", "inf", "#REF!", "12亩左右", "1.2.3"])
def test_what_is_no_number(cell):
    assert pairs(values.decimals(texts(cell), HOUSEHOLDS.field("net_income"))) == [(None, "not_a_number")]


def test_units_of_another_size_are_converted():
    assert values.decimals(texts("500米", "0.5公里"), HOUSEHOLDS.field("road_km"))[0].to_list() == [0.5, 0.5]
    assert values.decimals(texts("1公顷", "x"), HOUSEHOLDS.field("land_cultivated"))[0].to_list() == [15, None]


def test_whole_numbers_and_years():
    size, year = HOUSEHOLDS.field("size"), HOUSEHOLDS.field("exit_year")
    assert pairs(values.wholes(texts("4", "4.0", "4人", "3.5", "四"), size)) == [
        (4, None), (4, None), (4, None), (None, "not_whole"), (None, "not_a_number"),
    ]  # fmt: skip
    assert pairs(values.wholes(texts("2016", "2016年", "2016年底", "2016.12", "明年"), year)) == [
        *[(2016, None)] * 4, (None, "not_a_year"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "value", "precision"),
    [
        ("2015-06-20", date(2015, 6, 20), "day"), ("2015.6.20", date(2015, 6, 20), "day"), ("2015/6/20", date(2015, 6, 20), "day"),
        ("20150620", date(2015, 6, 20), "day"), ("2015年6月20日", date(2015, 6, 20), "day"), ("42175", date(2015, 6, 20), "day"),
        ("2015-06-20 08:30:00", date(2015, 6, 20), "day"), ("２０１５．６．２０", date(2015, 6, 20), "day"), ("2015年6月", date(2015, 6, 1), "month"),
        ("201506", date(2015, 6, 1), "month"), ("2015.6", date(2015, 6, 1), "month"), ("2015", date(2015, 1, 1), "year"),
        ("2015年", date(2015, 1, 1), "year"), ("无", None, None), (None, None, None),
    ],
)  # fmt: skip
def test_dates_of_every_make(cell, value, precision):
    found, exact, problem = values.dates(texts(cell))
    assert (found[0], exact[0], problem[0]) == (value, precision, None)


@pytest.mark.parametrize("cell", ["2015-02-30", "201513", "20151340", "85.6.20", "去年", "2015-6-", "12345678901"])
def test_what_is_no_date(cell):
    found, _, problem = values.dates(texts(cell))
    assert (found[0], problem[0]) == (None, "not_a_date")


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("power", "是", True), ("power", "否", False), ("power", "通", True), ("power", "未通", False), ("power", "√", True), ("power", "1", True),
        ("power", "true", True), ("water_safe", "已解决", True), ("water_safe", "未解决", False), ("water_safe", "不安全", False),
        ("house_unsafe", "C级", True), ("house_unsafe", "是（D级）", True), ("house_unsafe", "A级", False), ("house_unsafe", "非危房", False),
        ("toilet", "卫生厕所", True), ("toilet", "旱厕", False), ("toilet", "无", False), ("power", "随便", None),
    ],
)  # fmt: skip
def test_yes_and_no_in_the_words_of_rosters(field, cell, value):
    problem = "not_yes_no" if value is None else None
    assert pairs(values.booleans(texts(cell), HOUSEHOLDS.field(field), PROFILE)) == [(value, problem)]


def test_codes_by_number_label_or_other_spelling():
    cause = HOUSEHOLDS.field("main_cause")
    assert pairs(values.codes(texts("因病", "01", "1", "因病致贫", "懒惰", "无", None), cause, PROFILE)) == [
        *[("01", None)] * 4, (None, "code_unknown"), (None, None), (None, None),
    ]  # fmt: skip
    assert pairs(values.codes(texts("非在校生", "七年级"), PERSONS.field("schooling"), PROFILE)) == [
        (None, None),
        ("04", None),
    ]
    assert pairs(values.codes(texts("省外务工", "外出务工"), PERSONS.field("work_place"), PROFILE))[0] == ("04", None)


def test_several_codes_in_a_cell():
    other = HOUSEHOLDS.field("other_causes")
    assert pairs(values.codes(texts("因学、缺技术", "因学，懒惰", "无"), other, PROFILE)) == [
        (["03", "07"], None), (["03"], "code_unknown"), (None, None),
    ]  # fmt: skip


def test_phones_and_accounts():
    assert pairs(values.phones(texts("138 1234 5678", "13812345678/13912345678", "0932-5551234", "无"))) == [
        ("13812345678", None), ("13812345678", None), (None, "phone_form"), (None, None),
    ]  # fmt: skip
    assert pairs(values.cards(texts("6228480000000000018", "6228480000000000019", "27010122000045678", "6.22848E+18", "见存折"))) == [
        ("6228480000000000018", None), ("6228480000000000019", "card_check"), ("27010122000045678", None), (None, "card_damaged"),
        (None, "card_form"),
    ]  # fmt: skip
