"""Copied texts: every pair that is alike is found and no other; names and figures do not hide a copy."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.same_text import digest, groups, likeness, marks, normal, pairs

words = st.lists(st.sampled_from("缺资金技术养羊种果务工孩子上学房水路病"), min_size=0, max_size=30).map("".join)
ONE = "该户主要缺资金，建议发展养羊，种植经济作物，并输出一名劳务，三年内稳定脱贫。"


@given(st.lists(words, max_size=12), st.sampled_from([0.5, 0.7, 0.85, 1.0]))
def test_every_pair_that_is_alike_is_found_and_no_other(texts, alike):
    told = dict(enumerate(texts))
    found = {frozenset(pair[:2]) for pair in pairs(told, alike=alike, least=3)}
    distinct = {text: key for key, text in reversed(told.items())}
    expected = {
        frozenset((a, b)) for a, b in combinations(sorted(distinct.values()), 2)
        if min(len(told[a]), len(told[b])) >= 3 and likeness(told[a], told[b]) >= alike
    }  # fmt: skip
    equal = {frozenset((key, distinct[text])) for key, text in told.items() if len(text) >= 3 and key != distinct[text]}
    assert found == expected | equal


@given(words, words, st.sampled_from([0.5, 0.85, 1.0]))
def test_texts_that_are_alike_share_a_mark(one, other, alike):
    if one and other and likeness(one, other) >= alike:
        assert set(marks(one, alike)) & set(marks(other, alike))


def test_names_figures_and_marks_do_not_hide_a_copy():
    mine = normal("张三家 2015 年缺资金，养羊5只。", ["张三"])
    assert mine == normal("李四家2016年缺资金、养羊8只", ["李四"]) == "家年缺资金养羊只"
    assert digest(mine) == digest(normal("家年缺资金养羊只"))


def test_a_text_that_is_too_short_says_nothing():
    assert digest("缺资金", 20) == "" and digest("", 0) == ""
    assert groups({1: "缺资金", 2: "缺资金"}, alike=0.85, least=20) == []


def test_a_changed_word_is_still_a_copy_and_another_family_is_not():
    near = normal(ONE.replace("养羊", "养牛"))
    other = normal("户主患病，妻子照料，两个孩子读书；先申请大病保险，再由长子外出务工，老人编草编补贴家用。")
    told = {"a": normal(ONE), "b": near, "c": other, "d": normal(ONE)}
    assert 0.7 < likeness(normal(ONE), near) < 1
    assert groups(told, alike=0.7, least=20) == [["a", "b", "d"]]
