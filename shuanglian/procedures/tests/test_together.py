"""Two at once: real threads, real transactions (REG-4)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from shuanglian.core.tests.together import together
from shuanglian.kernel.refusal import Refusal
from shuanglian.notices.actions import objections
from shuanglian.notices.models import Notice, Objection
from shuanglian.procedures import chain
from shuanglian.procedures.actions import cases, lists, postings
from shuanglian.procedures.actions.cases import Wanted
from shuanglian.procedures.models import Act, Case

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_approve_at_once_and_one_of_them_did(world, effects):
    made = world.at_approval(1)
    case = made.cases.get()

    def approve(who):
        return lambda: cases.pass_step(case=case, step="approval", on=world.today, by=who, at=world.at).step

    found = together(approve(world.county), approve(world.deputy))
    assert sorted(found) == ["announcement", "moved_on"]
    assert len(effects.taken) == 1
    assert Act.objects.filter(case=case, step="approval", deed="pass").count() == 1


def test_one_approves_while_the_other_sends_back(world, effects):
    made = world.at_approval(1)
    case = made.cases.get()
    found = together(
        lambda: cases.pass_step(case=case, step="approval", on=world.today, by=world.county, at=world.at).step,
        lambda: cases.send_back(case=case, step="approval", to="verification", on=world.today, why="再查",
                                by=world.deputy, at=world.at).step,
    )  # fmt: skip
    assert "moved_on" in found
    case.refresh_from_db()
    assert (case.stand == "approved") == bool(effects.taken)
    assert chain.broken([case.pk]) == []


def test_a_list_and_a_single_case_approved_at_once_take_effect_once(world, effects):
    made = world.at_approval(6)
    case = made.cases.order_by("pk").first()
    together(
        lambda: lists.approve(of=made, step="approval", on=world.today, by=world.county, at=world.at),
        lambda: cases.pass_step(case=case, step="approval", on=world.today, by=world.deputy, at=world.at),
    )  # fmt: skip
    assert sorted(pk for _label, pk in effects.taken) == sorted(made.cases.values_list("pk", flat=True))
    assert set(made.cases.values_list("step", flat=True)) == {"announcement"}


def test_an_objection_at_the_last_moment_is_seen_or_comes_too_late_never_lost_between(world):
    made = world.opened(1)
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    case, notice = made.cases.get(), Notice.objects.get()
    last = world.at.replace() + (notice.closes_on - world.today) * 1
    world.later(8)

    def close():
        return cases.pass_step(case=case, step="first_notice", on=world.today, by=world.committee, at=world.at).step

    def say():
        objections.make(notice=notice, text="他家有小车，不该评上", row=str(case.pk), form_key=uuid4(), at=last)
        return "objected"

    closed, said = together(close, say)
    assert said == "objected"
    objected = Objection.objects.get()
    case.refresh_from_db()
    if case.step == "first_notice":
        assert closed == "objection_open"
    else:
        assert Act.objects.filter(case=case).last().deed == "pass"
        assert objected.is_open
        with pytest.raises(Refusal):  # an objection that came in just behind stops the decision at the county
            while True:
                _on_to_approval(world, made)


def _on_to_approval(world, made):
    """The rest of the way; the county's approval asks about every notice that the case stood on."""
    case = made.cases.get()
    if case.step == "verification":
        world.verified(made)
    elif case.step in ("township_recheck", "county_recheck"):
        world.rechecked(made, case.step, world.secretary if case.step[0] == "t" else world.county)
    elif case.step == "second_notice" and case.posted_id is None:
        world.posted(made, "second_notice", world.township)
        world.later(8)
    elif case.step == "second_notice":
        world.closed(made, "second_notice", world.township)
    else:
        cases.pass_step(case=case, step="approval", on=world.today, by=world.county, at=world.at)


def test_the_same_newcomer_opened_twice_at_once_is_opened_once(world):
    wanted = [Wanted("entry.newcomer:1", "赵家", world.village)]

    def open_it():
        return len(cases.open_many(procedure="entry", wanted=wanted, on=world.today, by=world.committee, at=world.at))

    assert sorted(map(str, together(open_it, open_it, open_it))) == ["1", "open_already", "open_already"]
    assert Case.objects.count() == 1


def test_two_put_up_the_same_notice_at_once_and_it_hangs_once(world):
    made = world.opened(3)
    world.applied(made)
    world.met(made)
    pks = list(made.cases.values_list("pk", flat=True))

    def post():
        return len(postings.post(cases=pks, step="first_notice", by=world.committee, at=world.at, of=made).done)

    assert sorted(together(post, post)) == [0, 3]
    assert Notice.objects.count() == 1
