"""The same measures as columns: Polars tables in, one row a group out (IDX-2).

Figures equal those of the plain functions (`poverty`, `inequality`); what is not defined for a group is null. Nothing
may be missing in the columns used: a refusal names the row (from 1). A table is sorted once and every group is worked
out from it in one pass, so thousands of villages cost little more than one county.
"""

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .inequality import DEFAULT_EPSILON, FIFTH

X, W, Z = "\0value", "\0weight", "\0line"  # names that no file has
POOR, RATIO, GAP, RANK, ALL, RELATIVE = "\0poor", "\0ratio", "\0gap", "\0twice_below", "\0everybody", "\0relative"
Line = float | str


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
    """Poverty of each group of `by` (of all without): by, n, population, poor, mean, headcount, gap, severity, watts,
    sen, sen_1976, sst, shortfall (sum of what is missing to the line), and fgt_A for each of `alphas`.

    `line`: a number, or the name of a column where it differs by person.
    """
    rows = _rows(table, value, weight, by, line)
    poor = pl.col(X) <= pl.col(Z) if inclusive else pl.col(X) < pl.col(Z)
    rows = rows.with_columns(
        (pl.col(X) / pl.col(Z)).alias(RATIO), pl.when(poor).then(pl.col(W)).otherwise(0.0).alias(POOR)
    )
    ranked = rows.sort(RATIO).with_columns(_twice_below(by).alias(RANK), (1 - pl.col(RATIO)).alias(GAP))
    return _aggregate(ranked, by, [*_people(), *_poverty(alphas)])


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
    quantile_share_ratio, quantile_shares (a list)."""
    rows = _rows(table, value, weight, by).filter(pl.col(W) > 0).sort(X)
    ranked = rows.with_columns(
        _twice_below(by).alias(RANK),
        _whole(pl.col(W), by).alias(ALL),
        (pl.col(X) / (_whole(pl.col(X) * pl.col(W), by) / _whole(pl.col(W), by))).alias(RELATIVE),
    )
    figures = [*_people(), *_entropies(), _atkinson(epsilon), *_shares(top, bottom, quantiles)]
    return _aggregate(ranked, by, figures)


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


def _aggregate(rows: pl.DataFrame, by: Sequence[str], figures: list[pl.Expr]) -> pl.DataFrame:
    """One row a group, in the order of the groups; without groups one row, also for an empty table."""
    figures = [figure.fill_nan(None) if figure.meta.output_name() not in LISTS else figure for figure in figures]
    if not by:
        return rows.select(figures)
    if taken := {figure.meta.output_name() for figure in figures} & set(by):
        raise Refusal("name_taken", N_("分组列名“{column}”与指标重名；请先改名。"), column=min(taken))
    return rows.group_by(*by).agg(figures).sort(*by, nulls_last=True)


LISTS = {"n", "quantile_shares"}


def _whole(figure: pl.Expr, by: Sequence[str]) -> pl.Expr:
    """The sum over the row's group, beside every row."""
    return figure.sum().over(*by) if by else figure.sum()


def _twice_below(by: Sequence[str]) -> pl.Expr:
    """Beside every row, twice the weight before it in its group and once its own: twice the rank of its middle."""
    running = 2 * pl.col(W).cum_sum() - pl.col(W)
    return running.over(*by) if by else running


def _people() -> list[pl.Expr]:
    income = (pl.col(X) * pl.col(W)).sum()
    return [pl.len().alias("n"), pl.col(W).sum().alias("population"), (income / pl.col(W).sum()).alias("mean")]


def _poverty(alphas: Sequence[float]) -> list[pl.Expr]:
    """POOR is the weight of the poor and 0 of others; who is poor comes before who is not, so ranks hold for both."""
    r, w, gap, rank = pl.col(RATIO), pl.col(POOR), pl.col(GAP), pl.col(RANK)
    everybody, q, lacking = pl.col(W).sum(), w.sum(), (w * gap).sum()
    spread = pl.when(q > 0).then((w * r * rank).sum() / q - (w * r).sum()).otherwise(0.0)  # q (1 - I) Gp
    logs = pl.when(w > 0).then(-r.log() * w).otherwise(0.0).sum()
    return [
        q.alias("poor"),
        (q / everybody).alias("headcount"),
        (lacking / everybody).alias("gap"),
        ((w * gap * gap).sum() / everybody).alias("severity"),
        pl.when(((r <= 0) & (w > 0)).any()).then(None).otherwise(logs / everybody).alias("watts"),
        ((lacking + spread) / everybody).alias("sen"),
        ((lacking + spread * q / (q + 1)) / everybody).alias("sen_1976"),
        ((2 * lacking - (w * gap * rank).sum() / everybody) / everybody).alias("sst"),
        (w * gap * pl.col(Z)).sum().alias("shortfall"),
        *((pl.when(w > 0).then(w * gap.pow(a)).otherwise(0.0).sum() / everybody).alias(f"fgt_{a:g}") for a in alphas),
    ]


def _entropies() -> list[pl.Expr]:
    """Gini, Theil, MLD; every row has weight, RELATIVE is x over the mean of its group."""
    x, w, relative = pl.col(X), pl.col(W), pl.col(RELATIVE)
    everybody, income = w.sum(), (x * w).sum()
    t = pl.when(x > 0).then(w * relative * relative.log()).otherwise(0.0).sum() / everybody
    return [
        pl.when(income > 0).then((w * x * pl.col(RANK)).sum() / everybody / income - 1).alias("gini"),
        pl.when((income > 0) & (x.min() >= 0)).then(t).alias("theil"),
        pl.when(x.min() > 0).then(-(w * relative.log()).sum() / everybody).alias("mld"),
    ]


def _atkinson(epsilon: float) -> pl.Expr:
    x, w = pl.col(X), pl.col(W)
    mean, power = (x * w).sum() / w.sum(), 1 - epsilon
    if power == 0:
        equal = ((w * x.log()).sum() / w.sum()).exp()
    else:
        unit = x.max() if power > 0 else x.min()  # so that no power overflows
        equal = unit * ((w * (x / unit).pow(power)).sum() / w.sum()).pow(1 / power)
    if power <= 0:
        equal = pl.when(x.min() > 0).then(equal).otherwise(0.0)
    return pl.when((mean > 0) & (x.min() >= 0)).then(1 - equal / mean).alias("atkinson")


def _shares(top: float, bottom: float, quantiles: int) -> list[pl.Expr]:
    """What the poorest shares of people have, rows at the edge in proportion."""
    x, w = pl.col(X), pl.col(W)
    income, below = (x * w).sum(), (pl.col(RANK) - w) / 2

    def held(share: float) -> pl.Expr:
        return (x * (pl.col(ALL) * share - below).clip(0, w)).sum()

    edges = [pl.lit(0.0), *(held(i / quantiles) for i in range(1, quantiles)), income]
    poorest = held(bottom)
    return [
        pl.when((income > 0) & (poorest > 0)).then((income - held(1 - top)) / poorest).alias("quantile_share_ratio"),
        pl.when(income > 0)
        .then(pl.concat_list([(b - a) / income for a, b in pairwise(edges)]))
        .alias("quantile_shares"),
    ]
