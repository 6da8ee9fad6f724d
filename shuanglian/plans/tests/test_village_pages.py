"""Pages of village plans: written and prefilled, submitted, agreed, approved; lists of an area, workbook, paper, gates."""

import io
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.jobs.actions import jobs
from shuanglian.pairing.models import VillageLink
from shuanglian.plans import village_queries, village_tasks
from shuanglian.plans.models import VillagePlan, VillageResult

from .factories import AT, home
from .test_views import log_in
from .villages import PATH, PLAN, draft, yearly

pytestmark = pytest.mark.django_db


def page_of(village, **asked):
    return reverse("plans:village", args=[village.code], query=asked or None)


def posted(page, **more):
    """What the form of a page would send, with changes."""
    form, lines, indicators = (page.context[name] for name in ("form", "lines", "indicators"))
    told = {form.add_prefix(name): form[name].value() for name in form.fields}
    told |= {f"l-{name}": lines.management_form[name].value() for name in lines.management_form.fields}
    for one in (*lines, indicators):
        told |= {one.add_prefix(name): one[name].value() for name in one.fields}
    told |= more
    return {name: value for name, value in told.items() if value is not None}


def test_a_village_writes_its_plan_and_types_only_its_own_words(client, town):
    log_in(client, town.committee)
    address = reverse("plans:village_write", args=[town.village.code])
    page = client.get(address)
    assert page.status_code == 200 and "2 户 8 人" in page.content.decode()
    line = {"l-0-work": "pens", "l-0-what": "阳洼小区", "l-0-starts_on": "2016-03-01", "l-0-due_on": "2016-10-01",
            "l-0-cost": "500", "l-0-fund": "special"}  # fmt: skip
    answer = client.post(address, posted(page, path=PATH, plan=PLAN, fund_unit="10000", fund_special="500", **line))
    assert answer.status_code == 302
    plan = VillagePlan.objects.get()
    assert (plan.industry, plan.target, plan.until, plan.by) == ("labour", 4000, 2017, town.committee)
    shown = client.get(page_of(town.village)).content.decode()
    assert "阳洼小区" in shown and "算得平" in shown and "还没有提交" in shown


@pytest.mark.parametrize("change", [
    {"path": ""}, {"target": "0"}, {"target": "x"}, {"until": "2031"}, {"industry": "coal"}, {"base": "9"},
    {"fund_unit": "-5"}, {"l-0-work": "pens"}, {"l-0-what": "没有类别"}, {"i-promised_income": "-1"},
    {"i-present_gini": "0.4"}, {"l-TOTAL_FORMS": "9999"}, {"year": "1"},
])  # fmt: skip
def test_bad_input_is_told_on_the_form_and_nothing_is_kept(client, town, change):
    log_in(client, town.committee)
    address = reverse("plans:village_write", args=[town.village.code])
    told = posted(client.get(address), **{"path": PATH, "plan": PLAN, **change})
    assert client.post(address, told).status_code == 422
    assert not VillagePlan.objects.exists()


def test_a_year_is_prefilled_by_one_button_and_carries_the_work_on(client, town):
    town.write()
    log_in(client, town.committee)
    address = reverse("plans:village_write", args=[town.village.code], query={"kind": "yearly", "year": 2016})
    page = client.get(address)
    assert "从规划和上年计划填入" in page.content.decode()
    assert page.context["lines"][0]["what"].value() == "阳洼养殖小区"
    answer = client.post(address, posted(page))
    assert answer.status_code == 302, page.context["form"].errors
    year = VillagePlan.objects.get(series=2016)
    assert year.lines.get().thread == VillagePlan.objects.get(series=0).lines.get().thread
    town.write(yearly(industry="fruit"), base=1)
    again = client.get(f"{address}&fill=1")
    assert again.context["form"]["industry"].value() == "livestock" and again.context["form"]["base"].value() == 2


def test_PLAN_5_submitted_agreed_and_approved_on_the_page_by_three_people(client, town):
    plan = town.write()
    log_in(client, town.committee)
    client.post(reverse("plans:village_submit", args=[plan.pk]), {"shown": plan.digest})
    plan.refresh_from_db()
    meeting = {
        "shown": plan.digest,
        "on": plan.submitted_on.isoformat(),
        "entitled": 40,
        "present": 19,
        "in_favour": 19,
    }
    told = client.post(reverse("plans:village_agree", args=[plan.pk]), meeting, follow=True).content.decode()
    assert "会议无效" in told
    client.post(reverse("plans:village_agree", args=[plan.pk]), {**meeting, "present": 33, "in_favour": 30})
    assert client.post(reverse("plans:village_approve", args=[plan.pk]), {"shown": plan.digest}).status_code == 403
    log_in(client, town.township)
    assert "乡镇审定" in client.get(page_of(town.village)).content.decode()
    client.post(reverse("plans:village_approve", args=[plan.pk]), {"shown": plan.digest})
    plan.refresh_from_db()
    assert plan.state == "approved"


def test_the_township_sends_back_and_the_village_reads_why(client, town):
    plan = town.to_meeting(town.write())
    log_in(client, town.township)
    client.post(reverse("plans:village_send_back", args=[plan.pk]), {"shown": plan.digest, "why": "资金没有落实"})
    log_in(client, town.committee)
    assert "资金没有落实" in client.get(page_of(town.village)).content.decode()


def test_a_county_sees_and_does_not_approve(client, town, clerk):
    plan = town.to_meeting(town.write())
    log_in(client, clerk)
    assert client.get(page_of(town.village)).status_code == 200
    assert client.post(reverse("plans:village_approve", args=[plan.pk]), {"shown": plan.digest}).status_code == 403


def test_gates_a_unit_its_linked_villages_a_cadre_his_own_a_neighbour_none(client, town, neighbour, place):
    home(village=place.villages[2])
    for user, mine, other in (
        (town.homes.unit, 200, 404), (town.homes.cadre, 200, 404), (town.committee, 200, 404), (neighbour, 404, 404),
    ):  # fmt: skip
        log_in(client, user)
        assert client.get(page_of(town.village)).status_code == mine
        assert client.get(page_of(place.villages[2])).status_code == other
    log_in(client, town.homes.unit)
    assert client.get(reverse("plans:village_write", args=[town.village.code])).status_code == 403


def test_results_are_logged_on_the_page(client, town):
    row = town.write().lines.get()
    log_in(client, town.committee)
    told = {"key": str(uuid4()), "share": "60", "spent": "1000", "on": AT.date().isoformat(), "note": "地基打好"}
    for _twice in range(2):
        client.post(reverse("plans:village_log", args=[row.pk]), told)
    assert VillageResult.objects.get().share == 60
    assert "地基打好" in client.get(page_of(town.village)).content.decode()
    assert client.post(reverse("plans:village_log", args=[row.pk]), {**told, "share": "160"}).status_code == 302
    assert VillageResult.objects.count() == 1


# --- an area ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def others(town, place):
    """Two more villages that a unit is linked to: one copies the first one's plan, one has none."""
    for village in place.villages[1:3]:
        VillageLink.objects.create(unit=town.homes.person.unit, village=village, area_code=village.code,
                                   since=date(2015, 1, 1))  # fmt: skip
        home(village=village)
    town.to_meeting(town.write(draft(industry="labour")))
    town.write(village=place.villages[1])
    return place.villages[1:3]


def test_lists_of_a_county_name_what_is_missing_copied_not_agreed_and_not_adding_up(client, town, others, clerk):
    log_in(client, clerk)
    found = client.get(reverse("plans:villages"))
    assert found.context["standing"].counts == {
        "missing": 1, "not_adding": 1, "copied": 1, "not_agreed": 1, "not_approved": 1,
    }  # fmt: skip
    named = {
        "missing": [others[1]], "copied": [others[0]], "not_agreed": [others[0]], "not_adding": [others[0]],
        "not_approved": [town.village],
    }  # fmt: skip
    for show, villages in named.items():
        told = client.get(reverse("plans:villages"), {"show": show}).context["told"]
        assert [one.village for one, _faults in told] == villages, show
    page = client.get(reverse("plans:villages"), {"show": "not_adding"}).content.decode()
    assert "没有户计划" in page and page_of(others[0]) in page


def test_one_village_more_asks_the_database_no_more(client, town, others, clerk, django_assert_max_num_queries):
    log_in(client, clerk)
    client.get(reverse("plans:villages"))
    for kind in ("horizon", "yearly", "nonsense"):
        with django_assert_max_num_queries(26):
            assert client.get(reverse("plans:villages"), {"kind": kind}).status_code == 200


def test_a_province_counts_without_reckoning(client, town, others, place):
    log_in(client, UserFactory(role="programme_office", area=place.province))
    found = client.get(reverse("plans:villages"))
    standing = found.context["standing"]
    assert (standing.villages, standing.planned, standing.agreed) == (3, 2, 1)
    assert standing.counts == {"missing": 1, "copied": 1, "not_agreed": 1, "not_approved": 1}


def test_a_list_is_exported_with_every_discrepancy_in_words(town, others, clerk):
    job = jobs.start(kind=village_tasks.VILLAGES, title="名单", by=clerk, at=AT, params={
        "area": clerk.area.code, "series": 0, "show": "all", "language": "zh"})  # fmt: skip
    kept = {}

    class Kept:
        def __call__(self, done, total, message=""):
            assert done <= total

        def keep(self, data, name):
            kept[name] = data

    assert village_tasks.write_list(job, Kept()) == {"rows": 3}
    (data,) = kept.values()
    cells = [str(cell.value) for row in load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row]
    assert town.village.name in cells and "没有计划" in cells and any("还差" in cell for cell in cells)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_paper_panels_and_older_versions_in_both_languages(client, town, clerk, language):
    plan = town.to_meeting(town.write())
    town.write(draft(industry="labour"), base=1)
    log_in(client, clerk)
    client.cookies["language"] = language
    paper = client.get(reverse("plans:village_pdf", args=[plan.pk]))
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    word = "村规划和年度计划" if language == "zh-hans" else "Village plans"
    for area in (town.village, town.village.parent, clerk.area):
        assert word in client.get(reverse("areas:detail", args=[area.code])).content.decode()
    old = client.get(reverse("plans:village_version", args=[plan.pk])).content.decode()
    assert plan.mark in old


def test_a_cadre_sees_the_villages_of_his_unit_in_the_list(town, others):
    rows = village_queries.rows_of(seen_by=town.homes.cadre, area=town.homes.cadre.area, series=0)
    assert [one.village for one in rows] == [town.village, *others]
