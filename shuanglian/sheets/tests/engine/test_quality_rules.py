"""The rules of quality_rules_cn.csv that apply to a roster, by their numbers: each found, each silent when all is well."""

import pytest

from shuanglian.rules.profile import load
from shuanglian.sheets.engine.quality import RULES

from .makers import DAY, cells, checked, codes, number, sentences, told

HEADS = cells(
    "乡镇 | 行政村 | 户编号 | 姓名 | 证件号码 | 与户主关系 | 文化程度 | 在校生状况 | 失学辍学原因 | 健康状况 | 劳动技能 | 务工时间 | 残疾证号 | "
    "是否参加城乡居民基本医疗保险 | 是否参加城镇职工基本医疗保险 | 是否参加大病保险 | 享受低保政策情况 | 享受特困供养政策情况 | "
    "主要致贫原因 | 工资性收入 | 转移性收入 | 人均纯收入 | 联系电话 | 耕地面积 | 林地面积 | 是否通生活用电 | 住房面积 | 与村主干路距离"
)
HEAD = dict(
    zip(
        HEADS,
        ["平襄镇", "孟河村", "H1", "李一", number("19700101", 11), "户主", "初中", "", "", "长期慢性病", "普通劳动力", "0", "", "是", "否", "是", "未享受",
         "未享受", "因病", "5000", "500", "2500", "13812345678", "5", "0", "是", "80", "0.5"],
        strict=True,
    )
)  # fmt: skip
CHILD = {
    **HEAD, "姓名": "李小", "证件号码": number("20030601", 31), "与户主关系": "之子", "文化程度": "", "在校生状况": "七年级", "健康状况": "健康",
    "劳动技能": "无劳动力",
}  # fmt: skip


def run(head=None, child=None, both=None):
    rows = [{**HEAD, **(head or {}), **(both or {})}, {**CHILD, **(child or {}), **(both or {})}]
    return checked([HEADS, *[[row[name] for name in HEADS] for row in rows]])


def letter(name):
    at = HEADS.index(name)
    return chr(65 + at) if at < 26 else "A" + chr(65 + at - 26)


def test_a_household_in_order_breaks_no_rule():
    assert run().findings.height == 0, sentences(run())


BORN = {"证件号码": number("19870601", 33)}  # the child is a grown man of 28
CASES = [
    (2, "both", {"是否通生活用电": ""}, "是否通生活用电", "household_required"), (2, "both", {"住房面积": ""}, "住房面积", "household_required"),
    (3, "both", {"林地面积": ""}, "林地面积", "land_required"), (4, "both", {"联系电话": ""}, "联系电话", "phone"), (7, "child", {"与户主关系": ""}, "与户主关系", "relation_required"),
    (8, "child", {"在校生状况": ""}, "文化程度", "education_required"), (9, "child", {"是否参加大病保险": ""}, "是否参加大病保险", "insurance_required"),
    (10, "child", {"证件号码": "999999200306010031"}, "证件号码", "id_placeholder"), (12, "child", {"文化程度": "小学"}, "在校生状况", "education_twice"),
    (13, "head", {"是否参加城镇职工基本医疗保险": "是"}, "是否参加城乡居民基本医疗保险", "insurance_twice"), (14, "child", {"务工时间": "3"}, "务工时间", "pupil_works"),
    (15, "head", {"享受特困供养政策情况": "农村特困", "务工时间": "3"}, "务工时间", "special_care_works"), (20, "child", {"在校生状况": "学前教育"}, "在校生状况", "preschool_age"),
    (21, "child", {"在校生状况": "本科一年级"}, "在校生状况", "school_age"), (21, "child", {"在校生状况": "普通高中一年级"}, "在校生状况", "school_age"),
    (22, "child", {"证件号码": number("19970601", 33), "文化程度": "小学", "在校生状况": "", "劳动技能": "普通劳动力"}, "文化程度", "low_education"),
    (23, "child", {"在校生状况": "", "文化程度": "小学"}, "在校生状况", "out_of_school"), (24, "child", {"劳动技能": "普通劳动力"}, "劳动技能", "child_labour"),
    (25, "child", {**BORN, "文化程度": "初中", "在校生状况": ""}, "劳动技能", "able_but_unable"),
    (27, "child", {**BORN, "文化程度": "初中", "在校生状况": "", "劳动技能": "普通劳动力", "享受特困供养政策情况": "农村特困"}, "享受特困供养政策情况", "healthy_special_care"),
    (28, "head", {"劳动技能": "丧失劳动力", "务工时间": "3"}, "劳动技能", "unable_but_works"), (29, "head", {"健康状况": "残疾"}, "残疾证号", "disabled_card"),
    (29, "head", {"残疾证号": number("19700101", 11) + "41", "健康状况": "残疾"}, "劳动技能", "disabled_card"),
    (29, "child", {"残疾证号": number("20030601", 31) + "43"}, "健康状况", "disabled_card"), (31, "both", {"主要致贫原因": "因残"}, "主要致贫原因", "cause_disabled"),
    (32, "head", {"健康状况": "健康"}, "主要致贫原因", "cause_ill"), (37, "both", {"转移性收入": "0", "享受低保政策情况": "农村低保"}, "转移性收入", "aid_without_income"),
    (38, "both", {"工资性收入": "50"}, "工资性收入", "tiny_wage"), (39, "both", {"人均纯收入": "25000"}, "人均纯收入", "income_high"),
    (41, "both", {"耕地面积": "150"}, "耕地面积", "land_range"), (42, "both", {"与村主干路距离": "8公里"}, "与村主干路距离", "far_from_road"),
]  # fmt: skip


@pytest.mark.parametrize(("no", "who", "change", "column", "code"), CASES, ids=[f"{one[0]}-{one[4]}" for one in CASES])
def test_rules_are_found_in_their_column(no, who, change, column, code):
    found = run(**{who: change})
    row = 3 if who == "child" else 2
    assert (f"{letter(column)}{row}", code) in told(found), sentences(found)
    check = load("tongwei_2015").on(DAY).roster.check_of(no)
    severities = dict(found.findings.select("code", "severity").iter_rows())
    assert severities[code] in {one.severity for one in check}


def test_rule_18_one_phone_in_several_households():
    other = {**HEAD, "户编号": "H2", "姓名": "王二", "证件号码": number("19650505", 15)}
    found = checked([HEADS, *[[row[name] for name in HEADS] for row in (HEAD, other)]])
    assert told(found) == {(f"{letter('联系电话')}2", "phone_shared"), (f"{letter('联系电话')}3", "phone_shared")}


def test_rule_33_the_cause_is_lack_of_labour_but_most_can_work():
    change = {"主要致贫原因": "缺劳力"}
    assert "cause_labour" not in codes(run(both=change))  # one of two, and the household is small
    found = run(both=change, child={**BORN, "文化程度": "初中", "在校生状况": "", "劳动技能": "技能劳动力"})
    assert (f"{letter('主要致贫原因')}2", "cause_labour") in told(found)


def test_rule_36_nobody_can_work_and_nobody_is_aided():
    found = run(head={"劳动技能": "丧失劳动力"})
    assert (f"{letter('享受低保政策情况')}2", "no_labour_no_aid") in told(found)
    assert "no_labour_no_aid" not in codes(run(head={"劳动技能": "丧失劳动力", "享受低保政策情况": "农村低保"}))


def test_rules_about_members_apply_to_a_roster_of_members_alone():
    head = cells("户编号 | 姓名 | 证件号码 | 与户主关系 | 在校生状况 | 劳动技能")
    found = checked([head, ["H1", "李小", number("20030601", 31), "户主", "七年级", "普通劳动力"]], "persons")
    assert told(found) == {("F2", "child_labour"), ("C2", "head_young")}


def test_rules_about_columns_that_the_roster_does_not_have_stay_silent():
    found = checked([cells("乡镇 | 行政村 | 户主姓名"), cells("平襄镇 | 孟河村 | 李一")])
    assert found.findings.height == 0


def test_every_rule_of_the_profile_that_a_roster_can_break_is_worked_out():
    elsewhere = {  # worked out with the columns themselves, or about villages, which are no roster here
        "relation_required", "id_missing", "sex_and_relation", "one_head", "land_range", "far_from_road", "village_required",
        "village_sums", "village_land", "exit_road",
        # about what a roster does not hold, or asked of the whole register
        "post_without_date", "posts_many", "post_old", "work_without_wage", "exit_below_line",
    }  # fmt: skip
    checks = load("tongwei_2015").roster.checks
    assert set(RULES) | elsewhere == {code for code, one in checks.items() if one.nos}


def test_a_profile_without_a_rule_does_not_apply_it():
    class Fewer:
        def __init__(self, profile):
            self.__dict__.update({name: getattr(profile, name) for name in ("codes", "causes", "guess_trade")})
            self.roster = type("Roster", (), {"checks": {}, "limits": {}})()

    row = {**HEAD, "耕地面积": "150", "人均纯收入": "25000", "联系电话": ""}
    found = checked([HEADS, [row[name] for name in HEADS]], profile=Fewer(load("tongwei_2015").on(DAY)))
    assert codes(found) == []
