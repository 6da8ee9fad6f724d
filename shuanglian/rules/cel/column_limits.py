"""Which texts work for one family but not as a column, known without any engine: told when a profile is checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timezone

from shuanglian.kernel.words import N_, Said

from . import times
from .faults import TextFault
from .language import Expression
from .outcomes import CannotWork
from .syntax import Call, ListLiteral, Literal, Node, Select, walk
from .types import ANY, NOTHING, TEXT

_SAID = {
    "written_out": (N_("{name} 里的文字须直接写出"), N_("如 date('2015-09-01')；要比较的日期请用日期类的事实。")),
    "zone": (N_("这里的时区不能成批计算"), N_("写成固定时差，如 '+08:00'，或不写时区。")),
    "order": (N_("家庭成员没有先后，成员列出的值不能按位置取或整列比较"), N_("用 exists、all、size() 或 in。")),
    "nested": (N_("列表里的列表不能这样成批计算"), N_("改成一层列表。")),
    "null": (N_("null 不能成批计算"), N_("用 has(…) 判断是否知道一个事实。")),
    "mixed": (N_("类型不定的值不能成批计算"), N_("让两边或每一项同一类型。")),
}


def without_column(expression: Expression) -> list[TextFault]:
    """What keeps a text from being a column; empty when nothing does."""
    return list(_faults(expression))


def _faults(expression: Expression) -> Iterator[TextFault]:
    for node in walk(expression.tree):
        code = _code(expression, node)
        if code is not None:
            before = expression.text[: node.span[0]]
            said, cure = _SAID[code]
            name = node.name if isinstance(node, Call) else ""
            yield TextFault(f"no_column_{code}", before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1,
                            node.span, Said(said, {"name": name} if "{name}" in said else {}), Said(cure))  # fmt: skip


def _code(expression: Expression, node: Node) -> str | None:
    kind = expression.types[node]
    if kind == ANY:
        return "mixed"
    if isinstance(node, Literal):
        return "null" if node.value is None else None
    if isinstance(node, ListLiteral) and kind.of == ANY and node.items:
        return "mixed"
    if not isinstance(node, Call):
        return None
    kinds = [expression.types[arg] for arg in node.args]
    if node.name in ("timestamp", "date", "duration") and kinds == [TEXT]:
        return None if isinstance(node.args[0], Literal) else "written_out"
    if node.name.startswith("get") and len(node.args) == 2:
        return None if _fixed(node.args[1]) else "zone"
    if node.name in ("==", "!=", "[]", "in") and any(one.of is not None for one in kinds):
        return _of_lists(expression, node)
    return "null" if NOTHING in kinds else None


def _of_lists(expression: Expression, node: Call) -> str | None:
    """Comparing whole lists and taking a place need a list with an order of its own: written out, or a fact."""
    if node.name == "in":
        return "nested" if expression.types[node.args[0]].of is not None else None
    lists = node.args[:1] if node.name == "[]" else node.args
    if node.name == "[]" and (expression.types[node].of is not None):
        return "nested"
    kinds = [expression.types[one] for one in lists]
    if any(kind.of is not None and kind.of.record for kind in kinds):
        return "order"
    return None if all(isinstance(one, ListLiteral | Select) for one in lists) else "order"


def _fixed(zone: Node) -> bool:
    if not isinstance(zone, Literal):
        return False
    try:
        return isinstance(times.zone(str(zone.value)), timezone) or zone.value in ("UTC", "Etc/UTC", "GMT")
    except CannotWork:
        return True
