"""Makes a flow nearly cheapest: units that are too many somewhere are passed on along rows worth passing them on.

Every node has a price. What a row gains is the price of its head less its cost and the price of its tail; no row with
room may gain more than `step`, and units move only along rows that gain anything. A node that has units left and no
such row lowers its price. From time to time all prices are lowered at once, so that from every node with too much
such rows lead all the way to a node that lacks something (Goldberg and Tarjan's method, with Goldberg's update).
"""

from typing import NamedTuple

import numpy as np

from .compiled import bare
from .problem import Ints
from .residual import BACK, COST, HEAD, ROOM, push

FAR = np.int64(1) << 60
NONE, ZERO = np.int64(-1), np.int64(0)
BUCKETS = 1 << 14  # farther than so many steps no node is told its way: it finds that out by itself
FIRST, WAITING, LOWERED = range(3)  # entries of Work.tally: the ring's first and length, prices lowered of late
NODE, NEXT = 0, 1  # columns of Work.links


class Work(NamedTuple):
    """By node, unless told otherwise."""

    price: Ints
    excess: Ints  # units too many; negative: units lacking
    current: Ints  # the row to try next
    ring: Ints  # nodes with units too many, in order of coming
    waits: Ints  # 1 if in the ring
    tally: Ints
    steps: Ints  # how far from the next node that lacks something
    bucket: Ints  # by steps: the first link
    links: Ints  # of the buckets


def memory(supplies: Ints, rows: int) -> Work:
    """For networks with these supplies and at most so many rows; prices 0, nothing flows yet."""
    nodes = len(supplies)
    price, current, ring, waits, steps = np.zeros((5, nodes), np.int64)
    links = np.empty((rows + nodes, 2), np.int64)
    return Work(
        price, supplies.copy(), current, ring, waits, np.zeros(3, np.int64), steps, np.zeros(BUCKETS, np.int64), links
    )


@bare
def refine(start, rows, w, step):
    """Change flow and prices until all supplies are met and no row with room gains more than `step`."""
    nodes, tally = len(w.price), w.tally
    _saturate(start, rows, w)
    tally[LOWERED] = 2 * nodes
    while tally[WAITING] > 0:
        if tally[LOWERED] >= 2 * nodes:
            _show_ways(start, rows, w, step)
            tally[LOWERED] = 0
        u = w.ring[tally[FIRST]]
        tally[FIRST] = tally[FIRST] + 1 if tally[FIRST] + 1 < nodes else 0
        tally[WAITING] -= 1
        w.waits[u] = 0
        while not _pass_on(start, rows, w, u):
            _lower(start, rows, w, u, step)


@bare
def _saturate(start, rows, w):
    """Fill every row that gains anything, and put the nodes with too much into the ring."""
    for u in range(len(w.price)):
        for k in range(start[u], start[u + 1]):
            if rows[k, ROOM] > 0 and rows[k, COST] + w.price[u] < w.price[rows[k, HEAD]]:
                w.excess[u] -= rows[k, ROOM]
                w.excess[rows[k, HEAD]] += rows[k, ROOM]
                push(rows, k, rows[k, ROOM])
    w.tally[FIRST] = w.tally[WAITING] = 0
    for u in range(len(w.price)):
        if w.excess[u] > 0:
            _wait(w, u)


@bare
def _wait(w, u):
    at = w.tally[FIRST] + w.tally[WAITING]
    w.ring[at if at < len(w.ring) else at - len(w.ring)] = u
    w.tally[WAITING] += 1
    w.waits[u] = 1


@bare
def _pass_on(start, rows, w, u):
    """Pass what node u has too much on along rows that gain, from its current row on; False if something is left."""
    price, excess, left = w.price[u], w.excess, w.excess[u]
    k, end = w.current[u], start[u + 1]
    while k < end:
        if rows[k, ROOM] > 0:
            v = rows[k, HEAD]
            if rows[k, COST] + price < w.price[v]:
                units = min(left, rows[k, ROOM])
                push(rows, k, units)
                left -= units
                excess[v] += units
                if excess[v] > 0 and w.waits[v] == 0:
                    _wait(w, v)
                if left == 0:
                    break
        k += 1
    w.current[u], excess[u] = k, left
    return left == 0


@bare
def _lower(start, rows, w, u, step):
    """Lower the price of u until one row gains `step`; that row is the next to try."""
    best = -FAR
    for k in range(start[u], start[u + 1]):
        if rows[k, ROOM] > 0:
            most = w.price[rows[k, HEAD]] - rows[k, COST]
            if most > best:
                best = most
                w.current[u] = k
    w.price[u] = best - step
    w.tally[LOWERED] += 1


@bare
def _show_ways(start, rows, w, step):
    """Lower all prices so that every node with too much has a way of rows that gain to a node that lacks something.

    Searched from the latter, against the rows, by whole steps (Dial's buckets; nodes found again are skipped).
    """
    left, size = _begin(w)
    at = ZERO
    while left > 0:
        while at < len(w.bucket) and w.bucket[at] == NONE:
            at += 1
        if at == len(w.bucket):
            break
        link = w.bucket[at]
        v, w.bucket[at] = w.links[link, NODE], w.links[link, NEXT]
        if w.steps[v] == at:
            w.steps[v] = ~at  # settled
            left -= w.excess[v] > 0
            size = _spread(start, rows, w, v, at, step, size)
    for u in range(len(w.price)):
        w.price[u] -= step * (~w.steps[u] if w.steps[u] < 0 else at)
        w.current[u] = start[u]


@bare
def _begin(w):
    """Put the nodes that lack something into the first bucket; returns how many have too much, and links in use."""
    left = size = ZERO
    w.bucket[:] = NONE
    for v in range(len(w.steps)):
        w.steps[v] = FAR
        left += w.excess[v] > 0
        if w.excess[v] < 0:
            size = _link(w, v, ZERO, size)
    return left, size


@bare
def _link(w, v, at, size):
    w.steps[v] = at
    w.links[size, NODE], w.links[size, NEXT] = v, w.bucket[at]
    w.bucket[at] = size
    return size + 1


@bare
def _spread(start, rows, w, v, at, step, size):
    """Tell the nodes with a row to v how far they are through it."""
    for k in range(start[v], start[v + 1]):
        u = rows[k, HEAD]
        if rows[k, BACK] > 0 and w.steps[u] > at:
            loss = w.price[u] - rows[k, COST] - w.price[v]
            there = at if loss < 0 else at + loss // step + 1
            if there < w.steps[u] and there < len(w.bucket):
                size = _link(w, u, there, size)
    return size
