"""Findings: what is wrong, in which cell. Collected as columns, placed into sheet, row and column letter at the end."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import polars as pl

from .fields import PREFIX, ROSTERS
from .layout import Layout
from .messages import MESSAGES
from .sheet_data import SheetData

SCHEMA = {
    "sheet": pl.String, "row": pl.UInt32, "column": pl.String, "header": pl.String, "field": pl.String,
    "value": pl.String, "code": pl.String, "severity": pl.String, "params": pl.String, "personal": pl.Boolean,
}  # fmt: skip
_HEADS = {"head_name": "name", "head_id": "id_number"}
# Where a finding stands when the roster has no column for it.
_INSTEAD = {
    "number": ("head_name", "person.name"), "head_name": ("person.name", "number"),
    "head_id": ("head_name", "person.name"),
    "village": ("village_code", "township", "head_name", "person.name", "unit"), "township": ("village",),
    "county": ("township", "village"), "village_code": ("village",), "relation": ("name",), "sex": ("id_number",),
    "birth": ("id_number",), "name": ("id_number",), "id_number": ("name",), "household_number": ("head_name", "name"),
    "person.relation": ("person.name",), "person.sex": ("person.id_number",), "person.birth": ("person.id_number",),
    "person.name": ("person.id_number", "head_name"), "person.id_number": ("person.name",), "rank": ("name",),
    "cadre": ("cadre_number", "cadre_id"), "household_head": ("household_number", "household_id", "member"),
    "paid_on": ("month", "name"), "month": ("paid_on",), "amount": ("reimbursed", "name"), "benefit": ("name",),
    "dibao_class": ("benefit", "name"),
}  # fmt: skip


class Origin:
    """Where rows come from. `rows`: `_at` (running number), `_part`, `_row`, `_block`; one `Layout` a part."""

    def __init__(self) -> None:
        self.rows: list[pl.DataFrame] = []
        self.layouts: list[Layout] = []
        self.cells: list[pl.DataFrame] = []
        self.moved: list[Mapping[tuple[int, str], tuple[int, str]]] = []
        self.places: list[tuple[int, int, str, str, str]] = []  # part, block, field, letter, header
        self.height = 0

    def take(
        self, frame: pl.DataFrame, layout: Layout, places: Mapping[tuple[int, str], str], sheet: SheetData
    ) -> pl.DataFrame:
        """Number the rows of one part's records and remember where they stand."""
        part = len(self.layouts)
        self.layouts.append(layout)
        self.cells.append(sheet.cells)
        self.moved.append(sheet.moved)
        self.places += [
            (part, block, field, letter, layout.header(letter)) for (block, field), letter in places.items()
        ]
        frame = frame.with_row_index("_at", offset=self.height).with_columns(_part=pl.lit(part, dtype=pl.UInt16))
        self.height += frame.height
        self.rows.append(frame.select("_at", "_part", "_row", "_block"))
        return frame


class Findings:
    """Takes findings as frames of `_at`, `value` and whatever the message needs."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.parts: list[pl.DataFrame] = []
        self.loose: list[dict[str, Any]] = []

    def add(
        self, rows: pl.DataFrame, field: str, code: str, *, severity: str | None = None,
        params: Mapping[str, Any] | None = None, columns: Iterable[str] = (), value: str | None = "value",
    ) -> None:  # fmt: skip
        """One finding a row. `columns` of `rows` and `params` fill the gaps of the message; `value` is a column.

        A row stands at `_at`, or for a household's column at `_at_<field>`; `_prefixed` rows are members that share
        the household's sheet.
        """
        if not rows.height:
            return
        at = f"_at_{field}" if f"_at_{field}" in rows.columns else "_at"
        name = pl.lit(field)
        if "_prefixed" in rows.columns and not field.startswith(PREFIX):
            name = pl.when(pl.col("_prefixed")).then(pl.lit(PREFIX + field)).otherwise(pl.lit(field))
        gaps = [pl.col(name) for name in columns] + [
            pl.lit(given, dtype=pl.String if isinstance(given, str) else None).alias(name)
            for name, given in (params or {}).items()
        ]  # fmt: skip
        said = pl.struct(gaps).struct.json_encode() if gaps else pl.lit("{}")
        shown = pl.col(value) if value is not None and value in rows.columns else pl.lit("")
        self.parts.append(
            rows.select(
                pl.col(at).cast(pl.UInt32).alias("_at"), name.alias("field"),
                shown.cast(pl.String).fill_null("").alias("value"), pl.lit(code).alias("code"),
                pl.lit(severity or MESSAGES[code].severity).alias("severity"), said.alias("params"),
            )
        )  # fmt: skip

    def add_to_sheet(
        self, sheet: str, code: str, row: int = 0, column: str = "", value: str = "", **params: Any
    ) -> None:
        """A finding about a sheet or a cell outside the records."""
        self.loose.append(
            {
                "sheet": sheet, "row": row, "column": column, "header": "", "field": "", "value": value, "code": code,
                "severity": MESSAGES[code].severity, "params": json.dumps(params, ensure_ascii=False),
                "personal": False,
            }
        )  # fmt: skip

    def severities(self) -> pl.DataFrame:
        """`_at` and the worst severity found there so far."""
        if not self.parts:
            return pl.DataFrame(schema={"_at": pl.UInt32, "_worst": pl.String})
        return (
            pl.concat([part.select("_at", "severity") for part in self.parts])
            .group_by("_at").agg(_worst=pl.col("severity").min())  # error sorts before warning
        )  # fmt: skip

    def frame(self) -> pl.DataFrame:
        """All findings, in the order of the file, under SCHEMA."""
        loose = pl.DataFrame(self.loose, schema=SCHEMA, orient="row")
        if not self.parts:
            return loose
        found = pl.concat(self.parts).unique(["_at", "field", "code", "params"], maintain_order=True)
        placed = found.join(self._rows(), on="_at", how="left", maintain_order="left")
        placed = placed.join(self._letters(), on=["_part", "_block", "field"], how="left", maintain_order="left")
        placed = placed.with_columns(
            personal=pl.concat_str("kind", pl.lit(":"), pl.col("field")).is_in(_personal_fields()),
            column=pl.col("column").fill_null(""),
            header=pl.col("header").fill_null(""),
        )
        placed = (
            self._values(placed)
            .rename({"_row": "row"})
            .sort("_part", "row", "_order", "code", nulls_last=True, maintain_order=True)
        )
        placed = self._moved(placed)
        same = (pl.col("column") != "") & ~pl.struct("_part", "row", "column", "code", "params").is_first_distinct()
        placed = placed.filter(~same)
        return pl.concat([loose, placed.select([pl.col(name).cast(kind) for name, kind in SCHEMA.items()])])

    def _moved(self, placed: pl.DataFrame) -> pl.DataFrame:
        """Cells of a form that was read as a table go back to where they stand in the file."""
        table = [
            (part, *here, *there) for part, moved in enumerate(self.origin.moved) for here, there in moved.items()
        ]  # fmt: skip
        if not table:
            return placed
        schema = {"_part": pl.UInt16, "row": pl.UInt32, "column": pl.String, "_row2": pl.UInt32, "_column2": pl.String}
        placed = placed.join(
            pl.DataFrame(table, schema=schema, orient="row"), on=["_part", "row", "column"], how="left",
            maintain_order="left",
        )  # fmt: skip
        return placed.with_columns(row=pl.coalesce("_row2", "row"), column=pl.coalesce("_column2", "column"))

    def _values(self, placed: pl.DataFrame) -> pl.DataFrame:
        """The text that stands in the cell, where a finding does not bring its own."""
        empty = placed.filter(pl.col("value") == "", pl.col("column") != "")
        texts = [
            empty.filter(pl.col("_part") == part, pl.col("column") == letter)
            .select("_at", "field", "_row")
            .join(self.origin.cells[part].select(_row="row", _text=letter), on="_row")
            .select("_at", "field", "_text")
            for part, letter in empty.select("_part", "column").unique().iter_rows()
        ]  # fmt: skip
        if not texts:
            return placed
        found = pl.concat(texts).unique(["_at", "field"])
        placed = placed.join(found, on=["_at", "field"], how="left", maintain_order="left")
        return placed.with_columns(
            value=pl.when(pl.col("value") == "").then(pl.col("_text").fill_null("")).otherwise(pl.col("value"))
        )

    def _rows(self) -> pl.DataFrame:
        names = pl.DataFrame(
            {
                "_part": range(len(self.origin.layouts)),
                "sheet": [one.sheet for one in self.origin.layouts],
                "kind": [one.kind for one in self.origin.layouts],
            },
            schema={"_part": pl.UInt16, "sheet": pl.String, "kind": pl.String},
        )
        rows = pl.concat(self.origin.rows)
        return rows.join(names, on="_part", how="left", maintain_order="left")

    def _letters(self) -> pl.DataFrame:
        """(part, block, field) → column letter and header; a member's field also answers to its plain name."""
        out: dict[tuple[int, int, str], tuple[str, str, int]] = {}
        for order, (part, block, field, letter, header) in enumerate(self.origin.places):
            out[part, block, field] = (letter, header, order)
        for (part, block, field), place in list(out.items()):
            if field in _HEADS:  # a head who is the only member has the household's columns
                out.setdefault((part, block, PREFIX + _HEADS[field]), place)
        for (part, block, field), place in list(out.items()):
            out.setdefault((part, block, PREFIX + field), place)
            if field.startswith(PREFIX):
                out.setdefault((part, block, field.removeprefix(PREFIX)), place)
        for part, block in {(part, block) for part, block, _ in out}:
            for field, others in _INSTEAD.items():
                near = next((out[part, block, one] for one in others if (part, block, one) in out), None)
                if near is not None:
                    out.setdefault((part, block, field), near)
        return pl.DataFrame(
            [(*key, *place) for key, place in out.items()],
            schema={"_part": pl.UInt16, "_block": pl.UInt8, "field": pl.String, "column": pl.String,
                    "header": pl.String, "_order": pl.Int64},
            orient="row",
        )  # fmt: skip


@cache
def _personal_fields() -> list[str]:
    """kind:field of every personal column."""
    return [f"{kind}:{field.code}" for kind, roster in ROSTERS.items() for field in roster.fields if field.personal] + [
        "households:" + field.code for field in ROSTERS["persons"].fields if field.personal
    ]
