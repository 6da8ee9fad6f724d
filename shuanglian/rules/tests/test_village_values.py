"""An indicator of a village worked out from sums: the first way that can be gone, or what is missing (PLAN-2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shuanglian.rules.profile import built_in, load
from shuanglian.rules.village_shapes import Quotient, VillageIndicator
from shuanglian.rules.village_values import lacking, worked_out

HEAD = {
    "code": "x", "cites": ("PLAN-2",), "document": "default", "since": "2015-01-01", "label": {"zh": "甲", "en": "A"},
    "group_label": {"zh": "乙", "en": "B"}, "unit": {"zh": "%", "en": "%"}, "order": 1, "better": "more", "target": 90,
}  # fmt: skip
SAYS = {"zh": "来处", "en": "source"}
FORM = {"of": "village", "mean": [{"part": "village.medical_insured", "whole": "village.people"},
                                  {"part": "village.pension_insured", "whole": "village.people"}],
        "times": 100, "says": SAYS}  # fmt: skip
FILES = {"of": "register", "mean": [{"part": "register.medical_insured", "whole": "register.medical_known"}], "times": 100,
         "known": [{"part": "register.medical_known", "whole": "register.people"}], "least": "0.8", "says": SAYS}  # fmt: skip
BOTH = VillageIndicator.model_validate({**HEAD, "since": load("tongwei_2015").villages.indicators["income"].since,
                                        "ways": [FORM, FILES]})  # fmt: skip


def sums(**told):
    return {name.replace("__", "."): Decimal(value) for name, value in told.items()}


PEOPLE = sums(village__people=1000, village__medical_insured=950, village__pension_insured=650)
REGISTER = sums(register__people=100, register__medical_known=80, register__medical_insured=72)


def test_PLAN_2_the_first_way_that_can_be_gone_tells_the_value():
    assert worked_out(BOTH, {**PEOPLE, **REGISTER}).value == 80
    found = worked_out(BOTH, REGISTER)
    assert (found.value, found.way.of, found.known, found.whole) == (90, "register", 80, 100)
    assert lacking(BOTH, {**PEOPLE, **REGISTER}) == ()


def test_what_is_missing_is_named_and_too_few_are_none():
    few = {**REGISTER, "register.medical_known": Decimal(79)}
    assert worked_out(BOTH, few) is None
    form, files = lacking(BOTH, few)
    assert form.missing == ("village.medical_insured", "village.people", "village.pension_insured")
    assert (files.missing, files.known, files.whole) == ((), 79, 100)


def test_nothing_is_divided_by_nobody():
    assert worked_out(BOTH, {**PEOPLE, "village.people": Decimal(0)}) is None
    assert worked_out(BOTH, {}) is None


@given(st.integers(1, 5000), st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 200), st.integers(0, 200))
def test_a_share_lies_between_its_parts_and_a_value_is_told_or_a_gap(people, medical, pension, whole, known):
    told = sums(village__people=people, village__medical_insured=medical, village__pension_insured=pension)
    found = worked_out(BOTH, told)
    low, high = sorted((Decimal(medical) / people * 100, Decimal(pension) / people * 100))
    assert low - Decimal("0.01") <= found.value <= high + Decimal("0.01")
    register = sums(register__people=whole, register__medical_known=known, register__medical_insured=known)
    assert (worked_out(BOTH, register) is None) == (known == 0 or known * 10 < whole * 8)
    assert len(lacking(BOTH, register)) == (2 if worked_out(BOTH, register) is None else 1)


@pytest.mark.parametrize("name", ["register.luck", "village", "village_99.people", "nobody.people"])
def test_a_sum_that_nobody_keeps_is_refused(name):
    with pytest.raises(ValidationError, match="no_such_sum"):
        Quotient(part=name)


@pytest.mark.parametrize("name", built_in())
def test_each_indicator_of_a_profile_is_worked_out_or_says_why_it_cannot_be(name):
    for one in load(name).villages.indicators.values():
        assert bool(one.ways) != (one.why is not None), one.code
