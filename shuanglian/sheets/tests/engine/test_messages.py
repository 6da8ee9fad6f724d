"""Every finding in words, in both languages: what is wrong and how to mend it."""

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from shuanglian.sheets.engine.messages import MESSAGES, fill, say

PO = Path(__file__).parents[2] / "locale" / "en" / "LC_MESSAGES" / "django.po"
ENGINE = Path(__file__).parents[2] / "engine"


def gaps(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_message_says_what_is_wrong_and_how_to_mend_it(code):
    message = MESSAGES[code]
    assert message.severity in ("error", "warning")
    for sentence in (message.what, message.cure):
        assert re.search(r"[。？}]$", sentence) and "  " not in sentence, sentence


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_message_has_its_english_with_the_same_gaps(code):
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="en")
    for sentence in (MESSAGES[code].what, MESSAGES[code].cure):
        english = catalogue.get(sentence)
        assert english is not None and english.string, sentence
        assert gaps(english.string) == gaps(sentence), sentence


def test_a_finding_is_filled_in_and_translated():
    finding = {
        "code": "out_of_range",
        "header": "人数",
        "value": "40",
        "params": '{"low": "1", "high": "20", "unit": "人"}',
    }
    assert say(finding) == ("“人数”为 40，超出合理范围（1—20人）。", "请核对数值和单位。")
    assert say(finding, lambda sentence: "{header}: {value}")[0] == "人数: 40"
    assert say({"code": "required_missing", "field": "head_name"})[0] == "“户主姓名”没有填写。"
    assert fill("{a} {b}", {"a": 1}) == "1 …"
