"""Which type every part of a text has, and every fault that shows before any fact is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shuanglian.kernel.words import N_, Said

from . import advice
from .faults import Complaints
from .functions import FUNCTIONS, LOOSE_ONLY, METHODS, PLAIN
from .numbers import PLACES, OutOfRange, places_of
from .outcomes import FAILURES, CannotWork
from .parse import MACROS
from .patterns import compiled, shared
from .syntax import Call, Conditional, Has, ListLiteral, Literal, Logic, Macro, Name, Node, Select, Span
from .types import ANY, BOOL, DAY, NOTHING, NUMBER, SPAN, TEXT, WHOLE, Type, list_of
from .vocabulary import Vocabulary, Word

DEEPEST_MACRO = 3
LONGEST_LIST = 1000
ORDERED = frozenset({BOOL, WHOLE, NUMBER, TEXT, DAY, SPAN})
NUMERIC = frozenset({WHOLE, NUMBER})
ARITHMETIC = frozenset("+-*/%")
FAULTY = Type("faulty")  # of a part that has been complained of: fits everywhere, so that one fault breeds no others
_OF_VALUE: Mapping[type, Type] = {bool: BOOL, int: WHOLE, Decimal: NUMBER, str: TEXT, type(None): NOTHING}


@dataclass(eq=False)
class Checked:
    """What is known of a text: the type of every node, and the facts it speaks of by path."""

    types: dict[Node, Type] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)


class Checker:
    """loose: mixed lists and dyn() are let through and looked at when values are there, as CEL does by itself."""

    def __init__(
        self, vocabulary: Vocabulary, complaints: Complaints, codes: Mapping[str, Any] | None, loose: bool
    ) -> None:
        self.vocabulary, self.complaints, self.codes, self.loose = vocabulary, complaints, codes or {}, loose
        self.checked = Checked()
        self.scope: dict[str, Type] = {}
        self.macros = 0

    def add(self, code: str, where: Node | Span, said: Said, cure: Said) -> Type:
        self.complaints.add(code, where if isinstance(where, tuple) else where.span, said, cure)
        return FAULTY

    def type_of(self, node: Node) -> Type:
        found: Type = getattr(self, f"_{type(node).__name__.lower()}")(node)
        self.checked.types[node] = found
        return found

    def _literal(self, node: Literal) -> Type:
        if not self.loose and isinstance(node.value, Decimal) and places_of(node.value) > PLACES:
            said = Said(N_("小数最多 {most} 位"), {"most": PLACES})
            return self.add("too_fine", node, said, Said(N_("去掉后面的几位。")))
        return _OF_VALUE[type(node.value)]

    def _name(self, node: Name) -> Type:
        if node.name in self.scope:
            return self.scope[node.name]
        if (found := self.vocabulary.roots.get(node.name)) is not None:
            if not found.record:
                self.checked.facts.add(node.name)
            return found
        said = Said(N_("不认识的名称 {name}"), {"name": node.name})
        return self.add("unknown_name", node, said, advice.for_name(node.name, self.vocabulary, self.scope))

    def _select(self, node: Select) -> Type:
        of = self.type_of(node.of)
        if of in (FAULTY, ANY):
            return of
        if not of.record:
            said = Said(N_("{type}没有事实 {name}"), {"type": advice.name_of(of), "name": node.name})
            return self.add("not_a_record", node, said, advice.for_field(of, node.name))
        if (found := self.vocabulary.type_of(of.record, node.name)) is not None:
            self.checked.facts.add(f"{of.record}.{node.name}")
            return found
        said = Said(N_("没有 {path} 这个事实"), {"path": f"{of.record}.{node.name}"})
        return self.add("unknown_fact", node, said, advice.for_fact(of.record, node.name, self.vocabulary))

    def _has(self, node: Has) -> Type:
        found = self.type_of(node.fact)
        return FAULTY if found == FAULTY else BOOL

    def _listliteral(self, node: ListLiteral) -> Type:
        kinds = list(dict.fromkeys(self.value_type(item) for item in node.items))
        if len(node.items) > LONGEST_LIST:
            said = Said(N_("列表有 {length} 项，最多 {most} 项"), {"length": len(node.items), "most": LONGEST_LIST})
            return self.add("too_long", node, said, Said(N_("拆成几个条件来写。")))
        if FAULTY in kinds:
            return FAULTY
        if len(kinds) <= 1 or ANY in kinds:
            return list_of(kinds[0] if len(kinds) == 1 else ANY)
        if self.loose or all(kind.of for kind in kinds):
            return list_of(ANY if not all(kind.of for kind in kinds) else next(k for k in kinds if k.of != ANY))
        return self.add("mixed_list", node, Said(N_("列表里混有{first}和{second}"),
                        {"first": advice.name_of(kinds[0]), "second": advice.name_of(kinds[1])}),
                        advice.for_mixed(kinds))  # fmt: skip

    def value_type(self, node: Node) -> Type:
        """The type of a part that must be a value: a person or a household is none."""
        found = self.type_of(node)
        if found.record:
            said = Said(N_("{name} 是一组事实，不是一个值"), {"name": found.record})
            found = self.add(
                "record", node, said, Said(N_("点出其中一个事实，如 {record}.…。"), {"record": found.record})
            )
            self.checked.types[node] = found
        return found

    def condition(self, node: Node) -> Type:
        found = self.value_type(node)
        if found not in (BOOL, ANY, FAULTY):
            said = Said(N_("这里须是条件（是或否），却是{type}"), {"type": advice.name_of(found)})
            return self.add("not_a_condition", node, said, advice.for_condition(found))
        return found

    def _logic(self, node: Logic) -> Type:
        for part in node.parts:
            self.condition(part)
        return BOOL

    def _conditional(self, node: Conditional) -> Type:
        self.condition(node.when)
        then, other = self.value_type(node.then), self.value_type(node.other)
        if FAULTY in (then, other):
            return FAULTY
        if then == other or (other == list_of(ANY) and then.of):
            return then
        if then == list_of(ANY) and other.of:
            return other
        if self.loose or ANY in (then, other):
            return ANY
        given = {"then": advice.name_of(then), "other": advice.name_of(other)}
        said = Said(N_("冒号两边的类型不同：{then}和{other}"), given)
        return self.add("branches_differ", node, said, advice.for_branches(then, other))

    def _macro(self, node: Macro) -> Type:
        over = self.type_of(node.over)
        if over != FAULTY and over != ANY and not over.of:
            given = {"kind": node.kind, "type": advice.name_of(over)}
            self.add("not_a_list", node.over, Said(N_("{kind} 只用于列表，这里是{type}"), given),
                     Said(N_("如 household.members.{kind}(m, m.age >= 60)。"), {"kind": node.kind}))  # fmt: skip
        self.macros += 1
        if self.macros == DEEPEST_MACRO + 1:
            said = Said(N_("成员判断套了 {count} 层，最多 {most} 层"), {"count": self.macros, "most": DEEPEST_MACRO})
            self.add("too_deep", node, said, Said(N_("拆成几个条件来写。")))
        outer = dict(self.scope)
        self.scope[node.name] = over.of or (FAULTY if over == FAULTY else ANY)
        found = self._within_macro(node, over)
        self.scope = outer
        self.macros -= 1
        return found

    def _within_macro(self, node: Macro, over: Type) -> Type:
        if node.where is not None:
            self.condition(node.where)
        if node.kind == "map":
            made = self.value_type(node.each)
            return FAULTY if made == FAULTY else list_of(made)
        self.condition(node.each)
        if node.kind == "filter":
            return over if over.of or over == FAULTY else list_of(ANY)
        return BOOL

    def _call(self, node: Call) -> Type:
        if node.name in ("==", "!="):
            return self._equality(node)
        if node.name in ("<", "<=", ">", ">="):
            return self._order(node)
        if node.name == "in":
            return self._in(node)
        if node.name == "[]":
            return self._index(node)
        return self._function(node)

    def _equality(self, node: Call) -> Type:
        left, right = (self.value_type(arg) for arg in node.args)
        if not comparable(left, right):
            return self._differ(node, left, right)
        for one, other in (node.args, node.args[::-1]):
            if isinstance(other, Literal):
                self._known_code(one, other)
        return BOOL

    def _order(self, node: Call) -> Type:
        left, right = (self.value_type(arg) for arg in node.args)
        for kind in (left, right):
            if kind not in ORDERED and kind not in (ANY, FAULTY):
                said = Said(N_("{type}不分大小，不能用 {sign}"), {"type": advice.name_of(kind), "sign": node.name})
                return self.add("no_order", node, said, advice.for_order(node, kind))
        if not comparable(left, right):
            return self._differ(node, left, right)
        return BOOL

    def _in(self, node: Call) -> Type:
        left, right = self.value_type(node.args[0]), self.value_type(node.args[1])
        if FAULTY in (left, right) or right == ANY:
            return BOOL
        if not right.of:
            said = Said(N_("in 的右边须是列表，这里是{type}"), {"type": advice.name_of(right)})
            return self.add("not_a_list", node.args[1], said, advice.for_in(node, right))
        if right.of.record or not comparable(left, right.of):
            return self._differ(node, left, right.of)
        if isinstance(node.args[1], ListLiteral):
            for item in node.args[1].items:
                self._known_code(node.args[0], item)
        self._known_code(node.args[1], node.args[0])
        return BOOL

    def _differ(self, node: Call, left: Type, right: Type) -> Type:
        given = {"left": advice.name_of(left), "right": advice.name_of(right), "sign": node.name}
        said = Said(N_("左边是{left}，右边是{right}，不能用 {sign} 比较"), given)
        return self.add("types_differ", node, said, advice.for_comparison(node, left, right, self.complaints.text))

    def word(self, node: Node) -> Word | None:
        """The word that a fact's node names."""
        of = self.checked.types.get(node.of) if isinstance(node, Select) else None
        return self.vocabulary.word(of.record, node.name) if of and isinstance(node, Select) else None

    def _known_code(self, fact: Node, literal: Node) -> None:
        word = self.word(fact)
        codes = self.codes.get(word.codes) if word and word.codes else None
        if codes is None or word is None or not isinstance(literal, Literal) or not isinstance(literal.value, str):
            return
        if literal.value not in codes:
            said = Said(N_("{fact}没有“{code}”这个代码"), {"fact": word.label, "code": literal.value})
            self.add("unknown_code", literal, said, advice.for_code(literal.value, codes))

    def _index(self, node: Call) -> Type:
        over, place = self.type_of(node.args[0]), self.value_type(node.args[1])
        if FAULTY in (over, place):
            return FAULTY
        if over.of and over.of.record:
            said = Said(N_("家庭成员没有先后，不能按位置取"))
            return self.add(
                "no_places", node, said, Said(N_("用 exists 或 filter，如 household.members.exists(m, m.is_head)。"))
            )
        if over != ANY and (not over.of or place not in (WHOLE, ANY)):
            said = Said(N_("方括号取值只用于列表加整数位置，从 0 数起"))
            return self.add("bad_index", node, said, Said(N_("如 [10, 20][0]。")))
        return over.of or ANY

    def _function(self, node: Call) -> Type:
        takes = [] if node.name in MACROS else [self.value_type(arg) for arg in node.args]
        known = FUNCTIONS.get(node.name)
        sign = not node.name.isalpha()
        if known is None or (not sign and node.name not in (METHODS if node.method else PLAIN)) or (
            node.name in LOOSE_ONLY and not self.loose
        ):  # fmt: skip
            said = Said(N_("没有 {name} 这个函数"), {"name": node.name})
            return self.add("unknown_function", node, said, advice.for_function(node, takes))
        if FAULTY in takes:
            return FAULTY
        fitting = [one for one in known if fits(takes, one.takes)]
        if node.name == "+" and fitting and not _joinable(*takes):
            fitting = []
        if not fitting:
            said = Said(N_("{name} 不能这样用（{types}）"), {"name": node.name, "types": advice.listed(takes)})
            return self.add("no_overload", node, said, advice.for_call(node, takes, known))
        return self._given(node, takes, fitting)

    def _given(self, node: Call, takes: list[Type], fitting: list[Any]) -> Type:
        if node.name == "matches" and not self._pattern(node):
            return FAULTY
        if not self.loose and all(isinstance(arg, Literal) for arg in node.args) and node.name in PLAIN | METHODS:
            self._tried(node, fitting[0].work, *(arg.value for arg in node.args if isinstance(arg, Literal)))
        kinds = {one.gives for one in fitting}
        if kinds == {list_of(ANY)}:
            return takes[0] if takes[0] != list_of(ANY) else takes[1]
        return kinds.pop() if len(kinds) == 1 else ANY

    def _pattern(self, node: Call) -> bool:
        pattern = node.args[1]
        if not isinstance(pattern, Literal):
            if self.loose:
                return True
            self.add("bad_pattern", pattern, Said(N_("匹配式须直接写出")), Said(N_("如 matches('^6227')。")))
            return False
        if shared(str(pattern.value)):
            return self._tried(pattern, compiled, str(pattern.value))
        said = Said(N_("匹配式里有各计算引擎不通用的写法"))
        self.add("bad_pattern", pattern, said, Said(N_("只用文字、. [] () | * + ? {n,m} ^ $ \\d \\w。")))
        return False

    def _tried(self, node: Node, work: Any, *values: Any) -> bool:
        """What is written out whole can be tried at once: a date that is none must not wait for a family."""
        try:
            work(*values)
        except (CannotWork, OutOfRange) as error:
            code = error.code if isinstance(error, CannotWork) else "overflow"
            self.add(code, node, Said(FAILURES[code]), Said(N_("改正引号里的内容。")))
            return False
        return True


def comparable(left: Type, right: Type) -> bool:
    """Whether two values can be equal at all: one type, or whole numbers and numbers, or lists of such."""
    if left == right or FAULTY in (left, right) or ANY in (left, right):
        return True
    if left.of and right.of:
        return comparable(left.of, right.of)
    return left in NUMERIC and right in NUMERIC


def _joinable(left: Type, right: Type) -> bool:
    """Two lists become one only when they hold the same."""
    return not (left.of and right.of) or left.of == right.of or ANY in (left.of, right.of)


def fits(given: list[Type], takes: tuple[Type, ...]) -> bool:
    return len(given) == len(takes) and all(_fits(one, wanted) for one, wanted in zip(given, takes, strict=True))


def _fits(given: Type, wanted: Type) -> bool:
    if given.of and wanted.of:
        return ANY in (given.of, wanted.of) or given.of == wanted.of
    return given == wanted or ANY in (given, wanted)
