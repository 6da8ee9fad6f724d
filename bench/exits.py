"""Exit check of everybody, and a county's yearly round: ours, a pandas script, a loop object by object.

`python -m bench.exits [--households N] [--rounds N] [--looped N] [--county N]`. All must count the same households for
every condition and state, or the run fails. The loop is run over a sample and scaled. `--county 0` leaves the round out.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench import exits_peers, quality_facts, quality_peers, rules_facts
from bench.rules_laps import Laps

HOUSEHOLDS, WARM, LOOPED, COUNTY = 670_000, 2_000, 5_000, 20_000
DAY, LINE = date(2015, 12, 31), 2855
PARTS = ("read", "ask")
Counts = dict[str, int]


# --- the population of bench.rules_facts with what only visits and accounts tell, drawn around it ---------------------
def write(folder: Path, households: int) -> dict[str, int]:
    folder.mkdir(parents=True, exist_ok=True)
    people, homes = [], []
    for number, block in enumerate(rules_facts.blocks(households, known=False, year=DAY.year)):
        rng = np.random.default_rng([2017, number])
        people.append(_people(rng, block["people"]))
        homes.append(_homes(rng, block["households"], block["people"]))
    rows = {}
    for name, frames in (("people", people), ("households", homes)):
        whole = pl.concat(frames)
        whole.write_parquet(folder / f"{name}.parquet")
        rows[name] = whole.height
    return rows


def _yes(rng: np.random.Generator, count: int, share: float, missing: float) -> pl.Series:
    known, drawn = pl.Series(rng.random(count) >= missing), pl.Series(rng.random(count) < share)
    return pl.select(pl.when(known).then(drawn)).to_series()


def _people(rng: np.random.Generator, told: pl.DataFrame) -> pl.DataFrame:
    count = told.height
    return told.select("id", "household", "age", "in_school", "medical_insurance").with_columns(
        employee_medical=_yes(rng, count, 0.02, 0.1), ill_serious=_yes(rng, count, 0.03, 0.01),
        ill_chronic=_yes(rng, count, 0.08, 0.01), school_aid=_yes(rng, count, 0.97, 0.02),
        medical_fourfold=_yes(rng, count, 0.95, 0.02),
    )  # fmt: skip


def _homes(rng: np.random.Generator, told: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    count = told.height
    size = told.select(pl.col("id").alias("household")).join(people.group_by("household").len(), on="household")

    def amount(low: int, high: int, missing: float) -> pl.Series:
        drawn = pl.Series(rng.integers(low, high, count)).cast(pl.Decimal(18, 2))
        return pl.select(pl.when(pl.Series(rng.random(count) >= missing)).then(drawn)).to_series()

    year = pl.Series(rng.choice([2013, 2014, 2015], count, p=[0.5, 0.45, 0.05]))
    return told.select("id", "house_unsafe", "water_safe", "relocation", "exit_mark").with_columns(
        size=size["len"].cast(pl.Int64), income_for_line=amount(1800, 9000, 0.05), house_area=amount(0, 140, 0.03),
        food_secure=_yes(rng, count, 0.99, 0.05), clothing_secure=_yes(rng, count, 0.99, 0.05),
        house_rebuilt=_yes(rng, count, 0.3, 0.05), relocation_moved_in=_yes(rng, count, 0.8, 0.1),
        measures_done=pl.select(pl.when(pl.Series(rng.random(count) >= 0.05)).then(pl.Series(rng.integers(0, 6, count)))
                                ).to_series(),
        since=pl.select(pl.datetime(year, 6, 1)).to_series(),
        relapsed_on=pl.select(pl.when(pl.Series(rng.random(count) < 0.9)).then(pl.datetime(year, 9, 1))).to_series(),
    )  # fmt: skip


# --- contestants ------------------------------------------------------------------------------------------------------
def ours(folder: Path, laps: Laps) -> Counts:
    from shuanglian.rules.exit_finding import outcomes
    from shuanglian.rules.facts.build import Families
    from shuanglian.rules.profile import load

    sets = load("tongwei_2015").on(DAY).exits.of("household")
    people, homes = (pl.read_parquet(folder / f"{name}.parquet") for name in ("people", "households"))
    homes = homes.with_columns(village=pl.lit("v"))
    laps.lap("read")
    year = {"number": DAY.year, "poverty_line": LINE, "line_concept": "net"}
    villages = pl.DataFrame({"id": ["v"]})
    rows = outcomes(sets, Families(people, homes, villages, year, DAY, pl.DataFrame()))
    told: Counter[str] = Counter(dict(rows.group_by("state").len().iter_rows()))
    for name in ("in_the_way", "open"):
        for code, count in rows[name].explode().drop_nulls().value_counts().iter_rows():
            told[f"{name}:{code}"] = count
    laps.lap("ask")
    return dict(told)


CONTESTANTS: dict[str, Callable[[Path, Laps], Counts]] = {"ours": ours, "pandas": exits_peers.pandas_script}
TITLES = {"ours": "ours, one text a condition, one row a household with reasons and facts to ask",
          "pandas": "pandas script, counted only"}  # fmt: skip


def one(name: str, folder: str, warm: str) -> dict[str, Any]:
    CONTESTANTS[name](Path(warm), Laps())
    laps = Laps()
    counts = CONTESTANTS[name](Path(folder), laps)
    return {"processor": laps.processor, "wall": laps.wall, "peak_mib": laps.peak_mib, "counts": counts}


def loop(folder: str) -> dict[str, Any]:
    """The sample in a database of its own, then the loop; reading the rows is part of it, filling the tables is not."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "shuanglian.config.settings"
    os.environ.setdefault("HTTPS", "0")
    from bench.pages import own_database

    with own_database():
        from shuanglian.cli.service import make_ready

        make_ready(quiet=True)
        exits_peers.objects(*(pl.read_parquet(Path(folder) / f"{name}.parquet") for name in ("people", "households")))
        begin = time.process_time(), time.perf_counter()
        counts = exits_peers.django_loop()
        taken = time.process_time() - begin[0], time.perf_counter() - begin[1]
    return {"processor": taken[0], "wall": taken[1], "counts": counts}


# --- a county's round, end to end -------------------------------------------------------------------------------------
def county_round(households: int) -> dict[str, Any]:
    """A county of its own in a database of its own: the list is made, then every decision is taken, then the table."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "shuanglian.config.settings"
    os.environ.setdefault("HTTPS", "0")
    from bench.pages import own_database

    with own_database(), tempfile.TemporaryDirectory() as folder:
        from shuanglian.cli.service import make_ready

        make_ready(quiet=True)
        quality_facts.write(Path(folder), households)
        frames = (
            pl.read_parquet(Path(folder) / f"{name}.parquet").iter_rows(named=True) for name in quality_facts.FILES
        )
        quality_peers.objects(*frames)
        return exits_peers.yearly_round(DAY)


def measure(options: argparse.Namespace, folder: Path) -> list[str]:
    rows = write(folder / "whole", options.households)
    write(folder / "warm", WARM)
    sample = write(folder / "sample", min(options.looped, options.households))
    whole, warm = str(folder / "whole"), str(folder / "warm")
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTESTANTS}
    for _ in range(options.rounds):
        for name in CONTESTANTS:
            runs[name].append(_apart("--one", name, whole, warm))
    counts = _same([run["counts"] for name in CONTESTANTS for run in runs[name]])
    looped = _apart("--loop-of", str(folder / "sample"))
    _same([looped["counts"], _apart("--one", "ours", str(folder / "sample"), warm)["counts"]])
    scale = rows["households"] / sample["households"]
    base = _total(runs["ours"], "processor"), _total(runs["ours"], "wall")
    lines = [
        f"The household standard and the seven that keep from leaving, 14 conditions of tongwei_2015 on {DAY}, **"
        f"{rows['households']:,} households, {rows['people']:,} persons** with holes as in life: {counts['ready']:,} ready, "
        f"{counts['not_ready']:,} not, {counts['undecided']:,} undecided; every condition's count is the same for all. "
        f"Seconds, median of {options.rounds} rounds in turn.",
        "", "| contestant | read | ask | processor time | clock | peak MiB | processor time, clock against ours |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name in CONTESTANTS:
        parts = [f"{statistics.median(run['processor'][part] for run in runs[name]):.2f}" for part in PARTS]
        total = _total(runs[name], "processor"), _total(runs[name], "wall")
        lines.append(_row(TITLES[name], parts, total, str(max(run["peak_mib"] for run in runs[name])), base))
    scaled = looped["processor"] * scale, looped["wall"] * scale
    title = f"Django, object by object, scaled x{scale:.0f} from {sample['households']:,} households"
    lines.append(_row(title, ["–"] * len(PARTS), scaled, "–", base))
    lines += [
        "", f"Ours and pandas read the facts from Parquet; the loop reads its rows from PostgreSQL in chunks of "
        f"{exits_peers.CHUNK} households with members, account and statements prefetched (the database's own time is not in "
        "its processor time, but in its clock).",
    ]  # fmt: skip
    if options.county:
        told = _apart("--county-round", str(options.county))
        lines += ["", f"The yearly round of a county of {told['households']:,} households, {told['left']:,} of which left "
                  f"before, {told['paid']:,} lines of lists: the list ({told['items']:,} on it) made and kept in "
                  f"**{told['propose']:.1f} s**, every one decided in {told['decide']:.1f} s, the movement by region and "
                  f"cause in {told['movement']:.2f} s (clock, database included)."]  # fmt: skip
    return lines


def _row(title: str, parts: list[str], total: tuple[float, float], peak: str, base: tuple[float, float]) -> str:
    ratio = "1" if total == base else f"**{total[0] / base[0]:.1f}x, {total[1] / base[1]:.1f}x**"
    return f"| {title} | {' | '.join([*parts, *(f'{one:.2f}' for one in total)])} | {peak} | {ratio} |"


def _total(runs: list[dict[str, Any]], of: str) -> float:
    return statistics.median(sum(run[of].get(part, 0.0) for part in PARTS) for run in runs)


def _same(all_counts: list[Counts]) -> Counts:
    told = [{code: count for code, count in counts.items() if count} for counts in all_counts]
    for other in told[1:]:
        if differing := {code: (told[0].get(code), other.get(code)) for code in {*told[0], *other}
                         if told[0].get(code) != other.get(code)}:  # fmt: skip
            raise SystemExit(f"counts differ: {differing}")
    return dict.fromkeys(("ready", "not_ready", "undecided"), 0) | told[0]


def _apart(*arguments: str) -> Any:
    command = [sys.executable, "-m", "bench.exits", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--looped", type=int, default=LOOPED)
    parser.add_argument("--county", type=int, default=COUNTY)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--loop-of", dest="loop_of", help=argparse.SUPPRESS)
    parser.add_argument("--county-round", dest="county_round", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--full", action="store_true", help="adds nothing")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(*options.one)))
    elif options.loop_of:
        print(json.dumps(loop(options.loop_of)))
    elif options.county_round:
        print(json.dumps(county_round(options.county_round)))
    else:
        with tempfile.TemporaryDirectory() as folder:
            print("\n".join(measure(options, Path(folder))))


if __name__ == "__main__":
    main()
