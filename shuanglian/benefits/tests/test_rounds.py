"""Rounds and what they keep: nothing twice, changed law beside the old, questions answered, the ladder (BEN-7, 8)."""

import json
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.benefits.actions import bulk, dues, keeping, rounds, writing
from shuanglian.benefits.commands import benefits
from shuanglian.benefits.models import Decision, Due, Payment, Round, Step
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import raw
from shuanglian.registry.actions import statements
from shuanglian.trail.models import Entry

from .owed import AT, GRANT, ON, PRIMARY, decided, family, pupil

NEXT_YEAR = date(2016, 3, 1)
LATER = datetime(2016, 3, 1, 8, tzinfo=UTC)
SAID = {"on": date(2015, 9, 1), "source": "visit", "by": None, "at": AT}


def run(area, on=ON, at=AT, by=None) -> Round:
    """A round from its order to its end, as its job does it."""
    made = rounds.start(area=area, on=on, by=by, at=at)
    assert jobs.run_now(made.job).state == "done"
    made.refresh_from_db()
    return made


@pytest.mark.django_db
class TestKeeping:
    def test_BEN_8_a_round_finds_grants_and_questions_of_every_family_and_counts_them(self, place):
        families = [family(place.village), family(place.villages[4], schooling=PRIMARY)]
        family(place.neighbour_village)
        made = run(place.county)
        assert (made.state, made.figures["households"], made.figures["people"]) == ("done", 2, 4)
        assert set(Due.objects.values_list("household_id", flat=True)) == {one.pk for one in families}
        grant = made.figures["benefits"][GRANT]
        assert (grant["granted"], Decimal(grant["yuan"])) == (1, Decimal(1500))
        assert Due.objects.filter(state="owed").count() == made.figures["total"]["granted"]
        assert Due.objects.filter(state="undecided").count() == made.figures["total"]["open"]

    def test_a_round_and_the_family_alone_come_to_the_same(self, place):
        household = family(place.village)
        run(place.county)
        kept = Decision.objects.count()
        decided(household)
        assert Decision.objects.count() == kept

    def test_what_is_written_in_parts_by_copy_is_what_is_written_at_once(self, place, monkeypatch):
        for village in (place.village, place.villages[4], place.villages[4]):
            family(village)

        def kept():
            with transaction.atomic():
                run(place.county)
                run(place.county, at=AT + timedelta(days=1))
                family_of = ("due__household", "due__person", "due__benefit")
                rows = [
                    list(Due.objects.order_by("household", "person", "benefit").values_list(*columns(Due))),
                    list(Decision.objects.order_by(*family_of).values_list(*family_of, *columns(Decision))),
                    list(Step.objects.order_by(*family_of).values_list(*family_of, *columns(Step))),
                ]
                transaction.set_rollback(True)
            return rows

        def columns(model):
            return [
                one.name
                for one in model._meta.concrete_fields
                if one.name not in ("id", "due", "round", "at", "changed_at")
            ]

        at_once = kept()
        assert all(at_once)
        monkeypatch.setattr(rounds, "EVERY", 1)
        monkeypatch.setattr(keeping, "FULL", 4)
        monkeypatch.setattr(writing, "MANY", 1)
        assert kept() == at_once

    def test_nothing_is_written_twice(self, place):
        family(place.village)
        run(place.county)
        before = (Due.objects.count(), Decision.objects.count(), Step.objects.count())
        again = run(place.county, at=AT + timedelta(days=1))
        assert (Due.objects.count(), Decision.objects.count(), Step.objects.count()) == before
        assert again.figures["total"]["new"] == again.figures["total"]["changed"] == 0

    def test_a_due_that_no_longer_fits_ends_with_its_reason_and_comes_back_when_it_fits(self, place):
        household = family(place.village)
        due = decided(household)[GRANT]
        household.people.filter(pk=pupil(household).pk).update(schooling=PRIMARY)
        decided(household)
        due.refresh_from_db()
        assert (due.state, due.entitled, due.yuan) == ("ended", False, None)
        last = due.decisions.first()
        assert [one["says"]["zh"] for one in last.reasons["conditions"] if one["reason"]["met"] is False] == [
            "就读普通高中"
        ]
        household.people.filter(pk=pupil(household).pk).update(schooling="07")
        decided(household)
        due.refresh_from_db()
        assert due.state == "owed" and [one.verb for one in due.steps.all()] == ["found", "ended", "found"]

    def test_BEN_8_next_years_law_writes_a_new_decision_and_keeps_the_old(self, place):
        household = family(place.village)
        statements.state(about=pupil(household), fact="medical_self_paid", value=Decimal(4000), **SAID)
        decided(household)
        assert not Due.objects.filter(benefit="serious_illness", person=pupil(household)).exists()
        statements.state(about=pupil(household), fact="medical_self_paid", value=Decimal(9000), **SAID | {
            "on": date(2015, 9, 2)})  # fmt: skip
        old = decided(household)["serious_illness"]
        kept = old.decisions.get()
        before = (kept.on, kept.version, kept.yuan, kept.inputs)
        decided(household, on=NEXT_YEAR, at=LATER)
        new = Due.objects.get(benefit="serious_illness", person=pupil(household), period=2016)
        kept.refresh_from_db()
        assert (kept.on, kept.version, kept.yuan, kept.inputs) == before and old.decisions.count() == 1
        assert new.pk != old.pk and new.decisions.get().version != kept.version
        assert new.decisions.get().term_since == date(2016, 1, 1)

    def test_a_statement_answers_a_question_and_its_withdrawal_opens_it_again(self, place):
        household = family(place.village, schooling=PRIMARY)
        due = decided(household)["boarder_primary"]
        assert (due.state, due.asks) == ("undecided", ["person.boards"])
        said = statements.state(about=pupil(household), fact="boards", value=True, **SAID)
        assert decided(household)["boarder_primary"].state == "owed"
        statements.withdraw(statement=said, why="问错了人", by=None, at=AT)
        assert decided(household)["boarder_primary"].state == "undecided"
        assert [one.granted for one in due.decisions.order_by("id")] == [None, True, None]

    def test_a_conflict_between_register_and_statement_asks_instead_of_deciding(self, place):
        household = family(place.village)
        due = decided(household)[GRANT]
        statements.state(about=pupil(household), fact="school_stage", value="primary", **SAID)
        assert run(place.county).figures["conflicts"] == 1
        due.refresh_from_db()
        assert (due.state, due.entitled, due.asks) == ("undecided", None, ["person.school_stage"])

    def test_what_somebody_set_is_not_taken_back_by_a_decision(self, place):
        household = family(place.village)
        due = decided(household)[GRANT]
        dues.apply(due=due, on=ON, by=None, at=AT)
        household.people.filter(pk=pupil(household).pk).update(schooling=PRIMARY)
        decided(household)
        due.refresh_from_db()
        assert (due.state, due.entitled) == ("applied", False)

    def test_a_members_fact_keeps_whose_it_is(self, place):
        household = family(place.village)
        due = decided(household)["skill_certificate"]
        told = [one for one in due.decisions.first().inputs if one["path"] == "person.able_to_work"]
        members = raw.of_household(household.pk, ON).people["id"].to_list()
        assert [(members[one["place"]], one["member"]) for one in told] == [(one, one) for one in members]
        assert {one["member"]: one["value"] for one in told}[pupil(household).pk] is False

    def test_a_cancelled_round_keeps_nothing_and_may_be_started_anew(self, place):
        family(place.village)
        made = rounds.start(area=place.county, on=ON, by=UserFactory(area=place.county), at=AT)
        jobs.cancel(job=made.job, by=made.by, at=AT)
        assert not Due.objects.exists()
        assert run(place.county).figures["households"] == 1
        made.refresh_from_db()
        assert made.state == "failed"


@pytest.mark.django_db
class TestCommand:
    def find(self, *more):
        return CliRunner().invoke(benefits, ["find", "--lang", "zh", *more])

    def test_BEN_8_the_command_runs_a_round_to_its_end(self, place):
        family(place.village)
        told = self.find("--area", place.county.code, "--on", ON.isoformat(), "--json")
        assert told.exit_code == 0, told.output
        figures = json.loads(told.output)
        assert (figures["households"], figures["on"]) == (1, ON.isoformat())
        assert Round.objects.get(pk=figures["round"]).state == "done"
        assert Due.objects.filter(state="owed").count() == figures["total"]["granted"] > 0

    @pytest.mark.parametrize(("more", "word"), [(["--area", "999999"], "没有区划代码"),
                                                (["--area", "621121", "--on", "2999-01-01"], "不能晚于今天")])  # fmt: skip
    def test_what_cannot_be_started_says_why(self, place, more, word):
        told = self.find(*more)
        assert told.exit_code == 2 and word in told.output and not Round.objects.exists()


@pytest.mark.django_db
class TestLadder:
    def due(self, place) -> Due:
        return decided(family(place.village))[GRANT]

    def test_BEN_7_every_step_keeps_who_when_and_on_what_papers(self, place):
        clerk = UserFactory(area=place.county)
        due = self.due(place)
        due = dues.apply(due=due, on=date(2015, 10, 16), papers=["学籍证明"], by=clerk, at=LATER)
        due = dues.refuse(due=due, on=date(2015, 10, 20), why="学籍不在本县", by=clerk, at=LATER)
        assert (due.state, due.reason) == ("refused", "学籍不在本县")
        due = dues.appeal(due=due, on=date(2015, 10, 21), why="学籍已转回", by=clerk, at=LATER)
        due = dues.approve(due=due, on=date(2015, 10, 30), yuan=Decimal(1500), by=clerk, at=LATER)
        assert due.state == "approved" and due.reason == "学籍不在本县"
        told = [(one.verb, one.on.day, one.note, one.papers) for one in due.steps.exclude(verb="found")]
        assert told == [("applied", 16, "", ["学籍证明"]), ("refused", 20, "学籍不在本县", []),
                        ("appealed", 21, "学籍已转回", []), ("approved", 30, "", [])]  # fmt: skip
        assert Entry.objects.filter(verb__startswith="benefits.dues.", by_id=clerk.pk).count() == 4

    @pytest.mark.parametrize(("before", "step"), [([], "appeal"), (["apply"], "appeal"), (["apply", "approve"], "refuse"),
                                                  (["apply"], "apply")])  # fmt: skip
    def test_a_step_out_of_its_order_is_refused_in_words(self, place, before, step):
        due = self.due(place)
        for name in before:
            self.take(due, name)
        with pytest.raises(Refusal) as refused:
            self.take(due, step)
        assert refused.value.code == "not_now"

    def take(self, due, name):
        more = {"why": "理由充分"} if name in ("refuse", "appeal") else {}
        return getattr(dues, name)(due=due, on=ON, by=None, at=AT, **more)

    @pytest.mark.parametrize("why", ["", "  "])
    def test_a_refusal_without_a_reason_is_none(self, place, why):
        due = self.due(place)
        dues.apply(due=due, on=ON, by=None, at=AT)
        with pytest.raises(Refusal):
            dues.refuse(due=due, on=ON, why=why, by=None, at=AT)
        due.refresh_from_db()
        assert due.state == "applied"

    def test_money_settles_a_due_and_its_return_opens_it_again(self, place):
        due = self.due(place)
        with transaction.atomic():
            paid = Payment.objects.create(
                area_code=due.area_code, benefit=due.benefit, year=2015, name="x", yuan=Decimal(750), match="exact",
                household_id=due.household_id, person_id=due.person_id, due=due, fingerprint="1",
            )  # fmt: skip
            assert dues.settle(due=due, on=ON, by=None, at=AT).state == "received"
            paid.due = None
            paid.save()
            assert dues.settle(due=due, on=ON, by=None, at=AT).state == "owed"

    def test_several_are_applied_for_at_once_and_one_that_cannot_is_told(self, place):
        ready, gone = self.due(place), self.due(place)
        dues.apply(due=gone, on=ON, by=None, at=AT)
        told = bulk.apply_all(dues=[gone, ready], on=ON, papers={GRANT: ["学籍证明"]}, by=None, at=AT)
        assert [one.pk for one in told.done] == [ready.pk]
        assert [(due.pk, why.code) for due, why in told.refused] == [(gone.pk, "not_now")]
        assert ready.steps.last().papers == ["学籍证明"]


@pytest.mark.django_db(transaction=True)
def test_of_two_steps_at_once_one_is_taken_and_the_other_refused(place):
    due = decided(family(place.village))[GRANT]
    ready, told = threading.Barrier(2), []

    def take(name):
        try:
            ready.wait(10)
            getattr(dues, name)(due=due, on=ON, by=None, at=AT, **({"why": "学籍不在"} if name == "refuse" else {}))
            told.append("done")
        except Refusal as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    dues.apply(due=due, on=ON, by=None, at=AT)
    threads = [threading.Thread(target=take, args=(name,)) for name in ("approve", "refuse")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(told) == ["done", "not_now"]
    due.refresh_from_db()
    assert [one.verb for one in due.steps.all()][-1] == due.state and due.steps.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_one_family_at_once_keep_each_due_once(place):
    household = family(place.village)
    ready, wrong = threading.Barrier(2), []

    def decide():
        try:
            ready.wait(10)
            rounds.decide_household(household=household, on=ON, by=None, at=AT)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide) for _one in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert wrong == []
    assert Decision.objects.count() == Due.objects.count() == Step.objects.count() > 0
