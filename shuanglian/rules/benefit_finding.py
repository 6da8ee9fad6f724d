"""Everyone at once: all benefits over all people and households of a county or a province, as one query (BEN-8).

    tables = tables_of(families)                             or any tables of Ibis, on DuckDB or Spark
    found = find(profile.benefits.values(), tables, on, year=families.year)
    found.people        id, household, and per benefit CODE__granted (NULL: cannot be decided) and CODE__yuan
    found.households    id, and the same for benefits that a household receives

What `decide` says of one is what stands here for each: granted is its `granted`, yuan its `yuan` (below 10^12).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any

from .benefits import Benefit, Terms

if TYPE_CHECKING:
    from .cel.columns import Column, Tables
    from .facts.build import Families

YUAN = "decimal(18, 6)"
Amounts = Mapping[str, Decimal | int | str]


@dataclass(frozen=True)
class Found:
    """Ibis tables, not worked out before they are asked for."""

    people: Any
    households: Any


def find(
    benefits: Iterable[Benefit], tables: Tables, on: date, *, year: Mapping[str, Any],
    given: Mapping[str, Amounts] | None = None,
) -> Found:  # fmt: skip
    """Every benefit over everyone on a day.

    year: the facts of the year, as for one family. given: benefit → named amounts, for a scenario.
    """
    from .cel.columns import Sheet  # brings the engines of columns: only where a table is asked for

    changed = [one.with_given(given[one.code]) if given and one.code in given else one for one in benefits]
    people = [one for one in changed if one.subject == "person"]
    households = [one for one in changed if one.subject == "household"]
    sheet = Sheet(tables, day=on, year=year)
    return Found(*sheet.worked(
        lambda column: _columns(people, on, column), lambda column: _columns(households, on, column)
    ))  # fmt: skip


def _columns(benefits: Iterable[Benefit], on: date, column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for benefit in benefits:
        granted, yuan = _of_terms(benefit.in_force(on), column)
        found |= {f"{benefit.code}__granted": granted, f"{benefit.code}__yuan": yuan}
    return found


def _of_terms(terms: Terms | None, column: Column) -> tuple[Any, Any]:
    """granted and yuan: without terms in force nobody, with incomplete ones nothing is decided."""
    import ibis

    nothing = ibis.null(YUAN)
    if terms is None:
        return ibis.literal(False), nothing
    if not terms.complete:
        return ibis.null("boolean"), nothing
    granted = reduce(lambda a, b: a & b, (column(one.expression, terms.amounts) for one in terms.conditions))
    if terms.yuan is None:
        return granted, nothing
    yuan = column(terms.yuan, terms.amounts)
    return granted, ibis.cases((granted, yuan.try_cast(YUAN)), else_=nothing)


def fixed_yuan(benefit: Benefit, on: date) -> Decimal | None:
    """The amount where it is the same for everybody whom it is granted; None where it differs, or nothing is counted.

    Whoever reads millions of results need not read such a column: it fills more memory than all else.
    """
    terms = benefit.in_force(on)
    if terms is None or terms.yuan is None or any(not path.startswith("given.") for path in terms.yuan.facts):
        return None
    yuan = terms.yuan.value({"given": terms.amounts})
    return yuan if isinstance(yuan, Decimal) else None


def tables_of(families: Families) -> Tables:
    """The facts of families as tables in memory."""
    import ibis
    import polars as pl

    from .cel.columns import Tables

    villages = families.villages.select("id", pl.exclude("id").name.prefix("village__"))
    households = families.households.join(villages, left_on="village", right_on="id", how="left").drop("village")
    return Tables(ibis.memtable(families.people.to_arrow()), ibis.memtable(households.to_arrow()))
