"""What field work does when files are merged (REG-10): visits stay where they were made and are told with the file that
is kept (queries.files_of); what a household asked for and nobody answered goes along, so that it is not lost."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from shuanglian.registry.hooks import Act

from .models import Ask


def _waiting(act: Act) -> Any:
    return Ask.objects.filter(household=act.source, state=Ask.State.OPEN)


def preview(act: Act) -> list[str]:
    count = _waiting(act).count() if _merges(act) else 0
    sentence = ngettext("{n} 条未答复的诉求转到 {number}。", "{n} 条未答复的诉求转到 {number}。", count)
    return [sentence.format(n=count, number=act.target.number)] if count else []


def follow(act: Act) -> dict[str, Any]:
    """Which asks went along; what undo needs."""
    if not _merges(act):
        return {"asks": []}
    moved = list(_waiting(act).values_list("pk", flat=True))
    Ask.objects.filter(pk__in=moved).update(household=act.target)
    return {"asks": moved}


def undo(act: Act, kept: dict[str, Any]) -> None:
    Ask.objects.filter(pk__in=kept["asks"], household=act.target).update(household=act.source)


def _merges(act: Act) -> bool:
    return act.closes and act.source.pk != act.target.pk
