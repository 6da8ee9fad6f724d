"""What if an amount, a threshold or a date were another: who would be granted what (BEN-8). Reads and writes nothing.

Families stay as they are on the day compared with; only the terms differ. So a change announced for next year shows
what it does by itself, not what a year does to people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from shuanglian.rules.benefit_finding import find, tables_of
from shuanglian.rules.benefits import Benefit, Terms
from shuanglian.rules.facts.build import Families

PAYMENTS_A_YEAR = {"month": 12}  # of what is given more than once a year; all else counts once
GRANTS: dict[str, Any] = {
    "household": pl.Int64, "person": pl.Int64, "benefit": pl.String, "granted": pl.Boolean, "yuan": pl.Decimal(18, 2)
}  # fmt: skip
HOUSEHOLD_ITSELF = 0  # in the column `person`: what is granted to a household is nobody's alone
LINE = "year.poverty_line"


@dataclass(frozen=True)
class Change:
    """What a scenario does to one benefit: other named amounts, the terms of another day, or it is dropped."""

    given: Mapping[str, Decimal] = field(default_factory=dict)
    terms: date | None = None
    drop: bool = False


@dataclass(frozen=True)
class Plan:
    """A scenario ready to be worked out. line: another poverty line; added: benefits that are only drafted."""

    on: date
    against: date
    changes: Mapping[str, Change]
    line: Decimal | None = None
    added: Mapping[str, Benefit] = field(default_factory=dict)

    def before(self, benefits: Mapping[str, Benefit], day: date | None = None) -> dict[str, Benefit]:
        """The benefits as they stand on the day compared with, or another."""
        return {code: as_on(one, day or self.against) for code, one in benefits.items()}

    def after(self, benefits: Mapping[str, Benefit], day: date | None = None) -> dict[str, Benefit]:
        """The same as the scenario would have them on its day, or another."""
        found = {}
        for code, one in {**benefits, **self.added}.items():
            change = self.changes.get(code, Change())
            if not change.drop:
                found[code] = _with_amounts(as_on(one, change.terms or day or self.on), change.given)
        return found


def as_on(benefit: Benefit, day: date) -> Benefit:
    """A benefit with the terms of one day for all days; with none when none stood then."""
    terms = benefit.in_force(day)
    return replace(benefit, terms=(_for_ever(terms),) if terms else ())


def _for_ever(terms: Terms) -> Terms:
    return replace(terms, shape=terms.shape.model_copy(update={"since": date.min, "until": None}))


def _with_amounts(benefit: Benefit, amounts: Mapping[str, Decimal]) -> Benefit:
    """Other named amounts, as far as the terms know their names."""
    known = {name for terms in benefit.terms for name in terms.given}
    chosen = {name: amount for name, amount in amounts.items() if name in known}
    return benefit.with_given(chosen) if chosen else benefit


def grants(families: Families, benefits: Mapping[str, Benefit]) -> pl.DataFrame:
    """Who is granted what: a row (GRANTS) for everybody whom a benefit is granted, or for whom it cannot be decided.

    Benefits whose papers are incomplete decide nothing and have no rows.
    """
    asked = [one for one in benefits.values() if one.terms and one.terms[0].complete]
    found = find(asked, tables_of(families), families.day, year=families.year)
    frames = [pl.DataFrame(schema=GRANTS)]
    frames += _rows(found.people, "household", "id", [one.code for one in asked if one.subject == "person"])
    common = [one.code for one in asked if one.subject == "household"]
    frames += _rows(found.households, "id", None, common)
    return pl.concat(frames)


def _rows(table: Any, household: str, person: str | None, codes: list[str]) -> Iterator[pl.DataFrame]:
    """The columns CODE__granted and CODE__yuan of a table as rows, benefit by benefit."""
    if not codes:
        return
    keys = [household] if person is None else [household, person]
    columns = [f"{code}__{what}" for code in codes for what in ("granted", "yuan")]
    read = pl.DataFrame(pl.from_arrow(table.select(*keys, *columns).to_pyarrow()))
    for code in codes:
        granted = pl.col(f"{code}__granted")
        yield read.filter(granted.fill_null(True)).select(
            pl.col(household).alias("household"),
            (pl.lit(HOUSEHOLD_ITSELF) if person is None else pl.col(person)).cast(pl.Int64).alias("person"),
            pl.lit(code).alias("benefit"), granted.alias("granted"),
            pl.col(f"{code}__yuan").round(2).cast(GRANTS["yuan"]).alias("yuan"),
        )  # fmt: skip


def with_line(families: Families, line: Decimal) -> Families:
    """The same families in a year with another poverty line."""
    return replace(families, year={**families.year, "poverty_line": line})


class Reckoner:
    """Works out what is granted, each terms of each benefit once however often it is asked for."""

    def __init__(self, families: Families, lines: Mapping[str, Decimal]) -> None:
        """lines: "before" and "after" → the poverty line that texts read."""
        self.families = {side: with_line(families, line) for side, line in lines.items()}
        self.same_line = len(set(lines.values())) == 1
        self._known: dict[tuple[str, str, str], pl.DataFrame] = {}

    def of(self, benefits: Mapping[str, Benefit], side: str) -> pl.DataFrame:
        """Yearly grants of all benefits; side: before or after. Column `yuan` is what comes in a year."""
        keys = {code: self._key(one, side) for code, one in benefits.items()}
        missing = {code: one for code, one in benefits.items() if keys[code] not in self._known}
        found = grants(self.families[side], missing) if missing else pl.DataFrame(schema=GRANTS)
        for code, one in missing.items():
            times = PAYMENTS_A_YEAR.get(one.every, 1)
            own = found.filter(pl.col("benefit") == code)
            self._known[keys[code]] = own.with_columns((pl.col("yuan") * times).cast(GRANTS["yuan"]))
        frames = [self._known[key] for key in keys.values()]
        return pl.concat(frames) if frames else pl.DataFrame(schema=GRANTS)

    def _key(self, one: Benefit, side: str) -> tuple[str, str, str]:
        reads_line = not self.same_line and any(LINE in expression.facts for expression in _texts(one))
        return one.code, one.version, side if reads_line else ""


def _texts(benefit: Benefit) -> Iterator[Any]:
    for terms in benefit.terms:
        yield from (condition.expression for condition in terms.conditions)
        if terms.yuan is not None:
            yield terms.yuan
