"""Reads of scrutiny: flags by state and sign, how answers came out, what speaks for and against one visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area, below
from shuanglian.core import profile
from shuanglian.fieldwork.models import Visit
from shuanglian.rules.fact_values import from_plain
from shuanglian.rules.scrutiny import Sign
from shuanglian.rules.visit_facts import vocabulary

from . import access
from .models import CallBack, Draw, Flag

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

NEAR_KM, DATED_MINUTES, LONG_MINUTES = Decimal("0.3"), Decimal(60), Decimal(15)


@dataclass(frozen=True)
class Against:
    """One sign met: what it says, the figures that it looked at, what may explain it."""

    label: str
    says: str
    explained: str
    points: int
    figures: list[tuple[str, str]]
    source: str


def flags(*, seen_by: User, area: Area | None = None, state: str = "", sign: str = "") -> QuerySet[Flag]:
    """Flags that the reader may see, the heaviest first; those that are gone only when asked for."""
    rows = access.flags_seen_by(seen_by).select_related("visit__household", "cadre__unit")
    if area is not None:
        rows = rows.filter(below(area.prefix))
    rows = rows.filter(state=state) if state in Flag.State.values else rows.exclude(state=Flag.State.GONE)
    return rows.filter(met__contains=[{"sign": sign}]) if sign else rows


def mine(*, seen_by: User) -> QuerySet[Flag]:
    """A cadre's own, what waits for him first."""
    turn = Case(When(state=Flag.State.OPEN, then=0), When(state=Flag.State.ANSWERED, then=1), default=2)
    return flags(seen_by=seen_by).order_by(turn, "-opened_at", "pk")


def verdict(flag: Flag) -> str:
    """What was found, in the reader's language; a verdict that the profile has dropped stands by its code."""
    known = profile.active().scrutiny.verdicts.get(flag.verdict)
    return known.label.in_(profile.language()) if known else flag.verdict


def counted(*, seen_by: User, area: Area | None = None) -> dict[str, int]:
    """How many flags are in each state."""
    rows = access.flags_seen_by(seen_by)
    rows = rows.filter(below(area.prefix)) if area is not None else rows
    return dict(rows.order_by().values_list("state").annotate(Count("pk")))


def against(met: list[Mapping[str, Any]]) -> list[Against]:
    """What speaks against a visit, in the reader's language; a sign that the profile has dropped stands by its code."""
    known: Mapping[str, Sign] = profile.active().scrutiny.signs
    lang, words = profile.language(), vocabulary()
    told = []
    for one in met:
        sign = known.get(str(one["sign"]))
        figures = []
        for used in one.get("used", ()):
            word = words.word("visit", str(used["path"]).removeprefix("visit."))
            if word is not None:
                figures.append((word.label.in_(lang), _shown(from_plain(used["value"]), word.unit)))
        figures = list(dict.fromkeys(figures))  # a figure with two bounds is shown once
        if sign is None:
            told.append(Against(str(one["sign"]), "", "", 0, figures, ""))
            continue
        shape = sign.shape
        told.append(Against(shape.label.in_(lang), shape.against.in_(lang), shape.explained.in_(lang), shape.points,
                            figures, "、".join(shape.cites)))  # fmt: skip
    return told


def in_favour(facts: Mapping[str, Any], *, visit: Visit) -> list[str]:
    """What speaks for a visit. What a household said at a call-back is not told: the cadre reads this page too."""
    told = {name: from_plain(value) for name, value in facts.items()}
    found = []
    if (km := told.get("km_from_home")) is not None and km <= NEAR_KM:
        found.append(_("定位就在这一户（{km} 公里）").format(km=km))
    elif (usual := told.get("km_from_usual")) is not None and usual <= NEAR_KM:
        found.append(_("定位与这一户历次一致（{km} 公里）").format(km=usual))
    if (off := told.get("photo_minutes_off")) is not None and off <= DATED_MINUTES:
        found.append(_("照片是当时拍的（相差 {minutes} 分钟）").format(minutes=round(off)))
    if (stay := told.get("minutes_inside")) is not None and stay >= LONG_MINUTES:
        found.append(_("在户 {minutes} 分钟").format(minutes=round(stay)))
    if told.get("days_late") == 0 and told.get("minutes_early") in (None, 0):
        found.append(_("当天就记下来了"))
    if visit.given.exists():
        found.append(_("登记了送到的物资"))
    if visit.asks.exists():
        found.append(_("登记了这一户的诉求"))
    return found


def _shown(value: Any, unit: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    number = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    if unit is None:
        return number
    name = unit.in_(profile.language())
    return f"{number} {name}" if profile.language() != "zh" else f"{number}{name}"


def counting() -> QuerySet[Visit]:
    """Visits that count for duties: standing, and no reviewer has found that they did not take place (FIELD-2, 6)."""
    refuted = [code for code, one in profile.active().scrutiny.verdicts.items() if not one.counts]
    untrue = Flag.objects.filter(visit=OuterRef("pk"), state=Flag.State.DECIDED, verdict__in=refuted)
    return Visit.objects.standing().exclude(Exists(untrue))


@dataclass(frozen=True)
class Answers:
    """How the call-backs of a draw came out."""

    asked: int = 0
    yes: int = 0
    no: int = 0
    unsure: int = 0

    @property
    def silent(self) -> int:
        return self.asked - self.yes - self.no - self.unsure


def answers(draws: Iterable[Draw], *, seen_by: User) -> dict[int, Answers]:
    """How each draw came out, by its number; all in one question to the database."""
    rows = access.call_backs_seen_by(seen_by).filter(draw__in=[one.pk for one in draws]).order_by().values("draw")
    told = rows.annotate(
        asked=Count("pk"), yes=Count("pk", filter=Q(answer="yes")), no=Count("pk", filter=Q(answer="no")),
        unsure=Count("pk", filter=Q(answer="unsure")),
    )  # fmt: skip
    return {one["draw"]: Answers(one["asked"], one["yes"], one["no"], one["unsure"]) for one in told}


def call_backs(draw: Draw, *, seen_by: User, answer: str = "") -> QuerySet[CallBack]:
    """Who was drawn, village by village; `none`: those that have not answered."""
    rows = access.call_backs_seen_by(seen_by).filter(draw=draw).select_related("visit__cadre__unit", "household")
    if answer == "none":
        return rows.filter(answer="")
    return rows.filter(answer=answer) if answer in CallBack.Answer.values and answer else rows


def late(flag: Flag, on: date) -> bool:
    """Whether the time to answer is over."""
    return flag.state == Flag.State.OPEN and on > flag.answer_until
