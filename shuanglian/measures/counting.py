"""Multidimensional poverty by counting, Alkire and Foster (2011): plain functions over a matrix (IDX-2).

A row a person or household, a column a dimension; 1 deprived, 0 not. c is the sum of the weights (which sum to 1) of
the deprived dimensions; poor is who has c >= k. H is the share of the poor, A their mean c, M0 = H A; M1 and M2
average the weighted gaps of the poor, ((z - x)/z) to the power 1 and 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

from .sample import Floats, Numbers, finite, first, unequal

Flags = npt.NDArray[np.bool_]
Matrix = Sequence[Sequence[float]] | npt.NDArray[Any]
# A score this little below the cut-off is on it: sums of 1/3 or of 0.333333 fall short by their rounding, while two
# scores that differ in earnest differ by more.
AT_CUTOFF = 1e-6


@dataclass(frozen=True)
class AlkireFoster:
    """The figures of one population. Shares are 0 to 1; tuples go by dimension, in the given order.

    uncensored, censored: share of people deprived, and of people poor and deprived. contributions: share of M0 that
    comes from each dimension (all 0 when nobody is poor; a is then 0). m1, m2 and theirs need gaps, else None.
    """

    population: float
    poor: float
    h: float
    a: float
    m0: float
    uncensored_headcounts: tuple[float, ...]
    censored_headcounts: tuple[float, ...]
    contributions: tuple[float, ...]
    weights: tuple[float, ...]
    m1: float | None = None
    m2: float | None = None
    contributions_m1: tuple[float, ...] | None = None
    contributions_m2: tuple[float, ...] | None = None


def alkire_foster(
    deprivations: Matrix,
    *,
    cutoff: float | Fraction,
    dimensions: Sequence[float | Fraction] | None = None,
    weights: Numbers | None = None,
    gaps: Matrix | None = None,
) -> AlkireFoster:
    """All figures of a population. `dimensions`: weights of the dimensions, any sum, equal when left out;
    `weights`: persons that each row stands for; `gaps`: from `gaps(…)`, for M1 and M2."""
    deprived = _columns(deprivations)
    share = dimension_weights(dimensions, len(deprived))
    w = _people(weights, len(deprived[0]))
    score = _score(deprived, share)
    poor = score >= checked_cutoff(cutoff) - AT_CUTOFF
    h, m0 = _per_head(poor, w), _per_head(score * poor, w)
    censored = np.array([_per_head(poor & column, w) for column in deprived])
    return AlkireFoster(
        population=float(w.sum()), poor=float(w[poor].sum()), h=h, a=m0 / h if h else 0.0, m0=m0,
        uncensored_headcounts=tuple(_per_head(column, w) for column in deprived),
        censored_headcounts=tuple(censored.tolist()), contributions=_parts(censored * share),
        weights=tuple(share.tolist()), **(_with_gaps(deprived, gaps, poor, w, share) if gaps is not None else {}),
    )  # fmt: skip


def is_poor(
    deprivations: Matrix, *, cutoff: float | Fraction, dimensions: Sequence[float | Fraction] | None = None
) -> Flags:
    """Who is poor: weighted share of deprivations at or above the cut-off, however the weights were rounded."""
    deprived = _columns(deprivations)
    score = _score(deprived, dimension_weights(dimensions, len(deprived)))
    return score >= checked_cutoff(cutoff) - AT_CUTOFF


def gaps(achievements: Matrix, cutoffs: Numbers) -> Floats:
    """Normalised gaps, rows x dimensions: (z - x)/z where x < z, else 0. Above 1 where x is negative."""
    x, z = np.asarray(achievements, np.float64), finite(cutoffs, Said(N_("剥夺临界值")))
    if x.ndim != 2 or x.shape[1] != len(z):
        raise Refusal(
            "shape",
            N_("剥夺临界值有 {cutoffs} 个，数据形状为 {shape}；每个维度须有一个。"),
            cutoffs=len(z),
            shape=x.shape,
        )
    if len(z) and z.min() <= 0:
        raise Refusal("cutoffs", N_("第 {row} 个剥夺临界值不大于 0，无法计算差距；请改正。"), row=first(z <= 0))
    lost = np.asarray((~np.isfinite(x)).any(axis=1))
    if lost.any():
        raise Refusal("missing", N_("第 {row} 行有缺失或不是有限的数；请补上或先剔除。"), row=first(lost))
    return np.maximum((z - x) / z, 0.0)


def dimension_weights(given: Sequence[float | Fraction] | Floats | None, count: int) -> Floats:
    """Weights of the dimensions, made to sum to 1."""
    if given is None:
        return np.full(count, 1 / count)
    share = finite([float(weight) for weight in given], Said(N_("维度权重")))
    if len(share) != count:
        raise unequal(Said(N_("维度权重")), len(share), count)
    if share.min() < 0 or not share.sum() > 0:
        raise Refusal("dimension_weights", N_("维度权重须为 0 或正数，且不全为 0。"))
    return share / share.sum()


def checked_cutoff(cutoff: float | Fraction) -> float:
    """The poverty cut-off k: above 0, at most 1 (1: deprived in everything)."""
    if not 0 < cutoff <= 1:
        raise Refusal(
            "cutoff",
            N_("贫困临界值 {cutoff} 不在 0 与 1 之间；它是加权剥夺份额，例如四个维度中的两个写作 2/4。"),
            cutoff=str(cutoff),
        )
    return float(cutoff)


def _columns(deprivations: Matrix) -> list[Flags]:
    """One array of flags a dimension."""
    g0 = np.asarray(deprivations)
    if g0.ndim != 2 or not g0.size:
        raise Refusal("shape", N_("剥夺矩阵须为二维（行为人或户，列为维度）且不为空；收到 {shape}。"), shape=g0.shape)
    if g0.dtype != bool:
        wrong = np.asarray(((g0 != 0) & (g0 != 1)).any(axis=1))
        if wrong.any():
            raise Refusal("deprivation", N_("第 {row} 行的剥夺状态不是 0 或 1；请改正或先剔除。"), row=first(wrong))
    return [np.ascontiguousarray(column, dtype=bool) for column in g0.T]


def _score(deprived: list[Flags], share: Floats) -> Floats:
    """c of everyone; a column at a time, so that no matrix of floats is needed."""
    score = np.zeros(len(deprived[0]))
    for column, part in zip(deprived, share, strict=True):
        score += part * column
    return score


def _people(weights: Numbers | None, rows: int) -> Floats:
    if weights is None:
        return np.ones(rows)
    w = finite(weights, Said(N_("权重")))
    if len(w) != rows:
        raise unequal(Said(N_("权重")), len(w), rows)
    if w.min() < 0:
        raise Refusal("negative_weight", N_("第 {row} 个权重为负；权重须为 0 或正数。"), row=first(w < 0))
    if not w.sum() > 0:
        raise Refusal("empty", N_("权重合计为 0；请给出至少一个有权重的数值。"))
    return w


def _per_head(column: npt.NDArray[Any], w: Floats) -> float:
    return float((column * w).sum() / w.sum())


def _with_gaps(deprived: list[Flags], given: Matrix, poor: Flags, w: Floats, share: Floats) -> dict[str, Any]:
    """M1, M2 and their parts: gaps of the deprived dimensions of the poor."""
    g1, shape = np.asarray(given, np.float64), (len(poor), len(deprived))
    if g1.shape != shape:
        raise Refusal("shape", N_("差距矩阵的形状 {gaps} 与剥夺矩阵 {shape} 不同。"), gaps=g1.shape, shape=shape)
    found: dict[str, Any] = {}
    for power in (1, 2):
        means = [_per_head(g1[:, at] ** power * (poor & column), w) for at, column in enumerate(deprived)]
        parts = np.array(means) * share
        found |= {f"m{power}": float(parts.sum()), f"contributions_m{power}": _parts(parts)}
    return found


def _parts(parts: Floats) -> tuple[float, ...]:
    whole = parts.sum()
    return tuple((parts / whole if whole else parts).tolist())
