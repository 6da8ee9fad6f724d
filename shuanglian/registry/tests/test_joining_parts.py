"""Parts of the income account when households split and merge, and in the file of a past day (PLAN-4, REG-10)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import account, asof, history
from shuanglian.registry.actions import accounts, merges, splits, undo, years
from shuanglian.registry.actions.derived import settle
from shuanglian.registry.models import AccountPart, HouseholdYear, Person, Transfer

from .factories import HouseholdFactory, relation

AT = datetime(2016, 3, 1, 8, tzinfo=UTC)
ON = date(2016, 2, 1)
PARTS = {"wage": "4000", "operating": "3000", "cost": "1000", "dividend": "200", "property_other": "100",
         "dibao": "600", "pension": "401", "transfer_other": "99.99"}  # fmt: skip


def file(village, many=3, **parts):
    made = HouseholdFactory(village=village, with_people=many)
    settle(made, at=AT)
    if parts:
        write(made, **parts)
    return made


def write(home, year=2015, why="", at=AT, **parts):
    given = {code: Decimal(value) if value is not None else None for code, value in parts.items()}
    return accounts.record(household=home, year=year, parts=given, by=None, at=at, why=why)


def kept(home, year=2015):
    rows = AccountPart.objects.filter(household=home, year=year)
    return {one.part: one.yuan for one in rows}


def members(home):
    return list(Person.objects.filter(household=home, left_on__isnull=True).order_by("pk"))


def sons(rows):
    return {one.pk: relation("之子") for one in rows}


def agrees(home, year=2015):
    """Every channel is the sum of its parts, with the rest."""
    told = account.years_of(home, [year])[year]
    for channel in account.CHANNELS:
        whole = told.declared(channel)
        parts = [value for one in account.parts_of(channel, active())
                 if (value := told.of_part(one, active())) is not None]  # fmt: skip
        assert sum(parts, Decimal(0)) == (whole or 0), channel
    return True


def split(source, **divided):
    _head, one, *_more = members(source)
    return splits.split(household=source, people=[one], head=one, relations={}, on=ON, why="成家", by=None, at=AT,
                        divided={name: Decimal(value) for name, value in divided.items()}).target  # fmt: skip


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.decimals("0.01", "1100.99", places=2), st.decimals("0.01", "300", places=2))
def test_PLAN_4_a_split_divides_parts_with_their_channel_and_loses_no_cent(place, transfer, of_property):
    source = file(place.village, 3, **PARTS)
    before = kept(source)
    new = split(source, income_transfer=transfer, income_property=of_property)
    both = {code: kept(source).get(code, 0) + kept(new).get(code, 0) for code in before}
    assert both == before
    assert agrees(source) and agrees(new)
    assert kept(new)["pension"] == (Decimal(401) * transfer / Decimal("1100.99")).quantize(
        Decimal("0.01"), "ROUND_HALF_UP"
    )


def test_PLAN_4_parts_of_what_is_not_divided_stay(place):
    source = file(place.village, 3, **PARTS)
    before = kept(source)
    new = split(source, income_wage="1000")
    assert kept(new) == {"wage": Decimal(1000)}
    assert kept(source) == before | {"wage": Decimal(3000)}


def test_PLAN_4_a_merge_adds_parts_and_its_undo_puts_them_back_as_they_stood(place):
    ours, theirs = file(place.village, 2, wage="1000", dividend="50"), file(place.village, 2, **PARTS)
    before = kept(ours), kept(theirs)
    link = merges.merge(kept=ours, closed=theirs, relations=sons(members(theirs)), on=ON, why="合户", by=None, at=AT)
    assert kept(ours) == {code: before[0].get(code, 0) + Decimal(value) for code, value in PARTS.items()}
    assert agrees(ours)
    undo.undo(link=link, why="认错了", by=None, at=AT + timedelta(days=1))
    assert (kept(ours), kept(theirs)) == before


def test_PLAN_4_a_file_without_parts_gives_its_amounts_to_the_rest(place):
    ours, theirs = file(place.village, 2), file(place.village, 2, **PARTS)
    years.record_year(household=ours, year=2015, values={"income_transfer": Decimal(500)}, by=None, at=AT)
    merges.merge(kept=ours, closed=theirs, relations=sons(members(theirs)), on=ON, why="合户", by=None, at=AT)
    assert kept(ours)["transfer_other"] == Decimal("599.99")
    assert agrees(ours)


def test_FUND_5_a_merge_loses_no_transfers_when_payrolls_prove_some_of_them(place):
    ours, theirs = file(place.village, 2, pension="100"), file(place.village, 2, pension="1000")
    Transfer.objects.create(household=ours, area_code=ours.area_code, year=2015, source="dibao_class_1", yuan=3000)
    write(ours, why="更正", pension="101")
    assert HouseholdYear.objects.get(household=ours).income_transfer == 3000
    merges.merge(kept=ours, closed=theirs, relations=sons(members(theirs)), on=ON, why="合户", by=None, at=AT)
    assert HouseholdYear.objects.get(household=ours).income_transfer == 4000
    assert agrees(ours)


def test_REG_10_a_part_that_was_taken_out_since_hinders_the_undo(place):
    ours, theirs = file(place.village, 2, wage="1000"), file(place.village, 2, dividend="60", property_other="1")
    link = merges.merge(kept=ours, closed=theirs, relations=sons(members(theirs)), on=ON, why="合户", by=None, at=AT)
    write(ours, why="更正", wage="1000", dividend=None, property_other="61")
    with pytest.raises(Refusal, match="又有改动"):
        undo.undo(link=link, why="认错了", by=None, at=AT + timedelta(days=1))


def test_PLAN_4_parts_overtaken_by_a_smaller_channel_are_no_longer_what_it_is_made_of(place):
    home = file(place.village, 2, **PARTS)
    years.record_year(household=home, year=2015, values={"income_property": Decimal(50)}, by=None, at=AT, why="核实")
    told = account.years_of(home, [2015])[2015]
    of = {one.code: told.of_part(one, active()) for one in account.parts_of("income_property", active())}
    assert of == {"dividend": None, "property_other": Decimal(50)}


def test_REG_10_the_file_of_a_past_day_has_the_parts_of_that_day(place, client, clerk):
    home = file(place.village, 2, **PARTS)
    write(home, why="核实", at=AT + timedelta(days=10), **PARTS | {"dividend": "250", "pension": None})
    then = asof.file(home.pk, asof.end_of(AT.date()))
    now = asof.file(home.pk, asof.end_of(AT.date() + timedelta(days=20)))
    assert (then.parts[2015]["dividend"], then.parts[2015]["pension"]) == (Decimal(200), Decimal(401))
    assert now.parts[2015]["dividend"] == Decimal(250) and "pension" not in now.parts[2015]
    client.force_login(clerk)
    page = client.get(f"/registry/{home.pk}/as-of/?on={AT.date()}").content.decode()
    assert "其中 " in page and "401" in page
    lines = {(line.name, line.before, line.after) for deed in history.deeds(home) for line in deed.lines}
    label = {code: active().account_parts[code].label.zh for code in ("dividend", "pension")}
    assert (label["dividend"], "200", "250") in lines and (label["pension"], "401", "—") in lines
