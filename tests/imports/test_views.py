"""Pages of imports: who may, what they show, and that a neighbour's batch does not exist (issue 2 D, H)."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.jobs.actions.jobs import run_now
from shuanglian.kernel.ids import CHECKS, WEIGHTS
from shuanglian.registry.models import Household
from shuanglian.sheets.models import Batch
from shuanglian.trail.models import Entry

from . import rosters
from .test_batches import broken, let_in, upload, work

AT = datetime(2015, 3, 1, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    user = UserFactory(area=gansu().county)
    client.force_login(user)
    return user


def test_a_roster_goes_from_the_upload_page_into_the_register(client, clerk):
    page = client.post("/imports/upload/", {"kind": "", "area": clerk.area.code, "year": 2015, "file": rosters.flat()})
    assert page.status_code == 302
    batch = Batch.objects.get()
    assert page["Location"] == f"/imports/{batch.pk}/"
    assert "任务" in client.get(page["Location"]).content.decode()
    work(batch)
    body = client.get(page["Location"]).content.decode()
    assert "接收后会怎样" in body and "东关村" in body
    client.post(f"/imports/{batch.pk}/accept/")
    work(batch)
    assert Household.objects.count() == 3
    assert "撤销整批" in client.get(f"/imports/{batch.pk}/").content.decode()
    client.post(f"/imports/{batch.pk}/undo/")
    work(batch)
    assert not Household.objects.exists()


def test_the_upload_page_offers_templates_and_says_what_happens_next(client, clerk):
    body = client.get("/imports/upload/").content.decode()
    assert "接下来会怎样" in body and "/imports/template/pairs/" in body


@pytest.mark.parametrize("field", ["area", "year", "file"])
def test_an_upload_without_something_needed_is_asked_again(client, clerk, field):
    given = {"kind": "", "area": clerk.area.code, "year": 2015, "file": rosters.flat()}
    if field == "area":
        given["area"] = gansu().neighbour.code
    else:
        given.pop(field)
    page = client.post("/imports/upload/", given)
    assert page.status_code == 200 and "is-invalid" in page.content.decode()
    assert not Batch.objects.exists()


def test_findings_are_shown_with_place_cure_and_masked_number(client, clerk):
    batch = upload(clerk, broken())
    body = client.get(f"/imports/{batch.pk}/").content.decode()
    value = batch.findings.get(severity="error").value
    assert "贫困户!E2" in body and "请对照证件逐位核对。" in body
    assert value not in body and value[:4] + "*" * 10 in body


def test_a_number_is_masked_too_where_it_stands_in_for_a_column_that_the_roster_lacks(client, clerk):
    rows = rosters.members(1)
    rows[0][4] = f"{rows[0][4][:6]}20050101{rows[0][4][14:17]}"
    rows[0][4] += CHECKS[sum(int(digit) * weight for digit, weight in zip(rows[0][4], WEIGHTS, strict=True)) % 11]
    batch = upload(clerk, rosters.xlsx("名册.xlsx", 贫困户=[list(rosters.FLAT), *rows]))
    assert batch.findings.get(code="head_young").value == rows[0][4]
    assert rows[0][4] not in client.get(f"/imports/{batch.pk}/").content.decode()


def test_findings_are_narrowed_by_severity_and_code(client, clerk):
    batch = upload(clerk, broken())
    body = client.get(f"/imports/{batch.pk}/?severity=warning").content.decode()
    assert "请对照证件逐位核对。" not in body
    body = client.get(
        f"/imports/{batch.pk}/?code=id_check", headers={"HX-Request": "true", "HX-Target": "findings"}
    ).content.decode()
    assert "请对照证件逐位核对。" in body and "<html" not in body


def test_the_list_of_findings_goes_on_page_by_page(client, clerk):
    rows = rosters.members(60)
    for row in rows:
        row[10] = "不是电话"
    batch = upload(clerk, rosters.xlsx("名册.xlsx", 贫困户=[list(rosters.FLAT), *rows]))
    assert batch.findings.count() > 50
    page = client.get(f"/imports/{batch.pk}/")
    following = page.context["findings"].next
    body = client.get(f"/imports/{batch.pk}/?after={following}").content.decode()
    assert batch.findings.order_by("id")[50].code and "page-links" in body


def test_columns_are_corrected_on_the_page(client, clerk):
    head = ["乡镇", "行政村", "甲栏", "户主身份证", "致贫原因"]
    batch = upload(
        clerk, rosters.xlsx("怪.xlsx", 名册=[head, ["马营镇", "东关村", "张三", "", "因病"]]), kind="households"
    )
    body = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "还缺少必需的列" in body and "甲栏" in body
    refused = client.post(f"/imports/{batch.pk}/columns/", {"col-0-D": "head_id"})
    assert refused.status_code == 422 and "还缺少必需的列" in refused.content.decode()
    client.post(f"/imports/{batch.pk}/columns/", {"col-0-C": "head_name"})
    assert work(batch).counts["households"] == 1


def test_sheets_of_one_make_are_shown_once_and_corrected_together(client, clerk):
    head = ["乡镇", "甲栏", "户主身份证", "致贫原因"]
    villages = {f"{name}村": [head, ["马营镇", f"张{name}", "", "因病"]] for name in ("东关", "马营", "店子")}
    batch = upload(clerk, rosters.xlsx("三村.xlsx", **villages), kind="households")
    body = client.get(f"/imports/{batch.pk}/").content.decode()
    assert body.count('name="col-0-B"') == 1 and "col-1-B" not in body
    client.post(f"/imports/{batch.pk}/columns/", {"col-0-B": "head_name", "out-2": "1"})
    batch = work(batch)
    assert (batch.counts["households"], batch.counts["errors"]) == (2, 0)


def test_the_marked_workbook_is_the_readers_own_file_with_the_findings(client, clerk):
    import io

    import openpyxl

    batch = upload(clerk, broken())
    answer = client.post(f"/imports/{batch.pk}/marked/")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cell = book["贫困户"]["E2"]
    assert cell.comment is not None and "校验位" in cell.comment.text
    assert Entry.objects.filter(verb="imports.marked").exists()


def test_a_big_workbook_is_marked_as_a_job(client, clerk, monkeypatch):
    from shuanglian.jobs.models import Job
    from shuanglian.sheets import views

    batch = upload(clerk, broken())
    monkeypatch.setattr(views, "SMALL", 1)
    answer = client.post(f"/imports/{batch.pk}/marked/")
    job = Job.objects.get(kind="sheets.mark")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert run_now(job).file_name.endswith(".xlsx")


def test_a_batch_is_given_up_on_the_page(client, clerk):
    batch = upload(clerk, broken())
    answer = client.post(f"/imports/{batch.pk}/discard/", follow=True)
    assert "文件已删除" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == "discarded" and not batch.findings.exists()


def test_a_template_is_a_workbook_of_that_kind(client, clerk):
    answer = client.get("/imports/template/cadres/")
    assert answer.content[:2] == b"PK" and ".xlsx" in answer["Content-Disposition"]
    assert client.get("/imports/template/nothing/").status_code == 404


def test_a_neighbours_batch_does_not_exist(client, clerk):
    neighbour = UserFactory(area=gansu().neighbour)
    batch = upload(clerk, rosters.flat())
    client.force_login(neighbour)
    assert client.get(f"/imports/{batch.pk}/").status_code == 404
    for path in ("columns/", "read/", "accept/", "undo/", "discard/", "marked/"):
        assert client.post(f"/imports/{batch.pk}/{path}").status_code == 404, path
    assert rosters.flat().name not in client.get("/imports/").content.decode()


def test_a_township_clerk_does_not_see_the_countys_batch(client, clerk):
    batch = upload(clerk, rosters.flat())
    client.force_login(UserFactory(area=gansu().township))
    assert client.get(f"/imports/{batch.pk}/").status_code == 404


@pytest.mark.parametrize("role", ["cadre", "unit", "leader", "auditor", "inspector"])
def test_roles_without_the_right_are_refused(client, role):
    client.force_login(UserFactory(area=gansu().county, role=role))
    assert client.get("/imports/").status_code == 403
    assert client.get("/imports/upload/").status_code == 403


def test_strangers_are_sent_to_the_log_in_page(client):
    for path in ("/imports/", "/imports/upload/", "/imports/1/", "/imports/template/units/"):
        assert client.get(path).status_code == 302


def test_who_may_upload_but_not_accept_is_refused_to_accept(client, clerk):
    committee = UserFactory(area=gansu().villages[3], role="village_committee")
    batch = upload(committee, rosters.flat())
    client.force_login(committee)
    if client.get(f"/imports/{batch.pk}/").status_code == 200:  # the profile lets village committees upload
        assert client.post(f"/imports/{batch.pk}/accept/").status_code == 403


def asked(client, path):
    """How many times a page asks the database (after a first visit)."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_the_list_asks_the_database_the_same_number_of_times_for_one_and_for_three(client, clerk):
    upload(clerk, rosters.flat(1))
    one = asked(client, "/imports/")
    for _n in range(2):
        upload(clerk, rosters.flat(1))
    assert client.get("/imports/").content.decode().count("名册.xlsx") == 3
    assert asked(client, "/imports/") == one <= 10


def test_a_batch_asks_the_database_the_same_number_of_times_for_few_and_for_many_rows(client, clerk):
    few, many = (upload(clerk, rosters.flat(households)) for households in (1, 20))
    assert asked(client, f"/imports/{few.pk}/") == asked(client, f"/imports/{many.pk}/") <= 14


@pytest.mark.parametrize("path", ["/imports/", "/imports/upload/", "/imports/{pk}/"])
def test_pages_speak_english(client, clerk, path):
    batch = let_in(upload(clerk, broken()), clerk, skip_errors=True)
    client.cookies["language"] = "en"
    with translation.override("en"):
        body = client.get(path.format(pk=batch.pk)).content.decode()
    assert '<html lang="en"' in body
