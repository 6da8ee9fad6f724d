"""A profile says only what differs from its base."""

from datetime import date

from shuanglian.rules.profile import load

from .conftest import SOURCE


def test_a_profile_with_a_head_only_is_its_base(child):
    own, base = load(child.folder), load("tongwei_2015")
    assert own.title() == "子方案"
    assert own.ranks == base.ranks
    assert own.roles == base.roles


def test_an_entry_is_laid_over_key_by_key_with_a_citation_of_its_own(child):
    child.write("pairing.toml", SOURCE + '[[weights]]\ncode = "keep"\nvalue = 450\n')
    own, base = load(child.folder).pairing.weights, load("tongwei_2015").pairing.weights
    assert (own["keep"].value, own["keep"].label) == (450, base["keep"].label)
    assert (own["keep"].cites, own["keep"].since) == (("PAIR-2",), date(2016, 1, 1))
    assert {code: weight for code, weight in own.items() if code != "keep"} == {
        code: weight for code, weight in base.items() if code != "keep"
    }
    assert list(own) == list(base)


def test_inline_tables_are_laid_over_and_plain_lists_replaced(child):
    child.write("trades.toml", SOURCE + '[[trades]]\ncode = "water"\nmismatch = { 09 = 1 }\nkeywords = ["水利"]\n')
    own, base = load(child.folder).trades["water"], load("tongwei_2015").trades["water"]
    assert own.mismatch == {**base.mismatch, "09": 1}
    assert own.keywords == ("水利",)


def test_one_item_of_a_code_list_can_be_changed_added_or_dropped(child):
    child.write(
        "codes.toml",
        SOURCE + '[[lists]]\ncode = "road"\nitems = [\n  { code = "01", spellings = ["泥巴路"] },\n'
        '  { code = "04", remove = true },\n  { code = "05", zh = "石板路", en = "Flagstones" },\n]\n',
    )
    road = load(child.folder).codes["road"]
    assert (road.find("泥巴路"), road.find("土路"), road.find("砂石路")) == ("01", None, "02")
    assert "04" not in road
    assert road.label("05", "en") == "Flagstones"


def test_dated_entries_replace_all_entries_of_the_code(child):
    child.write(
        "ranks.toml",
        SOURCE + '[[ranks]]\ncode = "section"\nquota = 4\nuntil = 2016-12-31\n\n'
        '[[ranks]]\ncode = "section"\nquota = 5\nsince = 2017-01-01\n',
    )
    own = load(child.folder)
    assert [own.on(date(year, 6, 1)).ranks["section"].quota for year in (2016, 2017)] == [4, 5]
    assert "section" not in own.on(date(2015, 6, 1)).ranks
    assert own.ranks["section"].label.zh == "科级"
    assert len(own.history("ranks")) == len(load("tongwei_2015").history("ranks"))


def test_only_drops_the_whole_list_of_the_base(child):
    child.write(
        "ranks.toml",
        SOURCE.replace("\n\n", '\nonly = ["ranks"]\n\n') + '[[ranks]]\ncode = "all"\n'
        'label = { zh = "干部", en = "Cadre" }\norder = 1\nquota = 2\nminimum = 1\nweakness = 1\n',
    )
    own = load(child.folder)
    assert list(own.ranks) == ["all"]
    assert "township_stationed" in own.fallback


def test_a_base_beside_the_profile_is_found_before_a_built_in_one(copy, child):
    copy.change("ranks.toml", "quota = 7", "quota = 6")
    child.change("profile.toml", "tongwei_2015", "own")
    assert load(child.folder).ranks["county_deputy"].quota == 6


def test_a_stretch_has_both_ends_in(child):
    child.write(
        "tags.toml",
        SOURCE + '[[tags]]\ncode = "hexi"\nuntil = 2016-03-31\n',
    )
    own = load(child.folder)
    days = [date(2015, 12, 31), date(2016, 1, 1), date(2016, 3, 31), date(2016, 4, 1)]
    assert ["hexi" in own.on(day).tags for day in days] == [False, True, True, False]


def test_a_mistyped_code_of_an_override_is_told_once_with_the_right_one(child):
    child.write("pairing.toml", SOURCE + '[[weights]]\ncode = "unit_exits"\nvalue = 4\n')
    (fault,) = child.faults()
    assert (fault.file.name, fault.line, fault.code) == ("pairing.toml", 7, "unknown_code")
    assert "unit_exit？" in str(fault.cure)
