"""`shuanglian rule eval` and `rule facts`."""

import json

import pytest
from click.testing import CliRunner

from shuanglian.rules.rule_commands import rule


@pytest.fixture
def run(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return lambda *words, **more: CliRunner().invoke(rule, [str(word) for word in words], **more)


@pytest.mark.parametrize(
    ("text", "facts", "shown", "status"),
    [
        ("1 + 1 == 2", "{}", "true", 0), ("x > 2", '{"x": 3}', "true", 0), ("x / 2", '{"x": 3}', "1", 0),
        ("x / 2.0", '{"x": 3.0}', "1.5", 0), ("2.0 * 3.0", "{}", "6.0", 0), ("'a' + s", '{"s": "乡"}', '"a乡"', 0),
        ("[1, 2].map(e, e * 2)", "{}", "[2, 4]", 0), ("null", "{}", "null", 0),
        ("date('2015-09-01') + duration('24h')", "{}", "timestamp('2015-09-02T00:00:00Z')", 0),
        ("date(x) - date('2015-09-01')", '{"x": "2015-09-02"}', "duration('86400s')", 0),
        ("a.b.c == 1", '{"a": {"b": {"c": 1}}}', "true", 0), ("l.exists(e, e.n > 1)", '{"l": [{"n": 1}, {"n": 2}]}', "true", 0),
        ("x / 0", '{"x": 3}', "算不出来：除数是零", 1), ("x = 3", '{"x": 3}', "1:3: 比较相等要写两个等号 — 写成 ==。", 1),
        ("y > 2", "{}", "1:1: 不认识的名称 y — 可以从这些开始：；若是文字，加引号：'y'。", 1),
        ("x > 2", '{"x": null}', "还不能决定，须先知道：x", 3),
        ("person.age >= 60", "{}", "还不能决定，须先知道：person.age (年龄)", 3),
        ("person.age >= 60 || person.disabled", '{"person": {"age": 61}}', "true", 0),
        ("person.born_on < date('1955-01-01')", '{"person": {"born_on": "1954-12-31"}}', "true", 0),
        ("given.grant * 2.0", '{"given": {"grant": 1500}}', "3000.0", 0),
    ],
)  # fmt: skip
def test_a_text_is_worked_out_and_the_exit_status_tells_how(run, text, facts, shown, status):
    result = run("eval", text, "--facts", facts)
    assert (result.output.strip(), result.exit_code) == (shown, status)


def test_facts_come_from_a_file_or_standard_input(run, tmp_path):
    (tmp_path / "facts.json").write_text('{"x": 3}', encoding="utf-8")
    assert run("eval", "x", "--facts", tmp_path / "facts.json").output == "3\n"
    assert run("eval", "x", "--facts", "-", input='{"x": 4}').output == "4\n"


@pytest.mark.parametrize("facts", ["/no/such/file", "{", '{"x": NaN}', "-"])
def test_facts_that_cannot_be_read_exit_2(run, facts):
    result = run("eval", "1", "--facts", facts, input="[1]")
    assert result.exit_code == 2
    assert "事实读不出来" in result.output


def test_json_gives_value_type_and_what_to_ask(run):
    found = json.loads(run("eval", "person.age > 3 && x > 1.5", "--facts", '{"x": 2.5}', "--json").output)
    assert found == {"state": "unknown", "value": None, "type": "bool", "asks": ["person.age"]}
    assert json.loads(run("eval", "2.5 * 2.0", "--json").output)["value"] == 5.0
    assert json.loads(run("eval", "1 / 0", "--json").output)["failed"]["code"] == "divide_by_zero"
    faulty = json.loads(run("eval", "a &&\n b = 1", "--facts", '{"a": true, "b": 1}', "--json", "--lang", "en").output)
    assert faulty["faults"] == [
        {
            "code": "wrong_sign",
            "line": 2,
            "column": 4,
            "message": "Equality is written with two equals signs",
            "cure": "Write ==.",
        }
    ]


def test_why_shows_every_condition_with_its_facts(run):
    text = "person.age >= 60 || household.members.exists(m, m.disabled)"
    facts = '{"person": {"age": 30}, "household": {"members": [{"disabled": false}, {"disabled": true}]}}'
    assert run("eval", text, "--facts", facts, "--why").output.splitlines() == [
        "true",
        "年龄不小于60岁，或者（家庭成员中至少有一人：符合“残疾”）",
        "✓ person.age >= 60 || household.members.exists(m, m.disabled)",
        "  ✗ person.age >= 60    person.age = 30",
        "  ✓ household.members.exists(m, m.disabled)",
        "    ✗ [0] m.disabled    household.members[0].disabled = false",
        "    ✓ [1] m.disabled    household.members[1].disabled = true",
    ]
    told = json.loads(run("eval", text, "--facts", facts, "--why", "--json").output)["why"]
    assert told["parts"][1]["decided_by"] == [1]


def test_the_vocabulary_is_listed_with_types_labels_and_sources(run):
    shown = run("facts", "person.age").output
    assert "person.age" in shown and "年龄" in shown and "int" in shown
    listed = json.loads(run("facts", "--json", "--lang", "en").output)
    assert {"person.age", "household.income_per_head", "village.poor_village", "year.poverty_line"} <= {
        one["path"] for one in listed
    }
    assert all(one["label"] and one["source"] for one in listed)
