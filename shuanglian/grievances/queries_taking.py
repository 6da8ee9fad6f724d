"""What a clerk needs while somebody speaks: who it is, what is alike, what the words are about (VOICE-1, BEN-7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.areas.queries import search
from shuanglian.complaints.words import is_safe
from shuanglian.core.profile import active
from shuanglian.registry import queries as registry
from shuanglian.registry.models import Household
from shuanglian.rules.same_text import likeness, normal

from . import access
from .models import Demand, DemandQuerySet
from .numbers import number_digest

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MOST, VILLAGES, LONGEST, LOOKED_AT, OFFERED = 8, 4, 60, 500, 5
HOME, PLACE = "h", "v"
WITHIN = re.compile(r"^(.{1,12}?(?:村|社区))(.{1,10})$")


@dataclass(frozen=True)
class Who:
    """Whom a call or letter is from, as far as the register knows: a household, or only a place."""

    area: Area
    household: Household | None = None

    @property
    def code(self) -> str:
        """h12 a household, v621121100201 a place."""
        return f"{HOME}{self.household.pk}" if self.household else f"{PLACE}{self.area.code}"

    @property
    def told(self) -> str:
        """As the box shows it: head of the household and number, or the place with what it lies in."""
        if self.household is not None:
            return f"{self.household.head_name} {self.household.number}"
        parent = self.area.parent
        return f"{parent.name} {self.area.name}" if parent and self.area.level > Area.Level.COUNTY else self.area.name

    @property
    def beside(self) -> str:
        """What tells namesakes apart."""
        if self.household is None:
            return _("只记村，不在册或不说是谁")
        parent = self.area.parent
        return f"{parent.name if parent else ''} {self.area.name}"


def who(text: str, *, seen_by: User) -> list[Who]:
    """Households by head, member, initials, number, alone or behind a village; then places. The best first."""
    words = text.strip()[:LONGEST].split()
    if not words or seen_by.area is None:
        return []
    found = [Who(one.village, one) for one in _homes(words, seen_by)]
    levels = (Area.Level.COUNTY, Area.Level.TOWNSHIP, Area.Level.VILLAGE)
    places = search(" ".join(words), seen_by.area, limit=VILLAGES, levels=levels)
    return [*found, *(Who(one) for one in places)]


def _homes(words: Sequence[str], actor: User) -> list[Household]:
    found = _called(" ".join(words), None, actor)
    if found:
        return found
    for village, name in _split(words):
        for area in search(village, actor.area, limit=VILLAGES, levels=[Area.Level.VILLAGE]):
            found += _called(name, area, actor)
    return found[:MOST]


def _split(words: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Ways in which some words may be a village and a name: 孟河村 李大有, 李大有 孟河, 孟河村李大有."""
    if len(words) > 1:
        yield " ".join(words[:-1]), words[-1]
        yield " ".join(words[1:]), words[0]
    elif together := WITHIN.match(words[0]):
        yield together[1], together[2]


def _called(text: str, area: Area | None, actor: User) -> list[Household]:
    rows = registry.households(seen_by=actor, wanted=registry.Wanted(text=text, area=area))
    return list(rows.order_by("area_code", "pk")[:MOST])


def by_code(code: str, *, seen_by: User) -> Who | None:
    """What was chosen from the list, if the actor sees it."""
    kind, number = code[:1], code[1:]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    if kind == HOME:
        rows = registry.visible(seen_by=seen_by).standing().select_related("village__parent")
        home = rows.filter(pk=number).first()
        return Who(home.village, home) if home else None
    if kind == PLACE and seen_by.area is not None:
        area = Area.objects.current().within(seen_by.area).select_related("parent").filter(code=number).first()
        return Who(area) if area and area.level >= Area.Level.COUNTY else None
    return None


@dataclass(frozen=True)
class Proposal:
    """What a text is about by the profile's words: for whoever types to look at, to be decided by him."""

    category: str
    never: str
    safe: bool


def proposal(text: str) -> Proposal:
    programme = active().grievances
    return Proposal(programme.category_of(text), programme.never_of(text), is_safe(text))


def alike(*, area: Area, text: str, on: date, seen_by: User, category: str = "") -> list[tuple[Demand, int]]:
    """Open demands of a place that say nearly the same, or are about the same thing: people say one thing in many
    words, so whoever listens decides. Only those that the actor sees; (demand, likeness in per cent), the likest first.
    """
    terms, told = active().grievances.terms, normal(text, [area.name])
    rows = access.demands_seen_by(seen_by).open().filter(area_code=area.code)
    rows = rows.filter(on__gte=on - timedelta(days=terms.join_days)).order_by("-id")[:LOOKED_AT]
    shares = [(one, likeness(told, normal(one.text, [area.name]))) for one in rows]
    least, kind = float(terms.alike), category or None
    found = [(one, share) for one, share in shares if share >= least or one.category == kind]
    found.sort(key=lambda pair: (-pair[1], -pair[0].pk))
    return [(one, round(share * 100)) for one, share in found[:OFFERED]]


def is_number(typed: str) -> bool:
    """Whether something typed can be a follow-up number and is no household's code: K7QM2-3T9XP."""
    return bool(number_digest(typed)) and typed.isascii() and not typed[1:].isdigit()


def to_speak_for(typed: str, *, seen_by: User, on: date) -> list[Demand]:
    """Demands that somebody may follow for another: the one of a number, or those of a household that he sees.

    A number is what the person holds: whoever was given it may act for him, within the actor's area.
    """
    rows = Demand.objects.within(seen_by.area).select_related("village__parent", "household", "cadre", "unit")
    if is_number(typed):
        return list(rows.filter(number_digest=number_digest(typed)))
    chosen = by_code(typed, seen_by=seen_by)
    if chosen is None or chosen.household is None:
        return []
    rows = access.demands_seen_by(seen_by).select_related("village__parent", "household", "cadre", "unit")
    return list(_followed(rows.filter(household=chosen.household), on).order_by("-at", "-pk")[:50])


def _followed(rows: DemandQuerySet, on: date) -> DemandQuerySet:
    """Those that are not over, or not for longer than they can be followed."""
    since = on - timedelta(days=active().grievances.terms.follow_days)
    return rows.exclude(state=Demand.State.REFUSED).filter(Q(closed_at=None) | Q(closed_at__date__gte=since))
