"""Turns a nearly cheapest flow into a cheapest one, and finds the prices that prove it.

Prices are raised until no row with room gains anything (Bellman and Ford's method, against the rows). Where the flow
is not yet cheapest that would never end: the rows for which prices were raised close to a ring, and a unit more along
the ring makes the flow cheaper. So that is done, and the search goes on.

Raising, because with high prices later searches for a single change (see `search`) look at fewer people.
"""

from typing import NamedTuple

import numpy as np

from .compiled import bare
from .problem import Ints
from .residual import BACK, COST, HEAD, PAIR, push

FAR = np.int64(1) << 60
NONE = np.int64(-1)


class Work(NamedTuple):
    """By node."""

    price: Ints
    via: Ints  # for which row the price was raised last, seen from where it ends, or NONE
    now: Ints  # nodes whose rows are looked at in this round
    then: Ints  # and in the next
    waits: Ints  # 1 if among the latter
    seen: Ints  # by which walk along `via`


def memory(price: Ints) -> Work:
    now, then, waits, seen = np.zeros((4, len(price)), np.int64)
    return Work(price, np.full(len(price), NONE), now, then, waits, seen)


@bare
def settle(start, rows, w):
    """Raise prices until no row with room gains anything, changing the flow where that makes it cheaper."""
    count = len(w.price)
    w.via[:] = NONE
    for u in range(count):
        w.now[u] = u
    while count > 0:
        w.waits[:] = 0
        found = np.int64(0)
        for k in range(count):
            found = _raise(start, rows, w, w.now[k], found)
        count = _close_rings(rows, w, found)
        for k in range(count):
            w.now[k] = w.then[k]


@bare
def _raise(start, rows, w, v, found):
    """Raise the prices of the nodes with a row to v that gains; returns how many wait for the next round."""
    for k in range(start[v], start[v + 1]):
        u = rows[k, HEAD]
        if rows[k, BACK] > 0 and w.price[v] + rows[k, COST] > w.price[u]:
            w.price[u], w.via[u] = w.price[v] + rows[k, COST], k
            found = _wait(w, u, found)
    return found


@bare
def _wait(w, v, found):
    if w.waits[v] == 0:
        w.waits[v] = 1
        w.then[found] = v
        found += 1
    return found


@bare
def _close_rings(rows, w, found):
    """Let flow round every ring of such rows; returns how many nodes wait for the next round."""
    w.seen[:] = 0
    for k in range(found):
        v, walk = w.then[k], k + 1
        while w.seen[v] == 0:
            w.seen[v] = walk
            if w.via[v] == NONE:
                break
            v = _after(rows, w, v)
        if w.seen[v] == walk and w.via[v] != NONE:
            found = _go_round(rows, w, v, found)
    return found


@bare
def _after(rows, w, v):
    return rows[rows[w.via[v], PAIR], HEAD]


@bare
def _go_round(rows, w, v, found):
    """Push as much as there is room for round the ring through v, if that is a gain; its nodes wait again."""
    room, gain, u = FAR, np.int64(0), v
    while True:
        room, gain = min(room, rows[w.via[u], BACK]), gain + rows[w.via[u], COST]
        u = _after(rows, w, u)
        if u == v:
            break
    while w.via[u] != NONE:
        row, after = w.via[u], _after(rows, w, u)
        if gain > 0:
            push(rows, rows[row, PAIR], room)
        w.via[u] = NONE
        found = _wait(w, u, found)
        u = after
    return found
