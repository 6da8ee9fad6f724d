"""The files of benefits → benefits with their texts read, everything checked and every case run.

Citation, document and days may stand once in the file's [source] for all terms.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from shuanglian.kernel.words import N_, Said

from .benefit_cases import run_cases
from .benefit_shapes import BenefitShape, TermsShape
from .benefits import Benefit, Terms, version_of
from .cel.language import Expression
from .cel.types import BOOL, NUMBER, Type
from .cel.vocabulary import Vocabulary
from .code_list import CodeList
from .conditions import Condition
from .profile_checks import Checker, overlap
from .profile_faults import suggest
from .profile_files import INHERITED, Desk, Table, check_source
from .profile_shapes import Label, Line
from .text_files import read_text

Loc = tuple[str | int, ...]


@dataclass(frozen=True, eq=False)
class Ground:
    """What benefits may refer to, as the rest of the profile stands.

    codes: list (kinds, departments, funds) → codes as written; lines: the poverty lines; shaped: the loader's type
    check of one entry; code_lists: name → list, so that texts do not speak of codes that no list has.
    """

    codes: Mapping[str, Collection[str]]
    rules: Collection[str]
    documents: Collection[str]
    vocabulary: Vocabulary
    lines: tuple[Line, ...]
    shaped: Callable[[type[Any], Table, Desk], Any]
    code_lists: Mapping[str, CodeList] | None = None

    def year(self, on: date) -> dict[str, Any]:
        """The facts of a day's year that the profile itself knows; the line of the year or the latest before it."""
        known = [line for line in self.lines if line.year <= on.year]
        latest = max(known, key=lambda line: line.year, default=None)
        return {"number": on.year} | ({"poverty_line": latest.yuan, "line_concept": latest.concept} if latest else {})


def read_benefits(files: Mapping[str, Table], ground: Ground, desk: Desk) -> dict[str, Benefit]:
    """code → benefit, of the files that can be read; everything wrong with the others goes to the desk."""
    found = {}
    for name, file in files.items():
        table, code, told = _filled(file, desk), Path(name).stem, len(desk.faults)
        shape = ground.shaped(BenefitShape, table, desk)
        if shape is None:
            continue
        found[code] = _Reader(code, shape, table, ground, desk).benefit()
        if len(desk.faults) == told:  # a case of faulty terms could only fail
            run_cases(found[code], table, ground.vocabulary, ground.year, desk)
    return found


def _filled(table: Table, desk: Desk) -> Table:
    """The file without [source], its terms filled in from there."""
    check_source(table, (), desk)
    source, body = table.get("source"), table.part(tuple(key for key in table if key != "source"))
    terms = body.get("terms")
    if not isinstance(source, Table) or not isinstance(terms, list):
        return body
    for entry in [one for one in terms if isinstance(one, Table)]:
        for key in INHERITED:
            if key not in entry and key in source and not (key == "until" and "since" in entry):
                entry.give(key, source[key], source.where[key])
    return body


class _Reader:
    """Checks one benefit and reads its texts."""

    def __init__(self, code: str, shape: BenefitShape, table: Table, ground: Ground, desk: Desk) -> None:
        self.code, self.shape, self.table, self.ground, self.desk = code, shape, table, ground, desk
        self.checker = Checker({}, {}, {id(shape): table}, desk)

    def fault(self, loc: Loc, code: str, said: Said, cure: Said) -> None:
        self.desk.fault(self.table.find(loc), code, said, cure)

    def benefit(self) -> Benefit:
        for key, known in (("kind", "kinds"), ("department", "departments"), ("fund", "funds")):
            self.checker.dangling(self.shape, (key,), getattr(self.shape, key), self.ground.codes.get(known, ()))
        terms = tuple(self._terms(number, one) for number, one in enumerate(self.shape.terms))
        self._days()
        return Benefit(self.code, self.shape, terms)

    def _days(self) -> None:
        for number, one in enumerate(self.shape.terms):
            for other in self.shape.terms[:number]:
                if overlap(one, other):
                    said = Said(N_("两段条款自 {since} 起重叠"), {"since": max(one.since, other.since)})
                    cure = Said(N_("给较早的一条写 until，写到较晚一条 since 的前一天。"))
                    self.fault(("terms", number, "since"), "overlap", said, cure)

    def _terms(self, number: int, shape: TermsShape) -> Terms:
        loc: Loc = ("terms", number)
        self.checker.sources(self.shape, self.ground.rules, self.ground.documents, loc)
        self._differs(loc, shape)
        labels = tuple((name, one.label) for name, one in shape.given.items())
        conditions: list[Condition] = []
        used: set[str] = set()
        for at, one in enumerate(shape.all_of):
            expression = self._text((*loc, "all_of", at, "when"), one.when, labels, BOOL)
            if expression is not None:
                conditions.append(Condition(one.says, expression))
                used |= expression.facts
        yuan = self._text((*loc, "yuan"), shape.yuan, labels, NUMBER) if shape.yuan else None
        used |= yuan.facts if yuan else set()
        whole = len(conditions) == len(shape.all_of) and (yuan is not None or not shape.yuan)
        for name in shape.given if whole and shape.state == "complete" else ():
            if f"given.{name}" not in used:
                said = Said(N_("{key} 没有被用到"), {"key": f"given.{name}"})
                cure = Said(N_("在 when 或 yuan 里用它，或删去它。"))
                self.fault((*loc, "given", name), "unused", said, cure)
        return Terms(shape, dict(shape.given), tuple(conditions), yuan, version_of(self.code, shape))

    def _differs(self, loc: Loc, shape: TermsShape) -> None:
        for at, one in enumerate(shape.differs):
            place = (*loc, "differs", at)
            if one.document not in self.ground.documents:
                said = Said(N_("出处 {value} 不在文件目录中"), {"value": one.document})
                self.fault((*place, "document"), "unknown_document", said, suggest(one.document, self.ground.documents))
            if one.document == shape.document:
                said = Said(N_("不同说法须出自另一份文件，不是 {value}"), {"value": one.document})
                self.fault((*place, "document"), "contradiction", said, Said(N_("写明另一份文件的代码。")))
            for name in one.given:
                if name not in shape.given:
                    said = Said(N_("{key} 指向不存在的 {value}"), {"key": "given", "value": name})
                    self.fault((*place, "given", name), "dangling", said, suggest(name, sorted(shape.given)))

    def _text(self, loc: Loc, text: str, labels: tuple[tuple[str, Label], ...], kind: Type) -> Expression | None:
        """A text read; None, with its faults told, when it is faulty or would not run over a whole county."""
        vocabulary = _with_given(self.ground.vocabulary, self.shape.subject, labels)
        return read_text(text, vocabulary, partial(self.fault, loc), kind=kind, codes=self.ground.code_lists)


@lru_cache(maxsize=512)
def _with_given(vocabulary: Vocabulary, subject: str, labels: tuple[tuple[str, Label], ...]) -> Vocabulary:
    """One vocabulary for all rules with the same named amounts, so that their texts are read once."""
    roots = {name: kind for name, kind in vocabulary.roots.items() if subject == "person" or name != "person"}
    return Vocabulary(vocabulary.words, roots).with_given(dict(labels))
