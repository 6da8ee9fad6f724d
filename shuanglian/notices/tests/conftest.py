"""What tests of notices share: a piece of Gansu, its people, a first notice with three rows."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.notices.actions import notices, objections
from shuanglian.trail.tests.emptying import let_tests_empty_the_trail

let_tests_empty_the_trail()

POSTED = datetime(2015, 3, 2, 1, tzinfo=UTC)  # nine in the morning in the county
ROWS = [
    {"key": "11", "name": "李大山", "group": "一组", "people": 4, "reason": "因病", "measure": "养羊、低保"},
    {"key": "12", "name": "王小河", "group": "二组", "people": 2, "reason": {"zh": "缺劳力", "en": "no labour"}},
    {"key": "13", "name": "欧阳秀英", "group": "二组", "people": 5, "reason": "因学", "measure": "助学金"},
]


@pytest.fixture
def place(db):
    return gansu()


@pytest.fixture
def clerk(place):
    return UserFactory(username="clerk", full_name="王文书", role="programme_office", area=place.county)


@pytest.fixture
def township(place):
    return UserFactory(username="township", role="programme_office", area=place.township)


@pytest.fixture
def committee(place):
    return UserFactory(username="committee", role="village_committee", area=place.villages[1])


@pytest.fixture
def neighbour(place):
    return UserFactory(username="neighbour", role="programme_office", area=place.neighbour)


def post(village, *, by=None, at=POSTED, **changes):
    """A first notice in a village, posted on 2 March 2015."""
    given = {
        "kind": "first_notice", "area": village, "title": {"zh": "贫困户名单公示", "en": "Poor households"},
        "rows": ROWS, "days": 7, "opens_on": date(2015, 3, 2), "about": "procedures.caselist:1", "by": by, "at": at,
    }  # fmt: skip
    return notices.publish(**(given | changes))


def object_to(notice, *, at, **changes):
    """An anonymous objection; (it, its number)."""
    given = {"text": "他家有小车，不该评上", "form_key": uuid4()}
    return objections.make(notice=notice, at=at, **(given | changes))


@pytest.fixture
def notice(place, committee):
    return post(place.villages[1], by=committee)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Files of a test stay with the test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def up(place, committee):
    """A notice that is up today, for pages: they read the clock themselves."""
    from shuanglian.core.clock import now, today

    return post(place.villages[1], by=committee, at=now(), opens_on=today())


def fields(page):
    """The hidden key that an objection's form came with."""
    return {"form_key": str(page.context["form"]["form_key"].value()), "text": "他家在城里有房，不该评上", "row": ""}
