"""Minimum cost flow against published and independent optima."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from shuanglian.kernel.refusal import Refusal
from shuanglian.matching.flow import Arc, cheapest, cheapest_detour, min_cost_flow

SEEDS = st.integers(0, 2**32 - 1)


def dimacs(path: Path) -> tuple[list[Arc], dict[str, int]]:
    lines = [line.split() for line in path.read_text().splitlines()]
    supplies = {line[1]: int(line[2]) for line in lines if line[:1] == ["n"]}
    arcs = [Arc(a, b, int(most), int(cost), int(low)) for kind, a, b, low, most, cost in
            (line for line in lines if line[:1] == ["a"])]  # fmt: skip
    return arcs, supplies


def test_the_published_gridgen_network_reaches_its_optimum():
    result = min_cost_flow(*dimacs(Path(__file__).parent / "data" / "gridgen3.dmx"))
    assert (result.status, result.total) == ("optimal", 12_909_051)


def test_the_four_nodes_of_the_dimacs_note():
    arcs = [Arc(1, 2, 2, 3), Arc(2, 3, 2, 1), Arc(3, 4, 2, 1), Arc(1, 4, 2, 2)]
    result = min_cost_flow(arcs, {1: 3, 4: -3})
    assert (result.total, result.flows) == (9, (1, 1, 1, 2))


@settings(max_examples=120, deadline=None)
@given(SEEDS)
def test_any_network_reaches_the_optimum_of_a_linear_programme(seed):
    g = np.random.default_rng(seed)
    nodes, count = int(g.integers(2, 7)), int(g.integers(1, 14))
    ends = g.integers(0, nodes, (count, 2))
    most = g.integers(0, 9, count)
    low = g.integers(0, most + 1) * (g.random(count) < 0.3)
    cost = g.integers(-5, 12, count)
    supply = g.integers(-4, 5, nodes)
    supply[0] -= supply.sum()
    arcs = [
        Arc(int(a), int(b), int(m), int(c), int(lo)) for (a, b), m, c, lo in zip(ends, most, cost, low, strict=True)
    ]
    balance = np.zeros((nodes, count))
    np.add.at(balance, (ends[:, 0], np.arange(count)), 1)
    np.add.at(balance, (ends[:, 1], np.arange(count)), -1)
    witness = linprog(cost, A_eq=balance, b_eq=supply, bounds=np.column_stack([low, most]))
    result = min_cost_flow(arcs, dict(enumerate(supply.tolist())))
    assert (result.status == "optimal") == witness.success
    if witness.success:
        assert result.total == round(witness.fun)
        assert (balance @ np.array(result.flows) == supply).all()
        assert all(arc.low <= flow <= arc.capacity for arc, flow in zip(arcs, result.flows, strict=True))


@settings(max_examples=120, deadline=None)
@given(SEEDS)
def test_prices_prove_the_optimum_and_detours_tell_its_price(seed):
    g = np.random.default_rng(seed)
    nodes, count = int(g.integers(3, 7)), 14
    tails, heads = (g.integers(0, nodes, count).astype(np.int64) for _ in range(2))
    room, cost = g.integers(1, 6, count).astype(np.int64), g.integers(0, 12, count).astype(np.int64)
    supply = np.zeros(nodes, np.int64)
    supply[[0, -1]] = 3, -3
    flow = cheapest(tails, heads, room, cost, supply)
    if flow is None:
        return
    reduced = cost + flow.prices[tails] - flow.prices[heads]
    assert (reduced[flow.flows < room] >= 0).all()
    assert (reduced[flow.flows > 0] <= 0).all()
    for arc in np.flatnonzero(flow.flows > 0)[:4]:
        tighter = room.copy()
        tighter[arc] = flow.flows[arc] - 1
        without = cheapest(tails, heads, tighter, cost, supply)
        dearer, changes = cheapest_detour(flow, int(arc))
        assert dearer == (None if without is None else without.total - flow.total)
        if without is not None:
            flows = flow.flows.copy()
            np.add.at(flows, [a for a, _ in changes], [way for _, way in changes])
            assert int((flows * cost).sum()) == without.total


def test_what_cannot_flow_is_told():
    assert min_cost_flow([], {}).total == 0
    assert min_cost_flow([], {"a": 1, "b": -1}).status == "infeasible"
    assert min_cost_flow([Arc("a", "b", 1, 1)], {"a": 2, "b": -2}).status == "infeasible"
    assert min_cost_flow([Arc("a", "b", 1, 1, 2)], {}).status == "infeasible"
    assert min_cost_flow([Arc("a", "b", 1, 1)], {"a": 2, "b": -1}).status == "unbalanced"


def test_sums_beyond_64_bits_are_refused():
    with pytest.raises(Refusal):
        min_cost_flow([Arc("a", "b", 2**62, 2**40)], {"a": 2**40, "b": -(2**40)})
