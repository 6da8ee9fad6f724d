"""Provisions written on the page: four eyes, versions that stay, in force for their area alone (BEN-8)."""

import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.benefits import catalogue
from shuanglian.benefits.actions import provisions as verbs
from shuanglian.benefits.actions import rounds
from shuanglian.benefits.models import Due, Provision
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry.tests.factories import HouseholdFactory, PersonFactory, relation
from shuanglian.rules.benefit_text import read_text, table_of, to_toml
from shuanglian.rules.profile import load

pytestmark = pytest.mark.django_db
AT = datetime(2015, 10, 2, 8, 0, tzinfo=UTC)
PROFILE = load("tongwei_2015")


@pytest.fixture
def second(place):
    return UserFactory(username="second", role="programme_office", area=place.county)


def bonus(**changes):
    """A county's own: 600 yuan a year for everybody of seventy and more."""
    return {
        "title": {"zh": "高龄补贴", "en": "Allowance for the very old"}, "kind": "allowance", "subject": "person",
        "department": "civil_affairs", "channel": "transfer", "pays": "money", "every": "year", "fund": "local",
        "apply_at": {"zh": "村委会", "en": "the village committee"}, "plain": {"zh": "七十岁以上每年600元。", "en": "600 yuan a year from seventy."},
        "terms": [{
            "since": date(2015, 1, 1), "cites": ["BEN-8"], "document": "default", "state": "complete",
            "given": {"sum": {"is": "600", "label": {"zh": "补贴", "en": "allowance"}}}, "yuan": "given.sum",
            "all_of": [{"when": "person.age >= 70", "says": {"zh": "年满七十", "en": "is seventy"}}],
        }],
        "cases": [{"on": date(2015, 6, 1), "person": {"age": 71}, "granted": True, "yuan": "600"}], **changes,
    }  # fmt: skip


def in_force(place, clerk, second, *, code="bonus", table=None, area=None, replaces=False):
    made = verbs.draft(code=code, area=area or place.county, table=table or bonus(), by=clerk, at=AT, replaces=replaces)
    made = verbs.propose(provision=made, why="县政府常务会议决定", by=clerk, at=AT)
    return verbs.confirm(provision=made, seen=verbs.version(made), by=second, at=AT)


def code_of(call):
    with pytest.raises(Refusal) as told:
        call()
    return told.value.code


def test_the_proposer_cannot_confirm_what_he_proposed(place, clerk, second):
    made = verbs.propose(
        provision=verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT),
        why="试",
        by=clerk,
        at=AT,
    )
    assert code_of(lambda: verbs.confirm(provision=made, seen=verbs.version(made), by=clerk, at=AT)) == "four_eyes"
    assert code_of(lambda: verbs.confirm(provision=made, seen=verbs.version(made), by=None, at=AT)) == "four_eyes"
    assert verbs.confirm(provision=made, seen=verbs.version(made), by=second, at=AT).state == "in_force"


def test_what_was_seen_is_what_is_confirmed(place, clerk, second):
    made = verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)
    seen = verbs.version(made)
    verbs.write(provision=made, text=made.text.replace("600", "900"), by=clerk, at=AT)
    made = verbs.propose(provision=made, why="试", by=clerk, at=AT)
    assert code_of(lambda: verbs.confirm(provision=made, seen=seen, by=second, at=AT)) == "changed_meanwhile"


def test_a_text_with_faults_or_a_case_that_fails_is_not_proposed(place, clerk):
    wrong = bonus(cases=[{"on": date(2015, 6, 1), "person": {"age": 71}, "granted": True, "yuan": "601"}])
    made = verbs.draft(code="bonus", area=place.county, table=wrong, by=clerk, at=AT)
    assert code_of(lambda: verbs.propose(provision=made, why="试", by=clerk, at=AT)) == "faulty_provision"
    verbs.write(provision=made, text="title = ", by=clerk, at=AT)
    assert code_of(lambda: verbs.propose(provision=made, why="试", by=clerk, at=AT)) == "faulty_provision"
    assert catalogue.benefits(place.county.code).keys() == PROFILE.benefits.keys()


def test_in_force_it_is_found_in_its_area_and_nowhere_else(place, clerk, second):
    in_force(place, clerk, second)
    for area in (place.county, place.township, place.village):
        assert catalogue.benefits(area.code)["bonus"].title.zh == "高龄补贴"
    for area in (place.neighbour, place.city, place.province):
        assert "bonus" not in catalogue.benefits(area.code)


def test_BEN_8_a_family_is_decided_by_the_countys_own_provision(place, clerk, second):
    in_force(place, clerk, second)
    old = PersonFactory(household=HouseholdFactory(), born_on=date(1940, 1, 1), relation=relation("户主"))
    far = PersonFactory(
        household=HouseholdFactory(village=place.neighbour_village), born_on=date(1940, 1, 1), relation=relation("户主")
    )
    for person in (old, far):
        rounds.decide_household(household=person.household, on=date(2015, 10, 1), by=clerk, at=AT)
    due = Due.objects.get(benefit="bonus")
    assert (due.person, due.yuan, due.state) == (old, Decimal(600), "owed")
    assert catalogue.title("bonus") == "高龄补贴"


def test_a_profiles_code_is_taken_only_by_who_says_that_he_replaces_it(place, clerk, second):
    table = table_of(PROFILE.benefits["senior_grant"])
    made = verbs.draft(code="senior_grant", area=place.county, table=table, by=clerk, at=AT)
    assert code_of(lambda: verbs.propose(provision=made, why="试", by=clerk, at=AT)) == "code_taken"


def test_a_replacement_counts_from_the_day_its_terms_begin(place, clerk, second):
    """The county raises the grant from 2016: until then the profile's terms decide."""
    table = verbs.copied_table(PROFILE.benefits["senior_grant"], date(2016, 9, 1))
    table["terms"] = table["terms"][-1:]
    table["terms"][0]["given"]["grant"]["is"] = "2000"
    table["cases"] = []
    in_force(place, clerk, second, code="senior_grant", table=table, replaces=True)
    here, there = (catalogue.benefits(area.code)["senior_grant"] for area in (place.county, place.neighbour))
    for day, amount in ((date(2015, 10, 1), 1500), (date(2016, 8, 31), 1500), (date(2016, 9, 1), 2000)):
        assert here.in_force(day).amounts["grant"] == amount
        assert there.in_force(day).amounts["grant"] == 1500
    assert here.in_force(date(2015, 10, 1)).version == there.in_force(date(2015, 10, 1)).version


def test_change_for_next_year_ends_the_old_terms_the_day_before():
    table = verbs.copied_table(PROFILE.benefits["dibao_class_2"], date(2016, 1, 1))
    assert [(one["since"], one.get("until")) for one in table["terms"]] == [
        (date(2014, 1, 1), date(2014, 12, 31)), (date(2015, 1, 1), date(2015, 12, 31)), (date(2016, 1, 1), None),
    ]  # fmt: skip
    assert read_text("dibao_class_2", to_toml(table), PROFILE).sound


def test_a_new_version_takes_the_place_of_the_old_which_stays_readable(place, clerk, second):
    first = in_force(place, clerk, second)
    later = in_force(place, clerk, second, table=bonus(note="第二版"))
    first.refresh_from_db()
    assert (first.state, later.state) == ("withdrawn", "in_force")
    assert catalogue.benefits(place.county.code)["bonus"].note == "第二版"
    assert "第二版" not in first.text and first.confirmed_by == second
    assert first.events.filter(pgh_label__in=["insert", "insert_insert", "update", "update_update"]).count() >= 3


def test_of_one_code_only_one_draft_is_open(place, clerk, neighbour):
    verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)
    assert (
        code_of(lambda: verbs.draft(code="bonus", area=place.county, table=bonus(), by=clerk, at=AT)) == "draft_stands"
    )
    verbs.draft(code="bonus", area=place.neighbour, table=bonus(), by=neighbour, at=AT)


def test_withdrawn_the_profiles_policy_stands_again(place, clerk, second):
    table = verbs.copied_table(PROFILE.benefits["senior_grant"], None)
    table["title"]["zh"] = "县里的"
    made = in_force(place, clerk, second, code="senior_grant", table=table, replaces=True)
    assert catalogue.benefits(place.county.code)["senior_grant"].title.zh == "县里的"
    verbs.withdraw(provision=made, why="与省里规定重复", by=second, at=AT)
    assert catalogue.benefits(place.county.code)["senior_grant"] is PROFILE.benefits["senior_grant"]


@pytest.mark.parametrize("code", ["", "A", "1x", "a b", "补贴", "x" * 41, "../etc"])
def test_a_code_that_no_file_could_have_is_refused(place, clerk, code):
    assert code_of(lambda: verbs.draft(code=code, area=place.county, table=bonus(), by=clerk, at=AT)) == "bad_code"
    assert not Provision.objects.exists()


@pytest.mark.parametrize("code", sorted(PROFILE.benefits))
def test_the_text_is_exactly_a_profile_file(code):
    """Every policy of the programme written out again reads back as itself, cases run included."""
    benefit = PROFILE.benefits[code]
    table = table_of(benefit)
    text = to_toml(table)
    assert tomllib.loads(text) == table
    told = read_text(code, text, PROFILE)
    assert told.sound and told.benefit.version == benefit.version and told.benefit.shape == benefit.shape
