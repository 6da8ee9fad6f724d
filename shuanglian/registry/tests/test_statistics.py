"""The standard tables (REP-2; domain 2.8): every level the sum of the one below, nothing counted twice, small groups."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.registry import published, statistics
from shuanglian.registry.models import VillageYear
from shuanglian.rules.profile import load
from shuanglian.rules.statistics import UNTOLD, WHOLE, lines, wants

from .factories import HouseholdFactory, HouseholdYearFactory, PersonFactory, relation

TODAY = date(2016, 3, 1)


@pytest.fixture
def families(place):
    """Six households in the village, one in the other county; causes, sexes and ages told."""
    made = [HouseholdFactory(with_people=1 + n % 3, main_cause="01" if n < 4 else "05") for n in range(6)]
    HouseholdYearFactory(household=made[0])
    HouseholdYearFactory(household=made[1], year=2014)
    return made


def sheet(area, year=2015, **asked):
    return statistics.sheet(area, year, TODAY, active(), safe=asked.get("safe", False))


def figures(told, code, on=None):
    table = active().statistics[code]
    found = {line.code: told.cell(code, told.area, line.code, on or told.on) for line in lines(table, active())}
    return {row: cell[0] for row, cell in found.items() if cell and cell[0]}


def test_REP_2_every_standard_table_counts_columns_that_somebody_provides():
    """The two dozen tables of domain 2.8, each with its rows; none names a column that nothing fills."""
    known = published.known_columns()
    for name in ("tongwei_2015", "gansu_province_2012"):
        profile = load(name)
        assert len(profile.statistics) >= 24
        for table in profile.statistics.values():
            assert wants(table) <= known[table.unit], table.code
            assert lines(table, profile)


def test_REP_2_households_are_counted_by_main_cause(families, place):
    assert figures(sheet(place.county), "main_cause") == {"01": 4, "05": 2}


def test_REP_2_every_level_is_the_sum_of_the_one_below(families, place):
    """Province, city, county, township: for every table and row the parts make up the whole."""
    area = Area.objects.get(parent=None, code=place.county.code[:2].ljust(12, "0"))
    seen = 0
    while area.level < Area.Level.VILLAGE:
        told = sheet(area)
        for table in told.tables:
            for code in (*(line.code for line in lines(table, active())), WHOLE):
                parts = [told.cell(table.code, one, code, told.on) for one in told.below]
                own = told.cell(table.code, area, code, told.on)
                assert own[0] == sum(part[0] for part in parts), (area.name, table.code, code)
                assert (own[2] or 0) == sum(part[2] or 0 for part in parts)
                seen += own[0]
        area = next(one for one in told.below if place.village.code.startswith(one.prefix))
    assert seen


def test_REP_2_rows_of_codes_and_bands_make_up_the_whole(families, place):
    told = sheet(place.county)
    for table in told.tables:
        if table.parts and table.code not in ("health", "other_causes"):
            rows = [told.cell(table.code, place.county, line.code, told.on)[0] for line in lines(table, active())]
            assert sum(rows) == told.cell(table.code, place.county, WHOLE, told.on)[0], table.code


def test_REP_2_who_left_before_the_day_is_not_counted_and_who_left_after_it_is(families, place):
    families[0].left_on, families[1].left_on = date(2015, 11, 1), date(2016, 2, 1)
    families[0].save()
    families[1].save()
    assert sum(figures(sheet(place.county), "main_cause").values()) == 5
    assert sum(figures(sheet(place.county, 2016), "main_cause").values()) == 4


def test_REP_2_ages_are_full_years_on_the_day(place):
    home = HouseholdFactory()
    for born in (date(1999, 12, 31), date(2000, 1, 1), None):
        PersonFactory(household=home, born_on=born, relation=relation("之子"))
    assert figures(sheet(place.county), "age") == {"to_29": 1, "to_15": 1, UNTOLD: 1}


def test_PLAN_4_income_is_that_of_the_years_account_and_living_that_of_the_latest(families, place):
    told = sheet(place.county)
    assert figures(told, "income")["wage"] == 1
    assert told.cell("income", place.county, "net", told.on)[2] == Decimal(6500)
    assert figures(told, "income_bands") == {"to_8000": 1, UNTOLD: 5}
    assert figures(told, "living") == {}
    assert figures(told, "income", told.before)["wage"] == 1


def test_FUND_5_transfers_are_told_by_who_says_so(place):
    home = HouseholdFactory(with_people=1)
    HouseholdYearFactory(household=home, income_transfer=800, transfer_declared=500, transfer_paid=800)
    told = sheet(place.county)
    cells = {
        row: told.cell("transfer", place.county, row, told.on)[2] for row in ("declared", "paid", "unsaid", "counted")
    }
    assert cells == {"declared": 500, "paid": 800, "unsaid": 300, "counted": 800}


def test_IDX_2_a_village_stands_in_the_band_of_its_poverty_incidence(families, place):
    VillageYear.objects.create(village=place.village, area_code=place.village.code, year=2015, people=100)
    assert figures(sheet(place.county), "incidence") == {"to_20": 1}


def test_REP_2_protected_figures_hide_small_groups_at_every_level_and_nothing_can_be_subtracted(families, place):
    """Two households of one cause among six: neither is shown, here or below or above."""
    area = place.county
    for region in (area.parent.parent, area.parent, area, place.village.parent, place.village):
        told = sheet(region, safe=True)
        assert told.cell("main_cause", region, "05", told.on) is None
        assert told.cell("main_cause", region, "01", told.on) is None
        assert told.cell("main_cause", region, WHOLE, told.on)[0] == 6


def test_REP_2_protected_tables_leave_out_rows_that_another_table_tells(families, place):
    told = sheet(place.county, safe=True)
    codes = [table.code for table in told.tables]
    assert "income_bands" not in codes and "poverty_line" in codes and "school_age" not in codes
    assert "unsafe" not in [line.code for line in told.lines(active().statistics["living"])]


def test_REP_2_the_page_shows_count_share_and_last_year(client, families, clerk, place):
    client.force_login(clerk)
    page = client.get("/registry/statistics/", {"table": "main_cause", "year": 2015}).content.decode()
    assert "主要致贫原因" in page and "66.7%" in page and "<svg" in page


def test_REP_2_who_may_not_open_files_sees_protected_figures_whatever_is_asked(client, families, place):
    unit = UserFactory(username="unit", role="unit", area=place.county)
    client.force_login(unit)
    page = client.get("/registry/statistics/", {"table": "main_cause", "year": 2015}).content.decode()
    assert "公示版" in page and "66.7%" not in page


def test_REP_2_all_tables_come_out_as_sheets_of_one_workbook(client, families, clerk, place):
    client.force_login(clerk)
    answer = client.post("/registry/statistics/export/", {"year": 2015})
    book = load_workbook(io.BytesIO(answer.content))
    assert len(book.sheetnames) >= 24
    causes = book["主要致贫原因"]
    assert causes["B4"].value == 6 and "单位：户" in causes["A2"].value


def test_REP_2_statistics_of_another_county_are_not_found(client, neighbour, place):
    client.force_login(neighbour)
    assert client.get("/registry/statistics/", {"area": place.county.code}).status_code == 404


def test_REP_2_above_counties_a_row_is_shown_only_when_every_county_shows_it(place):
    """Two of a cause in one county, twenty in the next: the province minus the next would tell the two."""
    village = Area.objects.filter(level=Area.Level.VILLAGE, code__startswith=place.neighbour.prefix).first()
    if village is None:
        town = Area.objects.create(code=f"{place.neighbour.prefix}100000", name="东乡", level=4, parent=place.neighbour,
                                   since=date(2010, 1, 1))  # fmt: skip
        village = Area.objects.create(code=f"{place.neighbour.prefix}100201", name="上村", level=5, parent=town,
                                      since=date(2010, 1, 1))  # fmt: skip
    for n in range(12):
        HouseholdFactory(main_cause="05" if n < 2 else "01")
        HouseholdFactory(main_cause="05" if n < 6 else "01", village=village)
    told = sheet(place.county.parent, safe=True)
    assert told.cell("main_cause", place.county, "05", told.on) is None
    assert told.cell("main_cause", place.neighbour, "05", told.on)[0] == 6
    assert told.cell("main_cause", place.county.parent, "05", told.on) is None
    assert told.cell("main_cause", place.county.parent, WHOLE, told.on)[0] == 24
