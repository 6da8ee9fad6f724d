"""Code lists: what a cell means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.profile import load

LISTS = load("tongwei_2015").codes
EVERY = [(name, item.code, text) for name, codes in LISTS.items() for item in codes
         for text in (item.code, item.label.zh, item.label.en)]  # fmt: skip
WIDE = {ord(half): ord(half) + 0xFEE0 for half in map(chr, range(0x21, 0x7F))}


def widen(text: str) -> str:
    return text.translate(WIDE)


@given(st.sampled_from(EVERY), st.data())
def test_what_a_list_writes_it_finds_again_however_it_is_spaced_and_bracketed(one, data):
    """REG-7: the round trip of every code and label of every list."""
    name, code, text = one
    cut = data.draw(st.integers(0, len(text)))
    blank = data.draw(st.sampled_from(["", " ", "\u3000", "\n", "\u00a0"]))
    spaced = f"{blank}{text[:cut]}{blank}{text[cut:]}{blank}"
    written = data.draw(st.sampled_from([spaced, widen(spaced), spaced.replace("（", "(").replace("）", ")")]))
    expected = {LISTS[name].find(text)}
    assert LISTS[name].find(written) in expected
    assert LISTS[name].find(text) == code or LISTS[name].find(text) in LISTS[name]


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_code_label_and_spelling_finds_its_own_code(name):
    for item in LISTS[name]:
        for text in (item.code, item.label.zh, item.label.en, *item.spellings):
            assert LISTS[name].find(text) == item.code, text


@pytest.mark.parametrize(
    ("name", "cell", "code"),
    [
        ("relation", "户 主", "01"),
        ("relation", "儿媳", "05"),
        ("relation", "1", "01"),
        ("relation", "1.0", "01"),
        ("relation", 3, "03"),
        ("relation", "０３", "03"),
        ("relation", "03之子", "03"),
        ("relation", "03-之子", "03"),
        ("relation", "03之女", None),
        ("relation", "3.5", None),
        ("relation", "邻居", None),
        ("relation", "", None),
        ("relation", None, None),
        ("work_place", "乡(镇)内", "01"),
        ("work_place", "乡（镇）内", "01"),
        ("work_place", "乡镇内", "01"),
        ("ethnicity", "汉", "01"),
        ("ethnicity", "东乡族", "26"),
        ("sex", "男", "1"),
        ("sex", "female", "2"),
        ("household_class", "五保户", "06"),
        ("cause", "因病致贫", "01"),
        ("cause", "缺劳动力", "08"),
        ("rank", "正科", "section"),
        ("rank", "副科级", "section"),
        ("occupation", "教师", "teacher"),
        ("tier", "省直", "province"),
        ("schooling", "初二", "05"),
        ("schooling", "高三", "09"),
        ("yes_no", "√", "1"),
    ],
)
def test_what_cells_of_real_rosters_mean(name, cell, code):
    assert LISTS[name].find(cell) == code


@pytest.mark.parametrize("cell", ["", None, "—", "/", "--", "非在校生", "不在校"])
def test_words_that_say_nothing(cell):
    assert LISTS["schooling"].means_nothing(cell)


def test_a_word_that_says_something_is_not_nothing():
    assert not LISTS["schooling"].means_nothing("小学")
    assert not LISTS["labour_skill"].means_nothing("无")  # 无劳动力


def test_several_choices_in_one_cell():
    assert LISTS["health"].find_all("长期慢性病、残疾") == (("02", "04"), ())
    assert LISTS["health"].find_all("健康") == (("01",), ())
    assert LISTS["fuel"].find_all("柴草,煤炭/沼气") == (("01", "03", "04"), ())
    assert LISTS["health"].find_all("长期慢性病，感冒") == (("02",), ("感冒",))


def test_labels_in_two_languages_and_an_unknown_code_as_it_is():
    relation = LISTS["relation"]
    assert (relation.label("03"), relation.label("03", "en"), relation.label("77"), relation.label(None)) == (
        "之子", "Son", "77", "",
    )  # fmt: skip
    assert relation.title("en") == "Relation to the head"


def test_a_list_on_a_day_knows_only_what_was_in_force():
    assert len(load("tongwei_2015").on(date(2015, 7, 1)).codes["cause"]) < len(LISTS["cause"])
    assert "monitored_kind" not in load("tongwei_2015").on(date(2015, 7, 1)).codes


def test_the_fifty_six_groups_and_one_more():
    assert len(LISTS["ethnicity"]) == 57


def test_a_relation_says_the_sex_where_it_can():
    by_code = LISTS["relation"].by_code
    assert (by_code["03"].sex, by_code["04"].sex, by_code["02"].sex, by_code["21"].sex) == (
        "male",
        "female",
        None,
        None,
    )
