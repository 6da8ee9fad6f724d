"""Objections made every day out of spite do not keep a notice up for ever, and nobody is silenced (REG-4, VOICE-3)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core import clock
from shuanglian.kernel.refusal import Refusal
from shuanglian.notices import queries
from shuanglian.notices.actions import objections, repetitions
from shuanglian.notices.models import Repetition
from shuanglian.notices.views.public import followed

from .conftest import POSTED, object_to, post

DAY = timedelta(days=1)


@pytest.fixture
def up(place):
    return post(place.villages[1])


@pytest.fixture
def second(place):
    return UserFactory(username="second", role="programme_office", area=place.county)


@pytest.fixture
def answered(up, clerk):
    """Somebody objected on the second day and was answered on the third."""
    first, _number = object_to(up, at=POSTED + DAY, row="11")
    return objections.answer(
        objection=first, outcome="unfounded", text="入户看过，没有小车", by=clerk, at=POSTED + 2 * DAY
    )


def again(up, days=4, **changes):
    return object_to(up, at=POSTED + days * DAY, **({"row": "11"} | changes))


def refused(code, **given):
    verb = repetitions.decide if "agrees" in given else repetitions.propose
    with pytest.raises(Refusal) as said:
        verb(**given)
    assert said.value.code == code


def test_two_people_find_that_it_repeats_and_the_clock_goes_on_as_if_it_had_not_been_made(up, answered, clerk, second):
    quiet = queries.ends_on(up)
    said, number = again(up)
    assert queries.ends_on(up) is None
    repetitions.propose(objection=said, of=answered, why="同样的话，第三次", by=clerk, at=POSTED + 5 * DAY)
    assert queries.ends_on(up) is None, "one person alone changes nothing"
    refused("same_person", objection=said, agrees=True, text="已答复过", by=clerk, at=POSTED + 5 * DAY)
    repetitions.decide(objection=said, agrees=True, text="同上次：入户看过，没有小车", by=second, at=POSTED + 6 * DAY)
    up.refresh_from_db()
    assert queries.ends_on(up) == up.closes_on == quiet == date(2015, 3, 11)
    assert (
        not queries.has_run(up, quiet)
        and queries.has_run(up, quiet + DAY)
        and "11" in queries.have_run(up, quiet + DAY)
    )
    found = followed(number, date(2015, 3, 9))
    assert found.answer == "同上次：入户看过，没有小车" and found.get_outcome_display() == "重复意见，不另停算"


def test_not_agreed_to_it_waits_for_its_answer_and_stops_the_clock_like_any_other(up, answered, clerk, second):
    said, _number = again(up)
    repetitions.propose(objection=said, of=answered, why="同样的话", by=clerk, at=POSTED + 5 * DAY)
    repetitions.decide(objection=said, agrees=False, text="", by=second, at=POSTED + 5 * DAY)
    said.refresh_from_db()
    assert said.is_open and queries.ends_on(up) is None
    objections.answer(objection=said, outcome="upheld", text="这次查到了", by=second, at=POSTED + 6 * DAY)
    assert Repetition.objects.get().agreed is False


def test_who_may_find_so_and_of_what(up, answered, place, clerk, second, township, committee):
    said, _number = again(up)
    other_row, _number = again(up, row="12", text="别的户也有车")
    upheld, _number = again(up, days=2, row="13", text="他家在城里有房")
    objections.answer(objection=upheld, outcome="upheld", text="核查属实", by=clerk, at=POSTED + 3 * DAY)
    repeats_upheld, _number = again(up, row="13", text="他家在城里有房！")
    given = {"of": answered, "why": "同样的话", "at": POSTED + 5 * DAY}
    for user in (township, committee):
        refused("may_not_answer", objection=said, by=user, **given)
    refused("nothing_repeated", objection=other_row, by=clerk, **given)
    refused("nothing_repeated", objection=repeats_upheld, by=clerk, **(given | {"of": upheld}))
    refused("reason_missing", objection=said, by=clerk, **(given | {"why": "重"}))
    repetitions.propose(objection=said, by=clerk, **given)
    refused("proposed_already", objection=said, by=second, **given)
    with pytest.raises(Refusal):
        objections.answer(objection=other_row, outcome="repeated", text="重复了", by=clerk, at=POSTED + 5 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Repetition.objects.update(agreed=True, decided_by=clerk, decided_at=POSTED + 5 * DAY)


def test_where_the_profile_names_no_level_nobody_finds_so(up, answered, clerk, monkeypatch):
    said, _number = again(up)
    none = objections.terms().model_copy(update={"repeated_by": ()})
    monkeypatch.setattr(repetitions, "terms", lambda: none)
    refused("may_not_answer", objection=said, of=answered, why="同样的话", by=clerk, at=POSTED + 5 * DAY)


def test_on_the_page_one_proposes_and_another_agrees(up, answered, clerk, second, township, monkeypatch):
    said, _number = again(up)
    monkeypatch.setattr(clock, "now", lambda: POSTED + 5 * DAY)
    monkeypatch.setattr(clock, "today", lambda: date(2015, 3, 7))

    def go(user, data=None, name="repeated"):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        if data is None:
            return client.get(reverse("notices:objection", args=[said.pk])).content.decode()
        return client.post(reverse(f"notices:{name}", args=[said.pk]), data, follow=True).content.decode()

    assert "只是重复已答复的意见" in go(clerk) and "只是重复已答复的意见" not in go(township)
    assert "等另一人复核" in go(clerk, {"repeated-of": answered.pk, "repeated-why": "同样的话"})
    assert "同意，答复并不再停算" not in go(clerk) and "同意，答复并不再停算" in go(second)
    assert "请用大白话写明答复" in go(second, {"agrees": "yes", "text": ""}, "repetition")
    assert "重复意见，不另停算" in go(second, {"agrees": "yes", "text": "同上次答复"}, "repetition")
