"""A visit in words: labels of the profile instead of codes, doubts with their figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from shuanglian.core import profile
from shuanglian.kernel.words import N_, Said
from shuanglian.registry.fields import names
from shuanglian.registry.models import Household, Person

from .actions.correcting import CODES
from .models import Visit

FIGURES = {
    "minutes": N_("{minutes} 分钟"), "km": N_("{km} 公里"), "hours": N_("{hours} 小时"), "time": N_("{time}"),
}  # fmt: skip


@dataclass(frozen=True)
class Doubt:
    """One doubt as people read it; `visit` is the other visit that it is about, None when there is none."""

    label: str
    figures: list[Said]
    visit: int | None


@dataclass(frozen=True)
class Correction:
    of: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """A visit for a page."""

    visit: Visit
    finding: str
    method: str
    answers: list[tuple[str, bool]]
    verdicts: list[tuple[str, bool | None]]
    corrections: list[Correction]
    doubts: list[Doubt]


def told(visit: Visit) -> Told:
    known, lang = profile.active().lookback, profile.language()

    def label(entries: Any, code: str) -> str:
        return entries[code].label.in_(lang) if code in entries else code

    return Told(
        visit, label(known.findings, visit.finding), label(known.methods, visit.method),
        [(label(known.questions, code), answer) for code, answer in visit.answers.items()],
        [(label(known.verdicts, code), shown) for code, shown in visit.verdicts.items()],
        [_correction(one) for one in visit.corrections],
        [Doubt(label(known.doubts, one["code"]), _figures(one["figures"]), one["figures"].get("visit"))
         for one in visit.doubts],
    )  # fmt: skip


def case_href(visit: Visit) -> str:
    """The page of the case that a visit opened, "" without one."""
    kind, _colon, key = visit.case.partition(":")
    if kind != "procedures.case" or not key.isdecimal():
        return ""
    try:
        return reverse("procedures:case", args=[int(key)])
    except NoReverseMatch:
        return ""


def _figures(figures: dict[str, Any]) -> list[Said]:
    return [Said(FIGURES[name], {name: value}) for name, value in figures.items() if name in FIGURES]


def _correction(one: dict[str, Any]) -> Correction:
    model = Household if one["record"] == "household" else Person
    name = one["field"]

    def shown(value: Any) -> str:
        text = profile.label(CODES[name], value) if name in CODES else str(value or "")
        return text or _("（空）")

    return Correction(one["of"], names(model, name), shown(one["before"]), shown(one["after"]))
