"""领导包乡: leaders answer for townships, those with villages due to exit first (PAIR-7).

What is done here is proposed in a round and takes force when a second person confirms it.
"""

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
from shuanglian.organisation.models import Absence, Cadre
from shuanglian.pairing import facts
from shuanglian.pairing.models import LeaderLink, ProposedLeader, Round
from shuanglian.rules.profile_weights import Leaders
from shuanglian.trail import trail

from .rounds import taken_up, touched

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

Change = ProposedLeader.Change


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


def candidates(*, area: Area, on: date, rule: Leaders) -> list[Cadre]:
    """Serving cadres of the ranks that lead at a level who are not away, the strongest first."""
    ranks = active_profile.active().on(on).ranks
    codes = [code for code, rank in ranks.items() if rank.leads == rule.level]
    found = _serving(on).within(area).filter(rank__in=codes).order_by("number")
    return sorted(found, key=lambda cadre: ranks[cadre.rank].weakness)


def _serving(on: date) -> Any:
    """Cadres in office on a day who are not away."""
    away = Absence.objects.filter(facts.in_force(on)).values("cadre")
    return Cadre.objects.filter(facts.in_force(on)).exclude(pk__in=away)


@transaction.atomic
def assign(*, round: Round, by: User | None, at: datetime) -> dict[str, int]:
    """Propose leaders for the townships of a round's county on its day: an exact assignment, present links first.

    Order of claims: one leader for each township with exit villages, one for every other, then further ones where most
    exit villages are left. Nothing takes force before a second person confirms the round. Returns how many links would
    be kept, begun and ended, and how many places stay open.
    """
    found = taken_up(round)
    standing = _standing(found)
    chosen: set[tuple[int, int]] = set()
    vacant = 0
    for rule in active_profile.active().on(found.on).pairing.leaders.values():
        pairs, missing = _matched(found.area, found, rule, standing)
        chosen |= pairs
        vacant += missing if rule.level == "county" else 0
    found.leaders.all().delete()
    codes = dict(Area.objects.filter(pk__in={place for _who, place in chosen | standing}).values_list("pk", "code"))
    ProposedLeader.objects.bulk_create(
        ProposedLeader(
            round=found, leader_id=who, township_id=place, area_code=codes[place], by=by,
            change=Change.NEW if (who, place) in chosen else Change.ENDED,
        )
        for who, place in sorted(chosen ^ standing)
    )  # fmt: skip
    touched(found, by, at)
    done: dict[str, Any] = {
        "kept": len(chosen & standing), "begun": len(chosen - standing), "ended": len(standing - chosen),
    }  # fmt: skip
    trail.write("pairing.leaders.assign", about=found, by=by, at=at, vacant=vacant, **done)
    return {**done, "vacant": vacant}


def _standing(round: Round) -> set[tuple[int, int]]:
    """(leader, township) ids of the links that stand in a round's county."""
    links = LeaderLink.objects.within(round.area).open()
    return set(links.values_list("leader_id", "township_id"))


def _matched(
    area: Area, round: Round, rule: Leaders, standing: set[tuple[int, int]]
) -> tuple[set[tuple[int, int]], int]:
    """(leader, township) ids of one level, and the number of places nobody is left for."""
    places = wanted(area=area, on=round.on, rule=rule)
    people = candidates(area=area, on=round.on, rule=rule)
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


@transaction.atomic
def link(*, round: Round, leader: Cadre, township: Area, by: User | None, at: datetime) -> Round:
    """Propose one leader for one township by hand; one who was to be let go stays."""
    found = taken_up(round)
    if not township.code.startswith(found.area.prefix) or township.level != Area.Level.TOWNSHIP:
        raise Refusal("not_a_township", N_("{name} 不是本县的乡镇"), name=township.name)
    mark = found.leaders.filter(leader=leader, township=township).first()
    stands = (leader.pk, township.pk) in _standing(found)
    if (mark.change == Change.NEW) if mark else stands:
        raise Refusal("linked_already", N_("{leader} 已经联系 {name}"), leader=leader.name, name=township.name)
    _mark(found, mark, leader, township, None if stands else Change.NEW, by)
    touched(found, by, at)
    trail.write("pairing.leaders.link", about=found, by=by, at=at, leader=leader.pk, township=township.code)
    return found


@transaction.atomic
def unlink(*, round: Round, leader: Cadre, township: Area, by: User | None, at: datetime) -> Round:
    """Propose that a leader no longer answers for a township; one who was only proposed is taken off."""
    found = taken_up(round)
    mark = found.leaders.filter(leader=leader, township=township).first()
    stands = (leader.pk, township.pk) in _standing(found)
    if not stands and mark is None:
        raise Refusal("not_linked", N_("{leader} 没有联系 {name}"), leader=leader.name, name=township.name)
    _mark(found, mark, leader, township, Change.ENDED if stands else None, by)
    touched(found, by, at)
    trail.write("pairing.leaders.unlink", about=found, by=by, at=at, leader=leader.pk, township=township.code)
    return found


def _mark(
    round: Round, mark: ProposedLeader | None, leader: Cadre, township: Area, change: str | None, by: User | None
) -> None:
    """Put one change of a round in place of what it said before; None: nothing changes."""
    if mark is not None:
        mark.delete()
    if change is not None:
        ProposedLeader.objects.create(
            round=round, leader=leader, township=township, area_code=township.code, change=change, by=by
        )


def take_force(round: Round) -> dict[str, int]:
    """A confirmed round's leaders begin and end; refused when a new one has left or gone away in the meantime."""
    rows = list(round.leaders.select_related("leader"))
    new = [row for row in rows if row.change == Change.NEW]
    serving = set(_serving(round.on).filter(pk__in={row.leader_id for row in new}).values_list("pk", flat=True))
    if gone := sorted({row.leader.name for row in new if row.leader_id not in serving}):
        raise Refusal("leader_gone", N_("{names} 已不在岗，不能联系乡镇；请先调整领导包乡"), names="、".join(gone))
    standing = {(one.leader_id, one.township_id): one for one in LeaderLink.objects.within(round.area).open()}
    over = [standing[key] for row in rows if row.change == Change.ENDED and (key := _key(row)) in standing]
    eve = date.fromordinal(round.on.toordinal() - 1)
    for one in over:
        one.until = max(eve, one.since)
    LeaderLink.objects.bulk_update(over, ["until"])
    begun = LeaderLink.objects.bulk_create(
        LeaderLink(
            leader_id=row.leader_id, township_id=row.township_id, area_code=row.area_code, round=round, since=round.on
        )
        for row in new if _key(row) not in standing
    )  # fmt: skip
    return {"leaders_ended": len(over), "leaders_begun": len(begun)}


def _key(row: ProposedLeader) -> tuple[int, int]:
    return row.leader_id, row.township_id
