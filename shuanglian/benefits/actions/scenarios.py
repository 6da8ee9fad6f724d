"""Scenarios: set up, changed, worked out, taken away. None of it touches dues, decisions, payments or families."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.benefits import catalogue, plans
from shuanglian.benefits.costs import Costs
from shuanglian.benefits.effects import Effects
from shuanglian.benefits.models import Scenario
from shuanglian.benefits.whatif import Plan, Reckoner
from shuanglian.core.profile import active
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry import raw
from shuanglian.rules.benefits import Benefit
from shuanglian.rules.facts.build import Families, build
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.jobs.work import Progress

S = Scenario.State
WORK = "benefits.scenario"
YEARS_AHEAD = 2  # years shown from the later of the two days on
MOST_YEARS = 6


@transaction.atomic
def create(
    *, title: str, area: Area, on: date, against: date, by: User | None, at: datetime, note: str = "",
    changes: Mapping[str, Any] | None = None,
) -> Scenario:  # fmt: skip
    """Set up a scenario for an area: the day whose policies are worked out, and the day they are compared with."""
    title = title.strip()[:120]
    if not title:
        raise Refusal("no_title", N_("请写名称"))
    _with_lines(on, against)
    made = Scenario.objects.create(
        title=title, area=area, area_code=area.code, on=on, against=against, note=note.strip()[:500], by=by, at=at,
        changes=plans.checked(changes or {}, area=area),
    )  # fmt: skip
    trail.write("benefits.scenarios.create", about=made, by=by, at=at, on=on.isoformat(), against=against.isoformat())
    return made


def _with_lines(*days: date) -> None:
    for day in days:
        active().lines(day.year)  # refused in words where the profile knows no line yet


@transaction.atomic
def change(*, scenario: Scenario, changes: Mapping[str, Any], by: User | None, at: datetime) -> Scenario:
    """Put other changes in the place of those it has; what was worked out is gone with them."""
    scenario = _idle(scenario)
    scenario.changes = plans.checked(changes, area=scenario.area)
    scenario.state, scenario.result, scenario.finished_at = S.DRAFT, {}, None
    scenario.save(update_fields=["changes", "state", "result", "finished_at"])
    trail.write("benefits.scenarios.change", about=scenario, by=by, at=at, changes=scenario.changes)
    return scenario


@transaction.atomic
def copy(*, scenario: Scenario, title: str, by: User | None, at: datetime) -> Scenario:
    """A second one with the same changes, to be changed further and compared."""
    return create(title=title, area=scenario.area, on=scenario.on, against=scenario.against, note=scenario.note,
                  changes=scenario.changes, by=by, at=at)  # fmt: skip


@transaction.atomic
def remove(*, scenario: Scenario, by: User | None, at: datetime) -> None:
    """Take a scenario away. It touched nothing, so nothing stays of it but its lines in the trail."""
    scenario = _idle(scenario)
    trail.write("benefits.scenarios.remove", about=scenario, by=by, at=at)
    scenario.delete()


def _idle(scenario: Scenario) -> Scenario:
    """The row, locked; refused while it is being worked out."""
    found = Scenario.objects.select_for_update(of=("self",)).select_related("area", "job").get(pk=scenario.pk)
    if found.state == S.RUNNING and found.job is not None and not found.job.is_over:
        raise Refusal("scenario_running", N_("正在测算，请等它完成"))
    return found


@transaction.atomic
def order(*, scenario: Scenario, by: User | None, at: datetime) -> Scenario:
    """Have it worked out; a job does it."""
    scenario = _idle(scenario)
    _threshold()
    scenario.job = jobs.start(
        kind=WORK, title=f"政策测算：{scenario.title}", params={"scenario": scenario.pk}, by=by, at=at,
        area_code=scenario.area_code,
    )  # fmt: skip
    scenario.state = S.RUNNING
    scenario.save(update_fields=["job", "state"])
    return scenario


def _threshold() -> int:
    """The fewest households that a shown figure stands for; without that no figures are made."""
    found = active().protection.get("figures")
    if found is None:
        raise Refusal("no_protection", N_("方案没有规定统计公布的最少户数（benefits.toml 的 protection），不能测算"))
    return found.households


def run(*, scenario: Scenario, progress: Progress, at: datetime) -> dict[str, Any]:
    """Work a scenario out and keep its figures."""
    progress(0, 100, N_("正在读取档案"))
    families = build(raw.of_area(scenario.area, scenario.against), scenario.against, active())
    if families.households.is_empty():
        raise Refusal("nobody", N_("这个区域没有在册的贫困户"))
    result = figures(scenario.area, families, plans.plan_of(scenario), progress)
    with transaction.atomic():
        Scenario.objects.filter(pk=scenario.pk).update(result=result, state=S.DONE, finished_at=at)
        trail.write("benefits.scenarios.run", about=scenario, by=scenario.by, at=at, version=result["version"])
    return {"households": families.households.height}


def figures(area: Area, families: Families, plan: Plan, progress: Progress) -> dict[str, Any]:
    """Everything that a scenario shows; see effects.Effects.figures."""
    benefits, least, lines = catalogue.benefits(area.code), _threshold(), plans.lines(plan)
    before, after = plan.before(benefits), plan.after(benefits)
    reckoner = Reckoner(families, lines)
    progress(10, 100, N_("正在按现行政策计算"))
    was = reckoner.of(before, "before")
    progress(50, 100, N_("正在按改动后的政策计算"))
    now = reckoner.of(after, "after")
    both = {**before, **after}
    effects, costs = Effects(families, was, now, both, lines, least), Costs(was, now, both, least)
    progress(80, 100, N_("正在按年度汇总"))
    codes, all_shown = costs.shown
    years = list(_years(plan, benefits, reckoner, least, None if all_shown else codes))
    changed = [code for code in both if _version(before, code) != _version(after, code)]
    return {
        **effects.figures(PREFIX_LENGTHS.get(area.level + 1)), **costs.table(), "years": years, "changed": changed,
        "conflicts": families.conflicts.height, "version": catalogue.version(benefits), "profile": active().name,
    }  # fmt: skip


def _version(benefits: Mapping[str, Benefit], code: str) -> str | None:
    one = benefits.get(code)
    return one.version if one is not None and one.terms else None


def _years(
    plan: Plan, benefits: Mapping[str, Benefit], reckoner: Reckoner, least: int, codes: Collection[str] | None
) -> Iterator[dict[str, Any]]:
    """What each year costs by the terms of its last day, for the same families; codes: the benefits counted."""
    first, last = sorted((plan.against.year, plan.on.year))
    for year in list(range(first, last + YEARS_AHEAD))[-MOST_YEARS:]:
        day = date(year, 12, 31)
        before = plan.before(benefits, day)
        after = plan.after(benefits, day) if day >= plan.on else before
        granted = reckoner.of(before, "before"), reckoner.of(after, "after")
        yield {"year": year, **Costs(*granted, {**before, **after}, least).sums(codes)}
