"""How procedures, steps and acts are called and drawn on pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from shuanglian.core.forms import says
from shuanglian.core.profile import active, language
from shuanglian.rules.procedures import Procedure, Step

from . import hooks, offers, scope
from .actions import postings
from .models import Act, Case, CaseList

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MOST_PRINTS = 20


def title(code: str) -> str:
    """A procedure by its code, also one that the profile no longer has."""
    found = active().procedures.get(code)
    return found.label.in_(language()) if found else code


def step_label(code: str, step: str) -> str:
    found = active().procedures.get(code)
    return found.step(step).label.in_(language()) if found and step in found else step


def level_label(step: Step) -> str:
    levels = active().levels
    return levels[step.level].label.in_(language()) if step.level in levels else step.level


def off_the_wall(cases: Sequence[Case], step: Step | None, on: date) -> list[dict[str, Any]]:
    """Cases about to be posted whose reason or measure may not stand on a wall: the field, and why not."""
    if step is None or not step.stands or not cases:
        return []
    fields, by_case = active().notices.fields, {case.pk: case for case in cases}
    return [
        {"case": by_case[pk], "may_reword": "reason" in some,
         "why": [(fields[name].label.in_(language()), says(why)) for name, why in some.items()]}
        for pk, some in postings.unfit(cases, step, on).items()
    ]  # fmt: skip


def posts(step: Step, user: User) -> list[tuple[str, str]]:
    """The posts in which a user may sign a step: (code, label), those that the register knows to be his first."""
    known = hooks.posts(step.signs, user)
    mine = [one for one in step.signs if known[one.code] in (hooks.HELD, hooks.DECLARED)]
    return [
        (one.code, one.label.in_(language())) for one in sorted(mine, key=lambda one: known[one.code] != hooks.HELD)
    ]


def is_up(case: Case) -> bool:
    """Whether the case stands on a notice that was not withdrawn."""
    return case.posted is not None and case.posted.withdrawn_at is None


def prints(of: Case | CaseList, seen_by: User) -> list[dict[str, Any]]:
    """The forms that were printed of a case or a list, the latest first: where a signed paper is brought back."""
    rows = (
        scope.prints(seen_by=seen_by).filter(**{"case" if isinstance(of, Case) else "list": of}).defer("content_text")
    )
    return [
        {"print": one, "step": step_label(of.procedure, one.step)} for one in rows.select_related("by")[:MOST_PRINTS]
    ]


def steps(procedure: Procedure, case: Case, acts: Iterable[Act]) -> list[dict[str, Any]]:
    """The steps in order: done, here or to come, what each demands, and everything that was done there."""
    by_step: dict[str, list[Act]] = {}
    for act in acts:
        by_step.setdefault(act.step, []).append(act)
    here = procedure.place(case.step) if case.step else len(procedure.steps)
    if case.over and case.stand in ("refused", "withdrawn"):
        last = next((act.step for act in reversed(list(acts))), "")
        here = procedure.place(last) if last in procedure else here
    return [
        {
            "step": one, "label": one.label.in_(language()), "level": level_label(one),
            "plain": one.shape.plain.in_(language()) if one.shape.plain else "", "cites": one.shape.cites,
            "state": "done" if place < here else "here" if place == here else "coming",
            "acts": [act_line(act, procedure) for act in by_step.get(one.code, [])],
            "papers": [{"label": paper.label.in_(language()), "required": paper.required} for paper in one.documents],
        }
        for place, one in enumerate(procedure.steps)
    ]  # fmt: skip


def act_line(act: Act, procedure: Procedure) -> dict[str, Any]:
    """One act as people read it."""
    content = act.content
    label = str(offers.LABELS.get(act.deed, act.deed))
    if act.step in procedure and act.deed in ("pass", "refuse"):
        words = offers.PASSES if act.deed == "pass" else offers.REFUSES
        label = str(words.get(procedure.step(act.step).kind, label))
    back = procedure.step(act.back_to).label.in_(language()) if act.back_to in procedure else act.back_to
    return {
        "act": act, "label": label, "back_to": back, "meeting": content.get("meeting"), "told": content.get("told", ""),
        "finding": content.get("finding", ""), "papers": content.get("papers", []), "notice": content.get("notice"),
        "needs": content.get("needs", []), "post": content.get("post", ""),
        "declared": act.deed == "sign" and content.get("held", hooks.DECLARED) == hooks.DECLARED,
        "sample": content.get("sample"),
        "mark": act.digest[:12],
    }  # fmt: skip
