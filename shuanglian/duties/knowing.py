"""How do you know? The entries behind one figure: which count, which do not, and the facts that decide (FIELD-2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.core.scoping import unscoped
from shuanglian.fieldwork import access as fieldwork
from shuanglian.fieldwork.models import Visit
from shuanglian.rules.duties import needed, vocabulary, weigher

from .book import Asked, Book, Held
from .reckoning import PLACED, Entry, Line, entries

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@dataclass(frozen=True)
class Shown:
    """One entry. again: the same day or home counted already. facts: label → value of what decides. link: its page."""

    on: date
    what: str
    counts: bool
    again: bool
    facts: list[tuple[str, str]] = field(default_factory=list)
    link: str = ""


@dataclass(frozen=True)
class Known:
    """Behind a line: posts or homes held, days away, entries."""

    held: list[tuple[str, Held]]
    away: list[tuple[date, date | None]]
    entries: list[Shown]


def behind(line: Line, asked: Asked, *, seen_by: User) -> Known:
    """Everything that a figure was worked out from. Of an entry outside the reader's area only the day is told."""
    book = Book.read(asked, line.first, line.last, needed(line.duty))
    rows = [one for one in entries(book, line.duty, line.key) if line.first <= one.on <= line.last]
    rows.sort(key=lambda one: (one.on, one.row))
    with unscoped():
        places = dict(Area.objects.current().filter(code__in={one.place for one in rows} | {
            one.place for one in book.held.get(line.key, ())
        }).values_list("code", "name"))  # fmt: skip
    homes = _homes(rows, seen_by) if PLACED[line.duty.shape.counts] == "visit" else {}
    weigh, seen, told = weigher(line.duty), set(), []
    for one in rows:
        counts = weigh(one.facts)
        again = counts and one.key in seen
        if counts:
            seen.add(one.key)
        what, link = _what(line, one, places, homes, seen_by)
        told.append(Shown(one.on, what, counts, again, _facts(line, one), link))
    held = [(places.get(one.place, ""), one) for one in book.held.get(line.key, ()) if _of(line, one)]
    away = book.away.get(line.number, []) if line.kind == "cadre" else []
    return Known(sorted(held, key=lambda one: one[1].since), away, told)


def _of(line: Line, held: Held) -> bool:
    kind = held.what.partition(":")[0]
    shape = line.duty.shape
    wanted = {"post"} if shape.posts else {"home"} if shape.paired else {"links"} if shape.units else {"leads", "role"}
    in_time = held.since <= line.last and (held.until is None or held.until >= line.first)
    return in_time and kind in wanted and (kind != "post" or held.what.partition(":")[2] in shape.posts)


def _homes(rows: list[Entry], user: User) -> dict[int, str]:
    """visit → head of the household, of those that the reader may see."""
    seen = fieldwork.visits_seen_by(user).filter(pk__in=[one.row for one in rows])
    return dict(Visit.objects.filter(pk__in=seen.values("pk")).values_list("pk", "household__head_name"))


def _what(line: Line, one: Entry, places: dict[str, str], homes: dict[int, str],
          user: User) -> tuple[str, str]:  # fmt: skip
    if PLACED[line.duty.shape.counts] == "visit":
        if one.row not in homes:
            return _("辖区以外或他人的记录"), ""
        return f"{places.get(one.place, '')} {homes[one.row]}", reverse("fieldwork:visit", args=[one.row])
    own = line.kind == "cadre" and line.number == getattr(getattr(user, "cadre", None), "pk", None)
    if not own and not (user.area and one.place.startswith(user.area.prefix)):
        return _("辖区以外或他人的记录"), ""
    topic = one.facts.get("topic") or ""
    known = profile.active().fieldwork.topics
    label = f" {known[topic].label.in_(profile.language())}" if topic in known else ""
    worth = f" {one.worth}" if line.duty.shape.counts == "service_days" else ""
    return f"{places.get(one.place, '')}{label}{worth}", ""


def _facts(line: Line, one: Entry) -> list[tuple[str, str]]:
    words, told = vocabulary().words["entry"], []
    for name in sorted(needed(line.duty)):
        value = one.facts.get(name)
        shown = _("不知道") if value is None else (_("是") if value else _("否")) if isinstance(value, bool) else value
        told.append((words[name].label.in_(profile.language()), str(shown)))
    return told
