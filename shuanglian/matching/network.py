"""The layered road network: a county's pairing as one minimum cost flow (PAIR-1 … PAIR-6).

People who are alike to the objective share a node, and the roads themselves are arcs, so that some ten thousand nodes
stand for hundreds of millions of pairs:

    source ──> entry of a cadre group ──> (layer, village) ──> household group
                                     └──> travelling in the layer along the roads ──> (layer, village)

- A layer is one kind of help (weakness, trade); the cost of a pair is road + a term of (layer, household group).
- An entry leads straight into its linked villages; going anywhere else costs `outside` once, then the roads.
- Slots: minimum, then quota at 0, then each fallback slot dearer than the one before. When households suffice the
  minima are supply of the entry itself (forced without any large cost); the source feeds the rest. With too few
  households only minimum slots are fed; with too few slots all are forced and a `nobody` node covers what is left.
- Last year's pairs are direct arcs entry -> household group at full cost minus `keep`. They stay exact because a
  kept pair always fits a slot of its own cadre; a cadre for whom that is not sure is a group alone.

Only slots and kept pairs are truly limited; all other arcs can carry one unit more than could ever come, so that the
prices of the flow also hold for single people. Forbidden pairs are left out here and mended
afterwards, exactly, in `state`.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .case import Case
from .problem import Ints


@dataclass(frozen=True, eq=False)
class Network:
    """Arcs tail -> head with capacity and cost, supplies by node, and where the parts lie.

    Nodes: 0 source, 1..entries, then the layers, then household groups from `groups_at`, last nobody.
    keep: slice of the arcs of last year's pairs, their (entry, group) in `keep_pair`.
    """

    tails: Ints
    heads: Ints
    capacities: Ints
    costs: Ints
    supplies: Ints
    entries: int
    groups_at: int
    keep: slice
    keep_pair: Ints
    entry_of: Ints  # cadre -> entry number or -1
    group_of: Ints  # household -> group number or -1 (pinned)
    nobody: int  # households that no slot is left for
    forced: Literal["all", "minima", "none"]  # which slots are supply of their entries
    layers: Ints  # weakness, trade of each
    travel_at: int
    arrive_at: int
    brim: Ints  # arcs of the last fallback slots put in where cadres have more: if one is full, more must be put in


class _Arcs:
    """Collects arcs column by column; all arguments broadcast."""

    def __init__(self) -> None:
        self.columns: tuple[list[Ints], ...] = ([], [], [], [])
        self.count = 0

    def add(self, *given: Ints | int) -> None:
        parts = np.broadcast_arrays(*given)
        self.count += parts[0].size
        for column, part in zip(self.columns, parts, strict=True):
            column.append(part.ravel().astype(np.int64))

    def add_some(self, head: Ints, capacity: Ints, cost: int) -> None:
        """From the source to those heads that have any capacity."""
        some = np.flatnonzero(capacity > 0)
        self.add(0, head[some], capacity[some], cost)

    def joined(self) -> list[Ints]:
        return [np.concatenate(column) if column else np.zeros(0, np.int64) for column in self.columns]


def build(case: Case, steps: int = 8) -> Network:
    """The network of the households that are not pinned.

    At most `steps` fallback slots of a cadre are put in one by one; see `Network.brim`.
    """
    free = np.flatnonzero(case.pinned_to < 0)
    first_household, group = grouped(case.place[free], case.cause[free], case.need[free])
    group_of = np.full(case.households, -1, np.int64)
    group_of[free] = group
    lead = free[first_household]  # one household of each group
    count = np.bincount(group, minlength=len(lead))
    first_cadre, entry_of = _entries(case)
    entries, places = len(first_cadre), len(case.roads.place_key)
    layer_first, layer = grouped(case.weakness[first_cadre], case.trade[first_cadre])
    layers = len(layer_first)
    apart = case.weights.outside > 0  # without that term travelling and arriving are the same node
    travel_at = 1 + entries
    arrive_at = travel_at + (layers * places if apart else 0)
    groups_at = arrive_at + layers * places
    nobody_node = groups_at + len(lead)

    arcs = _Arcs()
    supplies = np.zeros(nobody_node + 1, np.int64)
    supplies[groups_at:nobody_node] = -count
    room, forced, brim = _feed(case, entry_of, len(free), arcs, supplies, steps)
    _enter(case, first_cadre, layer, room, arcs, travel_at, arrive_at)
    _travel(case, layers, len(free), arcs, travel_at, arrive_at, np.unique(case.place[lead]))
    sort = first_cadre[layer_first]  # one cadre of each layer
    kinds = np.arange(layers)[:, None]
    into = case.weights.need * case.weakness[sort][:, None] * case.need[lead]
    into = into + case.weights.trade * case.mismatch[case.trade[sort][:, None], case.cause[lead]]
    arcs.add(arrive_at + kinds * places + case.place[lead], groups_at + np.arange(len(lead)), count + 1, into)
    nobody = max(0, len(free) - int(room.sum()))
    if nobody:
        supplies[nobody_node] = nobody
        arcs.add(nobody_node, groups_at + np.arange(len(lead)), count + 1, case.weights.left * case.need[lead])
    before = arcs.count
    keep_pair = _keep(case, entry_of, group_of, len(lead), arcs, groups_at, lead, first_cadre)
    tails, heads, capacities, costs = arcs.joined()
    return Network(
        tails, heads, capacities, costs, supplies, entries, groups_at,
        slice(before, before + len(keep_pair)), keep_pair, entry_of, group_of, nobody,
        forced, np.stack([case.weakness[sort], case.trade[sort]], axis=1), travel_at, arrive_at, brim,
    )  # fmt: skip


def grouped(*columns: Ints) -> tuple[Ints, Ints]:
    """Rows that agree in all columns: first row of each group, group number of each row; groups in order of value."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values, code = np.unique(column, return_inverse=True)
        key = key * max(1, len(values)) + code.reshape(-1)
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    return first, group.reshape(-1)


def _entries(case: Case) -> tuple[Ints, Ints]:
    """Groups of cadres alike in base, rank and trade; first cadre of each, entry number of each cadre or -1.

    A group's slots may be pooled only if every kept pair surely fits its own cadre: no more pairs to keep than
    minimum slots, or no minimum at all and no more than the quota. Other cadres stand alone.
    """
    minimum = np.maximum(case.minimum - case.held, 0)
    quota = np.maximum(case.quota - case.held, 0)
    free = case.pinned_to < 0
    keeps = np.bincount(case.last[free & (case.last >= 0)], minlength=case.cadres)
    safe = (keeps <= minimum) | ((minimum == 0) & (keeps <= quota))
    alone = np.where(safe, -1, np.arange(case.cadres))
    serving = np.flatnonzero(case.top > case.held)
    columns = (case.base, case.weakness, case.trade, minimum == 0, alone)
    first, group = grouped(*(column[serving] for column in columns))
    entry_of = np.full(case.cadres, -1, np.int64)
    entry_of[serving] = group
    return serving[first], entry_of


def _feed(
    case: Case, entry_of: Ints, households: int, arcs: _Arcs, supplies: Ints, steps: int
) -> tuple[Ints, Literal["all", "minima", "none"], Ints]:
    """Slots of every entry: forced ones as supply, the others as arcs from the source.

    Returns all room by entry, what is forced, and the brim.
    """
    serving = np.flatnonzero(entry_of >= 0)
    of, held = entry_of[serving], case.held[serving]
    minimum, quota, top = case.minimum[serving], case.quota[serving], case.top[serving]
    entries = int(of.max()) + 1 if len(of) else 0

    def pooled(slots: Ints) -> Ints:
        return np.bincount(of, slots, minlength=entries).astype(np.int64)

    forced, room = pooled(np.maximum(minimum - held, 0)), pooled(top - held)
    brim = np.zeros(0, np.int64)
    if int(room.sum()) <= households:
        supplies[1 : 1 + entries] = room
        return room, "all", brim
    if int(forced.sum()) > households:
        supplies[0] = households
        arcs.add(0, 1 + np.arange(entries), forced, 0)
        return room, "none", brim
    supplies[1 : 1 + entries] = forced
    supplies[0] = households - int(forced.sum())
    first = np.maximum(quota, held)
    arcs.add_some(1 + np.arange(entries), pooled(np.maximum(quota - np.maximum(minimum, held), 0)), 0)
    if not case.weights.even:
        arcs.add_some(1 + np.arange(entries), pooled(top - first), case.weights.fallback)
        return room, "minima", brim
    steps = _enough(first - held, top - first, households, steps)
    last = np.minimum(top, first + steps)
    for nth in range(int((last - quota).max(initial=0))):  # the households beyond the quota, one after the other
        before = arcs.count
        slots = pooled(((quota + nth >= first) & (quota + nth < last)).astype(np.int64))
        arcs.add_some(1 + np.arange(entries), slots, case.weights.fallback + nth * case.weights.even)
        more = np.zeros(entries, bool)
        more[of[(top > last) & (quota + nth == last - 1)]] = True
        brim = np.append(brim, before + np.flatnonzero(more[slots > 0]))
    return room, "minima", brim


def _enough(regular: Ints, fallback: Ints, households: int, steps: int) -> int:
    """So many fallback slots a cadre that all households have room."""
    while int((regular + np.minimum(fallback, steps)).sum()) < households:
        steps *= 2
    return steps


def _enter(case: Case, first_cadre: Ints, layer: Ints, room: Ints, arcs: _Arcs, travel_at: int, arrive_at: int) -> None:
    """From each entry into its linked villages at no cost, and on to the roads for `outside`."""
    places, base = len(case.roads.place_key), case.base[first_cadre]
    for arrive, villages in ((True, case.linked), (False, case.start)):
        if arrive and arrive_at == travel_at:
            continue
        size = np.array([len(v) for v in villages], np.int64)
        flat = np.array([v for some in villages for v in some], np.int64)
        at = np.cumsum(size) - size
        times = size[base]
        entry = np.repeat(np.arange(len(base)), times)
        nth = np.arange(len(entry)) - np.repeat(np.cumsum(times) - times, times)
        village = flat[at[base[entry]] + nth]
        to = (arrive_at if arrive else travel_at) + layer[entry] * places + village
        arcs.add(1 + entry, to, room[entry] + 1, 0 if arrive else case.weights.outside)


def _travel(
    case: Case, layers: int, households: int, arcs: _Arcs, travel_at: int, arrive_at: int, lived_in: Ints
) -> None:
    places, roads = len(case.roads.place_key), case.roads.arcs
    layer = (np.arange(layers) * places)[:, None]
    length = case.weights.distance * roads[:, 2]
    arcs.add(travel_at + layer + roads[:, 0], travel_at + layer + roads[:, 1], households + 1, length)
    if arrive_at != travel_at:
        arcs.add(travel_at + layer + lived_in, arrive_at + layer + lived_in, households + 1, 0)


def _keep(
    case: Case, entry_of: Ints, group_of: Ints, groups: int, arcs: _Arcs, groups_at: int, lead: Ints, first_cadre: Ints
) -> Ints:
    """Arcs of last year's pairs; returns their (entry, group) in order."""
    some = np.flatnonzero((case.last >= 0) & (group_of >= 0))
    some = some[entry_of[case.last[some]] >= 0]
    key, count = np.unique(entry_of[case.last[some]] * groups + group_of[some], return_counts=True)
    entry, group = (key // groups, key % groups) if groups else (key, key)
    terms = case.terms(first_cadre[entry], lead[group])
    full = terms["distance"] + terms["need"] + terms["trade"] + terms["outside"]
    arcs.add(1 + entry, groups_at + group, count, full - case.weights.keep)
    return np.stack([entry, group], axis=1)
