"""What if: other amounts, other days, other lines; who gains, what it costs, and nothing real is touched (BEN-8)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from shuanglian.benefits.actions import rounds, scenarios
from shuanglian.benefits.models import Scenario
from shuanglian.jobs.actions import jobs
from shuanglian.jobs.models import Job
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry.actions import statements
from shuanglian.registry.models import Household
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, PersonFactory, relation

pytestmark = pytest.mark.django_db
ON = date(2015, 10, 1)
AT = datetime(2015, 10, 2, 8, 0, tzinfo=UTC)


def family(village, *, income=2600, dibao=None, pupil="", cause="01"):
    """A head, with `dibao` a class of the allowance, with `pupil` a child at a grade; income a head in 2015."""
    household = HouseholdFactory(village=village, size=2 if pupil else 1, main_cause=cause)
    head = PersonFactory(household=household, relation=relation("户主"), dibao=dibao is not None)
    if dibao is not None:
        statements.state(
            about=head, fact="dibao_class", value=dibao, on=date(2014, 6, 1), source="department", by=None, at=AT
        )
    if pupil:
        PersonFactory(household=household, relation=relation("之子"), schooling=pupil, born_on=date(1999, 5, 5))
    HouseholdYearFactory(household=household, income_per_head=Decimal(income))
    return household


@pytest.fixture
def land(place):
    """Seven families of class 2 in one village and six in another, six without it; two of them have a child in senior school."""
    one, other = place.villages[0], place.villages[3]
    for _ in range(7):
        family(one, dibao=2)
    for _ in range(6):
        family(other, dibao=2, income=3000)
    for number in range(6):
        family(other, income=5000, pupil="07" if number < 2 else "")
    return place


def worked_out(land, clerk, changes, *, on=ON, against=ON, area=None):
    made = scenarios.create(
        title="试算", area=area or land.county, on=on, against=against, changes=changes, by=clerk, at=AT
    )
    scenarios.order(scenario=made, by=clerk, at=AT)
    jobs.run_now(Job.objects.get(kind=scenarios.WORK))
    made.refresh_from_db()
    assert made.state == Scenario.State.DONE, Job.objects.get(kind=scenarios.WORK).words
    return made


def raised(amount):
    return {"benefits": {"dibao_class_2": {"given": {"standard": str(amount)}}}}


def test_BEN_1_a_higher_standard_shows_who_gains_and_what_it_costs(land, clerk):
    found = worked_out(land, clerk, raised(3300)).result
    total = found["total"]
    assert (total["households"], total["gain"], total["gain_people"], total["gain_yuan"]) == (19, 13, 13, "6396.00")
    assert (total["lose"], total["lose_yuan"]) == (0, "0.00")
    row = next(row for row in found["benefits"] if row["benefit"] == "dibao_class_2")
    assert (row["before"], row["after"], row["changed"]) == (13, 13, 13)
    assert (Decimal(row["cost_before"]), Decimal(row["cost_after"])) == (13 * 2808, 13 * 3300)
    assert Decimal(found["cost"]["after"]) - Decimal(found["cost"]["before"]) == 13 * 492
    assert found["cost"]["all"] is False  # two families with a grant for school: with all costs theirs would be told
    assert [row["code"] for row in found["funds"]] == ["sector"] and found["departments"][0]["code"] == "civil_affairs"
    assert found["changed"] == ["dibao_class_2"]


def test_IDX_2_poverty_before_and_after_against_the_line_of_the_year(land, clerk):
    """The seven with 2,600 get 492 more and pass the line of 2,855; 13 others have more than the line."""
    poverty = worked_out(land, clerk, raised(3300)).result["poverty"]
    assert poverty["before"]["line"] == poverty["after"]["line"] == "2855"
    people = 7 + 6 + 6 + 2
    assert poverty["before"]["headcount"] == pytest.approx(7 / people, abs=1e-6)
    assert poverty["before"]["gap"] == pytest.approx(7 / people * (255 / 2855), abs=1e-6)
    assert poverty["before"]["severity"] == pytest.approx(7 / people * (255 / 2855) ** 2, abs=1e-6)
    assert (poverty["after"]["headcount"], poverty["after"]["gap"]) == (0, 0)
    assert poverty["after"]["gini"] < poverty["before"]["gini"]


def test_figures_by_township_and_kind_add_up_and_show_no_small_group(land, clerk):
    groups = worked_out(land, clerk, raised(3300)).result["groups"]
    assert [(row["code"], row["households"], row["gain"]) for row in groups["region"]["rows"]] == [
        ("621121100", 7, 7), ("621121101", 12, 6),
    ]  # fmt: skip
    assert groups["pupil"] is None  # two families with a child at school, the rest would give them away


def test_a_change_that_touches_few_families_shows_no_amount(land, clerk):
    """Two families have a child in senior school: neither their sum nor the cost that would tell it is shown."""
    found = worked_out(land, clerk, {"benefits": {"senior_grant": {"given": {"grant": "2000"}}}}).result
    assert found["total"]["gain"] is None and found["total"]["gain_yuan"] is None
    assert found["cost"]["after"] is None and found["benefits"] == []
    assert {found["poverty"]["after"][name] for name in ("headcount", "gap", "severity", "gini")} == {None}
    assert {year["after"] for year in found["years"] if year["year"] >= 2015} == {None}


def test_BEN_8_terms_of_another_day_are_compared_for_the_same_families(land, clerk):
    """The standards of 2014 against those of 2015, with the children at school as they are."""
    found = worked_out(land, clerk, {}, on=date(2015, 1, 1), against=date(2014, 12, 31)).result
    assert "dibao_class_2" in found["changed"]
    years = {row["year"]: (Decimal(row["before"]), Decimal(row["after"])) for row in found["years"]}
    assert years[2014] == (13 * 2304, 13 * 2304)
    assert (found["total"]["gain"], Decimal(found["total"]["gain_yuan"])) == (13, 13 * 504)
    assert years[2015][0] == years[2015][1]  # by then the announced terms are the law


def test_a_benefit_that_is_dropped_costs_nothing_and_its_families_lose(land, clerk):
    found = worked_out(land, clerk, {"benefits": {"dibao_class_2": {"drop": True}}}).result
    assert (found["total"]["lose"], found["total"]["lose_yuan"]) == (13, str(13 * Decimal("2808.00")))
    assert Decimal(found["cost"]["before"]) - Decimal(found["cost"]["after"]) == 13 * 2808


def test_another_poverty_line_counts_others_as_poor(land, clerk):
    poverty = worked_out(land, clerk, {"line": "3100"}).result["poverty"]
    assert (poverty["before"]["line"], poverty["after"]["line"]) == ("2855", "3100")
    assert poverty["after"]["headcount"] == pytest.approx(13 / 21, abs=1e-6)
    assert poverty["after_same_line"]["headcount"] == poverty["before"]["headcount"]


def rows_of(*tables):
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(
                f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')), count(*) from {table} t"
            )
            found[table] = cursor.fetchone()
        return found


def test_no_scenario_touches_anything_real(land, clerk):
    for household in Household.objects.all():
        rounds.decide_household(household=household, on=ON, by=clerk, at=AT)
    tables = [
        "benefits_due", "benefits_decision", "benefits_step", "benefits_payment", "benefits_provision", "registry_household",
        "registry_person", "registry_householdyear", "registry_statement", "registry_householdevent",
    ]  # fmt: skip
    before = rows_of(*tables)
    assert before["benefits_due"][1] > 0
    worked_out(land, clerk, raised(3300))
    assert rows_of(*tables) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"benefits": {"nothing": {"drop": True}}}, "no_such_benefit"),
        ({"benefits": {"dibao_class_2": {"given": {"grant": "1"}}}}, "no_such_amount"),
        ({"benefits": {"dibao_class_2": {"given": {"standard": "-1"}}}}, "amount_range"),
        ({"benefits": {"dibao_class_2": {"given": {"standard": "NaN"}}}}, "amount_range"),
        ({"benefits": {"dibao_class_2": {"given": {"standard": "很多"}}}}, "not_a_number"),
        ({"line": "0"}, "line_not_positive"),
        ({"drafts": [99]}, "no_such_draft"),
    ],
)
def test_a_change_that_no_policy_knows_is_refused(place, clerk, changes, code):
    with pytest.raises(Refusal) as told:
        scenarios.create(title="试算", area=place.county, on=ON, against=ON, changes=changes, by=clerk, at=AT)
    assert told.value.code == code


def test_changed_again_the_old_figures_are_gone(land, clerk):
    made = worked_out(land, clerk, raised(3300))
    changed = scenarios.change(scenario=made, changes=raised(3000), by=clerk, at=AT)
    assert (changed.state, changed.result) == (Scenario.State.DRAFT, {})
