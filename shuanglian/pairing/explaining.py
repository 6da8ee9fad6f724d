"""Why this one: worked out from the solving that was put away, for any round, at any time (PAIR-5, PAIR-6)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.matching.explain import Explanation, explain
from shuanglian.matching.pairing import solve
from shuanglian.matching.repair import repair
from shuanglian.matching.solution import PairingSolution
from shuanglian.matching.state import Difference
from shuanglian.matching.units import solve_units
from shuanglian.organisation.models import Cadre, Unit
from shuanglian.registry.models import Household

from . import packing, wording
from .models import ProposedLink, ProposedPair, Solution

REMEMBERED = 3  # solved counties held in memory; one of 20,000 households takes some 50 MB
_lock = Lock()
_solved: OrderedDict[int, tuple[packing.Kept, PairingSolution]] = OrderedDict()


@dataclass(frozen=True)
class Term:
    """One term of a cost: its name, what it says about this pair, its points."""

    label: str
    words: str
    points: int


@dataclass(frozen=True)
class Other:
    """Somebody else who could have the household: the points of that pair for itself, and its terms."""

    cadre: Cadre | None
    points: int
    terms: list[Term]
    has_room: bool


@dataclass(frozen=True)
class Passing:
    """A household that would change hands if this pair were not allowed."""

    household: Household | None
    before: Cadre | None
    after: Cadre | None


@dataclass(frozen=True)
class Why:
    """What the page "why this one" shows. `dearer`: what the county would lose without the pair, in words."""

    terms: list[Term]
    points: int
    dearer: str
    passing: list[Passing]
    others: list[Other]


def why(pair: ProposedPair) -> Why:
    """Explain a proposed pair from the facts on which it was solved."""
    written = [Term(wording.term(name), "", points) for name, points in pair.terms.items()]
    solution = Solution.objects.filter(round=pair.round).order_by("-version").first()
    if solution is None or pair.change == ProposedPair.Change.ENDED:
        return Why(written, pair.cost, "", [], [])
    with _lock:  # the search has one memory for each solved county
        kept, solved = _of(solution)
        at = np.flatnonzero(kept.household_id == pair.household_id)
        if not len(at) or solved.who[at[0]] != kept.who[at[0]]:
            return Why(written, pair.cost, "", [], [])
        told = explain(solved, int(at[0]))
    return _in_words(told, kept)


@dataclass(frozen=True)
class WhyLink:
    """Why this unit for this village: terms, what the county would lose without it, which links would go and come."""

    terms: list[Term]
    points: int
    dearer: str
    gone: list[tuple[str, str]]
    come: list[tuple[str, str]]


def why_link(link: ProposedLink) -> WhyLink:
    """Explain a proposed link of a unit to a village (PAIR-5)."""
    terms = [Term(wording.term(name), _link_words(name), points) for name, points in link.terms.items()]
    solution = Solution.objects.filter(round=link.round).order_by("-version").first()
    units = packing.unpack(solution.packed).units if solution else None
    pair = (link.unit.code, link.village.code)
    if units is None or link.change == ProposedLink.Change.ENDED or pair[0] not in units.unit_key:
        return WhyLink(terms, link.cost, "", [], [])
    row, column = list(units.unit_key).index(pair[0]), list(units.village_key).index(pair[1])
    solved = solve_units(units)
    if [row, column] not in solved.links.tolist():
        return WhyLink(terms, link.cost, "", [], [])
    other = solved.without(row, column)
    if other.dearer is None:
        dearer = _("若不许这一对，会有村没有单位，或单位没有村")
    else:
        dearer = _("若不许这一对，重新求最优：{parts}").format(
            parts=_("总代价增加 {points}").format(points=f"{other.dearer:,}")
        )
    names = dict(Unit.objects.within(link.round.area).values_list("code", "name"))
    villages = dict(Area.objects.on(link.round.on).within(link.round.area).values_list("code", "name"))

    def called(pairs: tuple[tuple[int, int], ...]) -> list[tuple[str, str]]:
        codes = [(units.unit_key[u], units.village_key[v]) for u, v in pairs]
        return [(names.get(unit, unit), villages.get(village, village)) for unit, village in codes]

    return WhyLink(terms, link.cost, dearer, called(other.gone), called(other.come))


def _link_words(name: str) -> str:
    says = {
        "distance": _("单位所在地到村的路程"),
        "need": _("村困难程度 × 单位弱度"),
        "exit": _("村当年退出 × 单位弱度"),
        "keep": _("上年就联系该村，予以优惠"),
        "unit_load": _("该单位的又一个村"),
        "village_load": _("该村的又一个单位"),
    }
    return says.get(name, "")


def _of(solution: Solution) -> tuple[packing.Kept, PairingSolution]:
    if solution.pk not in _solved:
        kept = packing.unpack(solution.packed)
        found = solve(kept.problem) if kept.standing is None else repair(kept.problem, kept.standing).solution
        _solved[solution.pk] = kept, found
        while len(_solved) > REMEMBERED:
            _solved.popitem(last=False)
    _solved.move_to_end(solution.pk)
    return _solved[solution.pk]


def _in_words(told: Explanation, kept: packing.Kept) -> Why:
    rows = {other.cadre for other in told.alternatives} | {step.before for step in told.steps}
    rows |= {step.after for step in told.steps}
    ids = {row: int(kept.cadre_id[row]) for row in rows if row >= 0}
    cadres = Cadre.objects.select_related("unit").in_bulk(ids.values())
    moving = {step.household: int(kept.household_id[step.household]) for step in told.steps}
    households = Household.objects.select_related("village").in_bulk(moving.values())

    def person(row: int) -> Cadre | None:
        return cadres.get(ids.get(row, 0))

    return Why(
        terms=_terms(told.terms, told.cadre, told.household, kept),
        points=told.points,
        dearer=_dearer(told.next_best),
        passing=[
            Passing(households.get(moving[step.household]), person(step.before), person(step.after))
            for step in told.steps
        ],
        others=[
            Other(person(one.cadre), one.points, _terms(one.terms, one.cadre, told.household, kept), one.has_room)
            for one in told.alternatives
        ],
    )


def _terms(points: dict[str, int], cadre: int, household: int, kept: packing.Kept) -> list[Term]:
    return [
        Term(wording.term(name), _words(name, value, cadre, household, kept), value)
        for name, value in points.items()
        if value
    ]


def _words(name: str, points: int, cadre: int, household: int, kept: packing.Kept) -> str:
    """What one term says about one pair."""
    problem = kept.problem
    weight = getattr(problem.weights, name, 0)
    need = int(np.asarray(problem.need)[household])
    match name:
        case "distance":
            return _("路程 {km} 公里").format(km=f"{points / weight / 10:.1f}") if weight else ""
        case "need":
            weakness = int(np.asarray(problem.weakness)[cadre])
            return _("困难程度“{band}”（{need} 档）× 职级弱度 {weakness}").format(
                band=wording.band_label(need), need=need, weakness=weakness
            )
        case "trade":
            trade, cause = int(np.asarray(problem.trade)[cadre]), int(np.asarray(problem.cause)[household])
            return _fit(int(np.asarray(problem.mismatch)[trade, cause]), trade, cause)
        case "keep":
            return _("上年就是这一对，予以优惠")
        case "outside":
            return _("户不在该干部单位的联系村")
        case "fallback":
            return _("超出定额，作为驻村干部兜底")
        case "even":
            return _("该干部已兜底较多，多一户多一份")
        case "left":
            return _("困难程度“{band}”的户没有责任人").format(band=wording.band_label(need))
    return ""


def _fit(steps: int, trade: int, cause: int) -> str:
    fits = (_("对口"), _("较对口"), _("不太对口"), _("不对口"))
    active = profile.active()
    trades, causes = [*active.trades, ""], [*active.causes, ""]
    given: dict[str, Any] = {
        "trade": profile.label("trade", trades[trade]) if trade < len(trades) - 1 else _("行业不明"),
        "cause": profile.label("cause", causes[cause]) if cause < len(causes) - 1 else _("原因不明"),
        "fit": fits[min(steps, 3)],
    }  # fmt: skip
    return _("{trade}与{cause}：{fit}").format(**given)


def _dearer(other: Difference | None) -> str:
    """By how much the county would be worse off without the pair, the heaviest part first."""
    if other is None:
        return ""
    if other.uncovered > 0:
        return _("若不许这一对，全县将多 {n} 户没有责任人").format(n=other.uncovered)
    parts = []
    if other.moved > 0:
        parts.append(_("多动 {n} 个现有结对").format(n=other.moved))
    if other.below_minimum > 0:
        parts.append(_("有干部少于起码户数 {n} 户").format(n=other.below_minimum))
    if other.points or not parts:
        parts.append(_("总代价增加 {points}").format(points=f"{other.points:,}"))
    return _("若不许这一对，重新求最优：{parts}").format(parts="；".join(parts))
