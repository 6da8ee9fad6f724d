"""Who owes what, what was done, how it is known: the rules of duties applied to the rows of a book (FIELD-2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from shuanglian.core import profile
from shuanglian.rules.duties import Duty, available, counted, expected, needed, owed, period_of, weigher

from .book import Asked, Book, Held, Key, Person
from .models import Settled

PLACED = {"visits": "visit", "visit_days": "visit", "homes": "visit", "village_days": "day", "services": "service",
          "service_days": "service", "inspections": "inspection", "studies": "inspection"}  # fmt: skip


VISITING = ("visits", "visit_days", "homes")
Span = tuple[date, date | None]
Weigh = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Line:
    """One person's (or unit's) one duty in one period.

    least: of somebody there all the time · reckoned: for the days there, before anything was settled · need: what
    holds · there, days: days there and of the period · so_far: what is expected by the day asked for.
    """

    key: Key
    person: Person
    duty: Duty
    first: date
    last: date
    done: Decimal
    least: Decimal
    reckoned: Decimal
    need: Decimal
    there: int
    days: int
    so_far: Decimal
    place: str
    settled: Settled | None

    @property
    def code(self) -> str:
        return self.duty.code

    @property
    def kind(self) -> str:
        return self.key[0]

    @property
    def number(self) -> int:
        return self.key[1]

    @property
    def left(self) -> Decimal:
        return max(Decimal(0), self.need - self.done)

    @property
    def state(self) -> str:
        """none: owes nothing · met · behind: less than the days so far ask for · open."""
        if not self.need:
            return "none"
        if self.done >= self.need:
            return "met"
        return "behind" if self.done < self.so_far else "open"


def periods(on: date, duties: Iterable[Duty]) -> tuple[date, date]:
    """The stretch that holds every duty's period of a day."""
    found = [period_of(duty.shape.per, on) for duty in duties]
    return min(first for first, _last in found), max(last for _first, last in found)


def reckon(asked: Asked, on: date, *, codes: Iterable[str] | None = None) -> list[Line]:
    """Every duty of everybody asked for, as of a day. A person is reckoned where he was posted last."""
    duties = {code: one for code, one in profile.active().duties.items() if codes is None or code in set(codes)}
    if not duties:
        return []
    facts = frozenset[str]().union(*map(needed, duties.values()))
    book = Book.read(asked, *periods(on, duties.values()), facts)
    lines = [line for duty in duties.values() for line in _lines(book, duty, on)]
    if asked.area is None:
        return lines
    return [line for line in lines if line.place.startswith(asked.area.prefix)]


def _lines(book: Book, duty: Duty, on: date) -> Iterator[Line]:
    first, last = period_of(duty.shape.per, on)
    weigh = weigher(duty)
    for key, rows in book.held.items():
        spans = [one for one in rows if _owes(duty, key, one) and _touches(one, first, last)]
        if not spans or key not in book.people:
            continue
        yield _line(book, duty, key, spans, on, _done(book, duty, key, (first, last), weigh))


def _done(book: Book, duty: Duty, key: Key, period: tuple[date, date], weigh: Weigh) -> Decimal:
    first, last = period
    rows = (one for one in entries(book, duty, key) if first <= one.on <= last)
    if duty.shape.counts in VISITING:  # each counts one: what `counted` comes to, for a hundred thousand at a time
        return Decimal(len({one.key for one in rows if weigh(one.facts)}))
    return counted(duty, ({**one.facts, "key": one.key, "on": one.on, "worth": one.worth} for one in rows), weigh)


def _owes(duty: Duty, key: Key, held: Held) -> bool:
    shape, (what, _colon, code) = duty.shape, held.what.partition(":")
    if shape.units:
        return key[0] == "unit"
    if shape.posts:
        return what == "post" and code in shape.posts
    if shape.paired:
        return what == "home"
    return (what == "role" and code in shape.roles) or (what == "leads" and _leads(shape.roles))


def _leads(roles: Iterable[str]) -> bool:
    """Whether a leader linked to a township is one of the roles: those that inspect (PAIR-7)."""
    known = profile.active().roles
    return any(role in known and "fieldwork.inspect" in known[role].may for role in roles)


def _touches(held: Held, first: date, last: date) -> bool:
    return held.since <= last and (held.until is None or held.until >= first)


def _line(book: Book, duty: Duty, key: Key, rows: list[Held], on: date, done: Decimal) -> Line:
    first, last = period_of(duty.shape.per, on)
    away = book.away.get(key[1], []) if key[0] == "cadre" else []
    serves = book.serves.get(key, (first, None))
    held = [span for one in rows if (span := _cut((one.since, one.until), serves))]
    reckoned = _reckoned(duty, rows, serves, away, first, last)
    settled = book.settled.get((key, duty.code, first, last))
    need = settled.need if settled else reckoned
    there = _there(first, last, held, away)
    so_far = _there(first, min(on, last), held, away) if on >= first else 0
    homes = len({one.what for one in rows}) if duty.shape.counts == "homes" else 1
    return Line(
        key, book.people[key], duty, first, last, done, duty.shape.least * homes, reckoned, need, there,
        (last - first).days + 1, expected(need, so_far, there), _place(rows), settled,
    )  # fmt: skip


def _reckoned(duty: Duty, rows: list[Held], serves: tuple[date, date | None], away: Any, first: date,
              last: date) -> Decimal:  # fmt: skip
    """For the days there; of homes one by one, each for the days it was his."""
    groups: dict[str, list[tuple[date, date | None]]] = {}
    for one in rows:
        if span := _cut((one.since, one.until), serves):
            groups.setdefault(one.what if duty.shape.counts == "homes" else "", []).append(span)
    whole = owed(duty, first, last, held=[(first, last)])
    return sum((
        whole if not away and _whole(first, last, spans) else owed(duty, first, last, held=spans, away=away)
        for spans in groups.values()
    ), Decimal(0))  # fmt: skip


def _whole(first: date, last: date, spans: Iterable[Span]) -> bool:
    """Whether one stretch holds a whole period: nearly everybody's does."""
    return any(since <= first and (until is None or until >= last) for since, until in spans)


def _there(first: date, last: date, held: list[Span], away: list[Span]) -> int:
    if not away and _whole(first, last, held):
        return (last - first).days + 1
    return available(first, last, held, away)


def _cut(one: tuple[date, date | None], other: tuple[date, date | None]) -> tuple[date, date | None] | None:
    since = max(one[0], other[0])
    ends = [end for end in (one[1], other[1]) if end is not None]
    until = min(ends) if ends else None
    return None if until is not None and until < since else (since, until)


def _place(rows: list[Held]) -> str:
    """Where somebody was posted last; of several at once the first by code."""
    last = max(one.since for one in rows if one.until is None) if any(one.until is None for one in rows) else None
    rows = [one for one in rows if one.until is None and one.since == last] or rows
    return min(one.place for one in rows)


# --- what was done ---------------------------------------------------------------------------------------------------
class Entry(NamedTuple):
    """What may count: key (what counts once), its row, where, of a visit which home, what it is worth, the facts."""

    key: Any
    on: date
    row: int
    place: str
    home: int
    worth: Decimal
    facts: Mapping[str, Any]


ONE = Decimal(1)


def entries(book: Book, duty: Duty, key: Key) -> Iterator[Entry]:
    """What may count for a duty of one person or unit."""
    counts, (kind, number) = duty.shape.counts, key
    if counts in ("inspections", "studies"):
        wanted = "inspection" if counts == "inspections" else "study"
        for pk, place, on, what in book.inspections.get(key, ()):
            if what == wanted:
                yield Entry(pk, on, pk, place, 0, ONE, {})
        return
    for cadre in book.members.get(number, ()) if kind == "unit" else (number,):
        yield from _of_cadre(book, duty, cadre, kind == "unit", _own(book, key) if counts == "homes" else None)


def _own(book: Book, key: Key) -> set[int]:
    rows = (one.what.partition(":") for one in book.held.get(key, ()))
    return {int(number) for kind, _colon, number in rows if kind == "home"}


def _of_cadre(book: Book, duty: Duty, cadre: int, unit: bool, own: set[int] | None) -> Iterator[Entry]:
    counts = duty.shape.counts
    if counts in VISITING:
        for pk, home, place, on, facts in book.visits.get(cadre, ()):
            if own is None or home in own:
                yield Entry(_key(counts, pk, home, on, place, unit), on, pk, place, home, ONE, facts)
    elif counts == "village_days":
        for pk, place, on, facts in book.days.get(cadre, ()):
            yield Entry(on, on, pk, place, 0, ONE, facts)
    else:
        for pk, place, on, days, facts in book.services.get(cadre, ()):
            yield Entry(pk, on, pk, place, 0, days if counts == "service_days" else ONE, facts)


def _key(counts: str, pk: int, home: int, on: date, place: str, unit: bool) -> Any:
    """A unit that goes to a village with ten people on one day was there once."""
    if counts == "homes":
        return home
    return on if counts == "visit_days" else (on, place) if unit else pk
