"""Single changes of an exchange graph that keep its prices valid; who moves because of them is up to `State`."""

import numpy as np

from . import exchange as x
from .arcs import hang
from .problem import Ints
from .state import State


def add_base(state: State, linked: tuple[int, ...], start: tuple[int, ...], distance: Ints) -> None:
    """One more base: linked villages, starting places, distance from the nearest of them to every place."""
    graph = state.graph
    flags = np.zeros(len(distance), bool)
    flags[list(linked)] = True
    state.graph = graph._replace(
        base_start=np.append(graph.base_start, graph.base_start[-1] + len(start)),
        base_place=np.append(graph.base_place, np.array(start, np.int64)),
        base_distance=np.concatenate([graph.base_distance, distance[None]]),
        base_linked=np.concatenate([graph.base_linked, flags[None]]),
    )


def add_cadre(state: State, base: int, layer: int, minimum: int, quota: int, top: int) -> int:
    """A cadre without households; returns the node. `State.fill` must follow."""
    nodes, hub = state.graph.nodes, _hub(state, base, layer)
    cadre = _new_node(state, x.IS_CADRE)
    nodes[cadre, [x.LAYER, x.BASE, x.MINIMUM, x.QUOTA, x.TOP]] = layer, base, minimum, quota, top
    nodes[cadre, [x.GROUP, x.NEXT]] = hub, nodes[hub, x.FIRST]
    nodes[hub, x.FIRST] = cadre
    state.graph = state.graph._replace(cadres=np.append(state.graph.cadres, cadre))
    return cadre


def drop_cadre(state: State, cadre: int) -> list[int]:
    """Take a cadre out for good; returns the households left without anyone, in order. `State.cover` must follow."""
    nodes, likes = state.graph.nodes, state.graph.likes
    theirs, household, row = [], int(nodes[cadre, x.MINE]), int(nodes[cadre, x.FIRST])
    while household != x.NONE:
        theirs.append(household)
        household = int(nodes[household, x.BESIDE])
    for household in theirs:
        state.touch(household)
        nodes[household, x.FIXED] = 0
        x.give(nodes, household, x.SOURCE)
    while row != x.NONE:
        likes[row, x.BY], row = x.NONE, int(likes[row, x.AFTER])
    nodes[cadre, x.KIND] = x.IS_GONE
    state.graph = state.graph._replace(cadres=state.graph.cadres[state.graph.cadres != cadre])
    return sorted(theirs)


def _hub(state: State, base: int, layer: int) -> int:
    """The node of all cadres of one base and kind, made if there is none."""
    graph = state.graph
    if (base, layer) in state.hubs:
        return state.hubs[base, layer]
    hub = state.hubs[base, layer] = _new_node(state, x.IS_HUB)
    graph.nodes[hub, [x.LAYER, x.BASE]] = layer, base
    places = graph.base_distance.shape[1]
    start = graph.base_place[graph.base_start[base] : graph.base_start[base + 1]]
    linked = start[graph.base_linked[base, start]]
    travel = 2 + layer * places
    arrive = travel + len(graph.layers) * places
    to = np.concatenate([travel + start, arrive + linked])
    cost = np.repeat([graph.weights[x.OUTSIDE], 0], [len(start), len(linked)])
    _add_steps(state, np.full(len(to), hub), to, cost)
    state.prices[hub] = (state.prices[to] - cost).max()
    return hub


def _add_steps(state: State, near: Ints, far: Ints, cost: Ints) -> None:
    """More unchanging steps."""
    graph, count = state.graph, len(near)
    row = int(graph.used[2])
    if row + 2 * count > len(graph.late):
        more = np.zeros((len(graph.late) + 2 * count, 3), np.int64)
        state.graph = graph = graph._replace(late=np.concatenate([graph.late, more]))
    hang(graph.ahead_span, graph.late, row, near, far, cost)
    hang(graph.behind_span, graph.late, row + count, far, near, cost)
    graph.used[2] += 2 * count


def group_of(state: State, place: int, cause: int, need: int) -> int:
    """The node of households alike in place, cause and need, made if there is none."""
    graph, kind = state.graph, (place, cause, need)
    if kind in state.groups:
        return state.groups[kind]
    group = state.groups[kind] = _new_node(state, x.IS_GROUP)
    graph.nodes[group, [x.PLACE, x.CAUSE, x.NEED]] = kind
    w, places, layers = graph.weights, graph.base_distance.shape[1], len(graph.layers)
    into = w[x.PER_NEED] * graph.layers[:, 0] * need + w[x.PER_TRADE] * graph.mismatch[graph.layers[:, 1], cause]
    near = np.append(x.NOBODY, 2 + (layers + np.arange(layers)) * places + place)
    cost = np.append(w[x.COVER] + w[x.LEFT] * need, into)
    _add_steps(state, near, np.full(len(near), group), cost)
    state.prices[group] = (state.prices[near] + cost).min()
    return group


def add_household(state: State, group: int, last: int, keep: int) -> int:
    """A household without anyone; `last` year's cadre or NONE. `State.cover` must follow."""
    graph = state.graph
    household = _new_node(state, x.IS_HOUSEHOLD)
    row = graph.nodes[household]
    row[[x.GROUP, x.NEXT]] = group, graph.nodes[group, x.FIRST]
    graph.nodes[group, x.FIRST] = household
    state.prices[household] = state.prices[group]
    if last != x.NONE and graph.nodes[last, x.TOP] > 0:
        like = 2 * household
        graph.likes[like] = last, keep, graph.nodes[last, x.FIRST], 0
        graph.nodes[last, x.FIRST] = like
        graph.likes[like, x.COST] = cost = x.pair_points(graph, last, household)
        state.prices[household] = min(state.prices[group], state.prices[last] + cost)
    return household


def drop_household(state: State, household: int) -> None:
    """Take a released household out of its group for good."""
    nodes = state.graph.nodes
    before, column = int(nodes[household, x.GROUP]), x.FIRST
    while nodes[before, column] != household:
        before, column = int(nodes[before, column]), x.NEXT
    nodes[before, column] = nodes[household, x.NEXT]
    nodes[household, x.KIND] = x.IS_GONE


def bar(state: State, cadre: int, household: int) -> None:
    """Forbid a pair; `State.mend` must follow."""
    graph = state.graph
    row = np.array([[cadre, graph.nodes[household, x.BARRED]]], np.int64)
    graph.nodes[household, x.BARRED] = len(graph.bars)
    state.graph = graph._replace(bars=np.concatenate([graph.bars, row]))


def _new_node(state: State, kind: int) -> int:
    graph = state.graph
    node = int(graph.used[0])
    graph.used[0] += 1
    graph.nodes[node, x.KIND] = kind
    state.prices[node] = 0
    return node
