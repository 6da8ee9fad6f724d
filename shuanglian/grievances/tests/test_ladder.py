"""Demands climb by themselves, are answered, and end with the person's own word (VOICE-1 … VOICE-3, BEN-7)."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from shuanglian.fieldwork.tests.factories import Land, land
from shuanglian.grievances import numbers
from shuanglian.grievances.actions import answers, climbing, demands, moving
from shuanglian.grievances.models import Answer, Demand, Reply, Step
from shuanglian.kernel.refusal import Refusal

from .factories import AT, TEXT, answered, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Land:
    return land(households=3)


def kinds(demand: Demand) -> list[str]:
    return list(demand.steps.values_list("kind", flat=True))


def refused(code: str):
    class Told:
        def __enter__(self) -> None:
            self.inner = pytest.raises(Refusal)
            self.found = self.inner.__enter__()

        def __exit__(self, *told: object) -> bool:
            caught = bool(self.inner.__exit__(*told))  # type: ignore[arg-type]
            assert self.found.value.code == code
            return caught

    return Told()


def test_VOICE_2_a_demand_begins_with_the_responsible_cadre_and_has_a_limit(place: Land) -> None:
    demand = raised(place)
    assert (demand.rung, demand.cadre and demand.cadre.user) == ("cadre", place.cadre)
    assert (demand.due_on, demand.remind_on) == (date(2015, 7, 13), date(2015, 7, 10))  # three working days
    assert kinds(demand) == ["received"]


def test_VOICE_1_sent_twice_it_is_one_and_the_number_is_the_same(place: Land) -> None:
    key = uuid4()
    first, second = raised(place, key=key), raised(place, key=key)
    assert first.pk == second.pk and Demand.objects.count() == 1
    assert numbers.number_digest(numbers.number_of(key)) == first.number_digest
    with refused("form_sent"):
        raised(place, key=key, text="另一件事情，别混在一起")


@pytest.mark.parametrize("category", ["fund", "conduct", "falsification"])
def test_VOICE_6_what_belongs_to_the_sealed_road_never_becomes_a_demand(place: Land, category: str) -> None:
    with refused("sealed_road"):
        raised(place, category=category)
    assert not Demand.objects.exists()


@pytest.mark.parametrize("never", ["living", "school", "doctor"])
def test_BEN_7_three_nevers_are_urgent_and_have_one_day(place: Land, never: str) -> None:
    demand = raised(place, never=never)
    assert (demand.urgent, demand.due_on) == ("never", date(2015, 7, 9))


def test_BEN_7_words_of_the_three_nevers_are_heard_from_a_visit_where_nobody_ticked(place: Land) -> None:
    from shuanglian.fieldwork.actions import asks

    asks.raise_(text="娃娃上不起学了", category="schooling", key=uuid4(), by=place.cadre, at=AT, on=AT.date(),
                household=place.homes[0])  # fmt: skip
    demand = Demand.objects.get()
    assert (demand.door, demand.category, demand.never, demand.urgent) == ("visit", "school", "school", "never")


def test_VOICE_2_at_night_what_is_late_climbs_one_rung_with_new_time_and_says_why(place: Land) -> None:
    demand = raised(place)
    assert climbing.night(on=date(2015, 7, 13), at=AT) == 0  # its last day is still its own
    at = datetime(2015, 7, 13, 16, 0, tzinfo=UTC)
    assert climbing.night(on=date(2015, 7, 14), at=at) == 1
    assert climbing.night(on=date(2015, 7, 14), at=at) == 0  # a second run does nothing
    demand.refresh_from_db()
    assert (demand.rung, demand.unit_id, demand.climbed) == ("unit", place.place.units[0].pk, 1)
    assert demand.due_on == date(2015, 7, 21)
    step = demand.steps.get(kind=Step.Kind.CLIMBED)
    assert (step.rung, step.to_rung, step.by) == ("cadre", "unit", None) and "2015-07-13" in step.text


def test_VOICE_2_left_alone_a_demand_reaches_the_top_and_stays_there_late(place: Land) -> None:
    demand, on = raised(place), AT.date()
    walked = [demand.rung]
    for _night in range(120):
        on += timedelta(days=1)
        climbing.night(on=on, at=datetime(on.year, on.month, on.day, 17, tzinfo=UTC))
        demand.refresh_from_db()
        if demand.rung != walked[-1]:
            walked.append(demand.rung)
    assert walked == ["cadre", "unit", "township", "department", "county_office", "city", "province"]
    assert demand.is_late(on) and demand.state == Demand.State.OPEN


def test_VOICE_2_no_time_is_lost_over_spring_festival(place: Land) -> None:
    demand = raised(place, at=datetime(2015, 2, 17, 2, tzinfo=UTC), household=None)
    assert demand.due_on == date(2015, 3, 2)  # five working days at the township, Saturday the 28th is one


def test_a_person_without_a_household_and_name_is_heard_too(place: Land) -> None:
    demand = raised(place, household=None, by=None, door=Demand.Door.PAGE)
    assert (demand.anonymous, demand.rung) == (True, "township")


def test_VOICE_3_solved_needs_evidence_and_explained_the_rule_and_where_to_appeal(place: Land) -> None:
    demand = raised(place)
    with refused("no_evidence"):
        answered(demand, place.cadre, evidence="")
    with refused("no_rule"):
        answered(demand, place.cadre, outcome="explained", rule="农村饮水办法", appeal="")
    with refused("no_outcome"):
        answered(demand, place.cadre, outcome="closed")
    with refused("answer_missing"):
        answered(demand, place.cadre, text="好")
    assert not Answer.objects.exists()


def test_VOICE_3_nothing_is_closed_before_the_answer_reached_the_person_and_the_person_spoke(place: Land) -> None:
    demand = raised(place)
    with refused("no_answer"):
        answers.word(demand=demand, yes=True, at=AT)
    answered(demand, place.cadre)
    with refused("not_told"):
        answers.word(demand=demand, yes=True, at=AT)
    assert answers.silences(on=date(2016, 7, 8), at=AT) == 0  # who was never told is not silent
    answers.tell(demand=demand, how="visit", by=place.cadre, at=AT)
    answers.word(demand=demand, yes=True, said="通水了", score=5, at=AT, by=place.cadre)
    demand.refresh_from_db()
    assert demand.state == Demand.State.CLOSED
    assert kinds(demand) == ["received", "answered", "told", "confirmed"]


def test_VOICE_3_the_database_itself_keeps_a_word_from_being_rewritten_and_a_demand_from_vanishing(place: Land) -> None:
    demand = raised(place)
    answered(demand, place.cadre)
    answers.tell(demand=demand, how="visit", by=place.cadre, at=AT)
    answers.word(demand=demand, yes=False, said="还是没有水", at=AT)
    for attempt in (
        lambda: Reply.objects.update(word="yes"), lambda: Demand.objects.filter(pk=demand.pk).delete(),
        lambda: Demand.objects.update(text="别的"), lambda: Answer.objects.update(text="别的"),
        lambda: Step.objects.update(text="别的"),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_VOICE_3_no_opens_it_again_one_rung_higher(place: Land) -> None:
    demand = raised(place)
    answered(demand, place.cadre)
    answers.tell(demand=demand, how="phone", by=place.cadre, at=AT)
    answers.word(demand=demand, yes=False, said="只修了一半", at=AT)
    demand.refresh_from_db()
    assert (demand.state, demand.rung, demand.reopened) == ("open", "unit", 1)
    assert demand.due_on == date(2015, 7, 15)


def test_VOICE_3_silence_after_its_working_days_is_recorded_as_silence(place: Land) -> None:
    demand = raised(place)
    answered(demand, place.cadre)
    reply = answers.tell(demand=demand, how="visit", by=place.cadre, at=AT)
    assert reply.silent_on == date(2015, 7, 22)  # ten working days
    assert answers.silences(on=date(2015, 7, 22), at=AT) == 0
    assert answers.silences(on=date(2015, 7, 23), at=AT) == 1
    demand.refresh_from_db()
    reply.refresh_from_db()
    assert (demand.state, reply.word) == ("closed", "silence")


def test_VOICE_3_passed_up_tells_what_was_tried_and_at_the_top_it_must_be_answered(place: Land) -> None:
    demand = raised(place)
    with refused("reason_missing"):
        moving.pass_up(demand=demand, tried="无", by=place.cadre, at=AT)
    for _rung in range(6):
        demand = moving.pass_up(demand=demand, tried="已到现场看过，要更换主管道", by=place.office, at=AT)
    assert demand.rung == "province"
    with refused("at_the_top"):
        moving.pass_up(demand=demand, tried="已到现场看过，要更换主管道", by=place.office, at=AT)


def test_VOICE_2_sent_back_once_by_the_holder_more_often_only_by_the_office_above(place: Land) -> None:
    demand = raised(place)
    for _rung in range(2):
        demand = moving.pass_up(demand=demand, tried="已到现场看过", by=place.cadre, at=AT)
    assert demand.rung == "township"
    demand = moving.send_back(demand=demand, rung="unit", why="单位有抽水机可用", by=place.township, at=AT)
    demand = moving.pass_up(demand=demand, tried="抽水机不够用", by=place.unit, at=AT)
    with refused("needs_above"):
        moving.send_back(demand=demand, rung="unit", why="单位再想办法", by=place.township, at=AT)
    demand = moving.send_back(demand=demand, rung="unit", why="县里已协调设备", by=place.office, at=AT)
    assert (demand.rung, demand.moved) == ("unit", 2)


def test_VOICE_2_moved_sideways_the_time_of_the_department_goes_on(place: Land) -> None:
    demand = raised(place)
    for _rung in range(3):
        demand = moving.pass_up(demand=demand, tried="已到现场看过", by=place.cadre, at=AT)
    due = demand.due_on
    moved = moving.move(demand=demand, department="housing", why="属于集中供水工程", by=place.office, at=AT)
    assert (moved.department, moved.due_on) == ("housing", due)


def test_one_pipe_answers_thirty_demands_and_each_says_its_own_word(place: Land) -> None:
    leader = raised(place)
    others = [raised(place, household=None, by=None, door=Demand.Door.PAGE, text=f"{TEXT}，第{n}家") for n in range(29)]
    assert demands.join(demands=others, to=leader, by=place.office, at=AT) == 29
    leader.refresh_from_db()
    assert (leader.people, leader.urgent) == (30, "many")
    answered(leader, place.cadre)
    assert Reply.objects.count() == 30
    assert set(Demand.objects.values_list("state", flat=True)) == {"answered"}
    answers.tell(demand=others[0], how="page", by=None, at=AT)
    answers.word(demand=others[0], yes=False, said="我家还没通", at=AT)
    others[0].refresh_from_db()
    assert (others[0].state, others[0].joined_to, others[0].rung) == ("open", None, "department")
    leader.refresh_from_db()
    assert leader.state == Demand.State.ANSWERED


def test_demands_of_two_villages_are_not_joined_and_one_can_be_taken_out_again(place: Land) -> None:
    leader = raised(place)
    elsewhere = raised(place, household=next(h for h in place.homes if h.village_id != leader.village_id))
    with refused("other_village"):
        demands.join(demands=[elsewhere], to=leader, by=place.office, at=AT)
    near = raised(place, household=None, text="我家的水也断了，求解决")
    demands.join(demands=[near], to=leader, by=place.office, at=AT)
    near.refresh_from_db()
    alone = demands.part(demand=near, why="说的是另一条管子", by=place.office, at=AT)
    leader.refresh_from_db()
    assert (alone.state, leader.people) == ("open", 1)


def test_BEN_7_what_is_urgent_by_the_three_nevers_cannot_be_made_ordinary(place: Land) -> None:
    demand = raised(place, never="doctor", category="health_care")
    with refused("stays_urgent"):
        demands.sort(demand=demand, category="other", never="", why="没有那么急", by=place.office, at=AT)


def test_a_flood_is_kept_aside_and_let_through_or_refused_with_a_reason_never_lost(place: Land) -> None:
    held = raised(place, household=None, by=None, door=Demand.Door.PAGE, held="一小时内来自同一地址的第 61 张表")
    spam = raised(place, household=None, by=None, door=Demand.Door.PAGE, text="低价出售农药请联系", held="同上")
    assert (held.state, held.rung, climbing.night(on=date(2016, 1, 1), at=AT)) == ("held", "", 0)
    assert demands.release(demands=[held], by=place.office, at=AT) == 1
    with refused("reason_missing"):
        demands.refuse(demands=[spam], why="", by=place.office, at=AT)
    demands.refuse(demands=[spam], why="推销广告", by=place.office, at=AT)
    held.refresh_from_db()
    spam.refresh_from_db()
    assert (held.state, spam.state, spam.text) == ("open", "refused", "低价出售农药请联系")


def test_a_visits_ask_follows_its_demands_answer(place: Land) -> None:
    from shuanglian.fieldwork.actions import asks

    ask = asks.raise_(text="想修一段田间路", category="road", key=uuid4(), by=place.cadre, at=AT, on=AT.date(),
                      household=place.homes[0])  # fmt: skip
    demand = Demand.objects.get(ask=ask)
    assert demand.category == "road"
    answered(demand, place.cadre)
    ask.refresh_from_db()
    assert (ask.state, ask.answered_by) == ("answered", place.cadre)
    answers.tell(demand=demand, how="visit", by=place.cadre, at=AT)
    answers.word(demand=demand, yes=False, said="还没开工", at=AT)
    ask.refresh_from_db()
    assert ask.state == "open"
