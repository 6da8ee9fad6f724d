"""Faults of texts: what is wrong, where, and the cure — for somebody who never programmed."""

import inspect
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.rules.cel.language import TextFaults, read
from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, TEXT, WHOLE, list_of
from shuanglian.rules.cel.vocabulary import Vocabulary, Word
from shuanglian.rules.code_list import CodeList
from shuanglian.rules.profile_shapes import CodeItem, Label

SOURCE = Label(zh="档案", en="file")


def word(record, name, kind, zh, en, **more):
    return Word(record, name, kind, Label(zh=zh, en=en), SOURCE, **more)


VOCABULARY = Vocabulary({
    "person": {one.name: one for one in (
        word("person", "age", WHOLE, "年龄", "age", unit=Label(zh="岁", en="years")),
        word("person", "sex", TEXT, "性别", "sex", codes="sex"),
        word("person", "disabled", BOOL, "残疾", "is disabled"),
        word("person", "born_on", DAY, "出生日期", "date of birth"),
        word("person", "school_stage", TEXT, "就学阶段", "stage of schooling", codes="school_stage"),
        word("person", "health", list_of(TEXT), "健康状况", "health", codes="health"),
        word("person", "disability_grade", WHOLE, "残疾等级", "disability grade"),
    )},
    "household": {one.name: one for one in (
        word("household", "registered", BOOL, "建档立卡", "is registered"),
        word("household", "income_per_head", NUMBER, "人均纯收入", "income per head", unit=Label(zh="元", en="yuan")),
    )},
    "village": {}, "year": {},
})  # fmt: skip


def code_list(name, **labels):
    items = [
        CodeItem(code=code, zh=zh, en=en, cites=("REG-7",), document="S1", since=date(2014, 1, 1))
        for code, (zh, en) in labels.items()
    ]
    return CodeList(name, Label(zh=name, en=name), items)


CODES = {
    "school_stage": code_list("school_stage", primary=("小学", "primary"), junior=("初中", "junior"),
                              senior=("普通高中", "senior"), none=("不在校", "none")),
    "health": code_list("health", c1=("健康", "healthy"), c2=("长期慢性病", "chronic illness")),
}  # fmt: skip


def faults_of(text, expects=BOOL, **more):
    with pytest.raises(TextFaults) as caught:
        read(text, VOCABULARY, expects, **more)
    return [(one.code, one.line, one.column, str(one.said), str(one.cure)) for one in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "code", "column", "cure"),
    [
        ("person.age = 60", "wrong_sign", 12, "写成 ==。"),
        ("person.age => 60", "wrong_sign", 12, "写成 >=。"),
        ("person.age <> 60", "wrong_sign", 12, "写成 !=。"),
        ("person.disabled & true", "wrong_sign", 17, "写成 &&。"),
        ("person.disabled and true", "word_for_sign", 17, "写成 &&。"),
        ("person.disabled OR true", "word_for_sign", 17, "写成 ||。"),
        ("not person.disabled", "word_for_sign", 1, "写成 !。"),
        ("person.disabled 或者 true", "word_for_sign", 17, "写成 ||。"),
        ("person.disabled == True", "word_for_sign", 20, "写成 true。"),
        ("person.age ≥ 60", "wide_character", 12, "改用英文标点：>="),
        ("person.age ＝＝ 60", "wide_character", 12, "改用英文标点：="),
        ("（person.age > 60）", "wide_character", 1, "改用英文标点：("),
        ("person.age in [1，2]", "wide_character", 17, "改用英文标点：,"),
        ("person.sex == “1”", "wide_character", 15, "改用英文标点：'"),
        ("person.sex == ‘1’", "wide_character", 15, "改用英文标点：'"),
        ("person.age >　60", "wide_character", 13, "改用英文标点： "),
        ("ｐerson.age > 60", "wide_character", 1, "改用半角：person"),
        ("person.sex == '1", "quote_open", 15, "在文字末尾补上 '。"),
        ("person.age > 60岁", "unit_behind_number", 16, "数字只写数，不写单位，如 60。"),
        ("person.born_on > 2015-9-1", "bare_date", 18, "日期写成 date('2015-09-01')。"),
        ("person.age > 1,000", "misplaced", 15, "数字里不写千位分隔的逗号，如 1000。"),
        ("(person.age > 60", "bracket_open", 1, "在应当结束的地方补上 )。"),
        ("person.age > 60)", "bracket_closed", 16, "删去它，或在前面补上左括号。"),
        ("person.age > 60 person.disabled", "misplaced", 17, "两个条件之间写 &&（并且）或 ||（或者）。"),
        ("person.age >", "incomplete", 12, "补上后面的部分，如 person.age >= 60。"),
        ("", "empty", 1, "写一个条件，如 person.age >= 60。"),
        ("person.sex == '\\q'", "bad_escape", 16, "反斜杠本身写成 \\\\。"),
        ("年龄 > 60", "bare_words", 1, "文字要放在引号里：'年龄'；事实用英文名称，如 person.age。"),
        ("person.shcool_stage == 'senior'", "unknown_fact", 1, "是否想写 person.school_stage？"),
        ("person.income_per_head > 1.0", "unknown_fact", 1, "是否想写 household.income_per_head？"),
        ("age > 60", "unknown_name", 1, "是否想写 person.age？"),
        ("persn.age > 60", "unknown_name", 1, "是否想写 person？"),
        ("person.age > '60'", "types_differ", 1, "去掉引号，写成 60。"),
        ("person.sex == 1", "types_differ", 1, "加上引号，写成 '1'。"),
        ("person.born_on > '2015-09-03'", "types_differ", 1, "日期写成 date('2015-09-03')。"),
        ("person.disabled == 'true'", "types_differ", 1, "是否写 true 或 false，不加引号。"),
        ("person.age == null", "types_differ", 1, "判断事实是否已知用 has(…)。"),
        ("person.health == '1'", "types_differ", 1, "判断列表里有没有某个值用 in，如 '1' in person.health。"),
        ("1 < person.age < 5", "types_differ", 1, "连着比较要拆成两个：写 1 < x && x < 5。"),
        ("household.income_per_head + 1 > 2.0", "no_overload", 1, "整数与小数不能混算：把 1 写成 1.0。"),
        ("person.age * 1.5 > 3.0", "no_overload", 1, "整数与小数不能混算：写 double(person.age)。"),
        ("person.age", "wrong_result", 1, "与一个数比较，如 … > 0。"),
        ("household.members.age > 60", "not_a_record", 1, "对成员写 .exists(m, m.age …) 或 .all(m, m.age …)。"),
        ("household.members[0].age > 1", "no_places", 1, "用 exists 或 filter，如 household.members.exists(m, m.is_head)。"),
        ("person.age in [1, 2.5]", "mixed_list", 15, "整数也写成小数，如 60.0。"),
        ("len(person.health) > 1", "unknown_function", 1, "是否想写 size？"),
        ("person.born_on < date('2015-02-30')", "bad_date", 18, "改正引号里的内容。"),
        ("person.born_on < timestamp('2015')", "bad_timestamp", 18, "改正引号里的内容。"),
        ("day - person.born_on > duration('1d')", "bad_duration", 24, "改正引号里的内容。"),
        ("person.sex.matches('(?i)a')", "bad_pattern", 20, "只用文字、. [] () | * + ? {n,m} ^ $ \\d \\w。"),
        ("person.sex.matches('(a')", "bad_pattern", 20, "改正引号里的内容。"),
        ("household.income_per_head > 0.1234567", "too_fine", 29, "去掉后面的几位。"),
        ("dyn(person.age) == 1", "unknown_function", 1, "删去 dyn(…)，只留里面的内容。"),
        ("person.age > 1u", "unsupported", 14, "删去数字后面的 u。"),
        ("person.sex in {'1': 2}", "unsupported", 15, "几个值写成列表，如 [1, 2]。"),
        ("person.age.size() > 1", "no_overload", 1, None),
        ("if person.age > 1", "misplaced", 4, None),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_place_and_cure(text, code, column, cure):
    (first, *_) = faults_of(text)
    assert first[:3] == (code, 1, column)
    assert cure is None or first[4] == cure


def test_all_faults_of_a_text_come_at_once_with_line_and_column():
    found = faults_of("person.agee > 60 &&\n  person.sex == 1 &&\n\tpersn.age > 2")
    assert [one[:3] for one in found] == [("unknown_fact", 1, 1), ("types_differ", 2, 3), ("unknown_name", 3, 2)]


def test_a_code_that_no_list_has_is_named_with_the_nearest():
    def cure_of(text):
        return faults_of(text, codes=CODES)[0][4]

    assert cure_of("person.school_stage == 'senoir'") == "是否想写 'senior'？"
    assert cure_of("person.school_stage in ['junior', '小学']") == "是否想写 'primary'（小学）？"
    assert cure_of("'长期慢性病' in person.health") == "是否想写 'c2'（长期慢性病）？"
    assert cure_of("'kindergarten' != person.school_stage") == (
        "可用的有：'primary' 小学, 'junior' 初中, 'senior' 普通高中, 'none' 不在校。"
    )
    assert read("person.school_stage == 'senoir'", VOCABULARY).type == BOOL  # nobody can know without the lists


def test_an_amount_must_be_a_number_and_a_whole_one_becomes_it():
    assert faults_of("person.sex", NUMBER)[0][0] == "wrong_result"
    assert read("2000", VOCABULARY, NUMBER).type == NUMBER
    assert read("2000", VOCABULARY, NUMBER).value({}).as_tuple() == (0, (2, 0, 0, 0), 0)


@pytest.mark.parametrize(
    "text",
    [
        "'" + "\\\\" * 1900, '"' + "\\" * 3000, "(" * 3900, "[" * 51 + "]" * 51, "!" * 3900 + "true", "-" * 3900 + "1",
        "1" + "+1" * 1900, "true ? " * 500 + "1", "a" + ".a" * 1900, "x" * 4001, "[" + "1," * 1100 + "1] == []",
        "''" + ".matches('(((a*)*)*)*b')" * 2, "true?" * 700, "/" * 3999, "'''" + "'" * 3990, "[1].exists(a," * 20,
    ],
)  # fmt: skip
def test_hostile_texts_are_refused(text):
    with pytest.raises(TextFaults):  # and not worked at for ever
        read(text, VOCABULARY, None)


def test_what_would_take_too_long_or_too_much_room_fails():
    ones = "[" + ",".join("1" * 400) + "]"
    long_round = f"{ones}.all(a, {ones}.all(b, {ones}.all(c, a + b > 0)))"
    assert read(long_round, VOCABULARY).value({}).code == "too_much"
    assert read(long_round, VOCABULARY).account({}).failed.code == "too_much"
    doubled = "['aaaaaaaaaaaaaaaaaaaa']" + ".map(x, x+x+x+x+x+x+x+x)" * 40
    assert read(f"size({doubled}) == 1", VOCABULARY).value({}).code == "too_long"
    pattern = "'" + "a" * 2000 + "'.matches('(a*)*b')"
    assert read(pattern, VOCABULARY).value({}) is False  # linear in RE2


@settings(max_examples=150)
@given(st.text("person.age=><!&|()[]'\"\\ 01.,+-*/%?:{}in\n年（“", max_size=60))
def test_whatever_is_typed_is_read_or_refused(text):
    try:
        read(text, VOCABULARY, None)
    except TextFaults as found:
        assert found.faults
        for one in found.faults:
            assert 0 <= one.span[0] <= one.span[1] <= len(text)
            assert one.line >= 1 and one.column >= 1
            assert str(one.said) and str(one.cure)


def test_a_text_read_where_little_room_is_left_is_refused_not_crashed():
    long = "1" + "+1" * 60
    before = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(len(inspect.stack(0)) + 200)
        refused = faults_of(f"{long} == 1")
    finally:
        sys.setrecursionlimit(before)
    assert refused[0][0] == "too_deep"
    assert read(f"{long} == 61", VOCABULARY).value({}) is True
