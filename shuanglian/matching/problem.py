"""The pairing problem of one county as its caller states it (PAIR-1 … PAIR-6).

All arrays are whole numbers. I cadres, H households, P places, T trades, C causes; a cadre or household is known by a
unique text key. Nothing depends on the order in which rows are given: see `case`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .roads import Roads

Ints = npt.NDArray[np.int64]

MOST = 1 << 31  # no single number of a problem may be larger


@dataclass(frozen=True)
class PairingWeights:
    """What the objective counts; the county's least total is sought. Every weight is a whole number of points >= 0."""

    distance: int = 10  # per 0.1 km between the cadre's nearest starting place and the household
    need: int = 40  # per step of the household's need x step of the cadre's weakness: strong help to great need
    trade: int = 60  # per step by which the cadre's trade misses the household's cause of poverty
    keep: int = 300  # taken off when last year's pair stays (PAIR-6)
    outside: int = 600  # when the household's village is not one the cadre's unit is linked to (PAIR-3)
    fallback: int = 2_000  # for each household beyond the cadre's quota (PAIR-2, 兜底)
    even: int = 200  # more for each further fallback household of the same cadre, so that the load is even
    left: int = 5_000  # per step of need of a household that no one can take, so that the neediest are covered first


@dataclass(frozen=True)
class Base:
    """Where a cadre starts: the villages linked to the unit, or, if there are none, the place of the unit itself."""

    linked: tuple[int, ...] = ()
    home: int | None = None


def _pairs() -> Ints:
    return np.zeros((0, 2), np.int64)


@dataclass(frozen=True, eq=False)
class PairingProblem:
    """Cadres to households of one county.

    Cadres (length I): cadre_key; cadre_base, an index into `bases`; weakness, 0 = strongest rank; trade, a row of
    `mismatch`; minimum <= quota, households taken before anything else and at most (PAIR-2; both 0 = takes none,
    PAIR-3); fallback, households beyond the quota that the cadre can take (PAIR-2).
    Households (length H): household_key; place, where it lives; cause, a column of `mismatch`; need, 0 = least;
    last, the cadre it had last year or -1.
    mismatch: T x C steps, 0 = the trade fits the cause. forbidden, pinned: rows (cadre, household); forbidden wins.
    Plain lists will do for all of these.
    """

    roads: Roads
    bases: Sequence[Base]
    mismatch: Ints
    cadre_key: Sequence[str]
    cadre_base: Ints
    weakness: Ints
    trade: Ints
    minimum: Ints
    quota: Ints
    fallback: Ints
    household_key: Sequence[str]
    place: Ints
    cause: Ints
    need: Ints
    last: Ints
    forbidden: Ints = field(default_factory=_pairs)
    pinned: Ints = field(default_factory=_pairs)
    weights: PairingWeights = PairingWeights()

    def __post_init__(self) -> None:
        cadres, households = len(self.cadre_key), len(self.household_key)
        places, bases = len(self.roads.place_key), len(self.bases)
        table = np.asarray(self.mismatch)
        if table.ndim != 2:
            raise ValueError("mismatch must be a table of trades x causes")
        trades, causes = table.shape
        object.__setattr__(self, "mismatch", whole("mismatch", table, None, MOST))
        below = {
            "cadre_base": (cadres, 0, bases), "weakness": (cadres, 0, MOST), "trade": (cadres, 0, trades),
            "minimum": (cadres, 0, MOST), "quota": (cadres, 0, MOST), "fallback": (cadres, 0, MOST),
            "place": (households, 0, places), "cause": (households, 0, causes), "need": (households, 0, MOST),
            "last": (households, -1, cadres),
        }  # fmt: skip
        for name, (length, least, limit) in below.items():
            object.__setattr__(self, name, whole(name, getattr(self, name), length, limit, least))
        for name in ("forbidden", "pinned"):
            rows = np.asarray(getattr(self, name), np.int64).reshape(-1, 2)
            whole(name + " cadre", rows[:, 0], len(rows), cadres)
            whole(name + " household", rows[:, 1], len(rows), households)
            object.__setattr__(self, name, rows)
        if cadres and bool((self.minimum > self.quota).any()):
            raise ValueError("a cadre's minimum is above the quota")
        for base in self.bases:
            if not base.linked and base.home is None:
                raise ValueError("a base needs linked villages or a home")
            for place in (*base.linked, *(() if base.home is None else (base.home,))):
                if not 0 <= place < places:
                    raise ValueError(f"a base names place {place}, outside 0..{places - 1}")
        for name, points in vars(self.weights).items():
            if not 0 <= points < MOST:
                raise ValueError(f"weight {name} must be a whole number of 0 or more")


def whole(name: str, given: Any, length: int | None, limit: int, least: int = 0) -> Ints:
    """`given` as whole numbers least <= x < limit of the stated length, or a ValueError that names it."""
    numbers = np.asarray(given)
    if numbers.size == 0:
        numbers = numbers.astype(np.int64)
    if length is not None and numbers.shape != (length,):
        raise ValueError(f"{name} must have {length} entries, it has {numbers.shape}")
    if numbers.dtype.kind not in "biu":
        raise ValueError(f"{name} must be whole numbers")
    numbers = numbers.astype(np.int64)
    if numbers.size and (numbers.min() < least or numbers.max() >= limit):
        raise ValueError(f"{name} must lie in {least}..{limit - 1}")
    return numbers
