"""A cadre, his unit, two households with members and accounts; drafts and signatures for them."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from PIL import Image, ImageDraw

from shuanglian.accounts.models import User
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.organisation.models import Cadre, UnitAccount
from shuanglian.organisation.tests.factories import CadreFactory, UnitFactory
from shuanglian.pairing.models import Pairing
from shuanglian.plans.actions import plans as verbs
from shuanglian.plans.drafts import Draft, DraftLine
from shuanglian.plans.models import HouseholdPlan
from shuanglian.registry.models import Household, Person
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, PersonFactory

AT = datetime(2015, 10, 8, 9, tzinfo=UTC)
STARTS = date(2016, 1, 1)
OWN_WORDS = "户主腰伤不能干重活，妻子种地，两个娃娃读书花钱多，缺的是一笔买羊的本钱和一个在外挣工资的人。"


def home(*, village: Any = None, income: str = "2000", land: str = "9", workers: int = 2, children: int = 2,
         **more: Any) -> Household:  # fmt: skip
    """A family: so many who can work (aged 30), so many children at school; the account of 2014."""
    where = {"village": village} if village is not None else {}
    made = HouseholdFactory(size=workers + children, main_cause="09", other_causes=["03"], loan_need="2万元", wish="养羊",
                            **where, **more)  # fmt: skip
    for place in range(workers):
        PersonFactory(household=made, name=made.head_name if place == 0 else f"劳力{made.pk}{place}",
                      born_on=date(1985, 1, 1), labour="01", health=["01"], dibao=False)  # fmt: skip
    for place in range(children):
        PersonFactory(household=made, name=f"娃娃{made.pk}{place}", born_on=date(2005, 1, 1), labour="05",
                      schooling="03", health=["01"], dibao=False)  # fmt: skip
    per_head, size = Decimal(income), workers + children
    HouseholdYearFactory(
        household=made, year=2014, income_per_head=per_head, net_income=per_head * size, land_cultivated=Decimal(land),
        toilet=False,
    )  # fmt: skip
    return made


@dataclass
class Village:
    cadre: User
    unit: User
    person: Cadre
    one: Household
    other: Household

    @classmethod
    def made(cls) -> "Village":
        place = gansu()
        unit = UnitFactory(area=place.county)
        user = UserFactory(username="helper", full_name="李联户", role="cadre", area=place.county)
        person = CadreFactory(unit=unit, user=user, name="李联户")
        head = UserFactory(username="unit_head", full_name="赵单位", role="unit", area=place.county)
        UnitAccount.objects.create(unit=unit, user=head)
        homes = [home(village=place.village), home(village=place.village)]
        for one in homes:
            Pairing.objects.create(household=one, cadre=person, area_code=one.area_code, since=date(2015, 1, 1))
        return cls(user, head, person, *homes)


def line(code: str = "ewes", units: int = 3, **more: Any) -> DraftLine:
    return DraftLine(code, units, more.pop("starts_on", STARTS), **more)


def draft(*lines: DraftLine, **more: Any) -> Draft:
    given = {"year": 2015, "horizon": 2017, "analysis": OWN_WORDS, "lines": lines or (line(),)}
    return Draft(**{**given, **more})


def written(household: Household, *lines: DraftLine, by: User | None = None, base: int = 0, at: datetime = AT,
            **more: Any) -> HouseholdPlan:  # fmt: skip
    return verbs.write(household=household, draft=draft(*lines, **more), base=base, by=by, at=at)


def signature(*, empty: bool = False, clear: bool = False) -> bytes:
    """A name drawn on white (or on nothing, as some phones send it)."""
    paper = Image.new("RGBA", (900, 320), (0, 0, 0, 0) if clear else "white")
    if not empty:
        ImageDraw.Draw(paper).line([(80, 200), (300, 90), (420, 230), (700, 120)], fill="black", width=8)
    kept = io.BytesIO()
    paper.save(kept, "PNG")
    return kept.getvalue()


def agreed(plan: HouseholdPlan, by: User | None = None, at: datetime = AT) -> HouseholdPlan:
    verbs.agree(plan=plan, how="signature", image=signature(), by=by, at=at, key=uuid4())
    plan.refresh_from_db()
    return plan


def members(household: Household) -> list[int]:
    return list(Person.objects.filter(household=household).order_by("pk").values_list("pk", flat=True))
