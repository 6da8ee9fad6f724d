"""Arrays of which every stretch is a group: sums, running sums and ends of all groups in one pass over memory."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from .sample import Floats

CODE = "\0code"  # a name that no file has
WORTH_A_TURN = 64  # rows in a group


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
    if not by:
        return np.argsort(order), Segments(pl.DataFrame(), np.array([rows.height]))
    found = rows.group_by(*by).agg(pl.len().alias(CODE)).sort(*by, nulls_last=True)
    groups = Segments(found.drop(CODE), found[CODE].to_numpy().astype(np.int64))
    small = pl.UInt16 if found.height < 2**16 else pl.UInt32  # numpy sorts 16 bits by counting
    numbered = groups.groups.with_columns(pl.int_range(pl.len(), dtype=small).alias(CODE))
    codes = rows.select(*by).join(numbered, on=list(by), how="left", nulls_equal=True, maintain_order="left")[CODE]
    return _by_group(codes.to_numpy(), groups, order), groups


def _by_group(codes: npt.NDArray[Any], groups: Segments, order: Floats) -> npt.NDArray[np.int64]:
    """Large groups one after the other, each within the processor's cache; many small ones all at once."""
    if len(order) < WORTH_A_TURN * len(groups.sizes):
        places = np.argsort(order)
        return places[np.argsort(codes[places], kind="stable")]
    places = np.argsort(codes, kind="stable")
    values = order[places]
    for start, size in zip(groups.starts.tolist(), groups.sizes.tolist(), strict=True):
        here = slice(start, start + size)
        places[here] = places[here][np.argsort(values[here])]
    return places
