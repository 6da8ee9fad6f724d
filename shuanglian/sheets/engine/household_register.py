"""Households and members of a roster against those that stand on the register (REG-1, REG-10)."""

import polars as pl

from .typed import Checking


def against_register(work: Checking, households: pl.DataFrame) -> pl.DataFrame:
    """Registered already? The number is taken over; another village or another head under it is reported (REG-10).

    Found by its head under another number, a household is the same one and will take the roster's number, unless the
    roster itself names both. `_registered`: the number under which it stands now; null when it is new.
    """
    known = work.known
    if known is None or known.households is None or not known.households.height:
        return households.with_columns(known=pl.lit(False), _registered=pl.lit(None, dtype=pl.String))
    ours = households.with_columns(_key=known.keys(households["head_id"].str.slice(0, 18)))
    ours = ours.join(_by_head(known.households, households), on="_key", how="left", maintain_order="left")
    given = ours["number"].is_in(known.households["number"].implode())
    ours = ours.with_columns(_registered=pl.when(given).then(pl.col("number")).otherwise(pl.col("_number")))
    new = ours.filter((pl.col("number") != pl.col("_registered")).fill_null(False))
    work.findings.add(
        new.with_columns(value=pl.col("number"), household=pl.col("_registered")), "number", "household_renumbered",
        columns=["household"],
    )  # fmt: skip
    ours = ours.with_columns(number=pl.coalesce("number", "_number"))
    theirs = known.households.select(
        _registered="number", _khead="head_name", _kkey="head_key", _kvillage="village_code"
    ).unique("_registered")  # fmt: skip
    both = ours.join(theirs, on="_registered", how="left", maintain_order="left")
    _moved(work, both)
    _other_head(work, both)
    return both.with_columns(known=pl.col("_khead").is_not_null() | pl.col("_kvillage").is_not_null())


def _by_head(known: pl.DataFrame, households: pl.DataFrame) -> pl.DataFrame:
    """`_key` of a registered head → `_number` of the household, without those that the roster names by number."""
    here = households["number"].drop_nulls().unique()
    heads = known.filter(pl.col("head_key").is_not_null() & ~pl.col("number").is_in(here.implode()))
    return heads.unique("head_key", keep="first", maintain_order=True).select(_key="head_key", _number="number")


def _moved(work: Checking, both: pl.DataFrame) -> None:
    moved = both.filter((pl.col("_kvillage") != pl.col("village_code")).fill_null(False))
    village = pl.col("_kvillage").map_elements(work.regions.title_or_code, return_dtype=pl.String)
    moved = moved.with_columns(value=pl.col("number"), village=village)
    work.findings.add(moved, "number", "household_moved", columns=["village"])


def _other_head(work: Checking, both: pl.DataFrame) -> None:
    by_name = pl.col("_kkey").is_null() | pl.col("_key").is_null()
    other = both.filter(
        (pl.col("_kkey") != pl.col("_key")).fill_null(False)
        | (by_name & (pl.col("_khead") != pl.col("head_name")).fill_null(False))
    )
    work.findings.add(other.with_columns(value=pl.col("number")), "number", "household_head_changed")


def registered_elsewhere(work: Checking, persons: pl.DataFrame, households: pl.DataFrame | None = None) -> None:
    """Members registered in another household than the one that this one stands for (`_registered` of households)."""
    known = work.known
    if known is None or known.persons is None or not known.persons.height or "household_number" not in persons.columns:
        return
    ours = persons.with_columns(_key=known.keys(persons["id_number_resident"]), _stands=pl.col("household_number"))
    if households is not None:
        stands = households.select("_household", _now="_registered")
        ours = ours.join(stands, on="_household", how="left", maintain_order="left")
        ours = ours.with_columns(_stands=pl.coalesce("_now", "household_number"))
    theirs = known.persons.select(_key="id_key", household="household_number").drop_nulls().unique("_key")
    both = ours.join(theirs, on="_key", how="left", maintain_order="left")
    other = both.filter((pl.col("household") != pl.col("_stands")).fill_null(False))
    work.findings.add(
        other.with_columns(value=pl.col("id_number")), "id_number", "id_known_elsewhere", columns=["household"]
    )
