"""Equivalence scales: how many single adults a household's needs are equal to. Plain functions over arrays.

Divide the household's income by the scale, and let every household weigh as many persons as it has.
"""

import numpy as np

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

from .sample import Floats, Numbers, finite, first


def per_head(size: Numbers) -> Floats:
    """Everyone needs the same: the number of persons."""
    return _persons(size)


def square_root(size: Numbers) -> Floats:
    """Square root of the number of persons (OECD since 2008, Luxembourg Income Study)."""
    return np.sqrt(_persons(size))


def oecd(size: Numbers, adults: Numbers) -> Floats:
    """Oxford scale (OECD 1982): first adult 1, each further adult 0.7, each child 0.5."""
    return _by_age(size, adults, adult=0.7, child=0.5)


def modified_oecd(size: Numbers, adults: Numbers) -> Floats:
    """Modified OECD scale (Hagenaars and others 1994, Eurostat; child is under 14): 1, 0.5, 0.3."""
    return _by_age(size, adults, adult=0.5, child=0.3)


SCALES = ("per_head", "square_root", "oecd", "modified_oecd")
BY_AGE = ("oecd", "modified_oecd")


def equivalents(scale: str, size: Numbers, adults: Numbers | None = None) -> Floats:
    """The scale of that name, one of SCALES; those of BY_AGE need the adults."""
    if scale not in BY_AGE:
        return {"per_head": per_head, "square_root": square_root}[scale](size)
    if adults is None:
        raise Refusal("adults", N_("该等值尺度须知道成人数；请给出成人数一列。"))
    return {"oecd": oecd, "modified_oecd": modified_oecd}[scale](size, adults)


def _by_age(size: Numbers, adults: Numbers, *, adult: float, child: float) -> Floats:
    """A household of children only has its first child in the place of the first adult."""
    persons, grown = _persons(size), finite(adults, Said(N_("成人数")))
    wrong = (grown < 0) | (grown > persons)
    if wrong.any():
        raise Refusal("adults", N_("第 {row} 户的成人数为负或多于家庭人口；请改正。"), row=first(wrong))
    grown = np.maximum(grown, 1)
    return 1 + adult * (grown - 1) + child * np.maximum(persons - grown, 0)


def _persons(size: Numbers) -> Floats:
    persons = finite(size, Said(N_("家庭人口")))
    if len(persons) and persons.min() <= 0:
        raise Refusal("size", N_("第 {row} 户的家庭人口不是正数；请改正。"), row=first(persons <= 0))
    return persons
