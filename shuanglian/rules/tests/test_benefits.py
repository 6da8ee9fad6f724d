"""Benefits as data (BEN-1 to BEN-8): files read and checked, terms by day, decisions with reasons, kept as made."""

import json
from datetime import date
from decimal import Decimal

import pytest

from shuanglian.rules.benefits import Decision, decide
from shuanglian.rules.profile import load

GRANT = """title = { zh = "助学", en = "Grant" }
kind = "education"
subject = "person"
department = "education"
channel = "transfer"
pays = "money"
every = "year"
apply_at = { zh = "学校", en = "the school" }
plain = { zh = "每年补助。", en = "Aid each year." }
fund = "sector"

[[terms]]
since = 2015-09-01
cites = ["BEN-4"]
document = "S3"
state = "complete"
given = { grant = { is = "1500", label = { zh = "每年", en = "a year" } } }
yuan = "given.grant"
all_of = [
  { when = "household.registered", says = { zh = "建档立卡", en = "is registered" } },
  { when = "person.school_stage == 'senior'", says = { zh = "读高中", en = "attends senior school" } },
]

[[cases]]
on = 2015-10-01
household = { registered = true }
person = { school_stage = "senior" }
granted = true
yuan = 1500

[[cases]]
on = 2015-10-01
household = { registered = true }
person = { school_stage = "primary" }
granted = false
unmet = ["读高中"]

[[cases]]
on = 2015-10-01
household = { registered = true }
person = { }
granted = "ask"
asks = ["person.school_stage"]

[[cases]]
on = 2015-08-31
household = { registered = true }
person = { school_stage = "senior" }
granted = false
"""


@pytest.fixture
def grant(copy):
    """A copy of the profile with one benefit more, in a file that tests may break."""
    copy.write("benefits/zz.toml", GRANT)
    return copy


def benefit_of(copy):
    return load(copy.folder).benefits["zz"]


def facts(**person):
    return {"household": {"registered": True, "members": [person]}, "person": person, "village": {}, "year": {}}


# --- the file --------------------------------------------------------------------------------------------------------
def test_a_benefit_is_one_file_and_its_name_is_its_code(grant):
    assert grant.faults() == ()
    benefit = benefit_of(grant)
    assert (benefit.code, str(benefit.title), benefit.kind, benefit.subject) == ("zz", "助学", "education", "person")
    (terms,) = benefit.terms
    assert (terms.amounts, terms.cites, terms.document) == ({"grant": Decimal(1500)}, ("BEN-4",), "S3")


ONE_LINE = [
    # text to replace, what stands there instead, code of the fault, words of the fault or its cure
    ('kind = "education"', 'kind = "educaton"', "dangling", "education"),
    ('department = "education"', 'department = "school"', "dangling", "可用的有"),
    ('fund = "sector"', 'fund = "sectors"', "dangling", "sector"),
    ('subject = "person"', 'subject = "people"', "unknown_word", "person"),
    ('every = "year"', 'every = "yearly"', "unknown_word", "year"),
    ('cites = ["BEN-4"]', 'cites = ["BEN-44"]', "unknown_rule", "BEN-4"),
    ('document = "S3"', 'document = "S33"', "unknown_document", "S3"),
    ('is = "1500"', "is = 1500.0", "wrong_type", "小数加引号"),
    ('label = { zh = "每年"', 'labl = { zh = "每年"', "unknown_key", "label"),
    ("since = 2015-09-01", "since = 2015-09-01\nuntil = 2015-01-01", "ends_before", "since"),
    ('yuan = "given.grant"', 'yuan = "given.grand"', "unknown_fact", "grant"),
    ('yuan = "given.grant"', 'yuan = "1500.0"', "unused", "given.grant"),
    ('yuan = "given.grant"', "yuan = \"'a'\"", "wrong_result", "第 1 个字符"),
    ("person.school_stage == 'senior'", "person.school_stage = 'senior'", "wrong_sign", "第 21 个字符"),
    ("person.school_stage == 'senior'", "person.shool_stage == 'senior'", "unknown_fact", "school_stage"),
    ("person.school_stage == 'senior'", "person.school_stage == 'seniors'", "unknown_code", "senior"),
    ("person.school_stage == 'senior'", "person.age", "wrong_result", "整数"),
    ("person.school_stage == 'senior'", "date(person.school_stage) < day", "no_column_written_out", "直接写出"),
    ('state = "complete"', 'state = "incomplete"', "incomplete_without_lacks", "lacks"),
    ('state = "complete"', 'state = "complete"\nlacks = [{ zh = "数", en = "sum" }]', "complete_with_lacks", "lacks"),
    ("yuan = 1500", "yuan = 1000", "case_fails", "1500"),
    ("granted = true", "granted = false", "case_fails", "全部条件符合"),
    ('granted = "ask"', "granted = true", "case_fails", "person.school_stage"),
    ('granted = "ask"', 'granted = "asks"', "unknown_word", "ask"),
    ('unmet = ["读高中"]', 'unmet = ["读初中"]', "case_fails", "读高中"),
    ('asks = ["person.school_stage"]', 'asks = ["person.age"]', "case_fails", "person.school_stage"),
    ("person = { school_stage", "person = { school_satge", "unknown_fact", "school_stage"),
    ("household = { registered = true }", 'household = { registered = "yes" }', "wrong_type", "true 或 false"),
    ("household = { registered = true }", "household = { members = 3 }", "wrong_type", "members"),
    ("[[cases]]\non = 2015-10-01", "[[cases]]\non = 2015-08-01", "case_fails", "2015-08-01 没有生效的条款"),
]


@pytest.mark.parametrize(("old", "new", "code", "words"), ONE_LINE)
def test_a_fault_of_a_benefit_names_file_line_and_cure(grant, old, new, code, words):
    line = grant.change("benefits/zz.toml", old, new)
    found = [fault for fault in grant.faults() if fault.code == code]
    assert [fault.file.name for fault in found] == ["zz.toml"]
    assert words in f"{found[0].said}{found[0].cure}"
    assert abs(found[0].line - line) <= 5  # at the key itself, or at the head of the entry around it


def test_a_text_over_several_lines_is_told_with_its_line(grant):
    grant.change("benefits/zz.toml", "\"person.school_stage == 'senior'\"", "'''person.age > 3\n  && person.aeg < 9'''")
    (fault,) = grant.faults()
    assert "第 2 行第 6 个字符" in str(fault.said)


def test_a_benefit_of_money_needs_an_amount(grant):
    grant.change("benefits/zz.toml", 'yuan = "given.grant"\n', "")
    assert [fault.code for fault in grant.faults()] == ["no_amount"]


def test_complete_terms_need_a_condition(grant):
    text = grant.file("benefits/zz.toml").read_text("utf-8")
    begin, end = text.index("all_of"), text.index("[[cases]]")
    assert begin < end
    grant.write("benefits/zz.toml", text[:begin] + text[end:])
    assert [fault.code for fault in grant.faults()] == ["no_conditions"]


def test_terms_of_one_benefit_do_not_overlap(grant):
    text = grant.file("benefits/zz.toml").read_text("utf-8")
    terms = text[text.index("[[terms]]") : text.index("[[cases]]")]
    line = text[: text.index("[[cases]]")].count("\n") + 2
    grant.write(
        "benefits/zz.toml", text.replace("[[cases]]", terms.replace("2015-09-01", "2016-01-01") + "[[cases]]", 1)
    )
    assert grant.found() == [("zz.toml", line, "overlap")]
    grant.change("benefits/zz.toml", "since = 2015-09-01", "since = 2015-09-01\nuntil = 2015-12-31")
    assert grant.faults() == ()


def test_what_another_paper_says_is_shown_and_never_decides(grant):
    differs = """
[[terms.differs]]
document = "education-card"
says = { zh = "每学期1000元", en = "1,000 a term" }
given = { grant = "2000" }

[[cases]]"""
    grant.change("benefits/zz.toml", "\n[[cases]]", differs)
    benefit = benefit_of(grant)
    assert benefit.terms[0].differs[0].given == {"grant": Decimal(2000)}
    assert decide(benefit, facts(school_stage="senior"), date(2015, 10, 1)).yuan == 1500
    grant.change("benefits/zz.toml", 'document = "education-card"', 'document = "S3"')
    grant.change("benefits/zz.toml", '{ grant = "2000" }', '{ grand = "2000" }')
    assert [fault.code for fault in grant.faults()] == ["contradiction", "dangling"]


def test_source_at_the_top_holds_for_all_terms(grant):
    grant.change("benefits/zz.toml", 'cites = ["BEN-4"]\ndocument = "S3"\n', "")
    grant.change("benefits/zz.toml", "[[terms]]", '[source]\ncites = ["BEN-4"]\ndocument = "S1"\n\n[[terms]]')
    assert benefit_of(grant).terms[0].document == "S1"


def test_a_household_benefit_speaks_of_no_person(grant):
    grant.change("benefits/zz.toml", 'subject = "person"', 'subject = "household"')
    assert {fault.code for fault in grant.faults()} == {"unknown_name"}
    grant.change(
        "benefits/zz.toml", "person.school_stage == 'senior'", "household.members.exists(m, m.school_stage == 'senior')"
    )
    assert {fault.code for fault in grant.faults()} == {"case_person"}


def test_a_name_that_is_no_code_is_told(grant):
    grant.write("benefits/z z.toml", GRANT)
    grant.write("benefits/note.txt", "")
    assert grant.found() == [("note.txt", 0, "bad_code"), ("z z.toml", 0, "bad_code")]


def test_what_is_not_toml_is_told_with_its_line(grant):
    line = grant.change("benefits/zz.toml", 'every = "year"', "every year")
    assert ("zz.toml", line, "toml_syntax") in grant.found()


# --- over a base -----------------------------------------------------------------------------------------------------
def test_benefits_of_the_base_are_inherited(child):
    assert set(load(child.folder).benefits) == set(load("tongwei_2015").benefits)


def test_a_file_of_the_same_name_replaces_the_bases_whole(child):
    child.folder.joinpath("benefits").mkdir()
    child.write("benefits/senior_grant.toml", GRANT.replace("1500", "1800"))
    benefit = load(child.folder).benefits["senior_grant"]
    assert (len(benefit.terms), benefit.terms[0].amounts) == (1, {"grant": Decimal(1800)})


def test_remove_drops_the_bases_benefit(child):
    child.folder.joinpath("benefits").mkdir()
    child.write("benefits/senior_grant.toml", "remove = true\n")
    assert "senior_grant" not in load(child.folder).benefits
    child.write("benefits/senior_grunt.toml", "remove = true\n")
    (fault,) = child.faults()
    assert (fault.file.name, fault.line, fault.code) == ("senior_grunt.toml", 1, "dangling")
    assert "senior_grant" in str(fault.cure)


def test_a_benefit_that_appears_is_noticed(copy):
    assert "zz" not in load(copy.folder).benefits
    copy.write("benefits/zz.toml", GRANT)
    assert "zz" in load(copy.folder).benefits


# --- decisions -------------------------------------------------------------------------------------------------------
def test_BEN_8_the_terms_in_force_on_the_day_decide(profile):
    benefit = profile.benefits["dibao_class_1"]
    person = {"dibao": True, "dibao_class": 1}
    came = [decide(benefit, facts(**person), day).yuan for day in (date(2014, 12, 31), date(2015, 1, 1))]
    assert came == [2952, 3300]
    assert decide(benefit, facts(**person), date(2013, 1, 1)).state == "not_in_force"


def test_a_decision_gives_every_condition_with_the_facts_it_used(grant):
    decision = decide(benefit_of(grant), facts(school_stage="primary"), date(2015, 10, 1))
    assert (decision.state, decision.granted, decision.yuan) == ("refused", False, None)
    assert [(str(one.says), one.met) for one in decision.conditions] == [("建档立卡", True), ("读高中", False)]
    assert [(used.path, used.value) for used in decision.conditions[1].used] == [("person.school_stage", "primary")]
    assert [str(one) for one in decision.unmet] == ["读高中"]


def test_a_refusal_asks_for_nothing_even_when_something_is_not_known(grant):
    family = {**facts(school_stage="primary"), "household": {}}
    decision = decide(benefit_of(grant), family, date(2015, 10, 1))
    assert (decision.state, decision.asks) == ("refused", frozenset())


def test_what_cannot_be_decided_asks_for_the_fact(grant):
    decision = decide(benefit_of(grant), facts(), date(2015, 10, 1))
    assert (decision.state, decision.granted, decision.asks) == ("ask", None, {"person.school_stage"})


def test_incomplete_terms_decide_nothing_and_say_what_is_missing(profile):
    decision = decide(profile.benefits["medical_relief"], facts(), date(2015, 8, 1))
    assert (decision.state, decision.granted, decision.asks) == ("incomplete", None, frozenset())
    assert [str(one) for one in decision.lacks] == ["救助对象、比例、封顶线"]


def test_an_amount_that_cannot_be_worked_out_leaves_the_right_standing(grant):
    grant.change("benefits/zz.toml", 'yuan = "given.grant"', 'yuan = "given.grant * person.hospital_cost"')
    grant.write("benefits/zz.toml", grant.file("benefits/zz.toml").read_text("utf-8").split("[[cases]]")[0])
    decision = decide(benefit_of(grant), facts(school_stage="senior"), date(2015, 10, 1))
    assert (decision.granted, decision.yuan, decision.asks) == (True, None, {"person.hospital_cost"})


@pytest.mark.parametrize("stage", ["senior", "primary", None])
def test_a_decision_is_kept_as_it_was_made(grant, stage):
    decision = decide(benefit_of(grant), facts(school_stage=stage), date(2015, 10, 1))
    kept = json.loads(json.dumps(decision.to_json(), ensure_ascii=False))
    assert Decision.from_json(kept) == decision


def test_every_case_of_the_profile_is_kept_as_it_was_made(profile):
    from shuanglian.rules.fact_values import typed
    from shuanglian.rules.facts.catalogue import vocabulary

    for benefit in profile.benefits.values():
        for case in benefit.shape.cases:
            raw = {"household": case.household, "village": case.village} | (
                {"person": case.person} if case.person else {}
            )
            decision = decide(benefit, typed(raw, vocabulary())[0], case.on)
            assert Decision.from_json(json.loads(json.dumps(decision.to_json()))) == decision


def test_the_version_changes_with_the_terms_and_with_nothing_else(grant):
    first = benefit_of(grant)
    grant.change("benefits/zz.toml", "每年补助。", "每年补助！")
    assert benefit_of(grant).version == first.version
    grant.change("benefits/zz.toml", 'is = "1500"', 'is = "1600"')
    grant.write("benefits/zz.toml", grant.file("benefits/zz.toml").read_text("utf-8").split("[[cases]]")[0])
    assert benefit_of(grant).version != first.version


def test_a_scenario_changes_a_named_amount_and_nothing_real(grant):
    benefit = benefit_of(grant)
    other = benefit.with_given({"grant": 1800})
    person, on = facts(school_stage="senior"), date(2015, 10, 1)
    assert (decide(benefit, person, on).yuan, decide(other, person, on).yuan) == (1500, 1800)
    assert decide(other, person, on).version != decide(benefit, person, on).version
    with pytest.raises(KeyError, match="grand"):
        benefit.with_given({"grand": 1})
