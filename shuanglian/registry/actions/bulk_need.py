"""How needy the households of a roster are, all at once: the rules of `rules.quotas.need_of` as columns (PAIR-5).

A property test keeps both equal: one text decides one household and a county.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import add

import polars as pl

from shuanglian.registry import facts
from shuanglian.rules.profile import Profile
from shuanglian.rules.profile_weights import NeedRule
from shuanglian.sheets import merging
from shuanglian.sheets.merging import rows, run

FACTS = {
    "n": pl.Int64, "year": pl.Int64, "income_per_head": pl.Float64, "members": pl.Int64, "labour": pl.Int64,
    "ill": pl.Int64, "disabled": pl.Int64, "pupils": pl.Int64, "elderly": pl.Int64, "unsafe_house": pl.Boolean,
    "unsafe_water": pl.Boolean, "main_cause": pl.String, "household_class": pl.String, "exit_mark": pl.String,
    "other_causes": pl.Int64,
}  # fmt: skip


def fill_bands(stage: str, *, profile: Profile, year: int) -> None:
    """Put the band of need into a staged table of households whose members and yearly figures are written."""
    told = _facts(stage, profile, year)
    run("DROP TABLE IF EXISTS {b}", b="roster_bands")
    run("CREATE TEMP TABLE {b} (n integer, band smallint) ON COMMIT DROP", b="roster_bands")
    for (latest,), some in told.group_by("year"):
        on = facts.on_day(int(str(latest)), date(year, 12, 31))
        merging.copy("roster_bands", some.select("n", band=bands(profile, some, on)))
    run("UPDATE {s} s SET need_band = b.band FROM roster_bands b WHERE b.n = s.n", s=stage)


def bands(profile: Profile, told: pl.DataFrame, on: date) -> pl.Series:
    """The band of need per row of facts, 0 the lightest; a fact that is not known gives no points."""
    then = profile.on(on)
    line = float(profile.lines(on.year).yuan)
    told = told.with_columns(
        income_to_line=pl.col("income_per_head") / line,
        labour_share=pl.when(pl.col("members") > 0).then(pl.col("labour") / pl.col("members")),
    )
    groups: dict[str, list[pl.Expr]] = {}
    for rule in then.pairing.household_need:
        points = pl.when(_holds(rule, told.schema[rule.fact])).then(pl.lit(rule.points)).otherwise(pl.lit(0))
        groups.setdefault(rule.group, []).append(points)
    total = reduce(add, (pl.max_horizontal(rules) for rules in groups.values()), pl.lit(0))
    begins = then.pairing.bands["household"].begins
    band = reduce(add, ((total >= begin).cast(pl.Int16) for begin in begins[1:]), pl.lit(0, dtype=pl.Int16))
    return told.select(band=band)["band"]


def _holds(rule: NeedRule, kind: pl.DataType) -> pl.Expr:
    fact = pl.col(rule.fact)  # type: ignore[attr-defined]
    if rule.is_true is not None:
        return fact.fill_null(not rule.is_true) == rule.is_true
    if rule.any_of is not None:
        return fact.cast(pl.String).is_in(list(rule.any_of)).fill_null(False)
    number = fact.cast(pl.Float64, strict=False)
    test = number < float(rule.below) if rule.below is not None else number >= float(rule.at_least or 0)
    return test.fill_null(False)


def _facts(stage: str, profile: Profile, year: int) -> pl.DataFrame:
    """Plain facts per staged household, from the roster's row, the register's members and the latest figures."""
    groups = {name: sorted(codes) for name, codes in facts.grouped(profile).items()}
    found = rows(
        """SELECT s.n, coalesce(y.year, %s), s.income_per_head, coalesce(m.members, s.size), m.labour, m.ill,
                  m.disabled, m.pupils, m.elderly, y.house_unsafe, coalesce(NOT y.water_safe, y.water_hard),
                  coalesce(s.main_cause, h.main_cause), coalesce(s.kind, h.kind),
                  coalesce(s.status, h.status), cardinality(coalesce(s.other_causes, h.other_causes))
           FROM {s} s LEFT JOIN registry_household h ON h.id = s.row_id
           LEFT JOIN (SELECT p.household_id, count(*) AS members,
                             CASE WHEN bool_or(p.labour <> '')
                                  THEN count(*) FILTER (WHERE p.labour = ANY(%s)) END AS labour,
                             count(*) FILTER (WHERE p.health && %s::varchar[]) AS ill,
                             count(*) FILTER (WHERE p.health && %s::varchar[]) AS disabled,
                             count(*) FILTER (WHERE p.schooling = ANY(%s)) AS pupils,
                             count(*) FILTER (WHERE p.born_on <= %s) AS elderly
                      FROM registry_person p WHERE p.left_on IS NULL
                        AND p.household_id IN (SELECT row_id FROM {s}) GROUP BY 1) m ON m.household_id = s.row_id
           LEFT JOIN (SELECT DISTINCT ON (household_id) household_id, year, house_unsafe, water_safe, water_hard
                      FROM registry_householdyear WHERE household_id IN (SELECT row_id FROM {s})
                      ORDER BY household_id, year DESC) y ON y.household_id = s.row_id""",
        year, groups["fit"], groups["ill"], groups["disabled"], groups["pupil"], date(year - facts.OLD, 12, 31),
        s=stage,
    )  # fmt: skip
    return pl.DataFrame(found, schema=FACTS, orient="row", strict=False)
