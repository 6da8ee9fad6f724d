"""The poverty ledger on paper: complete, ready to print, masked, harmless, logged (REG-8)."""

import io
import re
import zipfile
import zlib

import openpyxl
import pytest
from django.urls import reverse

from shuanglian.core import pdf
from shuanglian.core.clock import now
from shuanglian.core.export import Group, Heading, PrintSetup, display_width, harmless, workbook
from shuanglian.jobs import files
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.ids import mask_id
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import ledger, tasks
from shuanglian.registry.models import Household
from shuanglian.registry.tests.factories import HouseholdFactory
from shuanglian.trail.models import Entry

pytestmark = pytest.mark.django_db
WHOLE = {
    "format": "xlsx",
    "paper": "A3",
    "landscape": True,
    "break_pages": True,
    "contacts": "",
    "why": "",
    "language": "zh-hans",
}


@pytest.fixture
def helper():
    """A look-up as pairing registers it, taken out again afterwards."""
    before = dict(ledger._lookups)
    ledger.register_helper(lambda ids: dict.fromkeys(ids, ("赵帮扶", "县农牧局", "139****0001", "regular")))
    yield
    ledger._lookups.update(before)


@pytest.fixture
def county(place):
    """Seven households in two townships, one of whom left and one in the neighbouring county."""
    for village, many in ((place.villages[0], 2), (place.villages[1], 1), (place.villages[4], 3)):
        for _each in range(many):
            HouseholdFactory(village=village, with_people=2, other_causes=["08"], measures="养牛", exit_year=2016)
    HouseholdFactory(village=place.village, left_on="2015-01-01")
    HouseholdFactory(village=place.neighbour_village)
    return place.county


def ordered(area, by, **more):
    params = {**WHOLE, "area": area.code, **more}
    return jobs.start(kind="registry.ledger", title="台账", params=params, by=by, at=now(), area_code=area.code)


def made(area, by, **more):
    job = jobs.run_now(ordered(area, by, **more))
    assert job.state == "done", job.words
    return job, files.fetch(job.file)


def cells(data):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()]


def test_REG_8_the_ledger_holds_every_household_of_the_region_and_says_how_many(county, clerk, helper):
    job, data = made(county, clerk)
    rows = cells(data)
    standing = Household.objects.within(county).standing()
    numbers = {str(row[3]) for row in rows if row[0] and isinstance(row[0], int)}
    assert numbers == set(standing.values_list("number", flat=True)) and len(numbers) == 6
    assert job.result == {"rows": 6}
    assert any(row[0] and str(row[0]).startswith("合计 6 户") for row in rows)
    entry = Entry.objects.get(verb="registry.export")
    assert (entry.by_id, entry.area_code, entry.details["rows"]) == (clerk.pk, county.code, 6)


def test_REG_8_the_four_columns_stand_in_the_ledger(county, clerk, helper):
    heading, first = (row for row in cells(made(county, clerk)[1]) if row[0] in ("序号", 1))
    told = dict(zip(heading, first, strict=True))
    assert told["致贫原因"] == "因病（缺劳力）" and told["帮扶措施"] == "养牛" and told["脱贫时间"] == "2016年"
    assert told["帮扶责任人"] == "赵帮扶 139****0001" and told["帮扶单位"] == "县农牧局"


def test_REG_8_each_level_has_the_columns_that_the_profile_gives_it(place, clerk, county):
    of_county = {heading.text for heading in ledger.headings(ledger.columns_for(place.county))}
    of_village = {heading.text for heading in ledger.headings(ledger.columns_for(place.village))}
    assert "乡镇" in of_county and "户主签字" not in of_county
    assert "户主签字" in of_village and "行政村" not in of_village


def test_the_sheet_is_ready_to_print(county, clerk):
    book = openpyxl.load_workbook(io.BytesIO(made(county, clerk)[1]))
    sheet = book.active
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    assert sheet.print_title_rows == "$1:$3" and sheet.freeze_panes == "A4"
    assert sheet.oddFooter.center.text == "第 &[Page] 页 共 &N 页" or "&P" in sheet.oddFooter.center.text
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert len(sheet.row_breaks.brk) == 2  # three villages, each on a page of its own
    text = [str(cell.value or "") for row in sheet.iter_rows() for cell in row]
    assert sum("填表人" in one and "审核人" in one and "负责人" in one for one in text) == 3
    assert text[0] == "通渭县扶贫台账" and any("制表日期" in one for one in text)
    narrow = openpyxl.load_workbook(
        io.BytesIO(made(county, clerk, paper="A4", landscape=False, break_pages=False)[1])
    ).active
    assert (narrow.page_setup.paperSize, narrow.page_setup.orientation) == (9, "portrait")
    assert not narrow.row_breaks.brk


def test_numbers_are_masked_unless_the_right_and_a_reason_are_there(county, clerk, committee):
    people = Household.objects.within(county).standing().first().people
    head = people.order_by("id").first()
    _job, masked = made(county, clerk, contacts="masked")
    text = str(cells(masked))
    assert mask_id(head.id_number) in text and head.id_number not in text
    assert head.id_number in str(cells(made(county, clerk, contacts="full", why="上报省办")[1]))
    assert Entry.objects.filter(verb="registry.export", details__why="上报省办", details__numbers="full").exists()
    assert jobs.run_now(ordered(county, clerk, contacts="full", why=" ")).state == "failed"
    assert jobs.run_now(ordered(committee.area, committee)).state == "failed"


def test_a_ledger_of_another_county_is_not_made(place, clerk, county):
    job = jobs.run_now(ordered(place.neighbour, clerk))
    assert (job.state, job.file) == ("failed", "")


def test_a_ledger_that_would_miss_a_household_is_not_made_at_all(county, clerk, monkeypatch):
    whole = tasks._lines
    monkeypatch.setattr(tasks, "_lines", lambda *args: list(whole(*args))[:-1])
    for kind in ("xlsx", "pdf"):
        job = jobs.run_now(ordered(county, clerk, format=kind))
        assert (job.state, job.file) == ("failed", "") and "6" in job.words


def test_text_that_begins_like_a_formula_stays_text(county, clerk):
    household = Household.objects.within(county).standing().first()
    bad = '=HYPERLINK("http://evil","点我")'
    Household.objects.filter(pk=household.pk).update(measures=bad, head_name="+1+1", loan_need="@SUM(A1)")
    sheet = openpyxl.load_workbook(io.BytesIO(made(county, clerk)[1])).active
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value in (bad, "+1+1")]
    assert len(found) == 2 and all(cell.data_type == "s" and cell.quotePrefix for cell in found)
    assert harmless(bad) == "'" + bad and harmless("-5.5") == "-5.5" and harmless("普通") == "普通"


def pages_of(data):
    """How many pages a PDF has, from its (compressed) objects."""
    inside = [data]
    for found in re.finditer(rb"stream\r?\n", data):
        try:
            inside.append(zlib.decompressobj().decompress(data[found.end() :]))
        except zlib.error:
            continue
    return sum(len(re.findall(rb"/Type\s*/Page[^s]", part)) for part in inside)


def test_REG_8_the_pdf_holds_every_village_on_its_own_page(county, clerk, helper):
    job, data = made(county, clerk, format="pdf")
    assert data.startswith(b"%PDF-") and job.file_name.endswith(".pdf")
    assert pages_of(data) == 3
    assert pages_of(made(county, clerk, format="pdf", break_pages=False)[1]) == 1


def test_a_large_ledger_becomes_one_document_for_each_township_and_misses_none(county, clerk, monkeypatch):
    monkeypatch.setattr(tasks, "MOST_IN_ONE_PDF", 2)
    job, data = made(county, clerk, format="pdf")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    assert names == ["01_平襄镇_1.pdf", "02_平襄镇_2.pdf", "03_马营镇_1.pdf", "04_马营镇_2.pdf"]
    assert job.result == {"rows": 6}


def test_without_a_chinese_font_nothing_is_made_and_the_cure_is_said(county, clerk, monkeypatch):
    monkeypatch.setattr(pdf, "FAMILIES", ("No Such Family",))
    pdf._fonts.cache_clear()
    with pytest.raises(Refusal, match="make assets"):
        pdf.typeset("registry/ledger.typ", {})
    job = jobs.run_now(ordered(county, clerk, format="pdf"))
    assert job.state == "failed" and "字体" in job.words
    pdf._fonts.cache_clear()


def test_the_ledger_is_ordered_from_its_page(client, county, clerk, committee):
    client.force_login(clerk)
    address = reverse("registry:print_ledger")
    told = {"area": county.code, "format": "xlsx", "paper": "A3", "contacts": "full"}
    assert "必须写明用途" in client.post(address, told).content.decode()
    answer = client.post(address, {**told, "contacts": ""})
    assert answer.status_code == 302 and answer.url.startswith("/jobs/")
    client.force_login(committee)
    assert client.post(address, {**told, "area": committee.area.code}).status_code == 403


def test_an_english_ledger_has_english_headings(county, clerk):
    text = str(cells(made(county, clerk, language="en")[1]))
    assert "Cause of poverty" in text and "Illness" in text


def test_a_workbook_of_groups_and_long_cells_keeps_its_rows_apart():
    buffer = io.BytesIO()
    setup = PrintSetup(closing="{rows}", sign_off=["甲"])
    rows = [Group("一村"), ["李", "长" * 300], Group("二村"), ["王", None]]
    assert workbook(buffer, "题", [Heading("户"), Heading("措施", 10)], rows, print_setup=setup) == 2
    sheet = openpyxl.load_workbook(buffer).active
    assert sheet.row_dimensions[4].height > 100 and display_width("长a") == 3
