"""A search from its goal: what has a step to a settled node.

The source and households that stand apart have a step from nearly every cadre. Those steps are all measured at once,
but only the shortest are offered; the others follow as a second ring when the search has come as far.
"""

from .ahead import meet
from .compiled import compiled
from .exchange import (
    APART,
    BAR_AFTER,
    BAR_CADRE,
    BARRED,
    BASE,
    BESIDE,
    BY,
    COVER,
    FIRST,
    FIXED,
    GROUP,
    HELD,
    IS_ARRIVAL,
    IS_CADRE,
    IS_GROUP,
    IS_HOUSEHOLD,
    IS_HUB,
    IS_SOURCE,
    IS_TRAVEL,
    KIND,
    LAYER,
    LEFT,
    LOAD,
    MINE,
    NEED,
    NEXT,
    NOBODY,
    NONE,
    NUMBER,
    OUTSIDE,
    PAID,
    PER_DISTANCE,
    PLACE,
    POINTS,
    SOURCE,
    UNSEEN,
    WHO,
    ZERO,
    is_barred,
    pair_points,
    slot_points,
    stand_apart,
)
from .heap import BACK, LAST, LENGTH, PRICE, REACH, RING, RING_KEY, VIA, meets, note, queue


@compiled
def _offer(g, w, u, label, via, key):
    """Tell node u of a way from it to the goal; queued if that is shorter than what it knew and can still matter.

    False if a household had to be set apart.
    """
    labels, lists, numbers = w.labels, w.lists, w.numbers
    if not note(labels, lists, numbers, BACK, u, label, via):
        return True
    queue(labels, lists, numbers, BACK, u, label, key)
    return not meets(labels, numbers, u) or meet(g, w, u)


@compiled
def settle_back(g, w, v, key, goal, barred_cadre):
    """Offer a way to all nodes with a step to v. False if a household had to be set apart."""
    nodes, kind = g.nodes, g.nodes[v, KIND]
    here = key - w.labels[v, PRICE]
    if kind == IS_SOURCE or (kind == IS_HOUSEHOLD and (nodes[v, APART] == 1 or (v == goal and barred_cadre != NONE))):
        return second_ring(g, w, key) and _first_ring(g, w, v, here, key, barred_cadre)
    if kind == IS_HOUSEHOLD:
        return _takers(g, w, v, here, key)
    if kind == IS_GROUP:
        return _into_group(g, w, v, here, key)
    if kind == IS_ARRIVAL:
        u = v - len(g.layers) * (len(g.place_start) - 1)
        return _offer(g, w, u, here + w.labels[u, PRICE], v, key) and _doors(g, w, v, here, key)
    if kind == IS_TRAVEL:
        return _along_roads(g, w, v, here, key) and _doors(g, w, v, here, key)
    if kind == IS_HUB:
        return _cadres(g, w, v, here, key)
    h = nodes[v, MINE]  # a cadre, or nobody
    while h != NONE:
        if nodes[h, FIXED] == 0 and not _offer(g, w, h, here - nodes[h, PAID] + w.labels[h, PRICE], v, key):
            return False
        h = nodes[h, BESIDE]
    points = 0 if v == NOBODY else slot_points(g.weights, nodes, v, nodes[v, LOAD])
    return points == UNSEEN or _offer(g, w, SOURCE, here + points + w.labels[SOURCE, PRICE], v, key)


@compiled
def _takers(g, w, h, here, key):
    """Who could take household h: favoured cadres, and all through its group."""
    nodes, group = g.nodes, g.nodes[h, GROUP]
    for row in (2 * h, 2 * h + 1):
        i = g.likes[row, BY]
        if i == NONE or nodes[h, WHO] == i or is_barred(nodes, g.bars, i, h):
            continue
        if not _offer(g, w, i, here + pair_points(g, i, h) + w.labels[i, PRICE], h, key):
            return False
    return _offer(g, w, group, here + w.labels[group, PRICE], h, key)


@compiled
def _into_group(g, w, group, here, key):
    nodes, places, labels, lists, numbers = g.nodes, len(g.place_start) - 1, w.labels, w.lists, w.numbers
    points = g.weights[COVER] + g.weights[LEFT] * nodes[group, NEED]
    if not _offer(g, w, NOBODY, here + points + labels[NOBODY, PRICE], group, key):
        return False
    for layer in range(len(g.layers)):
        u = 2 + (len(g.layers) + layer) * places + nodes[group, PLACE]
        label = here + g.into[layer, nodes[group, NUMBER]] + labels[u, PRICE]
        if note(labels, lists, numbers, BACK, u, label, group):
            queue(labels, lists, numbers, BACK, u, label, key)
            if meets(labels, numbers, u) and not meet(g, w, u):
                return False
    return True


@compiled
def _along_roads(g, w, v, here, key):
    nodes, labels, lists, numbers = g.nodes, w.labels, w.lists, w.numbers
    place = nodes[v, PLACE]
    for k in range(g.back_start[place], g.back_start[place + 1]):
        u = v - place + g.back[k, 0]
        label = here + g.weights[PER_DISTANCE] * g.back[k, 1] + labels[u, PRICE]
        if note(labels, lists, numbers, BACK, u, label, v):
            queue(labels, lists, numbers, BACK, u, label, key)
            if meets(labels, numbers, u) and not meet(g, w, u):
                return False
    return True


@compiled
def _doors(g, w, v, here, key):
    """Offer to the hubs that start at v; for an arrival: that are linked to it."""
    nodes, labels, lists, numbers = g.nodes, w.labels, w.lists, w.numbers
    place, arrival = nodes[v, PLACE], nodes[v, KIND] == IS_ARRIVAL
    row = g.door_first[nodes[v, LAYER] * (len(g.place_start) - 1) + place]
    if not arrival:
        here += g.weights[OUTSIDE]
    while row != NONE:
        hub, row = g.doors[row, 0], g.doors[row, 1]
        if arrival and not g.base_linked[nodes[hub, BASE], place]:
            continue
        label = here + labels[hub, PRICE]
        if note(labels, lists, numbers, BACK, hub, label, v):
            queue(labels, lists, numbers, BACK, hub, label, key)
            if meets(labels, numbers, hub) and not meet(g, w, hub):
                return False
    return True


@compiled
def _cadres(g, w, hub, here, key):
    """Offer the cadres of a hub the household this way leads to."""
    nodes, labels, lists, numbers = g.nodes, w.labels, w.lists, w.numbers
    taken = hub
    while nodes[taken, KIND] != IS_HOUSEHOLD:
        taken = labels[taken, VIA + BACK]
    i = nodes[hub, FIRST]
    while i != NONE:
        label = here + labels[i, PRICE]
        if label < min(labels[i, REACH + BACK], numbers[LENGTH]) and nodes[i, KIND] == IS_CADRE:
            if nodes[taken, BARRED] != NONE and is_barred(nodes, g.bars, i, taken):
                stand_apart(g, taken)
                return False
            note(labels, lists, numbers, BACK, i, label, hub)
            queue(labels, lists, numbers, BACK, i, label, key)
            if meets(labels, numbers, i) and not meet(g, w, i):
                return False
        i = nodes[i, NEXT]
    return True


@compiled
def _first_ring(g, w, v, here, key, barred_cadre):
    """Measure every cadre's step to v; offer the shortest, leave the others for the second ring."""
    labels, numbers, rest = w.labels, w.numbers, UNSEEN
    least = _measure(g, labels, v, barred_cadre)
    if v == SOURCE:
        nobody, points = g.nodes[NOBODY, LOAD] > 0, ZERO
    else:
        nobody, points = g.nodes[v, WHO] != NOBODY, pair_points(g, NOBODY, v)
    if nobody and not _offer(g, w, NOBODY, here + points + labels[NOBODY, PRICE], v, key):
        return False
    for i in g.cadres:
        if labels[i, LAST] > least:
            rest = min(rest, labels[i, LAST])
        elif least < UNSEEN and not _offer(g, w, i, here + least, v, key):
            return False
    if rest < UNSEEN:
        numbers[RING], numbers[RING_KEY] = v, here + rest
    return True


@compiled
def second_ring(g, w, key):
    """Offer the steps that the first ring left out, if there are any waiting."""
    labels, v, fine = w.labels, w.numbers[RING], True
    if v == NONE:
        return True
    w.numbers[RING] = NONE
    here = labels[v, REACH + BACK] - labels[v, PRICE]
    for i in g.cadres:
        if fine and labels[i, LAST] < UNSEEN:
            fine = _offer(g, w, i, here + labels[i, LAST], v, key)
    return fine


@compiled
def _measure(g, labels, v, barred_cadre):
    """Cost of every cadre's step to v plus the cadre's price into LAST, UNSEEN if there is none; the least."""
    nodes, weights, least = g.nodes, g.weights, UNSEEN
    if v == SOURCE:
        for i in g.cadres:
            labels[i, LAST] = UNSEEN
            if nodes[i, LOAD] > nodes[i, HELD]:
                labels[i, LAST] = labels[i, PRICE] - slot_points(weights, nodes, i, nodes[i, LOAD] - 1)
    else:
        place, number = nodes[nodes[v, GROUP], PLACE], nodes[nodes[v, GROUP], NUMBER]
        for i in g.cadres:
            base = nodes[i, BASE]
            points = weights[PER_DISTANCE] * g.base_distance[base, place] + g.into[nodes[i, LAYER], number]
            if not g.base_linked[base, place]:
                points += weights[OUTSIDE]
            labels[i, LAST] = labels[i, PRICE] + points
        for row in (2 * v, 2 * v + 1):
            if g.likes[row, BY] != NONE:
                labels[g.likes[row, BY], LAST] -= g.likes[row, POINTS]
        row = nodes[v, BARRED]
        while row != NONE:
            labels[g.bars[row, BAR_CADRE], LAST] = UNSEEN
            row = g.bars[row, BAR_AFTER]
        labels[nodes[v, WHO], LAST] = UNSEEN
        if barred_cadre != NONE:
            labels[barred_cadre, LAST] = UNSEEN
    for i in g.cadres:
        least = min(least, labels[i, LAST])
    return least
