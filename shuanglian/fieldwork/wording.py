"""The log in words: labels of the profile instead of codes, names of those met, what is worth noting about a visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.organisation.models import Absence
from shuanglian.registry.models import Person

from .models import Attendance, Inspection, Matter, Service, Visit

LATE = 3  # days after which a visit is noted as entered late; scrutiny has its own limits in the profile


def label(entries: Mapping[str, Any], code: str) -> str:
    """A label of one of the profile's lists; a code that it does not know stands as it is."""
    return entries[code].label.in_(profile.language()) if code in entries else code


def tasks(codes: Iterable[str]) -> list[str]:
    known = profile.active().fieldwork.tasks
    return [known[code].short.in_(profile.language()) if code in known else code for code in codes]


def goods(code: str) -> tuple[str, str]:
    """What it is called and in what it is counted."""
    known = profile.active().fieldwork.goods.get(code)
    return (known.label.in_(profile.language()), known.unit.in_(profile.language())) if known else (code, "")


@dataclass(frozen=True)
class Told:
    """A visit for a page."""

    visit: Visit
    tasks: list[str]
    met: list[str]
    given: list[str]
    asks: list[Any]
    incomes: list[str]
    matters: list[Matter]
    minutes: int | None
    notes: list[str] = field(default_factory=list)

    @property
    def area_code(self) -> str:
        return self.visit.area_code


def told(visits: Iterable[Visit]) -> list[Told]:
    """Visits for a page, with what they brought, in six queries however many there are."""
    page = list(visits)
    names = names_of(page)
    away = _away(page)
    prefetch_related_objects(page, "given", "asks", "incomes", "matters")
    return [_one(visit, names, away) for visit in page]


def _one(visit: Visit, names: Mapping[int, str], away: set[tuple[int, date]]) -> Told:
    known = profile.active().fieldwork
    met = [names.get(one, _("原成员")) if isinstance(one, int) else label(known.met, one) for one in visit.met]
    given = []
    for row in visit.given.all():
        name, unit = goods(row.kind)
        worth = _("，约 {yuan} 元").format(yuan=f"{row.yuan:,.0f}") if row.yuan is not None else ""
        given.append(f"{name} {row.quantity.normalize():f} {unit}{worth}")
    incomes = [
        _("{channel}一年 {yuan} 元").format(channel=label(known.channels, row.channel), yuan=f"{row.yuan:+,.0f}")
        for row in visit.incomes.all()
    ]
    lasted = int((visit.ended_at - visit.started_at).total_seconds() // 60) if visit.ended_at else None
    return Told(
        visit, tasks(visit.tasks), [*met, *([visit.met_note] if visit.met_note else [])], given,
        list(visit.asks.all()), incomes, list(visit.matters.all()), lasted, noted(visit, away),
    )  # fmt: skip


def names_of(visits: Iterable[Visit]) -> dict[int, str]:
    """Names of the members who were met, in one query."""
    wanted = {one for visit in visits for one in visit.met if isinstance(one, int)}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def _away(visits: Iterable[Visit]) -> set[tuple[int, date]]:
    """(cadre, day) of visits on which the cadre was away by the record."""
    page = list(visits)
    rows = list(Absence.objects.filter(cadre__in={one.cadre_id for one in page}))
    return {
        (visit.cadre_id, visit.on) for visit in page for one in rows
        if one.cadre_id == visit.cadre_id and one.since <= visit.on and (one.until is None or visit.on <= one.until)
    }  # fmt: skip


def noted(visit: Visit, away: set[tuple[int, date]]) -> list[str]:
    """Plain facts about an entry, no judgement: on leave, entered late, no place, somebody else's household."""
    late = (clock.day_of(visit.at) - visit.on).days
    facts = {
        _("当天在休假"): (visit.cadre_id, visit.on) in away,
        ngettext("{n} 天后补登", "{n} 天后补登", late).format(n=late): late > LATE,
        _("没有定位"): visit.lon is None,
        _("未进家门"): not visit.entered,
        _("不是本户责任人"): visit.pairing_id is None,
    }
    return [fact for fact, holds in facts.items() if holds]


# --- the village's diary ----------------------------------------------------------------------------------------------
@dataclass
class Day:
    """One day of a village's diary. days: (attendance, homes entered)."""

    on: date
    days: list[tuple[Attendance, int]] = field(default_factory=list)
    visits: list[Told] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)
    inspections: list[Inspection] = field(default_factory=list)


def diary(found: Any, homes: Mapping[int, int]) -> list[Day]:
    """A log's rows day by day, the first day first; matters of a visit are told with it."""
    book: dict[date, Day] = {}

    def day(on: date) -> Day:
        return book.setdefault(on, Day(on))

    for one in found.days.select_related("cadre__unit").order_by("on", "pk"):
        day(one.on).days.append((one, homes.get(one.pk, 0)))
    rows = found.visits.select_related("cadre__unit", "household").order_by("on", "started_at", "pk")
    for visit in told(rows):
        day(visit.visit.on).visits.append(visit)
    for service in found.services.select_related("cadre__unit").order_by("on", "pk"):
        day(service.on).services.append(service)
    for matter in found.matters.filter(visit=None).select_related("cadre__unit").order_by("on", "pk"):
        day(matter.on).matters.append(matter)
    for inspection in found.inspections.select_related("by", "leader", "area").order_by("on", "pk"):
        day(inspection.on).inspections.append(inspection)
    return [book[on] for on in sorted(book)]


def villages(rows: Iterable[Any]) -> dict[str, str]:
    """Names of the villages in which rows of a page stand, by code."""
    codes = {row.area_code for row in rows}
    return dict(Area.objects.current().filter(code__in=codes).values_list("code", "name"))
