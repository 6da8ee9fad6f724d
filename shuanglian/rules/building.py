"""Conditions put together from pick-lists: to their text and, where a text is of that shape, back.

    block = Rows((((Row("person.age", ">=", ("60",)),),)))
    to_text(block, words)              person.age >= 60
    from_text(text, words)             the block, or Written(text) for what pick-lists cannot say

A block is one condition: alternatives, each of tests that must all hold; or the same asked of the household's members.
`words` is the vocabulary of the rule with its named amounts. Whole numbers are written as they are, amounts with a
point; the codes of a list are texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from shuanglian.kernel.words import N_, Said

from .cel.faults import TextFaults
from .cel.parse import parse
from .cel.syntax import Call, Has, ListLiteral, Literal, Logic, Macro, Name, Node, Select
from .cel.types import BOOL, DAY, NUMBER, TEXT, WHOLE
from .cel.vocabulary import Vocabulary, Word

MEMBER = "m"  # what a member is called in texts
MEMBER_PATH = "person."  # and its facts in blocks
COMPARISONS = ("==", "!=", ">=", "<=", ">", "<")
OPERATIONS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "bool": ("yes", "no", "known", "unknown"),
    "coded": ("one_of", "none_of", "known", "unknown"),
    "codes": ("one_of", "none_of", "known", "unknown"),
    "text": ("==", "!=", "contains", "startsWith", "known", "unknown"),
    "whole": (*COMPARISONS, "one_of", "none_of", "known", "unknown"),
    "number": (*COMPARISONS, "known", "unknown"),
    "day": (*COMPARISONS, "this_year", "known", "unknown"),
})  # fmt: skip
VALUELESS = frozenset(["yes", "no", "known", "unknown", "this_year"])
SEVERAL = frozenset(["one_of", "none_of"])
AGAINST = ("value", "given", "fact")
QUANTIFIERS = ("some", "none", "all", "count")


@dataclass(frozen=True)
class Row:
    """One fact compared: path, operation, values; against: with values, a named amount, or another fact's path."""

    path: str
    op: str
    values: tuple[str, ...] = ()
    against: str = "value"


Group = tuple[tuple[Row, ...], ...]  # alternatives, each of tests that all hold


@dataclass(frozen=True)
class Rows:
    """A condition over the recipient, the household, the village or the year."""

    group: Group


@dataclass(frozen=True)
class Members:
    """A condition over the household's members: some, none, all of them, or how many (op, number)."""

    quantifier: str
    group: Group
    op: str = ">="
    number: str = "1"


@dataclass(frozen=True)
class Written:
    """A condition that is written, not picked."""

    text: str


Block = Rows | Members | Written


class Unfinished(Exception):
    """A test that says nothing yet: which row of the block (from 0), and what is missing."""

    def __init__(self, row: int, said: Said) -> None:
        self.row, self.said = row, said
        super().__init__(str(said))


def kind_of(word: Word) -> str:
    """Which operations a fact has: a key of OPERATIONS."""
    if word.type.of is not None:
        return "codes"
    if word.type == TEXT:
        return "coded" if word.codes else "text"
    return {BOOL: "bool", WHOLE: "whole", NUMBER: "number", DAY: "day"}[word.type]


def word_at(path: str, words: Vocabulary) -> Word | None:
    record, _, name = path.partition(".")
    return words.word(record, name)


# --- to text --------------------------------------------------------------------------------------------------------
def to_text(block: Block, words: Vocabulary) -> str:
    """The text of a block; Unfinished where something is left out."""
    if isinstance(block, Written):
        return block.text
    if isinstance(block, Rows):
        return _group(block.group, words, "")
    inner = _group(block.group, words, MEMBER)
    over = f"household.members.{_MACROS[block.quantifier]}({MEMBER}, {inner})"
    if block.quantifier == "count":
        return f"{over}.size() {block.op} {_whole(block.number, len(_rows(block.group)))}"
    return f"!{over}" if block.quantifier == "none" else over


_MACROS = {"some": "exists", "none": "exists", "all": "all", "count": "filter"}


def _rows(group: Group) -> list[Row]:
    return [test for alternative in group for test in alternative]


def _group(group: Group, words: Vocabulary, member: str) -> str:
    row, alternatives = 0, []
    for alternative in group:
        parts = []
        for test in alternative:
            parts.append(_test(test, words, member, row))
            row += 1
        alternatives.append(" && ".join(parts))
    if not row:
        raise Unfinished(0, Said(N_("请选一项情况")))
    return " || ".join(alternatives)


def _test(test: Row, words: Vocabulary, member: str, row: int) -> str:
    word = word_at(test.path, words)
    if word is None:
        raise Unfinished(row, Said(N_("请选一项情况")))
    kind, fact = kind_of(word), _path(test.path, member)
    if test.op not in OPERATIONS[kind]:
        raise Unfinished(row, Said(N_("请选怎样比较")))
    if test.op in VALUELESS:
        return _VALUELESS[test.op].format(fact=fact)
    if not any(value.strip() for value in test.values):
        raise Unfinished(row, Said(N_("请选或填比较的内容")))
    if test.op in SEVERAL:
        return _several(test, kind, fact, row)
    right = _right(test, kind, member, words, row)
    return f"{fact}.{test.op}({right})" if test.op in ("contains", "startsWith") else f"{fact} {test.op} {right}"


_VALUELESS = {
    "yes": "{fact}", "no": "!{fact}", "known": "has({fact})", "unknown": "!has({fact})",
    "this_year": "{fact}.getFullYear() == day.getFullYear()",
}  # fmt: skip


def _path(path: str, member: str) -> str:
    return f"{member}.{path.removeprefix(MEMBER_PATH)}" if member and path.startswith(MEMBER_PATH) else path


def _several(test: Row, kind: str, fact: str, row: int) -> str:
    none = test.op == "none_of"
    values = [_whole(one, row) if kind == "whole" else quoted(one) for one in test.values if one.strip()]
    listed = f"[{', '.join(values)}]"
    if kind == "codes":
        found = f"{values[0]} in {fact}" if len(values) == 1 else f"{fact}.exists(c, c in {listed})"
        return found if not none else f"!({found})" if len(values) == 1 else f"!{found}"
    if kind == "coded" and len(values) == 1:
        return f"{fact} {'!=' if none else '=='} {values[0]}"
    return f"!({fact} in {listed})" if none else f"{fact} in {listed}"


def _right(test: Row, kind: str, member: str, words: Vocabulary, row: int) -> str:
    value = test.values[0].strip()
    if test.against == "given":
        if words.word("given", value) is None:
            raise Unfinished(row, Said(N_("请选本项规定的一个数")))
        return f"given.{value}"
    if test.against == "fact":
        other = word_at(value, words)
        if other is None or kind_of(other) not in _COMPARABLE[kind]:
            raise Unfinished(row, Said(N_("请选同一种的另一项情况")))
        return _path(value, member)
    if kind == "day":
        return f"date('{_day(value, row)}')"
    if kind == "number":
        return _amount(value, row)
    return _whole(value, row) if kind == "whole" else quoted(value)


_COMPARABLE = {
    "whole": ("whole", "number"), "number": ("whole", "number"), "day": ("day",), "text": ("text", "coded"),
    "coded": (), "codes": (), "bool": (),
}  # fmt: skip


def quoted(text: str) -> str:
    """A text as the language writes it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r") + "'"


def _whole(value: str, row: int) -> str:
    if not re.fullmatch(r"-?[0-9]{1,18}", value.strip()):
        raise Unfinished(row, Said(N_("“{value}”不是整数"), {"value": value[:40]}))
    return str(int(value))


def _amount(value: str, row: int) -> str:
    try:
        number = Decimal(value.replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= 10**18:
        raise Unfinished(row, Said(N_("“{value}”不是数"), {"value": value[:40]}))
    text = f"{number:f}"
    return text if "." in text else f"{text}.0"


def _day(value: str, row: int) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Unfinished(row, Said(N_("“{value}”不是日期，写成如 2015-09-01"), {"value": value[:40]})) from None


# --- from text ------------------------------------------------------------------------------------------------------
class _NotPicked(Exception):
    """A part that pick-lists cannot say."""


def from_text(text: str, words: Vocabulary) -> Block:
    """The block of a text; Written when it is of another shape or has faults. No block says another thing than it."""
    try:
        return _Reader(words).block(parse(text))
    except (_NotPicked, TextFaults):
        return Written(text)


class _Reader:
    def __init__(self, words: Vocabulary) -> None:
        self.words, self.member = words, ""

    def block(self, node: Node) -> Block:
        match node:
            case Macro(kind="exists" | "all") if _over_members(node):
                return Members("some" if node.kind == "exists" else "all", self._inside(node))
            case Call(name="!", args=(Macro(kind="exists") as inner,)) if _over_members(inner):
                return Members("none", self._inside(inner))
            case Call(name=op, args=(Call(name="size", args=(Macro(kind="filter") as inner,)), Literal(value=int(n)))):
                if op in COMPARISONS and _over_members(inner):
                    return Members("count", self._inside(inner), op, str(n))
        return Rows(self.group(node))

    def _inside(self, macro: Macro) -> Group:
        self.member = macro.name
        if macro.where is not None or macro.name in self.words.roots:
            raise _NotPicked
        return self.group(macro.each)

    def group(self, node: Node) -> Group:
        if isinstance(node, Logic) and node.sign == "||":
            return tuple(self._alternative(part) for part in node.parts)
        return (self._alternative(node),)

    def _alternative(self, node: Node) -> tuple[Row, ...]:
        if isinstance(node, Logic) and node.sign == "&&":
            return tuple(self.test(part) for part in node.parts)
        return (self.test(node),)

    def test(self, node: Node) -> Row:
        match node:
            case Select():
                return self._made(node, "yes", "bool")
            case Has():
                return self._made(node.fact, "known")
            case Call(name="!", args=(Has() as inner,)):
                return self._made(inner.fact, "unknown")
            case Call(name="!", args=(Select() as inner,)):
                return self._made(inner, "no", "bool")
            case Call(name="!", args=(inner,)):
                return _opposite(self.test(inner))
            case Call(name="in", args=(Literal(value=str(code)), Select() as fact)):
                return self._made(fact, "one_of", "codes", (code,))
            case Call(name="in", args=(Select() as fact, ListLiteral() as several)):
                return self._made(fact, "one_of", None, tuple(_literal(one) for one in several.items))
            case Macro(kind="exists", where=None, over=Select() as fact, each=Call(
                name="in", args=(Name(name=one), ListLiteral() as several)
            )) if one == node.name:  # fmt: skip
                return self._made(fact, "one_of", "codes", tuple(_literal(item) for item in several.items))
            case Call(name="contains" | "startsWith", method=True, args=(Select() as fact, Literal(value=str(part)))):
                return self._made(fact, node.name, "text", (part,))
            case Call(name=op, args=(left, right)) if op in COMPARISONS:
                return self._comparison(op, left, right)
        raise _NotPicked

    def _comparison(self, op: str, left: Node, right: Node) -> Row:
        if op == "==" and _year_of(left) is not None and isinstance(_year_of(right), Name):
            fact = _year_of(left)
            if isinstance(fact, Select) and _year_of(right).name == "day":  # type: ignore[union-attr]
                return self._made(fact, "this_year", "day")
        if not isinstance(left, Select):
            raise _NotPicked
        kind = kind_of(self._word(left))
        if isinstance(right, Select):
            return self._with_fact(op, left, right, kind)
        value = _literal(right)
        if kind == "coded" and op in ("==", "!="):
            return self._made(left, "one_of" if op == "==" else "none_of", "coded", (value,))
        if not _fits(right, kind):
            raise _NotPicked
        return self._made(left, op, None, (value,))

    def _with_fact(self, op: str, left: Select, right: Select, kind: str) -> Row:
        other = self._path(right)
        if other.startswith("given.") and kind in ("whole", "number"):
            return self._made(left, op, None, (other.removeprefix("given."),), "given")
        if kind_of(self._word(right)) not in _COMPARABLE[kind]:
            raise _NotPicked
        return self._made(left, op, None, (other,), "fact")

    def _made(
        self, fact: Select, op: str, kind: str | None = None, values: tuple[str, ...] = (), against: str = "value"
    ) -> Row:
        """A test, if its fact has the kind and the kind the operation."""
        found = kind_of(self._word(fact))
        if kind not in (None, found) or op not in OPERATIONS[found]:
            raise _NotPicked
        if op in SEVERAL and (not values or any(not one.strip() or "\0" in one for one in values)):
            raise _NotPicked
        if found == "whole" and op in SEVERAL and not all(re.fullmatch(r"-?[0-9]{1,18}", one) for one in values):
            raise _NotPicked
        if op not in VALUELESS and any(one != one.strip() for one in values):
            raise _NotPicked
        if op not in VALUELESS and not all(values):
            raise _NotPicked
        return Row(self._path(fact), op, values, against)

    def _word(self, fact: Select) -> Word:
        word = word_at(self._path(fact), self.words)
        if word is None or (word.record == "given" and not self._path(fact).startswith("given.")):
            raise _NotPicked
        return word

    def _path(self, fact: Select) -> str:
        """A fact of a root, or of the member that is asked about; the recipient among members cannot be picked."""
        if not isinstance(fact.of, Name):
            raise _NotPicked
        root = fact.of.name
        if self.member:
            if root == self.member:
                return f"{MEMBER_PATH}{fact.name}"
            if root == "person":
                raise _NotPicked
        if root not in self.words.roots:
            raise _NotPicked
        return f"{root}.{fact.name}"


def _over_members(macro: Macro) -> bool:
    match macro.over:
        case Select(of=Name(name="household"), name="members"):
            return True
    return False


def _year_of(node: Node) -> Node | None:
    if isinstance(node, Call) and node.name == "getFullYear" and len(node.args) == 1:
        return node.args[0]
    return None


def _opposite(test: Row) -> Row:
    """Not one of is none of; what else is denied stays written."""
    if test.op != "one_of":
        raise _NotPicked
    return Row(test.path, "none_of", test.values, test.against)


def _literal(node: Node) -> str:
    match node:
        case Literal(value=bool() | None):
            raise _NotPicked
        case Literal(value=Decimal() as number):
            return f"{number.normalize():f}"
        case Literal(value=value):
            return str(value)
        case Call(name="-", args=(Literal(value=int() | Decimal()) as inner,)):
            return f"-{_literal(inner)}"
        case Call(name="date", method=False, args=(Literal(value=str(day)),)):
            return day
    raise _NotPicked


def _fits(node: Node, kind: str) -> bool:
    """Whether a literal is of the kind that a fact is compared with."""
    if isinstance(node, Call) and node.name == "-":
        node = node.args[0]
    if isinstance(node, Call):
        return node.name == "date" and kind == "day"
    value = node.value if isinstance(node, Literal) else None
    allowed = {"number": (int, Decimal), "whole": (int,), "text": (str,)}.get(kind, ())
    return isinstance(value, allowed) and not isinstance(value, bool)
