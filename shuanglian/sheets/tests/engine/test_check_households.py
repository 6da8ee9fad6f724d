"""Households and members checked together: every fault in its cell (REG-1, REG-2, REG-8, REG-10)."""

from datetime import date

import polars as pl
import pytest

from shuanglian.kernel.refusal import Refusal
from shuanglian.sheets.engine.check import check
from shuanglian.sheets.engine.known import Known

from .makers import HEADS, PROFILE, REGIONS, cells, checked, codes, column, man, number, sentences, told, woman, xlsx
from .old_files import ods_bytes, xls_bytes


def roster(*rows):
    return checked([HEADS, *rows])


def cell(head, row):
    return f"{column(head)}{row}"


def test_a_right_roster_has_no_findings_and_typed_rows():
    found = roster(man(), woman())
    assert found.findings.height == 0 and found.clean
    assert found.counts | {"by_code": {}} == {
        "rows": 2, "errors": 0, "warnings": 0, "blocked": {"households": 0, "persons": 0}, "households": 1, "persons": 2,
        "dropped": {}, "by_code": {},
    }  # fmt: skip
    household = found.rows["households"].row(0, named=True)
    assert (
        household["number"] == "H1"
        and household["head_name"] == "李一"
        and household["head_id"] == number("19700101", 11)
    )
    assert (household["village_code"], household["township_code"]) == ("621121100216", "621121100000")
    assert (household["kind"], household["main_cause"], household["status"], household["size"]) == ("01", "01", "0", 2)
    assert (household["house_unsafe"], household["income_per_head"], household["phone"]) == (
        False,
        2500.0,
        "13812345678",
    )
    wife = found.rows["persons"].row(1, named=True)
    assert (wife["relation"], wife["sex"], wife["birth"], wife["age"]) == ("02", "2", date(1972, 2, 2), 43)
    assert (wife["health"], wife["_household"], wife["_sheet"], wife["_row"]) == (
        ["01"],
        household["_household"],
        "名册",
        3,
    )


@pytest.mark.parametrize(
    ("head", "text", "code"),
    [
        ("证件号码", number("19720202", 22)[:-1] + "?", "id_letters"), ("证件号码", number("19720202", 22)[:-2], "id_length"),
        ("证件号码", "6.21121E+17", "id_damaged"), ("证件号码", "621121197202020000", "id_damaged"), ("证件号码", "99" + number("19720202", 22)[2:], "id_province"),
        ("证件号码", number("19721302", 22), "id_date"), ("证件号码", "999999197202020021", "id_placeholder"), ("证件号码", "", "id_missing"),
        ("证件号码", "621121720202022", "id_old"), ("出生日期", "1972-02-03", "birth_differs"), ("出生日期", "1972年3月", "birth_differs"),
        ("出生日期", "昨天", "not_a_date"), ("性别", "男", "sex_differs"), ("性别", "x", "code_unknown"), ("与户主关系", "邻居", "code_unknown"),
        ("与户主关系", "", "relation_required"), ("姓名", "", "required_missing"), ("务工时间", "13", "out_of_range"), ("务工时间", "半年", "not_a_number"),
        ("健康状况", "很好吧", "code_unknown"),
    ],
)  # fmt: skip
def test_a_wrong_cell_of_a_member_is_found_where_it_stands(head, text, code):
    found = roster(man(), woman(**{head: text}))
    assert (cell(head, 3), code) in told(found), sentences(found)


@pytest.mark.parametrize(
    ("head", "text", "code"),
    [
        ("行政村", "没有村", "village_unknown"), ("行政村", "", "village_missing"), ("乡镇", "没有镇", "township_unknown"),
        ("人数", "三个", "not_a_number"), ("人数", "2.5", "not_whole"), ("人数", "-1", "out_of_range"), ("人数", "3", "size_differs"),
        ("贫困户属性", "富户", "code_unknown"), ("主要致贫原因", "懒", "code_unknown"), ("其他致贫原因", "因病", "other_equals_main"),
        ("其他致贫原因", "因学、缺水、缺资金", "too_many_causes"), ("脱贫属性", "不知道", "code_unknown"), ("脱贫年度", "快了", "not_a_year"),
        ("危房户", "漏雨", "not_yes_no"), ("人均纯收入", "约两千", "not_a_number"), ("人均纯收入", "25000", "income_high"),
        ("人均纯收入", "250000", "out_of_range"), ("人均纯收入", "0", "income_low"), ("联系电话", "0932-5551234", "phone_form"), ("联系电话", "", "phone"),
        ("户编号", "", "household_number_missing"),
    ],
)  # fmt: skip
def test_a_wrong_cell_of_a_household_is_found_once_where_it_stands(head, text, code):
    found = roster(
        man(**{head: text}),
        woman(**{head: text}),
        man(
            户编号="H9",
            姓名="孙九",
            证件号码=number("19660101", 19),
            出生日期="1966-01-01",
            联系电话="13900000000",
            人数="1",
        ),
    )
    here = [
        (place, one)
        for place, one in told(found)
        if one == code and place.startswith(column(head)) and place[-1] == "2"
    ]
    assert here == [(cell(head, 2), code)], sentences(found)


def test_severities_say_what_blocks_and_a_faulty_member_keeps_the_whole_household_out():
    found = roster(
        man(),
        woman(证件号码="621121"),
        man(
            户编号="H2",
            姓名="赵三",
            证件号码=number("19650505", 15),
            出生日期="1965-05-05",
            人数="1",
            联系电话="13912345678",
        ),
    )
    assert not found.clean
    assert found.rows["households"]["_blocked"].to_list() == [True, False]
    assert found.rows["persons"]["_blocked"].to_list() == [True, True, False]
    assert found.counts["blocked"] == {"households": 1, "persons": 2}


def test_REG_1_exactly_one_head_a_household():
    two = roster(man(), woman(与户主关系="户主"))
    assert {(cell("与户主关系", 2), "two_heads"), (cell("与户主关系", 3), "two_heads")} <= told(two)
    none = roster(man(与户主关系="之父"), woman())
    assert (cell("与户主关系", 2), "no_head") in told(none)
    spouses = roster(man(), woman(), woman(姓名="钱四", 证件号码=number("19730303", 24), 出生日期="1973-03-03"))
    assert {place for place, code in told(spouses) if code == "two_spouses"} == {
        cell("与户主关系", 3),
        cell("与户主关系", 4),
    }


def test_REG_1_relation_and_sex_and_generations_agree():
    found = roster(man(), woman(与户主关系="之子", 证件号码=number("19600202", 22), 出生日期="1960-02-02"))
    assert {(cell("与户主关系", 3), "relation_sex"), (cell("与户主关系", 3), "generations")} <= told(found)
    other = woman(性别="男", 证件号码=number("19720202", 23))
    assert (cell("与户主关系", 3), "spouse_same_sex") in told(roster(man(), other))


def test_birth_date_and_sex_are_filled_from_the_number_when_empty():
    found = roster(man(性别="", 出生日期=""), woman(出生日期="1972年2月"))
    assert found.findings.height == 0
    head = found.rows["persons"].row(0, named=True)
    assert (head["sex"], head["birth"]) == ("1", date(1970, 1, 1))


def test_old_county_codes_and_disability_cards_are_no_errors():
    old = number("19720202", 22, "622101")
    assert roster(man(), woman(证件号码=old)).findings.height == 0
    card = number("19720202", 22) + "43"
    assert roster(man(), woman(证件号码=card, 健康状况="残疾")).findings.height == 0


def test_the_same_person_twice_whatever_the_card():
    found = roster(
        man(),
        woman(),
        woman(
            户编号="H2",
            与户主关系="户主",
            证件号码=number("19720202", 22) + "43",
            健康状况="残疾",
            联系电话="13912345678",
            人数="1",
        ),
    )
    places = {place for place, code in told(found) if code == "id_twice"}
    assert places == {cell("证件号码", 3), cell("证件号码", 4)}
    assert "第 3、4 行" in "".join(sentences(found))


def test_one_number_under_two_heads_and_values_that_differ_inside_a_household():
    found = roster(man(), woman(主要致贫原因="因学"))
    assert (cell("主要致贫原因", 3), "values_differ") in told(found)
    head = [*cells("户编号 | 户主姓名 | 姓名 | 与户主关系 | 行政村 | 乡镇")]
    found = checked(
        [
            head,
            cells("H1 | 李一 | 李一 | 户主 | 孟河村 | 平襄镇"),
            cells("H1 | 王二 | 王二 | 户主 | 孟河村 | 平襄镇"),
            cells("H1 | 李 一 | 李三 | 之子 | 孟河村 | 平襄镇"),
        ]
    )
    assert ("A3", "number_shared") in told(found)
    assert ("B4", "values_differ") not in told(found)  # a blank inside a name is no difference


def test_REG_2_a_cause_that_may_only_stand_beside_another():
    profile = PROFILE.__class__  # the list of causes grows in 2018
    later = profile(PROFILE._entries).on(date(2019, 1, 1))
    rows = [HEADS, man(主要致贫原因="因婚"), woman(主要致贫原因="因婚")]
    assert (cell("主要致贫原因", 2), "cause_not_main") in told(checked(rows, profile=later, on=date(2019, 6, 1)))
    assert (cell("主要致贫原因", 2), "code_unknown") in told(checked(rows))


def test_those_who_are_out_have_a_year_of_exit_that_has_come():
    assert (cell("脱贫年度", 2), "exit_year_missing") in told(
        roster(man(脱贫属性="已脱贫", 脱贫年度=""), woman(脱贫属性="已脱贫", 脱贫年度=""))
    )
    assert (cell("脱贫年度", 2), "exit_year_ahead") in told(
        roster(man(脱贫属性="已脱贫", 脱贫年度="2018"), woman(脱贫属性="已脱贫", 脱贫年度="2018"))
    )


def test_sums_of_income_are_worked_out_again():
    head = cells(
        "乡镇 | 行政村 | 户主姓名 | 家庭人口 | 工资性收入 | 生产经营性收入 | 财产性收入 | 转移性收入 | 生产经营性支出 | 家庭纯收入 | 人均纯收入"
    )
    good = checked([head, cells("平襄镇 | 孟河村 | 李一 | 4 | 5000 | 4000 | 0 | 1000 | 2000 | 8000 | 2000元")])
    assert good.findings.height == 0
    bad = checked([head, cells("平襄镇 | 孟河村 | 李一 | 4 | 5000 | 4000 | 0 | 1000 | 2000 | 9000 | 3000")])
    assert told(bad) == {("J2", "net_income_differs"), ("K2", "income_per_head_differs")}
    assert "8000.00" in "".join(sentences(bad))


def test_one_row_a_household_with_facts_of_the_head():
    head = cells("乡镇 | 行政村 | 户编号 | 户主姓名 | 户主身份证号 | 性别 | 出生日期 | 健康状况 | 家庭人口")
    rows = [
        ["平襄镇", "孟河村", "1", "李一", number("19700101", 11), "女", "1970-01-02", "健康", "3"], ["平襄镇", "孟河村", "1", "王二", number("19700101", 11), "男", "", "健康", "3"],
        ["平襄镇", "孟河村", "3", "赵三", "12", "男", "", "健康", "3"],
    ]  # fmt: skip
    found = checked([head, *rows])
    assert told(found) == {
        ("C2", "number_twice"), ("C3", "number_twice"), ("E2", "id_twice"), ("E3", "id_twice"), ("F2", "sex_differs"),
        ("G2", "birth_differs"), ("E4", "id_length"),
    }  # fmt: skip
    assert found.counts["households"] == found.counts["persons"] == 3


def test_one_head_twice_in_a_list_of_heads():
    head = cells("乡镇 | 行政村 | 户主姓名 | 户主身份证号")
    found = checked(
        [
            head,
            ["平襄镇", "孟河村", "李一", number("19700101", 11)],
            ["平襄镇", "城关村", "李一", number("19700101", 11)],
        ]
    )
    assert told(found) == {("D2", "head_twice"), ("D3", "head_twice")}
    found = checked([cells("乡镇 | 行政村 | 户主姓名"), *[["平襄镇", "孟河村", "李一"]] * 2])
    assert told(found) == {("C2", "household_twice"), ("C3", "household_twice")} and found.clean


def test_members_without_household_numbers_are_grouped_by_the_head():
    head = cells("行政村 | 乡镇 | 姓名 | 与户主关系")
    rows = ["李一 | 户主", "李二 | 之子", "王一 | 户主", "王二 | 配偶", "赵一 | 户主"]
    found = checked([head, *[cells(f"孟河村 | 平襄镇 | {row}") for row in rows]])
    assert found.rows["households"]["head_name"].to_list() == ["李一", "王一", "赵一"]
    assert found.rows["persons"]["_household"].to_list() == [0, 0, 1, 1, 2]


def test_the_household_may_be_written_only_in_its_first_row():
    head = cells("乡镇 | 行政村 | 户编号 | 主要致贫原因 | 姓名 | 与户主关系")
    rows = [
        "平襄镇 | 孟河村 | H1 | 因学 | 李一 | 户主",
        " | | | | 李二 | 之子",
        "平襄镇 | 孟河村 | H2 | 缺水 | 王一 | 户主",
        " | | | | 王二 | 配偶",
    ]
    found = checked([head, *map(cells, rows)])
    assert found.rows["households"].select("number", "main_cause").rows() == [("H1", "03"), ("H2", "06")]
    assert found.rows["persons"]["_household"].to_list() == [0, 0, 1, 1]
    assert codes(found) == ["filled_down"] and found.clean


def test_a_value_further_down_is_complained_of_where_it_stands():
    head = cells("乡镇 | 行政村 | 户编号 | 主要致贫原因 | 姓名 | 与户主关系")
    found = checked(
        [head, cells("平襄镇 | 孟河村 | H1 | | 李一 | 户主"), cells("平襄镇 | 孟河村 | H1 | 懒 | 李二 | 之子")]
    )
    assert ("D3", "code_unknown") in told(found)


def test_households_and_members_in_two_sheets():
    found = checked(
        {
            "户": [cells("户编号 | 乡镇 | 行政村 | 户主姓名 | 人数"), cells("H1 | 平襄镇 | 孟河村 | 李一 | 2"), cells("H2 | 平襄镇 | 孟河村 | 王二 | 1"), cells("H3 | 平襄镇 | 孟河村 | 赵三 | 1")],
            "成员": [
                cells("户编号 | 姓名 | 证件号码 | 与户主关系"), ["H1", "李一", number("19700101", 11), "户主"], ["H1", "李二", number("19900101", 13), "之子"],
                ["H2", "王四", number("19690101", 11), "户主"], ["H9", "钱五", number("19680101", 11), "户主"],
            ],
        }
    )  # fmt: skip
    assert {(row["sheet"], row["row"], row["code"]) for row in found.findings.iter_rows(named=True)} == {
        ("户", 3, "head_name_differs"), ("户", 4, "household_without_members"), ("成员", 5, "household_unknown"),
    }  # fmt: skip
    assert found.rows["persons"]["_blocked"].to_list() == [False, False, False, True]
    assert found.rows["households"]["head_id"].to_list() == [number("19700101", 11), number("19690101", 11), None]


KNOWN = Known(
    keyed=lambda text: "#" + text,
    households=pl.DataFrame(
        {"number": ["H1", "H7"], "head_name": ["李一", "周七"], "head_key": ["#" + number("19700101", 11), None], "village_code": ["621121100216", "621121100201"]}
    ),
    persons=pl.DataFrame({"id_key": ["#" + number("19700101", 11), "#" + number("19720202", 22)], "household_number": ["H1", "H5"]}),
)  # fmt: skip


def test_REG_10_against_the_register_the_same_household_again_is_no_finding():
    found = checked([HEADS, man()], known=Known(keyed=KNOWN.keyed, households=KNOWN.households))
    assert found.rows["households"]["known"].to_list() == [True]
    assert codes(found) == ["size_differs"] or found.findings.height == 0


def test_REG_10_against_the_register_moved_changed_and_registered_elsewhere():
    found = checked([HEADS, man(行政村="城关村"), woman(行政村="城关村")], known=KNOWN)
    assert {(cell("户编号", 2), "household_moved"), (cell("证件号码", 3), "id_known_elsewhere")} <= told(found)
    found = checked(
        [HEADS, man(户编号="H7", 行政村="城关村", 人数="1", 证件号码=number("19600606", 17), 出生日期="1960-06-06")],
        known=KNOWN,
    )
    assert told(found) == {(cell("户编号", 2), "household_head_changed")}


def test_REG_1_a_household_entered_without_a_number_may_come_again_with_its_official_one():
    family = KNOWN.persons.with_columns(household_number=pl.lit("H1"))
    known = Known(keyed=KNOWN.keyed, households=KNOWN.households, persons=family)
    found = checked([HEADS, man(户编号="62001"), woman(户编号="62001")], known=known)
    assert told(found) == {(cell("户编号", 2), "household_renumbered")}
    assert found.rows["households"]["number"].to_list() == ["62001"] and found.clean


def test_REG_1_a_head_of_two_households_of_the_file_keeps_the_one_that_is_registered():
    known = Known(keyed=KNOWN.keyed, households=KNOWN.households, persons=KNOWN.persons)
    other = man(户编号="H1", 证件号码=number("19650505", 15), 出生日期="1965-05-05", 人数="1")
    found = checked([HEADS, man(户编号="62001", 人数="1"), other], known=known)
    assert (cell("证件号码", 2), "id_known_elsewhere") in told(found)
    assert "household_renumbered" not in codes(found)


def test_a_known_head_without_a_number_in_the_file_gets_the_number_of_the_register():
    head = cells("乡镇 | 行政村 | 户主姓名 | 户主身份证号")
    found = checked([head, ["平襄镇", "孟河村", "李一", number("19700101", 11)]], known=KNOWN)
    assert found.rows["households"]["number"].to_list() == ["H1"] and found.findings.height == 0


def test_members_alone_belong_to_registered_households():
    found = checked(
        [
            cells("户编号 | 姓名 | 证件号码 | 与户主关系"),
            ["H1", "李一", number("19700101", 11), "户主"],
            ["H8", "王二", number("19600101", 11), "户主"],
        ],
        "persons",
        known=KNOWN,
    )
    assert told(found) == {("A3", "household_unknown")}


@pytest.mark.parametrize(("make", "filename"), [(xlsx, "a.xlsx"), (xls_bytes, "a.xls"), (ods_bytes, "a.ods")])
def test_every_format_gives_the_same_findings(make, filename):
    rows = [HEADS, man(证件号码="x1"), woman(与户主关系="户主", 联系电话="123")]
    found = checked(make({"名册": [[cell or None for cell in row] for row in rows]}), filename=filename)
    assert told(found) == told(roster(*rows[1:]))


def test_csv_gives_the_same_findings():
    rows = [HEADS, man(证件号码="x1"), woman(与户主关系="户主", 联系电话="123")]
    text = "\r\n".join(",".join(row) for row in rows)
    assert told(checked(text.encode("gb18030"), filename="名册.csv")) == told(roster(*rows[1:]))


def test_formulas_and_errors_in_used_columns_are_told():
    import io

    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet("名册")
    for at, text in enumerate(cells("乡镇 | 行政村 | 户主姓名 | 家庭人口 | 无关")):
        page.write(0, at, text)
    page.write_row(1, 0, ["平襄镇", "孟河村", "李一"])
    page.write_formula("D2", "=A1/0", None, "#DIV/0!")
    page.write_formula("E2", "=1/0", None, "#DIV/0!")
    book.close()
    found = checked(out.getvalue())
    assert {("D2", "formula_cells"), ("D2", "error_cell")} <= told(found)
    assert ("E2", "error_cell") not in told(found)


def test_a_place_in_the_title_counts_and_is_told():
    found = checked([["通渭县平襄镇孟河村贫困户花名册"], cells("序号 | 户主姓名 | 人口数"), cells("1 | 李一 | 3")])
    assert found.rows["households"]["village_code"].to_list() == ["621121100216"]
    assert codes(found) == ["place_from_title"]


def test_a_sheet_without_a_needed_column_and_no_sheet_at_all_are_refused():
    with pytest.raises(Refusal, match="columns_missing") as caught:
        checked([cells("户编号 | 户主姓名 | 主要致贫原因"), cells("1 | 李一 | 因病")], "households")
    assert "行政村" in str(caught.value.said)
    with pytest.raises(Refusal, match="no_roster"):
        check("households", [], profile=PROFILE, regions=REGIONS, on=date(2015, 12, 31))


def test_findings_about_personal_columns_are_marked_so():
    found = checked([HEADS, man(证件号码="x1"), woman(行政村="没有村")])
    marks = dict(found.findings.select("field", "personal").iter_rows())
    assert marks["person.id_number"] is True and marks["village"] is False
