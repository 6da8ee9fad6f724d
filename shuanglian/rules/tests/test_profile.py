"""Both built-in profiles: what they say, that every value is cited, and days of force."""

from datetime import date
from pathlib import Path

import pytest

from shuanglian.kernel.refusal import Refusal
from shuanglian.rules.profile import ProfileErrors, ProfileUnreadable, built_in, load

JULY_2015 = date(2015, 7, 1)
PROFILES = ["tongwei_2015", "gansu_province_2012"]
CHANGING = {"registry.edit", "imports.run", "imports.accept", "organisation.edit", "accounts.manage"} | {
    f"pairing.{verb}" for verb in ("propose", "confirm", "publish")
}


def test_both_sample_profiles_are_found_and_clean():
    assert set(PROFILES) <= set(built_in())
    assert [load(name).name for name in PROFILES] == PROFILES


def test_a_built_in_profile_is_read_once():
    assert load("tongwei_2015") is load("tongwei_2015")


def test_PAIR_2_tongwei_has_eight_seven_four_one():
    ranks = load("tongwei_2015").on(JULY_2015).ranks
    assert [ranks[code].quota for code in ("county_full", "county_deputy", "section", "ordinary")] == [8, 7, 4, 1]
    assert ranks["county_full"].document == "S3"


def test_PAIR_2_before_2015_the_provinces_rule_held_in_tongwei():
    before, after = (load("tongwei_2015").on(day).ranks for day in (date(2014, 12, 31), date(2015, 1, 1)))
    assert (before["county_full"].minimum, after["county_full"].minimum) == (2, 5)
    assert before["county_full"].quota != after["county_full"].quota


def test_PAIR_2_the_province_asks_for_at_least_one_two_three_five():
    ranks = load("gansu_province_2012").ranks
    assert {code: rank.minimum for code, rank in ranks.items()} == {
        "province_leader": 5,
        "prefecture": 3,
        "county": 2,
        "other": 1,
    }
    assert all(rank.quota > rank.minimum for rank in ranks.values())


def test_the_province_differs_only_where_it_says_so():
    county, province = load("tongwei_2015"), load("gansu_province_2012")
    assert province.pairing.weight("distance") != county.pairing.weight("distance")
    assert province.pairing.weight("skill") == county.pairing.weight("skill")
    assert province.pairing.weights["distance"].meaning == county.pairing.weights["distance"].meaning
    assert "exit_village" in county.tags
    assert "exit_village" not in province.tags
    assert province.codes["relation"].choices() == county.codes["relation"].choices()


@pytest.mark.parametrize("name", PROFILES)
def test_every_value_names_its_rule_its_document_and_its_first_day(name):
    profile = load(name)
    for key in ("ranks", "weights", "roles", "limits", "checks", "columns", "lines", "tags", "causes", "trades"):
        for entry in profile.history(key):
            assert set(entry.cites) <= set(profile.rules)
            assert entry.document in profile.documents
            assert isinstance(entry.since, date)


@pytest.mark.parametrize("name", PROFILES)
def test_ORG_1_five_levels_share_the_twelve_digits(name):
    levels = load(name).levels.values()
    assert [level.digits for level in levels] == [2, 4, 6, 9, 12]
    assert [level.code for level in levels if level.office is None] == ["village"]


@pytest.mark.parametrize("name", PROFILES)
def test_nobody_who_only_looks_may_change_anything(name):
    roles = load(name).roles
    for code in ("leader", "inspector", "auditor", "village_committee", "unit", "cadre"):
        assert not roles[code].may & CHANGING, code


@pytest.mark.parametrize("name", PROFILES)
def test_leader_and_inspector_see_masked_numbers_only_and_the_administrator_no_person(name):
    profile = load(name)
    assert "registry.reveal" not in profile.roles["leader"].may | profile.roles["inspector"].may
    personal = {code for code, permission in profile.permissions.items() if permission.personal}
    assert not profile.roles["administrator"].may & personal
    assert (profile.roles["cadre"].bound_to, profile.roles["unit"].bound_to) == ("cadre", "unit")


def test_REG_2_causes_of_the_programme_and_of_the_national_form():
    profile = load("tongwei_2015").on(JULY_2015)
    for text in ("因灾", "因病", "因学", "缺项目", "缺资金", "缺劳力", "缺技术"):
        assert profile.codes["cause"].find(text), text
    assert profile.codes["cause"].find("因婚") is None  # a code of the form of 2018
    assert load("tongwei_2015").on(date(2018, 1, 1)).codes["cause"].find("因婚") == "12"


def test_REG_8_the_ledger_has_its_four_columns():
    columns = load("tongwei_2015").ledger
    assert [column.code for column in columns if column.core] == ["cause", "helper", "measures", "exit_date"]
    assert [column.order for column in columns] == sorted(column.order for column in columns)


def test_IDX_2_the_line_of_a_year_with_its_concept():
    profile = load("tongwei_2015")
    assert [(int(profile.lines(year).yuan), profile.lines(year).concept) for year in (2010, 2015, 2016)] == [
        (2300, "net"),
        (2855, "net"),
        (2952, "disposable"),
    ]
    assert profile.lines(2031).year == 2020
    with pytest.raises(Refusal, match="no_poverty_line"):
        profile.lines(2009)


def test_PAIR_5_trades_fit_causes():
    profile = load("tongwei_2015")
    fits = [("health", "01"), ("agriculture", "07"), ("education", "03"), ("transport", "10"), ("finance", "09")]
    assert [profile.trade_cause_mismatch(trade, cause) for trade, cause in fits] == [0] * 5
    assert profile.trade_cause_mismatch("water", "03") == 3
    assert 0 <= profile.trade_cause_mismatch(None, None) <= 3


@pytest.mark.parametrize(
    ("unit", "trade"),
    [
        ("通渭县农业局", "agriculture"),
        ("甘肃省水利厅", "water"),
        ("定西市人民医院", "health"),
        ("通渭县第一中学", "education"),
        ("中国农业银行通渭支行", "agriculture"),
        ("某某", None),
    ],
)
def test_a_units_trade_is_guessed_from_its_name(unit, trade):
    assert load("tongwei_2015").guess_trade(unit) == trade


def test_every_quality_rule_is_checked_or_set_aside_with_a_reason():
    roster = load("tongwei_2015").roster
    checked = {no for check in roster.checks.values() for no in check.nos}
    aside = {no for entry in roster.set_aside.values() for no in entry.nos}
    assert not checked & aside
    assert checked | aside == set(range(1, 51))
    assert roster.check_of(19)[0].severity == "error"


def test_a_folder_is_read_again_when_a_file_has_changed(copy):
    first = load(copy.folder)
    assert load(str(copy.folder)) is first
    copy.change("ranks.toml", "quota = 8", "quota = 9")
    assert (first.ranks["prefecture"].quota, load(copy.folder).ranks["prefecture"].quota) == (8, 9)


def test_where_there_is_no_profile_the_error_says_so(tmp_path: Path):
    with pytest.raises(ProfileUnreadable) as caught:
        load(tmp_path)
    assert caught.value.faults[0].code == "unreadable"
    with pytest.raises(ProfileErrors):
        load("tongwei_2051")


def test_the_rulebook_and_every_document_have_names_in_both_languages():
    profile = load("tongwei_2015")
    assert len(profile.rules) > 90
    for title in (*profile.rules.values(), *(document.title for document in profile.documents.values())):
        assert title.zh
        assert title.en


def test_region_tables_name_files_not_paths():
    for table in load("tongwei_2015").regions.values():
        assert Path(table.file).name == table.file


def test_nothing_in_a_profile_can_be_changed():
    profile = load("tongwei_2015")
    with pytest.raises(TypeError):
        profile.ranks["ordinary"] = None
    with pytest.raises(ValueError, match="frozen"):
        profile.ranks["ordinary"].quota = 3
