"""Payrolls from the command line and from the upload page: what the whole list pays is told once (FUND-5)."""

import json

import pytest
from click.testing import CliRunner

from shuanglian.areas.tests.factories import gansu
from shuanglian.benefits.models import Payment
from shuanglian.sheets.actions import batches, stages
from shuanglian.sheets.commands import imports
from shuanglian.sheets.models import Batch

from .payrolls import AT, head, household, workbook

pytestmark = pytest.mark.django_db
HEADER = ("姓名", "身份证号", "金额")


@pytest.fixture
def listed(tmp_path):
    """A file that names neither provision nor class."""
    person = head(household())
    path = tmp_path / "名册.xlsx"
    path.write_bytes(workbook([[person.name, person.id_number, "750"]], header=HEADER, title="发放名册").getvalue())
    return path


def bring(*arguments):
    told = CliRunner().invoke(imports, ["payments", *map(str, arguments), "--json"])
    return told.exit_code, json.loads(told.stdout)


def test_the_command_asks_for_the_benefit_and_takes_it_by_code_or_title(listed):
    status, told = bring(listed, "--year", "2015")
    assert (status, told["error"]["code"]) == (2, "columns_missing")
    status, told = bring(listed, "--year", "2015", "--benefit", "senior_grant", "--check")
    assert (status, told["accepted"], told["counts"]["payments"]) == (0, False, 1)
    assert told["counts"]["tables"]["payments"]["exact"] == 1 and not Payment.objects.exists()
    status, told = bring(listed, "--year", "2015", "--benefit", "普通高中国家助学金")
    assert (status, told["accepted"]) == (0, True)
    assert Payment.objects.get().benefit == "senior_grant"


def test_a_benefit_that_nobody_knows_is_refused(listed):
    status, told = bring(listed, "--benefit", "天上掉下来的钱")
    assert (status, told["error"]["code"]) == (2, "unknown_benefit")


def test_the_page_of_columns_takes_what_the_whole_list_pays(client, clerk, listed):
    with listed.open("rb") as file:
        batch = batches.receive(file=file, kind=None, area=gansu().county, year=2015, by=clerk, at=AT)
    batch = stages.read(batch=batch, at=AT)
    assert (batch.state, batch.kind) == (Batch.State.MAPPING, "payments")
    client.force_login(clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "整份名册发放的政策" in page and "普通高中国家助学金" in page
    refused = client.post(f"/imports/{batch.pk}/columns/", {"whole-benefit": ""})
    assert refused.status_code == 422
    client.post(f"/imports/{batch.pk}/columns/", {"whole-benefit": "senior_grant"})
    batch.refresh_from_db()
    assert batch.layout["whole"] == {"benefit": "senior_grant"} and batch.state == Batch.State.CHECKING
    batch = stages.check(batch=batch, at=AT)
    assert batch.state == Batch.State.CHECKED and batch.counts["would"]["payments"]["new"] == 1


def test_the_upload_page_offers_the_provisions(client, clerk, listed):
    client.force_login(clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "整份名册发放的政策" in client.get("/imports/upload/").content.decode()
    with listed.open("rb") as file:
        answer = client.post("/imports/upload/", {
            "file": file, "kind": "payments", "benefit": "senior_grant", "area": gansu().county.code, "year": 2015,
        })  # fmt: skip
    assert answer.status_code == 302
    assert Batch.objects.get().layout == {"whole": {"benefit": "senior_grant"}}
