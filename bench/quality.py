"""Every check of the profile over everybody: ours, a pandas script, a per-object Django loop.

`python -m bench.quality [--households N] [--rounds N] [--looped N]`. All must come to the same count for every rule, or
the run fails. The loop is run over a sample of households in a database of its own, and scaled.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import quality_facts, quality_peers
from bench.rules_laps import Laps

HOUSEHOLDS, WARM, LOOPED = 670_000, 2_000, 4_000
PARTS = ("read", "facts", "query")
PROFILE = "tongwei_2015"
Counts = dict[str, int]


def ours(folder: Path, laps: Laps) -> Counts:
    """As the nightly sweep does: the register's columns to facts, every rule as a column, the complaints listed."""
    import polars as pl

    from shuanglian.rules.facts.build import STATEMENTS, Raw, build
    from shuanglian.rules.profile import load
    from shuanglian.rules.quality_finding import find

    profile = load(PROFILE)
    people, homes, years = (pl.read_parquet(folder / f"{name}.parquet") for name in quality_facts.FILES)
    villages = homes.select(pl.col("village").unique().alias("id")).with_columns(tags=pl.lit([], pl.List(pl.String)))
    raw = Raw(people, homes, years, villages, pl.DataFrame(schema=STATEMENTS))
    laps.lap("read")
    families = build(raw, quality_facts.DAY, profile)
    laps.lap("facts")
    found = find(rules(), families)
    told = dict(found.group_by("rule").len().iter_rows())
    laps.lap("query")
    return told


def rules() -> list[Any]:
    """The rules of the list that are conditions about members and households; villages are a few thousand rows."""
    from shuanglian.rules.profile import load

    whole = load(PROFILE).quality.values()
    return [one for one in whole if one.condition is not None and one.level != "village" and one.check.nos]


CONTESTANTS = {"ours": ours, "pandas": quality_peers.pandas_script}
TITLES = {"ours": "ours, one text per rule, complaints listed", "pandas": "pandas script, counted only"}


def one(name: str, folder: str, warm: str) -> dict[str, Any]:
    CONTESTANTS[name](Path(warm), Laps())
    laps = Laps()
    counts = CONTESTANTS[name](Path(folder), laps)
    return {"processor": laps.processor, "wall": laps.wall, "peak_mib": laps.peak_mib, "counts": counts}


def looped(folder: str) -> dict[str, Any]:
    """The sample in a database of its own, then the loop; reading the rows is part of it, filling the tables is not."""
    import os

    import polars as pl

    os.environ["DJANGO_SETTINGS_MODULE"] = "shuanglian.config.settings"
    os.environ.setdefault("HTTPS", "0")
    from bench.pages import own_database

    with own_database():
        from shuanglian.cli.service import make_ready

        make_ready(quiet=True)
        frames = (
            pl.read_parquet(Path(folder) / f"{name}.parquet").iter_rows(named=True) for name in quality_facts.FILES
        )
        quality_peers.objects(*frames)
        begin = time.process_time(), time.perf_counter()
        counts = quality_peers.django_loop({})
        taken = time.process_time() - begin[0], time.perf_counter() - begin[1]
    return {"processor": taken[0], "wall": taken[1], "counts": counts}


def measure(options: argparse.Namespace, folder: Path) -> list[str]:
    rows = quality_facts.write(folder / "whole", options.households)
    quality_facts.write(folder / "warm", WARM)
    sample = quality_facts.write(folder / "sample", options.looped)
    whole, warm = str(folder / "whole"), str(folder / "warm")
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTESTANTS}
    for _ in range(options.rounds):
        for name in CONTESTANTS:
            runs[name].append(_apart("--one", name, whole, warm))
    counts = _same([run["counts"] for name in CONTESTANTS for run in runs[name]])
    loop = _apart("--loop-of", str(folder / "sample"))
    _same([loop["counts"], _apart("--one", "ours", str(folder / "sample"), warm)["counts"]])
    scale = rows["people"] / sample["people"]
    base = _total(runs["ours"], "processor"), _total(runs["ours"], "wall")
    lines = [
        f"{len(rules())} checks of {PROFILE} about members and households on {quality_facts.DAY}, "
        f"**{rows['households']:,} households, {rows['people']:,} persons** with holes as in life; {sum(counts.values()):,} "
        f"complaints; the count of every rule is the same for all. Seconds, median of {options.rounds} rounds in turn.",
        "", "| contestant | read | facts | ask | processor time | clock | peak MiB | processor time, clock against ours |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name in CONTESTANTS:
        parts = [statistics.median(run["processor"][part] for run in runs[name]) for part in PARTS]
        total = _total(runs[name], "processor"), _total(runs[name], "wall")
        peak = max(run["peak_mib"] for run in runs[name])
        lines.append(_row(TITLES[name], parts, total, str(peak), base))
    scaled = loop["processor"] * scale, loop["wall"] * scale
    title = f"Django, object by object, scaled x{scale:.0f} from {sample['households']:,} households"
    lines.append(_row(title, [], scaled, "–", base))
    lines += [
        "", "Ours and pandas read the register's columns from Parquet; the loop reads its rows from PostgreSQL in chunks of "
        "500 households with members and accounts prefetched (the database's own time is not in its processor time, but in "
        "its clock); sealed disability cards are opened one by one there.",
    ]  # fmt: skip
    return lines


def _row(
    title: str, parts: list[float], total: tuple[float, float], peak: str, base: tuple[float, float]
) -> str:  # fmt: skip
    shown = [f"{seconds:.2f}" for seconds in parts] or ["–"] * len(PARTS)
    ratio = "1" if total == base else f"**{total[0] / base[0]:.1f}x, {total[1] / base[1]:.1f}x**"
    return f"| {title} | {' | '.join([*shown, *(f'{one:.2f}' for one in total)])} | {peak} | {ratio} |"


def _total(runs: list[dict[str, Any]], of: str) -> float:
    return statistics.median(sum(run[of].get(part, 0.0) for part in PARTS) for run in runs)


def _same(all_counts: list[Counts]) -> Counts:
    """All contestants' counts, rules that complain of nobody left out; an error when two differ."""
    told = [{code: count for code, count in counts.items() if count} for counts in all_counts]
    for other in told[1:]:
        differing = {code: (told[0].get(code), other.get(code)) for code in {*told[0], *other}
                     if told[0].get(code) != other.get(code)}  # fmt: skip
        if differing:
            raise SystemExit(f"counts differ: {differing}")
    return told[0]


def _apart(*arguments: str) -> Any:
    command = [sys.executable, "-m", "bench.quality", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--looped", type=int, default=LOOPED)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--loop-of", dest="loop_of", help=argparse.SUPPRESS)
    parser.add_argument("--full", action="store_true", help="adds nothing")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(*options.one)))
    elif options.loop_of:
        print(json.dumps(looped(options.loop_of)))
    else:
        with tempfile.TemporaryDirectory() as folder:
            print("\n".join(measure(options, Path(folder))))


if __name__ == "__main__":
    main()
