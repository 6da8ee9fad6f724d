"""A decision told to people: every condition, the facts it looked at with source and day, what is still to be asked.

Works on what was kept (`reasons` and `inputs` of a Decision) as on what was only just worked out (Found), so that a
page says of both the same. Never decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core.profile import active, language
from shuanglian.registry.models import Statement
from shuanglian.registry.stating import listed, shown
from shuanglian.rules.benefits import Benefit
from shuanglian.rules.cel.vocabulary import Word
from shuanglian.rules.fact_values import from_plain
from shuanglian.rules.facts.catalogue import entries


@dataclass(frozen=True)
class Fact:
    """One fact as people read it: what, whose ("" the person's or family's own), its value, who says so, since when."""

    label: str
    value: str
    whose: str = ""
    source: str = ""
    on: str = ""


@dataclass(frozen=True)
class Line:
    """One condition: what it says, met (None: not known), the facts it used, the facts that would decide it."""

    says: str
    met: bool | None
    facts: tuple[Fact, ...]
    asks: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A decision in words. state: granted, refused, ask, failed, incomplete, not_in_force (rules.benefits)."""

    state: str
    lines: tuple[Line, ...]
    amount: tuple[Fact, ...]  # what the amount was worked out from
    lacks: tuple[str, ...]

    @property
    def unmet(self) -> list[str]:
        return [line.says for line in self.lines if line.met is False]

    @property
    def why(self) -> str:
        """One sentence: why it came out so."""
        match self.state:
            case "granted":
                return _("条件全部符合")
            case "refused":
                return _("不符合：{unmet}").format(unmet=parts(self.unmet))
            case "ask":
                asked = dict.fromkeys(one for line in self.lines for one in line.asks)
                return _("还不知道：{asks}").format(asks=listed(asked))
            case "incomplete":
                return _("文件没有写全，不能认定：缺{lacks}").format(lacks=listed(self.lacks))
            case "not_in_force":
                return _("当天没有施行的规定")
        return _("条款算不出结果，请报告县里")

    @property
    def grounds(self) -> str:
        """Every condition with the facts it used: why it is granted, or why not."""
        if self.state not in ("granted", "refused"):
            return self.why
        marks = {True: _("符合"), False: _("不符合"), None: _("不知道")}
        return parts(f"{marks[line.met]} {_with_facts(line)}" for line in self.lines)

    @property
    def why_not(self) -> str:
        """Why it is not granted, with the facts: 就读普通高中（就学阶段：小学，家庭成员登记）."""
        if self.state != "refused":
            return self.why
        told = parts(_with_facts(line) for line in self.lines if line.met is False)
        return _("不符合：{unmet}").format(unmet=told)


def _with_facts(line: Line) -> str:
    facts = parts(_plain(fact) for fact in line.facts)
    return _("{says}（{facts}）").format(says=line.says, facts=facts) if facts else line.says


def _plain(fact: Fact) -> str:
    called = _("{name}的{fact}").format(name=fact.whose, fact=fact.label) if fact.whose else fact.label
    return listed(
        one for one in (_("{fact}：{value}").format(fact=called, value=fact.value), fact.source, fact.on) if one
    )


def parts(sentences: Iterable[str]) -> str:
    return ("；" if language() == "zh" else "; ").join(sentences)


def tell(
    reasons: Mapping[str, Any], inputs: Any, benefit: Benefit | None, names: Mapping[int, str] | None = None
) -> Told:
    """What `Decision.to_json` and the inputs beside it say. names: person id → name, for facts of other members."""
    teller = _Teller(list(inputs), benefit, names or {}, language())
    lacks = tuple(one[teller.lang] for one in reasons["lacks"])
    lines = tuple(teller.line(one) for one in reasons["conditions"])
    return Told(reasons["state"], lines, tuple(map(teller.fact, reasons["used"])), lacks)


class _Teller:
    def __init__(self, inputs: list[dict[str, Any]], benefit: Benefit | None, names: Mapping[int, str], lang: str):
        self.inputs = {(one["path"], one.get("place")): one for one in inputs}
        self.benefit, self.names, self.lang = benefit, names, lang

    def line(self, outcome: Mapping[str, Any]) -> Line:
        reason = outcome["reason"]
        used = {(one["path"], one.get("member")): one for one in _used(reason)}
        asks = dict.fromkeys(self.called(path) for path in reason.get("asks", ()))
        facts = tuple(self.fact(one) for one in used.values())
        return Line(outcome["says"][self.lang], reason["met"], facts, tuple(asks))

    def fact(self, used: Mapping[str, Any]) -> Fact:
        path, place = used["path"], used.get("member")
        known = self.inputs.get((path, place), {})
        word = word_of(path)
        whose = self.names.get(known.get("member"), "") if place is not None else ""  # type: ignore[arg-type]
        source = source_label(known.get("source")) or (word.source.in_(self.lang) if word else "")
        return Fact(self.called(path), shown(from_plain(used["value"]), word), whose, source, known.get("on") or "")

    def called(self, path: str) -> str:
        return label_of(path, self.benefit)


def _used(reason: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from reason.get("used", ())
    for part in reason.get("parts", ()):
        yield from _used(part)


def word_of(path: str) -> Word | None:
    entry = entries().get(path)
    return entry.word if entry else None


def label_of(path: str, benefit: Benefit | None = None) -> str:
    """What a fact is called: a word of the vocabulary, a named amount of the benefit, the day; else its path."""
    if word := word_of(path):
        return word.label.in_(language())
    if path in ("day", "household.members"):
        return _("认定当天") if path == "day" else _("家庭成员")
    name = path.removeprefix("given.")
    for terms in benefit.terms if benefit else ():
        if name in terms.given:
            return terms.given[name].label.in_(language())
    return path


def source_label(source: Any) -> str:
    """Who says so: a part of the register (label in both languages), or a source of statements (code)."""
    if isinstance(source, Mapping):
        return str(source[language()])
    return str(Statement.Source(source).label) if source in Statement.Source.values else ""


def document(code: str) -> str:
    """What a cited document is called."""
    known = active().documents.get(code)
    return known.title.in_(language()) if known else code
