"""Which rows of a roster are one household, and that its rows say the same of it (REG-1)."""

import polars as pl

from .fields import PREFIX
from .typed import Checking, key_text, twice

_OWN = ("_at", "_part", "_row", "_block")
_REPEATED = {"number"}


def labelled(work: Checking, rows: pl.DataFrame) -> pl.DataFrame:
    """`_label`: how a row is named in a finding, with its sheet when there are several."""
    if len(work.origin.layouts) < 2:
        return rows.with_columns(_label=pl.col("_row").cast(pl.String))
    names = {part: layout.sheet for part, layout in enumerate(work.origin.layouts)}
    sheet = pl.col("_part").cast(pl.Int64).replace_strict(names, return_dtype=pl.String)
    return rows.with_columns(_label=pl.concat_str(sheet, pl.lit("!"), pl.col("_row").cast(pl.String)))


def grouped(work: Checking, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(rows with `_household`, one row a household with the first text of each of its columns)."""
    rows = rows.with_columns(_is_head=_is_head(work, rows))
    rows = _numbered(rows)
    key = _household_key(rows)
    rows = rows.with_columns(_key=key)
    ids = rows.select("_key").unique(maintain_order=True).with_row_index("_household")
    rows = rows.join(ids, on="_key", how="left", maintain_order="left")
    own = [name for name in rows.columns if not name.startswith(("_", PREFIX))]
    households = rows.group_by("_household", maintain_order=True).agg(
        *[pl.col(name).first() for name in (*_OWN, "_label")], *[pl.col(name).first(ignore_nulls=True) for name in own]
    )
    if PREFIX + "name" in rows.columns:
        households = households.with_columns(_elsewhere(rows, households, own))
        _same_in_household(work, rows, households, own)
    else:
        _one_row_each(work, rows)
    return rows, households.with_columns(
        (pl.col(name) if name in households.columns else pl.lit(None, dtype=pl.String)).alias(name)
        for name in ("number", "head_name", "head_id")
    )


def _elsewhere(rows: pl.DataFrame, households: pl.DataFrame, own: list[str]) -> list[pl.Series]:
    """`_at_<column>`: where a household's value stands, for columns that its first row leaves empty."""
    first = rows.select("_at", *own).join(households.select("_at"), on="_at", how="semi", maintain_order="left")
    out = []
    for name in own:
        later = first[name].is_null() & households[name].is_not_null()
        if later.any():
            stands = rows.filter(pl.col(name).is_not_null()).unique("_household", keep="first", maintain_order=True)
            at = households.select("_household", "_at").join(
                stands.select("_household", _there="_at"), on="_household", how="left", maintain_order="left"
            )
            out.append(at.select(pl.coalesce("_there", "_at").alias(f"_at_{name}")).to_series())
    return out


def _is_head(work: Checking, rows: pl.DataFrame) -> pl.Series:
    """Whether a row's relation to the head is 户主 itself; null where there is no relation."""
    name = PREFIX + "relation"
    nothing = pl.Series("_is_head", [None], dtype=pl.Boolean).new_from_index(0, rows.height)
    if name not in rows.columns:
        return nothing
    known = work.profile.codes["relation"]
    head = head_code(known)
    said = {text: known.find(text) == head for text in rows[name].drop_nulls().unique()}
    if not said:
        return nothing
    return rows.select(_is_head=pl.col(name).replace_strict(said, default=None, return_dtype=pl.Boolean))["_is_head"]


def head_code(known: object) -> str | None:
    found: str | None = known.find("户主")  # type: ignore[attr-defined]
    return found


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Household numbers cleaned, and carried down to members where only the head's row has one."""
    if "number" not in rows.columns:
        return rows
    rows = rows.with_columns(number=key_text("number")).with_columns(
        number=pl.when(pl.col("number") != "").then(pl.col("number"))
    )
    member = pl.col("number").is_null() & (~pl.col("_is_head")).fill_null(False)
    carried = pl.col("number").forward_fill().over("_part", "_block")
    return rows.with_columns(number=pl.when(member).then(carried).otherwise(pl.col("number")))


def _household_key(rows: pl.DataFrame) -> pl.Expr:
    """What makes rows one household: the number, else a run of rows that begins with a head or a new head's name."""
    here = pl.concat_str(pl.col("_part").cast(pl.String), pl.lit("/"), pl.col("_block").cast(pl.String))
    starts = every = pl.col("_at").is_not_null()
    if PREFIX + "relation" in rows.columns or PREFIX + "name" in rows.columns:
        starts = pl.col("_is_head").fill_null(False)
        if "head_name" in rows.columns:
            named = pl.concat_str(
                [
                    pl.col(name).fill_null("")
                    for name in ("head_name", "head_id", "village", "group")
                    if name in rows.columns
                ]
            )
            changed = (named != named.shift(1)).fill_null(True) & pl.col("head_name").is_not_null()
            starts = changed if PREFIX + "relation" not in rows.columns else changed | starts & ~_repeats(rows)
        elif PREFIX + "relation" not in rows.columns:
            starts = every
    run = starts.cast(pl.UInt32).cum_sum().over("_part", "_block").cast(pl.String)
    alone = pl.concat_str(pl.lit("r"), here, pl.lit("/"), run)
    if "number" not in rows.columns:
        return alone
    numbered = pl.concat_str(pl.lit("n"), pl.col("number"))
    if PREFIX + "name" not in rows.columns:  # one row a household: a number used twice is two households, and a finding
        numbered = pl.concat_str(numbered, pl.lit("/"), pl.col("_at").cast(pl.String))
    return pl.when(pl.col("number").is_not_null()).then(numbered).otherwise(alone)


def _repeats(rows: pl.DataFrame) -> pl.Expr:
    """The head's name stands on each member's row, so that a head in the middle does not begin a household."""
    return pl.col("head_name").is_not_null() & (pl.col("head_name") == pl.col("head_name").shift(1)).fill_null(False)


def _same_in_household(work: Checking, rows: pl.DataFrame, households: pl.DataFrame, own: list[str]) -> None:
    """What is said of a household must be the same on each of its rows."""
    first = households.select("_household", *[pl.col(name).alias("_1" + name) for name in own], _first=pl.col("_label"))
    both = rows.join(first, on="_household", how="left", maintain_order="left")
    for name in own:
        if name in _REPEATED:
            continue
        differ = both.filter((pl.col(name) != pl.col("_1" + name)).fill_null(False))
        if differ.height:
            squeezed = [pl.col(one).str.replace_all(r"\s+", "") for one in (name, "_1" + name)]
            differ = differ.filter(squeezed[0] != squeezed[1])
        if name in ("head_name", "head_id") and "number" in own:
            shared = differ.filter(pl.col("number").is_not_null()) if name == "head_name" else differ.clear()
            _shared_numbers(work, both, shared)
            differ = differ.join(shared.select("_at"), on="_at", how="anti")
        work.findings.add(
            differ.with_columns(value=pl.col(name), row=pl.col("_first")), name, "values_differ", columns=["row"]
        )


def _shared_numbers(work: Checking, rows: pl.DataFrame, differ: pl.DataFrame) -> None:
    """One number under two different heads' names."""
    if not differ.height:
        return
    named = rows.filter(pl.col("head_name").is_not_null()).join(
        differ.select("_household"), on="_household", how="semi"
    )
    listed = named.group_by("_household").agg(
        count=pl.col("head_name").n_unique(), rows=pl.col("_label").head(6).str.join("、")
    )
    told = differ.unique(["_household", "head_name"], maintain_order=True).join(listed, on="_household", how="left")
    work.findings.add(told.with_columns(value=pl.col("number")), "number", "number_shared", columns=["count", "rows"])


def _one_row_each(work: Checking, rows: pl.DataFrame) -> None:
    """A household number, or a head in a group of a village, that comes twice."""
    if "number" in rows.columns:
        again = twice(rows, ["number"]).with_columns(value=pl.col("number"))
        work.findings.add(again, "number", "number_twice", columns=["count", "rows"])
    places = [name for name in ("township", "village", "village_code", "group") if name in rows.columns]
    if "head_name" in rows.columns and "head_id" not in rows.columns and places:
        again = twice(rows.with_columns(pl.col(places).fill_null("-")), ["head_name", *places])
        work.findings.add(
            again.with_columns(value=pl.col("head_name")), "head_name", "household_twice", columns=["count", "rows"]
        )
