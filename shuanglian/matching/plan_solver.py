"""The exact solver of a family's plan: depth first with bounds, compiled; some microseconds a family.

    choice = solve(problem)

Options go in the order of cost per yuan gained, so that the least cost of what is still open of the gap is a walk along
the rest of them. Two bounds cut a branch: the most that the rest can gain (for each row by itself, for all rows added
up, and for the measures still allowed), and the least that it costs. Equal to OR-tools CP-SAT in every property test.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiled import compiled
from .plan_problem import Choice, PlanProblem, choice, people_rows

OWN_BITS, KIND_BITS = 26, 5  # cost, own money and count of measures in one number: what is first weighs most
BIG = np.int64(1) << 62


def solve(problem: PlanProblem) -> Choice:
    """The best choice; nothing chosen when there is no gap."""
    return _found(problem, None) or choice(problem, (0,) * len(problem.options))


def solve_with(problem: PlanProblem, option: int) -> Choice | None:
    """The best choice that has a given option in it; None when there is none."""
    return _found(problem, option)


def _found(problem: PlanProblem, forced: int | None) -> Choice | None:
    if (problem.gap <= 0 and forced is None) or not problem.options:
        return None
    order, *arrays = tables(problem)
    units, got = search(*arrays, 0 if forced is None else 1 << order.index(forced))
    if got < 0:
        return None
    found = [0] * len(problem.options)
    for place, n in enumerate(order):
        found[n] = int(units[place])
    return choice(problem, tuple(found))


def tables(problem: PlanProblem) -> tuple[Any, ...]:
    """The problem as arrays, in the solver's order, and with rows that say that nobody is taken twice:

    (order, gap, gain, price, least, most, uses, room, excluded, needed, kinds)
    """
    options, count = problem.options, len(problem.options)
    whole = [(one.cost << (OWN_BITS + KIND_BITS)) + (one.own << KIND_BITS) for one in options]
    order = sorted(range(count), key=lambda n: (
        whole[n] / options[n].gain if options[n].gain else float("inf"), -options[n].gain, options[n].code
    ))  # fmt: skip
    place = {n: p for p, n in enumerate(order)}
    rows = [[options[n].uses[row] for n in order] for row in range(len(problem.room))]
    room = list(problem.room)
    for union, within in people_rows(options):
        rows.append([1 if n in within else 0 for n in order])
        room.append(len(union))
    uses = np.array(rows, np.int64).reshape(len(rows), count).T.copy()
    excluded, needed = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for one, other in problem.excludes:
        excluded[place[one]] |= 1 << place[other]
        excluded[place[other]] |= 1 << place[one]
    for one, other in problem.needs:
        needed[place[one]] |= 1 << place[other]
    price = [whole[n] for n in order]
    column = lambda name: np.array([getattr(options[n], name) for n in order], np.int64)  # noqa: E731
    return (order, problem.gap, column("gain"), np.array(price, np.int64), column("least"), column("most"), uses,
            np.array(room, np.int64), excluded, needed, problem.kinds)  # fmt: skip


@compiled
def _box(d: int, most: Any, uses: Any, left: Any) -> int:
    """How many units of an option fit into what is left, every row by itself."""
    top = most[d]
    for row in range(left.size):
        if uses[d, row] > 0:
            top = min(top, left[row] // uses[d, row])
    return top


@compiled
def _reach(
    d: int, floor: int, gain: Any, most: Any, uses: Any, left: Any, orders: Any, kinds: int, weight: Any, desk: Any
) -> Any:
    """At most so much can the options from d on still gain; stops as soon as that is below the floor.

    orders: for each row the options by gain per use; the last is by gain per use of all rows, each weighed.
    desk: two rows of working space.
    """
    count, rows = gain.size, left.size
    whole: Any = np.int64(0)
    for one in range(d, count):
        desk[0, one] = _box(one, most, uses, left)
        desk[1, one] = desk[0, one] * gain[one]
        whole += desk[1, one]
    if count - d > kinds:
        whole = _largest(d, kinds, desk)
    for row in range(rows):
        if whole < floor:
            return whole
        whole = min(whole, _filled(d, gain, uses, left, orders[row], weight[row], desk))
    if whole < floor:
        return whole
    return min(whole, _filled(d, gain, uses, left, orders[rows], weight[rows], desk))


@compiled
def _largest(d: int, kinds: int, desk: Any) -> Any:
    """The sum of the so many largest of what each option could gain."""
    count = desk.shape[1]
    whole: Any = np.int64(0)
    taken = np.int64(0)
    for _turn in range(kinds):
        best, where = np.int64(-1), -1
        for one in range(d, count):
            if not taken >> one & 1 and desk[1, one] > best:
                best, where = desk[1, one], one
        if where >= 0:
            taken |= np.int64(1) << where
            whole += best
    return whole


@compiled
def _filled(d: int, gain: Any, uses: Any, left: Any, order: Any, weight: Any, desk: Any) -> int:
    """What fits into one weighed sum of rows, the last option in part."""
    room, got = 0.0, 0.0
    for row in range(left.size):
        room += weight[row] * left[row]
    for one in order:
        if one < d or desk[0, one] == 0:
            continue
        each = 0.0
        for row in range(left.size):
            each += weight[row] * uses[one, row]
        need = each * desk[0, one]
        if need > room:
            return int(got + gain[one] * (room / each) + 1e-6)
        room -= need
        got += desk[1, one]
    return int(got + 1e-6)


@compiled
def _least_price(d: int, open_gap: int, gain: Any, price: Any, most: Any, uses: Any, left: Any) -> int:
    """The least price at which the options from d on could close what is open: whole options first, then a part."""
    cost = 0.0
    for one in range(d, gain.size):
        if open_gap <= 0 or gain[one] == 0:
            break
        here = _box(one, most, uses, left) * gain[one]
        if here >= open_gap:
            here = open_gap
        cost += price[one] / gain[one] * here
        open_gap -= here
    return int(cost * (1 - 1e-12))


@compiled
def _orders(gain: Any, uses: Any, room: Any) -> Any:
    """(weights of rows, options by gain per weighed use), for each row alone, then for all as shares of their room."""
    count, rows = uses.shape
    weight, orders = np.zeros((rows + 1, rows)), np.zeros((rows + 1, count), np.int64)
    for row in range(rows):
        weight[row, row] = 1.0
        weight[rows, row] = 1.0 / room[row] if room[row] > 0 else 0.0
    ratio = np.zeros(count)
    for row in range(rows + 1):
        for one in range(count):
            each = 0.0
            for of in range(rows):
                each += weight[row, of] * uses[one, of]
            ratio[one] = -gain[one] / each if each > 0 else -1e18
        orders[row] = np.argsort(ratio)
    return weight, orders


@compiled
def _missing(d: int, chosen: int, needed: Any, forced: int) -> int:
    """What must still be chosen: 0 nothing, 1 something that comes later, 2 something already passed over."""
    wanted = forced & ~chosen
    if wanted & ((np.int64(1) << d) - 1):
        return 2
    found = 1 if wanted else 0
    for one in range(needed.size):
        if chosen >> one & 1:
            missing = needed[one] & ~chosen
            if missing & ((np.int64(1) << d) - 1):
                return 2
            if missing:
                found = 1
    return found


@compiled
def search(
    gap: int, gain: Any, price: Any, least: Any, most: Any, uses: Any, room: Any, excluded: Any, needed: Any,
    kinds: int, forced: int,
) -> Any:  # fmt: skip
    """Units by option of the best choice, in the arrays' order, and what it closes; -1 when there is no choice.

    forced: options that must be in it, as bits.
    """
    count = gain.size
    weight, orders = _orders(gain, uses, room)
    best, units, desk = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros((2, count), np.int64)
    left = room.copy()
    best_got: Any = np.int64(-1)
    best_price: Any = np.int64(0)
    got, cost, chosen = np.int64(0), np.int64(0), np.int64(0)
    used, d, down = 0, 0, True
    while d >= 0:
        if down:
            missing = _missing(d, chosen, needed, forced)
            closed: Any = min(got, gap)
            if missing == 0 and (closed > best_got or (closed == best_got and cost < best_price)):
                best_got, best_price = closed, cost
                best[:] = units
            cut = d == count or missing == 2 or (missing == 0 and got >= gap)
            if not cut:
                reach = _reach(d, best_got - got, gain, most, uses, left, orders, kinds - used, weight, desk)
                cut = got + reach < best_got or (missing == 0 and reach == 0)
                if not cut and min(got + reach, gap) <= best_got:  # only a lower price helps here
                    cut = cost + _least_price(d, best_got - got, gain, price, most, uses, left) >= best_price
            if cut:
                down = False
                d -= 1
                continue
            top = _box(d, most, uses, left)
            if excluded[d] & chosen or used >= kinds or top < least[d]:
                top = 0
            step = top
        else:
            if units[d] == 0:
                d -= 1
                continue
            step = -1 if units[d] > least[d] else -units[d]
        before = units[d]
        units[d] += step
        for row in range(left.size):
            left[row] -= uses[d, row] * step
        got += gain[d] * step
        cost += price[d] * step
        if before == 0 and units[d] > 0:
            cost, used, chosen = cost + 1, used + 1, chosen | (np.int64(1) << d)
        elif before > 0 and units[d] == 0:
            cost, used, chosen = cost - 1, used - 1, chosen & ~(np.int64(1) << d)
        d, down = d + 1, True
    return best, best_got
