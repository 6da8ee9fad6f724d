"""`shuanglian rule decide` and `rule check`: a family's benefits from a file of facts."""

import json

import pytest
from click.testing import CliRunner

from shuanglian.rules.rule_commands import rule

FAMILY = {
    "household": {"registered": True, "members": [{"school_stage": "senior"}, {"dibao": True, "dibao_class": 1}]},
    "village": {"poor_village": True},
}


@pytest.fixture
def run(tmp_path):
    def run(*words, facts=None, **options):
        file = tmp_path / "facts.json"
        if facts is not None:
            file.write_text(facts if isinstance(facts, str) else json.dumps(facts), "utf-8")
            words = (*words, "--facts", str(file))
        return CliRunner().invoke(rule, [str(word) for word in words], **options)

    return run


def decided(result, member, code):
    (found,) = [one for one in json.loads(result.output)["members"][member] if one["benefit"] == code]
    return found


def test_a_family_is_decided_member_by_member(run):
    result = run("decide", "tongwei_2015", "--on", "2015-10-01", "--json", facts=FAMILY)
    assert result.exit_code == 0
    assert (decided(result, 0, "senior_grant")["yuan"], decided(result, 1, "dibao_class_1")["yuan"]) == ("1500", "3300")
    assert decided(result, 1, "senior_grant")["asks"] == ["person.school_stage"]


def test_BEN_8_the_day_decides(run):
    result = run("decide", "tongwei_2015", "--on", "2014-10-01", "--json", facts=FAMILY)
    assert decided(result, 1, "dibao_class_1")["yuan"] == "2952"


def test_people_read_what_is_granted_first_with_the_facts(run):
    told = run("decide", "tongwei_2015", "--on", "2015-10-01", "--lang", "zh", facts=FAMILY).output
    first = told[told.index("成员 1") :].split("\n")[1:4]
    assert first[0] == "  ✓ 普通高中国家助学金: 1500 元"
    assert 'person.school_stage = "senior"' in first[2]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ("{", "读不了这些事实"),
        ("[]", "读不了这些事实"),
        ({"household": {"registred": True}}, "registered"),
        ({"household": {"members": [{"age": "old"}]}}, "household.members.0.age"),
        ({"house": {}}, "household"),
    ],
)
def test_facts_that_cannot_be_read_are_told_and_exit_2(run, facts, words):
    result = run("decide", "tongwei_2015", "--on", "2015-10-01", "--lang", "zh", facts=facts)
    assert (result.exit_code, words in result.output) == (2, True)


def test_facts_may_come_from_standard_input(run):
    result = run("decide", "tongwei_2015", "--on", "2015-10-01", "--facts", "-", "--json", input=json.dumps(FAMILY))
    assert json.loads(result.output)["on"] == "2015-10-01"


def test_check_counts_what_it_ran(run):
    found = json.loads(run("check", "tongwei_2015", "--json").output)
    assert (found["faults"], found["benefits"] > 20, found["cases"] > 100) == ([], True, True)


def test_check_tells_a_case_that_fails_at_its_line(run, copy):
    line = copy.change("benefits/dibao_class_1.toml", 'yuan = "2952"', 'yuan = "2953"')
    result = run("check", copy.folder, "--lang", "zh")
    assert result.exit_code == 1
    assert f"dibao_class_1.toml:{line}: 这一例应为 2953，得出 2952" in result.output
