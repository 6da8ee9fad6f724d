"""`shuanglian measure` on files: figures, groups, makes of file, what is refused and how (issue 3 D)."""

import csv
import gzip
import io
import json
import random
import subprocess
import sys

import polars as pl
import pytest
from click.testing import CliRunner

from shuanglian.measures import counting, inequality, poverty
from shuanglian.measures.commands import measure

HOUSEHOLDS = """村,人均纯收入,人口,权重,成人
甲,1000,4,1.5,2
甲,3000,2,1,2
乙,2000,5,2,3
乙,2855,3,1,1
乙,9000,1,1,1
"""
X, SIZE, WEIGHT = [1000, 3000, 2000, 2855, 9000], [4, 2, 5, 3, 1], [1.5, 1, 2, 1, 1]
PERSONS = [s * w for s, w in zip(SIZE, WEIGHT, strict=True)]
DEPRIVED = "id,school,health,water,n,g\n1,1,1,0,4,a\n2,1,0,0,7,a\n3,1,1,1,5,b\n4,0,0,0,4,b\n"


def run(path, *options):
    kind, *rest = options
    return CliRunner().invoke(measure, [kind, str(path), *map(str, rest)])


def told(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def households(tmp_path):
    path = tmp_path / "households.csv"
    path.write_text(HOUSEHOLDS, encoding="utf-8")
    return path


@pytest.fixture
def deprived(tmp_path):
    path = tmp_path / "deprived.csv"
    path.write_text(DEPRIVED, encoding="utf-8")
    return path


POVERTY = ("poverty", "--value", "人均纯收入", "--line", 2855, "--weight", "权重", "--size", "人口", "--json")
INEQUALITY = ("inequality", "--value", "人均纯收入", "--weight", "权重", "--size", "人口", "--json")
MPI = ("mpi", "--deprivations", "school,health,water", "--weights", "1/3,1/3,1/3", "--cutoff", "2/3", "--json")


def test_poverty_equals_the_plain_functions_with_weight_times_size(households):
    found, plain = told(run(households, *POVERTY)), poverty.poverty(X, 2855, weights=PERSONS)
    for name in ("headcount", "gap", "severity", "watts", "sen", "sen_1976", "sst", "population", "poor"):
        assert found[name] == pytest.approx(getattr(plain, name)), name
    assert (found["n"], found["line"], found["line_rule"], found["notes"]) == (5, 2855, "below", [])


def test_poverty_without_weights_and_with_more_alphas(households):
    found = told(run(households, *POVERTY[:5], "--json", "--alpha", 3, "--alpha", "1/2"))
    assert found["fgt_3"] == pytest.approx(poverty.fgt(X, 2855, alpha=3))
    assert found["fgt_0.5"] == pytest.approx(poverty.fgt(X, 2855, alpha=0.5))
    assert found["headcount"] == 0.4


def test_who_has_exactly_the_line_is_poor_when_asked(households):
    found = told(run(households, *POVERTY[:5], "--inclusive", "--json"))
    assert (found["headcount"], found["line_rule"]) == (0.6, "at_or_below")


def test_groups_have_the_same_figures_their_share_and_contribution_and_the_total_stays(households):
    whole, found = told(run(households, *POVERTY)), told(run(households, *POVERTY, "--by", "村"))
    assert {key: figure for key, figure in found.items() if key != "groups"} == whole
    assert list(found["groups"]) == ["乙", "甲"]
    one = found["groups"]["甲"]
    plain = poverty.poverty(X[:2], 2855, weights=PERSONS[:2])
    assert (one["gap"], one["sst"]) == pytest.approx((plain.gap, plain.sst))
    assert one["group"] == {"村": "甲"}
    assert sum(group["population_share"] for group in found["groups"].values()) == pytest.approx(1)
    for name in ("headcount", "gap", "severity", "watts"):
        assert sum(group["contribution"][name] for group in found["groups"].values()) == pytest.approx(1)


def test_grouped_by_two_columns_numbers_in_order_of_size(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,g,h\n1,10,p\n2,9,p\n3,9,q\n4,,q\n")
    found = told(run(path, "poverty", "--value", "x", "--line", 3, "--by", "g,h", "--json"))
    assert list(found["groups"]) == ["9 / p", "9 / q", "10 / p", " / q"]


def test_the_line_may_be_a_column(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,z\n50,100\n50,40\n")
    found = told(run(path, "poverty", "--value", "x", "--line", "z", "--json"))
    assert (found["headcount"], found["gap"], found["line"]) == (0.5, 0.25, "z")


def test_inequality_equals_the_plain_functions(households):
    found, plain = told(run(households, *INEQUALITY)), inequality.inequality(X, weights=PERSONS)
    for name in ("gini", "theil", "mld", "atkinson", "quantile_share_ratio", "mean"):
        assert found[name] == pytest.approx(getattr(plain, name)), name
    assert found["quantile_shares"] == pytest.approx(plain.quantile_shares)


def test_inequality_with_other_parameters(households):
    more = ("--epsilon", 1, "--top", "10%", "--bottom", "2/5", "--quantiles", 10)
    found = told(run(households, *INEQUALITY, *more))
    plain = inequality.inequality(X, weights=PERSONS, epsilon=1, top=0.1, bottom=0.4, quantiles=10)
    assert found["atkinson"] == pytest.approx(plain.atkinson)
    assert found["quantile_share_ratio"] == pytest.approx(plain.quantile_share_ratio)
    assert len(found["quantile_shares"]) == 10


def test_inequality_by_group_says_what_is_within_and_between(households):
    found = told(run(households, *INEQUALITY, "--by", "村"))
    for name in ("theil", "mld"):
        parts = found["decomposition"][name]
        assert parts["within"] + parts["between"] == pytest.approx(found[name])
        assert parts["between"] > 0


def test_mpi_equals_the_plain_functions_at_exactly_the_cutoff(deprived):
    found = told(run(deprived, *MPI, "--size", "n", "--by", "g"))
    g0, sizes = [[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 0, 0]], [4, 7, 5, 4]
    plain = counting.alkire_foster(g0, cutoff=2 / 3, weights=sizes)
    assert (found["h"], found["a"], found["m0"]) == pytest.approx((plain.h, plain.a, plain.m0))
    assert found["h"] == pytest.approx(9 / 20)
    names = ("school", "health", "water")
    assert found["censored_headcounts"] == pytest.approx(dict(zip(names, plain.censored_headcounts, strict=True)))
    assert found["contributions"] == pytest.approx(dict(zip(names, plain.contributions, strict=True)))
    assert set(found["groups"]["a"]["contributions"]) == set(names)
    assert sum(group["contribution"]["m0"] for group in found["groups"].values()) == pytest.approx(1)
    assert "m1" not in found


def test_mpi_weights_of_another_sum_are_scaled_and_said_so(deprived):
    found = told(run(deprived, "mpi", "--deprivations", "school,health,water", "--weights", "2,1,1", "--cutoff", "50%",
                     "--json", "--lang", "en"))  # fmt: skip
    assert found["weights"] == {"school": 0.5, "health": 0.25, "water": 0.25}
    assert found["h"] == 0.75
    assert found["notes"] == ["The weights of the dimensions sum to 4 and were scaled to 1."]


def test_mpi_a_score_just_below_a_rounded_cutoff_is_told(deprived):
    found = told(run(deprived, "mpi", "--deprivations", "school,health,water", "--cutoff", "0.667", "--json"))
    assert found["h"] == 0.25
    assert "1/3" in found["notes"][0]


@pytest.mark.parametrize("given", [("--deprivations", "a,b,c,d"), ()])
def test_mpi_achievements_add_m1_and_m2(tmp_path, given):
    path = tmp_path / "af.csv"
    path.write_text(
        "x,y,z,v,a,b,c,d\n13.1,14,4,1,0,0,0,0\n15.2,7,5,0,0,1,0,1\n12.5,10,1,0,1,1,1,1\n20,11,3,1,0,1,0,0\n"
    )
    found = told(
        run(path, "mpi", *given, "--achievements", "x,y,z,v", "--cutoffs", "13,12,3,1", "--cutoff", "2/4", "--json")
    )
    assert (found["h"], found["a"], found["m0"]) == (0.5, 0.75, 0.375)
    assert (found["m1"], found["m2"]) == pytest.approx((0.2055288, 0.1654570))
    assert list(found["contributions_m1"]) == (["a", "b", "c", "d"] if given else ["x", "y", "z", "v"])


def test_truth_values_and_yes_and_no_are_deprivations_too(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n是,TRUE,1.0\n否,false,0\n", encoding="utf-8")
    assert told(run(path, "mpi", "--deprivations", "a,b,c", "--cutoff", 1, "--json"))["h"] == 0.5


def makes(text):
    frame = pl.read_csv(io.BytesIO(text.encode()))
    held = io.BytesIO()
    frame.write_parquet(held)
    crlf = text.replace("\n", "\r\n")
    return {
        "bom.csv": b"\xef\xbb\xbf" + text.encode(), "gb18030.csv": text.encode("gb18030"), "crlf.csv": crlf.encode(),
        "packed.csv.gz": gzip.compress(text.encode(), mtime=0), "gb.csv.gz": gzip.compress(text.encode("gb18030")),
        "table.parquet": held.getvalue(), "blank_lines.csv": (text.replace("乙,2000", "\n乙,2000") + ",,,,\n\n").encode(),
        "blanks.csv": text.replace(",", " , ").encode(),
    }  # fmt: skip


@pytest.mark.parametrize("name", makes(HOUSEHOLDS))
def test_every_make_of_file_gives_the_same(tmp_path, households, name):
    (tmp_path / name).write_bytes(makes(HOUSEHOLDS)[name])
    assert told(run(tmp_path / name, *POVERTY, "--by", "村")) == told(run(households, *POVERTY, "--by", "村"))


def test_the_scale_divides_income_by_equivalents_and_size_weighs(tmp_path, households):
    options = ("poverty", "--value", "人均纯收入", "--line", 1200, "--size", "人口", "--json")
    found = told(run(households, *options, "--scale", "modified_oecd", "--adults", "成人"))
    equivalent = [x / e for x, e in zip(X, [2.1, 1.5, 2.6, 1.6, 1], strict=True)]
    assert found["gap"] == pytest.approx(poverty.gap(equivalent, 1200, weights=SIZE))
    found = told(run(households, *options, "--scale", "per_head"))
    assert found["gap"] == pytest.approx(poverty.gap([x / s for x, s in zip(X, SIZE, strict=True)], 1200, weights=SIZE))


@pytest.fixture
def low(tmp_path):
    path = tmp_path / "low.csv"
    path.write_text("id,x\n1,0\n2,-5\n3,10\n4,\n5,20\n6,NA\n")
    return path


def test_missing_values_are_refused_by_row_or_dropped_and_counted(low):
    result = run(low, "poverty", "--value", "x", "--line", 15, "--json")
    assert result.exit_code == 2
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["row"], answer["column"]) == ("unreadable", 5, "x")
    assert "--missing drop" in answer["error"]
    found = told(run(low, "poverty", "--value", "x", "--line", 15, "--missing", "drop", "--json"))
    assert (found["n"], found["missing_dropped"], found["headcount"]) == (4, 2, 0.75)


def test_zero_and_negative_incomes_leave_watts_and_mld_undefined_with_the_row_and_the_cure(low):
    found = told(run(low, "poverty", "--value", "x", "--line", 15, "--missing", "drop", "--json", "--lang", "en"))
    assert found["watts"] is None
    assert found["gap"] == pytest.approx((1 + 4 / 3 + 1 / 3) / 4)
    assert found["notes"][0].startswith("Row 2 has zero or negative income") and "--floor" in found["notes"][0]
    assert found["notes"][1] == "1 rows are negative and counted as they are."
    found = told(run(low, "inequality", "--value", "x", "--missing", "drop", "--json"))
    assert (found["theil"], found["mld"], found["atkinson"]) == (None, None, None)
    assert found["gini"] == pytest.approx(inequality.gini([0, -5, 10, 20]))


def test_nonpositive_incomes_may_be_dropped_or_raised_and_are_counted(low):
    options = ("poverty", "--value", "x", "--line", 15, "--missing", "drop", "--json")
    found = told(run(low, *options, "--nonpositive", "drop"))
    assert (found["n"], found["nonpositive_dropped"]) == (2, 2)
    assert found["watts"] == pytest.approx(poverty.watts([10, 20], 15))
    found = told(run(low, *options, "--floor", 1))
    assert (found["n"], found["floored"]) == (4, 2)
    assert found["watts"] == pytest.approx(poverty.watts([1, 1, 10, 20], 15))


def test_nobody_poor_everybody_poor_no_income(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x\n10\n10\n")
    assert [told(run(path, "poverty", "--value", "x", "--line", z, "--json"))["sen"] for z in (5, 20)] == [0, 0.5]
    path.write_text("x\n0\n0\n")
    found = told(run(path, "poverty", "--value", "x", "--line", 12, "--json"))
    assert (found["gap"], found["severity"], found["sst"], found["watts"]) == (1, 1, 1, None)
    assert told(run(path, "inequality", "--value", "x", "--json"))["gini"] is None


@pytest.mark.parametrize(
    ("options", "row", "column", "says"),
    [
        (("poverty", "--value", "人均收入", "--line", 1), 1, "人均收入", "人均纯收入"),  # the nearest is suggested
        (("poverty", "--value", "村", "--line", 1), 2, "村", "甲"),
        (("poverty", "--value", "人均纯收入", "--line", 0), None, "", "大于 0"),
        (("poverty", "--value", "人均纯收入", "--line", "-3"), None, "", "大于 0"),
        (("poverty", "--value", "人均纯收入", "--line", "nan"), None, "", "大于 0"),
        (("poverty", "--value", "人均纯收入", "--line", "qqq"), 1, "qqq", "人均纯收入"),
        (("poverty", "--value", "人均纯收入", "--line", 9, "--alpha", "-1"), None, "", "alpha"),
        (("poverty", "--value", "人均纯收入", "--line", 9, "--floor", "x"), None, "", "1/4"),
        (("poverty", "--value", "人均纯收入", "--line", 9, "--scale", "oecd", "--size", "人口"), None, "", "--adults"),
        (
            ("poverty", "--value", "人均纯收入", "--line", 9, "--scale", "oecd", "--size", "成人", "--adults", "人口"),
            2,
            "人口",
            "多于",
        ),
        (("inequality", "--value", "人均纯收入", "--epsilon", "-1"), None, "", "epsilon"),
        (("inequality", "--value", "人均纯收入", "--top", "0"), None, "", "份额"),
        (("mpi", "--cutoff", "1/3"), None, "", "--deprivations"),
        (("mpi", "--deprivations", "人口,人口", "--cutoff", "1/3"), 1, "人口", "两次"),
        (("mpi", "--deprivations", "人口", "--cutoff", "1/3"), 2, "人口", "“4”"),
        (("mpi", "--deprivations", "人口", "--cutoff", "1/0"), None, "", "1/4"),
        (("mpi", "--achievements", "人口", "--cutoff", "1/3"), None, "", "--cutoffs"),
        (("mpi", "--achievements", "人口", "--cutoffs", "3,4", "--cutoff", "1/3"), None, "", "2"),
        (("mpi", "--achievements", "人口", "--cutoffs", "3", "--cutoff", "2"), None, "", "2/4"),
        (("mpi", "--achievements", "人口", "--cutoffs", "3", "--cutoff", "1", "--weights", "1,2"), None, "", "2"),
    ],
)
def test_what_is_wrong_is_said_with_place_and_cure_and_ends_with_2(households, options, row, column, says):
    result = run(households, *options, "--json", "--lang", "zh")
    assert result.exit_code == 2, result.output
    answer = json.loads(result.stdout)
    assert (answer["row"], answer["column"]) == (row, column)
    assert says in answer["error"]
    assert result.stderr.startswith(str(households))


@pytest.mark.parametrize(
    ("raw", "row"),
    [
        (None, None), (b"", None), (b"x\n", None), (b"PK\x03\x04rest", None), (b"x\0y\n1\n", None), (b"x\n\xff\xfe\xff\n", None),
        (gzip.compress(b"x\n1\n", mtime=0)[:-6], None), (b"PAR1 not parquet at all", None), (b"x,x\n1,2\n", 1),
        (b"x\n1\n1,000\n", None), (b'x\n"1,000"\n', 2), (b"x\n5\ninf\n", 3), (b"x\n5\n7..2\n", 3),
    ],
)  # fmt: skip
def test_files_that_cannot_be_used_end_with_2_and_one_sentence(tmp_path, raw, row):
    path = tmp_path / "a.csv"
    if raw is not None:
        path.write_bytes(raw)
    result = run(path, "poverty", "--value", "x", "--line", 3, "--json")
    if raw == b"x\n1\n1,000\n":  # a comma too many: the rest of a ragged row is not looked at
        assert result.exit_code == 0
        return
    assert result.exit_code == 2, result.output
    assert json.loads(result.stdout)["row"] == row
    assert "Traceback" not in result.output


def test_a_negative_weight_is_refused_by_its_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,w\n1,1\n2,-1\n")
    answer = json.loads(run(path, "poverty", "--value", "x", "--line", 3, "--weight", "w", "--json").stdout)
    assert (answer["row"], answer["column"]) == (3, "w")


def test_a_readable_table_in_both_languages(households, deprived):
    shown = run(households, *POVERTY[:-1], "--by", "村", "--lang", "zh").stdout
    assert "贫困发生率" in shown and "甲" in shown
    shown = run(households, *INEQUALITY[:-1], "--by", "村", "--lang", "en").stdout
    assert "Gini" in shown and "within groups" in shown
    shown = run(deprived, *MPI[:-1], "--lang", "en").stdout
    lines = {line.split("  ")[0]: line.split() for line in shown.splitlines()}
    assert lines["headcount H"][-1] == "0.5000"
    assert lines["school"][1:] == ["0.4000", "0.7500", "0.5000", "0.3333"]


def test_large_survey_against_plain_loops(tmp_path):
    """6,000 households drawn like a survey: ties, zeros, sizes and weights; every figure by simple loops."""
    rng = random.Random(4)
    rows = [
        (rng.choice("abcde"), max(0, round(rng.lognormvariate(7.5, 0.9), -1)), rng.randint(1, 9), rng.uniform(0.2, 6))
        for _ in range(6000)
    ]
    path = tmp_path / "survey.csv"
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([("region", "income", "hsize", "weight"), *rows])
    options = ("--weight", "weight", "--size", "hsize", "--by", "region", "--json")
    found = told(run(path, "poverty", "--value", "income", "--line", 2300, *options))
    for region, figures in [(None, found), *found["groups"].items()]:
        mine = [(x, s * w) for r, x, s, w in rows if region in (None, r)]
        whole = sum(w for _, w in mine)
        poor = sorted((x, w) for x, w in mine if x < 2300)
        assert figures["headcount"] == pytest.approx(sum(w for _, w in poor) / whole)
        assert figures["severity"] == pytest.approx(sum(w * (1 - x / 2300) ** 2 for x, w in poor) / whole)
        worse, thon = 0.0, 0.0  # each unit of weight counts 2 (1 - rank), its own half included
        for x, w in poor:
            thon += w * (1 - x / 2300) * 2 * (1 - (worse + w / 2) / whole)
            worse += w
        assert figures["sst"] == pytest.approx(thon / whole)
    found = told(run(path, "inequality", "--value", "income", *options))
    for region, figures in [(None, found), *found["groups"].items()]:
        mine = sorted((x, s * w) for r, x, s, w in rows if region in (None, r))
        whole, income, below, area = sum(w for _, w in mine), sum(x * w for x, w in mine), 0.0, 0.0
        for x, w in mine:
            area += w / whole * (below + x * w / 2) / income
            below += x * w
        assert figures["gini"] == pytest.approx(1 - 2 * area)


def test_it_needs_neither_django_nor_a_database(households):
    code = (
        "import sys; from shuanglian.measures.commands import measure\n"
        "try: measure(sys.argv[1:], standalone_mode=False)\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "assert 'django' not in sys.modules"
    )
    options = ["poverty", str(households), "--value", "人均纯收入", "--line", "2855", "--json"]
    done = subprocess.run([sys.executable, "-c", code, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["headcount"] == 0.4
