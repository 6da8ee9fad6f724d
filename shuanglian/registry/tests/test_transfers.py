"""What payrolls prove flows into the yearly account beside what was declared; the larger counts (FUND-5, PLAN-4)."""

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.registry.actions import transfers, years
from shuanglian.registry.actions.bulk import accept_households
from shuanglian.registry.actions.derived import account, settle
from shuanglian.registry.models import HouseholdYear, Transfer
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory
from shuanglian.sheets.models import Batch
from shuanglian.trail.models import Entry

AT = datetime(2015, 6, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def paid(*rows):
    return pl.DataFrame(
        [(household, year, source, Decimal(str(yuan))) for household, year, source, yuan in rows],
        schema={"household": pl.Int64, "year": pl.Int64, "source": pl.String, "yuan": pl.Decimal(12, 2)}, orient="row",
    )  # fmt: skip


def write(*rows, within):
    return transfers.write(paid(*rows), within=within, why="低保名册", by=None, at=AT)


def state(record):
    record = HouseholdYear.objects.get(pk=record.pk)
    return (
        record.income_transfer, record.transfer_declared, record.transfer_paid, record.net_income,
        record.income_per_head,
    )  # fmt: skip


def test_PLAN_4_the_larger_of_declared_and_paid_counts_and_both_are_kept():
    record = HouseholdYearFactory(household__size=2)
    before = state(record)
    told = write((record.household_id, 2015, "dibao_class_1", 3300), within=[record.household_id])
    assert told == {"accounts": 1, "households": 1}
    assert state(record) == (Decimal(3300), Decimal(500), Decimal(3300), Decimal(9300), Decimal(4650))
    record.household.refresh_from_db()
    assert record.household.income_per_head == Decimal(4650)
    assert write(within=[record.household_id])["accounts"] == 1
    assert state(record) == (Decimal(500), None, None, *before[3:4], Decimal(3250))
    assert not Transfer.objects.exists()


def test_PLAN_4_less_paid_than_declared_leaves_what_counts_as_it_was():
    record = HouseholdYearFactory()
    before = state(record)
    write((record.household_id, 2015, "senior_grant", 120), within=record.household.village)
    assert state(record) == (Decimal(500), Decimal(500), Decimal(120), *before[3:])


def test_FUND_5_the_same_again_changes_nothing_and_leaves_no_line_in_the_trail():
    record = HouseholdYearFactory()
    row = (record.household_id, 2015, "dibao_class_2", 2808)
    write(row, within=record.household.village)
    lines = Entry.objects.filter(verb="households.transfers").count()
    assert write(row, within=record.household.village) == {"accounts": 0, "households": 0}
    assert Entry.objects.filter(verb="households.transfers").count() == lines == 1


def test_only_the_given_households_are_touched():
    one, other = HouseholdYearFactory(), HouseholdYearFactory()
    write((one.household_id, 2015, "a", 900), (other.household_id, 2015, "a", 900), within=one.household.village)
    write((one.household_id, 2015, "a", 950), within=[one.household_id])
    assert sorted(Transfer.objects.values_list("household", "yuan")) == [
        (one.household_id, Decimal(950)), (other.household_id, Decimal(900)),
    ]  # fmt: skip


def test_a_sum_without_parts_is_not_replaced_by_what_was_paid():
    record = HouseholdYearFactory(
        income_wage=None, income_operating=None, income_property=None, income_transfer=None, operating_cost=None,
        net_income=Decimal(9000), income_per_head=Decimal(9000),
    )  # fmt: skip
    write((record.household_id, 2015, "dibao_class_1", 3300), within=[record.household_id])
    assert state(record) == (Decimal(3300), None, Decimal(3300), Decimal(9000), Decimal(9000))


def test_without_an_account_the_money_waits_for_one():
    household = HouseholdFactory(size=2)
    write(
        (household.pk, 2015, "dibao_class_1", 3300), (household.pk, 2015, "senior_grant", 1500), within=[household.pk]
    )
    assert not HouseholdYear.objects.exists()
    record = years.record_year(
        household=household, year=2015, values={"income_wage": Decimal(1000), "income_transfer": Decimal(200)}, by=None,
        at=AT,
    )  # fmt: skip
    assert state(record) == (Decimal(4800), Decimal(200), Decimal(4800), Decimal(5800), Decimal(2900))


def test_REG_10_another_declared_amount_goes_beside_what_was_paid():
    record = HouseholdYearFactory()
    write((record.household_id, 2015, "dibao_class_1", 3300), within=[record.household_id])

    def again(transfer, wage=4000):
        record.household.refresh_from_db()
        years.record_year(
            household=record.household, year=2015, why="核实", by=None, at=AT,
            values={"income_transfer": Decimal(transfer), "income_wage": Decimal(wage)},
        )  # fmt: skip

    again(3300, wage=4100)  # the form shows what counts; leaving it alone declares nothing
    assert state(record)[:3] == (Decimal(3300), Decimal(500), Decimal(3300))
    again(700)
    assert state(record)[:3] == (Decimal(3300), Decimal(700), Decimal(3300))
    again(5000)
    assert state(record)[:3] == (Decimal(5000), Decimal(5000), Decimal(3300))


def test_REG_10_a_roster_that_comes_again_does_not_overwrite_what_was_paid():
    household = HouseholdFactory(size=1)
    row = {"number": household.number, "head_name": household.head_name, "village_code": household.area_code, "size": 1,
           "income_wage": Decimal(4000), "income_transfer": Decimal(500)}  # fmt: skip

    def roster():
        area = household.village
        batch = Batch.objects.create(kind="households", file_name="x", file="x", file_sha256="0" * 64, area=area,
                                     area_code=area.code, year=2015, created_at=AT)  # fmt: skip
        frames = {"households": pl.DataFrame([row])}
        return accept_households(frames, area=area, year=2015, by=None, at=AT, batch_id=batch.pk)["years"]

    write((household.pk, 2015, "dibao_class_1", 3300), within=[household.pk])
    assert roster()["new"] == 1
    record = HouseholdYear.objects.get()
    expected = (Decimal(3300), Decimal(500), Decimal(3300), Decimal(7300), Decimal(7300))
    assert state(record) == expected
    assert roster() == {"new": 0, "changed": 0, "unchanged": 1}
    assert state(record) == expected
    row["income_transfer"] = Decimal(4000)
    assert roster()["changed"] == 1
    assert state(record)[:3] == (Decimal(4000), Decimal(4000), Decimal(3300))


money = st.none() | st.decimals(0, 9000, places=2)


@settings(max_examples=40)
@given(parts=st.tuples(money, money, money, money, money), proven=st.none() | st.decimals(1, 9000, places=2))
def test_set_by_set_and_one_by_one_are_the_same_account(parts, proven):
    """`transfers.write` says in one statement what `derived.account` says of one record."""
    names = ("income_wage", "income_operating", "income_property", "income_transfer", "operating_cost")
    record = HouseholdYearFactory(
        household__size=3, net_income=None, income_per_head=None, **dict(zip(names, parts, strict=True))
    )
    account(record, 3)
    record.save()
    before = state(record)
    if proven is not None:
        write((record.household_id, 2015, "x", proven), within=[record.household_id])
        alone = HouseholdYear.objects.get(pk=record.pk)
        account(alone, 3)
        assert (alone.income_transfer, alone.net_income, alone.income_per_head) == (
            state(record)[0], *state(record)[3:],
        )  # fmt: skip
        write(within=[record.household_id])
    assert state(record) == before


def test_PAIR_5_need_follows_as_if_it_had_been_settled_one_by_one():
    record = HouseholdYearFactory(household__size=2, income_wage=Decimal(500), income_operating=Decimal(0),
                                  operating_cost=Decimal(0), household__with_people=2)  # fmt: skip
    household = record.household
    settle(household, at=AT)
    household.refresh_from_db()
    poorer = household.need_band
    write((household.pk, 2015, "dibao_class_1", 9900), within=household.village)
    household.refresh_from_db()
    assert household.need_band < poorer
    before = (household.need_band, household.income_per_head)
    settle(household, at=datetime(2015, 12, 31, tzinfo=UTC))
    household.refresh_from_db()
    assert (household.need_band, household.income_per_head) == before
