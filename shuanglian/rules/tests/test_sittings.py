"""In one sitting as one by one: what is kept and given again is exactly what would be worked out anew (BEN-8)."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules import sittings
from shuanglian.rules.benefits import decide
from shuanglian.rules.cel.language import read
from shuanglian.rules.cel.reads import key_of
from shuanglian.rules.conditions import reason_of
from shuanglian.rules.facts.catalogue import vocabulary
from shuanglian.rules.sittings import Sitting

from .column_families import GIVEN, WORDS, by_hand, families, written
from .test_benefit_finding import ON, made_up

# Values that Python takes for equal or that are of another kind than the fact's type says
ALIKE = [None, True, 1, 1.0, Decimal(1), Decimal("1.00"), False, 0, "1", "inside", "college", ["01"], ("01",), [], ["01", None],
         date(2015, 9, 1), datetime(2015, 9, 1)]  # fmt: skip


def same(left, right):
    """Alike in every way: also what is kept of both."""
    assert left == right
    assert json.dumps(left.to_json()) == json.dumps(right.to_json())


@pytest.mark.parametrize("seed", range(3))
def test_BEN_8_every_provision_decides_in_a_sitting_as_by_itself(profile, seed):
    benefits, sitting = list(profile.benefits.values()), Sitting(ON)
    for _, members, around in made_up(Random(seed), profile, 40).each():
        for benefit in benefits:
            for own in members.values() if benefit.subject == "person" else [None]:
                facts = around if own is None else {**around, "person": own}
                same(sitting.decide(benefit, facts), decide(benefit, facts, ON))


@given(st.randoms(use_true_random=False))
def test_BEN_8_values_that_only_look_alike_are_told_apart(profile, random):
    words = vocabulary().words
    spoken = sorted({path for one in profile.benefits.values() if (terms := one.in_force(ON))
                     for text in terms.conditions for path in text.expression.facts})  # fmt: skip
    sitting = Sitting(ON)
    for _ in range(4):
        facts = {record: {path.partition(".")[2]: random.choice(ALIKE) for path in spoken if path.startswith(f"{record}.")}
                 for record in words}  # fmt: skip
        facts["household"]["members"] = [facts["person"]]
        for benefit in profile.benefits.values():
            same(sitting.decide(benefit, facts), decide(benefit, facts, ON))


@pytest.mark.parametrize("seed", range(4))
def test_a_text_comes_out_alike_whenever_its_key_is_alike(seed):
    random = Random(seed)
    texts = by_hand(person=True) + written(random, 40, person=True)
    kept, found = {}, 0
    for _, person, facts in families(random, 12).each():
        if person is None:
            continue
        for number, text in enumerate(texts):
            if text.reads is None:
                continue
            reason = json.dumps(reason_of(text.account({**facts, "given": GIVEN})).to_json())
            before = kept.setdefault((number, key_of(text.reads)(facts)), reason)
            assert before == reason, text.text
            found += before is not reason
    assert found > 100  # texts did meet the same facts again


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("household.registered && person.age > 3", [("household", "registered", bool), ("person", "age", int)]),
        ("household.area > given.grant && day > date('2015-01-01')", [("household", "area", None)]),
        ("household.causes.exists(person, person == 'ill')", [("household", "causes", None)]),
        ("household.members.exists(m, m.age > 3)", None),
        ("size(household.members) > 2", None),
        ("has(household.members)", None),
    ],
)
def test_a_text_hangs_on_the_facts_it_speaks_of(text, reads):
    expression = read(text, WORDS)
    assert expression.reads == (None if reads is None else tuple(reads))


def test_a_sitting_keeps_no_more_answers_than_it_may(profile, monkeypatch):
    monkeypatch.setattr(sittings, "MOST", 5)
    benefit, sitting = profile.benefits["dibao_class_1"], Sitting(ON)
    for grade in [*range(20), *range(20)]:
        facts = {
            "person": {"dibao": True, "dibao_class": grade},
            "household": {"members": []},
            "village": {},
            "year": {},
        }
        same(sitting.decide(benefit, facts), decide(benefit, facts, ON))
    assert len(sitting._desks[benefit][1]) <= 5


def test_BEN_8_a_scenario_in_the_same_sitting_is_another_provision(profile):
    real, sitting = profile.benefits["elderly_day_care"], Sitting(ON)
    other = real.with_given({"from_age": 90})
    facts = {
        "person": {"age": 70},
        "household": {},
        "village": {"poor_village": True, "day_care_room": True},
        "year": {},
    }
    assert [sitting.decide(one, facts).granted for one in (real, other, real)] == [True, False, True]
