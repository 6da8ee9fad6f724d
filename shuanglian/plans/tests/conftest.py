"""What tests of this room share: the register's piece of Gansu, a cadre with two households, his unit, another unit."""

import pytest

from shuanglian.plans.tests.factories import Village


@pytest.fixture
def village(db):
    return Village.made()


from shuanglian.registry.tests.conftest import clerk, committee, neighbour, own_doors, place  # noqa: E402, F401
