"""Cures: for every fault of types and names the sentence that tells how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from shuanglian.kernel.words import N_, Said

from .functions import FUNCTIONS, METHODS, PLAIN, Overload
from .syntax import Call, Literal, Node, Select
from .types import ANY, BOOL, DAY, NOTHING, NUMBER, SPAN, TEXT, WHOLE, Type
from .vocabulary import Vocabulary

NAMES: Mapping[Type, str] = {
    BOOL: N_("是非值"), WHOLE: N_("整数"), NUMBER: N_("小数"), TEXT: N_("文字"), DAY: N_("日期"), SPAN: N_("时长"),
    NOTHING: N_("空值"), ANY: N_("任意值"),
}  # fmt: skip
COMPARISONS = frozenset(["==", "!=", "<", "<=", ">", ">=", "in"])


def name_of(kind: Type) -> Said:
    if kind.of:
        return Said(N_("列表"))
    if kind.record:
        return Said("{record}", {"record": kind.record})
    return Said(NAMES.get(kind, kind.name))


def listed(kinds: Iterable[Type]) -> Said:
    """Types one behind the other: 整数, 文字"""
    found = list(kinds)
    gaps = ", ".join(f"{{t{number}}}" for number in range(len(found)))
    return Said(gaps, {f"t{number}": name_of(kind) for number, kind in enumerate(found)})


def _nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    near = get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return near[0] if near else None


def _perhaps(near: str) -> Said:
    return Said(N_("是否想写 {near}？"), {"near": near})


def _choice(known: Iterable[str]) -> Said:
    words = sorted(known)
    return Said(N_("可用的有：{choice}。"), {"choice": ", ".join(words[:24]) + (", …" if len(words) > 24 else "")})


def for_name(name: str, vocabulary: Vocabulary, scope: Mapping[str, Type]) -> Said:
    """A fact written without its record, a root or a macro's name misspelt, or a text without quotes."""
    owners = [record for record, words in vocabulary.words.items() if name in words]
    if owners:
        return _perhaps(f"{owners[0]}.{name}")
    if name in FUNCTIONS:
        return Said(N_("{name} 是函数，后面写括号。"), {"name": name})
    roots = [*vocabulary.roots, *scope, "true", "false"]
    if near := _nearest(name, roots):
        return _perhaps(near)
    paths = {word: f"{record}.{word}" for record, words in vocabulary.words.items() for word in words}
    if near := _nearest(name, paths, 0.75):
        return _perhaps(paths[near])
    given = {"choice": ", ".join(sorted(vocabulary.roots)), "name": name}
    return Said(N_("可以从这些开始：{choice}；若是文字，加引号：'{name}'。"), given)


def for_fact(record: str, name: str, vocabulary: Vocabulary) -> Said:
    """The nearest fact of the record, else the same name elsewhere, else the nearest anywhere."""
    own = [*vocabulary.words.get(record, {}), *(["members"] if record == "household" else [])]
    if near := _nearest(name, own, 0.7):
        return _perhaps(f"{record}.{near}")
    owners = [other for other, words in vocabulary.words.items() if name in words]
    if owners:
        return _perhaps(f"{owners[0]}.{name}")
    paths = {word: f"{other}.{word}" for other, words in vocabulary.words.items() for word in words}
    if near := _nearest(name, own) or _nearest(name, paths):
        return _perhaps(f"{record}.{near}" if near in own else paths[near])
    if not own:
        return Said(N_("请先定义它，或删去这个引用。"))
    return _choice(f"{record}.{word}" for word in own)


def for_field(of: Type, name: str) -> Said:
    if of.of and of.of.record:
        given = {"name": name}
        return Said(N_("对成员写 .exists(m, m.{name} …) 或 .all(m, m.{name} …)。"), given)
    if name in METHODS:
        return Said(N_("{name} 是函数，后面写括号。"), {"name": name})
    return Said(N_("删去 .{name}。"), {"name": name})


def for_mixed(kinds: list[Type]) -> Said:
    if set(kinds) == {WHOLE, NUMBER}:
        return Said(N_("整数也写成小数，如 60.0。"))
    return Said(N_("一个列表里只写一种值。"))


def for_condition(kind: Type) -> Said:
    if kind in (WHOLE, NUMBER):
        return Said(N_("与一个数比较，如 … > 0。"))
    if kind == TEXT:
        return Said(N_("与一段文字比较，如 … == 'senior'。"))
    if kind.of:
        return Said(N_("列表用 in、exists 或 all 判断，如 '1' in …。"))
    return Said(N_("写成比较，如 … == …。"))


def for_branches(then: Type, other: Type) -> Said:
    if {then, other} == {WHOLE, NUMBER}:
        return Said(N_("整数也写成小数，如 1000.0，或用 double(…) 转换。"))
    return Said(N_("问号后的两个值写成同一种类型。"))


def for_order(node: Call, kind: Type) -> Said:
    if kind.of:
        return Said(N_("比较个数用 size(…)。"))
    return Said(N_("用 == 或 !=。"))


def for_in(node: Call, right: Type) -> Said:
    if right == TEXT:
        return Said(N_("找一段文字用 contains，如 name.contains('村')。"))
    return Said(N_("右边写成列表，如 in [1, 2]。"))


def for_comparison(node: Call, left: Type, right: Type, text: str) -> Said:
    """Two sides that can never be equal; the pair of types tells what was meant."""
    if isinstance(node.args[0], Call) and node.args[0].name in COMPARISONS and left == BOOL:
        return Said(N_("连着比较要拆成两个：写 1 < x && x < 5。"))
    kinds = {left, right}
    literal = next((arg for arg in node.args if isinstance(arg, Literal)), None)
    if TEXT in kinds and kinds & {WHOLE, NUMBER}:
        return _text_and_number(literal)
    if kinds == {TEXT, DAY}:
        return Said(N_("日期写成 date('{day}')。"), {"day": _day(literal)})
    if kinds == {TEXT, BOOL}:
        return Said(N_("是否写 true 或 false，不加引号。"))
    if kinds == {TEXT, SPAN} or (SPAN in kinds and kinds & {WHOLE, NUMBER}):
        return Said(N_("时长写成 duration('24h')。"))
    if DAY in kinds and kinds & {WHOLE, NUMBER}:
        return Said(N_("与年份比较用 .getFullYear()，与日期比较写 date('2015-09-01')。"))
    if NOTHING in kinds:
        return Said(N_("判断事实是否已知用 has(…)。"))
    if left.of or right.of:
        return Said(N_("判断列表里有没有某个值用 in，如 '1' in person.health。"))
    if BOOL in kinds:
        return Said(N_("是否只与 true 或 false 比较。"))
    return Said(N_("两边写成同一种类型。"))


def _day(literal: Literal | None) -> str:
    written = literal.value if literal is not None else None
    return written if isinstance(written, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", written) else "2015-09-01"


def _text_and_number(literal: Literal | None) -> Said:
    if literal is None:
        return Said(N_("用 int(…) 或 double(…) 把文字变成数。"))
    if isinstance(literal.value, str):
        return Said(N_("去掉引号，写成 {value}。"), {"value": literal.value or "0"})
    return Said(N_("加上引号，写成 '{value}'。"), {"value": literal.value})


def for_code(code: str, codes: Any) -> Said:
    """What the code list offers instead: the code that a label means, the nearest, or the choice."""
    find = getattr(codes, "find", None)
    if find is not None and (meant := find(code)):
        return Said(N_("是否想写 '{near}'（{label}）？"), {"near": meant, "label": codes.by_code[meant].label})
    known = list(codes.by_code) if hasattr(codes, "by_code") else [str(one) for one in codes]
    if not code.isdecimal() and (near := _nearest(code, known)):
        return _perhaps(f"'{near}'")
    if not hasattr(codes, "by_code"):
        return _choice(known)
    shown = [(one, codes.by_code[one].label) for one in known[:16]]
    gaps = ", ".join(f"'{one}' {{l{number}}}" for number, (one, _label) in enumerate(shown))
    given = {f"l{number}": label for number, (_one, label) in enumerate(shown)}
    return Said(N_("可用的有：{choice}。"), {"choice": Said(gaps + (", …" if len(known) > 16 else ""), given)})


_OTHER_WORDS = {
    "len": "size", "length": "size", "count": "size", "float": "double", "number": "double", "str": "string",
    "any": "exists", "some": "exists", "every": "all", "startswith": "startsWith", "endswith": "endsWith",
    "includes": "contains", "like": "matches", "match": "matches", "year": "getFullYear", "getYear": "getFullYear",
    "month": "getMonth", "day": "getDate", "getDay": "getDate", "average": "sum", "total": "sum", "select": "filter",
    "where": "filter", "existsOne": "exists_one",
}  # fmt: skip
_MACRO_SHAPE = {"all", "exists", "exists_one", "filter", "map"}


def for_function(node: Call, takes: list[Type]) -> Said:
    name = node.name
    if name in _MACRO_SHAPE:
        return Said(N_("写成 household.members.{kind}(m, m.age >= 60)。"), {"kind": name})
    if name in FUNCTIONS:
        shape = f"x.{name}(…)" if name in METHODS else f"{name}(x)"
        if name == "dyn":
            return Said(N_("删去 dyn(…)，只留里面的内容。"))
        return Said(N_("写成 {shape}。"), {"shape": shape})
    known = sorted(METHODS | PLAIN | _MACRO_SHAPE)
    if near := _OTHER_WORDS.get(name) or _nearest(name, known):
        return _perhaps(near)
    return Said(N_("可用的函数见 docs/rules.md。"))


def for_call(node: Call, takes: list[Type], known: tuple[Overload, ...]) -> Said:
    if set(takes) == {WHOLE, NUMBER} and node.name in "+-*/":
        literal = next((arg for arg in node.args if isinstance(arg, Literal) and isinstance(arg.value, int)), None)
        if literal is not None:
            return Said(N_("整数与小数不能混算：把 {value} 写成 {value}.0。"), {"value": literal.value})
        whole = next((arg for arg, kind in zip(node.args, takes, strict=True) if kind == WHOLE), node)
        return Said(N_("整数与小数不能混算：写 double({word})。"), {"word": _spelt(whole)})
    if node.name == "%" and NUMBER in takes:
        return Said(N_("求余数只用于整数；先用 int(…) 转换。"))
    if node.name in ("+", "-") and DAY in takes:
        return Said(N_("日期只加减时长，如 day + duration('24h')。"))
    if node.name == "+" and TEXT in takes:
        return Said(N_("先用 string(…) 变成文字。"))
    if node.name == "!":
        return Said(N_("! 只用于条件；比较的反面用 !=。"))
    shapes = list(dict.fromkeys(len(one.takes) for one in known))
    if len(takes) not in shapes:
        return Said(N_("{name} 要 {count} 个值。"), {"name": node.name, "count": "/".join(map(str, shapes))})
    gaps = "; ".join(f"{{o{number}}}" for number in range(len(known)))
    given = {f"o{number}": listed(one.takes) for number, one in enumerate(known)}
    return Said(N_("{name} 可用于：{choice}。"), {"name": node.name, "choice": Said(gaps, given)})


def _spelt(node: Node) -> str:
    if isinstance(node, Select):
        return f"{_spelt(node.of)}.{node.name}"
    return getattr(node, "name", "…") if not isinstance(node, Call) else "…"


def for_result(expects: Type, found: Type) -> Said:
    if expects == BOOL:
        return for_condition(found)
    if expects == NUMBER:
        return Said(N_("写一个数，如 given.grant 或 1500.0。"))
    return Said(N_("改写成{expected}。"), {"expected": name_of(expects)})
