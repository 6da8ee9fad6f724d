"""Places by code or by the names of a path: suffixes, short forms, names that two places carry (ORG-1)."""

import polars as pl
import pytest

from shuanglian.sheets.engine.regions import RegionTable, locate

from .makers import REGIONS, ROWS

MENGHE = "621121100216"


def village(code=None, **path):
    names = ("province", "city", "county", "township", "village")
    return REGIONS.village(*[path.get(name) for name in names], code)


@pytest.mark.parametrize(
    "path",
    [
        {"county": "通渭县", "township": "平襄镇", "village": "孟河村"}, {"county": "通渭", "township": "平襄", "village": "孟河"},
        {"province": "甘肃省", "city": "定西市", "county": "通渭县", "township": "平襄乡", "village": "孟河村委会"},
        {"township": "平襄镇", "village": "孟河村民委员会"}, {"village": "孟 河 村"}, {"township": "平襄镇", "village": "平襄镇孟河村"},
        {"township": "平襄镇", "village": "孟河村三社"}, {"province": "陕西省", "county": "通渭县", "village": "孟河"},
    ],
)  # fmt: skip
def test_names_with_and_without_their_suffixes(path):
    found = village(**path)
    assert (found.code, found.problem) == (MENGHE, None)


def test_a_shortened_township_is_found_when_only_one_fits():
    assert village(county="通渭县", township="三铺", village="石滩村").code == "621121212201"


def test_a_name_in_two_townships_is_never_guessed():
    found = village(county="通渭县", village="石滩村")
    assert (found.code, found.problem) == (None, "village_ambiguous")
    assert found.candidates == ("通渭县马营镇石滩村民委员会", "通渭县第三铺乡石滩村民委员会")
    assert village(township="马营镇", village="石滩").code == "621121101201"


def test_village_and_community_of_one_name_are_told_apart_by_their_suffix():
    assert village(township="平襄镇", village="城关村").code == "621121100201"
    assert village(township="平襄镇", village="城关社区").code == "621121100002"
    assert village(township="平襄镇", village="城关").problem == "village_ambiguous"


def test_what_is_not_found_comes_with_what_is_like_it():
    found = village(township="平襄镇", village="孟何村")
    assert (found.problem, found.candidates) == ("village_unknown", ("通渭县平襄镇孟河村民委员会",))
    found = village(township="平襄镇", village="锦屏村")
    assert (found.code, found.problem, found.candidates) == (None, "village_unknown", ("通渭县马营镇锦屏村民委员会",))
    found = village(township="没有镇", village="孟河村")
    assert (found.code, found.problem) == (MENGHE, "township_unknown")
    assert village(county="没有县", village="孟河村").problem == "county_unknown"
    assert village(township="平襄镇").problem == "village_missing"


def test_codes_win_over_names_and_contradictions_are_told():
    assert village("621121100216").code == MENGHE
    assert village("621121100216.0", village="孟河村").problem is None
    found = village("621121100216", village="城关村")
    assert (found.code, found.problem) == (MENGHE, "region_code_and_name")
    found = village("621121999999", township="平襄镇", village="孟河村")
    assert (found.code, found.problem) == (MENGHE, "region_code_unknown")
    assert village("621121100000").problem == "region_code_unknown"  # a township is no village


def test_another_county_is_found_when_it_is_named_but_not_by_itself():
    assert village(village="一心村").problem == "village_unknown"
    assert village(county="陇西县", village="一心村").code == "621122100201"


def test_names_of_the_past_are_aliases():
    table = pl.DataFrame(ROWS, schema=["code", "name", "level", "parent_code"], orient="row").with_columns(
        aliases=pl.when(pl.col("code") == MENGHE)
        .then(pl.lit(["孟家河村"]))
        .otherwise(pl.lit([], dtype=pl.List(pl.String)))
    )
    assert RegionTable(table).village(None, None, "通渭县", None, "孟家河村", None).code == MENGHE


def test_areas_of_any_level():
    assert REGIONS.area("通渭县").code == "621121000000"
    assert REGIONS.area("定西").code == "621100000000"
    assert REGIONS.area("621121").code == "621121000000"
    assert REGIONS.area("平襄镇").code == "621121100000"
    assert REGIONS.area("火星").code is None


def test_a_column_is_looked_up_once_a_path():
    frame = pl.DataFrame({"township": ["平襄镇", "平襄镇", None], "village": ["孟河村", "孟河村", "没有村"]})
    found = locate(frame, REGIONS)
    assert found["_village"].to_list() == [MENGHE, MENGHE, None]
    assert found["_township"].to_list() == ["621121100000", "621121100000", None]
    assert found["_problem"].to_list() == [None, None, "village_unknown"]
