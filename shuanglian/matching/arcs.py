"""The steps of the exchange graph that never change, listed by where they start and by where they end."""

import numpy as np

from .problem import Ints


def listed(near: Ints, far: Ints, cost: Ints, room: int) -> tuple[Ints, Ints]:
    """Rows (far, cost) in order of `near`, and where each node's rows begin; room for that many nodes."""
    order = np.argsort(near, kind="stable")
    start = np.searchsorted(near[order], np.arange(room + 1))
    return start, np.stack([far[order], cost[order]], axis=1)


def with_more(start: Ints, rows: Ints, near: Ints, far: Ints, cost: Ints) -> tuple[Ints, Ints]:
    """The same list with further rows, each behind those its node already has; `near` in order."""
    grown = np.insert(rows, start[near + 1], np.stack([far, cost], axis=1), axis=0)
    return start + np.searchsorted(near, np.arange(len(start))), grown
