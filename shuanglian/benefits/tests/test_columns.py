"""Columns and the decision of one must say the same, else somebody is left out silently (BEN-8)."""

from datetime import date

import pytest

from shuanglian.benefits import catalogue, findings
from shuanglian.benefits.actions import rounds
from shuanglian.benefits.columns import granted_or_open
from shuanglian.benefits.models import Decision, Due, Round
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import raw
from shuanglian.registry.actions import statements
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, PersonFactory, relation
from shuanglian.rules.facts.build import build
from shuanglian.rules.sittings import Sitting

pytestmark = pytest.mark.django_db
ON = date(2015, 10, 1)


@pytest.fixture
def village(place):
    """Families of many kinds: pupils of every stage, the ill, the disabled, the old, unknowns, statements."""
    homes = [
        HouseholdFactory(kind=kind, relocation=asked) for kind in ("01", "04", "06") for asked in (True, False, None)
    ]
    for number, household in enumerate(homes):
        head = PersonFactory(household=household, health=[["01"], ["02"], ["03", "04"], []][number % 4],
                             labour=["01", "03", "05", ""][number % 4], education="02",
                             medical_insurance=[True, False, None][number % 3],
                             dibao=[True, False, None][number % 3])  # fmt: skip
        for schooling in ("02", "03", "05", "08", "11", "14", "19", "")[number % 3 :: 2]:
            PersonFactory(household=household, relation=relation("之子"), born_on=date(2003, 1, 1), schooling=schooling)
        HouseholdYearFactory(household=household, house_unsafe=[True, False, None][number % 3],
                             water_safe=[None, True, False][number % 3])  # fmt: skip
        if number % 2:
            statements.state(about=head, fact="dibao_class", value=number % 3, on=date(2015, 1, 1), source="visit",
                             by=None, at=clock.now())  # fmt: skip
            statements.state(about=household, fact="loan_wanted_yuan", value=30000, on=date(2015, 1, 1),
                             source="visit", by=None, at=clock.now())  # fmt: skip
    return place.village


def test_BEN_8_columns_find_exactly_those_whom_a_decision_grants_or_leaves_open(village):
    benefits = catalogue.benefits()
    columns = raw.of_area(village, ON)
    families = build(columns, ON, active())
    one_by_one = {
        found.key
        for found in findings.of_families(families, findings.Sources(columns), Sitting(ON), benefits)
        if found.decision.state in ("granted", "ask", "failed")
    }
    assert granted_or_open(families, benefits, ON) == one_by_one
    assert len({code for _, _, code in one_by_one}) > 15


def test_a_round_finds_what_asking_every_family_alone_finds(village, clerk):
    made = rounds.start(area=village, on=ON, by=clerk, at=clock.now())
    assert jobs.run_now(made.job).state == "done"
    made.refresh_from_db()
    assert made.state == Round.State.DONE and made.figures["total"]["new"] == Due.objects.count() > 0
    before = set(Due.objects.values_list("household", "person", "benefit", "state", "yuan"))
    for household in HouseholdFactory._meta.model.objects.all():
        rounds.decide_household(household=household, on=ON, by=None, at=clock.now())
    assert set(Due.objects.values_list("household", "person", "benefit", "state", "yuan")) == before
    assert Decision.objects.count() == len(before)


def test_a_second_round_writes_only_what_changed(village, clerk):
    for _ in range(2):
        made = rounds.start(area=village, on=ON, by=clerk, at=clock.now())
        jobs.run_now(made.job)
    made.refresh_from_db()
    assert (made.figures["total"]["new"], made.figures["total"]["changed"]) == (0, 0)


def test_BEN_8_the_law_of_the_day_decides_and_the_old_decision_stays(place, clerk):
    household = HouseholdFactory(with_people=1)
    person = household.people.get()
    person.serious_insurance = True
    person.save()
    statements.state(about=person, fact="medical_self_paid", value=4000, on=date(2015, 6, 1), source="document",
                     by=None, at=clock.now())  # fmt: skip
    for day in (date(2015, 12, 31), date(2016, 1, 1)):
        rounds.decide_household(household=household, on=day, by=None, at=clock.now())
    dues = Due.objects.filter(person=person, benefit="serious_illness")
    assert [(one.period, one.entitled) for one in dues] == [(2016, True)]


def test_one_round_at_a_time_and_none_of_tomorrow(place, clerk):
    rounds.start(area=place.village, on=ON, by=clerk, at=clock.now())
    with pytest.raises(Refusal, match="正在核查"):
        rounds.start(area=place.village, on=ON, by=clerk, at=clock.now())
    with pytest.raises(Refusal, match="政策测算"):
        rounds.start(area=place.county, on=date(2099, 1, 1), by=clerk, at=clock.now())
