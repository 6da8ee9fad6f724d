"""Exit standards: what lets a household out, what keeps it, what must be asked (IDX-2, IDX-3, BEN-7, REG-3)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.exit_finding import outcomes
from shuanglian.rules.exits import NOT_READY, READY, UNDECIDED, look, state_of
from shuanglian.rules.facts.build import STATEMENTS, Raw, build
from shuanglian.rules.profile import ProfileErrors, load

from .test_benefit_finding import made_up
from .test_facts import HOUSEHOLDS, PEOPLE, YEARS, rows

ON = date(2015, 12, 31)
YEAR = {"number": 2015, "poverty_line": Decimal(2855), "line_concept": "net"}
FIT = {
    "income_for_line": Decimal(3700), "food_secure": True, "clothing_secure": True, "house_unsafe": False,
    "water_safe": True, "members": [{"age": 40, "medical_insurance": True}],
}  # fmt: skip


def account(on, profile, **year):
    """The facts of a household with one yearly account."""
    home = rows(HOUSEHOLDS, {"id": 1, "village": "621121100200", "since": date(2014, 1, 1)})
    villages = pl.DataFrame({"id": ["621121100200"], "tags": [["liupan"]]})
    told = build(
        Raw(rows(PEOPLE), home, rows(YEARS, {"household": 1, **year}), villages, rows(STATEMENTS)), on, profile
    )
    return told.households.row(0, named=True)


def household(profile, on=ON, code="household", **changed):
    standard = profile.on(on).exits.standards[code]
    return look([standard], {"household": {**FIT, **changed}, "village": {}, "year": YEAR}, on)


def test_IDX_2_income_must_be_above_the_line_of_the_year(profile):
    assert household(profile).state == READY
    assert household(profile, income_for_line=Decimal(2855)).in_the_way == ("household__income",)


@pytest.mark.parametrize("fact", ["income_for_line", "food_secure", "clothing_secure", "house_unsafe", "water_safe"])
def test_BEN_7_what_is_not_known_never_lets_out_and_is_asked_by_name(profile, fact):
    told = household(profile, **{fact: None})
    assert (told.state, told.asks) == (UNDECIDED, {f"household.{fact}"})
    assert household(profile, **{fact: None}, **({"water_safe": False} if fact != "water_safe" else
                                                 {"house_unsafe": True})).state == NOT_READY  # fmt: skip


def test_the_standard_of_the_day_decides(profile):
    assert len(household(profile, on=date(2018, 7, 31)).weighed) == 7
    told = household(profile, on=date(2018, 8, 1))
    assert (len(told.weighed), told.asks) == (6, {"household.income_stable"})


def test_a_condition_of_the_second_set_that_holds_is_in_the_way(profile):
    told = household(profile, code="cannot_exit", measures_done=0, since=datetime(2014, 6, 1), exit_mark="0")
    assert "cannot_exit__no_measure" in told.in_the_way and "cannot_exit__same_year" not in told.in_the_way
    told = household(profile, code="cannot_exit", since=datetime(2015, 6, 1))
    assert "cannot_exit__same_year" in told.in_the_way


@given(st.lists(st.sampled_from([True, False, None])))
def test_ready_only_when_every_condition_is_known_to_let_out(fine):
    state = state_of(fine)
    assert (state == READY) == (bool(fine) and all(one is True for one in fine))
    assert (state == NOT_READY) == (False in fine)


@pytest.mark.parametrize("on", [date(2015, 6, 30), ON, date(2018, 12, 31)])
def test_everyone_at_once_is_everyone_one_by_one(profile, on):
    families = made_up(Random(on.toordinal()), profile, 120)
    families = type(families)(families.people, families.households, families.villages, YEAR, on, families.conflicts)
    sets = profile.on(on).exits.of("household")
    rows = {row["household"]: row for row in outcomes(sets, families).iter_rows(named=True)}
    assert len(rows) == 120
    states = set()
    for key, _members, facts in families.each():
        told, row = look(sets, facts, on), rows[key]
        assert (row["state"], tuple(row["in_the_way"]), tuple(row["open"])) == (told.state, told.in_the_way, told.open)
        assert told.asks <= set(row["asks"]), (told.asks, row["asks"])
        states.add(row["state"])
    assert NOT_READY in states


def test_nobody_is_no_row(profile):
    families = made_up(Random(1), profile, 0)
    assert outcomes(profile.on(ON).exits.of("household"), families).is_empty()


@pytest.mark.parametrize(("year", "income"), [(2015, Decimal("3000.00")), (2014, None)])
def test_the_account_of_another_year_does_not_tell_this_years_income(profile, year, income):
    assert account(ON, profile, year=year, income_per_head=Decimal(3000))["income_for_line"] == income


def test_IDX_2_net_income_is_not_held_against_a_line_of_disposable_income(profile):
    told = account(date(2016, 12, 31), profile, year=2016, income_per_head=Decimal(9000))
    assert (told["income_for_line"], told["income_per_head"]) == (None, Decimal(9000))


def test_IDX_3_the_plan_of_three_years_stands_in_the_profile(profile):
    plan = profile.on(ON).exits.targets
    assert [(one.year, one.villages, one.people, len(one.townships)) for one in plan.values()] == [
        (2015, 45, 20000, 0), (2016, 40, 30100, 6), (2017, 30, 40000, 8),
    ]  # fmt: skip


def test_a_text_that_names_no_fact_and_a_case_that_differs_are_told_with_their_lines(tmp_path):
    (tmp_path / "profile.toml").write_text(
        'title = { zh = "甲", en = "a" }\nprogramme = { zh = "甲", en = "a" }\nyear = 2016\narea_code = "621121"\n'
        'base = "tongwei_2015"\nlanguage = "zh"\nlanguages = ["zh", "en"]\n', encoding="utf-8"
    )  # fmt: skip
    (tmp_path / "exits.toml").write_text(
        '[[standards]]\ncode = "county_own"\nlabel = { zh = "县里的", en = "own" }\nlevel = "household"\n'
        'kind = "standard"\ncites = ["REG-3"]\ndocument = "default"\nsince = 2015-01-01\nall_of = [\n'
        '  { code = "a", when = "household.water_saf", says = { zh = "水", en = "water" }, evidence = { zh = "查", en = "v" } },\n]\n',
        encoding="utf-8",
    )
    with pytest.raises(ProfileErrors) as errors:
        load(tmp_path)
    assert "water_safe" in str(errors.value) and "exits.toml:10" in str(errors.value)
