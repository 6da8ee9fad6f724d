"""Holes that somebody who wants to cheat would look for, each closed (REG-4, REG-5, REG-9)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core import clock
from shuanglian.kernel.refusal import Refusal
from shuanglian.notices.actions import notices, objections
from shuanglian.notices.models import Notice
from shuanglian.procedures import access, form_content, hooks, printing, queries, rules
from shuanglian.procedures.actions import cases, checking, lists, prints
from shuanglian.procedures.models import Case, Evaluation, FormPrint

from .conftest import picture
from .test_views import go as go
from .test_views import text

pytestmark = pytest.mark.django_db


def test_REG_4_a_notice_that_was_withdrawn_is_put_up_again_and_runs_anew(world):
    made = world.opened(2)
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    world.later(4)
    notices.withdraw(notice=Notice.objects.get(), why="写错了一户的小组", by=world.committee, at=world.at)
    world.later(5)
    assert not world.closed(made, "first_notice", world.committee).done
    assert len(world.posted(made, "first_notice", world.committee).done) == 2
    world.later(7)
    assert not world.closed(made, "first_notice", world.committee).done
    world.later(1)
    assert len(world.closed(made, "first_notice", world.committee).done) == 2


def test_a_withdrawn_notice_waits_for_the_clerk(world, go):
    made = world.opened(1)
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    case = made.cases.get()
    assert case.label not in text(go("committee", "cases"))
    notices.withdraw(notice=Notice.objects.get(), why="写错了", by=world.committee, at=world.at)
    assert case.label in text(go("committee", "cases"))
    page = text(go("committee", "case", case.pk))
    assert "公示已撤回，须重新张榜" in page and "post-" not in page and "张榜公示" in page


def objected(world, case, outcome, by):
    made, _number = objections.make(notice=Notice.objects.latest("pk"), row=str(case.pk), text="这一户有三层楼房",
                                    form_key=uuid4(), at=world.at)  # fmt: skip
    objections.answer(objection=made, outcome=outcome, text="我们去看过了", by=by, at=world.at)


def test_REG_4_an_objection_upheld_after_the_row_has_moved_on_still_stops_the_decision(world, effects):
    """Another row's objection keeps the notice up; who is objected to meanwhile is not approved until he has gone back."""
    made = world.opened(2)
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    slow, quick = made.cases.order_by("pk")
    waiting, _number = objections.make(notice=Notice.objects.get(), row=str(slow.pk), text="他家有车", form_key=uuid4(),
                                       at=world.at)  # fmt: skip
    world.later(8)
    assert [case.pk for case in world.closed(made, "first_notice", world.committee).done] == [quick.pk]
    objected(world, quick, "upheld", world.deputy)
    found = {quick.pk: checking.Finding()}
    checking.verify(step="verification", findings=found, on=world.today, by=world.township, at=world.at)
    world.rechecked(made, "township_recheck", world.secretary)
    world.posted(made, "second_notice", world.township)
    world.later(8)
    world.closed(made, "second_notice", world.township)
    world.rechecked(made, "county_recheck", world.county)
    moved = lists.approve(of=made, step="approval", on=world.today, by=world.county, at=world.at)
    assert [one.code for one in moved.refused.values()] == ["objection_upheld"] and not effects.taken
    cases.send_back(case=quick, step="approval", to="verification", on=world.today, why="再查", by=world.county,
                    at=world.at)  # fmt: skip
    world.later(1)
    checking.verify(step="verification", findings=found, on=world.today, by=world.township, at=world.at)
    world.rechecked(made, "township_recheck", world.secretary)
    world.posted(made, "second_notice", world.township)
    world.later(8)
    world.closed(made, "second_notice", world.township)
    world.rechecked(made, "county_recheck", world.county)
    assert len(lists.approve(of=made, step="approval", on=world.today, by=world.county, at=world.at).done) == 1
    assert waiting.is_open


def test_REG_4_what_came_to_the_list_after_the_page_was_opened_is_not_approved_unseen(world, effects):
    made = world.at_approval(3)
    seen = queries.mark_of(made, "approval")
    case = made.cases.first()
    cases.hold(case=case, step="approval", on=world.today, why="再查", by=world.deputy, at=world.at)
    with pytest.raises(Refusal) as refused:
        lists.approve(of=made, step="approval", on=world.today, by=world.county, at=world.at, seen=seen)
    assert refused.value.code == "list_changed" and not effects.taken
    now = queries.mark_of(made, "approval")
    assert (
        len(lists.approve(of=made, step="approval", on=world.today, by=world.county, at=world.at, seen=now).done) == 2
    )


def test_REG_4_one_case_that_the_register_refuses_does_not_stop_the_countys_list(world, effects, monkeypatch):
    made = world.at_approval(4)
    bad = made.cases.order_by("pk")[1]

    def take(some, *, by, at):
        for case in some:
            with hooks.for_case(case):
                if case.pk == bad.pk:
                    raise Refusal("id_twice", "该证件号码已登记")
        effects.taken += [(case.label, case.pk) for case in some]

    monkeypatch.setattr(hooks, "_effects", {"enter": take})
    moved = lists.approve(of=made, step="approval", on=world.today, by=world.county, at=world.at)
    assert len(moved.done) == 3 == len(effects.taken) == Case.objects.filter(stand="approved").count()
    assert str(moved.refused[bad.pk].said) == f"{bad.label}：该证件号码已登记"
    bad.refresh_from_db()
    assert (bad.step, bad.stand) == ("approval", "open")


def test_REG_9_a_sitting_and_its_papers_are_for_those_whose_area_it_is(world):
    made = world.opened(2)
    world.applied(made)
    held, _moved = world.met(made)
    cadre = UserFactory(username="paired", role="cadre", area=world.place.county)
    from django.http import Http404

    assert access.evaluation(world.county, held.pk) == held == Evaluation.objects.get()
    for stranger in (cadre, world.neighbours, world.elsewhere):
        with pytest.raises(Http404):
            access.evaluation(stranger, held.pk)


def test_REG_5_only_who_does_the_step_brings_its_signed_paper(world):
    made = world.at_approval(1)
    printed = prints.make(of=made, step="approval", by=world.county, at=world.at)
    with pytest.raises(Refusal) as refused:
        prints.bring_back(
            printed=printed, upload=SimpleUploadedFile("a.jpg", picture()), by=world.committee, at=world.at
        )
    assert refused.value.code == "not_your_role"
    assert prints.bring_back(printed=printed, upload=SimpleUploadedFile("a.jpg", picture()), by=world.county,
                             at=world.at).scan  # fmt: skip


def test_every_printed_form_is_reached_from_the_pages_and_found_again(world, go):
    """Buttons, not links: printing keeps what was shown."""
    made = world.opened(2)
    case = made.cases.first()
    for name, pk in (("list", made.pk), ("case", case.pk)):
        page = text(go("committee", name, pk))
        address = f'action="/procedures/{name}s/{pk}/forms/application/"'
        assert page.count(address) >= 1 and 'href="/procedures/lists/1/forms' not in page
        shown = text(go("committee", f"print_{name}", pk, "application", data={}))
        mark = FormPrint.objects.latest("pk").mark
        assert (
            mark in shown
            and mark in text(go("committee", name, pk))
            and "待收回签字件" in text(go("committee", name, pk))
        )


def test_what_a_form_says_of_findings_is_told_in_the_readers_language(world):
    from django.utils import translation

    made = world.opened(1)
    world.applied(made)
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    world.later(8)
    world.closed(made, "first_notice", world.committee)
    world.verified(made)
    printed = prints.make(of=made, step="verification", by=world.township, at=world.at)
    cell = next(cell for cell in printed.content["rows"][0] if isinstance(cell, dict) and cell["zh"] == "属实")
    with translation.override("en"):
        assert printing.spoken(cell) == "confirmed"
        assert prints.make(of=made, step="verification", by=world.township, at=world.at) == printed
    with translation.override("zh-hans"):
        assert printing.spoken(cell) == "属实"


def test_REG_4_the_clerk_is_told_what_may_not_stand_on_the_wall_and_may_say_it_otherwise(
    world, go, effects, monkeypatch
):
    made = world.opened(2)
    ill, other = made.cases.order_by("pk")
    why = Refusal("public_words", "里有“糖尿病”：公示中不能出现，只写“因病”")

    def row(some):
        return {case.pk: {"name": case.label, "village": case.area.name, "reason": "" if case.pk == ill.pk else "因灾",
                          **({"left_out": {"reason": why}} if case.pk == ill.pk else {})} for case in some}  # fmt: skip

    monkeypatch.setattr(hooks, "_subjects", {"newcomer": hooks.Subject(facts=hooks.subject("newcomer").facts, row=row)})
    world.applied(made)
    world.met(made)
    page = text(go("committee", "list", made.pk))
    assert "这些文字不能上墙" in page and "只写“因病”" in page and f'name="said_{ill.pk}"' in page
    assert f'name="said_{other.pk}"' not in page
    assert "这些文字不能上墙" in text(go("committee", "case", ill.pk))
    day = world.today.isoformat()
    both = {"case": [ill.pk, other.pk], "on": day, "deed": "post"}
    answer = go("committee", "together", made.pk, "first_notice", data={**both, f"said_{ill.pk}": "糖尿病"})
    assert answer.status_code == 400 and not Notice.objects.exists(), "other words are looked through as well"
    data = {**both, f"said_{ill.pk}": "因病花费大", f"said_{other.pk}": "我想写的"}
    assert "已办 2 户" in text(go("committee", "together", made.pk, "first_notice", data=data))
    assert [one["reason"] for one in Notice.objects.get().shown_rows] == ["因病花费大", "因灾"]


def test_what_was_filled_in_stays_when_the_list_is_refused(world, go, effects):
    made = world.at_approval(2)
    one, other = made.cases.order_by("pk")
    page = go("county", "list", made.pk)
    told = {"on": world.today.isoformat(), "seen": page.context["seen"], f"outcome_{one.pk}": "hold",
            f"why_{one.pk}": "收入再核", f"outcome_{other.pk}": "back:verification", f"why_{other.pk}": ""}  # fmt: skip
    answer = go("county", "together", made.pk, "approval", data=told)
    page = answer.content.decode()
    assert answer.status_code == 400 and "请写明理由" in page and 'value="收入再核"' in page
    assert page.count(" selected>") >= 2 and '<option value="back:verification" selected>' in page


def test_opening_many_cases_asks_about_their_subjects_once(world, effects, monkeypatch):
    asked = []
    subject = hooks.Subject(check=lambda wanted, procedure: asked.append([one.subject for one in wanted]))
    monkeypatch.setattr(hooks, "_subjects", {"newcomer": subject})
    made = world.opened(30)
    assert made.cases.count() == 30 and len(asked) == 1 and len(asked[0]) == 30


def test_REG_5_signing_a_page_reads_its_cases_once(world, django_assert_max_num_queries):
    made = world.opened(12)
    some = list(Case.objects.filter(list=made).select_related("area", "edition", "list"))
    step = rules.of_case(some[0]).step("application")
    with django_assert_max_num_queries(4):
        shown = form_content.shown_of(some, step, clock.day_of(world.at))
    assert len(set(shown.values())) == 12
