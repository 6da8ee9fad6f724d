"""Splits and merges keep plans (REG-9): carried when the kept file has none, ended when it has one, taken back whole."""

from datetime import date

import pytest

from shuanglian.kernel.refusal import Refusal
from shuanglian.plans import chapters, following
from shuanglian.plans.models import HouseholdPlan
from shuanglian.registry.hooks import Act, Seen

from .factories import AT, agreed, line, members, written

pytestmark = pytest.mark.django_db


def merge(source, target, **more):
    given = {"kind": "merge", "source": source, "target": target, "people": (), "same": {}, "closes": True,
             "on": date(2015, 10, 8), "why": "分家又合", "by": None, "at": AT}  # fmt: skip
    return Act(**{**given, **more})


def test_the_plan_of_a_file_that_closes_goes_along_when_the_other_has_none(village):
    plan = agreed(written(village.one, line("export_worker", 1, people=(members(village.one)[0],))))
    act = merge(village.one, village.other, same={members(village.one)[0]: members(village.other)[0]})
    assert "转到" in following.preview(act)[0]
    kept = following.follow(act)
    plan.refresh_from_db()
    assert plan.household == village.other and plan.measures.get().people == [members(village.other)[0]]
    following.undo(act, kept)
    plan.refresh_from_db()
    assert plan.household == village.one and plan.measures.get().people == [members(village.one)[0]]


def test_the_plan_of_a_file_that_closes_ends_when_the_other_has_one(village):
    mine, theirs = written(village.one), written(village.other)
    act = merge(village.one, village.other)
    kept = following.follow(act)
    mine.refresh_from_db()
    assert mine.ended == "merged" and HouseholdPlan.objects.get(pk=theirs.pk).ended == ""
    following.undo(act, kept)
    assert HouseholdPlan.objects.get(pk=mine.pk).ended == ""


def test_a_merge_on_which_a_plan_was_built_is_not_undone(village):
    written(village.one)
    act = merge(village.one, village.other)
    kept = following.follow(act)
    written(village.other, line("ewes", 1), base=1)
    with pytest.raises(Refusal) as refusal:
        following.undo(act, kept)
    assert refusal.value.code == "planned_since"


def test_on_a_split_the_plan_stays_with_the_number(village):
    plan = written(village.one)
    act = merge(village.one, village.other, kind="split", closes=False)
    assert "留在原户" in following.preview(act)[0]
    following.follow(act)
    plan.refresh_from_db()
    assert plan.household == village.one and plan.ended == ""


def test_REG_10_the_story_tells_every_version_and_word(village, clerk):
    agreed(written(village.one, by=village.cadre), village.cadre)
    written(village.one, line("ewes", 1), by=village.cadre, base=1)
    told = [moment.what for moment in chapters.story(Seen(village.one, {}, clerk))]
    assert len(told) == 3 and sum("第 1 版" in what for what in told) == 2
