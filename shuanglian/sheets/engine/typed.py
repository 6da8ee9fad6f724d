"""A table of text into a table of values: every cell that cannot be read becomes a finding in its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from . import values
from .fields import ROSTERS, Field
from .findings import Findings, Origin
from .ids_columns import compact, parse_ids
from .known import Known
from .regions import RegionTable
from .rows import tidy_names

_NAMES = {"head_name", "name", "household_head", "cadre", "member", "contact"}
# A code outside its list keeps the whole row out only where pairing and the ledger hang on it.
_DECISIVE = {"relation", "sex", "main_cause", "status", "rank", "occupation", "tier"}
_MAY_BE_NEGATIVE = {"net_income", "income_per_head", "income_operating"}
_SHOWN = 12


@dataclass
class Checking:
    """Everything a check looks at: the profile, the areas, the day of the roster, what is known, and the findings."""

    profile: Any
    regions: RegionTable
    on: date
    known: Known | None
    origin: Origin
    findings: Findings

    def severity(self, check: str) -> str | None:
        """The profile's severity of a roster check; None when the profile does not ask for it."""
        entry = self.profile.roster.checks.get(check)
        return entry.severity if entry is not None else None

    def limit(self, name: str) -> tuple[float | None, float | None, str, str] | None:
        """(low, high, severity, unit) of a plausible range."""
        entry = self.profile.roster.limits.get(name)
        if entry is None:
            return None
        low, high = (None if edge is None else float(edge) for edge in (entry.low, entry.high))
        return low, high, entry.severity, entry.unit.zh

    def param(self, check: str, name: str, otherwise: float) -> float:
        """A number of a roster check."""
        entry = self.profile.roster.checks.get(check)
        return float(entry.params.get(name, otherwise)) if entry is not None else otherwise


def typed(work: Checking, table: pl.DataFrame, kind: str, prefix: str = "") -> pl.DataFrame:
    """`table`: `_at` and text columns by field code (without `prefix`) → the same columns as values.

    Identity numbers also give `<field>_kind`, `<field>_resident`, `<field>_birth`, `<field>_sex`; dates
    `<field>_precision`. Problems go to the findings under `prefix` + field.
    """
    roster = ROSTERS[kind]
    out = []
    for name in table.columns:
        if name.startswith("_") or prefix + name not in roster:
            continue
        field = roster.field(prefix + name)
        at = f"_at_{name}" if f"_at_{name}" in table.columns else "_at"
        marks = ["_prefixed"] if "_prefixed" in table.columns else []
        out += _column(work, table.select(pl.col(at).alias("_at"), *marks, value=pl.col(name)), field, name)
    return table.with_columns(out)


def _column(work: Checking, cells: pl.DataFrame, field: Field, name: str) -> list[pl.Series]:
    text = cells["value"]
    if field.type == "id":
        return _ids(work, cells, field, name)
    if field.type == "date":
        value, precision, problem = values.dates(text)
        _tell(work, cells, field, problem)
        return [value.alias(name), precision.alias(f"{name}_precision")]
    if field.type == "decimal":
        value, problem = values.decimals(text, field)
    elif field.type == "int":
        value, problem = values.wholes(text, field)
    elif field.type == "bool":
        value, problem = values.booleans(text, field, work.profile)
    elif field.type == "code":
        value, problem = values.codes(text, field, work.profile)
    elif field.type == "phone":
        value, problem = values.phones(text)
    elif field.type == "card":
        value, problem = values.cards(text)
    else:
        return [_text(work, cells, field, name)]
    _tell(work, cells, field, problem)
    if field.type in ("decimal", "int"):
        _ranges(work, cells.with_columns(_n=value), field)
    return [value.alias(name)]


def _text(work: Checking, cells: pl.DataFrame, field: Field, name: str) -> pl.Series:
    tidy = tidy_names(pl.col("value")) if name in _NAMES else pl.col("value").str.replace_all(r"\s+", " ")
    value = cells.select(tidy.alias(name))[name]
    long = cells.filter(value.str.len_chars() > field.longest)
    work.findings.add(long, field.code, "too_long", params={"limit": field.longest})
    return value


def _tell(work: Checking, cells: pl.DataFrame, field: Field, problem: pl.Series) -> None:
    if problem.null_count() == problem.len():
        return
    for code in problem.drop_nulls().unique(maintain_order=True):
        rows = cells.filter((problem == code).fill_null(False))
        if code == "code_unknown":
            decisive = field.code.rpartition(".")[2] in _DECISIVE
            work.findings.add(
                rows, field.code, code, severity="error" if decisive else "warning",
                params={"choices": _choices(work.profile.codes[field.list])},
            )  # fmt: skip
        elif code == "phone_form":
            work.findings.add(rows, field.code, code, severity=work.severity("phone") or "warning")
        else:
            work.findings.add(rows, field.code, code)


def _choices(known: Iterable[Any]) -> str:
    labels = [item.label.zh for item in known]
    return "、".join(labels[:_SHOWN]) + ("…" if len(labels) > _SHOWN else "")


def _ranges(work: Checking, cells: pl.DataFrame, field: Field) -> None:
    """Numbers below or above what is plausible (limits of the profile)."""
    limit = work.limit(field.limit) if field.limit else None
    number = pl.col("_n")
    if limit is None:
        if field.code.rpartition(".")[2] not in _MAY_BE_NEGATIVE:
            work.findings.add(cells.filter(number < 0), field.code, "negative")
        return
    low, high, severity, unit = limit
    beyond = pl.lit(False)
    if low is not None:
        beyond = beyond | (number < low)
    if high is not None:
        beyond = beyond | (number > high)
    code = (
        "land_range"
        if field.code.startswith("land_")
        else "far_from_road"
        if field.code == "road_km"
        else "out_of_range"
    )
    work.findings.add(
        cells.filter(beyond), field.code, code, severity=severity,
        params={"low": shown(low), "high": shown(high), "unit": unit},
    )  # fmt: skip


def shown(number: float | None) -> str:
    """A number as people write it; nothing for no bound."""
    return "" if number is None else f"{number:g}"


def _ids(work: Checking, cells: pl.DataFrame, field: Field, name: str) -> list[pl.Series]:
    parsed = parse_ids(cells["value"])
    problem = parsed["problem"]
    if problem.null_count() < problem.len():
        missing = work.severity("id_missing") or "warning"
        for code in problem.drop_nulls().unique(maintain_order=True):
            rows = cells.with_columns(number=parsed["normal"]).filter((problem == code).fill_null(False))
            rows = rows.with_columns(length=pl.col("number").str.len_chars(), province=pl.col("number").str.slice(0, 2))
            if code == "placeholder":
                work.findings.add(rows, field.code, "id_placeholder", severity=missing)
            elif code != "empty":
                gaps = {"length": ["length"], "province": ["province"]}.get(code, [])
                mild = "warning" if field.lenient else None
                work.findings.add(rows, field.code, f"id_{code}", severity=mild, columns=gaps)
    old = cells.filter(parsed["kind"] == "id15", problem.is_null())
    work.findings.add(old, field.code, "id_old")
    if (problem == "damaged").any(ignore_nulls=True):
        zeros = cells.filter(problem.is_null() & cells["value"].str.contains(r"000\s*$"), parsed["kind"] == "id18")
        work.findings.add(zeros, field.code, "id_maybe_damaged")
    good = problem.is_null()
    frame = parsed.select(
        pl.when(good).then(pl.col("normal")).alias(name), pl.col("kind").alias(f"{name}_kind"),
        pl.when(good).then(pl.col("resident")).alias(f"{name}_resident"),
        pl.col("birth").alias(f"{name}_birth"), pl.col("sex").alias(f"{name}_sex"),
        pl.col("problem").alias(f"{name}_problem"),
    )  # fmt: skip
    return frame.get_columns()


def key_text(column: str) -> pl.Expr:
    """A number used as a key (户编号, 编号): half width, no blanks, no .0 of a fraction."""
    return compact(pl.col(column))


def twice(table: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Rows whose keys are all filled and occur more than once, with `count` and `rows`, the row labels."""
    filled = pl.all_horizontal([pl.col(key).is_not_null() & (pl.col(key).cast(pl.String) != "") for key in keys])
    table = table.filter(filled)
    again = table.filter(pl.struct(keys).is_duplicated()) if table.height else table
    listed = again.group_by(keys).agg(count=pl.len(), rows=pl.col("_label").head(6).str.join("、"))
    return again.join(listed, on=keys, how="left", maintain_order="left")
