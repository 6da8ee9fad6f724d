"""Rounds: every benefit asked of every family of an area on a day; what is found becomes dues (BEN-8).

A decision is written once and kept; a due changes only by a new decision or a step that somebody took.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.benefits import catalogue, findings
from shuanglian.benefits.findings import Key
from shuanglian.benefits.models import Due, Round
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import traced
from shuanglian.registry import raw
from shuanglian.registry.models import Household
from shuanglian.rules.facts.build import Families, build
from shuanglian.rules.sittings import Sitting
from shuanglian.trail import trail

from .keeping import Keeper

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.jobs.work import Progress

EVERY = 1000  # households decided at a time, between two words of progress


@transaction.atomic
def start(*, area: Area, on: date, by: User | None, at: datetime) -> Round:
    """Order a round; a job does it. One at a time per area: a second would ask the same families at once."""
    if on > clock.day_of(at):
        raise Refusal("round_ahead", N_("核查日期不能晚于今天；要看以后的政策，请用“政策测算”"))
    Area.objects.select_for_update().get(pk=area.pk)
    busy = Round.objects.filter(area=area, state__in=[Round.State.WAITING, Round.State.RUNNING]).select_related("job")
    if any(one.job is not None and not one.job.is_over for one in busy):
        raise Refusal("round_running", N_("这个区域正在核查，请等它完成"))
    busy.update(state=Round.State.FAILED)
    made = Round.objects.create(area=area, area_code=area.code, on=on, profile=active().name, by=by, at=at)
    made.job = jobs.start(kind="benefits.round", title=_title(area, on), params={"round": made.pk}, by=by, at=at,
                          area_code=area.code)  # fmt: skip
    made.save(update_fields=["job"])
    trail.write("benefits.rounds.start", about=made, by=by, at=at, on=on.isoformat())
    return made


def _title(area: Area, on: date) -> str:
    return f"应享核查：{area.name} {on.isoformat()}"


def run(*, made: Round, progress: Progress, at: datetime) -> dict[str, Any]:
    """Ask every benefit of every family of the round's area and keep what comes out, in one transaction."""
    from shuanglian.benefits.columns import granted_or_open  # brings the engines of columns

    Round.objects.filter(pk=made.pk).update(state=Round.State.RUNNING)
    benefits = catalogue.benefits(made.area.code)
    progress(0, 100, N_("正在读取档案"))
    columns = raw.of_area(made.area, made.on)
    families = build(columns, made.on, active())
    with transaction.atomic(), traced("benefits.rounds.run", by=made.by, at=at):
        keeper = Keeper(made, benefits, by=made.by, at=at)
        existing = keeper.lock(made.area)
        wanted = granted_or_open(families, benefits, made.on) | existing
        _keep(keeper, findings.Sources(columns), families, wanted, progress)
        keeper.finish()
        made.figures = {**keeper.figures(), "households": families.households.height, "people": families.people.height,
                        "conflicts": families.conflicts.height}  # fmt: skip
        made.state, made.version, made.finished_at = Round.State.DONE, catalogue.version(benefits), at
        made.save(update_fields=["figures", "state", "version", "finished_at"])
        trail.write("benefits.rounds.run", about=made, by=made.by, at=at, version=made.version, **made.figures["total"])
    return dict(made.figures["total"])


def _keep(keeper: Keeper, sources: findings.Sources, families: Families, wanted: set[Key], progress: Progress) -> None:
    """Decide one by one, with reasons, part by part so that memory does not grow with the county.

    wanted: those whom the columns grant or cannot decide, and all with a due.
    """
    total, seen, sitting = families.households.height, 0, Sitting(keeper.on)
    for part in findings.parts(families, EVERY):
        keeper.load(part.households["id"].to_list())
        for found in findings.of_families(part, sources, sitting, keeper.benefits, wanted=wanted):
            keeper.take(found)
        seen += part.households.height
        progress(seen, total, N_("正在逐户核查"))


@transaction.atomic
def decide_household(*, household: Household, on: date, by: User | None, at: datetime) -> list[Due]:
    """Decide and keep every benefit of one family, the same way as a round does: after a visit or a statement."""
    benefits = catalogue.benefits(household.area_code)
    household = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    with traced("benefits.decide", by=by, at=at):
        keeper = Keeper(None, benefits, by=by, at=at, on=on)
        keeper.load_household(household)
        for found in findings.of_raw(raw.of_household(household.pk, on), on, benefits):
            keeper.take(found)
        keeper.finish()
    figures = keeper.figures()["total"]
    trail.write("benefits.decide", about=household, by=by, at=at, on=on.isoformat(), **figures)
    return list(Due.objects.filter(household=household))
