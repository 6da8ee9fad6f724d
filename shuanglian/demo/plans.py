"""Household plans of the cadre, his unit and a township: written from the assistant, agreed, approved, under way.

Some are as one meets them: copied from a neighbour's, short of the gap, not agreed to, not approved, sent back.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Case, When
from PIL import Image, ImageDraw

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.benefits import catalogue
from shuanglian.core import clock, profile
from shuanglian.kernel.refusal import Refusal
from shuanglian.plans import assisting, drafts, family
from shuanglian.plans.actions import plans as verbs
from shuanglian.plans.actions import progress
from shuanglian.plans.drafts import Draft
from shuanglian.plans.models import HouseholdPlan
from shuanglian.registry.models import Household
from shuanglian.registry.scope import visible

TOWNSHIP = 60  # households of the township with a plan, each by its verbs
COPIED = "因缺资金、缺技术致贫，通过发展养殖、种植经济作物、劳务输出增加收入，加强技能培训，三年内实现稳定脱贫。"
WHY = {
    "01": "{head}看病花销大，家里的钱都垫在药费上，能下地的人少", "02": "{head}家里有人残疾，离不开照料，出不了远门",
    "03": "{head}家供着学生，学费生活费压手，盼着孩子毕业", "09": "{head}想养羊，圈舍能用，就缺买羊的本钱",
    "07": "{head}肯下苦，但种药材、养羊都没人教，一直没见效益", "08": "{head}家劳力少，地种不过来",
}  # fmt: skip
ALSO = ("，今年雨水少，玉米收得不好", "，儿子在兰州打零工，工钱拿不全", "，老房翻修过，外面还欠着亲戚的钱",
        "，果树刚栽上，还要等两年", "，离公路远，粮食洋芋卖不上价", "，媳妇想在镇上找个活干")  # fmt: skip
PATHS = (
    "先把养殖搞起来，再慢慢扩大",
    "一个人出去挣工资，家里的人务农",
    "地里改种值钱的，养两对母羊",
    "按民政的规矩申请低保，能干的干一点",
)


@transaction.atomic
def show(*, township: Area, first: Area | None, cadre: User, unit: User, at: datetime) -> int:
    """Everything by the verbs, the same every time; how many plans. Nothing when there are plans already.

    Besides the cadre's own, households of the township: those of the village `first` come first.
    """
    if HouseholdPlan.objects.filter(area_code__startswith=township.code[:6]).exists() or not profile.active().plans:
        return 0
    chance = random.Random(20151008)  # noqa: S311 - a demo, drawn the same every time
    start = at - timedelta(days=40)
    own = list(visible(seen_by=cadre).standing().select_related("village").order_by("id"))
    turn = Case(When(village=first, then=0), default=1)
    homes = own + list(
        Household.objects.standing().within(township).exclude(pk__in=[one.pk for one in own])
        .select_related("village").order_by(turn, "area_code", "id")[:TOWNSHIP]
    )  # fmt: skip
    known = family.of(homes, clock.day_of(start))
    made = [plan for place, home in enumerate(homes) if (plan := _written(known[home.pk], place, cadre, start, chance))]
    for place, plan in enumerate(made):
        _goes_on(plan, place, cadre, unit, start, chance)
    _revised(made[:2], cadre, at)
    return len(made)


def _written(told: family.Known, place: int, by: User, at: datetime, chance: random.Random) -> HouseholdPlan | None:
    """The assistant's proposal in the helper's words; one in nine copied, one in seven with less than is needed."""
    on, year = clock.day_of(at), drafts.year_for(told)
    plans = drafts.plans_on(on)
    target = plans.horizon_from(year)
    assert target is not None
    try:
        terms = drafts.terms_of(told, Draft(year, target.year))
    except Refusal:  # without an account there is nothing to reckon with
        return None
    found = assisting.suggest(plans, told.family, catalogue.benefits(told.household.area_code), terms,
                              starts=on.replace(year=year, month=1, day=1))  # fmt: skip
    lines = found.draft_lines()
    if place % 7 == 3 and lines:
        lines = (replace(lines[0], units=1, people=lines[0].people[:1]),)
    if not lines:
        return None
    words = COPIED if place % 9 == 5 else _words(told, chance)
    draft = Draft(year, target.year, words, chance.choice(PATHS), lines, found.case.means.own, found.loan or None)
    return verbs.write(household=told.household, draft=draft, by=by, at=at + timedelta(minutes=7 * place))


def _words(told: family.Known, chance: random.Random) -> str:
    cause = WHY.get(told.household.main_cause, "{head}家收入少，门路窄")
    some = "".join(chance.sample(ALSO, 2))
    return f"{cause.format(head=told.household.head_name)}{some}。全家 {told.size} 口人。"


def _goes_on(
    plan: HouseholdPlan, place: int, cadre: User, unit: User, start: datetime, chance: random.Random
) -> None:  # fmt: skip
    """Four in five are agreed to, most of those approved; progress where it is."""
    if place % 5 == 4:
        return
    at = start + timedelta(days=3 + place % 9)
    verbs.agree(plan=plan, how="signature", image=_signature(chance), by=cadre, at=at,
                key=UUID(int=chance.getrandbits(128)))  # fmt: skip
    if place % 11 == 6:
        verbs.send_back(plan=plan, shown=plan.digest, why="措施与致贫原因对不上，请再和农户商量", by=unit, at=at)
    elif place % 4 != 3:
        verbs.approve(plan=plan, shown=plan.digest, by=unit, at=at + timedelta(days=2))
    for number, line in enumerate(plan.measures.all()):
        if (place + number) % 3 != 2:
            done = Decimal(max(1, line.units - (place + number) % 2)) if line.units > 1 else Decimal(1)
            progress.log(plan_measure=line, on=clock.day_of(at + timedelta(days=12)), quantity=done, note="入户看过",
                         key=UUID(int=chance.getrandbits(128)), by=cadre, at=at + timedelta(days=12))  # fmt: skip


def _revised(made: Sequence[HouseholdPlan], cadre: User, at: datetime) -> None:
    """A second version: one unit more of the first measure, as the family asked."""
    for plan in made:
        lines = tuple(
            drafts.DraftLine(one.code, one.units, one.starts_on, one.owner, people=tuple(one.people),
                             note="农户提出" if place == 0 else "") for place, one in enumerate(plan.measures.all())
        )  # fmt: skip
        content = plan.content
        draft = Draft(plan.year, plan.horizon, content["analysis"], content["path"] + "；秋后再看", lines,
                      plan.own_money or None, plan.loan or None)  # fmt: skip
        verbs.write(household=plan.household, draft=draft, base=plan.version, why="和农户商量后调整", by=cadre, at=at)


def _signature(chance: random.Random) -> bytes:
    """Strokes that nobody will take for a name."""
    paper, kept = Image.new("RGB", (600, 220), "white"), io.BytesIO()
    pen, x = ImageDraw.Draw(paper), 40
    for _stroke in range(4):
        points = [(x + chance.randint(0, 120), chance.randint(30, 190)) for _point in range(5)]
        pen.line(points, fill=(16, 21, 28), width=6)
        x += 120
    paper.save(kept, "PNG")
    return kept.getvalue()
