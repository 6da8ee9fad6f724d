"""Reads at the size of a province: every scope an index range, every search what people mean (issue part C)."""

from pathlib import Path

import pytest
from django.db import transaction

import shuanglian.areas
from shuanglian.areas import queries
from shuanglian.areas.actions.regions import load_table
from shuanglian.areas.models import Area
from shuanglian.matching.roads import from_points

from .test_actions_regions import AT, FIRST

GANSU = Path(shuanglian.areas.__file__).parent / "data" / "gansu_2016.csv"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def all_gansu(django_db_setup, django_db_blocker):
    """The whole table, once for this file; each test runs inside this transaction, which never ends well."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_table(GANSU, valid_from=FIRST, by=None, at=AT)
        yield
        transaction.set_rollback(True)


def paths(found):
    return [queries.path_of(area) for area in found]


def test_every_scope_is_an_index_range(all_gansu):
    for code in ("6211", "621121", "621121101"):
        area = queries.by_code(code)
        plan = Area.objects.within(area).order_by().explain()
        assert "Seq Scan" not in plan and "Index Cond" in plan, plan
    plan = Area.objects.current().within(queries.by_code("621121")).filter(level=5).order_by("code").explain()
    assert "Seq Scan" not in plan and "Index Cond" in plan, plan


def test_children_and_initials_come_from_an_index(all_gansu):
    assert "Seq Scan" not in queries.children(queries.by_code("621121")).explain()
    rows = Area.objects.current().filter(pinyin__gte="twx", pinyin__lt="twx\x7f").order_by()
    assert "area_pinyin" in rows.explain()


def test_counts_below_leave_groupings_and_dummies_out(all_gansu):
    assert queries.counts_below(queries.by_code("621121")) == {4: 18, 5: 342}
    assert queries.counts_below(queries.by_code("62")) == {2: 14, 3: 86, 4: 1430, 5: 17377}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("twx", "甘肃省 定西市 通渭县"),
        ("TWX", "甘肃省 定西市 通渭县"),
        ("tongwei", "甘肃省 定西市 通渭县"),
        ("通渭", "甘肃省 定西市 通渭县"),
        ("621121", "甘肃省 定西市 通渭县"),
        ("６２１１２１１０１", "甘肃省 定西市 通渭县 马营镇"),
        ("通渭县马营镇东关村", "甘肃省 定西市 通渭县 马营镇 东关村民委员会"),
        ("通渭 马营 东关", "甘肃省 定西市 通渭县 马营镇 东关村民委员会"),
        ("定西市/通渭县/马营镇/东关村委会", "甘肃省 定西市 通渭县 马营镇 东关村民委员会"),
        ("tw my dg", "甘肃省 定西市 通渭县 马营镇 东关村民委员会"),
        ("宕昌", "甘肃省 陇南市 宕昌县"),
        ("tcx", "甘肃省 陇南市 宕昌县"),
    ],
)
def test_the_first_hit_is_what_was_meant(all_gansu, text, first):
    assert paths(queries.search(text, queries.by_code("62")))[0] == first


def test_exact_comes_before_beginning_and_beginning_before_a_part_of_the_name(all_gansu):
    found = paths(queries.search("马营", queries.by_code("62"), limit=50))
    assert found[0].endswith("通渭县 马营镇") and found.index("甘肃省 张掖市 山丹县 大马营镇") > 1
    assert len(queries.search("关", queries.by_code("62"))) == 20


def test_search_stays_within_the_area_and_its_levels(all_gansu):
    county = queries.by_code("621121")
    assert all(area.code.startswith("621121") for area in queries.search("城", county, limit=50))
    assert {area.level for area in queries.search("m", county, levels=[4])} == {4}
    assert queries.search("马营", None) == []


@pytest.mark.parametrize(
    "text", ["", " ", "%", "__", "'; drop table areas_area; --", "\x00", "没有这个地方", "9" * 40, "/" * 30]
)
def test_odd_texts_find_nothing_and_break_nothing(all_gansu, text):
    assert queries.search(text, queries.by_code("621121")) == []


def test_search_asks_the_database_at_most_twice(all_gansu, django_assert_max_num_queries):
    county = queries.by_code("621121")
    with django_assert_max_num_queries(2):
        paths(queries.search("关", county))


def test_places_without_a_point_are_spread_about_their_seat_always_alike(all_gansu):
    county = queries.by_code("621121")
    points = queries.road_points(county)
    assert len(points) == 1 + 18 + 342 and [one.code for one in points] == sorted(one.code for one in points)
    assert queries.road_points(county) == points
    guessed = [one for one in points if one.estimated]
    assert len({(one.lon, one.lat) for one in guessed}) == len(guessed) > 300
    seats = {one.code[:9]: (one.lon, one.lat) for one in points if one.level == 4}
    far = max(queries.distance_km(seats[one.code[:9]], (one.lon, one.lat)) for one in guessed if one.level == 5)
    assert 2 < far < 15
    township = queries.by_code("621121216")
    assert queries.road_points(township) == [one for one in points if one.code.startswith("621121216")]
    roads = from_points([one.code for one in points], [one.lon for one in points], [one.lat for one in points])
    assert (roads.distances >= 0).all() and not roads.joined
