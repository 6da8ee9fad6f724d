"""Look-back rules: lists, doubts, verdicts, and what the profile says (REG-5, REG-6, REG-9; domain 3.3)."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.draws import draw
from shuanglian.rules.facts.catalogue import vocabulary
from shuanglian.rules.lookback import asked_of, shown_by
from shuanglian.rules.profile import load
from shuanglian.rules.visit_doubts import Seen, doubts_of, km_between
from shuanglian.rules.visit_lists import ToVisit, share_out

PROFILE = load("tongwei_2015").lookback
NOON = datetime(2015, 7, 10, 12, 0)
HOME = (105.25, 35.21)
people = st.sampled_from(["甲", "乙", "丙", "丁"])
rows = st.lists(
    st.builds(ToVisit, st.integers(1, 500), st.sampled_from("AB"), st.one_of(st.just(""), people), st.frozensets(people, max_size=2)),
    max_size=40, unique_by=lambda row: row.key,
)  # fmt: skip


@given(rows, st.integers(1, 12))
def test_REG_6_lists_are_never_too_long_and_REG_9_never_relatives(rows, most):
    teams = {"A": ["甲", "乙"], "B": ["丙", "丁"]}
    given_ = share_out(rows, teams, most=most)
    assert set(given_) == {row.key for row in rows}
    load = Counter(person for person in given_.values() if person)
    assert all(count <= most for count in load.values())
    for row in rows:
        assert given_[row.key] not in row.never
        if not given_[row.key]:  # nobody only when nobody could
            assert all(person in row.never or load[person] >= most for person in teams[row.village])
    assert share_out(list(reversed(rows)), teams, most=most) == given_


def test_REG_6_with_room_everybody_is_on_a_list_and_the_helper_goes_first():
    rows = [ToVisit(n, "A", "甲" if n < 4 else "") for n in range(10)]
    given_ = share_out(rows, {"A": ["甲", "乙", "丙"]}, most=4)
    assert all(given_.values())
    assert [given_[n] for n in range(4)] == ["甲"] * 4
    assert Counter(given_.values()) == {"甲": 4, "乙": 3, "丙": 3}


def codes(seen, **others):
    return {one.code for one in doubts_of(seen, PROFILE.doubts, **others)}


def test_a_visit_as_it_should_be_raises_no_doubt():
    assert codes(Seen(at=NOON, sent_at=NOON, place=HOME, photo_at=NOON, photo_place=HOME, home=HOME)) == set()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"photo_at": NOON - timedelta(days=3)}, "photo_old"), ({"photo_at": None}, "photo_undated"), ({"place": None}, "no_position"),
        ({"place": (105.30, 35.21), "photo_place": None}, "far_home"), ({"photo_place": (105.4, 35.21)}, "photo_elsewhere"),
        ({"home": None, "village": (105.5, 35.21)}, "far_village"), ({"sent_at": NOON + timedelta(days=5)}, "sent_late"),
        ({"at": NOON.replace(hour=3), "photo_at": NOON.replace(hour=3)}, "too_early"), ({"at": NOON.replace(hour=23), "photo_at": NOON.replace(hour=23), "sent_at": None}, "too_late"),
    ],
)  # fmt: skip
def test_each_thing_that_looks_made_up_is_said(changed, code):
    plain = {"at": NOON, "sent_at": NOON, "place": HOME, "photo_at": NOON, "photo_place": HOME, "home": HOME}
    assert codes(Seen(**{**plain, **changed})) == {code}


def test_one_photo_for_two_visits_and_two_places_at_once():
    seen = Seen(at=NOON, place=HOME, photo_at=NOON)
    assert codes(seen, same_photo=7) == {"same_photo"}
    far = Seen(at=NOON + timedelta(minutes=5), place=(105.45, 35.21), visit=8)
    (doubt,) = doubts_of(seen, PROFILE.doubts, after=far)
    assert (doubt.code, doubt.figures["visit"], doubt.figures["km"]) == ("too_fast", 8, pytest.approx(18.2, abs=0.1))
    assert codes(seen, before=Seen(at=NOON - timedelta(minutes=1), place=HOME)) == {"too_short"}


def test_a_degree_of_latitude_is_111_km():
    assert km_between((105, 35), (105, 36)) == pytest.approx(111.2, abs=0.1)


def test_wrong_exit_is_any_of_five_and_made_to_exit_any_of_four():
    """Changshun's definitions, domain 3.3."""
    good = {one.code: None for one in asked_of(PROFILE.questions, "left")}
    shows = {
        code: {one.code for one in PROFILE.questions.values() if code in one.shows}
        for code in ("wrong_exit", "made_to_exit", "not_satisfied")
    }
    assert [len(shows[code]) for code in ("wrong_exit", "made_to_exit", "not_satisfied")] == [5, 4, 4]
    right = {
        code: next(iter(PROFILE.questions[code].shows.values())) == "no" for code in good
    }  # the answer that shows nothing
    found = shown_by(PROFILE.questions, PROFILE.verdicts.values(), right, "left")
    assert found == {"wrong_exit": False, "made_to_exit": False, "not_satisfied": False}
    for verdict, asked in shows.items():
        for code in asked:
            answers = {**right, code: not right[code]}
            told = shown_by(PROFILE.questions, PROFILE.verdicts.values(), answers, "left")
            assert told == {**found, verdict: True}
            unknown = shown_by(PROFILE.questions, PROFILE.verdicts.values(), {**right, code: None}, "left")
            assert unknown == {**found, verdict: None}
    assert set(shown_by(PROFILE.questions, PROFILE.verdicts.values(), {}, "registered")) == {"not_satisfied"}


@pytest.mark.parametrize("name", ["tongwei_2015", "gansu_province_2012"])
def test_the_profile_names_only_what_there_is(name):
    profile = load(name)
    one, words = (
        profile.lookback,
        {f"{root}.{word}" for root in ("household", "person") for word in vocabulary().words[root]},
    )
    assert one.kinds["lookback"].days == 20
    assert not one.methods["phone"].counts
    assert one.methods["phone"].reason
    assert not one.methods["hearsay"].counts
    for question in one.questions.values():
        assert question.fact is None or question.fact in words, question.code
        assert set(question.shows) <= set(one.verdicts)
    for rate in one.rates.values():
        assert rate.counted in one.findings or rate.counted in one.verdicts
    assert set(one.rechecks) <= set(profile.levels)
    for given_ in (*one.rates.values(), *one.questions.values(), *one.rechecks.values(), *one.doubts.values()):
        assert given_.cites
        assert given_.document in profile.documents
    assert one.rates["wrong_exit"].limit is not None


def test_REG_4_the_township_draws_a_fifth_and_the_county_a_tenth():
    frame = [("v", str(n)) for n in range(30)]
    taken = [
        len(draw("s", frame, share=PROFILE.rechecks[level].share, least=PROFILE.rechecks[level].least))
        for level in ("township", "county")
    ]
    assert taken == [6, 3]
