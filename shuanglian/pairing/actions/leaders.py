"""领导包乡: leaders answer for townships, those with villages due to exit first (PAIR-7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.core import profile as active_profile
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.matching.transport import transport
from shuanglian.organisation.changes import traced
from shuanglian.organisation.models import Absence, Cadre
from shuanglian.pairing import facts
from shuanglian.pairing.models import LeaderLink, Round
from shuanglian.rules.profile_weights import Leaders
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

RANKS = {"county": "county", "city": "prefecture", "province": "province"}  # how the codes of such ranks begin


@dataclass(frozen=True)
class Wanted:
    """A township, its villages due to exit, and how many leaders of a level it should have."""

    area: Area
    exit: int
    leaders: int


def wanted(*, area: Area, on: date, rule: Leaders) -> list[Wanted]:
    """Every township of the county needs one leader, more where many villages are to exit (PAIR-7)."""
    villages = facts.rows_of_villages(area, on, active_profile.active())
    leaving = Counter(code[:9] for code in villages.filter(villages["exit"])["code"])
    townships = Area.objects.on(on).within(area).filter(level=Area.Level.TOWNSHIP).order_by("code")
    rows = []
    for township in townships:
        exits = leaving[township.prefix]
        leaders = -(-exits // rule.exit_villages_per_leader)
        if rule.level == "county":
            leaders = max(1, leaders)
        rows.append(Wanted(township, exits, min(leaders, rule.leaders_per_township)))
    return rows


def candidates(*, area: Area, on: date, level: str) -> list[Cadre]:
    """Serving cadres of a leaders' rank who are not away, the strongest first."""
    ranks = active_profile.active().on(on).ranks
    codes = [code for code in ranks if code.startswith(RANKS.get(level, level))]
    away = Absence.objects.filter(facts.in_force(on)).values("cadre")
    found = Cadre.objects.within(area).filter(facts.in_force(on), rank__in=codes).exclude(pk__in=away)
    return sorted(found.order_by("number"), key=lambda cadre: ranks[cadre.rank].weakness)


@transaction.atomic
def assign(*, round: Round, by: User | None, at: datetime) -> dict[str, int]:
    """Link leaders to the townships of a round's county on its day: an exact assignment, present links are kept first.

    Order of claims: one leader for each township with exit villages, one for every other, then further ones where most
    exit villages are left. Returns how many links were kept, begun and ended, and how many places stay open.
    """
    area = Area.objects.select_for_update().get(pk=round.area_id)
    standing = list(LeaderLink.objects.within(area).open().select_related("leader"))
    chosen: set[tuple[int, int]] = set()
    vacant = 0
    for rule in active_profile.active().on(round.on).pairing.leaders.values():
        pairs, missing = _matched(area, round, rule, {(link.leader_id, link.township_id) for link in standing})
        chosen |= pairs
        vacant += missing if rule.level == "county" else 0
    done: dict[str, Any] = _put(area, round, standing, chosen, by, at)
    trail.write("pairing.leaders.assign", about=round, by=by, at=at, vacant=vacant, **done)
    return {**done, "vacant": vacant}


def _matched(
    area: Area, round: Round, rule: Leaders, standing: set[tuple[int, int]]
) -> tuple[set[tuple[int, int]], int]:
    """(leader, township) ids of one level, and the number of places nobody is left for."""
    places = wanted(area=area, on=round.on, rule=rule)
    people = candidates(area=area, on=round.on, level=rule.level)
    weights, ranks = round.weights, active_profile.active().on(round.on).ranks
    per_village = max(1, weights.get("leader_exit", 0))
    further = per_village * (max((place.exit for place in places), default=0) + 1)
    costs: dict[tuple[str, str], int] = {}
    needs: dict[str, int] = {}
    for at, place in enumerate(places):
        for nth in range(place.leaders):
            slot = f"{at:04d}-{nth:02d}"
            needs[slot] = 1
            left = max(0, place.exit - nth * rule.exit_villages_per_leader)
            for cadre in people:
                cost = nth * further - per_village * left
                cost += weights.get("need", 0) * ranks[cadre.rank].weakness
                if (cadre.pk, place.area.pk) in standing:
                    cost -= weights.get("leader_keep", 0)
                costs[cadre.number, slot] = cost
    result = transport({cadre.number: rule.townships_per_leader for cadre in people}, needs, costs)
    number = {cadre.number: cadre.pk for cadre in people}
    pairs = {(number[sent.supplier], places[int(sent.demander[:4])].area.pk) for sent in result.shipments}
    return pairs, sum(lack.amount for lack in result.uncovered)


def _put(
    area: Area, round: Round, standing: list[LeaderLink], chosen: set[tuple[int, int]], by: User | None, at: datetime
) -> dict[str, int]:
    eve = date.fromordinal(round.on.toordinal() - 1)
    codes = dict(Area.objects.filter(pk__in=[township for _leader, township in chosen]).values_list("pk", "code"))
    kept = {(link.leader_id, link.township_id) for link in standing} & chosen
    with traced("pairing.leaders.assign", by=by, at=at, why=round.name):
        gone = [link for link in standing if (link.leader_id, link.township_id) not in chosen]
        for link in gone:
            link.until = max(eve, link.since)
        LeaderLink.objects.bulk_update(gone, ["until"])
        LeaderLink.objects.bulk_create(
            LeaderLink(leader_id=leader, township_id=township, area_code=codes[township], round=round, since=round.on)
            for leader, township in sorted(chosen - kept)
        )
    return {"kept": len(kept), "begun": len(chosen - kept), "ended": len(gone)}


@transaction.atomic
def link(*, round: Round, leader: Cadre, township: Area, by: User | None, at: datetime) -> LeaderLink:
    """Link one leader to one township by hand."""
    if not township.code.startswith(round.area.prefix) or township.level != Area.Level.TOWNSHIP:
        raise Refusal("not_a_township", N_("{name} 不是本县的乡镇"), name=township.name)
    if LeaderLink.objects.open().filter(leader=leader, township=township).exists():
        raise Refusal("linked_already", N_("{leader} 已经联系 {name}"), leader=leader.name, name=township.name)
    with traced("pairing.leaders.link", by=by, at=at):
        found = LeaderLink.objects.create(
            leader=leader, township=township, area_code=township.code, round=round, since=round.on
        )
    trail.write("pairing.leaders.link", about=found, by=by, at=at, leader=leader.pk, township=township.code)
    return found


@transaction.atomic
def end(*, link: LeaderLink, on: date, by: User | None, at: datetime) -> LeaderLink:
    """A leader no longer answers for a township after a day; a link that had not begun is taken out."""
    found = LeaderLink.objects.select_for_update().get(pk=link.pk)
    if found.until is not None:
        raise Refusal("link_has_ended", N_("这项联系已于 {until} 结束"), until=found.until)
    found.until = max(on, found.since)
    with traced("pairing.leaders.end", by=by, at=at):
        found.save(update_fields=["until"])
    trail.write("pairing.leaders.end", about=found, by=by, at=at, leader=found.leader_id)
    return found
