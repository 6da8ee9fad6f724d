"""A figure taken apart by groups of people: plain functions over arrays.

FGT, Watts and the Alkire-Foster figures are the sums of group share times group figure. Theil and the mean log
deviation are what is within groups plus what is between them. Sen, SST, Gini and Atkinson do not come apart like this.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shuanglian.kernel.words import N_, Said

from .inequality import mld, theil
from .poverty import fgt
from .sample import Floats, Numbers, checked, mean, unequal


@dataclass(frozen=True)
class Part:
    """One group: share of people, its own figure, and the share of the whole figure that comes from it."""

    share: float
    figure: float
    contribution: float


@dataclass(frozen=True)
class Split:
    """Inequality within and between groups; both add up to `whole`."""

    whole: float
    within: float
    between: float


def fgt_by(
    values: Numbers,
    line: float,
    groups: Sequence[Hashable],
    *,
    alpha: float,
    weights: Numbers | None = None,
    inclusive: bool = False,
) -> dict[Any, Part]:
    """FGT of each group and what it contributes to FGT of all (contributions sum to 1, or are all 0)."""
    numbers, w = checked(values, weights)
    persons = np.ones(len(numbers)) if w is None else w
    figures = {
        name: (persons[rows].sum() / persons.sum(),
               fgt(numbers[rows], line, alpha=alpha, weights=persons[rows], inclusive=inclusive))
        for name, rows in _rows(groups, persons).items()
    }  # fmt: skip
    whole = sum(share * figure for share, figure in figures.values())
    return {
        name: Part(float(share), figure, float(share * figure / whole) if whole else 0.0)
        for name, (share, figure) in figures.items()
    }


def theil_by(values: Numbers, groups: Sequence[Hashable], *, weights: Numbers | None = None) -> Split:
    """Theil's T: within weighs groups by their share of income."""
    numbers, w = checked(values, weights)
    persons = np.ones(len(numbers)) if w is None else w
    whole = theil(numbers, weights=persons)
    income = (numbers * persons).sum()
    within = sum(
        (numbers[rows] * persons[rows]).sum() / income * theil(numbers[rows], weights=persons[rows])
        for rows in _rows(groups, persons).values()
        if (numbers[rows] * persons[rows]).sum() > 0  # a group without income adds nothing, as 0 ln 0 is 0
    )
    return Split(whole, float(within), theil(_means(numbers, persons, groups), weights=persons))


def mld_by(values: Numbers, groups: Sequence[Hashable], *, weights: Numbers | None = None) -> Split:
    """Mean log deviation: within weighs groups by their share of people."""
    numbers, w = checked(values, weights)
    persons = np.ones(len(numbers)) if w is None else w
    whole = mld(numbers, weights=persons)
    within = sum(
        persons[rows].sum() / persons.sum() * mld(numbers[rows], weights=persons[rows])
        for rows in _rows(groups, persons).values()
    )
    return Split(whole, float(within), mld(_means(numbers, persons, groups), weights=persons))


def _rows(groups: Sequence[Hashable], persons: Floats) -> dict[Any, Any]:
    """Group to its rows; groups in which nobody stands (weight 0) are left out."""
    labels = np.asarray(groups)
    if len(labels) != len(persons):
        raise unequal(Said(N_("分组")), len(labels), len(persons))
    names, at = np.unique(labels, return_inverse=True)
    order = np.argsort(at, kind="stable")
    split = np.split(order, np.searchsorted(at[order], np.arange(1, len(names))))
    return {name: rows for name, rows in zip(names.tolist(), split, strict=True) if persons[rows].sum() > 0}


def _means(numbers: Floats, persons: Floats, groups: Sequence[Hashable]) -> Floats:
    """Everyone's income replaced by the mean of the group; nobody's stay as they are."""
    smoothed = numbers.copy()
    for rows in _rows(groups, persons).values():
        smoothed[rows] = mean(numbers[rows], persons[rows])
    return smoothed
