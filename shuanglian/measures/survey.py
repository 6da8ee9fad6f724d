"""A file measured: which columns, which rows are left out and why, figures of all and of every group."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import polars as pl

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

from . import columns, columns_counting, counting
from .files import Table
from .rows import LINE, VALUE, WEIGHT, Asked, Rows

NEAR = 0.001  # a score this little below the cut-off, and not on it, is worth a word


@dataclass
class Survey:
    """Figures for machines, in order, and notes for people."""

    figures: dict[str, Any]
    notes: list[Said] = field(default_factory=list)


def measure_poverty(asked: Asked, *, line: str, inclusive: bool, alphas: Sequence[float]) -> Survey:
    """`measure poverty`: all figures of everybody and, with --by, of each group, its share and contribution."""
    table = Table(asked.file)
    lines = _number(line)
    rows = Rows(table, asked, {} if lines is not None else {LINE: table.known(line)})
    if lines is None:
        rows.refuse(pl.col(LINE) <= 0, line, N_("贫困线须大于 0；请改正。"))
    elif not (lines > 0 and math.isfinite(lines)):
        raise Refusal("line", N_("贫困线须大于 0；请改正。"))
    how: dict[str, Any] = {
        "value": VALUE,
        "line": LINE if lines is None else lines,
        "weight": WEIGHT,
        "inclusive": inclusive,
    }
    whole = columns.poverty(rows.frame, alphas=alphas, **how).row(0, named=True)
    figures: dict[str, Any] = {
        "line": line if lines is None else lines,
        "line_rule": "at_or_below" if inclusive else "below",
    }
    figures |= whole | rows.left_out
    if rows.by:
        groups = columns.poverty(rows.frame, alphas=alphas, by=rows.keys, **how)
        additive = ("headcount", "gap", "severity", "watts", *(f"fgt_{alpha:g}" for alpha in alphas))
        figures["groups"] = rows.groups(groups, whole, additive)
    if whole["watts"] is None:
        below = (pl.col(VALUE) <= 0) & (pl.col(WEIGHT) > 0)
        rows.note(below, N_("第 {row} 行收入为零或负数，沃茨指数没有定义；可用 --nonpositive drop 或 --floor。"))
    rows.note_negatives()
    return Survey(figures, rows.notes)


def measure_inequality(asked: Asked, *, epsilon: float, top: float, bottom: float, quantiles: int) -> Survey:
    """`measure inequality`: with --by also what of Theil and MLD is within groups and what between them."""
    rows = Rows(Table(asked.file), asked, {})
    how: dict[str, Any] = {
        "value": VALUE,
        "weight": WEIGHT,
        "epsilon": epsilon,
        "top": top,
        "bottom": bottom,
        "quantiles": quantiles,
    }
    whole = columns.inequality(rows.frame, **how).row(0, named=True)
    figures = whole | {"epsilon": epsilon, "top": top, "bottom": bottom} | rows.left_out
    if rows.by:
        groups = columns.inequality(rows.frame, by=rows.keys, **how)
        figures["decomposition"] = _within_and_between(groups, whole)
        figures["groups"] = rows.groups(groups, whole, ())
    low = (pl.col(VALUE) <= 0) & (pl.col(WEIGHT) > 0)
    if whole["mld"] is None:
        rows.note(low, N_("第 {row} 行收入为零或负数，平均对数离差没有定义；可用 --nonpositive drop 或 --floor。"))
    if whole["atkinson"] == 1 and epsilon >= 1:
        rows.note(low, N_("第 {row} 行收入为零，阿特金森指数在该参数下恒为 1。"))
    if whole["gini"] is None:
        rows.notes.append(Said(N_("平均收入不大于 0，相对指标没有定义。")))
    rows.note_negatives()
    return Survey(figures, rows.notes)


def measure_mpi(
    asked: Asked,
    *,
    deprivations: str | None,
    dimensions: Sequence[Fraction] | None,
    cutoff: Fraction,
    achievements: str | None,
    cutoffs: Sequence[float],
) -> Survey:
    """`measure mpi`: without deprivation columns, deprived is who has less than the achievement's cut-off."""
    table = Table(asked.file)
    amounts = table.names(achievements) if achievements else []
    names = table.names(deprivations) if deprivations else amounts
    if len(cutoffs) != len(amounts) or (amounts and len(amounts) != len(names)):
        raise Refusal(
            "cutoffs",
            N_("剥夺列有 {names} 个，数量列有 {amounts} 个，剥夺临界值有 {cutoffs} 个；须逐一对应。"),
            names=len(names),
            amounts=len(amounts),
            cutoffs=len(cutoffs),
        )
    weights = counting.dimension_weights(dimensions, len(names))
    rows = Rows(table, asked, {f"x{at}": name for at, name in enumerate(amounts)},
                 {f"d{at}": name for at, name in enumerate(names)} if deprivations else {})  # fmt: skip
    if not deprivations:
        below = {f"d{at}": pl.col(f"x{at}") < z for at, z in enumerate(cutoffs)}
        rows.frame = rows.frame.with_columns(**below)
    flags = [f"d{at}" for at in range(len(names))]
    how: dict[str, Any] = {
        "deprivations": flags, "dimensions": weights, "cutoff": cutoff, "weight": WEIGHT,
        "achievements": [f"x{at}" for at in range(len(amounts))], "cutoffs": cutoffs,
    }  # fmt: skip
    whole = _dimensions(columns_counting.alkire_foster(rows.frame, **how).row(0, named=True), names)
    figures = whole | {"cutoff": float(cutoff), "weights": dict(zip(names, weights.tolist(), strict=True))}
    figures |= rows.left_out
    if rows.by:
        groups = columns_counting.alkire_foster(rows.frame, by=rows.keys, **how)
        additive = tuple(key for key in ("h", "m0", "m1", "m2") if key in whole)
        figures["groups"] = {
            key: _dimensions(group, names) for key, group in rows.groups(groups, whole, additive).items()
        }
    _note_weights(rows, dimensions, weights.tolist(), cutoff)
    return Survey(figures, rows.notes)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _within_and_between(groups: pl.DataFrame, whole: dict[str, Any]) -> dict[str, dict[str, float | None]]:
    people = groups["population"] / whole["population"]
    income = people * groups["mean"] / whole["mean"] if whole["mean"] else people
    found: dict[str, dict[str, float | None]] = {}
    for name, share in (("theil", income), ("mld", people)):
        within = None if whole[name] is None else float((share * groups[name].fill_null(0.0)).sum())
        found[name] = {"within": within, "between": None if within is None else whole[name] - within}
    return found


def _dimensions(row: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Figures by dimension under the names of the file."""
    return {
        key: {names[int(d[1:])]: figure for d, figure in value.items()} if key in BY_DIMENSION else value
        for key, value in row.items()
    }


BY_DIMENSION = {"uncensored_headcounts", "censored_headcounts", "contributions", "contributions_m1", "contributions_m2"}


def _note_weights(rows: Rows, given: Sequence[Fraction] | None, weights: Sequence[float], cutoff: Fraction) -> None:
    whole = Fraction(1) if given is None else sum(given, Fraction(0))
    if abs(whole - 1) > Fraction(1, 10**9):
        rows.notes.append(Said(N_("维度权重合计为 {sum}，已按比例化为 1。"), {"sum": f"{float(whole):g}"}))
    score = pl.sum_horizontal(pl.col(f"d{at}").cast(pl.Float64) * weight for at, weight in enumerate(weights))
    short = float(cutoff) - score
    near = rows.frame.select(((short > counting.AT_CUTOFF) & (short < NEAR)).sum()).item()
    if near:
        rows.notes.append(
            Said(N_("有 {count} 行的得分仅比临界值低不到 {near}；权重或临界值若是四舍五入的，请写成分数，如 1/3。"),
                 {"count": near, "near": NEAR})
        )  # fmt: skip
