"""The demo's villages, visits and yearly round come through the verbs, once (REG-3, IDX-3)."""

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.adjustment.actions import rounds
from shuanglian.adjustment.models import Item, Round
from shuanglian.areas.tests.factories import gansu
from shuanglian.core import clock
from shuanglian.demo import exits
from shuanglian.registry.models import VillageYear
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_the_demo_shows_a_round_with_households_that_leave_and_that_fell_back():
    place = gansu()
    office = UserFactory(role="programme_office", area=place.county)
    for _one in range(6):
        home = HouseholdFactory(village=place.village)
        PersonFactory(household=home, medical_insurance=True, health=["01"], education="02")
        HouseholdYearFactory(household=home, house_area=80)
    told = {"county": place.county, "township": place.township, "office": office, "year": 2015, "at": clock.now()}
    made = exits.show(**told)
    assert made is not None and exits.show(**told) is None
    rounds.propose(made=made, progress=lambda *told: None, at=clock.now())
    assert {kind: Item.objects.filter(kind=kind).count() for kind in ("leave", "return")} == {"leave": 3, "return": 3}
    assert VillageYear.objects.filter(area_code__startswith=place.township.prefix).exists()
    assert Round.objects.count() == 1
