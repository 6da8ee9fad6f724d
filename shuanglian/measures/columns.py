"""The same measures as columns: a Polars table in, one row a group out (IDX-2).

Figures equal those of the plain functions (`poverty`, `inequality`); what is not defined for a group is null. Nothing
may be missing in the columns used: a refusal names the row (from 1). The table is sorted once, by group and income, and
every figure is one pass over it, so thousands of villages cost little more than one county.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .inequality import DEFAULT_EPSILON, FIFTH
from .sample import Floats
from .segments import Segments, divided

X, W, Z = "\0value", "\0weight", "\0line"  # names that no file has
Line = float | str
Figures = dict[str, npt.NDArray[Any]]


def poverty(
    table: pl.DataFrame,
    *,
    value: str,
    line: Line,
    weight: str | None = None,
    by: Sequence[str] = (),
    inclusive: bool = False,
    alphas: Sequence[float] = (),
) -> pl.DataFrame:
    """Poverty of each group of `by` (of all without): by, n, population, mean, poor, headcount, gap, severity, watts,
    sen, sen_1976, sst, shortfall (sum of what is missing to the line), and fgt_A for each of `alphas`.

    `line`: a number, or the name of a column where it differs by person.
    """
    rows = _rows(table, value, weight, by, line)
    ratio = (rows[X] / rows[Z]).to_numpy()
    places, groups = divided(rows, by, ratio)
    x, w, z, ratio = (column[places] for column in (*_columns(rows, X, W, Z), ratio))
    poor = np.where(x <= z if inclusive else x < z, w, 0.0)  # weight of the poor, 0 of others
    figures = _people(groups, x, w) | _poverty(groups, w, ratio, poor, alphas)
    return _answer(groups, figures | {"shortfall": groups.sum(poor * (z - x))}, by)


def inequality(
    table: pl.DataFrame,
    *,
    value: str,
    weight: str | None = None,
    by: Sequence[str] = (),
    epsilon: float = DEFAULT_EPSILON,
    top: float = FIFTH,
    bottom: float = FIFTH,
    quantiles: int = 5,
) -> pl.DataFrame:
    """Inequality in each group of `by` (of all without): by, n, population, mean, gini, theil, mld, atkinson,
    quantile_share_ratio, quantile_shares (a list). Rows of weight 0 are left out."""
    rows = _rows(table, value, weight, by).filter(pl.col(W) > 0)
    places, groups = divided(rows, by, rows[X].to_numpy())
    x, w = (column[places] for column in _columns(rows, X, W))
    with np.errstate(invalid="ignore", divide="ignore"):  # what is not defined becomes null in the end
        figures = _people(groups, x, w) | _entropies(groups, x, w) | {"atkinson": _atkinson(groups, x, w, epsilon)}
        figures |= _shares(groups, x, w, top, bottom, quantiles)
    return _answer(groups, figures, by)


def _rows(table: pl.DataFrame, value: str, weight: str | None, by: Sequence[str], line: Line = 1.0) -> pl.DataFrame:
    weights = pl.lit(1.0) if weight is None else pl.col(weight)
    lines = pl.col(line) if isinstance(line, str) else pl.lit(float(line))
    numbers = {X: pl.col(value), W: weights, Z: lines}
    rows = table.select(*by, **{name: column.cast(pl.Float64) for name, column in numbers.items()})
    for name, column in ((X, value), (W, weight or ""), (Z, str(line))):
        refuse(rows, pl.col(name).is_null() | ~pl.col(name).is_finite(), "missing",
                N_("列“{column}”第 {row} 行缺失或不是有限的数；请补上或先剔除。"), column)  # fmt: skip
    refuse(rows, pl.col(W) < 0, "negative_weight", N_("列“{column}”第 {row} 行为负；权重须为 0 或正数。"), weight or "")
    refuse(rows, pl.col(Z) <= 0, "line", N_("贫困线须大于 0；第 {row} 个不是。"), str(line))
    return rows


def refuse(rows: pl.DataFrame, wrong: pl.Expr, code: str, sentence: str, column: str) -> None:
    """Refuse a table with a row that is wrong or cannot be told, naming the first (from 1)."""
    at = rows.select(wrong.fill_null(True).arg_true().first()).item()
    if at is not None:
        raise Refusal(code, sentence, row=at + 1, column=column)


def _columns(rows: pl.DataFrame, *names: str) -> list[Floats]:
    return [rows[name].to_numpy() for name in names]


def _answer(groups: Segments, figures: Figures, by: Sequence[str]) -> pl.DataFrame:
    """One row a group; what is not a number is null."""
    if taken := set(figures) & set(by):
        raise Refusal("name_taken", N_("分组列名“{column}”与指标重名；请先改名。"), column=min(taken))
    lists = {name: _lists(figure) for name, figure in figures.items() if figure.ndim == 2}
    found = pl.DataFrame(figures | lists).with_columns(pl.col(pl.Float64).fill_nan(None))
    return pl.concat([groups.groups, found], how="horizontal") if by else found


def _lists(figures: npt.NDArray[Any]) -> pl.Series:
    return pl.Series([None if np.isnan(row[0]) else row.tolist() for row in figures], dtype=pl.List(pl.Float64))


def _people(groups: Segments, x: Floats, w: Floats) -> Figures:
    population = groups.sum(w)
    return {"n": groups.sizes, "population": population, "mean": _over(groups.sum(x * w), population)}


def _over(parts: Floats, whole: Floats) -> Floats:
    """A quotient that is not a number where nobody stands."""
    return np.divide(parts, whole, out=np.full_like(whole, np.nan), where=whole != 0)


def _poverty(groups: Segments, w: Floats, ratio: Floats, poor: Floats, alphas: Sequence[float]) -> Figures:
    """Rows of a group come from the least x/z up: the poor before all others, so ranks hold among both."""
    gap, rank = 1 - ratio, groups.twice_rank(w)
    everybody, q, lacking = groups.sum(w), groups.sum(poor), groups.sum(poor * gap)
    spread = np.nan_to_num(_over(groups.sum(poor * ratio * rank), q)) - groups.sum(poor * ratio)  # q (1 - I) Gp
    penniless = groups.any((ratio <= 0) & (poor > 0))
    logs = -np.log(ratio, where=(ratio > 0) & (poor > 0), out=np.zeros_like(ratio))
    figures = {
        "poor": q,
        "headcount": q,
        "gap": lacking,
        "severity": groups.sum(poor * gap * gap),
        "watts": np.where(penniless, np.nan, groups.sum(poor * logs)),
        "sen": lacking + spread,
        "sen_1976": lacking + spread * q / (q + 1),
        "sst": 2 * lacking - _over(groups.sum(poor * gap * rank), everybody),
    }
    for alpha in alphas:
        powers = np.power(gap, alpha, where=poor > 0, out=np.zeros_like(gap))
        figures[f"fgt_{alpha:g}"] = groups.sum(poor * powers)
    return {name: figure if name == "poor" else _over(figure, everybody) for name, figure in figures.items()}


def _entropies(groups: Segments, x: Floats, w: Floats) -> Figures:
    """Gini, Theil, MLD; every row has weight."""
    everybody, income, least = groups.sum(w), groups.sum(x * w), groups.first(x)
    relative = x / groups.spread(income / everybody)
    logs = np.log(relative, where=relative > 0, out=np.zeros_like(relative))
    ranked = groups.sum(w * x * groups.twice_rank(w)) / everybody / income - 1
    return {
        "gini": np.where(income > 0, ranked, np.nan),
        "theil": np.where((income > 0) & (least >= 0), groups.sum(w * relative * logs) / everybody, np.nan),
        "mld": np.where(least > 0, -groups.sum(w * logs) / everybody, np.nan),
    }


def _atkinson(groups: Segments, x: Floats, w: Floats, epsilon: float) -> Floats:
    everybody, least, power = groups.sum(w), groups.first(x), 1 - epsilon
    mean = groups.sum(x * w) / everybody
    if power == 0:
        logs = np.log(x, where=x > 0, out=np.zeros_like(x))
        equal = np.exp(groups.sum(w * logs) / everybody)
    else:
        unit = groups.last(x) if power > 0 else least  # so that no power overflows
        equal = unit * (groups.sum(w * (x / groups.spread(unit)) ** power) / everybody) ** (1 / power)
    if power <= 0:
        equal = np.where(least > 0, equal, 0.0)
    return np.where((mean > 0) & (least >= 0), 1 - equal / mean, np.nan)


def _shares(groups: Segments, x: Floats, w: Floats, top: float, bottom: float, quantiles: int) -> Figures:
    """What the poorest shares of people have, rows at the edge in proportion."""
    everybody, income = groups.spread(groups.sum(w)), groups.sum(x * w)
    below = (groups.twice_rank(w) - w) / 2

    def held(share: float) -> Floats:
        return groups.sum(x * np.clip(everybody * share - below, 0, w))

    edges = [np.zeros_like(income), *(held(at / quantiles) for at in range(1, quantiles)), income]
    shares = np.diff(np.array(edges), axis=0).T / np.where(income > 0, income, np.nan)[:, None]
    poorest, richest = held(bottom), income - held(1 - top)
    return {
        "quantile_share_ratio": np.where((income > 0) & (poorest > 0), richest / poorest, np.nan),
        "quantile_shares": shares,
    }
