"""The steps of the exchange graph that never change, listed by where they start and by where they end.

A node's steps lie in consecutive rows (FAR, PRICE_OF); those that come later, with a new hub or group, hang on a chain
of rows (FAR, PRICE_OF, ONWARD) of their own, so that nothing has to be moved for them.
"""

import numpy as np

from .problem import Ints

BEGIN, END, LATE = 0, 1, 2  # columns of a span: a node's rows, and its first late row or -1
FAR, PRICE_OF, ONWARD = 0, 1, 2  # columns of the rows: the other end, the cost; of late rows also the next one or -1


def listed(near: Ints, far: Ints, cost: Ints, room: int) -> tuple[Ints, Ints]:
    """Spans by node and rows in order of `near`; room for that many nodes."""
    order = np.argsort(near, kind="stable")
    start = np.searchsorted(near[order], np.arange(room + 1))
    return spans(start[:-1], start[1:]), np.stack([far[order], cost[order]], axis=1)


def spans(begin: Ints, end: Ints) -> Ints:
    return np.stack([begin, end, np.full(len(begin), -1)], axis=1)


def hang(span: Ints, late: Ints, row: int, near: Ints, far: Ints, cost: Ints) -> None:
    """Write one step after the other into `late` from `row` on, each the first of its node's late ones."""
    for k, (node, other, points) in enumerate(zip(near.tolist(), far.tolist(), cost.tolist(), strict=True), row):
        late[k] = other, points, span[node, LATE]
        span[node, LATE] = k
