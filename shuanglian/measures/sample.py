"""Values and weights of a sample, checked; what every measure needs of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

Floats = npt.NDArray[np.float64]
Numbers = Sequence[float] | npt.NDArray[Any]


def checked(values: Numbers, weights: Numbers | None = None) -> tuple[Floats, Floats | None]:
    """One-dimensional floats; refuses what is missing, infinite, of another length, of negative or no weight at all.

    Rows in a refusal count from 1. Without weights everyone counts once and None comes back: the measures are faster.
    """
    numbers = finite(values, Said(N_("数值")))
    if weights is None:
        if not len(numbers):
            raise Refusal("empty", N_("没有任何数据；请给出至少一个数值。"))
        return numbers, None
    given = finite(weights, Said(N_("权重")))
    if len(given) != len(numbers):
        raise unequal(Said(N_("权重")), len(given), len(numbers))
    if len(given) and given.min() < 0:
        raise Refusal("negative_weight", N_("第 {row} 个权重为负；权重须为 0 或正数。"), row=first(given < 0))
    if not given.sum() > 0:
        raise Refusal("empty", N_("权重合计为 0；请给出至少一个有权重的数值。"))
    return numbers, given


def finite(values: Numbers, what: Said) -> Floats:
    """An array of floats in one dimension without gaps, or a refusal that names the row (from 1)."""
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.ndim != 1:
        raise Refusal("shape", N_("{what}须为一维；收到 {shape}。"), what=what, shape=numbers.shape)
    bad = ~np.isfinite(numbers)
    if bad.any():
        raise Refusal("missing", N_("{what}第 {row} 个缺失或不是有限的数；请补上或先剔除。"), what=what, row=first(bad))
    return numbers


def unequal(what: Said, given: int, wanted: int) -> Refusal:
    return Refusal(
        "lengths", N_("{what}有 {given} 个，应有 {wanted} 个；请逐一对应。"), what=what, given=given, wanted=wanted
    )


def first(marked: npt.NDArray[np.bool_]) -> int:
    """The first marked row, from 1."""
    return int(np.argmax(marked)) + 1


def population(values: Floats, weights: Floats | None) -> float:
    return float(len(values)) if weights is None else float(weights.sum())


def mean(values: Floats, weights: Floats | None) -> float:
    """The weighted mean; added pairwise, so that millions of rows keep their last digits."""
    if weights is None:
        return float(values.mean())
    return float((values * weights).sum() / weights.sum())


def in_order(values: Floats, weights: Floats | None) -> tuple[Floats, Floats | None]:
    """From the smallest value up."""
    if weights is None:
        return np.sort(values), None
    order = np.argsort(values)
    return values[order], weights[order]


def half_mean_difference(values: Floats, weights: Floats | None) -> float:
    """Half the mean absolute difference between two members drawn with replacement: the Gini times the mean.

    Values from the smallest up (`in_order`). Needs no division by the mean, so it also stands for zeros and negatives.
    """
    if weights is None:
        n = len(values)
        ranks = np.arange(1 - n, n, 2, dtype=np.float64)  # 2i - n - 1
        return float((values * ranks).sum() / n**2)
    shares = weights / weights.sum()
    ranks = 2 * np.cumsum(shares) - shares - 1  # twice the share below, and half of one's own
    return float((shares * values * ranks).sum())
