"""Who a line of a payroll may be: how much names, birth dates, villages, heads and numbers say, and when it is enough.

Pure: frames in, frames out. A pair is a line and somebody of the register with what they have in common; whoever
decides for people takes only who is both likely and clearly ahead of everybody else (FUND-5: no wrong person is paid).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from shuanglian.kernel.words import N_

SURE = 0.65  # the same name in the same village, or the same name and birth date
AHEAD = 0.2  # so far the next must stay behind
LEAST = 0.35  # below this nobody is offered
NAMELESS = 0.6  # at most, where not even the sound of the name agrees: a person must look
SHOWN = 5  # offered for one line
FOR: Mapping[str, float] = {
    "name": 0.45, "sound": 0.35, "born": 0.25, "village": 0.2, "town": 0.1, "head": 0.2, "head_sound": 0.15,
    "slip": 0.4,
}  # fmt: skip
AGAINST: Mapping[str, float] = {
    "born_differs": 0.35, "village_differs": 0.15, "head_differs": 0.1, "id_differs": 0.45, "gone": 0.1,
}  # fmt: skip
WHY: Mapping[str, str] = {
    "name": N_("姓名相同"), "sound": N_("姓名同音"), "born": N_("出生日期相同"), "village": N_("同村"),
    "town": N_("同乡镇"), "head": N_("户主相同"), "head_sound": N_("户主同音"), "slip": N_("证件号码只差一处"),
    "born_differs": N_("出生日期不同"), "village_differs": N_("不在一个村"), "head_differs": N_("户主不同"),
    "id_differs": N_("证件号码不同"), "gone": N_("已减员或已剔除"),
}  # fmt: skip
PAIRS = {
    "n": pl.Int64, "person": pl.Int64, "household": pl.Int64, "name": pl.Boolean, "sound": pl.Boolean,
    "born": pl.Boolean, "born_differs": pl.Boolean, "village": pl.Boolean, "village_differs": pl.Boolean,
    "town": pl.Boolean, "head": pl.Boolean, "head_sound": pl.Boolean, "head_differs": pl.Boolean,
    "slip": pl.Boolean, "id_differs": pl.Boolean, "gone": pl.Boolean,
}  # fmt: skip


def scored(pairs: pl.DataFrame) -> pl.DataFrame:
    """`score` (0 to 1) and `why` (codes of WHY) of each pair (PAIRS); the unlikely left out, the likeliest first."""
    yes = {name: pl.col(name).fill_null(False) for name in (*FOR, *AGAINST)}
    yes["sound"] = yes["sound"] & ~yes["name"]  # who has the same name sounds the same
    yes["head_sound"] = yes["head_sound"] & ~yes["head"]
    yes["town"] = yes["town"] & ~yes["village"]
    points = pl.sum_horizontal([yes[name].cast(pl.Float64) * worth for name, worth in FOR.items()])
    points -= pl.sum_horizontal([yes[name].cast(pl.Float64) * worth for name, worth in AGAINST.items()])
    called = yes["name"] | yes["sound"]
    points = pl.when(called).then(points).otherwise(pl.min_horizontal(points, pl.lit(NAMELESS)))
    why = pl.concat_list([pl.when(yes[name]).then(pl.lit(name)) for name in WHY]).list.drop_nulls()
    return (
        pairs.select("n", "person", "household", score=points.clip(0, 0.99).round(2), why=why, called=called)
        .filter(pl.col("score") >= LEAST)
        .sort(["n", "score", "person"], descending=[False, True, False])
        .unique(["n", "person"], keep="first", maintain_order=True)
    )


def settled(found: pl.DataFrame) -> pl.DataFrame:
    """One row a line with anybody in sight: `n`, `person`, `household`, `score`, `sure`, `candidates` (the first few).

    `found` as `scored` gives it. Sure: likely by name, and clearly ahead of everybody else.
    """
    told = pl.struct("person", "household", "score", "why")
    return (
        found.group_by("n", maintain_order=True)
        .agg(
            pl.col("person", "household", "score", "called").first(), second=pl.col("score").get(1, null_on_oob=True),
            differs=pl.col("why").first().list.contains("id_differs"), candidates=told.head(SHOWN),
        )
        .with_columns(
            sure=pl.col("called") & ~pl.col("differs") & (pl.col("score") >= SURE)
            & (pl.col("score") - pl.col("second").fill_null(0.0) >= AHEAD - 1e-9)
        )
        .drop("called", "differs", "second")
    )  # fmt: skip


STRONG, CLEAR = 0.5, 0.15  # what a person may take in bulk: a homophone in the village that nobody else comes near


def is_strong(candidates: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the first candidate of an open line may be taken without a look at each."""
    if not candidates or not {"name", "sound"} & set(candidates[0]["why"]) or "id_differs" in candidates[0]["why"]:
        return False
    second = candidates[1]["score"] if len(candidates) > 1 else 0.0
    return bool(candidates[0]["score"] >= STRONG and candidates[0]["score"] - second >= CLEAR)
