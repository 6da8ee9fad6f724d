"""What is wrong with a profile, said so that a clerk can mend it: file, line, key, fault, cure."""

from collections.abc import Set
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from shuanglian.kernel.words import N_, Said

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One fault: where it stands (line 0 when the file as a whole is meant), what it is, how to mend it."""

    file: Path
    line: int
    path: KeyPath
    code: str
    said: Said
    cure: Said

    @property
    def key(self) -> str:
        """The key path as people write it: lists[0].items[3].zh"""
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path).lstrip(".")


class ProfileErrors(Exception):
    """A profile that must not be used; `faults` says everything that is wrong with it, by file and line."""

    def __init__(self, faults: list[Fault]) -> None:
        once: dict[tuple[Path, int, str, str], Fault] = {}
        for fault in faults:
            once.setdefault((fault.file, fault.line, fault.code, str(fault.said)), fault)
        self.faults = tuple(sorted(once.values(), key=lambda fault: (str(fault.file), fault.line, fault.code)))
        super().__init__("\n".join(f"{f.file}:{f.line}: {f.said} — {f.cure}" for f in self.faults))


class ProfileUnreadable(ProfileErrors):
    """There is no profile there at all, or its files cannot be opened."""


def suggest(word: str, known: Any) -> Said:
    """A cure for a word that is not known: the nearest known one, else the whole choice."""
    known = sorted(map(str, known)) if isinstance(known, Set) else [str(one) for one in known]
    # Numbers that look alike mean nothing alike, so for them the whole choice is shown.
    if not word.isdecimal() and (near := get_close_matches(word, known, n=1, cutoff=0.5)):
        return Said(N_("是否想写 {near}？"), {"near": near[0]})
    if not known:
        return Said(N_("请先定义它，或删去这个引用。"))
    return Said(N_("可用的有：{choice}。"), {"choice": ", ".join(known[:24]) + (", …" if len(known) > 24 else "")})


_TYPES = {
    "int_type": N_("整数，不加引号，如 4"),
    "string_type": N_('文字，用双引号括起，如 "科级"'),
    "bool_type": N_("true 或 false，不加引号"),
    "date_type": N_("日期，不加引号，如 2015-01-01"),
    "tuple_type": N_('列表，用方括号括起，如 ["a", "b"]'),
    "frozen_set_type": N_('列表，用方括号括起，如 ["a", "b"]'),
    "dict_type": N_('表，用花括号括起，如 { zh = "…", en = "…" }'),
    "model_type": N_('表，用花括号括起，如 { zh = "…", en = "…" }'),
    "decimal_type": N_('数，小数加引号，如 "0.5"'),
    "decimal_parsing": N_('数，小数加引号，如 "0.5"'),
    "write_as_text": N_('数，小数加引号，如 "0.5"'),
}
_WRITTEN = {str: N_("文字"), bool: N_("是非值"), int: N_("整数"), float: N_("小数"), list: N_("列表"), dict: N_("表")}
_OWN = {
    "never_published": (
        N_("这样的字段不能公示：证件、电话、银行、出生、健康等信息"),
        N_("从 notice_fields 中删去这一条。"),
    ),
    "one_test": (
        N_("一条需求规则须恰好有一个判断条件"),
        N_("在 below、at_least、is_true、any_of 中只写一个。"),
    ),
    "bands_rise": (N_("分档起点须从 0 开始并逐档增大"), N_("改成如 begins = [0, 2, 4, 6, 9]。")),
    "bands_labels": (N_("分档名称与分档起点的个数不同"), N_("每个起点配一个名称。")),
    "incomplete_without_lacks": (
        N_("条款标为不全（incomplete），却没有说缺什么"),
        N_("在 lacks 里用中英文写明缺少的内容。"),
    ),
    "complete_with_lacks": (
        N_("条款标为齐全（complete），却写了缺少的内容"),
        N_('删去 lacks，或写成 state = "incomplete"。'),
    ),
    "no_conditions": (N_("条款没有任何条件"), N_("在 all_of 里至少写一个条件。")),
    "bad_share": (N_("不是一个份额"), N_('份额加引号，写成 "2/3" 或 "0.20"。')),
    "share_outside": (N_("份额须在 0 到 1 之间"), N_('写成如 "2/3" 或 "0.20"；百分之二十是 "0.20"。')),
    "where_one_kind": (
        N_("一个条件须恰好有一种判断"),
        N_("在 codes、groups、is、told 和 low/below 中只写一种。"),
    ),
    "where_groups_of": (N_("groups 缺少所属的代码表，或 of 没有 groups"), N_("groups 和 of 写在一起。")),
    "statistic_one_way": (N_("一张统计表须恰好有一种行"), N_("在 codes、bands、rows、sums 中只写一种。")),
    "statistic_column": (N_("按代码或分段统计的表缺少 column"), N_("写明按哪一栏统计。")),
    "statistic_amount": (N_("sums 与 amount 须一起写"), N_("写明数量的单位，如亩、元。")),
    "rung_level": (N_("这一级的 level 与 holder 不相配"), N_("cadre 和 unit 不写 level，office 和 department 须写。")),
    "one_owner": (N_("没有写明是谁的任务"), N_("posts、roles、paired、units 只写一个。")),
    "when_and_kind": (N_("kind 与 when 不符"), N_('kind = "condition" 的规则写 when，其他的不写。')),
    "amount_or_benefit": (
        N_("一项措施的收入须写 low 和 likely，或者由 benefit 指明的政策给出"),
        N_("写 low 和 likely 两个数，或只写 benefit。"),
    ),
    "low_above_likely": (N_("保守数 low 高于可能数 likely"), N_("改正其中一个数。")),
    "least_above_most": (N_("最少数量 least 多于最多数量 most"), N_("改正其中一个数。")),
    "no_such_sum": (
        N_("现值的算法里有系统不知道的数"),
        N_("写成 register.people 或 village.people 这样的名字；可用的见 docs/plans.md。"),
    ),
    "low_of_between": (N_('low 只和 better = "between" 一起写'), N_("补上 low，或改写 better。")),
    "no_such_check": (N_("没有这样一项核对"), N_("核对的代码见 docs/plans.md。")),
    "no_amount": (N_("发钱或加点数的福利缺少数额"), N_('写 yuan；文件没有给出数额的，写成 state = "incomplete"。')),
}


def _written(value: Any) -> Said:
    for kind, name in _WRITTEN.items():
        if isinstance(value, kind):
            return Said(name)
    return Said(N_("日期"))


def explain(error: ErrorDetails, fields: Any) -> tuple[str, Said, Said]:
    """One complaint of the type check as (code, fault, cure); `fields` are the keys allowed at that place."""
    kind, value, limits = error["type"], error["input"], error.get("ctx", {})
    key = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "value_error":
        kind = str(limits.get("error", ""))
    if kind in _OWN:
        return kind, Said(_OWN[kind][0]), Said(_OWN[kind][1])
    if kind == "missing":
        if key in ("cites", "document", "since"):
            cure = Said(N_("写在本条，或写在文件开头的 [source] 中对全文件生效。"))
        else:
            cure = Said(N_("补上 {key}。"), {"key": key})
        return "missing_key", Said(N_("缺少 {key}"), {"key": key}), cure
    if kind == "extra_forbidden":
        return "unknown_key", Said(N_("不认识的键 {key}"), {"key": key}), suggest(key, fields)
    if kind in _TYPES:
        said = Said(
            N_("{key} 写成了{written}（{value}）"), {"key": key, "written": _written(value), "value": _short(value)}
        )
        return "wrong_type", said, Said(N_("应写{expected}。"), {"expected": Said(_TYPES[kind])})
    return _explain_value(kind, key, value, limits)


def _explain_value(kind: str, key: str, value: Any, limits: dict[str, Any]) -> tuple[str, Said, Said]:
    given = {"key": key, "value": _short(value)}
    if kind in ("greater_than_equal", "greater_than"):
        low = limits.get("ge", limits.get("gt"))
        negative = isinstance(value, int) and value < 0
        code = "negative" if negative else "too_small"
        sentence = N_("{key} 是负数（{value}）") if negative else N_("{key} 太小（{value}）")
        bound = N_("不得小于 {low}。") if "ge" in limits else N_("须大于 {low}。")
        return code, Said(sentence, given), Said(bound, {"low": low})
    if kind in ("less_than_equal", "less_than"):
        high = limits.get("le", limits.get("lt"))
        return "too_large", Said(N_("{key} 太大（{value}）"), given), Said(N_("不得大于 {high}。"), {"high": high})
    if kind == "literal_error":
        choice = [word.strip("'\" ") for word in str(limits.get("expected", "")).replace(" or ", ", ").split(",")]
        return "unknown_word", Said(N_("{key} 不能是 {value}"), given), suggest(str(value), choice)
    if kind in ("too_short", "string_too_short"):
        return "empty", Said(N_("{key} 是空的"), {"key": key}), Said(N_("至少写一项，或删去整条。"))
    if kind == "string_pattern_mismatch":
        cure = Said(N_("代码只用字母、数字和下划线，以字母或数字开头。"))
        return "bad_code", Said(N_("{key} 的写法不合格式：{value}"), given), cure
    said = Said(N_("{key} 的值不合要求：{value}"), given)
    return "wrong_value", said, Said(N_("请对照内置范本 tongwei_2015 的同名文件改写。"))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
