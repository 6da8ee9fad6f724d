"""What tests of the register share: a piece of Gansu, a county clerk, a neighbour, a village committee."""

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.registry import leads


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
    """A village committee: sees its village, changes nothing, sees no full numbers."""
    return UserFactory(username="committee", role="village_committee", area=place.village)


@pytest.fixture(autouse=True)
def own_doors(monkeypatch):
    """The room on its own floor: no room above leads its doors elsewhere."""
    monkeypatch.setattr(leads, "_leads", [])
