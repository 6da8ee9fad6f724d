"""Two versions of a village's plan side by side: figures, words, money, each line, each indicator (PLAN-2, PLAN-6)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.core.profile import active, language
from shuanglian.rules.village_sums import Homes

from . import village_wording, wording
from .models import VillagePlan

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"
STATES = {CHANGED: gettext_lazy("有变化"), ADDED: gettext_lazy("新加"), REMOVED: gettext_lazy("删去")}
TONES = {CHANGED: "warning", ADDED: "ok", REMOVED: "danger"}
SENTENCE = re.compile(r"(?<=[。；！？;!?\n])")


@dataclass(frozen=True)
class Piece:
    """A part of what one version says; marked: the other version does not say it. label: what the part is; apart: it
    stands on a line of its own."""

    text: str
    marked: bool = False
    label: str = ""
    apart: bool = False


@dataclass(frozen=True)
class Row:
    """One thing that a plan says, then and now; nothing where a version does not say it."""

    what: str
    then: tuple[Piece, ...]
    now: tuple[Piece, ...]

    @property
    def state(self) -> str:
        """same, changed, added or removed."""
        if self.then == self.now:
            return SAME
        return ADDED if not self.then else REMOVED if not self.now else CHANGED

    @property
    def badge(self) -> tuple[str, str] | None:
        """(tone, word) of what differs."""
        return None if self.state == SAME else (TONES[self.state], str(STATES[self.state]))


@dataclass(frozen=True)
class Part:
    """One section of the comparison."""

    code: str
    title: str
    rows: tuple[Row, ...]

    @property
    def differing(self) -> int:
        return sum(one.state != SAME for one in self.rows)


def compared(old: VillagePlan, new: VillagePlan, homes: tuple[Homes, Homes]) -> list[Part]:
    """Everything that two versions say. homes: the household plans as they stand, to the end of each version."""
    one, two = old.content, new.content
    parts = (
        ("figures", _("目标和人口"), _figures(one, two)),
        ("sums", _("按现在的户计划算账"), _sums(one, two, homes)),
        ("words", _("一个路子、一个计划、一个主导产业"), _words(one, two)),
        ("funds", _("落实了多少钱（元，按来源）"), _funds(one, two)),
        ("lines", _("村级措施和项目"), _lines(one["lines"], two["lines"])),
        ("indicators", _("指标实现程度"), _indicators(one, two)),
    )
    return [Part(code, title, tuple(rows)) for code, title, rows in parts]


def _said(text: Any) -> tuple[Piece, ...]:
    return (Piece(str(text)),) if text not in (None, "") else ()


def _yuan(amount: Any) -> str:
    return wording.money(Decimal(amount).quantize(Decimal("0.01")))


def _figures(one: Mapping[str, Any], two: Mapping[str, Any]) -> list[Row]:
    rows = [
        (_("起始年度"), one["year"], two["year"]), (_("到期年度"), one["until"], two["until"]),
        (_("人均目标收入（元）"), _yuan(one["target"]), _yuan(two["target"])),
        (_("现人均纯收入（元）"), _income(one), _income(two)),
        (_("在册户数"), one["households"], two["households"]), (_("在册人口"), one["people"], two["people"]),
    ]  # fmt: skip
    return [Row(what, _said(then), _said(now)) for what, then, now in rows]


def _income(told: Mapping[str, Any]) -> str:
    return _("{yuan}（{year} 年）").format(yuan=_yuan(told["income"]), year=told["income_year"])


def _sums(one: Mapping[str, Any], two: Mapping[str, Any], homes: tuple[Homes, Homes]) -> list[Row]:
    """What each comes to with the household plans of today, and what of it does not add up."""
    told = [village_wording.shown(content, known) for content, known in zip((one, two), homes, strict=True)]
    names = (
        ("need", _("一年要多收（元）")), ("carried", _("合计增收（元）")), ("gain", _("其中村级项目增收（元）")),
        ("short", _("还差（元）")), ("cost", _("村级项目投入（元）")),
    )  # fmt: skip
    rows = [Row(label, _said(_yuan(told[0][name])), _said(_yuan(told[1][name]))) for name, label in names]
    faults = [[fault["says"] for fault in version["faults"]] for version in told]
    return [*rows, Row(_("哪里算不平"), *_beside(*faults, otherwise=_("算得平"), apart=True))]


def _beside(
    then: Sequence[str], now: Sequence[str], *, otherwise: str = "", apart: bool = False
) -> tuple[tuple[Piece, ...], ...]:  # fmt: skip
    """Two lists of sentences; each sentence that the other list does not have is marked."""
    sides = ((then, Counter(now)), (now, Counter(then)))
    return tuple(
        tuple(Piece(text, text not in other, apart=apart) for text in mine) or _said(otherwise) for mine, other in sides
    )  # fmt: skip


def _words(one: Mapping[str, Any], two: Mapping[str, Any]) -> list[Row]:
    named = (("path", _("发展路子")), ("plan", _("脱贫计划")))
    texts = [Row(label, *_beside(_sentences(one[name]), _sentences(two[name]))) for name, label in named]
    industries = [_said(village_wording.industry_label(told["industry"])) for told in (one, two)]
    return [*texts, Row(_("主导产业"), *industries)]


def _sentences(text: str) -> list[str]:
    return [part for part in SENTENCE.split(text) if part]


def _funds(one: Mapping[str, Any], two: Mapping[str, Any]) -> list[Row]:
    codes = dict.fromkeys((*one["funds"], *two["funds"]))
    sides = [{code: _said(_yuan(yuan)) for code, yuan in told["funds"].items()} for told in (one, two)]
    return [Row(wording.fund_label(code), sides[0].get(code, ()), sides[1].get(code, ())) for code in codes]


# --- lines: the same work by its thread -------------------------------------------------------------------------------
def _lines(then: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> list[Row]:
    """In the order of the newer version, what it no longer has at the end."""
    old, new = _by_thread(then), _by_thread(now)
    return [_line(old.get(key), new.get(key)) for key in dict.fromkeys((*new, *old))]


def _by_thread(lines: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    """(thread, how often it stood before) → line: a work paid from two sources may stand twice."""
    seen: Counter[str] = Counter()
    found = {}
    for one in lines:
        found[(one["thread"], seen[one["thread"]])] = one
        seen[one["thread"]] += 1
    return found


def _line(then: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Row:
    told = [_fields(one) if one is not None else {} for one in (then, now)]
    alone = then is None or now is None
    sides = [
        tuple(Piece(text, not alone and told[1 - side].get(label) != text, label) for label, text in mine.items())
        for side, mine in enumerate(told)
    ]
    return Row((now or then or {})["what"], *sides)


def _fields(one: Mapping[str, Any]) -> dict[str, str]:
    """label → text of what a line says; what it says nothing of is left out."""
    shape = village_wording.line(one)
    quantity = f"{Decimal(one['quantity']).normalize():f} {shape['unit']}" if one["quantity"] is not None else ""
    told = {
        _("类别"): shape["label"], _("内容"): one["what"], _("数量"): quantity,
        _("起止"): f"{one['starts_on']} – {one['due_on']}",
        _("责任人"): " ".join(part for part in (shape["owner"], one["owner_name"]) if part),
        _("投入（元）"): _with(one["cost"], shape["fund"]), _("年增收（元）"): _with(one["gain"], shape["channel"]),
        _("说明"): one["note"],
    }  # fmt: skip
    return {label: text for label, text in told.items() if text}


def _with(amount: Any, whose: str) -> str:
    return f"{_yuan(amount)} {whose}".strip() if Decimal(amount) else ""


# --- indicators -------------------------------------------------------------------------------------------------------
def _indicators(one: Mapping[str, Any], two: Mapping[str, Any]) -> list[Row]:
    """Each indicator that either version has a number of, then all of them together."""
    old, new = ({told["code"]: told for told in side["indicators"]} for side in (one, two))
    rows = [
        _indicator(code, old.get(code), new.get(code)) for code in dict.fromkeys((*new, *old))
        if any(side and (side["present"] is not None or side["promised"] is not None)
               for side in (old.get(code), new.get(code)))
    ]  # fmt: skip
    whole = Row(_("有数的指标合起来"), *(_pieces(_degrees(side["degree"]), other=_degrees(other["degree"]))
                                for side, other in ((one, two), (two, one))))  # fmt: skip
    return [*rows, whole]


def _degrees(told: Mapping[str, Any]) -> dict[str, str]:
    named = ((_("现在实现"), told["present"]), (_("承诺实现"), told["promised"]))
    return {label: f"{value}%" for label, value in named if value is not None}


def _indicator(code: str, then: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Row:
    told = [_values(one) if one is not None else {} for one in (then, now)]
    sides = [_pieces(mine, other=told[1 - side]) for side, mine in enumerate(told)]
    shape = active().villages.indicators.get(code)
    unit = f"（{shape.unit.in_(language())}）" if shape else ""
    return Row(f"{village_wording.indicator_label(code)}{unit}", *sides)


def _values(one: Mapping[str, Any]) -> dict[str, str]:
    """Value and degree, now and promised; where the value comes from."""
    told = {
        _("现值"): _reached(one["present"], one["present_degree"]),
        _("承诺值"): _reached(one["promised"], one["promised_degree"]), _("出处"): village_wording.source_of(one),
    }  # fmt: skip
    return {label: text for label, text in told.items() if text}


def _reached(value: Any, degree: Any) -> str:
    if value is None:
        return ""
    number = f"{Decimal(value).normalize():f}"
    return number if degree is None else _("{value}，实现 {degree}%").format(value=number, degree=degree)


def _pieces(mine: Mapping[str, str], *, other: Mapping[str, str]) -> tuple[Piece, ...]:
    return tuple(Piece(text, bool(other) and other.get(label) != text, label) for label, text in mine.items())
