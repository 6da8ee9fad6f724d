"""Any transportation or assignment problem as one plain function.

    result = transport({"seattle": 350, "san-diego": 600}, {"new-york": 325, …}, {("seattle", "new-york"): "0.225", …})

Costs may be whole numbers, decimals or decimal texts; they are scaled to whole numbers, so the optimum is exact. Rows
are put in order of their keys first: the same problem gives the same answer whatever the order in which it is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Literal

import numpy as np

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

from .flow import ArcFlow, cheapest, guard

Number = int | float | str | Decimal
MOST_DECIMALS = 15


@dataclass(frozen=True)
class Shipment:
    supplier: str
    demander: str
    amount: int
    cost: Decimal  # per unit


@dataclass(frozen=True)
class Lack:
    """What a demander does not get (or, where all must be shipped, what a supplier is left with), and why."""

    name: str
    amount: int
    code: Literal["no_supplier", "suppliers_full", "too_little", "not_shipped"]
    why: Said


@dataclass(frozen=True)
class TransportResult:
    """status: "optimal" (everything asked is met, at the least cost), "partial" (as much as can be met, at the least).

    total: exact. duals (only if optimal): `demanders[d] - suppliers[s] <= cost(s, d)` for every pair, equal where
    something is shipped; a supplier's is above zero only when it is used up; their weighted difference is the total.
    """

    status: Literal["optimal", "partial"]
    total: Decimal
    shipments: tuple[Shipment, ...]
    suppliers: Mapping[str, Decimal] = field(default_factory=dict)
    demanders: Mapping[str, Decimal] = field(default_factory=dict)
    uncovered: tuple[Lack, ...] = ()


def transport(
    capacities: Mapping[str, int],
    requirements: Mapping[str, int],
    costs: Mapping[tuple[str, str], Number],
    *,
    ship_all: bool = False,
) -> TransportResult:
    """Meet requirements (whole units) from capacities (whole units, at most; exactly with `ship_all`) at least cost.

    A pair without a cost is impossible. Raises Refusal for unknown names, negative or fractional amounts, unreadable
    costs, and numbers too large for exact arithmetic.
    """
    problem = _Problem.of(capacities, requirements, costs)
    flow = problem.solve(ship_all=ship_all, slack=False)
    if flow is not None:
        return problem.result(flow, ship_all=ship_all)
    flow = problem.solve(ship_all=ship_all, slack=True)
    if flow is None:
        raise Refusal("no_flow", N_("问题无法求解，请检查数据。"))
    return problem.result(flow, ship_all=ship_all)


def assignment(costs: Mapping[tuple[str, str], Number]) -> TransportResult:
    """One to one: every second name gets one first name (each at most once), as many as can be, at the least cost."""
    return transport({s: 1 for s, _ in costs}, {d: 1 for _, d in costs}, costs)


@dataclass(frozen=True)
class _Problem:
    """Nodes: 0 source, suppliers, demanders, then the sink that takes what need not be shipped."""

    suppliers: list[str]
    demanders: list[str]
    capacity: np.ndarray
    need: np.ndarray
    pairs: list[tuple[str, str]]
    frm: np.ndarray
    to: np.ndarray
    cost: np.ndarray
    scale: int

    @classmethod
    def of(
        cls, capacities: Mapping[str, int], requirements: Mapping[str, int], costs: Mapping[tuple[str, str], Number]
    ) -> "_Problem":
        suppliers, demanders, pairs = sorted(capacities), sorted(requirements), sorted(costs)
        row, column = {n: i for i, n in enumerate(suppliers)}, {n: i for i, n in enumerate(demanders)}
        for supplier, demander in pairs:
            if supplier not in row:
                raise Refusal("unknown_supplier", N_("费用中的供方“{name}”不在能力表中。"), name=supplier)
            if demander not in column:
                raise Refusal("unknown_demander", N_("费用中的需方“{name}”不在需求表中。"), name=demander)
        whole, scale = _scaled([costs[pair] for pair in pairs])
        return cls(
            suppliers, demanders, _amounts(capacities, suppliers), _amounts(requirements, demanders), pairs,
            np.array([row[s] for s, _ in pairs], np.int64), np.array([column[d] for _, d in pairs], np.int64),
            whole, scale,
        )  # fmt: skip

    def solve(self, *, ship_all: bool, slack: bool) -> ArcFlow | None:
        """Supply stands at the source; with `slack` the source may also serve demanders itself at a forbidding cost."""
        s, d, supply, need = len(self.suppliers), len(self.demanders), int(self.capacity.sum()), int(self.need.sum())
        if not slack and (need > supply or (ship_all and need != supply)):
            return None
        sink = 1 + s + d
        rows = [
            (np.zeros(s), 1 + np.arange(s), self.capacity, np.zeros(s)),
            # room to spare on every pair: only what stands at its ends may bind, or the prices would prove nothing
            (1 + self.frm, 1 + s + self.to, np.full(len(self.frm), supply + need + 1), self.cost),
        ]
        supplies = np.concatenate([[need], np.zeros(s), -self.need, [0]]).astype(np.int64)
        if slack:
            # dearer than any chain of changes that one more covered unit can bring about
            worst = 2 * int(np.abs(self.cost).max(initial=0)) * (min(s, d) + 1) + 1
            guard(worst * max(1, supply + need))
            rows.append((np.zeros(d), 1 + s + np.arange(d), self.need, np.full(d, worst)))
            if ship_all:
                # every supplier's capacity stands there as supply; what nobody takes goes to the sink
                rows[0] = (np.zeros(1), np.full(1, sink), np.array([need]), np.zeros(1))
                rows.append((1 + np.arange(s), np.full(s, sink), self.capacity, np.full(s, worst)))
                supplies[1 : 1 + s], supplies[sink] = self.capacity, -supply
        tails, heads, capacities, costs = (np.concatenate([r[i] for r in rows]).astype(np.int64) for i in range(4))
        return cheapest(tails, heads, capacities, costs, supplies)

    def result(self, flow: ArcFlow, *, ship_all: bool) -> TransportResult:
        s, d, n = len(self.suppliers), len(self.demanders), len(self.pairs)
        middle = (flow.tails >= 1) & (flow.tails <= s) & (flow.heads > s) & (flow.heads <= s + d)
        amounts = flow.flows[middle]
        sent = np.bincount(self.frm, amounts, minlength=s).astype(np.int64) if n else np.zeros(s, np.int64)
        got = np.bincount(self.to, amounts, minlength=d).astype(np.int64) if n else np.zeros(d, np.int64)
        shipments = tuple(
            Shipment(*self.pairs[i], int(amounts[i]), self._yuan(self.cost[i])) for i in np.flatnonzero(amounts)
        )
        total = self._yuan(int((amounts * self.cost).sum()))
        lacks = self._lacks(sent, got, ship_all=ship_all)
        if lacks:
            return TransportResult("partial", total, shipments, uncovered=lacks)
        prices = flow.prices - flow.prices[0] if flow.nodes else flow.prices
        least = -(1 << 62) if ship_all else 0  # what may stay unshipped has no price below nothing
        return TransportResult(
            "optimal", total, shipments,
            {name: self._yuan(max(least, int(prices[1 + i]))) for i, name in enumerate(self.suppliers)},
            {name: self._yuan(int(prices[1 + s + i])) for i, name in enumerate(self.demanders)},
        )  # fmt: skip

    def _lacks(self, sent: np.ndarray, got: np.ndarray, *, ship_all: bool) -> tuple[Lack, ...]:
        """The smallest true reason for each: nobody may serve it, those who may are used up, or all is too little."""
        short = int(self.need.sum()) > int(self.capacity.sum())
        lacks = []
        for i in np.flatnonzero(got < self.need):
            amount, can = int(self.need[i] - got[i]), self.frm[self.to == i]
            if not len(can):
                lacks.append(Lack(self.demanders[i], amount, "no_supplier", Said(N_("没有任何供方可以供给"))))
            elif short and len(can) == len(self.suppliers):
                missing = int(self.need.sum() - self.capacity.sum())
                lacks.append(
                    Lack(
                        self.demanders[i],
                        amount,
                        "too_little",
                        Said(N_("总能力比总需求少 {missing}"), {"missing": missing}),
                    )
                )
            else:
                held = int(self.capacity[can].sum())
                why = N_("可以供给的 {count} 个供方共有 {held}，已全部用完或须留给他方")
                told = Said(why, {"count": len(can), "held": held})
                lacks.append(Lack(self.demanders[i], amount, "suppliers_full", told))
        if ship_all:
            for i in np.flatnonzero(sent < self.capacity):
                left = int(self.capacity[i] - sent[i])
                lacks.append(Lack(self.suppliers[i], left, "not_shipped", Said(N_("要求全部运出，但没有需方可收"))))
        return tuple(lacks)

    def _yuan(self, whole: int) -> Decimal:
        return Decimal(int(whole)) / self.scale


def _amounts(table: Mapping[str, int], names: list[str]) -> np.ndarray:
    for name in names:
        amount = table[name]
        if isinstance(amount, bool) or int(amount) != amount:
            raise Refusal(
                "fraction", N_("“{name}”的数量 {amount} 不是整数；请换用更小的单位。"), name=name, amount=amount
            )
        if amount < 0:
            raise Refusal("negative", N_("“{name}”的数量 {amount} 为负。"), name=name, amount=amount)
    guard(sum(int(table[name]) for name in names))
    return np.array([int(table[name]) for name in names], np.int64)


def _scaled(values: list[Number]) -> tuple[np.ndarray, int]:
    """Costs as whole numbers of one common decimal unit, and how many of them make one."""
    exact = [_exact(value) for value in values]
    decimals = max((max(0, -int(value.normalize().as_tuple().exponent)) for value in exact), default=0)
    if decimals > MOST_DECIMALS:
        raise Refusal("too_fine", N_("费用的小数位超过 {most} 位，无法精确计算；请四舍五入。"), most=MOST_DECIMALS)
    scale = 10**decimals
    whole = [int(value * scale) for value in exact]
    guard(max((abs(value) for value in whole), default=0))
    return np.array(whole, np.int64), scale


def _exact(value: Number) -> Decimal:
    try:
        exact = Decimal(str(value).strip())
    except InvalidOperation:
        raise Refusal("no_number", N_("费用“{value}”不是数。"), value=value) from None
    if not exact.is_finite():
        raise Refusal("no_number", N_("费用“{value}”不是数。"), value=value)
    return exact
