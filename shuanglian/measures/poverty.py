"""Poverty measures of incomes against a line: plain functions over arrays (IDX-2).

Everywhere: `values` incomes per person, `line` one number or one per person (above 0), `weights` persons that a row
stands for. Poor is who has less than the line (World Bank); `inclusive` also counts who has exactly the line. All
measures look at x/z only. Whole weights equal repeated rows.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

from .sample import Floats, Numbers, checked, finite, first, half_mean_difference, in_order, population, unequal


@dataclass(frozen=True, eq=False)
class Poor:
    """The poor of a sample: x/z, weights (None: one each) and rows (from 1) of each, and everybody's weight."""

    ratios: Floats
    weights: Floats | None
    rows: npt.NDArray[np.int64]
    population: float

    @property
    def people(self) -> float:
        return population(self.ratios, self.weights)

    @cached_property
    def ordered(self) -> tuple[Floats, Floats | None]:
        """x/z and weights, the poorest first."""
        return in_order(self.ratios, self.weights)

    @property
    def counted(self) -> npt.NDArray[np.bool_]:
        """Of weight 0 is nobody: such a row neither counts nor spoils a measure."""
        return np.ones(len(self.ratios), bool) if self.weights is None else self.weights > 0

    @property
    def penniless(self) -> npt.NDArray[np.bool_]:
        """Who has no positive income."""
        return self.counted & (self.ratios <= 0)

    def share(self, terms: Floats) -> float:
        """The sum of one term per poor, over everybody."""
        return float((terms if self.weights is None else terms * self.weights).sum() / self.population)


@dataclass(frozen=True)
class Poverty:
    """All measures of one sample. `watts` is None where a poor person has no positive income."""

    population: float
    poor: float
    headcount: float
    gap: float
    severity: float
    watts: float | None
    sen: float
    sen_1976: float
    sst: float


def poverty(
    values: Numbers, line: float | Numbers, *, weights: Numbers | None = None, inclusive: bool = False
) -> Poverty:
    """Every poverty measure at once."""
    poor = find_poor(values, line, weights=weights, inclusive=inclusive)
    return Poverty(
        population=poor.population,
        poor=poor.people,
        headcount=_fgt(poor, 0),
        gap=_fgt(poor, 1),
        severity=_fgt(poor, 2),
        watts=None if poor.penniless.any() else _watts(poor),
        sen=_sen(poor, replicated=True),
        sen_1976=_sen(poor, replicated=False),
        sst=_sst(poor),
    )


def fgt(
    values: Numbers,
    line: float | Numbers,
    *,
    alpha: float,
    weights: Numbers | None = None,
    inclusive: bool = False,
) -> float:
    """Foster, Greer, Thorbecke (1984): (1/N) sum over the poor of ((z - x)/z)^alpha, alpha >= 0."""
    if not alpha >= 0:
        raise Refusal("alpha", N_("参数 alpha 须为 0 或正数；收到 {alpha}。"), alpha=alpha)
    return _fgt(find_poor(values, line, weights=weights, inclusive=inclusive), alpha)


def headcount(
    values: Numbers, line: float | Numbers, *, weights: Numbers | None = None, inclusive: bool = False
) -> float:
    """Share of poor people, FGT 0."""
    return fgt(values, line, alpha=0, weights=weights, inclusive=inclusive)


def gap(values: Numbers, line: float | Numbers, *, weights: Numbers | None = None) -> float:
    """Poverty gap, FGT 1: what is missing to the line, per head of everybody, as a share of the line."""
    return fgt(values, line, alpha=1, weights=weights)


def severity(values: Numbers, line: float | Numbers, *, weights: Numbers | None = None) -> float:
    """Squared poverty gap, FGT 2."""
    return fgt(values, line, alpha=2, weights=weights)


def watts(values: Numbers, line: float | Numbers, *, weights: Numbers | None = None) -> float:
    """Watts (1968): (1/N) sum over the poor of ln(z/x). Refuses a poor person without positive income (infinite)."""
    poor = find_poor(values, line, weights=weights)
    if poor.penniless.any():
        raise Refusal(
            "watts_nonpositive",
            N_("第 {row} 个收入为零或负数，沃茨指数没有定义；请先剔除，或设一个最低值。"),
            row=int(poor.rows[np.argmax(poor.penniless)]),
        )
    return _watts(poor)


def sen(values: Numbers, line: float | Numbers, *, weights: Numbers | None = None, inclusive: bool = False) -> float:
    """Sen, the form that does not change when everyone is repeated: H (I + (1 - I) Gp).

    H headcount, I mean gap of the poor, Gp Gini of the poor. Equals what the R package ineq prints.
    """
    return _sen(find_poor(values, line, weights=weights, inclusive=inclusive), replicated=True)


def sen_1976(
    values: Numbers, line: float | Numbers, *, weights: Numbers | None = None, inclusive: bool = False
) -> float:
    """Sen as published in 1976: H (I + (1 - I) Gp q/(q + 1)), q the number (weight) of the poor."""
    return _sen(find_poor(values, line, weights=weights, inclusive=inclusive), replicated=False)


def sst(values: Numbers, line: float | Numbers, *, weights: Numbers | None = None) -> float:
    """Sen, Shorrocks (1995), Thon: (1/N^2) sum of (2N - 2i + 1) g_i, gaps from the largest down, 0 for the rest."""
    return _sst(find_poor(values, line, weights=weights))


def find_poor(
    values: Numbers, line: float | Numbers, *, weights: Numbers | None = None, inclusive: bool = False
) -> Poor:
    """Who is poor, checked: the line above 0, nothing missing."""
    numbers, w = checked(values, weights)
    z = _line(line, len(numbers))
    below = numbers <= z if inclusive else numbers < z
    rows = np.flatnonzero(below)
    ratios = numbers[rows] / (z if np.ndim(z) == 0 else z[rows])
    return Poor(ratios, None if w is None else w[rows], rows + 1, population(numbers, w))


def _line(line: float | Numbers, rows: int) -> Floats:
    if np.ndim(line) == 0:
        z = finite(np.array([line]), Said(N_("贫困线")))
    else:
        z = finite(line, Said(N_("贫困线")))  # type: ignore[arg-type]
        if len(z) != rows:
            raise unequal(Said(N_("贫困线")), len(z), rows)
    if len(z) and not z.min() > 0:
        raise Refusal("line", N_("贫困线须大于 0；第 {row} 个不是。"), row=first(z <= 0))
    return z if np.ndim(line) else z[0]


def _fgt(poor: Poor, alpha: float) -> float:
    if alpha == 0:  # 0 ** 0 is 1 as well: exactly on the line counts when the line is inclusive
        return poor.people / poor.population
    return poor.share((1 - poor.ratios) ** alpha)


def _watts(poor: Poor) -> float:
    return poor.share(-np.log(poor.ratios, where=poor.counted, out=np.zeros_like(poor.ratios)))


def _sen(poor: Poor, *, replicated: bool) -> float:
    """(1 - I) Gp is half the mean difference of x/z among the poor, which stands for zero and negative incomes too."""
    people = poor.people
    if not people:
        return 0.0
    spread = half_mean_difference(*poor.ordered) * (1 if replicated else people / (people + 1))
    return _fgt(poor, 1) + people / poor.population * spread


def _sst(poor: Poor) -> float:
    ratios, weights = poor.ordered
    shares = (np.ones(len(ratios)) if weights is None else weights) / poor.population
    above = 1 - np.cumsum(shares)  # share of those with smaller gaps
    return float((shares * (1 - ratios) * (2 * above + shares)).sum())
