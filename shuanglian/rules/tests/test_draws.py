"""Draws that anybody can repeat (REG-6): same seed, same draw, whatever the order; the printed script agrees."""

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.draws import SCRIPT, differs, digest_of, draw, frame_of, frame_text, seed_of, size_of

numbers = st.text("0123456789AB", min_size=1, max_size=8)
frames = st.lists(
    st.tuples(st.sampled_from(["621121100201", "621121100202", "621121101203"]), numbers),
    max_size=60,
    unique_by=lambda row: row[1],
)
shares = st.fractions(0, 1, max_denominator=20)


@given(frames, shares, st.integers(0, 3), st.text(min_size=1, max_size=10), st.randoms())
def test_REG_6_the_order_of_the_list_makes_no_difference(frame, share, least, seed, random):
    shuffled = random.sample(frame, len(frame))
    assert draw(seed, frame, share=share, least=least) == draw(seed, shuffled, share=share, least=least)
    assert digest_of(frame_text(frame)) == digest_of(frame_text(shuffled))
    assert frame_of(frame_text(frame)) == sorted(frame)


@given(frames, shares, st.integers(0, 3))
def test_REG_6_every_village_gives_its_share_and_at_least_so_many(frame, share, least):
    drawn = draw("s", frame, share=share, least=least)
    for village in {stratum for stratum, _ in frame}:
        there = [number for stratum, number in frame if stratum == village]
        took = [one for one in drawn if one.stratum == village]
        assert len(took) == size_of(len(there), share, least)
        assert len(took) >= min(len(there), least)
        assert len(took) >= share * len(there)
        assert {one.number for one in took} <= set(there)
        assert [one.rank for one in took] == list(range(1, len(took) + 1))


@given(frames, numbers)
def test_REG_6_taking_a_household_off_the_list_moves_only_its_own_village(frame, _other):
    if not frame:
        return
    (village, gone), *rest = frame
    before = [one for one in draw("s", frame, share=Fraction(1, 2)) if one.stratum != village]
    after = [one for one in draw("s", rest, share=Fraction(1, 2)) if one.stratum != village]
    assert before == after
    assert gone not in {one.number for one in draw("s", rest, share=1)}


def test_every_household_is_drawn_about_as_often():
    """A thousand seeds, a fifth of fifty: each is drawn 200 times give or take; five standard deviations are 63."""
    frame = [("v", f"H{n}") for n in range(50)]
    count = dict.fromkeys((number for _, number in frame), 0)
    for seed in range(1000):
        for one in draw(str(seed), frame, share=Fraction(1, 5)):
            count[one.number] += 1
    assert sum(count.values()) == 10_000
    assert all(137 <= times <= 263 for times in count.values())


def test_the_printed_script_draws_the_same(tmp_path):
    """The five lines on the page, run by a Python that knows nothing of us."""
    frame = [(f"62112110{v}", f"{v}{n:05d}") for v in range(4) for n in range(7 * (v + 1))]
    (tmp_path / "frame.csv").write_text(frame_text(frame))
    (tmp_path / "repeat.py").write_text(SCRIPT)
    assert len(SCRIPT.strip().splitlines()) == 5
    seed = seed_of("LB2015", 1, " 04 11 23 ")
    run = subprocess.run(
        [sys.executable, "-I", "repeat.py", "frame.csv", seed, "0.2", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(run.stdout.split()) == sorted(one.number for one in draw(seed, frame, share=Fraction("0.2"), least=1))


def test_a_draw_told_wrong_is_found_out():
    drawn = draw("s", [("v", f"H{n}") for n in range(10)], share=Fraction(3, 10))
    told = [one.number for one in drawn]
    assert differs(told, drawn) == ([], [])
    assert differs([*told[1:], "H99"], drawn) == (["H99"], [told[0]])


@pytest.mark.parametrize("text", ["v", "v,", ",n", "v,a,b"])
def test_a_line_that_is_no_frame_is_named(text):
    with pytest.raises(ValueError, match="line 2"):
        frame_of(f"v,1\n{text}\n")
