"""What field work tells in a household's story: every visit the reader may see, what was asked (REG-10, FIELD-1)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.registry.hooks import Moment, Seen

from . import access, wording
from .models import Visit


def story(seen: Seen) -> Iterator[Moment]:
    """One moment a visit, one when it was withdrawn; one for each ask that came without a visit."""
    if not may(seen.by, "fieldwork.view"):
        return
    rows = seen.wanted(access.visits_seen_by(seen.by).filter(household=seen.household), "at", "on")
    for visit in rows.select_related("by", "cadre__unit", "withdrawn_by"):
        yield from _visit(visit)
    asks = seen.wanted(access.asks_seen_by(seen.by).filter(household=seen.household, visit=None), "at", "on")
    for ask in asks.select_related("by"):
        yield Moment(ask.at, "fieldwork", _("提出诉求：{text}").format(text=ask.text), str(ask.by), on=ask.on)


def _visit(visit: Visit) -> Iterator[Moment]:
    href = reverse("fieldwork:visit", args=[visit.pk])
    what = _("更正走访：{name}（{tasks}）") if visit.replaces_id else _("走访：{name}（{tasks}）")
    told = what.format(name=visit.cadre.name, tasks="、".join(wording.tasks(visit.tasks)))
    yield Moment(visit.at, "fieldwork", told, str(visit.by), visit.done, visit.on, href)
    if visit.withdrawn_at is not None:
        gone = _("撤回走访：{name} {on}").format(name=visit.cadre.name, on=visit.on)
        yield Moment(visit.withdrawn_at, "fieldwork", gone, str(visit.withdrawn_by), visit.withdrawn_why, href=href)
