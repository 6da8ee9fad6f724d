"""A township's villages with their forms, households of which visits told the rest, and the county's yearly round."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from shuanglian.accounts.models import User
from shuanglian.adjustment.actions import rounds
from shuanglian.adjustment.models import Round
from shuanglian.areas.models import Area
from shuanglian.registry.actions import households, statements, villages
from shuanglian.registry.models import Household, VillageYear

VISITED, STRUCK, VILLAGES = 24, 3, 3
SAID: dict[str, Any] = {
    "food_secure": True, "clothing_secure": True, "house_rebuilt": False, "measures_done": 2, "relocation": False,
}  # fmt: skip
FORM: dict[str, Any] = {
    "direction": "马铃薯、养殖", "terrain": "黄土丘陵", "road_paved": True, "bus": True, "clinics": 1, "doctors": 1,
    "culture_rooms": 1, "public_toilets": 1, "rubbish_points": 3, "cooperatives": 2, "broadband": True,
    "unpaved_to_hamlets": Decimal("2.4"), "unsafe_house_households": 0, "dibao_people": 96, "disabled_people": 31,
}  # fmt: skip


@transaction.atomic
def show(*, county: Area, township: Area, office: User, year: int, at: datetime) -> Round | None:
    """Everything by the verbs; the round's list is made by its job. Nothing when there is a round already."""
    if Round.objects.filter(area=county, year=year).exists():
        return None
    inside = Area.objects.current().within(township).filter(level=Area.Level.VILLAGE).order_by("code")
    for place, village in enumerate(inside[:VILLAGES]):
        _forms(village, place, year, office, at)
    standing = Household.objects.standing().within(township).order_by("area_code", "id")
    for home in standing[:VISITED]:
        for fact, value in SAID.items():
            statements.state(about=home, fact=fact, value=value, on=date(year, 11, 20), source="visit",
                             note="年末入户核实", by=office, at=at)  # fmt: skip
    for home in list(standing.order_by("-area_code", "-id")[:STRUCK]):
        households.leave(
            household=home, on=max(date(year - 1, 12, 31), home.since), why="上年达标退出", by=office, at=at
        )
        statements.state(about=home, fact="disaster_on", value=date(year, 7, 3), on=date(year, 7, 10),
                         source="department", note="冰雹", by=office, at=at)  # fmt: skip
    return rounds.start(area=county, year=year, on=date(year, 12, 31), by=office, at=at)


def _forms(village: Area, place: int, year: int, office: User, at: datetime) -> None:
    if VillageYear.objects.filter(village=village).exists():
        return
    people = 1180 + 170 * place
    for then, income in ((year - 1, Decimal("3.1")), (year, Decimal("3.6") - place)):
        values = {**FORM, "people": people, "households": people // 4, "collective_income": income,
                  "water_unsafe_households": 0 if then == year and place == 0 else 18,
                  "income_per_head": Decimal(5280 + 240 * place)}  # fmt: skip
        villages.record(village=village, year=then, values=values, by=office, at=at)
