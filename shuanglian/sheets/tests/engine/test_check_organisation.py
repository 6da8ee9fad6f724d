"""Rosters of units, cadres, linked villages and last year's pairs (PAIR-1, PAIR-2, PAIR-3, PAIR-4, PAIR-6)."""

from datetime import date

import polars as pl
import pytest

from shuanglian.sheets.engine.known import Known

from .makers import cells, checked, codes, number, sentences, told

UNITS = cells(
    "序号 | 单位名称 | 单位性质 | 隶属关系 | 职工人数 | 统一社会信用代码 | 主管部门 | 联系人 | 联系电话 | 所在地"
)
CADRES = cells(
    "序号 | 编号 | 单位 | 姓名 | 性别 | 身份证号码 | 职务 | 级别 | 联系电话 | 人员类别 | 在岗状态 | 状态开始日期 | 状态结束日期"
)
KNOWN = Known(
    keyed=lambda text: "#" + text,
    units=pl.DataFrame({"code": ["U1", "U2"], "name": ["通渭县水务局", "定西市教育局"]}),
    cadres=pl.DataFrame(
        {
            "number": ["G1", "G2", "G3"], "name": ["王一", "李二", "李二"], "unit": ["通渭县水务局", "定西市教育局", "通渭县水务局"],
            "id_key": ["#" + number("19800101", 11), None, None], "phone_key": [None, "#13900000000", None],
        }
    ),
    households=pl.DataFrame(
        {
            "number": ["H1", "H2", "H3"], "head_name": ["张三", "李四", "张三"], "head_key": ["#" + number("19700101", 11), None, None],
            "village_code": ["621121100216", "621121100216", "621121100201"],
        }
    ),
)  # fmt: skip


def unit(name="通渭县水务局", kind="党政机关", tier="县直", staff="36", uscc="", parent="", area="通渭县"):
    return ["1", name, kind, tier, staff, uscc, parent, "王某", "0932-5550000", area]


def test_a_right_roster_of_units():
    found = checked(
        [
            UNITS,
            unit(uscc="91350100M000100Y43"),
            unit("定西市教育局", "机关", "市级", "120人", parent="通渭县水务局", area="定西市"),
        ]
    )
    assert found.findings.height == 0, sentences(found)
    assert found.rows["units"].select("name", "kind", "tier", "staff", "uscc", "area_code", "trade", "trade_guessed").rows() == [
        ("通渭县水务局", "organ", "county", 36, "91350100M000100Y43", "621121000000", "water", True),
        ("定西市教育局", "organ", "city", 120, None, "621100000000", "education", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"uscc": "91350100M000100Y44"}, ("F3", "uscc_wrong")), ({"parent": "没有局"}, ("G3", "parent_unknown")), ({"kind": "怪"}, ("C3", "code_unknown")),
        ({"tier": "天上"}, ("D3", "code_unknown")), ({"staff": "若干"}, ("E3", "not_a_number")), ({"area": "火星"}, ("J3", "area_unknown")),
        ({"name": " 通渭县水务局 "}, ("B3", "unit_twice")), ({"name": ""}, ("B3", "required_missing")),
    ],
)  # fmt: skip
def test_faults_of_units(change, finding):
    found = checked([UNITS, unit(), unit(**{"name": "通渭县农牧局", **change})], "units")
    assert finding in told(found), sentences(found)


def cadre(**given):
    row = dict(
        zip(
            CADRES,
            [
                "1",
                "",
                "通渭县水务局",
                "赵三",
                "男",
                number("19750101", 11),
                "股长",
                "科级",
                "13800000000",
                "公务员",
                "在岗",
                "",
                "",
            ],
            strict=True,
        )
    )
    return list({**row, **given}.values())


def test_a_right_roster_of_cadres():
    found = checked([["联户干部花名册"], CADRES, cadre()], known=KNOWN)
    assert found.findings.height == 0, sentences(found)
    row = found.rows["cadres"].row(0, named=True)
    assert (row["rank"], row["occupation"], row["status"], row["sex"], row["known"]) == (
        "section",
        "official",
        "active",
        "1",
        False,
    )


@pytest.mark.parametrize(
    ("change", "finding", "severity"),
    [
        ({"单位": "水务局"}, ("C3", "unit_unknown"), "error"), ({"单位": ""}, ("C3", "required_missing"), "error"), ({"级别": "怪级"}, ("H3", "code_unknown"), "error"),
        ({"级别": ""}, ("H3", "rank_missing"), "warning"), ({"身份证号码": number("19750101", 11)[:-1]}, ("F3", "id_length"), "error"),
        ({"性别": "女"}, ("E3", "sex_differs"), "error"), ({"联系电话": "5550000"}, ("I3", "phone_form"), "warning"),
        ({"人员类别": "教师"}, ("J3", "takes_none"), "warning"), ({"在岗状态": "退休"}, ("K3", "takes_none"), "warning"),
        ({"编号": "9", "身份证号码": number("19800101", 11)}, ("F3", "cadre_known_elsewhere"), "error"),
        ({"状态开始日期": "2015-05-01", "状态结束日期": "2015-04-01"}, ("M3", "status_days"), "error"),
    ],
)  # fmt: skip
def test_faults_of_cadres(change, finding, severity):
    found = checked([CADRES, cadre(姓名="钱四", 身份证号码=number("19760101", 13)), cadre(**change)], known=KNOWN)
    assert finding in told(found), sentences(found)
    severities = found.findings.filter(pl.col("code") == finding[1])["severity"].unique().to_list()
    assert severities == [severity]


def test_one_cadre_twice_and_two_of_one_name():
    found = checked([CADRES, cadre(编号="5"), cadre(编号="5", 姓名="钱四")])
    assert {
        ("F2", "cadre_twice"),
        ("F3", "cadre_twice"),
        ("B2", "cadre_number_twice"),
        ("B3", "cadre_number_twice"),
    } == told(found)
    found = checked([CADRES, cadre(身份证号码=""), cadre(身份证号码="")])
    assert {("D2", "cadre_same_name"), ("D3", "cadre_same_name")} <= told(found)


def test_a_known_cadre_gets_the_number_of_the_register():
    found = checked([CADRES, cadre(姓名="王一", 身份证号码=number("19800101", 11))], known=KNOWN)
    assert found.rows["cadres"].select("number", "known").rows() == [("G1", True)]


def test_PAIR_1_links_of_units_and_villages():
    head = cells("联村单位 | 乡镇 | 行政村 | 开始时间")
    rows = [
        "通渭县水务局 | 平襄镇 | 孟河村 | 2012年2月",
        "通渭县水务局 | 平襄镇 | 孟河 | ",
        "教育局 | 平襄镇 | 孟何村 | 某天",
        " | 平襄镇 | 城关村 |",
    ]
    found = checked([head, *map(cells, rows)], "links", known=KNOWN)
    assert told(found) == {
        ("A2", "link_twice"), ("A3", "link_twice"), ("A4", "unit_unknown"), ("C4", "village_unknown"), ("D4", "not_a_date"), ("A5", "required_missing"),
    }  # fmt: skip
    assert "定西市教育局" in "".join(sentences(found))
    assert found.rows["links"].row(0, named=True)["since"] == date(2012, 2, 1)


PAIRS = cells("乡镇 | 行政村 | 户主姓名 | 证件号码 | 单位 | 帮扶责任人 | 帮扶人手机号")


def test_PAIR_6_last_years_pairs_are_found_in_the_register():
    found = checked(
        [
            PAIRS, ["平襄镇", "孟河村", "张三", "", "通渭县水务局", "王一", "13800000000"], ["平襄镇", "孟河村", "李 四", "", "", "李二", "13900000000"],
            ["平襄镇", "城关村", "张三", "", "通渭县水务局", "李二", ""],
        ],
        known=KNOWN,
    )  # fmt: skip
    assert found.findings.height == 0, sentences(found)
    assert found.rows["pairs"].select("household_number", "cadre_number").rows() == [
        ("H1", "G1"),
        ("H2", "G2"),
        ("H3", "G3"),
    ]


def test_PAIR_1_households_and_cadres_not_found_or_not_certain_and_two_for_one_household():
    found = checked(
        [
            PAIRS, ["平襄镇", "孟河村", "没有人", "", "通渭县水务局", "王一", ""], ["", "", "张三", "", "", "王一", ""], ["平襄镇", "孟河村", "李四", "", "", "李二", ""],
            ["平襄镇", "孟河村", "李四", "", "定西市教育局", "李二", ""], ["", "", "", number("19700101", 11), "", "没有人", ""],
        ],
        known=KNOWN,
    )  # fmt: skip
    assert {
        ("C2", "pair_household_unknown"), ("C3", "pair_household_ambiguous"), ("F4", "pair_cadre_ambiguous"), ("F4", "two_cadres"), ("F5", "two_cadres"),
        ("F6", "pair_cadre_unknown"),
    } <= told(found), sentences(found)  # fmt: skip
    assert found.rows["pairs"]["household_number"].to_list()[-1] == "H1"


def test_a_list_by_members_comes_down_to_one_row_a_household():
    head = cells(
        "乡镇 | 行政村 | 户主姓名 | 家庭成员姓名 | 证件号码 | 与户主关系 | 帮扶责任人 | 帮扶人手机号 | 派出单位 | 联系电话"
    )
    rows = [
        ["平襄镇", "孟河村", "张三", "张三", number("19700101", 11), "户主", "王一", "13800000000", "通渭县水务局", "1"],
        ["平襄镇", "孟河村", "张三", "张妻", number("19720101", 22), "配偶", "王一", "13800000000", "通渭县水务局", "1"],
    ]  # fmt: skip
    found = checked([head, *rows], known=KNOWN)
    assert found.findings.height == 0, sentences(found)
    assert found.rows["pairs"].select("household_number", "household_id", "cadre_number").rows() == [
        ("H1", number("19700101", 11), "G1")
    ]


def test_pairs_that_have_ended_do_not_count_against_those_that_stand():
    head = cells("户编号 | 户主姓名 | 帮扶责任人 | 结对开始时间 | 结对结束时间")
    found = checked(
        [
            head,
            cells("H1 | 张三 | 王一 | 2013-01-01 | 2014-12-31"),
            cells("H1 | 张三 | 李二 | 2015-01-01 |"),
            cells("H2 | 李四 | 李二 | 2015-01-01 | 2014-01-01"),
        ]
    )
    assert told(found) == {("E4", "period_backwards")}


def test_without_a_register_nothing_is_compared_with_it():
    assert codes(checked([PAIRS, ["平襄镇", "孟河村", "没有人", "", "没有局", "没有人", ""]])) == []
