"""The cheapest way through the exchange graph, searched from both ends at once, and taking it.

Many steps cost nothing, so that from one end alone half the county may look equally near; from both ends the two
halves meet after a few thousand nodes. The side with fewer nodes waiting settles its nearest one (Dijkstra's method on
reduced costs), of nodes equally near the first found, so that few people move; the search ends when the two keys
together reach the best way found. That is exact only if every step is offered, as soon as one of its ends is settled,
by one side at least. Where the layers would lead a household to a cadre who is forbidden to it, that household is set
apart, to be reached directly, and the search begins again.
"""

import numpy as np

from .ahead import AGAIN, from_cadre, from_cadre_apart, from_group, from_source, meet
from .back import first_ring, second_ring, to_cadre, to_household, to_hub
from .compiled import bare
from .exchange import (
    APART,
    IS_ARRIVAL,
    IS_CADRE,
    IS_GONE,
    IS_GROUP,
    IS_HOUSEHOLD,
    IS_HUB,
    IS_NOBODY,
    IS_TRAVEL,
    KIND,
    LOAD,
    NONE,
    PAID,
    SOURCE,
    UNSEEN,
    ZERO,
    give,
    pair_points,
    stand_apart,
    steps_from,
)
from .heap import (
    AHEAD,
    BACK,
    COUNTS,
    KEY,
    LENGTH,
    MEETING,
    PRICE,
    REACH,
    RING,
    RING_KEY,
    SEEN,
    VIA,
    begin,
    clean,
    nearer,
    queue,
    spread,
    take_next,
    waiting,
)

ENDS = np.int64(-3)  # what a side may answer besides NONE and AGAIN


@bare
def find_way(g, w, start, goal, barred_cadre):
    """The cheapest way from `start` (a cadre or the source) to `goal` (a household or the source).

    Avoids forbidden pairs and, unless NONE, (barred_cadre, goal). Returns its reduced length, or -1 if there is none.
    The search is left standing for `take_way`; `clean` must follow.
    """
    while not _search(g, w, start, goal, barred_cadre):
        clean(w)
    return w.numbers[LENGTH] if w.numbers[LENGTH] < UNSEEN else -1


@bare
def _search(g, w, start, goal, barred_cadre):
    """One run; False if a household had to be set apart."""
    numbers = w.numbers
    numbers[LENGTH], numbers[RING] = UNSEEN, NONE
    begin(w, AHEAD, start)
    begin(w, BACK, goal)
    met = NONE
    while met == NONE:
        if waiting(numbers, AHEAD) <= waiting(numbers, BACK):
            met = _side_of_start(g, w, goal, barred_cadre)
        else:
            met = _side_of_goal(g, w, goal, barred_cadre)
    if met == AGAIN:
        stand_apart(g, numbers[MEETING])
    return met == ENDS


@bare
def _side_of_start(g, w, goal, barred_cadre):
    """Settle a node on the side of the start; NONE: goes on, ENDS, or AGAIN."""
    nodes, labels, lists, numbers = g.nodes, w.labels, w.lists, w.numbers
    u, key = take_next(labels, lists, numbers, AHEAD, numbers[KEY])
    numbers[KEY] = key
    if u == NONE:  # all that can be reached is settled: this side counts as far as need be
        numbers[COUNTS] = numbers[LENGTH] - min(numbers[KEY + 1], numbers[LENGTH])
        return ENDS
    numbers[COUNTS] = min(key, numbers[LENGTH])
    if key + numbers[KEY + 1] >= numbers[LENGTH]:
        return ENDS
    kind = nodes[u, KIND]
    if kind in (IS_TRAVEL, IS_ARRIVAL, IS_HUB):
        met = spread(labels, lists, numbers, AHEAD, g.ahead_span, g.ahead, g.late, u, key)
    elif kind == IS_GROUP:
        met = from_group(nodes, g.bars, labels, lists, numbers, u, key, goal if barred_cadre != NONE else NONE)
    elif kind == IS_CADRE:
        met = from_cadre(nodes, g.weights, g.likes, g.bars, labels, lists, numbers, u, key, goal, barred_cadre)
    else:
        met = from_source(g, w, u, key)
        if kind == IS_NOBODY:
            met = nearer(labels, met, spread(labels, lists, numbers, AHEAD, g.ahead_span, g.ahead, g.late, u, key))
    if kind in (IS_CADRE, IS_NOBODY) and (g.used[1] > 0 or barred_cadre != NONE):
        met = nearer(labels, met, from_cadre_apart(g, w, u, key, goal, barred_cadre))
    return AGAIN if met == AGAIN or (met != NONE and not meet(g, w, met)) else NONE


@bare
def _side_of_goal(g, w, goal, barred_cadre):
    """Settle a node on the side of the goal; NONE: goes on, ENDS, or AGAIN."""
    labels, lists, numbers = w.labels, w.lists, w.numbers
    v, key = take_next(labels, lists, numbers, BACK, numbers[KEY + 1])
    if numbers[RING] != NONE and (v == NONE or key >= numbers[RING_KEY]):
        key = numbers[RING_KEY]
        if v != NONE:  # the ring may hold nearer nodes; this one waits again
            queue(labels, lists, numbers, BACK, v, labels[v, REACH + BACK], key)
        met = second_ring(g, w, key)
        if met != NONE and not meet(g, w, met):
            return AGAIN
        v, key = take_next(labels, lists, numbers, BACK, key)
    numbers[KEY + 1] = key
    if v == NONE or numbers[KEY] + key >= numbers[LENGTH]:
        numbers[COUNTS] = min(numbers[KEY], numbers[LENGTH])
        return ENDS
    met = _into(g, w, v, key, goal, barred_cadre)
    return AGAIN if met == AGAIN or (met != NONE and not meet(g, w, met)) else NONE


@bare
def _into(g, w, v, key, goal, barred_cadre):
    """Settle one node on the side of the goal."""
    nodes, labels, lists, numbers = g.nodes, w.labels, w.lists, w.numbers
    kind = nodes[v, KIND]
    if kind in (IS_TRAVEL, IS_ARRIVAL, IS_GROUP):
        return spread(labels, lists, numbers, BACK, g.behind_span, g.behind, g.late, v, key)
    if kind == IS_HUB:
        return to_hub(nodes, g.bars, labels, lists, numbers, v, key)
    if kind in (IS_CADRE, IS_NOBODY):
        return to_cadre(nodes, g.weights, labels, lists, numbers, v, key)
    if kind == IS_HOUSEHOLD and nodes[v, APART] == 0 and (v != goal or barred_cadre == NONE):
        return to_household(nodes, g.likes, g.bars, labels, lists, numbers, v, key)
    met = second_ring(g, w, key)
    if met != NONE and not meet(g, w, met):
        return AGAIN
    return first_ring(g, w, v, key, barred_cadre)


@bare
def lay_out(w):
    """Write the nodes of the way just found into `way`, in order; returns how many."""
    size, v = 0, w.numbers[MEETING]
    while v != NONE:
        w.way[size] = v
        size += 1
        v = w.labels[v, VIA]
    for k in range(size // 2):  # noted from the meeting to the start
        w.way[k], w.way[size - 1 - k] = w.way[size - 1 - k], w.way[k]
    v = w.labels[w.numbers[MEETING], VIA + BACK]
    while v != NONE:
        w.way[size] = v
        size += 1
        v = w.labels[v, VIA + BACK]
    return size


@bare
def take_way(g, w):
    """Re-pair along the way just found and bring the prices up to date."""
    nodes, size = g.nodes, lay_out(w)
    giver = NONE
    for k in range(size):
        v = w.way[k]
        if nodes[v, KIND] == IS_HOUSEHOLD:
            give(nodes, v, giver)
            nodes[v, PAID] = pair_points(g, giver, v)
        elif v == SOURCE:
            if k > 0:
                nodes[giver, LOAD] -= 1
        elif nodes[v, KIND] in (IS_CADRE, IS_NOBODY):
            giver = v
            if k > 0 and w.way[k - 1] == SOURCE:
                nodes[v, LOAD] += 1
    _reprice(w)


@bare
def _reprice(w):
    """Lower what lies near the start, raise what lies near the goal: the way itself then costs nothing."""
    near = w.numbers[COUNTS]
    for side, far, sign in ((AHEAD, near, 1), (BACK, w.numbers[LENGTH] - near, -1)):
        for k in range(w.numbers[side + SEEN]):
            v = w.lists[k, side + SEEN]
            if w.labels[v, side + REACH] < far:
                w.labels[v, PRICE] += sign * (w.labels[v, side + REACH] - far)


@bare
def worst_step(g, w):
    """The least reduced cost of any step: 0 at an optimum with its prices."""
    worst = ZERO
    for u in range(g.used[0]):
        if g.nodes[u, KIND] != IS_GONE:
            for k in range(steps_from(g, u, w.steps)):
                worst = min(
                    worst,
                    w.steps[k, 1] + w.labels[u, PRICE] - w.labels[w.steps[k, 0], PRICE],
                )
    return worst
