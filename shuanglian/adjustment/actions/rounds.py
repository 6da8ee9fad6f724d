"""A year's adjustment: started, proposed by the system in sets, closed once everything is decided (REG-3, REG-10)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from shuanglian.adjustment import signs
from shuanglian.adjustment.models import Item, Round
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.exits.actions import checks
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import traced
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.jobs.work import Progress

COLUMNS = "round_id, area_code, kind, household_id, name, key, id_tail, place, size, cause, grounds, decision, why"


@transaction.atomic
def start(*, area: Area, year: int, on: date, by: User | None, at: datetime) -> Round:
    """Order the year's round; a job makes its list. One round a year and area."""
    if on > clock.day_of(at):
        raise Refusal("round_ahead", N_("情况日期不能晚于今天"))
    if on.year != year:
        raise Refusal("other_year", N_("情况日期应在 {year} 年内"), year=year)
    Area.objects.select_for_update().get(pk=area.pk)
    known = Round.objects.filter(year=year).exclude(state=Round.State.FAILED).select_related("job", "area")
    for one in known:
        if one.state == Round.State.WAITING and one.area_id == area.pk and (one.job is None or one.job.is_over):
            Round.objects.filter(pk=one.pk).update(state=Round.State.FAILED)
        elif one.area.contains(area) or area.contains(one.area):
            raise Refusal("round_exists", N_("{area} {year} 年的动态调整已经有了"), area=one.area.name, year=year)
    made = Round.objects.create(
        area=area, area_code=area.code, year=year, on=on, profile=active().name, by=by, at=at
    )  # fmt: skip
    made.job = jobs.start(kind="adjustment.round", title=f"动态调整：{area.name} {year}", params={"round": made.pk},
                          by=by, at=at, area_code=area.code)  # fmt: skip
    made.save(update_fields=["job"])
    trail.write("adjustment.start", about=made, by=by, at=at, year=year, on=on.isoformat())
    return made


def propose(*, made: Round, progress: Progress, at: datetime) -> dict[str, Any]:
    """Make the list: hold everybody to the standards, look at those who left and at the departments' lists."""
    progress(0, 4, N_("正在核对退出标准"))
    with transaction.atomic(), traced("adjustment.propose", by=made.by, at=at):
        check = checks.at_once(area=made.area, on=made.on, by=made.by, at=at)
        progress(1, 4, N_("正在查看已退出的户"))
        returned, of_left = signs.fallen_back(made.area, made.on)
        progress(2, 4, N_("正在比对部门名册"))
        missed, of_lists = signs.missing(made.area, made.on)
        progress(3, 4, N_("正在列出名单"))
        counted = {
            "leave": _write(made, signs.leaving(check)), "return": _write(made, returned),
            "missing": _write(made, missed),
        }  # fmt: skip
        states = {state: told["households"] for state, told in check.figures["states"].items()}
        made.figures = {**counted, **of_left, **of_lists, "states": states}
        made.check_of, made.state, made.proposed_at = check, Round.State.OPEN, at
        made.save(update_fields=["figures", "check_of", "state", "proposed_at"])
        trail.write("adjustment.propose", about=made, by=made.by, at=at, **dict[str, Any](counted))
    progress(4, 4)
    return counted


def _write(made: Round, found: Iterable[signs.Sign]) -> int:
    """The list by COPY, everything read before: while it runs the connection answers no other question."""
    rows = list(found)
    with connection.cursor() as cursor:
        inner: Any = cursor.cursor  # Django's wrapper has no copy
        with inner.copy(f"copy adjustment_item ({COLUMNS}) from stdin") as copy:
            for one in rows:
                copy.write_row((
                    made.pk, one.area_code, one.kind, one.household, one.name[:60], one.key[:80], one.id_tail,
                    one.place[:200], one.size, one.cause, json.dumps(one.grounds, ensure_ascii=False),
                    Item.Decision.PENDING.value, "",
                ))  # fmt: skip
    return len(rows)


@transaction.atomic
def close(*, made: Round, by: User | None, at: datetime) -> Round:
    """The round is over: every one on the list was decided."""
    made = Round.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if made.state != Round.State.OPEN:
        raise Refusal("not_open", N_("这次动态调整不在办理中"))
    if pending := Item.objects.filter(round=made, decision=Item.Decision.PENDING).count():
        raise Refusal("still_pending", N_("还有 {n} 个对象没有处理"), n=pending)
    made.state, made.closed_by, made.closed_at = Round.State.CLOSED, by, at
    made.save(update_fields=["state", "closed_by", "closed_at"])
    trail.write("adjustment.close", about=made, by=by, at=at)
    return made
