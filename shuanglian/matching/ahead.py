"""A search from its start: whom a settled node can reach. Each returns where the sides meet, NONE, or AGAIN."""

import numpy as np

from .compiled import bare
from .exchange import (
    AFTER,
    APART,
    BARRED,
    COST,
    FIRST,
    FIXED,
    GROUP,
    HELD,
    IS_ARRIVAL,
    IS_CADRE,
    IS_GROUP,
    IS_HOUSEHOLD,
    IS_HUB,
    IS_NOBODY,
    IS_TRAVEL,
    KIND,
    LOAD,
    NEXT,
    NOBODY,
    NONE,
    PAID,
    SOURCE,
    UNSEEN,
    WHO,
    is_barred,
    pair_points,
    slot_points,
)
from .heap import AHEAD, BACK, LENGTH, MEETING, PRICE, REACH, VIA, meets, nearer, note, queue

AGAIN = np.int64(-2)  # a household was set apart: the search must begin again


@bare
def meet(g, w, v):
    """The sides meet in v: note the way if it is the shortest so far.

    False, with the household in MEETING, if it would give that household to a cadre who must not have it.
    """
    nodes, labels, numbers = g.nodes, w.labels, w.numbers
    if labels[v, REACH] + labels[v, REACH + BACK] >= numbers[LENGTH]:
        return True
    if nodes[v, KIND] in (IS_TRAVEL, IS_ARRIVAL, IS_HUB, IS_GROUP):
        taken = v
        while nodes[taken, KIND] != IS_HOUSEHOLD:
            taken = labels[taken, VIA + BACK]
        if nodes[taken, BARRED] != NONE and is_barred(nodes, g.bars, _giver(nodes, labels, v), taken):
            numbers[MEETING] = taken
            return False
    numbers[LENGTH], numbers[MEETING] = labels[v, REACH] + labels[v, REACH + BACK], v
    return True


@bare
def _giver(nodes, labels, v):
    """The cadre (or nobody) from whom the way leads through the layers to node v."""
    while nodes[v, KIND] not in (IS_CADRE, IS_NOBODY):
        v = labels[v, VIA]
    return v


@bare
def _offer(nodes, labels, lists, numbers, v, label, via, key):
    """Tell node v of a way from the start; queued if that is shorter than what it knew and can still matter."""
    met = NONE
    if not note(labels, lists, numbers, AHEAD, v, label, via):
        return met
    if meets(labels, numbers, v):
        met = v
    if nodes[v, KIND] == IS_HOUSEHOLD:  # goes on to the cadre it is with
        i = nodes[v, WHO]
        if nodes[v, FIXED] == 1 or i == SOURCE:
            return met
        label += labels[v, PRICE] - nodes[v, PAID] - labels[i, PRICE]
        if not note(labels, lists, numbers, AHEAD, i, label, v):
            return met
        v = i
        if meets(labels, numbers, v):
            met = nearer(labels, met, v)
    queue(labels, lists, numbers, AHEAD, v, label, key)
    return met


@bare
def from_cadre(nodes, weights, likes, bars, labels, lists, numbers, u, key, goal, barred_cadre):
    """Offer a cadre's hub, the source (the last slot given back), and the households favoured."""
    here = key + labels[u, PRICE]
    hub = nodes[u, GROUP]
    met = NONE
    if here - labels[hub, PRICE] < labels[hub, REACH]:
        met = _offer(nodes, labels, lists, numbers, hub, here - labels[hub, PRICE], u, key)
    if nodes[u, LOAD] > nodes[u, HELD]:
        label = here - slot_points(weights, nodes, u, nodes[u, LOAD] - 1) - labels[SOURCE, PRICE]
        if label < labels[SOURCE, REACH]:
            found = _offer(nodes, labels, lists, numbers, SOURCE, label, u, key)
            met = nearer(labels, met, found)
    row = nodes[u, FIRST]
    while row != NONE:
        h = row >> 1
        label = here + likes[row, COST] - labels[h, PRICE]
        other = nodes[h, KIND] == IS_HOUSEHOLD and nodes[h, WHO] != u and (u != barred_cadre or h != goal)
        if other and label < labels[h, REACH] and not is_barred(nodes, bars, u, h):
            met = nearer(labels, met, _offer(nodes, labels, lists, numbers, h, label, u, key))
        row = likes[row, AFTER]
    return met


@bare
def from_group(nodes, bars, labels, lists, numbers, group, key, hidden):
    """Offer the households of a group, except `hidden`, the cadre this way comes from; AGAIN with the household in
    MEETING if it must not have that cadre."""
    here, met = key + labels[group, PRICE], NONE
    giver = _giver(nodes, labels, group)
    h = nodes[group, FIRST]
    while h != NONE:
        label = here - labels[h, PRICE]
        if label < labels[h, REACH] and label < numbers[LENGTH] and nodes[h, APART] == 0 and h != hidden:
            if nodes[h, BARRED] != NONE and is_barred(nodes, bars, giver, h):
                numbers[MEETING] = h
                return AGAIN
            found = _offer(nodes, labels, lists, numbers, h, label, group, key)
            met = nearer(labels, met, found)
        h = nodes[h, NEXT]
    return met


@bare
def from_cadre_apart(g, w, u, key, goal, barred_cadre):
    """Offer a cadre's (or nobody's) own steps to the households that stand apart, and to a goal barred to someone.

    Every step must be offered from at least one side at once, or the search may end before it: the side of the goal
    leaves the longer steps to its goal for later (see `back`).
    """
    met = NONE
    if barred_cadre != NONE and u != barred_cadre and g.nodes[goal, APART] == 0:
        met = _directly(g, w, u, key, goal)
    for h in g.apart[: g.used[1]]:
        if u != barred_cadre or h != goal:
            met = nearer(w.labels, met, _directly(g, w, u, key, h))
    return met


@bare
def _directly(g, w, u, key, h):
    """Offer household h the step from cadre u (or nobody) at the full cost of the pair."""
    nodes, labels = g.nodes, w.labels
    if nodes[h, KIND] != IS_HOUSEHOLD or nodes[h, WHO] == u:
        return NONE
    label = key + labels[u, PRICE] + pair_points(g, u, h) - labels[h, PRICE]
    if label >= labels[h, REACH] or is_barred(nodes, g.bars, u, h):
        return NONE
    return _offer(nodes, labels, w.lists, w.numbers, h, label, u, key)


@bare
def from_source(g, w, u, key):
    """Offer the open slots of all cadres, and nobody; or, from nobody, the source."""
    labels, lists, numbers, met = w.labels, w.lists, w.numbers, NONE
    here = key + labels[u, PRICE]
    if u == NOBODY:
        if g.nodes[NOBODY, LOAD] > 0:
            met = _offer(g.nodes, labels, lists, numbers, SOURCE, here - labels[SOURCE, PRICE], u, key)
        return met
    met = _offer(g.nodes, labels, lists, numbers, NOBODY, here - labels[NOBODY, PRICE], u, key)
    for i in g.cadres:
        points = slot_points(g.weights, g.nodes, i, g.nodes[i, LOAD])
        if points < UNSEEN and here + points - labels[i, PRICE] < labels[i, REACH]:
            label = here + points - labels[i, PRICE]
            met = nearer(labels, met, _offer(g.nodes, labels, lists, numbers, i, label, u, key))
    return met
