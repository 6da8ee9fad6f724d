"""Last year's pairs: each household found, each cadre found, one responsible person a household (PAIR-1, PAIR-6)."""

import polars as pl

from .check_households import Taken
from .check_organisation import _clean, _table, _units, name_key
from .household_groups import head_code
from .places import told_places
from .regions import locate
from .typed import Checking, twice, typed


def check_pairs(work: Checking, taken: Taken) -> dict[str, pl.DataFrame]:
    """Typed frame `pairs`, one row a household and cadre, with `household_number` and `cadre_number` where found."""
    names = ("household_number", "household_head", "household_id", "village", "cadre", "cadre_number", "cadre_id",
             "cadre_phone", "unit", "member", "member_id", "relation")  # fmt: skip
    text = _one_row_each(work, _table(work, taken, *names))
    pairs = typed(work, text, "pairs").with_columns(
        household_number=_clean("household_number"), cadre_number=_clean("cadre_number")
    )
    _required_pairs(work, pairs)
    places = [
        name for name in ("village", "village_code") if name in text.columns and text[name].null_count() < text.height
    ]
    if places:
        found = locate(text, work.regions)
        told_places(work, text.select("_at").hstack(found).filter(_has_place(text)), text.filter(_has_place(text)))
        pairs = pairs.with_columns(village_code=found["_village"], township_code=found["_township"])
    else:
        pairs = pairs.with_columns(
            village_code=pl.lit(None, dtype=pl.String), township_code=pl.lit(None, dtype=pl.String)
        )
    _units(work, pairs, "unit")
    pairs = _cadres(work, _households(work, pairs))
    _once(work, pairs)
    if {"since", "until"} <= set(pairs.columns):
        work.findings.add(pairs.filter(pl.col("until") < pl.col("since")), "until", "period_backwards")
    return {"pairs": pairs}


def _has_place(text: pl.DataFrame) -> pl.Series:
    """A pair may name its household by number alone; only named places are looked up."""
    names = [name for name in ("village", "village_code", "township") if name in text.columns]
    return text.select(pl.any_horizontal(pl.col(names).is_not_null())).to_series()


def _required_pairs(work: Checking, pairs: pl.DataFrame) -> None:
    nobody = pl.all_horizontal(pl.col("household_number", "household_head", "household_id").is_null())
    work.findings.add(pairs.filter(nobody), "household_head", "required_missing")
    work.findings.add(
        pairs.filter(pl.all_horizontal(pl.col("cadre", "cadre_number", "cadre_id").is_null())),
        "cadre",
        "required_missing",
    )


def _one_row_each(work: Checking, text: pl.DataFrame) -> pl.DataFrame:
    """A list with a row a member comes down to the head's row; the head's number is the member's on that row."""
    if text["relation"].null_count() == text.height:
        return text
    known = work.profile.codes["relation"]
    said = {word: known.find(word) == head_code(known) for word in text["relation"].drop_nulls().unique()}
    head = pl.col("relation").replace_strict(said, default=False, return_dtype=pl.Boolean)
    carried = ["household_head", "cadre", "cadre_phone", "cadre_number", "cadre_id", "unit", "household_number"]
    run = (head.cast(pl.UInt32)).cum_sum().over("_part")
    text = text.with_columns(pl.col(carried).fill_null(strategy="backward").over("_part", run).name.prefix("_b_"))
    rows = text.filter(head).with_columns(
        [pl.coalesce(name, "_b_" + name).alias(name) for name in carried]
    ).with_columns(
        household_head=pl.coalesce("household_head", "member"), household_id=pl.coalesce("household_id", "member_id")
    )  # fmt: skip
    return rows.drop([f"_b_{name}" for name in carried])


def _households(work: Checking, pairs: pl.DataFrame) -> pl.DataFrame:
    """By number, by the head's identity number, else by head and village; a name alone must be the only one."""
    known = work.known
    if known is None or known.households is None:
        return pairs
    theirs = known.households.with_columns(_head=pl.col("head_name"), _found=pl.col("number"))
    pairs = pairs.with_columns(_key=known.keys(pairs["household_id_resident"]), _number=pl.lit(None, dtype=pl.String))
    steps = (["household_number"], ["_key"], ["household_head", "village_code"], ["household_head"])
    ours = {
        "household_number": "number",
        "_key": "head_key",
        "household_head": "head_name",
        "village_code": "village_code",
    }
    several = (
        pairs.select(_s=pl.lit(False))["_s"].new_from_index(0, pairs.height)
        if pairs.height
        else pl.Series([], dtype=pl.Boolean)
    )
    for keys in steps:
        table = theirs.select("_found", *[pl.col(ours[key]).alias("_k_" + key) for key in keys]).drop_nulls()
        table = table.group_by([f"_k_{key}" for key in keys]).agg(pl.col("_found").first(), n=pl.len())
        joined = pairs.join(
            table, left_on=keys, right_on=[f"_k_{key}" for key in keys], how="left", maintain_order="left"
        )
        if keys == ["household_head"]:  # a bare name counts only where no village is given
            joined = joined.with_columns(_found=pl.when(pl.col("village_code").is_null()).then(pl.col("_found")))
        open_ = joined["_number"].is_null() & joined["_found"].is_not_null()
        several = several | (open_ & (joined["n"] > 1).fill_null(False))
        pairs = joined.with_columns(
            _number=pl.coalesce("_number", pl.when(pl.col("n") == 1).then(pl.col("_found")))
        ).drop("_found", "n")
    named = pl.any_horizontal(pl.col("household_number", "household_head", "household_id").is_not_null())
    lost = pairs.with_columns(_several=several).filter(pl.col("_number").is_null() & named)
    for many, code in ((True, "pair_household_ambiguous"), (False, "pair_household_unknown")):
        rows = lost.filter(pl.col("_several") == many)
        shown = pl.coalesce("household_head", "household_number", pl.lit(""))
        work.findings.add(rows.with_columns(value=shown), "household_head", code)
    return pairs.with_columns(household_number=pl.coalesce("_number", "household_number"))


def _cadres(work: Checking, pairs: pl.DataFrame) -> pl.DataFrame:
    """By number, identity number, name and phone, name and unit; a name alone must be the only one."""
    known = work.known
    if known is None or known.cadres is None:
        return pairs
    theirs = known.cadres.with_columns(_found=pl.col("number"), _unit=name_key("unit"))
    pairs = pairs.with_columns(
        _ckey=known.keys(pairs["cadre_id_resident"]), _pkey=known.keys(pairs["cadre_phone"]), _unit=name_key("unit"),
        _cadre=pl.lit(None, dtype=pl.String), _lost=pl.lit(False),
    )  # fmt: skip
    ours = {"cadre_number": "number", "_ckey": "id_key", "_pkey": "phone_key", "cadre": "name", "_unit": "_unit"}
    for keys in (["cadre_number"], ["_ckey"], ["cadre", "_pkey"], ["cadre", "_unit"], ["cadre"]):
        if not {ours[key] for key in keys} <= set(theirs.columns):
            continue
        table = theirs.select("_found", *[pl.col(ours[key]).alias("_k_" + key) for key in keys]).drop_nulls()
        table = table.group_by([f"_k_{key}" for key in keys]).agg(pl.col("_found").first(), n=pl.len())
        joined = pairs.join(
            table, left_on=keys, right_on=[f"_k_{key}" for key in keys], how="left", maintain_order="left"
        )
        pairs = joined.with_columns(
            _lost=pl.col("_lost") | (pl.col("_cadre").is_null() & (pl.col("n") > 1).fill_null(False)),
            _cadre=pl.coalesce("_cadre", pl.when(pl.col("n") == 1).then(pl.col("_found"))),
        ).drop("_found", "n")
    named = pl.any_horizontal(pl.col("cadre", "cadre_number", "cadre_id").is_not_null())
    lost = pairs.filter(pl.col("_cadre").is_null() & named).with_columns(
        value=pl.coalesce("cadre", "cadre_number", pl.lit(""))
    )
    work.findings.add(lost.filter(pl.col("_lost")), "cadre", "pair_cadre_ambiguous")
    work.findings.add(lost.filter(~pl.col("_lost")), "cadre", "pair_cadre_unknown")
    return pairs.with_columns(cadre_number=pl.coalesce("_cadre", "cadre_number"))


def _once(work: Checking, pairs: pl.DataFrame) -> None:
    """One household, one responsible person (PAIR-1); the same pair twice is only a warning."""
    blank = pl.lit("")
    household = pl.when(pl.col("household_number").is_not_null()).then(pl.col("household_number")).otherwise(
        pl.concat_str(
            pl.col("village_code", "household_head", "household_id_resident").fill_null(blank), separator="/",
        )
    )  # fmt: skip
    cadre = pl.coalesce(
        "cadre_number", pl.concat_str(pl.col("cadre").fill_null(blank), pl.lit("/"), pl.col("unit").fill_null(blank))
    )
    standing = pl.lit(True)
    if "until" in pairs.columns:
        standing = pl.col("until").is_null() | (pl.col("until") >= work.on)
    rows = pairs.filter(standing & pl.col("household_head").is_not_null()).with_columns(_h=household, _c=cadre)
    same = twice(rows, ["_h", "_c"]).with_columns(value=pl.col("cadre"))
    work.findings.add(same, "cadre", "pair_twice", columns=["rows"])
    several = rows.filter(pl.col("_c").n_unique().over("_h") > 1) if rows.height else rows
    again = twice(several, ["_h"]).with_columns(value=pl.col("cadre"))
    work.findings.add(again, "cadre", "two_cadres", columns=["count", "rows"])
