"""A look-back of one township in its twelfth day: made-up visits, a few that are hard to believe, a draw, re-checks."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from PIL import ExifTags, Image, ImageDraw

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.lookback.actions import assignments, campaigns, draws, visits
from shuanglian.lookback.models import Assignment, Campaign, Draw, Visit

DAY = 12
SHARE = 0.55  # of the households of the first villages: like any campaign's twelfth day, a little behind
MOST = 120  # visits with their photos, each by its verb
ANSWERS = (
    "house_unsafe",
    "dropped_out",
    "water_safe",
    "knows_helper",
    "measures_discussed",
    "plan_fits",
    "project_works",
)
GOOD = {"house_unsafe": False, "dropped_out": False}


@transaction.atomic
def show(*, township: Area, office: User, visitors: Sequence[User], checkers: Sequence[User], at: datetime) -> Campaign:
    """Everything by the verbs, at moments of the last eleven days; the same every time.

    office orders and confirms; visitors record; checkers (others) re-check. Nothing when there is a campaign already.
    """
    if found := Campaign.objects.filter(area_code__startswith=township.code[:6]).first():
        return found
    chance = random.Random(20150706)  # noqa: S311 - a demo, drawn the same every time
    start = at - timedelta(days=DAY - 1)
    made = campaigns.open(
        area=township, name=f"{start.year}年建档立卡回头看", ordered_by=f"{township.name}党委、政府",
        since=clock.day_of(start), by=office, at=start,
    )  # fmt: skip
    rows = list(Assignment.objects.filter(campaign=made).select_related("household__village").order_by("id"))
    seen = _some(rows, chance)
    _visit_all(seen, visitors, start, chance)
    _claim(made, seen, visitors[0], start)
    made_draw = _draw(made, township, office, start)
    _recheck(made_draw, checkers, at, chance)
    for row in Visit.objects.filter(campaign=made, state=Visit.State.WAITING).exclude(by=office).order_by("id")[:4]:
        visits.confirm(visit=row, by=office, at=at, note="已核实")
    return made


def _some(rows: list[Assignment], chance: random.Random) -> list[Assignment]:
    """Village after village, in each the share, until there are enough."""
    taken: list[Assignment] = []
    for code in sorted({row.area_code for row in rows}):
        there = [row for row in rows if row.area_code == code]
        taken += chance.sample(there, round(len(there) * SHARE))
        if len(taken) >= MOST:
            break
    chance.shuffle(taken)
    return taken[:MOST]


def _visit_all(rows: Sequence[Assignment], visitors: Sequence[User], start: datetime, chance: random.Random) -> None:
    """Each visitor walks from house to house on his day; the last ones are in a hurry."""
    per_day = max(1, len(rows) // (DAY - 1))
    again = _photo(start, 0)
    for place, row in enumerate(rows):
        day, turn = divmod(place, per_day)
        if day >= DAY - 1:
            break
        by = visitors[place % len(visitors)]
        moment = _morning(start, day) + timedelta(minutes=25 * (turn // len(visitors)) + chance.randint(0, 9))
        where, finding, note, fixes = _position(row, chance), "confirmed", "", []
        photo = _photo(moment, place)
        if place % 17 == 5:
            finding, note = "to_remove", "在县城有商品房和轿车"
            finding = finding if row.subject == "registered" else "to_add"
        elif place % 11 == 3 and row.household:
            cause = "02" if row.household.main_cause != "02" else "03"
            finding, fixes = "corrected", [
                {"record": "household", "id": row.household_id, "field": "main_cause", "value": cause}
            ]  # fmt: skip
        if place % 23 == 7:
            photo = again  # one photo for several homes
        elif place % 29 == 11:
            where = (where[0] + 0.2, where[1])
        answers = {**GOOD, **{code: chance.random() > 0.06 for code in ANSWERS if code not in GOOD}}
        visits.record(
            assignment=row, key=UUID(int=chance.getrandbits(128)), role="first", method="visit", finding=finding, met=row.name,
            visited_at=moment, photo=photo, position=where, note=note, answers=answers, corrections=fixes, by=by, at=moment,
        )  # fmt: skip


def _claim(campaign: Campaign, rows: Sequence[Assignment], by: User, start: datetime) -> None:
    for row, name in zip(rows[:2], ("陈漏评", "马未建"), strict=False):
        village = Area.objects.current().get(code=row.area_code)
        assignments.claim(campaign=campaign, village=village, name=name, group="一社", why="群众反映家庭困难", by=by,
                          at=start + timedelta(days=2))  # fmt: skip


def _draw(campaign: Campaign, township: Area, office: User, start: datetime) -> Draw:
    announced = start + timedelta(days=6)
    made = draws.announce(
        campaign=campaign, area=township, level="township", source="中国福利彩票双色球（演示，号码为虚构）",
        source_on=clock.day_of(announced) + timedelta(days=1), by=office, at=announced,
    )  # fmt: skip
    return draws.draw(draw=made, public="04 09 11 17 23 30 06", by=office, at=announced + timedelta(days=1))


def _recheck(draw: Draw, checkers: Sequence[User], at: datetime, chance: random.Random) -> None:
    """Of the drawn ones that were visited a third are checked again, and one in nine found otherwise."""
    draws.hand_out(draw=draw, checkers=checkers, by=draw.announced_by, at=at - timedelta(days=4))
    drawn = draw.drawn.exclude(assignment__visited_on=None).exclude(checker=None).select_related(
        "assignment__household__village", "checker"
    )[:40]  # fmt: skip
    for place, one in enumerate(drawn):
        moment = _morning(at - timedelta(days=3), place % 3) + timedelta(minutes=31 * (place // 3))
        other = place % 9 == 4
        finding = (
            ("to_remove" if one.assignment.subject == "registered" else "to_add") if other else one.assignment.finding
        )
        assert one.checker is not None
        visits.record(
            assignment=one.assignment, key=UUID(int=chance.getrandbits(128)), role="recheck", method="visit",
            finding=finding, met=one.assignment.name, visited_at=moment, photo=_photo(moment, 10_000 + place),
            position=_position(one.assignment, chance), note="" if finding == "confirmed" else "抽查认定", by=one.checker,
            at=moment,
        )  # fmt: skip


def _morning(start: datetime, day: int) -> datetime:
    return timezone.localtime(start + timedelta(days=day)).replace(hour=8, minute=40, second=0, microsecond=0)


def _position(row: Assignment, chance: random.Random) -> tuple[float, float]:
    """Near the home, else near the village, else near the township."""
    home = row.household
    places = [home, home.village, home.village.parent] if home else []
    for place in places:
        if place is not None and place.lon is not None and place.lat is not None:
            return place.lon + chance.uniform(-0.002, 0.002), place.lat + chance.uniform(-0.002, 0.002)
    return 105.25 + chance.uniform(-0.002, 0.002), 35.21 + chance.uniform(-0.002, 0.002)


def _photo(at: datetime, number: int) -> bytes:
    """A drawn house, different for each number, that says when it was taken."""
    image, kept, exif = Image.new("RGB", (320, 240), (206, 222, 235)), io.BytesIO(), Image.Exif()
    pen, shade = ImageDraw.Draw(image), 90 + number % 120
    pen.rectangle((0, 170, 320, 240), fill=(170, 150, 110))
    pen.rectangle((70, 100, 250, 190), fill=(shade, 110, 80 + number // 120 % 100))
    pen.polygon([(55, 100), (160, 40), (265, 100)], fill=(120, 60, 50))
    pen.rectangle((140, 130, 180, 190), fill=(70, 50, 40))
    pen.text((12, 218), f"{number:05d}", fill=(30, 30, 30))  # colours alone are too alike once compressed
    exif[ExifTags.Base.DateTime] = f"{timezone.localtime(at):%Y:%m:%d %H:%M:%S}"
    image.save(kept, "JPEG", exif=exif)
    return kept.getvalue()
