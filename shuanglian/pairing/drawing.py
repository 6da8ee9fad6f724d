"""What the pages of a round show: totals in words, maps, loads against quotas. Presentation only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuanglian.core import profile
from shuanglian.core.forms import translated
from shuanglian.core.maps import county_map
from shuanglian.kernel.words import Said
from shuanglian.organisation.models import Absence, Cadre
from shuanglian.rules import quotas

from . import facts, wording
from .comparing import Difference
from .models import Pairing, ProposedLink, ProposedPair, Round


def county(round: Round, what: str = "households") -> SafeString:
    """The county's map: share of households with a person by township, or which poor villages have a unit (PAIR-1)."""
    if what == "villages":
        linked = set(
            ProposedLink.objects.filter(round=round).exclude(change=ProposedLink.Change.ENDED)
            .values_list("area_code", flat=True)
        )  # fmt: skip
        poor = round.totals.get("villages", {}).get("poor_codes", [])
        values: dict[str, Any] = {code: 1 if code in linked else 0 for code in poor}
        return county_map(
            round.area, values, kind="share", title=_("贫困村有帮扶单位"), detail="villages", ident="map-villages"
        )
    values = {
        row["code"]: row["paired"] / row["households"] if row["households"] else None
        for row in round.totals.get("townships", [])
    }
    return county_map(round.area, values, kind="share", title=_("贫困户有责任人"), ident="map-households")


def notes(totals: dict[str, Any]) -> list[str]:
    """What the solving had to say about the data and about who is left out, in the reader's language."""
    told = [*totals.get("uncovered", []), *totals.get("notes", [])]
    return [translated(Said(note["sentence"], note.get("params", {}))) for note in told]


def ranks(totals: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, "label": profile.label("rank", row["rank"]) or _("职级不明")} for row in totals.get("ranks", [])]


def bands(totals: dict[str, Any]) -> list[dict[str, Any]]:
    """Households by band of need and how many of them are in strong hands (PAIR-5)."""
    return [{**row, "label": wording.band_label(row["band"])} for row in totals.get("bands", [])]


def reasons(totals: dict[str, Any]) -> list[dict[str, Any]]:
    labels = dict(ProposedPair.Change.choices)
    rows = [
        {"change": change, "change_label": labels.get(change, change), "why": why, "count": count,
         "label": wording.reason(why) or _("原责任人继续负责")}
        for change, whys in totals.get("why", {}).items()
        for why, count in whys.items()
    ]  # fmt: skip
    order = {code: at for at, code in enumerate(labels)}
    return sorted(rows, key=lambda row: (order.get(row["change"], 9), -row["count"], row["why"]))


def terms(totals: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": wording.term(code), "points": points} for code, points in totals.get("terms", {}).items() if points
    ]


def figures(difference: Difference) -> list[dict[str, Any]]:
    labels = {
        "households": _("户"), "paired": _("已落实"), "fallback": _("兜底"), "kept": _("延续"), "moved": _("调整"),
        "new": _("新结对"), "ended": _("结束"), "none": _("未落实"), "objective": _("总代价"),
    }  # fmt: skip
    return [{"label": labels[name], "before": before, "after": after} for name, before, after in difference.figures]


def weights(difference: Difference) -> list[dict[str, Any]]:
    return [
        {"label": wording.weight_label(code), "before": before, "after": after}
        for code, before, after in difference.weights
    ]


def with_quota(cadres: Iterable[Cadre], round: Round) -> list[dict[str, Any]]:
    """Cadres of one page with their quota on the round's day, or why they take nobody (PAIR-2, PAIR-3)."""
    cadres = list(cadres)
    away = dict(Absence.objects.filter(facts.in_force(round.on), cadre__in=cadres).values_list("cadre_id", "kind"))
    rows = []
    for cadre in cadres:
        quota, words = _quota(cadre, away.get(cadre.pk), round.on)
        rows.append({"cadre": cadre, "quota": quota, "words": words})
    return rows


def quota_today(cadre: Cadre, on: date) -> dict[str, Any]:
    away = Absence.objects.filter(facts.in_force(on), cadre=cadre).values_list("kind", flat=True).first()
    quota, words = _quota(cadre, away, on)
    return {"households": quota, "words": words}


def _quota(cadre: Cadre, away: str | None, on: date) -> tuple[int, str]:
    """How many households a cadre takes at most on a day, and why none."""
    if cadre.until is not None and cadre.until < on:
        return 0, _("已不在册")
    active = profile.active()
    post = active.codes["fallback"].find(cadre.post)
    post = post or (next(iter(active.fallback), None) if cadre.stationed_at_id else None)
    status = facts.STATUS_OF[Absence.Kind(away)] if away else None
    known = quotas.CadreFacts(cadre.rank or None, cadre.occupation or None, status, post)
    takes, why = quotas.takes_households(active, known, on)
    return (quotas.capacity_for(active, known, on)[1], "") if takes else (0, translated(why))


def history_rows(pairings: Iterable[Pairing]) -> list[dict[str, Any]]:
    return [{"pairing": pairing, "why": wording.reason(pairing.ended_why)} for pairing in pairings]


def pair_rows(pairs: Iterable[ProposedPair]) -> list[dict[str, Any]]:
    return [{"pair": pair, "why": wording.reason(pair.why)} for pair in pairs]
