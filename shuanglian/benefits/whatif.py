"""What if an amount, a threshold or a date were another: who would be granted what (BEN-8). Reads and writes nothing.

Families stay as they are on the day compared with; only the terms differ. So a change announced for next year shows
what it does by itself, not what a year does to people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl

from shuanglian.rules.benefits import Benefit, Terms, decide
from shuanglian.rules.facts.build import Families

CENT = Decimal("0.01")
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
    """Who is granted what: a row (GRANTS) for everybody whom a benefit is granted, or for whom it cannot be decided."""
    rows = _decided(families, benefits)
    return pl.DataFrame(list(rows), GRANTS, orient="row")


def _decided(families: Families, benefits: Mapping[str, Benefit]) -> Iterator[tuple[Any, ...]]:
    personal = [one for one in benefits.values() if one.subject == "person" and one.terms]
    common = [one for one in benefits.values() if one.subject == "household" and one.terms]
    for household, members, facts in families.each():
        for one in common:
            decision = decide(one, facts, families.day)
            if decision.granted is not False:
                yield household, HOUSEHOLD_ITSELF, one.code, decision.granted, _cents(decision.yuan)
        for person, own in members.items():
            mine = {**facts, "person": own}
            for one in personal:
                decision = decide(one, mine, families.day)
                if decision.granted is not False:
                    yield household, person, one.code, decision.granted, _cents(decision.yuan)


def _cents(yuan: Decimal | None) -> Decimal | None:
    return None if yuan is None else yuan.quantize(CENT, ROUND_HALF_UP)


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
