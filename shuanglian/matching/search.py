"""Dijkstra's method on the exchange graph, and taking the way that was found."""

import numba as nb

from .exchange import (
    IS_CADRE,
    IS_GROUP,
    IS_HOUSEHOLD,
    IS_NOBODY,
    NONE,
    SOURCE,
    UNSEEN,
    is_barred,
    pair_points,
    steps_from,
)


@nb.njit(cache=True)
def _rise(heap, at, reach, k):
    """Move the node at heap[k] up to its place."""
    v = heap[k]
    while k > 0:
        above = (k - 1) >> 1
        if reach[heap[above]] <= reach[v]:
            break
        heap[k] = heap[above]
        at[heap[k]] = k
        k = above
    heap[k] = v
    at[v] = k


@nb.njit(cache=True)
def _take_least(heap, at, reach, size):
    """Remove and return the nearest node of a heap of `size`."""
    least, v = heap[0], heap[size - 1]
    at[least] = NONE
    size -= 1
    k = 0
    while True:
        below = 2 * k + 1
        if below >= size:
            break
        if below + 1 < size and reach[heap[below + 1]] < reach[heap[below]]:
            below += 1
        if reach[heap[below]] >= reach[v]:
            break
        heap[k] = heap[below]
        at[heap[k]] = k
        k = below
    if size > 0:
        heap[k] = v
        at[v] = k
    return least


@nb.njit(cache=True)
def _offer(w, v, label, via, size):
    """Tell node v of a way of reduced length `label`; returns the size of the heap."""
    if label >= w.reach[v]:
        return size
    if w.reach[v] == UNSEEN:
        w.seen[w.size[0]] = v
        w.size[0] += 1
    w.reach[v] = label
    w.via[v] = via
    if w.at[v] == NONE:
        w.heap[size] = v
        w.at[v] = size
        size += 1
    _rise(w.heap, w.at, w.reach, w.at[v])
    return size


@nb.njit(cache=True)
def find_way(g, w, start, goal, barred_cadre, barred_household):
    """The cheapest way start → goal, avoiding forbidden pairs and one more; its reduced length, or -1 if none.

    Leaves the search standing for `take_way`; `forget` must follow.
    """
    size = _offer(w, start, 0, NONE, 0)
    while size > 0:
        u = _take_least(w.heap, w.at, w.reach, size)
        size -= 1
        if u == goal:
            for k in range(size):
                w.at[w.heap[k]] = NONE
            return w.reach[u]
        here, kind = w.reach[u] + w.price[u], g.kind[u]
        steps = steps_from(g, u, w.heads, w.costs)
        if kind == IS_GROUP:
            giver = u
            while g.kind[giver] != IS_CADRE and g.kind[giver] != IS_NOBODY:
                giver = w.via[giver]
            for k in range(steps):
                h = w.heads[k]
                if is_barred(g, giver, h) or (h == barred_household and giver == barred_cadre):
                    w.waiting[w.size[2]] = h
                    w.size[2] += 1
                    for s in range(w.size[1]):
                        size = _directly(g, w, w.settled[s], h, barred_cadre, barred_household, size)
                else:
                    size = _offer(w, h, here - w.price[h], u, size)
            continue
        if kind == IS_CADRE or kind == IS_NOBODY:
            w.settled[w.size[1]] = u
            w.size[1] += 1
            for k in range(w.size[2]):
                size = _directly(g, w, u, w.waiting[k], barred_cadre, barred_household, size)
        for k in range(steps):
            v = w.heads[k]
            if v == barred_household and u == barred_cadre:
                continue
            size = _offer(w, v, here + w.costs[k] - w.price[v], u, size)
    return -1


@nb.njit(cache=True)
def _directly(g, w, i, h, barred_cadre, barred_household, size):
    """Offer household h the settled cadre i, past the layers."""
    if is_barred(g, i, h) or (i == barred_cadre and h == barred_household):
        return size
    return _offer(w, h, w.reach[i] + w.price[i] + pair_points(g, i, h) - w.price[h], i, size)


@nb.njit(cache=True)
def take_way(g, w, start, goal):
    """Re-pair along the way just found and bring the prices up to date."""
    v, before = goal, w.via[goal]
    while v != start:
        if g.kind[v] == IS_HOUSEHOLD:
            giver = before
            while g.kind[giver] != IS_CADRE and g.kind[giver] != IS_NOBODY:
                giver = w.via[giver]
            g.who[v] = giver
            g.paid[v] = pair_points(g, giver, v)
        elif before == SOURCE:
            g.load[v] += 1
        elif v == SOURCE:
            g.load[before] -= 1
        v = before
        before = w.via[v]
    far = w.reach[goal]
    for k in range(w.size[0]):
        v = w.seen[k]
        if w.reach[v] < far:
            w.price[v] += w.reach[v] - far


@nb.njit(cache=True)
def forget(w):
    """Clean the memory of a search."""
    for k in range(w.size[0]):
        w.reach[w.seen[k]] = UNSEEN
        w.at[w.seen[k]] = NONE
    w.size[:] = 0


@nb.njit(cache=True)
def push(g, w, start, goal):
    """One unit along the cheapest way start → goal; False if there is none."""
    found = find_way(g, w, start, goal, NONE, NONE) >= 0
    if found:
        take_way(g, w, start, goal)
    forget(w)
    return found

