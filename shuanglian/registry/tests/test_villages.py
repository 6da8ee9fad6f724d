"""The village form (domain 2.5): kept by year with its history, begun from last year, facts for conditions."""

from datetime import date
from decimal import Decimal

import pytest

from shuanglian.areas.models import AreaTag
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import raw, villages
from shuanglian.registry.actions import statements
from shuanglian.registry.actions import villages as verbs
from shuanglian.registry.models import VillageYear
from shuanglian.rules.facts.build import build
from shuanglian.trail.models import Entry

from .factories import HouseholdFactory, HouseholdYearFactory, PersonFactory

pytestmark = pytest.mark.django_db
ON = date(2015, 12, 31)


def record(village, year=2015, **values):
    return verbs.record(village=village, year=year, values=values, by=None, at=clock.now())


def facts(village):
    household = HouseholdFactory(village=village, size=5)
    told = build(raw.of_household(household.pk, ON), ON, active())
    return told.villages.row(0, named=True)


def test_REG_8_a_form_is_kept_and_every_state_of_it_stays(place, clerk):
    form = record(place.village, households=300, people=1200, road_paved=True, bus=None)
    verbs.record(village=place.village, year=2015, values={"people": 1180}, why="复核", by=clerk, at=clock.now())
    form.refresh_from_db()
    assert (form.people, form.households, form.road_paved, form.bus) == (1180, 300, True, None)
    assert list(form.events.order_by("pgh_id").values_list("people", flat=True)) == [1200, 1180]
    assert Entry.objects.filter(verb="villages.record").first().details["before"] == {"people": 1200}


def test_REG_10_a_change_says_why_and_is_refused_over_a_newer_state(place):
    record(place.village, people=1200)
    with pytest.raises(Refusal, match="原因"):
        record(place.village, people=1300)
    with pytest.raises(Refusal) as refusal:
        verbs.record(village=place.village, year=2015, values={"people": 1}, why="x", seen=1, by=None, at=clock.now())
    assert refusal.value.code == "changed_meanwhile"


@pytest.mark.parametrize(
    ("values", "code"),
    [({"households": 0}, "no_households"), ({"people": 100, "dibao_people": 101}, "part_over_whole"),
     ({"households": 10, "unsafe_house_households": 11}, "part_over_whole"), ({"land_forest": Decimal(-1)}, "negative")],
)  # fmt: skip
def test_quality_43_what_cannot_be_is_refused(place, values, code):
    with pytest.raises(Refusal) as refusal:
        record(place.village, **values)
    assert refusal.value.code == code and not VillageYear.objects.exists()


def test_only_a_village_has_a_form_and_only_of_a_year_that_came(place):
    with pytest.raises(Refusal, match="行政村"):
        record(place.county, people=1)
    with pytest.raises(Refusal, match="年度"):
        record(place.village, year=clock.today().year + 1, people=1)


def test_a_new_form_begins_with_last_years_and_what_the_register_counts(place):
    AreaTag.objects.create(area=place.village, tag="poor_village", since=date(2014, 1, 1))
    record(place.village, year=2014, households=300, direction="养殖")
    household = HouseholdFactory(village=place.village, size=3)
    PersonFactory(household=household, dibao=True)
    HouseholdYearFactory(household=household, cooperative=True, water_safe=False, land_cultivated=Decimal("7.5"))
    start = villages.start(place.village, 2015)
    assert (start["households"], start["direction"], start["kind"]) == (300, "养殖", "贫困村")
    assert start["cooperative_poor_households"] == 1
    least = villages.at_least(place.village, 2015)
    assert (least["water_unsafe_households"], least["dibao_people"], least["land_cultivated"]) == (
        1,
        1,
        Decimal("7.50"),
    )


def test_facts_of_a_village_come_from_its_latest_form_and_the_register(place):
    record(place.village, year=2013, collective_income=Decimal("1.5"), people=900)
    record(place.village, year=2014, collective_income=Decimal("3.2"), people=1000, road_paved=True)
    HouseholdFactory(village=place.village, size=25, left_on=date(2015, 6, 1))
    told = facts(place.village)
    assert (told["form_year"], told["people"], told["road_paved"]) == (2014, 1000, True)
    assert (told["collective_income"], told["collective_income_before"]) == (Decimal("3.20"), Decimal("1.50"))
    assert (told["poor_households"], told["poor_people"], told["poor_people_before"]) == (1, 5, 30)
    assert told["incidence"] == Decimal("0.50") and told["clinics"] is None


def test_without_a_form_the_village_is_not_known_and_what_is_stated_counts(place):
    statements.state(about=place.village, fact="clinics", value=1, on=date(2015, 1, 1), source="visit", by=None,
                     at=clock.now())  # fmt: skip
    told = facts(place.village)
    assert (told["people"], told["incidence"], told["clinics"], told["poor_people"]) == (None, None, 1, 5)


def test_the_committee_fills_in_its_form_and_sees_years_side_by_side(client, committee, place):
    client.force_login(committee)
    record(place.village, year=clock.today().year - 1, households=310, people=1250, leader="李主任")
    page = client.get(f"/registry/villages/{place.village.code}/{clock.today().year}/")
    assert 'value="310"' in page.content.decode()
    answer = client.post(f"/registry/villages/{place.village.code}/{clock.today().year}/",
                         {"households": "320", "people": "1300", "road_paved": "1", "phone": "13909320000"})  # fmt: skip
    assert answer.status_code == 302
    form = VillageYear.objects.get(year=clock.today().year)
    assert (form.households, form.road_paved, form.phone) == (320, True, "13909320000")
    shown = client.get(answer["Location"]).content.decode()
    assert "1250" in shown and "1300" in shown and "13909320000" not in shown
    assert client.get("/registry/villages/").status_code == 302


def test_another_countys_village_is_not_found_and_a_reader_may_not_fill_in(client, neighbour, place):
    client.force_login(neighbour)
    assert client.get(f"/registry/villages/{place.village.code}/").status_code == 404
    assert client.get(f"/registry/villages/{place.village.code}/2015/").status_code == 404


@pytest.mark.parametrize("forms", [1, 3])
def test_the_list_asks_the_database_the_same_number_of_times(client, clerk, place, forms, django_assert_num_queries):
    for year in range(2013, 2013 + forms):
        record(place.village, year=year, people=1000)
    client.force_login(clerk)
    with django_assert_num_queries(12):
        page = client.get("/registry/villages/")
    assert place.village.name in page.content.decode()
