"""Names of regions in the spellings that rosters use; their sound."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shuanglian.areas
from shuanglian.areas import names

GANSU = Path(shuanglian.areas.__file__).parent / "data" / "gansu_2016.csv"
LEVELS = {"province": 1, "prefecture": 2, "county": 3, "township": 4, "village": 5}


@pytest.mark.parametrize(
    ("name", "level", "bare", "kind"),
    [
        ("甘肃省", 1, "甘肃", "province"),
        ("内蒙古自治区", 1, "内蒙古", "region"),
        ("广西壮族自治区", 1, "广西", "region"),
        ("临夏回族自治州", 2, "临夏", "prefecture"),
        ("积石山保安族东乡族撒拉族自治县", 3, "积石山", "county"),
        ("东乡族自治县", 3, "东乡", "county"),
        ("岷县", 3, "岷县", "county"),
        ("市辖区", 3, "市辖区", ""),
        ("马营镇", 4, "马营", "town"),
        ("马莲滩回族乡", 4, "马莲滩", "township"),
        ("桥头街道办事处", 4, "桥头", "street"),
        ("城关村民委员会", 5, "城关", "village"),
        ("城关村村委会", 5, "城关", "village"),
        ("新村", 5, "新村", "village"),
        ("文庙街社区居民委员会", 5, "文庙街", "community"),
    ],
)
def test_a_name_splits_into_bare_name_and_kind_of_body(name, level, bare, kind):
    assert names.split_name(name, level) == (bare, kind)


@pytest.mark.parametrize("spelling", ["城关", "城关村", "城关村委会", "城关村民委员会", "城关村村民委员会"])
def test_every_usual_spelling_of_a_village_means_it(spelling):
    assert spelling in names.aliases("城关村民委员会", 5)


def test_a_village_and_a_community_of_one_name_share_only_the_bare_name():
    shared = set(names.aliases("城关村民委员会", 5)) & set(names.aliases("城关社区居民委员会", 5))
    assert shared == {"城关"}


def test_spelling_is_no_difference_but_the_kind_of_body_is():
    assert names.same_place("东关村委会", "东关村民委员会", 5)
    assert not names.same_place("东关村委会", "东关社区居委会", 5)
    assert not names.same_place("马营乡", "马营镇", 4)


@pytest.mark.parametrize(
    ("name", "initials", "spelling"),
    [
        ("通渭县", "twx", "tongweixian"),
        ("宕昌县", "tcx", "tanchangxian"),
        ("什川乡", "scx", "shichuanxiang"),
        ("2号村", "2hc", "2haocun"),
    ],
)
def test_the_sound_of_a_place_name(name, initials, spelling):
    assert (names.initials_of(name), names.spelling_of(name)) == (initials, spelling)


def test_every_region_of_gansu_is_among_its_own_spellings():
    with open(GANSU, encoding="utf-8", newline="") as file:
        rows = [(row["name"], LEVELS[row["level"]]) for row in csv.DictReader(file)]
    for name, level in rows:
        known = names.aliases(name, level)
        assert names.plain(name) in known and names.short_name(name, level) in known
        assert all(len(word) > 1 for word in known) and len(set(known)) == len(known)


@given(st.text(max_size=30), st.integers(1, 5))
def test_any_text_has_a_bare_name_within_itself(name, level):
    bare, _kind = names.split_name(name, level)
    assert bare in names.plain(name)
    assert len(names.initials_of(name)) <= 80 and len(names.spelling_of(name)) <= 200
