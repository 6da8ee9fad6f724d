"""Open conflicts end when a household's file is merged into another, and stand again when that is undone (REG-9)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shuanglian.registry.hooks import Act

from .models import Conflict


def _standing(act: Act) -> Any:
    return Conflict.objects.filter(household=act.source, state=Conflict.State.OPEN)


def _goes_along(act: Act) -> bool:
    return act.closes and act.source.pk != act.target.pk


def preview(act: Act) -> list[str]:
    count = _standing(act).count() if _goes_along(act) else 0
    return [_("{n} 项手机冲突不再处理。").format(n=count)] if count else []


def follow(act: Act) -> Any:
    """A file that is closed is corrected no more: its conflicts end with it; what undo needs."""
    if not _goes_along(act):
        return []
    ended = list(_standing(act).values_list("pk", flat=True))
    Conflict.objects.filter(pk__in=ended).update(state=Conflict.State.OVERTAKEN, settled_at=act.at)
    return ended


def undo(act: Act, kept: Any) -> None:
    Conflict.objects.filter(pk__in=kept, state=Conflict.State.OVERTAKEN).update(
        state=Conflict.State.OPEN, settled_at=None
    )
