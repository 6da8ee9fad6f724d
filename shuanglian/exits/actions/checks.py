"""Checks: every household of an area held to the exit standards of a day; one row each, kept by day (REG-3, BEN-7)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import connection, transaction

from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.exits import looking
from shuanglian.exits.models import ExitCheck
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry import raw
from shuanglian.rules.exit_finding import outcomes
from shuanglian.rules.facts.build import build
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.jobs.work import Progress

COLUMNS = "check_of_id, household_id, area_code, size, state, in_the_way, open, asks"
LISTS = ("in_the_way", "open", "asks")


@transaction.atomic
def start(*, area: Area, on: date, by: User | None, at: datetime) -> ExitCheck:
    """Order a check; a job does it. One at a time per area."""
    if on > clock.day_of(at):
        raise Refusal("check_ahead", N_("核对日期不能晚于今天"))
    if not looking.standards("household", on):
        raise Refusal("no_standard", N_("方案里没有 {on} 施行的贫困户退出标准"), on=on)
    Area.objects.select_for_update().get(pk=area.pk)
    busy = ExitCheck.objects.filter(area=area, state__in=[ExitCheck.State.WAITING, ExitCheck.State.RUNNING])
    if any(one.job is not None and not one.job.is_over for one in busy.select_related("job")):
        raise Refusal("check_running", N_("这个区域正在核对，请等它完成"))
    busy.update(state=ExitCheck.State.FAILED)
    made = ExitCheck.objects.create(area=area, area_code=area.code, on=on, profile=active().name, by=by, at=at)
    title = f"退出核对：{area.name} {on.isoformat()}"
    made.job = jobs.start(kind="exits.check", title=title, params={"check": made.pk}, by=by, at=at, area_code=area.code)
    made.save(update_fields=["job"])
    trail.write("exits.checks.start", about=made, by=by, at=at, on=on.isoformat())
    return made


@transaction.atomic
def at_once(*, area: Area, on: date, by: User | None, at: datetime) -> ExitCheck:
    """A check made here and now, for a job of a room above that goes by it."""
    if not looking.standards("household", on):
        raise Refusal("no_standard", N_("方案里没有 {on} 施行的贫困户退出标准"), on=on)
    made = ExitCheck.objects.create(area=area, area_code=area.code, on=on, profile=active().name, by=by, at=at)
    run(made=made, progress=None, at=at)
    return made


def run(*, made: ExitCheck, progress: Progress | None, at: datetime) -> dict[str, Any]:
    """Hold everybody to the standards and keep what comes out, in one transaction."""
    tell = progress or _nobody
    tell(0, 4, N_("正在读取档案"))
    columns = raw.of_area(made.area, made.on)
    tell(1, 4, N_("正在整理情况"))
    families = build(columns, made.on, active())
    exits = active().on(made.on).exits
    tell(2, 4, N_("正在逐条核对"))
    found = outcomes(exits.of("household"), families)
    found = found.join(columns.households.select(pl.col("id").alias("household"), "size"), on="household", how="left")
    tell(3, 4, N_("正在记下结果"))
    with transaction.atomic():
        _keep(made, found)
        made.figures, made.version = figures_of(found), exits.version("household")[:60]
        made.state, made.finished_at = ExitCheck.State.DONE, at
        made.save(update_fields=["figures", "version", "state", "finished_at"])
        trail.write("exits.checks.run", about=made, by=made.by, at=at, version=made.version, **counts_of(made.figures))
    tell(4, 4)
    return counts_of(made.figures)


def counts_of(figures: dict[str, Any]) -> dict[str, Any]:
    return {state: told["households"] for state, told in figures["states"].items()}


def _nobody(_done: int, _total: int, _message: Any = "") -> None:
    """Where nobody waits for progress."""


def _keep(made: ExitCheck, found: pl.DataFrame) -> None:
    """The rows by COPY: a county in a second."""
    with connection.cursor() as cursor:
        inner: Any = cursor.cursor  # Django's wrapper has no copy
        with inner.copy(f"copy exits_standing ({COLUMNS}) from stdin") as copy:
            for row in found.select("household", "village", "size", "state", *LISTS).iter_rows():
                copy.write_row((made.pk, *row))


def figures_of(found: pl.DataFrame) -> dict[str, Any]:
    """states: state → households, people; in_the_way, open, asks: code → households."""
    told = found.group_by("state").agg(pl.len().alias("households"), pl.col("size").sum().alias("people"))
    states = {state: {"households": 0, "people": 0} for state in ("ready", "not_ready", "undecided")}
    for state, households, people in told.iter_rows():
        states[state] = {"households": households, "people": int(people or 0)}
    return {"states": states} | {
        name: dict(Counter(found[name].explode().drop_nulls().to_list()).most_common()) for name in LISTS
    }
