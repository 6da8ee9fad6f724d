"""Who takes how many households, and how strength and need are measured (PAIR-2, PAIR-3, PAIR-5).

All numbers come from the profile; facts come in as plain values, so the same functions serve a file and a database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

from .profile import Profile
from .profile_shapes import Size
from .profile_weights import NeedRule


@dataclass(frozen=True)
class CadreFacts:
    """What decides whether a cadre takes households: codes of the profile's lists; post is a fallback post or none."""

    rank: str | None = None
    occupation: str | None = None
    status: str | None = None
    post: str | None = None


@dataclass(frozen=True)
class Need:
    """How needy a household or village is: points, the band they fall into, and every reason that gave points."""

    points: int
    band: int
    reasons: tuple[NeedRule, ...]

    def said(self, lang: str = "zh") -> tuple[str, ...]:
        """The reasons in words."""
        return tuple(rule.says.in_(lang) for rule in self.reasons)


def quota_for(profile: Profile, rank: str, on: date) -> int:
    """The most households a cadre of a rank takes on a day (PAIR-2); a Refusal when there is no such rank then."""
    ranks = profile.on(on).ranks
    if rank not in ranks:
        raise Refusal("unknown_rank", N_("方案在 {on} 没有职级 {rank}"), rank=rank, on=on)
    return ranks[rank].quota


def capacity_for(profile: Profile, cadre: CadreFacts, on: date) -> tuple[int, int, int]:
    """(minimum, quota, fallback slots) of a cadre on a day: all 0 for one who takes no households (PAIR-2, PAIR-3)."""
    then = profile.on(on)
    takes, _ = takes_households(profile, cadre, on)
    if not takes:
        return 0, 0, 0
    rank = then.ranks[cadre.rank or ""]
    post = then.fallback.get(cadre.post or "")
    return rank.minimum, rank.quota, post.slots if post else 0


def takes_households(profile: Profile, cadre: CadreFacts, on: date) -> tuple[bool, Said]:
    """Whether a cadre takes households on a day, and why (PAIR-2, PAIR-3). What is not stated exempts nobody."""
    then = profile.on(on)
    occupation = then.occupations.get(cadre.occupation or "")
    if occupation is not None and not occupation.takes:
        return False, Said(N_("{label}不联户"), {"label": occupation.label})
    status = then.statuses.get(cadre.status or "")
    if status is not None and not status.takes:
        return False, Said(N_("{label}，不安排联户"), {"label": status.label})
    rank = then.ranks.get(cadre.rank or "")
    if rank is None:
        return False, Said(N_("职级不明，无法定联户数"))
    if rank.quota == 0:
        return False, Said(N_("{label}定额为 0"), {"label": rank.label})
    given = {"label": rank.label, "quota": rank.quota}
    return True, Said(N_("{label}，至多联 {quota} 户"), given)


def need_of(profile: Profile, household: Mapping[str, Any], on: date) -> Need:
    """Points and band of a household from its facts (PAIR-5); a fact that is not known gives no points.

    Facts: income_per_head (yuan), members, labour, ill, disabled, pupils, elderly (persons), unsafe_house,
    unsafe_water (bool), main_cause, household_class, exit_mark (codes), other_causes (how many).
    income_to_line and labour_share are worked out here when they are not given.
    """
    then = profile.on(on)
    facts = dict(household)
    income, members, labour = (facts.get(key) for key in ("income_per_head", "members", "labour"))
    if facts.get("income_to_line") is None and income is not None:
        facts["income_to_line"] = Decimal(str(income)) / profile.lines(on.year).yuan
    if facts.get("labour_share") is None and members and labour is not None:
        facts["labour_share"] = Decimal(labour) / Decimal(members)
    return _need(then.pairing.household_need, then.pairing.bands["household"].begins, facts)


def need_band(profile: Profile, household: Mapping[str, Any], on: date) -> int:
    """The band of need of a household, 0 the lightest (PAIR-5)."""
    return need_of(profile, household, on).band


def village_need_of(profile: Profile, village: Mapping[str, Any], on: date) -> Need:
    """Points and band of a village from its facts (PAIR-5, PAIR-7).

    Facts: poor_households, poor_people, unsafe_water_households, unsafe_houses (numbers), poverty_rate (0–1),
    km_to_town, exit_this_year, poor_village, key_poor_county, unpaved_road (bool).
    """
    then = profile.on(on)
    return _need(then.pairing.village_need, then.pairing.bands["village"].begins, village)


def village_need(profile: Profile, village: Mapping[str, Any], on: date) -> int:
    """The band of need of a village, 0 the lightest (PAIR-5)."""
    return village_need_of(profile, village, on).band


def _need(rules: Iterable[NeedRule], begins: tuple[int, ...], facts: Mapping[str, Any]) -> Need:
    best: dict[str, NeedRule] = {}
    for rule in rules:
        known = best.get(rule.group)
        if _holds(rule, facts.get(rule.fact)) and (known is None or rule.points > known.points):
            best[rule.group] = rule
    points = sum(rule.points for rule in best.values())
    band = max(number for number, begin in enumerate(begins) if points >= begin)
    return Need(points, band, tuple(best.values()))


def _holds(rule: NeedRule, value: Any) -> bool:
    if value is None:
        return False
    if rule.is_true is not None:
        return bool(value) is rule.is_true
    if rule.any_of is not None:
        return str(value) in rule.any_of
    number = Decimal(str(value))
    return number < rule.below if rule.below is not None else number >= (rule.at_least or 0)


def unit_strength(profile: Profile, *, tier: str | None, kind: str | None, cadres: int, on: date) -> int:
    """How strong a unit is: what its tier, kind and number of cadres bring (PAIR-5), never below 0."""
    then = profile.on(on)
    known = (then.tiers.get(tier or ""), then.unit_kinds.get(kind or ""), _size(then, cadres))
    return max(0, sum(one.strength for one in known if one is not None))


def strongest_unit(profile: Profile, on: date) -> int:
    """The strength no unit can exceed; weakness of a unit is this minus its strength."""
    then = profile.on(on)
    return sum(
        max((one.strength for one in every), default=0)
        for every in (then.tiers.values(), then.unit_kinds.values(), then.sizes)
    )


def villages_for(profile: Profile, *, cadres: int, on: date) -> int:
    """How many villages a unit of so many cadres can take at most (PAIR-4)."""
    return _size(profile.on(on), cadres).villages


def _size(profile: Profile, cadres: int) -> Size:
    for size in profile.sizes:
        if size.up_to is None or cadres <= size.up_to:
            return size
    return profile.sizes[-1]
