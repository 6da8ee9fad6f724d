"""The memory of a search from two sides: labels of nodes, a heap by key, and a queue of the nodes at the present key.

All in three tables, so that the compiled functions pass little around; `side` is AHEAD (from the start, along the
steps) or BACK (from the goal, against them).
"""

from typing import NamedTuple

import numpy as np

from .arcs import BEGIN, END, FAR, LATE, ONWARD, PRICE_OF
from .compiled import bare
from .exchange import NONE, UNSEEN, ZERO
from .problem import Ints

AHEAD, BACK = np.int64(0), np.int64(4)

# columns of Work.labels; + side for the first three
REACH = 0  # reduced length of the best way found, UNSEEN between searches
VIA = 1  # the node next to it on that way
AT = 2  # place in the heap, NONE if not in it
PRICE = 3  # price of the node
LAST = 7  # cadre: cost of its step to the source or a household apart, plus its price
# columns of Work.lists and entries of Work.numbers for how long each is; + side
HEAP_NODE, HEAP_KEY, LEVEL, SEEN = range(4)
HEAP, FRONT = HEAP_NODE, HEAP_KEY  # in Work.numbers: length of the heap; how many of LEVEL have been taken
# further entries of Work.numbers
LENGTH, MEETING = 8, 9  # the best whole way, the node where its halves meet
COUNTS = 10  # how far the side of the start counts; the other makes up the length
KEY = 13  # of the side of the start; the next entry: of the side of the goal
RING, RING_KEY = 11, 12  # the node whose second ring of steps is still to come, and from where (see `back`)


class Work(NamedTuple):
    """Everything a search remembers; clean between searches except for the prices."""

    labels: Ints  # by node
    lists: Ints
    numbers: Ints
    steps: Ints
    way: Ints


def memory(room: int) -> Work:
    """Search memory for that many nodes; prices 0."""
    labels = np.zeros((room, 8), np.int64)
    for side in (AHEAD, BACK):
        labels[:, side + REACH], labels[:, side + AT] = UNSEEN, NONE
    return Work(
        labels,
        np.zeros((2 * room + 2, 8), np.int64),  # a node may wait twice at one key: see `search`
        np.zeros(15, np.int64),
        np.zeros((room + 2, 2), np.int64),
        np.zeros(2 * room, np.int64),
    )


@bare
def _rise(labels, lists, side, k, key, v):
    """Put node v with `key` at heap position k or above."""
    while k > 0:
        above = (k - 1) >> 1
        if lists[above, side + HEAP_KEY] <= key:
            break
        u = lists[above, side + HEAP_NODE]
        lists[k, side + HEAP_KEY], lists[k, side + HEAP_NODE] = lists[above, side + HEAP_KEY], u
        labels[u, side + AT] = k
        k = above
    lists[k, side + HEAP_KEY], lists[k, side + HEAP_NODE], labels[v, side + AT] = key, v, k


@bare
def _take_least(labels, lists, numbers, side):
    """Remove and return the node with the least key."""
    least = lists[0, side + HEAP_NODE]
    numbers[side + HEAP] -= 1
    end = numbers[side + HEAP]
    key, v = lists[end, side + HEAP_KEY], lists[end, side + HEAP_NODE]
    k = 0
    while True:
        below = 2 * k + 1
        if below >= end:
            break
        if below + 1 < end and lists[below + 1, side + HEAP_KEY] < lists[below, side + HEAP_KEY]:
            below += 1
        if lists[below, side + HEAP_KEY] >= key:
            break
        u = lists[below, side + HEAP_NODE]
        lists[k, side + HEAP_KEY], lists[k, side + HEAP_NODE] = lists[below, side + HEAP_KEY], u
        labels[u, side + AT] = k
        k = below
    lists[k, side + HEAP_KEY], lists[k, side + HEAP_NODE], labels[v, side + AT] = key, v, k
    labels[least, side + AT] = NONE
    return least


@bare
def note(labels, lists, numbers, side, v, label, via):
    """Note a way of reduced length `label` to v; False if it is no better than the one known or can matter no more."""
    if label >= labels[v, side + REACH] or label >= numbers[LENGTH]:
        return False
    if labels[v, side + REACH] == UNSEEN:
        lists[numbers[side + SEEN], side + SEEN] = v
        numbers[side + SEEN] += 1
    labels[v, side + REACH], labels[v, side + VIA] = label, via
    return True


@bare
def queue(labels, lists, numbers, side, v, label, key):
    """Let node v, just labelled, be settled in its turn."""
    if label == key:
        lists[numbers[side + LEVEL], side + LEVEL] = v
        numbers[side + LEVEL] += 1
    elif labels[v, side + AT] >= 0:
        _rise(labels, lists, side, labels[v, side + AT], label, v)
    else:
        numbers[side + HEAP] += 1
        _rise(labels, lists, side, numbers[side + HEAP] - 1, label, v)


@bare
def meets(labels, numbers, v):
    """Do the two sides meet in v on a way that is shorter than the best?"""
    there, back = labels[v, REACH], labels[v, REACH + BACK]
    return there < UNSEEN and back < UNSEEN and there + back < numbers[LENGTH]


@bare
def nearer(labels, met, v):
    """Of two nodes where the sides meet (NONE: they do not), the one on the shorter way."""
    if met == NONE or v == NONE:
        return v if met == NONE else met
    return v if labels[v, REACH] + labels[v, REACH + BACK] < labels[met, REACH] + labels[met, REACH + BACK] else met


@bare
def spread(labels, lists, numbers, side, span, arcs, late, u, key):
    """Offer all nodes that an unchanging step joins to u a way through it; the node where the sides meet, or NONE."""
    met, sign = NONE, 1 if side == AHEAD else -1
    here = key + sign * labels[u, PRICE]
    for k in range(span[u, BEGIN], span[u, END]):
        v = arcs[k, FAR]
        label = here + arcs[k, PRICE_OF] - sign * labels[v, PRICE]
        if label < labels[v, side + REACH]:
            met = _pass_on(labels, lists, numbers, side, v, label, u, key, met)
    row = span[u, LATE]
    while row != NONE:
        v = late[row, FAR]
        label = here + late[row, PRICE_OF] - sign * labels[v, PRICE]
        if label < labels[v, side + REACH]:
            met = _pass_on(labels, lists, numbers, side, v, label, u, key, met)
        row = late[row, ONWARD]
    return met


@bare
def _pass_on(labels, lists, numbers, side, v, label, via, key, met):
    """Offer node v a way through `via`; of `met` and v the one where the sides meet on the shorter way."""
    if note(labels, lists, numbers, side, v, label, via):
        queue(labels, lists, numbers, side, v, label, key)
        if meets(labels, numbers, v):
            return nearer(labels, met, v)
    return met


@bare
def waiting(numbers, side):
    """How many nodes of a side are labelled and not settled (some counted twice)."""
    return numbers[side + HEAP] + numbers[side + LEVEL] - numbers[side + FRONT]


@bare
def take_next(labels, lists, numbers, side, key):
    """The next node to settle and its key; NONE when there is none left."""
    while numbers[side + LEVEL] > 0 or numbers[side + HEAP] > 0:
        if numbers[side + LEVEL] > 0:
            u = lists[numbers[side + FRONT], side + LEVEL]
            numbers[side + FRONT] += 1
            if numbers[side + FRONT] == numbers[side + LEVEL]:
                numbers[side + FRONT] = numbers[side + LEVEL] = 0
            return u, key
        key, u = lists[0, side + HEAP_KEY], _take_least(labels, lists, numbers, side)
        if key == labels[u, side + REACH]:  # else it came to the queue meanwhile
            return u, key
    return NONE, key


@bare
def begin(w, side, v):
    """Start one side from node v."""
    note(w.labels, w.lists, w.numbers, side, v, ZERO, NONE)
    queue(w.labels, w.lists, w.numbers, side, v, ZERO, ZERO)


@bare
def clean(w):
    """Make ready for the next search."""
    for side in (AHEAD, BACK):
        for k in range(w.numbers[side + SEEN]):
            v = w.lists[k, side + SEEN]
            w.labels[v, side + REACH], w.labels[v, side + AT] = UNSEEN, NONE
    w.numbers[:] = 0
