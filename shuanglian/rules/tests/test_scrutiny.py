"""Scrutiny: facts of visits beside each other, signs over one and over many, who is flagged (FIELD-3, FIELD-6)."""

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.rules.likeness import FAR, nearest, nearest_anywhere, text_bits
from shuanglian.rules.profile import load
from shuanglian.rules.scrutiny import find, weigh_visit
from shuanglian.rules.visit_facts import FACTS, PHOTOS, VISITS, work_out

DAY = datetime(2015, 6, 3, 9, 0)
HOME = (105.2, 35.2)
KM = 1 / 111.2  # degrees of latitude


@pytest.fixture(scope="module")
def scrutiny():
    return load("tongwei_2015").scrutiny


def visit(number, household=1, *, at=DAY, cadre=1, stay=30, **changed):
    row = {
        "id": number, "cadre": cadre, "household": household, "on": at.date(), "started": at,
        "ended": at + timedelta(minutes=stay), "saved": at + timedelta(minutes=stay), "kept": at, "lon": HOME[0],
        "lat": HOME[1], "accuracy": 10.0, "home_lon": HOME[0], "home_lat": HOME[1], "village_lon": HOME[0],
        "village_lat": HOME[1], "entered": True, "on_leave": False, "clock_off": 0, "text": "", "asked": True,
    }  # fmt: skip
    return row | changed


def photo(number, likeness, digest="a", taken=DAY):
    return {"visit": number, "likeness": likeness, "digest": digest, "taken": taken}


def told(*visits, photos=()):
    """Facts by number of the visit."""
    found = work_out(
        pl.DataFrame(visits, schema=VISITS, orient="row"), pl.DataFrame(photos, schema=PHOTOS, orient="row")
    )
    return {row["id"]: row for row in found.iter_rows(named=True)}


def signs_of(scrutiny, facts):
    return {one.sign.code for one in weigh_visit(scrutiny.signs.values(), facts).met}


# --- facts ------------------------------------------------------------------------------------------------------------
def test_FIELD_6_the_distance_from_home_is_the_great_circle():
    found = told(visit(1, lat=HOME[1] + 3 * KM), visit(2, 2, at=DAY + timedelta(days=1), lon=None, lat=None))
    assert float(found[1]["km_from_home"]) == pytest.approx(3, abs=0.02)
    assert found[2]["km_from_home"] is None
    assert found[2]["has_position"] is False


def test_FIELD_6_homes_in_the_same_minute_and_within_ten_are_those_of_the_same_cadre():
    found = told(
        visit(1, 1), visit(2, 2, at=DAY + timedelta(seconds=20)), visit(3, 3, at=DAY + timedelta(minutes=9)),
        visit(4, 4, at=DAY, cadre=2), visit(5, 5, at=DAY + timedelta(minutes=30)),
    )  # fmt: skip
    assert [found[number]["homes_same_minute"] for number in (1, 2, 3, 4, 5)] == [1, 1, 0, 0, 0]
    assert [found[number]["homes_in_ten_minutes"] for number in (1, 2, 3, 4, 5)] == [2, 2, 2, 0, 0]


def test_FIELD_6_two_homes_at_once_and_the_speed_between_them():
    away = HOME[1] + 40 * KM
    found = told(visit(1, 1, stay=60), visit(2, 2, at=DAY + timedelta(minutes=20), lat=away))
    assert found[1]["minutes_overlap"] == found[2]["minutes_overlap"] == 40
    assert found[2]["km_per_hour"] > 1000
    far = told(visit(1, 1, stay=30), visit(2, 2, at=DAY + timedelta(minutes=89), lat=away))
    assert float(far[2]["km_per_hour"]) == pytest.approx(40, abs=0.5)
    assert far[2]["minutes_overlap"] == 0


def test_FIELD_6_the_same_home_twice_is_no_second_home():
    found = told(visit(1, 1), visit(2, 1, at=DAY + timedelta(minutes=2)))
    assert found[1]["minutes_apart"] is None
    assert found[1]["homes_same_minute"] == 0


def test_FIELD_6_where_a_home_is_usually_met_speaks_for_a_visit_only_about_its_village():
    away = {"lat": HOME[1] + 4 * KM}  # the home's point in the file is wrong by four kilometres
    days = [DAY + timedelta(days=number) for number in range(4)]
    near = told(*(visit(number, at=at, **away) for number, at in enumerate(days)))
    assert all(row["km_from_usual"] == 0 for row in near.values())
    office = {"lat": HOME[1] + 30 * KM}
    assert all(row["km_from_usual"] is None for row in told(
        *(visit(number, at=at, **office) for number, at in enumerate(days))
    ).values())  # fmt: skip


def test_FIELD_6_written_down_later_together_and_before_the_time():
    evening = datetime(2015, 6, 12, 20)
    found = told(
        *(visit(number, number, at=DAY + timedelta(days=number), saved=evening) for number in (1, 2, 3)),
        visit(4, 4, at=DAY, saved=DAY - timedelta(hours=2)),
    )
    assert [found[number]["days_late"] for number in (1, 2, 3, 4)] == [8, 7, 6, 0]
    assert [found[number]["saved_together"] for number in (1, 2, 3, 4)] == [2, 2, 2, 0]
    assert (found[4]["minutes_early"], found[1]["minutes_early"]) == (120, 0)


def test_FIELD_6_the_same_file_a_brightened_one_and_a_picture_without_anything_on_it():
    days = [DAY + timedelta(days=number) for number in range(5)]
    look = 0x0F3C_5A99_1234_7DE1
    found = told(
        *(visit(number, number, at=days[number]) for number in range(5)),
        photos=[photo(0, look, "a"), photo(1, look, "a"), photo(2, look ^ 0b11, "b"), photo(3, 0, "c"), photo(4, 0, "d")],
    )  # fmt: skip
    assert [found[number]["photo_reused"] for number in range(5)] == [1, 1, 0, 0, 0]
    assert [found[number]["photo_alike_bits"] for number in range(5)] == [0, 0, 2, None, None]


def test_FIELD_6_a_text_copied_with_a_word_exchanged_is_near_and_another_is_not():
    text = "下午入户，家里的母羊下了两只羔，想再种两亩苹果，缺苗子，答应联系种羊场"
    found = told(
        visit(1, 1, text=text), visit(2, 2, at=DAY + timedelta(days=1), text=text.replace("母羊", "奶羊")),
        visit(3, 3, at=DAY + timedelta(days=2), text="儿子去了兰州打工，老伴的药费报了一半，愁洋芋卖不掉"),
    )  # fmt: skip
    assert found[1]["text_alike_bits"] == found[2]["text_alike_bits"] <= 12
    assert found[3]["text_alike_bits"] > 18


def test_FIELD_6_facts_of_one_are_those_it_has_beside_its_neighbours_only():
    """What stands beside a visit is not asked about: its own facts do not come out."""
    found = told(visit(1, 1), visit(2, 2, at=DAY, asked=False))
    assert set(found) == {1}
    assert found[1]["homes_same_minute"] == 1


# --- signs ------------------------------------------------------------------------------------------------------------
def test_FIELD_6_one_honest_visit_meets_no_sign_of_weight(scrutiny):
    facts = told(visit(1, text="和老人拉了拉家常，药费报了一半"), photos=[photo(1, 77)])[1]
    weighed = weigh_visit(scrutiny.signs.values(), facts)
    assert (weighed.points, weighed.met) == (0, ())
    assert not scrutiny.flags(weighed.points)


def test_FIELD_6_a_visit_dated_into_a_leave_and_the_same_photo_are_each_enough_to_look(scrutiny):
    on_leave = told(visit(1, on_leave=True), photos=[photo(1, 77)])[1]
    assert signs_of(scrutiny, on_leave) == {"on_leave"}
    assert scrutiny.flags(weigh_visit(scrutiny.signs.values(), on_leave).points)


def test_FIELD_3_many_homes_in_minutes_are_seen_and_a_meeting_in_a_yard_is_none(scrutiny):
    minutes = [DAY + timedelta(minutes=number) for number in range(6)]
    through = told(*(visit(number, number, at=at, stay=1) for number, at in enumerate(minutes)))
    assert {"many_homes", "short_gap"} <= signs_of(scrutiny, through[3])
    yard = told(*(visit(number, number, at=DAY, entered=False) for number in range(4)))
    assert signs_of(scrutiny, yard[0]) == {"not_entered", "no_photo"}
    assert not scrutiny.flags(weigh_visit(scrutiny.signs.values(), yard[0]).points)


def test_FIELD_6_what_is_not_known_speaks_against_nobody(scrutiny):
    weighed = weigh_visit(scrutiny.signs.values(), {})
    assert weighed.points == 0
    assert weighed.asks <= {f"visit.{name}" for name in FACTS}
    assert weighed.asks


def test_FIELD_6_every_sign_says_what_may_explain_it_in_both_languages(scrutiny):
    assert len(scrutiny.signs) >= 20
    for sign in scrutiny.signs.values():
        assert sign.shape.cases, sign.code
        assert all(label.zh and label.en for label in (sign.shape.against, sign.shape.explained, sign.shape.label))
        assert {case.met for case in sign.shape.cases} >= {"yes", "no"}, sign.code


MOMENTS = st.integers(0, 60 * 24 * 3).map(lambda minutes: DAY + timedelta(minutes=minutes))
DRAWN = st.builds(
    lambda household, cadre, at, stay, north, leave, off, text, late: {
        "household": household, "cadre": cadre, "at": at, "stay": stay, "lat": None if north is None else HOME[1] + north * KM,
        "on_leave": leave, "clock_off": off, "text": text, "saved": at + timedelta(hours=late),
    },
    st.integers(1, 6), st.integers(1, 2), MOMENTS, st.integers(0, 200), st.none() | st.integers(0, 60), st.booleans(),
    st.none() | st.integers(-90_000, 90_000), st.sampled_from(["", "入户走访", "宣传了今年的精准扶贫政策和新农合缴费标准"]),
    st.integers(-5, 400),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(DRAWN, min_size=1, max_size=12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 5)), max_size=8))
def test_FIELD_6_a_county_at_once_says_of_each_what_one_alone_is_told(drawn, pictures):
    scrutiny = load("tongwei_2015").scrutiny
    rows = [visit(number, **one) for number, one in enumerate(drawn)]
    photos = [photo(number, look * 0x0101_0101, f"{look}") for number, look in pictures if number < len(rows)]
    facts = work_out(pl.DataFrame(rows, schema=VISITS, orient="row"), pl.DataFrame(photos, schema=PHOTOS, orient="row"))
    found = {row["id"]: row for row in find(scrutiny.signs.values(), facts).iter_rows(named=True)}
    for row in facts.iter_rows(named=True):
        alone = weigh_visit(scrutiny.signs.values(), row)
        assert {one.sign.code for one in alone.met} == {
            code for code in scrutiny.signs if found[row["id"]][code]
        }  # fmt: skip
        assert alone.points == found[row["id"]]["points"]


# --- likeness ---------------------------------------------------------------------------------------------------------
WORDS = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=40).map(
    lambda bits: np.array(bits, np.uint64).view(np.int64)
)


@given(WORDS, st.data())
def test_the_nearest_of_another_home_is_what_looking_at_every_pair_gives(bits, data):
    many = len(bits)
    few = st.lists(st.integers(0, 3), min_size=many, max_size=many).map(lambda found: np.array(found, np.int64))
    owner, home = data.draw(few), data.draw(few)

    def apart(i, j):
        return bin((int(bits[i]) ^ int(bits[j])) & (2**64 - 1)).count("1")

    def fewest(i, others):
        return min((apart(i, j) for j in others if home[j] != home[i]), default=FAR)

    own = nearest(bits, owner, home, np.ones(many, bool))
    assert own.tolist() == [fewest(i, [j for j in range(many) if owner[j] == owner[i]]) for i in range(many)]
    found = nearest_anywhere(bits, home)
    expected = [fewest(i, range(many)) for i in range(many)]
    assert found.tolist() == [one if one <= 3 else FAR for one in expected]


@given(st.text(max_size=30))
def test_a_text_has_the_same_bits_alone_and_among_others(text):
    text = text.encode("utf-8", "ignore").decode()
    alone = text_bits([text])[0]
    assert text_bits(["前面的话说了很多", text, "后面的话也不少"])[1] == alone
    assert (alone == 0) or len(text) >= 3


def test_no_texts_and_no_visits_are_no_fault(scrutiny):
    facts = work_out(pl.DataFrame(schema=VISITS), pl.DataFrame(schema=PHOTOS))
    assert facts.height == 0
    assert find(scrutiny.signs.values(), facts).height == 0
    assert date(2015, 6, 3) == DAY.date()
