"""What an approved case does to the register (REG-3, REG-4): once, in the deciding transaction, through its verbs.

Lists of exits, removals and returns are done set by set. The day of the effect is the day of the deciding act; what
was applied for is worked out against the file as it stands then, and what no longer fits stops the approval.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any

from shuanglian.areas.models import Area
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures.hooks import for_case
from shuanglian.procedures.models import Case
from shuanglian.registry.actions import counts, households, merges, people, splits, standing
from shuanglian.registry.actions import moves as moving
from shuanglian.registry.models import Household, Person

from .subjects import households_of

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


Effect = Callable[..., None]


def counted_once(effect: Effect) -> Effect:
    """The figures of the villages and the checks once for all cases of a list, not after each of them."""

    @wraps(effect)
    def taken(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
        with counts.together(at=at):
            effect(cases, by=by, at=at)

    return taken


def exits(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
    for on, some in _by_day(cases).items():
        standing.leave(households=_files(some), on=on, why=_why(some), by=by, at=at)


def removals(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
    for on, some in _by_day(cases).items():
        standing.remove(households=_files(some), on=on, why=_why(some), by=by, at=at)


def returns(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
    standing.reinstate(households=_files(cases), why=_why(cases), by=by, at=at)


@counted_once
def entries(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
    """A newcomer's file is opened with everybody named in the application, and the case points to it."""
    for case in cases:
        with for_case(case):
            asked, on = case.asked, case.last_on
            file = households.enrol(village=case.area, head=asked["head"], values=asked.get("values", {}), on=on, by=by,
                                    at=at, number=asked.get("number", ""), why=_why([case]))  # fmt: skip
            for one in asked.get("members", []):
                people.add(household=file, values=one, on=on, by=by, at=at, why=_why([case]))


@counted_once
def corrections(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
    for case in cases:
        with for_case(case):
            asked = case.asked
            if asked.get("household"):
                households.change(household=_file(case), values=asked["household"], why=_why([case]), by=by, at=at)
            for pk, values in asked.get("people", {}).items():
                people.change(person=_member(case, pk), values=values, why=_why([case]), by=by, at=at)


@counted_once
def moves(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
    for case in cases:
        with for_case(case):
            village = Area.objects.current().filter(code=case.asked.get("village"), level=Area.Level.VILLAGE).first()
            if village is None:
                raise Refusal("village_gone", N_("{case}：要迁入的村已不存在"), case=case.label)
            households.move(household=_file(case), village=village, why=_why([case]), by=by, at=at)


@counted_once
def members_in(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
    for case in cases:
        with for_case(case):
            people.add(
                household=_file(case), values=case.asked["values"], on=_day(case), by=by, at=at, why=_why([case])
            )


@counted_once
def members_out(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
    """A member died or left; the last one of a household takes its file off the register."""
    for case in cases:
        with for_case(case):
            person = _member(case, case.asked.get("person") or case.key)
            others = Person.objects.filter(household=person.household, left_on=None).exclude(pk=person.pk)
            if not others.exists():
                households.remove(household=person.household, on=_day(case), why=_why([case]), by=by, at=at)
                continue
            successor = case.asked.get("successor")
            people.leave(person=person, on=_day(case), why=_why([case]), by=by, at=at,
                         successor=others.filter(pk=int(successor)).first() if successor else None)  # fmt: skip


@counted_once
def member_moves(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
    """A member goes over to another household; his history goes along, both files keep the link."""
    for case in cases:
        with for_case(case):
            asked = case.asked
            target = Household.objects.filter(pk=asked.get("target") or 0).first()
            if target is None:
                raise Refusal("other_file_gone", N_("{case}：找不到要迁入的户"), case=case.label)
            moving.move(
                person=_member(case, asked.get("person") or case.key), target=target, relation=asked["relation"],
                on=_day(case), why=_why([case]), by=by, at=at,
                successor=_member(case, asked["successor"]) if asked.get("successor") else None,
            )  # fmt: skip


@counted_once
def divisions(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
    for case in cases:
        with for_case(case):
            asked = case.asked
            going = list(Person.objects.filter(pk__in=asked["people"]))
            splits.split(
                household=_file(case), people=going, head=_member(case, asked["head"]), on=_day(case), why=_why([case]),
                by=by, at=at, relations={int(pk): code for pk, code in asked.get("relations", {}).items()},
                divided={name: Decimal(yuan) for name, yuan in asked.get("divided", {}).items()},
                successor=_member(case, asked["successor"]) if asked.get("successor") else None,
            )  # fmt: skip


@counted_once
def unions(cases: Sequence[Case], *, by: User | None, at: datetime) -> None:
    for case in cases:
        with for_case(case):
            asked = case.asked
            closed = Household.objects.filter(pk=asked.get("other") or 0).first()
            if closed is None:
                raise Refusal("other_file_gone", N_("{case}：找不到要并入的户"), case=case.label)
            merges.merge(
                kept=_file(case), closed=closed, on=_day(case), why=_why([case]), by=by, at=at,
                relations={int(pk): code for pk, code in asked.get("relations", {}).items()},
                same={int(gone): int(kept) for gone, kept in asked.get("same", {}).items()}, take=asked.get("take", ()),
                take_of={int(pk): names for pk, names in asked.get("take_of", {}).items()},
            )  # fmt: skip


EFFECTS: dict[str, Any] = {
    "enter": entries, "exit": exits, "return": returns, "remove": removals, "correct": corrections, "move": moves,
    "member_in": members_in, "member_out": members_out, "member_move": member_moves,
    "split": divisions, "merge": unions,
}  # fmt: skip


# --- what they share --------------------------------------------------------------------------------------------------
def _by_day(cases: Sequence[Case]) -> dict[date, list[Case]]:
    found: dict[date, list[Case]] = {}
    for case in cases:
        found.setdefault(case.last_on, []).append(case)
    return found


def _files(cases: Sequence[Case]) -> list[int]:
    return list(households_of(cases).values())


def _file(case: Case) -> Household:
    pk = households_of([case]).get(case.pk)
    found = Household.objects.filter(pk=pk).first() if pk else None
    if found is None:
        raise Refusal("file_gone", N_("{case}：找不到这一户的档案"), case=case.label)
    return found


def _member(case: Case, pk: Any) -> Person:
    """A standing member of the case's own household; nobody else's."""
    home = households_of([case]).get(case.pk)
    found = Person.objects.filter(pk=int(pk), household=home, left_on=None).select_related("household").first()
    if found is None:
        raise Refusal("member_gone", N_("{case}：所列成员已不在本户"), case=case.label)
    return found


def _day(case: Case) -> date:
    """The day on which it happened, as the application says; without one the day of the decision."""
    told = case.asked.get("on")
    return date.fromisoformat(told) if told else case.last_on


def _why(cases: Sequence[Case]) -> str:
    """The reason that the file keeps: the number of the case or list first, so that anybody finds the procedure."""
    first = cases[0]
    number = first.number if len(cases) == 1 or first.list is None else first.list.number
    reasons = {case.why.strip() for case in cases if case.why.strip()}
    return f"{number} {next(iter(reasons))}" if len(reasons) == 1 else number
