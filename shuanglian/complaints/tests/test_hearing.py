"""A safe word in what a cadre writes down at a visit: a letter, and no ask, not for a second (VOICE-6, VOICE-1)."""

from uuid import uuid4

import pytest

from shuanglian.complaints.models import Complaint
from shuanglian.fieldwork.actions import asks
from shuanglian.fieldwork.hooks import Diverted
from shuanglian.fieldwork.models import Ask, Visit
from shuanglian.fieldwork.tests.factories import AT, ON, Land, land, visit
from shuanglian.trail.models import Entry
from shuanglian.trail.tests.emptying import let_tests_empty_the_trail

let_tests_empty_the_trail()
pytestmark = pytest.mark.django_db
SAFE, PLAIN = "村支书吃拿卡要，低保要先送礼", "想修一段田间路"


@pytest.fixture
def place() -> Land:
    return land(households=3)


def test_VOICE_6_an_ask_with_a_safe_word_is_a_letter_and_leaves_no_ask_and_no_line(place: Land) -> None:
    key, lines = uuid4(), Entry.objects.count()
    given = {"text": SAFE, "category": "other", "key": key, "by": place.cadre, "at": AT, "on": ON,
             "household": place.homes[0]}  # fmt: skip
    first, again = asks.raise_(**given), asks.raise_(**given)
    assert isinstance(first, Diverted) and first == again
    assert (Complaint.objects.count(), Ask.objects.count(), Entry.objects.count()) == (1, 0, lines)


def test_VOICE_6_of_a_visits_asks_only_the_safe_one_goes_and_the_visit_sent_again_changes_nothing(place: Land) -> None:
    key, told = uuid4(), [{"text": text, "category": "other", "urgent": False} for text in (SAFE, PLAIN)]
    for _sent in range(2):
        visit(place.homes[0], place.cadre, asks=told, key=key)
    assert [one.text for one in Ask.objects.all()] == [PLAIN]
    assert (Complaint.objects.count(), Visit.objects.count()) == (1, 1)


def test_a_plain_ask_stays_an_ask(place: Land) -> None:
    made = asks.raise_(text=PLAIN, category="road", key=uuid4(), by=place.cadre, at=AT, on=ON, household=place.homes[0])
    assert isinstance(made, Ask) and not Complaint.objects.exists()
