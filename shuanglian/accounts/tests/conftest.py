"""What tests of log-ins share: a county, an account in it, and an empty memory of failed tries."""

import pytest
from django.core.cache import cache

from shuanglian.areas.tests.factories import gansu

from .factories import UserFactory


@pytest.fixture(autouse=True)
def forget_tries():
    cache.clear()


@pytest.fixture
def tree(db):
    return gansu()


@pytest.fixture
def clerk(tree):
    return UserFactory(username="clerk", role="programme_office", area=tree.county)


@pytest.fixture
def keeper(tree):
    """The county's administrator."""
    return UserFactory(username="keeper", role="administrator", area=tree.county)
