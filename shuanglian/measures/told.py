"""Figures as a table for people, in Chinese or English."""

import unicodedata
from typing import Any

from shuanglian.kernel.speech import speak
from shuanglian.kernel.words import N_, Said

LABELS = {
    "n": N_("行数"),
    "population": N_("人口（权重合计）"),
    "population_share": N_("人口占比"),
    "mean": N_("平均值"),
    "line": N_("贫困线"),
    "poor": N_("贫困人口"),
    "headcount": N_("贫困发生率 FGT0"),
    "gap": N_("贫困差距率 FGT1"),
    "severity": N_("贫困深度（平方差距）FGT2"),
    "watts": N_("沃茨指数"),
    "sen": N_("森指数"),
    "sen_1976": N_("森指数（1976 年式）"),
    "sst": N_("森-肖洛克斯-索恩指数"),
    "shortfall": N_("与贫困线的总差额"),
    "gini": N_("基尼系数"),
    "theil": N_("泰尔指数"),
    "mld": N_("平均对数离差"),
    "atkinson": N_("阿特金森指数"),
    "epsilon": N_("阿特金森参数"),
    "quantile_share_ratio": N_("分位份额比"),
    "quantile_shares": N_("各分位份额"),
    "h": N_("多维贫困发生率 H"),
    "a": N_("平均剥夺份额 A"),
    "m0": N_("调整后发生率 M0"),
    "m1": N_("调整后差距 M1"),
    "m2": N_("调整后平方差距 M2"),
    "cutoff": N_("贫困临界值"),
    "weights": N_("维度权重"),
    "uncensored_headcounts": N_("未删截发生率"),
    "censored_headcounts": N_("删截发生率"),
    "contributions": N_("对 M0 的贡献"),
    "contributions_m1": N_("对 M1 的贡献"),
    "contributions_m2": N_("对 M2 的贡献"),
    "missing_dropped": N_("因缺失剔除的行"),
    "nonpositive_dropped": N_("因零或负数剔除的行"),
    "floored": N_("提高到最低值的行"),
    "within": N_("组内"),
    "between": N_("组间"),
}
WHOLE = {"n", "population", "poor", "mean", "shortfall", "line", "missing_dropped", "nonpositive_dropped", "floored"}
SKIPPED = {"groups", "decomposition", "line_rule", "top", "bottom"}
NOTHING = "–"


def told(figures: dict[str, Any], notes: list[str], lang: str) -> str:
    """One line a figure, then dimensions, groups and notes."""
    plain = [key for key, value in figures.items() if key not in SKIPPED and not isinstance(value, dict)]
    blocks = [_table([[_label(key, lang), _figure(key, figures[key])] for key in plain])]
    blocks += [_table(_by_dimension(figures, lang))] if "contributions" in figures else []
    if "decomposition" in figures:
        heading = ["", _label("within", lang), _label("between", lang)]
        parts = figures["decomposition"].items()
        rows = [
            [_label(name, lang), *(_figure(name, part[key]) for key in ("within", "between"))] for name, part in parts
        ]
        blocks.append(_table([heading, *rows]))
    if "groups" in figures:
        blocks.append(_table(_by_group(figures["groups"], lang)))
    return "\n\n".join([*blocks, *(["\n".join(f"* {note}" for note in notes)] if notes else [])])


def _by_dimension(figures: dict[str, Any], lang: str) -> list[list[str]]:
    kinds = [key for key, value in figures.items() if key not in SKIPPED and isinstance(value, dict)]
    rows = [[name, *(_figure(kind, figures[kind][name]) for kind in kinds)] for name in figures["contributions"]]
    return [["", *(_label(kind, lang) for kind in kinds)], *rows]


def _by_group(groups: dict[str, dict[str, Any]], lang: str) -> list[list[str]]:
    first = next(iter(groups.values()))
    kinds = [key for key, value in first.items() if not isinstance(value, dict | list)]
    rows = [[name or NOTHING, *(_figure(kind, group[kind]) for kind in kinds)] for name, group in groups.items()]
    return [["", *(_label(kind, lang) for kind in kinds)], *rows]


def _label(key: str, lang: str) -> str:
    return speak(Said(LABELS[key]), lang) if key in LABELS else key


def _figure(key: str, value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, list):
        return " ".join(_figure(key, one) for one in value)
    if isinstance(value, str):
        return value
    if key in WHOLE:
        return f"{value:,.2f}".removesuffix(".00")
    return f"{value:.4f}"


def _table(rows: list[list[str]]) -> str:
    """Columns of even width, the first to the left and figures to the right; Chinese characters are two wide."""
    widths = [max(_width(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) if at == 0 else " " * (width - _width(cell)) + cell
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
