"""A search from its start: what a settled node has a step to."""

from .compiled import compiled
from .exchange import (
    APART,
    BARRED,
    FIRST,
    FIXED,
    IS_ARRIVAL,
    IS_CADRE,
    IS_GROUP,
    IS_HOUSEHOLD,
    IS_HUB,
    IS_NOBODY,
    IS_TRAVEL,
    KIND,
    NEXT,
    NONE,
    PAID,
    SOURCE,
    WHO,
    is_barred,
    stand_apart,
    steps_from,
)
from .heap import AHEAD, BACK, LENGTH, MEETING, PRICE, REACH, VIA, meets, note, queue


@compiled
def meet(g, w, v):
    """The sides meet in v on the shortest way so far.

    False if it would give a household to a cadre who must not have it; that household then stands apart.
    """
    nodes, labels, numbers = g.nodes, w.labels, w.numbers
    if nodes[v, KIND] in (IS_TRAVEL, IS_ARRIVAL, IS_GROUP, IS_HUB):
        taken = v
        while nodes[taken, KIND] != IS_HOUSEHOLD:
            taken = labels[taken, VIA + BACK]
        if nodes[taken, BARRED] != NONE and is_barred(nodes, g.bars, giver_of(nodes, labels, v), taken):
            stand_apart(g, taken)
            return False
    numbers[LENGTH], numbers[MEETING] = labels[v, REACH] + labels[v, REACH + BACK], v
    return True


@compiled
def giver_of(nodes, labels, v):
    """The cadre (or nobody) from whom the way leads through the layers to node v."""
    while nodes[v, KIND] not in (IS_CADRE, IS_NOBODY):
        v = labels[v, VIA]
    return v


@compiled
def _offer(nodes, labels, lists, numbers, v, label, via, key):
    """Tell node v of a way from the start; returns the node where the sides then meet, or NONE.

    It is queued if that is shorter than what it knew and can still matter.
    """
    if not note(labels, lists, numbers, AHEAD, v, label, via):
        return NONE
    met = v if meets(labels, numbers, v) else NONE
    if nodes[v, KIND] == IS_HOUSEHOLD:  # goes on to the cadre it is with
        i = nodes[v, WHO]
        if nodes[v, FIXED] == 1 or i == SOURCE:
            return met
        label += labels[v, PRICE] - nodes[v, PAID] - labels[i, PRICE]
        if not note(labels, lists, numbers, AHEAD, i, label, v):
            return met
        v = i
        if met == NONE and meets(labels, numbers, v):
            met = v
    queue(labels, lists, numbers, AHEAD, v, label, key)
    return met


@compiled
def settle_ahead(g, w, u, key, goal, barred_cadre):
    """Offer a way to all nodes that u has a step to. False if a household had to be set apart."""
    nodes, labels, lists, numbers = g.nodes, w.labels, w.lists, w.numbers
    here = key + labels[u, PRICE]
    if nodes[u, KIND] == IS_GROUP:
        return _members(g, w, u, here, key, goal, barred_cadre)
    for k in range(steps_from(g, u, w.steps)):
        v = w.steps[k, 0]
        label = here + w.steps[k, 1] - labels[v, PRICE]
        if label >= labels[v, REACH] or (u == barred_cadre and v == goal):
            continue
        met = _offer(nodes, labels, lists, numbers, v, label, u, key)
        if met != NONE and not meet(g, w, met):
            return False
    return True


@compiled
def _members(g, w, group, here, key, goal, barred_cadre):
    """Offer the households of a group the cadre this way comes from."""
    nodes, labels, lists, numbers = g.nodes, w.labels, w.lists, w.numbers
    giver = giver_of(nodes, labels, group)
    h = nodes[group, FIRST]
    while h != NONE:
        label = here - labels[h, PRICE]
        if label < labels[h, REACH] and nodes[h, APART] == 0 and (barred_cadre == NONE or h != goal):
            shorter = label < numbers[LENGTH]
            if shorter and nodes[h, BARRED] != NONE and is_barred(nodes, g.bars, giver, h):
                stand_apart(g, h)
                return False
            met = _offer(nodes, labels, lists, numbers, h, label, group, key)
            if met != NONE and not meet(g, w, met):
                return False
        h = nodes[h, NEXT]
    return True
