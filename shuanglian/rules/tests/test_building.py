"""Conditions from pick-lists: to text, back from it, and never another meaning."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.rules.building import (
    COMPARISONS,
    OPERATIONS,
    QUANTIFIERS,
    SEVERAL,
    VALUELESS,
    Members,
    Row,
    Rows,
    Unfinished,
    Written,
    from_text,
    kind_of,
    to_text,
)
from shuanglian.rules.cel.language import read
from shuanglian.rules.facts.catalogue import vocabulary
from shuanglian.rules.profile import load
from shuanglian.rules.profile_shapes import Label

PROFILE = load("tongwei_2015")
WORDS = vocabulary().with_given({"least": Label(zh="最低", en="least"), "grant": Label(zh="补助", en="grant")})
FACTS = {
    word.path: word for record in ("person", "household", "village", "year") for word in WORDS.words[record].values()
}
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8).filter(lambda t: t == t.strip())


def numbers(kind):
    if kind == "whole":
        return st.integers(-(10**9), 10**9).map(str)
    return st.decimals("-99999", "99999", places=2).map(
        lambda n: f"{Decimal(n).normalize():f}".replace("-0", "-0") if n else "0"
    )


@st.composite
def rows(draw):
    path = draw(st.sampled_from(sorted(FACTS)))
    word = FACTS[path]
    kind = kind_of(word)
    op = draw(st.sampled_from(OPERATIONS[kind]))
    if op in VALUELESS:
        return Row(path, op)
    if op in SEVERAL:
        one = numbers("whole") if kind == "whole" else st.sampled_from(codes(word))
        return Row(path, op, tuple(draw(st.lists(one, min_size=1, max_size=3, unique=True))))
    if kind in ("whole", "number"):
        against = draw(st.sampled_from(["value", "given", "fact"]))
        if against == "given":
            return Row(path, op, (draw(st.sampled_from(["least", "grant"])),), "given")
        if against == "fact":
            others = [p for p, w in FACTS.items() if kind_of(w) in ("whole", "number")]
            return Row(path, op, (draw(st.sampled_from(sorted(others))),), "fact")
        return Row(path, op, (draw(numbers(kind)),))
    if kind == "day":
        return Row(path, op, (draw(st.dates(date(1990, 1, 1), date(2030, 1, 1))).isoformat(),))
    return Row(path, op, (draw(TEXTS),))


def codes(word):
    listed = PROFILE.codes.get(word.codes) if word.codes else None
    return sorted(listed.by_code)[:40] if listed is not None else ["a", "o'b", "b\\c"]


def groups():
    return st.lists(st.lists(rows(), min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)


def blocks():
    members = st.builds(
        lambda quantifier, group, op, number: Members(quantifier, group, op, str(number)) if quantifier == "count" else Members(quantifier, group),
        st.sampled_from(QUANTIFIERS), groups(), st.sampled_from(COMPARISONS), st.integers(0, 20),
    )  # fmt: skip
    return st.one_of(groups().map(Rows), members)


@settings(max_examples=400, deadline=None)
@given(blocks())
def test_a_block_comes_back_from_its_text_the_same_and_the_text_is_sound(block):
    text = to_text(block, WORDS)
    assert from_text(text, WORDS) == block, text
    expression = read(text, WORDS)
    for lang in ("zh", "en"):
        assert expression.sentence(lang, PROFILE.codes)


def all_texts():
    for code, benefit in PROFILE.benefits.items():
        for terms in benefit.terms:
            for condition in terms.conditions:
                yield code, condition.when, dict(terms.given)


@pytest.mark.parametrize(("code", "text", "given_"), list(all_texts()))
def test_every_condition_of_the_profile_is_drawn_or_stays_written_and_means_the_same(code, text, given_):
    words = vocabulary().with_given({name: one.label for name, one in given_.items()})
    block = from_text(text, words)
    again = to_text(block, words)
    assert from_text(again, words) == block
    assert read(again, words).sentence("zh", PROFILE.codes) == read(text, words).sentence("zh", PROFILE.codes)


def test_most_conditions_of_the_profile_are_drawn():
    drawn = [not isinstance(from_text(text, vocabulary().with_given({n: g.label for n, g in amounts.items()})), Written)
             for _code, text, amounts in all_texts()]  # fmt: skip
    assert sum(drawn) / len(drawn) > 0.95


@pytest.mark.parametrize(
    "text",
    [
        "person.age + 1 > 60", "person.age > 60 ? true : false", "!(person.age > 60)", "person.age >", "60 <= person.age",
        "household.members.exists(m, m.age > person.age)", "household.members.exists(person, person.age > 60)",
        "(person.disabled || person.ill_serious) && person.age > 60", "household.members.size() > 3", "person.sex == ' 1'",
        "household.members.exists(m, m.age > 60) && person.age > 60", "day > date('2015-01-01')", "person.age in []", "true",
    ],
)  # fmt: skip
def test_what_pick_lists_cannot_say_stays_written(text):
    assert from_text(text, WORDS) == Written(text)


@pytest.mark.parametrize(
    ("test", "row"),
    [
        (Row("", ""), 0), (Row("person.nothing", "yes"), 0), (Row("person.age", "yes"), 0), (Row("person.age", ">="), 0),
        (Row("person.age", ">=", ("many",)), 0), (Row("person.age", ">=", ("grantt",), "given"), 0),
        (Row("person.age", ">=", ("person.sex",), "fact"), 0), (Row("person.born_on", "<", ("2015-13-01",)), 0),
        (Row("household.net_income", "<", ("1e999",)), 0), (Row("person.sex", "one_of", ("",)), 0),
    ],
)  # fmt: skip
def test_a_test_that_is_not_finished_says_where(test, row):
    with pytest.raises(Unfinished) as told:
        to_text(Rows(((test,),)), WORDS)
    assert told.value.row == row and str(told.value.said)


def test_the_second_row_is_named():
    with pytest.raises(Unfinished) as told:
        to_text(Rows(((Row("person.disabled", "yes"),), (Row("person.age", ">="),))), WORDS)
    assert told.value.row == 1
