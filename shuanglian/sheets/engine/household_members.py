"""The members of households, from the households' own rows or from a sheet of their own, each with its household."""

import polars as pl

from .fields import PREFIX
from .typed import Checking, key_text


def people_of(
    work: Checking, rows: pl.DataFrame | None, households: pl.DataFrame | None, members: pl.DataFrame | None
) -> pl.DataFrame:
    """The members of both makes of roster under plain names, text still, each with the `_household` it belongs to."""
    parts = []
    if rows is not None and PREFIX + "name" in rows.columns:
        own = [name for name in rows.columns if name.startswith(PREFIX)]
        named = [name for name in (PREFIX + "name", PREFIX + "id_number") if name in own]
        parts.append(
            rows.filter(pl.any_horizontal(pl.col(named).is_not_null())).select(
                "_at", "_part", "_row", "_block", "_label", "_household",
                *[pl.col(name).alias(name.removeprefix(PREFIX)) for name in own],
                *([pl.col("number").alias("household_number")] if "number" in rows.columns else []),
                _prefixed=pl.lit(True),
            )
        )  # fmt: skip
    elif rows is not None and any(name.startswith(PREFIX) for name in rows.columns):
        parts.append(_heads_only(rows))
    if members is not None:
        parts.append(_joined(work, members, households).with_columns(_prefixed=pl.lit(False)))
    return (
        pl.concat(parts, how="diagonal") if parts else pl.DataFrame(schema={"_at": pl.UInt32, "_household": pl.UInt32})
    )


def _heads_only(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a household that also says something of its head (sex, birth, health …): the head is the only member."""
    own = [name for name in rows.columns if name.startswith(PREFIX)]
    of_head = {"name": "head_name", "id_number": "head_id"}
    given = {PREFIX + "id_number", PREFIX + "relation"}
    return rows.unique("_household", keep="first", maintain_order=True).select(
        "_at", "_part", "_row", "_block", "_label", "_household",
        *[
            (pl.col(name) if name in rows.columns else pl.lit(None, dtype=pl.String)).alias(member)
            for member, name in of_head.items()
        ],
        *[pl.col(name).alias(name.removeprefix(PREFIX)) for name in own if name not in given],
        relation=pl.lit("户主"), _prefixed=pl.lit(True),
    )  # fmt: skip


def _joined(work: Checking, members: pl.DataFrame, households: pl.DataFrame | None) -> pl.DataFrame:
    """Members of a sheet of their own, with their household found by number, else by the head."""
    for name in ("household_number", "head_name", "head_id"):
        if name not in members.columns:
            members = members.with_columns(pl.lit(None, dtype=pl.String).alias(name))
    members = members.with_columns(
        pl.when(key_text("household_number") != "").then(key_text("household_number")).alias("household_number")
    )
    if households is None:
        ids = (
            members.select("household_number", "head_id", "head_name")
            .unique(maintain_order=True)
            .with_row_index("_household")
        )
        members = members.join(
            ids, on=["household_number", "head_id", "head_name"], how="left", maintain_order="left", nulls_equal=True
        )
        return _known_only(work, members)
    found = members.with_columns(_household=pl.lit(None, dtype=pl.UInt32))
    for theirs, ours in (("household_number", "number"), ("head_id", "head_id"), ("head_name", "head_name")):
        table = households.filter(pl.col(ours).is_not_null()).select(
            pl.col(ours).alias(theirs), _found=pl.col("_household")
        )
        table = table.unique(theirs, keep="none" if ours == "head_name" else "first")
        found = found.join(table, on=theirs, how="left", maintain_order="left")
        found = found.with_columns(_household=pl.coalesce("_household", "_found")).drop("_found")
    lost = found.filter(pl.col("_household").is_null())
    lost = _not_known(work, lost).with_columns(
        value=pl.coalesce("household_number", "head_name", "head_id", pl.lit(""))
    )
    work.findings.add(lost, "household_number", "household_unknown")
    return found


def _known_only(work: Checking, members: pl.DataFrame) -> pl.DataFrame:
    """Members without a roster of households: their households must be registered."""
    if work.known is not None and work.known.households is not None:
        lost = _not_known(work, members).with_columns(
            value=pl.coalesce("household_number", "head_name", "head_id", pl.lit(""))
        )
        work.findings.add(lost, "household_number", "household_unknown")
    return members


def _not_known(work: Checking, members: pl.DataFrame) -> pl.DataFrame:
    if work.known is None or work.known.households is None or not members.height:
        return members
    return members.join(
        work.known.households.select(household_number=pl.col("number").cast(pl.String)).drop_nulls(),
        on="household_number", how="anti", maintain_order="left",
    )  # fmt: skip
