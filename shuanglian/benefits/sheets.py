"""What stands on a family's card (明白卡): who helps you, what you get, what you can ask for and where, how to object.

One reading for paper, the clerk's page and the family's own page (FUND-6, BEN-7). Never an ID number, an account, an
illness or a date of birth; on the family's own page also names are masked, since a card can be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core.profile import active, language
from shuanglian.core.templatetags.ui import yuan as money
from shuanglian.kernel.ids import mask_name
from shuanglian.pairing.models import Pairing
from shuanglian.registry.models import Household, Person
from shuanglian.rules.benefits import Benefit
from shuanglian.rules.facts.catalogue import entries

from . import catalogue
from .models import Card, Due

S = Due.State
GETS = (S.RECEIVED, S.APPROVED)
MAY_ASK = (S.OWED, S.APPLIED, S.REFUSED, S.APPEALED)


@dataclass(frozen=True)
class Line:
    """One benefit on a card: whose, in plain words, how much, where to go and with what, how far it is."""

    title: str
    who: str
    plain: str
    yuan: str
    where: str
    papers: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class Question:
    """Facts still to be told before something can be decided: what, about whom, for which benefits."""

    fact: str
    who: str
    titles: tuple[str, ...]


@dataclass
class Sheet:
    """One family's card."""

    household: Household
    code: str
    head: str
    place: str
    helper: tuple[str, str, str] | None  # name, unit and post, telephone
    office: str
    phone: str  # "" when the profile names none: a line to write on
    gets: list[Line] = field(default_factory=list)
    asks: list[Line] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def sheets(households: Sequence[Household], *, on: date, masked: bool) -> list[Sheet]:
    """The cards of some households, in their order; the same few queries for one and for a village."""
    ids = [one.pk for one in households]
    helpers = _helpers(ids, on)
    codes = dict(Card.objects.filter(household__in=ids, closed_at=None).values_list("household_id", "code"))
    people = {one.pk: one for one in Person.objects.filter(household__in=ids, left_on=None)}
    dues: dict[int, list[Due]] = {}
    for due in Due.objects.filter(household__in=ids).order_by("id"):
        dues.setdefault(due.household_id, []).append(due)
    known = {code: catalogue.benefits(code) for code in {one.area_code for one in households}}
    return [
        _sheet(one, codes, helpers, dues.get(one.pk, []), people, known[one.area_code], masked) for one in households
    ]


def _sheet(
    household: Household, codes: Mapping[int, str], helpers: Mapping[int, tuple[str, str, str]], dues: list[Due],
    people: Mapping[int, Person], known: Mapping[str, Benefit], masked: bool,
) -> Sheet:  # fmt: skip
    level = active().levels["county"]
    name = mask_name if masked else str
    township = household.village.parent
    made = Sheet(
        household, codes.get(household.pk, ""), name(household.head_name),
        " ".join(filter(None, (township.name if township else "", household.village.name, household.group))),
        helpers.get(household.pk), level.office.in_(language()) if level.office else "", level.phone or "",
    )  # fmt: skip
    latest = _latest(due for due in dues if due.benefit in known and (due.person_id is None or due.person_id in people))
    for (code, state), some in _grouped(latest, known).items():
        who = "、".join(name(people[one.person_id].name) for one in some if one.person_id)
        line = _line(known[code], who, some, state)
        (made.gets if state in GETS else made.asks).append(line)
    made.questions = _questions(latest, known, people, name)
    return made


def _latest(dues: Iterable[Due]) -> list[Due]:
    """Of what comes every year the latest period only."""
    newest: dict[tuple[int | None, str], Due] = {}
    for due in dues:
        key = (due.person_id, due.benefit)
        if key not in newest or newest[key].period < due.period:
            newest[key] = due
    return list(newest.values())


def _grouped(dues: Iterable[Due], known: Mapping[str, Benefit]) -> dict[tuple[str, str], list[Due]]:
    """One line for all members who get the same, in the order of the catalogue."""
    order = {code: place for place, code in enumerate(known)}
    grouped: dict[tuple[str, str], list[Due]] = {}
    for due in sorted(dues, key=lambda one: (order[one.benefit], one.pk)):
        if due.state in (*GETS, *MAY_ASK):
            grouped.setdefault((due.benefit, due.state), []).append(due)
    return grouped


def _line(benefit: Benefit, who: str, dues: list[Due], state: str) -> Line:
    lang = language()
    amount = sum((due.received if state == S.RECEIVED else due.yuan or Decimal(0) for due in dues), Decimal(0))
    yuan = _("{n} 元").format(n=money(amount)) if benefit.pays in ("money", "loan") and amount else ""
    return Line(
        benefit.title.in_(lang), who, benefit.plain.in_(lang), yuan, benefit.apply_at.in_(lang),
        tuple(paper.in_(lang) for paper in benefit.papers), str(S(state).label),
    )  # fmt: skip


def _questions(
    dues: Iterable[Due], known: Mapping[str, Benefit], people: Mapping[int, Person], name: Any
) -> list[Question]:
    """What the family should tell, each fact once, with what it is needed for."""
    needed: dict[tuple[str, int | None], list[str]] = {}
    for due in dues:
        if due.state == S.UNDECIDED:
            for path in due.asks:
                titles = needed.setdefault((path, due.person_id if path.startswith("person.") else None), [])
                titles.append(known[due.benefit].title.in_(language()))
    vocabulary = entries()
    return [
        Question(vocabulary[path].word.label.in_(language()), name(people[who].name) if who else "", tuple(titles))
        for (path, who), titles in needed.items()
        if path in vocabulary and not vocabulary[path].word.sensitive
    ]


def _helpers(ids: Sequence[int], on: date) -> dict[int, tuple[str, str, str]]:
    rows = Pairing.objects.standing_on(on).filter(household__in=ids).select_related("cadre__unit")
    return {
        row.household_id: (row.cadre.name, f"{row.cadre.unit.name} {row.cadre.post}".strip(), row.cadre.phone)
        for row in rows
    }
