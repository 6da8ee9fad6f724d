"""What plans do when files are split or merged or one person's two entries become one (REG-9, REG-10; PLAN-1).

On a split the plan stays with the household that keeps the number; the new one has none and stands on the list of
missing plans. On a merge the plan of the file that closes ends when the other has one, and goes along when it has none.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry.hooks import Act

from .models import HouseholdPlan, Measure

MERGED = "merged"


def _standing(household_id: int) -> HouseholdPlan | None:
    return HouseholdPlan.objects.newest().filter(household=household_id, ended="").first()


def _merges(act: Act) -> bool:
    return act.closes and act.source.pk != act.target.pk


def preview(act: Act) -> list[str]:
    mine = _standing(act.source.pk)
    if mine is None:
        return []
    if act.kind == "split":
        return [_("帮扶计划留在原户，人口变了，需要修订；新户需要另编计划。")]
    if not _merges(act):
        return []
    if _standing(act.target.pk) is not None:
        return [_("{number} 的帮扶计划终止，以 {other} 的计划为准。").format(
            number=act.source.number, other=act.target.number)]  # fmt: skip
    return [_("{number} 的帮扶计划转到 {other}，人口变了，需要修订。").format(
        number=act.source.number, other=act.target.number)]  # fmt: skip


def follow(act: Act) -> dict[str, Any]:
    """End or carry the plan of a file that closes; lines follow a member whose entry ends."""
    kept: dict[str, Any] = {"ended": [], "moved": [], "people": _rename(act)}
    if not _merges(act):
        return kept
    mine = _standing(act.source.pk)
    if mine is not None and not HouseholdPlan.objects.filter(household=act.target.pk).exists():
        rows = HouseholdPlan.objects.filter(household=act.source.pk)
        kept["moved"] = list(rows.values_list("pk", flat=True))
        rows.update(household=act.target, area_code=act.target.area_code)
    elif mine is not None:
        HouseholdPlan.objects.filter(pk=mine.pk).update(ended=MERGED)
        kept["ended"] = [mine.pk]
    return kept


def _rename(act: Act) -> list[list[int]]:
    """(line, entry that ended, entry kept) of every line that named one."""
    changed = []
    for old, new in act.same.items():
        for line in Measure.objects.filter(people__contains=[old]):
            line.people = [new if one == old else one for one in line.people]
            line.save(update_fields=["people"])
            changed.append([line.pk, old, new])
    return changed


def undo(act: Act, kept: dict[str, Any]) -> None:
    """As before, unless a plan was written meanwhile."""
    moved = HouseholdPlan.objects.filter(pk__in=kept["moved"])
    if kept["moved"] and HouseholdPlan.objects.filter(household=act.target.pk).exclude(pk__in=kept["moved"]).exists():
        raise Refusal("planned_since", N_("合并以后又编了帮扶计划，不能撤销"))
    moved.update(household=act.source, area_code=act.source.area_code)
    HouseholdPlan.objects.filter(pk__in=kept["ended"], ended=MERGED).update(ended="")
    for pk, old, new in kept["people"]:
        line = Measure.objects.filter(pk=pk).first()
        if line is not None:
            line.people = [old if one == new else one for one in line.people]
            line.save(update_fields=["people"])
