"""What tests of this room share: the register's piece of Gansu, a cadre with two households, his unit, another unit."""

import pytest

from shuanglian.areas.tests.factories import gansu
from shuanglian.plans.tests.factories import Village
from shuanglian.plans.tests.villages import Town


@pytest.fixture
def village(db):
    return Village.made()


@pytest.fixture
def town(village):
    return Town.made(village, gansu())


from shuanglian.registry.tests.conftest import clerk, committee, neighbour, own_doors, place  # noqa: E402, F401
