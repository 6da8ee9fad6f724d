"""Several at once: one form sent twice in parallel, many objections, an answer against an answer."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.kernel.refusal import Refusal
from shuanglian.notices import queries
from shuanglian.notices.actions import knocks, objections
from shuanglian.notices.models import Knock, Objection

from .conftest import POSTED, object_to, post


def at_once(*works):
    """Run all of them at the same moment; what each gave, or the code of its refusal."""
    told, ready = [], threading.Barrier(len(works))

    def run(work):
        try:
            ready.wait(20)
            told.append(work())
        except Refusal as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return told


@pytest.mark.django_db(transaction=True)
def test_one_form_in_parallel_is_one_objection_and_one_number():
    notice, key = post(gansu().village), uuid4()
    told = at_once(*[lambda: object_to(notice, at=POSTED, form_key=key, text="他家有车，不该评")[1]] * 4)
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

    told = at_once(lambda: answer("已核实，不属实"), lambda: answer("再答一次试试"),
                   lambda: object_to(notice, at=POSTED + timedelta(hours=1))[0].state)  # fmt: skip
    assert sorted(told) == ["already_answered", "answered", "open"]
    notice.refresh_from_db()
    assert notice.closes_on is None and queries.ends_on(notice) is None


@pytest.mark.django_db(transaction=True)
def test_knocks_in_parallel_are_all_counted():
    told = at_once(*[lambda: knocks.knock(what="miss", address="203.0.113.9", at=POSTED)] * 6)
    assert sorted(told) == [1, 2, 3, 4, 5, 6] and Knock.objects.get().count == 6
