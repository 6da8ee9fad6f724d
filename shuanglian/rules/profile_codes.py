"""The code lists of a profile by name: those of the register, and those that its other lists of entries are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from .code_list import CodeList
from .profile_shapes import Label

# Lists that rosters also name by label: what they are called among the code lists, with title and field code.
_NAMED = {
    "cause": ("causes", "致贫原因", "Cause of poverty", "AAC007"),
    "rank": ("ranks", "职级", "Rank", ""),
    "occupation": ("occupations", "职业类别", "Occupation", ""),
    "status": ("statuses", "在岗状态", "Status at work", ""),
    "unit_kind": ("unit_kinds", "单位类别", "Kind of unit", ""),
    "tier": ("tiers", "单位隶属关系", "Tier of the unit", "AAP004"),
    "trade": ("trades", "行业", "Trade", ""),
    "tag": ("tags", "区域标签", "Tag of an area", ""),
    "level": ("levels", "层级", "Level", ""),
    "fallback": ("fallback", "兜底岗位", "Fallback post", ""),
}


def code_lists(stand: Callable[[str], Mapping[str, Any]], day: date | None = None) -> dict[str, CodeList]:
    """name → list. stand: list of the profile → code → entry as it stands; day: only the codes in force then."""
    lists = {}
    for table in stand("lists").values():
        full = CodeList(table.code, table.label, table.items, table.field, table.multiple, table.nothing)
        lists[table.code] = full.on(day) if day else full
    for name, (key, zh, en, field) in _NAMED.items():
        lists[name] = CodeList(name, Label(zh=zh, en=en), stand(key).values(), field)
    return lists


_once: dict[tuple[tuple[str, tuple[str, ...]], ...], Mapping[str, CodeList]] = {}


def codes_for_texts(lists: Mapping[str, tuple[Any, ...]]) -> Mapping[str, CodeList]:
    """The code lists that texts are checked against; the same object for the same codes, so texts are read once."""
    made = code_lists(lambda key: {one.code: one for one in lists[key]})
    return _once.setdefault(tuple((name, tuple(one.by_code)) for name, one in made.items()), made)
