"""What a clerk's page proposes from a text: a category and the three nevers by the profile's words (VOICE-1, BEN-7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.profile import load

PROGRAMME = load("tongwei_2015").grievances


@pytest.mark.parametrize(
    ("text", "category", "never"),
    [
        ("水管坏了半个月，全组没有水吃", "water", ""), ("娃娃上不起学", "school", "school"),
        ("信用社不给贷款养羊", "credit", ""), ("桥塌了过不去", "road", ""), ("没钱看病，医院不收", "health_care", "doctor"),
        ("家里断粮三天，低保没批", "relief", "living"), ("两家争地界打架", "dispute", ""), ("不知道该说啥", "", ""),
        ("The ROAD is broken", "road", ""),
    ],
)  # fmt: skip
def test_VOICE_1_a_category_is_proposed_from_what_is_said(text, category, never):
    assert (PROGRAMME.category_of(text), PROGRAMME.never_of(text)) == (category, never)


def test_VOICE_6_words_never_propose_a_category_of_the_sealed_road():
    for code, one in PROGRAMME.categories.items():
        assert not (one.sealed and one.words), code


@given(st.text(max_size=80))
def test_whatever_is_said_what_is_proposed_is_open_or_nothing(text):
    assert PROGRAMME.category_of(text) in {"", *PROGRAMME.open_categories}
    assert PROGRAMME.never_of(text) in {"", *PROGRAMME.nevers}


@given(st.sampled_from(list(PROGRAMME.open_categories.items())), st.data())
def test_a_single_word_of_a_category_proposes_it_or_one_that_has_it_too(item, data):
    code, one = item
    if one.words:
        word = data.draw(st.sampled_from(one.words))
        found = PROGRAMME.category_of(word)
        assert any(word in part or part in word for part in PROGRAMME.categories[found].words), (code, word, found)
