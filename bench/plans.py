"""The assistant of household plans over a county: ours, CP-SAT and HiGHS with a model per family (PLAN-3).

`python -m bench.plans [--households N] [--peers N] [--rounds N]`. All must come to the same gap left open and the same
cost for every family that both did, or the run fails. Peers are run over a sample and scaled.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

HOUSEHOLDS, PEERS, WARM = 20_000, 1_000, 50
ON, YEAR, HORIZON = date(2015, 10, 1), 2015, 2017
PEER_TITLES = {
    "cp_sat": "OR-tools CP-SAT, a model per family, one worker, the four goals weighed into one",
    "highs": "HiGHS by SciPy's milp, a model per family, two solutions: gap, then cost",
}  # fmt: skip


def families(count: int) -> list[Any]:
    """Families as in the county: one to seven members, fields, ewes wanted, incomes below the target and above."""
    from shuanglian.rules.catalogue import Family

    return [Family(*_drawn(random.Random(number)), ON) for number in range(count)]


def _drawn(chance: random.Random) -> tuple[dict[str, Any], dict[int, dict[str, Any]]]:
    members = {number: _member(chance) for number in range(chance.choice([1, 2, 3, 4, 4, 5, 5, 6, 7]))}
    workers = sum(bool(one["able_to_work"]) for one in members.values())
    income = Decimal(chance.randint(800, 4500))
    household = {
        "registered": True, "size": len(members), "workers": workers, "income_per_head": income,
        "net_income": income * len(members), "land_cultivated": Decimal(chance.randint(0, 24)),
        "dibao_household": chance.random() < 0.25, "five_guarantee": False, "toilet": chance.random() < 0.4,
        "water_hard": chance.random() < 0.2, "fuel": chance.choice(["01", "03", "04"]),
        "loan_need": chance.random() < 0.5, "members": list(members.values()),
    }  # fmt: skip
    return {"household": household, "village": {}, "year": {}, "day": datetime(2015, 10, 1, tzinfo=UTC)}, members


def _member(chance: random.Random) -> dict[str, Any]:
    age = chance.randint(1, 82)
    school = 6 <= age <= 18
    group = "unable" if age < 16 or age > 70 or school else chance.choice(["able"] * 6 + ["weak"] * 3 + ["unable"])
    return {
        "age": age, "in_school": school, "labour_group": group, "able_to_work": group != "unable",
        "dibao": chance.random() < 0.2, "work_months": chance.choice([0, 0, 0, 4, 9]) if group == "able" else 0,
        "training_wanted": chance.random() < 0.2,
    }  # fmt: skip


class Office:
    """The profile's catalogue, ready: what turns a family into a problem."""

    def __init__(self) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuanglian.config.settings")
        import django

        from shuanglian.rules.profile import load

        django.setup()  # the room's modules need it; nothing here asks the database

        profile = load("tongwei_2015").on(ON)
        self.plans, self.benefits = profile.plans, profile.benefits
        self.target = self.plans.horizons[HORIZON]

    def case(self, family: Any) -> Any:
        from shuanglian.plans import assisting
        from shuanglian.plans.reckoning import Terms

        terms = Terms.of(self.plans, self.target, size=family.size, income=family.income, income_year=2014, year=YEAR)
        return assisting.case(self.plans, family, self.benefits, terms, starts=date(2016, 1, 1))


def ours(count: int) -> dict[str, Any]:
    """From facts to the choice; the reading of rows is another benchmark's."""
    from shuanglian.matching.plan_solver import solve

    office = Office()
    people = families(count)
    for one in people[:WARM]:
        solve(office.case(one).problem)
    begin = time.process_time()
    problems = [office.case(one).problem for one in people]
    asked = time.process_time()
    choices = [solve(problem) for problem in problems]
    solved = time.process_time()
    return {"ask": asked - begin, "solve": solved - asked, "ranks": [choice.rank for choice in choices],
            "options": sum(len(problem.options) for problem in problems) / len(problems),
            "closed": sum(choice.closes for choice in choices)}  # fmt: skip


def peer(name: str, count: int) -> dict[str, Any]:
    office = Office()
    problems = [office.case(one).problem for one in families(count)]
    solver = {"cp_sat": cp_sat, "highs": highs}[name]
    for problem in problems[:5]:
        solver(problem)
    begin = time.process_time()
    ranks = [solver(problem) for problem in problems]
    return {"solve": time.process_time() - begin, "ranks": ranks}


def cp_sat(problem: Any) -> tuple[int, ...]:
    from ortools.sat.python import cp_model

    from shuanglian.matching.plan_problem import choice

    model = cp_model.CpModel()
    options = problem.options
    units = [model.new_int_var(0, one.most, "") for one in options]
    on = [model.new_bool_var("") for _one in options]
    for n, one in enumerate(options):
        model.add(units[n] <= one.most * on[n])
        model.add(units[n] >= one.least * on[n])
    for row, room in enumerate(problem.room):
        model.add(sum(one.uses[row] * units[n] for n, one in enumerate(options)) <= room)
    takes: dict[int, list[Any]] = {}
    for n, one in enumerate(options):
        if one.people is not None:
            mine = {person: model.new_bool_var("") for person in one.people}
            model.add(units[n] == sum(mine.values()))
            for person, var in mine.items():
                takes.setdefault(person, []).append(var)
    for some in takes.values():
        model.add_at_most_one(some)
    model.add(sum(on) <= problem.kinds)
    for one, other in problem.excludes:
        model.add_at_most_one([on[one], on[other]])
    short = model.new_int_var(0, max(0, problem.gap), "")
    model.add(short >= problem.gap - sum(one.gain * units[n] for n, one in enumerate(options)))
    each = [(one.cost << 22) + (one.own << 4) for one in options]
    model.minimize(short * (1 << 40) + sum(price * unit for price, unit in zip(each, units, strict=True)) + sum(on))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.solve(model)
    return choice(problem, tuple(solver.value(unit) for unit in units)).rank


def highs(problem: Any) -> tuple[int, ...]:
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    from shuanglian.matching.plan_problem import choice

    options, count = problem.options, len(problem.options)
    if not count:
        return choice(problem, ()).rank
    pairs = [(n, person) for n, one in enumerate(options) for person in one.people or ()]
    width = 2 * count + len(pairs) + 1  # units, chosen, who takes what, what stays open
    rows, low, high = [], [], []

    def row(told: dict[int, float], least: float, most: float) -> None:
        line = np.zeros(width)
        for place, value in told.items():
            line[place] += value
        rows.append(line)
        low.append(least)
        high.append(most)

    for n, one in enumerate(options):
        row({n: 1, count + n: -one.most}, -np.inf, 0)
        row({n: 1, count + n: -one.least}, 0, np.inf)
        if one.people is not None:
            row({n: -1} | {2 * count + p: 1 for p, (of, _who) in enumerate(pairs) if of == n}, 0, 0)
    for number, room in enumerate(problem.room):
        row({n: one.uses[number] for n, one in enumerate(options)}, -np.inf, room)
    for person in {who for _of, who in pairs}:
        row({2 * count + p: 1 for p, (_of, who) in enumerate(pairs) if who == person}, -np.inf, 1)
    row({count + n: 1 for n in range(count)}, -np.inf, problem.kinds)
    for one, other in problem.excludes:
        row({count + one: 1, count + other: 1}, -np.inf, 1)
    row({n: one.gain for n, one in enumerate(options)} | {width - 1: 1}, problem.gap, np.inf)
    upper = np.array([one.most for one in options] + [1] * (count + len(pairs)) + [max(0, problem.gap)], float)
    whole = np.array([1] * (width - 1) + [0])
    goal = np.zeros(width)
    goal[-1] = 1
    first = milp(
        goal, constraints=LinearConstraint(np.array(rows), low, high), bounds=Bounds(0, upper), integrality=whole
    )
    upper[-1] = round(first.fun)
    goal = np.array([one.cost for one in options] + [0] * (width - count), float)
    second = milp(
        goal, constraints=LinearConstraint(np.array(rows), low, high), bounds=Bounds(0, upper), integrality=whole
    )
    return choice(problem, tuple(round(value) for value in second.x[:count])).rank


def measure(options: argparse.Namespace) -> list[str]:
    runs = [_apart("--one", "ours", options.households) for _ in range(options.rounds)]
    total = statistics.median(run["ask"] + run["solve"] for run in runs)
    solve = statistics.median(run["solve"] for run in runs)
    told = runs[0]
    lines = [
        f"The cheapest measures for each of **{options.households:,} families** out of the {len(Office().plans.measures)} of "
        f"tongwei_2015, on average {told['options']:.1f} open to a family; {told['closed']:,} families close their gap. "
        f"Seconds of processor time, median of {options.rounds} rounds; peers over {options.peers:,} families, scaled. Gap "
        "left open and cost are the same for every family that both did.",
        "", "| contestant | seconds | families a second | against our solver |", "|---|---|---|---|",
        f"| ours, conditions asked and problem made | {total - solve:.2f} | "
        f"{options.households / max(total - solve, 1e-9):,.0f} | – |",
        f"| **ours, solver alone** | {solve:.2f} | {options.households / solve:,.0f} | 1 |",
    ]  # fmt: skip
    for name, title in PEER_TITLES.items():
        came = _apart("--one", name, options.peers)
        exact = 4 if name == "cp_sat" else 2
        if differing := [n for n, (one, other) in enumerate(zip(told["ranks"], came["ranks"], strict=False))
                         if one[:exact] != other[:exact]]:  # fmt: skip
            raise SystemExit(f"{name} differs for families {differing[:5]}")
        scaled = came["solve"] * options.households / options.peers
        lines.append(f"| {title} | {scaled:.1f} | {options.households / scaled:,.0f} | **{scaled / solve:.0f}x** |")
    return lines


def _apart(*arguments: Any) -> Any:
    command = [sys.executable, "-m", "bench.plans", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--peers", type=int, default=PEERS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--full", action="store_true", help="peers over every family")
    options = parser.parse_args()
    if options.one:
        name, count = options.one[0], int(options.one[1])
        print(json.dumps(ours(count) if name == "ours" else peer(name, count)))
        return
    if options.full:
        options.peers = options.households
    print("\n".join(measure(options)))


if __name__ == "__main__":
    main()
