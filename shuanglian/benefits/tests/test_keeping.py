"""Decisions are kept: the database refuses to change or remove them; they follow their family (BEN-8, REG-10)."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from shuanglian.benefits.actions import dues, rounds
from shuanglian.benefits.models import Decision, Due, Payment, Step
from shuanglian.core import clock
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry.actions import households, people, statements
from shuanglian.registry.tests.factories import HouseholdFactory, PersonFactory, relation
from shuanglian.rules.benefits import Decision as RuleDecision

pytestmark = pytest.mark.django_db
ON = date(2015, 10, 1)


@pytest.fixture
def pupil(place):
    household = HouseholdFactory(with_people=1)
    return PersonFactory(household=household, relation=relation("之子"), schooling="07", born_on=date(1999, 5, 5))


def decide(household, on=ON):
    rounds.decide_household(household=household, on=on, by=None, at=clock.now())


def grant_of(person, benefit="senior_grant"):
    return Due.objects.get(person=person, benefit=benefit)


def test_BEN_8_a_decision_keeps_its_facts_sources_version_and_day(pupil):
    decide(pupil.household)
    kept = grant_of(pupil).decisions.get()
    assert (kept.granted, str(kept.yuan), kept.on) == (True, "1500.00", ON)
    facts = {one["path"]: one for one in kept.inputs}
    assert facts["person.school_stage"]["value"] == "senior"
    assert facts["person.school_stage"]["source"]["zh"] == "家庭成员登记" and facts["person.school_stage"]["on"]
    assert kept.version and kept.term_since == date(2015, 9, 1)
    read = RuleDecision.from_json(kept.reasons)
    assert [one.met for one in read.conditions] == [True] * len(read.conditions) and read.conditions


@pytest.mark.parametrize("change", ["granted", "inputs", "reasons", "version", "yuan"])
def test_BEN_8_the_database_refuses_to_rewrite_a_decision(pupil, change):
    decide(pupil.household)
    kept = Decision.objects.filter(due__person=pupil, granted=True).first()
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        Decision.objects.filter(pk=kept.pk).update(**{change: None if change in ("granted", "yuan") else "x"})
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        Decision.objects.filter(pk=kept.pk)._raw_delete("default")
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        Step.objects.filter(due=kept.due).update(note="x")


def test_asked_again_nothing_is_written_twice(pupil):
    decide(pupil.household)
    before = (Due.objects.count(), Decision.objects.count(), Step.objects.count())
    decide(pupil.household)
    assert (Due.objects.count(), Decision.objects.count(), Step.objects.count()) == before


def test_a_new_fact_writes_a_new_decision_and_keeps_the_old_one(pupil):
    decide(pupil.household)
    people.change(person=pupil, values={"schooling": "03"}, why="留级", by=None, at=clock.now())
    decide(pupil.household)
    due = grant_of(pupil)
    assert [one.granted for one in due.decisions.order_by("id")] == [True, False]
    assert (due.state, due.entitled) == (Due.State.ENDED, False)
    assert list(due.steps.values_list("verb", flat=True)) == ["found", "ended"]


def test_what_cannot_be_decided_asks_and_an_answer_decides(pupil):
    people.change(person=pupil, values={"schooling": "04"}, why="更正", by=None, at=clock.now())
    decide(pupil.household)
    due = grant_of(pupil, "boarder_junior")
    assert (due.state, due.asks) == (Due.State.UNDECIDED, ["person.boards"])
    statements.state(about=pupil, fact="boards", value=True, on=date(2015, 9, 1), source="visit", by=None,
                     at=clock.now())  # fmt: skip
    decide(pupil.household)
    due.refresh_from_db()
    assert (due.state, str(due.yuan), due.asks) == (Due.State.OWED, "1250.00", [])


def test_a_decision_does_not_undo_what_people_did(pupil, clerk):
    decide(pupil.household)
    dues.apply(due=grant_of(pupil), on=clock.today(), by=clerk, at=clock.now())
    people.change(person=pupil, values={"schooling": "", "education": "02"}, why="辍学", by=None, at=clock.now())
    decide(pupil.household)
    due = grant_of(pupil)
    assert (due.state, due.entitled) == (Due.State.APPLIED, False)


def test_the_way_of_a_due_is_kept_step_by_step_and_cannot_be_hurried(pupil, clerk):
    decide(pupil.household)
    due, today = grant_of(pupil), clock.today()
    with pytest.raises(Refusal, match="应享未办"):
        dues.appeal(due=due, on=today, why="不服", by=clerk, at=clock.now())
    dues.apply(due=due, on=today, by=clerk, at=clock.now(), papers=["学籍证明"])
    with pytest.raises(Refusal, match="原因"):
        dues.refuse(due=due, on=today, why=" ", by=clerk, at=clock.now())
    with pytest.raises(Refusal, match="不能早于"):
        dues.refuse(due=due, on=date(2000, 1, 1), why="日期写错", by=clerk, at=clock.now())
    dues.refuse(due=due, on=today, why="学籍不在本省", by=clerk, at=clock.now())
    dues.appeal(due=due, on=today, why="学籍在通渭一中", by=clerk, at=clock.now())
    dues.approve(due=due, on=today, by=clerk, at=clock.now())
    due.refresh_from_db()
    assert due.state == Due.State.APPROVED
    assert list(due.steps.values_list("verb", "note")) == [
        ("found", ""), ("applied", ""), ("refused", "学籍不在本省"), ("appealed", "学籍在通渭一中"), ("approved", ""),
    ]  # fmt: skip


def test_what_a_family_is_owed_moves_with_it(pupil, place):
    decide(pupil.household)
    Payment.objects.create(area_code=pupil.area_code, benefit="senior_grant", year=2015, name="x", yuan=1, match="exact",
                           household=pupil.household, fingerprint="f")  # fmt: skip
    households.move(household=pupil.household, village=place.neighbour_village, why="搬迁", by=None, at=clock.now())
    code = place.neighbour_village.code
    for model in (Due, Decision, Step, Payment):
        assert set(model.objects.values_list("area_code", flat=True)) == {code}, model
