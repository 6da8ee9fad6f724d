"""One family's page: every benefit for every member as it stands and as the facts say today, what is to be asked,
where register and statements differ, what was stated (BEN-7, BEN-8, REG-10).

What was decided is shown as it was kept. What the facts say today is worked out for looking only: it is written down
when somebody asks for it (`rounds.decide_household`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from shuanglian.core.profile import active, language
from shuanglian.registry import raw
from shuanglian.registry.models import Household, Person, Statement
from shuanglian.rules.benefits import Benefit
from shuanglian.rules.facts.build import Families, build, read_value
from shuanglian.rules.sittings import Sitting

from . import catalogue, findings, queries
from .findings import Found, Key
from .models import Decision, Due
from .telling import Told, label_of, shown, source_label, tell, word_of

S = Due.State
ORDER = {state: place for place, state in enumerate(
    [S.REFUSED, S.OWED, S.UNDECIDED, S.APPEALED, S.APPLIED, S.APPROVED, S.RECEIVED, S.ENDED]
)}  # fmt: skip
Subject = tuple[str, str]  # record (person, household, village) and id, as statements name whom they are about


@dataclass(frozen=True)
class Row:
    """One benefit of one member (None: of the household). due, kept: what stands; found: what the facts say today."""

    benefit: Benefit | None
    code: str
    due: Due | None
    kept: Decision | None
    found: Found | None
    told: Told
    stale: bool = False

    @property
    def title(self) -> str:
        return catalogue.title(self.code)

    @property
    def period(self) -> str:
        return catalogue.period_label(self.benefit, self.due.period) if self.due else ""

    @property
    def yuan(self) -> Decimal | None:
        if self.due is not None:
            return self.due.yuan
        return self.found.decision.yuan if self.found else None

    @property
    def concerns(self) -> bool:
        """Whether the row stands among what the family is owed, asks or gets; the rest is only told when asked for."""
        return (self.due is not None and self.due.state != S.ENDED) or bool(
            self.found and (self.found.decision.granted or self.found.decision.asks)
        )


@dataclass
class Part:
    """A member, or the household as a whole (person None): rows that concern them, the others, those of past years."""

    person: Person | None
    rows: list[Row] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    past: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Open:
    """A fact to ask for: about whom, how many benefits hinge on it and which."""

    record: str
    subject: str
    fact: str
    whose: str
    benefits: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"{self.record}.{self.fact}"

    @property
    def name(self) -> str:
        """What its field in the form is called."""
        return f"{self.record}-{self.subject}-{self.fact}"

    @property
    def label(self) -> str:
        return label_of(self.path)


@dataclass(frozen=True)
class Differs:
    """Register and statement say otherwise about one fact; nothing is decided with it until one gives way."""

    whose: str
    label: str
    register: str
    stated: str
    source: str
    on: date


@dataclass
class Family:
    household: Household
    on: date
    people: list[Person]
    parts: list[Part]
    questions: list[Open]
    conflicts: list[Differs]

    @property
    def stale(self) -> bool:
        """The facts say something else today than was decided last."""
        return any(row.stale for part in self.parts for row in (*part.rows, *part.others))

    @property
    def counts(self) -> dict[str, int]:
        rows = [row for part in self.parts for row in part.rows if row.due]
        told = dict.fromkeys(("owed", "ask", "underway", "received"), 0)
        lists = {S.OWED: "owed", S.REFUSED: "owed", S.UNDECIDED: "ask", S.APPLIED: "underway", S.APPROVED: "underway",
                 S.APPEALED: "underway", S.RECEIVED: "received"}  # fmt: skip
        for row in rows:
            if row.due and row.due.state in lists:
                told[lists[S(row.due.state)]] += 1
        return told


def look(household: Household, on: date) -> Family:
    """The family as of a day."""
    benefits = catalogue.benefits(household.area_code)
    columns = raw.of_household(household.pk, on)
    families = build(columns, on, active())
    sources = findings.Sources(columns)
    found = {one.key: one for one in findings.of_families(families, sources, Sitting(on), benefits)}
    standing = Person.objects.filter(household=household, left_on__isnull=True)
    people = list(standing.order_by("relation", "born_on", "id"))
    dues = list(Due.objects.filter(household=household).order_by("-period", "id"))
    kept = queries.latest_decisions(due.pk for due in dues)
    names = {person.pk: person.name for person in people}
    gone = {due.person_id for due in dues if due.person_id is not None} - set(names)
    people += list(Person.objects.filter(pk__in=gone).order_by("id"))
    names |= {person.pk: person.name for person in people}
    parts = _parts(people, found, dues, kept, names, benefits, on)
    questions = list(_questions(found, families, household, names))
    return Family(household, on, people, parts, questions, list(_conflicts(families, names)))


def _parts(
    people: list[Person], found: Mapping[Key, Found], dues: list[Due], kept: Mapping[int, Decision],
    names: Mapping[int, str], benefits: Mapping[str, Benefit], on: date,
) -> list[Part]:  # fmt: skip
    parts: dict[int | None, Part] = {None: Part(None)} | {person.pk: Part(person) for person in people}
    current: set[Key] = set()
    for due in dues:
        known = benefits.get(due.benefit)
        key = (due.household_id, due.person_id, due.benefit)
        today = found.get(key) if known and catalogue.period_of(known, on) == due.period else None
        row = _row(due, kept.get(due.pk), today, names)
        part = parts[due.person_id]
        if known and catalogue.period_of(known, on) != due.period:
            part.past.append(row)
            continue
        current.add(key)
        (part.rows if row.concerns else part.others).append(row)
    for key, one in found.items():
        if key not in current and key[1] in parts:
            row = _row(None, None, one, names)
            (parts[key[1]].rows if row.concerns else parts[key[1]].others).append(row)
    for part in parts.values():
        part.rows.sort(key=lambda row: ORDER[S(row.due.state)] if row.due else -1)
    return [part for part in parts.values() if part.rows or part.others or part.past]


def _row(due: Due | None, kept: Decision | None, found: Found | None, names: Mapping[int, str]) -> Row:
    """What was kept is told; only where nothing was, what the facts say today."""
    code = due.benefit if due else found.benefit.code if found else ""
    benefit = catalogue.benefit(code)
    if kept is not None:
        told = tell(kept.reasons, kept.inputs, benefit, names)
    elif found is not None:
        told = tell(found.decision.to_json(), found.inputs, benefit, names)
    else:
        told = Told("ask", (), (), ())
    return Row(benefit, code, due, kept, found, told, found is not None and differs(kept, found))


def differs(kept: Decision | None, found: Found) -> bool:
    """Whether the facts of today say otherwise than the decision that was kept."""
    decision = found.decision
    if kept is None:
        return bool(decision.granted) or bool(decision.asks)
    yuan = None if decision.yuan is None else round(decision.yuan, 2)
    now = (decision.granted, yuan, decision.version or "", sorted(decision.asks), _values(found.inputs))
    return now != (kept.granted, kept.yuan, kept.version, sorted(kept.reasons["asks"]), _values(kept.inputs))


def _values(inputs: Any) -> str:
    return json.dumps([[one["path"], one.get("member"), one["value"]] for one in inputs], sort_keys=True)


# --- what is to be asked --------------------------------------------------------------------------------------------
def _questions(
    found: Mapping[Key, Found], families: Families, household: Household, names: Mapping[int, str]
) -> Iterator[Open]:  # fmt: skip
    """Each open fact once, with the benefits that hinge on it; those on which most hinge first."""
    asked: dict[tuple[str, str, str], list[str]] = {}
    members = [row["id"] for row in families.people.iter_rows(named=True)]
    for one in found.values():
        for subject, fact in _asked(one, members, families):
            titles = asked.setdefault((*subject, fact), [])
            if (title := one.benefit.title.in_(language())) not in titles:
                titles.append(title)
    village = household.village.name
    for (record, about, fact), titles in sorted(asked.items(), key=lambda pair: -len(pair[1])):
        whose = names.get(int(about), "") if record == "person" else village if record == "village" else ""
        yield Open(record, about, fact, whose, tuple(titles))


def _asked(found: Found, members: list[int], families: Families) -> set[tuple[Subject, str]]:
    decision = found.decision
    if decision.granted is False:
        return set()
    asked: set[tuple[Subject, str]] = set()
    for outcome in decision.conditions:
        if outcome.met is None:
            for path, place in _open(outcome.reason.to_json(), None):
                asked |= set(_subjects(path, place, found, members, families))
    for path in decision.asks if decision.granted else ():
        asked |= set(_subjects(path, None, found, members, families))
    return asked


def _open(reason: Mapping[str, Any], place: int | None) -> Iterator[tuple[str, int | None]]:
    """(path, place of the member) of the facts that keep a condition open."""
    if reason["met"] is not None:
        return
    place = reason.get("member", place)
    parts = reason.get("parts", ())
    if not parts:
        yield from ((path, place) for path in reason.get("asks", ()))
    for part in parts:
        yield from _open(part, place)


def _subjects(
    path: str, place: int | None, found: Found, members: list[int], families: Families
) -> Iterator[tuple[Subject, str]]:  # fmt: skip
    """Whom a fact is to be asked of: the member it speaks of, or all of whom it is not known."""
    record, _, fact = path.partition(".")
    if record == "person" and place is not None:
        yield ("person", str(members[place])), fact
    elif record == "person" and found.person is not None:
        yield ("person", str(found.person)), fact
    elif record == "person":
        for person in families.people.filter(families.people[fact].is_null())["id"]:
            yield ("person", str(person)), fact
    elif record == "household":
        yield ("household", str(found.household)), fact
    elif record == "village":
        yield ("village", str(families.households["village"][0])), fact


# --- where two say otherwise ------------------------------------------------------------------------------------------
def _conflicts(families: Families, names: Mapping[int, str]) -> Iterator[Differs]:
    for one in families.conflicts.iter_rows(named=True):
        word = word_of(f"{one['record']}.{one['fact']}")
        whose = names.get(int(one["subject"]), "") if one["record"] == "person" else ""
        coded = bool(word and word.codes)
        register, stated = (_readable(one[side], word if coded else None) for side in ("register", "stated"))
        yield Differs(whose, label_of(f"{one['record']}.{one['fact']}"), register, stated,
                      source_label(one["source"]), one["on"])  # fmt: skip


def _readable(text: str | None, word: Any) -> str:
    if text in ("true", "false"):
        return shown(text == "true")
    if word is None or text is None:
        return (text or "—").removesuffix(" 00:00:00.000000")
    return shown(text.split(", "), word)


# --- what was stated --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Stated:
    """A statement in words."""

    statement: Statement
    whose: str
    label: str
    value: str


def statements(household: Household) -> list[Stated]:
    """Everything that was stated about the family and its village, withdrawn ones last."""
    about = Q(household=household) | Q(person__household=household)
    about |= Q(record="village", area_code=household.area_code)
    rows = Statement.objects.filter(about).select_related("person", "by", "withdrawn_by").order_by("-on", "-id")
    told = []
    for one in rows:
        path = f"{one.record}.{one.fact}"
        word = word_of(path)
        value = shown(read_value(word.type, one.value), word) if word else json.loads(one.value)
        whose = one.person.name if one.person else household.village.name if one.record == "village" else ""
        told.append(Stated(one, whose, label_of(path), str(value)))
    return sorted(told, key=lambda one: one.statement.withdrawn_at is not None)
