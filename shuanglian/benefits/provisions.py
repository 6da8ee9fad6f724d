"""A provision as its page shows it: terms by day, conditions in sentences, amounts, sources, gaps and conflicts.

The catalogue says what the papers say, also what they leave out (incomplete) and where they differ (disputed).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core.profile import active, language
from shuanglian.rules.benefit_cases import ANSWERS
from shuanglian.rules.benefit_shapes import CaseShape
from shuanglian.rules.benefits import Benefit, Terms, decide
from shuanglian.rules.fact_values import typed
from shuanglian.rules.facts.catalogue import vocabulary

from . import catalogue
from .telling import document, label_of, shown, word_of


@dataclass(frozen=True)
class Amount:
    """A named amount: what it is called, how much, its unit; other: what other papers say instead, by document."""

    label: str
    value: Decimal
    unit: str
    other: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class Condition:
    """says: the profile's own words; reads: what the text asks of the facts, said from their labels."""

    says: str
    reads: str
    text: str


@dataclass(frozen=True)
class Conflict:
    """What another document says: shown beside, never decides."""

    document: str
    says: str
    amounts: tuple[Amount, ...]


@dataclass(frozen=True)
class Stretch:
    """One stretch of days: which, how it stands to the day asked about (past, now, coming), and all it says."""

    since: date
    until: date | None
    when: str
    complete: bool
    lacks: tuple[str, ...]
    amounts: tuple[Amount, ...]
    pays: str
    conditions: tuple[Condition, ...]
    conflicts: tuple[Conflict, ...]
    cites: tuple[tuple[str, str], ...]
    document: str
    note: str
    version: str

    @property
    def states(self) -> list[tuple[str, str]]:
        """(kind of badge, words): complete or incomplete, and disputed on top."""
        told = [("ok", _("完整"))] if self.complete else [("warning", _("文件不全"))]
        return told + ([("bad", _("说法不一"))] if self.conflicts else [])


@dataclass(frozen=True)
class Shown:
    """A provision: `now` is the stretch in force on the day, `coming` those announced for later."""

    benefit: Benefit
    title: str
    plain: str
    department: str
    kind: str
    every: str
    pays: str
    fund: str
    subject: str
    apply_at: str
    papers: tuple[str, ...]
    note: str
    stretches: tuple[Stretch, ...]

    @property
    def now(self) -> Stretch | None:
        return next((one for one in self.stretches if one.when == "now"), None)

    @property
    def coming(self) -> list[Stretch]:
        return [one for one in self.stretches if one.when == "coming"]


def every(benefit: Benefit) -> str:
    return {
        "year": _("每年"), "school_year": _("每学年"), "month": _("每月"), "once": _("一次"), "case": _("按件"),
    }[benefit.every]  # fmt: skip


def pays(benefit: Benefit) -> str:
    return {
        "money": _("现金"), "points": _("提高报销比例"), "service": _("服务"), "loan": _("贷款"), "share": _("股份"),
    }[benefit.pays]  # fmt: skip


def provision(benefit: Benefit, on: date) -> Shown:
    """Everything that a page says of one provision, as of a day."""
    lang, known = language(), benefit.shape
    return Shown(
        benefit, known.title.in_(lang), known.plain.in_(lang), catalogue.department(benefit.department),
        dict(catalogue.choices("kind")).get(benefit.kind, benefit.kind), every(benefit), pays(benefit),
        dict(catalogue.choices("fund")).get(benefit.fund, benefit.fund),
        _("个人") if benefit.subject == "person" else _("户"), known.apply_at.in_(lang),
        tuple(one.in_(lang) for one in known.papers), known.note or "",
        tuple(stretch(one, on) for one in sorted(benefit.terms, key=lambda terms: terms.since, reverse=True)),
    )  # fmt: skip


def stretch(terms: Terms, on: date) -> Stretch:
    lang, codes = language(), active().codes
    when = "now" if terms.stands_on(on) else "coming" if terms.since > on else "past"
    conditions = tuple(
        Condition(one.says.in_(lang), one.expression.sentence(lang, codes), one.when) for one in terms.conditions
    )
    rules = active().rules
    return Stretch(
        terms.since, terms.until, when, terms.complete, tuple(one.in_(lang) for one in terms.lacks),
        tuple(_amounts(terms)), terms.yuan.sentence(lang, codes) if terms.yuan else "", conditions,
        tuple(_conflicts(terms)), tuple((rule, rules[rule].in_(lang) if rule in rules else "") for rule in terms.cites),
        document(terms.document), terms.shape.note or "", terms.version,
    )  # fmt: skip


def _amounts(terms: Terms) -> Iterator[Amount]:
    lang = language()
    for name, one in terms.given.items():
        other = tuple((document(other.document), other.given[name]) for other in terms.differs if name in other.given)
        yield Amount(one.label.in_(lang), one.amount, one.unit.in_(lang) if one.unit else "", other)


def _conflicts(terms: Terms) -> Iterator[Conflict]:
    lang = language()
    for one in terms.differs:
        amounts = tuple(
            Amount(terms.given[name].label.in_(lang) if name in terms.given else name, value, "")
            for name, value in one.given.items()
        )
        yield Conflict(document(one.document), one.says.in_(lang), amounts)


@dataclass(frozen=True)
class Case:
    """One worked case: the day, the family's facts in words, what must come out and what does."""

    on: date
    facts: tuple[tuple[str, str], ...]
    expected: str
    came: str
    yuan: Decimal | None
    unmet: tuple[str, ...]
    asks: tuple[str, ...]
    right: bool
    note: str


def cases(benefit: Benefit) -> list[Case]:
    """The provision's cases, worked out here and now."""
    return [_case(benefit, one) for one in benefit.shape.cases]


def _case(benefit: Benefit, case: CaseShape) -> Case:
    raw: dict[str, Any] = {"household": case.household, "village": case.village, "year": case.year}
    if case.person is not None:
        raw["person"] = case.person
    facts, _faults = typed(raw, vocabulary())
    line = active().lines(case.on.year)
    year = {"number": case.on.year, "poverty_line": line.yuan, "line_concept": line.concept}
    facts["year"] = {**year, **facts.get("year", {})}
    decision = decide(benefit, facts, case.on)
    came = ANSWERS.get(decision.state, decision.state)
    lang = language()
    return Case(
        case.on, tuple(_facts(facts, raw)), answer(case.granted), answer(came), decision.yuan,
        tuple(one.in_(lang) for one in decision.unmet),
        tuple(label_of(path, benefit) for path in sorted(decision.asks)),
        came == case.granted and (case.yuan is None or case.yuan == decision.yuan), case.note or "",
    )  # fmt: skip


def answer(code: str) -> str:
    return {
        "yes": _("享受"), "no": _("不享受"), "ask": _("须先问清"), "incomplete": _("文件不全，不能认定"),
        "failed": _("算不出来"),
    }[code]  # fmt: skip


def _facts(facts: Mapping[str, Any], raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for record in ("person", "household", "village", "year"):
        for name, value in facts.get(record, {}).items():
            if name == "members":
                for number, member in enumerate(value, start=1):
                    told = ((label_of(f"person.{fact}"), shown(one, word_of(f"person.{fact}")))
                            for fact, one in member.items())  # fmt: skip
                    yield _("成员{number}").format(number=number), "，".join(f"{fact} {one}" for fact, one in told)
            elif name in raw.get(record, {}):
                yield label_of(f"{record}.{name}"), shown(value, word_of(f"{record}.{name}"))
