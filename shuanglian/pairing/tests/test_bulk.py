"""Rosters of links and of last year's pairs, set by set (PAIR-1, PAIR-6)."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from shuanglian.areas.tests.factories import gansu
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.tests.factories import CadreFactory, UnitFactory
from shuanglian.pairing.actions.bulk import accept_links, accept_pairs
from shuanglian.pairing.models import Pairing, VillageLink
from shuanglian.registry.tests.factories import HouseholdFactory
from shuanglian.sheets.models import Batch

AT = datetime(2015, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def accept(kind, rows, area=None):
    area = area or gansu().county
    batch = Batch.objects.create(
        kind=kind, file_name="名册.xlsx", file="x", file_sha256="0" * 64, area=area, area_code=area.code, year=2015,
        created_at=AT,
    )  # fmt: skip
    verb = {"links": accept_links, "pairs": accept_pairs}[kind]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return verb({kind: frame}, area=area, year=2015, by=None, at=AT, batch_id=batch.pk)[kind]


def test_PAIR_1_links_open_once_for_a_unit_and_a_village():
    unit = UnitFactory(name="通渭县水务局")
    rows = [
        {"unit": "通渭县水务局", "village_code": gansu().villages[1].code, "since": date(2012, 3, 1)},
        {"unit": unit.code, "village_code": gansu().villages[1].code, "since": None},
        {"unit": unit.code, "village_code": gansu().villages[2].code, "since": None},
    ]
    assert accept("links", rows)["new"] == 2
    since = dict(VillageLink.objects.values_list("area_code", "since"))
    assert since == {gansu().villages[1].code: date(2012, 3, 1), gansu().villages[2].code: date(2015, 1, 1)}
    assert accept("links", rows) == {"new": 0, "changed": 0, "unchanged": 2}


def test_links_to_a_village_outside_or_of_an_unknown_unit_are_refused():
    UnitFactory(name="通渭县水务局")
    with pytest.raises(Refusal, match=gansu().neighbour_village.code):
        accept("links", [{"unit": "通渭县水务局", "village_code": gansu().neighbour_village.code}])
    with pytest.raises(Refusal, match="没有的局"):
        accept("links", [{"unit": "没有的局", "village_code": gansu().village.code}])
    assert not VillageLink.objects.exists()


def test_PAIR_6_last_years_pairs_are_found_by_number_by_names_and_by_phone():
    unit = UnitFactory(name="通渭县水务局")
    one, two, three = (HouseholdFactory(head_name=name) for name in ("张大有", "李平安", "王永福"))
    first = CadreFactory(unit=unit, name="单主任")
    second = CadreFactory(name="王干事", phone="13700000001")
    CadreFactory(name="王干事", phone="13700000002")
    rows = [
        {"household_number": one.number, "cadre_number": first.number},
        {"household_head": "李平安", "village_code": two.area_code, "cadre": "单主任", "unit": "通渭县水务局"},
        {"household_head": "王永福", "cadre": "王干事", "cadre_phone": "13700000001", "since": date(2013, 5, 1)},
    ]
    assert accept("pairs", rows) == {"new": 3, "changed": 0, "unchanged": 0, "ended": 0, "kept": 0}
    found = {p.household_id: (p.cadre_id, p.since) for p in Pairing.objects.all()}
    assert found == {
        one.pk: (first.pk, date(2014, 1, 1)), two.pk: (first.pk, date(2014, 1, 1)),
        three.pk: (second.pk, date(2013, 5, 1)),
    }  # fmt: skip
    assert accept("pairs", rows) == {"new": 0, "changed": 0, "unchanged": 3, "ended": 0, "kept": 0}


def test_PAIR_1_a_household_never_has_two_responsible_persons():
    earlier, later = HouseholdFactory(), HouseholdFactory()
    old, new = CadreFactory(), CadreFactory()
    for household, since in ((earlier, date(2012, 1, 1)), (later, date(2015, 1, 1))):
        Pairing.objects.create(household=household, cadre=old, area_code=household.area_code, since=since)
    rows = [{"household_number": one.number, "cadre_number": new.number} for one in (earlier, later)]
    counts = accept("pairs", rows)
    assert (counts["new"], counts["ended"], counts["kept"]) == (1, 1, 1)
    standing = dict(Pairing.objects.filter(until=None).values_list("household_id", "cadre_id"))
    assert standing == {earlier.pk: new.pk, later.pk: old.pk}
    assert Pairing.objects.get(household=earlier, cadre=old).until == date(2013, 12, 31)


def test_a_pair_of_an_unknown_household_or_a_namesake_is_refused():
    HouseholdFactory(number="H1")
    for phone in ("13700000001", "13700000002"):
        CadreFactory(name="王干事", phone=phone)
    with pytest.raises(Refusal, match="没有此户"):
        accept("pairs", [{"household_head": "没有此户", "cadre": "王干事"}])
    with pytest.raises(Refusal, match="王干事"):
        accept("pairs", [{"household_number": "H1", "cadre": "王干事"}])
    assert not Pairing.objects.exists()
