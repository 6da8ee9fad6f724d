"""Arrays of which every stretch is a group: sums, running sums and ends of all groups in one pass over memory."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from .sample import Floats

CODE = "\0code"  # a name that no file has


class Segments:
    """Rows sorted by group; `starts` is where each group begins, in the order of `groups` (one row a group)."""

    def __init__(self, groups: pl.DataFrame, sizes: npt.NDArray[np.int64]) -> None:
        self.groups, self.sizes = groups, sizes
        self.starts = np.cumsum(sizes) - sizes

    def sum(self, terms: npt.NDArray[Any]) -> Floats:
        return np.add.reduceat(terms.astype(np.float64, copy=False), self.starts)

    def any(self, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        return np.logical_or.reduceat(flags, self.starts)

    def first(self, terms: Floats) -> Floats:
        return terms[self.starts]

    def last(self, terms: Floats) -> Floats:
        return terms[self.starts + self.sizes - 1]

    def spread(self, figures: Floats) -> Floats:
        """A figure of each group beside each of its rows."""
        return np.repeat(figures, self.sizes)

    def twice_rank(self, weights: Floats) -> Floats:
        """Beside every row twice the weight before it in its group and once its own: twice the rank of its middle."""
        running = np.cumsum(weights)
        before = self.first(running) - self.first(weights)
        return 2 * (running - self.spread(before)) - weights


def divided(rows: pl.DataFrame, by: Sequence[str], order: Floats) -> tuple[npt.NDArray[np.int64], Segments]:
    """Places of the rows, by group and then by `order`; without `by`, everybody is one group. Needs a row at least."""
    places = np.argsort(order)
    if not by:
        return places, Segments(pl.DataFrame(), np.array([rows.height]))
    found = rows.group_by(*by).agg(pl.len().alias(CODE)).sort(*by, nulls_last=True)
    groups, sizes = found.drop(CODE), found[CODE].to_numpy().astype(np.int64)
    small = pl.UInt16 if len(sizes) < 2**16 else pl.UInt32  # numpy sorts 16 bits by counting
    numbered = groups.with_columns(pl.int_range(pl.len(), dtype=small).alias(CODE))
    codes = rows.select(*by).join(numbered, on=list(by), how="left", nulls_equal=True, maintain_order="left")[CODE]
    return places[np.argsort(codes.to_numpy()[places], kind="stable")], Segments(groups, sizes)
