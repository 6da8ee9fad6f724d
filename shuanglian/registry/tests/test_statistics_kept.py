"""Standard tables above counties are added up from what the night kept (REP-2): the same figures, their day told."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuanglian.accounts.middleware import as_person
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.jobs.actions import jobs
from shuanglian.jobs.models import Job
from shuanglian.registry import statistics, tasks
from shuanglian.registry.actions import statistics as verbs
from shuanglian.registry.models import KeptStatistics
from shuanglian.rules.statistics import WHOLE, lines

from .factories import HouseholdFactory, HouseholdYearFactory

AT = datetime(2016, 3, 1, 1, tzinfo=UTC)
TODAY = date(2016, 3, 1)


@pytest.fixture
def province(place):
    """Seven households in two counties, one account; the province that they lie in."""
    made = [HouseholdFactory(with_people=1 + n % 3, main_cause="01" if n < 4 else "05") for n in range(6)]
    HouseholdFactory(village=place.neighbour_village, with_people=2, main_cause="02")
    HouseholdYearFactory(household=made[0])
    return Area.objects.get(parent=None, code=place.county.code[:2].ljust(12, "0"))


def counties(area):
    return Area.objects.current().within(area).filter(level=Area.Level.COUNTY)


def sheet(area, year=2015, today=TODAY, safe=False):
    return statistics.sheet(area, year, today, active(), safe=safe)


def cells(told):
    """Every cell that the page and the workbook can show, with the protected ones as None."""
    return {(table.code, place.code, row, on): told.cell(table.code, place, row, on)
            for table in told.tables for place in (told.area, *told.below) for on in (told.on, told.before)
            for row in (*(line.code for line in lines(table, active())), WHOLE)}  # fmt: skip


def keep_all(area, at=AT):
    for county in counties(area):
        verbs.keep(county, at=at)


@pytest.mark.parametrize("safe", [False, True])
def test_REP_2_what_the_night_kept_gives_the_figures_of_a_count_at_the_look(province, safe):
    before = sheet(province, safe=safe)
    keep_all(province)
    after = sheet(province, safe=safe)
    assert cells(after) == cells(before)
    assert any(cell and cell[0] for cell in cells(after).values())
    assert (before.kept.anew, after.kept.anew) == (counties(province).count(), 0)
    assert (after.kept.on, after.kept.at, after.day) == (date(2015, 12, 31), AT, date(2015, 12, 31))


def test_REP_2_a_province_reads_the_kept_rows_and_no_file(province):
    keep_all(province)
    with CaptureQueriesContext(connection) as asked:
        sheet(province)
    read = [one["sql"] for one in asked if "registry_" in one["sql"]]
    assert len(read) == 1 and "registry_keptstatistics" in read[0]


def test_REP_2_the_page_states_the_day_of_the_oldest_county_and_which_were_counted_anew(client, province, place):
    keep_all(province, datetime(2016, 2, 20, 1, tzinfo=UTC))
    verbs.keep(place.county, at=AT)
    told = sheet(province, 2016)
    assert (told.day, told.kept.at.date()) == (date(2016, 2, 20), date(2016, 2, 20))
    KeptStatistics.objects.filter(area=place.county).delete()
    assert sheet(province, 2016).kept.anew == 1
    whole = {key: cell for key, cell in cells(sheet(province, 2016)).items() if key[1] == province.code}
    assert whole == {key: cell for key, cell in cells(counted_now(province)).items() if key[1] == province.code}
    client.force_login(UserFactory(username="above", role="programme_office", area=province))
    assert "还没有夜间汇总" in client.get("/registry/statistics/?year=2015").content.decode()


def counted_now(province):
    KeptStatistics.objects.all().delete()
    return sheet(province, 2016)


def test_REP_2_rows_of_an_unfinished_year_are_not_taken_for_its_end(province):
    keep_all(province, datetime(2015, 11, 20, 1, tzinfo=UTC))
    assert sheet(province, 2015).kept.anew == counties(province).count()
    assert sheet(province, 2015, today=date(2015, 11, 25)).kept.anew == 0


def test_REP_2_rows_kept_under_other_tables_are_not_used(province):
    keep_all(province)
    KeptStatistics.objects.update(basis="another")
    assert sheet(province).kept.anew == counties(province).count()


def test_REP_2_where_too_many_files_wait_for_the_night_the_page_says_so_and_counts_in_the_background(
    client, province, monkeypatch
):
    """A province without kept rows would read every file in the page: 41 s of processor and 4.4 GiB (bench)."""
    client.force_login(UserFactory(username="above", role="programme_office", area=province))
    monkeypatch.setattr(statistics, "MOST_AT_LOOK", 6)
    for answer in (client.get("/registry/statistics/"),
                   client.post("/registry/statistics/export/", {"area": province.code}, follow=True)):  # fmt: skip
        page = answer.content.decode()
        assert "还没有汇总" in page and "现在汇总" in page and "<tfoot>" not in page
    assert client.post("/registry/statistics/count/", {"area": province.code}).status_code == 302
    job = jobs.run_now(Job.objects.get())
    assert (job.state, job.result["counties"]) == (Job.State.DONE, counties(province).count())
    page = client.get("/registry/statistics/").content.decode()
    assert "还没有汇总" not in page and "<tfoot>" in page
    assert jobs.run_now(jobs.start(kind="registry.statistics", title="再来", params=job.params, by=job.by, at=AT,
                                   area_code=province.code)).result["counties"] == 0  # fmt: skip


def test_REP_2_a_few_files_that_wait_are_counted_at_the_look(province, monkeypatch):
    monkeypatch.setattr(statistics, "MOST_AT_LOOK", 7)  # as many as there are
    assert sheet(province).kept.anew == counties(province).count()


def test_REP_2_the_first_year_with_a_line_is_shown_beside_one_without(province, client):
    first = statistics.years(active(), TODAY)[-1]
    told = sheet(province, first)
    assert told.cell("income_bands", province, WHOLE, told.before) is not None
    client.force_login(UserFactory(username="above", role="programme_office", area=province))
    assert client.get(f"/registry/statistics/?year={first}").status_code == 200


def test_REP_2_keeping_again_replaces_and_regions_with_new_codes_forget(province, place):
    verbs.keep(place.county, at=AT)
    first = KeptStatistics.objects.filter(area=place.county).count()
    HouseholdFactory(with_people=1, main_cause="01")
    verbs.keep(place.county, at=AT)
    rows = KeptStatistics.objects.filter(area=place.county)
    assert rows.count() == first
    told = {(table, row): n for table, row, n, *_rest in rows.get(year=2015).cells}
    assert told["main_cause", "01"] == 5
    tasks.after_regions([])
    assert not KeptStatistics.objects.exists()


def test_REG_10_nobody_reads_kept_rows_beyond_his_area(province, place):
    keep_all(province)
    with as_person(UserFactory(username="one", role="programme_office", area=place.county)):
        assert set(KeptStatistics.objects.values_list("area_code", flat=True)) == {place.county.code}
    with as_person(UserFactory(username="two", role="township_office", area=place.village.parent)):
        assert not KeptStatistics.objects.exists()
