"""Accounts (every condition with the facts it used) and sentences in two languages."""

import pytest

from shuanglian.rules.cel.language import Unknown, read
from shuanglian.rules.cel.types import NUMBER
from shuanglian.rules.profile_shapes import Label

from .test_cel_faults import CODES, VOCABULARY

FAMILY = [
    {"age": 70, "disabled": True, "school_stage": "none"},
    {"age": 12, "disabled": False, "school_stage": "junior"},
    {"age": 40, "disabled": None, "school_stage": "none"},
]
FACTS = {"person": FAMILY[0], "household": {"members": FAMILY, "registered": True, "income_per_head": 2000}}


def account_of(text, facts=FACTS):
    return read(text, VOCABULARY).account(facts)


def test_every_condition_is_listed_also_behind_one_that_decides():
    account = account_of("person.age < 60 && household.registered && person.disability_grade in [1, 2]")
    assert (account.kind, account.met) == ("and", False)
    assert [(one.text, one.met) for one in account.parts] == [
        ("person.age < 60", False), ("household.registered", True), ("person.disability_grade in [1, 2]", None),
    ]  # fmt: skip
    assert [one.used[0][:2] for one in account.parts] == [
        ("person.age", 70), ("household.registered", True),
        ("person.disability_grade", Unknown(frozenset(["person.disability_grade"]))),
    ]  # fmt: skip
    assert account.parts[2].asks == {"person.disability_grade"}
    assert account.asks == frozenset()  # what is not known cannot change it
    assert [one.text for one in account.decided_by] == ["person.age < 60"]


def test_exists_names_the_first_witness():
    account = account_of("household.members.exists(m, m.age < 50 && m.school_stage != 'primary')")
    assert account.met is True
    assert account.members == (1,)
    assert [(one.member, one.met) for one in account.parts] == [(0, False), (1, True), (2, True)]
    (witness,) = account.decided_by
    assert [atom.used for atom in witness.atoms()] == [
        (("person.age", 12, 1),), (("person.school_stage", "junior", 1),),
    ]  # fmt: skip


def test_all_names_every_counter_example_and_an_undecided_one_who_must_be_asked_about():
    assert account_of("household.members.all(m, m.age < 40)").members == (0, 2)
    undecided = account_of("household.members.exists(m, m.disabled && m.age < 60)")
    assert (undecided.met, undecided.members, undecided.asks) == (None, (2,), {"person.disabled"})


def test_members_of_a_narrowed_list_keep_their_place_in_the_family():
    account = account_of("household.members.filter(m, m.age < 50).all(n, n.school_stage == 'junior')")
    assert [(one.member, one.met) for one in account.parts] == [(1, True), (2, False)]
    assert [one.used for one in account.parts] == [
        (("person.school_stage", "junior", 1),), (("person.school_stage", "none", 2),),
    ]  # fmt: skip
    assert [used.member for used in account.used] == [0, 1, 2]  # those whose age was looked at


def test_a_sum_over_members_shows_every_members_share():
    account = account_of("household.members.map(m, m.age).sum() > 100")
    assert (account.kind, account.met) == ("fact", True)
    assert account.used == (("person.age", 70, 0), ("person.age", 12, 1), ("person.age", 40, 2))


def test_not_and_if_and_failures():
    denied = account_of("!(person.disabled && person.age < 3)")
    assert (denied.kind, denied.met, denied.parts[0].kind) == ("not", True, "and")
    chosen = account_of("household.registered ? person.age > 60 : person.age > 100")
    assert [one.text for one in chosen.parts] == ["household.registered", "person.age > 60"]
    failed = account_of("person.age / 0 > 1 && household.registered")
    assert (failed.met, failed.failed.code, str(failed.failed.said)) == (None, "divide_by_zero", "除数是零")
    assert failed.parts[0].failed is not None and failed.parts[1].met is True


def test_an_amount_shows_what_it_was_made_of():
    words = VOCABULARY.with_given({"grant": Label(zh="每人", en="each")})
    account = read("given.grant * 2.0", words, NUMBER).account({"given": {"grant": 150}})
    assert (account.value, account.used) == (300, (("given.grant", 150, None),))


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("person.age >= 60 && person.disability_grade in [1, 2]",
         "年龄不小于60岁，并且残疾等级为1或2", "age is at least 60 years and disability grade is one of 1, 2"),
        ("60 > person.age", "年龄小于60岁", "age is less than 60 years"),
        ("!person.disabled || !(person.age > 3)", "不符合“残疾”，或者年龄不大于3岁",
         "is not disabled or age is at most 3 years"),
        ("person.disabled == false", "不符合“残疾”", "is not disabled"),
        ("!(household.registered && person.disabled)", "不符合“建档立卡”，或者不符合“残疾”",
         "is not registered or is not disabled"),
        ("(person.disabled || person.age > 3) && household.registered",
         "（符合“残疾”，或者年龄大于3岁），并且符合“建档立卡”",
         "(is disabled or age is more than 3 years) and is registered"),
        ("person.school_stage in ['junior', 'senior', 'primary']", "就学阶段为初中、普通高中或小学",
         "stage of schooling is one of junior, senior, primary"),
        ("'c2' in person.health", "健康状况包括长期慢性病", "health includes chronic illness"),
        ("household.income_per_head < 2855.5", "人均纯收入小于2855.5元", "income per head is less than 2855.5 yuan"),
        ("household.members.exists(m, m.age >= 60)", "家庭成员中至少有一人：年龄不小于60岁",
         "at least one household member: age is at least 60 years"),
        ("!household.members.exists(m, m.disabled)", "家庭成员中没有：符合“残疾”", "no household member: is disabled"),
        ("household.members.filter(m, m.disabled).size() >= 2", "家庭成员中至少有2人：符合“残疾”",
         "at least 2 household members: is disabled"),
        ("household.members.all(m, m.age < 60 || m.disabled)", "家庭成员全部：年龄小于60岁，或者符合“残疾”",
         "every household member: age is less than 60 years or is disabled"),
        ("person.born_on >= date('1955-09-01')", "出生日期不早于1955年9月1日",
         "date of birth is on or after 1955-09-01"),
        ("day - person.born_on > duration('8760h')", "当日 − 出生日期大于365天",
         "the day − date of birth is more than 365 days"),
        ("has(person.age)", "已知年龄", "age is known"),
        ("size(household.members) == 1", "家庭成员人数为1", "number of household members is 1"),
    ],
)  # fmt: skip
def test_a_text_is_said_in_chinese_and_english(text, zh, en):
    expression = read(text, VOCABULARY)
    assert expression.sentence("zh", CODES) == zh
    assert expression.sentence("en", CODES) == en


def test_every_part_of_an_account_says_itself():
    account = account_of("household.registered && household.members.exists(m, m.age >= 60)")
    assert [one.clause.sentence("zh") for one in account.parts] == [
        "符合“建档立卡”", "家庭成员中至少有一人：年龄不小于60岁",
    ]  # fmt: skip
    assert account.parts[1].parts[0].clause.sentence("en") == "age is at least 60 years"
