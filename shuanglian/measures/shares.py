"""A share with how sure it is: Wilson, Clopper–Pearson, exact for a finite population, stratified draws, sample sizes.

Sources. Wilson: E. B. Wilson, JASA 22 (1927) 209. Exact: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404.
Exact for draws without replacement: the same inversion of the hypergeometric tails (J. P. Buonaccorsi, Am. Stat. 41
(1987) 215). Finite population correction, sample size and stratified variance: W. G. Cochran, Sampling Techniques, 3rd
ed. 1977, chapters 3 to 5. Design-based intervals by effective sample size: E. L. Korn and B. I. Graubard, Survey
Methodology 24 (1998) 193.

    p = hits / n       W_h = N_h / N       f_h = n_h / N_h       z = normal quantile of 1 − (1 − confidence) / 2
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Any, Literal

from scipy.special import betaincinv

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A share of 0 to 1 with the bounds that hold it with the given confidence; low ≤ share ≤ high."""

    low: float
    share: float
    high: float

    def __contains__(self, share: float) -> bool:
        return self.low <= share <= self.high


@dataclass(frozen=True)
class Stratum:
    """What was found in one stratum: hits among n drawn, of N there are."""

    hits: int
    drawn: int
    population: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.drawn <= self.population:
            raise ValueError(f"0 <= hits <= drawn <= population, not {self.hits}, {self.drawn}, {self.population}")


@cache
def _hypergeom() -> Any:
    """SciPy's hypergeometric law: its package takes seconds to bring in, and few starts of the product need it."""
    from scipy.stats import hypergeom

    return hypergeom


def wilson(hits: float, drawn: float, *, confidence: float = CONFIDENCE) -> Interval:
    """The score interval: the shares p' with |p − p'| ≤ z √(p'(1 − p') / n). Fractions are effective sizes."""
    _possible(hits, drawn, confidence)
    z = _quantile(confidence)
    p, z2 = hits / drawn, z * z
    middle = (p + z2 / (2 * drawn)) / (1 + z2 / drawn)
    half = z / (1 + z2 / drawn) * math.sqrt(p * (1 - p) / drawn + z2 / (4 * drawn * drawn))
    return _bounded(middle - half, p, middle + half)


def clopper_pearson(hits: float, drawn: float, *, confidence: float = CONFIDENCE) -> Interval:
    """The exact binomial interval: low = Beta(α/2; x, n − x + 1), high = Beta(1 − α/2; x + 1, n − x)."""
    _possible(hits, drawn, confidence)
    tail = (1 - confidence) / 2
    low = float(betaincinv(hits, drawn - hits + 1, tail)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, drawn - hits, 1 - tail)) if hits < drawn else 1.0
    return _bounded(low, hits / drawn, high)


def finite(hits: int, drawn: int, population: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Exact for a draw without replacement: the numbers K of the N for which neither tail of X is below α/2.

    P(X ≥ x | K) > α/2 and P(X ≤ x | K) > α/2 with X hypergeometric; all drawn gives the share itself.
    """
    Stratum(hits, drawn, population)
    _possible(hits, drawn, confidence)
    tail = (1 - confidence) / 2
    least, most = hits, population - drawn + hits  # what the draw leaves possible

    def not_too_few(there: int) -> bool:
        return bool(_hypergeom().sf(hits - 1, population, there, drawn) > tail)

    def not_too_many(there: int) -> bool:
        return bool(_hypergeom().cdf(hits, population, there, drawn) > tail)

    low = _first(least, most, not_too_few)
    high = population - _first(population - most, population - least, lambda others: not_too_many(population - others))
    return _bounded(low / population, hits / drawn, high / population)


def stratified(strata: Sequence[Stratum], *, confidence: float = CONFIDENCE) -> Interval:
    """A stratified draw: p = Σ W_h p_h, v = Σ W_h² (1 − f_h) p_h q_h / (n_h − 1); Wilson at the effective size p q / v.

    A stratum with fewer than two drawn tells nothing of its variance: there the whole's p q stands in. With no variance
    at all to be seen (no hit, or only hits) the effective size is that of a simple draw, n (N − 1) / (N − n). Every
    stratum with people must have somebody drawn, else the whole cannot be told: ValueError.
    """
    there = [one for one in strata if one.population]
    if not there or any(not one.drawn for one in there):
        raise ValueError("every stratum needs somebody drawn")
    population, drawn = sum(one.population for one in there), sum(one.drawn for one in there)
    share = sum(one.population * (one.hits / one.drawn) for one in there) / population
    if drawn == population:
        return Interval(share, share, share)
    spread = share * (1 - share)
    variance = sum(_variance(one, population, spread) for one in there)
    simple = drawn * (population - 1) / (population - drawn)
    size = spread / variance if variance > 0 and spread > 0 else simple
    found = wilson(share * size, size, confidence=confidence)
    return _bounded(found.low, share, found.high)


def _variance(one: Stratum, population: int, spread: float) -> float:
    p = one.hits / one.drawn
    per = p * (1 - p) / (one.drawn - 1) if one.drawn > 1 else spread
    return (one.population / population) ** 2 * (1 - one.drawn / one.population) * per


def against(interval: Interval, limit: float) -> Literal["within", "over", "open"]:
    """within: even the upper bound keeps the limit; over: even the lower one breaks it; open: the draw cannot tell."""
    if interval.high <= limit:
        return "within"
    return "over" if interval.low > limit else "open"


def sample_size(population: int, margin: float, *, share: float = 0.5, confidence: float = CONFIDENCE) -> int:
    """How many to draw so that the share is known to ± margin: n₀ = z² p q / e², n = n₀ / (1 + (n₀ − 1) / N)."""
    if population < 1 or not 0 < margin < 1 or not 0 <= share <= 1:
        raise ValueError("population >= 1, 0 < margin < 1, 0 <= share <= 1")
    first = _quantile(confidence) ** 2 * share * (1 - share) / margin**2
    size = first / (1 + (first - 1) / population) if first > 1 else 1
    return max(1, min(population, math.ceil(size - 1e-9)))


def sample_to_clear(population: int, limit: float, *, confidence: float = CONFIDENCE) -> int:
    """How many to draw, all of them right, to say with this confidence (one-sided) that at most `limit` are wrong.

    The smallest n with P(X = 0 | K) ≤ 1 − confidence, K the first number of wrong ones above the limit.
    """
    if population < 1 or not 0 <= limit < 1:
        raise ValueError("population >= 1, 0 <= limit < 1")
    wrong = math.floor(limit * population + 1e-9) + 1
    return _first(1, population, lambda drawn: bool(_hypergeom().pmf(0, population, wrong, drawn) <= 1 - confidence))


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The smallest whole number in low … high at which a condition that stays true begins to hold."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not {confidence}")
    return NormalDist().inv_cdf(1 - (1 - confidence) / 2)


def _possible(hits: float, drawn: float, confidence: float) -> None:
    if not 0 <= hits <= drawn or drawn <= 0:
        raise ValueError(f"0 <= hits <= drawn and somebody drawn, not {hits} of {drawn}")
    _quantile(confidence)


def _bounded(low: float, share: float, high: float) -> Interval:
    """Rounding must not push the bounds past the share or past 0 and 1."""
    return Interval(max(0.0, min(low, share)), share, min(1.0, max(high, share)))
