"""All standard tables in every village of a province: ours, and a straightforward pandas script over the same columns.

`python -m bench.statistics [--households N] [--rounds N]`. Each contestant runs in a process of its own, the median of
the rounds counts; processor time, with the clock and peak memory beside it. Both must count the same cells, or
the run fails. Reading out of the database is not in it: `bench.statistics_pages`, which runs after it, takes the page.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics as averages
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from bench import statistics_pages
from shuanglian.rules.profile import Profile, load
from shuanglian.rules.statistics import UNTOLD, WHOLE, count
from shuanglian.rules.statistics_shapes import Statistic, Where

HOUSEHOLDS, VILLAGES, SEED = 670_000, 16_000, 2015
FLAGS = ("medical_insurance", "serious_insurance", "pension_insurance", "dibao", "minority", "at_school", "works")
HOME_FLAGS = ("cooperative", "power", "water_hard", "water_safe", "toilet", "house_unsafe", "relocation")
MONEY = ("income_wage", "income_operating", "income_property", "income_transfer", "operating_cost", "net_income",
         "transfer_said", "transfer_paid", "transfer_beyond", "transfer_unsaid")  # fmt: skip
LAND = ("land_cultivated", "land_forest", "land_returned", "land_orchard", "land_pasture", "land_water")


def frames(households: int, profile: Profile) -> dict[str, pl.DataFrame]:
    """Columns as registry.published reads them, drawn: persons and households of a province."""
    rng = np.random.default_rng(SEED)
    size = rng.choice([1, 2, 3, 4, 5, 6, 7], households, p=[0.08, 0.14, 0.2, 0.26, 0.18, 0.1, 0.04])
    villages = max(households * VILLAGES // HOUSEHOLDS, 1)
    place = np.sort(rng.integers(0, villages, households))
    code = pl.Series("place", [f"62{n:010d}" for n in range(villages)])
    homes = pl.DataFrame({"home": np.arange(households), "place": code.gather(place), "size": size.astype(np.int64)})

    def of(list_name: str, count: int, gaps: float) -> pl.Series:
        codes = pl.Series(list(profile.codes[list_name].by_code))
        drawn = codes.gather(rng.integers(0, len(codes), count))
        return pl.select(pl.when(pl.Series(rng.random(count) >= gaps)).then(drawn)).to_series()

    def money(count: int) -> pl.Series:
        drawn = (rng.lognormal(7.5, 1, count) * 100).round() * (rng.random(count) < 0.8)
        return pl.Series(drawn.astype(np.int64)).cast(pl.Decimal(14, 2)) / 100

    homes = homes.with_columns(
        *(of(name, households, 0.05).alias(column) for column, name in (
            ("kind", "household_class"), ("main_cause", "cause"), ("helper_rank", "rank"), ("fuel", "fuel"),
            ("road_kind", "road"), ("house_grade", "house_grade"), ("standard", "standard"))),
        *(pl.Series(name, rng.random(households) < 0.3) for name in HOME_FLAGS),
        *(money(households).alias(name) for name in (*MONEY, *LAND)),
        pl.concat_list(of("cause", households, 0.5)).list.drop_nulls().alias("other_causes"),
        pl.Series("income_per_head", rng.lognormal(8, 0.6, households).round(2)),
        pl.Series("of_line", rng.lognormal(0, 0.6, households)),
        pl.Series("area_per_head", rng.lognormal(3, 0.5, households)),
        pl.Series("road_km", rng.exponential(1, households)),
    )  # fmt: skip
    people = int(size.sum())
    persons = homes.select("home", "place").select(pl.all().repeat_by(pl.Series(size)).explode())
    persons = persons.with_columns(
        *(of(name, people, 0.05).alias(column) for column, name in (
            ("sex", "sex"), ("education", "education"), ("labour", "labour_skill"), ("work_place", "work_place"),
            ("political", "politics"))),
        of("schooling", people, 0.8).alias("schooling"), pl.Series("age", rng.integers(0, 90, people)),
        pl.Series("work_months", rng.integers(0, 13, people)),
        pl.concat_list(of("health", people, 0.02)).list.drop_nulls().alias("health"),
        *(pl.Series(name, rng.random(people) < 0.3) for name in FLAGS),
    )  # fmt: skip
    return {"persons": persons, "households": homes}


def tables(profile: Profile) -> list[Statistic]:
    return [one for one in profile.statistics.values() if one.unit != "villages"]


def ours(found: dict[str, pl.DataFrame], profile: Profile) -> Iterator[tuple[str, str, int, int, float]]:
    told = count(tables(profile), {**found, "households:year": found["households"]}, profile)
    whole = told.group_by("statistic", "row").agg(pl.col("n", "homes", "amount").sum())
    yield from ((code, row, n, homes, float(amount or 0)) for code, row, n, homes, amount in whole.iter_rows())


# --- the same by pandas, as one writes it ---------------------------------------------------------------------------
def scripted(found: dict[str, Any], profile: Profile) -> Iterator[tuple[str, str, int, int, float]]:
    for table in tables(profile):
        about = found[table.unit]
        for where in table.only:
            about = about[_mask(about, where, profile)]
        for row, part, amounts in _rows(table, about, profile):
            by_place = part.groupby("place")["home"].agg(["size", "nunique"])
            total = float(part.groupby("place")[amounts].sum().sum()) if amounts else 0.0
            n = by_place["nunique"] if _of_homes(table, row) else by_place["size"]
            if len(by_place):
                yield table.code, row, int(n.sum()), int(by_place["nunique"].sum()), total


def _of_homes(table: Statistic, row: str) -> bool:
    return any(one.row == row and one.unit == "households" and table.unit == "persons" for one in table.rows)


def _rows(table: Statistic, about: Any, profile: Profile) -> Iterator[tuple[str, Any, str]]:
    import pandas as pd

    yield WHOLE, about, ""
    if table.codes or table.bands:
        keyed = about[["place", "home"]].copy()
        if table.bands:
            keyed["row"] = None
            for band in table.bands:
                keyed.loc[_within(about[table.column], band.low, band.below), "row"] = band.row
        else:
            column = about[table.column]
            groups = {item.code: item.group for item in profile.codes[table.codes or ""] if item.group}
            keyed["row"] = column.map(groups) if table.as_groups else column
            if table.column in ("health", "other_causes"):
                keyed = keyed.explode("row")
        keyed["row"] = keyed["row"].where(keyed["row"].notna(), UNTOLD)
        for row, part in keyed.groupby("row"):
            yield str(row), part, ""
    for one in table.rows:
        part = about
        for where in one.where:
            part = part[_mask(part, where, profile)]
        yield one.row, part, ""
    for summed in table.sums:
        yield summed.row, about[pd.to_numeric(about[summed.column]) != 0], summed.column


def _mask(frame: Any, where: Where, profile: Profile) -> Any:
    column = frame[where.column]
    if where.groups:
        return column.isin([one.code for one in profile.codes[where.of or ""] if one.group in where.groups])
    if where.codes:
        return column.isin(where.codes)
    if where.is_ is not None:
        return column == where.is_
    return column.notna() if where.told else _within(column, where.low, where.below)


def _within(column: Any, low: Any, below: Any) -> Any:
    held = column.notna()
    if low is not None:
        held &= column >= float(low)
    return held & (column < float(below)) if below is not None else held


# --- laps -----------------------------------------------------------------------------------------------------------
def lap(who: str, households: int) -> None:
    profile = load("tongwei_2015")
    found: dict[str, Any] = frames(households, profile)
    if who == "pandas":
        found = {name: _for_pandas(frame) for name, frame in found.items()}
    clock, processor = time.perf_counter(), time.process_time()
    told = sorted((scripted if who == "pandas" else ours)(found, profile))
    print(json.dumps({
        "clock": time.perf_counter() - clock, "processor": time.process_time() - processor,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, "cells": told,
    }))  # fmt: skip


def _for_pandas(frame: pl.DataFrame) -> Any:
    return frame.with_columns(pl.col(pl.Decimal).cast(pl.Float64)).to_pandas()


def run(who: str, households: int, rounds: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.statistics", "--lap", who, "--households", str(households)]
    laps = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(rounds)
    ]
    middle = {name: averages.median(one[name] for one in laps) for name in ("clock", "processor", "memory")}
    return {**middle, "cells": laps[0]["cells"]}


def same(one: list[Any], other: list[Any]) -> None:
    """Both counted the same cells; amounts to the cent of a thousand million."""
    left = {(table, row): rest for table, row, *rest in one if rest[0]}
    right = {(table, row): rest for table, row, *rest in other if rest[0]}
    assert left.keys() == right.keys(), left.keys() ^ right.keys()
    for key, (n, homes, amount) in left.items():
        assert right[key][:2] == [n, homes], (key, left[key], right[key])
        assert abs(right[key][2] - amount) <= 1e-9 * max(abs(amount), 1), (key, left[key], right[key])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lap", choices=["ours", "pandas"])
    parser.add_argument("--full", action="store_true", help="nothing more here")
    parser.add_argument("--part", choices=["counting", "page"], help="only one of the two")
    asked = parser.parse_args()
    if asked.lap:
        lap(asked.lap, asked.households)
        return
    if asked.part != "page":
        counting(asked.households, asked.rounds)
    if asked.part != "counting":
        print("\n" + statistics_pages.page_of(asked.households))


def counting(households: int, rounds: int) -> None:
    """Both contestants side by side, printed."""
    told = {who: run(who, households, rounds) for who in ("ours", "pandas")}
    same(told["ours"]["cells"], told["pandas"]["cells"])
    profile = load("tongwei_2015")
    print(
        f"**Counting**, {len(tables(profile))} tables of {households:,} households in every village, the same cells:\n"
    )
    print("| | clock | processor | peak memory | processor, times ours |\n| --- | ---: | ---: | ---: | ---: |")
    for who, one in told.items():
        ratio = one["processor"] / told["ours"]["processor"]
        print(f"| {who} | {one['clock']:.1f} s | {one['processor']:.1f} s | {one['memory']:.1f} GiB | {ratio:.1f} |")


if __name__ == "__main__":
    main()
