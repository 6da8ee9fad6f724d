"""Possible duplicates: what is found in seeded copies of a population, what is left alone, and why it says so."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.kernel.ids import check_digit, parse_id
from shuanglian.sheets.engine.duplicate_names import names_of, syllable
from shuanglian.sheets.engine.duplicate_numbers import numbers_of, repairs
from shuanglian.sheets.engine.duplicates import WHY, against, find

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂红玉萍飞华建国春梅志文云龙生福贵财凤莲珍林海波辉鹏宇浩天佳"
ALIKE = dict(zip("伟芳英静丽军勇娟明兰平红玉华建", "玮方瑛敬莉君永捐名岚萍宏育花健", strict=True))


def number(birth, order, division="621199"):
    first = f"{division}{birth:%Y%m%d}{order:03d}"
    return first + check_digit(first)


def population(count, seed):
    """People with valid numbers in villages of some eighty, four to a household."""
    draw = np.random.default_rng(seed)
    days = draw.integers(0, 25_000, count)
    rows, seen = [], set()
    for at in range(count):
        birth = date(1945, 1, 1) + timedelta(days=int(days[at]))
        order = int(draw.integers(0, 1000))
        while (birth, order) in seen:
            order = (order + 1) % 1000
        seen.add((birth, order))
        name = SURNAMES[draw.integers(len(SURNAMES))] + "".join(
            GIVEN[k] for k in draw.integers(0, len(GIVEN), draw.integers(1, 3))
        )
        rows.append(
            (
                at,
                f"h{at // 4}",
                name,
                number(birth, order),
                birth,
                "male" if order % 2 else "female",
                f"62119910{at // 80:04d}",
            )
        )
    return rows


def wrong_digit(text, draw):
    at = int(draw.integers(0, 17))
    return text[:at] + str((int(text[at]) + int(draw.integers(1, 10))) % 10) + text[at + 1 :]


def swapped(text, draw):
    at = next(k for k in draw.permutation(16) if text[k] != text[k + 1])
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def homophone(name):
    return next((name.replace(char, ALIKE[char], 1) for char in name[1:] if char in ALIKE), name)


def damaged(row, kind, draw):
    """A copy of an entry, damaged as typists do it."""
    key, _, name, text, *rest = row
    text = wrong_digit(text, draw) if "S" in kind else swapped(text, draw) if "T" in kind else text
    text = wrong_digit(wrong_digit(text, draw), draw) if kind == "D" else text
    text = text[:6] + text[8:17] if kind == "O" else "" if kind in ("H", "G") else text
    name = homophone(name) if "H" in kind else name
    if kind == "G":
        name = name[:-1] + GIVEN[(GIVEN.index(name[-1]) + 7) % len(GIVEN)]
    return (1_000_000 + key, f"c{key}", name, text, *rest)


KINDS = ("T", "S", "H", "TH", "SH", "D", "O", "G", "=")
SCHEMA = ["key", "household", "name", "id_number", "birth", "sex", "area_code"]


def frame(*rows):
    return pl.DataFrame(
        list(rows), schema={"key": pl.Int64, "household": pl.String, "name": pl.String, "id_number": pl.String,
                            "birth": pl.Date, "sex": pl.String, "area_code": pl.String}, orient="row",
    )  # fmt: skip


@pytest.fixture(scope="module")
def seeded():
    """12,000 people, every fifteenth copied and damaged; the true pairs by kind."""
    draw, people = np.random.default_rng(4), population(12_000, 3)
    kinds = {row[0]: KINDS[at % len(KINDS)] for at, row in enumerate(people[::15])}
    copies = [damaged(people[key], kind, draw) for key, kind in kinds.items()]
    order = draw.permutation(len(people) + len(copies))
    rows = [*people, *copies]
    return frame(*(rows[at] for at in order)), kinds, copies, people


def pairs_of(found):
    return {tuple(sorted(pair)) for pair in found.select("one", "other").iter_rows()}


def test_seeded_copies_are_found_and_hardly_anything_else(seeded):
    people, kinds, _, _ = seeded
    found = find(people)
    wanted = {(key, 1_000_000 + key): kind for key, kind in kinds.items()}
    missed = {wanted[pair] for pair in wanted.keys() - pairs_of(found)}
    assert len(wanted.keys() & pairs_of(found)) / len(wanted) >= 0.995, missed
    assert len(wanted.keys() & pairs_of(found)) / found.height >= 0.97
    likely = pairs_of(find(people, least=0.5))
    assert len(wanted.keys() & likely) / len(likely) >= 0.99


def test_the_reason_says_what_was_done_to_the_number(seeded):
    people, kinds, _, _ = seeded
    reasons = {kind: set() for kind in KINDS}
    for one, other, why, _ in find(people).iter_rows():
        if abs(one - other) == 1_000_000:
            reasons[kinds[min(one, other)]].add(why)
    assert reasons["="] == {"same_id"}
    assert "swapped_digits" in reasons["T"] | reasons["TH"] and "wrong_digit" in reasons["S"]
    assert reasons["G"] == {"near_name"} and "homophone" in reasons["H"] and "old_id" in reasons["O"]
    assert set().union(*reasons.values()) <= WHY.keys()


def test_new_entries_against_known_ones_find_the_same_pairs_and_none_within_a_side(seeded):
    _, kinds, copies, people = seeded
    new = frame(*copies).with_columns(key=pl.col("key").cast(pl.String))
    found = against(new, frame(*people))
    assert (found.schema["one"], found.schema["other"]) == (pl.String, pl.Int64)
    wanted = {(str(1_000_000 + key), key) for key in kinds}
    got = set(found.select("one", "other").iter_rows())
    assert len(wanted & got) / len(wanted) >= 0.995 and len(wanted & got) / len(got) >= 0.97
    assert against(new, frame()).height == 0 == against(frame(), frame(*people)).height


BIRTH = date(1970, 3, 4)
HERE, THERE = "621199100001", "621199100002"


def person(key, name="李伟", text="", household=None, birth=BIRTH, sex="male", area=HERE):
    return key, household or f"h{key}", name, text, birth, sex, area


def reason(*rows, **shared):
    found = find(frame(*rows).with_columns(**{name: pl.Series(values) for name, values in shared.items()}))
    return [(one, other, why) for one, other, why, _ in found.iter_rows()]


def test_one_number_twice_is_the_surest_sign_even_under_two_names_and_when_it_fails_its_check():
    good, bad = number(BIRTH, 123), "621199197003041231"
    assert parse_id(bad).problem == "check"
    for text in (good, bad, f" {good[:10]} {good[10:]}", good + "43"):
        found = find(frame(person(1, "李伟", text), person(2, "王芳", text, birth=None, area=THERE)))
        assert found.rows() == [(1, 2, "same_id", 0.95)]
    assert reason(person(1, "李伟", good + "43"), person(2, "李玮", good)) == [(1, 2, "same_id")]


def test_placeholders_and_damaged_numbers_make_nobody_a_duplicate():
    for text in (
        "111111111111111111",
        "999999999999999999",
        "000000000000000000",
        "6.21199E+17",
        "621199197003041000",
        "无",
    ):
        assert reason(person(1, "李伟", text, area=HERE), person(2, "王芳", text, area=THERE)) == []


def test_an_old_number_of_fifteen_digits_is_its_number_of_eighteen():
    good = number(BIRTH, 123)
    assert reason(person(1, "李伟", good[:6] + good[8:17]), person(2, "李伟", good)) == [(1, 2, "old_id")]


def test_two_wrong_digits_need_a_name_that_sounds_alike():
    good = number(BIRTH, 123)
    bad = "7" + good[1:14] + "8" + good[15:]
    assert parse_id(bad).problem
    far = {"area": THERE, "birth": None}
    assert reason(person(1, "李伟", good), person(2, "李炜", bad, **far)) == [(1, 2, "two_wrong")]
    assert reason(person(1, "李伟", good), person(2, "王芳", bad, **far)) == []


def test_a_slip_under_a_strange_name_in_another_village_is_left_alone():
    good = number(BIRTH, 123)
    slip = good[:16] + str((int(good[16]) + 1) % 10) + good[17:]
    assert reason(person(1, "李伟", good), person(2, "王芳芳", slip, area=THERE)) == []
    assert reason(person(1, "李伟", good), person(2, "李炜", slip, area=THERE)) == [(1, 2, "wrong_digit")]


def test_names_that_sound_alike_count_only_with_birth_date_and_village():
    assert reason(person(1, "李伟"), person(2, "李 玮")) == [(1, 2, "homophone")]
    assert reason(person(1, "李伟"), person(2, "李玮", area=THERE)) == []
    assert reason(person(1, "李伟"), person(2, "李玮", birth=date(1970, 3, 5))) == []
    assert reason(person(1, "李伟", birth=None), person(2, "李玮", birth=None)) == []
    assert reason(person(1, "李伟", area=""), person(2, "李玮", area="")) == []


def test_the_same_name_and_birth_date_elsewhere_scores_lower():
    here, there = (find(frame(person(1), person(2, area=area))) for area in (HERE, THERE))
    assert (here["why"][0], there["why"][0]) == ("same_name", "same_name_elsewhere")
    assert here["score"][0] > there["score"][0]


def test_two_valid_numbers_or_two_sexes_speak_against_a_pair():
    unsure = find(frame(person(1), person(2, "李玮")))["score"][0]
    sure = find(frame(person(1, text=number(BIRTH, 123)), person(2, "李玮", number(BIRTH, 877))))["score"][0]
    sexes = find(frame(person(1), person(2, "李玮", sex="female")))["score"][0]
    assert sure < unsure and sexes < unsure


def test_twins_of_one_household_are_less_likely_than_entries_of_two():
    twins = find(frame(person(1, "李小伟", household="h"), person(2, "李小强", household="h")))
    apart = find(frame(person(1, "李小伟"), person(2, "李小强")))
    assert twins["why"].to_list() == apart["why"].to_list() == ["near_name"] and twins["score"][0] < apart["score"][0]


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("phone", "138 0000 0001", "same_phone"),
        ("bank_account", "6217000000000001", "same_account"),
        ("address", "三社 12 号", "same_address"),
    ],
)
def test_two_households_that_share_an_account_phone_or_address(column, value, why):
    rows = [person(1, "李伟"), person(2, "王芳", birth=date(1980, 1, 1)), person(3, "赵强", household="h1", birth=None)]
    assert reason(*rows, **{column: [value, value, value]}) == [(1, 2, why)]
    many = [person(key, SURNAMES[key] + "强", birth=None) for key in range(8)]
    assert reason(*many, **{column: [value] * 8}) == []  # the village office's


def test_an_address_that_names_only_a_hamlet_says_nothing():
    rows = [person(1, "李伟"), person(2, "王芳", birth=None)]
    assert reason(*rows, address=["三社", "三社"]) == []


def test_a_thousand_equal_entries_give_a_thousand_pairs_not_a_million():
    rows = [person(key, text=number(BIRTH, 123)) for key in range(1000)]
    assert find(frame(*rows)).height == 999
    assert find(frame(*(person(key) for key in range(1000)))).height == 999


def test_nobody_and_one_person_have_no_duplicates():
    assert find(frame()).columns == ["one", "other", "why", "score"]
    assert find(frame(person(1))).height == 0


@given(st.dates(date(1920, 1, 1), date(2015, 12, 31)), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_every_wrong_digit_and_every_swap_of_neighbours_leads_back_to_the_number(birth, order, place, step):
    good = number(birth, order)
    digit = str((int(good[place]) + step) % 10) if good[place] != "X" else str(step)
    slips = [good[:place] + digit + good[place + 1 :]]
    if place < 17 and "X" not in good[place : place + 2] and good[place] != good[place + 1]:
        slips.append(good[:place] + good[place + 1] + good[place] + good[place + 2 :])
    for slip in slips:
        whole, digits = numbers_of(pl.Series([good, slip]))
        if whole["number"][1] is None:
            continue  # it looks like a number that a spreadsheet ruined
        assert whole["valid"].to_list() == [True, False]
        found = repairs(whole["number"].to_numpy()[1:], digits[1:])
        assert whole["number"][0] in found["number"].to_list()
        assert found.height <= 35


@given(
    st.lists(
        st.sampled_from(
            [
                "",
                "x",
                "621199197003041239",
                "62119970030412",
                "621199700304123",
                "６２１１９９１９７００３０４１２３９",
                "11010519491231002X",
                "110105194912310021",
            ]
        ),
        max_size=6,
    )
)
def test_numbers_are_valid_exactly_when_the_kernel_says_so(texts):
    whole, digits = numbers_of(pl.Series(texts, dtype=pl.String))
    parsed = [parse_id(text) for text in texts]
    assert whole["valid"].to_list() == [one.problem is None for one in parsed]
    assert whole["by_id"].to_list() == [one.birth for one in parsed]
    shown = ["".join("X" if digit == 10 else str(digit) for digit in row) for row in digits]
    assert all(text == one.resident for text, one in zip(shown, parsed, strict=True) if one.problem is None)


def test_sounds_are_equal_for_names_that_sound_alike_and_names_of_other_scripts_stand_for_themselves():
    table, _ = names_of(pl.Series(["李伟", "李　玮", "李伟", "Ayşe", "", None, "买买提·阿卜杜拉", "买买提•阿卜杜拉"]))
    sound, spelt = table["sound"].to_list(), table["spelt"].to_list()
    assert sound[0] == sound[1] == sound[2] and spelt[0] == spelt[2] != spelt[1]
    assert sound[3] not in (None, sound[0]) and sound[4] is sound[5] is None and spelt[6] == spelt[7]
    assert (syllable("伟"), syllable("A")) == ("wei", "A")
