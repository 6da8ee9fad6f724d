"""Who of the register the lines of a payroll may be: read in one piece, compared as columns (FUND-5).

Looked for by the sound of the name, by birth date within the village, and by identity numbers one slip of the pen away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from shuanglian.organisation.names import spelling_of
from shuanglian.sheets import merging
from shuanglian.sheets.engine.duplicate_numbers import numbers_of, repairs

from . import likeness

if TYPE_CHECKING:
    from shuanglian.areas.models import Area

CROWD = 2_000_000  # pairs at most; of more only those that have a place, a birth date or a head in common
FOLK = {
    "person": pl.Int64, "household": pl.Int64, "their_name": pl.String, "their_sound": pl.String, "their_born": pl.Date,
    "their_digest": pl.String, "their_code": pl.String, "their_head": pl.String, "gone": pl.Boolean,
}  # fmt: skip
_FOLK = """
    SELECT p.id, p.household_id, p.name, p.pinyin, p.born_on, nullif(p.id_digest, ''), h.area_code, h.head_name,
           (p.left_on IS NOT NULL OR h.removed_on IS NOT NULL)::text
    FROM registry_person p JOIN registry_household h ON h.id = p.household_id
    WHERE p.area_code >= %s AND p.area_code < %s
      AND (p.pinyin = ANY(%s) OR p.born_on = ANY(%s) OR p.id_digest = ANY(%s))"""


def likely(lines: pl.DataFrame, area: Area) -> pl.DataFrame:
    """Who each line may be, as `likeness.settled` gives it.

    lines: n, name, sound, born (Date), digest (of a number that can be relied on), written (a number that fails),
    village_code, township_code, head_name.
    """
    slips = _slips(lines)
    folk = _folk(lines, slips, area)
    if lines.is_empty() or folk.is_empty():
        return likeness.settled(likeness.scored(pl.DataFrame(schema=likeness.PAIRS)))
    return likeness.settled(likeness.scored(_compared(_pairs(lines, folk, slips))))


def _slips(lines: pl.DataFrame) -> pl.DataFrame:
    """n, digest: the numbers one wrong digit or one swap away from those that fail."""
    failing = lines.filter(pl.col("written").is_not_null())
    schema: dict[str, Any] = {"n": lines.schema["n"], "slip_digest": pl.String}
    if failing.is_empty():
        return pl.DataFrame(schema=schema)
    numbers, digits = numbers_of(failing["written"])
    near = repairs(numbers["number"].fill_null(0).to_numpy(), digits)
    place = near["at"].to_numpy()
    texts = [_text(number) for number in near["number"].to_numpy()]
    return pl.DataFrame(
        {"n": failing["n"].to_numpy()[place], "slip_digest": merging.digests(pl.Series(texts, dtype=pl.String))},
        schema=schema,
    )


def _text(number: np.int64) -> str:
    """The 18 characters of a number as `duplicate_numbers` reckons with it."""
    body, last = divmod(int(number), 11)
    return f"{body:017d}{'0123456789X'[last]}"


def _folk(lines: pl.DataFrame, slips: pl.DataFrame, area: Area) -> pl.DataFrame:
    sounds = lines["sound"].drop_nulls().unique().to_list()
    births = lines.filter(pl.col("village_code").is_not_null())["born"].drop_nulls().unique().to_list()
    digests = slips["slip_digest"].unique().to_list()
    return merging.frame_of(_FOLK, FOLK, area.prefix, f"{area.prefix}:", sounds, births, digests)


def _pairs(lines: pl.DataFrame, folk: pl.DataFrame, slips: pl.DataFrame) -> pl.DataFrame:
    """Every line beside everybody it may be, once."""
    ours, theirs = lines.drop("written"), folk
    by_sound = ours.join(theirs, left_on="sound", right_on="their_sound", coalesce=False)
    by_birth = ours.join(
        theirs, left_on=["born", "village_code"], right_on=["their_born", "their_code"], coalesce=False
    )  # fmt: skip
    by_slip = ours.join(slips, on="n").join(theirs, left_on="slip_digest", right_on="their_digest", coalesce=False)
    parts = [by_sound, by_birth, by_slip.drop("slip_digest").with_columns(slip=pl.lit(True))]
    pairs = pl.concat(parts, how="diagonal").sort("slip", descending=True, nulls_last=True)
    pairs = pairs.unique(["n", "person"], keep="first", maintain_order=True)
    if pairs.height <= CROWD:
        return pairs
    near = (pl.col("village_code") == pl.col("their_code")) | (pl.col("born") == pl.col("their_born"))
    near |= (pl.col("head_name") == pl.col("their_head")) | pl.col("slip")
    return pairs.filter(near.fill_null(False))


def _compared(pairs: pl.DataFrame) -> pl.DataFrame:
    """What a line and a person have in common; what is not known on either side says nothing."""
    heads = pl.concat([pairs["head_name"], pairs["their_head"]]).drop_nulls().unique().to_list()
    sounds = {name: spelling_of(name) for name in heads}
    head, their_head = pl.col("head_name"), pl.col("their_head")
    sounding = [one.replace_strict(sounds, default=None, return_dtype=pl.String) for one in (head, their_head)]
    born, their_born, code = pl.col("born"), pl.col("their_born"), pl.col("their_code")
    month = (born.dt.day() == 1) & (born.dt.strftime("%Y%m") == their_born.dt.strftime("%Y%m"))
    same_birth = (born == their_born) | month
    town = pl.col("township_code").str.slice(0, 9)
    return pairs.select(
        "n", "person", "household", name=pl.col("name") == pl.col("their_name"),
        sound=pl.col("sound") == pl.col("their_sound"), born=same_birth, born_differs=~same_birth,
        village=pl.col("village_code") == code, village_differs=pl.col("village_code") != code,
        town=town == code.str.slice(0, 9), head=head == their_head, head_sound=sounding[0] == sounding[1],
        head_differs=sounding[0] != sounding[1], slip=pl.col("slip").fill_null(False),
        id_differs=pl.col("digest").is_not_null() & (pl.col("digest") != pl.col("their_digest")), gone=pl.col("gone"),
    )  # fmt: skip
