"""Reads of mediation: the list without names, figures too small to guess from, who has looked round (VOICE-5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area, below
from shuanglian.core.profile import active, language
from shuanglian.rules.disputes import UPWARD, shown

from . import access
from .models import Dispute, DisputeQuerySet, Screening

if TYPE_CHECKING:
    from shuanglian.areas.models import AreaQuerySet

S = Dispute.State
LISTS = {"open": _("调解中"), "agreed": _("待回访"), "closed": _("办结"), "late": _("逾期")}
MOST_MEDIATORS = 200


def disputes(*, seen_by: User, area: Area, which: str, kind: str, on: date) -> DisputeQuerySet:
    """Rows without names, unordered."""
    rows = access.disputes_seen_by(seen_by).filter(below(area.prefix)).select_related("village", "mediator")
    rows = rows.filter(kind=kind) if kind else rows
    return rows.filter(_in_list(which, on))


def _in_list(which: str, on: date) -> Q:
    if which == "late":
        return Q(state=S.OPEN, due_on__lt=on) | Q(state=S.AGREED, follow_on__lt=on)
    return Q(state=which) if which in S.values else ~Q(state=S.CLOSED)


def counts(*, seen_by: User, area: Area, on: date) -> dict[str, int]:
    """list → how many; one query."""
    told = {f"in_{name}": Count("pk", filter=_in_list(name, on)) for name in ("", *LISTS)}
    rows = access.disputes_seen_by(seen_by).filter(below(area.prefix)).order_by()
    return {name.removeprefix("in_"): count for name, count in rows.aggregate(**told).items()}


def waiting_for(actor: User) -> DisputeQuerySet:
    """What the actor's office has, or he mediates himself."""
    mine = Q(mediator=actor)
    if actor.area is not None and access.bound_to(actor) == "area":
        mine |= Q(office=actor.area.code)
    return access.disputes_seen_by(actor).filter(mine).exclude(state=S.CLOSED)


def mediators(dispute: Dispute) -> QuerySet[User]:
    """Who can be asked to mediate: who acts for the village and the office that has it, cadres with families there."""
    roles = [code for code, one in active().roles.items() if access.MEDIATE in one.may]
    near = Q(area__code__in={dispute.office, dispute.area_code}) & ~Q(role="cadre")
    paired = Q(role="cadre", cadre__pairings__household__area_code=dispute.area_code, cadre__pairings__until=None)
    rows = User.objects.filter(near | paired, role__in=roles, is_active=True).distinct()
    return rows.order_by("full_name", "username")[:MOST_MEDIATORS]


# --- figures ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Figures:
    """Of one kind; a number is None when it is too small to be shown. levels: level → how many were settled there."""

    kind: str
    whole: int | None
    open: int | None
    levels: Mapping[str, int | None]


def figures(*, seen_by: User, area: Area, year: int) -> list[Figures]:
    """Kind by kind, of one year; what could tell of somebody is left out, and no sum stands beside it."""
    known = active().disputes
    if known.terms is None:
        return []
    fewest = known.terms.fewest
    solved = {f"at_{level}": Count("pk", filter=Q(solved_at=level, state=S.CLOSED)) for level in UPWARD}
    rows = Dispute.objects.within(seen_by.area).filter(below(area.prefix), on__year=year).order_by()
    told = {
        one["kind"]: one
        for one in rows.values("kind").annotate(n=Count("pk"), opened=Count("pk", filter=~Q(state=S.CLOSED)), **solved)
    }
    found = []
    for code in known.kinds:
        one: Any = told.get(code, {})
        levels = {level: shown(one.get(f"at_{level}", 0), fewest) for level in UPWARD}
        found.append(Figures(code, shown(one.get("n", 0), fewest), shown(one.get("opened", 0), fewest), levels))
    return found


# --- screening --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Looked:
    """A village in a month: said that it found nothing, entered so many, or neither."""

    village: Area
    nothing: bool
    entered: int

    @property
    def missing(self) -> bool:
        return not self.nothing and not self.entered


def screening(*, seen_by: User, area: Area, month: date) -> list[Looked]:
    """Every village of the area, those that have not looked first; three queries."""
    villages = Area.objects.current().within(seen_by.area).filter(below(area.prefix, "code"), level=Area.Level.VILLAGE)
    said = set(Screening.objects.within(area).filter(month=month).values_list("village", flat=True))
    entered = dict(
        Dispute.objects.within(area).filter(_of(month)).order_by().values_list("village").annotate(Count("pk"))
    )
    found = [
        Looked(one, one.pk in said, entered.get(one.pk, 0))
        for one in villages.select_related("parent").order_by("code")
    ]
    return sorted(found, key=lambda one: (not one.missing, one.village.code))


@dataclass(frozen=True)
class Below:
    """An area below with how many villages it has, and how many of them have not looked."""

    area: Area
    whole: int
    missing: int


def screening_below(*, seen_by: User, area: Area, month: date) -> list[Below]:
    """Township by township (county by county …), those with most villages that have not looked first."""
    parts = list(Area.objects.current().filter(parent=area).order_by("code"))
    villages = Area.objects.current().within(seen_by.area).filter(below(area.prefix, "code"), level=Area.Level.VILLAGE)
    codes = list(villages.values_list("code", flat=True))
    missing = set(not_looked(month).filter(below(area.prefix, "code")).values_list("code", flat=True))
    found = []
    for part in parts:
        inside = [code for code in codes if code.startswith(part.prefix)]
        found.append(Below(part, len(inside), sum(code in missing for code in inside)))
    return sorted(found, key=lambda one: (-one.missing, one.area.code))


def not_looked(month: date) -> AreaQuerySet:
    """Villages that neither said that they found nothing nor entered anything in a month."""
    said = Screening.objects.filter(village=OuterRef("pk"), month=month)
    entered = Dispute.objects.filter(_of(month), village=OuterRef("pk"))
    villages = Area.objects.current().filter(level=Area.Level.VILLAGE)
    return villages.filter(~Exists(said), ~Exists(entered))


def _of(month: date) -> Q:
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return Q(on__range=(month.replace(day=1), last))


def label(entries: Mapping[str, Any], code: str) -> str:
    """What an entry of the profile is called; one that the profile has dropped stands by its code."""
    return entries[code].label.in_(language()) if code in entries else code
