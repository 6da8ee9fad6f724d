"""Random families with their measures, and the same problem as a CP-SAT model with people assigned one by one."""

from __future__ import annotations

import random

from ortools.sat.python import cp_model

from shuanglian.matching.plan_problem import Choice, Option, PlanProblem, choice


def family(chance: random.Random, *, most_options: int = 12) -> PlanProblem:
    """A small family: a few measures, four seasons, land, money, some members."""
    count, members = chance.randint(1, most_options), chance.randint(1, 5)
    rows = ("spring", "summer", "autumn", "winter", "land", "money")
    options = []
    for n in range(count):
        cost = chance.choice([0, 0, 200, 300, 500, 1000, 2000, 8000])
        people = None
        if chance.random() < 0.35:
            people = frozenset(chance.sample(range(members), chance.randint(1, members)))
        own = chance.randint(0, cost)
        most = len(people) if people else chance.randint(1, 8)
        uses = (*(chance.choice([0, 0, 3, 5, 10, 20, 60]) for _season in range(4)), chance.choice([0, 0, 1, 3]), own)
        options.append(Option(
            f"m{n}", chance.choice([0, 80, 250, 320, 800, 1100, 1600, 2800, 11000]), cost, own, most, uses,
            min(most, chance.choice([1, 1, 1, 2])), people,
        ))  # fmt: skip
    room = (*(chance.choice([0, 40, 75, 150, 260]) for _season in range(4)), chance.randint(0, 12),
            chance.choice([0, 500, 2000, 12000, 52000]))  # fmt: skip
    pairs = [(one, other) for one in range(count) for other in range(one + 1, count)]
    excludes = tuple(chance.sample(pairs, min(len(pairs), chance.choice([0, 0, 1, 2]))))
    needs = tuple(chance.sample(pairs, min(len(pairs), chance.choice([0, 0, 1]))))
    if chance.random() < 0.5:
        needs = tuple((other, one) for one, other in needs)
    return PlanProblem(chance.choice([0, 300, 2000, 6000, 15000, 60000]), tuple(options), rows, room,
                       chance.randint(1, 6), excludes, needs)  # fmt: skip


def by_cp_sat(problem: PlanProblem) -> Choice:
    """The four goals one after the other, each fixed before the next; people are assigned unit by unit."""
    model = cp_model.CpModel()
    units = [model.new_int_var(0, one.most, one.code) for one in problem.options]
    on = [model.new_bool_var(f"{one.code} on") for one in problem.options]
    for n, one in enumerate(problem.options):
        model.add(units[n] <= one.most * on[n])
        model.add(units[n] >= one.least * on[n])
    for row, room in enumerate(problem.room):
        model.add(sum(one.uses[row] * units[n] for n, one in enumerate(problem.options)) <= room)
    members = {person for one in problem.options for person in one.people or ()}
    takes = {(n, person): model.new_bool_var(f"{n} {person}")
             for n, one in enumerate(problem.options) for person in one.people or ()}  # fmt: skip
    for n, one in enumerate(problem.options):
        if one.people is not None:
            model.add(units[n] == sum(takes[n, person] for person in one.people))
    for person in members:
        model.add_at_most_one(var for (_n, of), var in takes.items() if of == person)
    model.add(sum(on) <= problem.kinds)
    for one, other in problem.excludes:
        model.add_at_most_one([on[one], on[other]])
    for one, other in problem.needs:
        model.add_implication(on[one], on[other])
    short = model.new_int_var(0, max(0, problem.gap), "short")
    model.add(short >= problem.gap - sum(one.gain * units[n] for n, one in enumerate(problem.options)))
    goals = [short, sum(one.cost * units[n] for n, one in enumerate(problem.options)),
             sum(one.own * units[n] for n, one in enumerate(problem.options)), sum(on)]  # fmt: skip
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    for goal in goals:
        model.minimize(goal)
        assert solver.solve(model) == cp_model.OPTIMAL
        model.add(goal <= round(solver.objective_value))
    return choice(problem, tuple(solver.value(unit) for unit in units))
