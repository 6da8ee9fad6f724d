"""The flow solver of pairing against the general one, which knows nothing of scaling or of arcs left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.matching import scaling
from shuanglian.matching.case import canonical
from shuanglian.matching.flow import cheapest
from shuanglian.matching.network import build
from shuanglian.matching.scaling import cheapest_flow

from .counties import small_counties

SEEDS = st.integers(0, 2**32 - 1)


def any_network(seed):
    """A network of any shape, costs of any size and sign; a ring of dear wide arcs lets every supply flow."""
    g = np.random.default_rng(seed)
    nodes, count, dear = int(g.integers(2, 40)), int(g.integers(1, 300)), int(g.choice([4, 900, 200_000]))
    ring = np.arange(nodes)
    tails = np.concatenate([g.integers(0, nodes, count), ring])
    heads = np.concatenate([g.integers(0, nodes, count), (ring + 1) % nodes])
    room = np.concatenate([g.integers(0, 9, count), np.full(nodes, 10_000)])
    cost = np.concatenate([g.integers(-dear // 8, dear + 1, count), np.full(nodes, dear)]) * int(g.choice([1, 10]))
    supply = g.integers(-9, 10, nodes)
    supply[0] -= supply.sum()
    return tuple(part.astype(np.int64) for part in (tails, heads, room, cost, supply))


def proves_itself(flow, supply):
    """The flow meets every supply within the room there is, and its prices leave nothing to gain."""
    assert ((flow.flows >= 0) & (flow.flows <= flow.capacities)).all()
    out = np.bincount(flow.tails, flow.flows, len(supply)) - np.bincount(flow.heads, flow.flows, len(supply))
    assert (out == supply).all()
    loss = flow.costs + flow.prices[flow.tails] - flow.prices[flow.heads]
    assert (loss[flow.flows < flow.capacities] >= 0).all()
    assert (loss[flow.flows > 0] <= 0).all()


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_any_network_costs_what_the_general_solver_finds(seed):
    network = any_network(seed)
    flow = cheapest_flow(*network)
    proves_itself(flow, network[-1])
    assert flow.total == cheapest(*network).total


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_leaving_out_arcs_too_eagerly_still_ends_at_the_optimum(seed):
    """What is left out wrongly is found and taken back by the proof."""
    network = any_network(seed)
    with pytest.MonkeyPatch.context() as changed:
        for name, value in {"FINE": 1, "COARSE": 1, "CLEAR": 0, "NEAR": 0}.items():
            changed.setattr(scaling, name, value)
        flow = cheapest_flow(*network)
    proves_itself(flow, network[-1])
    assert flow.total == cheapest(*network).total


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_PAIR_1_to_6_the_network_of_a_county_costs_what_the_general_solver_finds(seed):
    network = build(canonical(small_counties(seed)))
    parts = network.tails, network.heads, network.capacities, network.costs, network.supplies
    flow = cheapest_flow(*parts)
    proves_itself(flow, network.supplies)
    assert flow.total == cheapest(*parts).total


def test_numbers_too_large_for_the_tables_are_solved_all_the_same():
    tails, heads = np.array([0, 0, 1]), np.array([1, 2, 2])
    room, cost = np.array([2**40, 5, 2**40]), np.array([3, 7, 2**33])
    flow = cheapest_flow(tails, heads, room, cost, np.array([6, 0, -6]))
    proves_itself(flow, np.array([6, 0, -6]))
    assert flow.flows.tolist() == [1, 5, 1]


def test_a_network_without_arcs_or_supplies_is_solved():
    none = np.zeros(0, np.int64)
    assert cheapest_flow(none, none, none, none, np.zeros(3, np.int64)).total == 0
