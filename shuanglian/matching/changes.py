"""Single changes of an exchange graph that keep its prices valid; who moves because of them is up to `State`."""

import numpy as np

from . import exchange as x
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
    hub, places = _new_node(state, x.IS_HUB), len(graph.place_start) - 1
    graph.nodes[hub, [x.LAYER, x.BASE]] = layer, base
    starts = graph.base_place[graph.base_start[base] : graph.base_start[base + 1]]
    doors = [(hub, int(graph.door_first[layer * places + place])) for place in starts]
    graph.door_first[layer * places + starts] = len(graph.doors) + np.arange(len(starts))
    state.graph = graph = graph._replace(doors=np.concatenate([graph.doors, np.array(doors, np.int64)]))
    steps = state.work.steps[: x.steps_from(graph, hub, state.work.steps)]
    state.prices[hub] = (state.prices[steps[:, 0]] - steps[:, 1]).max()
    return hub


def group_of(state: State, place: int, cause: int, need: int) -> int:
    """The node of households alike in place, cause and need, made if there is none."""
    graph = state.graph
    here = slice(int(graph.place_start[place]), int(graph.place_start[place + 1]))
    for node in graph.place_groups[here]:
        if graph.nodes[node, x.CAUSE] == cause and graph.nodes[node, x.NEED] == need:
            return int(node)
    group, number = _new_node(state, x.IS_GROUP), graph.into.shape[1]
    graph.nodes[group, [x.PLACE, x.CAUSE, x.NEED, x.NUMBER]] = place, cause, need, number
    w = graph.weights
    into = w[x.PER_NEED] * graph.layers[:, 0] * need + w[x.PER_TRADE] * graph.mismatch[graph.layers[:, 1], cause]
    places = len(graph.place_start) - 1
    arrivals = 2 + (len(graph.layers) + np.arange(len(graph.layers))) * places + place
    nobody = state.prices[x.NOBODY] + w[x.COVER] + w[x.LEFT] * need
    state.prices[group] = (state.prices[arrivals] + into).min(initial=nobody)
    start = graph.place_start.copy()
    start[place + 1 :] += 1
    state.graph = graph._replace(
        into=np.concatenate([graph.into, into[:, None]], axis=1),
        place_start=start,
        place_groups=np.insert(graph.place_groups, here.stop, group),
    )
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
        graph.likes[like] = last, keep, graph.nodes[last, x.FIRST]
        graph.nodes[last, x.FIRST] = like
        known = state.prices[last] + x.pair_points(graph, last, household)
        state.prices[household] = min(state.prices[group], known)
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
