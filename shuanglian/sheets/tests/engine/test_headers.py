"""Layouts of real rosters (roster_headers.md, sections 1 to 7): header found, kind guessed, columns recognised."""

import pytest

from shuanglian.kernel.refusal import Refusal
from shuanglian.sheets.engine.headers import guess_kind, recognise
from shuanglian.sheets.engine.layout import Layout
from shuanglian.sheets.engine.spelling import fields_of
from shuanglian.sheets.engine.workbook import read

from .makers import PROFILE, cells, fields, layout, number, sheet, xlsx

REGISTRY_2018 = cells(
    "县(市、区、旗) | 乡(镇) | 行政村 | 自然村 | 户编号 | 人编号 | 姓名 | 证件类型 | 证件号码 | 性别 | 出生日期 | 与户主关系 | 民族 | "
    "文化程度 | 在校生状况 | 义务教育阶段未上学原因 | 健康状况 | 劳动技能 | 是否已务工 | 务工所在地 | 务工所在县 | 务工月收入 | 开始时间 | "
    "结束时间 | 是否参加城乡居民基本医疗保险 | 是否参加城镇职工基本医疗保险 | 是否参加大病保险 | 是否参加城乡居民基本养老保险 | "
    "是否参加城镇职工基本养老保险 | 享受低保政策情况 | 享受特困供养政策情况 | 户类型 | 致贫/返贫风险1 | 致贫/返贫风险2 | 人均纯收入（元） | "
    "工资性收入 | 是否危房户 | 是否解决安全饮用水 | 是否有卫生厕所 | 入户道路是否硬化 | 住房面积 | 与村主干路距离 | 耕地面积（亩） | "
    "林地面积（亩） | 退耕还林面积（亩） | 林果面积（亩） | 牧草地面积 | 水面面积 | 搬迁 | 户联系电话 | 家庭成员联系电话 | 信息采集人 | 信息采集人联系电话"
)
LIST_2022 = cells(
    "序号 | 数据日期 | 县(市、区、旗) | 乡(镇) | 行政村 | 自然村 | 户编号 | 人编号 | 姓名 | 证件号码 | 人数 | 与户主关系 | 民族 | 文化程度 | "
    "在校生状况 | 健康状况 | 劳动技能 | 务工时间（月） | 是否参加大病保险 | 致贫原因1 | 危房户 | 是否解决安全饮用水 | 人均纯收入 | 户联系电话 | "
    "人联系电话 | 首次识别时间 | 人员识别时间 | 户类型"
)
COUNTY_2018 = cells(
    "行政县 | 乡镇 | 行政村 | 自然村 | 户编号 | 人编号 | 姓名 | 证件号码 | 人数 | 与户主关系 | 民族 | 文化程度 | 在校生状况 | 健康状况 | "
    "劳动技能 | 务工状况 | 务工时间 | 参加大病医疗 | 脱贫属性 | 脱贫年度 | 贫困户属性 | 主要致贫原因 | 危房户 | 饮水安全 | 饮水困难 | 人均纯收入 | 联系电话"
)


def test_section_1_title_and_note_above_one_header_row_for_households_and_members():
    found = layout([["监测对象信息"], ["导出时间：2023-12-18"], REGISTRY_2018, ["通渭县"]])
    assert (found.kind, found.header_rows, found.first_row, found.missing) == ("households", (3,), 4, ())
    mapping = {column.header: column.field for column in found.columns}
    assert mapping["致贫/返贫风险1"] == "main_cause" and mapping["致贫/返贫风险2"] == "other_causes"
    assert (mapping["户联系电话"], mapping["家庭成员联系电话"]) == ("phone", "person.phone")
    assert mapping["信息采集人联系电话"] is None and mapping["务工月收入"] is None
    assert mapping["人均纯收入（元）"] == "income_per_head"
    assert sum(field is not None for field in fields(found)) == 47


def test_section_1_more_than_130_columns_most_of_them_unknown():
    head = REGISTRY_2018 + [f"其他帮扶{at}" for at in range(90)]
    found = layout([["监测对象信息"], ["导出时间：2023-12-18"], head, ["通渭县"] + ["x"] * 140])
    assert (found.kind, found.header_rows) == ("households", (3,))


def test_sections_2_and_3_one_header_row():
    for head in (LIST_2022, COUNTY_2018):
        found = layout([head, ["1"]])
        assert (found.kind, found.header_rows, found.missing) == ("households", (1,), ())
    mapping = {column.header: column.field for column in layout([COUNTY_2018]).columns}
    assert mapping["姓名"] == "person.name" and mapping["证件号码"] == "person.id_number"
    assert (mapping["脱贫属性"], mapping["脱贫年度"], mapping["贫困户属性"]) == ("status", "exit_year", "kind")


def test_section_3_pairs_position_decides_whose_number_it_is():
    found = layout([cells("乡镇 | 行政村 | 户主姓名 | 证件号码 | 单位 | 帮扶责任人 | 帮扶人手机号 | 联系电话")])
    assert found.kind == "pairs"
    assert fields(found) == [
        "township",
        "village",
        "household_head",
        "household_id",
        "unit",
        "cadre",
        "cadre_phone",
        None,
    ]
    found = layout(
        [
            cells(
                "序号 | 乡镇 | 行政村 | 户主姓名 | 家庭成员姓名 | 证件号码 | 性别 | 与户主关系 | 家庭成员数 | 帮扶责任人 | 帮扶人手机号 | "
                "派出单位 | 联系电话 | 爱心助困帮扶党员 | 村内职务 | 联系电话"
            )
        ]
    )
    assert fields(found) == [
        None, "township", "village", "household_head", "member", "member_id", None, "relation", None, "cadre", "cadre_phone",
        "unit", None, None, None, None,
    ]  # fmt: skip
    assert "派出单位" in str(found.columns[12].why) and "爱心助困帮扶党员" in str(found.columns[15].why)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("乡镇 | 行政村 | 带动脱贫人口姓名 | 带动脱贫人口身份证号码 | 户主姓名 | 身份证号码 | 家庭人口 | 2017家庭总收入 | 2017人均纯收入 | 一卡通账号 | 开户行",
         ["township", "village", "person.name", "person.id_number", "head_name", "head_id", "size", None, "income_per_head",
          "bank_account", "bank"]),
        ("村名 | 户主 | 身份证号 | 家庭人口数 | 农机 | 食用菌", ["village", "head_name", "head_id", "size", None, None]),
        ("街道 | 村庄 | 姓名 | 身份证号 | 入院日期", ["township", "village", "head_name", "head_id", None]),
        ("姓名 | 证件号码 | 等级 | 金额 | 家庭住址", ["head_name", "head_id", None, None, "address"]),
        ("姓名 | 性别 | 身份证号码 | 所在学校班级 | 家庭住址 | 户主姓名 | 开户行 | 账户名 | 账户号码",
         ["person.name", "person.sex", "person.id_number", None, "address", "head_name", "bank", None, "bank_account"]),
        ("姓名 | 证件号码 | 性别 | 民族 | 家庭关系 | 户主姓名 | 户主证件 | 残疾证号",
         ["person.name", "person.id_number", "person.sex", "person.ethnic", "person.relation", "head_name", "head_id",
          "person.disability_card"]),
    ],
)  # fmt: skip
def test_section_3_lists_of_a_county(head, expected):
    assert fields(layout([cells(head)], "households")) == expected


def test_section_5_national_field_codes_in_either_case():
    found = layout(
        [
            cells(
                "AAC001 | AAC029 | AAC031 | AAD001 | AAR007 | AAC006 | aac007 | aac008 | AAR010 | AAR012 | AAC073 | AAC082"
            )
        ]
    )
    assert fields(found) == [
        "number", "head_name", "head_id", "village_code", "group", "kind", "main_cause", "other_causes", "status", "phone",
        "income_wage", "income_per_head",
    ]  # fmt: skip
    found = layout([cells("aac001 | aab001 | aab002 | aab003 | aab004 | aab006 | aab017 | 姓名(AAB002)")])
    assert found.kind == "persons"
    assert fields(found)[:7] == ["household_number", "person_number", "name", "sex", "id_number", "relation", "health"]


def test_section_6_two_records_side_by_side_with_the_place_in_the_title():
    found = layout(
        [
            ["2017年度脱贫户公示名单"], ["县(市、区)：通渭县", None, "乡(镇)：平襄镇", "村：孟河村"],
            cells("序号 | 村民小组 | 户主姓名 | 家庭人口数 | 序号 | 村民小组 | 户主姓名 | 家庭人口数"), ["1", "一社", "李一", "3", "2", "二社", "王二", "4"],
        ]
    )  # fmt: skip
    assert (found.kind, found.blocks) == ("households", (("A", "B", "C", "D"), ("E", "F", "G", "H")))
    assert dict(found.constants) == {"county": "通渭县", "township": "平襄镇", "village": "孟河村"}
    assert fields(found) == [None, "group", "head_name", "size"] * 2


def test_section_6_two_header_rows_with_merged_groups():
    top = cells(
        "镇（街道） | 村（居委） | 户主姓名 | 身份证号 | 家庭成员 | | | | 户别 | 耕地面积 | | 住房 | | 旧年人均纯收入 | 致贫原因 | 帮助解决的问题"
    )
    low = cells(" | | | | 姓名 | 性别 | 出生年月 | 与户主关系 | | 水田 | 林果地 | 间数 | 面积 | | |")
    merges = ["E1:H1", "J1:K1", "L1:M1", "A1:A2", "B1:B2", "C1:C2", "D1:D2", "I1:I2"]
    expected = [
        "township", "village", "head_name", "head_id", "person.name", "person.sex", "person.birth", "person.relation", "kind", None,
        "land_orchard", None, "house_area", "income_per_head", "main_cause", "wish",
    ]  # fmt: skip
    for given in ({}, {"merges": {"名册": merges}}):
        found = layout([top, low, ["平襄镇", "孟河村"]], **given)
        assert (found.header_rows, found.first_row, fields(found)) == ((1, 2), 3, expected)
    assert found.header("E") == "家庭成员/姓名"


def test_section_6_three_header_rows_and_a_guardian_who_is_nobody_of_ours():
    top = cells("学生姓名 | 性别 | 身份证号 | 户籍地址 | | | 监护人 | | | 是否农村低保")
    low = cells(" | | | 乡镇/街道 | 详细地址 | | 姓名 | 身份证号 | 与本人关系 |")
    merges = ["D2:F2", "G2:I2", "A2:A3", "B2:B3", "C2:C3", "J2:J3"]
    found = layout([["贫困学生名册"], top, low, ["李一"]], "persons", merges={"名册": merges})
    assert found.header_rows == (2, 3)
    assert fields(found) == ["name", "sex", "id_number", None, None, None, None, None, "dibao"]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("身份证号", "person.id_number"), ("公民身份号码或残疾证号", "person.id_number"), ("户主证件号码", "head_id"), ("户主", "head_name"),
        ("家庭成员数", "size"), ("人口数", "size"), ("乡(镇)", "township"), ("镇（街道）", "township"), ("村（居委）", "village"),
        ("村组（社区）", "village"), ("村组", "group"), ("社", "group"), ("致贫原因1", "main_cause"), ("致贫/返贫风险1", "main_cause"),
        ("2017人均纯收入", "income_per_head"), ("家庭年人均纯收入（元）", "income_per_head"), ("旧年人均纯收入", "income_per_head"),
        ("人均可支配收入", "income_per_head"), ("脱贫属性", "status"), ("拟脱贫年度", "exit_year"), ("一卡通账号", "bank_account"),
        ("是否危房", "house_unsafe"), ("危房级别", "house_grade"), ("户主姓 名", "head_name"), ("人均\n纯收入", "income_per_head"),
        ("A8民族", "person.ethnic"), ("A3a 主要致贫原因", "main_cause"), ("*姓名（必填）", "person.name"), ("耕地面积 （ 亩 ）", "land_cultivated"),
        ("户编号(AAC001)", "number"), ("３．户主姓名", "head_name"),
    ],
)  # fmt: skip
def test_section_7_spellings_of_one_and_the_same_column(header, field):
    assert fields_of(header, "households")[0][0] == field


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("序号 | 单位 | 姓名 | 性别 | 身份证号码 | 职务 | 级别 | 联系电话 | 人员类别", "cadres"), ("序号 | 单位名称 | 单位性质 | 隶属关系 | 职工人数 | 联系人 | 联系电话", "units"),
        ("序号 | 联村单位 | 乡镇 | 行政村 | 备注", "links"), ("户编号 | 姓名 | 证件号码 | 与户主关系 | 健康状况", "persons"),
        ("乡镇 | 行政村 | 户主姓名 | 人口数 | 主要致贫原因", "households"), ("户主姓名 | 行政村 | 联户干部 | 双联单位", "pairs"),
        ("甲 | 乙 | 丙", None),
    ],
)  # fmt: skip
def test_the_kind_of_a_roster_is_guessed(head, kind):
    one = sheet([cells(head), ["1"]])
    assert guess_kind([one]) == {"名册": kind}


def test_households_in_one_sheet_members_in_another_a_hidden_sheet_left_alone():
    data = xlsx(
        {
            "户信息": [cells("户编号 | 乡镇 | 行政村 | 户主姓名 | 主要致贫原因")], "成员": [cells("户编号 | 行政村 | 姓名 | 证件号码 | 与户主关系 | 健康状况")],
            "代码": [cells("户编号 | 姓名 | 与户主关系")],
        },
        hidden=["代码"],
    )  # fmt: skip
    assert guess_kind(read(data, "a.xlsx")) == {"户信息": "households", "成员": "persons", "代码": None}


def test_the_header_may_be_followed_by_numbers_and_units_of_the_columns():
    found = layout(
        [
            cells("序号 | 户主姓名 | 行政村 | 人均纯收入 | 人口数"),
            cells("1 | 2 | 3 | 4 | 5"),
            cells(" | | | 元 | 人"),
            cells("1 | 李一 | 孟河村 | 2500 | 3"),
        ]
    )
    assert found.first_row == 4


def test_a_column_of_numbers_under_an_unknown_header_is_known_by_its_content():
    rows = [["户主", "身份信息", "村"], *[["李一", number("19700101", at), "孟河村"] for at in (11, 13, 15)]]
    found = layout(rows)
    assert fields(found) == ["head_name", "head_id", "village"]
    assert found.ambiguous == ("B",)


def test_of_several_years_the_latest_is_taken():
    found = layout([cells("户主姓名 | 行政村 | 2013年人均纯收入 | 2015年人均纯收入 | 2014年人均纯收入")])
    assert fields(found) == ["head_name", "village", None, "income_per_head", None]


def test_a_layout_can_be_corrected_by_hand_and_is_remembered():
    rows = [cells("户主 | 村 | 说不清 | 电话"), ["李一", "孟河村", "x", "1"]]
    one = sheet(rows)
    first = recognise(one, "households", PROFILE)
    assert fields(first) == ["head_name", "village", None, "phone"]
    second = first.with_mapping({"C": "address", "D": None})
    assert second.mapping == {"A": "head_name", "B": "village", "C": "address"}
    assert Layout.from_json(second.as_json()) == second
    kept = {first.signature(): second.mapping | {"D": None}}
    again = recognise(
        sheet([["2016年名册"], cells("户 主 | 村 | 说不清 | 电 话"), ["王二"]]), "households", PROFILE, kept
    )
    assert again.remembered and again.mapping == second.mapping
    assert again.signature() == first.signature() != recognise(one, "pairs", PROFILE).signature()


def test_a_mapping_by_hand_must_make_sense():
    found = layout([cells("户主 | 村 | 电话")])
    with pytest.raises(Refusal, match="field_twice"):
        found.with_mapping({"C": "head_name"})
    for bad in ({"Z": "phone"}, {"C": "no_such_field"}):
        with pytest.raises(Refusal, match="no_such_column"):
            found.with_mapping(bad)


def test_what_is_missing_is_named_and_a_sheet_without_header_is_refused():
    assert layout([cells("户编号 | 户主姓名 | 电话")]).missing == (("village", "village_code"),)
    with pytest.raises(Refusal, match="no_header"):
        layout([["李一", "3", "2500"], ["王二", "4", "2600"]], "households")


def test_the_tab_may_name_the_village():
    data = xlsx(
        {"孟河村": [cells("户主姓名 | 人口数"), ["李一", "3"]], "石滩村": [cells("户主姓名 | 人口数"), ["王二", "3"]]}
    )
    places = [dict(recognise(one, "households").constants) for one in read(data, "a.xlsx")]
    assert places == [{"village": "孟河村"}, {"village": "石滩村"}]
