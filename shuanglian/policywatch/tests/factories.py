"""Families of a small county that are owed a grant and do not have it; reports on it, as people make them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from shuanglian.accounts.models import User
from shuanglian.benefits.models import Due
from shuanglian.fieldwork.tests.factories import Land
from shuanglian.grievances.tests.factories import clerk as desk_of
from shuanglian.policywatch.actions import reports
from shuanglian.policywatch.models import Report
from shuanglian.registry.models import Household

AT = datetime(2015, 7, 8, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning there
ON = date(2015, 7, 8)
GRANT, OWNER = "senior_grant", "education"
SHOULD, DID = "高中生每年补助 1500 元", "孩子上高二，一分钱没领到"
ANSWER = "已替您申请，下个月发到卡上"


def owed(home: Household, *, state: str = "owed", benefit: str = GRANT, **given: Any) -> Due:
    """What a household is owed by a benefit and how far it has come."""
    plain: dict[str, Any] = {"yuan": Decimal(1500), "entitled": True, "period": 2015, "department": OWNER}
    return Due.objects.create(household=home, area_code=home.area_code, benefit=benefit, state=state, since=ON, on=ON,
                              changed_at=AT, **{**plain, **given})  # fmt: skip


def clerk(land: Land) -> User:
    """Somebody of the county's education bureau, with a desk."""
    return desk_of(land, OWNER)


def report(land: Land, **given: Any) -> Report:
    """The first home's grant did not reach it, told by its cadre."""
    home = given.pop("household", land.homes[0])
    plain: dict[str, Any] = {
        "key": uuid4(), "kind": "not_reached", "benefit": GRANT, "should": SHOULD, "did": DID, "cause": "not_told",
        "household": home, "village": home.village if home else land.first_village, "by": land.cadre, "at": AT,
    }  # fmt: skip
    return reports.raise_(**{**plain, **given})


def proposal(land: Land, **given: Any) -> Report:
    plain: dict[str, Any] = {
        "kind": "unfit", "cause": "", "should": "建议把申请材料由五样减为两样，由学校统一办理",
        "did": "要跑三个部门盖章，山里来回两天", "household": None, "by": land.village,
    }  # fmt: skip
    return report(land, **{**plain, **given})
