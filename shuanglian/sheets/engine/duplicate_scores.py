"""How likely a pair is one person: what its reason is worth, and what names, numbers and sex say for or against it."""

import polars as pl

from .duplicate_folk import Folk
from .duplicate_names import one_character_apart
from .duplicate_numbers import differing

LEAST = 0.3  # below this a pair is not worth a person's time
_SLIPS = ("wrong_digit", "swapped_digits")
_SHARES = {"same_account": 0.55, "same_phone": 0.35, "same_address": 0.35}


def scored(folk: Folk, pairs: pl.DataFrame, least: float) -> pl.DataFrame:
    """i, j, why, score: each pair once with its weightiest reason, likeliest first; what scores less than `least` is
    left out."""
    pairs = _evidence(folk, pairs)
    score = _score().clip(0.0, 0.99) - 0.15 * pl.col("two_sexes")
    return (
        pairs.with_columns(score=score.round(3))
        .filter(pl.col("score") >= least)
        .sort(["score", "i", "j", "why"], descending=[True, False, False, False])
        .unique(["i", "j"], keep="first", maintain_order=True)
        .select("i", "j", "why", "score")
    )


def _evidence(folk: Folk, pairs: pl.DataFrame) -> pl.DataFrame:
    """What the two entries of each pair have in common."""
    rows = folk.rows.select("number", "valid", "spelt", "sound", "birth", "village", "household", "sex")
    one, other = rows[pairs["i"]], rows[pairs["j"]]
    i, j = pairs["i"].to_numpy(), pairs["j"].to_numpy()
    both = pl.concat([pairs, one.rename("one_{}".format), other.rename("other_{}".format)], how="horizontal")
    known = pl.col("one_number").is_not_null() & pl.col("other_number").is_not_null()
    alike = {name: (pl.col(f"one_{name}") == pl.col(f"other_{name}")).fill_null(False) for name in rows.columns}
    return both.select(
        "i", "j", "why", spelt=alike["spelt"], sound=alike["sound"], birth=alike["birth"], village=alike["village"],
        home=alike["household"], sure=pl.col("one_valid") & pl.col("other_valid"),
        two_sexes=(pl.col("one_sex") != pl.col("other_sex")).fill_null(False),
        near=pl.Series(one_character_apart(folk.chars, i, j)),
        close=known & pl.Series(differing(folk.digits, i, j) <= 2),
    )  # fmt: skip


def _score() -> pl.Expr:
    """Between 0 and 1, by reason. Two valid numbers that differ speak against a pair, unless they hardly differ."""
    why, sound, near, sure, close = (pl.col(name) for name in ("why", "sound", "near", "sure", "close"))
    here = (pl.col("village") & pl.col("birth")).cast(pl.Float64)
    two_people = sure & ~close
    name = pl.when(pl.col("spelt")).then(0.1).otherwise(0.0)
    return (
        pl.when(why == "same_id").then(pl.when(sound | near).then(0.99).otherwise(0.95))
        .when(why == "old_id").then(pl.when(sound | near).then(0.98).otherwise(0.85))
        .when(why.is_in(_SLIPS))
        .then(pl.when(sound).then(0.95).when(near).then(0.8).when(pl.col("village")).then(0.45).otherwise(0.0))
        .when(why == "two_wrong").then(0.65 + 0.2 * here)
        .when(why.is_in(["same_name", "homophone"]))
        .then(name + pl.when(two_people).then(0.45).otherwise(0.8))
        .when(why == "near_name").then(pl.when(pl.col("home")).then(0.35).otherwise(0.55))  # twins share a household
        .when(why == "same_name_elsewhere").then(pl.when(two_people).then(0.35).otherwise(0.6))
        .otherwise(
            pl.when(sound & ~two_people).then(0.8)
            .otherwise(why.replace_strict(_SHARES, default=0.0, return_dtype=pl.Float64))
        )
    )  # fmt: skip
