"""Procedures of other counties are data; what is wrong in them is said with file, line and cure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shuanglian.rules.facts.catalogue import vocabulary
from shuanglian.rules.procedure_files import procedure_of
from shuanglian.rules.profile import BUILT_IN, ProfileErrors, load

DAY = date(2017, 5, 1)
FULL = ("entry", "return", "exit", "removal")


def kinds(profile: str, code: str) -> list[str]:
    return [step.kind for step in load(profile).on(DAY).procedures[code].steps]


@pytest.mark.parametrize("code", FULL)
def test_REG_4_two_notices_of_seven_days_and_an_announcement(code: str):
    procedure = load("tongwei_2015").on(DAY).procedures[code]
    assert [step.days for step in procedure.steps if step.kind == "notice"] == [7, 7]
    assert procedure.steps[-1].kind == "announcement"
    order = [step.kind for step in procedure.steps]
    assert order[:4] == ["application", "evaluation", "notice", "verification"]
    assert [str(step.share) for step in procedure.steps if step.share] == ["1/5", "1/10"]
    assert procedure.step("evaluation").quorum == procedure.step("evaluation").quorum.__class__(2, 3)


@pytest.mark.parametrize("code", FULL)
def test_REG_4_another_county_says_five_days_and_nothing_else(code: str):
    ours, theirs = (load(name).on(DAY).procedures[code] for name in ("tongwei_2015", "gansu_province_2012"))
    assert [step.days for step in theirs.steps if step.kind == "notice"] == [5, 5]
    assert [step.code for step in theirs.steps] == [step.code for step in ours.steps]
    assert theirs.version != ours.version


def test_REG_4_two_evaluations_two_notices_one_comparison_one_announcement():
    found = kinds("changshun_2017", "entry")
    assert [found.count(kind) for kind in ("evaluation", "notice", "comparison", "announcement")] == [2, 2, 1, 1]
    assert kinds("changshun_2017", "exit") == kinds("tongwei_2015", "exit")


def test_REG_5_exit_has_the_households_word_and_three_signatures():
    procedure = load("tongwei_2015").on(DAY).procedures["exit"]
    assert "confirmation" in [step.kind for step in procedure.steps]
    assert [one.code for one in procedure.step("signoff").signs] == [
        "party_secretary", "township_head", "congress_chair",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["tongwei_2015", "gansu_province_2012", "changshun_2017"])
def test_every_step_cites_its_rule_and_reads_back_from_what_was_written(name: str):
    profile = load(name)
    for procedure in profile.on(DAY).procedures.values():
        assert all(step.shape.cites and step.shape.document for step in procedure.steps)
        assert procedure_of(procedure.written(), vocabulary(), profile.codes).version == procedure.version


BASE = """title = { zh = "试", en = "trial" }
subject = "household"
effect = "correct"
plain = { zh = "试", en = "trial" }

[source]
cites = ["REG-4"]
document = "default"
since = 2015-01-01

[[steps]]
code = "application"
label = { zh = "申请", en = "application" }
kind = "application"
level = "village"
by = ["village_committee"]

[[steps]]
code = "meeting"
label = { zh = "评议", en = "evaluation" }
kind = "evaluation"
level = "village"
by = ["village_committee"]
quorum = "2/3"
majority = "1/2"
back_to = ["application"]

[[steps]]
code = "approval"
label = { zh = "审批", en = "approval" }
kind = "approval"
level = "county"
by = ["programme_office"]
needs = [{ when = "household.registered", says = { zh = "在册", en = "registered" } }]
"""


def read(folder: Path, text: str) -> list[tuple[str, int, str]]:
    """What is wrong with a county's procedure: (code, line, cure)."""
    (folder / "procedures").mkdir()
    head = (BUILT_IN / "changshun_2017" / "profile.toml").read_text()
    (folder / "profile.toml").write_text(head)
    (folder / "procedures" / "trial.toml").write_text(text)
    try:
        load(folder)
    except ProfileErrors as errors:
        assert {fault.file.name for fault in errors.faults} == {"trial.toml"}
        return [(fault.code, fault.line, str(fault.cure)) for fault in errors.faults]
    return []


def test_a_procedure_of_ones_own_is_read(tmp_path: Path):
    assert read(tmp_path, BASE) == []
    assert [step.code for step in load(tmp_path).procedures["trial"].steps] == ["application", "meeting", "approval"]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('quorum = "2/3"', 'quorum = "5/3"', "share_outside", 24),
        ('quorum = "2/3"', 'quorum = "zwei Drittel"', "bad_share", 24),
        ('quorum = "2/3"', "quorum = 0.67", "bad_share", 24),
        ('quorum = "2/3"\n', "", "missing_key", 18),
        ('back_to = ["application"]', 'back_to = ["approval"]', "not_earlier", 26),
        ('by = ["programme_office"]', 'by = ["programm_office"]', "dangling", 33),
        ('level = "county"', 'level = "village"', "cannot_act", 33),
        ('by = ["programme_office"]', 'by = ["auditor"]', "cannot_act", 33),
        ('effect = "correct"', 'effect = "corect"', "dangling", 3),
        ("household.registered", "household.registred", "unknown_fact", 34),
        ("household.registered", "household.size", "wrong_result", 34),
        ("household.registered", "person.age > 3", "unknown_name", 34),
        ('cites = ["REG-4"]', 'cites = ["REG-44"]', "unknown_rule", 7),
        ('kind = "application"', 'kind = "notice"', "missing_key", 11),
        ('kind = "approval"', 'kind = "confirmation"', "order", 11),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_procedure_is_said_with_line_and_cure(
    tmp_path: Path, old: str, new: str, code: str, line: int
):
    assert old in BASE
    found = read(tmp_path, BASE.replace(old, new, 1))
    assert (code, line) in [(told, where) for told, where, _cure in found], found
    assert all(cure for _code, _line, cure in found)
