"""Inequality measures: plain functions over arrays.

`values` incomes per person, `weights` persons that a row stands for. Whole weights equal repeated rows. None has a
small-sample correction. Zero incomes: 0 ln 0 is 0 for Theil; the mean log deviation is infinite and refused;
Atkinson from 1 up is 1, its limit. Negative incomes: Gini and shares stand as long as the mean is above 0; Theil, MLD
and Atkinson are refused.
"""

from dataclasses import dataclass

import numpy as np

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .sample import Floats, Numbers, checked, first, half_mean_difference, in_order, mean, population

DEFAULT_EPSILON = 0.5
FIFTH = 0.2


@dataclass(frozen=True)
class Inequality:
    """All measures of one sample; None where a measure is not defined for these incomes."""

    population: float
    mean: float
    gini: float | None
    theil: float | None
    mld: float | None
    atkinson: float | None
    quantile_share_ratio: float | None
    quantile_shares: tuple[float, ...] | None


def inequality(
    values: Numbers,
    *,
    weights: Numbers | None = None,
    epsilon: float = DEFAULT_EPSILON,
    top: float = FIFTH,
    bottom: float = FIFTH,
    quantiles: int = 5,
) -> Inequality:
    """Every inequality measure at once; what is not defined is None instead of a refusal."""
    _checked_epsilon(epsilon), _checked_share(top), _checked_share(bottom)
    numbers, w = in_order(*_counted(*checked(values, weights)))  # sorted once for all
    m, no_less = mean(numbers, w), numbers[0] >= 0
    poorest, others = _lorenz(numbers, w, np.array([bottom, 1 - top])) if m > 0 else (0.0, 0.0)
    return Inequality(
        population=population(numbers, w),
        mean=m,
        gini=half_mean_difference(numbers, w) / m if m > 0 else None,
        theil=_theil(numbers, w) if m > 0 and no_less else None,
        mld=_mld(numbers, w) if numbers[0] > 0 else None,
        atkinson=_atkinson(numbers, w, epsilon) if m > 0 and no_less else None,
        quantile_share_ratio=float((1 - others) / poorest) if poorest > 0 else None,
        quantile_shares=tuple(_shares(numbers, w, quantiles).tolist()) if m > 0 else None,
    )


def gini(values: Numbers, *, weights: Numbers | None = None) -> float:
    """(1/(N^2 mean)) sum of (2i - N - 1) x_i, x from the smallest up; above 1 is possible with negative incomes."""
    numbers, w = checked(values, weights)
    return half_mean_difference(*in_order(numbers, w)) / _positive_mean(numbers, w)


def theil(values: Numbers, *, weights: Numbers | None = None) -> float:
    """Theil's T, generalised entropy 1: mean of (x/m) ln(x/m). A zero income adds 0; a negative one is refused."""
    numbers, w = _without_negatives(values, weights)
    _positive_mean(numbers, w)
    return _theil(numbers, w)


def mld(values: Numbers, *, weights: Numbers | None = None) -> float:
    """Mean log deviation, Theil's L, generalised entropy 0: mean of ln(m/x). Zero and negative incomes are refused."""
    numbers, w = _counted(*checked(values, weights))
    if numbers.min() <= 0:
        raise Refusal(
            "mld_nonpositive",
            N_("第 {row} 个收入为零或负数，平均对数离差没有定义；请先剔除，或设一个最低值。"),
            row=_row(values, weights, inclusive=True),
        )
    return _mld(numbers, w)


def atkinson(values: Numbers, *, epsilon: float, weights: Numbers | None = None) -> float:
    """Atkinson (1970): 1 - e/m, e the income that, had by all, would be as good; aversion epsilon >= 0.

    e is the power mean of 1 - epsilon, at epsilon 1 the geometric mean; with a zero income it is 0 from epsilon 1 up.
    """
    _checked_epsilon(epsilon)
    numbers, w = _without_negatives(values, weights)
    _positive_mean(numbers, w)
    return _atkinson(numbers, w, epsilon)


def lorenz(values: Numbers, at: Numbers, *, weights: Numbers | None = None) -> Floats:
    """Share of all income that the poorest share `at` (0 to 1, in one dimension) of people have.

    A row on the edge counts in proportion: straight between the points of the curve.
    """
    return _lorenz(*in_order(*checked(values, weights)), np.asarray(at, np.float64))


def quantile_shares(values: Numbers, *, quantiles: int = 5, weights: Numbers | None = None) -> Floats:
    """Share of all income of each of `quantiles` equally large groups of people, the poorest first."""
    return _shares(*in_order(*checked(values, weights)), quantiles)


def quantile_share_ratio(
    values: Numbers, *, top: float = FIFTH, bottom: float = FIFTH, weights: Numbers | None = None
) -> float:
    """Income of the richest share `top` over that of the poorest share `bottom` (S80/S20; Palma is 0.1 and 0.4)."""
    poorest, others = lorenz(values, [_checked_share(bottom), 1 - _checked_share(top)], weights=weights)
    if not poorest > 0:
        raise Refusal("no_bottom", N_("最穷的那部分人没有收入，份额比没有定义；请换更大的份额。"))
    return float((1 - others) / poorest)


# --- worked out, on what has been checked ---------------------------------------------------------------------------


def _theil(numbers: Floats, w: Floats | None) -> float:
    shares = numbers / mean(numbers, w)
    logs = np.log(shares, where=shares > 0, out=np.zeros_like(shares))
    return mean(shares * logs, w)


def _mld(numbers: Floats, w: Floats | None) -> float:
    return mean(-np.log(numbers / mean(numbers, w)), w)


def _atkinson(numbers: Floats, w: Floats | None, epsilon: float) -> float:
    m, power = mean(numbers, w), 1 - epsilon
    if power <= 0 and numbers.min() <= 0:
        return 1.0
    if power == 0:
        return 1 - float(np.exp(mean(np.log(numbers / m), w)))
    unit = numbers.max() if power > 0 else numbers.min()  # so that no power overflows
    return 1 - float(unit / m * mean((numbers / unit) ** power, w) ** (1 / power))


def _lorenz(ordered: Floats, w: Floats | None, at: Floats) -> Floats:
    """What those wholly below the edge have, and the part that it cuts off the row on it."""
    people = np.arange(1, len(ordered) + 1, dtype=np.float64) if w is None else np.cumsum(w)
    income = np.cumsum(ordered if w is None else ordered * w)
    if not income[-1] > 0:
        raise _no_income(income[-1] / people[-1])
    edges = at * people[-1]
    row = np.minimum(np.searchsorted(people, edges), len(people) - 1)
    return (income[row] - (people[row] - edges) * ordered[row]) / income[-1]


def _shares(ordered: Floats, w: Floats | None, quantiles: int) -> Floats:
    if quantiles < 1:
        raise Refusal("quantiles", N_("分组数须为正整数；收到 {quantiles}。"), quantiles=quantiles)
    return np.diff(_lorenz(ordered, w, np.arange(quantiles + 1) / quantiles))


# --- checked --------------------------------------------------------------------------------------------------------


def _checked_epsilon(epsilon: float) -> float:
    if not epsilon >= 0:
        raise Refusal("epsilon", N_("参数 epsilon 须为 0 或正数；收到 {epsilon}。"), epsilon=epsilon)
    return epsilon


def _checked_share(share: float) -> float:
    if not 0 < share <= 1:
        raise Refusal("share", N_("人口份额须大于 0 且不超过 1；收到 {share}。"), share=share)
    return share


def _positive_mean(numbers: Floats, weights: Floats | None) -> float:
    m = mean(numbers, weights)
    if not m > 0:
        raise _no_income(m)
    return m


def _no_income(m: float) -> Refusal:
    return Refusal("no_income", N_("平均收入为 {mean}，相对指标没有定义；平均须大于 0。"), mean=m)


def _without_negatives(values: Numbers, weights: Numbers | None) -> tuple[Floats, Floats | None]:
    numbers, w = _counted(*checked(values, weights))
    if numbers.min() < 0:
        raise Refusal(
            "negative",
            N_("第 {row} 个收入为负数，该指标没有定义；请先剔除，或设一个最低值。"),
            row=_row(values, weights, inclusive=False),
        )
    return numbers, w


def _counted(numbers: Floats, weights: Floats | None) -> tuple[Floats, Floats | None]:
    """Without the rows of weight 0: nobody stands there, so they spoil no measure."""
    if weights is None or weights.min() > 0:
        return numbers, weights
    return numbers[weights > 0], weights[weights > 0]


def _row(values: Numbers, weights: Numbers | None, *, inclusive: bool) -> int:
    """The first row (from 1) with weight and an income below 0, or at most 0."""
    numbers, w = checked(values, weights)
    low = numbers <= 0 if inclusive else numbers < 0
    return first(low if w is None else low & (w > 0))
