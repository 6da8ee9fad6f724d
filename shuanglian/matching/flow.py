"""Minimum cost flow: whole numbers in, an optimum out, and the prices that prove it."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow as ortools_flow

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .compiled import compiled
from .problem import Ints

LARGEST = 1 << 61
UNREACHED = np.int64(1) << 62


@dataclass(frozen=True, eq=False)
class ArcFlow:
    """An optimal flow over numbered nodes; arrays by arc, prices by node."""

    tails: Ints
    heads: Ints
    capacities: Ints
    costs: Ints
    nodes: int
    flows: Ints

    @property
    def total(self) -> int:
        return int((self.flows * self.costs).sum())

    @cached_property
    def prices(self) -> Ints:
        """Node prices p: no arc with room left has cost + p[tail] - p[head] < 0, no used arc has it > 0."""
        return residual_prices(self.nodes, self.tails, self.heads, self.capacities, self.costs, self.flows)


def cheapest(tails: Ints, heads: Ints, capacities: Ints, costs: Ints, supplies: Ints) -> ArcFlow | None:
    """The cheapest flow that meets all supplies (positive out, negative in); None if there is none."""
    nodes = len(supplies)
    if not len(tails):
        return ArcFlow(tails, heads, capacities, costs, nodes, capacities.copy()) if not supplies.any() else None
    step = int(np.gcd.reduce(costs)) or 1
    guard(int(np.abs(costs).max()) // step * (nodes + 2))
    solver = ortools_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32), heads.astype(np.int32), capacities, costs // step
    )
    solver.set_nodes_supplies(np.arange(nodes, dtype=np.int32), supplies)
    status = solver.solve()
    if status in (solver.INFEASIBLE, solver.UNBALANCED):
        return None
    if status != solver.OPTIMAL:
        raise Refusal("too_large", N_("数值过大，无法精确计算；请缩小费用、能力或需求的数值。"))
    return ArcFlow(tails, heads, capacities, costs, nodes, np.asarray(solver.flows(arcs), np.int64))


def guard(size: int) -> None:
    """Refuse numbers whose sums would leave 64 bits."""
    if size >= LARGEST:
        raise Refusal("too_large", N_("数值过大，无法精确计算；请缩小费用、能力或需求的数值。"))


@dataclass(frozen=True)
class Arc:
    """One arc of a network with named nodes; `low` must flow, `capacity` may."""

    tail: Hashable
    head: Hashable
    capacity: int
    cost: int
    low: int = 0


@dataclass(frozen=True)
class FlowResult:
    """status; the flow on each arc in the order given; the least total cost. Empty flows unless optimal."""

    status: Literal["optimal", "infeasible", "unbalanced"]
    flows: tuple[int, ...]
    total: int | None


def min_cost_flow(arcs: Iterable[Arc], supplies: Mapping[Hashable, int]) -> FlowResult:
    """The cheapest flow with lower bounds through any network (DIMACS `min`): supply > 0 sends, < 0 receives."""
    arcs = list(arcs)
    if sum(supplies.values()):
        return FlowResult("unbalanced", (), None)
    if not arcs:
        return FlowResult("infeasible", (), None) if any(supplies.values()) else FlowResult("optimal", (), 0)
    names: dict[Hashable, int] = {}
    for name in (*supplies, *(end for arc in arcs for end in (arc.tail, arc.head))):
        names.setdefault(name, len(names))
    for arc in arcs:
        if arc.low > arc.capacity:
            return FlowResult("infeasible", (), None)
    low = sum(abs(arc.low) for arc in arcs)
    guard(max((abs(arc.cost) for arc in arcs), default=0) * max(1, low + sum(map(abs, supplies.values()))))
    guard(low + sum(arc.capacity for arc in arcs) + sum(map(abs, supplies.values())))
    need = np.zeros(len(names), np.int64)
    for name, supply in supplies.items():
        need[names[name]] += supply
    for arc in arcs:
        need[names[arc.tail]] -= arc.low
        need[names[arc.head]] += arc.low
    rows = np.array([(names[arc.tail], names[arc.head], arc.capacity - arc.low, arc.cost) for arc in arcs], np.int64)
    found = cheapest(rows[:, 0], rows[:, 1], rows[:, 2].copy(), rows[:, 3].copy(), need)
    if found is None:
        return FlowResult("infeasible", (), None)
    flows = tuple(int(flow) + arc.low for flow, arc in zip(found.flows, arcs, strict=True))
    return FlowResult("optimal", flows, sum(flow * arc.cost for flow, arc in zip(flows, arcs, strict=True)))


@dataclass(frozen=True, eq=False)
class _Residual:
    """Arcs along which flow can still change, sorted by where they start."""

    start: Ints  # nodes + 1
    heads: Ints
    costs: Ints
    arc: Ints  # the arc behind it
    forward: npt.NDArray[np.bool_]


def _residual(nodes: int, tails: Ints, heads: Ints, capacities: Ints, costs: Ints, flows: Ints) -> _Residual:
    more, less = np.flatnonzero(flows < capacities), np.flatnonzero(flows > 0)
    near = np.concatenate([tails[more], heads[less]])
    order = np.argsort(near, kind="stable")
    return _Residual(
        np.searchsorted(near[order], np.arange(nodes + 1)),
        np.concatenate([heads[more], tails[less]])[order],
        np.concatenate([costs[more], -costs[less]])[order],
        np.concatenate([more, less])[order],
        (np.arange(len(near)) < len(more))[order],
    )


def residual_prices(nodes: int, tails: Ints, heads: Ints, capacities: Ints, costs: Ints, flows: Ints) -> Ints:
    """Shortest ways in the residual network from a point joined to every node at no cost."""
    net = _residual(nodes, tails, heads, capacities, costs, flows)
    label, via = np.zeros(nodes, np.int64), np.full(nodes, -1, np.int64)
    shortest_ways(net.start, net.heads, net.costs, label, via)
    return label


def cheapest_detour(flow: ArcFlow, arc: int) -> tuple[int | None, list[tuple[int, int]]]:
    """What the total grows by when `arc` may carry one unit less, and the arcs that change: (arc, +1 or -1).

    Exact: the difference to the optimum under that restriction. None if the unit has no other way.
    """
    tail, head = int(flow.tails[arc]), int(flow.heads[arc])
    capacities = flow.capacities.copy()
    capacities[arc] = flow.flows[arc]  # it must not come back
    net = _residual(flow.nodes, flow.tails, flow.heads, capacities, flow.costs, flow.flows)
    label, via = np.full(flow.nodes, UNREACHED, np.int64), np.full(flow.nodes, -1, np.int64)
    label[tail] = 0
    shortest_ways(net.start, net.heads, net.costs, label, via)
    if label[head] == UNREACHED:
        return None, []
    changes, at = [(arc, -1)], head
    while at != tail:
        edge = int(via[at])
        changes.append((int(net.arc[edge]), 1 if net.forward[edge] else -1))
        at = int(flow.tails[net.arc[edge]] if net.forward[edge] else flow.heads[net.arc[edge]])
    return int(label[head] - flow.costs[arc]), changes


@compiled
def shortest_ways(start, heads, costs, label, via):
    """Lower `label` to the shortest ways from the nodes that have one (Bellman and Ford with a queue); `via`: arcs."""
    nodes = len(label)
    waiting = np.empty(nodes + 1, np.int64)
    queued = np.zeros(nodes, np.bool_)
    first = last = 0
    for u in range(nodes):
        if label[u] < UNREACHED:
            waiting[last] = u
            queued[u] = True
            last += 1
    while first != last:
        u = waiting[first]
        first = (first + 1) % (nodes + 1)
        queued[u] = False
        for edge in range(start[u], start[u + 1]):
            v, reached = heads[edge], label[u] + costs[edge]
            if reached < label[v]:
                label[v] = reached
                via[v] = edge
                if not queued[v]:
                    queued[v] = True
                    waiting[last] = v
                    last = (last + 1) % (nodes + 1)
