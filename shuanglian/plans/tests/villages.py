"""A village whose two households have plans, drafts of the village's own plan, and the people who handle it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shuanglian.accounts.models import User
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.pairing.models import VillageLink
from shuanglian.plans.actions import villages as verbs
from shuanglian.plans.actions.villages import Meeting
from shuanglian.plans.models import VillagePlan
from shuanglian.plans.village_drafts import IndicatorDraft, LineDraft, VillageDraft

from .factories import AT, Village, agreed, line, written

PATH = "靠山吃山，把养羊做大，年轻人学了手艺再出去，老人把洋芋种好"
PLAN = "三年里每户养够十只羊，建一处圈舍，修通到阳洼的砂路，合作社统一卖羊，收入翻一番，房子和水都安全。"
PENS = LineDraft("pens", "阳洼养殖小区", date(2016, 3, 1), date(2016, 10, 1), "", "县农牧局", Decimal(1), "operating",
                 Decimal(3000), Decimal(50_000), "special")  # fmt: skip
MEETING = Meeting(date(2015, 10, 12), 40, 31, 29, 1)


def draft(*lines: LineDraft, **more: Any) -> VillageDraft:
    given = {
        "kind": "horizon", "year": 2015, "until": 2017, "industry": "livestock", "target": Decimal(4000), "path": PATH,
        "plan": PLAN, "lines": lines or (PENS,), "indicators": (IndicatorDraft("income", Decimal(6000), Decimal(3000), "村账"),),
        "funds": {"unit": Decimal(10_000), "special": Decimal(50_000)},
    }  # fmt: skip
    return VillageDraft(**{**given, **more})


def yearly(*lines: LineDraft, year: int = 2016, **more: Any) -> VillageDraft:
    return draft(*lines, **{"kind": "yearly", "year": year, "until": year, **more})


@dataclass
class Town:
    """Two households with plans that close their gaps and were agreed; who writes, who records, who approves."""

    homes: Village
    village: Any
    committee: User
    township: User
    second: User

    @classmethod
    def made(cls, homes: Village, place: Any) -> "Town":
        VillageLink.objects.create(unit=homes.person.unit, village=place.village, area_code=place.village.code,
                                   since=date(2015, 1, 1))  # fmt: skip
        for one in (homes.one, homes.other):
            agreed(written(one, line("ewes", 5, starts_on=date(2015, 11, 1)), line("export_worker", 1,
                           starts_on=date(2015, 11, 1)), by=homes.cadre), homes.cadre)  # fmt: skip
        return cls(
            homes, place.village,
            UserFactory(username="committee1", full_name="村文书", role="village_committee", area=place.village),
            UserFactory(username="town", full_name="镇双联办", role="programme_office", area=place.township),
            UserFactory(username="town2", full_name="镇双联办二", role="programme_office", area=place.township),
        )  # fmt: skip

    def write(self, told: VillageDraft | None = None, *, base: int = 0, **more: Any) -> VillagePlan:
        given = {"village": self.village, "by": self.committee, "at": AT}
        return verbs.write(draft=told or draft(), base=base, **{**given, **more})

    def to_meeting(self, plan: VillagePlan, meeting: Meeting = MEETING) -> VillagePlan:
        verbs.submit(plan=plan, shown=plan.digest, by=self.committee, at=AT)
        verbs.agree(plan=plan, meeting=meeting, shown=plan.digest, by=self.committee, at=AT + timedelta(days=5))
        plan.refresh_from_db()
        return plan


def changed(told: VillageDraft, **more: Any) -> VillageDraft:
    return replace(told, **more)
