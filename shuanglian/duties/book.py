"""Rows that duties are reckoned from, read once for everybody asked about: a fixed number of queries (FIELD-2).

    book = Book.read(asked, since, until)       asked: an area, one cadre, one unit or one account
    book.held["cadre", 7]                       where and since when that person has posts, households, townships

It looks beyond the reader's area: somebody with homes in two townships owes for both, and what he did in either counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, F, Func, Q
from django.db.models.expressions import RawSQL

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.core.scoping import unscoped
from shuanglian.fieldwork.models import Attendance, Inspection, Post, Service, Visit
from shuanglian.organisation.models import Absence, Cadre, Unit, UnitAccount
from shuanglian.pairing.models import LeaderLink, Pairing, VillageLink
from shuanglian.scrutiny.models import Flag

from .models import Settled

if TYPE_CHECKING:
    from django.db.models import QuerySet

Key = tuple[str, int]  # ("cadre" | "user" | "unit", number)


class Held(NamedTuple):
    """What somebody answers for. what: post:KIND, home:NUMBER, leads (a township), links (a village), role:CODE."""

    what: str
    since: date
    until: date | None
    place: str  # 12 digits


class Made(NamedTuple):
    """One visit as far as duties ask."""

    pk: int
    household: int
    place: str
    on: date
    facts: dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Whose duties are asked for: exactly one is given."""

    area: Area | None = None
    cadre: int | None = None
    unit: int | None = None
    user: int | None = None

    def of(self, rows: QuerySet[Any], path: str = "cadre") -> QuerySet[Any]:
        """Rows of the people asked for; of an area: those with any row in it, and then all their rows."""
        if self.cadre is not None:
            return rows.filter(**{path: self.cadre})
        if self.unit is not None:
            return rows.filter(**{f"{path}__unit": self.unit})
        if self.user is not None:
            return rows.filter(**{f"{path}__user": self.user})
        return rows.filter(**{f"{path}__in": rows.within(self.area).order_by().values(path)})  # type: ignore[attr-defined]


@dataclass
class Book:
    """Everything about the people asked for. people: key → (name, unit's number, unit's name, account)."""

    held: dict[Key, list[Held]] = field(default_factory=lambda: defaultdict(list))
    people: dict[Key, Person] = field(default_factory=dict)
    away: dict[int, list[tuple[date, date | None]]] = field(default_factory=lambda: defaultdict(list))
    serves: dict[Key, tuple[date, date | None]] = field(default_factory=dict)
    visits: dict[int, list[Made]] = field(default_factory=lambda: defaultdict(list))
    days: dict[int, list[tuple[int, str, date, dict[str, Any]]]] = field(default_factory=lambda: defaultdict(list))
    services: dict[int, list[tuple[int, str, date, Any, dict[str, Any]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    inspections: dict[Key, list[tuple[int, str, date, str]]] = field(default_factory=lambda: defaultdict(list))
    settled: dict[tuple[Key, str, date, date], Settled] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, asked: Asked, since: date, until: date, facts: frozenset[str]) -> Book:
        """facts: those of an entry that decide; others are not fetched."""
        with unscoped():
            return _read(cls(), asked, since, until, facts)


class Person(NamedTuple):
    """Who owes: a cadre, a unit, or a leader who has an account only."""

    name: str
    unit: int | None
    unit_name: str
    accounts: tuple[int, ...]
    place: str


def _between(rows: QuerySet[Any], since: date, until: date) -> QuerySet[Any]:
    return rows.filter(since__lte=until).filter(Q(until=None) | Q(until__gte=since))


def _among(path: str, numbers: Iterable[int]) -> Func:
    """path is one of the numbers: ten thousand as one value, not as ten thousand."""
    given = RawSQL("%s::bigint[]", [list(numbers)])
    return Func(F(path), given, template="%(expressions)s", arg_joiner=" = any ", output_field=BooleanField())


def _read(book: Book, asked: Asked, since: date, until: date, facts: frozenset[str]) -> Book:
    _held(book, asked, since, until)
    cadres = {number for kind, number in book.held if kind == "cadre"}
    if asked.cadre is not None:
        cadres.add(asked.cadre)
    _leaders(book, asked, cadres)
    _units(book, asked, since, until)
    members = Cadre.objects.filter(unit__in=[number for kind, number in book.held if kind == "unit"])
    for number, unit in members.values_list("pk", "unit"):
        book.members[unit].append(number)
    everyone = cadres.union(*book.members.values()) if book.members else cadres
    _people(book, cadres, since, until)
    _work(book, everyone, since, until, facts)
    for row in Settled.objects.filter(first__gte=since, last__lte=until).order_by("pk"):
        key: Key = next((kind, number) for kind, number in
                        (("cadre", row.cadre_id), ("user", row.user_id), ("unit", row.unit_id)) if number)  # fmt: skip
        book.settled[key, row.duty, row.first, row.last] = row
    return book


def _held(book: Book, asked: Asked, since: date, until: date) -> None:
    posts = asked.of(_between(Post.objects.all(), since, until))
    for cadre, kind, begins, ends, place in posts.values_list("cadre", "kind", "since", "until", "area_code"):
        book.held["cadre", cadre].append(Held(f"post:{kind}", begins, ends, place))
    pairs = asked.of(_between(Pairing.objects.all(), since, until)).order_by("pk")
    for cadre, home, begins, ends, place in pairs.values_list("cadre", "household", "since", "until", "area_code"):
        book.held["cadre", cadre].append(Held(f"home:{home}", begins, ends, place))
    leads = asked.of(_between(LeaderLink.objects.all(), since, until), "leader")
    for cadre, begins, ends, place in leads.values_list("leader", "since", "until", "area_code"):
        book.held["cadre", cadre].append(Held("leads", begins, ends, place))


def _leaders(book: Book, asked: Asked, cadres: set[int]) -> None:
    """Accounts of roles that owe something; one whose cadre is linked to a township owes as that cadre."""
    roles = {role for duty in profile.active().duties.values() for role in duty.shape.roles}
    if not roles or asked.unit is not None:
        return
    users = User.objects.filter(role__in=roles, is_active=True, area__isnull=False)
    if asked.area is not None:
        users = users.filter(area__code__startswith=asked.area.prefix)
    elif asked.cadre is not None:
        users = users.filter(cadre=asked.cadre)
    else:
        users = users.filter(pk=asked.user or 0)
    told = users.values_list("pk", "full_name", "username", "role", "date_joined", "area__code", "cadre")
    for pk, full_name, name, role, joined, place, cadre in told:
        key: Key = ("cadre", cadre) if cadre else ("user", pk)
        if not any(one.what == "leads" for one in book.held.get(key, ())):
            book.held[key].append(Held(f"role:{role}", joined.date(), None, place))
        if cadre:
            cadres.add(cadre)
        else:
            book.people[key] = Person(full_name or name, None, "", (pk,), place)


def _units(book: Book, asked: Asked, since: date, until: date) -> None:
    if asked.cadre is not None or asked.user is not None:
        return
    links = _between(VillageLink.objects.all(), since, until)
    if asked.unit is not None:
        links = links.filter(unit=asked.unit)
    else:
        links = links.filter(unit__in=links.within(asked.area).values("unit"))  # type: ignore[attr-defined]
    for unit, begins, ends, place in links.values_list("unit", "since", "until", "area_code"):
        book.held["unit", unit].append(Held("links", begins, ends, place))
    units = {number for kind, number in book.held if kind == "unit"} | ({asked.unit} if asked.unit else set())
    accounts: dict[int, list[int]] = defaultdict(list)
    for unit, user in UnitAccount.objects.filter(unit__in=units).values_list("unit", "user"):
        accounts[unit].append(user)
    for pk, name, place, begins, ends in Unit.objects.filter(pk__in=units).values_list(
        "pk", "name", "area_code", "since", "until"
    ):
        book.people["unit", pk] = Person(name, pk, name, tuple(accounts[pk]), place)
        book.serves["unit", pk] = (begins, ends)


def _people(book: Book, cadres: set[int], since: date, until: date) -> None:
    told = Cadre.objects.filter(_among("pk", cadres)).values_list(
        "pk", "name", "unit", "unit__name", "user", "area_code", "since", "until"
    )
    for pk, name, unit, unit_name, user, place, begins, ends in told:
        book.people["cadre", pk] = Person(name, unit, unit_name, (user,) if user else (), place)
        book.serves["cadre", pk] = (begins, ends)
    for cadre, begins, ends in _between(Absence.objects.filter(_among("cadre", cadres)), since, until).values_list(
        "cadre", "since", "until"
    ):
        book.away[cadre].append((begins, ends))


def refuted_and_open(cadres: Iterable[int], since: date, until: date) -> tuple[set[int], set[int]]:
    """Visits that a reviewer found not to have taken place, and those in doubt that nobody has decided (FIELD-6)."""
    verdicts = profile.active().scrutiny.verdicts
    untrue = {code for code, one in verdicts.items() if not one.counts}
    rows = Flag.objects.filter(_among("cadre", cadres), visit__on__range=(since, until)).exclude(state=Flag.State.GONE)
    refuted, doubted = set(), set()
    for visit, state, verdict in rows.values_list("visit", "state", "verdict"):
        if state != Flag.State.DECIDED:
            doubted.add(visit)
        elif verdict in untrue:
            refuted.add(visit)
    return refuted, doubted


DEAR = {"tasks": ("tasks",), "channel": ("channel",), "minutes": ("started_at", "ended_at"), "days_late": ("at",)}


def _visits(book: Book, rows: QuerySet[Visit], refuted: set[int], doubted: set[int], wanted: frozenset[str]) -> None:
    """Visits with the facts that are known for nothing, and of the dear ones those that are wanted."""
    columns = [column for fact, some in DEAR.items() if fact in wanted for column in some]
    told = rows.order_by("on", "pk").values_list(
        "pk", "cadre", "household", "area_code", "on", "entered", *columns
    )  # fmt: skip
    alike: dict[tuple[bool, bool, bool], dict[str, Any]] = {}
    for pk, cadre, home, place, on, inside, *dear in told.iterator(chunk_size=10_000):
        mark = (inside, pk in refuted, pk in doubted)
        facts = alike.setdefault(mark, dict(zip(("entered", "refuted", "flagged"), mark, strict=True)))
        if dear:
            facts = {**facts, **_dear(dict(zip(columns, dear, strict=True)), on)}
        book.visits[cadre].append(Made(pk, home, place, on, facts))


def _dear(row: dict[str, Any], on: date) -> dict[str, Any]:
    facts: dict[str, Any] = {name: row[name] for name in ("tasks", "channel") if name in row}
    if row.get("ended_at") is not None:
        facts["minutes"] = int((row["ended_at"] - row["started_at"]).total_seconds() // 60)
    if "at" in row:
        facts["days_late"] = max(0, (clock.day_of(row["at"]) - on).days)
    return facts


def _work(book: Book, cadres: set[int], since: date, until: date, wanted: frozenset[str]) -> None:
    theirs = Q(_among("cadre", cadres), on__range=(since, until))
    refuted, doubted = refuted_and_open(cadres, since, until)
    _visits(book, Visit.objects.standing().filter(theirs), refuted, doubted, wanted)
    entered: dict[tuple[int, date, str], set[int]] = defaultdict(set)
    if "homes" in wanted:
        for cadre, rows in book.visits.items():
            for one in rows:
                if one.facts["entered"] and one.pk not in refuted:
                    entered[cadre, one.on, one.place].add(one.household)
    days = Attendance.objects.standing().filter(theirs).order_by("on", "pk")
    for pk, cadre, place, on, night in days.values_list("pk", "cadre", "area_code", "on", "night"):
        facts = {"night": night, "homes": len(entered.get((cadre, on, place), ()))}
        book.days[cadre].append((pk, place, on, facts))
    services = Service.objects.standing().filter(theirs).order_by("on", "pk")
    for pk, cadre, place, on, worth, topic, people in services.values_list(
        "pk", "cadre", "area_code", "on", "days", "topic", "people"
    ):
        book.services[cadre].append((pk, place, on, worth, {"topic": topic, "people": people}))
    accounts = {user: key for key, one in book.people.items() if key[0] != "unit" for user in one.accounts}
    made = Inspection.objects.standing().filter(on__range=(since, until)).filter(
        Q(_among("leader", cadres)) | Q(by__in=list(accounts))
    )  # fmt: skip
    for pk, leader, by, place, on, kind in made.order_by("on", "pk").values_list(
        "pk", "leader", "by", "area_code", "on", "kind"
    ):
        key = ("cadre", leader) if leader else accounts[by]
        book.inspections[key].append((pk, place, on, kind))
