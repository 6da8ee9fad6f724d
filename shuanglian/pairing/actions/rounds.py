"""Rounds: opened, corrected by the office, given up (PAIR-1 … PAIR-6). See also solving and confirming."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.core import profile as active_profile
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.organisation.models import Cadre, Unit
from shuanglian.pairing.models import Round, Wish
from shuanglian.registry.models import Household
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

IN_WORK = (Round.State.DRAFT, Round.State.SOLVING, Round.State.PROPOSED, Round.State.FAILED)


@transaction.atomic
def open(
    *,
    area: Area,
    year: int,
    on: date,
    name: str,
    by: User | None,
    at: datetime,
    kind: str = Round.Kind.YEARLY,
    weights: Mapping[str, int] | None = None,
) -> Round:
    """Open a round for a county from a day on. The profile's weights are copied, so that they are kept with it."""
    if area.level != Area.Level.COUNTY:
        raise Refusal("not_a_county", N_("结对轮次以县为单位，{name} 不是县"), name=area.name)
    Area.objects.select_for_update().get(pk=area.pk)  # two clerks at once: the second one sees the first one's round
    if other := Round.objects.filter(area_code=area.code, kind=kind, state__in=IN_WORK).first():
        raise Refusal("round_in_work", N_("“{name}”还没有结束，请先确认或放弃它"), name=other.name)
    profile = active_profile.active()
    given = {code: weight.value for code, weight in profile.on(on).pairing.weights.items()}
    found = Round(
        area=area, area_code=area.code, year=year, on=on, kind=kind, profile=profile.name, by=by, created_at=at,
        changed_by=by, changed_at=at, name=(name.strip() or f"{area.name}{year}")[:80],
        weights={**given, **_checked(weights or {}, on)},
    )  # fmt: skip
    found.save()
    trail.write("pairing.rounds.open", about=found, by=by, at=at, year=year, on=on.isoformat(), kind=kind)
    return found


@transaction.atomic
def set_weights(*, round: Round, weights: Mapping[str, int], by: User | None, at: datetime) -> Round:
    """Change what counts how much; nothing moves before the round is solved again."""
    found = taken_up(round)
    changed = {code: value for code, value in _checked(weights, found.on).items() if found.weights.get(code) != value}
    if changed:
        before = {code: found.weights.get(code) for code in changed}
        found.weights = {**found.weights, **changed}
        touched(found, by, at, "weights")
        trail.write("pairing.rounds.set_weights", about=found, by=by, at=at, before=before, after=changed)
    return found


@transaction.atomic
def set_day(*, round: Round, on: date, by: User | None, at: datetime) -> Round:
    """Let the round take force on another day."""
    found = taken_up(round)
    if found.on != on:
        before, found.on = found.on, on
        touched(found, by, at, "on")
        trail.write(
            "pairing.rounds.set_day", about=found, by=by, at=at, before=before.isoformat(), after=on.isoformat()
        )
    return found


@transaction.atomic
def pin(
    *,
    round: Round,
    cadre: Cadre | None = None,
    household: Household | None = None,
    unit: Unit | None = None,
    village: Area | None = None,
    why: str,
    by: User | None,
    at: datetime,
) -> Wish:
    """This pair must be: a cadre for a household, or a unit for a village. An earlier wish about the pair gives way."""
    return _wish(Wish.Kind.PIN, round, cadre, household, unit, village, why, by, at)


@transaction.atomic
def forbid(
    *,
    round: Round,
    cadre: Cadre | None = None,
    household: Household | None = None,
    unit: Unit | None = None,
    village: Area | None = None,
    why: str,
    by: User | None,
    at: datetime,
) -> Wish:
    """This pair must not be."""
    return _wish(Wish.Kind.FORBID, round, cadre, household, unit, village, why, by, at)


@transaction.atomic
def unwish(*, wish: Wish, by: User | None, at: datetime) -> Round:
    """Take a pin or a ban back."""
    found = taken_up(wish.round)
    told: dict[str, Any] = {
        name: getattr(wish, name) for name in ("kind", "cadre_id", "household_id", "unit_id", "village_id")
    }
    wish.delete()
    touched(found, by, at)
    trail.write("pairing.rounds.unwish", about=found, by=by, at=at, **told)
    return found


@transaction.atomic
def note_change(*, round: Round, what: str, by: User | None, at: datetime) -> Round:
    """Somebody changed people or families from the round's pages: that person may not confirm it (four eyes)."""
    found = taken_up(round)
    touched(found, by, at)
    trail.write("pairing.rounds.note_change", about=found, by=by, at=at, what=what)
    return found


@transaction.atomic
def discard(*, round: Round, by: User | None, at: datetime) -> Round:
    """Give a round up; it stays in the list as given up."""
    found = taken_up(round)
    found.state = Round.State.DISCARDED
    touched(found, by, at, "state")
    trail.write("pairing.rounds.discard", about=found, by=by, at=at)
    return found


def taken_up(round: Round) -> Round:
    """The round, locked, if it may still be changed; what is being worked out or was confirmed is not touched."""
    found = settled(Round.objects.select_for_update(of=("self",)).select_related("area", "job").get(pk=round.pk))
    if found.state == Round.State.SOLVING:
        raise Refusal("solving", N_("正在计算，请等计算结束或取消后再改"))
    if found.is_kept:
        raise Refusal("kept_for_ever", N_("“{name}”已确认，永久保存，不能再改"), name=found.name)
    if found.state == Round.State.DISCARDED:
        raise Refusal("discarded", N_("“{name}”已放弃"), name=found.name)
    return found


def settled(round: Round) -> Round:
    """A round whose calculation was cancelled or broke off goes back to where it can be taken up again."""
    if round.state == Round.State.SOLVING and (round.job is None or round.job.is_over):
        done = round.job is not None and round.job.state == "done"
        if not done:
            round.state = Round.State.FAILED
            round.problem = (round.job.message if round.job else "")[:500]
            Round.objects.filter(pk=round.pk, state=Round.State.SOLVING).update(
                state=round.state, problem=round.problem
            )
    return round


def _wish(
    kind: str,
    round: Round,
    cadre: Cadre | None,
    household: Household | None,
    unit: Unit | None,
    village: Area | None,
    why: str,
    by: User | None,
    at: datetime,
) -> Wish:
    found = taken_up(round)
    if not why.strip():
        raise Refusal("no_reason", N_("请写明理由"))
    within = [thing.area_code for thing in (cadre, household, unit) if thing is not None]
    within += [village.code] if village is not None else []
    if any(not code.startswith(found.area.prefix) for code in within):
        raise Refusal("not_of_this_county", N_("只能指定 {name} 的干部、户、单位和村"), name=found.area.name)
    if kind == Wish.Kind.PIN and household is not None:
        Wish.objects.filter(round=found, household=household, kind=Wish.Kind.PIN).delete()
    wish, _made = Wish.objects.update_or_create(
        round=found, cadre=cadre, household=household, unit=unit, village=village,
        defaults={"kind": kind, "why": why.strip()[:200], "by": by, "at": at},
    )  # fmt: skip
    touched(found, by, at)
    trail.write(f"pairing.rounds.{kind}", about=found, by=by, at=at, cadre=cadre and cadre.pk,
                household=household and household.pk, unit=unit and unit.pk, village=village and village.code,
                why=wish.why)  # fmt: skip
    return wish


def touched(round: Round, by: User | None, at: datetime, *fields: str) -> None:
    """Who had a hand in the round last: that person may not confirm it (four eyes)."""
    round.changed_by, round.changed_at = by, at
    round.save(update_fields=[*fields, "changed_by", "changed_at"])


def _checked(weights: Mapping[str, int], on: date) -> dict[str, int]:
    known = active_profile.active().on(on).pairing.weights
    for code, value in weights.items():
        weight = known.get(code)
        if weight is None:
            raise Refusal("unknown_weight", N_("方案中没有这项权重：{weight}"), weight=code)
        if not weight.low <= value <= weight.high:
            raise Refusal(
                "weight_out_of_range", N_("“{label}”应在 {low} 到 {high} 之间"),
                label=Said(weight.label.zh), low=weight.low, high=weight.high,
            )  # fmt: skip
    return {code: int(value) for code, value in weights.items()}
