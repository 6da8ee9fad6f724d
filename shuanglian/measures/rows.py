"""The rows of a file that a measure looks at: columns under fixed names, weight times size, gaps refused or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

from .files import ROW, BadTable, Table
from .scales import BY_AGE, equivalents

VALUE, LINE, WEIGHT = "value", "line", "weight"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked of every measure: the file, its columns, and what to do with gaps and low incomes."""

    file: Path
    value: str | None = None
    weight: str | None = None
    size: str | None = None
    by: str | None = None
    missing: str = "refuse"
    scale: str | None = None
    adults: str | None = None
    floor: float | None = None
    nonpositive: str = "keep"


class Rows:
    """The rows that are measured: columns under fixed names, weight times size, gaps refused or dropped."""

    def __init__(
        self, table: Table, asked: Asked, numbers: dict[str, str], flags: dict[str, str] | None = None
    ) -> None:
        self.table, self.asked = table, asked
        self.by = table.names(asked.by) if asked.by else []
        self.keys = [f"by{at}" for at in range(len(self.by))]
        self.left_out: dict[str, int] = {}
        self.notes: list[Said] = []
        given = {VALUE: asked.value, "given": asked.weight, "size": asked.size, "adults": asked.adults}
        wanted = numbers | {name: table.known(column) for name, column in given.items() if column is not None}
        flags = flags or {}
        frame = table.read([*wanted.values(), *flags.values(), *self.by])
        read = {name: table.numbers(frame, column) for name, column in wanted.items()}
        read |= {name: table.flags(frame, column) for name, column in flags.items()}
        keys = {key: frame[name] for key, name in zip(self.keys, self.by, strict=True)}
        self.frame = pl.DataFrame({ROW: frame[ROW], **keys, **read})
        self._without_gaps(wanted | flags)
        self._weigh()
        if asked.value is not None:
            self._scale()
            self._low_incomes()

    def _without_gaps(self, wanted: dict[str, str]) -> None:
        gaps = pl.any_horizontal(pl.col(name).is_null() for name in wanted)
        if self.asked.missing == "drop":
            kept = self.frame.filter(~gaps)
            self.left_out["missing_dropped"] = self.frame.height - kept.height
            self.frame = kept
        else:
            for name, column in wanted.items():
                self.refuse(pl.col(name).is_null(), column,
                             N_("该行缺失；请补上，或用 --missing drop 剔除并报告数目。"))  # fmt: skip
        for name, column in wanted.items():
            self.refuse(pl.col(name).is_infinite(), column, N_("数值为无穷；请改正。"))
        self._still_some()

    def _weigh(self) -> None:
        factors = [name for name in ("given", "size") if name in self.frame.columns]
        for name in factors:
            column = self.asked.weight if name == "given" else self.asked.size
            self.refuse(pl.col(name) < 0, column or "", N_("权重或人口为负；请填写 0 或正数。"))
        weight = pl.lit(1.0)
        for name in factors:
            weight = weight * pl.col(name)
        self.frame = self.frame.with_columns(weight.alias(WEIGHT))
        if not self.frame[WEIGHT].sum() > 0:
            raise BadTable(self.table.path, None, self.asked.weight or self.asked.size or "",
                           Said(N_("权重合计为 0；请给出有权重的行。")))  # fmt: skip

    def _scale(self) -> None:
        if self.asked.scale is None:
            return
        if self.asked.size is None or (self.asked.scale in BY_AGE and self.asked.adults is None):
            raise Refusal("scale", N_("等值尺度须知道家庭人口（--size）；OECD 尺度还须知道成人数（--adults）。"))
        self.refuse(pl.col("size") <= 0, self.asked.size, N_("家庭人口不是正数；请改正。"))
        if self.asked.adults is not None:
            wrong = (pl.col("adults") < 0) | (pl.col("adults") > pl.col("size"))
            self.refuse(wrong, self.asked.adults, N_("成人数为负或多于家庭人口；请改正。"))
        size, adults = self.frame["size"].to_numpy(), self.frame.get_column("adults", default=None)
        scale = equivalents(self.asked.scale, size, None if adults is None else adults.to_numpy())
        self.frame = self.frame.with_columns(pl.col(VALUE) / pl.Series(scale))

    def _low_incomes(self) -> None:
        if self.asked.nonpositive == "drop":
            kept = self.frame.filter(pl.col(VALUE) > 0)
            self.left_out["nonpositive_dropped"] = self.frame.height - kept.height
            self.frame = kept
            self._still_some()
        if self.asked.floor is not None:
            self.left_out["floored"] = int((self.frame[VALUE] < self.asked.floor).sum())
            self.frame = self.frame.with_columns(pl.col(VALUE).clip(lower_bound=self.asked.floor))

    def _still_some(self) -> None:
        if not self.frame.height:
            raise BadTable(self.table.path, None, "", Said(N_("剔除之后没有数据行。")))

    def refuse(self, wrong: pl.Expr, column: str, sentence: str) -> None:
        """Refuse the file with the first row that something is wrong with, if there is one."""
        if (row := self._first(wrong)) is not None:
            raise BadTable(self.table.path, row, column, Said(sentence))

    def _first(self, wrong: pl.Expr) -> int | None:
        found: int | None = self.frame.select(pl.col(ROW).filter(wrong).first()).item()
        return found

    def note(self, wrong: pl.Expr, sentence: str) -> None:
        """Tell the first row (of the file) that something is true of, if there is one."""
        if (row := self._first(wrong)) is not None:
            self.notes.append(Said(sentence, {"row": row}))

    def note_negatives(self) -> None:
        if negative := int((self.frame[VALUE] < 0).sum()):
            self.notes.append(Said(N_("有 {count} 行为负数，按原值计入。"), {"count": negative}))

    def groups(self, found: pl.DataFrame, whole: dict[str, Any], additive: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Figures by group: its name (several columns joined by " / "), share of people, contribution to the whole."""
        told: dict[tuple[str, ...], dict[str, Any]] = {}
        for row in found.iter_rows(named=True):
            labels = tuple("" if row[key] is None else str(row[key]) for key in self.keys)
            figures = {key: figure for key, figure in row.items() if key not in self.keys}
            figures["population_share"] = share = row["population"] / whole["population"]
            if additive:
                figures["contribution"] = {key: _contribution(share, row[key], whole[key]) for key in additive}
            told[labels] = {"group": dict(zip(self.by, labels, strict=True))} | figures
        return {
            " / ".join(labels): told[labels] for labels in sorted(told, key=lambda labels: [*map(_natural, labels)])
        }


def _contribution(share: float, figure: float | None, whole: float | None) -> float | None:
    if figure is None or whole is None:
        return None
    return share * figure / whole if whole else 0.0


def _natural(label: str) -> tuple[bool, float, str]:
    """Numbers by size before words by letter; no label at all comes last."""
    try:
        return (not label, float(label), label)
    except ValueError:
        return (not label, float("inf"), label)
