"""What reports on policies do when files are merged (REG-10): those that are not over go along with the household."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from shuanglian.registry.hooks import Act

from .models import Report


def _going(act: Act) -> Any:
    return Report.objects.not_over().filter(household=act.source)


def preview(act: Act) -> list[str]:
    count = _going(act).count() if _merges(act) else 0
    sentence = ngettext("{n} 件没有办结的政策反映转到 {number}。", "{n} 件没有办结的政策反映转到 {number}。", count)
    return [sentence.format(n=count, number=act.target.number)] if count else []


def follow(act: Act) -> dict[str, Any]:
    """Which reports went along; what undo needs."""
    moved = list(_going(act).values_list("pk", flat=True)) if _merges(act) else []
    Report.objects.filter(pk__in=moved).update(household=act.target)
    return {"reports": moved}


def undo(act: Act, kept: dict[str, Any]) -> None:
    Report.objects.filter(pk__in=kept["reports"], household=act.target).update(household=act.source)


def _merges(act: Act) -> bool:
    return act.closes and act.source.pk != act.target.pk
