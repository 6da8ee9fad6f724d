"""Identity, phone and account numbers as whole columns: the same answers as `kernel.ids`, for 100,000 rows at once."""

import polars as pl

from shuanglian.kernel import ids

_ID18 = r"^[0-9]{17}[0-9X]$"
_ID15 = r"^[0-9]{15}$"
_CARD20 = r"^[0-9]{17}[0-9X][0-9]{2}$"
_CARD22 = r"^[0-9]{17}[0-9X][0-9]{2}[0-9B][0-9]$"

ID_STRUCT = ("kind", "normal", "resident", "birth", "sex", "problem")


def compact(text: pl.Expr) -> pl.Expr:
    """`kernel.ids.compact` over a column: half width, no blanks, hyphens or quotation marks, X for x."""
    return (
        text.str.normalize("NFKC")
        .str.replace_all(ids.IGNORED, "")
        .str.replace_all("x", "X", literal=True)
        .str.replace(ids.WHOLE, "${1}")
    )


def parse_ids(text: pl.Series) -> pl.DataFrame:
    """`kernel.ids.parse_id` over a column → frame kind, normal, resident, birth, sex, problem (nulls read as empty)."""
    frame = pl.select(_n=compact(pl.lit(text.fill_null("")))).with_columns(_kind=_kind(pl.col("_n")))
    frame = frame.with_columns(_full=_completed()).with_columns(
        _birth=pl.col("_full").str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    )
    frame = frame.with_columns(_problem=_problem())
    ok = pl.col("_problem").is_null()
    damaged = pl.col("_problem") == "damaged"
    return frame.select(
        kind=pl.when(damaged).then(pl.lit("damaged")).otherwise(pl.col("_kind")),
        normal=pl.when(ok).then(pl.col("_full")).otherwise(pl.col("_n")),
        resident=pl.when(ok).then(pl.col("_full").str.slice(0, 18)).otherwise(pl.lit("")),
        birth=pl.when(ok).then(pl.col("_birth")),
        sex=pl.when(ok).then(pl.when(_digit(16) % 2 == 1).then(pl.lit("male")).otherwise(pl.lit("female"))),
        problem=pl.col("_problem"),
    )


def parse_phones(text: pl.Expr) -> pl.Expr:
    """`kernel.ids.parse_phone` over a column: 11 digits or null."""
    number = compact(text).str.replace_all(r"[()]", "").str.replace(r"^(?:\+|00)?86(1[3-9])", "${1}")
    return pl.when(number.str.contains(r"^1[3-9][0-9]{9}$")).then(number)


def parse_cards(text: pl.Expr) -> pl.Expr:
    """`kernel.ids.parse_card` over a column: the card number where Luhn's sum fits, else null."""
    number = compact(text)
    backwards = number.str.reverse()
    total = pl.lit(0, dtype=pl.Int32)
    for place in range(19):
        digit = backwards.str.slice(place, 1).cast(pl.Int32, strict=False).fill_null(0)
        total = total + (digit if place % 2 == 0 else digit * 2 - pl.when(digit > 4).then(9).otherwise(0))
    return pl.when(number.str.contains(r"^[0-9]{15,19}$") & (total % 10 == 0)).then(number)


def _kind(number: pl.Expr) -> pl.Expr:
    return (
        pl.when(number.str.contains(ids.PLACEHOLDER)).then(pl.lit("placeholder"))
        .when(number.str.contains(ids.DAMAGED)).then(pl.lit("damaged"))
        .when(number.str.contains(_ID18)).then(pl.lit("id18"))
        .when(number.str.contains(_ID15)).then(pl.lit("id15"))
        .when(number.str.contains(_CARD20)).then(pl.lit("disability20"))
        .when(number.str.contains(_CARD22)).then(pl.lit("disability22"))
        .otherwise(pl.lit("unknown"))
    )  # fmt: skip


def _completed() -> pl.Expr:
    """The number with the 15-digit form completed; its check character is appended from the sum."""
    number = pl.col("_n")
    first17 = pl.concat_str(number.str.slice(0, 6), pl.lit("19"), number.str.slice(6))
    return pl.when(pl.col("_kind") == "id15").then(first17 + _check_of(first17)).otherwise(number)


def _weighted(number: pl.Expr) -> pl.Expr:
    total = pl.lit(0, dtype=pl.Int32)
    for place, weight in enumerate(ids.WEIGHTS):
        total = total + number.str.slice(place, 1).cast(pl.Int32, strict=False) * weight
    return total % 11


def _check_of(number: pl.Expr) -> pl.Expr:
    return _weighted(number).replace_strict(dict(enumerate(ids.CHECKS)), return_dtype=pl.String, default=None)


def _digit(place: int) -> pl.Expr:
    return pl.col("_full").str.slice(place, 1).cast(pl.Int32, strict=False)


def _problem() -> pl.Expr:
    """The first thing that is wrong, in the order of `kernel.ids.parse_id`."""
    kind, full, number = pl.col("_kind"), pl.col("_full"), pl.col("_n")
    year = pl.col("_birth").dt.year()
    bad_date = pl.col("_birth").is_null() | ~year.is_between(ids.EARLIEST_YEAR, ids.LATEST_YEAR)
    bad_check = _check_of(full.str.slice(0, 17)) != full.str.slice(17, 1)
    zeros = (kind == "id18") & full.str.ends_with("000")
    return (
        pl.when(number == "").then(pl.lit("empty"))
        .when(kind.is_in(["placeholder", "damaged"])).then(kind)
        .when(kind == "unknown")
        .then(pl.when(number.str.contains(r"^[0-9]+X?$")).then(pl.lit("length")).otherwise(pl.lit("letters")))
        .when(~full.str.slice(0, 2).is_in(sorted(ids.PROVINCES))).then(pl.lit("province"))
        .when((bad_date | bad_check) & zeros).then(pl.lit("damaged"))
        .when(bad_date).then(pl.lit("date"))
        .when(bad_check).then(pl.lit("check"))
        .when(kind.str.starts_with("disability") & ~full.str.slice(18).str.contains(r"^[1-7][1-4]"))
        .then(pl.lit("disability"))
    )  # fmt: skip
