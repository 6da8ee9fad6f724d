"""From grants before and after to figures: gainers, losers, poverty (IDX-2), by group, small groups protected.

What comes out is fit to be kept and shown: a count or amount that would name people is None, and the rest of the table
is such that it cannot be worked out (measures.protecting).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from shuanglian.measures.inequality import gini
from shuanglian.measures.poverty import fgt
from shuanglian.measures.protecting import SIZE, hidden_rows, small
from shuanglian.rules.benefits import Benefit
from shuanglian.rules.facts.build import Families

from .costs import beside, money_of, paid, plain

FLAGS = ("gain", "lose", "up", "down", "poor_before", "poor_after", "out", "into")  # of households, true or false
COUNTED = (SIZE, *FLAGS)  # columns of group tables that are protected
SUMS = ("people", "gain_people", "gain_yuan", "lose_people", "lose_yuan")
LARGEST_SIZE = 6  # households of so many and more are one group
DIGITS = 6
MEMBERS = {"pupil": ("in_school",), "disabled": ("disabled",), "ill": ("ill_chronic", "ill_serious")}
KINDS = ("class", "cause", "size", *MEMBERS)


@dataclass(frozen=True, eq=False)
class Effects:
    """One scenario against what stands, over some families.

    before, after: yearly grants (whatif.Reckoner.of) · benefits: code → benefit, of both sides · lines: before, after ·
    least: fewest households of a shown group
    """

    families: Families
    before: pl.DataFrame
    after: pl.DataFrame
    benefits: Mapping[str, Benefit]
    lines: Mapping[str, Decimal]
    least: int

    # --- one row per household --------------------------------------------------------------------------------------
    @cached_property
    def homes(self) -> pl.DataFrame:
        """Each household: its village, size, income, kinds, money before and after, whether it gains or loses."""
        homes = _homes(self.families)
        for side, grants in (("before", self.before), ("after", self.after)):
            for name, chosen in (("money", money_of(self.benefits)), ("transfer", money_of(self.benefits, "transfer"))):
                sums = paid(grants, chosen).rename({"household": "id", "yuan": f"{name}_{side}"})
                homes = homes.join(sums, on="id", how="left")
        homes = homes.join(self._steps(), on="id", how="left")
        homes = homes.with_columns(pl.col("^(money|transfer)_(before|after)$|^step$").fill_null(0))
        return self._with_poverty(_with_change(homes))

    def _steps(self) -> pl.DataFrame:
        """Of what is no money: how many more or fewer grants (or higher, lower ones) a household has."""
        others = [code for code, one in self.benefits.items() if one.pays != "money"]
        both = beside(self.before, self.after, others)
        was, now = pl.col("granted_before").fill_null(False), pl.col("granted_after").fill_null(False)
        more = pl.col("yuan_after").fill_null(0) - pl.col("yuan_before").fill_null(0)
        other = pl.when(was & now).then(more.sign().cast(pl.Int64)).otherwise(0)
        step = now.cast(pl.Int64) - was.cast(pl.Int64) + other
        return both.group_by(pl.col("household").alias("id")).agg(step.sum().alias("step"))

    def _with_poverty(self, homes: pl.DataFrame) -> pl.DataFrame:
        """Income a head before and after, and whether it is below the line of each side."""
        changed = (pl.col("transfer_after") - pl.col("transfer_before")).cast(pl.Float64) / pl.col("people")
        homes = homes.with_columns(income_after=pl.col("income") + changed)
        line = {side: float(line) for side, line in self.lines.items()}
        return homes.with_columns(
            poor_before=(pl.col("income") < line["before"]).fill_null(False),
            poor_after=(pl.col("income_after") < line["after"]).fill_null(False),
        ).with_columns(
            out=pl.col("poor_before") & ~pl.col("poor_after"), into=~pl.col("poor_before") & pl.col("poor_after")
        )  # fmt: skip

    # --- figures ----------------------------------------------------------------------------------------------------
    def figures(self, prefix_length: int | None) -> dict[str, Any]:
        """What is shown but for costs. prefix_length: digits of the codes of the next level of regions, or None."""
        groups = {kind: self.groups(pl.col(kind)) for kind in KINDS}
        if prefix_length is not None:
            groups["region"] = self.groups(pl.col("village").str.slice(0, prefix_length))
        return {
            "least": self.least, "total": self.total(), "groups": groups, "poverty": self.poverty(),
        }  # fmt: skip

    def total(self) -> dict[str, Any]:
        whole = _counted(self.homes.with_columns(pl.lit("all").alias("group"))).row(0, named=True)
        return {name: self._shown(whole, name) for name in (*COUNTED, *SUMS)}

    def _shown(self, row: Mapping[str, Any], name: str) -> Any:
        """A figure of the whole, None when the households behind it are few."""
        behind = name.partition("_")[0] if name in SUMS[1:] else name if name in COUNTED else SIZE
        return None if small(row[behind], self.least) else plain(row[name])

    def groups(self, by: pl.Expr) -> dict[str, Any] | None:
        """Rows by group that are shown, and what the others have together; None when too few could be shown."""
        table = _counted(self.homes.with_columns(by.alias("group")))
        counted = {row["group"]: row for row in table.iter_rows(named=True)}
        hidden = hidden_rows({code: {name: row[name] for name in COUNTED} for code, row in counted.items()}, self.least)
        if hidden == counted.keys():
            return None
        whole = _summed(counted.values())
        rest = {name: None if self._shown(whole, name) is None else plain(value)
                for name, value in _summed(counted[code] for code in hidden).items()}  # fmt: skip
        rows = [{"code": code, **{name: plain(row[name]) for name in (*COUNTED, *SUMS)}}
                for code, row in counted.items() if code not in hidden]  # fmt: skip
        return {"rows": rows, "hidden": sorted(hidden), "rest": rest if hidden else None}

    def poverty(self) -> dict[str, Any] | None:
        """FGT 0 to 2 and Gini of income a head, weighted by people; None when no income is known."""
        known = self.homes.filter(pl.col("income").is_not_null() & (pl.col("people") > 0))
        if known.is_empty():
            return None
        unknown = self.homes.height - known.height
        touched = known.filter(pl.col("transfer_before") != pl.col("transfer_after")).height
        moved = [known.filter(pl.col(column)).height for column in ("out", "into")]
        sides = {"before": ("income", "before"), "after": ("income_after", "after")}
        if self.lines["before"] != self.lines["after"]:
            sides["after_same_line"] = ("income_after", "before")
        measured = {side: self._measures(known, *source) for side, source in sides.items()}
        for side in sides.keys() - {"before"}:
            if small(touched, self.least):
                measured[side] |= dict.fromkeys(("headcount", "gap", "severity", "gini"))
            elif any(small(count, self.least) for count in (*moved, self._moved_at_same_line(known))):
                measured[side]["headcount"] = None
        return {
            SIZE: known.height, "people": int(known["people"].sum()),
            "unknown": None if small(unknown, self.least) else unknown, **measured,
        }  # fmt: skip

    def _moved_at_same_line(self, known: pl.DataFrame) -> int:
        line = float(self.lines["before"])
        return known.filter((pl.col("income") < line) != (pl.col("income_after") < line)).height

    def _measures(self, known: pl.DataFrame, income: str, side: str) -> dict[str, Any]:
        values, people = known[income].to_numpy(), known["people"].to_numpy()
        line = float(self.lines[side])
        found = {
            name: round(fgt(values, line, alpha=alpha, weights=people), DIGITS)
            for name, alpha in (("headcount", 0), ("gap", 1), ("severity", 2))
        }
        positive = float((values * people).sum()) > 0
        return {"line": str(self.lines[side]), **found,
                "gini": round(gini(values, weights=people), DIGITS) if positive else None}  # fmt: skip


def _homes(families: Families) -> pl.DataFrame:
    marks = [_any_of(names).alias(kind) for kind, names in MEMBERS.items()]
    members = families.people.group_by(pl.col("household").alias("id")).agg(pl.len().alias("members"), *marks)
    homes = families.households.join(members, on="id", how="left")
    people = pl.coalesce("size", "members").fill_null(0).cast(pl.Int64)
    return homes.select(
        "id", "village", people.alias("people"), pl.col("income_per_head").cast(pl.Float64).alias("income"),
        pl.col("kind").fill_null("").alias("class"), pl.col("main_cause").fill_null("").alias("cause"),
        people.clip(upper_bound=LARGEST_SIZE).cast(pl.String).alias("size"),
        *(pl.col(kind).fill_null("unknown") for kind in MEMBERS),
    )  # fmt: skip


def _any_of(names: Iterable[str]) -> pl.Expr:
    """yes when a fact holds for any member, unknown when it could, else no."""
    facts = [pl.col(name) for name in names]
    holds = pl.any_horizontal(fact.fill_null(False) for fact in facts).any()
    open_still = pl.any_horizontal(fact.is_null() for fact in facts).any()
    return pl.when(holds).then(pl.lit("yes")).when(open_still).then(pl.lit("unknown")).otherwise(pl.lit("no"))


def _with_change(homes: pl.DataFrame) -> pl.DataFrame:
    """gain and lose: by money; up and down: by what else is granted, such as points, loans and services."""
    more, step = pl.col("money_after") - pl.col("money_before"), pl.col("step")
    return homes.with_columns(gain=more > 0, lose=more < 0, up=step > 0, down=step < 0, more=more)


def _counted(homes: pl.DataFrame) -> pl.DataFrame:
    """A row per `group`: households and people in it, who gains and loses how much, who is poor."""
    return homes.group_by("group").agg(
        pl.len().cast(pl.Int64).alias(SIZE), pl.col("people").sum(),
        *(pl.col(name).sum().cast(pl.Int64) for name in FLAGS),
        pl.col("people").filter(pl.col("gain")).sum().alias("gain_people"),
        pl.col("people").filter(pl.col("lose")).sum().alias("lose_people"),
        pl.col("more").filter(pl.col("gain")).sum().alias("gain_yuan"),
        (-pl.col("more").filter(pl.col("lose")).sum()).alias("lose_yuan"),
    ).sort("group")  # fmt: skip


def _summed(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    rows = list(rows)
    return {name: sum(row[name] for row in rows) for name in (*COUNTED, *SUMS)}
