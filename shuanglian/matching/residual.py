"""A residual network as one table: every arc stands in it twice, once at either end, so that all is read in order.

A row is a way along which flow can still change by ROOM units at COST each, up to node HEAD; row PAIR is the same arc
seen from there. BACK repeats the room of that other row, so that a search against the ways need not look it up.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .compiled import bare
from .problem import Ints

Rows = npt.NDArray[np.int32]

HEAD, COST, ROOM, BACK, PAIR = range(5)  # columns of the rows


class Net(NamedTuple):
    """Arcs by column, and what flows on them."""

    tails: Ints
    heads: Ints
    capacities: Ints
    costs: Ints
    flows: Ints


class Table(NamedTuple):
    """Rows start[u] .. start[u + 1] begin at node u; chosen: arcs that are in, row: where each of them begins."""

    start: Ints
    rows: Rows
    chosen: Ints
    row: Ints


def tabulated(net: Net, some: npt.NDArray[np.bool_], nodes: int, scale: int, memory: Rows) -> Table:
    """The table of some arcs, costs times `scale`, written into `memory` (at least two rows an arc)."""
    chosen = np.flatnonzero(some)
    ends = np.bincount(net.tails[chosen], minlength=nodes) + np.bincount(net.heads[chosen], minlength=nodes)
    start = np.append(0, np.cumsum(ends))
    table = Table(start, memory, chosen, np.empty(len(chosen), np.int64))
    _fill(net, table, start[:-1].copy(), np.int64(scale))
    return table


@bare
def _fill(net, table, at, scale):
    """Write both rows of every chosen arc; `at`: the next free row of each node."""
    rows = table.rows
    for k in range(len(table.chosen)):
        arc = table.chosen[k]
        tail, head, flow = net.tails[arc], net.heads[arc], net.flows[arc]
        here = at[tail]
        at[tail] += 1
        there = at[head]
        at[head] += 1
        _write(rows, here, head, net.costs[arc] * scale, net.capacities[arc] - flow, flow, there)
        _write(rows, there, tail, -net.costs[arc] * scale, flow, net.capacities[arc] - flow, here)
        table.row[k] = here


@bare
def _write(rows, k, head, cost, room, back, pair):
    rows[k, HEAD], rows[k, COST], rows[k, ROOM], rows[k, BACK], rows[k, PAIR] = head, cost, room, back, pair


@bare
def push(rows, k, units):
    """Let so many units more flow along row k."""
    pair = rows[k, PAIR]
    rows[k, ROOM] -= units
    rows[k, BACK] += units
    rows[pair, ROOM] += units
    rows[pair, BACK] -= units


def take_over(net: Net, table: Table) -> None:
    """Write the flow of a table back to its arcs."""
    net.flows[table.chosen] = table.rows[table.row, BACK]
