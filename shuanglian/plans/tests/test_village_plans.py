"""Village plans by the verbs: versions, what the register says, states, four eyes, prefilled years (PLAN-1, 2, 5, 6)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.plans import summing, village_drafts, village_queries
from shuanglian.plans.actions import villages as verbs
from shuanglian.plans.actions.villages import Meeting
from shuanglian.plans.models import Measure, VillageLine, VillagePlan
from shuanglian.plans.reckoning import month_of
from shuanglian.plans.village_drafts import IndicatorDraft, LineDraft
from shuanglian.registry.models import HouseholdYear, VillageYear
from shuanglian.rules.catalogue import counted
from shuanglian.rules.village_sums import Homes

from .factories import AT, home, line, signature, written
from .villages import MEETING, PENS, PLAN, draft, yearly

pytestmark = pytest.mark.django_db


def faults(plan):
    homes = summing.homes(plan.village, plan.until).get(plan.area_code, Homes())
    return [one.code for one in village_drafts.reckoned(plan.content, homes).faults]


def refused(call, **told):
    with pytest.raises(Refusal) as refusal:
        call(**told)
    return refusal.value.code


# --- what is kept -------------------------------------------------------------------------------------------------------
def test_PLAN_2_income_people_and_sums_come_from_the_register_and_nothing_is_typed_twice(town):
    plan = town.write()
    told = plan.content
    assert (plan.households, plan.people, plan.income, plan.income_year) == (2, 8, 2000, 2014)
    homes = summing.homes(town.village, 2017)[town.village.code]
    # two families, five pairs of ewes (5,500 a year) and one worker away (11,000) each
    assert homes.measures["ewes"].gain == 11_000 and homes.measures["export_worker"].gain == 22_000
    assert homes.funds["unit"] == 10_000 and (homes.planned, homes.agreed) == (2, 2)
    found = village_drafts.reckoned(told, homes)
    assert (found.need, found.carried, found.short) == (16_000, 36_000, 0)
    assert faults(plan) == ["industry_smaller"]  # labour brings more than the ewes and the pens together


def test_a_plan_that_adds_up_has_no_fault(town):
    assert faults(town.write(draft(industry="labour"))) == []


def test_monthly_income_of_the_last_year_counts_only_from_the_month_it_begins(town):
    sums = summing.homes(town.village, 2015)[town.village.code]
    assert sums.measures["export_worker"].gain < 22_000 and sums.measures["ewes"].gain == 0


def test_the_degree_now_is_worked_out_from_the_village_form_where_there_is_one(town):
    VillageYear.objects.create(village=town.village, area_code=town.village.code, year=2014, people=1000,
                               income_per_head=Decimal(3750), medical_insured=950, pension_insured=650)  # fmt: skip
    told = {one["code"]: one for one in town.write(draft(indicators=(IndicatorDraft("income", Decimal(6000)),))).content[
        "indicators"]}  # fmt: skip
    assert (told["income"]["present"], told["income"]["present_degree"], told["income"]["promised_degree"]) == (
        "3750.00", "25.0", "40.0")  # fmt: skip
    assert told["insurance"]["present"] == "80.00" and told["insurance"]["computed"]
    assert told["gini"]["present"] is None and told["gini"]["promised_degree"] is None


def test_a_value_stated_by_hand_needs_its_source(town):
    bad = draft(indicators=(IndicatorDraft("gini", Decimal("0.35"), Decimal("0.41")),))
    assert refused(town.write, told=bad) == "no_source"


def test_versions_are_never_written_over_and_the_database_guards_it(town):
    first = town.write()
    second = town.write(draft(target=Decimal(4100)), base=1, why="和村民商量后")
    first.refresh_from_db()
    assert (first.latest, second.version, second.latest) == (False, 2, True)
    with pytest.raises(DatabaseError), transaction.atomic():
        VillagePlan.objects.filter(pk=first.pk).update(target=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        VillageLine.objects.filter(plan=first).delete()


def test_the_same_content_and_the_same_key_are_one_version_and_who_comes_late_is_told(town):
    key = uuid4()
    first = town.write(key=key)
    assert town.write(base=1).pk == first.pk and town.write(key=key).pk == first.pk
    assert refused(town.write, told=draft(target=Decimal(5000))) == "stale_version"


@pytest.mark.parametrize(("change", "code"), [
    ({"until": 2018}, "no_target"), ({"industry": "coal"}, "no_such_industry"), ({"target": Decimal(0)}, "target_range"),
    ({"path": " "}, "no_words"), ({"funds": {"lottery": Decimal(1)}}, "no_such_fund"),
    ({"funds": {"unit": Decimal(-1)}}, "cost_range"), ({"year": 2017, "until": 2016}, "no_target"),
    ({"indicators": (IndicatorDraft("luck", Decimal(1)),)}, "no_such_indicator"),
    ({"kind": "yearly", "year": 2015, "until": 2017}, "one_year"),
])  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(town, change, code):
    assert refused(town.write, told=draft(**change)) == code


@pytest.mark.parametrize(("change", "code"), [
    ({"work": "palace"}, "no_such_work"), ({"what": ""}, "no_what"), ({"owner": "nobody"}, "no_such_owner"),
    ({"due_on": date(2016, 2, 1)}, "due_before"), ({"starts_on": date(2018, 1, 1), "due_on": date(2018, 2, 1)}, "starts_after"),
    ({"channel": "theft"}, "no_such_channel"), ({"channel": ""}, "no_channel"), ({"fund": ""}, "no_fund"),
    ({"fund": "lottery"}, "no_such_fund"), ({"cost": Decimal(-1)}, "cost_range"),
])  # fmt: skip
def test_a_line_that_cannot_be_is_refused(town, change, code):
    assert refused(town.write, told=draft(replace(PENS, **change))) == code


def test_without_accounts_there_is_nothing_to_begin_from(town):
    HouseholdYear.objects.all().delete()
    assert refused(town.write) == "no_income"


# --- where it does not add up -------------------------------------------------------------------------------------------
def test_a_household_without_a_plan_and_an_account_that_is_too_small_are_named(town, village):
    home(village=town.village, income="500")
    assert faults(town.write(draft(industry="labour", target=Decimal(6000)))) == ["income_short", "homes_missing"]


def test_the_plan_is_reckoned_with_the_household_plans_as_they_stand_now(town):
    plan = town.write(draft(industry="labour"))
    written(town.homes.one, line("ewes", 1), by=town.homes.cadre, base=1)
    assert faults(plan) == ["homes_not_agreed"]


def test_households_that_leave_without_a_plan_that_closes_are_named(town):
    town.homes.one.exit_year = 2016
    town.homes.one.save()
    plan = town.write(draft(industry="labour"))
    assert faults(plan) == []
    written(town.homes.one, line("ewes", 1), by=town.homes.cadre, base=1)
    assert "leaving_unplanned" in faults(plan)
    assert summing.leaving_by_year(town.village) == [{"exit_year": 2016, "households": 1, "members": 4, "closed": 0}]


# --- states -------------------------------------------------------------------------------------------------------------
def test_PLAN_5_submitted_agreed_by_the_meeting_approved_by_another_of_the_township(town):
    plan = town.write()
    shown = plan.digest
    assert plan.state == "draft"
    assert refused(verbs.agree, plan=plan, meeting=MEETING, shown=shown, by=town.committee, at=AT) == "not_submitted"
    assert refused(verbs.approve, plan=plan, shown=shown, by=town.township, at=AT) == "not_agreed"
    town.to_meeting(plan)
    assert (plan.state, plan.agreed_on) == ("agreed", date(2015, 10, 12))
    later = AT + timedelta(days=9)
    assert refused(verbs.approve, plan=plan, shown=shown, by=town.committee, at=later) == "own_plan"
    assert refused(verbs.approve, plan=plan, shown="x", by=town.township, at=later) == "content_changed"
    verbs.approve(plan=plan, shown=shown, by=town.township, at=later)
    plan.refresh_from_db()
    assert plan.state == "approved"
    for verb in (verbs.submit, verbs.approve):
        assert refused(verb, plan=plan, shown=shown, by=town.second, at=later) == "approved_already"


def test_who_wrote_submitted_or_recorded_the_meeting_does_not_approve(town):
    plan = town.write(by=town.township)
    verbs.submit(plan=plan, shown=plan.digest, by=town.second, at=AT)
    verbs.agree(plan=plan, meeting=MEETING, shown=plan.digest, by=town.committee, at=AT + timedelta(days=5))
    for by in (town.township, town.second, town.committee):
        assert refused(verbs.approve, plan=plan, shown=plan.digest, by=by, at=AT) == "own_plan"


@pytest.mark.parametrize(("meeting", "code"), [
    (Meeting(date(2015, 10, 12)), "no_meeting"),
    (Meeting(date(2015, 10, 12), 40, 41, 30), "meeting_numbers"),
    (Meeting(date(2015, 10, 12), 40, 30, -1), "meeting_numbers"),
    (Meeting(date(2015, 10, 12), 40, 30, 20, 11), "meeting_votes"),
    (Meeting(date(2015, 10, 12), 40, 20, 20), "no_quorum"),
    (Meeting(date(2015, 10, 12), 0, 0, 0), "no_quorum"),
    (Meeting(date(2015, 10, 12), 40, 30, 15), "not_carried"),
    (Meeting(date(2015, 10, 7), 40, 30, 29), "agreed_on"),
    (Meeting(date(2015, 10, 14), 40, 30, 29), "agreed_on"),
])  # fmt: skip
def test_a_meeting_without_quorum_majority_or_numbers_is_none(town, meeting, code):
    plan = town.write()
    verbs.submit(plan=plan, shown=plan.digest, by=town.committee, at=AT)
    at = AT + timedelta(days=5)
    assert refused(verbs.agree, plan=plan, meeting=meeting, shown=plan.digest, by=town.committee, at=at) == code


def test_scanned_minutes_stand_for_the_numbers(town):
    plan = town.to_meeting(town.write(), Meeting(date(2015, 10, 12), image=signature()))
    act = plan.acts.get(word="agreed")
    assert act.image is not None and act.present is None and act.digest == plan.digest


def test_a_plan_is_sent_back_with_a_reason_and_a_new_version_begins_anew(town):
    plan = town.to_meeting(town.write())
    assert refused(verbs.send_back, plan=plan, shown=plan.digest, why=" ", by=town.township, at=AT) == "no_reason"
    verbs.send_back(plan=plan, shown=plan.digest, why="资金没有落实", by=town.township, at=AT)
    plan.refresh_from_db()
    assert plan.state == "returned"
    assert refused(verbs.approve, plan=plan, shown=plan.digest, by=town.second, at=AT) == "returned_already"
    second = town.write(draft(target=Decimal(4200)), base=1)
    assert (second.state, second.version) == ("draft", 2)
    assert refused(verbs.submit, plan=plan, shown=plan.digest, by=town.committee, at=AT) == "not_latest"


# --- years --------------------------------------------------------------------------------------------------------------
def fresh(town, year, **more):
    rules, plans = active().villages, active().plans
    known = village_drafts.known(town.village, year, date(year, 1, 10))
    given = {
        "horizon": village_queries.plan_of(town.village, 0),
        "last": village_queries.plan_of(town.village, year - 1),
    }
    return village_drafts.for_year(
        year, known, plans, rules, **{**given, "done": village_queries.done_of(town.village), **more}
    )


def test_a_yearly_plan_begins_with_what_the_longer_plan_puts_into_the_year(town):
    road = LineDraft("road", "阳洼砂路", date(2017, 3, 1), date(2017, 9, 1), cost=Decimal(1000), fund="special")
    town.write(draft(PENS, road))
    told = fresh(town, 2016)
    assert [one.what for one in told.lines] == ["阳洼养殖小区"] and (told.industry, told.plan) == ("livestock", PLAN)
    assert told.target == 3334  # two thirds of the way from 2,000 in 2014 to 4,000 in 2017
    income = next(one for one in told.indicators if one.code == "income")
    assert (income.present, income.promised) == (3000, 4995)  # from 20 % to 40 % of 15,000: 33.3 % after two of three


def test_a_yearly_plan_as_it_is_filled_in_asks_for_no_more_than_is_open(town):
    """Its works may run on in the longer plan, its promises are the longer plan's steps: neither is told as wrong."""
    long = LineDraft("road", "阳洼砂路", date(2016, 3, 1), date(2017, 9, 1), cost=Decimal(1000), fund="special")
    falling = IndicatorDraft("engel", Decimal(47), Decimal(60), "村里估计")
    town.write(draft(PENS, long, indicators=(falling,)))
    told = faults(town.write(fresh(town, 2016)))
    assert not {"after_end", "below_step", "below_present"} & set(told)


def test_what_last_years_plan_did_not_finish_is_taken_over_with_its_results(town):
    ditch = LineDraft("water", "东沟水窖", date(2016, 4, 1), date(2016, 8, 1))
    done = LineDraft("training", "养羊培训", date(2016, 1, 5), date(2016, 2, 5))
    town.write()
    last = town.write(yearly(ditch, done))
    lines = {one.what: one for one in last.lines.all()}
    verbs.log(line=lines["东沟水窖"], on=date(2015, 10, 8), share=60, note="挖了一半多", key=uuid4(), by=None, at=AT)
    verbs.log(line=lines["养羊培训"], on=date(2015, 10, 8), share=100, key=uuid4(), by=None, at=AT)
    told = fresh(town, 2017)
    assert [one.what for one in told.lines] == ["东沟水窖", "阳洼养殖小区"]
    following = town.write(replace(told, target=Decimal(4000)))
    results = village_queries.results_of(following)
    assert [one.share for one in results[told.lines[0].thread]] == [60]


def test_PLAN_2_a_year_that_promises_less_than_the_longer_plans_step_is_named(town):
    town.write()
    short = yearly(indicators=(IndicatorDraft("income", Decimal(3200), Decimal(3000), "村账"),), industry="labour",
                   target=Decimal(3334))  # fmt: skip
    assert faults(town.write(short)) == ["below_step"]


def test_the_plan_to_the_horizon_begins_with_the_industry_that_households_carry_most(town):
    known = village_drafts.known(town.village, 2017, date(2015, 10, 8))
    told = village_drafts.for_horizon(2015, active().plans, active().villages, known)
    assert (told.industry, told.until, told.target) == ("labour", 2017, 4000)


def test_a_result_is_kept_once_and_never_changed(town):
    row, key = town.write().lines.get(), uuid4()
    given = {"line": row, "on": date(2015, 10, 8), "share": 30, "key": key, "by": None, "at": AT}
    first = verbs.log(**given)
    assert verbs.log(**given).pk == first.pk
    assert refused(verbs.log, **{**given, "share": 40}) == "key_taken"
    fresh_key = {**given, "key": uuid4()}
    assert refused(verbs.log, **{**fresh_key, "share": 101}) == "share_range"
    assert refused(verbs.log, **{**fresh_key, "on": date(2015, 10, 9)}) == "ahead"
    assert refused(verbs.log, **{**fresh_key, "spent": Decimal(-1)}) == "cost_range"


# --- copied -------------------------------------------------------------------------------------------------------------
def test_the_words_of_another_village_are_found_whatever_the_names(town, place):
    first = town.write(draft(plan=PLAN + f"本村是{place.villages[0].name}。"))
    home(village=place.villages[1])
    second = verbs.write(
        village=place.villages[1], draft=draft(plan=PLAN + f"本村是{place.villages[1].name}。"), by=None, at=AT
    )
    assert (second.copied_from, second.alike) == (first, 1)
    assert town.write(draft(plan=PLAN + "再看一年。"), base=1).copied_from is None  # the first to say it is no copy
    own = verbs.write(village=place.villages[1], by=None, at=AT, base=1, draft=draft(
        path="沿河种菜卖到县城，把大棚一座一座搭起来", plan="先修水渠，再搭二十座大棚，请农技员住下来教三年。"))  # fmt: skip
    assert own.copied_from is None


@pytest.mark.parametrize("until", [2015, 2016, 2017])
def test_sums_of_a_village_are_those_of_its_lines_one_by_one(town, until):
    """What the database sums up is what `counted` tells of each line, from the month it first pays."""
    written(town.homes.one, line("export_worker", 2, starts_on=date(2016, 5, 1)), line("ewes", 3, starts_on=date(2016, 8, 1)),
            by=town.homes.cadre, base=1)  # fmt: skip
    lines = Measure.objects.filter(plan__latest=True)
    told: dict = {}
    for one in lines:
        comes = active().plans.measures[one.code].shape.comes
        first = month_of(one.starts_on) + one.months
        told[one.code] = told.get(one.code, 0) + counted(one.likely, comes, first, until)
    homes = summing.homes(town.village, until)[town.village.code]
    assert {code: one.gain for code, one in homes.measures.items()} == told
    assert homes.funds == {fund: sum(Decimal(one.funds.get(fund, 0)) for one in lines) for fund in homes.funds}
    assert sum(homes.funds.values()) == sum(one.cost for one in lines)


def test_the_plan_to_the_horizon_begins_with_the_works_that_household_measures_need(town):
    written(town.homes.one, line("skilled_worker", 1), by=town.homes.cadre, base=1)
    known = village_drafts.known(town.village, 2017, date(2015, 10, 8))
    told = village_drafts.for_horizon(2015, active().plans, active().villages, known)
    assert [(one.work, one.what, one.due_on, one.cost) for one in told.lines] == [
        ("training", "技能培训（1 户要用）", date(2017, 12, 31), 0)
    ]
    assert "work_missing" not in faults(town.write(replace(told, path="学手艺出去", plan=PLAN)))
