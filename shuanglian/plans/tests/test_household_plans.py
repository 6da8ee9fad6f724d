"""Household plans by the verbs: versions, sums, agreement, approval, progress, reviews, bad input (PLAN-2, 3, 5)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from shuanglian.kernel.refusal import Refusal
from shuanglian.plans import drafts, family, queries
from shuanglian.plans.actions import plans as verbs
from shuanglian.plans.actions import progress
from shuanglian.plans.models import Agreement, HouseholdPlan, Measure, Progress
from shuanglian.registry.actions import households
from shuanglian.registry.models import HouseholdYear

from .factories import AT, OWN_WORDS, STARTS, agreed, draft, home, line, members, signature, written

pytestmark = pytest.mark.django_db


def test_PLAN_3_a_plan_works_backwards_from_the_target_and_says_by_how_much_it_falls_short(village):
    plan = written(village.one, line("ewes", 5), by=village.cadre)
    # four people from 2,000 to 4,000 yuan: 8,000 a year; five pairs of ewes bring 5,500 once they pay
    assert (plan.gap, plan.gain_likely, plan.gain_low, plan.short) == (8000, 5500, 3500, 2500)
    assert (plan.target, plan.step_target, plan.horizon, plan.income_year) == (4000, 2667, 2017, 2014)
    assert (plan.cost, plan.own_cost) == (9000, 4000)
    assert plan.measures.get().funds == {"own": "4000.00", "unit": "5000.00"}
    assert not plan.adds_up


def test_PLAN_2_a_plan_whose_measures_close_the_gap_adds_up(village):
    plan = written(village.one, line("export_worker", 1), by=village.cadre)
    assert plan.adds_up and plan.short == 0 and plan.gain_likely == 11000
    assert plan.step_short == (2667 - 2000) * 4  # nothing of it pays in 2015 yet
    assert plan.content["sums"]["channels"]["wage"] == "11000.00"


def test_the_diagnosis_is_taken_from_the_file_and_frozen(village):
    plan = written(village.one, by=village.cadre)
    told = plan.content["diagnosis"]
    assert (told["main_cause"], told["other_causes"], told["wish"], told["loan_need"]) == (
        "09",
        ["03"],
        "养羊",
        "2万元",
    )
    assert told["labour"] == {"able": 2, "weak": 0, "unable": 2}
    assert plan.content["helper"]["name"] == "李联户"
    village.one.wish = "种果"
    village.one.save()
    assert HouseholdPlan.objects.get(pk=plan.pk).content["diagnosis"]["wish"] == "养羊"


def test_a_new_version_never_writes_over_the_last(village):
    first = written(village.one, by=village.cadre)
    second = written(village.one, line("ewes", 4), by=village.cadre, base=1)
    first.refresh_from_db()
    assert (first.version, first.latest, second.version, second.latest) == (1, False, 2, True)
    assert first.measures.get().units == 3
    with pytest.raises(DatabaseError), transaction.atomic():
        HouseholdPlan.objects.filter(pk=first.pk).update(short=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        Measure.objects.filter(plan=first).delete()


def test_the_same_content_again_is_the_same_version(village):
    first = written(village.one, by=village.cadre)
    assert written(village.one, by=village.cadre, base=1).pk == first.pk
    key = uuid4()
    second = verbs.write(household=village.one, draft=draft(line("ewes", 1)), base=1, key=key, by=village.cadre, at=AT)
    again = verbs.write(household=village.one, draft=draft(line("ewes", 1)), base=1, key=key, by=village.cadre, at=AT)
    assert again.pk == second.pk


def test_of_two_who_write_at_once_the_second_is_told(village, clerk):
    written(village.one, by=village.cadre)
    with pytest.raises(Refusal) as refusal:
        written(village.one, line("ewes", 1), by=clerk, base=0)
    assert refusal.value.code == "stale_version"
    assert HouseholdPlan.objects.filter(household=village.one).count() == 1


@pytest.mark.parametrize(("lines", "code"), [
    ((), "no_measures"),
    ((line("no_such"),), "no_such_measure"),
    ((line("ewes", 0),), "units"),
    ((line("ewes", -2),), "units"),
    ((line("ewes", 6),), "too_many_units"),
    ((line("ewes", 1), line("ewes", 2)), "measure_twice"),
    ((line("ewes", 1, cost=Decimal(-5)),), "cost_range"),
    ((line("ewes", 1, owner="nobody"),), "no_such_owner"),
    ((line("ewes", 1, starts_on=date(1980, 1, 1)),), "starts"),
    ((line("dibao_1", 1), line("dibao_2", 1)), "excluded"),
    ((line("export_worker", 1, people=(1, 2)),), "people"),
])  # fmt: skip
def test_a_line_that_cannot_be_is_refused(village, lines, code):
    with pytest.raises(Refusal) as refusal:
        verbs.write(household=village.one, draft=drafts.Draft(2015, 2017, OWN_WORDS, "", lines), by=None, at=AT)
    assert refusal.value.code == code


def test_a_member_of_another_household_cannot_be_put_into_a_plan(village):
    with pytest.raises(Refusal) as refusal:
        written(village.one, line("export_worker", 1, people=(members(village.other)[0],)))
    assert refusal.value.code == "people"


def test_one_person_does_not_do_two_things_that_need_a_person(village):
    one = members(village.one)[0]
    with pytest.raises(Refusal) as refusal:
        written(village.one, line("export_worker", 1, people=(one,)), line("near_work", 1, people=(one,)))
    assert refusal.value.code == "person_twice"


def test_without_an_account_there_is_no_gap_to_reckon(village):
    HouseholdYear.objects.filter(household=village.one).delete()
    with pytest.raises(Refusal) as refusal:
        written(village.one)
    assert refusal.value.code == "no_income"


def test_a_target_that_the_profile_does_not_have_and_a_household_that_left_are_refused(village):
    with pytest.raises(Refusal) as refusal:
        written(village.one, horizon=2018)
    assert refusal.value.code == "no_target"
    village.one.left_on = date(2015, 9, 1)
    village.one.save()
    with pytest.raises(Refusal) as refusal:
        written(village.one)
    assert refusal.value.code == "household_left"


# --- agreed and approved ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("clear", [False, True])
def test_PLAN_5_the_family_agrees_by_a_signature_bound_to_what_it_was_shown(village, clear):
    plan, key = written(village.one, by=village.cadre), uuid4()
    made = verbs.agree(plan=plan, how="signature", image=signature(clear=clear), shown=plan.digest, by=village.cadre,
                       at=AT, key=key)  # fmt: skip
    plan.refresh_from_db()
    assert (made.digest, made.name, plan.agreed_on) == (plan.digest, village.one.head_name, date(2015, 10, 8))
    again = verbs.agree(plan=plan, how="signature", image=b"", by=village.cadre, at=AT, key=key)
    assert again.pk == made.pk
    with pytest.raises(DatabaseError), transaction.atomic():
        Agreement.objects.filter(pk=made.pk).update(name="别人")


def test_PLAN_5_a_later_change_needs_a_new_agreement(village):
    agreed(written(village.one, by=village.cadre))
    second = written(village.one, line("ewes", 4), by=village.cadre, base=1)
    assert second.agreed_on is None


def test_an_empty_sheet_a_picture_that_is_none_and_other_content_are_no_agreement(village):
    plan = written(village.one, by=village.cadre)
    told = {"plan": plan, "how": "signature", "by": village.cadre, "at": AT, "key": uuid4()}
    for image, shown, code in ((signature(empty=True), "", "empty_signature"), (b"nothing", "", "no_signature"),
                               (b"", "", "no_signature"), (signature(), "0" * 64, "content_changed")):  # fmt: skip
        with pytest.raises(Refusal) as refusal:
            verbs.agree(**{**told, "image": image, "shown": shown})
        assert refusal.value.code == code
    written(village.one, line("ewes", 1), by=village.cadre, base=1)
    with pytest.raises(Refusal) as refusal:
        verbs.agree(**{**told, "image": signature()})
    assert refusal.value.code == "not_latest"


def test_the_unit_approves_what_the_family_agreed_to_and_never_the_writer(village):
    plan = written(village.one, by=village.cadre)
    with pytest.raises(Refusal) as refusal:
        verbs.approve(plan=plan, shown=plan.digest, by=village.unit, at=AT)
    assert refusal.value.code == "not_agreed"
    agreed(plan, village.cadre)
    for by, shown, code in ((village.cadre, plan.digest, "own_plan"), (village.unit, "x", "content_changed")):
        with pytest.raises(Refusal) as refusal:
            verbs.approve(plan=plan, shown=shown, by=by, at=AT)
        assert refusal.value.code == code
    verbs.approve(plan=plan, shown=plan.digest, by=village.unit, at=AT)
    plan.refresh_from_db()
    assert plan.approved_on == date(2015, 10, 8)
    with pytest.raises(Refusal) as refusal:
        verbs.send_back(plan=plan, shown=plan.digest, why="太少", by=village.unit, at=AT)
    assert refusal.value.code == "approved_already"


def test_a_plan_is_sent_back_with_a_reason(village):
    plan = written(village.one, by=village.cadre)
    with pytest.raises(Refusal) as refusal:
        verbs.send_back(plan=plan, shown=plan.digest, why=" ", by=village.unit, at=AT)
    assert refusal.value.code == "no_reason"
    made = verbs.send_back(plan=plan, shown=plan.digest, why="措施与原因不符", by=village.unit, at=AT)
    assert (made.word, plan.approvals.count()) == ("returned", 1)


# --- progress and review ------------------------------------------------------------------------------------------------
def log(plan, quantity="2", **more):
    given = {"plan_measure": plan.measures.first(), "on": date(2015, 10, 8), "quantity": Decimal(quantity),
             "key": uuid4(), "by": None, "at": AT}  # fmt: skip
    return progress.log(**{**given, **more})


def test_progress_is_kept_once_and_taken_over_by_the_next_version_of_the_year(village):
    plan, key = written(village.one, by=village.cadre), uuid4()
    first = log(plan, "2", key=key)
    assert log(plan, "2", key=key).pk == first.pk
    with pytest.raises(Refusal) as refusal:
        log(plan, "3", key=key)
    assert refusal.value.code == "key_taken"
    second = written(village.one, line("ewes", 4), by=village.cadre, base=1)
    log(second, "1", visit_key=uuid4())
    assert queries.done_of(second) == {"ewes": 3}
    progress.withdraw(progress=first, why="看错了", by=village.cadre, at=AT)
    assert queries.done_of(second) == {"ewes": 1}
    with pytest.raises(DatabaseError), transaction.atomic():
        Progress.objects.filter(pk=first.pk).update(quantity=9)


@pytest.mark.parametrize(("more", "code"), [
    ({"quantity": Decimal(-1)}, "negative"), ({"quantity": Decimal("NaN")}, "negative"),
    ({"quantity": Decimal(10_000)}, "quantity_range"), ({"quantity": Decimal("0.001")}, "quantity_range"),
    ({"quantity": Decimal(0)}, "nothing_told"), ({"on": date(2015, 10, 9)}, "ahead"),
    ({"on": date(2013, 1, 1)}, "before_plan"),
])  # fmt: skip
def test_progress_that_cannot_be_is_refused(village, more, code):
    with pytest.raises(Refusal) as refusal:
        log(written(village.one), **more)
    assert refusal.value.code == code


def test_PLAN_5_a_review_freezes_what_was_done_of_what_was_planned(village):
    plan = written(village.one, by=village.cadre)
    log(plan, "1")
    later = AT + timedelta(days=400)
    assert queries.due(seen_by=village.cadre, area=village.cadre.area, on=later.date()).counts["review"] == 1
    made = verbs.review(plan=plan, on=later.date(), word="revise", found="只买了一对", by=village.cadre, at=later)
    assert made.told == [{"code": "ewes", "units": 3, "done": "1.00"}]
    assert queries.due(seen_by=village.cadre, area=village.cadre.area, on=later.date()).counts["review"] == 0
    for word, found, code in (
        ("keep", "x", "reviewed_already"),
        ("no", "x", "no_such_word"),
        ("keep", " ", "nothing_found"),
    ):
        with pytest.raises(Refusal) as refusal:
            verbs.review(plan=plan, on=later.date(), word=word, found=found, by=None, at=later)
        assert refusal.value.code == code


# --- reads --------------------------------------------------------------------------------------------------------------
def test_an_area_says_what_is_missing_short_copied_not_agreed_and_not_approved(village, clerk):
    third = home()
    written(village.one, line("export_worker", 1), by=village.cadre)
    written(village.other, by=village.cadre)  # the same words, and short
    due = queries.due(seen_by=clerk, area=clerk.area, on=AT.date())
    assert (due.households, due.planned, due.agreed, due.approved) == (3, 2, 0, 0)
    assert due.counts == {"missing": 1, "short": 1, "copied": 1, "not_agreed": 2, "not_approved": 0, "review": 0}
    listed = {kind: {one.pk for one in queries.listed(seen_by=clerk, area=clerk.area, kind=kind, on=AT.date())}
              for kind in queries.KINDS}  # fmt: skip
    assert listed["missing"] == {third.pk} and listed["short"] == listed["copied"] == {village.other.pk}
    assert listed["not_agreed"] == {village.one.pk, village.other.pk} and len(listed["all"]) == 3
    own = queries.due(seen_by=village.cadre, area=village.cadre.area, on=AT.date())
    assert own.households == 2


def test_a_copied_text_is_found_also_with_another_name_and_figure(village):
    first = written(village.one, analysis=f"{village.one.head_name}家：{OWN_WORDS}", by=village.cadre)
    second = written(village.other, analysis=f"{village.other.head_name}家：{OWN_WORDS}再加3只羊。", by=village.cadre)
    assert second.copied_from_id == first.pk and Decimal("0.85") <= second.alike <= 1
    own = written(village.other, analysis="一人常年在外打工，老人多病，果园刚挂果，要的是销路和看病的钱，不是羊，也不是牛。",
                  by=village.cadre, base=1)  # fmt: skip
    assert own.copied_from_id is None


def test_sums_of_an_area_for_the_villages_plan(village, clerk):
    written(village.one, line("ewes", 2), line("export_worker", 1), by=village.cadre)
    plan = written(village.other, line("ewes", 3), by=village.cadre)
    log(plan, "2.5")
    told = queries.totals_of(clerk.area)
    assert (told.households, told.planned, told.people, told.gap) == (2, 2, 8, 16000)
    assert told.channels == {"wage": 11000, "operating": 5500}
    assert [(one.code, one.households, one.units, one.done) for one in told.measures] == [
        ("export_worker", 1, 1, 0), ("ewes", 2, 5, Decimal("2.5")),
    ]  # fmt: skip
    assert told.short == 8000 - 3300 and queries.totals_of(clerk.area, year=2016).planned == 0


def test_what_was_done_of_last_years_plan_is_not_counted_for_this_years(village, clerk):
    old = written(village.one, line("ewes", 2), by=village.cadre)
    log(old, "2")
    new = written(village.one, line("ewes", 1), year=2016, by=village.cadre, base=1)
    other = written(village.other, line("ewes", 3), by=village.cadre)
    log(new, "1")
    log(other, "3")
    assert [one.done for one in queries.totals_of(clerk.area).measures] == [4]
    assert queries.done_of(new) == {"ewes": 1}


def test_a_phones_card_holds_the_plan_and_what_is_done(village):
    plan = agreed(written(village.one, line("ewes", 2), by=village.cadre))
    log(plan, "1.5")
    card = queries.card_of([village.one.pk, village.other.pk])
    assert list(card) == [village.one.pk]
    told = card[village.one.pk]
    assert (told["version"], told["gap"], told["agreed_on"], told["digest"]) == (
        1,
        "8000.00",
        "2015-10-08",
        plan.digest,
    )
    (measure,) = told["measures"]
    assert (measure["id"], measure["need"], measure["done"]) == (plan.measures.get().pk, 2, "1.5")
    assert measure["label"] == {"zh": "养两只基础母羊", "en": "Two breeding ewes"}


def test_a_plan_follows_its_household_to_another_village(village, place):
    plan = agreed(written(village.one, by=village.cadre))
    log(plan, "1")
    made = households.move(household=village.one, village=place.villages[1], why="搬家", by=None, at=AT)
    code = made.area_code
    rows = [
        HouseholdPlan.objects.get(pk=plan.pk),
        plan.measures.get(),
        Agreement.objects.get(plan=plan),
        Progress.objects.get(),
    ]
    assert {row.area_code for row in rows} == {code}


def test_what_the_file_knows_of_several_is_read_in_few_questions(village, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        told = family.of([village.one, village.other], date(2015, 10, 8))
    assert {one.size for one in told.values()} == {4}
    assert date(2016, 1, 1) == STARTS
