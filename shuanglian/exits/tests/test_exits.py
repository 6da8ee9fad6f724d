"""Exit: which conditions hold, with evidence; whole areas kept by day; the way out only by procedure (REG-3, BEN-7)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from shuanglian.areas.models import AreaTag
from shuanglian.core import clock
from shuanglian.exits import looking, proposing, queries
from shuanglian.exits.actions import checks, plans, proposals
from shuanglian.exits.models import ExitCheck, PlanTarget, Standing, VillageExit
from shuanglian.jobs.models import Job
from shuanglian.kernel.refusal import Refusal
from shuanglian.pairing.models import ExitVillage
from shuanglian.procedures.models import Case
from shuanglian.registry.actions import statements
from shuanglian.registry.actions import villages as village_forms
from shuanglian.registry.models import Household, Statement
from shuanglian.registry.tests.factories import HouseholdFactory, PersonFactory, relation

from .factories import ON, fit, say

pytestmark = pytest.mark.django_db


def run(area, on=ON, by=None):
    made = checks.start(area=area, on=on, by=by, at=clock.now())
    checks.run(made=made, progress=lambda *told: None, at=clock.now())
    made.refresh_from_db()
    return made


def by_code(looked):
    return {one.ask.code: one for set_ in looked.sets for one in set_.shown}


# --- one household ----------------------------------------------------------------------------------------------------
def test_BEN_7_a_household_that_meets_every_standard_is_ready(place):
    looked = looking.household(fit(), ON)
    assert (looked.state, looked.questions) == ("ready", ())
    assert [len(one.shown) for one in looked.sets] == [7, 7]


def test_each_condition_shows_its_fact_value_source_and_day(place):
    shown = by_code(looking.household(fit(), ON))
    food = shown["household__food"].line.facts[0]
    assert (food.label, food.value, food.source, food.on) == ("不愁吃", "是", "入户核实", "2015-06-01")
    income = {fact.label: (fact.value, fact.source, fact.on) for fact in shown["household__income"].line.facts}
    assert income["按贫困线口径的当年人均收入"] == ("6500元", "年度账", "2015-12-31")
    assert income["贫困线"] == ("2855元", "方案", "")


@pytest.mark.parametrize(
    ("account", "said", "code"),
    [({"income_per_head": Decimal(2000)}, {}, "household__income"), ({"house_unsafe": True}, {}, "household__house"),
     ({"water_safe": False}, {}, "household__water"), ({}, {"food_secure": False}, "household__food"),
     ({}, {"measures_done": 0}, "cannot_exit__no_measure")],
)  # fmt: skip
def test_REG_3_what_is_in_the_way_is_named(place, account, said, code):
    looked = looking.household(fit(account=account, said=said), ON)
    assert looked.state == "not_ready" and code in looked.told.in_the_way


def test_BEN_7_a_child_of_school_age_out_of_school_and_an_uninsured_member_keep_from_leaving(place):
    household = fit()
    PersonFactory(household=household, relation=relation("之子"), born_on=date(2004, 1, 1), education="01",
                  medical_insurance=False, health=["01"])  # fmt: skip
    looked = looking.household(household, ON)
    assert "household__school" in looked.told.in_the_way


def test_what_is_not_known_is_asked_by_name_and_answered_once_it_is_stated(place):
    household = fit()
    Statement.objects.filter(fact="food_secure").update(withdrawn_at=clock.now())
    looked = looking.household(household, ON)
    assert (looked.state, [one.path for one in looked.questions]) == ("undecided", ["household.food_secure"])
    say(household, on=date(2015, 7, 1), food_secure=True)
    assert looking.household(household, ON).state == "ready"


def test_IDX_2_the_line_of_a_later_year_asks_for_disposable_income(place):
    looked = looking.household(fit(year=2016), date(2016, 12, 31))
    assert looked.state == "undecided"
    assert [one.path for one in looked.questions] == ["household.income_for_line"]


# --- an area ----------------------------------------------------------------------------------------------------------
def test_a_check_keeps_one_row_a_household_and_its_figures_agree(place):
    ready = fit()
    fit(account={"water_safe": False})
    HouseholdFactory(with_people=1)
    made = run(place.county)
    assert {one.household_id: one.state for one in Standing.objects.filter(check_of=made)}[ready.pk] == "ready"
    told = {state: figures["households"] for state, figures in made.figures["states"].items()}
    assert told == {"ready": 1, "not_ready": 1, "undecided": 1}
    assert made.figures["in_the_way"] == {"household__water": 1, "cannot_exit__water": 1}
    assert made.figures["asks"]["household.food_secure"] == 1


def test_REG_10_what_a_check_found_cannot_be_changed_and_a_new_day_adds(place):
    household = fit()
    made = run(place.county)
    with pytest.raises(DatabaseError), transaction.atomic():
        Standing.objects.filter(check_of=made).update(state="not_ready")
    with pytest.raises(DatabaseError), transaction.atomic():
        Standing.objects.filter(check_of=made).delete()
    later = run(place.county, on=date(2016, 1, 31))
    assert [one.state for one in Standing.objects.filter(household=household).order_by("check_of_id")] == [
        "ready", "undecided",
    ]  # fmt: skip
    assert queries.standing_of(household).check_of == later


def test_what_columns_find_is_what_the_household_page_says(place):
    for account in ({}, {"water_safe": False}, {"house_unsafe": None, "house_grade": ""}):
        fit(account=account)
    fit(said={"food_secure": False})
    HouseholdFactory(with_people=3)
    made = run(place.county)
    for row in Standing.objects.filter(check_of=made).select_related("household"):
        told = looking.household(row.household, ON).told
        assert (row.state, tuple(row.in_the_way), tuple(row.open)) == (told.state, told.in_the_way, told.open)


def test_a_day_ahead_and_a_second_check_of_an_area_are_refused(place):
    with pytest.raises(Refusal, match="今天"):
        checks.start(area=place.county, on=date(2100, 1, 1), by=None, at=clock.now())
    checks.start(area=place.county, on=ON, by=None, at=clock.now())
    with pytest.raises(Refusal, match="正在核对"):
        checks.start(area=place.county, on=ON, by=None, at=clock.now())
    assert Job.objects.filter(kind="exits.check").count() == 1


def test_regions_below_add_up_to_the_region(place):
    fit()
    fit(account={"water_safe": False})
    made = run(place.county)
    for areas in ([place.township], [place.village]):
        told = queries.below_counts(check=made, areas=areas)
        assert told[areas[0].code] == {"ready": 1, "not_ready": 1, "undecided": 0}


# --- the way out ------------------------------------------------------------------------------------------------------
def test_REG_4_a_proposal_opens_cases_for_the_ready_only_and_lets_nobody_out(place, committee):
    ready, wet = fit(year=clock.today().year), fit(account={"water_safe": False})
    say(ready, income_for_line=Decimal(99999), income_stable=True)
    made, left_out = proposals.propose(households=[ready, wet], village=place.village, by=committee, at=clock.now())
    case = Case.objects.get(list=made)
    assert (case.subject, case.procedure, list(left_out)) == (proposing.subject(ready), "exit", [wet.pk])
    assert "饮水" in left_out[wet.pk] or "安全饮水" in left_out[wet.pk]
    assert Household.objects.get(pk=ready.pk).left_on is None
    again, left_out = proposals.propose(households=[ready], village=place.village, by=committee, at=clock.now())
    assert again is None and left_out == {ready.pk: case.number}


def test_BEN_7_the_county_cannot_decide_an_exit_while_a_condition_is_in_the_way(place, committee):
    household = fit(year=clock.today().year)
    say(household, income_for_line=Decimal(99999), income_stable=True)
    made, _left = proposals.propose(households=[household], village=place.village, by=committee, at=clock.now())
    case = made.cases.get()
    assert proposing.decided([case], "approval", clock.today()) == {}
    say(household, on=clock.today(), food_secure=False)
    assert "不愁吃" in proposing.decided([case], "approval", clock.today())[case.pk]
    assert proposing.decided([case], "evaluation", clock.today()) == {}


# --- villages, counties, the plan -------------------------------------------------------------------------------------
VILLAGE = {
    "households": 300, "people": 1200, "collective_income": Decimal(4), "road_paved": True,
    "unpaved_to_hamlets": Decimal(0), "water_unsafe_households": 0, "unsafe_house_households": 0, "broadband": True,
    "clinics": 1,
}  # fmt: skip


def form(village, year=2015, **values):
    return village_forms.record(village=village, year=year, values={**VILLAGE, **values}, by=None, at=clock.now())


def state_village(village):
    for fact, value in (("leading_industry", True), ("industry_cover", Decimal(70)), ("clinic_works", True),
                        ("office_on_duty", True)):  # fmt: skip
        statements.state(about=village, fact=fact, value=value, on=date(2015, 6, 1), source="visit", by=None,
                         at=clock.now())  # fmt: skip


def test_IDX_3_a_village_is_held_to_its_standard_with_its_form_and_the_register(place):
    form(place.village, year=2014, collective_income=Decimal(3))
    form(place.village)
    HouseholdFactory(village=place.village, size=30)
    looked = looking.village(place.village, ON)
    assert looked.state == "undecided" and {one.fact for one in looked.questions} == {
        "leading_industry", "industry_cover", "clinic_works", "office_on_duty",
    }  # fmt: skip
    state_village(place.village)
    looked = looking.village(place.village, ON)
    assert looked.state == "ready"
    fact = by_code(looked)["village__incidence"].line.facts[0]
    assert (fact.value, fact.source) == ("2.5%", "贫困户档案")
    HouseholdFactory(village=place.village, size=30)
    assert looking.village(place.village, ON).told.in_the_way == ("village__incidence",)


def test_IDX_3_a_village_leaves_only_when_its_standard_holds_and_stands_in_the_plan(place, clerk):
    ExitVillage.objects.create(village=place.village, area_code=place.village.code, year=2015)
    leave = {"village": place.village, "on": ON, "document": "定扶〔2015〕1号", "by": clerk, "at": clock.now()}
    with pytest.raises(Refusal, match="退出标准"):
        plans.village_leaves(**leave)
    form(place.village, year=2014, collective_income=Decimal(3))
    form(place.village)
    state_village(place.village)
    assert plans.village_leaves(**leave).weighed[0]["reason"]["met"] is True
    with pytest.raises(Refusal, match="已经退出"):
        plans.village_leaves(**leave)
    year = next(one for one in queries.plan(place.county) if one.year == 2015)
    assert (year.villages, year.people, year.due_villages, year.left_villages) == (45, 20000, 1, 1)


def test_IDX_3_people_out_are_those_whose_day_of_leaving_lies_in_the_year(place):
    HouseholdFactory(size=4, left_on=date(2015, 12, 1))
    HouseholdFactory(size=3, left_on=date(2016, 1, 1))
    HouseholdFactory(size=5)
    told = {one.year: (one.left_households, one.left_people) for one in queries.plan(place.county)}
    assert (told[2015], told[2016], told[2017]) == ((1, 4), (1, 3), (0, 0))


def test_a_target_is_a_new_version_with_its_reason_and_stays_readable(place, clerk):
    def target(**told):
        return plans.set_target(area=place.county, year=2016, by=clerk, at=clock.now(), **told)

    first = target(villages=40, people=30100, townships=[place.township.code], why="方案")
    assert target(villages=40, people=30100, townships=[place.township.code], why="再来") == first
    second = target(villages=38, people=30100, townships=[], why="两村缓一年")
    assert (first.version, second.version) == (1, 2)
    assert [one.people for one in queries.versions(place.county, 2016)] == [30100, 30100]
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanTarget.objects.update(people=1)
    with pytest.raises(Refusal, match="原因"):
        target(villages=1, people=1, why=" ")
    with pytest.raises(Refusal, match="乡镇"):
        target(villages=1, people=1, townships=[place.neighbour.code], why="x")


def test_a_township_and_a_county_are_held_to_figures_with_their_source(place, clerk):
    form(place.village, income_per_head=Decimal(7000))
    HouseholdFactory(village=place.village, size=60, left_on=date(2015, 6, 1))
    HouseholdFactory(village=place.village, size=12)
    looked = looking.area(place.township, ON)
    facts, _sources = looking.area_facts(place.township, ON)
    assert (facts["incidence"], facts["incidence_before"], facts["farmer_income"]) == (
        Decimal("1.00"), Decimal("6.00"), Decimal("7000.00"),
    )  # fmt: skip
    assert [one.path for one in looked.questions] == ["area.province_income"]
    give = {"area": place.township, "name": "province_income", "on": ON, "by": clerk, "at": clock.now()}
    with pytest.raises(Refusal, match="出处"):
        plans.give_figure(value=Decimal(6936), source=" ", **give)
    plans.give_figure(value=Decimal(6936), source="甘肃统计公报", **give)
    looked = looking.area(place.township, ON)
    facts = {fact.label: fact for fact in by_code(looked)["township__income"].line.facts}
    assert (looked.state, facts["全省农民人均收入（元）"].source) == ("ready", "甘肃统计公报")
    assert looking.area(place.county, ON).state == "undecided"


# --- pages ------------------------------------------------------------------------------------------------------------
def test_the_pages_show_figures_lists_and_reasons(client, clerk, place):
    household, wet = fit(), fit(account={"water_safe": False})
    AreaTag.objects.create(area=place.village, tag="poor_village", since=date(2014, 1, 1))
    run(place.county, by=clerk)
    client.force_login(clerk)
    page = client.get("/exits/").content.decode()
    assert "达到标准" in page and "饮水安全" in page and place.township.name in page
    rows = client.get(f"/exits/households/?area={place.village.code}&state=ready").content.decode()
    assert household.head_name in rows and wet.head_name not in rows
    rows = client.get("/exits/households/?state=not_ready&condition=household__water").content.decode()
    assert wet.head_name in rows and household.head_name not in rows
    page = client.get(f"/exits/households/{wet.pk}/?on=2015-12-31").content.decode()
    assert "有这种情形" in page and "水务部门" in page
    for address in (f"areas/{place.village.code}", f"areas/{place.township.code}", f"areas/{place.county.code}",
                    "plan", "standards"):  # fmt: skip
        assert client.get(f"/exits/{address}/").status_code == 200
    assert "逐条查看" in client.get(f"/registry/{wet.pk}/").content.decode()


def test_a_fact_is_stated_on_the_page_and_the_household_is_ready(client, clerk, place):
    household = fit()
    Statement.objects.filter(fact="food_secure").update(withdrawn_at=clock.now())
    client.force_login(clerk)
    address = f"/exits/households/{household.pk}/?on=2015-12-31"
    told = {f"household-{household.pk}-food_secure": "1", "source": "visit", "on": "2015-12-01"}
    assert client.post(address, told).status_code == 302
    assert looking.household(household, ON).state == "ready"
    said = Statement.objects.get(fact="food_secure", withdrawn_at=None)
    assert (said.by, said.source, said.on) == (clerk, "visit", date(2015, 12, 1))


def test_the_neighbour_sees_nothing_and_a_committee_starts_no_check(client, neighbour, committee, place):
    household = fit()
    run(place.county)
    client.force_login(neighbour)
    assert client.get(f"/exits/households/{household.pk}/").status_code == 404
    assert client.get(f"/exits/areas/{place.village.code}/").status_code == 404
    client.force_login(committee)
    assert f"{ON.isoformat()} 全县核对时" in client.get(f"/exits/households/{household.pk}/").content.decode()
    assert client.post("/exits/", {"area": place.village.code, "on": "2015-12-31"}).status_code == 403
    assert client.post("/exits/plan/", {}).status_code == 403
    assert client.get("/exits/").status_code == 200
    assert ExitCheck.objects.count() == 1 and not VillageExit.objects.exists()


@pytest.mark.parametrize("households", [1, 3])
def test_the_list_asks_the_database_the_same_number_of_times(
    client, clerk, place, households, django_assert_max_num_queries
):
    for _one in range(households):
        fit()
    run(place.county)
    client.force_login(clerk)
    with django_assert_max_num_queries(30):
        page = client.get("/exits/households/").content.decode()
    assert page.count("达到标准") >= households


def test_IDX_3_the_figure_of_a_year_leads_to_the_households_that_left_in_it(client, place, clerk, neighbour):
    gone = HouseholdFactory(left_on=date(2015, 11, 2), head_name="甲退")
    HouseholdFactory(left_on=date(2016, 1, 2), head_name="乙退")
    client.force_login(clerk)
    page = client.get("/exits/plan/?year=2015").content.decode()
    assert gone.number in page and "甲退" in page and "乙退" not in page
    assert client.get("/exits/plan/?year=99999").status_code == 200
    client.force_login(neighbour)
    assert "甲退" not in client.get("/exits/plan/?year=2015").content.decode()
