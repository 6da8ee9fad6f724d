"""What was recognised in a sheet: which column is which field, where the data begin. Correctable, and remembered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

from .fields import ROSTERS
from .spelling import plain

DOUBTFUL = 0.7  # below this a person should look


@dataclass(frozen=True)
class ColumnGuess:
    """One column: its header as written, the field it means (None: not used), how sure (0 to 1) and why."""

    letter: str
    header: str
    field: str | None
    confidence: float
    why: Said


@dataclass(frozen=True)
class Layout:
    """How to read one sheet as one kind of roster.

    `header_rows` and `first_row` are row numbers of the sheet; `blocks` lists the letters of each record where
    records stand side by side; `constants` are values that stand in the title (county, village …).
    """

    sheet: str
    kind: str
    columns: tuple[ColumnGuess, ...]
    header_rows: tuple[int, ...]
    first_row: int
    blocks: tuple[tuple[str, ...], ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    remembered: bool = False
    notes: tuple[Said, ...] = field(default=())

    @property
    def mapping(self) -> dict[str, str]:
        """letter → field, for the columns in use."""
        return {column.letter: column.field for column in self.columns if column.field}

    @property
    def missing(self) -> tuple[tuple[str, ...], ...]:
        """What must be there and is not: groups of fields of which one is needed."""
        here, roster = {*self.mapping.values(), *dict(self.constants)}, ROSTERS[self.kind]
        once = ((code,) for code in roster.once)
        return tuple(group for group in (*roster.needs, *once) if not here.intersection(group))

    @property
    def ambiguous(self) -> tuple[str, ...]:
        """Letters of the columns a person should look at."""
        return tuple(column.letter for column in self.columns if column.field and column.confidence < DOUBTFUL)

    def header(self, letter: str) -> str:
        """A column's header as written."""
        return next((column.header for column in self.columns if column.letter == letter), "")

    def with_mapping(self, mapping: Mapping[str, str | None]) -> "Layout":
        """The layout with columns set by hand, letter → field or None. Refusal for an unknown or doubled field."""
        roster = ROSTERS[self.kind]
        letters = {column.letter for column in self.columns}
        for letter, code in mapping.items():
            if letter not in letters or (code and code not in roster):
                raise Refusal(
                    "no_such_column", N_("不能把 {letter} 列对应到“{field}”：没有这一列或没有这个字段。"),
                    letter=letter, field=code or "",
                )  # fmt: skip
        by_hand = Said(N_("手工指定"))
        columns = tuple(
            replace(column, field=mapping[column.letter] or None, confidence=1.0, why=by_hand)
            if column.letter in mapping else column
            for column in self.columns
        )  # fmt: skip
        taken: dict[str, str] = {}
        for column in columns:
            if column.field and column.field in taken and not self._other_block(taken[column.field], column.letter):
                raise Refusal(
                    "field_twice", N_("{first} 列和 {second} 列都对应到“{field}”，请只保留一列。"),
                    first=taken[column.field], second=column.letter, field=roster.field(column.field).label,
                )  # fmt: skip
            if column.field:
                taken[column.field] = column.letter
        return replace(self, columns=columns)

    def with_whole(self, told: Mapping[str, str]) -> "Layout":
        """The layout with what is told once for the whole file, field → value; "" takes it back.

        Refusal for a field that is told row by row.
        """
        for code in told:
            if code not in ROSTERS[self.kind].once:
                raise Refusal("not_once", N_("“{field}”不能整份名册只填一次。"), field=code)
        constants = {**dict(self.constants), **told}
        return replace(self, constants=tuple((code, value) for code, value in constants.items() if value))

    def _other_block(self, one: str, two: str) -> bool:
        return any(one in block and two not in block for block in self.blocks)

    def signature(self) -> str:
        """Stands for the headers in their order, however they are blanked or bracketed: a key to remember by."""
        text = "\n".join([self.kind, *(f"{column.letter}\t{plain(column.header)}" for column in self.columns)])
        return sha256(text.encode()).hexdigest()[:32]

    def as_json(self) -> dict[str, Any]:
        """Everything needed to build the layout again with `from_json`."""
        return {
            "sheet": self.sheet, "kind": self.kind, "header_rows": list(self.header_rows), "first_row": self.first_row,
            "blocks": [list(block) for block in self.blocks], "constants": dict(self.constants),
            "remembered": self.remembered, "notes": [[note.sentence, note.params] for note in self.notes],
            "columns": [
                [one.letter, one.header, one.field, one.confidence, one.why.sentence, one.why.params]
                for one in self.columns
            ],
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Layout":
        """The layout that `as_json` wrote down."""
        return cls(
            kept["sheet"], kept["kind"],
            tuple(
                ColumnGuess(letter, header, code, sure, Said(sentence, params))
                for letter, header, code, sure, sentence, params in kept["columns"]
            ),
            tuple(kept["header_rows"]), kept["first_row"], tuple(tuple(block) for block in kept["blocks"]),
            tuple(kept["constants"].items()), kept["remembered"],
            tuple(Said(sentence, params) for sentence, params in kept["notes"]),
        )  # fmt: skip
