"""The data-quality rules that apply to a roster, by their numbers in quality_rules_cn.csv.

Which rules run, how severe they are and the numbers in them come from the profile (`roster.checks`); a rule whose
columns the roster does not have stays silent. Ages are in full years on the day of the roster.
"""

import polars as pl

from . import quality_households, quality_members
from .quality import RULES
from .typed import Checking

# Rules about all members of a household; a roster that holds only the heads cannot answer them.
_OF_ALL = {"cause_disabled", "cause_ill", "cause_labour", "no_labour_no_aid", "aid_without_income"}

__all__ = ["quality_households", "quality_members", "quality_rules"]


def quality_rules(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, *, whole: bool) -> None:
    """Run every rule that the profile asks for; rules about all members only where the roster has them (`whole`)."""
    persons = _facts(work, persons) if "age" in persons.columns else persons
    for code, rule in RULES.items():
        if (severity := work.severity(code)) and (whole or code not in _OF_ALL):
            rule(work, households, persons, severity)


def _facts(work: Checking, persons: pl.DataFrame) -> pl.DataFrame:
    """Columns the rules speak of: groups of codes (able, ill …), at school, working away, cared for."""
    return persons.with_columns(
        _group(work, persons, "labour", "labour_skill").alias("_labour"),
        _group(work, persons, "schooling", "schooling").alias("_school"),
        _group(work, persons, "education", "education").alias("_educated"),
        _group(work, persons, "dibao", "minimum_allowance").alias("_dibao"),
        _group(work, persons, "special_care", "special_care").alias("_care"),
        _has_group(work, persons, "ill").alias("_ill"),
        _has_group(work, persons, "disabled").alias("_disabled"),
        _has_group(work, persons, "healthy").alias("_healthy"),
        _away(persons).alias("_away"),
    )  # fmt: skip


def _group(work: Checking, persons: pl.DataFrame, column: str, name: str) -> pl.Expr:
    if column not in persons.columns:
        return pl.lit(None, dtype=pl.String)
    groups = {item.code: item.group for item in work.profile.codes[name] if getattr(item, "group", None)}
    return pl.col(column).replace_strict(groups, default=None, return_dtype=pl.String)


def _has_group(work: Checking, persons: pl.DataFrame, group: str) -> pl.Expr:
    if "health" not in persons.columns:
        return pl.lit(None, dtype=pl.Boolean)
    codes = [item.code for item in work.profile.codes["health"] if getattr(item, "group", None) == group]
    return (
        pl.any_horizontal([pl.col("health").list.contains(code) for code in codes])
        if codes
        else pl.lit(None, pl.Boolean)
    )


def _away(persons: pl.DataFrame) -> pl.Expr:
    signs = []
    if "work_months" in persons.columns:
        signs.append(pl.col("work_months") > 0)
    if "works" in persons.columns:
        signs.append(pl.col("works"))
    if "work_place" in persons.columns:
        signs.append(pl.col("work_place").is_not_null())
    return pl.any_horizontal([sign.fill_null(False) for sign in signs]) if signs else pl.lit(False)
