"""A text as a sentence in Chinese or English, built from the labels of its facts and codes.

person.age >= 60 && person.disability_grade in [1, 2]
年龄不小于60岁，并且残疾等级为1或2 · age is at least 60 years old and grade of disability is one of 1, 2
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from . import phrases
from .numbers import spell
from .outcomes import CannotWork
from .syntax import Call, Conditional, Has, ListLiteral, Literal, Logic, Macro, Name, Node, Select
from .times import read_span
from .types import BOOL, DAY
from .vocabulary import Word

if TYPE_CHECKING:
    from .language import Expression

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in", "not in": "in"}
MIRROR = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


def sentence(expression: Expression, lang: str, codes: Mapping[str, Any] | None, node: Node) -> str:
    """What a node of a text says, without a full stop."""
    return _Speaker(expression, "zh" if lang.lower().startswith("zh") else "en", codes or {}).say(node)


class _Speaker:
    def __init__(self, expression: Expression, lang: str, codes: Mapping[str, Any]) -> None:
        self.expression, self.lang, self.codes = expression, lang, codes
        self.variables: dict[str, str] = {}

    def words(self, key: str, **gaps: str) -> str:
        return phrases.PHRASES[key][self.lang].format(**gaps)

    def say(self, node: Node) -> str:
        """A condition as a clause, an amount as a noun."""
        return self.clause(node) if self.expression.types.get(node) == BOOL else self.noun(node)

    # Conditions

    def clause(self, node: Node, negated: bool = False) -> str:
        match node:
            case Logic():
                return self._chain(node, negated)
            case Call(name="!", args=(inner,)):
                return self.clause(inner, not negated)
            case Macro():
                return self._members(node, negated)
            case Conditional():
                parts = (self.clause(node.when), self.clause(node.then, negated), self.clause(node.other, negated))
                return self.words("if", when=parts[0], then=parts[1], other=parts[2])
            case Has():
                return self.words("unknown" if negated else "known", fact=self.noun(node.fact))
            case Literal():
                return self.words("always" if node.value is not negated else "never")
            case Call(name="in"):
                return self._in(node, negated)
            case Call(name=name) if name in MIRROR:
                return self._comparison(node, negated)
            case Call():
                return self._function(node, negated)
        return self._flag(node, negated)

    def _chain(self, node: Logic, negated: bool) -> str:
        """Not (a and b) is said as: not a or not b."""
        sign = {"&&": "||", "||": "&&"}[node.sign] if negated else node.sign
        parts = [self.clause(part, negated) for part in node.parts]
        for number, part in enumerate(node.parts):
            if _needs_brackets(part):
                parts[number] = self.words("brackets", inner=parts[number])
        return self.words("and" if sign == "&&" else "or").join(parts)

    def _flag(self, node: Node, negated: bool) -> str:
        """A fact that is true or false: its label says it in English (is disabled), in Chinese it is met or not."""
        word = self.word(node)
        label = word.label.in_(self.lang) if word else self.noun(node)
        if self.lang == "en":
            return phrases.denied(label) if negated else label
        return self.words("flag_not" if negated else "flag", label=label)

    def _comparison(self, node: Call, negated: bool) -> str:
        left, right = node.args
        sign = OPPOSITE[node.name] if negated else node.name
        if isinstance(left, Literal) and not isinstance(right, Literal):
            left, right, sign = right, left, MIRROR[sign]
        if isinstance(right, Literal) and isinstance(right.value, bool) and sign in ("==", "!="):
            return self.clause(left, right.value is not (sign == "=="))
        if isinstance(left, Call) and left.name == "size" and isinstance(right, Literal):
            counted = self._counted(left.args[0], sign, right)
            if counted:
                return counted
        style = "day" if DAY in (self._type(left), self._type(right)) else "plain"
        return self.words(f"{style}{sign}", left=self.noun(left), right=self.noun(right, beside=left))

    def _counted(self, over: Node, sign: str, right: Literal) -> str | None:
        """size(household.members.filter(m, …)) >= 2: at least 2 household members …"""
        if not isinstance(over, Macro) or over.kind != "filter" or not isinstance(right.value, int):
            return None
        if (sign, right.value) in phrases.NONE:
            return self.words("no_exists", **self._over(over))
        if (sign, right.value) in phrases.SOME:
            return self.words("exists", **self._over(over))
        return self.words(f"count{sign}", number=str(right.value), **self._over(over))

    def _type(self, node: Node) -> Any:
        return self.expression.types.get(node)

    def _in(self, node: Call, negated: bool) -> str:
        value, values = node.args
        if isinstance(values, ListLiteral):
            items = [self.noun(item, beside=value) for item in values.items]
            if not items:
                return self.words("always" if negated else "never")
            if len(items) == 1:
                return self.words("plain!=" if negated else "plain==", left=self.noun(value), right=items[0])
            key = "not_one_of" if negated else "one_of"
            return self.words(key, left=self.noun(value), items=phrases.choice(items, self.lang))
        key = "lacks" if negated else "includes"
        return self.words(key, left=self.noun(values), right=self.noun(value, beside=values))

    def _function(self, node: Call, negated: bool) -> str:
        if node.name in phrases.TESTS:
            key = f"{node.name}_not" if negated else node.name
            return self.words(key, left=self.noun(node.args[0]), right=self.noun(node.args[1]))
        return self.words("flag_not" if negated else "flag", label=self.noun(node))

    def _members(self, node: Macro, negated: bool) -> str:
        return self.words(f"no_{node.kind}" if negated else node.kind, **self._over(node))

    def _over(self, node: Macro) -> dict[str, str]:
        """Of whom a macro speaks (of: one of them, ofs: all), in what they are counted, and what it says of each."""
        family = self._family(node.over)
        all_of = self.noun(node.over)
        before = self.variables.get(node.name)
        self.variables[node.name] = self.words("who" if family else "item")
        each = self.say(node.each)
        self.variables[node.name] = before or ""
        return {
            "of": phrases.one_of(all_of) if self.lang == "en" else all_of,
            "ofs": phrases.several_of(all_of) if self.lang == "en" else all_of,
            "each": each,
            "each_of": self.words("person" if family else "piece"),
        }

    def _family(self, node: Node) -> bool:
        kind = self._type(node)
        return bool(kind and kind.of and kind.of.record)

    # Values

    def noun(self, node: Node, beside: Node | None = None) -> str:
        """A value; beside: what it is compared with, which tells its unit and its codes."""
        match node:
            case Literal():
                return self._literal(node, beside)
            case Name():
                return self.variables.get(node.name) or phrases.ROOTS.get(node.name, {}).get(self.lang, node.name)
            case Select():
                return self._fact(node)
            case ListLiteral():
                return self.words("list", items=phrases.listed([self.noun(one) for one in node.items], self.lang))
            case Conditional():
                return self.words("if_value", when=self.clause(node.when), then=self.noun(node.then, beside),
                                  other=self.noun(node.other, beside))  # fmt: skip
            case Macro(kind="filter" | "map"):
                return self.words("filtered" if node.kind == "filter" else "mapped", **self._over(node))
            case Call():
                return self._worked(node, beside)
        return self.clause(node)

    def word(self, node: Node) -> Word | None:
        of = self._type(node.of) if isinstance(node, Select) else None
        return self.expression.vocabulary.word(of.record, node.name) if of and isinstance(node, Select) else None

    def _fact(self, node: Select) -> str:
        if self._family(node):
            return self.words("family")
        word = self.word(node)
        return word.label.in_(self.lang) if word else node.name

    def _literal(self, node: Literal, beside: Node | None) -> str:
        word = self._measured(beside) if beside is not None else None
        value = node.value
        if isinstance(value, str):
            known = self.codes.get(word.codes) if word and word.codes else None
            label = known.label(value, self.lang) if known is not None and value in known else None
            return label if label else phrases.quoted(value, self.lang)
        if isinstance(value, bool):
            return self.words("yes" if value else "no")
        if isinstance(value, int | Decimal):
            number = spell(value) if isinstance(value, Decimal) else str(value)
            return phrases.with_unit(number, word.unit.in_(self.lang), self.lang) if word and word.unit else number
        return self.words("nothing")

    def _measured(self, node: Node) -> Word | None:
        """The fact that lends its unit and codes: itself, or the one a sum, a difference or a part is made from."""
        if isinstance(node, Call) and node.name in ("+", "-", "sum", "min", "max", "int", "double"):
            return next((word for arg in node.args if (word := self._measured(arg))), None)
        if isinstance(node, Macro) and node.kind == "map":
            return self._measured(node.each)
        if isinstance(node, Name):
            return None
        return self.word(node)

    def _worked(self, node: Call, beside: Node | None) -> str:
        args = node.args
        if node.name in phrases.SIGNS and len(args) == 2:
            left, right = (self._operand(arg, node, other) for arg, other in (args, args[::-1]))
            return f"{left} {phrases.SIGNS[node.name]} {right}"
        if node.name in ("date", "timestamp", "duration") and isinstance(args[0], Literal):
            return self._time(node.name, args[0])
        if node.name in ("double", "int", "dyn", "string") and len(args) == 1:
            return self.noun(args[0], beside)
        if node.name == "size":
            return self.words("size_family" if self._family(args[0]) else "size", of=self.noun(args[0]))
        if node.name in ("sum", "min", "max"):
            return self._total(node.name, args[0])
        if node.name in phrases.PARTS:
            return phrases.PARTS[node.name][self.lang].format(of=self.noun(args[0]))
        if self._type(node) == BOOL:
            return self.clause(node)
        return f"{node.name}({', '.join(self.noun(arg) for arg in args)})"

    def _operand(self, node: Node, around: Call, beside: Node) -> str:
        said = self.noun(node, beside if around.name in "+-" else None)
        nested = isinstance(node, Call) and node.name in phrases.SIGNS and len(node.args) == 2
        return self.words("brackets", inner=said) if nested or isinstance(node, Conditional) else said

    def _total(self, kind: str, over: Node) -> str:
        if isinstance(over, Macro) and over.kind == "map" and self._family(over.over) and over.where is None:
            return self.words(f"{kind}_family", **self._over(over))
        return self.words(kind, of=self.noun(over))

    def _time(self, name: str, literal: Literal) -> str:
        text = str(literal.value)
        if name == "duration":
            try:
                return phrases.lasting(read_span(text), self.lang)
            except (CannotWork, ArithmeticError):
                return text
        return phrases.day(text, self.lang)


def _needs_brackets(node: Node) -> bool:
    if isinstance(node, Call) and node.name == "!":
        return _needs_brackets(node.args[0])
    return isinstance(node, Logic | Macro | Conditional)
