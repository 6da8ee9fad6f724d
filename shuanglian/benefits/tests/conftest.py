"""What tests of benefits share: a piece of Gansu, a county clerk, a neighbour, a village committee."""

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.registry.tests.factories import HouseholdFactory, PersonFactory
from shuanglian.trail.tests.emptying import let_tests_empty_the_trail

let_tests_empty_the_trail()


@pytest.fixture(autouse=True)
def numbers_from_the_start():
    """Made-up numbers begin anew: what a slip or a damage makes of one must not hang on which tests ran before."""
    for factory in (HouseholdFactory, PersonFactory):
        factory.reset_sequence(0)


@pytest.fixture
def place(db):
    return gansu()


@pytest.fixture
def clerk(place):
    return UserFactory(username="clerk", full_name="王文书", role="programme_office", area=place.county)


@pytest.fixture
def neighbour(place):
    return UserFactory(username="neighbour", role="programme_office", area=place.neighbour)


@pytest.fixture
def committee(place):
    return UserFactory(username="committee", role="village_committee", area=place.village)
