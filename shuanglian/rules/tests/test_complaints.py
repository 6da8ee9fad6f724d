"""Which level reads a letter, which words make one, what may be published (VOICE-6, FIELD-6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.complaints import TOP, bare, climbs, offices_in, published, reading_level, safe_kind
from shuanglian.rules.profile import load

LEVELS = st.integers(min_value=1, max_value=5)
LISTS = load("tongwei_2015").complaints


@given(st.lists(LEVELS))
def test_VOICE_6_the_road_goes_above_every_level_named_and_never_below_the_county(named):
    level = reading_level(named)
    assert TOP <= level <= 3
    assert all(level < one for one in named) or level == TOP
    if all(one > 3 for one in named):
        assert level == 3


@given(st.lists(LEVELS), LEVELS)
def test_VOICE_6_naming_one_more_never_brings_a_letter_lower(named, more):
    assert reading_level([*named, more]) <= reading_level(named)


@pytest.mark.parametrize(("named", "level"), [([], 3), ([5, 4], 3), ([3], 2), ([2], 1), ([3, 2], 1), ([1], 1)])
def test_VOICE_6_examples_of_roads(named, level):
    assert reading_level(named) == level


WORDS = [(word, one.kind) for one in LISTS.words for word in one.words]


@given(st.sampled_from(WORDS), st.text(max_size=20), st.text(max_size=20))
def test_VOICE_6_a_safe_word_is_found_wherever_it_stands(word, before, after):
    assert safe_kind(before + "。" + word[0] + "。" + after, LISTS.words) in {one.kind for one in LISTS.words}


@given(st.sampled_from(WORDS), st.sampled_from(["", " ", "*", ".", "　", "\u200b", "\n", "-", "·"]))
def test_VOICE_6_a_word_pulled_apart_is_the_same_word(word, between):
    assert safe_kind(between.join(word[0]), LISTS.words)


@pytest.mark.parametrize("text", [
    "水管坏了，三天没水", "想贷款养羊", "路塌了，娃娃上学不方便", "自来水从没来过", "新农合怎么报销", "房子漏雨，能不能修",
    "想学电焊", "低保什么时候发", "欠条丢了怎么办", "村里要不要修梯田", "",
])  # fmt: skip
def test_VOICE_6_ordinary_demands_go_the_ordinary_way(text):
    assert safe_kind(text, LISTS.words) == ""


def test_VOICE_6_every_kind_of_the_issue_has_its_words():
    assert safe_kind("村干部截留了化肥", LISTS.words) == "money"
    assert safe_kind("他吃拿卡要", LISTS.words) == "money"
    assert safe_kind("走访记录是造假的", LISTS.words) == "falsification"
    assert safe_kind("他威胁我们不许说", LISTS.words) == "conduct"


def test_VOICE_6_an_office_is_named_by_its_words():
    assert offices_in("县双联办的人也分了", LISTS.offices.values()) == {"county"}
    assert offices_in("县 长 知道", LISTS.offices.values()) == {"county"}
    assert offices_in("村里的路", LISTS.offices.values()) == set()


@given(st.dictionaries(st.integers(2012, 2030), st.integers(0, 40)), st.integers(2, 10))
def test_VOICE_6_no_small_number_is_published_and_none_told_apart_from_nought(counts, fewest):
    told = published(counts, fewest=fewest)
    assert told.keys() == counts.keys()
    for year, count in counts.items():
        assert told[year] == (count if count >= fewest else None)


@given(st.text())
def test_what_is_bare_stays_bare(text):
    assert bare(bare(text)) == bare(text)


@pytest.mark.parametrize(("levels", "up"), [([3, 2, 1], True), ([3], True), ([3, 3], False), ([2, 3], False)])
def test_a_letter_only_climbs(levels, up):
    assert climbs(levels) is up


@pytest.mark.parametrize("name", ["tongwei_2015", "changshun_2017", "gansu_province_2012"])
def test_the_lists_of_every_profile_hang_together(name):
    lists, kinds = load(name).complaints, load(name).complaints.kinds
    assert lists.terms is not None
    assert {one.kind for one in lists.words} <= kinds.keys()
    assert any(one.consequence for one in lists.outcomes.values())
    assert lists.terms.remind < min(lists.terms.accept_days, lists.terms.answer_days)
