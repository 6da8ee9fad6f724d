"""Terms on the page: what the form holds, between the table of a text and what was posted.

The form works without a script: every button posts the whole form with what to `do`, the state is changed and drawn
anew. Nothing is kept until "save".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from shuanglian.core.profile import active
from shuanglian.kernel.words import N_, Said
from shuanglian.rules.building import (
    OPERATIONS,
    SEVERAL,
    Block,
    Group,
    Members,
    Row,
    Rows,
    Unfinished,
    Written,
    from_text,
    kind_of,
    to_text,
    word_at,
)
from shuanglian.rules.cel.faults import TextFault, TextFaults
from shuanglian.rules.cel.language import Expression, read
from shuanglian.rules.cel.types import BOOL, NUMBER
from shuanglian.rules.cel.vocabulary import Vocabulary
from shuanglian.rules.facts.catalogue import vocabulary
from shuanglian.rules.profile_shapes import Label

AMOUNT_KEYS = ("name", "is", "zh", "en", "unit_zh", "unit_en")
MOST = 40  # blocks of one page, rows of one block, amounts
MOST_CODES = 200  # ticked of one list


@dataclass
class RowState:
    """One line of a block; join: and, or (with the line before it)."""

    join: str = "or"
    path: str = ""
    op: str = ""
    values: list[str] = field(default_factory=list)
    against: str = "value"


@dataclass
class BlockState:
    """One condition: kind rows, members or text; zh, en: own words in the place of the sentence made from it."""

    kind: str = "rows"
    rows: list[RowState] = field(default_factory=list)
    quantifier: str = "some"
    op: str = ">="
    number: str = "1"
    text: str = ""
    zh: str = ""
    en: str = ""

    def block(self) -> Block:
        if self.kind == "text":
            return Written(self.text)
        if self.kind == "members":
            return Members(self.quantifier, _group(self.rows), self.op, self.number)
        return Rows(_group(self.rows))


def _group(rows: list[RowState]) -> Group:
    alternatives: list[list[Row]] = []
    for place, row in enumerate(rows):
        if place == 0 or row.join == "or":
            alternatives.append([])
        alternatives[-1].append(Row(row.path, row.op, tuple(row.values), row.against))
    return tuple(map(tuple, alternatives))


def _state_of(block: Block) -> BlockState:
    if isinstance(block, Written):
        return BlockState("text", text=block.text)
    rows = [
        RowState("or" if place == 0 else "and", row.path, row.op, list(row.values), row.against)
        for alternative in block.group
        for place, row in enumerate(alternative)
    ]
    if isinstance(block, Members):
        return BlockState("members", rows, block.quantifier, block.op, block.number)
    return BlockState("rows", rows)


@dataclass
class AmountState:
    name: str = ""
    amount: str = ""
    zh: str = ""
    en: str = ""
    unit_zh: str = ""
    unit_en: str = ""


@dataclass
class TermsState:
    """One stretch of terms as its form holds it."""

    since: str = ""
    until: str = ""
    document: str = ""
    cites: list[str] = field(default_factory=list)
    lacks: str = ""
    note: str = ""
    yuan: str = ""
    amounts: list[AmountState] = field(default_factory=list)
    blocks: list[BlockState] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)  # of the table what the form has no place for (differs)

    # --- from a table and back --------------------------------------------------------------------------------------
    @classmethod
    def of(cls, table: Mapping[str, Any], subject: str) -> TermsState:
        """The state of a table; what a hand wrote differently from what the form expects is left out."""
        state = cls(kept={key: table[key] for key in ("differs",) if key in table})
        for key in ("since", "until", "document", "note", "yuan"):
            setattr(state, key, str(table.get(key) or ""))
        state.cites = [str(one) for one in table.get("cites", [])]
        state.lacks = "\n".join(_two(one) for one in table.get("lacks", []))
        for name, one in table.get("given", {}).items():
            label, unit = one.get("label", {}), one.get("unit") or {}
            said = (_word(label, "zh"), _word(label, "en"), _word(unit, "zh"), _word(unit, "en"))
            state.amounts.append(AmountState(name, str(one.get("is", "")), *said))
        words = state.words(subject)
        for one in table.get("all_of", []):
            block = _state_of(from_text(str(one.get("when", "")), words))
            state.blocks.append(block)
            told = Weighing.of(block, words)
            says = one.get("says", {})
            block.zh, block.en = (
                "" if said == _word(says, lang) else _word(says, lang)
                for lang, said in (("zh", told.zh), ("en", told.en))
            )
        return state

    def table(self, subject: str) -> dict[str, Any]:
        """The table of the state; unfinished conditions become texts that will be told as faults."""
        words = self.words(subject)
        lacks = [_both(*_parted(line)) for line in self.lacks.splitlines() if line.strip()]
        found: dict[str, Any] = {"since": _day(self.since), "until": _day(self.until) if self.until else None}
        found |= {"cites": self.cites, "document": self.document, "note": self.note.strip() or None}
        found["state"] = "incomplete" if lacks else "complete"
        found["lacks"] = lacks or None
        found["given"] = {one.name: _given(one) for one in self.amounts} or None
        found["yuan"] = self.yuan.strip() or None
        found["all_of"] = [_condition(one, words) for one in self.blocks]
        return {key: value for key, value in {**found, **self.kept}.items() if value is not None}

    def words(self, subject: str) -> Vocabulary:
        """What texts may speak of: the facts of the subject and the named amounts of these terms."""
        base = vocabulary()
        roots = {name: kind for name, kind in base.roots.items() if subject == "person" or name != "person"}
        labels = {one.name: _label(one.zh or one.name, one.en) for one in self.amounts if one.name}
        return Vocabulary(base.words, roots).with_given(labels)

    # --- from what was posted ---------------------------------------------------------------------------------------
    @classmethod
    def posted(cls, post: QueryDict, kept: Mapping[str, Any]) -> TermsState:
        state = cls(cites=post.getlist("cites"), yuan=_yuan(post), kept=dict(kept))
        for key in ("since", "until", "document", "lacks", "note"):
            setattr(state, key, post.get(key, "").strip())
        for prefix in _numbered(post, "a"):
            given = [
                post.get(f"{prefix}-{key}", "").strip() for key in ("name", "is", "zh", "en", "unit_zh", "unit_en")
            ]
            state.amounts.append(AmountState(*given))
        for prefix in _numbered(post, "b"):
            state.blocks.append(_block(post, prefix))
        state._name_amounts()
        return state

    def _name_amounts(self) -> None:
        """An amount without a name gets one: texts need it, people do not."""
        taken = {one.name for one in self.amounts}
        for one in self.amounts:
            if not one.name:
                one.name = next(name for n in range(1, 2 * MOST) if (name := f"amount_{n}") not in taken)
                taken.add(one.name)

    def settle(self, subject: str) -> None:
        """A fact without a comparison, or with one of another kind of fact, takes the first of its own kind."""
        words = self.words(subject)
        for row in (row for block in self.blocks for row in block.rows):
            word = word_at(row.path, words)
            operations = OPERATIONS[kind_of(word)] if word else ()
            if operations and row.op not in operations:
                row.op, row.values, row.against = operations[0], [], "value"
            elif operations and row.against != "value" and row.op in SEVERAL:
                row.against = "value"
            if row.op in SEVERAL and word is not None and kind_of(word) == "whole":
                row.values = [part.strip() for one in row.values for part in re.split("[,，、 ]+", one) if part.strip()]

    def do(self, what: str) -> None:
        """Change the state as a button says: add:rows, use:person.age, row:2, drop:2, drop:2:0, up:2, amount …"""
        verb, *rest = what.split(":")
        places = [int(one) for one in rest if one.isascii() and one.isdigit() and len(one) < 4]
        match verb, places:
            case "add", [] if rest and rest[0] in ("rows", "members", "text") and len(self.blocks) < MOST:
                self.blocks.append(BlockState(rest[0], [RowState()] if rest[0] != "text" else []))
            case "use", [] if rest and len(self.blocks) < MOST:
                self.blocks.append(BlockState("rows", [RowState(path=rest[0])]))
            case "row", [at] if at < len(self.blocks) and len(self.blocks[at].rows) < MOST:
                self.blocks[at].rows.append(RowState())
            case "drop", [at] if at < len(self.blocks):
                del self.blocks[at]
            case "drop", [at, row] if at < len(self.blocks) and row < len(self.blocks[at].rows):
                del self.blocks[at].rows[row]
            case "up", [at] if 0 < at < len(self.blocks):
                self.blocks[at - 1], self.blocks[at] = self.blocks[at], self.blocks[at - 1]
            case "amount", [] if len(self.amounts) < MOST:
                self.amounts.append(AmountState())
                self._name_amounts()
            case "unamount", [at] if at < len(self.amounts):
                del self.amounts[at]


def _numbered(post: QueryDict, letter: str) -> list[str]:
    """a0, a1 … as far as the form has them."""
    return [f"{letter}{number}" for number in range(MOST) if f"{letter}{number}-on" in post]


def _yuan(post: QueryDict) -> str:
    """A formula, or the one amount that was picked."""
    return post.get("yuan_text", "").strip() or post.get("yuan", "")


def _block(post: QueryDict, prefix: str) -> BlockState:
    def told(key: str, default: str = "") -> str:
        return post.get(f"{prefix}-{key}", default).strip()

    rows = []
    for number in range(MOST):
        row = f"{prefix}-r{number}"
        if f"{row}-fact" in post:
            values = [one.strip() for one in post.getlist(f"{row}-value")][:MOST_CODES]
            join = "and" if post.get(f"{row}-join") == "and" else "or"
            fact, op, against = (post.get(f"{row}-{key}", "") for key in ("fact", "op", "against"))
            rows.append(RowState(join, fact, op, values, against or "value"))
    kind = told("kind") if told("kind") in ("rows", "members", "text") else "rows"
    quantifier = told("quantifier") if told("quantifier") in ("some", "none", "all", "count") else "some"
    op = told("op") if told("op") in ("==", "!=", ">=", "<=", ">", "<") else ">="
    return BlockState(kind, rows, quantifier, op, told("number", "1"), told("text"), told("zh"), told("en"))


# --- conditions weighed while they are made -------------------------------------------------------------------------
@dataclass(frozen=True)
class Weighing:
    """A block as it stands: its text, its sentences, or what is wrong with it (in the whole, or at a row)."""

    text: str = ""
    zh: str = ""
    en: str = ""
    faults: tuple[TextFault, ...] = ()
    unfinished: tuple[int, Said] | None = None

    @classmethod
    def of(cls, block: BlockState, words: Vocabulary) -> Weighing:
        try:
            text = to_text(block.block(), words)
        except Unfinished as told:
            return cls(unfinished=(told.row, told.said))
        if not text.strip():
            return cls(unfinished=(0, Said(N_("请写条件，如 person.age >= 60"))))
        try:
            expression = read(text, words, BOOL, codes=active().codes)
        except TextFaults as told:
            return cls(text, faults=told.faults)
        return cls(text, *sentences(expression))


def sentences(expression: Expression) -> tuple[str, str]:
    """What a text says, in Chinese and English."""
    codes = active().codes
    return expression.sentence("zh", codes), expression.sentence("en", codes)


def weigh_yuan(state: TermsState, words: Vocabulary) -> Weighing:
    """The amount's formula: what it says or what is wrong with it."""
    if not state.yuan.strip():
        return Weighing()
    try:
        return Weighing(state.yuan, *sentences(read(state.yuan, words, NUMBER, codes=active().codes)))
    except TextFaults as told:
        return Weighing(state.yuan, faults=told.faults)


def _condition(block: BlockState, words: Vocabulary) -> dict[str, Any]:
    told = Weighing.of(block, words)
    zh = block.zh or told.zh or block.text
    return {"when": told.text, "says": {"zh": zh, "en": block.en or told.en or zh}}


def _given(one: AmountState) -> dict[str, Any]:
    unit = {"unit": _both(one.unit_zh, one.unit_en)} if one.unit_zh or one.unit_en else {}
    return {"is": one.amount.replace(",", "") or "0", "label": _both(one.zh or one.name, one.en), **unit}


def _both(zh: str, en: str) -> dict[str, str]:
    """A name in both languages: the one that was left out is the other."""
    return {"zh": zh or en, "en": en or zh}


def _two(label: Any) -> str:
    """A name on one line: Chinese | English."""
    return f"{_word(label, 'zh')} | {_word(label, 'en')}"


def _parted(line: str) -> tuple[str, str]:
    zh, _, en = line.partition(" | ")
    return zh.strip(), en.strip()


def _label(zh: str, en: str) -> Label:
    return Label(zh=zh or en, en=en or zh)


def _word(label: Any, lang: str) -> str:
    return str(label.get(lang, "")) if isinstance(label, Mapping) else ""


def _day(text: str) -> Any:
    """A day as TOML holds it; what is none stays text and is told as a fault."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text or None
