"""Unknown facts: what is said without them holds however they turn out, and learning more never takes a word back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.rules.cel.inferred import inferred
from shuanglian.rules.cel.language import Failed, Unknown, read

from .cel_texts import MEMBER, VOCABULARY, Texts, facts

TEXTS = Texts()
PATHS = frozenset(["i", "j", "b", "c", "s", "t", "x", "y", "k", "w", "m", *(f"m.{name}" for name in MEMBER)])


@st.composite
def worlds(draw):
    """(a whole world, two others that share a part with it, that part alone)."""
    world, others = draw(facts), draw(st.lists(facts, min_size=2, max_size=2))
    lost = {name for name in world if name != "m" and draw(st.booleans())}
    lost_of = [{name for name in MEMBER if draw(st.booleans())} for _ in world["m"]]
    part = {name: value for name, value in world.items() if name not in lost}
    part["m"] = [{n: v for n, v in one.items() if n not in lost} for one, lost in zip(world["m"], lost_of, strict=True)]
    whole = [_completed(part, other, draw) for other in others]
    if draw(st.integers(0, 9)) == 0:  # nobody knows who belongs to the family
        part.pop("m")
    return world, whole, part


def _completed(part, other, draw):
    filled = {**other, **part}
    filled["m"] = [{"i": draw(st.integers(-3, 3)), "b": draw(st.booleans()), "s": "a", **one} for one in part["m"]]
    return filled


@settings(max_examples=120)
@given(TEXTS.truth(3), worlds())
def test_what_is_said_without_some_facts_holds_however_they_turn_out(text, world):
    whole, others, part = world
    expression = read(text, VOCABULARY)
    said = expression.value(part)
    for one in (whole, *others):
        known = expression.value(one)
        assert not isinstance(known, Unknown)
        if not isinstance(said, Unknown):
            assert known == said


@settings(max_examples=60)
@given(TEXTS.whole(3), worlds())
def test_amounts_too_hold_however_unknown_facts_turn_out(text, world):
    whole, others, part = world
    expression = read(text, VOCABULARY, None)
    said = expression.value(part)
    if not isinstance(said, Unknown):
        assert [expression.value(one) for one in (whole, *others)] == [said] * 3


@settings(max_examples=60)
@given(TEXTS.truth(3), worlds())
def test_only_facts_that_are_not_known_are_asked_for(text, world):
    _, _, part = world
    expression = read(text, VOCABULARY)
    said = expression.value(part)
    if isinstance(said, Unknown):
        lacking = {path for path in PATHS if path not in part and "." not in path}
        lacking |= {f"m.{name}" for one in part.get("m", []) for name in MEMBER if name not in one}
        assert said.facts
        assert said.facts <= lacking
        assert said.facts <= expression.facts


@settings(max_examples=60)
@given(TEXTS.truth(3), worlds())
def test_the_account_comes_to_the_same_as_the_value(text, world):
    whole, others, part = world
    expression = read(text, VOCABULARY)
    for one in (whole, part, *others):
        account = expression.account(one)
        assert account.value == expression.value(one)
        assert all(used.path in expression.facts for atom in account.atoms() for used in atom.used)


UNKNOWN = Unknown(frozenset(["u"]))
FAILED = Failed("divide_by_zero")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("false && u", False), ("u && false", False), ("true && u", UNKNOWN), ("u && u", UNKNOWN),
        ("true || u", True), ("u || true", True), ("false || u", UNKNOWN), ("!u", UNKNOWN),
        ("u && 1 / 0 == 1", UNKNOWN), ("u || 1 / 0 == 1", UNKNOWN), ("false && 1 / 0 == 1", False),
        ("1 / 0 == 1 || true", True), ("1 / 0 == 1 && true", FAILED), ("u ? 1 == 1 : 1 == 1", UNKNOWN),
        ("true ? true : u", True), ("false ? true : u", UNKNOWN), ("u == u", UNKNOWN), ("u == (1 / 0 == 1)", FAILED),
        ("[u, true] == [true, true]", UNKNOWN), ("true in [u, true]", UNKNOWN),
        ("[true, false].exists(e, e || u)", True), ("[false].exists(e, e || u)", UNKNOWN),
        ("[true, false].all(e, e && u)", False), ("[true].all(e, e && u)", UNKNOWN),
        ("[true, false].exists_one(e, u)", UNKNOWN), ("size([true].filter(e, u)) == 1", UNKNOWN),
        ("size([true].map(e, u)) == 1", UNKNOWN), ("[1, 0].exists(e, 1 / e == 1)", True),
        ("[0, 1].all(e, 1 / e == 2)", False), ("[0].exists(e, 1 / e == 1 || u)", UNKNOWN),
        ("[0].exists_one(e, 1 / e == 1 && u)", UNKNOWN), ("[0].filter(e, 1 / e == 1 || false).size() == 0 && u", UNKNOWN),
    ],
)  # fmt: skip
def test_unknown_and_failing_parts_follow_the_standard(text, value):
    assert read(text, inferred({"u": True})).value({}) == value


def test_every_unknown_fact_is_asked_for_at_once():
    expression = read("a && b || c", inferred({"a": True, "b": True, "c": True}))
    assert expression.value({"c": None}) == Unknown(frozenset("abc"))
    assert expression.value({"a": False}) == Unknown(frozenset("c"))


def test_a_missing_record_is_a_record_of_unknown_facts():
    words = inferred({"person": {"age": 3}, "household": {"members": [{"age": 3}]}})
    assert read("person.age > 3", words).value({}) == Unknown(frozenset(["person.age"]))
    assert read("household.members.exists(m, m.age > 3)", words).value({"household": {}}) == Unknown(
        frozenset(["household.members"])
    )
    assert read("has(person.age)", words).value({}) is False
    assert read("has(person.age)", words).value({"person": {"age": 0}}) is True


@pytest.mark.parametrize(
    ("sample", "given", "value"),
    [
        (1, True, Failed("wrong_type")), (1, "1", Failed("wrong_type")), (1, 2**63, Failed("overflow")),
        (1, 1.5, Failed("wrong_type")), (True, 1, Failed("wrong_type")), ("a", 1, Failed("wrong_type")),
        (Decimal(1), 2, Decimal(2)), (Decimal(1), 0.1, Decimal("0.1")), (Decimal(1), Decimal("0.0000005"), Decimal("0.000001")),
        (Decimal(1), "2", Failed("wrong_type")), (Decimal(1), Decimal("nan"), Failed("overflow")),
        (date(2015, 1, 1), date(2015, 9, 1), datetime(2015, 9, 1, tzinfo=UTC)),
        (date(2015, 1, 1), datetime(2015, 9, 1, 8), datetime(2015, 9, 1, 8, tzinfo=UTC)),
        (date(2015, 1, 1), "2015-09-01", datetime(2015, 9, 1, tzinfo=UTC)), (date(2015, 1, 1), "soon", Failed("wrong_type")),
        (timedelta(1), timedelta(2), timedelta(2)), (timedelta(1), "36h", timedelta(hours=36)),
        ([1], [1, 2], [1, 2]), ([1], (1, 2), [1, 2]), ([1], [1, None], Unknown(frozenset(["f"]))), ([1], ["a"], Failed("wrong_type")),
    ],
)  # fmt: skip
def test_facts_are_taken_as_their_type_says_or_fail(sample, given, value):
    found = read("f", inferred({"f": sample}), None).value({"f": given})
    assert (type(found), found) == (type(value), value)
