"""Versions of a village's plan side by side: every line added, removed, changed; degrees, figures, words (PLAN-2)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.plans import village_comparing, village_drafts
from shuanglian.plans.village_comparing import ADDED, CHANGED, REMOVED, SAME
from shuanglian.plans.village_drafts import IndicatorDraft, LineDraft
from shuanglian.rules.village_sums import Homes

from .test_views import log_in
from .villages import PENS, PLAN, draft, yearly

pytestmark = pytest.mark.django_db
DITCH = LineDraft("water", "东沟水窖", date(2016, 4, 1), date(2016, 8, 1))
ROAD = LineDraft("road", "阳洼砂路", date(2016, 3, 1), date(2017, 9, 1), cost=Decimal(20_000), fund="special")


def threads(plan):
    return {one["what"]: village_drafts.line_of(one) for one in plan.content["lines"]}


@pytest.fixture
def two(town):
    """A plan, and a second version that drops the ditch, makes the pens dearer, adds a road and promises more."""
    first = town.write(draft(PENS, DITCH))
    kept = threads(first)
    dearer = replace(kept["阳洼养殖小区"], cost=Decimal(60_000), due_on=date(2016, 12, 1))
    told = draft(dearer, ROAD, target=Decimal(4200), plan=PLAN + "再修路。", funds={"special": Decimal(80_000)},
                 indicators=(IndicatorDraft("income", Decimal(9000), Decimal(3000), "村账"),
                             IndicatorDraft("gini", Decimal("0.35"), Decimal("0.42"), "县统计局")))  # fmt: skip
    return first, town.write(told, base=1, why="村民会议提出修路")


def parts(first, second):
    homes = Homes(2, 8, Decimal(2000), 2, 2)
    return {one.code: one for one in village_comparing.compared(first, second, (homes, homes))}


def states(part):
    return {row.what: row.state for row in part.rows}


def marked(pieces):
    return [(one.label, one.text) for one in pieces if one.marked]


def test_every_line_is_told_as_added_removed_or_changed_and_what_of_it_changed(two):
    lines = parts(*two)["lines"]
    assert states(lines) == {"阳洼养殖小区": CHANGED, "阳洼砂路": ADDED, "东沟水窖": REMOVED}
    pens = lines.rows[0]
    assert marked(pens.then) == [("起止", "2016-03-01 – 2016-10-01"), ("投入（元）", "50,000 财政专项扶贫资金")]
    assert marked(pens.now) == [("起止", "2016-03-01 – 2016-12-01"), ("投入（元）", "60,000 财政专项扶贫资金")]
    assert lines.rows[1].then == () and lines.rows[2].now == ()


def test_PLAN_2_indicators_show_values_and_degrees_of_both_versions(two):
    indicators = parts(*two)["indicators"]
    assert states(indicators) == {
        "居民人均可支配收入（元）": CHANGED,
        "基尼系数（比值）": ADDED,
        "有数的指标合起来": CHANGED,
    }
    gini, income = indicators.rows[0], indicators.rows[1]
    assert marked(income.then) == [("承诺值", "6000，实现 40.0%")] and marked(income.now) == [
        ("承诺值", "9000，实现 60.0%")
    ]
    assert ("现值", "0.42，实现 95.2%") in [(one.label, one.text) for one in gini.now]


def test_figures_words_and_money_of_both_versions(two):
    told = parts(*two)
    assert {row.what for row in told["figures"].rows if row.state != SAME} == {"人均目标收入（元）"}
    assert states(told["words"]) == {"发展路子": SAME, "脱贫计划": CHANGED, "主导产业": SAME}
    assert marked(told["words"].rows[1].now) == [("", "再修路。")] and marked(told["words"].rows[1].then) == []
    assert sorted(row.state for row in told["funds"].rows) == [CHANGED, REMOVED]
    need = next(row for row in told["sums"].rows if row.what == "一年要多收（元）")
    assert (need.then[0].text, need.now[0].text) == ("16,000", "17,600")


def test_a_version_beside_itself_differs_in_nothing(two):
    for plan in two:
        assert not any(part.differing for part in parts(plan, plan).values())


@given(st.lists(st.sampled_from(["养羊。", "修路；", "种洋芋。", "出去打工"]), max_size=6),
       st.lists(st.sampled_from(["养羊。", "修路；", "种洋芋。", "出去打工"]), max_size=6))  # fmt: skip
def test_words_stay_whole_and_only_what_the_other_lacks_is_marked(then, now):
    sides = village_comparing._beside(then, now)
    for mine, other, pieces in ((then, now, sides[0]), (now, then, sides[1])):
        assert [one.text for one in pieces] == mine
        assert {one.text for one in pieces if one.marked} == set(mine) - set(other)


@pytest.mark.parametrize(("language", "words"), [("zh-hans", ("新加", "删去", "有变化", "村民会议提出修路")),
                                                 ("en", ("added", "removed", "changed", "村民会议提出修路"))])  # fmt: skip
def test_the_page_shows_both_in_either_language_and_is_linked_from_the_plan(client, town, two, language, words):
    first, second = two
    log_in(client, town.committee)
    client.cookies["language"] = language
    address = reverse("plans:village_compare", args=[second.pk, first.pk])
    assert address in client.get(reverse("plans:village", args=[town.village.code])).content.decode()
    page = client.get(address).content.decode()
    assert [word for word in words if word not in page] == [] and "东沟水窖" in page
    turned = client.get(reverse("plans:village_compare", args=[first.pk, second.pk]))
    assert (turned.context["old"], turned.context["new"]) == (first, second)


def test_what_changed_since_the_approved_version_is_one_tap_away(client, town):
    plan = town.to_meeting(town.write())
    type(plan).objects.filter(pk=plan.pk).update(approved_on=date(2015, 10, 20))
    second = town.write(draft(ROAD), base=1)
    log_in(client, town.committee)
    page = client.get(reverse("plans:village", args=[town.village.code])).content.decode()
    assert page.count(reverse("plans:village_compare", args=[second.pk, plan.pk])) == 2  # in the notice, among versions


def test_only_versions_of_one_plan_that_the_reader_may_see_are_compared(client, town, two, neighbour):
    other = town.write(yearly())
    log_in(client, town.committee)
    assert client.get(reverse("plans:village_compare", args=[two[1].pk, other.pk])).status_code == 404
    assert client.get(reverse("plans:village_compare", args=[two[1].pk, two[1].pk])).status_code == 404
    log_in(client, neighbour)
    assert client.get(reverse("plans:village_compare", args=[two[1].pk, two[0].pk])).status_code == 404
