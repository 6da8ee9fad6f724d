"""Pairing: one real county, an average one, the whole province, single changes; we and the peers in one run.

`python -m bench.pairing [--full] [--markdown FILE] [--out FILE.json]`. Every solver runs in a process of its own, one
after the other, so that its memory is its own; ours several times, first runs left out, the median counts. Ratios are
of processor time (all solvers use one thread), because a machine with other work to do stretches wall clocks
unevenly. Every exact solver must reach the same objective, or the run fails. `--full` adds the peers that take many
minutes.
"""

import argparse
import json
import multiprocessing
import platform
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from bench.pairing_county import AVERAGE, REAL, WIDE, Kind, Size, county, province
from bench.pairing_peers import PEERS, UNFILLED
from shuanglian.matching.explain import explain
from shuanglian.matching.live import Live, NewCadre, NewHousehold
from shuanglian.matching.pairing import solve
from shuanglian.matching.problem import Base, PairingProblem
from shuanglian.matching.repair import repair
from shuanglian.matching.roads import Roads

NAMES = {
    "ours": "ours, layered road network",
    "ortools_grouped": "OR-tools flow, group x group",
    "ortools_all_pairs": "OR-tools flow, all pairs",
    "scipy_assignment": "SciPy linear_sum_assignment",
    "greedy": "greedy script (not optimal)",
}
EXACT = {"ours", "ortools_grouped", "ortools_all_pairs", "scipy_assignment"}
ROUNDS = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="also the peers that take many minutes")
    parser.add_argument("--no-province", action="store_true")
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--out", type=Path, help="the figures as json")
    parser.add_argument("--one", nargs=7, metavar=("PEER", "KIND", "CADRES", "VILLAGES", "HOUSEHOLDS", "TOWNS", "SEED"))
    wanted = parser.parse_args()
    if wanted.one:
        name, kind, *numbers = wanted.one
        *size, seed = (int(number) for number in numbers)
        print(json.dumps(one(name, kind, tuple(size), seed)))
        return 0
    figures: dict[str, Any] = {"machine": machine(), "versions": versions()}
    page = Page()
    for title, size, kind, peers in counties(wanted.full):
        figures[title] = side_by_side(page, title, size, kind, peers)
    figures["changes"] = changes(page)
    if not wanted.no_province:
        figures["province"] = whole_province(page, wanted.full)
    if wanted.markdown:
        wanted.markdown.write_text(page.text(), encoding="utf-8")
    if wanted.out:
        wanted.out.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0


class Page:
    """What has been measured, as text; every line is also printed as it comes."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str = "") -> None:
        self.lines.append(line)
        print(line, flush=True)

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def counties(full: bool) -> list[tuple[str, Size, Kind, list[str]]]:
    slow = ["scipy_assignment"] if full else []
    return [
        ("Real county, product objective", REAL, "product", ["ours", "ortools_grouped", "greedy"]),
        ("Real county, objective of the trials", REAL, "plain", ["ours", "ortools_grouped", "greedy"]),
        ("Real county with 215 villages, product objective", WIDE, "product", ["ours", "ortools_grouped"]),
        ("Average county, product objective", AVERAGE, "product", ["ours", "ortools_grouped", "ortools_all_pairs", *slow]),
        ("Average county, objective of the trials", AVERAGE, "plain", ["ours", "ortools_grouped", "ortools_all_pairs"]),
    ]  # fmt: skip


def side_by_side(page: Page, title: str, size: Size, kind: Kind, peers: list[str]) -> list[dict[str, Any]]:
    """One county by several solvers, ours before and after the others."""
    page.say(f"**{title}**: {size[0]:,} cadres, {size[2]:,} households, {size[1]} villages\n")
    page.say("| solver | build s | solve s | processor s | peak GB | objective | processor time against ours |")
    page.say("|---|---|---|---|---|---|---|")
    rows = [process(name, kind, size, 1) for name in [*peers, "ours"]]
    after = rows.pop()
    best = rows[0]
    best["walls"] += after["walls"]
    best["processors"] += after["processors"]
    mine = statistics.median(best["processors"])
    for row in rows:
        above = row["objective"] / best["objective"] - 1
        found = f"{row['objective']:,}" + (f" (+{above:.0%})" if row["solver"] not in EXACT else "")
        processor = statistics.median(row["processors"])
        row |= {"solve": statistics.median(row["walls"]), "processor": processor, "ratio": processor / mine}
        against = "1" if row is best else f"**{row['ratio']:.0f}x**"
        seconds = f"{row['build']:.2f} | {row['solve']:.2f} | {processor:.2f}"
        page.say(f"| {NAMES[row['solver']]} | {seconds} | {row['gb']:.2f} | {found} | {against} |")
        assert row["solver"] not in EXACT or row["objective"] == best["objective"], "exact solvers must agree"
    page.say()
    return rows


def process(name: str, kind: Kind, size: Size, seed: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.pairing", "--one", name, kind, *map(str, size), str(seed)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    return json.loads(done.stdout.splitlines()[-1])


def one(name: str, kind: Kind, size: Size, seed: int) -> dict[str, Any]:
    """One solver on one county in this process."""
    problem = county(size, kind, seed)
    rounds = 1 + ROUNDS if name == "ours" else 1  # the first compiles or reads compiled code
    runs = [PEERS[name](again(problem)) for _ in range(rounds)][1 if name == "ours" else 0 :]
    return {
        "solver": name, "build": runs[-1].build, "walls": [run.solve for run in runs],
        "processors": [run.processor for run in runs], "objective": runs[-1].objective, "gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }  # fmt: skip


def again(problem: PairingProblem) -> PairingProblem:
    """The same problem, distances not worked out yet."""
    return replace(problem, roads=Roads(problem.roads.place_key, problem.roads.arcs, problem.roads.joined))


def changes(page: Page) -> dict[str, Any]:
    """What one change costs against solving again; afterwards both must have the same objective."""
    problem = county(REAL, "product")
    solve(problem)
    fresh = timed(lambda: solve(again(problem)), 5)
    solution = solve(problem)
    live, g = Live(problem), np.random.default_rng(0)
    rooms = set(np.flatnonzero(np.asarray(problem.quota) + np.asarray(problem.fallback) == 1).tolist())
    plain = [problem.cadre_key[i] for i in sorted(rooms)]
    took: dict[str, list[float]] = {}
    for n in range(420):
        what, act = _event(live, g, plain, n)
        start = time.process_time()
        act()
        took.setdefault(what, []).append(time.process_time() - start)
    afterwards = solve(live.problem())
    standing = live.objective()
    assert (standing.uncovered, standing.below_minimum, standing.total) == (
        len(afterwards.uncovered), afterwards.below_minimum, afterwards.total,
    ), "the repaired pairing must be an optimum"  # fmt: skip
    explain(solution, 0)
    asked = []
    for h in g.integers(0, len(problem.household_key), 300):
        start = time.process_time()
        explain(solution, int(h))
        asked.append(time.process_time() - start)
    gone = g.choice(len(problem.cadre_key), 100, replace=False)
    standing_pairs = np.where(np.isin(solution.who, gone), -1, solution.who)
    repair(problem, standing_pairs)
    mended = timed(lambda: repair(problem, standing_pairs), 5)
    every = [seconds for some in took.values() for seconds in some[5:]]
    page.say(
        "**One change in the real county**, processor time; after all of them the objective is that of a fresh solution\n"
    )
    page.say("| | median ms | p95 ms | times faster than solving again |")
    page.say("|---|---|---|---|")
    rows = {what: seconds[5:] for what, seconds in took.items()} | {"all of these": every}
    rows |= {"explain one pair exactly": asked}
    result: dict[str, Any] = {"fresh": fresh, "repair_100_cadres_gone": mended}
    for what, seconds in rows.items():
        median, late = np.percentile(seconds, [50, 95]) * 1e3
        page.say(f"| {what} | {median:.2f} | {late:.2f} | **{fresh * 1e3 / median:.0f}x** |")
        result[what] = {"median_ms": median, "p95_ms": late}
    page.say(f"| solve again | {fresh * 1e3:.0f} | | 1 |")
    page.say(f"| 100 cadres gone, only who must move moves | {mended * 1e3:.0f} | | {fresh / mended:.1f}x |")
    page.say()
    return result


def _event(live: Live, g: np.random.Generator, plain: list[str], n: int) -> tuple[str, Any]:
    """The next thing that happens: cadres are ordinary ones (quota 1), as most are."""
    if n % 4 == 0:
        key = plain.pop(int(g.integers(len(plain))))
        return "ordinary cadre leaves", lambda: live.cadre_leaves(key)
    if n % 4 == 1:
        cadre = NewCadre(f"n{n}", Base((int(g.integers(REAL[1])),)), 6, int(g.integers(8)), 1, 1)
        return "ordinary cadre arrives", lambda: live.cadre_arrives(cadre)
    if n % 4 == 2:
        household = NewHousehold(f"n{n}", int(g.integers(REAL[1])), int(g.integers(11)), int(g.integers(5)))
        return "household added", lambda: live.household_added(household)
    keys = sorted(live.pairs())
    gone = keys[int(g.integers(len(keys)))]
    return "household removed", lambda: live.household_removed(gone)


def timed(action: Any, rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        action()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)


EIGHTH = 8  # the peers take minutes over a province: every eighth of its counties, from the largest to the smallest
_province: list[PairingProblem] = []


def _solve_county(k: int) -> tuple[int, int, float]:
    start = time.process_time()
    solution = solve(again(_province[k]))
    return k, solution.total + UNFILLED * solution.below_minimum, time.process_time() - start


def whole_province(page: Page, full: bool) -> dict[str, Any]:
    """86 counties by one and by two processes; the peers on every eighth by size (all with --full) and on the smallest."""
    sizes = province()
    _province.extend(county(size, "product", seed) for seed, size in enumerate(sizes))
    order = sorted(range(len(sizes)), key=lambda k: -sizes[k][2])
    solve(_province[order[-1]])
    start = time.perf_counter()
    alone = [_solve_county(k) for k in order]
    one_process = time.perf_counter() - start
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(len, [[1]] * 4)
        start = time.perf_counter()
        both = list(pool.imap_unordered(_solve_county, order))
        two_processes = time.perf_counter() - start
    found = {k: value for k, value, _ in alone}
    assert found == {k: value for k, value, _ in both}
    total = [sum(column) for column in zip(*sizes, strict=True)]
    people = f"86 counties, {total[0]:,} cadres, {total[2]:,} households, {total[1]:,} villages"
    page.say(f"**Province**, product objective: {people}\n")
    page.say("| | wall clock s |")
    page.say("|---|---|")
    page.say(f"| ours, 1 process | **{one_process:.1f}** |")
    page.say(f"| ours, 2 processes | **{two_processes:.1f}** |")
    county_median = statistics.median(seconds for _, _, seconds in alone)
    page.say(
        f"| one county, processor time, median / largest | {county_median:.2f} / {max(s for _, _, s in alone):.2f} |"
    )
    result = {"one_process": one_process, "two_processes": two_processes, "sum": sum(found.values())}
    for name, some, which in (
        ("ortools_grouped", order if full else order[::EIGHTH], "all" if full else "every eighth by size, the largest first:"),
        ("ortools_all_pairs", order[-8:], "the smallest:"),
    ):  # fmt: skip
        peer = [process(name, "product", sizes[k], k) for k in some]
        mine = sum(seconds for k, _, seconds in alone if k in some)
        took = sum(row["processors"][0] for row in peer)
        assert [row["objective"] for row in peer] == [found[k] for k in some], "exact solvers must agree"
        page.say(
            f"| {which} {len(some)} counties by {NAMES[name]}, processor time (ours {mine:.2f}) | {took:.1f}, **{took / mine:.0f}x** |"
        )
        result[name] = {"counties": len(some), "seconds": took, "ours": mine}
    page.say()
    return result


def machine() -> str:
    processor = platform.processor() or platform.machine()
    return f"{processor}, {multiprocessing.cpu_count()} cores, Python {platform.python_version()}"


def versions() -> dict[str, str]:
    return {name: version(name) for name in ("numpy", "scipy", "numba", "ortools")}


if __name__ == "__main__":
    sys.exit(main())
