"""What the look-back does when households split or merge: nobody falls off the lists, nobody stands twice (REG-6).

A file that is closed before it was visited is struck off the list of a running campaign; when the file that takes it in
stands on no list there, the place passes to it. The number on the list stays, since draws are made of numbers. A file
that is split off comes onto the list of whoever has the old one. What was visited stays as it was.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry.hooks import Act

from .models import Assignment, Campaign


def preview(act: Act) -> list[str]:
    told = []
    with unscoped():
        for row in _touched(act):
            if act.kind == "split":
                told.append(
                    _("“{campaign}”：新户列入核查名单，由原户的核查人核查。").format(campaign=row.campaign.name)
                )
            elif _passes(row, act):
                told.append(_("“{campaign}”：{number} 的核查转到 {kept}。").format(
                    campaign=row.campaign.name, number=act.source.number, kept=act.target.number))  # fmt: skip
            else:
                told.append(_("“{campaign}”：{number} 还没有核查，不再单独核查。").format(
                    campaign=row.campaign.name, number=act.source.number))  # fmt: skip
    return told


def follow(act: Act) -> dict[str, Any]:
    """Strike off, hand over or add; what undo needs: the rows and to whom they belonged."""
    kept: dict[str, list[int]] = {"struck": [], "passed": []}
    with unscoped():
        for row in _touched(act).select_for_update(of=("self",)):
            if act.kind == "split":
                _add(row, act)
            elif _passes(row, act):
                row.household, row.name = act.target, act.target.head_name
                row.why = _("并入 {number}").format(number=act.target.number)[:120]
                row.area_code = act.target.area_code
                row.save(update_fields=["household", "name", "why", "area_code"])
                kept["passed"].append(row.pk)
            else:
                row.ended_on = act.on
                row.ended_why = _("并入 {number}").format(number=act.target.number)[:120]
                row.save(update_fields=["ended_on", "ended_why"])
                kept["struck"].append(row.pk)
    return kept


def undo(act: Act, kept: Any) -> None:
    """Back onto the lists as they stood; refused when somebody has visited in the meantime."""
    with unscoped():
        for row in Assignment.objects.select_for_update(of=("self",)).filter(pk__in=kept["passed"]):
            if row.visited_on is not None or row.rechecked:
                raise Refusal("visited_since", N_("合并以后已经核查过 {name}，不能撤销"), name=row.name)
            row.household, row.name, row.why = act.source, act.source.head_name, ""
            row.area_code = act.source.area_code
            row.save(update_fields=["household", "name", "why", "area_code"])
        Assignment.objects.filter(pk__in=kept["struck"]).update(ended_on=None, ended_why="")


def _touched(act: Act) -> QuerySet[Assignment]:
    """Places of the source on lists of running campaigns: those not visited yet that a merge closes; of a split all."""
    rows = Assignment.objects.filter(household=act.source, campaign__state=Campaign.State.RUNNING, ended_on=None)
    if act.kind == "split":
        return rows.filter(subject=Assignment.Subject.REGISTERED).select_related("campaign")
    if not act.closes or act.source.pk == act.target.pk:
        return rows.none()
    return rows.filter(visited_on=None, rechecked="").select_related("campaign__area")


def _passes(row: Assignment, act: Act) -> bool:
    """Whether the place goes to the file that takes this one in: it lies in the area and has no place yet."""
    there = Assignment.objects.filter(campaign=row.campaign_id, household=act.target).exists()
    return not there and act.target.area_code.startswith(row.campaign.area.prefix)


def _add(row: Assignment, act: Act) -> None:
    new = act.target
    Assignment.objects.get_or_create(
        campaign_id=row.campaign_id, household=new,
        defaults={
            "area_code": new.area_code, "subject": Assignment.Subject.REGISTERED, "number": new.number,
            "name": new.head_name, "group": new.group, "cadre_id": row.cadre_id, "user_id": row.user_id,
            "why": _("由 {number} 分户").format(number=act.source.number)[:120],
        },
    )  # fmt: skip
