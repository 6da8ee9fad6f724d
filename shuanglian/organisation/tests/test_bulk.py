"""Rosters of units and cadres, set by set: found again, numbered, sent away and back (PAIR-2 … PAIR-4)."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from shuanglian.areas.tests.factories import gansu
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.actions.bulk import accept_units
from shuanglian.organisation.actions.bulk_cadres import accept_cadres
from shuanglian.organisation.models import Absence, Cadre, Unit
from shuanglian.organisation.tests.factories import CadreFactory, UnitFactory, id_number
from shuanglian.sheets.models import Batch, Change

AT = datetime(2015, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def batch(kind):
    area = gansu().county
    return Batch.objects.create(
        kind=kind, file_name="名册.xlsx", file="x", file_sha256="0" * 64, area=area, area_code=area.code, year=2015,
        created_at=AT,
    )  # fmt: skip


def accept(kind, rows, area=None):
    verb = {"units": accept_units, "cadres": accept_cadres}[kind]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return verb({kind: frame}, area=area or gansu().county, year=2015, by=None, at=AT, batch_id=batch(kind).pk)


UNITS = [
    {"code": "S01", "name": "甘肃省水利厅", "tier": "province", "kind": None, "staff": 120, "strength": None},
    {"code": None, "name": "通渭县水务局", "tier": "county", "kind": None, "staff": 30, "strength": None},
    {"code": None, "name": "通渭县教育局", "tier": "county", "kind": None, "staff": None, "strength": 9},
]


def test_PAIR_4_units_enter_with_number_area_trade_and_strength():
    assert accept("units", UNITS)["units"]["new"] == 3
    codes = dict(Unit.objects.values_list("name", "code"))
    assert codes == {"甘肃省水利厅": "S01", "通渭县水务局": "621121D0001", "通渭县教育局": "621121D0002"}
    strong, weak, told = (Unit.objects.get(name=one["name"]) for one in UNITS)
    assert strong.strength > weak.strength > 0
    assert (told.strength, weak.trade != "", weak.area, weak.pinyin) == (9, True, gansu().county, "twxswj")


def test_the_same_roster_of_units_again_changes_nothing():
    accept("units", UNITS)
    Change.objects.all().delete()
    assert accept("units", UNITS)["units"] == {"new": 0, "changed": 0, "unchanged": 3, "repeated": 0}
    assert not Change.objects.exists()


def cadres():
    return [
        {"number": "G1", "name": "单主任", "unit": "S01", "rank": "county_deputy", "id_number": id_number(1),
         "phone": "13900000001", "township_code": None, "status": "active", "status_since": None},
        {"number": None, "name": "王干事", "unit": "通渭县水务局", "rank": "ordinary", "id_number": None,
         "phone": None, "township_code": gansu().township.code, "status": None, "status_since": None},
        {"number": None, "name": "李科长", "unit": "通渭县水务局", "rank": "section", "id_number": id_number(3),
         "phone": None, "township_code": None, "status": "retired", "status_since": date(2015, 6, 1)},
        {"number": None, "name": "赵科员", "unit": "通渭县水务局", "rank": "ordinary", "id_number": id_number(4),
         "phone": None, "township_code": None, "status": "leave", "status_since": None},
    ]  # fmt: skip


def test_PAIR_2_cadres_enter_under_their_unit_or_township():
    accept("units", UNITS)
    counts = accept("cadres", cadres())
    assert (counts["cadres"]["new"], counts["absences"]["new"]) == (4, 2)
    stationed = Cadre.objects.get(name="王干事")
    assert (stationed.number, stationed.area_code, stationed.stationed_at) == (
        "621121D0001-001", gansu().township.code, gansu().township,
    )  # fmt: skip
    first = Cadre.objects.get(number="G1")
    assert (first.id_number, first.phone, first.unit.code) == (id_number(1), "13900000001", "S01")


def test_PAIR_3_who_retired_has_served_until_the_day_before_and_who_is_on_leave_is_absent():
    accept("units", UNITS)
    accept("cadres", cadres())
    retired = Cadre.objects.get(name="李科长")
    assert retired.until == date(2015, 5, 31)
    kinds = dict(Absence.objects.values_list("cadre__name", "kind"))
    assert kinds == {"李科长": "retired", "赵科员": "leave"}


def test_the_same_roster_of_cadres_again_changes_nothing():
    accept("units", UNITS)
    accept("cadres", cadres())
    Change.objects.all().delete()
    counts = accept("cadres", cadres())
    assert counts["cadres"] == {"new": 0, "changed": 0, "unchanged": 4, "repeated": 0, "back": 0}
    assert (counts["absences"]["new"], counts["absences"]["changed"]) == (0, 0)
    assert not Change.objects.exists()


def test_a_cadre_who_retired_and_is_listed_at_work_serves_again():
    accept("units", UNITS)
    accept("cadres", cadres())
    again = cadres()
    again[2] |= {"status": "active", "status_since": None}
    assert accept("cadres", again)["cadres"]["back"] == 1
    assert Cadre.objects.get(name="李科长").until is None


def test_a_cadre_is_found_by_identity_number_in_a_new_unit():
    accept("units", UNITS)
    accept("cadres", cadres())
    again = cadres()
    again[3] |= {"unit": "通渭县教育局"}
    counts = accept("cadres", again)
    assert (counts["cadres"]["new"], counts["cadres"]["changed"]) == (0, 1)
    assert Cadre.objects.get(name="赵科员").unit.name == "通渭县教育局"


def test_a_cadre_of_an_unknown_unit_is_refused_by_name():
    with pytest.raises(Refusal, match="水务局"):
        accept("cadres", cadres()[1:2])
    assert not Cadre.objects.exists()


def test_numbers_of_another_county_are_refused_and_untouched():
    area = gansu()
    unit = UnitFactory(code="S01", name="别县单位", area=area.neighbour, area_code=area.neighbour.code)
    CadreFactory(number="G1", unit=unit)
    with pytest.raises(Refusal, match="S01"):
        accept("units", UNITS)
    accept("units", UNITS[1:])
    with pytest.raises(Refusal, match="G1"):
        accept("cadres", [cadres()[0] | {"unit": "通渭县水务局"}])
    unit.refresh_from_db()
    assert unit.name == "别县单位"
