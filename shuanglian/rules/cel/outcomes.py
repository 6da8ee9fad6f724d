"""What working out a text can come to besides a value: it cannot be known yet, or it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shuanglian.kernel.words import N_, Said


@dataclass(frozen=True, slots=True)
class Unknown:
    """The value hangs on facts that are not known; facts: which to ask for, by path, such as person.school_stage."""

    facts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Failed:
    """The value cannot be worked out whatever else is learned; code: a key of FAILURES."""

    code: str

    @property
    def said(self) -> Said:
        return Said(FAILURES[self.code])


FAILURES: Mapping[str, str] = {
    "divide_by_zero": N_("除数是零"),
    "overflow": N_("结果太大，超出数的范围"),
    "bad_timestamp": N_("时间写法不对，应如 2015-09-01T00:00:00Z"),
    "bad_date": N_("日期写法不对，应如 2015-09-01"),
    "bad_duration": N_("时长写法不对，应如 36h 或 90m"),
    "bad_number": N_("这段文字不是数"),
    "bad_bool": N_("这段文字不是 true 或 false"),
    "bad_zone": N_("不认识的时区"),
    "bad_pattern": N_("匹配式写法不对"),
    "no_such_place": N_("列表里没有这个位置"),
    "empty_list": N_("空列表没有最大值和最小值"),
    "wrong_type": N_("事实的值与它的类型不符"),
    "no_overload": N_("这些值不能这样运算"),
    "too_long": N_("结果太长"),
    "too_much": N_("计算量太大"),
}


class CannotWork(ArithmeticError):
    """Raised inside a function that cannot give a value; code as in Failed."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def merged(*outcomes: object) -> Unknown | Failed:
    """What operands that are not all values come to: a failure stands whatever else is learned."""
    asked: frozenset[str] = frozenset()
    for one in outcomes:
        if one.__class__ is Failed:
            return one  # type: ignore[return-value]
        if one.__class__ is Unknown:
            asked |= one.facts  # type: ignore[attr-defined]
    return Unknown(asked)
