"""Distances between places, kept as the road graph that produces them.

A place is a village or any other point where a journey starts (a township seat, the county town). Lengths are whole
numbers of 0.1 km. The optimiser never needs the place x place matrix: travel runs along the roads themselves, so
every distance is the shortest way over them. Three makers: from roads, from a matrix, from points only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay, QhullError, cKDTree

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

UNKNOWN_WAY = 2_000  # 200 km: the length given to the link between two parts that no known road joins
KM_PER_DEGREE = 111.195  # on a sphere of 6,371 km
FAR = np.int64(1) << 40


@dataclass(frozen=True, eq=False)
class Roads:
    """Places and the directed roads between them.

    place_key: P unique texts. arcs: E x 3 whole numbers (from place, to place, length in 0.1 km), one way each.
    joined: pairs of places that were linked by UNKNOWN_WAY because no road joined their parts of the map.
    """

    place_key: tuple[str, ...]
    arcs: Ints
    joined: tuple[tuple[int, int], ...] = ()

    @cached_property
    def distances(self) -> Ints:
        """P x P shortest ways in 0.1 km."""
        n = len(self.place_key)
        if n == 0:
            return np.zeros((0, 0), np.int64)
        return dijkstra(_graph(n, self.arcs)).astype(np.int64)

    def reordered(self, order: Ints) -> "Roads":
        """The same roads with place order[k] in position k."""
        new = np.empty(len(order), np.int64)
        new[order] = np.arange(len(order))
        arcs = np.stack([new[self.arcs[:, 0]], new[self.arcs[:, 1]], self.arcs[:, 2]], axis=1)
        again = Roads(tuple(self.place_key[k] for k in order), _sorted(arcs), self.joined)
        if "distances" in self.__dict__:
            again.__dict__["distances"] = self.distances[np.ix_(order, order)]
        return again


def from_roads(place_key: Sequence[str], roads: npt.ArrayLike) -> Roads:
    """Roads usable both ways: E x 3 (place, place, length in 0.1 km); parallel roads: the shortest counts."""
    edges = np.asarray(roads, np.int64).reshape(-1, 3)
    _check(place_key, edges)
    return _joined(tuple(place_key), _sorted(np.concatenate([edges, edges[:, [1, 0, 2]]])))


def from_matrix(place_key: Sequence[str], matrix: npt.ArrayLike) -> Roads:
    """Any P x P matrix of lengths in 0.1 km, also one-way; negative = no known way.

    Only the generating pairs stay: those with no third place on the way. Where the matrix itself breaks the triangle
    rule, the shorter detour counts.
    """
    given = np.asarray(matrix, np.int64)
    n = len(place_key)
    if given.shape != (n, n):
        raise ValueError(f"the distance matrix must be {n} x {n}, it is {' x '.join(map(str, given.shape))}")
    _check(place_key, np.zeros((0, 3), np.int64))
    ways = np.where(given < 0, FAR, np.minimum(given, FAR))
    np.fill_diagonal(ways, 0)
    for w in range(n):
        np.minimum(ways, ways[:, w, None] + ways[None, w, :], out=ways)
    return _joined(tuple(place_key), _generating(ways))


def from_points(
    place_key: Sequence[str],
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    detour_percent: int = 130,
    same_point: int = 0,
) -> Roads:
    """Points in degrees only: neighbours in the Delaunay triangulation become roads, straight length x detour.

    Places that share one point (a village that fell back to its township's) lie `same_point` (0.1 km) apart.
    """
    _check(place_key, np.zeros((0, 3), np.int64))
    degrees = np.stack([np.asarray(lon, float), np.asarray(lat, float)], axis=1)
    if len(degrees) != len(place_key) or not np.isfinite(degrees).all():
        raise ValueError("every place needs one finite longitude and latitude")
    by_key = np.array(sorted(range(len(degrees)), key=place_key.__getitem__), np.int64)
    points, first, of = np.unique(degrees[by_key], axis=0, return_index=True, return_inverse=True)
    of = of.reshape(-1)
    km = points * KM_PER_DEGREE
    if len(points):
        km[:, 0] *= np.cos(np.radians(points[:, 1].mean()))
    near = _neighbours(km)
    straight = np.hypot(*(km[near[:, 0]] - km[near[:, 1]]).T) if len(near) else np.zeros(0)
    length = np.maximum(1, np.rint(straight * detour_percent / 10)).astype(np.int64)
    edges = np.stack([by_key[first[near[:, 0]]], by_key[first[near[:, 1]]], length], axis=1)
    twins = np.flatnonzero(first[of] != np.arange(len(of)))
    hung = np.stack([by_key[first[of[twins]]], by_key[twins], np.full(len(twins), same_point)], axis=1)
    return from_roads(place_key, np.concatenate([edges, hung]))


def _check(place_key: Sequence[str], edges: Ints) -> None:
    n = len(place_key)
    if len(set(place_key)) != n:
        raise ValueError("two places have the same key")
    if len(edges) and (edges[:, :2].min() < 0 or edges[:, :2].max() >= n):
        raise ValueError(f"a road names a place outside 0..{n - 1}")
    if len(edges) and edges[:, 2].min() < 0:
        raise ValueError("a road has a negative length")


def _sorted(arcs: Ints) -> Ints:
    """Unique (from, to) in order, the shortest of parallel roads, no loops."""
    arcs = arcs[arcs[:, 0] != arcs[:, 1]]
    arcs = arcs[np.lexsort((arcs[:, 2], arcs[:, 1], arcs[:, 0]))]
    first = np.ones(len(arcs), bool)
    first[1:] = (arcs[1:, :2] != arcs[:-1, :2]).any(axis=1)
    return arcs[first]


def _graph(n: int, arcs: Ints) -> csr_matrix:
    return csr_matrix((arcs[:, 2].astype(float), (arcs[:, 0], arcs[:, 1])), shape=(n, n))


def _joined(place_key: tuple[str, ...], arcs: Ints) -> Roads:
    """Link the parts of the map that no road joins, so that every household can be reached."""
    n = len(place_key)
    parts, of = connected_components(_graph(n, arcs), connection="strong") if n else (0, np.zeros(0, np.int64))
    if parts <= 1:
        return Roads(place_key, arcs)
    by_key = sorted(range(n), key=place_key.__getitem__)
    size = np.bincount(of)
    door: dict[int, int] = {}
    for place in by_key:
        door.setdefault(int(of[place]), place)
    centre = min(door, key=lambda part: (-size[part], place_key[door[part]]))
    links = tuple((door[centre], place) for part, place in door.items() if part != centre)
    extra = np.array([(a, b, UNKNOWN_WAY) for u, v in links for a, b in ((u, v), (v, u))], np.int64)
    return Roads(place_key, _sorted(np.concatenate([arcs, extra])), links)


def _generating(ways: Ints) -> Ints:
    """Pairs of a metric with no third place in between; places at distance 0 hang on the first of them."""
    n = len(ways)
    twins = (ways == 0) & (ways.T == 0)
    first = np.argmax(twins, axis=1) if n else np.zeros(0, np.int64)
    lead = np.flatnonzero(first == np.arange(n))
    short = ways[np.ix_(lead, lead)]
    keep = short < FAR
    np.fill_diagonal(keep, False)
    for w in range(len(lead)):
        through = (short[:, w, None] + short[None, w, :]) == short
        through[w, :] = False
        through[:, w] = False
        keep &= ~through
    u, v = np.nonzero(keep)
    hung = np.flatnonzero(first != np.arange(n))
    zero = np.zeros(len(hung), np.int64)
    parts = [(lead[u], lead[v], short[u, v]), (first[hung], hung, zero), (hung, first[hung], zero)]
    return _sorted(np.concatenate([np.stack(part, axis=1) for part in parts]).astype(np.int64))


def _neighbours(km: Floats) -> Ints:
    """Pairs of neighbouring points; on one line: each with the next."""
    n = len(km)
    if n <= 3:
        return np.argwhere(np.triu(np.ones((n, n), bool), 1)).astype(np.int64)
    try:
        mesh = Delaunay(km)
    except QhullError:
        along = np.lexsort((km[:, 1], km[:, 0]))
        return np.stack([along[:-1], along[1:]], axis=1).astype(np.int64)
    corners = mesh.simplices
    pairs = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    left_out = np.setdiff1d(np.arange(n), corners)
    if len(left_out):  # too close to another point for the mesh
        used = np.unique(corners)
        nearest = used[cKDTree(km[used]).query(km[left_out])[1]]
        pairs = np.concatenate([pairs, np.stack([left_out, nearest], axis=1)])
    return np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int64)
