"""300 fakes among 10,000 honest visits: how many scrutiny finds and whom it wrongs (FIELD-6)."""

import pytest

from shuanglian.demo.made_visits import WAYS, judge, make
from shuanglian.rules.profile import load


@pytest.mark.parametrize("seed", [11, 2015])
def test_FIELD_6_most_planted_fakes_are_found_and_few_honest_visits_are_flagged(seed):
    report = judge(load("tongwei_2015").scrutiny, make(seed))
    assert report.recall > 0.75
    assert report.precision > 0.75
    assert report.wronged < 100  # of 10,000
    assert report.found.keys() >= WAYS.keys() - {"careful"}


def test_FIELD_6_without_fakes_hardly_anybody_is_flagged():
    report = judge(load("tongwei_2015").scrutiny, make(5, honest=3000, fake=0))
    assert report.recall == 1.0
    assert report.flagged == report.wronged < 45


def test_the_same_seed_makes_the_same_visits():
    one, other = make(3, honest=300, fake=20), make(3, honest=300, fake=20)
    assert one.visits.equals(other.visits)
    assert one.fakes == other.fakes
    assert len(one.fakes) == 20
    assert not make(4, honest=300, fake=20).visits.equals(one.visits)
