"""Data quality (REG-7, REP-2): the cases of the profile, one family and columns agree, marks of facts, faulty checks."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.rules.facts.build import CONFLICTS, Families, build
from shuanglian.rules.profile import ProfileErrors, load
from shuanglian.rules.quality import complains, complaints, facts_digest, of_villages, reason, stands_until
from shuanglian.rules.quality_finding import find

from .quality_families import DAY, raw

PROFILE = load("tongwei_2015")
RULES = PROFILE.quality
ASKED = [one for one in RULES.values() if one.condition is not None]


def one_by_one(families):
    return {
        (complaint.rule.code, household, complaint.person)
        for household, members, facts in families.each()
        for complaint in complaints(RULES.values(), members, facts)
    }


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_REP_2_one_family_and_a_county_as_columns_complain_of_the_same(seed, households):
    families = build(raw(seed, households), DAY, PROFILE)
    found = find(RULES.values(), families)
    assert set(found.iter_rows()) == one_by_one(families)
    assert found.is_duplicated().sum() == 0


def test_the_generated_families_break_every_rule_that_can_be_asked_of_them():
    families = build(raw(2015, 1500), DAY, PROFILE)
    broken = {code for code, _, _ in one_by_one(families)}
    assert {one.code for one in ASKED if one.level != "village" and one.check.nos} - broken == set()


def test_every_number_of_the_list_of_rules_is_asked_or_set_aside_with_a_reason():
    asked = {no for check in PROFILE.roster.checks.values() for no in check.nos}
    aside = {no for one in PROFILE.roster.set_aside.values() for no in one.nos}
    assert asked | aside == set(range(1, 51)) and not asked & aside
    assert {no for code in RULES for no in RULES[code].check.nos} == asked


def test_every_condition_has_a_case_that_complains_and_one_that_does_not():
    for one in ASKED:
        told = {case.complains for case in one.check.cases}
        assert {"yes", "no"} <= told or one.code == "insurance_required", one.code


def test_what_is_not_known_does_not_complain_unless_that_is_what_is_asked():
    silent = {"person": {}, "household": {"members": []}, "village": {}, "year": {}, "day": None}
    loud = {one.code for one in ASKED if complains(one, silent)}
    assert loud == {"household_required", "relation_required", "education_required", "insurance_required", "one_head"}


def test_a_reason_names_the_facts_that_it_goes_by():
    facts = {"person": {"labour_group": "unable", "works_away": True}}
    used = {(one.path, one.value) for one in reason(RULES["unable_but_works"], facts).all_used()}
    assert used == {("person.labour_group", "unable"), ("person.works_away", True)}


def test_the_mark_of_the_facts_changes_with_them_and_not_with_a_birthday():
    rule = RULES["low_education"]
    told = {"age": 18, "born_on": date(1997, 5, 1), "education_group": "primary_or_less", "sex": "1"}
    mark = facts_digest(rule, {"person": told})
    assert facts_digest(rule, {"person": {**told, "age": 19}}) == mark
    assert facts_digest(rule, {"person": {**told, "sex": "2"}}) == mark  # no fact of this rule
    assert facts_digest(rule, {"person": {**told, "schooling": "07"}}) != mark
    assert facts_digest(rule, {"person": {**told, "born_on": date(1997, 5, 2)}}) != mark


def test_the_mark_of_a_rule_about_members_does_not_depend_on_their_order_but_on_each():
    rule = RULES["cause_ill"]
    one, other = {"ill_chronic": False, "ill_serious": False}, {"ill_chronic": True, "ill_serious": False}

    def mark(*members):
        return facts_digest(rule, {"household": {"cause_fact": "ill", "members": list(members)}})

    assert mark(one, other) == mark(other, one) != mark(one, one)
    assert mark(one) != mark(one, one)


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"households": 100, "water_unsafe_households": 101}, {"village_sums"}),
        ({"households": 100, "water_unsafe_households": 100, "unsafe_house_households": 100}, set()),
        ({"exit_village": True, "road_paved": False}, {"exit_road"}),
        ({"land_forest": 10, "poor_land_forest": 11}, {"village_land"}),
        ({"poor_village": True, "households": 0}, {"village_required"}),
        ({}, set()),
    ],
)
def test_rules_about_villages(told, wrong):
    row = pl.DataFrame([{"id": "621121100201", **told}])
    empty = pl.DataFrame({"id": []})
    families = Families(empty, empty, row, {"number": 2015}, DAY, pl.DataFrame(schema=CONFLICTS))
    assert {rule.code for _, rule, _ in of_villages(RULES.values(), families)} == wrong


def test_an_exception_stands_as_long_as_the_profile_says():
    terms = PROFILE.roster.exceptions
    assert stands_until(terms, date(2015, 3, 1)) == date(2016, 2, 29) and terms.days == 365


# --- faulty checks ------------------------------------------------------------------------------------------------------
CHECK = """
[[checks]]
code = "mine"
nos = []
level = "{level}"
severity = "warning"
label = {{ zh = "本县规则", en = "Ours" }}
cites = ["REG-7"]
document = "default"
since = 2015-01-01
{more}
"""


def faults(tmp_path, more, level="person"):
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "profile.toml").write_text('base = "tongwei_2015"\n', encoding="utf-8")
    (folder / "roster.toml").write_text(CHECK.format(level=level, more=more), encoding="utf-8")
    try:
        load(folder)
    except ProfileErrors as errors:
        return {(one.code, one.key) for one in errors.faults if one.file.name == "roster.toml"}
    return set()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ('kind = "condition"\nwhen = "person.age > 200"', None),
        ('kind = "condition"\nwhen = "person.agee > 200"', "unknown_fact"),
        ('kind = "condition"\nwhen = "person.age"', "wrong_result"),
        ('kind = "condition"', "when_and_kind"),
        ('kind = "condition"\nwhen = "person.age > 9"\nparams = { low = 3 }', "unused"),
        ('kind = "condition"\nwhen = "household.road_km > given.road_distence_high"\nlimits = ["road_distence"]', "dangling"),
        ('kind = "condition"\nwhen = "person.age > 9"\ncases = [ { person = { age = 8 }, complains = true } ]', "case_fails"),
        ('kind = "condition"\nwhen = "person.age > 9"\ncases = [ { household = {}, complains = true } ]', "case_person"),
        ('kind = "condition"\nwhen = "person.age > 9"\ncases = [ { person = { agee = 8 }, complains = true } ]', "unknown_fact"),
    ],
)  # fmt: skip
def test_a_faulty_check_is_told_with_its_place(tmp_path, more, code):
    found = {fault for fault, _ in faults(tmp_path, more)}
    assert (code in found) if code else not found


def test_a_rule_of_households_does_not_speak_of_a_person(tmp_path):
    assert faults(tmp_path, 'kind = "condition"\nwhen = "person.age > 9"', level="household")


def test_a_county_changes_a_number_of_a_rule_and_keeps_its_text(tmp_path):
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "profile.toml").write_text('base = "tongwei_2015"\n', encoding="utf-8")
    own = """
        [source]
        cites = ["REG-7"]
        document = "default"
        since = 2012-01-01
        [[checks]]
        code = "posts_many"
        params = { most = 2 }
        cases = [ { person = { public_posts = 2 }, complains = true } ]
    """
    (folder / "roster.toml").write_text(own, encoding="utf-8")
    rule = load(folder).quality["posts_many"]
    assert complains(rule, {"person": {"public_posts": 2}}) is True
    assert complains(RULES["posts_many"], {"person": {"public_posts": 2}}) is False
