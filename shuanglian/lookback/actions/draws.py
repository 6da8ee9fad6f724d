"""Draws of the level above: announced, drawn, handed out (REG-4, REG-6). Anybody can repeat them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q

from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.lookback.models import Assignment, Campaign, Draw, Drawn, Visit
from shuanglian.pairing.models import Pairing, Relative
from shuanglian.rules import draws as rules
from shuanglian.rules.visit_lists import ToVisit, share_out
from shuanglian.trail import trail

from . import campaigns

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

LEAST_DIGITS = 3  # fewer could be tried by hand until the draw suits

HAND_OUT = """
    update lookback_drawn set checker_id = given.checker
    from unnest(%s::bigint[], %s::bigint[]) as given (id, checker) where lookback_drawn.id = given.id
"""


@transaction.atomic
def announce(
    *, campaign: Campaign, area: Area, level: str, source: str, source_on: date, by: User, at: datetime,
    share: Decimal | None = None, least: int | None = None,
) -> Draw:  # fmt: skip
    """Fix the list and say which public number of a later day decides. The share may be more than the profile's only.

    source: where the number will be found, such as a lottery and its issue. source_on: the day it comes out.
    """
    campaigns.running(campaign)
    told = profile.active().lookback.rechecks.get(level)
    if told is None:
        raise Refusal("unknown_level", N_("方案里没有这一级的抽查"))
    wanted, few = share if share is not None else told.share, least if least is not None else told.least
    if not told.share <= wanted <= 1 or few < told.least:
        raise Refusal("share_too_small", N_("抽查比例不能低于方案规定的 {share}"), share=f"{told.share:.0%}")
    if not source.strip():
        raise Refusal("no_source", N_("请写明用哪个公开数字"))
    if source_on <= clock.day_of(at):
        raise Refusal("known_already", N_("公开数字须在公告之后产生：请选今天以后的日期"))
    _no_other(campaign, area, level)
    rows = Assignment.objects.within(area).filter(campaign=campaign).standing()
    frame = list(rows.values_list("area_code", "number"))
    if not frame:
        raise Refusal("nobody_to_draw", N_("这个区域没有核查对象"))
    text = rules.frame_text(frame)
    made = Draw.objects.create(
        campaign=campaign, number=_next(campaign), area=area, area_code=area.code, level=level, share=wanted, least=few,
        source=source.strip()[:120], source_on=source_on, frame=text, frame_digest=rules.digest_of(text),
        frame_size=len(frame), announced_by=by, announced_at=at,
    )  # fmt: skip
    trail.write("lookback.draws.announce", about=made, by=by, at=at, digest=made.frame_digest, size=made.frame_size,
                source=made.source, source_on=source_on.isoformat())  # fmt: skip
    return made


def _no_other(campaign: Campaign, area: Area, level: str) -> None:
    """One draw of a level at a time wherever areas touch: nobody draws again until the result suits (REG-4).

    More may be drawn when everybody who was drawn before has been re-checked.
    """
    low = area.prefix
    above = [low[:length].ljust(12, "0") for length in (2, 4, 6, 9) if length < len(low)]
    near = Q(area_code__gte=low, area_code__lt=f"{low}:") | Q(area_code__in=above)
    with unscoped():
        for other in Draw.objects.filter(near, campaign=campaign, level=level).order_by("number"):
            if not other.seed:
                raise Refusal("announced_already", N_("第 {n} 次抽查已经公告，还没有抽取"), n=other.number)
            left = Drawn.objects.filter(draw=other, assignment__rechecked="", assignment__ended_on=None).count()
            if left:
                raise Refusal(
                    "drawn_and_open", N_("第 {n} 次抽查还有 {left} 户没有复查完，不能再抽"), n=other.number, left=left
                )


def _next(campaign: Campaign) -> int:
    with unscoped():  # townships draw side by side and count through
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        last = Draw.objects.filter(campaign=campaign).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def digits_of(public: str) -> str:
    """The public number as figures only: blanks, commas and signs between them do not make another seed."""
    return "".join(str(unicodedata.digit(sign)) for sign in public if unicodedata.digit(sign, None) is not None)


@transaction.atomic
def draw(*, draw: Draw, public: str, by: User, at: datetime) -> Draw:
    """Take the public number and draw; once, and not before the day the number comes out."""
    found = Draw.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=draw.pk)
    number = digits_of(public)
    if found.seed:
        raise Refusal("drawn_already", N_("已经抽取，不能再抽"))
    if not LEAST_DIGITS <= len(number) <= 60:
        raise Refusal("no_number", N_("请填写公开数字，至少 {least} 位"), least=LEAST_DIGITS)
    if clock.day_of(at) < found.source_on:
        raise Refusal("not_out_yet", N_("公开数字 {on} 才产生"), on=found.source_on)
    seed = rules.seed_of(found.campaign.code, found.number, number)
    drawn = rules.draw(seed, rules.frame_of(found.frame), share=found.share, least=found.least)
    with unscoped():  # whoever was on the list stays drawable, also when the household has moved since
        numbers = [one.number for one in drawn]
        listed = Assignment.objects.filter(campaign=found.campaign, number__in=numbers)
        rows = dict(listed.values_list("number", "id"))
    found.public, found.seed, found.drawn_by, found.drawn_at = number, seed, by, at
    found.save(update_fields=["public", "seed", "drawn_by", "drawn_at"])
    Drawn.objects.bulk_create(
        [Drawn(draw=found, assignment_id=rows[one.number], area_code=one.stratum, rank=one.rank, key=one.key)
         for one in drawn], batch_size=1000,
    )  # fmt: skip
    trail.write("lookback.draws.draw", about=found, by=by, at=at, public=number, seed=seed, drawn=len(drawn))
    return found


@transaction.atomic
def hand_out(*, draw: Draw, checkers: Sequence[User], by: User, at: datetime) -> int:
    """Share the drawn households out among people of the level above: not to who visited, helps or is kin to them.

    How many found nobody comes back.
    """
    open_ = Drawn.objects.filter(draw=draw, assignment__rechecked="", assignment__ended_on=None)
    rows = list(open_.select_related("assignment__cadre"))
    if not checkers:
        raise Refusal("no_checkers", N_("请选择抽查人"))
    never = _never(rows)
    wanted = [ToVisit(row.pk, row.area_code, never=never.get(row.assignment_id, frozenset())) for row in rows]
    team = [str(user.pk) for user in checkers]
    villages = {row.area_code for row in rows}
    fair = -(-len(rows) // len(team)) if rows else 0
    given = share_out(wanted, dict.fromkeys(villages, team), most=fair)
    left = [row for row in wanted if not given[row.key]]  # the fair share is no law: rather a longer list than nobody
    given |= share_out(left, dict.fromkeys(villages, team), most=len(rows))
    with connection.cursor() as cursor:
        cursor.execute(HAND_OUT, [list(given), [int(person) if person else None for person in given.values()]])
    trail.write("lookback.draws.hand_out", about=draw, by=by, at=at, people=[user.username for user in checkers])
    return sum(not person for person in given.values())


def _never(rows: Sequence[Drawn]) -> dict[int, frozenset[str]]:
    """assignment → accounts that must not re-check it."""
    found: dict[int, set[str]] = {row.assignment_id: set() for row in rows}
    home = {row.assignment.household_id: row.assignment_id for row in rows if row.assignment.household_id}
    for row in rows:
        found[row.assignment_id] |= {str(row.assignment.user_id)}
        if row.assignment.cadre is not None:
            found[row.assignment_id].add(str(row.assignment.cadre.user_id))
    firsts = Visit.objects.filter(assignment__in=list(found), role=Visit.Role.FIRST)
    for assignment, user in firsts.values_list("assignment_id", "by_id"):
        found[assignment].add(str(user))
    for model in (Pairing.objects.open(), Relative.objects.all()):
        for household, user in model.filter(household__in=list(home)).values_list("household_id", "cadre__user_id"):  # type: ignore[attr-defined]
            found[home[household]].add(str(user))
    return {assignment: frozenset(people) for assignment, people in found.items()}


def verified(draw: Draw) -> tuple[bool, list[str], list[str]]:
    """Whether list and digest agree; numbers told to be drawn that are not; drawn ones that are not told."""
    whole = rules.digest_of(draw.frame) == draw.frame_digest
    right = rules.draw(draw.seed, rules.frame_of(draw.frame), share=draw.share, least=draw.least) if draw.seed else []
    told = list(Drawn.objects.filter(draw=draw).values_list("assignment__number", flat=True))
    return whole, *rules.differs(told, right)
