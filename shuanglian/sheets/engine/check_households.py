"""Households and their members: put together, checked against one another and against the register (REG-1, REG-2).

A roster may hold one row a household, one row a member with the household repeated (or written only in its first
row, merged), or members in a sheet of their own.
"""

import polars as pl

from .check_persons import check_persons
from .fields import PREFIX
from .household_groups import grouped, head_code, labelled
from .household_members import people_of
from .household_register import against_register, registered_elsewhere
from .layout import Layout
from .places import placed
from .quality_rules import quality_rules
from .typed import Checking, shown, twice, typed

Taken = list[tuple[Layout, pl.DataFrame]]
_CLOSE_YUAN, _CLOSE_SHARE = 1.0, 0.01  # what rounding may make of an income


def check_households(work: Checking, taken: Taken) -> dict[str, pl.DataFrame]:
    """Typed frames `households` and `persons`; `_household` joins them."""
    sheets = [frame for layout, frame in taken if layout.kind == "households"]
    apart = [frame for layout, frame in taken if layout.kind == "persons"]
    rows = labelled(work, pl.concat(sheets, how="diagonal")) if sheets else None
    members = labelled(work, pl.concat(apart, how="diagonal")) if apart else None
    heads = grouped(work, rows) if rows is not None else None
    people = people_of(work, heads[0] if heads else None, heads[1] if heads else None, members)
    if heads is None:
        persons = check_persons(work, people)
        registered_elsewhere(work, persons)
        quality_rules(work, pl.DataFrame(), persons, whole=False)
        return {"persons": persons}
    households = typed(work, heads[1], "households")
    households = placed(work, households, heads[1])
    persons = check_persons(work, people) if "_prefixed" in people.columns else people
    only_heads = rows is not None and members is None and PREFIX + "name" not in rows.columns
    households = _heads(work, households, persons, has_members=bool(people.height), only_heads=only_heads)
    _numbers(work, households)
    _sums(work, households, persons)
    _causes(work, households)
    households = against_register(work, households)
    registered_elsewhere(work, persons, households)
    quality_rules(work, households, persons, whole=not only_heads)
    return _blocked(work, households, persons)


def _heads(
    work: Checking, households: pl.DataFrame, persons: pl.DataFrame, *, has_members: bool, only_heads: bool
) -> pl.DataFrame:
    """Name and number of the head from the members where the household's own columns leave them out (REG-1)."""
    if has_members and "relation" in persons.columns:
        head = head_code(work.profile.codes["relation"])
        heads = persons.filter(pl.col("relation") == head).unique("_household", keep="first", maintain_order=True)
        heads = heads.select(
            "_household", _hname=pl.col("name"), _hrow=pl.col("_label"),
            _hid=pl.col("id_number") if "id_number" in heads.columns else pl.lit(None, dtype=pl.String),
        )  # fmt: skip
        households = households.join(heads, on="_household", how="left", maintain_order="left")
        other = households.filter((pl.col("head_name") != pl.col("_hname")).fill_null(False))
        work.findings.add(
            other.with_columns(value=pl.col("head_name"), row=pl.col("_hrow")),
            "head_name",
            "head_name_differs",
            columns=["row"],
        )
        other = households.filter(
            (pl.col("head_id").str.slice(0, 18) != pl.col("_hid").str.slice(0, 18)).fill_null(False)
        )
        work.findings.add(
            other.with_columns(value=pl.col("head_id"), row=pl.col("_hrow")),
            "head_id",
            "head_id_differs",
            columns=["row"],
        )
        households = households.with_columns(
            head_name=pl.coalesce("head_name", "_hname"), head_id=pl.coalesce("head_id", "_hid")
        ).with_columns(head_id_resident=pl.col("head_id").str.slice(0, 18))
    nameless = households.filter(pl.col("head_name").is_null() | (pl.col("head_name") == ""))
    known_faults = persons.filter(pl.col("_no_head")) if "_no_head" in persons.columns else persons.clear()
    if known_faults.height:
        nameless = nameless.join(known_faults.select("_household"), on="_household", how="anti")
    work.findings.add(nameless, "head_name", "required_missing")
    if has_members and not only_heads:
        _memberless(work, households, persons)
    elif not has_members and "head_id_resident" in households.columns:
        again = twice(households, ["head_id_resident"]).with_columns(value=pl.col("head_id"))
        work.findings.add(again, "head_id", "head_twice", columns=["count", "rows"])
    return households


def _memberless(work: Checking, households: pl.DataFrame, persons: pl.DataFrame) -> None:
    alone = households.join(persons.select("_household"), on="_household", how="anti", maintain_order="left")
    work.findings.add(alone.with_columns(value=pl.col("head_name")), "head_name", "household_without_members")


def _numbers(work: Checking, households: pl.DataFrame) -> None:
    """Missing household numbers, where the roster has the column at all."""
    if households["number"].null_count() < households.height:
        work.findings.add(households.filter(pl.col("number").is_null()), "number", "household_number_missing")


def _sums(work: Checking, households: pl.DataFrame, persons: pl.DataFrame) -> None:
    """Size against members, net income against its parts, income per head against net income (domain 2.2)."""
    if "size" in households.columns and persons.height and persons["_household"].is_duplicated().any():
        counted = persons.group_by("_household").agg(count=pl.len())
        rows = households.join(counted, on="_household", how="left", maintain_order="left")
        rows = rows.filter(
            pl.col("size").is_not_null() & pl.col("count").is_not_null() & (pl.col("size") != pl.col("count"))
        )
        work.findings.add(rows.with_columns(value=pl.col("size")), "size", "size_differs", columns=["count"])
    parts = ("income_wage", "income_operating", "income_property", "income_transfer")
    if {"net_income", *parts} <= set(households.columns):
        cost = pl.col("operating_cost").fill_null(0) if "operating_cost" in households.columns else pl.lit(0.0)
        expected = pl.sum_horizontal([pl.col(name) for name in parts]) - cost
        filled = pl.all_horizontal([pl.col(name).is_not_null() for name in parts])
        _compare(work, households.filter(filled), "net_income", expected, "net_income_differs")
    if {"income_per_head", "net_income", "size"} <= set(households.columns):
        rows = households.filter(pl.col("size") > 0)
        _compare(work, rows, "income_per_head", pl.col("net_income") / pl.col("size"), "income_per_head_differs")


def _compare(work: Checking, rows: pl.DataFrame, name: str, expected: pl.Expr, code: str) -> None:
    rows = rows.with_columns(_expected=expected)
    off = (pl.col(name) - pl.col("_expected")).abs()
    rows = rows.filter((off > _CLOSE_YUAN) & (off > pl.col("_expected").abs() * _CLOSE_SHARE))
    told = rows.with_columns(
        value=pl.col(name).map_elements(shown, return_dtype=pl.String),
        expected=pl.col("_expected").round(2).map_elements(lambda yuan: f"{yuan:.2f}", return_dtype=pl.String),
    )
    work.findings.add(told, name, code, columns=["expected"])


def _causes(work: Checking, households: pl.DataFrame) -> None:
    """One main cause, any number of others, none equal to it (REG-2); the year of exit of those who are out."""
    if "main_cause" in households.columns:
        causes = work.profile.causes
        odd = [code for code, cause in causes.items() if not cause.main]
        rows = households.filter(pl.col("main_cause").is_in(odd)) if odd else households.clear()
        named = pl.col("main_cause").replace({code: one.label.zh for code, one in causes.items()})
        work.findings.add(
            rows.with_columns(value=named, cause=named), "main_cause", "cause_not_main", columns=["cause"]
        )
        if "other_causes" in households.columns:
            rows = households.filter(pl.col("other_causes").list.contains(pl.col("main_cause")).fill_null(False))
            work.findings.add(
                rows.with_columns(value=named, cause=named), "other_causes", "other_equals_main", columns=["cause"]
            )
    if "other_causes" in households.columns:
        rows = households.with_columns(count=pl.col("other_causes").list.len()).filter(pl.col("count") > 2)
        told = rows.with_columns(value=pl.col("other_causes").list.join("、"))
        work.findings.add(told, "other_causes", "too_many_causes", columns=["count"])
    if {"status", "exit_year"} <= set(households.columns):
        out = households.filter(pl.col("status") == work.profile.codes["exit_mark"].find("已脱贫"))
        work.findings.add(out.filter(pl.col("exit_year").is_null()), "exit_year", "exit_year_missing")
        ahead = out.filter(pl.col("exit_year") > work.on.year).with_columns(value=pl.col("exit_year"))
        work.findings.add(ahead, "exit_year", "exit_year_ahead")


def _blocked(work: Checking, households: pl.DataFrame, persons: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """An error anywhere in a household keeps the whole household out, never half of it."""
    worst = work.findings.severities().filter(pl.col("_worst") == "error").select("_at")
    bad = households.join(worst, on="_at", how="semi").select("_household")
    if persons.height:
        bad = pl.concat([bad, persons.join(worst, on="_at", how="semi").select("_household")])
    bad = bad.unique().drop_nulls().with_columns(_blocked=pl.lit(True))
    out = {"households": households, "persons": persons} if persons.height else {"households": households}
    return {
        name: frame.join(bad, on="_household", how="left", maintain_order="left").with_columns(
            _blocked=pl.col("_blocked").fill_null(pl.col("_household").is_null())
        )
        for name, frame in out.items()
    }
