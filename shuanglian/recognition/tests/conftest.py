"""What tests of recognition share: a piece of Gansu, a village committee, a township office, a county office."""

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.trail.tests.emptying import let_tests_empty_the_trail

let_tests_empty_the_trail()


@pytest.fixture
def place(db):
    return gansu()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def committee(place):
    return UserFactory(username="committee", full_name="村文书", role="village_committee", area=place.village)


@pytest.fixture
def township(place):
    return UserFactory(username="township", full_name="乡文书", role="programme_office", area=place.village.parent)


@pytest.fixture
def clerk(place):
    return UserFactory(username="clerk", full_name="王文书", role="programme_office", area=place.county)
