"""Campaigns and lists: everybody is on somebody's, for twenty days (REG-6, REG-9)."""

from collections import Counter
from datetime import date, timedelta

import pytest

from shuanglian.benefits.models import Payment
from shuanglian.kernel.refusal import Refusal
from shuanglian.lookback import queries
from shuanglian.lookback.actions import assignments, campaigns
from shuanglian.lookback.models import Assignment, Campaign
from shuanglian.lookback.tests.factories import BEFORE, DAY_3, SINCE, land, visit
from shuanglian.pairing.models import Pairing, Relative
from shuanglian.pairing.tests.factories import PairingFactory, RelativeFactory, VillageLinkFactory, county
from shuanglian.registry.tests.factories import HouseholdFactory
from shuanglian.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return land()


def refused(code, call, **given):
    with pytest.raises(Refusal) as refusal:
        call(**given)
    assert refusal.value.code == code


def test_REG_6_twenty_days_and_every_registered_household_on_somebodys_list(here):
    assert here.campaign.until == SINCE + timedelta(days=19)
    rows = Assignment.objects.filter(campaign=here.campaign)
    assert {row.household_id for row in rows} == {home.pk for home in here.homes}
    assert not rows.filter(cadre=None, user=None).exists()
    helped = dict(Pairing.objects.values_list("household_id", "cadre_id"))
    assert all(row.cadre_id == helped[row.household_id] for row in rows if row.household_id in helped)
    team = {cadre.pk for cadre in here.place.cadres if cadre.unit == here.place.units[2]} | {
        one.pk for one in here.place.stationed
    }
    assert all(row.cadre_id in team for row in rows if row.household_id not in helped)
    assert Entry.objects.filter(verb="lookback.campaigns.open").get().details["households"] == 12


def test_REG_6_those_who_left_in_two_years_are_visited_too_and_the_removed_are_not():
    place = county(households=4)
    for home, (left, removed) in zip(
        place.households,
        [(date(2014, 1, 1), None), (date(2013, 12, 31), None), (None, date(2015, 1, 1)), (None, None)],
        strict=True,
    ):
        home.left_on, home.removed_on = left, removed
        home.save()
    made = campaigns.open(area=place.area, name="x", ordered_by="y", since=SINCE, by=land_office(place), at=BEFORE)
    told = {row.household_id: row.subject for row in Assignment.objects.filter(campaign=made)}
    assert told == {place.households[0].pk: "left", place.households[3].pk: "registered"}


def land_office(place):
    from shuanglian.accounts.tests.factories import UserFactory

    return UserFactory(username="x-office", role="programme_office", area=place.area)


def test_people_on_payrolls_whom_the_register_lacks_are_claimants():
    place = county(households=2)
    village = place.households[0].village
    for n in range(2):  # one person, two payments
        Payment.objects.create(
            name="王未建",
            match="none",
            area_code=village.code,
            benefit="rural_dibao",
            year=2015,
            yuan=100,
            fingerprint=f"f{n}",
        )
    Payment.objects.create(
        name="李在册",
        match="exact",
        area_code=village.code,
        benefit="rural_dibao",
        year=2015,
        yuan=100,
        fingerprint="g",
        household=place.households[0],
    )
    made = campaigns.open(area=place.area, name="x", ordered_by="y", since=SINCE, by=land_office(place), at=BEFORE)
    (row,) = Assignment.objects.filter(campaign=made, subject="claimant")
    assert (row.name, row.area_code, row.number) == ("王未建", village.code, "W00001")
    assert "2015" in row.why
    assert campaigns.fill(campaign=made, at=DAY_3) == 0  # again: nothing new


def test_one_campaign_at_a_time_and_not_for_a_village(here):
    refused(
        "already_running",
        campaigns.open,
        area=here.place.tree.townships[0],
        name="x",
        ordered_by="y",
        since=SINCE,
        by=here.township,
        at=DAY_3,
    )
    refused(
        "already_running",
        campaigns.open,
        area=here.place.area,
        name="x",
        ordered_by="y",
        since=SINCE,
        by=here.office,
        at=DAY_3,
    )
    refused(
        "area_too_small",
        campaigns.open,
        area=here.homes[0].village,
        name="x",
        ordered_by="y",
        since=SINCE,
        by=here.office,
        at=DAY_3,
    )


def test_a_campaign_ends_on_its_last_day_and_not_before(here):
    refused("not_over_yet", campaigns.close, campaign=here.campaign, by=here.office, at=DAY_3)
    ended = campaigns.close(campaign=here.campaign, by=here.office, at=DAY_3 + timedelta(days=17))
    assert ended.state == Campaign.State.CLOSED
    refused("campaign_closed", visit, row=here.on_list(here.homes[0]), by=here.cadre)


def test_who_comes_onto_the_register_meanwhile_is_taken_in(here):
    new = HouseholdFactory(village=here.homes[0].village)
    assert campaigns.refresh(campaign=here.campaign, by=here.office, at=DAY_3) == 1
    assert here.on_list(new).cadre is not None


def test_REG_9_a_relative_is_never_proposed_and_never_put_on_the_list(here):
    home, cadre = here.homes[-1], here.on_list(here.homes[-1]).cadre
    RelativeFactory(cadre=cadre, household=home)
    Assignment.objects.filter(household=home).update(cadre=None)
    assignments.propose(campaign=here.campaign, by=here.office, at=DAY_3)
    row = here.on_list(home)
    assert row.cadre is not None
    assert row.cadre != cadre
    refused(
        "relative",
        assignments.reassign,
        campaign=here.campaign,
        rows=[row],
        cadre=cadre,
        why="试",
        by=here.office,
        at=DAY_3,
    )
    assert Relative.objects.count() == 1


def test_REG_6_no_list_is_longer_than_the_profile_allows():
    place = county(households=0)
    village = place.tree.villages[1]
    homes = [HouseholdFactory(village=village) for _ in range(90)]
    cadre = place.cadres[0]
    for home in homes:
        PairingFactory(household=home, cadre=cadre)
    VillageLinkFactory(unit=place.units[1], village=village)
    made = campaigns.open(area=place.area, name="x", ordered_by="y", since=SINCE, by=land_office(place), at=BEFORE)
    load = Counter(Assignment.objects.filter(campaign=made).values_list("cadre_id", flat=True))
    assert load[cadre.pk] == 40
    assert max(load.values()) <= 40
    assert None not in load
    row = Assignment.objects.filter(campaign=made).exclude(cadre=cadre).first()
    refused(
        "list_too_long", assignments.reassign, campaign=made, rows=[row], cadre=cadre, why="试", by=made.by, at=DAY_3
    )


def test_who_has_nobody_is_counted_and_a_hand_moves_him(here):
    rows = [here.on_list(home) for home in here.homes[:2]]
    Assignment.objects.filter(pk=rows[0].pk).update(cadre=None)
    assert queries.whole(here.campaign, here.place.area).nobody == 1
    moved = assignments.reassign(
        campaign=here.campaign, rows=rows, user=here.village, why="本村核查", by=here.office, at=DAY_3
    )
    assert moved == 2
    assert {here.on_list(home).user for home in here.homes[:2]} == {here.village}
    visit(here.on_list(here.homes[0]), here.village)
    again = assignments.reassign(
        campaign=here.campaign, rows=rows, cadre=here.place.cadres[0], why="换人", by=here.office, at=DAY_3
    )
    assert again == 1  # what is visited stays
    refused(
        "no_reason",
        assignments.reassign,
        campaign=here.campaign,
        rows=rows,
        cadre=here.place.cadres[0],
        why=" ",
        by=here.office,
        at=DAY_3,
    )
    refused(
        "one_visitor", assignments.reassign, campaign=here.campaign, rows=rows, why="换人", by=here.office, at=DAY_3
    )


def test_a_villager_who_says_he_was_missed_gets_a_number_and_a_visitor(here):
    village = here.homes[0].village
    one = assignments.claim(
        campaign=here.campaign, village=village, name="张漏评", group="一组", why="本人申请", by=here.village, at=DAY_3
    )
    two = assignments.claim(
        campaign=here.campaign, village=village, name="赵漏评", group="", why="群众反映", by=here.village, at=DAY_3
    )
    assert (one.number, two.number) == ("W00001", "W00002")
    assert one.cadre is not None
    refused(
        "not_a_village_here",
        assignments.claim,
        campaign=here.campaign,
        village=here.place.tree.neighbour_village,
        name="远",
        group="",
        why="x",
        by=here.office,
        at=DAY_3,
    )


def test_REG_6_progress_by_village_and_day_agrees_at_every_level(here):
    for n, home in enumerate(here.homes[:5]):
        visit(here.on_list(home), here.office, at=DAY_3 + timedelta(days=n % 2))
    county_, on = queries.whole(here.campaign, here.place.area), date(2015, 7, 9)
    below = queries.below(here.campaign, here.place.area)
    assert (
        (county_.total, county_.done)
        == (12, 5)
        == (sum(line.total for line in below), sum(line.done for line in below))
    )
    assert county_.findings["confirmed"] == 5
    days = queries.days(here.campaign, here.place.area, on)
    assert [day.visited for day in days] == [0, 0, 3, 2]
    assert [day.until_then for day in days] == [0, 0, 3, 5]
    assert days[-1].planned == round(12 * 4 / 20)
    table = queries.by_day_and_place(here.campaign, here.place.area, on)
    assert [sum(counts[n] for _, counts, _ in table) for n in range(4)] == [0, 0, 3, 2]
    assert sum(total for _, _, total in table) == 12
    late = queries.late(here.campaign, here.place.area, date(2015, 7, 20))
    assert late
    assert all(one.behind == int(one.total * 15 / 20) - one.done for one in late)
