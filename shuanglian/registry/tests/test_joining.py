"""Members move, households are split and merged: links, one head, nobody twice, nothing erased (REG-1, REG-10)."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import asof, history, hooks, leads, story
from shuanglian.registry.actions import households, merges, moves, people, splits, standing, undo, years
from shuanglian.registry.actions.derived import head_code, settle
from shuanglian.registry.models import Household, HouseholdLink, HouseholdYear, Person
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, relation

pytestmark = pytest.mark.django_db
AT = datetime(2016, 3, 1, 2, 0, tzinfo=UTC)
ON = date(2016, 2, 20)


@pytest.fixture
def no_procedures():
    """A programme without procedures for files: the register's own pages do it."""
    kept, leads._leads[:] = list(leads._leads), []
    yield
    leads._leads[:] = kept


def file(village, many=3, **more):
    made = HouseholdFactory(village=village, with_people=many, **more)
    settle(made, at=AT)
    return made


def members(household):
    return list(Person.objects.filter(household=household, left_on__isnull=True).order_by("pk"))


def sons(rows):
    return {one.pk: relation("之子") for one in rows}


def state_of(*households):
    """Every value of files, members and accounts, as the database has them."""
    keys = [one.pk for one in households]
    rows = [Household.objects.filter(pk__in=keys), Person.objects.filter(household__in=keys),
            HouseholdYear.objects.filter(household__in=keys)]  # fmt: skip
    return [list(part.order_by("pk").values()) for part in rows]


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


# --- merge and undo -------------------------------------------------------------------------------------------------
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


# --- any sequence ---------------------------------------------------------------------------------------------------
DEEDS = st.lists(
    st.tuples(st.sampled_from(["move", "split", "merge", "undo"]), st.integers(0, 50), st.integers(0, 50),
              st.integers(0, 50)), min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_REG_10_any_sequence_keeps_everybody_once_one_head_each_and_every_past_day_as_it_was(place, clerk, deeds):
    """Refused acts change nothing; those that go through keep persons, heads, sizes, events and past days."""
    first = [file(place.villages[n % 2], 1 + n) for n in range(3)]
    everybody = {one.pk for one in Person.objects.filter(household__in=first)}
    at, pasts = AT, {}
    for kind, a, b, c in deeds:
        files = list(Household.objects.filter(people__in=everybody).standing().distinct().order_by("pk"))
        for one in Household.objects.filter(people__in=everybody).distinct():
            pasts[one.pk, at] = told(one.pk, at)
        at += timedelta(days=1)
        with suppress(Refusal):
            act(kind, files, a, b, c, clerk, at)
        people_now = Person.objects.filter(pk__in=everybody, left_on__isnull=True)
        assert {one.pk for one in people_now} == everybody
        files = Household.objects.filter(people__in=everybody).standing().distinct()
        assert all(one.household_id in {row.pk for row in files} for one in people_now)
        for one in files:
            rows = members(one)
            assert [row.relation for row in rows].count(head_code()) == 1
            assert one.size == len(rows)
            assert len({row.number for row in rows}) == len(rows)
        assert all(told(*key) == past for key, past in pasts.items())
    for one in Household.objects.filter(people__in=everybody).distinct():
        assert story.of(one, clerk)  # every event can be told


def told(key, moment):
    """What the file said then, as plain values."""
    then = asof.file(key, moment)
    return then and (then.household.size, then.household.removed_on, [(one.pgh_id, one.name) for one in then.people])


def act(kind, files, a, b, c, clerk, at):
    source, target = files[a % len(files)], files[b % len(files)]
    rows = members(source)
    one, heir = rows[c % len(rows)], rows[(c + 1) % len(rows)]
    if kind == "move":
        moves.move(
            person=one, target=target, relation=relation("其他"), on=ON, why="x", by=clerk, at=at, successor=heir
        )
    elif kind == "split":
        splits.split(household=source, people=[one], head=one, relations={}, on=ON, why="x", by=clerk, at=at,
                     successor=heir)  # fmt: skip
    elif kind == "merge":
        merges.merge(kept=target, closed=source, relations=dict.fromkeys([row.pk for row in rows], relation("其他")),
                     on=at.date(), why="x", by=clerk, at=at)  # fmt: skip
    else:
        link = HouseholdLink.objects.filter(kind="merge", undone_at=None).first()
        if link:
            undo.undo(link=link, why="x", by=clerk, at=at)


# --- pages ----------------------------------------------------------------------------------------------------------
def test_a_split_is_previewed_and_only_then_done(client, no_procedures, place, clerk, committee):
    source = file(place.village, 3)
    _head, one, two = members(source)
    address = reverse("registry:split", args=[source.pk])
    given = {"people": [one.pk, two.pk], "head": one.pk, f"relation_{two.pk}": relation("之子"), "on": "2016-02-20",
             "why": "成家"}  # fmt: skip
    client.force_login(committee)
    assert client.post(address, {**given, "confirm": "1"}).status_code == 403
    client.force_login(clerk)
    text = client.post(address, given).content.decode()
    assert "办理后会是这样" in text and "新立户" in text and not HouseholdLink.objects.exists()
    assert Household.objects.count() == 1
    answer = client.post(address, {**given, "confirm": "1"})
    link = HouseholdLink.objects.get()
    assert answer.url == reverse("registry:household", args=[link.target_id]) and len(members(link.target)) == 2


def test_a_move_is_previewed_and_a_refusal_stands_on_the_form(client, no_procedures, place, clerk, neighbour):
    source, target = file(place.village, 2), file(place.village, 1)
    head, child = members(source)
    address = reverse("registry:person_moves", args=[child.pk])
    given = {"target": target.number, "relation": relation("其他"), "on": "2016-02-20", "why": "过继"}
    client.force_login(neighbour)
    assert client.get(address).status_code == 404
    client.force_login(clerk)
    assert "2 → 1" in client.post(address, given).content.decode()
    assert "没有这样的在册户" in client.post(address, {**given, "target": "H999"}).content.decode()
    wrong = reverse("registry:person_moves", args=[head.pk])
    assert client.post(wrong, {**given, "confirm": "1", "successor": head.pk}).status_code == 200
    client.post(address, {**given, "confirm": "1"})
    assert len(members(target)) == 2


def test_a_merge_asks_for_everybody_and_every_field_and_can_be_taken_back_by_page(client, no_procedures, place, clerk):
    kept, closed = file(place.village, 2), file(place.village, 2)
    twin, double = members(kept)[1], members(closed)[1]
    Person.objects.filter(pk=double.pk).update(name=twin.name, born_on=twin.born_on)
    before = state_of(kept, closed)
    client.force_login(clerk)
    address = reverse("registry:merge", args=[kept.pk]) + f"?other={closed.number}&keep=this"
    text = client.get(address).content.decode()
    assert "是同一人" in text and "逐项选择" in text and closed.phone not in text
    given = {f"place_{members(closed)[0].pk}": relation("其他"), f"place_{double.pk}": f"same_{twin.pk}",
             "take_phone": "gone", "on": "2016-02-20", "why": "一户两档"}  # fmt: skip
    given |= {f"take{double.pk}_id_number": "kept"}
    assert "关闭，原内容可随时查看" in client.post(address, given).content.decode()
    assert state_of(kept, closed) == before
    client.post(address, {**given, "confirm": "1"})
    link = HouseholdLink.objects.get()
    kept.refresh_from_db()
    assert (kept.phone, len(members(kept)), link.kind) == (closed.phone, 3, "merge")
    assert reverse("registry:undo_merge", args=[link.pk]) in client.get(
        reverse("registry:story", args=[kept.pk])).content.decode()  # fmt: skip
    client.post(reverse("registry:undo_merge", args=[link.pk]), {"why": "认错了"})
    assert state_of(kept, closed) == before
