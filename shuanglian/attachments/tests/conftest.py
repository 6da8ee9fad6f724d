import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu


@pytest.fixture
def place(db):
    return gansu()


@pytest.fixture
def clerk(place):
    return UserFactory(username="clerk", full_name="王文书", role="programme_office", area=place.county)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Files of a test stay with the test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
