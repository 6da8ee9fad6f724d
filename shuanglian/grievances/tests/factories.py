"""Demands of a small county (fieldwork's land), raised and moved as people do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from shuanglian.accounts.models import User
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.fieldwork.tests.factories import Land
from shuanglian.grievances.actions import answers, demands
from shuanglian.grievances.models import Answer, Demand, Desk

AT = datetime(2015, 7, 8, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning there
TEXT = "水管坏了半个月，全组没有水吃"


def raised(land: Land, **given: Any) -> Demand:
    """A demand of the first home about water, by the hotline."""
    home = given.pop("household", land.homes[0])
    plain: dict[str, Any] = {
        "key": uuid4(), "door": Demand.Door.HOTLINE, "text": TEXT, "category": "water", "household": home,
        "village": home.village if home else land.first_village, "by": land.office, "at": AT,
    }  # fmt: skip
    return demands.raise_(**{**plain, **given})


def clerk(land: Land, department: str = "water") -> User:
    """Somebody of a county department, with a desk."""
    made: User = UserFactory(username=f"clerk-{department}", role="department", area=land.office.area)
    Desk.objects.create(user=made, department=department, area_code=land.office.area.code, since=AT.date())
    return made


def answered(demand: Demand, by: User, **given: Any) -> Answer:
    plain: dict[str, Any] = {
        "outcome": "solved", "text": "水管昨天修好了，已经通水", "evidence": "更换阀门一个，验收照片", "at": AT,
    }  # fmt: skip
    return answers.answer(demand=demand, by=by, **{**plain, **given})
