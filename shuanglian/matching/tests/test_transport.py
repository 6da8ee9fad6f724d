"""Transportation and assignment problems: published optima, an independent solver, and prices that prove the answer."""

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment, linprog

from shuanglian.kernel.refusal import Refusal
from shuanglian.matching.commands import match
from shuanglian.matching.transport import assignment, transport

# Dantzig 1963, chapter 3.3 (GAMS model library, trnsport): freight 90 a case and 1000 miles, in units of 1000 dollars
SEATTLE = {
    "supply": {"seattle": 350, "san-diego": 600},
    "demand": {"new-york": 325, "chicago": 300, "topeka": 275},
    "cost": {"seattle": ("0.225", "0.153", "0.162"), "san-diego": ("0.225", "0.162", "0.126")},
    "optimum": Decimal("153.675"),
}
# The AMPL book, chapter 3 (transp.dat)
STEEL = {
    "supply": {"GARY": 1400, "CLEV": 2600, "PITT": 2900},
    "demand": {"FRA": 900, "DET": 1200, "LAN": 600, "WIN": 400, "STL": 1700, "FRE": 1100, "LAF": 1000},
    "cost": {"GARY": (39, 14, 11, 14, 16, 82, 8), "CLEV": (27, 9, 12, 9, 26, 95, 17), "PITT": (24, 14, 17, 13, 28, 99, 20)},
    "optimum": Decimal(196200),
}  # fmt: skip


def costs_of(problem):
    return {(s, d): c for s, row in problem["cost"].items() for d, c in zip(problem["demand"], row, strict=True)}


@pytest.mark.parametrize("problem", [SEATTLE, STEEL], ids=["dantzig", "ampl"])
@pytest.mark.parametrize("ship_all", [False, True])
def test_published_problems_reach_their_optimum(problem, ship_all):
    if ship_all and sum(problem["supply"].values()) != sum(problem["demand"].values()):
        pytest.skip("not balanced")
    result = transport(problem["supply"], problem["demand"], costs_of(problem), ship_all=ship_all)
    assert (result.status, result.total) == ("optimal", problem["optimum"])


amounts = st.integers(0, 6)


@st.composite
def problems(draw):
    suppliers = [f"s{i}" for i in range(draw(st.integers(1, 4)))]
    demanders = [f"d{i}" for i in range(draw(st.integers(1, 4)))]
    costs = {
        (s, d): draw(st.decimals(-5, 9, places=1)) for s in suppliers for d in demanders if draw(st.integers(0, 9)) < 8
    }  # fmt: skip
    return {s: draw(amounts) for s in suppliers}, {d: draw(amounts) for d in demanders}, costs


def by_linear_programme(supply, demand, costs):
    """(most that can be covered, least cost of covering that much) by HiGHS, an independent solver."""
    pairs = list(costs)
    if not pairs:
        return 0, 0.0
    rows = [[1.0 if s == name else 0.0 for s, _ in pairs] for name in supply] + [
        [1.0 if d == name else 0.0 for _, d in pairs] for name in demand
    ]
    bounds = [*supply.values(), *demand.values()]
    most = -linprog([-1.0] * len(pairs), A_ub=rows, b_ub=bounds, method="highs").fun
    least = linprog(
        [float(costs[p]) for p in pairs], A_ub=rows, b_ub=bounds, A_eq=[[1.0] * len(pairs)], b_eq=[most], method="highs"
    ).fun
    return round(most), least


@given(problems())
@settings(max_examples=150, deadline=None)
def test_the_answer_is_the_optimum_of_an_independent_solver(problem):
    supply, demand, costs = problem
    result = transport(supply, demand, costs)
    covered, total = by_linear_programme(supply, demand, costs)
    assert sum(s.amount for s in result.shipments) == covered
    assert float(result.total) == pytest.approx(total)
    assert (result.status == "optimal") == (covered == sum(demand.values()))
    assert sum(lack.amount for lack in result.uncovered) == sum(demand.values()) - covered


@given(problems())
@settings(max_examples=100, deadline=None)
def test_duals_prove_the_optimum(problem):
    supply, demand, costs = problem
    result = transport(supply, demand, costs)
    if result.status != "optimal":
        return
    for (s, d), cost in costs.items():
        if supply[s] and demand[d]:
            assert result.demanders[d] - result.suppliers[s] <= cost
    assert all(price >= 0 for price in result.suppliers.values())
    worth = sum(result.demanders[d] * n for d, n in demand.items()) - sum(
        result.suppliers[s] * n for s, n in supply.items()
    )
    assert worth == result.total


@given(problems(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_does_not_matter(problem, random):
    supply, demand, costs = problem

    def shuffled(table):
        items = list(table.items())
        random.shuffle(items)
        return dict(items)

    assert transport(*problem) == transport(shuffled(supply), shuffled(demand), shuffled(costs))


def test_assignment_agrees_with_scipy():
    table = np.random.default_rng(5).integers(0, 50, (12, 12))
    result = assignment({(f"p{i:02d}", f"j{j:02d}"): int(table[i, j]) for i in range(12) for j in range(12)})
    assert result.total == int(table[linear_sum_assignment(table)].sum())


def test_a_shortage_is_told_with_its_reason():
    result = transport({"a": 1}, {"x": 1, "y": 2, "z": 1}, {("a", "x"): 5, ("a", "y"): 1})
    assert (result.status, result.total) == ("partial", 1)
    assert [(lack.name, lack.amount, lack.code) for lack in result.uncovered] == [
        ("x", 1, "too_little"), ("y", 1, "too_little"), ("z", 1, "no_supplier"),
    ]  # fmt: skip


def test_all_shipped_but_nobody_to_take_it_is_told():
    result = transport({"a": 3, "b": 1}, {"x": 2}, {("a", "x"): 1, ("b", "x"): 1}, ship_all=True)
    assert result.status == "partial"
    assert sum(lack.amount for lack in result.uncovered if lack.code == "not_shipped") == 2


@pytest.mark.parametrize(
    ("supply", "costs", "code"),
    [
        ({"a": -1}, {("a", "x"): 1}, "negative"), ({"a": 1.5}, {("a", "x"): 1}, "fraction"),
        ({"a": 1}, {("b", "x"): 1}, "unknown_supplier"), ({"a": 1}, {("a", "q"): 1}, "unknown_demander"),
        ({"a": 1}, {("a", "x"): "much"}, "no_number"), ({"a": 1}, {("a", "x"): float("nan")}, "no_number"),
        ({"a": 1}, {("a", "x"): 10**19}, "too_large"), ({"a": 2**62}, {("a", "x"): 1}, "too_large"),
    ],
)  # fmt: skip
def test_wrong_numbers_are_refused_by_name(supply, costs, code):
    with pytest.raises(Refusal) as refused:
        transport(supply, {"x": 1}, costs)
    assert refused.value.code == code


# --- the command ----------------------------------------------------------------------------------------------------


def tables(folder: Path, problem, encoding="utf-8"):
    def write(name, text):
        path = folder / name
        path.write_text(text, encoding=encoding)
        return str(path)

    supply = "supplier,capacity\n" + "".join(f"{k},{v}\n" for k, v in problem["supply"].items())
    demand = "demander,need\n" + "".join(f"{k},{v}\n" for k, v in problem["demand"].items())
    cost = "supplier,demander,cost\n" + "".join(f"{s},{d},{c}\n" for (s, d), c in costs_of(problem).items())
    return [
        "--capacities",
        write("c.csv", supply),
        "--requirements",
        write("r.csv", demand),
        "--costs",
        write("a.csv", cost),
    ]


def test_the_command_prints_status_total_and_assignment(tmp_path):
    answer = CliRunner().invoke(match, [*tables(tmp_path, SEATTLE), "--json"])
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["status"], told["total"]) == (0, "optimal", 153.675)
    assert sum(row["amount"] for row in told["assignment"]) == 900


def test_the_command_speaks_both_languages(tmp_path):
    for lang, word in (("zh", "最优"), ("en", "Optimal")):
        answer = CliRunner().invoke(match, [*tables(tmp_path, STEEL), "--lang", lang])
        assert word in answer.stdout and "196200" in answer.stdout


def test_chinese_tables_in_gb18030_are_read(tmp_path):
    problem = {"supply": {"水利局": 1}, "demand": {"上村": 2}, "cost": {"水利局": (3,)}}
    answer = CliRunner().invoke(match, [*tables(tmp_path, problem, "gb18030"), "--json"])
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["status"], told["uncovered"][0]["name"]) == (1, "partial", "上村")


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("c.csv", "", "c.csv:"), ("c.csv", "supplier,cap\na,1\n", "c.csv:1:capacity"), ("c.csv", "supplier,capacity\nGARY,x\n", "c.csv:2:capacity"),
        ("c.csv", "supplier,capacity\nGARY,1\nGARY,2\n", "c.csv:3:supplier"), ("r.csv", "demander,need\nFRA,1.5\n", "r.csv:2:need"),
        ("r.csv", "demander,need\nFRA,-1\n", "r.csv:2:need"), ("a.csv", "supplier,demander,cost\nGARY,NOWHERE,1\n", "a.csv:2:demander"),
        ("a.csv", "supplier,demander,cost\nGARY,FRA,\n", "a.csv:2:cost"), ("a.csv", "supplier,demander,cost\nGARY,FRA,1e999\n", "a.csv:2:cost"),
    ],
)  # fmt: skip
def test_bad_tables_are_refused_with_file_row_and_column(tmp_path, name, text, place):
    arguments = tables(tmp_path, STEEL)
    (tmp_path / name).write_text(text)
    answer = CliRunner().invoke(match, arguments)
    assert answer.exit_code == 2
    assert place in answer.stderr


def test_a_missing_file_is_refused(tmp_path):
    arguments = tables(tmp_path, STEEL)
    (tmp_path / "a.csv").unlink()
    assert CliRunner().invoke(match, arguments).exit_code == 2
