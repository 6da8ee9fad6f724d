"""A proposal takes force: four eyes, out of date, all or nothing, kept for ever (PAIR-1, PAIR-6)."""

import io
import threading
from datetime import date

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction

from shuanglian.jobs import files
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.actions import cadres
from shuanglian.pairing.actions import confirming, rounds, solving
from shuanglian.pairing.models import AreaCoverage, Pairing, ProposedPair, Round, Solution, VillageLink, Wish
from shuanglian.pairing.tests.factories import (
    AT,
    ON,
    PairingFactory,
    RelativeFactory,
    UserFactory,
    VillageLinkFactory,
    confirmed,
    county,
    opened,
    solved,
)
from shuanglian.trail.models import Entry

pytestmark = pytest.mark.django_db


def refused(code, verb, **given):
    with pytest.raises(Refusal) as refusal:
        verb(**given)
    assert refusal.value.code == code


def test_the_person_who_made_or_changed_a_round_may_not_confirm_it():
    place = county()
    maker, changer, wisher, second = UserFactory.create_batch(4)
    found = opened(place, by=maker)
    rounds.pin(round=found, cadre=place.cadres[0], household=place.households[0], why="老联系户", by=wisher, at=AT)
    rounds.set_weights(round=found, weights={"keep": 500}, by=changer, at=AT)
    found = solved(found)
    for person in (maker, changer, wisher):
        refused("four_eyes", confirming.confirm, round=found, by=person, at=AT)
    assert not Pairing.objects.exists()
    assert confirmed(found, second).confirmed_by == second


def test_the_database_itself_refuses_a_maker_as_confirmer():
    maker = UserFactory()
    found = solved(opened(by=maker))
    with pytest.raises(DatabaseError), transaction.atomic():
        Round.objects.filter(pk=found.pk).update(confirmed_by=maker)


def test_PAIR_1_confirming_opens_one_pairing_a_household_and_the_links():
    place = county()
    found = confirmed(solved(opened(place)))
    assert found.state == Round.State.CONFIRMED
    standing = Pairing.objects.standing_on(ON)
    assert sorted(standing.values_list("household", flat=True)) == sorted(family.pk for family in place.households)
    assert set(standing.values_list("since", "until", "round")) == {(ON, None, found.pk)}
    assert {pair.cadre_id for pair in standing} == {pair.cadre_id for pair in found.pairs.all()}
    assert VillageLink.objects.standing_on(ON).count() == found.links.exclude(change="ended").count()
    coverage = AreaCoverage.objects.get(area=place.area)
    assert (coverage.households, coverage.poor_villages) == (12, 4)
    assert Entry.objects.filter(verb="pairing.rounds.confirm").count() == 1


def test_PAIR_6_old_pairs_end_the_day_before_with_the_reason_and_kept_ones_go_on():
    place = county()
    stays, moves = place.households[:2]
    gone = place.cadres[0]
    PairingFactory(household=moves, cadre=gone)
    cadres.set_away(cadre=gone, kind="retired", since=date(2015, 1, 5), by=None, at=AT)
    kept = PairingFactory(household=stays, cadre=place.cadres[4])
    ending = VillageLinkFactory(unit=place.units[0], village=place.tree.villages[5])
    found = opened(place)
    rounds.set_weights(round=found, weights={"keep": 5000}, by=found.by, at=AT)
    rounds.forbid(round=found, unit=ending.unit, village=ending.village, why="改由他单位", by=found.by, at=AT)
    found = confirmed(solved(found))
    old = Pairing.objects.get(household=moves, cadre=gone)
    assert (old.until, old.ended_why) == (date(2015, 2, 28), "cadre_left")
    assert Pairing.objects.get(household=moves, until=None).since == ON
    kept.refresh_from_db()
    assert (kept.since, kept.until) == (date(2014, 3, 1), None)
    ending.refresh_from_db()
    assert (ending.until, ending.ended_why) == (date(2015, 2, 28), "forbidden")


def test_a_household_that_left_the_register_ends_its_pairing():
    place = county()
    family = place.households[0]
    pairing = PairingFactory(household=family, cadre=place.cadres[0])
    family.left_on = date(2014, 12, 1)
    family.save()
    confirmed(solved(opened(place)))
    pairing.refresh_from_db()
    assert (pairing.until, pairing.ended_why) == (date(2015, 2, 28), "household_left")


@pytest.mark.parametrize("what", ["household", "cadre", "leave", "relative", "weight", "wish", "day"])
def test_a_proposal_that_is_out_of_date_is_not_confirmed_and_says_what_changed(what):
    place = county()
    found = solved(opened(place))
    second = UserFactory()
    match what:
        case "household":
            place.households[0].need_band = 4
            place.households[0].save()
        case "cadre":
            cadres.change(cadre=place.cadres[0], values={"rank": "ordinary"}, why="核实", by=None, at=AT)
        case "leave":
            cadres.set_away(cadre=place.cadres[0], kind="leave", since=date(2015, 2, 1), by=None, at=AT)
        case "relative":
            RelativeFactory(cadre=place.cadres[0], household=place.households[0])
        case "weight":
            rounds.set_weights(round=found, weights={"keep": 1}, by=found.by, at=AT)
        case "wish":
            rounds.pin(round=found, cadre=place.cadres[0], household=place.households[0], why="试", by=found.by, at=AT)
        case "day":
            rounds.set_day(round=found, on=date(2015, 4, 1), by=found.by, at=AT)
    changes = solving.changes_since(Round.objects.get(pk=found.pk))
    assert changes is not None
    assert changes.lines
    refused("out_of_date", confirming.confirm, round=found, by=second, at=AT)
    again = solved(Round.objects.get(pk=found.pk))
    assert solving.changes_since(again) is None
    assert confirmed(again, second).state == Round.State.CONFIRMED


def test_a_renamed_cadre_does_not_make_a_proposal_out_of_date():
    place = county()
    found = solved(opened(place))
    cadres.change(cadre=place.cadres[0], values={"name": "改名"}, why="更正", by=None, at=AT)
    assert solving.changes_since(found) is None


def test_what_is_not_solved_or_not_confirmed_goes_no_further():
    found = opened()
    refused("not_solved", confirming.confirm, round=found, by=UserFactory(), at=AT)
    refused("not_confirmed", confirming.publish, round=found, by=found.by, at=AT)


def test_a_round_that_would_end_later_pairs_is_refused():
    place = county()
    PairingFactory(household=place.households[0], cadre=place.cadres[0], since=date(2015, 6, 1))
    found = solved(opened(place))
    refused("backdated", confirming.confirm, round=found, by=UserFactory(), at=AT)


def test_publishing_is_a_third_step_and_writes_the_public_list():
    place = county()
    second = UserFactory()
    found = confirmed(solved(opened(place)), second)
    confirming.publish(round=found, by=second, at=AT)
    found.refresh_from_db()
    assert (found.state, found.published_by) == (Round.State.PUBLISHED, second)
    job = jobs.run_now(found.job)
    assert (job.state, job.result) == ("done", {"rows": 12})
    refused("published", confirming.publish, round=found, by=second, at=AT)


def test_the_public_list_holds_no_numbers_causes_or_incomes():
    place = county()
    found = confirmed(solved(opened(place)), UserFactory())
    found = confirming.publish(round=found, by=UserFactory(), at=AT)
    job = jobs.run_now(found.job)
    book = openpyxl.load_workbook(io.BytesIO(files.fetch(job.file)))
    text = "\n".join(str(cell) for row in book.active.iter_rows(values_only=True) for cell in row if cell is not None)
    assert place.households[0].head_name in text
    for family in place.households:
        assert family.number not in text
        assert family.phone not in text


@pytest.mark.parametrize("change", [
    lambda found: Round.objects.filter(pk=found.pk).update(name="改"),
    lambda found: Round.objects.filter(pk=found.pk).update(state="draft"),
    lambda found: Round.objects.filter(pk=found.pk)._raw_delete("default"),
    lambda found: ProposedPair.objects.filter(round=found).update(why="改"),
    lambda found: ProposedPair.objects.filter(round=found).delete(),
    lambda found: found.links.all().delete(),
    lambda found: Solution.objects.filter(round=found).update(totals={}),
    lambda found: Wish.objects.create(round=found, kind="pin", cadre=found.pairs.first().cadre,
                                      household=found.pairs.first().household, why="晚了", at=AT),
])  # fmt: skip
def test_a_confirmed_round_is_kept_for_ever_by_the_database(change):
    found = confirmed(solved(opened()))
    with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic():
        change(found)


def test_a_confirmed_round_is_refused_by_every_verb():
    place = county()
    found = confirmed(solved(opened(place)))
    by, given = found.by, {"cadre": place.cadres[0], "household": place.households[0], "why": "试"}
    refused("kept_for_ever", rounds.set_weights, round=found, weights={"keep": 1}, by=by, at=AT)
    refused("kept_for_ever", rounds.pin, round=found, by=by, at=AT, **given)
    refused("kept_for_ever", rounds.discard, round=found, by=by, at=AT)
    refused("kept_for_ever", solving.order, round=found, by=by, at=AT)
    refused("kept_for_ever", confirming.confirm, round=found, by=UserFactory(), at=AT)


def test_a_round_confirmed_can_get_a_new_region_code_but_nothing_else():
    found = confirmed(solved(opened()))
    ProposedPair.objects.filter(round=found).update(area_code="621121100299")
    Round.objects.filter(pk=found.pk).update(area_code="621199000000")
    assert found.pairs.filter(area_code="621121100299").count() == 12


def test_the_next_years_round_follows_on():
    place = county()
    confirmed(solved(opened(place)))
    later = date(2016, 3, 1)
    found = confirmed(solved(opened(place, on=later)))
    assert found.totals["kept"] == 12
    assert Pairing.objects.count() == 12
    assert set(Pairing.objects.values_list("since", "until")) == {(ON, None)}


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_one_wins_and_the_other_is_told():
    found = solved(opened())
    people, told = UserFactory.create_batch(2), []
    start = threading.Barrier(2)

    def go(person):
        try:
            start.wait()
            confirming.confirm(round=found, by=person, at=AT)
            told.append("confirmed")
        except Refusal as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["confirmed", "kept_for_ever"]
    assert Pairing.objects.count() == 12


def test_PAIR_6_a_pair_of_a_confirmed_round_is_not_moved_to_another_round_but_its_region_may_get_a_new_code():
    place = county()
    kept = confirmed(solved(opened(place)))
    other = opened(place, on=date(2016, 1, 1))
    with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic():
        kept.pairs.update(round=other)
    code = "621199101201"
    assert kept.pairs.update(area_code=code) == kept.pairs.filter(area_code=code).count() > 0
