"""Village plans of the township: most add up and were approved, one village has none, one copied, one's sums are wrong.

Made up like everything of the demo (演示), from the household plans that stand there already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.kernel.refusal import Refusal
from shuanglian.plans import summing, village_drafts, village_queries
from shuanglian.plans.actions import villages as verbs
from shuanglian.plans.actions.villages import Meeting
from shuanglian.plans.models import VillagePlan
from shuanglian.plans.village_drafts import IndicatorDraft, KnownVillage, LineDraft, VillageDraft

MOST = 6  # villages of the township with a plan
ROOM = UUID("5f0c3c2e-0d0b-4c6e-9a39-6b1f1d1f2015")
PATHS = (
    "山地种洋芋和柴胡，沟里养羊，年轻人带着手艺出去",
    "把坡地改成梯田种全膜玉米，粮多了养牛，牛粪再还田",
    "靠近公路，种菜卖到县城，合作社统一收购",
    "劳务为主，家里老人种药材，冬闲办培训",
    "川地种药材，建储藏库错季卖，户户入股",
    "梁上栽果，套种豆子，鸡在果园里养",
)
PLANS = (
    "三年里先修路修窖，再建圈舍，合作社给每户赊两只母羊，卖了羊还本；危房今年改完，娃娃都能上学。",
    "第一年推平六百亩坡地，第二年户均种三亩玉米，第三年户均养一头牛，每年冬天请农技员住村教一个月。",
    "修通到地头的砂路，搭拱棚，联系县城三家超市，立下收购价；老弱户入股分红。",
    "按县上的订单组织三批人去新疆摘棉、去兰州学焊工，工资由劳务组织盯着发；留守的种柴胡。",
    "药材地连片种，建一座气调库，春天价高时卖；贷款由互助资金周转，户户有账。",
    "栽四百亩苹果，三年挂果以前靠套种豆子和散养鸡；剪枝、套袋请县林业局带徒弟，卖果由合作社接电商。",
)


@transaction.atomic
def show(*, township: Area, village: User, cadre: User, office: User, at: datetime) -> int:
    """Everything by the verbs; how many plans. Nothing when there are plans already."""
    if VillagePlan.objects.filter(area_code__startswith=township.code[:6]).exists() or not profile.active().villages:
        return 0
    places = _places(township, village, office)
    made: list[VillagePlan] = []
    start = at - timedelta(days=25)
    for number, place in enumerate(places):
        writer = village if village.area == place else cadre
        copied = PATHS[0] if number == 3 else PATHS[number % len(PATHS)]
        plan = PLANS[0] if number == 3 else PLANS[number % len(PLANS)]
        try:
            made.append(_written(place, number, copied, plan, writer, start))
        except Refusal:  # without income accounts there is nothing to reckon with
            continue
        _goes_on(made[-1], number, writer, office, start)
        if number == 2:
            _revised(made[-1], writer, start + timedelta(days=6))
    if made:
        made.append(_year(made[0], village if village.area == made[0].village else cadre, at))
    return len(made)


def _places(township: Area, village: User, office: User) -> list[Area]:
    """The village of the demo's committee first, then those whose household plans all stand and are agreed, then other
    villages that must have a plan; one of these is left without."""
    due = village_queries.should_have(seen_by=office, area=township).order_by("code").values_list("code", flat=True)
    own = village.area.code if village.area else ""
    without = next((code for code in reversed(due) if code != own), "")
    homes = summing.homes(township, 2017)
    whole = {code: one for code, one in homes.items() if one.households == one.agreed and not one.leaving_unplanned}
    first = sorted(whole, key=lambda code: (-whole[code].households, code))
    wanted = [code for code in (own, *first, *due) if code in homes and code != without]
    found = {one.code: one for one in Area.objects.current().filter(code__in=wanted).select_related("parent")}
    return [found[code] for code in dict.fromkeys(wanted)][:MOST]


def _written(place: Area, number: int, path: str, plan: str, by: User, at: datetime) -> VillagePlan:
    """To the horizon: a target that the households carry; one village promises far more than anybody carries."""
    on = clock.day_of(at)
    rules, plans = village_drafts.rules_on(on), profile.active().on(on).plans
    year = village_drafts.year_for(place, on)
    told = village_drafts.known(place, year, on)
    begun = village_drafts.for_horizon(year, plans, rules, told)
    told = village_drafts.known(place, begun.until, on)
    begun = village_drafts.for_horizon(year, plans, rules, told)
    lines = _lines(place, begun, told, number)
    target = begun.target * 2 if number == 2 else begun.target
    draft = VillageDraft(
        begun.kind, begun.year, begun.until, begun.industry, target, path, plan, lines, _promises(told),
        {} if number == 2 else _money(lines, told),
    )  # fmt: skip
    return verbs.write(village=place, draft=draft, by=by, at=at + timedelta(hours=number))


def _lines(place: Area, begun: VillageDraft, told: KnownVillage, number: int) -> tuple[LineDraft, ...]:
    """Works that the household measures need and, but for one village, what brings the rest of the gap."""
    rules, spans = profile.active().villages, (date(begun.year, 4, 1), date(begun.until, 9, 30))
    found = []
    for code, work in rules.works.items():
        need = sum(told.homes.measures[name].households for name in work.serves if name in told.homes.measures)
        if need and need >= work.from_households:
            found.append(LineDraft(code, f"{work.label.zh}（{need} 户用）", *spans, owner_name="演示", fund="sector",
                                   cost=Decimal(40_000 + 900 * need)))  # fmt: skip
    if number == 2:
        late = date(begun.until + 1, 6, 30)
        return (*found, LineDraft("road", "通社砂路", spans[0], late, quantity=Decimal("2.4"), fund="special",
                                  cost=Decimal(260_000)))  # fmt: skip
    found.append(LineDraft("road", "通社砂路", *spans, quantity=Decimal("1.8"), fund="special", cost=Decimal(180_000)))
    carried = sum((one.gain for one in told.homes.measures.values()), Decimal(0))
    rest = max(Decimal(0), (begun.target - (told.homes.income or 0)) * told.homes.people - carried)
    industry = rules.industries[begun.industry].label.zh
    found.append(LineDraft("cooperative", f"{industry}合作社", *spans, quantity=Decimal(1), channel="operating",
                           gain=rest + 12_000, cost=Decimal(90_000), fund="unit", note="在册户入股"))  # fmt: skip
    return tuple(found)


def _money(lines: Sequence[LineDraft], told: KnownVillage) -> dict[str, Decimal]:
    """As much of each source as household plans and lines take."""
    found: dict[str, Decimal] = dict(told.homes.funds)
    for one in lines:
        found[one.fund] = found.get(one.fund, Decimal(0)) + one.cost
    terms = profile.active().villages.terms
    return {code: yuan for code, yuan in found.items() if terms is None or code not in terms.free}


def _promises(told: KnownVillage) -> tuple[IndicatorDraft, ...]:
    """Some of the indicators: a third more than now, up to the target."""
    stated = {"schooling": Decimal("6.8"), "engel": Decimal(47), "rights": Decimal(81), "lifespan": Decimal(72)}
    found = []
    for code, one in profile.active().villages.indicators.items():
        now = told.present(one)
        value = now if now is not None else stated.get(code)
        if value is None:
            continue
        better = max(one.target, value * Decimal("0.85")) if one.better == "less" else min(
            max(one.target, value), value * Decimal("1.3"))  # fmt: skip
        promised = better.quantize(Decimal("0.01"))
        by_hand = now is None
        found.append(IndicatorDraft(code, promised, value if by_hand else None, "演示：村里估计" if by_hand else ""))
    return tuple(found)


def _revised(plan: VillagePlan, by: User, at: datetime) -> VillagePlan:
    """A second version: the road is done in time and costs less; the sums are still wrong."""
    draft = village_drafts.draft_of(plan)
    road = replace(draft.lines[-1], due_on=date(draft.until, 11, 30), cost=Decimal(210_000))
    told = replace(draft, lines=(*draft.lines[:-1], road))
    return verbs.write(
        village=plan.village, draft=told, base=plan.version, why="通社砂路提前完工，核减投入", by=by, at=at
    )


def _goes_on(plan: VillagePlan, number: int, by: User, office: User, start: datetime) -> None:
    """Most are agreed and approved; one waits for the meeting, one for the township."""
    at = start + timedelta(days=2)
    if number == 2:
        return
    verbs.submit(plan=plan, shown=plan.digest, by=by, at=at)
    if number == 3:
        return
    at += timedelta(days=4)
    meeting = Meeting(clock.day_of(at), 60 + number, 47 + number, 44, 1)
    verbs.agree(plan=plan, meeting=meeting, shown=plan.digest, by=by, at=at)
    if number != 5:
        verbs.approve(plan=plan, shown=plan.digest, by=office, at=at + timedelta(days=3))
    row = plan.lines.first()
    if row is not None:
        verbs.log(line=row, on=clock.day_of(at + timedelta(days=8)), share=35, spent=Decimal(20_000), note="已经开工",
                  key=uuid5(ROOM, str(plan.pk)), by=by, at=at + timedelta(days=8))  # fmt: skip


def _year(horizon: VillagePlan, by: User, at: datetime) -> VillagePlan:
    """The first village's yearly plan as the button fills it in, with the money of the longer plan."""
    place, year = horizon.village, horizon.year
    rules, plans = village_drafts.rules_on(clock.day_of(at)), profile.active().on(clock.day_of(at)).plans
    told = village_drafts.known(place, year, clock.day_of(at))
    draft = village_drafts.for_year(year, told, plans, rules, horizon=horizon, last=None,
                                    done=village_queries.done_of(place))  # fmt: skip
    funded = VillageDraft(draft.kind, draft.year, draft.until, draft.industry, draft.target, draft.path, draft.plan,
                          draft.lines, draft.indicators, village_drafts.draft_of(horizon).funds)  # fmt: skip
    return verbs.write(village=place, draft=funded, by=by, at=at)
