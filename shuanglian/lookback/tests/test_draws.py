"""Draws: announced before, drawn once, repeatable, handed out to others; rates with their intervals (REG-4, REG-6)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from shuanglian.core import profile
from shuanglian.kernel.refusal import Refusal
from shuanglian.lookback import results
from shuanglian.lookback.actions import draws
from shuanglian.lookback.models import Assignment, Draw, Drawn
from shuanglian.lookback.tests.factories import DAY_3, DAY_5, land, visit
from shuanglian.measures.shares import Stratum, stratified
from shuanglian.rules import draws as rules

pytestmark = pytest.mark.django_db
TOMORROW = DAY_3.date() + timedelta(days=1)


@pytest.fixture
def here():
    return land()


def announced(here, **given):
    plain = {"campaign": here.campaign, "area": here.place.area, "level": "county", "source": "双色球 2015079 期", "source_on": TOMORROW,
             "by": here.office, "at": DAY_3}  # fmt: skip
    return draws.announce(**{**plain, **given})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"source_on": DAY_3.date()}, "known_already"), ({"source": " "}, "no_source"), ({"share": Decimal("0.05")}, "share_too_small"),
        ({"level": "galaxy"}, "unknown_level"), ({"least": 0}, "share_too_small"),
    ],
)  # fmt: skip
def test_REG_6_a_number_known_already_or_too_small_a_share_is_refused(here, given, code):
    with pytest.raises(Refusal, match=code):
        announced(here, **given)


def test_REG_6_the_list_is_fixed_then_the_number_comes_then_it_is_drawn_once(here):
    made = announced(here)
    assert made.frame_size == 12
    assert made.frame_digest == rules.digest_of(made.frame)
    with pytest.raises(Refusal, match="not_out_yet"):
        draws.draw(draw=made, public="04 11 23", by=here.office, at=DAY_3)
    done = draws.draw(draw=made, public="04 11 23", by=here.office, at=DAY_5)
    assert done.seed == f"{here.campaign.code}:1:041123"
    told = {(one.area_code, one.assignment.number) for one in Drawn.objects.select_related("assignment")}
    right = rules.draw(done.seed, rules.frame_of(made.frame), share=Decimal("0.1"), least=1)
    assert told == {(one.stratum, one.number) for one in right}
    assert len(told) == len({home.area_code for home in here.homes})  # a tenth of three is one, in every village
    assert draws.verified(Draw.objects.get(pk=made.pk)) == (True, [], [])
    with pytest.raises(Refusal, match="drawn_already"):
        draws.draw(draw=done, public="05 11 23", by=here.office, at=DAY_5)


def test_REG_6_what_was_announced_cannot_be_changed_and_a_swapped_household_is_found_out(here):
    made = draws.draw(draw=announced(here), public="107", by=here.office, at=DAY_5)
    for change in ({"frame": "x"}, {"share": Decimal("0.2")}, {"source": "另"}, {"seed": "另"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Draw.objects.filter(pk=made.pk).update(**change)
    one = Drawn.objects.first()
    other = Assignment.objects.filter(area_code=one.area_code).exclude(drawn__draw=made).first()
    right, wrong = one.assignment.number, other.number
    Drawn.objects.filter(pk=one.pk).update(assignment=other)
    assert draws.verified(Draw.objects.get(pk=made.pk)) == (True, [wrong], [right])


def test_REG_6_who_visited_or_helps_does_not_get_it_for_the_recheck(here):
    made = draws.draw(draw=announced(here, share=Decimal(1)), public="107", by=here.office, at=DAY_5)
    for home in here.homes[:4]:
        visit(here.on_list(home), here.office)
    left = draws.hand_out(draw=made, checkers=[here.office, here.inspector, here.cadre], by=here.office, at=DAY_5)
    assert left == 0
    for one in Drawn.objects.select_related("assignment__cadre", "checker"):
        assert one.checker is not None
        assert one.checker.pk != one.assignment.cadre.user_id
        assert not one.assignment.visits.filter(by=one.checker).exists()
    alone = draws.hand_out(draw=made, checkers=[here.office], by=here.office, at=DAY_5)
    assert alone == 4  # those he visited himself


def test_the_rates_are_those_of_the_stratified_draw(here):
    made = draws.draw(draw=announced(here, share=Decimal("0.5")), public="109", by=here.office, at=DAY_5)
    for home in here.homes:
        visit(here.on_list(home), here.township)
    wrong, strata = 0, {}
    for n, one in enumerate(Drawn.objects.select_related("assignment").order_by("area_code", "rank")):
        hit = n == 1
        visit(one.assignment, here.inspector, role="recheck", at=DAY_5 + timedelta(minutes=9 * n),
              finding="to_remove" if hit else "confirmed", note="不符合" if hit else "")  # fmt: skip
        hits, told = strata.get(one.area_code, (0, 0))
        strata[one.area_code] = (hits + hit, told + 1)
        wrong += hit
    whole, below = results.rates(here.campaign, here.place.area, "county")
    rate = next(one for one in whole if one.limit.code == "wrong_entry")
    there = {code: sum(home.area_code == code for home in here.homes) for code in strata}
    right = stratified([Stratum(*strata[code], there[code]) for code in sorted(strata)])
    assert (rate.told, rate.hits, rate.drawn, rate.drawn_hits) == (12, 0, made.drawn.count(), 1)
    assert rate.interval.share == pytest.approx(right.share)
    assert (rate.interval.low, rate.interval.high) == (pytest.approx(right.low), pytest.approx(right.high))
    assert rate.stands in ("open", "over")
    assert rate.without == 0
    assert sum(found[0].drawn_hits for found in below.values()) == wrong == 1
    assert sum(found[0].told for found in below.values()) == 12
    agreed = results.agreement(here.campaign, here.place.area)
    assert (agreed.compared, agreed.differing, len(agreed.rows)) == (made.drawn.count(), 1, 1)
    village, nothing = results.rates(here.campaign, here.homes[0].village, "county")
    assert village[0].told == there[here.homes[0].area_code]
    assert nothing == {}


def test_without_a_recheck_nothing_is_said_of_the_draw_and_missing_villages_are_counted(here):
    draws.draw(draw=announced(here), public="109", by=here.office, at=DAY_5)
    whole, _ = results.rates(here.campaign, here.place.area, "county")
    rate = whole[0]
    assert (rate.interval, rate.stands, rate.share) == (None, "", None)
    assert rate.without == len({home.area_code for home in here.homes})
    assert results.levels_drawn(here.campaign, here.place.area) == ["county"]
    assert results.levels_drawn(here.campaign, here.homes[0].village) == ["county"]
    assert profile.active().lookback.rates["wrong_exit"].limit == Decimal("0.02")
