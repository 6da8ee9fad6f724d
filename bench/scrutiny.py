"""How believable a million visits are: ours, and the naive loop cadre by cadre (sampled, scaled).

`python -m bench.scrutiny [--visits N] [--looped N] [--rounds N]`. The points of every sampled visit must be the same.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

VISITS, FAKES, LOOPED = 1_000_000, 10_000, 400
PROFILE = "tongwei_2015"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=VISITS)
    parser.add_argument("--looped", type=int, default=LOOPED, help="cadres in the naive loop")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="adds nothing")
    options = parser.parse_args()
    from bench.scrutiny_peers import loop
    from shuanglian.demo.made_visits import judge, make
    from shuanglian.rules.profile import load
    from shuanglian.rules.scrutiny import find, weigh_visit
    from shuanglian.rules.visit_facts import work_out

    scrutiny = load(PROFILE).scrutiny
    signs = list(scrutiny.signs.values())
    small = make(1, 10_000, 300)
    find(signs, work_out(small.visits, small.photos))  # compiled code is brought before the clock starts
    made = make(7, options.visits - FAKES, FAKES)
    facts, facts_laps = _timed(lambda: work_out(made.visits, made.photos), options.rounds)
    found, signs_laps = _timed(lambda: find(signs, facts), options.rounds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = dict(found.select("id", "points").iter_rows())

    cadres = set(made.visits["cadre"].unique().sort().head(options.looped).to_list())
    begin = time.process_time(), time.perf_counter()
    points = {number: weigh_visit(signs, _exact(row)).points for number, row in loop(made.visits, made.photos, cadres)}
    taken = time.process_time() - begin[0], time.perf_counter() - begin[1]
    differing = [number for number, one in points.items() if told[number] != one]
    if len(differing) > len(points) / 1000:  # a hundredth rounded the other way at a limit
        raise SystemExit(f"points differ: {differing[:10]}")
    scale = made.visits.height / len(points)
    ours = [sum(parts) for parts in zip(facts_laps, signs_laps, strict=True)]
    report = judge(scrutiny, small)
    _print(made, signs, facts_laps, signs_laps, ours, taken, scale, len(points), len(differing), peak, report)


def _print(
    made: Any, signs: Any, facts: Any, asked: Any, ours: Any, taken: Any, scale: float, looped: int, differing: int,
    peak: int, report: Any,
) -> None:  # fmt: skip
    print(
        f"{len(signs)} signs of {PROFILE} over **{made.visits.height:,} visits** of "
        f"{made.visits['cadre'].n_unique():,} cadres with {made.photos.height:,} photos, every visit beside all others. "
        f"Seconds, medians. Points of {looped:,} visits compared with the loop's: {differing} differ.\n"
    )
    print("| contestant | facts | signs | processor time | clock | peak MiB | processor time, clock against ours |")
    print("|---|---|---|---|---|---|---|")
    print(f"| ours, all visits | {facts[0]:.2f} | {asked[0]:.2f} | {ours[0]:.2f} | {ours[1]:.2f} | {peak} | 1 |")
    scaled = taken[0] * scale, taken[1] * scale
    print(
        f"| plain Python, cadre by cadre with reasons, scaled x{scale:.0f} | – | – | {scaled[0]:.0f} | {scaled[1]:.0f} | – "
        f"| **{scaled[0] / ours[0]:.0f}x, {scaled[1] / ours[1]:.0f}x** |\n"
    )
    print(
        f"300 planted fakes among 10,000 honest visits (seed 1): precision {report.precision:.2f}, recall "
        f"{report.recall:.2f}; {report.wronged} honest visits flagged, to be looked at by a person."
    )


def _timed(work: Callable[[], Any], rounds: int) -> tuple[Any, tuple[float, float]]:
    laps = []
    for _ in range(rounds):
        begin = time.process_time(), time.perf_counter()
        result = work()
        laps.append((time.process_time() - begin[0], time.perf_counter() - begin[1]))
    return result, (statistics.median(one[0] for one in laps), statistics.median(one[1] for one in laps))


def _exact(row: dict[str, Any]) -> dict[str, Any]:
    """Hundredths, as conditions reckon."""
    from decimal import Decimal

    return {name: round(Decimal(value), 2) if isinstance(value, float) else value for name, value in row.items()}


if __name__ == "__main__":
    main()
