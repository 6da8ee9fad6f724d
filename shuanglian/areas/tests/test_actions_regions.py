"""Loading region tables: the first, the same again, a newer one, another province's (issue part C, ORG-1)."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

import shuanglian.areas
from shuanglian.areas import rehang
from shuanglian.areas.actions.regions import ensure_shipped, load_table
from shuanglian.areas.models import Area, AreaSuccession, AreaTag
from shuanglian.core import record
from shuanglian.kernel.refusal import Refusal

GANSU = Path(shuanglian.areas.__file__).parent / "data" / "gansu_2016.csv"
AT = datetime(2015, 6, 1, tzinfo=UTC)
FIRST, LATER, LAST = date(2012, 1, 1), date(2016, 8, 1), date(2018, 3, 1)

pytestmark = pytest.mark.django_db

TABLE = [
    ("code", "name"),
    ("620000000000", "甘肃省"),
    ("620800000000", "平凉市"),
    ("620824000000", "华亭县"),
    ("620824100000", "东华镇"),
    ("620824100201", "裕民村民委员会"),
    ("620824100202", "前岭村民委员会"),
    ("620824101000", "安口镇"),
    ("620824101201", "武村铺村民委员会"),
    ("620825000000", "庄浪县"),
    ("620825100000", "水洛镇"),
    ("620825100201", "李碾村民委员会"),
    ("620825100202", "何马村民委员会"),
]
HUATING = {
    "620824000000": ("620881000000", "华亭市"),
    "620824100000": ("620881100000", "东华街道"),
    "620824100201": ("620881100201", "裕民村民委员会"),
    "620824100202": ("620881100202", "前岭社区居民委员会"),
    "620824101000": ("620881101000", "安口镇"),
    "620824101201": ("620881101201", "武村铺村委会"),
}


def load(rows, on=FIRST, **more):
    return load_table(rows, valid_from=on, by=None, at=AT, **more)


def rewritten(changes, without=(), more=()):
    """The table with some rows rewritten (old code → new code and name), some left out, some added."""
    return [changes.get(code, (code, name)) for code, name in TABLE if code not in without] + list(more)


def current(code):
    return Area.objects.current().get(code=code)


def user_at(code, name="somebody"):
    return get_user_model().objects.create(username=name, role="village_committee", area=current(code))


def codes_of(report):
    return Counter(finding.code for finding in report.findings)


@pytest.fixture
def told():
    """What the trail above would hear."""
    lines = []

    def pen(verb, **details):
        lines.append((verb, details))

    record._pens.append(pen)
    yield lines
    record._pens.remove(pen)


# --- the first table and the same again ---


def test_all_of_gansu_is_loaded_level_by_level_and_a_second_time_changes_nothing():
    report = load(GANSU)
    assert report.loaded and not report.blocked
    assert [Area.objects.filter(level=level).count() for level in range(1, 6)] == [1, 14, 98, 1430, 17432]
    assert Area.objects.filter(code__startswith="621121", level=5).count() == 342
    assert Area.objects.filter(parent=None).get().code == "620000000000"
    assert Area.objects.filter(kind="virtual").count() == 12 and Area.objects.filter(kind="dummy").count() == 55
    assert Area.objects.filter(lon__isnull=False, level=5).count() == 517
    tongwei = Area.objects.get(code="621121000000")
    assert (tongwei.pinyin, tongwei.short, tongwei.prefix) == ("twx", "通渭", "621121")
    again = load(GANSU, LATER)
    assert again.loaded and again.counts["unchanged"] == 18975
    assert (again.counts["added"], again.counts["corrected"], again.counts["closed"]) == (0, 0, 0)
    assert Area.objects.count() == 18975


def test_same_table_again_leaves_every_row_as_it_was_and_is_not_told(told):
    load(TABLE)
    before = list(Area.objects.order_by("pk").values())
    load(TABLE, LATER)
    assert list(Area.objects.order_by("pk").values()) == before
    assert [verb for verb, _details in told] == ["areas.load_table"]
    assert told[0][1]["area_code"] == "620000000000"


def test_shipped_table_and_the_58_counties_come_in_once():
    assert ensure_shipped(at=AT)
    assert not ensure_shipped(at=AT)
    assert AreaTag.objects.filter(tag="key_poor_county").count() == 58
    assert AreaTag.objects.filter(area__code="621121000000").values_list("tag", flat=True).count() == 2
    assert Counter(AreaTag.objects.values_list("tag", flat=True)) == {
        "key_poor_county": 58, "liupan": 40, "qinba": 9, "tibetan": 9,
    }  # fmt: skip


def test_another_provinces_table_of_another_make_loads_beside_gansu():
    load(TABLE)
    rows = [
        ("统计用区划代码", "名称"),
        ("61", "陕西省"),
        ("6103", "宝鸡市"),
        ("610328", "千阳县"),
        ("610328100", "城关镇"),
        ("610328100201", "南寨村委会"),
    ]
    report = load(rows, LATER)
    assert report.loaded and report.counts["added"] == 5 and not report.findings
    village = current("610328100201")
    assert (village.level, village.parent.name, village.parent.parent.name) == (5, "城关镇", "千阳县")
    assert Area.objects.current().filter(code__startswith="62").count() == len(TABLE) - 1


def test_lower_levels_may_come_in_a_file_of_their_own():
    load(TABLE[:4])
    report = load([TABLE[0], *TABLE[4:7]], LATER)
    assert report.loaded and not report.findings
    assert current("620824100000").parent == current("620824000000")


# --- a newer table ---


def test_county_with_a_new_code_takes_its_villages_users_and_tags_along():
    load(TABLE)
    user = user_at("620824100201")
    AreaTag.objects.create(area=current("620824100201"), tag="poor_village", since=FIRST, source="名单")
    report = load(rewritten(HUATING), LATER)
    assert report.loaded and not report.findings
    user.refresh_from_db()
    assert (user.area.code, user.area.since, user.area.name) == ("620881100201", LATER, "裕民村民委员会")
    assert [user.area.parent.name, user.area.parent.parent.name] == ["东华街道", "华亭市"]
    old = Area.objects.get(code="620824000000")
    assert (old.name, old.until) == ("华亭县", date(2016, 7, 31))
    assert [(line.new.code, line.on) for line in old.successors.all()] == [("620881000000", LATER)]
    assert not Area.objects.current().filter(code__startswith="620824").exists()
    tags = AreaTag.objects.order_by("since").values_list("area__code", "since", "until", "source")
    assert list(tags) == [
        ("620824100201", FIRST, date(2016, 7, 31), "名单"),
        ("620881100201", LATER, None, "名单"),
    ]
    assert report.rehung == {"accounts.User": 1}
    assert load(rewritten(HUATING), LAST).counts["closed"] == 0


def test_a_new_name_under_the_same_code_keeps_the_old_name_in_the_past():
    load(TABLE)
    user = user_at("620825100000")
    report = load(rewritten({"620825100000": ("620825100000", "水洛街道")}), LATER)
    old, new = Area.objects.filter(code="620825100000").order_by("since")
    assert (old.name, old.until, new.name, new.until) == ("水洛镇", date(2016, 7, 31), "水洛街道", None)
    assert (
        Area.objects.filter(code__startswith="620825100").current().exclude(pk=new.pk).get(short="李碾").parent == new
    )
    assert AreaSuccession.objects.get().why == "renamed" and report.counts["renamed"] == 1
    user.refresh_from_db()
    assert user.area == new


def test_another_spelling_of_the_same_name_is_no_renaming():
    load(TABLE)
    report = load(rewritten({"620825100201": ("620825100201", "李碾村委会")}), LATER)
    assert (report.counts["corrected"], report.counts["closed"]) == (1, 0)
    assert current("620825100201").since == FIRST and current("620825100201").name == "李碾村委会"


def test_two_villages_that_exchange_their_codes_each_keep_their_own_people():
    load(TABLE)
    li, he = user_at("620825100201", "li"), user_at("620825100202", "he")
    load(
        rewritten(
            {"620825100201": ("620825100202", "李碾村民委员会"), "620825100202": ("620825100201", "何马村民委员会")}
        ),
        LATER,
    )
    for user, name in ((li, "李碾"), (he, "何马")):
        user.refresh_from_db()
        assert user.area.short == name and user.area.stands
    assert (li.area.code, he.area.code) == ("620825100202", "620825100201")


def test_what_vanished_without_a_trace_stays_and_is_reported_with_what_hangs_on_it():
    load(TABLE)
    user_at("620825100202")
    report = load(rewritten({}, without={"620825100202"}), LATER)
    assert report.loaded and report.counts["unmatched"] == 1
    finding = report.findings[0]
    assert (finding.code, finding.severity, finding.value) == ("unmatched", "warning", "620825100202")
    assert "1 条记录" in finding.message and "对照表" in finding.message
    assert current("620825100202").until is None


def test_the_list_of_successors_decides_a_merger_and_its_people_follow():
    load(TABLE)
    user = user_at("620825100202")
    told = [("原代码", "现代码"), ("620825100202", "620825100201")]
    table = rewritten({}, without={"620825100202"})
    report = load(table, LATER, successors=told)
    assert not report.findings and report.counts["named"] == 1
    user.refresh_from_db()
    assert user.area == current("620825100201")
    again = load(table, LAST, successors=told)
    assert not again.findings and again.counts["named"] == 0 and again.counts["closed"] == 0


def test_a_split_goes_to_the_larger_part_or_stays_for_the_office_to_decide():
    load(TABLE)
    user = user_at("620825100202")
    more = [("620825100203", "上何村民委员会"), ("620825100204", "下何村民委员会")]
    table = rewritten({}, without={"620825100202"}, more=more)
    halves = [
        ("old_code", "new_code", "share"),
        ("620825100202", more[0][0], "0.5"),
        ("620825100202", more[1][0], "50%"),
    ]
    report = load(table, LATER, successors=halves, check=True)
    assert codes_of(report) == {"split_left": 1} and "1 条记录" in report.findings[0].message
    halves[1] = ("620825100202", more[0][0], "0.6")
    halves[2] = ("620825100202", more[1][0], "0.4")
    assert not load(table, LATER, successors=halves).findings
    user.refresh_from_db()
    assert user.area.name == "上何村民委员会"
    assert [float(share) for share in AreaSuccession.objects.order_by("share").values_list("share", flat=True)] == [
        0.4,
        0.6,
    ]


def test_an_abolished_village_is_closed_without_heir():
    load(TABLE)
    told = [("old_code", "new_code"), ("620825100202", "")]
    report = load(rewritten({}, without={"620825100202"}), LATER, successors=told)
    assert report.counts["abolished"] == 1 and not report.findings
    assert not Area.objects.current().filter(code="620825100202").exists()


def test_successors_may_stand_in_a_column_of_the_table_itself():
    load(TABLE)
    table = [
        (code, name, {"620825100201": "620825100202"}.get(code, ""))
        for code, name in rewritten({}, without={"620825100202"})
    ]
    table[0] = ("区划代码", "名称", "原代码")
    report = load(table, LATER)
    assert not report.findings
    assert AreaSuccession.objects.get().old.code == "620825100202"


def test_a_township_that_vanished_lives_on_where_its_villages_went():
    load(TABLE)
    user = user_at("620824101000")
    changes = {"620824101201": ("620824100203", "武村铺村民委员会")}
    report = load(rewritten(changes, without={"620824101000"}), LATER)
    assert not report.findings and report.counts["merged"] == 1
    user.refresh_from_db()
    assert user.area == current("620824100000")


def test_a_code_given_to_another_village_is_not_taken_from_under_people():
    load(TABLE)
    user_at("620825100201")
    table = rewritten({"620825100202": ("620825100201", "何马村民委员会")}, without={"620825100201"})
    report = load(table, LATER)
    assert report.blocked and codes_of(report) == {"code_taken": 1} and not report.loaded
    assert current("620825100201").name == "李碾村民委员会"
    wrong = [("old_code", "new_code"), ("620825100201", "620825100000")]
    assert codes_of(load(table, LATER, successors=wrong))["successor_level"] == 1
    get_user_model().objects.all().delete()
    assert codes_of(load(table, LATER)) == {"displaced": 1}
    assert current("620825100201").name == "何马村民委员会"


def test_a_table_without_villages_says_that_their_codes_are_left_behind():
    load(TABLE)
    table = [row for row in rewritten(HUATING) if row[0][6:] == "000000" or row[0] == "code"]
    report = load(table, LATER)
    assert codes_of(report) == {"below_missing": 1}
    assert "2 个" in report.findings[0].message


def test_a_day_of_force_before_the_old_regions_own_is_refused():
    load(TABLE, LATER)
    report = load(rewritten(HUATING), FIRST)
    assert report.blocked and codes_of(report) == {"too_early": 1} and Area.objects.count() == len(TABLE) - 1


def test_check_only_reports_and_leaves_everything_as_it_was(told):
    load(TABLE)
    user = user_at("620824100201")
    before = list(Area.objects.order_by("pk").values())
    report = load(rewritten(HUATING), LATER, check=True)
    assert not report.loaded and report.counts["closed"] == 6 and report.rehung == {"accounts.User": 1}
    assert list(Area.objects.order_by("pk").values()) == before and len(told) == 1
    user.refresh_from_db()
    assert user.area.code == "620824100201" and not AreaSuccession.objects.exists()


def test_scope_says_for_what_a_table_is_complete():
    load(TABLE)
    villages = [("code", "name"), ("620825100201", "李碾村民委员会")]
    assert load(villages, LATER).counts["unmatched"] == 0
    assert load(villages, LATER, replace_scope="620825100").counts["unmatched"] == 1
    with pytest.raises(Refusal, match="bad_scope"):
        load(villages, LATER, replace_scope="62082")


def test_an_error_anywhere_keeps_the_whole_table_out():
    report = load([*TABLE, ("62082510020X", "坏代码村民委员会")])
    assert report.blocked and not report.loaded and not Area.objects.exists()
    assert json.loads(json.dumps(report.as_dict()))["findings"][0]["code"] == "code_not_digits"


def test_points_and_kinds_are_corrected_in_place_and_never_lost():
    load([("code", "name", "lon", "lat"), *((code, name, "106.6", "35.2") for code, name in TABLE[1:])])
    load(TABLE, LATER)
    assert current("620824000000").lon == 106.6
    load([("代码", "名称", "经度", "纬度"), *((code, name, "106.7", "35.3") for code, name in TABLE[1:])], LAST)
    assert (current("620824000000").lon, current("620824000000").since) == (106.7, FIRST)


def test_rooms_above_hear_of_the_move_once_everything_hangs_right():
    load(TABLE)
    heard = []
    rehang.after(heard.append)
    try:
        load(rewritten(HUATING), LATER)
    finally:
        rehang._afterwards.remove(heard.append)
    assert {(one.old_code, one.new_code) for one in heard[0]} >= {("620824000000", "620881000000")}
