"""Cases and lists with real rows: from the village to the county, and those who try to hurry (REG-4, REG-5, REG-9)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from shuanglian.kernel.refusal import Refusal
from shuanglian.notices.actions import objections
from shuanglian.notices.models import Notice
from shuanglian.procedures import chain, rules
from shuanglian.procedures.actions import cases, lists, meetings, postings
from shuanglian.procedures.actions.cases import Wanted
from shuanglian.procedures.actions.checking import Finding, draw, verify
from shuanglian.procedures.actions.meetings import Votes
from shuanglian.procedures.models import Act, Case, Draw, Drawn, Edition, Evaluation
from shuanglian.rules import draws
from shuanglian.trail.models import Entry

pytestmark = pytest.mark.django_db


def code(refused: pytest.ExceptionInfo) -> str:
    return refused.value.code


def test_REG_4_forty_households_in_one_sitting_and_one_list_up_to_the_county(world, effects):
    made = world.opened(40)
    world.applied(made)
    pks = list(made.cases.order_by("pk").values_list("pk", flat=True))
    votes = {pk: Votes(20, 4) if pk != pks[0] else Votes(9, 15) for pk in pks}
    held, moved = world.met(made, votes)
    assert (len(moved.done), held.votes.count(), held.present) == (40, 40, 24)
    assert made.cases.filter(stand="refused").get().pk == pks[0]
    world.posted(made, "first_notice", world.committee)
    world.later(8)
    world.closed(made, "first_notice", world.committee)
    world.verified(made)
    drawn = world.rechecked(made, "township_recheck", world.secretary)
    assert (drawn.of, drawn.drawn.count()) == (39, 8)
    world.posted(made, "second_notice", world.township)
    world.later(8)
    world.closed(made, "second_notice", world.township)
    world.rechecked(made, "county_recheck", world.county)
    whole = lists.make(procedure="entry", name="平襄镇", area=world.place.township, by=world.township, at=world.at,
                       parts=[made])  # fmt: skip
    done = lists.approve(
        of=whole, step="approval", on=world.today, by=world.county, at=world.at, hold={pks[1]: "再查"},
        refuse={pks[2]: "有车"},
    )  # fmt: skip
    assert (len(done.done), done.refused) == (39, {})
    assert len(effects.taken) == 37
    assert made.cases.get(pk=pks[1]).held_why == "再查"
    assert made.cases.filter(list=made).count() == 40
    posted = postings.post(
        cases=made.cases.filter(step="announcement").values_list("pk", flat=True), step="announcement", by=world.county,
        at=world.at, of=whole,
    )  # fmt: skip
    assert len(posted.done) == 37
    assert made.cases.filter(stand="announced", step="").count() == 37
    assert chain.broken(pks) == []
    assert list(Act.objects.filter(case=pks[5]).values_list("deed", flat=True)) == [
        "open", "pass", "pass", "post", "pass", "pass", *(["check"] if Act.objects.filter(
            case=pks[5], step="township_recheck", deed="check").exists() else []), "pass", "post", "pass",
        *(["check"] if Act.objects.filter(case=pks[5], step="county_recheck", deed="check").exists() else []), "pass",
        "pass", "post",
    ]  # fmt: skip


def test_REG_4_a_notice_is_not_closed_a_day_early_nor_dated_ahead(world):
    made = world.opened(2)
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    case = made.cases.first()
    world.later(7)
    with pytest.raises(Refusal) as refused:
        cases.pass_step(case=case, step="first_notice", on=world.today, by=world.committee, at=world.at)
    assert code(refused) == "notice_runs"
    with pytest.raises(Refusal) as refused:
        cases.pass_step(case=case, step="first_notice", on=world.today + timedelta(1), by=world.committee, at=world.at)
    assert code(refused) == "in_future"
    world.later(1)
    done = cases.pass_step(case=case, step="first_notice", on=world.today, by=world.committee, at=world.at)
    assert done.step == "verification"


def test_REG_4_nobody_dates_an_act_before_the_one_before_it(world):
    made = world.opened(1)
    with pytest.raises(Refusal) as refused:
        cases.withdraw(
            case=made.cases.get(), step="application", on=world.today - timedelta(1), why="不要了", by=world.committee,
            at=world.at,
        )  # fmt: skip
    assert code(refused) == "before_last_act"


def test_REG_4_the_night_closes_what_has_run_and_nothing_else(world):
    made = world.opened(2)
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    world.later(7)
    assert postings.close_due(at=world.at) == 0
    one, two = made.cases.order_by("pk")
    notice = Notice.objects.get()
    objections.make(notice=notice, text="他家有小车，不该评上", row=str(one.pk), form_key=uuid4(), at=world.at)
    world.later(1)
    assert postings.close_due(at=world.at) == 1
    assert (Case.objects.get(pk=two.pk).step, Case.objects.get(pk=one.pk).step) == ("verification", "first_notice")
    act = Act.objects.filter(case=two).last()
    assert (act.by, act.deed) == (None, "pass")


def test_REG_4_an_upheld_objection_leaves_only_the_way_back(world):
    made = world.opened(1)
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    case, notice = made.cases.get(), Notice.objects.get()
    world.later(1)
    told, _number = objections.make(
        notice=notice, text="他家有小车，不该评上", row=str(case.pk), form_key=uuid4(), at=world.at
    )
    world.later(1)
    objections.answer(objection=told, outcome="upheld", text="核实属实，退回重评", by=world.township, at=world.at)
    world.later(20)
    with pytest.raises(Refusal) as refused:
        cases.pass_step(case=case, step="first_notice", on=world.today, by=world.committee, at=world.at)
    assert code(refused) == "objection_upheld"
    done = cases.send_back(case=case, step="first_notice", to="evaluation", on=world.today, why="异议成立",
                           by=world.committee, at=world.at)  # fmt: skip
    assert (done.step, done.posted_id) == ("evaluation", None)
    notice.refresh_from_db()
    assert notice.withdrawn_at is not None, "the only case on it went back"
    assert Act.objects.filter(case=case).last().back_to == "evaluation"


@pytest.mark.parametrize(
    ("who", "expected"),
    [("committee", "not_your_role"), ("township", "not_your_level"), ("elsewhere", "not_your_area")],
)
def test_REG_4_nobody_approves_from_elsewhere(world, who, expected):
    made = world.at_approval(1)
    with pytest.raises(Refusal) as refused:
        cases.pass_step(case=made.cases.get(), step="approval", on=world.today, by=world.people[who], at=world.at)
    assert code(refused) == expected


def test_REG_9_a_relative_is_left_out_and_the_rest_of_the_list_goes_on(world, effects):
    made = world.at_approval(3)
    case = made.cases.order_by("pk").first()
    effects.kin[(case.label, world.county.pk)] = "您是户主的弟弟"
    moved = lists.approve(of=made, step="approval", on=world.today, by=world.county, at=world.at)
    assert {pk: refusal.code for pk, refusal in moved.refused.items()} == {case.pk: "relative"}
    assert len(effects.taken) == 2
    moved = lists.approve(of=made, step="approval", on=world.today, by=world.deputy, at=world.at)
    assert [one.pk for one in moved.done] == [case.pk]


def test_REG_9_who_proposed_in_another_post_does_not_approve(world):
    made = world.at_approval(1)
    world.committee.role, world.committee.area = "programme_office", world.place.county
    world.committee.save()
    with pytest.raises(Refusal) as refused:
        cases.pass_step(case=made.cases.get(), step="approval", on=world.today, by=world.committee, at=world.at)
    assert code(refused) == "not_separate"


def test_REG_3_a_condition_that_is_not_known_or_not_met_stops_the_approval(world, effects):
    made = world.at_approval(1)
    case = made.cases.get()
    for registered, expected in ((True, "condition_unmet"), (None, "condition_unknown")):
        effects.registered = registered
        with pytest.raises(Refusal) as refused:
            cases.pass_step(case=case, step="approval", on=world.today, by=world.county, at=world.at)
        assert code(refused) == expected
    effects.registered = False
    cases.pass_step(case=case, step="approval", on=world.today, by=world.county, at=world.at)
    assert Act.objects.filter(case=case).last().content["needs"][0]["reason"]["met"] is True


def test_an_effect_that_refuses_leaves_everything_as_it_was(world, effects):
    made = world.at_approval(2)
    effects.fails = Refusal("cannot_enter", "户口不在本村")
    before = Act.objects.count()
    with pytest.raises(Refusal) as refused:
        lists.approve(of=made, step="approval", on=world.today, by=world.county, at=world.at)
    assert code(refused) == "cannot_enter"
    assert Act.objects.count() == before
    assert set(made.cases.values_list("step", flat=True)) == {"approval"}


def test_REG_4_a_meeting_of_too_few_records_nothing(world):
    made = world.opened(3)
    world.applied(made)
    with pytest.raises(Refusal) as refused:
        world.met(made, present=19)
    assert code(refused) == "no_quorum"
    assert not Evaluation.objects.exists()


def test_REG_4_a_meeting_without_its_photo_records_nothing(world):
    made = world.opened(1)
    world.applied(made)
    pk = made.cases.get().pk
    sitting = meetings.Sitting(area=world.village, chair="马书记", representatives=30, present=24)
    with pytest.raises(Refusal) as refused:
        meetings.decide(step="evaluation", sitting=sitting, votes={pk: Votes(20)}, on=world.today, by=world.committee,
                        at=world.at, of=made, papers={})  # fmt: skip
    assert code(refused) == "paper_missing"


def test_REG_4_the_draw_can_be_repeated_from_the_acts(world):
    made = world.opened(12)
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    world.later(8)
    world.closed(made, "first_notice", world.committee)
    world.verified(made)
    drawn = draw(of=made, step="township_recheck", by=world.secretary, at=world.at)
    pks = list(made.cases.values_list("pk", flat=True))
    again = draws.draw(drawn.seed, [("", str(pk)) for pk in pks], share=rules.in_force("entry", world.today).step(
        "township_recheck").share)  # fmt: skip
    assert {int(one.number) for one in again} == set(drawn.drawn.values_list("case", flat=True))
    assert len(again) == 3
    with pytest.raises(Refusal) as refused:
        draw(of=made, step="township_recheck", by=world.secretary, at=world.at)
    assert code(refused) == "nothing_to_draw"
    assert (Draw.objects.count(), Drawn.objects.count()) == (1, 3)


def test_REG_5_who_verified_does_not_re_check(world):
    made = world.opened(1)
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    world.later(8)
    world.closed(made, "first_notice", world.committee)
    world.verified(made)
    case = made.cases.get()
    with pytest.raises(Refusal) as refused:
        cases.do(case=case, deed="check", step="township_recheck", on=world.today, by=world.township, at=world.at,
                 method="visit", finding="confirmed")  # fmt: skip
    assert code(refused) == "not_separate"


def test_REG_5_a_house_that_was_rung_up_is_not_verified(world):
    made = world.opened(1)
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    world.later(8)
    world.closed(made, "first_notice", world.committee)
    with pytest.raises(Refusal) as refused:
        verify(step="verification", findings={made.cases.get().pk: Finding(method="phone")}, on=world.today,
               by=world.township, at=world.at)  # fmt: skip
    assert code(refused) == "method"


def test_one_subject_has_one_case_at_a_time(world):
    made = world.opened(1)
    wanted = [Wanted(made.cases.get().subject, "又来", world.village)]
    with pytest.raises(Refusal) as refused:
        cases.open_many(procedure="entry", wanted=wanted, on=world.today, by=world.committee, at=world.at)
    assert code(refused) == "open_already"
    cases.withdraw(case=made.cases.get(), step="application", on=world.today, why="不要了", by=world.committee,
                   at=world.at)  # fmt: skip
    assert len(cases.open_many(procedure="entry", wanted=wanted, on=world.today, by=world.committee, at=world.at)) == 1


def test_the_rules_of_the_day_it_was_opened_stay_with_the_case(world, settings):
    made = world.opened(1)
    settings.PROFILE = "gansu_province_2012"
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    assert Notice.objects.get().days == 7
    fresh = Wanted("entry.newcomer:99", "新来", world.village)
    cases.open_many(procedure="entry", wanted=[fresh], on=world.today, by=world.committee, at=world.at)
    assert Edition.objects.count() == 2
    assert rules.in_force("entry", world.today).step("first_notice").days == 5


def test_REG_10_an_act_is_neither_changed_nor_removed(world):
    made = world.opened(1)
    act = Act.objects.get()
    for change in (lambda: Act.objects.update(why="别的"), lambda: act.delete(),
                   lambda: Act.objects.update(by=None), lambda: Act.objects.update(on=date(2000, 1, 1))):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert chain.broken([made.cases.get().pk]) == []


def test_REG_10_a_case_that_is_over_does_not_move_again(world):
    made = world.opened(1)
    case = cases.withdraw(case=made.cases.get(), step="application", on=world.today, why="不要了", by=world.committee,
                          at=world.at)  # fmt: skip
    with pytest.raises(Refusal) as refused:
        cases.pass_step(case=case, step="application", on=world.today, by=world.committee, at=world.at)
    assert code(refused) == "case_over"
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(stand="approved")


def test_a_township_list_takes_no_list_of_another_place_or_procedure(world):
    made = world.opened(1)
    with pytest.raises(Refusal) as refused:
        lists.make(
            procedure="exit", name="别的", area=world.place.township, by=world.township, at=world.at, parts=[made]
        )
    assert code(refused) == "other_procedure"
    with pytest.raises(Refusal) as refused:
        lists.make(procedure="entry", name="别的", area=world.place.townships[1], by=world.county, at=world.at,
                   parts=[made])  # fmt: skip
    assert code(refused) == "outside_list"


def test_what_is_done_to_a_list_is_one_line_in_the_trail(world):
    made = world.at_approval(4)
    before = Entry.objects.count()
    lists.approve(of=made, step="approval", on=world.today, by=world.county, at=world.at)
    line = Entry.objects.order_by("number").last()
    assert Entry.objects.count() == before + 1
    assert (line.verb, line.details["done"]) == ("procedures.pass", 4)


@pytest.mark.parametrize("many", [2, 25])
def test_a_county_approves_two_or_twenty_five_with_as_many_questions(world, many, django_assert_max_num_queries):
    made = world.at_approval(many)
    with django_assert_max_num_queries(25):
        moved = lists.approve(of=made, step="approval", on=world.today, by=world.county, at=world.at)
    assert len(moved.done) == many
