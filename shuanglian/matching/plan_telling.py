"""Why these measures for this family: what each brings, what binds, what the next best costs, why not the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .plan_problem import Choice, PlanProblem, choice
from .plan_solver import solve, solve_with


@dataclass(frozen=True)
class Taken:
    """A measure that was chosen: its units, what they bring and cost; counted in the problem's whole numbers.

    without: the best choice without this measure; how much more it would cost, how much more would stay open.
    """

    option: int
    units: int
    gain: int
    cost: int
    without: Choice
    dearer: int
    shorter: int


@dataclass(frozen=True)
class Left:
    """A measure that was open and not chosen.

    why: "dearer" (with it, everything would cost `by` yuan more), "own" (of the family's own money `by` more),
    "shorter" (`by` yuan more would stay open), "kinds" (as good, but one more measure), "equal" (as good),
    "row" (not even its least fits into a row: `row`), "together" (not with what it needs),
    "nothing" (it brings no income).
    """

    option: int
    why: str
    by: int = 0
    row: int = -1


@dataclass(frozen=True)
class Telling:
    """The whole explanation. binds: rows of which more would let something better come out."""

    problem: PlanProblem
    choice: Choice
    taken: tuple[Taken, ...]
    left: tuple[Left, ...]
    binds: tuple[int, ...]
    room_left: tuple[int, ...]


def tell(problem: PlanProblem, chosen: Choice | None = None) -> Telling:
    """Explain the best choice (worked out here unless it is at hand)."""
    best = chosen or solve(problem)
    room = tuple(
        room - sum(one.uses[row] * unit for one, unit in zip(problem.options, best.units, strict=True))
        for row, room in enumerate(problem.room)
    )
    taken = tuple(_taken(problem, best, n) for n, unit in enumerate(best.units) if unit)
    left = tuple(_left(problem, best, n) for n, unit in enumerate(best.units) if not unit)
    binds = tuple(row for row in range(len(room)) if _binds(problem, best, row))
    return Telling(problem, best, taken, left, binds, room)


def _binds(problem: PlanProblem, best: Choice, row: int) -> bool:
    """Whether with as much of a row as anybody could use something better would come out."""
    most = sum(one.uses[row] * one.most for one in problem.options)
    if most <= problem.room[row] or not problem.gap > 0:
        return False
    room = (*problem.room[:row], most, *problem.room[row + 1 :])
    return solve(replace(problem, room=room)).rank < best.rank


def _taken(problem: PlanProblem, best: Choice, n: int) -> Taken:
    one, units = problem.options[n], best.units[n]
    options = tuple(replace(other, most=0) if place == n else other for place, other in enumerate(problem.options))
    other = choice(problem, solve(replace(problem, options=options)).units)
    return Taken(n, units, one.gain * units, one.cost * units, other, other.cost - best.cost, other.short - best.short)


def _left(problem: PlanProblem, best: Choice, n: int) -> Left:
    one = problem.options[n]
    for row, room in enumerate(problem.room):
        if one.uses[row] * one.least > room:
            return Left(n, "row", row=row)
    if not one.gain:
        return Left(n, "nothing")
    other = solve_with(problem, n)
    if other is None:
        return Left(n, "together")
    if other.short > best.short:
        return Left(n, "shorter", other.short - best.short)
    if other.cost > best.cost:
        return Left(n, "dearer", other.cost - best.cost)
    if other.own > best.own:
        return Left(n, "own", other.own - best.own)
    return Left(n, "kinds" if other.kinds > best.kinds else "equal")
