"""`shuanglian lookback`: anybody repeats a draw with no database, and is told when it was another."""

import json
from fractions import Fraction

import pytest
from click.testing import CliRunner

from shuanglian.lookback.commands import lookback
from shuanglian.measures.shares import finite, sample_to_clear
from shuanglian.rules.draws import digest_of, draw, frame_text

FRAME = [(f"62112110020{v}", f"H{v}{n:04d}") for v in range(1, 4) for n in range(9 * v)]


@pytest.fixture
def frame(tmp_path):
    path = tmp_path / "frame.csv"
    path.write_text(frame_text(FRAME))
    return path


def run(*words):
    return CliRunner().invoke(lookback, [str(word) for word in words])


def test_REG_6_the_command_draws_what_the_product_drew(frame):
    told = run("draw", frame, "--seed", "LB:1:7", "--share", "1/5", "--least", 1)
    assert told.exit_code == 0
    right = draw("LB:1:7", FRAME, share=Fraction(1, 5), least=1)
    assert [line for line in told.stdout.splitlines() if line.startswith("6211")] == [
        f"{one.stratum},{one.number},{one.rank}" for one in right
    ]


def test_REG_6_a_published_draw_is_checked(frame, tmp_path):
    right = [one.number for one in draw("LB:1:7", FRAME, share=Fraction(1, 5), least=1)]
    said = tmp_path / "drawn.txt"
    said.write_text("\n".join(right))
    words = ["draw", frame, "--seed", "LB:1:7", "--share", "20%", "--least", 1, "--check", said]
    assert run(*words, "--digest", digest_of(frame_text(FRAME)), "--lang", "zh").exit_code == 0
    assert run(*words, "--digest", "0" * 64).exit_code == 1
    said.write_text("\n".join([*right[1:], "H99999"]))
    told = run(*words, "--json")
    assert told.exit_code == 1
    assert (json.loads(told.stdout)["wrong"], json.loads(told.stdout)["missing"]) == (["H99999"], [right[0]])


@pytest.mark.parametrize("words", [["--share", "2"], ["--share", "many"]])
def test_what_cannot_be_read_is_said(frame, words):
    assert run("draw", frame, "--seed", "s", *words).exit_code == 2
    assert run("draw", frame.with_name("none.csv"), "--seed", "s", "--share", "0.1").exit_code == 2


def test_intervals_and_sizes():
    told = json.loads(run("interval", 1, 29, "--population", 100).stdout)
    assert told["finite"] == {"low": finite(1, 29, 100).low, "high": finite(1, 29, 100).high}
    assert run("interval", 5, 4).exit_code == 2
    assert run("size", 20000, "--limit", "2%").stdout.strip() == str(sample_to_clear(20000, 0.02))
    assert run("size", 1000, "--margin", "5%").stdout.strip() == "278"
    assert run("size", 1000).exit_code == 2
