"""What somebody states about a person, household or village: a fact, since when, on whose word (house 7, REG-10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.organisation.changes import reason_given, traced
from shuanglian.registry.models import Household, Person, Statement
from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, WHOLE
from shuanglian.rules.cel.vocabulary import Word
from shuanglian.rules.facts.build import write_value
from shuanglian.rules.facts.catalogue import entries
from shuanglian.trail import trail

from . import counts

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MOST_YUAN = Decimal(10) ** 10


@transaction.atomic
def state(
    *, about: Household | Person | Area, fact: str, value: Any, on: date, source: str, by: User | None, at: datetime,
    until: date | None = None, note: str = "",
) -> Statement:  # fmt: skip
    """State a fact of the vocabulary. Said again of the same day it replaces what was said; else the later day counts.

    value: as Python holds it (bool, int, Decimal, text, date) or as a text that can be read so.
    """
    record = _record_of(about)
    word = word_of(record, fact)
    if on > clock.day_of(at):
        raise Refusal("stated_ahead", N_("“自何日起”不能晚于今天"))
    if until is not None and until < on:
        raise Refusal("until_before", N_("“至何日止”不能早于“自何日起”"))
    text = write_value(word.type, _read(word, value))
    same = {"record": record, "fact": fact, "withdrawn_at": None, **_key(about)}
    former = Statement.objects.select_for_update().filter(**same, on=on).first()
    if former is not None and (former.value, former.until, former.source) == (text, until, source):
        return former
    with traced("statements.state", by=by, at=at, why=note):
        if former is not None:
            _withdraw(former, by, at)
        said = Statement.objects.create(
            **{**same, "area_code": _code(about)}, value=text, on=on, until=until, source=source,
            note=note.strip()[:200], by=by, at=at,
        )  # fmt: skip
    _ask_again(said, at)
    trail.write("statements.state", about=about, by=by, at=at, fact=f"{record}.{fact}", value=text, on=on.isoformat(),
                source=source, why=note.strip()[:200])  # fmt: skip
    return said


@transaction.atomic
def state_of_family(
    *, household: Household, answers: Iterable[tuple[str, str, str, Any]], on: date, source: str, note: str,
    by: User | None, at: datetime,
) -> None:  # fmt: skip
    """State what a form about a family was told, all of it or nothing.

    answers: (record, subject, fact, value); the record is person (subject: the number of the member's row), household
    or village.
    """
    members = {str(one.pk): one for one in Person.objects.filter(household=household)}
    for record, subject, fact, value in answers:
        about: Household | Person | Area = household
        if record == "person":
            about = members[subject]
        elif record == "village":
            about = household.village
        state(about=about, fact=fact, value=value, on=on, source=source, note=note, by=by, at=at)


@transaction.atomic
def withdraw(*, statement: Statement, why: str, by: User | None, at: datetime) -> Statement:
    """Take a statement back: it stays readable and no longer counts."""
    why = reason_given(why)
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    if statement.withdrawn_at is not None:
        raise Refusal("withdrawn_already", N_("这条情况已经撤回"))
    with traced("statements.withdraw", by=by, at=at, why=why):
        _withdraw(statement, by, at)
    about = statement.person or statement.household
    _ask_again(statement, at)
    trail.write("statements.withdraw", about=about, by=by, at=at, why=why, area_code=statement.area_code,
                fact=str(statement), value=statement.value)  # fmt: skip
    return statement


def _ask_again(said: Statement, at: datetime) -> None:
    """The checks go by what is stated, too."""
    household = said.person.household_id if said.person else said.household_id
    counts.refresh([said.area_code], at=at, households=[household] if household else [])


def word_of(record: str, fact: str) -> Word:
    """The word of the vocabulary, or a Refusal."""
    entry = entries().get(f"{record}.{fact}")
    if entry is None or entry.reads == "members" or record == "year":
        raise Refusal("no_such_fact", N_("没有“{fact}”这项可以申明的情况"), fact=f"{record}.{fact}")
    return entry.word


def _read(word: Word, value: Any) -> Any:
    """The value as its type holds it; a Refusal that names the fact when it cannot be read so."""
    wrong = Refusal("wrong_value", N_("“{fact}”的内容不对：{value}"), fact=Said(str(word.label)), value=str(value))
    if word.type == BOOL:
        if not isinstance(value, bool):
            raise wrong
        return value
    try:
        if word.type == WHOLE:
            return int(str(value))
        if word.type == NUMBER:
            number = Decimal(str(value))
            if not number.is_finite() or abs(number) >= MOST_YUAN or number != round(number, 2):
                raise wrong
            return number
        if word.type == DAY:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
    except (ValueError, InvalidOperation):
        raise wrong from None
    listed = value if isinstance(value, list) else [value]
    known = active().codes.get(word.codes) if word.codes else None
    if known is not None and any(one not in known for one in listed):
        raise wrong
    return value


def _record_of(about: Household | Person | Area) -> str:
    return {Household: "household", Person: "person", Area: "village"}[type(about)]


def _key(about: Household | Person | Area) -> dict[str, Any]:
    if isinstance(about, Area):
        return {"area_code": about.code}
    return {"person": about} if isinstance(about, Person) else {"household": about}


def _code(about: Household | Person | Area) -> str:
    return about.code if isinstance(about, Area) else about.area_code


def _withdraw(statement: Statement, by: User | None, at: datetime) -> None:
    statement.withdrawn_by, statement.withdrawn_at = by, at
    statement.save(update_fields=["withdrawn_by", "withdrawn_at"])
