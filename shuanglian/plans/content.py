"""Everything of a plan that a family is shown and agrees to, in plain values: screen, paper and fingerprint alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from . import family
from .reckoning import Line, Sums, Terms


def content(
    told: family.Known, terms: Terms, lines: Sequence[Line], sums: Sums, *, analysis: str, path: str
) -> dict[str, Any]:  # fmt: skip
    """household, helper, diagnosis, the gap, what was written, the lines with what stands behind them, the sums."""
    home, helper = told.household, told.helper
    names = {one.pk: one.name for one in told.people}
    return {
        "household": {"number": home.number, "head": home.head_name, "village": home.village.name, "group": home.group},
        "helper": {"name": helper.cadre.name, "unit": helper.cadre.unit.name} if helper else None,
        "diagnosis": family.diagnosis(told), "size": terms.size, "income": terms.income,
        "income_year": terms.income_year, "year": terms.year, "horizon": terms.horizon, "target": terms.target,
        "step_target": terms.step_target, "gap": terms.gap, "step_gap": terms.step_gap, "counts": terms.counts,
        "analysis": analysis, "path": path, "lines": [_line(one, names) for one in lines],
        "sums": {
            "low": sums.gain_low, "likely": sums.gain_likely, "step": sums.step_gain, "cost": sums.cost,
            "own": sums.own, "short": sums.short, "step_short": sums.step_short, "channels": sums.channels,
        },
    }  # fmt: skip


def _line(line: Line, names: Mapping[int, str]) -> dict[str, Any]:
    shape = line.measure.shape
    return {
        "code": shape.code, "label": shape.label.model_dump(), "unit": shape.unit.model_dump(), "units": line.units,
        "channel": shape.channel, "low": line.units * line.low, "likely": line.units * line.likely, "cost": line.cost,
        "funds": line.funds, "starts_on": line.starts_on, "months": shape.months, "comes": shape.comes,
        "owner": line.owner, "owner_name": line.owner_name, "people": [names.get(pk, "") for pk in line.people],
        "note": line.note, "figures": shape.figures, "cites": list(shape.cites), "document": shape.document,
    }  # fmt: skip


def canonical(told: Mapping[str, Any]) -> str:
    return json.dumps(told, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder, separators=(",", ":"))


def digest_of(text: str) -> str:
    """The fingerprint of canonical content."""
    return sha256(text.encode()).hexdigest()
