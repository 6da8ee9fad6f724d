"""Village forms from a workbook: read, checked, kept, undone like every other roster (domain 2.5, REG-10)."""

import io
from datetime import UTC, datetime

import pytest
import xlsxwriter

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.registry.models import VillageYear
from shuanglian.registry.models.village import FIELDS
from shuanglian.sheets.actions import batches, stages
from shuanglian.sheets.engine.fields import ROSTERS
from shuanglian.sheets.engine.templates import template
from shuanglian.sheets.models import Batch

AT = datetime(2015, 12, 31, 8, tzinfo=UTC)
HEAD = (
    "乡镇",
    "行政村",
    "年度",
    "总户数",
    "总人口",
    "低保户数",
    "耕地面积（亩）",
    "到乡镇是否通沥青（水泥）路",
    "村联系电话",
    "地形地貌",
)


def book(rows, head=HEAD, title="通渭县村情况表"):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("村情况表")
        for at, row in enumerate([[title], head, *rows]):
            sheet.write_row(at, 0, row)
    out.seek(0)
    out.name = "村情况表.xlsx"
    return out


def line(village, **more):
    plain = {"乡镇": village.parent.name, "行政村": village.name, "年度": 2015, "总户数": 300, "总人口": 1200, "低保户数": 40,
             "耕地面积（亩）": 1234.5, "到乡镇是否通沥青（水泥）路": "是", "村联系电话": "13800000001", "地形地貌": "山区"}  # fmt: skip
    return [(plain | more)[name] for name in HEAD]


def read(rows, area, **how):
    batch = batches.receive(file=book(rows, **how), kind="villages", area=area, year=2015, by=None, at=AT)
    return stages.read(batch=batch, at=AT)


def take(rows, area, **how):
    batch = stages.accept(batch=read(rows, area, **how), skip_errors=False, by=None, at=AT)
    assert batch.state == Batch.State.ACCEPTED, (batch.problem, batch.gaps)
    return batch


def codes(batch):
    return {code for code, _severity, _n in batch.counts["by_code"]}


def complaints(rows, area):
    batch = read(rows, area)
    return codes(batch)


def test_every_field_of_the_form_has_a_column_and_no_column_is_no_field():
    columns = {field.code for field in ROSTERS["villages"].fields}
    assert set(FIELDS) <= columns
    assert columns - set(FIELDS) == {"province", "city", "county", "township", "village", "village_code", "year"}
    assert template("villages", active())


def test_a_form_enters_changes_and_goes_back_with_the_undo(place):
    first = take([line(place.village)], place.county)
    form = VillageYear.objects.get()
    assert (form.village, form.year, form.households, form.people, form.dibao_households) == (
        place.village, 2015, 300, 1200, 40,
    )  # fmt: skip
    assert (float(form.land_cultivated), form.road_paved, form.phone, form.terrain) == (
        1234.5,
        True,
        "13800000001",
        "山区",
    )
    assert form.area_code == place.village.code and form.women is None
    again = take([line(place.village)], place.county)
    assert again.counts["did"]["villages"] == {"new": 0, "changed": 0, "unchanged": 1}
    other = take([line(place.village, 总户数=310, 地形地貌="")], place.county)
    form.refresh_from_db()
    assert (form.households, form.terrain) == (310, "山区")  # what a workbook leaves empty stays
    stages.undo(batch=other, by=None, at=AT)
    form.refresh_from_db()
    assert form.households == 300
    stages.undo(batch=again, by=None, at=AT)
    stages.undo(batch=first, by=None, at=AT)
    assert not VillageYear.objects.exists()


@pytest.mark.parametrize(
    ("more", "code"),
    [({"低保户数": 301}, "form_part_over_whole"), ({"总户数": 0, "低保户数": 0}, "form_no_households"),
     ({"耕地面积（亩）": -3}, "negative"), ({"年度": 2031}, "form_ahead"),
     ({"总人口": 99_999_999_999}, "form_out_of_range"), ({"耕地面积（亩）": 1e15}, "form_out_of_range"),
     ({"总户数": "很多"}, "not_a_number")],
)  # fmt: skip
def test_what_cannot_be_is_told_with_its_cell_and_keeps_the_row_out(place, more, code):
    batch = read([line(place.village, **more)], place.county)
    assert code in codes(batch)
    assert batch.counts["blocked"] == 1


def test_a_village_twice_and_one_of_another_county_are_kept_out(place):
    assert "form_twice" in complaints([line(place.village), line(place.village, 总户数=310)], place.county)
    away = place.neighbour_village
    batch = read([line(away)], place.county)
    assert batch.counts["blocked"] == 1
    assert not Area.objects.filter(code=away.code, code__startswith=place.county.prefix).exists()


def test_the_kind_is_recognised_without_being_told(place):
    batch = batches.receive(file=book([line(place.village)]), kind="", area=place.county, year=2015, by=None, at=AT)
    batch = stages.read(batch=batch, at=AT)
    assert (batch.kind, batch.state) == ("villages", Batch.State.CHECKED)
