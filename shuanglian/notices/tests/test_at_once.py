"""Several at once: one form sent twice in parallel, many objections, an answer against an answer."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.core.tests.together import together
from shuanglian.notices import queries
from shuanglian.notices.actions import knocks, objections
from shuanglian.notices.models import Knock, Objection

from .conftest import POSTED, object_to, post


@pytest.mark.django_db(transaction=True)
def test_one_form_in_parallel_is_one_objection_and_one_number():
    notice, key = post(gansu().village), uuid4()
    told = together(*[lambda: object_to(notice, at=POSTED, form_key=key, text="他家有车，不该评")[1]] * 4)
    assert len(told) == 4 and len(set(told)) == 1
    assert Objection.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_objections_and_answers_in_parallel_leave_the_clock_right():
    place = gansu()
    notice, clerk = post(place.village), UserFactory(area=place.county)
    first, _number = object_to(notice, at=POSTED)

    def answer(text):
        return objections.answer(objection=first, outcome="unfounded", text=text, by=clerk,
                                 at=POSTED + timedelta(hours=1)).state  # fmt: skip

    told = together(lambda: answer("已核实，不属实"), lambda: answer("再答一次试试"),
                   lambda: object_to(notice, at=POSTED + timedelta(hours=1))[0].state)  # fmt: skip
    assert sorted(told) == ["already_answered", "answered", "open"]
    notice.refresh_from_db()
    assert notice.closes_on is None and queries.ends_on(notice) is None


@pytest.mark.django_db(transaction=True)
def test_knocks_in_parallel_are_all_counted():
    told = together(*[lambda: knocks.knock(what="miss", address="203.0.113.9", at=POSTED)] * 6)
    assert sorted(told) == [1, 2, 3, 4, 5, 6] and Knock.objects.get().count == 6
