"""From flow between groups back to people: who takes whom."""

import numpy as np

from .case import Case
from .compiled import compiled
from .network import Network
from .problem import Ints


def hand_out(case: Case, network: Network, flows: Ints) -> Ints:
    """Household -> cadre or -1, at exactly the cost of the flow.

    Pins stand; of each (entry, group) the first pairs of last year stay, as many as flowed on their arc; the rest is
    dealt in order of key: minimum slots of all first, then quota, then one fallback slot after the other.
    """
    who = case.pinned_to.copy()
    _kept(case, network, flows[network.keep], who)
    others = np.ones(len(flows), bool)
    others[network.keep] = False
    used = np.flatnonzero(others & (flows > 0) & (network.tails > 0))
    used = used[np.argsort(network.tails[used], kind="stable")]
    tails, heads, left = network.tails[used], network.heads[used], flows[used].copy()
    start = np.searchsorted(tails, np.arange(network.groups_at + 1))
    from_entry = (tails >= 1) & (tails <= network.entries)
    units = np.bincount(tails[from_entry], left[from_entry], minlength=network.entries + 1).astype(np.int64)
    entry, group = _walk(network.entries, network.groups_at, start, heads, left, units)
    serving = np.flatnonzero(network.entry_of >= 0)
    free = np.flatnonzero((network.group_of >= 0) & (who < 0))
    return _deal(
        entry, group,
        *_lists(network.entry_of, serving, network.entries),
        *_lists(network.group_of, free, len(network.supplies) - 1 - network.groups_at),
        case.minimum, case.quota, case.top, case.held, who,
    )  # fmt: skip


def _kept(case: Case, network: Network, kept: Ints, who: Ints) -> None:
    groups = len(network.supplies)
    pairs = np.flatnonzero((case.last >= 0) & (network.group_of >= 0))
    pairs = pairs[network.entry_of[case.last[pairs]] >= 0]
    key = network.entry_of[case.last[pairs]] * groups + network.group_of[pairs]
    order = np.argsort(key, kind="stable")
    first = np.searchsorted(key[order], network.keep_pair[:, 0] * groups + network.keep_pair[:, 1])
    size = np.diff(np.append(first, len(order)))
    nth = np.arange(len(order)) - np.repeat(first, size)
    stays = pairs[order][nth < np.repeat(kept, size)]
    who[stays] = case.last[stays]


def _lists(of: Ints, members: Ints, count: int) -> tuple[Ints, Ints]:
    """Members of each group one after the other: where each list starts, the members."""
    order = members[np.argsort(of[members], kind="stable")]
    return np.searchsorted(of[order], np.arange(count + 1)), order


@compiled
def _walk(entries, groups_at, start, heads, left, units):
    """Follow every unit from its entry along arcs with flow left to the household group where it ends."""
    total = units.sum()
    entry, group = np.empty(total, np.int64), np.empty(total, np.int64)
    at = start[:-1].copy()
    done = 0
    for node in range(1, entries + 1):
        for _ in range(units[node]):
            u = node
            while u < groups_at:
                while left[at[u]] == 0:
                    at[u] += 1
                left[at[u]] -= 1
                u = heads[at[u]]
            entry[done], group[done] = node - 1, u - groups_at
            done += 1
    return entry, group


@compiled
def _deal(entry, group, cadre_start, cadres, household_start, households, minimum, quota, top, held, who):
    """Give each unit of (entry, group) to a cadre of the entry whose slot is the cheapest left; fills `who`."""
    load = np.zeros(len(top), np.int64)
    for h in range(len(who)):
        if who[h] >= 0:
            load[who[h]] += 1
    stage = np.zeros(len(cadre_start) - 1, np.int64)  # 0 minimum, 1 quota, 2.. one more fallback slot each
    next_cadre, next_household = cadre_start[:-1].copy(), household_start[:-1].copy()
    for unit in range(len(entry)):
        e = entry[unit]
        while True:
            if next_cadre[e] == cadre_start[e + 1]:
                stage[e] += 1
                next_cadre[e] = cadre_start[e]
            i = cadres[next_cadre[e]]
            limit = minimum[i] if stage[e] == 0 else min(top[i], quota[i] + stage[e] - 1)
            if load[i] < limit:
                break
            next_cadre[e] += 1
        g = group[unit]
        who[households[next_household[g]]] = i
        next_household[g] += 1
        load[i] += 1
    return who
