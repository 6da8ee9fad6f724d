"""From the register's columns to the facts of families: the same for one family and for a province.

The register holds some facts, statements (with a day and a source) hold others. A fact that both hold and that
differs between them is unknown until somebody clears it up: it is listed as a conflict, never settled by guessing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl

from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, TEXT, WHOLE, Type
from shuanglian.rules.profile import Profile

from . import household as of_household
from . import person as of_person
from .catalogue import DTYPES, TEXTS, Entry, Ground, entries
from .village import columns_of

STATEMENTS = {"id": pl.Int64, "record": pl.String, "subject": pl.String, "fact": pl.String, "value": pl.String,
              "on": pl.Date, "until": pl.Date, "source": pl.String}  # fmt: skip
CONFLICTS = {"record": pl.String, "subject": pl.String, "fact": pl.String, "register": pl.String, "stated": pl.String,
             "source": pl.String, "on": pl.Date}  # fmt: skip


@dataclass(frozen=True)
class Raw:
    """Columns as the register keeps them. Empty texts and empty lists mean "not known".

    people: id, household, sex, born_on, relation, ethnic, education, schooling, health (list), labour, work_place,
        work_months, political, medical_insurance, serious_insurance, pension_insurance, dibao, disability_card (bool),
        disability_kind, disability_grade, as_of (date), where known id_given (bool); those who stand in the
        household on the day
    households: id, village (12-digit code), kind, standard, main_cause, other_causes (list), status, size, exit_year,
        relocation, loan_need, wish, since, left_on, removed_on, as_of, where known phone_given (bool)
    years: household, year, the columns of the yearly account and living conditions, as_of
    villages: id (12-digit code), tags (list); where known, the columns of `rules.facts.village.COLUMNS`
    statements: see STATEMENTS; `subject` is the id as text, `fact` the name, `value` JSON
    """

    people: pl.DataFrame
    households: pl.DataFrame
    years: pl.DataFrame
    villages: pl.DataFrame
    statements: pl.DataFrame


@dataclass(frozen=True)
class Families:
    """Facts ready for conditions: one column per fact beside the keys; null is unknown.

    people: id, household, facts · households: id, village, facts · villages: id, facts · year: name → value
    """

    people: pl.DataFrame
    households: pl.DataFrame
    villages: pl.DataFrame
    year: Mapping[str, Any]
    day: date
    conflicts: pl.DataFrame

    def each(self) -> Iterator[tuple[Any, dict[Any, dict[str, Any]], dict[str, Any]]]:
        """Household by household: its id, its members' facts by id, and the facts of the household as conditions
        read them (household with members, village, year, day)."""
        villages = {row["id"]: _known(row, ("id",)) for row in self.villages.iter_rows(named=True)}
        members: dict[Any, dict[Any, dict[str, Any]]] = {}
        for row in self.people.iter_rows(named=True):
            members.setdefault(row["household"], {})[row["id"]] = _known(row, ("id", "household"))
        for row in self.households.iter_rows(named=True):
            own = members.get(row["id"], {})
            yield row["id"], own, {
                "household": {**_known(row, ("id", "village")), "members": list(own.values())},
                "village": villages.get(row["village"], {}), "year": dict(self.year), "day": moment(self.day),
            }  # fmt: skip


def moment(day: date) -> datetime:
    """A day as conditions read it: midnight UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _known(row: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
        for name, value in row.items()
        if name not in keys and value is not None
    }


def build(raw: Raw, day: date, profile: Profile) -> Families:
    """All facts of all families of `raw` on a day. `profile` as in force that day is worked out here."""
    ground = Ground(day, profile.on(day))
    said = _in_force(raw.statements, day)
    conflicts: list[pl.DataFrame] = []

    def told(record: str, frame: pl.DataFrame) -> pl.DataFrame:
        stated, differing = _with_statements(record, frame, said)
        conflicts.extend(differing)
        return stated

    people = told("person", _worked(_whole(raw.people, of_person.EXTRA), ("id", "household"), "people", ground))
    homes = _whole(raw.households, of_household.EXTRA)
    homes = homes.join(_latest(raw.years, day), left_on="id", right_on="household", how="left")
    households = _worked(homes, ("id", "village"), "households", ground, "years")
    households = told("household", households.join(_sums(people, ground), on="id", how="left"))
    villages = told("village", _worked(columns_of(raw.villages), ("id",), "villages", ground))
    year = pl.select([_typed(entry, ground) for entry in _reading("year")]).row(0, named=True)
    found = pl.concat(conflicts) if conflicts else pl.DataFrame(schema=CONFLICTS)
    return Families(people, households, villages, year, day, found)


def _whole(frame: pl.DataFrame, extra: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """With the columns that rows may lack, and nothing instead of empty texts."""
    missing = [pl.lit(None, kind).alias(name) for name, kind in extra.items() if name not in frame.columns]
    return _blank_to_null(frame).with_columns(missing)


def _reading(*reads: str) -> list[Entry]:
    return [entry for entry in entries().values() if entry.reads in reads and entry.work is not None]


def _typed(entry: Entry, ground: Ground) -> pl.Expr:
    assert entry.work is not None
    return entry.work(ground).cast(DTYPES[entry.word.type]).alias(entry.word.name)


def _worked(frame: pl.DataFrame, keys: tuple[str, ...], reads: str, ground: Ground, *more: str) -> pl.DataFrame:
    return frame.select(*keys, *(_typed(entry, ground) for entry in _reading(reads, *more)))


def _sums(people: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Facts of a household over its members' facts."""
    sums = (_typed(entry, ground) for entry in _reading("members"))
    return people.group_by(pl.col("household").alias("id")).agg(*sums)


def _latest(years: pl.DataFrame, day: date) -> pl.DataFrame:
    """Each household's latest yearly record up to the day's year, with the income per head of the year before it."""
    until = _whole(years, of_household.YEAR_EXTRA).filter(pl.col("year") <= day.year)
    before = until.select(
        "household", pl.col("year").cast(pl.Int64) + 1, pl.col("income_per_head").alias("income_per_head_before")
    )
    latest = until.sort("year").unique("household", keep="last").with_columns(pl.col("year").cast(pl.Int64))
    return latest.drop("as_of", strict=False).join(before, on=["household", "year"], how="left")


def _blank_to_null(frame: pl.DataFrame) -> pl.DataFrame:
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts)


# --- statements -----------------------------------------------------------------------------------------------------
def _in_force(statements: pl.DataFrame, day: date) -> pl.DataFrame:
    """What is stated for the day: of several about one thing the latest."""
    stands = (pl.col("on") <= day) & (pl.col("until").is_null() | (pl.col("until") >= day))
    return statements.filter(stands).sort("on", "id").unique(["record", "subject", "fact"], keep="last")


def _with_statements(
    record: str, frame: pl.DataFrame, said: pl.DataFrame
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:  # fmt: skip
    """The facts with what is stated filled in; and where register and statement differ, which become null."""
    conflicts: list[pl.DataFrame] = []
    frame = frame.with_columns(
        pl.lit(None, DTYPES[entry.word.type]).alias(entry.word.name)
        for entry in entries().values()
        if entry.word.record == record and entry.work is None
    )
    own = said.filter(pl.col("record") == record)
    for (name,), rows in own.group_by("fact", maintain_order=True):
        entry = entries().get(f"{record}.{name}")
        if entry is None:
            continue  # a fact that a later version no longer knows
        dtype = DTYPES[entry.word.type]
        values = [read_value(entry.word.type, text) for text in rows["value"]]
        given = rows.select(
            pl.col("subject").cast(frame.schema["id"]).alias("id"), pl.Series("_stated", values, dtype, strict=False),
            "source", "on",
        )  # fmt: skip
        frame = frame.join(given, on="id", how="left")
        differs = pl.col(name).is_not_null() & pl.col("_stated").is_not_null() & (pl.col(name) != pl.col("_stated"))
        if entry.work is not None and not (found := frame.filter(differs)).is_empty():
            conflicts.append(_as_conflicts(record, str(name), found))
        frame = frame.with_columns(
            pl.when(differs.fill_null(False)).then(None).otherwise(pl.coalesce(name, "_stated")).alias(str(name))
        ).drop("_stated", "source", "on")
    return frame, conflicts


def _as_conflicts(record: str, name: str, found: pl.DataFrame) -> pl.DataFrame:
    def text(column: str) -> pl.Expr:
        listed = isinstance(found.schema[column], pl.List)
        return pl.col(column).list.join(", ") if listed else pl.col(column).cast(pl.String)

    return found.select(
        pl.lit(record).alias("record"), pl.col("id").cast(pl.String).alias("subject"), pl.lit(name).alias("fact"),
        text(name).alias("register"), text("_stated").alias("stated"), "source", "on",
    )  # fmt: skip


def read_value(kind: Type, text: str) -> Any:
    """A stated value from its JSON text; None for one that is not of the fact's type."""
    value = json.loads(text)
    if kind in (BOOL, TEXT, TEXTS):
        fits = isinstance(value, {BOOL: bool, TEXT: str, TEXTS: list}[kind])
        return value if fits else None
    if kind == WHOLE:
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    try:
        return Decimal(str(value)) if kind == NUMBER else datetime.fromisoformat(value).replace(tzinfo=None)
    except (InvalidOperation, ValueError, TypeError):
        return None


def write_value(kind: Type, value: Any) -> str:
    """A value as it is kept in a statement: JSON, exact numbers and days as text."""
    if kind == NUMBER:
        value = str(value)
    elif kind == DAY:
        value = (value.date() if isinstance(value, datetime) else value).isoformat()
    return json.dumps(value, ensure_ascii=False)
