"""The cheapest flow through a network that can carry its supplies, as fast as the networks of pairing allow.

Cost scaling: the flow is first made nearly cheapest in few coarse steps (`relabel`), each leaving fewer units to move
than the one before, then exactly cheapest, with the prices that prove it (`proof`). Of the hundreds of thousands of
arcs one in twenty carries anything; once prices are about right most of the others are plainly too dear, and each
step leaves out those that lose more than CLEAR steps. None is lost by that: the proof is about all arcs, and takes
those back that would gain.

Beside the general solver of `flow` it needs to look neither for whether a flow exists nor for the last price digit
by scaling, which makes it two to three times as fast here.
"""

import numpy as np
import numpy.typing as npt

from . import proof, relabel
from .flow import ArcFlow, cheapest
from .problem import Ints
from .residual import Net, Rows, tabulated, take_over

FINE = 8  # the last coarse step is the smallest difference of costs divided by that
COARSE = 64  # the first is the largest cost divided by that
FINER = 8  # each is the one before divided by that
CLEAR = 4  # arcs that lose more than so many steps are left out of the next
NEAR = 16  # and of the proof if they lose more than so many smallest differences
MOST = 1 << 31  # the tables are of small numbers, to be read faster; larger ones are left to the general solver


def cheapest_flow(tails: Ints, heads: Ints, capacities: Ints, costs: Ints, supplies: Ints) -> ArcFlow:
    """The cheapest flow that meets all supplies, with its prices. The caller knows that there is a flow."""
    unit = int(np.gcd.reduce(costs)) or 1
    largest = int(np.abs(costs).max(initial=0)) // unit
    if max(int(capacities.max(initial=0)), largest * FINE) >= MOST:
        found = cheapest(tails, heads, capacities, costs, supplies)
        assert found is not None, "the caller knows that there is a flow"
        return found
    net = Net(tails, heads, capacities, costs // unit, np.zeros(len(tails), np.int64))
    rows = np.empty((2 * len(tails), 5), np.int32)
    price = _nearly(net, supplies, max(1, largest * FINE // COARSE), rows)
    price = _exactly(net, -(-price // FINE), rows)
    flow = ArcFlow(tails, heads, capacities, costs, len(supplies), net.flows)
    flow.__dict__["prices"] = price * unit
    return flow


def _nearly(net: Net, supplies: Ints, step: int, rows: Rows) -> Ints:
    """Fill in a flow that costs little too much; returns prices in FINE parts of the smallest difference."""
    work = relabel.memory(supplies, len(rows))
    some = np.ones(len(net.tails), bool)
    while True:
        table = tabulated(net, some, len(supplies), FINE, rows)
        relabel.refine(table.start, table.rows, work, np.int64(step))
        take_over(net, table)
        if step == 1:
            return work.price
        some = (net.flows > 0) | (_loss(net, work.price, FINE) <= CLEAR * step)
        step = max(1, step // FINER)


def _exactly(net: Net, price: Ints, rows: Rows) -> Ints:
    """Make the flow cheapest; returns the prices that prove it for all arcs."""
    work = proof.memory(price)
    some = (net.flows > 0) | (_loss(net, price) <= NEAR)
    while True:
        table = tabulated(net, some, len(price), 1, rows)
        proof.settle(table.start, table.rows, work)
        take_over(net, table)
        gains = (_loss(net, price) < 0) & (net.flows < net.capacities)
        if not gains.any():
            return price
        some |= _loss(net, price) <= NEAR


def _loss(net: Net, price: Ints, scale: int = 1) -> npt.NDArray[np.int64]:
    """What a unit on each arc costs beyond the difference of the prices at its ends."""
    return net.costs * scale + price[net.tails] - price[net.heads]
