"""What grants cost in a year: in all, by benefit, fund and department; small groups protected (FUND-3).

Funds and departments are added up from the same rows as benefits, so that they tell nothing more than the rows do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from shuanglian.measures.protecting import SIZE, hidden_rows, small
from shuanglian.rules.benefits import Benefit

KEY = ("household", "person", "benefit")
LEVELS = (SIZE, "before", "after")  # households of a benefit: of either side, of one
STEPS = ("newly", "no_longer", "changed")  # households whose grant differs
NOTHING = Decimal(0)


@dataclass(frozen=True, eq=False)
class Costs:
    """Yearly grants of both sides (whatif.GRANTS), the benefits of both by code, and the fewest households shown."""

    before: pl.DataFrame
    after: pl.DataFrame
    benefits: Mapping[str, Benefit]
    least: int

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """benefit → households on each level and step, those undecided, cost of each side; in the order of benefits."""
        both = beside(self.before, self.after, list(self.benefits))
        was, now = pl.col("granted_before").fill_null(False), pl.col("granted_after").fill_null(False)
        home, money = pl.col("household"), pl.col("benefit").is_in(money_of(self.benefits))
        more = pl.col("yuan_after").fill_null(0) - pl.col("yuan_before").fill_null(0)
        counts = {
            SIZE: was | now, "before": was, "after": now, "newly": now & ~was, "no_longer": was & ~now,
            "changed": was & now & (more != 0), "open": ~now & pl.col("row_after"),
        }  # fmt: skip
        found = both.group_by("benefit").agg(
            *(home.filter(which).n_unique().alias(name) for name, which in counts.items()),
            pl.col("yuan_before").filter(was & money).sum().alias("cost_before"),
            pl.col("yuan_after").filter(now & money).sum().alias("cost_after"),
        )
        known = {row["benefit"]: row for row in found.iter_rows(named=True)}
        return {code: known[code] for code in self.benefits if code in known}

    @cached_property
    def shown(self) -> tuple[frozenset[str], bool]:
        """Benefits with a row of their own, and whether the cost of all together is shown beside them."""
        counts = {code: {name: row[name] for name in (*LEVELS, *STEPS)} for code, row in self.rows.items() if row[SIZE]}
        hidden = hidden_rows(counts, self.least, told=(*LEVELS, *STEPS))
        if hidden != counts.keys() and not self.few_touched:
            return frozenset(counts.keys() - hidden), True
        hidden = hidden_rows(counts, self.least, told=STEPS)  # what they gain in all can still be told from the rest
        if hidden != counts.keys() and not self.few_touched:
            return frozenset(counts.keys() - hidden), False
        return frozenset(), True

    @cached_property
    def few_touched(self) -> bool:
        """Whether so few households get more money, or less, that the sums before and after would name them."""
        paid_for = money_of(self.benefits)
        both = paid(self.before, paid_for).join(
            paid(self.after, paid_for), on="household", how="full", coalesce=True, suffix="_after"
        )
        more = both.select(pl.col("yuan_after").fill_null(0) - pl.col("yuan").fill_null(0)).to_series()
        return small(int((more > 0).sum()), self.least) or small(int((more < 0).sum()), self.least)

    def table(self) -> dict[str, Any]:
        """cost: of all benefits, or (all = False) of those with rows · benefits, the rest, funds, departments."""
        codes, all_shown = self.shown
        rows = [self.rows[code] for code in self.rows if code in codes and self.rows[code][SIZE]]
        rest = [row for code, row in self.rows.items() if code not in codes]
        return {
            "cost": {**self.sums(None if all_shown else codes), "all": all_shown},
            "benefits": [self._row(row) for row in rows],
            "benefits_rest": _cost_of(rest) if rows and all_shown and rest else None,
            "funds": self._by("fund", rows), "departments": self._by("department", rows),
        }  # fmt: skip

    def sums(self, codes: Collection[str] | None) -> dict[str, str | None]:
        """The cost of some benefits (None: of all); None where it stands for few households."""
        found: dict[str, str | None] = {}
        chosen = [code for code in money_of(self.benefits) if codes is None or code in codes]
        for side, grants in (("before", self.before), ("after", self.after)):
            homes = paid(grants, chosen)
            hidden = small(homes.height, self.least) or (side == "after" and self.few_touched)
            found[side] = None if hidden else str(homes["yuan"].sum() or NOTHING)
        return found

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The number of undecided stands in no sum, so it is hidden by itself."""
        told = {name: plain(value) for name, value in row.items()}
        undecided = None if small(row["open"], self.least) else row["open"]
        return {**told, "open": undecided, "money": self.benefits[row["benefit"]].pays == "money"}

    def _by(self, what: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        by: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            if (one := self.benefits[row["benefit"]]).pays == "money":
                by.setdefault(getattr(one, what), []).append(row)
        return [{"code": code, **_cost_of(several)} for code, several in sorted(by.items())]


def money_of(benefits: Mapping[str, Benefit], channel: str | None = None) -> list[str]:
    """Benefits that pay money; with a channel those that count to income by it (PLAN-4)."""
    return [code for code, one in benefits.items() if one.pays == "money" and channel in (None, one.channel)]


def paid(grants: pl.DataFrame, benefits: list[str]) -> pl.DataFrame:
    """household, yuan: what of some benefits is granted in a year."""
    chosen = grants.filter(pl.col("granted") & pl.col("benefit").is_in(benefits))
    return chosen.group_by("household").agg(pl.col("yuan").sum())


def beside(before: pl.DataFrame, after: pl.DataFrame, benefits: list[str]) -> pl.DataFrame:
    """Grants of both sides in one row; row_after: whether the second side has a row at all (granted or undecided)."""
    sides = []
    for side, grants in (("before", before), ("after", after)):
        chosen = grants.filter(pl.col("benefit").is_in(benefits))
        sides.append(chosen.rename({name: f"{name}_{side}" for name in ("granted", "yuan")}))
    joined = sides[0].join(sides[1].with_columns(row_after=True), on=list(KEY), how="full", coalesce=True)
    return joined.with_columns(pl.col("row_after").fill_null(False))


def plain(value: Any) -> Any:
    """Amounts as text, for JSON."""
    return str(value) if isinstance(value, Decimal) else value


def _cost_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    rows = list(rows)
    return {side: str(sum((row[f"cost_{side}"] for row in rows), NOTHING)) for side in ("before", "after")}
