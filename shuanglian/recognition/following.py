"""When files are split or merged: no open case loses its file, kinship goes along (REG-9, REG-10)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures.models import Case
from shuanglian.registry.hooks import Act

from .actions import kin as verbs
from .models import Kin
from .subjects import subject_of


def _open(act: Act) -> list[Case]:
    if not act.closes or act.source.pk == act.target.pk:
        return []
    return list(Case.objects.filter(subject=subject_of(act.source)).exclude(step="").order_by("pk"))


def preview(act: Act) -> list[str]:
    """Cases about a file that would be closed must end first."""
    sentence = _("{number} 的事项 {case} 还没有办结，先办结或撤回才能并户。")
    return [sentence.format(number=act.source.number, case=one.number) for one in _open(act)]


def follow(act: Act) -> dict[str, Any]:
    """Refuse while a case is open about the file that closes; who is related to the one is to the other as well."""
    if waiting := _open(act):
        sentence = N_("{number} 的事项 {case} 还没有办结，先办结或撤回才能并户")
        raise Refusal("cases_open", sentence, number=act.source.number, case=waiting[0].number)
    if act.source.pk == act.target.pk or not (act.closes or act.kind == "split"):
        return {"kin": []}
    known = set(Kin.objects.standing().filter(household=act.target).values_list("user", flat=True))
    lines = Kin.objects.standing().filter(household=act.source, related=True).exclude(user__in=known)
    made = [
        verbs.declare(user=one.user, household=act.target, relation=one.relation, by=act.by or one.by, at=act.at)
        for one in lines.select_related("user", "by")
    ]
    return {"kin": [one.pk for one in made]}


def undo(act: Act, kept: dict[str, Any]) -> None:
    """The lines that came along end with the merge."""
    for one in Kin.objects.standing().filter(pk__in=kept.get("kin", ())).select_related("by"):
        Kin.objects.filter(pk=one.pk).update(ended_by=act.by or one.by, ended_at=act.at, ended_why="并户已撤销")
