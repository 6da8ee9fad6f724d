"""Reads of regions: up, down and back in time; names, points and the importer's table (issue part C)."""

import math
from datetime import date

import pytest

from shuanglian.areas import queries
from shuanglian.areas.models import Area, AreaSuccession

from .factories import SINCE, AreaFactory, AreaTagFactory, gansu

pytestmark = pytest.mark.django_db


def paths(found):
    return [queries.path_of(area) for area in found]


def test_what_is_ambiguous_comes_back_as_several():
    place = gansu()
    assert paths(queries.resolve("店子", place.county)) == [
        "甘肃省 定西市 通渭县 平襄镇 店子村民委员会",
        "甘肃省 定西市 通渭县 马营镇 店子村民委员会",
    ]
    assert paths(queries.resolve("马营店子村", place.county)) == ["甘肃省 定西市 通渭县 马营镇 店子村民委员会"]
    assert queries.resolve("陇西县", place.county) == []


def test_chain_and_path_from_the_province_down():
    place = gansu()
    names = [area.name for area in queries.chain(place.village)]
    assert names == ["甘肃省", "定西市", "通渭县", "平襄镇", "文庙街社区居民委员会"]
    assert queries.path_of(place.village, below=place.county) == "平襄镇 文庙街社区居民委员会"
    assert list(queries.children(place.county)) == place.townships


def test_a_code_means_what_it_meant_on_a_day():
    old = AreaFactory(code="620824000000", name="华亭县", until=date(2016, 7, 31))
    new = AreaFactory(code="620824000000", name="华亭市", since=date(2016, 8, 1))
    assert queries.by_code("620824") == new and queries.by_code("620824", date(2015, 1, 1)) == old
    assert queries.at_code("620824", SINCE) == old and queries.by_code("99") is None


def test_an_old_code_leads_to_the_region_that_stands_for_it_now():
    old = AreaFactory(code="620824000000", name="华亭县", until=date(2016, 7, 31))
    new = AreaFactory(code="620881000000", name="华亭市", since=date(2016, 8, 1))
    other = AreaFactory(code="620882000000", name="华安市", since=date(2016, 8, 1))
    AreaSuccession.objects.create(old=old, new=new, on=date(2016, 8, 1))
    assert queries.standing_for("620824") == new and queries.standing_for("620881") == new
    AreaSuccession.objects.create(old=old, new=other, on=date(2016, 8, 1))
    assert queries.standing_for("620824") is None and queries.standing_for("999999") is None


def test_history_follows_mergers_backwards_and_forwards():
    rows = [AreaFactory(code=f"62082410020{n}", name=f"{n}村") for n in range(4)]
    for old, new, year in ((0, 2, 2014), (1, 2, 2014), (2, 3, 2016)):
        AreaSuccession.objects.create(old=rows[old], new=rows[new], on=date(year, 1, 1), why="named")
    assert [(step.old.name, step.new.name) for step in queries.successions(rows[3])] == [
        ("0村", "2村"), ("1村", "2村"), ("2村", "3村"),
    ]  # fmt: skip
    assert [step.new.name for step in queries.successions(rows[0])] == ["2村", "3村"]


def test_ORG_7_tags_stand_for_their_days():
    place = gansu()
    AreaTagFactory(area=place.village, until=date(2014, 12, 31))
    AreaTagFactory(area=place.villages[1])
    assert list(queries.tagged("poor_village", place.county, date(2015, 1, 1))) == [place.villages[1]]
    assert len(queries.tagged("poor_village", place.county, date(2014, 1, 1))) == 2
    assert not queries.tagged("poor_village", place.neighbour, date(2014, 1, 1)).exists()


def test_a_point_falls_back_to_the_township_then_the_county():
    place = gansu()
    own, lent = queries.located(place.villages[4]), queries.located(place.villages[3])
    assert (own.basis, own.lon) == ("own", 105.031)
    assert (lent.basis, queries.point(place.villages[3])) == ("township", (105.026251, 35.305239))
    Area.objects.filter(level=4).update(lon=None, lat=None)
    assert queries.located(queries.by_code("621121101201")).basis == "county"
    Area.objects.update(lon=None, lat=None)
    assert queries.point(queries.by_code("621121101201")) is None


def test_distance_is_that_of_the_globe():
    assert queries.distance_km((105.0, 35.0), (105.0, 36.0)) == pytest.approx(6371 * math.pi / 180)
    assert queries.distance_km((105.0, 60.0), (106.0, 60.0)) == pytest.approx(111.195 / 2, rel=1e-3)
    assert queries.distance_km((105.0, 35.0), (105.0, 35.0)) == 0


def test_names_frame_has_a_row_for_each_region_with_its_path_and_spellings():
    place = gansu()
    frame = queries.names_frame()
    assert frame["code"].to_list() == sorted(Area.objects.values_list("code", flat=True))
    row = frame.filter(frame["code"] == "621121101201").row(0, named=True)
    assert (row["id"], row["parent_code"]) == (place.villages[3].pk, "621121101000")
    assert row["path"] == "甘肃省/定西市/通渭县/马营镇/东关村民委员会"
    assert (row["county"], row["township"], row["village"]) == ("通渭县", "马营镇", "东关村民委员会")
    assert {"东关", "东关村", "东关村委会"} <= set(row["aliases"])
    within = queries.names_frame(place.county)
    assert within.height == 9 and within["province"].unique().to_list() == ["甘肃省"]
