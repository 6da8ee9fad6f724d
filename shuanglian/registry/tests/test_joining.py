"""Members move and households are split: links, one head, nobody twice, nothing erased (REG-1, REG-10)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import history, story
from shuanglian.registry.actions import moves, people, splits
from shuanglian.registry.actions.derived import head_code, settle
from shuanglian.registry.models import HouseholdLink, HouseholdYear
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, relation

from .files import AT, ON, file, members, sons, state_of

pytestmark = pytest.mark.django_db


# --- move -----------------------------------------------------------------------------------------------------------
def test_REG_10_a_member_moves_with_the_same_row_and_both_files_know(place, clerk):
    source, target = file(place.village), file(place.villages[3])
    child = members(source)[1]
    before = child.number
    link = moves.move(person=child, target=target, relation=relation("其他"), on=ON, why="过继", by=clerk, at=AT)
    child.refresh_from_db()
    source.refresh_from_db()
    target.refresh_from_db()
    assert (child.household, child.area_code, child.left_on) == (target, target.area_code, None)
    assert child.number.startswith(target.number) and child.number != before
    assert (source.size, target.size) == (2, 4)
    assert (link.kind, link.source, link.target, link.people[0]["person"]) == ("move", source, target, child.pk)
    for one in (source, target):
        assert story.of(one, clerk, "links")[0].why == "过继"


def test_REG_10_a_head_who_moves_names_who_follows_and_the_last_one_does_not_move(place, clerk):
    source, target = file(place.village, 2), file(place.village, 1)
    head, child = members(source)
    with pytest.raises(Refusal, match="新户主"):
        moves.move(person=head, target=target, relation=relation("其他"), on=ON, why="x", by=clerk, at=AT)
    moves.move(person=head, target=target, relation=relation("其他"), on=ON, why="x", by=clerk, at=AT, successor=child)
    source.refresh_from_db()
    assert source.head_name == child.name
    child.refresh_from_db()
    with pytest.raises(Refusal, match="并户"):
        moves.move(person=child, target=target, relation=relation("其他"), on=ON, why="x", by=clerk, at=AT)


@pytest.mark.parametrize(
    ("how", "says"),
    [({"relation": "户主"}, "已有户主"), ({"relation": ""}, "关系"), ({"on": date(2016, 3, 2)}, "晚于今天"),
     ({"on": date(2014, 1, 1)}, "早于登记日期"), ({"why": " "}, "原因")],
)  # fmt: skip
def test_REG_1_a_move_that_breaks_a_house_rule_is_refused(place, clerk, how, says):
    source, target = file(place.village), file(place.village)
    told = {"relation": "其他", "on": ON, "why": "x", **how}
    told["relation"] = relation(told["relation"]) if told["relation"] else ""
    before = state_of(source, target)
    with pytest.raises(Refusal, match=says):
        moves.move(person=members(source)[1], target=target, by=clerk, at=AT, **told)
    assert state_of(source, target) == before and not HouseholdLink.objects.exists()


def test_a_number_is_not_given_to_somebody_else_after_its_bearer_moved(place, clerk):
    source, target = file(place.village), file(place.village)
    last = members(source)[-1]
    had = {one.number for one in members(source)}
    moves.move(person=last, target=target, relation=relation("其他"), on=ON, why="x", by=clerk, at=AT)
    new = people.add(household=source, values={"name": "新人", "relation": relation("之子")}, on=ON, by=clerk, at=AT)
    assert new.number not in had and new.number.startswith(source.number)


def test_REG_10_what_changed_before_the_move_is_told_in_both_files_what_comes_after_only_in_the_new(place, clerk):
    source, target = file(place.village), file(place.village)
    child = members(source)[1]
    people.change(person=child, values={"name": "早改"}, why="户口簿", by=clerk, at=AT)
    later = AT + timedelta(days=1)
    moves.move(person=child, target=target, relation=relation("其他"), on=ON, why="过继", by=clerk, at=later)
    child.refresh_from_db()
    people.change(person=child, values={"name": "晚改"}, why="户口簿", by=clerk, at=later + timedelta(days=1))
    told = {one.pk: [line.after for deed in history.deeds(one) for line in deed.lines] for one in (source, target)}
    assert "早改" in told[source.pk] and "早改" in told[target.pk]
    assert "晚改" in told[target.pk] and "晚改" not in told[source.pk]


# --- split ----------------------------------------------------------------------------------------------------------
def test_REG_10_a_split_founds_a_file_with_number_head_and_what_is_divided(place, clerk):
    source = file(place.village, 4, main_cause="02")
    HouseholdYearFactory(household=source, land_cultivated=Decimal(8))
    settle(source, at=AT)
    _head, one, two, _three = members(source)
    link = splits.split(
        household=source, people=[one, two], head=one, relations=sons([two]), on=ON, why="成家", by=clerk, at=AT,
        divided={"income_wage": Decimal(1000), "land_cultivated": Decimal(3)},
    )  # fmt: skip
    new = link.target
    new.refresh_from_db()
    source.refresh_from_db()
    assert (new.size, source.size, new.since, new.main_cause, new.head_name) == (2, 2, ON, "02", one.name)
    assert new.number.startswith(place.village.code) and new.village == source.village
    assert [(one.relation == head_code()) for one in members(new)] == [True, False]
    ours, theirs = HouseholdYear.objects.get(household=source), HouseholdYear.objects.get(household=new)
    assert (ours.income_wage, theirs.income_wage) == (Decimal(3000), Decimal(1000))
    assert (ours.land_cultivated, theirs.land_cultivated) == (Decimal(5), Decimal(3))
    assert (ours.income_per_head, theirs.income_per_head) == (Decimal(2750), Decimal(500))
    assert (source.income_per_head, new.income_per_head) == (Decimal(2750), Decimal(500))
    assert "成家" in [one.why for one in story.of(new, clerk, "links")]


@pytest.mark.parametrize(
    ("going", "head", "more", "says"),
    [([], 1, {}, "请选择分出去"), ([1], 2, {}, "新户主须是"), ([0, 1, 2], 0, {}, "至少要留下"), ([0, 1], 1, {}, "新户主"),
     ([1, 2], 1, {"relations": {}}, "关系"), ([1], 1, {"divided": {"income_wage": Decimal(9000)}}, "不能超过"),
     ([1], 1, {"number": "taken"}, "已被使用")],
)  # fmt: skip
def test_REG_1_a_split_that_breaks_a_house_rule_is_refused(place, clerk, going, head, more, says):
    source = file(place.village)
    HouseholdYearFactory(household=source)
    HouseholdFactory(number="taken")
    rows = members(source)
    before = state_of(source)
    told = {"relations": sons(rows), "on": ON, "why": "x", **more}
    with pytest.raises(Refusal, match=says):
        splits.split(household=source, people=[rows[n] for n in going], head=rows[head], by=clerk, at=AT, **told)
    assert state_of(source) == before
