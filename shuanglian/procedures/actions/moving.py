"""The one place where a case moves: rows locked, the machine asked, acts written, effects taken (REG-4)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.core.clock import day_of
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions import notices
from shuanglian.notices.models import Notice
from shuanglian.procedures import facts, hooks, rules
from shuanglian.procedures.models import Act, Case
from shuanglian.rules import procedure_machine as machine
from shuanglian.rules.procedure_demands import Given, Meeting
from shuanglian.rules.procedure_machine import Deed, DeedName, State
from shuanglian.rules.procedures import Procedure, Step

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

AT_ONCE = 1_000


@dataclass(frozen=True)
class Wish:
    """What is wanted of one case. `to`: the step it goes back to, the post that signs; `content` goes into the act."""

    deed: DeedName
    to: str = ""
    why: str = ""
    method: str = ""
    finding: str = ""
    meeting: Meeting | None = None
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Moved:
    """What came of it: cases that moved (as they stand now), and why the others did not, by case id."""

    done: list[Case] = field(default_factory=list)
    refused: dict[int, Refusal] = field(default_factory=dict)

    def add(self, other: Moved) -> None:
        self.done += other.done
        self.refused |= other.refused


# Called with the cases that may move, before anything is written: publishes, draws … → case id → what the act keeps
# of it; "posted" is the notice that stands for the case from now on.
Prepare = Callable[[Sequence[Case], Procedure, Step], Mapping[int, Mapping[str, Any]]]


@transaction.atomic
def move(
    *, wishes: Mapping[int, Wish], step: str, on: date, by: User | None, at: datetime, strict: bool = True,
    papers: facts.Papers | None = None, prepare: Prepare | None = None,
) -> Moved:  # fmt: skip
    """Do to each case what is wished, if it still stands at `step`; `papers`: those of the meeting or list at hand.

    strict: the first refusal stops everything; otherwise what may not move stays as it is and is named. `by` None is
    the calendar itself. The trail's line is the caller's.
    """
    cases = list(
        Case.objects.select_for_update(of=("self",))
        .select_related("edition", "area", "list")
        .filter(pk__in=wishes)
        .order_by("pk")
    )
    if strict and len(cases) < len(wishes):
        raise Refusal("no_such_case", N_("没有这件事项"))
    moved = Moved()
    by_edition: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.step == step:
            by_edition[case.edition.version].append(case)
        else:
            moved.refused[case.pk] = _elsewhere(case)
    for some in by_edition.values():
        moved.add(_move(some, rules.of_case(some[0]), step, wishes, on, by, at, papers or {}, prepare, strict))
    if strict and moved.refused:
        raise next(iter(moved.refused.values()))
    return moved


def _elsewhere(case: Case) -> Refusal:
    if case.over:
        return Refusal("case_over", N_("这件事项已经办结"))
    return Refusal("moved_on", N_("“{case}”已经不在这一步了，请刷新"), case=case.label)


def _move(
    cases: list[Case], procedure: Procedure, at_step: str, wishes: Mapping[int, Wish], on: date, by: User | None,
    at: datetime, papers: facts.Papers, prepare: Prepare | None, strict: bool,
) -> Moved:  # fmt: skip
    step, moved = procedure.step(at_step), Moved()
    lookups = _Lookups(cases, procedure, step, wishes, on, by, papers)
    for case in cases:
        wish = wishes[case.pk]
        deed = Deed(wish.deed, on, day_of(at), wish.to, wish.why)
        refusal = machine.may(procedure, facts.state_of(case), deed, lookups.actor(case), lookups.given(case))
        if refusal is None:
            moved.done.append(case)
        else:
            moved.refused[case.pk] = refusal
    if not moved.done or (strict and moved.refused):
        return moved
    prepared = prepare(moved.done, procedure, step) if prepare else {}
    before = {case.pk: case.stand for case in moved.done}
    left = {case.posted_id for case in moved.done if case.posted_id}
    states = {case.pk: _state_after(procedure, case, wishes[case.pk], on, at, lookups) for case in moved.done}
    acts = [_act(case, step, wishes[case.pk], on, by, at, lookups, prepared.get(case.pk, {})) for case in moved.done]
    Act.objects.bulk_create(acts, batch_size=AT_ONCE)
    _write(moved.done, states, wishes, prepared)
    _take_down(left, [wishes[case.pk] for case in moved.done], by, at)
    approved = [case for case in moved.done if case.stand == Case.Stand.APPROVED != before[case.pk]]
    if approved:
        hooks.take_effect(procedure.effect, approved, by=by, at=at)
    hooks.tell(moved.done, wishes[moved.done[0].pk].deed)
    return moved


class _Lookups:
    """What the machine is given, looked up once for all cases; only what the step and the deeds ask for."""

    def __init__(
        self, cases: Sequence[Case], procedure: Procedure, step: Step, wishes: Mapping[int, Wish], on: date,
        by: User | None, papers: facts.Papers,
    ) -> None:  # fmt: skip
        self.step, self.by, self.wishes, self.extra = step, by, wishes, papers
        deeds = {wishes[case.pk].deed for case in cases}
        decides, deciding = bool(deeds & {"pass", "post", "sign"}), step.code == procedure.deciding.code
        if step.kind == "notice" or deciding:
            facts.lock_notices(cases, earlier=deciding)
        self.kin = hooks.relatives(cases, by)
        self.papers = facts.papers(cases) if step.documents and step.kind != "evaluation" else {}
        self.posted = facts.posted(cases) if step.kind == "notice" else {}
        self.earlier = facts.earlier(cases) if deciding else {}
        self.samples = facts.samples(cases) if step.kind == "recheck" else {}
        self.needs = facts.needs(procedure, step, cases, on) if decides else {}
        self.guards = hooks.guards(procedure.effect, cases, step.code, on) if decides else {}

    def actor(self, case: Case) -> machine.Actor:
        return facts.actor_for(case, self.step, self.by, self.kin)

    def at_hand(self, case: Case) -> facts.Papers:
        return {**self.papers.get(case.pk, {}), **self.extra}

    def given(self, case: Case) -> Given:
        wish = self.wishes[case.pk]
        return Given(
            documents=frozenset(self.at_hand(case)), meeting=wish.meeting, posted=self.posted.get(case.pk),
            earlier=self.earlier.get(case.pk, ()), sample=self.samples.get(case.pk), method=wish.method,
            finding=wish.finding, needs=self.needs.get(case.pk), guards=self.guards.get(case.pk, ()),
        )  # fmt: skip


def _state_after(procedure: Procedure, case: Case, wish: Wish, on: date, at: datetime, lookups: _Lookups) -> State:
    deed = Deed(wish.deed, on, day_of(at), wish.to, wish.why)
    return machine.after(procedure, facts.state_of(case), deed, lookups.actor(case), wish.finding)


def _act(
    case: Case, step: Step, wish: Wish, on: date, by: User | None, at: datetime, lookups: _Lookups,
    prepared: Mapping[str, Any],
) -> Act:  # fmt: skip
    """What was done, with everything it rests on: anyone can see later why it was allowed."""
    content: dict[str, Any] = dict(wish.content)
    if wish.method or wish.finding:
        content |= {"method": wish.method, "finding": wish.finding}
    if wish.meeting:
        content["meeting"] = vars(wish.meeting)
    if wish.deed == "sign":
        content["post"] = wish.to
    if step.documents and wish.deed in ("pass", "refuse", "post", "sign"):
        wanted = {one.code for one in step.documents}
        content["papers"] = [one for code, some in lookups.at_hand(case).items() if code in wanted for one in some]
    if case.pk in lookups.needs:
        content["needs"] = [one.to_json() for one in lookups.needs[case.pk].outcomes]
    if case.pk in lookups.samples and wish.deed == "pass":
        content["sample"] = vars(lookups.samples[case.pk])
    content |= {key: value for key, value in prepared.items() if key != "posted"}
    return Act(
        case=case, area_code=case.area_code, step=step.code, deed=wish.deed, on=on, why=wish.why, content=content,
        back_to=wish.to if wish.deed == "back" else "", by=by, at=at,
    )  # fmt: skip


def _write(
    cases: Sequence[Case], states: Mapping[int, State], wishes: Mapping[int, Wish],
    prepared: Mapping[int, Mapping[str, Any]],
) -> None:  # fmt: skip
    """The new standing into the rows: cases that come to stand alike are written in one statement."""
    alike: dict[str, tuple[dict[str, Any], list[Case]]] = {}
    for case in cases:
        values = _values(case, states[case.pk], wishes[case.pk], prepared.get(case.pk, {}))
        key = json.dumps(values, sort_keys=True, default=str)
        alike.setdefault(key, (values, []))[1].append(case)
    for values, some in alike.values():
        Case.objects.filter(pk__in=[case.pk for case in some]).update(**values)
        for case in some:
            for name, value in values.items():
                setattr(case, name, value)


def _values(case: Case, state: State, wish: Wish, prepared: Mapping[str, Any]) -> dict[str, Any]:
    stays = state.at == case.step
    notice: Notice | None = prepared.get("posted")
    return {
        "step": state.at, "stand": state.stand, "last_on": state.last, "held": state.held,
        "held_why": wish.why[:200] if wish.deed == "hold" else case.held_why if state.held else "",
        "finding": state.finding, "doers": {step: sorted(keys, key=str) for step, keys in state.doers.items()},
        "signed": dict(state.signed), "draw_id": case.draw_id if stays else None,
        "posted_id": (notice.pk if notice else case.posted_id) if state.posted else None,
    }  # fmt: skip


def _take_down(left: set[int], wishes: Sequence[Wish], by: User | None, at: datetime) -> None:
    """A notice none of whose cases stands on it any longer, because they were sent back or ended, is withdrawn."""
    ended = [wish for wish in wishes if wish.deed in ("back", "refuse", "withdraw")]
    if not ended or not left:
        return
    standing = {pk for pk in Case.objects.filter(posted__in=left).values_list("posted", flat=True) if pk}
    for notice in Notice.objects.filter(pk__in=left - standing, withdrawn_at=None):
        notices.withdraw(notice=notice, why="所列事项已退回、撤回或否决", by=by, at=at)
