"""Work that takes longer than a page: a round over an area, cards, what-ifs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.jobs.work import Progress, work
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry.queries import Wanted, households

from . import printing
from .actions import cards, rounds, scenarios
from .models import Round, Scenario

if TYPE_CHECKING:
    from shuanglian.jobs.models import Job


@work("benefits.round")
def ask_everyone(job: Job, progress: Progress) -> dict[str, Any]:
    """One round; done again from the start when its worker was killed, since it commits as a whole."""
    made = Round.objects.select_related("area", "by").get(pk=job.params["round"])
    if made.state == Round.State.DONE:
        return dict(made.figures["total"])
    return rounds.run(made=made, progress=progress, at=clock.now())


MOST_CARDS = 3000  # in one document; a larger area is printed township by township


@work("benefits.cards", permission="benefits.cards")
def print_cards(job: Job, progress: Progress) -> dict[str, Any]:
    """All families' cards of an area in one PDF, in the order of villages: a sheet a family (FUND-6)."""
    told, by, at = job.params, job.by, clock.now()
    area = Area.objects.current().filter(code=told["area"]).first()
    if by is None or area is None or by.area is None or not area.code.startswith(by.area.prefix):
        raise Refusal("no_such_area", N_("找不到要打印的区域，或它不在您的管辖范围"))
    if not may(by, "benefits.cards"):
        raise Refusal("may_not_print", N_("您的角色不能印制明白卡"))
    with translation.override(told["language"]):
        found = list(households(seen_by=by, wanted=Wanted(area=area)).order_by("area_code", "id")[: MOST_CARDS + 1])
        if not found:
            raise Refusal("nobody", N_("这个区域没有在册的贫困户"))
        if len(found) > MOST_CARDS:
            raise Refusal("too_many_cards", N_("一次最多打印 {most} 户，请分乡镇或分村打印"), most=MOST_CARDS)
        cards.issue(households=found, by=by, at=at)
        progress(0, len(found), N_("正在排版明白卡"))
        progress.keep(printing.pdf(found, on=clock.today(), address=told["address"]), f"明白卡-{area.name}.pdf")
        cards.note_printed(households=found, area_code=area.code, by=by, at=at)
    return {"cards": len(found)}


@work(scenarios.WORK)
def what_if(job: Job, progress: Progress) -> dict[str, Any]:
    """One scenario; the same again when it was interrupted."""
    scenario = Scenario.objects.select_related("area", "by").filter(pk=job.params["scenario"]).first()
    if scenario is None:
        raise Refusal("scenario_gone", N_("这份测算已经删除"))
    return scenarios.run(scenario=scenario, progress=progress, at=clock.now())
