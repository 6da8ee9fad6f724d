"""What rooms above bring: what a procedure does to the register, what its subjects are, who is a relative (REG-9).

Registered in apps.ready(); this room knows no household. Everything is asked of many cases at once, so that a county's
list costs what a village's does per case.

    register_subject("household", facts=…, row=…, href=…)
        facts(cases, on) → {case id: {"household": {…}, "village": {…}}}     for the conditions of steps (CEL)
        row(cases) → {case id: {"name": …, "village": …, "group": …, "reason": …, "measure": …}}   the public row, texts
                     alone or as {"zh": …, "en": …}; "left_out": {field: why it may not stand on a wall}, told the clerk
        href(case) → the address of the subject's own page, "" without one
        check(wanted, procedure) → raises a Refusal that names the first about which no case can be opened; `wanted`
                                   have subject, label, area, asked
    register_effect("exit", fn)          fn(cases, by=, at=) within the deciding transaction; a Refusal stops all,
                                         raised in `for_case` it stops that case, the rest of a list goes on
    register_relatives(fn)               fn(cases, user) → {case id: why he counts as a relative}
    register_guard("exit", fn)           fn(cases, step code, on) → {case id: why the step may not be passed}
    register_preview("merge", fn)        fn(case) → html of what the effect would change, for the case's page
    register_posts(fn)                   fn(posts of the step, user) → {post code: HELD, DECLARED, or why he may not}
    register_after(fn)                   fn(cases, deed) once acts are written (figures, duties); same transaction
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from shuanglian.areas.models import Area
from shuanglian.kernel.refusal import Refusal
from shuanglian.rules.procedure_shapes import SignerShape

from .models import Case

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

Cases = Sequence[Case]
Facts = Callable[[Cases, date], Mapping[int, Mapping[str, Any]]]
Row = Callable[[Cases], Mapping[int, Mapping[str, Any]]]
Effect = Callable[..., None]
Relatives = Callable[[Cases, "User"], Mapping[int, str]]
Guard = Callable[[Cases, str, date], Mapping[int, str]]
Preview = Callable[[Case], str]
After = Callable[[Cases, str], None]


class About(Protocol):
    """What a case is to be opened about."""

    @property
    def subject(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def area(self) -> Area: ...
    @property
    def asked(self) -> Mapping[str, Any]: ...


Posts = Callable[[Sequence[SignerShape], "User"], Mapping[str, str]]
HELD, DECLARED = "held", "declared"  # the register knows that he holds the post; it knows of nobody's
Check = Callable[[Sequence[About], str], None]


class EffectRefused(Refusal):
    """The register refuses the effect of one case; its list goes on without it."""

    def __init__(self, case: Case, refusal: Refusal) -> None:
        super().__init__(refusal.code, "{case}：{why}", case=case.label, why=refusal.said)
        self.case = case.pk


@contextmanager
def for_case(case: Case) -> Iterator[None]:
    """A Refusal inside is one of this case alone, and names it."""
    try:
        yield
    except EffectRefused:
        raise
    except Refusal as refusal:
        raise EffectRefused(case, refusal) from refusal


@dataclass(frozen=True)
class Subject:
    """How one kind of subject is known; without facts its conditions stay undecided, and undecided is not met."""

    facts: Facts | None = None
    row: Row | None = None
    href: Callable[[Case], str] | None = None
    check: Check | None = None


_subjects: dict[str, Subject] = {}
_effects: dict[str, Effect] = {}
_guards: dict[str, list[Guard]] = {}
_previews: dict[str, Preview] = {}
_relatives: list[Relatives] = []
_after: list[After] = []
_posts: list[Posts] = []


def register_subject(
    kind: str, *, facts: Facts | None = None, row: Row | None = None, href: Callable[[Case], str] | None = None,
    check: Check | None = None,
) -> None:  # fmt: skip
    _subjects[kind] = Subject(facts, row, href, check)


def register_effect(code: str, fn: Effect) -> None:
    _effects[code] = fn


def register_relatives(fn: Relatives) -> None:
    if fn not in _relatives:
        _relatives.append(fn)


def register_guard(effect: str, fn: Guard) -> None:
    if fn not in _guards.setdefault(effect, []):
        _guards[effect].append(fn)


def register_preview(effect: str, fn: Preview) -> None:
    _previews[effect] = fn


def register_after(fn: After) -> None:
    if fn not in _after:
        _after.append(fn)


def register_posts(fn: Posts) -> None:
    if fn not in _posts:
        _posts.append(fn)


def posts(signs: Sequence[SignerShape], user: User) -> dict[str, str]:
    """post code → HELD, DECLARED, or in words why the user may not sign in that post (REG-5)."""
    found = {one.code: DECLARED for one in signs}
    for fn in _posts:
        found |= fn(signs, user)
    return found


def subject(kind: str) -> Subject:
    return _subjects.get(kind, Subject())


def relatives(cases: Cases, user: User | None) -> dict[int, str]:
    """case id → why this user counts as a relative; cases that are not named are free of it."""
    found: dict[int, str] = {}
    if user is not None:
        for fn in _relatives:
            found = {**fn(cases, user), **found}
    return {pk: why for pk, why in found.items() if why}


def guards(effect: str, cases: Cases, step: str, on: date) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for fn in _guards.get(effect, ()):
        for pk, why in fn(cases, step, on).items():
            found[pk] = (*found.get(pk, ()), *([why] if why else ()))
    return found


def take_effect(effect: str, cases: Cases, *, by: User | None, at: datetime) -> bool:
    """Do to the register what was approved; False when nobody has said how (the procedure only decides)."""
    fn = _effects.get(effect)
    if fn is not None:
        fn(cases, by=by, at=at)
    return fn is not None


def preview(effect: str, case: Case) -> str:
    fn = _previews.get(effect)
    return fn(case) if fn else ""


def tell(cases: Cases, deed: str) -> None:
    for fn in _after:
        fn(cases, deed)


def rows(cases: Cases) -> dict[int, dict[str, Any]]:
    """The public row of each case; what nobody describes shows the village's name alone."""
    found: dict[int, dict[str, Any]] = {}
    for kind in {case.kind for case in cases}:
        mine = [case for case in cases if case.kind == kind]
        described = fn(mine) if (fn := subject(kind).row) else {}
        found |= {case.pk: dict(described.get(case.pk) or {"village": case.area.name}) for case in mine}
    return found
