"""Notices of cases: put up village by village, closed once their full days are over (REG-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.notices.actions import notices
from shuanglian.procedures import hooks, queries
from shuanglian.procedures.models import Case, CaseList, Posting
from shuanglian.rules.procedures import Procedure, Step
from shuanglian.trail import trail

from .lists import counted
from .moving import AT_ONCE, Moved, Wish, move

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MOST_ROWS = notices.MOST_ROWS


@transaction.atomic
def post(
    *, cases: Iterable[int], step: str, by: User, at: datetime, of: CaseList | None = None, strict: bool = False,
    said: Mapping[int, str] | None = None,
) -> Moved:  # fmt: skip
    """Put up the notice of the step for these cases, one notice a village, from today on for the step's full days.

    An announcement is done with it; a notice then has to run (`close`). `said`: the reason in other words for cases
    whose own may not stand on a wall (`unfit`); it is looked through like everything else on a notice.
    """

    def prepare(may: Sequence[Case], procedure: Procedure, at_step: Step) -> Mapping[int, Mapping[str, Any]]:
        return _publish(may, procedure, at_step, of, said or {}, by, at)

    moved = move(wishes=dict.fromkeys(cases, Wish("post")), step=step, on=day_of(at), by=by, at=at, strict=strict,
                 prepare=prepare)  # fmt: skip
    trail.write("procedures.post", about=of or next(iter(moved.done), None), by=by, at=at, step=step, **counted(moved))
    return moved


def _publish(
    cases: Sequence[Case], procedure: Procedure, step: Step, of: CaseList | None, said: Mapping[int, str], by: User,
    at: datetime,
) -> dict[int, dict[str, Any]]:  # fmt: skip
    rows = _rows(cases, step, day_of(at), said)
    found: dict[int, dict[str, Any]] = {}
    villages: dict[Area, list[Case]] = defaultdict(list)
    for case in cases:
        villages[case.area].append(case)
    for area, mine in villages.items():
        for begin in range(0, len(mine), MOST_ROWS):
            some = mine[begin : begin + MOST_ROWS]
            notice = notices.publish(
                kind=step.shape.notice or "", area=area, title=_title(procedure, step),
                rows=[{**rows[case.pk], "key": str(case.pk)} for case in some], days=step.days, opens_on=day_of(at),
                about=f"procedures.caselist:{of.pk}" if of else f"procedures.case:{some[0].pk}", by=by, at=at,
            )  # fmt: skip
            found |= {case.pk: {"posted": notice, "notice": notice.pk, "digest": notice.digest} for case in some}
    Posting.objects.bulk_create(
        (
            Posting(case=case, notice=found[case.pk]["posted"], area_code=case.area_code, step=step.code, on=day_of(at))
            for case in cases
        ),
        batch_size=AT_ONCE,
    )
    return found


def _rows(cases: Sequence[Case], step: Step, on: date, said: Mapping[int, str]) -> dict[int, dict[str, Any]]:
    """The public row of each case with the fields that this kind of notice shows; another kind shows others."""
    fields = _fields(step, on)
    rows = hooks.rows(cases)
    for pk, row in rows.items():
        if "reason" in row.get("left_out", {}) and (words := said.get(pk, "").strip()):
            row["reason"] = words
    return {pk: {name: text for name, text in row.items() if name in fields} for pk, row in rows.items()}


def unfit(cases: Sequence[Case], step: Step, on: date) -> dict[int, dict[str, Refusal]]:
    """case id → field → why what the case says there may not stand on the wall and would be left out."""
    fields = _fields(step, on)
    found = {pk: {name: why for name, why in row.get("left_out", {}).items() if name in fields}
             for pk, row in hooks.rows(cases).items()}  # fmt: skip
    return {pk: some for pk, some in found.items() if some}


def _fields(step: Step, on: date) -> set[str]:
    kind = active().on(on).notices.kinds.get(step.shape.notice or "")
    return set(kind.fields) if kind else set()


def _title(procedure: Procedure, step: Step) -> dict[str, str]:
    return {lang: f"{procedure.label.in_(lang)} {step.label.in_(lang)}"[:60] for lang in ("zh", "en")}


@transaction.atomic
def close(
    *, cases: Iterable[int], step: str, on: date, by: User | None, at: datetime, of: CaseList | None = None,
    strict: bool = False,
) -> Moved:  # fmt: skip
    """The cases whose notice has run its full days without an open or upheld objection go on; the others stay."""
    wishes = dict.fromkeys(cases, Wish("pass"))
    moved = move(wishes=wishes, step=step, on=on, by=by, at=at, strict=strict)
    trail.write("procedures.pass", about=of or next(iter(moved.done), None), by=by, at=at, step=step, on=on,
                **counted(moved))  # fmt: skip
    return moved


def close_due(*, at: datetime) -> int:
    """Every night: whatever has run goes on by itself, nobody has to remember; how many did."""
    done = 0
    for step, pks in queries.run_out(on=day_of(at)).items():
        for begin in range(0, len(pks), AT_ONCE):
            done += len(close(cases=pks[begin : begin + AT_ONCE], step=step, on=day_of(at), by=None, at=at).done)
    return done
