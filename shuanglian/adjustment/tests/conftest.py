"""What tests of this room share: a piece of Gansu, the county's office, a village committee, a neighbour."""

from shuanglian.registry.tests.conftest import clerk, committee, neighbour, place  # noqa: F401
