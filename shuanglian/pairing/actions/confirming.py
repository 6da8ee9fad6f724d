"""A proposal takes force: confirmed by a second person, then published (PAIR-1, PAIR-6; four eyes)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import traced
from shuanglian.pairing.models import Pairing, Round
from shuanglian.trail import trail

from . import coverage, leaders, solving
from .rounds import taken_up

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

PUBLIC_LIST = "pairing.public_list"  # the job that writes the list for posting

# Old pairs end the day before; one that began on the very day ends with it, and the new one begins a day later.
_END = """
UPDATE pairing_pairing p SET until = greatest(p.since, %(eve)s::date), ended_why = q.why
FROM pairing_proposedpair q
WHERE q.round_id = %(round)s AND q.household_id = p.household_id AND p.until IS NULL AND p.cadre_id = q.last_cadre_id
  AND q.change IN ('moved', 'ended', 'none')
"""
_SLOT = """
UPDATE pairing_pairing p SET slot = q.slot, area_code = q.area_code
FROM pairing_proposedpair q
WHERE q.round_id = %(round)s AND q.household_id = p.household_id AND p.until IS NULL AND p.cadre_id = q.cadre_id
  AND q.change = 'kept' AND (p.slot <> q.slot OR p.area_code <> q.area_code)
"""
# What stood before is gathered first: asked row by row, the table would be read anew for every pair that comes in.
_BEGIN = """
WITH before AS MATERIALIZED (
    SELECT o.household_id, max(o.until) AS until, bool_or(o.until IS NULL) AS stands
    FROM pairing_pairing o WHERE o.household_id IN (
        SELECT household_id FROM pairing_proposedpair WHERE round_id = %(round)s)
    GROUP BY 1
)
INSERT INTO pairing_pairing (household_id, cadre_id, area_code, slot, round_id, since, until, ended_why)
SELECT q.household_id, q.cadre_id, q.area_code, q.slot, %(round)s,
       greatest(%(on)s::date, before.until + 1), NULL, ''
FROM pairing_proposedpair q LEFT JOIN before USING (household_id)
WHERE q.round_id = %(round)s AND q.cadre_id IS NOT NULL AND q.change <> 'ended' AND before.stands IS NOT TRUE
ORDER BY q.area_code, q.id
"""
_END_LINKS = """
UPDATE pairing_villagelink l SET until = greatest(l.since, %(eve)s::date), ended_why = q.why
FROM pairing_proposedlink q
WHERE q.round_id = %(round)s AND q.unit_id = l.unit_id AND q.village_id = l.village_id AND l.until IS NULL
  AND q.change = 'ended'
"""
_BEGIN_LINKS = """
WITH before AS MATERIALIZED (
    SELECT unit_id, village_id FROM pairing_villagelink
    WHERE until IS NULL AND area_code >= %(low)s AND area_code < %(high)s
)
INSERT INTO pairing_villagelink (unit_id, village_id, area_code, round_id, since, until, ended_why)
SELECT q.unit_id, q.village_id, q.area_code, %(round)s, %(on)s::date, NULL, ''
FROM pairing_proposedlink q
WHERE q.round_id = %(round)s AND q.change IN ('new', 'kept')
  AND (q.unit_id, q.village_id) NOT IN (SELECT unit_id, village_id FROM before)
ORDER BY q.area_code, q.unit_id
"""


@transaction.atomic
def confirm(*, round: Round, by: User, at: datetime) -> Round:
    """A second person confirms: old pairs and links end with their reason, new ones begin, all or nothing.

    Refused when the same person made or last changed the round, and when households, cadres, links or wishes changed
    since it was solved. Two who confirm at once: the second one is told that it is done.
    """
    Area.objects.select_for_update().get(pk=round.area_id)
    found = taken_up(round)
    if found.state != Round.State.PROPOSED:
        raise Refusal("not_solved", N_("还没有计算结果，不能确认"))
    if by.pk in hands_in(found):
        raise Refusal("four_eyes", N_("编制或最后修改方案的人不能确认，请由另一人确认"))
    if changes := solving.changes_since(found):
        raise Refusal("out_of_date", N_("计算以后数据有变动：{changes}。请重新计算后再确认"), changes=changes.said())
    _refuse_backdating(found)
    began = _take_force(found, at=at, by=by)
    found.state, found.confirmed_by, found.confirmed_at = Round.State.CONFIRMED, by, at
    found.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    coverage.rebuild(found.area, at)
    trail.write("pairing.rounds.confirm", about=found, by=by, at=at, **began)
    return found


@transaction.atomic
def publish(*, round: Round, by: User, at: datetime) -> Round:
    """Make a confirmed round public: from now on its public list may be posted (两个全覆盖, PAIR-1)."""
    found = Round.objects.select_for_update(of=("self",)).get(pk=round.pk)
    if found.state == Round.State.PUBLISHED:
        raise Refusal("published", N_("“{name}”已经公布"), name=found.name)
    if found.state != Round.State.CONFIRMED:
        raise Refusal("not_confirmed", N_("先确认，再公布"))
    found.state, found.published_by, found.published_at = Round.State.PUBLISHED, by, at
    found.job = jobs.start(
        kind=PUBLIC_LIST, title=_("{name} 公示名单").format(name=found.name), params={"round": found.pk}, by=by, at=at,
        area_code=found.area_code,
    )  # fmt: skip
    found.save(update_fields=["state", "published_by", "published_at", "job"])
    trail.write("pairing.rounds.publish", about=found, by=by, at=at)
    return found


def hands_in(round: Round) -> set[int]:
    """Everybody who had a hand in a round: opened it, changed it last, wished a pair or a leader. None confirms it."""
    wished = round.wishes.exclude(by=None).values_list("by_id", flat=True)
    led = round.leaders.exclude(by=None).values_list("by_id", flat=True)
    return {number for number in (round.by_id, round.changed_by_id, *wished, *led) if number is not None}


def _take_force(round: Round, *, at: datetime, by: User) -> dict[str, Any]:
    """Whole-county statements, then the leaders; returns how many rows each one touched."""
    eve = date.fromordinal(round.on.toordinal() - 1)
    low = round.area.prefix
    given: dict[str, Any] = {"round": round.pk, "on": round.on, "eve": eve, "low": low, "high": f"{low}:"}
    done = {}
    traced_by = traced("pairing.rounds.confirm", by=by, at=at, why=round.name)
    with traced_by, coverage.whole_tables(), connection.cursor() as cursor:
        steps = {"ended": _END, "changed": _SLOT, "begun": _BEGIN}
        if round.kind == Round.Kind.YEARLY:
            steps |= {"links_ended": _END_LINKS, "links_begun": _BEGIN_LINKS}
        for name, sql in steps.items():
            cursor.execute(sql, given)
            done[name] = cursor.rowcount
        done |= leaders.take_force(round)
    return done


def _refuse_backdating(round: Round) -> None:
    """A pair that begins later than the round takes force cannot be ended by it."""
    later = Pairing.objects.within(round.area).open().filter(since__gt=round.on).order_by("-since").first()
    if later is not None:
        raise Refusal(
            "backdated", N_("有结对从 {since} 开始，晚于本轮生效日期 {on}；请把生效日期改到其后"),
            since=later.since, on=round.on,
        )  # fmt: skip
