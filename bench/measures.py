"""Poverty and inequality measures of a province: ours, a straightforward pandas script, the package ineqpy.

`python -m bench.measures [--people N] [--rounds N] [--full]`. Every contestant runs in a process of its own, several
times, the median counts; times are processor time. All must reach the same figures, or the run fails; only ineqpy's Gini
has a correction for small samples and may differ in the sixth place. `--full` adds nothing.
"""

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

LINE, EPSILON = 2855.0, 0.5
PEOPLE, MANY = 2_600_000, 10_000_000
LONG = 20.0  # seconds
COUNTIES = 86
VILLAGES = 16_000
POVERTY = ("headcount", "gap", "severity", "watts", "sen", "sst")
INEQUALITY = ("gini", "theil", "mld", "atkinson", "quantile_share_ratio")


def sample(people: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Incomes, weights and villages as a survey scaled to a province has them, with ties."""
    rng = np.random.default_rng(2015)
    return (
        rng.lognormal(8.3, 0.8, people).round(0) + 1,
        rng.uniform(0.5, 5, people),
        rng.integers(0, VILLAGES, people),
    )


# --- contestants: all figures of everybody, or per place ------------------------------------------------------------


def ours(x: np.ndarray, w: np.ndarray, village: np.ndarray) -> dict[str, float]:
    from shuanglian.measures.inequality import inequality
    from shuanglian.measures.poverty import poverty

    return vars(poverty(x, LINE, weights=w)) | vars(inequality(x, weights=w))


def scripted(x: np.ndarray, w: np.ndarray, village: np.ndarray) -> dict[str, float]:
    import pandas as pd

    return _by_pandas(pd.DataFrame({"x": x, "w": w}))


def packaged(x: np.ndarray, w: np.ndarray, village: np.ndarray) -> dict[str, float]:
    from ineqpy import inequality

    return {
        "ineqpy_gini": float(inequality.gini(x, w)), "theil": float(inequality.theil(x, w)),
        "atkinson": float(inequality.atkinson(x, w, e=EPSILON)),
    }  # fmt: skip


def columns(x: np.ndarray, w: np.ndarray, village: np.ndarray, places: int = COUNTIES) -> dict[str, float]:
    import polars as pl

    from shuanglian.measures import columns

    table = pl.DataFrame({"x": x, "w": w, "place": village % places})
    found = columns.poverty(table, value="x", line=LINE, weight="w", by=["place"]).join(
        columns.inequality(table, value="x", weight="w", by=["place"]), on="place"
    )
    return {name: float(found[name].sum()) for name in (*POVERTY, *INEQUALITY)}


def columns_villages(x: np.ndarray, w: np.ndarray, village: np.ndarray) -> dict[str, float]:
    return columns(x, w, village, VILLAGES)


def scripted_places(x: np.ndarray, w: np.ndarray, village: np.ndarray, places: int = COUNTIES) -> dict[str, float]:
    import pandas as pd

    table = pd.DataFrame({"x": x, "w": w, "place": village % places})
    np.seterr(invalid="ignore")  # a village without poor people: 0 / 0, left out of its sum
    found = pd.DataFrame([_by_pandas(group) for _, group in table.groupby("place")])
    return {name: float(found[name].sum()) for name in (*POVERTY, *INEQUALITY)}


def scripted_villages(x: np.ndarray, w: np.ndarray, village: np.ndarray) -> dict[str, float]:
    return scripted_places(x, w, village, VILLAGES)


def _by_pandas(rows: Any) -> dict[str, float]:
    """What an analyst writes down from the definitions."""
    rows = rows.sort_values("x")
    x, w = rows["x"], rows["w"]
    n, mean, middle = w.sum(), (x * w).sum() / w.sum(), w.cumsum() - w / 2
    poor = x < LINE
    gap, q = ((LINE - x) / LINE).where(poor, 0.0), w[poor].sum()
    px, pw = x[poor], w[poor]
    i, g = (gap * w).sum() / q, 2 * (pw * px * (pw.cumsum() - pw / 2)).sum() / (q * (px * pw).sum()) - 1
    r, below, edge = x / mean, w.cumsum() - w, (0.2 * n, 0.8 * n)
    held = [(x * (at - below).clip(lower=0).clip(upper=w)).sum() for at in edge]
    return {
        "headcount": q / n, "gap": q / n * i, "severity": (gap**2 * w).sum() / n,
        "watts": (np.log(LINE / px) * pw).sum() / n, "sen": q / n * (i + (1 - i) * g),
        "sst": (w * gap * 2 * (1 - middle / n)).sum() / n, "gini": 2 * (w * x * middle).sum() / (n * n * mean) - 1,
        "theil": (w * r * np.log(r)).sum() / n, "mld": -(w * np.log(r)).sum() / n,
        "atkinson": 1 - ((w * r**0.5).sum() / n) ** 2, "quantile_share_ratio": (n * mean - held[1]) / held[0],
    }  # fmt: skip


TABLES: dict[str, dict[str, tuple[str, Callable[..., dict[str, float]]]]] = {
    "everybody, 11 measures (ineqpy: the 3 it has)": {
        "ours": ("ours, numpy", ours), "pandas": ("pandas script", scripted), "ineqpy": ("ineqpy", packaged),
    },
    f"each of {COUNTIES} counties, 11 measures": {
        "columns": ("ours, Polars", columns), "pandas_counties": ("pandas script", scripted_places),
    },
    f"each of {VILLAGES:,} villages, 11 measures": {
        "columns_villages": ("ours, Polars", columns_villages), "pandas_villages": ("pandas script", scripted_villages),
    },
}  # fmt: skip
ALONE = ("headcount", "watts", "sen", "sst", "gini", "theil", "mld", "quantile_shares")


def alone(people: int) -> dict[str, float]:
    """Seconds of processor time of single measures, weighted; and of Alkire-Foster over ten dimensions."""
    from shuanglian.measures import counting, inequality, poverty

    x, w, _ = sample(people)
    taken = {}
    for name in ALONE:
        room, more = (poverty, (LINE,)) if hasattr(poverty, name) else (inequality, ())
        begin = time.process_time()
        getattr(room, name)(x, *more, weights=w)
        taken[name] = time.process_time() - begin
    deprived = np.random.default_rng(1).random((people, 10)) < 0.3
    begin = time.process_time()
    counting.alkire_foster(deprived, cutoff=1 / 3, weights=w)
    return taken | {"Alkire-Foster, 10 dimensions": time.process_time() - begin}


def one(name: str, people: int) -> dict[str, Any]:
    """Run one contestant in this process."""
    work = next(table[name][1] for table in TABLES.values() if name in table)
    given, small = sample(people), sample(1000)
    work(*small)  # imports and first calls stay out of the figures
    begin, wall = time.process_time(), time.perf_counter()
    found = work(*given)
    told = {"seconds": time.process_time() - begin, "wall": time.perf_counter() - wall}
    figures = {key: figure for key, figure in found.items() if isinstance(figure, float)}
    return told | {"figures": figures, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def measure(people: int, rounds: int, many: int) -> str:
    lines = [
        f"{people:,} persons with survey weights; processor time, median of {rounds} rounds (one where it takes over "
        f"{LONG:g} s). With {', '.join(f'{name} {version(name)}' for name in ('numpy', 'polars', 'pandas', 'ineqpy'))}.",
        "",
    ]
    for title, contestants in TABLES.items():
        runs = {name: _runs(name, people, rounds) for name in contestants}
        _same([run["figures"] for all_of in runs.values() for run in all_of])
        lines += [
            f"**{title}**",
            "",
            "| contestant | seconds | wall | peak MiB | time against ours |",
            "|---|---|---|---|---|",
        ]
        base = 0.0
        for name, all_of in runs.items():
            seconds = statistics.median(run["seconds"] for run in all_of)
            wall, peak = statistics.median(run["wall"] for run in all_of), max(run["peak_mib"] for run in all_of)
            base = base or seconds
            ratio = "1" if seconds == base else f"**{seconds / base:.1f}x**"
            lines.append(f"| {contestants[name][0]} | {seconds:.2f} | {wall:.2f} | {peak} | {ratio} |")
        lines.append("")
    taken = _apart("--alone", str(many))
    lines += [f"**{many:,} persons, one weighted measure alone**", "", "| measure | seconds |", "|---|---|"]
    lines += [f"| {name} | {seconds:.2f} |" for name, seconds in taken.items()]
    worst = max(taken.values())
    lines += [
        "",
        f"Goal: ten million persons in at most 2 s a measure. Slowest {worst:.2f} s{'' if worst <= 2 else ' (missed)'}.",
    ]
    return "\n".join(lines) + "\n"


def _runs(name: str, people: int, rounds: int) -> list[dict[str, Any]]:
    """Several runs; one is enough of what takes long, its spread is small beside its time."""
    runs = [_apart("--one", name, str(people))]
    while len(runs) < rounds and runs[0]["seconds"] < LONG:
        runs.append(_apart("--one", name, str(people)))
    return runs


def _apart(*options: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.measures", *options], capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _same(figures: list[dict[str, float]]) -> None:
    first = figures[0]
    for other in figures[1:]:
        for name in first.keys() & other.keys():
            if not math.isclose(first[name], other[name], rel_tol=1e-9):
                raise SystemExit(f"{name}: {first[name]} and {other[name]} differ")
        if not math.isclose(first["gini"], other.get("ineqpy_gini", first["gini"]), rel_tol=1e-5):
            raise SystemExit(f"gini: {first['gini']} and {other['ineqpy_gini']} differ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="nothing more to run here")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2, metavar=("NAME", "PEOPLE"), help=argparse.SUPPRESS)
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.one[0], int(options.one[1]))))
    elif options.alone:
        print(json.dumps(alone(options.alone)))
    else:
        print(measure(options.people, options.rounds, options.many))


if __name__ == "__main__":
    main()
