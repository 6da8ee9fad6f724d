"""The pages of what-ifs: set up, changed, worked out, read, compared, taken along as a workbook."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from shuanglian.benefits.actions import scenarios
from shuanglian.benefits.models import Scenario
from shuanglian.jobs.actions import jobs
from shuanglian.jobs.models import Job

from .test_scenarios import AT, ON, land, raised, worked_out  # noqa: F401 - land is a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk)
    return client


def test_a_clerk_sets_a_scenario_up_and_has_it_worked_out(desk, land):  # noqa: F811
    answer = desk.post("/benefits/scenarios/new/", {
        "title": "二类提标", "area": land.county.code, "area_text": "", "on": "2015-10-01", "against": "2015-10-01", "note": "",
    })  # fmt: skip
    made = Scenario.objects.get()
    assert answer.status_code == 302 and answer.url == f"/benefits/scenarios/{made.pk}/changes/"
    page = desk.get(answer.url).content.decode()
    assert "二类保障标准" in page and "现为 2808" in page
    answer = desk.post(answer.url, {"given:dibao_class_2:standard": "3,300", "run": "1"})
    made.refresh_from_db()
    assert made.changes == {"benefits": {"dibao_class_2": {"given": {"standard": "3300"}}}}
    jobs.run_now(Job.objects.get(kind=scenarios.WORK))
    page = desk.get(f"/benefits/scenarios/{made.pk}/").content.decode()
    assert "6,396" in page and "平襄镇" in page and '<svg class="chart"' in page
    assert "&lt;5" in page  # the small group without the allowance's money


@pytest.mark.parametrize("typed", ["abc", "-1", "1e400"])
def test_an_amount_that_is_no_number_is_told_at_its_field(desk, place, clerk, typed):
    made = scenarios.create(title="试算", area=place.county, on=ON, against=ON, by=clerk, at=AT)
    answer = desk.post(f"/benefits/scenarios/{made.pk}/changes/", {"given:dibao_class_2:standard": typed})
    assert answer.status_code == 422
    assert "given:dibao_class_2:standard_errors" in answer.content.decode()


def test_two_scenarios_stand_side_by_side(desk, land, clerk):  # noqa: F811
    one = worked_out(land, clerk, raised(3300))
    Job.objects.all().delete()
    other = worked_out(land, clerk, raised(3000))
    page = desk.get(f"/benefits/scenarios/compare/?a={one.pk}&b={other.pk}").content.decode()
    assert "6,396" in page and "2,496" in page


def test_the_workbook_holds_the_same_figures(desk, land, clerk):  # noqa: F811
    made = worked_out(land, clerk, raised(3300))
    answer = desk.get(f"/benefits/scenarios/{made.pk}/export/")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert ["平襄镇", 7, 7, 7, 3444, 0, 0, 7, 0] in [list(row[:9]) for row in rows]


def test_a_scenario_can_be_copied_and_taken_away(desk, land, clerk):  # noqa: F811
    made = scenarios.create(
        title="试算", area=land.county, on=ON, against=date(2015, 1, 1), changes=raised(3000), by=clerk, at=AT
    )
    desk.post(f"/benefits/scenarios/{made.pk}/copy/")
    second = Scenario.objects.exclude(pk=made.pk).get()
    assert (second.changes, second.against, second.title) == (made.changes, made.against, "试算（副本）")
    desk.post(f"/benefits/scenarios/{made.pk}/remove/")
    assert list(Scenario.objects.all()) == [second]


def test_a_neighbour_and_a_village_committee_see_none_of_it(client, land, clerk, neighbour, committee):  # noqa: F811
    made = scenarios.create(title="试算", area=land.county, on=ON, against=ON, by=clerk, at=AT)
    client.force_login(neighbour)
    assert client.get(f"/benefits/scenarios/{made.pk}/").status_code == 404
    assert "试算" not in client.get("/benefits/scenarios/").content.decode()
    client.force_login(committee)
    assert client.get("/benefits/scenarios/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_the_same_number_of_times(desk, place, clerk, rows, django_assert_max_num_queries):
    for number in range(rows):
        scenarios.create(title=f"试算{number}", area=place.county, on=ON, against=ON, by=clerk, at=AT)
    desk.get("/benefits/scenarios/")
    with django_assert_max_num_queries(14):
        assert desk.get("/benefits/scenarios/").content.decode().count("试算") >= rows
