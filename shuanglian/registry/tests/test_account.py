"""The income account (PLAN-4; domain 2.2): four channels with parts, last year beside it, what does not fit."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import account
from shuanglian.registry.actions import accounts, households
from shuanglian.registry.models import AccountPart, HouseholdYear, Transfer

from .factories import HouseholdFactory, HouseholdYearFactory, PersonFactory, relation

AT = datetime(2016, 3, 1, 8, tzinfo=UTC)


def write(home, year=2015, *, why="", seen=None, **parts):
    return accounts.record(household=home, year=year, parts={code: _yuan(value) for code, value in parts.items()},
                           by=None, at=AT, why=why, seen=seen)  # fmt: skip


def _yuan(value):
    return None if value is None else Decimal(value)


def codes(home, year=2015):
    return {one.check.code for one in account.warnings(home, year)}


@pytest.fixture
def home(place):
    return HouseholdFactory(with_people=2)


def test_PLAN_4_channels_are_the_sums_of_their_parts_and_costs_are_taken_off(home):
    kept = write(home, wage=4000, operating=3000, cost=1000, dividend=200, property_other=100, dibao=600, pension=400)
    assert (kept.income_property, kept.income_transfer) == (300, 1000)
    assert (kept.net_income, kept.income_per_head) == (7300, 3650)
    assert AccountPart.objects.filter(household=home, year=2015).count() == 7


def test_PLAN_4_a_part_taken_out_is_taken_out_and_the_channel_follows(home):
    write(home, wage=4000, dibao=600, pension=400)
    kept = write(home, wage=4000, dibao=600, pension=None, why="核实养老金未发放")
    assert kept.income_transfer == 600
    assert not AccountPart.objects.filter(household=home, part="pension").exists()


def test_REG_10_a_known_account_changes_with_a_reason_only(home):
    write(home, wage=4000)
    with pytest.raises(Refusal):
        write(home, wage=5000)
    assert HouseholdYear.objects.get(household=home).income_wage == 4000


def test_PLAN_4_no_part_but_the_farm_may_be_negative_and_no_other_part_is_taken(home):
    assert write(home, operating=-500).net_income == -500
    with pytest.raises(Refusal, match="negative"):
        write(home, 2014, pension=-1)
    with pytest.raises(Refusal, match="no_such_part"):
        write(home, 2014, lottery=1)


def test_FUND_5_what_payrolls_prove_counts_when_it_is_more_and_stays_beside_what_was_declared(home):
    HouseholdYearFactory(household=home, income_transfer=None)
    Transfer.objects.create(household=home, area_code=home.area_code, year=2015, source="dibao_class_1", yuan=900)
    kept = write(home, wage=4000, dibao=600, why="入户核实")
    assert (kept.transfer_declared, kept.transfer_paid, kept.income_transfer) == (600, 900, 900)
    assert "transfer_below_payroll" in codes(home)


def test_PLAN_4_a_new_year_begins_with_payrolls_and_last_year(home):
    write(home, 2014, wage=4000, pension=300)
    Transfer.objects.create(household=home, area_code=home.area_code, year=2015, source="dibao_class_1", yuan=900)
    Transfer.objects.create(household=home, area_code=home.area_code, year=2015, source="temporary_relief", yuan=50)
    years = account.years_of(home, (2015, 2014))
    begun = account.starts(years[2015], years[2014], active())
    assert begun["wage"] == (4000, "last") and begun["pension"] == (300, "last")
    assert begun["dibao"] == (900, "paid") and begun["transfer_other"] == (50, "paid")


def test_PLAN_4_what_older_accounts_do_not_tell_apart_is_the_rest(home):
    HouseholdYearFactory(household=home, income_transfer=500)
    year = account.years_of(home, (2015,))[2015]
    parts = active().account_parts
    assert year.of_part(parts["transfer_other"], active()) == 500
    assert year.of_part(parts["dibao"], active()) is None


def test_PLAN_4_last_year_stands_beside_with_the_difference(home):
    write(home, 2014, wage=2000)
    write(home, wage=5000)
    years = account.years_of(home, (2015, 2014))
    wage = account.lines(years[2015], years[2014], active())[0]
    assert (wage.now, wage.before, wage.change, wage.share) == (5000, 2000, 3000, Decimal("1.5"))


def test_PLAN_4_a_job_ticked_and_no_wages_does_not_fit(home):
    PersonFactory(household=home, relation=relation("之子"), work_place="04", work_months=8)
    write(home, operating=3000, cost=1000)
    assert "work_without_wage" in codes(home)
    write(home, wage=9000, operating=3000, cost=1000, why="补登工资")
    assert "work_without_wage" not in codes(home)


def test_PLAN_4_wages_without_anybody_who_can_work_do_not_fit(place):
    home = HouseholdFactory()
    PersonFactory(household=home, labour="05", work_months=0)
    write(home, wage=9000)
    assert "wage_without_work" in codes(home)


def test_PLAN_4_operating_income_without_cost_and_a_jump_do_not_fit(home):
    write(home, 2014, wage=2000)
    write(home, wage=2000, operating=3000)
    assert {"income_without_cost", "income_jump"} <= codes(home)


def test_REG_10_parts_go_where_their_household_goes(home, place):
    write(home, wage=4000)
    other = Area.objects.filter(level=Area.Level.VILLAGE, until=None).exclude(pk=home.village_id).first()
    households.move(household=home, village=other, why="搬迁", by=None, at=AT)
    home.refresh_from_db()
    assert set(AccountPart.objects.values_list("area_code", flat=True)) == {home.area_code}


def test_PLAN_4_the_page_shows_the_account_with_last_year_and_what_does_not_fit(client, clerk, home):
    write(home, 2014, wage=2000)
    write(home, wage=2000, operating=3000, dibao=600)
    client.force_login(clerk)
    page = client.get(f"/registry/{home.pk}/account/2015/").content.decode()
    assert "低保金" in page and "有生产经营性收入但没有生产经营性支出" in page and "2,855" in page


def test_PLAN_4_the_account_is_written_by_page_with_only_what_changed_typed(client, clerk, home):
    write(home, 2014, wage=2000, pension=300)
    client.force_login(clerk)
    form = client.get(f"/registry/{home.pk}/account/2015/write/").context["form"]
    filled = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    answer = client.post(f"/registry/{home.pk}/account/2015/write/", {**filled, "wage": "2600"})
    assert answer.status_code == 302
    kept = HouseholdYear.objects.get(household=home, year=2015)
    assert (kept.income_wage, kept.income_transfer, kept.net_income) == (2600, 300, 2900)


def test_PLAN_4_a_village_committee_looks_and_does_not_write(client, committee, home):
    write(home, wage=4000)
    client.force_login(committee)
    assert client.get(f"/registry/{home.pk}/account/").status_code == 302
    assert client.get(f"/registry/{home.pk}/account/2015/write/").status_code == 403
