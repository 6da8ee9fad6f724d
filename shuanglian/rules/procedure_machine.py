"""What may happen next to a case (REG-4, REG-5, REG-9): no step skipped, no day cut short, nobody approves himself.

    refusal = may(procedure, state, Deed("pass", on, today), actor, given)     None: it may happen
    state = after(procedure, state, deed, actor)                               how the case stands then

Plain values in, an answer out: verbs ask it inside their transaction with the case's row locked, tests ask it thousands
of times. What is given (votes, papers, the notice's days, what was found) is looked up by whoever asks; what stands on
the case is the state. Deeds:

    post      put up the notice of the step; an announcement is done with it, a notice then has to run its days
    pass      the step is done well · refuse: it is done and the answer is no · check: one house of a re-check
    sign      one post signs a sign-off; the last signature passes the step
    back      sent back to an earlier step, which is done anew, with everything behind it
    hold      held back (the rest of its list goes on) · release: no longer · withdraw: the applicant takes it back
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .procedure_demands import Given, Sample, conditions, found, papers, run, sampled, says, undisputed, voted
from .procedures import DECIDING, FINDING, PROPOSING, Procedure, Step

Key = int | str
DeedName = Literal["post", "pass", "refuse", "check", "sign", "back", "hold", "release", "withdraw"]
OPENER = "opened"  # under this the doers keep who opened the case
GOES_ON = frozenset({"post", "pass", "sign"})  # what a case that is held back may not do
NEEDS_REASON = frozenset({"refuse", "back", "hold", "withdraw"})


@dataclass(frozen=True)
class Actor:
    """Who acts: `kin` says in words why he counts as a relative of the household, empty when he does not."""

    key: Key
    role: str
    level: str
    inside: bool = True  # the case lies in his area
    kin: str = ""


@dataclass(frozen=True)
class Deed:
    """One thing somebody wants to do: on a day (of the paper), told on another (today, in the county's time zone)."""

    name: DeedName
    on: date
    today: date
    to: str = ""  # back: the step · sign: the post
    why: str = ""


@dataclass(frozen=True)
class State:
    """How a case stands. `at`: its step, "" when it is over · doers: step → everybody who acted there, ever."""

    at: str
    last: date
    stand: Literal["open", "approved", "refused", "withdrawn", "announced"] = "open"
    posted: bool = False
    held: bool = False
    finding: str = ""  # of the re-check of this step, when this case was visited
    doers: Mapping[str, frozenset[Key]] = field(default_factory=dict)
    signed: Mapping[str, Key] = field(default_factory=dict)


def opened(procedure: Procedure, *, on: date, by: Key) -> State:
    """A case on its first day: at the application."""
    return State(procedure.first.code, on, doers={OPENER: frozenset({by})})


def may(procedure: Procedure, state: State, deed: Deed, actor: Actor, given: Given) -> Refusal | None:
    """The first reason why this may not happen; None when it may."""
    if not state.at:
        return Refusal("case_over", N_("这件事项已经办结"))
    step = procedure.step(state.at)
    for ask in (_day, _reason, _place, _relative, _separate, _held, _RULES[deed.name]):
        if (refusal := ask(procedure, step, state, deed, actor, given)) is not None:
            return refusal
    return None


def belongs(step: Step, actor: Actor) -> Refusal | None:
    """Why this step is not his to do: his area, his role, his level."""
    if not actor.inside:
        return Refusal("not_your_area", N_("这件事项不在您的辖区"))
    if actor.role not in step.by:
        return Refusal("not_your_role", N_("“{step}”这一步不由您的角色办理"), step=step.label)
    if actor.level != step.level:
        return Refusal("not_your_level", N_("“{step}”这一步不在您这一级办理"), step=step.label)
    return None


def after(procedure: Procedure, state: State, deed: Deed, actor: Actor, finding: str = "") -> State:
    """The case once the deed is done; only to be asked of what may happen."""
    step = procedure.step(state.at)
    state = replace(state, last=deed.on, doers=_with(state.doers, step.code, actor.key))
    if deed.name in ("hold", "release"):
        return replace(state, held=deed.name == "hold")
    if deed.name in ("refuse", "withdraw"):
        return _cleared(state, "", "refused" if deed.name == "refuse" else "withdrawn")
    if deed.name == "back":
        return _cleared(state, deed.to, "open")
    if deed.name == "check":
        return replace(state, finding=finding)
    if deed.name == "sign":
        state = replace(state, signed={**state.signed, deed.to: actor.key})
        return state if {one.code for one in step.signs} - set(state.signed) else _onward(procedure, step, state)
    if deed.name == "post" and step.kind == "notice":
        return replace(state, posted=True)
    return _onward(procedure, step, state)


def _onward(procedure: Procedure, step: Step, state: State) -> State:
    following = procedure.after(step.code)
    stand = "approved" if step.code == procedure.deciding.code else state.stand
    if step.kind == "announcement" and following is None:
        stand = "announced"
    return _cleared(state, following.code if following else "", stand)


def _cleared(state: State, at: str, stand: str) -> State:
    """At another step: nothing is posted, signed or found there yet."""
    return replace(state, at=at, stand=stand, posted=False, held=False, finding="", signed={})  # type: ignore[arg-type]


def _with(doers: Mapping[str, frozenset[Key]], step: str, key: Key) -> dict[str, frozenset[Key]]:
    return {**doers, step: doers.get(step, frozenset()) | {key}}


# --- asked of every deed ----------------------------------------------------------------------------------------------
_Ask = Callable[[Procedure, Step, State, Deed, Actor, Given], Refusal | None]


def _day(_p: Procedure, _step: Step, state: State, deed: Deed, _actor: Actor, _given: Given) -> Refusal | None:
    """No back-dating behind what was done before, nothing ahead of time."""
    if deed.on > deed.today:
        return Refusal("in_future", N_("日期 {on} 还没有到"), on=deed.on)
    if deed.on < state.last:
        return Refusal("before_last_act", N_("日期 {on} 早于上一步的日期 {last}"), on=deed.on, last=state.last)
    return None


def _reason(_p: Procedure, _step: Step, _state: State, deed: Deed, _actor: Actor, _given: Given) -> Refusal | None:
    if deed.name in NEEDS_REASON and not deed.why.strip():
        return Refusal("no_reason", N_("请写明理由"))
    return None


def _place(procedure: Procedure, step: Step, _state: State, deed: Deed, actor: Actor, _given: Given) -> Refusal | None:
    """The role and the level of the step; what was applied for is taken back where it was applied for."""
    if deed.name == "withdraw":
        step = procedure.first
    return belongs(step, actor)


def _relative(_p: Procedure, step: Step, _state: State, deed: Deed, actor: Actor, _given: Given) -> Refusal | None:
    """REG-9: a relative of the household decides nothing about it, neither for nor against."""
    if actor.kin and step.kind in DECIDING and deed.name != "withdraw":
        return Refusal("relative", N_("您须回避：{why}"), why=actor.kin)
    return None


def _separate(
    procedure: Procedure, step: Step, state: State, deed: Deed, actor: Actor, _given: Given
) -> Refusal | None:
    """Who proposes does not approve, who verified does not re-check; counted over the whole life of the case."""
    if deed.name == "withdraw" or step.kind in ("application", "notice", "announcement", "confirmation"):
        return None
    apart = set(step.apart)
    if step.kind in ("approval", "signoff"):
        apart |= {OPENER} | {one.code for one in procedure.steps if one.kind in PROPOSING}
    if step.kind == "recheck":
        apart |= {one.code for one in procedure.steps if one.kind in ("verification", "comparison")}
    for code in sorted(apart - {step.code}):
        if actor.key in state.doers.get(code, ()):
            named = procedure.step(code).label if code in procedure else procedure.first.label
            return Refusal("not_separate", N_("您办过“{step}”，不能再办这一步"), step=named)
    return None


def _held(_p: Procedure, _step: Step, state: State, deed: Deed, _actor: Actor, _given: Given) -> Refusal | None:
    if state.held and deed.name in GOES_ON:
        return Refusal("held", N_("这件事项已扣下，须先解除"))
    return None


# --- asked of one deed ------------------------------------------------------------------------------------------------
def _post(_p: Procedure, step: Step, state: State, deed: Deed, _actor: Actor, given: Given) -> Refusal | None:
    if not step.stands:
        return Refusal("nothing_to_post", N_("“{step}”这一步不用张榜"), step=step.label)
    if state.posted and not (given.posted and given.posted.withdrawn):
        return Refusal("posted_already", N_("已经张榜"))
    if deed.on != deed.today:
        return Refusal("post_today", N_("公示从张榜当天算起，不能写别的日期"))
    return papers(step, given) or conditions(given)


def _pass(procedure: Procedure, step: Step, state: State, deed: Deed, _actor: Actor, given: Given) -> Refusal | None:
    if step.kind in ("announcement", "signoff"):
        return Refusal("not_by_hand", N_("“{step}”这一步不能直接通过"), step=step.label)
    if step.kind == "notice":
        refusal = run(given.posted if state.posted else None, deed.on)
    elif step.kind == "evaluation":
        refusal = voted(step, given, wins=True)
    elif step.kind == "recheck":
        refusal = sampled(step, state.finding, given.sample or Sample())
    elif step.kind in FINDING:
        refusal = found(step, given) or says(given.finding, "confirmed")
    else:
        refusal = None
    if refusal is None and step.code == procedure.deciding.code:
        refusal = undisputed(given)
    return refusal or papers(step, given) or conditions(given)


def _refuse(_p: Procedure, step: Step, _state: State, _deed: Deed, _actor: Actor, given: Given) -> Refusal | None:
    if step.kind == "evaluation":
        return voted(step, given, wins=False) or papers(step, given)
    if step.kind in ("verification", "comparison"):
        return found(step, given) or says(given.finding, "doubtful") or papers(step, given)
    if step.kind in ("notice", "announcement", "application"):
        return Refusal("not_refused_here", N_("“{step}”这一步不能否决，可以退回或撤回"), step=step.label)
    return None


def _check(_p: Procedure, step: Step, _state: State, _deed: Deed, _actor: Actor, given: Given) -> Refusal | None:
    if step.kind != "recheck":
        return Refusal("nothing_to_check", N_("“{step}”这一步不是抽查"), step=step.label)
    return found(step, given)


def _sign(_p: Procedure, step: Step, state: State, deed: Deed, actor: Actor, given: Given) -> Refusal | None:
    """REG-5: each post once, each by another person."""
    if deed.to not in {one.code for one in step.signs}:
        return Refusal("no_such_post", N_("“{step}”这一步没有这个签字人"), step=step.label)
    if deed.to in state.signed:
        return Refusal("signed_already", N_("这一职务已经签过"))
    if actor.key in state.signed.values():
        return Refusal("signs_twice", N_("一个人只能代表一个职务签字"))
    return papers(step, given) or conditions(given)


def _back(_p: Procedure, step: Step, _state: State, deed: Deed, _actor: Actor, _given: Given) -> Refusal | None:
    if deed.to not in step.back_to:
        return Refusal("not_back_there", N_("“{step}”不能退回到这一步"), step=step.label)
    return None


def _hold(_p: Procedure, _step: Step, state: State, _deed: Deed, _actor: Actor, _given: Given) -> Refusal | None:
    return Refusal("held_already", N_("已经扣下")) if state.held else None


def _release(_p: Procedure, _step: Step, state: State, _deed: Deed, _actor: Actor, _given: Given) -> Refusal | None:
    return None if state.held else Refusal("not_held", N_("没有扣下"))


def _withdraw(_p: Procedure, _step: Step, state: State, _deed: Deed, _actor: Actor, _given: Given) -> Refusal | None:
    return None if state.stand == "open" else Refusal("decided", N_("已经审批，不能撤回"))


_RULES: Mapping[str, _Ask] = {
    "post": _post, "pass": _pass, "refuse": _refuse, "check": _check, "sign": _sign, "back": _back, "hold": _hold,
    "release": _release, "withdraw": _withdraw,
}  # fmt: skip
