"""Files and entries become one, and apart again: nothing lost, nothing erased (REG-1, REG-10)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import hooks, story
from shuanglian.registry.actions import households, merges, people, standing, undo, years
from shuanglian.registry.actions.derived import settle
from shuanglian.registry.models import HouseholdYear, Person
from shuanglian.registry.tests.factories import HouseholdYearFactory, relation

from .files import AT, ON, file, members, sons, state_of

pytestmark = pytest.mark.django_db


def test_REG_10_a_merge_moves_everybody_adds_accounts_and_closes_the_other_file(place, clerk):
    kept, closed = file(place.village, 2), file(place.villages[3], 2, phone="13900000009")
    for one in (kept, closed):
        HouseholdYearFactory(household=one)
    going = members(closed)
    link = merges.merge(kept=kept, closed=closed, relations=sons(going), on=ON, why="合户", by=clerk, at=AT,
                        take=["phone"])  # fmt: skip
    kept.refresh_from_db()
    closed.refresh_from_db()
    assert (kept.size, kept.phone, closed.removed_on, members(closed)) == (4, "13900000009", ON, [])
    assert [one.area_code for one in members(kept)] == [kept.area_code] * 4
    account = HouseholdYear.objects.get(household=kept)
    assert (account.net_income, account.income_per_head) == (Decimal(13000), Decimal(3250))
    assert HouseholdYear.objects.get(household=closed).net_income == Decimal(6500)
    assert link.kind == "merge" and (link.source, link.target) == (closed, kept)


def test_REG_10_a_merge_taken_back_restores_both_files_exactly(place, clerk):
    kept, closed = file(place.village, 2), file(place.villages[3], 3)
    for one in (kept, closed):
        HouseholdYearFactory(household=one)
        settle(one, at=AT)
    twin = members(kept)[1]
    gone = members(closed)[1]
    before = state_of(kept, closed)
    link = merges.merge(
        kept=kept, closed=closed, relations=sons(members(closed)), same={gone.pk: twin.pk}, on=ON, why="重复", by=clerk,
        at=AT, take=["phone", "address"], take_of={gone.pk: ["name", "id_number"]},
    )  # fmt: skip
    assert state_of(kept, closed) != before
    undo.undo(link=link, why="认错了", by=clerk, at=AT + timedelta(days=3))
    assert state_of(kept, closed) == before
    with pytest.raises(Refusal, match="已经撤销"):
        undo.undo(link=link, why="再来", by=clerk, at=AT)
    assert [one.what.startswith("撤销") for one in story.of(kept, clerk, "links")] == [True, False]


def test_REG_10_an_account_that_the_merge_made_goes_when_it_is_taken_back(place, clerk):
    kept, closed = file(place.village, 2), file(place.village, 2)
    HouseholdYearFactory(household=closed)
    before = state_of(kept, closed)
    link = merges.merge(kept=kept, closed=closed, relations=sons(members(closed)), on=ON, why="x", by=clerk, at=AT)
    assert HouseholdYear.objects.filter(household=kept).exists()
    undo.undo(link=link, why="认错了", by=clerk, at=AT)
    assert state_of(kept, closed) == before


def test_REG_10_what_was_changed_since_by_both_hinders_the_undo_and_nothing_is_put_back(place, clerk):
    kept, closed = file(place.village, 2), file(place.village, 2)
    link = merges.merge(kept=kept, closed=closed, relations=sons(members(closed)), on=ON, why="x", by=clerk, at=AT)
    moved = Person.objects.get(pk=link.people[0]["person"])
    people.change(person=moved, values={"relation": relation("其他")}, why="更正", by=clerk, at=AT)
    before = state_of(kept, closed)
    with pytest.raises(Refusal, match="又有改动"):
        undo.undo(link=link, why="认错了", by=clerk, at=AT)
    assert state_of(kept, closed) == before


def test_REG_10_what_others_changed_since_elsewhere_in_the_rows_stays(place, clerk):
    kept, closed = file(place.village, 2), file(place.village, 2)
    link = merges.merge(kept=kept, closed=closed, relations=sons(members(closed)), on=ON, why="x", by=clerk, at=AT)
    people.add(household=kept, values={"name": "新生", "relation": relation("之子")}, on=ON, by=clerk, at=AT)
    years.record_year(household=kept, year=2015, values={"income_wage": Decimal(900)}, by=clerk, at=AT)
    undo.undo(link=link, why="认错了", by=clerk, at=AT)
    kept.refresh_from_db()
    assert (kept.size, len(members(kept)), kept.income_per_head) == (3, 3, Decimal(300))


def test_REG_1_an_undo_never_lets_one_number_stand_twice(place, clerk):
    kept, closed, third = file(place.village, 2), file(place.village, 2), file(place.village, 1)
    one, other = members(kept)[1], members(closed)[1]
    link = merges.same_person(kept=one, gone=other, on=ON, why="重复", by=clerk, at=AT)
    people.add(household=third, values={"name": other.name, "id_number": other.id_number, "relation": relation("之子")},
               on=ON, by=clerk, at=AT)  # fmt: skip
    with pytest.raises(Refusal, match="登记在别处"):
        undo.undo(link=link, why="认错了", by=clerk, at=AT)


def test_REG_10_a_file_that_was_merged_comes_back_by_the_undo_only(place, clerk):
    kept, closed = file(place.village, 1), file(place.village, 1)
    merges.merge(kept=kept, closed=closed, relations=sons(members(closed)), on=ON, why="x", by=clerk, at=AT)
    with pytest.raises(Refusal, match="撤销并户"):
        households.reinstate(household=closed, why="想恢复", by=clerk, at=AT)
    with pytest.raises(Refusal, match="撤销并户"):
        standing.reinstate(households=[closed.pk], why="想恢复", by=clerk, at=AT)


def test_two_entries_of_one_person_become_one_with_the_chosen_fields(place, clerk):
    kept, other = file(place.village, 2), file(place.village, 2)
    one, gone = members(kept)[1], members(other)[0]
    heir = members(other)[1]
    before = state_of(kept, other)
    with pytest.raises(Refusal, match="新户主"):
        merges.same_person(kept=one, gone=gone, on=ON, why="重复", by=clerk, at=AT)
    link = merges.same_person(kept=one, gone=gone, on=ON, why="重复", by=clerk, at=AT, take=["id_number", "born_on"],
                              successor=heir)  # fmt: skip
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.id_number, one.id_digest) == (gone.id_number, gone.id_digest) and one.name != gone.name
    assert (other.size, other.head_name, other.removed_on) == (1, heir.name, None)
    undo.undo(link=link, why="认错了", by=clerk, at=AT)
    assert state_of(kept, other) == before


def test_the_last_entry_of_a_file_that_ends_closes_it(place, clerk):
    kept, other = file(place.village, 2), file(place.village, 1)
    merges.same_person(kept=members(kept)[0], gone=members(other)[0], on=ON, why="一户两档", by=clerk, at=AT)
    other.refresh_from_db()
    assert other.removed_on == ON


def test_a_room_above_follows_and_takes_back_by_its_name(place, clerk):
    kept, closed = file(place.village, 1), file(place.village, 1)
    told = []
    hooks.register_follower(hooks.Follower(
        "probe", lambda act: [f"probe {act.kind}"], lambda act: {"people": list(act.people)},
        lambda act, notes: told.append((act.kind, notes, act.closes)),
    ))  # fmt: skip
    try:
        going = members(closed)
        assert "probe merge" in merges.foresee(kept=kept, closed=closed, same={}, on=ON, by=clerk, at=AT)
        link = merges.merge(kept=kept, closed=closed, relations=sons(going), on=ON, why="x", by=clerk, at=AT)
        undo.undo(link=link, why="认错了", by=clerk, at=AT)
    finally:
        hooks._followers.pop("probe")
    assert told == [("merge", {"people": [going[0].pk]}, True)]
