"""What a form of conditions or cases draws: facts in groups, comparisons in words, the input that suits a fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core.profile import language
from shuanglian.kernel.words import Said
from shuanglian.registry.fields import codes as code_choices
from shuanglian.registry.fields import current
from shuanglian.rules.building import OPERATIONS, SEVERAL, VALUELESS, kind_of, word_at
from shuanglian.rules.cel.faults import TextFault
from shuanglian.rules.cel.vocabulary import Vocabulary, Word
from shuanglian.rules.facts.catalogue import entries, vocabulary

from .drafting import BlockState, RowState, TermsState, Weighing

MOST_FOUND = 20


def operations() -> dict[str, dict[str, str]]:
    """kind of fact → operation → what it is called."""
    size = {"==": _("等于"), "!=": _("不等于"), ">=": _("不小于"), "<=": _("不大于"), ">": _("大于"), "<": _("小于")}
    time = {"==": _("就是"), "!=": _("不是"), ">=": _("不早于"), "<=": _("不晚于"), ">": _("晚于"), "<": _("早于"),
            "this_year": _("在当年")}  # fmt: skip
    known = {"known": _("已知"), "unknown": _("不知道")}
    one = {"one_of": _("是其中之一"), "none_of": _("都不是")}
    words = {
        "bool": {"yes": _("是"), "no": _("不是")}, "coded": one,
        "codes": {"one_of": _("包括其中之一"), "none_of": _("都不包括")},
        "text": {"==": _("就是"), "!=": _("不是"), "contains": _("含有"), "startsWith": _("开头是")},
        "whole": {**size, **one}, "number": size, "day": time,
    }  # fmt: skip
    return {kind: {op: {**words[kind], **known}[op] for op in ops} for kind, ops in OPERATIONS.items()}


def records(subject: str, *, members: bool = False) -> dict[str, str]:
    """Which records a test may speak of, with their names."""
    person = {"person": _("该成员") if members else _("本人")} if members or subject == "person" else {}
    return {**person, "household": _("家庭"), "village": _("村"), "year": _("年度")}


def fact_groups(subject: str, *, members: bool = False) -> list[tuple[str, list[tuple[str, str]]]]:
    """(record, [(path, label)]): the pick-list of facts."""
    lang = language()
    groups = []
    for record, title in records(subject, members=members).items():
        words = vocabulary().words[record].values()
        groups.append((title, sorted(((word.path, word.label.in_(lang)) for word in words), key=lambda pair: pair[1])))
    return groups


@dataclass(frozen=True)
class Found:
    """A fact that fits what was searched: everything that helps to choose it."""

    path: str
    label: str
    record: str
    unit: str
    source: str
    stated: bool
    kind: str


def search(text: str, subject: str) -> list[Found]:
    """Facts whose name in either language, path, source or codes hold the text."""
    wanted, lang, names = text.strip().lower(), language(), records(subject)
    found = []
    for entry in entries().values() if wanted else ():
        word = entry.word
        held = " ".join([word.label.zh, word.label.en, word.path, word.source.zh, word.source.en, _codes_said(word)])
        if word.record in names and wanted in held.lower():
            unit = word.unit.in_(lang) if word.unit else ""
            found.append(Found(word.path, word.label.in_(lang), names[word.record], unit, word.source.in_(lang),
                               word.stated, kinds()[kind_of(word)]))  # fmt: skip
    return sorted(found, key=lambda one: (wanted not in one.label.lower(), one.label))[:MOST_FOUND]


def _codes_said(word: Word) -> str:
    listed = current().codes.get(word.codes) if word.codes else None
    return " ".join(f"{item.label.zh} {item.label.en}" for item in listed.by_code.values()) if listed else ""


def kinds() -> dict[str, str]:
    return {"bool": _("是否"), "coded": _("代码"), "codes": _("多选代码"), "text": _("文字"), "whole": _("整数"),
            "number": _("数"), "day": _("日期")}  # fmt: skip


@dataclass(frozen=True)
class RowView:
    """One line of a block, ready to be drawn."""

    state: RowState
    word: Word | None
    kind: str
    ops: list[tuple[str, str]]
    choices: list[tuple[str, Any]]
    others: list[tuple[str, list[tuple[str, str]]]]
    unit: str
    source: str
    problem: Said | None

    @property
    def takes_value(self) -> bool:
        return bool(self.kind) and self.state.op not in VALUELESS and self.state.op != ""

    @property
    def value(self) -> str:
        return ", ".join(self.state.values) if self.state.op in SEVERAL else next(iter(self.state.values), "")

    @property
    def compares(self) -> bool:
        """Whether it may be compared with a named amount or another fact."""
        return self.kind in ("whole", "number", "day") and self.state.op not in SEVERAL


@dataclass(frozen=True)
class BlockView:
    """One condition, ready to be drawn."""

    state: BlockState
    rows: list[RowView]
    told: Weighing
    facts: list[tuple[str, list[tuple[str, str]]]]

    @property
    def problem(self) -> Said | None:
        """What is missing in the block as a whole; of a row its row says it."""
        missing = self.told.unfinished
        return missing[1] if missing and missing[0] >= len(self.rows) else None

    @property
    def faults(self) -> tuple[TextFault, ...]:
        return self.told.faults


def block_views(state: TermsState, subject: str) -> list[BlockView]:
    words = state.words(subject)
    groups = {members: fact_groups(subject, members=members) for members in (False, True)}
    return [_block_view(one, words, groups[one.kind == "members"]) for one in state.blocks]


def _block_view(block: BlockState, words: Vocabulary, facts: Any) -> BlockView:
    told = Weighing.of(block, words)
    rows = [
        _row_view(row, words, facts, told.unfinished[1] if told.unfinished and told.unfinished[0] == place else None)
        for place, row in enumerate(block.rows)
    ]
    return BlockView(block, rows, told, facts)


def _row_view(row: RowState, words: Vocabulary, facts: Any, problem: Said | None) -> RowView:
    word, lang = word_at(row.path, words), language()
    kind = kind_of(word) if word else ""
    ops = list(operations()[kind].items()) if kind else []
    alike = {"whole": ("whole", "number"), "number": ("whole", "number"), "day": ("day",)}.get(kind, ())
    others = [
        (title, [(path, label) for path, label in paths if (other := word_at(path, words)) and kind_of(other) in alike])
        for title, paths in facts
    ]
    return RowView(
        row, word, kind, ops, choices_of(word) if word else [], [one for one in others if one[1]],
        word.unit.in_(lang) if word and word.unit else "", word.source.in_(lang) if word else "", problem,
    )  # fmt: skip


def choices_of(word: Word) -> list[tuple[str, Any]]:
    """The codes that a fact may hold."""
    if not word.codes or word.codes not in current().codes:
        return []
    return code_choices(word.codes, empty=None)


@dataclass(frozen=True)
class Input:
    """The input of one fact in a case."""

    path: str
    label: str
    kind: str
    unit: str
    choices: list[tuple[str, Any]]
    values: list[str]

    @property
    def value(self) -> str:
        return next(iter(self.values), "")


def inputs(paths: list[str], typed: dict[str, list[str]]) -> list[Input]:
    """The inputs of facts, those that the case already speaks of among them."""
    lang, found = language(), []
    for path in dict.fromkeys([*paths, *typed]):
        if word := word_at(path, vocabulary()):
            unit = word.unit.in_(lang) if word.unit else ""
            found.append(Input(path, word.label.in_(lang), kind_of(word), unit, choices_of(word), typed.get(path, [])))
    return found
