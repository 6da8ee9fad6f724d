"""The words of this room: reasons, terms of the cost, slots, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core import profile
from shuanglian.core.forms import translated

from . import words


def reason(code: str) -> str:
    """A reason in words; one that is not among ours (an imported one) is shown as it is."""
    return translated(words.reason(code)) if code else ""


def term(code: str) -> str:
    return translated(words.term(code))


def weight_label(code: str) -> str:
    entry = profile.active().pairing.weights.get(code)
    return entry.label.in_(profile.language()) if entry else code


def band_label(band: Any) -> str:
    """The name of a band of need (PAIR-5)."""
    labels = profile.active().pairing.bands["household"].labels
    return labels[int(band)].in_(profile.language()) if 0 <= int(band) < len(labels) else str(band)


def distance(km: float | None) -> str:
    return _("未知") if km is None else _("{km} 公里").format(km=f"{km:.1f}")
