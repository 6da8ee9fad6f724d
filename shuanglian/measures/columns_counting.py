"""Alkire-Foster as columns: a Polars table in, one row a group out (IDX-2). Figures equal those of `counting`."""

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

from .columns import refuse
from .counting import AT_CUTOFF, checked_cutoff, dimension_weights
from .sample import finite, unequal

W, SCORE, POOR = "\0weight", "\0score", "\0poor"


def alkire_foster(
    table: pl.DataFrame,
    *,
    deprivations: Sequence[str],
    cutoff: float | Fraction,
    dimensions: Sequence[float | Fraction] | None = None,
    weight: str | None = None,
    by: Sequence[str] = (),
    achievements: Sequence[str] = (),
    cutoffs: Sequence[float] = (),
) -> pl.DataFrame:
    """Figures of each group of `by` (of all without): by, n, population, poor, h, a, m0, and per dimension (struct
    columns with the names of `deprivations`) uncensored_headcounts, censored_headcounts, contributions.

    deprivations: columns of 0/1 or truth values. With `achievements` and their `cutoffs`, one per dimension in the same
    order, also m1, m2, contributions_m1, contributions_m2. What is missing is refused with its row (from 1).
    """
    share = dimension_weights(dimensions, len(deprivations))
    rows = _rows(table, deprivations, weight, by, achievements, cutoffs)
    score = pl.sum_horizontal(pl.col(f"\0{at}") * part for at, part in enumerate(share))
    rows = rows.with_columns(score.alias(SCORE)).with_columns(
        pl.when(pl.col(SCORE) >= checked_cutoff(cutoff) - AT_CUTOFF).then(pl.col(W)).otherwise(0.0).alias(POOR)
    )
    powers = (0, 1, 2) if achievements else (0,)
    figures = [*_people(), *(figure for power in powers for figure in _adjusted(deprivations, share.tolist(), power))]
    figures += [
        _headcounts(deprivations, W, "uncensored_headcounts"),
        _headcounts(deprivations, POOR, "censored_headcounts"),
    ]
    return rows.group_by(*by).agg(figures).sort(*by, nulls_last=True) if by else rows.select(figures)


def _rows(
    table: pl.DataFrame,
    deprivations: Sequence[str],
    weight: str | None,
    by: Sequence[str],
    achievements: Sequence[str],
    cutoffs: Sequence[float],
) -> pl.DataFrame:
    """Dimension number i as \\0i (0 or 1) and \\0gap{i}; refuses what is missing or neither 0 nor 1."""
    z = finite(list(cutoffs), Said(N_("剥夺临界值")))
    for given in (achievements, cutoffs):
        if (achievements or cutoffs) and len(given) != len(deprivations):
            raise unequal(Said(N_("剥夺临界值")), len(given), len(deprivations))
    if len(z) and z.min() <= 0:
        raise Refusal(
            "cutoffs", N_("第 {row} 个剥夺临界值不大于 0，无法计算差距；请改正。"), row=int((z <= 0).argmax()) + 1
        )
    weights = pl.lit(1.0) if weight is None else pl.col(weight).cast(pl.Float64)
    flags = [pl.col(name).cast(pl.Float64).alias(f"\0{at}") for at, name in enumerate(deprivations)]
    gaps = [
        ((z[at] - pl.col(name).cast(pl.Float64)) / z[at]).clip(lower_bound=0.0).alias(f"\0gap{at}")
        for at, name in enumerate(achievements)
    ]
    rows = table.select(*by, weights.alias(W), *flags, *gaps)
    for at, name in enumerate(deprivations):
        refuse(rows, ~pl.col(f"\0{at}").is_in([0.0, 1.0]), "deprivation",
                N_("列“{column}”第 {row} 行的剥夺状态不是 0 或 1；请改正或先剔除。"), name)  # fmt: skip
    for at, name in enumerate(achievements):
        refuse(rows, ~pl.col(f"\0gap{at}").is_finite(), "missing",
                N_("列“{column}”第 {row} 行缺失或不是有限的数；请补上或先剔除。"), name)  # fmt: skip
    refuse(rows, ~(pl.col(W).is_finite() & (pl.col(W) >= 0)), "weight",
            N_("列“{column}”第 {row} 行缺失或为负；权重须为 0 或正数。"), weight or "")  # fmt: skip
    return rows


def _people() -> list[pl.Expr]:
    everybody, q, censored = pl.col(W).sum(), pl.col(POOR).sum(), (pl.col(POOR) * pl.col(SCORE)).sum()
    return [
        pl.len().alias("n"),
        everybody.alias("population"),
        q.alias("poor"),
        (q / everybody).fill_nan(None).alias("h"),
        pl.when(q > 0).then(censored / q).otherwise(0.0).alias("a"),
    ]


def _adjusted(names: Sequence[str], share: Sequence[float], power: int) -> list[pl.Expr]:
    """M0, M1 or M2 and the share of it that comes from each dimension, all 0 where nobody is poor."""
    parts = [(pl.col(POOR) * _depth(at, power)).sum() * part for at, part in enumerate(share)]
    whole = pl.sum_horizontal(parts)
    shares = [
        pl.when(whole > 0).then(part / whole).otherwise(0.0).alias(n) for n, part in zip(names, parts, strict=True)
    ]
    return [
        (whole / pl.col(W).sum()).fill_nan(None).alias(f"m{power}"),
        pl.struct(shares).alias("contributions" if power == 0 else f"contributions_m{power}"),
    ]


def _depth(at: int, power: int) -> pl.Expr:
    deprived = pl.col(f"\0{at}")
    return deprived * pl.col(f"\0gap{at}").pow(power) if power else deprived


def _headcounts(names: Sequence[str], weight: str, called: str) -> pl.Expr:
    """Share of everybody that has `weight` and is deprived, per dimension."""
    shares = [
        ((pl.col(weight) * pl.col(f"\0{at}")).sum() / pl.col(W).sum()).fill_nan(None).alias(name)
        for at, name in enumerate(names)
    ]
    return pl.struct(shares).alias(called)
