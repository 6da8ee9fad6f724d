"""Pairs of people worth a look, each with the reason: by number, by name, by what two households share."""

from collections.abc import Iterator

import polars as pl

from .duplicate_folk import Folk
from .duplicate_names import one_character_apart
from .duplicate_numbers import differing, repairs, worth_comparing

PAIRWISE = 8  # of a larger group only the first is paired with each other one
CROWD = 50  # a block larger than this says nothing about names that are not the same
SHARED = 5  # households with one phone, account or address; more, and it is the village office's
PAIR = {"i": pl.UInt32, "j": pl.UInt32, "why": pl.String}


def by_number(folk: Folk) -> Iterator[pl.DataFrame]:
    """Equal numbers, numbers one slip away, and two wrong digits under names that sound alike (GB 11643)."""
    rows = folk.rows.filter(pl.col("number").is_not_null())
    old = folk.rows["old"]
    equal = _equal(folk, rows, ["number"])
    mixed = old.gather(equal["i"]) != old.gather(equal["j"])
    yield equal.with_columns(why=pl.when(mixed).then(pl.lit("old_id")).otherwise(pl.lit("same_id")))
    failing, valid = rows.filter(~pl.col("valid")), rows.filter("valid")
    if not failing.height or not valid.height:
        return
    numbers, places = failing["number"].to_numpy(), failing["n"].to_numpy()
    bearers = valid.unique(["number", "side"], keep="first", maintain_order=True).select("number", "side", j="n")
    hits = repairs(numbers, folk.digits[places]).join(bearers, on="number")
    yield _sided(folk, hits.with_columns(i=failing["n"].gather(hits["at"])))
    sounding = pl.col("sound").is_not_null()
    close = worth_comparing(failing.filter(sounding).select("n", "sound"), valid.filter(sounding).select("n", "sound"))
    apart = differing(folk.digits, close["i"].to_numpy(), close["j"].to_numpy())
    yield _sided(folk, close.filter(pl.Series(apart <= 2)).with_columns(why=pl.lit("two_wrong")))


def by_name(folk: Folk) -> Iterator[pl.DataFrame]:
    """Names that are the same, sound alike or differ in one character, with one birth date."""
    rows = folk.rows.filter(pl.col("birth").is_not_null() & pl.col("spelt").is_not_null())
    local = rows.filter(pl.col("village").is_not_null())
    spelt, village = folk.rows["spelt"], folk.rows["village"]
    alike = _equal(folk, local, ["birth", "village", "sound"])
    same = spelt.gather(alike["i"]) == spelt.gather(alike["j"])
    yield alike.with_columns(why=pl.when(same).then(pl.lit("same_name")).otherwise(pl.lit("homophone")))
    elsewhere = _equal(folk, rows, ["birth", "spelt"])
    apart = village.gather(elsewhere["i"]).ne_missing(village.gather(elsewhere["j"]))
    yield elsewhere.filter(apart).with_columns(why=pl.lit("same_name_elsewhere"))
    yield _near(folk, local)


def _near(folk: Folk, local: pl.DataFrame) -> pl.DataFrame:
    """One character apart, where one of the two has no number to rely on."""
    block = ["birth", "village"]
    unsure = local.filter(~pl.col("valid"))
    blocks = unsure.select(block).unique()
    there = local.join(blocks, on=block).filter(pl.len().over(block) <= CROWD)
    pairs = unsure.select(*block, i="n", sure="valid").join(there.select(*block, "valid", j="n"), on=block)
    pairs = pairs.filter((pl.col("i") < pl.col("j")) | (pl.col("valid") & (pl.col("i") != pl.col("j"))))
    near = one_character_apart(folk.chars, pairs["i"].to_numpy(), pairs["j"].to_numpy())
    return _sided(folk, pairs.filter(pl.Series(near)).with_columns(why=pl.lit("near_name")))


def by_shared(folk: Folk) -> Iterator[pl.DataFrame]:
    """One account, phone or address in a few households: their first entries with it."""
    for column, why in (("account", "same_account"), ("phone", "same_phone"), ("address", "same_address")):
        rows = folk.rows.filter(pl.col(column).is_not_null() & pl.col("household").is_not_null())
        rows = rows.unique([column, "household", "side"], keep="first", maintain_order=True)
        rows = rows.filter(pl.col("household").n_unique().over(column) <= SHARED)
        pairs = _equal(folk, rows, [column])
        home = folk.rows["household"]
        apart = home.gather(pairs["i"]) != home.gather(pairs["j"])
        yield pairs.filter(apart).with_columns(why=pl.lit(why))


def _equal(folk: Folk, rows: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """Pairs of rows with equal values, all of a small group, the first with each other one of a large group."""
    if folk.cross:
        ones, others = rows.filter(pl.col("side") == 0), rows.filter(pl.col("side") == 1)
        others = others.join(ones.select(on).unique(), on=on, how="semi", maintain_order="left")
        others = others.filter(pl.int_range(pl.len()).over(on) < PAIRWISE)
        return ones.select(*on, i="n").join(others.select(*on, j="n"), on=on).select("i", "j")
    alike = rows.select(*on, "n").filter(pl.struct(on).is_duplicated())
    alike = alike.with_columns(size=pl.len().over(on), place=pl.int_range(pl.len()).over(on))
    firsts = alike.filter((pl.col("size") <= PAIRWISE) | (pl.col("place") == 0)).select(*on, i="n")
    pairs = firsts.join(alike.select(*on, j="n"), on=on)
    return pairs.filter(pl.col("i") < pl.col("j")).select("i", "j")


def _sided(folk: Folk, pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs in the order of their rows; of two sides only those across."""
    pairs = pairs.select(i=pl.min_horizontal("i", "j"), j=pl.max_horizontal("i", "j"), why="why").cast(PAIR)  # type: ignore[arg-type]
    if folk.cross:
        side = folk.rows["side"]
        pairs = pairs.filter(side.gather(pairs["i"]) != side.gather(pairs["j"]))
    return pairs
