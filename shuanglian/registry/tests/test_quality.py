"""Data quality and possible duplicates: asked of the register, worked off by people (REG-7, REP-2; issue 2 D, G)."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shuanglian.areas.models import below
from shuanglian.core.profile import active
from shuanglian.jobs.models import Job
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.tests.factories import id_number
from shuanglian.registry import quality
from shuanglian.registry.actions import counts, flags, households, suspicions
from shuanglian.registry.models import AreaCount, Flag, Household, Person, Suspicion
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, PersonFactory, relation
from shuanglian.trail.models import Entry

pytestmark = pytest.mark.django_db
AT = datetime(2015, 6, 20, 8, 0, tzinfo=UTC)
ON = date(2015, 12, 31)
GOOD_YEAR = {
    "power": True, "toilet": True, "road_kind": "03", "house_area": 80, "house_unsafe": False, "water_safe": True,
    "land_cultivated": 10, "land_forest": 0, "land_returned": 0, "land_orchard": 0, "land_pasture": 0, "land_water": 0,
}  # fmt: skip
GOOD_HEAD = {
    "health": ["02"], "labour": "01", "education": "03", "medical_insurance": True, "pension_insurance": True,
    "serious_insurance": True, "dibao": False, "born_on": date(1975, 1, 1),
}  # fmt: skip


def clean(village, *, head=None, year=None, **more):
    """A household that no rule complains about; the head is ill, which is the cause."""
    household = HouseholdFactory(village=village, **more)
    PersonFactory(household=household, name=household.head_name, **{**GOOD_HEAD, **(head or {})})
    HouseholdYearFactory(household=household, **{**GOOD_YEAR, **(year or {})})
    return household


def complaints(area):
    """The rules that complain about an area on the day, in the open."""
    flags.sweep(area, at=AT)
    return set(Flag.objects.filter(below(area.prefix), state="open").values_list("rule", flat=True))


def test_a_complete_household_is_not_complained_about(place, clerk):
    clean(place.village)
    assert complaints(place.county) == set()


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("household_required", {"year": {"toilet": None}}),
        ("land_required", {"year": {"land_water": None}}),
        ("land_range", {"year": {"land_cultivated": 101}}),
        ("far_from_road", {"year": {"road_km": 6}}),
        ("tiny_wage", {"year": {"income_wage": 50}}),
        ("income_high", {"year": {"income_per_head": 20001}}),
        ("exit_below_line", {"status": "1", "year": {"income_per_head": 900}}),
        ("work_without_wage", {"head": {"work_months": 3}, "year": {"income_wage": 0}}),
        ("phone", {"phone": ""}),
        ("cause_ill", {"head": {"health": ["01"]}}),
        ("cause_disabled", {"main_cause": "02"}),
        ("relation_required", {"head": {"relation": ""}}),
        ("education_required", {"head": {"education": ""}}),
        ("education_twice", {"head": {"schooling": "07", "born_on": date(1999, 1, 1)}}),
        ("insurance_required", {"head": {"pension_insurance": None}}),
        ("id_missing", {"head": {"id_number": ""}}),
        ("pupil_works", {"head": {"schooling": "20", "education": "", "work_months": 3, "born_on": date(1995, 1, 1)}}),
        ("preschool_age", {"head": {"schooling": "01", "education": "", "health": ["01"]}}),
        ("school_age", {"head": {"schooling": "04", "education": "", "born_on": date(1990, 1, 1)}}),
        ("low_education", {"head": {"education": "02", "born_on": date(1996, 1, 1)}}),
        ("out_of_school", {"head": {"born_on": date(2005, 1, 1)}}),
        ("child_labour", {"head": {"born_on": date(2002, 1, 1)}}),
        ("able_but_unable", {"head": {"health": ["01"], "labour": "05"}}),
        ("unable_but_works", {"head": {"labour": "04", "work_place": "01"}}),
        ("special_care_works", {"kind": "06", "head": {"work_months": 2}}),
        ("healthy_special_care", {"kind": "06", "head": {"health": ["01"]}}),
        ("disabled_card", {"head": {"health": ["02", "04"]}}),
        ("no_labour_no_aid", {"head": {"labour": "05"}}),
        ("aid_without_income", {"head": {"dibao": True}, "year": {"income_transfer": 0}}),
    ],
)  # fmt: skip
def test_REG_7_each_rule_finds_what_it_is_for(place, clerk, code, wrong):
    clean(place.village)
    clean(place.villages[1], **wrong)
    assert code in complaints(place.county)


def test_rules_over_several_rows(place, clerk):
    one = clean(place.village)
    clean(place.villages[1], phone=one.phone)
    assert complaints(place.county) == {"phone_shared"}
    spouse = PersonFactory(household=one, relation=relation("配偶"), sex="1", **{**GOOD_HEAD, "health": ["01"]})
    assert "sex_and_relation" in complaints(place.county)
    Person.objects.filter(pk=spouse.pk).update(sex="2", relation=relation("户主"))
    assert "one_head" in complaints(place.county)
    Person.objects.filter(pk=spouse.pk).update(left_on=date(2015, 1, 1))
    assert "one_head" not in complaints(place.county)
    lone = clean(place.villages[2], main_cause="08")
    for _each in range(3):
        PersonFactory(household=lone, relation=relation("之子"), **GOOD_HEAD)
    assert "cause_labour" in complaints(place.county)


def test_households_that_left_and_other_areas_are_not_asked(place, clerk, neighbour):
    clean(place.village, phone="", left_on=date(2015, 1, 1))
    clean(place.neighbour_village, phone="")
    assert complaints(place.county) == set() and complaints(place.neighbour) == {"phone"}


def test_every_rule_of_the_profile_is_either_asked_or_named_as_not_askable():
    profile = active()
    named = set(quality.rules(profile)) | {check.code for check in quality.unanswerable(profile)}
    assert named == set(profile.roster.checks) and len(quality.rules(profile)) > 35


def test_figures_are_villages_added_up_and_follow_every_change(place, clerk):
    first, second = clean(place.village, phone=""), clean(place.villages[4], main_cause="03")
    counts.rebuild(None, AT)
    rows = {row.area.code: row for row in AreaCount.objects.select_related("area")}
    for area, many in (
        (place.village, 1),
        (place.townships[1], 1),
        (place.county, 2),
        (place.province, 2),
        (place.neighbour, 0),
    ):
        assert rows[area.code].households == many, area
    assert rows[place.county.code].by_cause == {"01": 1, "03": 1} and rows[place.county.code].people == 2
    assert rows[place.county.code].findings == {"phone": 1}
    households.change(household=first, values={"phone": "13912345678"}, why="补录", by=clerk, at=AT)
    assert AreaCount.objects.get(area=place.province).findings == {}
    households.remove(household=second, on=date(2015, 6, 1), why="不符", by=clerk, at=AT)
    county = AreaCount.objects.get(area=place.county)
    assert (county.households, county.by_cause) == (1, {"01": 1})


def test_rebuilding_one_county_keeps_the_others_and_mends_what_is_above(place):
    clean(place.village)
    clean(place.neighbour_village)
    counts.rebuild(None, AT)
    AreaCount.objects.update(households=99)
    counts.rebuild(place.county, AT)
    figures = dict(AreaCount.objects.values_list("area__code", "households"))
    assert figures[place.county.code] == 1 and figures[place.neighbour.code] == 99
    assert figures[place.city.code] == 100 == figures[place.province.code]


def test_the_quality_page_counts_by_rule_and_place_and_links_the_list(client, place, clerk):
    household = clean(place.village, phone="")
    counts.rebuild(None, AT)
    client.force_login(clerk)
    text = client.get(reverse("registry:quality")).content.decode()
    assert "户联系电话为空" in text and place.township.name in text
    listed = client.get(reverse("registry:worklist", args=["phone"]), {"area": place.village.code}).content.decode()
    assert household.number in listed
    assert client.get(reverse("registry:worklist", args=["nonsense"])).status_code == 404
    people = client.get(reverse("registry:worklist", args=["education_required"]))
    assert people.status_code == 200


def test_the_worklists_of_all_rules_open(client, place, clerk):
    clean(place.village)
    client.force_login(clerk)
    for code in quality.rules():
        assert client.get(reverse("registry:worklist", args=[code])).status_code == 200, code


def test_a_worklist_stays_within_the_area_and_the_role(client, place, clerk, neighbour, committee):
    household = clean(place.neighbour_village, phone="")
    flags.sweep(None, at=AT)
    client.force_login(clerk)
    assert household.number not in client.get(reverse("registry:worklist", args=["phone"])).content.decode()
    client.force_login(neighbour)
    assert household.number in client.get(reverse("registry:worklist", args=["phone"])).content.decode()
    client.force_login(committee)
    assert client.post(reverse("registry:look_for_duplicates")).status_code == 403


def test_recount_is_a_job(client, place, clerk):
    client.force_login(clerk)
    answer = client.post(reverse("registry:recount"), {"area": place.village.code})
    assert answer.status_code == 302 and Job.objects.get().kind == "registry.figures"
    assert client.post(reverse("registry:recount"), {"area": place.neighbour.code}).status_code == 404


@pytest.mark.parametrize("name", ["quality", "suspicions"])
def test_the_pages_ask_the_database_the_same_number_of_times(client, place, clerk, name):
    client.force_login(clerk)
    asked = []
    for more in (1, 3):
        for number in range(more):
            twins(place.village, number + 5 * more)
        counts.rebuild(None, AT)
        suspicions.look_for(place.county, at=AT)
        client.get(reverse(f"registry:{name}"))
        with CaptureQueriesContext(connection) as found:
            client.get(reverse(f"registry:{name}"))
        asked.append(len(found))
    assert asked[0] == asked[1] <= 18


# --- possible duplicates ----------------------------------------------------------------------------------------------
def twins(village, number=1, *, together=False, **other):
    """Two entries of one man: same village, birthday and sound of name; the second without a number."""
    one = PersonFactory(household=HouseholdFactory(village=village), name="李强", born_on=date(1960, 1, number))
    household = one.household if together else HouseholdFactory(village=village)
    told = {
        "name": "李墙",
        "id_number": "",
        "id_digest": "",
        "born_on": one.born_on,
        "relation": relation("之父"),
        **other,
    }
    return one, PersonFactory(household=household, **told)


def test_alike_people_are_queued_and_never_merged(place):
    one, other = twins(place.village)
    assert suspicions.look_for(place.county, at=AT) == 1
    found = Suspicion.objects.get()
    assert {found.one_id, found.other_id} == {one.pk, other.pk} and found.why == "homophone"
    assert Person.objects.filter(left_on__isnull=True).count() == 2
    assert suspicions.look_for(place.county, at=AT) == 1 == Suspicion.objects.count()


def test_people_whose_import_was_taken_back_while_they_were_compared_are_left_out(place):
    one, other = twins(place.village)
    gone = other.pk
    other.delete()
    assert suspicions.queue(place.county, {(one.pk, gone): ("homophone", 0.9), (gone, one.pk): ("same_id", 1.0)}) == 0
    assert not Suspicion.objects.exists()


def test_a_wrong_digit_of_a_number_is_found_across_villages(place):
    right = id_number(890_001, born=date(1970, 1, 1))
    slip = right[:15] + str((int(right[15]) + 1) % 10) + right[16:]
    PersonFactory(household=HouseholdFactory(village=place.village), name="周同", id_number=right)
    PersonFactory(household=HouseholdFactory(village=place.villages[4]), name="周同", id_number=slip)
    assert suspicions.look_for(place.county, at=AT) == 1 and Suspicion.objects.get().why == "wrong_digit"


def test_one_number_in_two_households_is_the_surest_of_all(place):
    one = PersonFactory(household=HouseholdFactory(village=place.village))
    PersonFactory(household=HouseholdFactory(village=place.villages[1]), id_number=one.id_number)
    suspicions.look_for(place.county, at=AT)
    found = Suspicion.objects.get()
    assert found.why == "same_id" and found.score > 0.9


def test_what_is_decided_stays_decided_and_what_is_gone_leaves_the_queue(place, clerk):
    twins(place.village, 1)
    _one, other = twins(place.village, 2)
    suspicions.look_for(place.county, at=AT)
    decided, open_one = Suspicion.objects.order_by("one__born_on")
    suspicions.decide(suspicion=decided, state="different", note="堂兄弟", on=ON, by=clerk, at=AT)
    Person.objects.filter(pk=other.pk).update(left_on=date(2015, 1, 1))
    assert suspicions.look_for(place.county, at=AT) == 0
    assert list(Suspicion.objects.values_list("pk", "state")) == [(decided.pk, "different")]
    with pytest.raises(Refusal, match="已经核实"):
        suspicions.decide(suspicion=decided, state="same", note="再看", on=ON, by=clerk, at=AT)
    assert open_one.pk != decided.pk


def test_the_same_person_twice_in_one_household_keeps_one_entry(place, clerk):
    one, other = twins(place.village, together=True)
    suspicions.look_for(place.county, at=AT)
    found = Suspicion.objects.get()
    with pytest.raises(Refusal, match="依据"):
        suspicions.decide(suspicion=found, state="same", note="", on=ON, by=clerk, at=AT)
    suspicions.decide(suspicion=found, state="same", note="户口簿核对", on=ON, by=clerk, at=AT)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.left_on, other.left_on) == (None, AT.date())
    assert Entry.objects.get(verb="suspicions.decide").details["retired"] == other.pk


def test_the_same_person_in_two_households_is_only_marked(place, clerk):
    twins(place.village)
    suspicions.look_for(place.county, at=AT)
    suspicions.decide(suspicion=Suspicion.objects.get(), state="same", note="一人两户", on=ON, by=clerk, at=AT)
    assert Person.objects.filter(left_on__isnull=True).count() == 2 and Household.objects.standing().count() == 2
    assert Suspicion.objects.get().state == "same"


def test_the_queue_is_worked_off_on_its_page(client, place, clerk, neighbour, committee):
    one, _other = twins(place.village)
    suspicions.look_for(place.county, at=AT)
    found = Suspicion.objects.get()
    address = reverse("registry:decide", args=[found.pk])
    client.force_login(neighbour)
    assert client.post(address, {"state": "same", "note": "x"}).status_code == 404
    client.force_login(committee)
    text = client.get(reverse("registry:suspicions")).content.decode()
    assert "李强" in text and one.id_number not in text
    assert client.post(address, {"state": "same", "note": "x"}).status_code == 403
    client.force_login(clerk)
    client.post(address, {"state": "different", "note": "两人"})
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("different", clerk)
    assert "两人" in client.get(reverse("registry:suspicions"), {"state": "different"}).content.decode()
