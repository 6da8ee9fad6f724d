"""结对 during the year: a pair ends by hand; what must move is worked out again, the rest stays (PAIR-6, REG-10)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given, traced
from shuanglian.pairing.models import Pairing, Round
from shuanglian.trail import trail

from . import coverage, rounds, solving

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def end(*, pairing: Pairing, on: date, why: str, by: User | None, at: datetime) -> Pairing:
    """End one pair by hand after `on`, with the reason; the household waits for a repair."""
    why = reason_given(why)[:100]
    found = (
        Pairing.objects.select_for_update(of=("self",)).select_related("household__village__parent").get(pk=pairing.pk)
    )
    if found.until is not None:
        raise Refusal("pair_has_ended", N_("这一对已于 {until} 结束"), until=found.until)
    if on < found.since:
        raise Refusal("ends_before_it_began", N_("最后一天不能早于开始日期 {since}"), since=found.since)
    found.until, found.ended_why = on, why
    with traced("pairing.pairings.end", by=by, at=at, why=why):
        found.save(update_fields=["until", "ended_why"])
    coverage.rebuild(found.household.village, at)
    trail.write("pairing.pairings.end", about=found, by=by, at=at, household=found.household_id, cadre=found.cadre_id,
                why=why)  # fmt: skip
    return found


@transaction.atomic
def repair(*, area: Area, on: date, by: User | None, at: datetime) -> Round:
    """Propose persons for what must move: households without anybody, of cadres who left, moved ones, relatives.

    All other pairs are held. The proposal is a round of its own that a second person confirms; one that is in work
    already is worked out again. Weights are those of the county's last confirmed round.
    """
    found = Round.objects.filter(area_code=area.code, kind=Round.Kind.REPAIR, state__in=rounds.IN_WORK).first()
    if found is None:
        kept = Round.objects.filter(
            area_code=area.code, kind=Round.Kind.YEARLY, state__in=[Round.State.CONFIRMED, Round.State.PUBLISHED]
        ).order_by("-on", "-id").first()  # fmt: skip
        found = rounds.open(
            area=area, year=on.year, on=on, name=f"{area.name}{on:%Y-%m-%d}调整", kind=Round.Kind.REPAIR,
            weights=_still_known(kept.weights, on) if kept else None, by=by, at=at,
        )  # fmt: skip
    elif found.on != on:
        found = rounds.set_day(round=found, on=on, by=by, at=at)
    return solving.order(round=found, by=by, at=at)


def _still_known(weights: dict[str, int], on: date) -> dict[str, int]:
    from shuanglian.core import profile

    known = profile.active().on(on).pairing.weights
    return {
        code: value for code, value in weights.items() if code in known and known[code].low <= value <= known[code].high
    }
