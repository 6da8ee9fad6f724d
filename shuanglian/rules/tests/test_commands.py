"""`shuanglian profile check` and `show`."""

import ast
import json
import os
import re
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from shuanglian.kernel import speech
from shuanglian.kernel.words import Said
from shuanglian.rules.commands import profile

ROOM = Path(__file__).resolve().parent.parent
CATALOGUE = ROOM / "locale" / "en" / "LC_MESSAGES" / "django.po"


def english():
    """The room's catalogue."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def sentences():
    """Every sentence that the room marks with N_."""
    for file in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
                yield ast.literal_eval(node.args[0])


@pytest.fixture
def run(monkeypatch):
    fresh = CATALOGUE.with_suffix(f".{os.getpid()}")  # other tests may be reading the old one
    with fresh.open("wb") as file:
        write_mo(file, english())
    fresh.replace(CATALOGUE.with_suffix(".mo"))
    speech._catalogue.cache_clear()
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def run(*words, **environment):
        return CliRunner().invoke(profile, [str(word) for word in words], env=environment)

    return run


@pytest.mark.parametrize("name", ["tongwei_2015", "gansu_province_2012"])
def test_a_clean_profile_exits_0(run, name):
    result = run("check", name)
    assert result.exit_code == 0
    assert "没有问题" in result.output


def test_faults_exit_1_with_file_line_fault_and_cure(run, copy):
    line = copy.change("ranks.toml", "quota = 7", "quota = -7")
    result = run("check", copy.folder)
    assert result.exit_code == 1
    assert f"ranks.toml:{line}: quota 是负数（-7） — 不得小于 0。" in result.output


def test_what_is_not_a_profile_exits_2(run, tmp_path):
    result = run("check", tmp_path / "none")
    assert result.exit_code == 2
    assert "profile.toml" in result.output


def test_english_by_option_and_by_environment(run, copy):
    line = copy.change("ranks.toml", "quota = 7", 'quota = "7"')
    expected = f"ranks.toml:{line}: quota is text (7) — Write a whole number without quotes, such as 4."
    assert expected in run("check", copy.folder, "--lang", "en").output
    assert expected in run("check", copy.folder, LANG="en_GB.UTF-8").output
    assert expected not in run("check", copy.folder, LANG="zh_CN.UTF-8").output
    assert expected not in run("check", copy.folder, LANG="C.UTF-8").output


def test_json_holds_every_fault(run, copy):
    line = copy.change("ranks.toml", "quota = 7", "quota = -7")
    result = run("check", copy.folder, "--json", "--lang", "en")
    (fault,) = json.loads(result.output)["faults"]
    assert (fault["line"], fault["key"], fault["code"]) == (line, "ranks[2].quota", "negative")
    assert (fault["message"], fault["cure"]) == ("quota is negative (-7)", "It must be 0 or more.")
    assert json.loads(run("check", "tongwei_2015", "--json").output) == {"profile": "tongwei_2015", "faults": []}


def test_show_tells_quotas_exemptions_and_roles(run):
    told = run("show", "tongwei_2015").output
    for words in ("正县级", "5 至 8 户", "教师", "双联办"):
        assert words in told
    brief = json.loads(run("show", "gansu_province_2012", "--json", "--lang", "en").output)
    assert brief["ranks"][0]["minimum"] == 5
    assert "Teacher" in brief["exempt"]


def test_show_of_nothing_exits_2(run):
    assert run("show", "nowhere_1999").exit_code == 2


def test_every_sentence_of_the_room_has_english():
    catalogue = english()
    assert [text for text in sentences() if text not in catalogue or not catalogue[text].string] == []


def test_gaps_of_a_sentence_are_the_same_in_english():
    for message in english():
        if message.id:
            gaps = [set(re.findall(r"\{(\w+)\}", text)) for text in (message.id, message.string)]
            assert gaps[0] == gaps[1], message.id


def test_without_a_catalogue_sentences_stay_chinese(tmp_path):
    assert speech.speak(Said("缺少 {key}", {"key": "code"}), "en", tmp_path) == "缺少 code"


def test_sentences_and_labels_inside_gaps_are_spoken_too(run):
    inner = Said("整数")
    assert speech.speak(Said("应写{expected}。", {"expected": inner}), "en") == "Write a whole number."
    assert speech.speak(Said("一对 {}"), "zh") == "一对 {}"
