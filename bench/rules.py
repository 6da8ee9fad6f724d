"""All provisions over everybody: ours, OpenFisca-core, a pandas script, a loop; growth, a Spark cluster, a county's round.

`python -m bench.rules [--households N] [--rounds N] [--no-cluster] [--no-round] [--round-households N] [--full]`. Every contestant runs in a
process of its own, in turn, several times; the median counts. All must come to the same number of grants and the same
yuan for every provision, or the run fails. `--full` adds nothing.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import rules_facts, rules_ours, rules_peers
from bench.rules_laps import Laps, Sums

HOUSEHOLDS = 670_000
WARM = 1_000  # households of a first run whose time does not count: imports, first calls
LOOPED, DECIDED = 33_500, 2_000  # households of a sample
GROWTH = (25_800, 258_000, 2_580_000)  # households of 0.1, 1 and 10 million persons
PARTS = ("read", "build", "query")
WAYS = {
    "alone": "by itself",
    "together": "in a round of all",
}  # nothing kept from other families; equal facts weighed once
CONTESTANTS: dict[str, tuple[str, Callable[[Path, Laps], Sums]]] = {
    "ours": ("ours, from Parquet", rules_ours.from_parquet),
    "ours_memory": ("ours, facts as Arrow in memory", rules_ours.from_memory),
    "openfisca": ("OpenFisca-core", rules_peers.openfisca),
    "openfisca_ready": ("OpenFisca-core, codes handed in as numbers", partial(rules_peers.openfisca, ready=True)),
    "pandas": ("pandas script", rules_peers.pandas_script),
    "loop": ("Python loop", rules_peers.loop),
    "one_by_one": ("ours, every reason", rules_ours.one_by_one),
}
WHOLE = ("ours", "ours_memory", "openfisca", "openfisca_ready", "pandas")


class Folders:
    """Populations by size and whether everything is known, made when they are first wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[Path, dict[str, int]] = {}

    def of(self, households: int, *, known: bool = True) -> Path:
        path = self.folder / f"{households}{'' if known else '_holes'}"
        if path not in self.rows:
            self.rows[path] = rules_facts.write(path, households, known=known, year=rules_ours.ON.year)
        return path


# --- one contestant, in this process ---------------------------------------------------------------------------------


def one(name: str, folder: str, warm: str) -> dict[str, Any]:
    work = CONTESTANTS[name][1]
    work(Path(warm), Laps())
    laps = Laps()
    sums = work(Path(folder), laps)
    return {"processor": laps.processor, "wall": laps.wall, "peak_mib": laps.peak_mib, "sums": sums}


def families(folder: str) -> dict[str, Any]:
    """Milliseconds of processor time that one family takes, all provisions with reasons, and how many decisions.

    alone: a sitting of its own for every family, as its page does; together: one sitting for all, as a round does.
    """
    from shuanglian.rules.sittings import Sitting

    asked = list(rules_ours.one_family(Path(folder)))
    together, told = Sitting(rules_ours.ON), {"families": len(asked), "people": sum(people for people, _ in asked)}
    taken: dict[str, list[float]] = {"alone": [], "together": []}
    for _, questions in asked:
        for way in taken:
            begin = time.process_time_ns()
            sitting = together if way == "together" else Sitting(rules_ours.ON)
            for benefit, facts in questions:
                sitting.decide(benefit, facts)
            taken[way].append((time.process_time_ns() - begin) / 1e6)
    decisions = sum(len(questions) for _, questions in asked)
    return told | {way: _spread(one, decisions) for way, one in taken.items()}


def _spread(taken: list[float], decisions: int) -> dict[str, float]:
    taken = sorted(taken)
    return {
        "median_ms": statistics.median(taken), "p95_ms": taken[int(len(taken) * 0.95)],
        "per_second": decisions / (sum(taken) / 1000), "families_per_second": len(taken) / (sum(taken) / 1000),
        "decision_us": 1000 * sum(taken) / decisions,
    }  # fmt: skip


# --- the page ---------------------------------------------------------------------------------------------------------


def measure(options: argparse.Namespace, folders: Folders) -> Iterator[list[str]]:
    """Section by section, as soon as it is measured."""
    warm = folders.of(WARM)
    yield _provisions()
    yield _side_by_side(folders, warm, options)
    yield _reasons(folders, warm, options.rounds)
    yield _growth(folders, warm)
    if not options.no_cluster:
        yield _cluster(folders, options.cluster_households)
    if not options.no_round:
        command = [sys.executable, "-m", "bench.rules_round", "--households", str(options.round_households)]
        yield [subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout]


def _provisions() -> list[str]:
    whole, deciding = rules_ours.in_force(), rules_ours.deciding()
    people = sum(one.subject == "person" for one in deciding)
    return [
        f"Profile {rules_ours.PROFILE} on {rules_ours.ON}: {len(whole)} provisions in force, {len(deciding)} of them decide "
        f"({people} over persons, {len(deciding) - people} over households, one asks about all members; the other "
        f"{len(whole) - len(deciding)} name what their papers do not give and come to \"cannot be decided\"). Results in "
        "memory: who is granted what, and every amount that differs between people. Synthetic families, fixed seed. "
        f"OpenFisca-core {version('openfisca-core')}, DuckDB {version('duckdb')}, Ibis {version('ibis-framework')}, "
        f"PySpark {version('pyspark')}.", "",
    ]  # fmt: skip


def _side_by_side(folders: Folders, warm: Path, options: argparse.Namespace) -> list[str]:
    folder = folders.of(options.households)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in WHOLE}
    for _ in range(options.rounds):
        for name in WHOLE:
            runs[name].append(_apart("--one", name, str(folder), str(warm)))
    _same([run["sums"] for name in WHOLE for run in runs[name]])
    sampled = folders.of(LOOPED)
    looped = [_apart("--one", "loop", str(sampled), str(warm)) for _ in range(options.rounds)]
    _same([run["sums"] for run in looped] + [_apart("--one", "ours", str(sampled), str(warm))["sums"]])
    holes = [_apart("--one", "ours", str(folders.of(options.households, known=False)), str(warm))
             for _ in range(options.rounds)]  # fmt: skip
    rows = folders.rows[folder]
    scale = rows["people"] / folders.rows[sampled]["people"]
    base = _total(runs["ours"], "processor"), _total(runs["ours"], "wall")
    lines = [
        f"**{rows['households']:,} households, {rows['people']:,} persons, everything known**; seconds, median of "
        f"{options.rounds} rounds in turn; check sums of all {len(rules_ours.deciding())} provisions equal",
        "",
        "| contestant | read | build | work out | processor time | clock | peak MiB | processor time, clock against ours |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in WHOLE:
        lines.append(_row(CONTESTANTS[name][0], runs[name], base))
    lines.append(_row(f"Python loop, scaled x{scale:.1f} from {LOOPED:,} households", looped, base, scale))
    lines += [
        "",
        f"The same population with facts missing as in life (ours alone; OpenFisca has no unknown value, it takes what is "
        f"not told for no or zero): {_total(holes, 'processor'):.2f} s of processor time, {_total(holes, 'wall'):.2f} s by the "
        f"clock; {_undecided(holes[0]['sums']):,} of {_asked(rows):,} decisions cannot be made and are NULL (decided one by one, they name "
        "the fact to ask for).",
        "",
        "OpenFisca's figures leave out imports and the making of its system; ours leave out imports and reading the profile. "
        "OpenFisca reckons in 32-bit floats, ours in exact decimals.",
        "Goal: at least 2 x OpenFisca end to end. Reached "
        + _against(runs["openfisca"], base)
        + "; where the codes of "
        "texts are handed in as ready numbers " + _against(runs["openfisca_ready"], base) + ".",
        "",
    ]
    return lines


def _row(title: str, runs: list[dict[str, Any]], base: tuple[float, float], scale: float = 1) -> str:
    parts = [statistics.median(run["processor"].get(part, 0.0) for run in runs) * scale for part in PARTS]
    processor, wall = _total(runs, "processor") * scale, _total(runs, "wall") * scale
    peak = "–" if scale != 1 else str(max(run["peak_mib"] for run in runs))
    ratio = "1" if (processor, wall) == base else f"**{processor / base[0]:.1f}x, {wall / base[1]:.1f}x**"
    shown = " | ".join(f"{seconds:.2f}" for seconds in (*parts, processor, wall))
    return f"| {title} | {shown} | {peak} | {ratio} |"


def _against(runs: list[dict[str, Any]], base: tuple[float, float]) -> str:
    processor, wall = _total(runs, "processor") / base[0], _total(runs, "wall") / base[1]
    return f"{processor:.1f} x in processor time, {wall:.1f} x by the clock"


def _total(runs: list[dict[str, Any]], of: str) -> float:
    return statistics.median(sum(run[of].get(part, 0.0) for part in PARTS) for run in runs)


def _undecided(sums: dict[str, Any]) -> int:
    return sum(row[1] for row in sums.values())


def _asked(rows: dict[str, int]) -> int:
    return sum(rows["people" if one.subject == "person" else "households"] for one in rules_ours.deciding())


def _reasons(folders: Folders, warm: Path, rounds: int) -> list[str]:
    """One by one with every reason, known and with holes; the same as the columns say."""
    lines = [
        f"**One by one with every reason**, {DECIDED:,} families on one core, all {len(rules_ours.in_force())} provisions "
        "for each member and the family; results equal to the columns'",
        "",
        "| facts | one family, median ms | p95 ms | families a second | decisions a second | one decision, µs |",
        "|---|---|---|---|---|---|",
    ]
    reached: dict[str, float] = {}
    for known in (True, False):
        folder = folders.of(DECIDED, known=known)
        _same([_apart("--one", name, str(folder), str(warm))["sums"] for name in ("ours", "one_by_one")])
        told = [_apart("--families", str(folder)) for _ in range(rounds)]
        for way, words in WAYS.items():
            run = sorted((one[way] for one in told), key=lambda one: float(one["median_ms"]))[rounds // 2]
            reached[way] = max(reached.get(way, 0), run["median_ms"])
            lines.append(
                f"| {'all known' if known else 'with unknowns'}, {words} | {run['median_ms']:.2f} | {run['p95_ms']:.2f} | "
                f"{run['families_per_second']:,.0f} | {run['per_second']:,.0f} | {run['decision_us']:.1f} |"
            )
    missed = "" if reached["alone"] <= 1 else " (missed)"
    return [*lines, "", f"Goal: one family explained in at most 1 ms of processor time. Reached {reached['alone']:.2f} ms for "
            f"all decisions of a family by itself{missed}, {reached['together']:.2f} ms in a round.", ""]  # fmt: skip


def _growth(folders: Folders, warm: Path) -> list[str]:
    lines = [
        "**Growth on DuckDB**, facts with unknowns, from Parquet to results in memory",
        "",
        "| persons | processor s | clock s | processor µs a person | peak MiB |",
        "|---|---|---|---|---|",
    ]
    for households in GROWTH:
        folder = folders.of(households, known=False)
        runs = [_apart("--one", "ours", str(folder), str(warm)) for _ in range(1 if households > 10**6 else 3)]
        people, processor = folders.rows[folder]["people"], _total(runs, "processor")
        lines.append(f"| {people:,} | {processor:.2f} | {_total(runs, 'wall'):.2f} | {1e6 * processor / people:.2f} | "
                     f"{max(run['peak_mib'] for run in runs)} |")  # fmt: skip
    return [*lines, ""]


def _cluster(folders: Folders, households: int) -> list[str]:
    folder = folders.of(households, known=False)
    told = _apart("--cluster", str(folder), module="bench.rules_cluster")
    duck = _apart("--one", "ours", str(folder), str(folders.of(WARM)))
    _same([told["sums"], duck["sums"]])
    people = folders.rows[folder]["people"]
    return [
        f"**Spark standalone cluster** on this machine (1 master, 2 workers of one core), {people:,} persons with unknowns: "
        f"same check sums as DuckDB. Cluster up {told['up']:.0f} s, session {told['session']:.0f} s, first run "
        f"{told['first']:.0f} s, second {told['second']:.0f} s by the clock, results as Parquet (DuckDB in this run "
        f"{_total([duck], 'wall'):.1f} s, in memory). It proves that the same texts run there; on one machine it is no race.",
        "",
    ]  # fmt: skip


def _apart(*options: str, module: str = "bench.rules") -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", module, *options], stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def _same(sums: list[dict[str, Any]]) -> None:
    """Every provision: equally many granted and undecided, the same yuan."""
    first = sums[0]
    assert first, "nothing was decided"
    for other in sums[1:]:
        if differing := {code for code in first.keys() | other.keys() if first.get(code) != other.get(code)}:
            code = min(differing)
            raise SystemExit(f"{len(differing)} differ, {code}: {first.get(code)} and {other.get(code)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="nothing more to run here")
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--cluster-households", type=int, default=GROWTH[1])
    parser.add_argument("--round-households", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-cluster", action="store_true")
    parser.add_argument("--no-round", action="store_true")
    parser.add_argument("--one", nargs=3, metavar=("NAME", "FOLDER", "WARM"), help=argparse.SUPPRESS)
    parser.add_argument("--families", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(*options.one)))
    elif options.families:
        print(json.dumps(families(options.families)))
    else:
        with tempfile.TemporaryDirectory() as folder:
            for lines in measure(options, Folders(Path(folder))):
                print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
