"""A search from its goal: what has a step to a settled node. Each returns where the sides meet, NONE, or AGAIN.

The source and households that stand apart have a step from nearly every cadre. Those steps are all measured at once,
but only the shortest are offered; the others follow as a second ring when the search has come as far.
"""

from .ahead import AGAIN
from .compiled import bare
from .exchange import (
    BAR_AFTER,
    BAR_CADRE,
    BARRED,
    BASE,
    BESIDE,
    BY,
    COST,
    FIRST,
    FIXED,
    GROUP,
    HELD,
    IS_CADRE,
    IS_HOUSEHOLD,
    KIND,
    LAYER,
    LOAD,
    MINE,
    NEXT,
    NOBODY,
    NONE,
    OUTSIDE,
    PAID,
    PER_DISTANCE,
    PLACE,
    POINTS,
    SOURCE,
    UNSEEN,
    WHO,
    ZERO,
    help_points,
    is_barred,
    pair_points,
    slot_points,
)
from .heap import (
    BACK,
    LAST,
    LENGTH,
    MEETING,
    PRICE,
    REACH,
    RING,
    RING_KEY,
    VIA,
    meets,
    nearer,
    note,
    queue,
)


@bare
def _offer(labels, lists, numbers, u, label, via, key):
    """Tell node u of a way from it to the goal; queued if that is shorter than what it knew and can still matter."""
    if not note(labels, lists, numbers, BACK, u, label, via):
        return NONE
    queue(labels, lists, numbers, BACK, u, label, key)
    return u if meets(labels, numbers, u) else NONE


@bare
def to_household(nodes, likes, bars, labels, lists, numbers, h, key):
    """Who could take household h: favoured cadres, and all through its group."""
    here, group = key - labels[h, PRICE], nodes[h, GROUP]
    met = _offer(labels, lists, numbers, group, here + labels[group, PRICE], h, key)
    for row in (2 * h, 2 * h + 1):
        i = likes[row, BY]
        if i != NONE and nodes[h, WHO] != i and not is_barred(nodes, bars, i, h):
            label = here + likes[row, COST] + labels[i, PRICE]
            met = nearer(labels, met, _offer(labels, lists, numbers, i, label, h, key))
    return met


@bare
def to_hub(nodes, bars, labels, lists, numbers, hub, key):
    """Offer the cadres of a hub the household this way leads to; AGAIN with the household in MEETING if it must not
    have one of them."""
    here, met, taken = key - labels[hub, PRICE], NONE, hub
    while nodes[taken, KIND] != IS_HOUSEHOLD:
        taken = labels[taken, VIA + BACK]
    i = nodes[hub, FIRST]
    while i != NONE:
        label = here + labels[i, PRICE]
        if label < labels[i, REACH + BACK] and label < numbers[LENGTH] and nodes[i, KIND] == IS_CADRE:
            if nodes[taken, BARRED] != NONE and is_barred(nodes, bars, i, taken):
                numbers[MEETING] = taken
                return AGAIN
            met = nearer(labels, met, _offer(labels, lists, numbers, i, label, hub, key))
        i = nodes[i, NEXT]
    return met


@bare
def to_cadre(nodes, weights, labels, lists, numbers, v, key):
    """What frees a cadre (or nobody) for another household: giving one up, or a further slot from the source."""
    here, met = key - labels[v, PRICE], NONE
    h = nodes[v, MINE]
    while h != NONE:
        label = here - nodes[h, PAID] + labels[h, PRICE]
        if nodes[h, FIXED] == 0 and label < labels[h, REACH + BACK]:
            met = nearer(labels, met, _offer(labels, lists, numbers, h, label, v, key))
        h = nodes[h, BESIDE]
    points = ZERO if v == NOBODY else slot_points(weights, nodes, v, nodes[v, LOAD])
    if points < UNSEEN:
        label = here + points + labels[SOURCE, PRICE]
        met = nearer(labels, met, _offer(labels, lists, numbers, SOURCE, label, v, key))
    return met


@bare
def first_ring(g, w, v, key, barred_cadre):
    """Measure every cadre's step to v; offer the shortest, leave the others for the second ring."""
    labels, lists, numbers, rest, met = w.labels, w.lists, w.numbers, UNSEEN, NONE
    here = key - labels[v, PRICE]
    least = _measure(g, labels, v, barred_cadre)
    if v == SOURCE:
        nobody, points = g.nodes[NOBODY, LOAD] > 0, ZERO
    else:
        nobody, points = g.nodes[v, WHO] != NOBODY, pair_points(g, NOBODY, v)
    if nobody:
        met = _offer(labels, lists, numbers, NOBODY, here + points + labels[NOBODY, PRICE], v, key)
    for i in g.cadres:
        if labels[i, LAST] > least:
            rest = min(rest, labels[i, LAST])
        elif least < UNSEEN:
            met = nearer(labels, met, _offer(labels, lists, numbers, i, here + least, v, key))
    if rest < UNSEEN:
        numbers[RING], numbers[RING_KEY] = v, here + rest
    return met


@bare
def second_ring(g, w, key):
    """Offer the steps that the first ring left out, if there are any waiting."""
    labels, v, met = w.labels, w.numbers[RING], NONE
    if v != NONE:
        w.numbers[RING] = NONE
        here = labels[v, REACH + BACK] - labels[v, PRICE]
        for i in g.cadres:
            if labels[i, LAST] < UNSEEN:
                found = _offer(labels, w.lists, w.numbers, i, here + labels[i, LAST], v, key)
                met = nearer(labels, met, found)
    return met


@bare
def _measure(g, labels, v, barred_cadre):
    """Cost of every cadre's step to v plus the cadre's price into LAST, UNSEEN if there is none; the least."""
    nodes, weights, least = g.nodes, g.weights, UNSEEN
    if v == SOURCE:
        for i in g.cadres:
            labels[i, LAST] = UNSEEN
            if nodes[i, LOAD] > nodes[i, HELD]:
                labels[i, LAST] = labels[i, PRICE] - slot_points(weights, nodes, i, nodes[i, LOAD] - 1)
    else:
        group = nodes[v, GROUP]
        place = nodes[group, PLACE]
        for i in g.cadres:
            base = nodes[i, BASE]
            points = weights[PER_DISTANCE] * g.base_distance[base, place] + help_points(g, nodes[i, LAYER], group)
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
