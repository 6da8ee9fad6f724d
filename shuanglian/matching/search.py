"""The cheapest way through the exchange graph, searched from both ends at once, and taking it.

Many steps cost nothing, so that from one end alone half the county may look equally near; from both ends the two
halves meet after a few hundred nodes. Each side settles its nearest node in turn (Dijkstra's method on reduced
costs); the search ends when the two keys together reach the best way found. Where the layers would lead a household
to a cadre who is forbidden to it, that household is set apart, to be reached directly, and the search begins again.
"""

from .ahead import settle_ahead
from .back import second_ring, settle_back
from .compiled import compiled
from .exchange import (
    IS_CADRE,
    IS_GONE,
    IS_HOUSEHOLD,
    IS_NOBODY,
    KIND,
    LOAD,
    NONE,
    PAID,
    SOURCE,
    UNSEEN,
    ZERO,
    give,
    pair_points,
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
    queue,
    take_next,
)


@compiled
def find_way(g, w, start, goal, barred_cadre):
    """The cheapest way from `start` (a cadre or the source) to `goal` (a household or the source).

    Avoids forbidden pairs and, unless NONE, (barred_cadre, goal). Returns its reduced length, or -1 if there is none.
    The search is left standing for `take_way`; `clean` must follow.
    """
    while not _search(g, w, start, goal, barred_cadre):
        clean(w)
    return w.numbers[LENGTH] if w.numbers[LENGTH] < UNSEEN else -1


GOES_ON, ENDS, AGAIN = range(3)  # what a turn of one side may lead to; AGAIN: a household was set apart
TURNS = 3  # at the source, which is everywhere, a side sees much that leads nowhere: the other gets more turns


@compiled
def _search(g, w, start, goal, barred_cadre):
    """One run; False if a household had to be set apart."""
    numbers = w.numbers
    numbers[LENGTH], numbers[RING] = UNSEEN, NONE
    begin(w, AHEAD, start)
    begin(w, BACK, goal)
    state = GOES_ON
    while state == GOES_ON:
        for _ in range(TURNS if goal == SOURCE else 1):
            if state == GOES_ON:
                state = _turn_ahead(g, w, goal, barred_cadre)
        for _ in range(TURNS if start == SOURCE else 1):
            if state == GOES_ON:
                state = _turn_back(g, w, goal, barred_cadre)
    return state == ENDS


@compiled
def _turn_ahead(g, w, goal, barred_cadre):
    """Settle one node on the side of the start."""
    numbers = w.numbers
    u, key = take_next(w.labels, w.lists, numbers, AHEAD, numbers[KEY])
    numbers[KEY] = key
    if u == NONE:  # all that can be reached is settled: this side counts as far as need be
        numbers[COUNTS] = numbers[LENGTH] - min(numbers[KEY + 1], numbers[LENGTH])
        return ENDS
    numbers[COUNTS] = min(key, numbers[LENGTH])
    if key + numbers[KEY + 1] >= numbers[LENGTH]:
        return ENDS
    return GOES_ON if settle_ahead(g, w, u, key, goal, barred_cadre) else AGAIN


@compiled
def _turn_back(g, w, goal, barred_cadre):
    """Settle one node on the side of the goal."""
    labels, lists, numbers = w.labels, w.lists, w.numbers
    v, key = take_next(labels, lists, numbers, BACK, numbers[KEY + 1])
    if numbers[RING] != NONE and (v == NONE or key >= numbers[RING_KEY]):
        key = numbers[RING_KEY]
        if v != NONE:  # the ring may hold nearer nodes; this one waits again
            queue(labels, lists, numbers, BACK, v, labels[v, REACH + BACK], key)
        if not second_ring(g, w, key):
            return AGAIN
        v, key = take_next(labels, lists, numbers, BACK, key)
    numbers[KEY + 1] = key
    if v == NONE or numbers[KEY] + key >= numbers[LENGTH]:
        numbers[COUNTS] = min(numbers[KEY], numbers[LENGTH])
        return ENDS
    return GOES_ON if settle_back(g, w, v, key, goal, barred_cadre) else AGAIN


@compiled
def lay_out(w):
    """Write the nodes of the way just found into `way`, in order; returns how many."""
    size, v = 0, w.numbers[MEETING]
    while v != NONE:
        w.way[size] = v
        size += 1
        v = w.labels[v, VIA]
    w.way[:size] = w.way[:size][::-1].copy()
    v = w.labels[w.numbers[MEETING], VIA + BACK]
    while v != NONE:
        w.way[size] = v
        size += 1
        v = w.labels[v, VIA + BACK]
    return size


@compiled
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


@compiled
def _reprice(w):
    """Lower what lies near the start, raise what lies near the goal: the way itself then costs nothing."""
    near = w.numbers[COUNTS]
    for side, far, sign in ((AHEAD, near, 1), (BACK, w.numbers[LENGTH] - near, -1)):
        for k in range(w.numbers[side + SEEN]):
            v = w.lists[k, side + SEEN]
            if w.labels[v, side + REACH] < far:
                w.labels[v, PRICE] += sign * (w.labels[v, side + REACH] - far)


@compiled
def push(g, w, start, goal):
    """One unit along the cheapest way start → goal; False if there is none."""
    found = find_way(g, w, start, goal, NONE) >= 0
    if found:
        take_way(g, w)
    clean(w)
    return found


@compiled
def worst_step(g, w):
    """The least reduced cost of any step: 0 at an optimum with its prices."""
    worst = ZERO
    for u in range(g.used[0]):
        if g.nodes[u, KIND] != IS_GONE:
            for k in range(steps_from(g, u, w.steps)):
                worst = min(worst, w.steps[k, 1] + w.labels[u, PRICE] - w.labels[w.steps[k, 0], PRICE])
    return worst
