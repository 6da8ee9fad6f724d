"""Roads give the distances of what they were made from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.matching.roads import UNKNOWN_WAY, from_matrix, from_points, from_roads

from .counties import distances

SEEDS = st.integers(0, 2**32 - 1)


def keys(n: int) -> list[str]:
    return [f"p{i}" for i in range(n)]


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_a_metric_matrix_comes_back_from_few_roads(seed):
    g = np.random.default_rng(seed)
    n = int(g.integers(1, 9))
    # zeros on purpose: several villages may lie at one point, and ways may differ by direction
    edges = np.column_stack([g.integers(0, n, (3 * n, 2)), g.integers(0, 5, 3 * n)])
    chain = np.column_stack([np.arange(n), np.roll(np.arange(n), 1), g.integers(0, 9, n)])
    metric = distances(from_roads(keys(n), np.concatenate([edges, chain])))
    roads = from_matrix(keys(n), metric)
    assert (roads.distances == metric).all()
    assert not roads.joined
    assert len(roads.arcs) <= n * (n - 1)


def test_a_grid_matrix_is_reduced_to_its_streets():
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(6), np.arange(6)))
    metric = np.abs(x[:, None] - x) + np.abs(y[:, None] - y)
    assert len(from_matrix(keys(36), metric).arcs) == 2 * 60


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_where_a_matrix_breaks_the_triangle_rule_the_detour_counts(seed):
    g = np.random.default_rng(seed)
    matrix = g.integers(0, 50, (6, 6))
    plain = np.where(np.eye(6, dtype=bool), 0, matrix)
    for k in range(6):
        plain = np.minimum(plain, plain[:, k, None] + plain[None, k])
    assert (from_matrix(keys(6), matrix).distances == plain).all()


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_no_place_is_out_of_reach(seed):
    g = np.random.default_rng(seed)
    roads = from_roads(keys(8), np.column_stack([g.integers(0, 8, (5, 2)), g.integers(0, 9, 5)]))
    assert (roads.distances == distances(roads)).all()
    assert roads.distances.max() < 10**9
    assert (roads.distances.max() >= UNKNOWN_WAY) == bool(roads.joined)


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_points_become_roads_in_any_order(seed):
    g = np.random.default_rng(seed)
    n = int(g.integers(1, 12))
    lon, lat = 105 + g.integers(0, 4, n) / 20, 35 + g.integers(0, 4, n) / 20
    order = g.permutation(n)
    one = from_points(keys(n), lon, lat, same_point=7)
    other = from_points([keys(n)[k] for k in order], lon[order], lat[order], same_point=7)
    assert (one.distances[np.ix_(order, order)] == other.distances).all()
    straight = np.hypot((lon[:, None] - lon) * np.cos(np.radians(lat.mean())), lat[:, None] - lat) * 1111.95
    assert (one.distances >= 1.2 * straight - 1).all()


def test_a_kilometre_is_about_a_kilometre():
    roads = from_points(["a", "b"], [105.0, 105.0], [35.0, 35.1], detour_percent=100)
    assert roads.distances[0, 1] == 111  # 11.1 km


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: from_roads(["a", "a"], []), "same key"),
        (lambda: from_roads(["a"], [(0, 1, 5)]), "outside 0..0"),
        (lambda: from_roads(["a", "b"], [(0, 1, -5)]), "negative length"),
        (lambda: from_matrix(["a"], [[0, 1]]), "must be 1 x 1"),
        (lambda: from_points(["a"], [float("nan")], [35.0]), "finite"),
    ],
)
def test_misstated_roads_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
