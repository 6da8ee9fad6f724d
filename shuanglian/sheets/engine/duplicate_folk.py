"""People made ready for comparison: their numbers, names, places and what they share, as plain whole numbers."""

import polars as pl

from .duplicate_names import names_of
from .duplicate_numbers import numbers_of
from .ids_columns import compact, parse_phones

_COLUMNS = {
    "household": pl.String, "name": pl.String, "id_number": pl.String, "birth": pl.Date, "sex": pl.String,
    "area_code": pl.String, "phone": pl.String, "bank_account": pl.String, "address": pl.String,
}  # fmt: skip
_HOUSE = r"[0-9一二三四五六七八九十]+\s*(?:号|室|栋|幢|排|单元)|[0-9]$"  # an address that names a house, not a hamlet


def comparable(people: pl.DataFrame, side: int) -> pl.DataFrame:
    """The columns that are compared, in their types, those that are missing empty; `side` 0 for new, 1 for known."""
    columns = [
        pl.col(name).cast(kind) if name in people.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in _COLUMNS.items()
    ]
    return people.select(columns).with_columns(side=pl.lit(side, dtype=pl.UInt8))


class Folk:
    """`rows`, one a person: n, side, number, valid, old, spelt, sound, birth, village, household, sex, phone, account,
    address; `digits` of the numbers and `chars` of the names as arrays; `cross`: only pairs of two sides count."""

    def __init__(self, people: pl.DataFrame, *, cross: bool) -> None:
        numbers, self.digits = numbers_of(people["id_number"])
        names, self.chars = names_of(people["name"])
        self.cross = cross
        rows = pl.concat([people.drop("name", "id_number"), numbers, names], how="horizontal").with_row_index("n")
        self.rows = rows.select(
            "n", "side", "number", "valid", "old", "spelt", "sound", birth=pl.coalesce("birth", "by_id"),
            village=_number("area_code"), household=_number("household"), sex=_number("sex"),
            phone=_hash(parse_phones(_filled("phone"))), account=_hash(_account()), address=_hash(_address()),
        )  # fmt: skip


def _filled(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != "").then(pl.col(name))


def _number(name: str) -> pl.Expr:
    """A number for each text; nothing stays nothing."""
    return _hash(_filled(name))


def _hash(text: pl.Expr) -> pl.Expr:
    return pl.when(text.is_not_null()).then(text.hash())


def _account() -> pl.Expr:
    """Accounts by their digits; what is too short is none."""
    bare = compact(_filled("bank_account"))
    return pl.when(bare.str.contains(r"^[0-9]{8,32}$")).then(bare)


def _address() -> pl.Expr:
    """An address that names a house, with its village: `三社 12 号`, not `三社`, which forty households have."""
    bare = _filled("address").str.normalize("NFKC").str.replace_all(r"[\s,，。.、\-—]+", "")
    named = bare.str.contains(_HOUSE) & (bare.str.len_chars() >= 3)
    return pl.when(named).then(pl.concat_str([pl.col("area_code").fill_null(""), bare], separator="|"))
