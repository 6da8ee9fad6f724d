"""Columns give the same figures as the plain functions, of everybody and of every group (IDX-2)."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.kernel.refusal import Refusal
from shuanglian.measures import columns, columns_counting, counting, inequality, poverty

from .samples import LINE, any_sign

persons = st.one_of(st.just(0.0), st.floats(1e-3, 9))
rows = st.lists(st.tuples(any_sign, persons, st.sampled_from("abc")), min_size=1, max_size=25).filter(
    lambda drawn: sum(w for _, w, _ in drawn) > 0.01
)


def tables(drawn):
    """The whole table, and each group with some weight: (columns asked to group by, label, its rows)."""
    yield [], None, drawn
    for label in sorted({label for _, _, label in drawn}):
        members = [row for row in drawn if row[2] == label]
        if sum(w for _, w, _ in members) > 0.01:
            yield ["village"], label, members


def frame(drawn):
    return pl.DataFrame(drawn, schema={"income": pl.Float64, "persons": pl.Float64, "village": pl.String}, orient="row")


def pick(found, by, label):
    return (found.filter(pl.col("village") == label) if by else found).row(0, named=True)


def same(figure):
    return None if figure is None else pytest.approx(figure, rel=1e-7, abs=1e-9)


@given(rows, st.booleans())
def test_poverty_equals_the_plain_functions(drawn, inclusive):
    table = frame(drawn)
    for by, label, members in tables(drawn):
        how = {"value": "income", "line": LINE, "weight": "persons", "by": by, "inclusive": inclusive, "alphas": [1.5]}
        found = pick(columns.poverty(table, **how), by, label)
        xs, weights = [x for x, _, _ in members], [w for _, w, _ in members]
        plain = poverty.poverty(xs, LINE, weights=weights, inclusive=inclusive)
        for name in ("population", "poor", "headcount", "gap", "severity", "watts", "sen", "sen_1976", "sst"):
            assert found[name] == same(getattr(plain, name)), name
        assert found["fgt_1.5"] == same(poverty.fgt(xs, LINE, alpha=1.5, weights=weights, inclusive=inclusive))
        assert found["shortfall"] == same(sum(w * (LINE - x) for x, w, _ in members if x < LINE))
        assert found["n"] == len(members)


@given(rows, st.sampled_from([0, 0.5, 1, 2]), st.integers(1, 6))
def test_inequality_equals_the_plain_functions(drawn, epsilon, quantiles):
    table = frame(drawn)
    for by, label, members in tables(drawn):
        how = {"epsilon": epsilon, "quantiles": quantiles, "top": 0.1, "bottom": 0.4}
        found = pick(columns.inequality(table, value="income", weight="persons", by=by, **how), by, label)
        xs, weights = [x for x, _, _ in members], [w for _, w, _ in members]
        mean = sum(x * w for x, w, _ in members) / sum(weights)
        if abs(mean) < 1e-6:
            continue  # whether a mean is above 0 hangs on its rounding
        plain = inequality.inequality(xs, weights=weights, **how)
        for name in ("population", "mean", "gini", "theil", "mld", "atkinson", "quantile_shares"):
            ours = getattr(plain, name)
            assert found[name] == same(list(ours) if isinstance(ours, tuple) else ours), name
        if plain.quantile_share_ratio is None or plain.quantile_share_ratio < 1e6:
            assert found["quantile_share_ratio"] == same(plain.quantile_share_ratio)


@st.composite
def counted(draw):
    names = ["school", "water", "house"][: draw(st.integers(1, 3))]
    row = st.tuples(*(st.integers(0, 4) for _ in names), st.integers(0, 3), st.sampled_from("ab"))
    drawn = draw(st.lists(row, min_size=1, max_size=12).filter(lambda d: sum(r[-2] for r in d) > 0))
    share = draw(st.lists(st.integers(1, 4), min_size=len(names), max_size=len(names)))
    return names, drawn, share, draw(st.sampled_from([0.2, 1 / 3, 0.5, 2 / 3, 1]))


@given(counted())
def test_counting_equals_the_plain_functions(case):
    names, drawn, share, k = case
    z = [2] * len(names)
    table = pl.DataFrame(drawn, schema=[*names, "persons", "village"], orient="row")
    table = table.with_columns((pl.col(name) < 2).alias(f"no_{name}") for name in names)
    for by, label, members in [([], None, drawn), *((["village"], v, [r for r in drawn if r[-1] == v]) for v in "ab")]:
        if not sum(row[-2] for row in members):
            continue
        found = columns_counting.alkire_foster(
            table, deprivations=[f"no_{name}" for name in names], cutoff=k, dimensions=share, weight="persons",
            by=by, achievements=names, cutoffs=z,
        )  # fmt: skip
        one = pick(found, by, label)
        gaps = counting.gaps([row[: len(names)] for row in members], z)
        weights = [row[-2] for row in members]
        plain = counting.alkire_foster(gaps > 0, cutoff=k, dimensions=share, weights=weights, gaps=gaps)
        for name in ("population", "poor", "h", "a", "m0", "m1", "m2"):
            assert one[name] == same(getattr(plain, name)), name
        for name in ("uncensored_headcounts", "censored_headcounts", "contributions", "contributions_m2"):
            assert list(one[name].values()) == same(list(getattr(plain, name))), name


def test_the_line_may_be_a_column_and_groups_come_in_order_the_nameless_last():
    table = pl.DataFrame({"x": [50.0, 50.0, 90.0], "z": [100.0, 40.0, 100.0], "g": [None, "b", "a"]})
    found = columns.poverty(table, value="x", line="z", by=["g"])
    assert found["g"].to_list() == ["a", "b", None]
    assert found["gap"].to_list() == pytest.approx([0.1, 0, 0.5])


def test_a_group_of_no_weight_has_no_figures():
    table = pl.DataFrame({"x": [50.0, 60.0], "w": [1.0, 0.0], "g": ["a", "b"]})
    found = columns.poverty(table, value="x", line=100, weight="w", by=["g"])
    assert found["headcount"].to_list() == [1.0, None]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"x": [1.0, None]}, "missing"),
        ({"x": [1.0, math.nan]}, "missing"),
        ({"w": [1.0, -1.0]}, "negative_weight"),
        ({"z": [1.0, 0.0]}, "line"),
    ],
)
def test_a_table_with_a_wrong_row_is_refused_by_its_number(change, code):
    table = pl.DataFrame({"x": [1.0, 2.0], "w": [1.0, 1.0], "z": [3.0, 3.0]} | change)
    with pytest.raises(Refusal) as refused:
        columns.poverty(table, value="x", line="z", weight="w")
    assert (refused.value.code, refused.value.said.params["row"]) == (code, 2)


def test_a_group_column_named_like_a_figure_is_refused():
    with pytest.raises(Refusal, match="name_taken"):
        columns.poverty(pl.DataFrame({"x": [1.0], "gap": ["a"]}), value="x", line=2, by=["gap"])


@pytest.mark.parametrize(
    ("change", "more", "code"),
    [
        ({"d": [1, 2]}, {}, "deprivation"),
        ({"d": [1, None]}, {}, "deprivation"),
        ({"w": [1, -1]}, {}, "weight"),
        ({"x": [1.0, None]}, {"achievements": ["x"], "cutoffs": [3]}, "missing"),
        ({}, {"achievements": ["x"], "cutoffs": [3, 4]}, "lengths"),
        ({}, {"achievements": ["x"], "cutoffs": [0]}, "cutoffs"),
    ],
)
def test_a_table_that_cannot_be_counted_is_refused(change, more, code):
    table = pl.DataFrame({"d": [1, 0], "w": [1, 1], "x": [1.0, 2.0]} | change)
    with pytest.raises(Refusal) as refused:
        columns_counting.alkire_foster(table, deprivations=["d"], cutoff=0.5, weight="w", **more)
    assert refused.value.code == code
