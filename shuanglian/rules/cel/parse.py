"""From a text to its tree. The grammar is the CEL library's; what it finds is turned into the nodes of syntax.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from shuanglian.kernel.words import N_, Said

from .faults import Complaints
from .numbers import OutOfRange, whole, written_number
from .scan import TRUTHS, Scanned, scan
from .syntax import Call, Conditional, Has, ListLiteral, Literal, Logic, Macro, Name, Node, Select, Span

TALLEST = 64  # nodes on top of each other
MACROS = {"all": (2,), "exists": (2,), "exists_one": (2,), "filter": (2,), "map": (2, 3)}
RESERVED = frozenset({
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
    "namespace", "return", "var", "void", "while",
})  # fmt: skip


def parse(text: str) -> Node:
    """The tree of a text. TextFaults says what is wrong with it; what the facts are called is not looked at."""
    complaints = Complaints(text)
    scanned = scan(text, complaints)
    tree = _Tree(text, scanned, complaints)
    node = tree.node(_library_tree(scanned.plain, text, complaints), 0)
    complaints.stop_if_any()
    return node


@cache
def _parser() -> Any:
    from celpy.celparser import CELParser  # a good half second with its grammar: only when a text is read

    return CELParser()


def _library_tree(plain: str, text: str, complaints: Complaints) -> Any:
    from celpy.celparser import CELParseError

    try:
        return _parser().parse(plain)
    except CELParseError as error:
        _misplaced(error, text, complaints)
        complaints.stop_if_any()
        raise


def _misplaced(error: Any, text: str, complaints: Complaints) -> None:
    """Say what stands where it must not; the library knows the place, the text knows the word."""
    cause: Any = error.__context__
    token = getattr(cause, "token", None)
    at = getattr(token, "start_pos", None) if token is not None else getattr(cause, "pos_in_stream", None)
    if at is None or at >= len(text) or getattr(token, "type", "") == "$END":
        end = len(text.rstrip())
        complaints.add("incomplete", (max(0, end - 1), end), Said(N_("到这里还没有写完")),
                       Said(N_("补上后面的部分，如 person.age >= 60。")))  # fmt: skip
        return
    word = str(token) if token is not None else text[at]
    span = (at, at + len(word))
    word = text[span[0] : span[1]]
    before = text[:at].rstrip()[-1:]
    said = Said(N_("这里不应出现 {word}"), {"word": word})
    if word in RESERVED:
        complaints.add(
            "reserved", span, Said(N_("{word} 是保留字，不能用作名称"), {"word": word}), Said(N_("换一个名称。"))
        )
    elif word == "," and before.isdigit():
        complaints.add("misplaced", span, said, Said(N_("数字里不写千位分隔的逗号，如 1000。")))
    elif (before.isalnum() or before in "\"'_)]") and (word[0].isalnum() or word[0] in "\"'(!"):
        complaints.add("misplaced", span, said, Said(N_("两个条件之间写 &&（并且）或 ||（或者）。")))
    else:
        complaints.add("misplaced", span, said, Said(N_("检查前后是否缺了或多了什么，如符号、逗号、括号。")))


class _Tree:
    """Turns the library's tree, which has a level for every rank of operators, into ours."""

    def __init__(self, text: str, scanned: Scanned, complaints: Complaints) -> None:
        self.text, self.strings, self.complaints = text, scanned.strings, complaints
        self.too_tall = False

    def node(self, tree: Any, height: int) -> Node:
        if height > TALLEST:
            return self._cut(tree)
        while tree.data not in _TURN or (tree.data in _THROUGH and len(tree.children) == 1):
            tree = tree.children[0]
        return getattr(self, f"_{_TURN[tree.data]}")(tree, height + 1)

    def _cut(self, tree: Any) -> Node:
        span = _span(tree)
        if not self.too_tall:
            self.too_tall = True
            self.complaints.add("too_deep", span, Said(N_("这个条件套得太深或太长")), Said(N_("拆成几个条件来写。")))
        return Literal(span, None)

    def _refuse(self, tree: Any, said: Said, cure: Said, code: str = "unsupported") -> Node:
        self.complaints.add(code, _span(tree), said, cure)
        return Literal(_span(tree), None)

    def _choice(self, tree: Any, height: int) -> Node:
        return Conditional(_span(tree), *(self.node(part, height) for part in tree.children))

    def _logic(self, tree: Any, height: int) -> Node:
        """a || b || c leans to the left in the library's tree; here it is one chain."""
        kind, parts, top = tree.data, [], tree
        while len(tree.children) == 2:
            parts.append(self.node(tree.children[1], height))
            tree = tree.children[0]
            while tree.data != kind and tree.data not in _TURN:
                tree = tree.children[0]
        parts.append(self.node(tree, height))
        sign = "||" if kind == "conditionalor" else "&&"
        return Logic(_span(top), sign, tuple(_flat(sign, reversed(parts))))

    def _binary(self, tree: Any, height: int) -> Node:
        left, right = tree.children
        args = (self.node(left.children[0], height), self.node(right, height))
        return Call(_span(tree), _OPERATORS[left.data], args)

    def _unary(self, tree: Any, height: int) -> Node:
        sign = "!" if tree.children[0].data == "unary_not" else "-"
        return Call(_span(tree), sign, (self.node(tree.children[1], height),))

    def _dot(self, tree: Any, height: int) -> Node:
        return Select(_span(tree), self.node(tree.children[0], height), str(tree.children[1]))

    def _method(self, tree: Any, height: int) -> Node:
        over, name = tree.children[0], str(tree.children[1])
        args = _arguments(tree, 2)
        if len(args) in MACROS.get(name, ()):
            return self._macro(tree, name, over, args, height)
        return Call(_span(tree), name, tuple(self.node(one, height) for one in (over, *args)), method=True)

    def _macro(self, tree: Any, kind: str, over: Any, args: list[Any], height: int) -> Node:
        variable = self.node(args[0], height)
        if not isinstance(variable, Name):
            said = Said(N_("{kind} 的第一项须是给成员起的名字"), {"kind": kind})
            return self._refuse(args[0], said, Said(N_("如 household.members.{kind}(m, m.age >= 60)。"),
                                                    {"kind": kind}), "macro_name")  # fmt: skip
        *where, each = (self.node(one, height) for one in args[1:])
        return Macro(_span(tree), kind, self.node(over, height), variable.name, each, *where)

    def _index(self, tree: Any, height: int) -> Node:
        return Call(_span(tree), "[]", tuple(self.node(part, height) for part in tree.children))

    def _object(self, tree: Any, height: int) -> Node:
        return self._refuse(tree, Said(N_("本系统不用消息构造（名称{…}）")), Said(N_("删去花括号部分，直接写事实。")))

    def _map(self, tree: Any, height: int) -> Node:
        return self._refuse(tree, Said(N_("本系统不用映射（{键: 值}）")), Said(N_("几个值写成列表，如 [1, 2]。")))

    def _root(self, tree: Any, height: int) -> Node:
        said = Said(N_("名称前面不写点"))
        return self._refuse(tree, said, Said(N_("删去开头的点。")))

    def _name(self, tree: Any, height: int) -> Node:
        start, end = _span(tree)
        name = self.text[start:end]
        if name in TRUTHS:
            return Literal((start, end), name == "true")
        if name in RESERVED:
            return self._refuse(tree, Said(N_("{word} 是保留字，不能用作名称"), {"word": name}),
                                Said(N_("换一个名称。")), "reserved")  # fmt: skip
        return Name(_span(tree), name)

    def _call(self, tree: Any, height: int) -> Node:
        name, args = str(tree.children[0]), tuple(self.node(one, height) for one in _arguments(tree, 1))
        if name != "has":
            return Call(_span(tree), name, args)
        if len(args) == 1 and isinstance(args[0], Select):
            return Has(_span(tree), args[0])
        return self._refuse(tree, Said(N_("has(…) 里须恰好写一个事实")), Said(N_("如 has(person.age)。")), "has_fact")

    def _list(self, tree: Any, height: int) -> Node:
        return ListLiteral(_span(tree), tuple(self.node(one, height) for one in _arguments(tree, 0)))

    def _literal(self, tree: Any, height: int) -> Node:
        token, span = tree.children[0], _span(tree)
        match token.type:
            case "STRING_LIT" | "MLSTRING_LIT":
                return Literal(span, self.strings.get(span[0], ""))
            case "NULL_LIT":
                return Literal(span, None)
            case "INT_LIT" | "FLOAT_LIT":
                return self._numeral(tree, str(token), token.type == "INT_LIT")
        return self._refuse(tree, Said(N_("本系统不用无符号整数（{word}）"), {"word": str(token)}),
                            Said(N_("删去数字后面的 u。")))  # fmt: skip

    def _numeral(self, tree: Any, word: str, is_whole: bool) -> Node:
        span = _span(tree)
        try:
            if is_whole:
                return Literal(span, whole(int(word, 16 if "x" in word else 10)))
            if re.search(r"\.(?!\d)", word):
                raise ValueError(word)
            return Literal(span, written_number(word))
        except OutOfRange:
            cure = Said(N_("整数在正负 9223372036854775807 之间；小数的整数部分最多 20 位。"))
            return self._refuse(tree, Said(N_("数太大：{word}"), {"word": word}), cure, "number_range")
        except ValueError:
            return self._refuse(
                tree, Said(N_("数写错了：{word}"), {"word": word}), Said(N_("如 1.0 或 0.5。")), "number"
            )


def _flat(sign: str, parts: Iterable[Node]) -> Iterator[Node]:
    """a && (b && c) is one chain of three."""
    for part in parts:
        if isinstance(part, Logic) and part.sign == sign:
            yield from part.parts
        else:
            yield part


def _arguments(tree: Any, at: int) -> list[Any]:
    return tree.children[at].children if len(tree.children) > at else []


def _span(tree: Any) -> Span:
    return tree.meta.start_pos, tree.meta.end_pos


# Rules of the library's grammar → how they turn; those in _THROUGH only rank operators when they hold one part.
_TURN = {
    "expr": "choice", "conditionalor": "logic", "conditionaland": "logic", "relation": "binary", "addition": "binary",
    "multiplication": "binary", "unary": "unary", "member_dot": "dot", "member_dot_arg": "method",
    "member_index": "index", "member_object": "object", "dot_ident": "root", "dot_ident_arg": "root",
    "ident_arg": "call", "ident": "name", "list_lit": "list", "map_lit": "map", "literal": "literal",
}  # fmt: skip
_THROUGH = frozenset(["expr", "conditionalor", "conditionaland", "relation", "addition", "multiplication", "unary"])
_OPERATORS = {
    "relation_lt": "<", "relation_le": "<=", "relation_gt": ">", "relation_ge": ">=", "relation_eq": "==",
    "relation_ne": "!=", "relation_in": "in", "addition_add": "+", "addition_sub": "-", "multiplication_mul": "*",
    "multiplication_div": "/", "multiplication_mod": "%",
}  # fmt: skip
