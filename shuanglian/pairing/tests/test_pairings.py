"""During the year: what must move is worked out again, the rest stays; history is kept (PAIR-6, REG-9, REG-10)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.actions import cadres
from shuanglian.organisation.tests.factories import CadreFactory
from shuanglian.pairing import queries
from shuanglian.pairing.actions import confirming, coverage, leaders, pairings, relatives
from shuanglian.pairing.models import AreaCoverage, ExitVillage, LeaderLink, Pairing, Relative, Round
from shuanglian.pairing.tests.factories import (
    AT,
    ON,
    LeaderLinkFactory,
    PairingFactory,
    UserFactory,
    VillageLinkFactory,
    confirmed,
    county,
    opened,
    solved,
)
from shuanglian.registry.tests.factories import HouseholdFactory

pytestmark = pytest.mark.django_db
LATER = date(2015, 7, 1)
NEXT_YEAR = date(2016, 1, 1)


def repaired(place, by=None):
    found = pairings.repair(area=place.area, on=LATER, by=by or UserFactory(), at=AT)
    job = jobs.run_now(found.job)
    assert job.state == "done", job.message
    return Round.objects.get(pk=found.pk)


def standing():
    return dict(Pairing.objects.standing_on(LATER).values_list("household", "cadre"))


def test_PAIR_6_when_a_cadre_retires_only_his_households_move_and_the_pairs_before_are_kept():
    place = county()
    confirmed(solved(opened(place)))
    before = standing()
    retiring = place.cadres[0]
    his = {household for household, cadre in before.items() if cadre == retiring.pk}
    assert his
    cadres.set_away(cadre=retiring, kind="retired", since=date(2015, 6, 30), by=None, at=AT)
    assert queries.must_move(area=place.area, on=LATER).count() == len(his)
    found = repaired(place)
    assert found.kind == Round.Kind.REPAIR
    assert set(found.pairs.values_list("household", flat=True)) == his
    confirming.confirm(round=found, by=UserFactory(), at=AT)
    after = standing()
    assert {household for household in before if before[household] != after[household]} == his
    assert Pairing.objects.filter(household__in=his, until=date(2015, 6, 30), ended_why="cadre_left").count() == len(
        his
    )
    assert Pairing.objects.count() == 12 + len(his)
    assert not queries.must_move(area=place.area, on=LATER).exists()


def test_a_cadre_on_leave_keeps_his_households_during_the_year():
    place = county()
    confirmed(solved(opened(place)))
    before = standing()
    cadres.set_away(cadre=place.cadres[0], kind="leave", since=date(2015, 6, 1), until=date(2015, 8, 1), by=None, at=AT)
    found = repaired(place)
    assert found.pairs.count() == 0
    confirming.confirm(round=found, by=UserFactory(), at=AT)
    assert standing() == before


def test_a_new_household_gets_somebody_and_one_that_left_lets_its_cadre_go():
    place = county()
    confirmed(solved(opened(place)))
    gone = place.households[0]
    gone.left_on = date(2015, 6, 1)
    gone.save()
    new = HouseholdFactory(village=place.tree.villages[1], since=date(2015, 6, 1))
    found = repaired(place)
    assert set(found.pairs.values_list("household", "change", "why")) == {
        (gone.pk, "ended", "household_left"), (new.pk, "new", "first"),
    }  # fmt: skip
    confirming.confirm(round=found, by=UserFactory(), at=AT)
    assert new.pk in standing()
    assert gone.pk not in standing()


def test_a_household_that_moved_to_another_village_is_worked_out_again():
    place = county()
    confirmed(solved(opened(place)))
    family, to = place.households[0], place.tree.villages[5]
    family.village, family.area_code = to, to.code
    family.save()
    found = repaired(place)
    pair = found.pairs.filter(household=family).first()
    if pair is not None:  # else the same cadre is still the best
        assert (pair.change, pair.why) == ("moved", "household_moved")
    confirming.confirm(round=found, by=UserFactory(), at=AT)
    assert Pairing.objects.get(household=family, until=None).area_code == to.code


def test_REG_9_a_relation_declared_during_the_year_parts_the_pair():
    place = county()
    confirmed(solved(opened(place)))
    pairing = Pairing.objects.get(household=place.households[0])
    first = relatives.declare(cadre=pairing.cadre, household=pairing.household, note="叔侄", on=LATER, by=None, at=AT)
    again = relatives.declare(cadre=pairing.cadre, household=pairing.household, note="叔侄", on=LATER, by=None, at=AT)
    assert first.pk == again.pk
    found = repaired(place)
    pair = found.pairs.get(household=pairing.household)
    assert (pair.why, pair.cadre_id == pairing.cadre_id) == ("relative", False)
    relatives.withdraw(relative=first, why="登记有误", by=None, at=AT)
    assert not Relative.objects.exists()


def test_a_repair_in_work_is_taken_up_again_not_doubled():
    place = county()
    confirmed(solved(opened(place)))
    first = repaired(place)
    assert repaired(place).pk == first.pk


def test_a_pair_is_ended_by_hand_with_a_reason_and_waits_for_a_repair():
    place = county()
    confirmed(solved(opened(place)))
    pairing = Pairing.objects.get(household=place.households[0])
    with pytest.raises(Refusal) as refused:
        pairings.end(pairing=pairing, on=LATER, why="", by=None, at=AT)
    assert refused.value.code == "no_reason"
    ended = pairings.end(pairing=pairing, on=date(2015, 6, 30), why="户提出更换", by=UserFactory(), at=AT)
    assert (ended.until, ended.ended_why) == (date(2015, 6, 30), "户提出更换")
    with pytest.raises(Refusal) as refused:
        pairings.end(pairing=ended, on=LATER, why="再次", by=None, at=AT)
    assert refused.value.code == "pair_has_ended"
    assert [family.pk for family in queries.without_person(area=place.area, on=LATER)] == [place.households[0].pk]
    found = repaired(place)
    assert found.pairs.get().household_id == place.households[0].pk


def test_the_database_keeps_every_state_of_a_pairing():
    place = county()
    confirmed(solved(opened(place)))
    pairing = Pairing.objects.get(household=place.households[0])
    pairings.end(pairing=pairing, on=LATER, why="户提出更换", by=UserFactory(), at=AT)
    states = Pairing.pgh_event_model.objects.filter(id=pairing.pk).order_by("pgh_id")
    assert [state.until for state in states] == [None, LATER]
    assert states[1].pgh_context.metadata["why"] == "户提出更换"


# ---- coverage --------------------------------------------------------------------------------------------------------
def test_PAIR_1_coverage_counts_villages_first_and_adds_up():
    place = county()
    VillageLinkFactory(unit=place.units[0], village=place.tree.villages[1])
    for family in place.households[:5]:
        PairingFactory(household=family, cadre=place.cadres[0])
    PairingFactory(household=place.households[5], cadre=place.stationed[0], slot="fallback")
    coverage.rebuild(None, AT)
    rows = {row.area_id: row for row in AreaCoverage.objects.all()}
    for area in (place.area, place.area.parent, place.area.parent.parent):
        row = rows[area.pk]
        assert (row.households, row.paired, row.fallback, row.cadres, row.units) == (12, 6, 1, 2, 2)
        assert (row.poor_villages, row.linked_villages) == (4, 1)
    village = rows[place.tree.villages[1].pk]
    assert (village.households, village.poor_villages, village.linked_villages) == (3, 1, 1)
    assert rows[place.tree.neighbour.pk].households == 0
    assert len(rows) == Area.objects.current().count()


def test_rebuilding_a_village_keeps_everything_above_right():
    place = county()
    coverage.rebuild(None, AT)
    PairingFactory(household=place.households[0], cadre=place.cadres[0])
    coverage.rebuild(place.households[0].village, AT)
    assert AreaCoverage.objects.get(area=place.area).paired == 1
    assert AreaCoverage.objects.get(area=place.tree.province).paired == 1


# ---- leaders ---------------------------------------------------------------------------------------------------------
def test_PAIR_7_leaders_go_to_townships_with_exit_villages_first_and_present_links_stay():
    place = county()
    for village in place.tree.villages[4:6]:
        ExitVillage.objects.create(village=village, area_code=village.code, year=2015)
    found = opened(place)
    assert leaders.assign(round=found, by=found.by, at=AT) == {"kept": 0, "begun": 2, "ended": 0, "vacant": 0}
    rows = list(found.leaders.order_by("area_code"))
    assert [row.township_id for row in rows] == [township.pk for township in place.tree.townships]
    assert {row.leader.rank for row in rows} == {"county_deputy"}
    confirmed(solved(found))
    again = opened(place, on=NEXT_YEAR)
    assert leaders.assign(round=again, by=again.by, at=AT) == {"kept": 2, "begun": 0, "ended": 0, "vacant": 0}
    assert not again.leaders.exists()


def test_PAIR_7_with_one_leader_the_township_with_exit_villages_gets_him():
    place = county(units=1)
    village = place.tree.villages[4]
    ExitVillage.objects.create(village=village, area_code=village.code, year=2015)
    found = opened(place)
    assert leaders.assign(round=found, by=found.by, at=AT)["vacant"] == 1
    assert found.leaders.get().township == place.tree.townships[1]


def test_PAIR_7_which_ranks_lead_stands_in_the_profile():
    place = county()
    then = active().on(ON)
    chief = CadreFactory(unit=place.units[0], rank="prefecture")
    assert [code for code, rank in then.ranks.items() if rank.leads == "county"] == ["county_full", "county_deputy"]
    led = {name: leaders.candidates(area=place.area, on=ON, rule=rule) for name, rule in then.pairing.leaders.items()}
    assert {one.rank for one in led["county"]} == {"county_deputy"} and led["city"] == [chief]


def test_PAIR_7_leaders_take_force_only_when_a_second_person_confirms_the_round():
    place = county()
    found = opened(place)
    old = LeaderLinkFactory(leader=place.cadres[1])
    leader, township, clerk = place.cadres[0], place.tree.township, UserFactory()
    leaders.link(round=found, leader=leader, township=township, by=clerk, at=AT)
    leaders.unlink(round=found, leader=old.leader, township=township, by=clerk, at=AT)
    assert list(LeaderLink.objects.open()) == [old]
    found = solved(found)
    with pytest.raises(Refusal) as refused:
        confirmed(found, by=clerk)
    assert refused.value.code == "four_eyes" and list(LeaderLink.objects.open()) == [old]
    confirmed(found)
    new = LeaderLink.objects.open().get()
    assert (new.leader, new.township, new.since, new.round) == (leader, township, found.on, found)
    old.refresh_from_db()
    assert old.until == found.on - timedelta(days=1)


def test_PAIR_7_a_leader_who_left_since_he_was_proposed_keeps_the_round_from_taking_force():
    place = county()
    found = solved(opened(place))
    idle = CadreFactory(unit=place.units[0], rank="county_full", until=ON - timedelta(days=1))
    leaders.link(round=found, leader=idle, township=place.tree.township, by=found.by, at=AT)
    with pytest.raises(Refusal) as refused:
        confirmed(found)
    assert refused.value.code == "leader_gone" and not Pairing.objects.exists()


def test_a_leader_is_proposed_and_taken_off_by_hand():
    place = county()
    found = opened(place)
    old = LeaderLinkFactory(leader=place.cadres[1])
    leader, township = place.cadres[0], place.tree.township
    words = {"round": found, "township": township, "by": found.by, "at": AT}
    leaders.link(leader=leader, **words)
    for again in (leader, old.leader):
        with pytest.raises(Refusal) as refused:
            leaders.link(leader=again, **words)
        assert refused.value.code == "linked_already"
    with pytest.raises(Refusal) as refused:
        leaders.link(leader=leader, **{**words, "township": place.tree.neighbour_township})
    assert refused.value.code == "not_a_township"
    leaders.unlink(leader=leader, **words)
    leaders.unlink(leader=old.leader, **words)
    assert [(row.leader, row.change) for row in found.leaders.all()] == [(old.leader, "ended")]
    leaders.link(leader=old.leader, **words)
    assert not found.leaders.exists()
    with pytest.raises(Refusal) as refused:
        leaders.unlink(leader=leader, **words)
    assert refused.value.code == "not_linked"


def test_PAIR_6_leaders_of_a_confirmed_round_are_kept_for_ever():
    place = county()
    found = opened(place)
    leaders.link(round=found, leader=place.cadres[0], township=place.tree.township, by=found.by, at=AT)
    found = confirmed(solved(found))
    with pytest.raises(Refusal) as refused:
        leaders.assign(round=found, by=found.by, at=AT)
    assert refused.value.code == "kept_for_ever"
    with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic():
        found.leaders.all().delete()


def test_ORG_2_a_village_shows_its_units_its_leader_and_its_persons():
    place = county()
    VillageLinkFactory(unit=place.units[0], village=place.tree.villages[1])
    leader = LeaderLinkFactory(leader=CadreFactory(unit=place.units[0], rank="county_full"))
    PairingFactory(household=place.households[0], cadre=place.cadres[0])
    chain = queries.chain_of(place.tree.villages[1], on=LATER)
    assert [link.unit for link in chain.links] == [place.units[0]]
    assert [link.leader for link in chain.leaders] == [leader.leader]
    assert [(person["cadre"], person["n"]) for person in chain.persons] == [(place.cadres[0].pk, 1)]
