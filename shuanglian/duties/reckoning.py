"""Who owes what, what was done, how it is known: the rules of duties applied to the rows of a book (FIELD-2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shuanglian.core import profile
from shuanglian.rules.duties import Duty, available, counted, expected, owed, period_of, weigher

from .book import Asked, Book, Held, Key, Person
from .models import Settled

PLACED = {"visits": "visit", "visit_days": "visit", "homes": "visit", "village_days": "day", "services": "service",
          "service_days": "service", "inspections": "inspection", "studies": "inspection"}  # fmt: skip


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
    book = Book.read(asked, *periods(on, duties.values()))
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
        done = counted(duty, _within(entries(book, duty, key), first, last), weigh)
        yield _line(book, duty, key, spans, on, done)


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
    there = available(first, last, held, away)
    so_far = available(first, min(on, last), held, away) if on >= first else 0
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
    return sum((owed(duty, first, last, held=spans, away=away) for spans in groups.values()), Decimal(0))


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
def entries(book: Book, duty: Duty, key: Key) -> Iterator[dict[str, Any]]:
    """What may count for a duty: key (what counts once), on, worth, row (its number), place, and the facts."""
    counts, (kind, number) = duty.shape.counts, key
    if counts in ("inspections", "studies"):
        wanted = "inspection" if counts == "inspections" else "study"
        for pk, place, on, what in book.inspections.get(key, ()):
            if what == wanted:
                yield {"key": pk, "on": on, "row": pk, "place": place}
        return
    for cadre in book.members.get(number, ()) if kind == "unit" else (number,):
        yield from _of_cadre(book, duty, cadre, kind == "unit", _own(book, key) if counts == "homes" else None)


def _own(book: Book, key: Key) -> set[str]:
    return {one.what for one in book.held.get(key, ()) if one.what.startswith("home:")}


def _of_cadre(book: Book, duty: Duty, cadre: int, unit: bool, own: set[str] | None) -> Iterator[dict[str, Any]]:
    counts = duty.shape.counts
    if counts in ("visits", "visit_days", "homes"):
        for one in book.visits.get(cadre, ()):
            if own is not None and f"home:{one.household}" not in own:
                continue
            key = _key(counts, one.pk, one.household, one.on, one.place, unit)
            yield {"key": key, "on": one.on, "row": one.pk, "place": one.place, "home": one.household, **one.facts}
    elif counts == "village_days":
        for pk, place, on, facts in book.days.get(cadre, ()):
            yield {"key": on, "on": on, "row": pk, "place": place, **facts}
    else:
        for pk, place, on, days, facts in book.services.get(cadre, ()):
            worth = days if counts == "service_days" else Decimal(1)
            yield {"key": pk, "on": on, "worth": worth, "row": pk, "place": place, **facts}


def _key(counts: str, pk: int, home: int, on: date, place: str, unit: bool) -> Any:
    """A unit that goes to a village with ten people on one day was there once."""
    if counts == "homes":
        return home
    return on if counts == "visit_days" else (on, place) if unit else pk


def _within(rows: Iterable[Mapping[str, Any]], first: date, last: date) -> Iterator[Mapping[str, Any]]:
    return (one for one in rows if first <= one["on"] <= last)
