"""What pairing does when households are split or merged, and what it tells of a file (PAIR-1, PAIR-6, REG-9, REG-10).

The pairing stays with the household that keeps the number; that of a file which is closed ends. Whoever declared
kinship with a household is kept from the one that comes out of it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry import asof, history
from shuanglian.registry.hooks import Act, Moment, Seen

from . import wording
from .actions import coverage
from .models import Pairing, Relative

MERGED = "merged"  # why a pairing ended (words.py)


# --- files that touch each other ------------------------------------------------------------------------------------
def preview(act: Act) -> list[str]:
    if act.kind == "split":
        return [_("原户的帮扶责任人不变；新户等待结对。")]
    standing = Pairing.objects.filter(household=act.source, until__isnull=True).select_related("cadre").first()
    if not act.closes or act.source.pk == act.target.pk or standing is None:
        return []
    return [_("{number} 与帮扶责任人{name}的结对于 {on} 结束。").format(
        number=act.source.number, name=standing.cadre.name, on=_last_day(standing, act.on))]  # fmt: skip


def follow(act: Act) -> dict[str, Any]:
    """End the pairing of a file that is closed, carry declared kinship over; what undo needs."""
    kept: dict[str, Any] = {"ended": [], "relatives": []}
    apart = act.source.pk != act.target.pk
    if act.closes and apart:
        for one in Pairing.objects.select_for_update().filter(household=act.source, until__isnull=True):
            one.until, one.ended_why = _last_day(one, act.on), MERGED
            one.save(update_fields=["until", "ended_why"])
            kept["ended"].append(one.pk)
    if apart and (act.closes or act.kind == "split"):
        kept["relatives"] = _carry_relatives(act)
        _count(act)
    return kept


def undo(act: Act, kept: dict[str, Any]) -> None:
    """The pairing stands again, unless somebody else answers for the household meanwhile."""
    for one in Pairing.objects.select_for_update().filter(pk__in=kept["ended"], ended_why=MERGED):
        if Pairing.objects.filter(household=one.household_id, since__gt=one.until).exists():
            raise Refusal("paired_since", N_("合并以后原户又结了对，不能撤销"))
        one.until, one.ended_why = None, ""
        one.save(update_fields=["until", "ended_why"])
    Relative.objects.filter(pk__in=kept["relatives"]).delete()
    if kept["ended"] or act.closes:
        _count(act)


def _last_day(pairing: Pairing, on: date) -> date:
    return max(on, pairing.since)


def _carry_relatives(act: Act) -> list[int]:
    known = set(Relative.objects.filter(household=act.target).values_list("cadre_id", flat=True))
    made = [
        Relative.objects.create(cadre_id=one.cadre_id, household=act.target, note=one.note, since=one.since)
        for one in Relative.objects.filter(household=act.source).order_by("pk") if one.cadre_id not in known
    ]  # fmt: skip
    return [one.pk for one in made]


def _count(act: Act) -> None:
    villages = Area.objects.filter(pk__in={act.source.village_id, act.target.village_id}).order_by("code")
    counties = {village.code[:6]: village for village in villages}
    for village in counties.values():
        coverage.rebuild(village, act.at)


# --- the story and the past day -------------------------------------------------------------------------------------
def story(seen: Seen) -> Iterator[Moment]:
    """Who began and who ceased to answer for the household, with the reason."""
    if not may(seen.by, "pairing.view"):
        return
    rows = asof.events_of(Pairing).filter(household_id=seen.household.pk).order_by("pgh_id")
    with unscoped():
        events = list(rows.select_related("pgh_context", "cadre__unit"))
    last: dict[int, Any] = {}
    for event in events:
        before, last[event.pgh_obj_id] = last.get(event.pgh_obj_id), event
        if told := _change(before, event):
            what, on, reason = told
            at, who, why = history.signature(event)
            yield Moment(at, "pairing", what.format(name=event.cadre.name, unit=event.cadre.unit.name), who,
                         reason or why, on)  # fmt: skip


def _change(before: Any, event: Any) -> tuple[str, date, str] | None:
    """(sentence, day, reason) of what a state says anew; nothing when nothing of it concerns the household."""
    if event.pgh_label == "delete":
        return _("结对记录撤回：{name}（{unit}）"), event.since, ""
    if before is None:
        return _("结对：{name}（{unit}）为帮扶责任人"), event.since, ""
    if before.until != event.until and event.until is not None:
        return _("结对结束：{name}（{unit}）"), event.until, wording.reason(event.ended_why)
    if before.until != event.until:
        return _("恢复结对：{name}（{unit}）"), event.since, ""
    return None


def as_of_panel(request: HttpRequest, file: asof.File) -> str:
    """Who answered for the household on that day, as it was known then."""
    user: Any = request.user
    if not may(user, "pairing.view"):
        return ""
    rows = asof.latest(asof.events_of(Pairing).filter(household_id=file.key), file.moment)
    with unscoped():
        known = [one for one in rows.select_related("cadre__unit") if one.pgh_label != "delete"]
    day = file.day
    standing = [one for one in known if one.since <= day and (one.until is None or one.until >= day)]
    return render_to_string("pairing/panels/as_of.html", {"standing": standing}, request)
