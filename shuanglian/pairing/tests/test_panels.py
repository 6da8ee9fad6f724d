"""What pairing shows on other rooms' pages, and what it answers when lower rooms ask (REG-8, ORG-2)."""

from datetime import date

import pytest
from django.urls import reverse

from shuanglian.organisation.tests.factories import UnitAccountFactory
from shuanglian.pairing import panels
from shuanglian.pairing.actions import coverage
from shuanglian.pairing.tests.factories import (
    AT,
    LeaderLinkFactory,
    PairingFactory,
    UserFactory,
    VillageLinkFactory,
    confirmed,
    county,
    opened,
    solved,
)
from shuanglian.registry import ledger, scope
from shuanglian.registry.models import Household
from shuanglian.registry.queries import Wanted, extra_filters, households

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return county()


def page(client, user, name, *args):
    client.force_login(user)
    shown = client.get(reverse(name, args=args))
    assert shown.status_code == 200
    return shown.content.decode()


def test_REG_10_the_household_page_shows_who_answers_now_who_did_before_and_why(client, place):
    family = place.households[0]
    PairingFactory(
        household=family, cadre=place.cadres[5], since=date(2013, 1, 1), until=date(2014, 2, 28), ended_why="cadre_left"
    )
    confirmed(solved(opened(place)))
    shown = page(client, UserFactory(area=place.area), "registry:household", family.pk)
    now = family.pairings.get(until=None).cadre
    assert now.name in shown
    assert "原责任人已不在册" in shown
    assert "为什么是他" in shown


def test_PAIR_2_the_cadre_page_shows_the_load_against_the_quota(client, place):
    cadre = place.cadres[0]
    PairingFactory(household=place.households[0], cadre=cadre)
    shown = page(client, UserFactory(area=place.area), "organisation:cadre", cadre.pk)
    assert "1 / 7" in shown
    assert place.households[0].head_name in shown


def test_the_unit_page_shows_its_villages(client, place):
    VillageLinkFactory(unit=place.units[0], village=place.tree.villages[1])
    shown = page(client, UserFactory(area=place.area), "organisation:unit", place.units[0].pk)
    assert "中林村" in shown


def test_ORG_2_the_page_of_a_village_shows_coverage_and_the_line_of_responsibility(client, place):
    village = place.tree.villages[1]
    VillageLinkFactory(unit=place.units[0], village=village)
    leader = LeaderLinkFactory().leader
    PairingFactory(household=place.households[0], cadre=place.cadres[0])
    coverage.rebuild(None, AT)
    shown = page(client, UserFactory(area=place.area), "areas:detail", village.code)
    for words in (place.units[0].name, leader.name, place.cadres[0].name, "1 / 3"):
        assert words in shown


def test_home_tells_the_office_what_waits_and_what_must_move(client, place):
    office = UserFactory(area=place.area)
    confirmed(solved(opened(place, by=office)))
    opened(place, by=office, on=date(2016, 3, 1))
    gone = next(cadre for cadre in place.cadres if cadre.pairings.exists())
    gone.until = date(2015, 6, 30)
    gone.save()
    coverage.rebuild(place.area, AT.replace(month=6))
    shown = page(client, office, "web:home")
    assert "年度结对" in shown
    assert f"有 {gone.pairings.count()} 户的责任人须重新安排" in shown


def test_home_leads_a_cadre_to_his_households(client, place):
    PairingFactory(household=place.households[0], cadre=place.cadres[0])
    user = UserFactory(role="cadre", area=place.area)
    place.cadres[0].user = user
    place.cadres[0].save()
    shown = page(client, user, "web:home")
    assert place.households[0].head_name in shown
    assert reverse("pairing:mine") in shown


def test_REG_8_the_ledger_is_told_who_helps_with_the_phone_masked(place):
    cadre = place.cadres[0]
    PairingFactory(household=place.households[0], cadre=cadre)
    told = ledger.helpers([family.pk for family in place.households])
    assert set(told) == {place.households[0].pk}
    helper = told[place.households[0].pk]
    assert (helper.name, helper.unit) == (cadre.name, cadre.unit.name)
    assert "****" in helper.phone


@pytest.mark.parametrize(("value", "count"), [("paired", 2), ("unpaired", 10), ("fallback", 1), ("", 12), ("x", 12)])
def test_the_household_list_can_be_narrowed_by_pairing(place, value, count):
    PairingFactory(household=place.households[0], cadre=place.cadres[0])
    PairingFactory(household=place.households[1], cadre=place.stationed[0], slot="fallback")
    assert "pairing" in extra_filters
    rows = households(seen_by=UserFactory(area=place.area), wanted=Wanted(extra={"pairing": value}))
    assert rows.count() == count


def test_a_unit_and_a_cadre_see_only_their_own_households_everywhere(place):
    PairingFactory(household=place.households[0], cadre=place.cadres[0])
    PairingFactory(household=place.households[1], cadre=place.cadres[4])
    cadre, unit, stranger = (UserFactory(role=role, area=place.area) for role in ("cadre", "unit", "cadre"))
    place.cadres[0].user = cadre
    place.cadres[0].save()
    UnitAccountFactory(unit=place.units[1], user=unit)
    assert list(scope.visible(seen_by=cadre)) == [place.households[0]]
    assert list(scope.visible(seen_by=unit)) == [place.households[1]]
    assert list(scope.visible(seen_by=stranger)) == []


def test_a_household_whose_pair_ended_is_no_longer_its_cadres_to_see(place):
    PairingFactory(household=place.households[0], cadre=place.cadres[0], until=date(2014, 12, 31))
    user = UserFactory(role="cadre", area=place.area)
    place.cadres[0].user = user
    place.cadres[0].save()
    assert not scope.visible(seen_by=user).exists()


def test_coverage_figures_for_the_map_are_shares(place):
    PairingFactory(household=place.households[0], cadre=place.cadres[0])
    VillageLinkFactory(village=place.tree.villages[1])
    coverage.rebuild(None, AT)
    areas = [place.area, place.tree.neighbour]
    assert panels.household_coverage(areas, None)[place.area.pk] * 12 == 1
    assert panels.household_coverage(areas, None)[place.tree.neighbour.pk] is None
    assert panels.village_coverage(areas, None) == {place.area.pk: panels.Decimal("0.25")}
    assert Household.objects.count() == 12
