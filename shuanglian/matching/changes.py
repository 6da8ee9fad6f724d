"""Single changes of an exchange graph that keep its prices valid; who moves because of them is up to `State`."""

import numpy as np

from . import exchange as x
from .arcs import with_more
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


def _hub(state: State, base: int, layer: int) -> int:
    """The node of all cadres of one base and kind, made if there is none."""
    graph = state.graph
    nodes = graph.nodes[: graph.used[0]]
    found = np.flatnonzero((nodes[:, x.KIND] == x.IS_HUB) & (nodes[:, x.BASE] == base) & (nodes[:, x.LAYER] == layer))
    if len(found):
        return int(found[0])
    hub = _new_node(state, x.IS_HUB)
    graph.nodes[hub, [x.LAYER, x.BASE]] = layer, base
    places = graph.base_distance.shape[1]
    start = np.sort(graph.base_place[graph.base_start[base] : graph.base_start[base + 1]])
    linked = start[graph.base_linked[base, start]]
    travel = 2 + layer * places
    arrive = travel + len(graph.layers) * places
    to = np.concatenate([travel + start, arrive + linked])
    cost = np.repeat([graph.weights[x.OUTSIDE], 0], [len(start), len(linked)])
    _add_steps(state, np.full(len(to), hub), to, cost)
    state.prices[hub] = (state.prices[to] - cost).max()
    return hub


def _add_steps(state: State, near: Ints, far: Ints, cost: Ints) -> None:
    """More unchanging steps; both ends in order."""
    graph = state.graph
    ahead_start, ahead = with_more(graph.ahead_start, graph.ahead, near, far, cost)
    behind_start, behind = with_more(graph.behind_start, graph.behind, far, near, cost)
    state.graph = graph._replace(ahead_start=ahead_start, ahead=ahead, behind_start=behind_start, behind=behind)


def group_of(state: State, place: int, cause: int, need: int) -> int:
    """The node of households alike in place, cause and need, made if there is none."""
    graph = state.graph
    nodes, kind = graph.nodes[: graph.used[0]], (x.IS_GROUP, place, cause, need)
    found = np.flatnonzero((nodes[:, [x.KIND, x.PLACE, x.CAUSE, x.NEED]] == kind).all(axis=1))
    if len(found):
        return int(found[0])
    group, number = _new_node(state, x.IS_GROUP), graph.into.shape[1]
    graph.nodes[group, [x.PLACE, x.CAUSE, x.NEED, x.NUMBER]] = place, cause, need, number
    w, places, layers = graph.weights, graph.base_distance.shape[1], len(graph.layers)
    into = w[x.PER_NEED] * graph.layers[:, 0] * need + w[x.PER_TRADE] * graph.mismatch[graph.layers[:, 1], cause]
    near = np.append(x.NOBODY, 2 + (layers + np.arange(layers)) * places + place)
    cost = np.append(w[x.COVER] + w[x.LEFT] * need, into)
    _add_steps(state, near, np.full(len(near), group), cost)
    state.graph = state.graph._replace(into=np.concatenate([graph.into, into[:, None]], axis=1))
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
