"""Visits are weighed and flagged, the cadre is heard, a reviewer finds, households confirm (FIELD-3, FIELD-6)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core.tests.together import together
from shuanglian.fieldwork.actions import visits
from shuanglian.fieldwork.models import Visit
from shuanglian.fieldwork.tests.factories import AT, CAME, ON, land
from shuanglian.fieldwork.tests.factories import visit as plain_visit
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.models import Absence
from shuanglian.rules.draws import digest_of, draw, frame_of
from shuanglian.scrutiny.actions import call_backs, reviews, scores
from shuanglian.scrutiny.models import CallBack, Draw, Flag, Score

pytestmark = pytest.mark.django_db
FAR = (104.0, 35.9, 10.0)
LATER = AT + timedelta(days=10)


@pytest.fixture
def place():
    return land()


@pytest.fixture
def reviewer(place):
    return UserFactory(username="reviewer", role="inspector", area=place.place.area)


def visit(place, number=0, *, user=None, **changed):
    """A plain visit to the home of that number, by the cadre whose it is unless told otherwise."""
    if "started_at" in changed:
        changed |= {"ended_at": changed["started_at"] + timedelta(minutes=40)}
    return plain_visit(place.homes[number], user or place.cadre, **changed)


def weigh(place, *, since=ON, until=ON, at=AT):
    return scores.score(area=place.place.area, since=since, until=until, at=at)


def signs(found):
    return {one["sign"] for one in Score.objects.get(visit=found).met}


def flagged(place, **changed):
    """A visit dated into a leave."""
    Absence.objects.create(cadre=place.cadre.cadre, kind="leave", since=ON, until=ON)
    found = visit(place, **changed)
    weigh(place)
    return Flag.objects.get(visit=found)


def test_FIELD_6_an_honest_visit_is_scored_and_not_flagged(place):
    found = visit(place)
    assert weigh(place) == 1
    assert Score.objects.get(visit=found).points < 50
    assert not Flag.objects.exists()


def test_FIELD_6_a_visit_during_leave_is_flagged_with_the_fact_and_its_reason(place):
    flag = flagged(place)
    assert (flag.state, flag.cadre) == (Flag.State.OPEN, place.cadre.cadre)
    assert {"path": "visit.on_leave", "value": True} in flag.met[0]["used"]
    assert flag.answer_until == ON + timedelta(days=7)


def test_FIELD_6_weighing_twice_changes_nothing_and_flags_once(place):
    flag = flagged(place)
    before = Score.objects.get(visit=flag.visit)
    assert weigh(place, at=LATER) == 1
    after = Score.objects.get(visit=flag.visit)
    assert (after.at, after.points) == (before.at, before.points)
    assert Flag.objects.count() == 1


def test_FIELD_6_a_neighbour_that_comes_later_changes_the_score_of_the_first(place):
    first = visit(place, 0)
    weigh(place)
    assert "same_minute" not in signs(first)
    visit(place, 3, started_at=CAME + timedelta(seconds=10))
    weigh(place)
    assert "same_minute" in signs(first)
    assert Flag.objects.filter(visit=first).exists()


def test_FIELD_6_a_withdrawn_neighbour_takes_the_flag_back(place):
    first = visit(place, 0)
    other = visit(place, 3, started_at=CAME + timedelta(seconds=10))
    weigh(place)
    assert Flag.objects.get(visit=first).state == Flag.State.OPEN
    visits.withdraw(visit=other, why="登错了户，重新登记", by=place.cadre, at=AT)
    weigh(place)
    assert Flag.objects.get(visit=first).state == Flag.State.GONE


def test_FIELD_6_the_familys_own_names_do_not_hide_a_copied_text(place):
    text = "到{}家里看了羊棚，谈了想多养两只羊的打算，答应联系种羊场的事情"
    one = visit(place, 0, done=text.format(place.homes[0].head_name))
    two = visit(place, 3, done=text.format(place.homes[3].head_name), started_at=CAME + timedelta(hours=2))
    weigh(place)
    assert "copied_own" in signs(one)
    assert "copied_own" in signs(two)


# --- heard, then found -------------------------------------------------------------------------------------------------
def test_FIELD_6_nobody_decides_before_the_cadre_was_heard_or_his_time_is_over(place, reviewer):
    flag = flagged(place)
    with pytest.raises(Refusal) as refused:
        reviews.decide(flag=flag, verdict="untrue", why="请假期间不在县内", by=reviewer, at=AT)
    assert refused.value.code == "not_heard"
    decided = reviews.decide(flag=flag, verdict="untrue", why="请假期间不在县内", by=reviewer, at=LATER)
    assert (decided.state, decided.decided_by) == (Flag.State.DECIDED, reviewer)


def test_FIELD_6_the_cadre_alone_answers_and_is_then_decided_at_once(place, reviewer):
    flag = flagged(place)
    with pytest.raises(Refusal):
        reviews.answer(flag=flag, text="我来说", by=place.other, at=AT)
    with pytest.raises(Refusal):
        reviews.answer(flag=flag, text="  ", by=place.cadre, at=AT)
    reviews.answer(flag=flag, text="提前销假，当天下午就去了", by=place.cadre, at=AT)
    found = reviews.decide(flag=flag, verdict="true", why="单位证明当天已销假", by=reviewer, at=AT)
    assert found.verdict == "true"
    with pytest.raises(Refusal):
        reviews.answer(flag=flag, text="再说一句", by=place.cadre, at=AT)


def test_FIELD_6_neither_the_cadre_nor_his_unit_decides_about_his_visit(place):
    flag = flagged(place)
    reviews.answer(flag=flag, text="提前销假", by=place.cadre, at=AT)
    for judge in (place.cadre, place.unit):
        if judge == place.unit and judge.unit_account.unit_id != flag.cadre.unit_id:
            continue
        with pytest.raises(Refusal) as refused:
            reviews.decide(flag=flag, verdict="true", why="情况属实的理由", by=judge, at=AT)
        assert refused.value.code == "not_impartial"


def test_FIELD_6_the_database_keeps_what_was_decided(place, reviewer):
    flag = flagged(place)
    reviews.decide(flag=flag, verdict="untrue", why="请假期间不在县内", by=reviewer, at=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        Flag.objects.filter(pk=flag.pk).update(verdict="true")
    with pytest.raises(DatabaseError), transaction.atomic():
        Flag.objects.filter(pk=flag.pk).delete()


# --- call-backs --------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(place):
    for number, who in ((0, place.cadre), (3, place.cadre), (1, place.other), (2, place.third)):
        visit(place, number, user=who, started_at=CAME + timedelta(hours=number))
    return call_backs.draw(area=place.place.area, month=ON, by=None, at=AT + timedelta(days=30))


def test_FIELD_6_the_draw_can_be_repeated_by_anybody(asked):
    assert digest_of(asked.frame) == asked.frame_digest
    again = draw(asked.seed, frame_of(asked.frame), share=asked.share, least=asked.least)
    assert {(one.stratum, one.number) for one in again} == {
        (one.area_code, str(one.visit_id)) for one in asked.call_backs.all()
    }
    villages = {line.split(",")[0] for line in asked.frame.split()}
    assert {one.area_code for one in asked.call_backs.all()} == villages  # at least one in each


@pytest.mark.django_db(transaction=True)
def test_FIELD_6_two_who_draw_a_month_at_once_get_one_draw(place):
    visit(place, 0, user=place.cadre)
    found = together(*[lambda: call_backs.draw(area=place.place.area, month=ON, by=None,
                                               at=AT + timedelta(days=30)).pk] * 2)  # fmt: skip
    assert found[0] == found[1] == Draw.objects.get().pk


def test_FIELD_6_a_month_is_drawn_once_and_not_before_it_is_over(place, asked):
    again = call_backs.draw(area=place.place.area, month=ON, by=None, at=AT + timedelta(days=40))
    assert again.pk == asked.pk
    with pytest.raises(Refusal) as refused:
        call_backs.draw(area=place.place.area, month=date(2015, 8, 3), by=None, at=AT + timedelta(days=30))
    assert refused.value.code == "month_not_over"


def test_FIELD_6_a_household_answers_once_in_time_and_nobody_rewrites_it(asked):
    one = asked.call_backs.first()
    at = AT + timedelta(days=31)
    call_backs.answer(call_back=one, said="no", channel="card", at=at, note="没有见过他")
    with pytest.raises(Refusal):
        call_backs.answer(call_back=one, said="yes", channel="office", at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        CallBack.objects.filter(pk=one.pk).update(answer="yes")
    late = asked.call_backs.exclude(pk=one.pk).first()
    with pytest.raises(Refusal) as refused:
        call_backs.answer(call_back=late, said="yes", channel="card", at=at + timedelta(days=60))
    assert refused.value.code == "too_late"


def test_FIELD_6_visits_that_were_withdrawn_or_replaced_are_not_asked_about(place):
    found = visit(place, 0)
    visits.withdraw(visit=found, why="登错了户，重新登记", by=place.cadre, at=AT)
    with pytest.raises(Refusal) as refused:
        call_backs.draw(area=place.place.area, month=ON, by=None, at=AT + timedelta(days=30))
    assert refused.value.code == "nobody_visited"
    assert Visit.objects.standing().count() == 0
