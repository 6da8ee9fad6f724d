"""The exit plan by year, figures of areas, villages that left (IDX-3, domain 3.3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.areas.models import Area, below
from shuanglian.core import clock
from shuanglian.exits import looking
from shuanglian.exits.models import AreaFigure, PlanTarget, VillageExit
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given
from shuanglian.rules.exit_areas import GIVEN
from shuanglian.rules.exits import READY
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def set_target(
    *, area: Area, year: int, villages: int, people: int, townships: Collection[str] = (), why: str,
    by: User | None, at: datetime,
) -> PlanTarget:  # fmt: skip
    """A new version of what a year is to bring in an area; earlier versions stay readable."""
    why = reason_given(why)
    if min(villages, people) < 0:
        raise Refusal("negative_target", N_("计划数不能是负数"))
    inside = Area.objects.current().filter(below(area.prefix, "code"), level=Area.Level.TOWNSHIP, code__in=townships)
    named = sorted(inside.values_list("code", flat=True))
    if len(named) != len(set(townships)):
        raise Refusal("township_outside", N_("计划里的乡镇不在这个区域内"))
    Area.objects.select_for_update().get(pk=area.pk)
    last = PlanTarget.objects.filter(area=area, year=year).order_by("-version").first()
    if last is not None and (last.villages, last.people, last.townships) == (villages, people, named):
        return last
    made = PlanTarget.objects.create(
        area=area, area_code=area.code, year=year, version=last.version + 1 if last else 1, villages=villages,
        people=people, townships=named, why=why, by=by, at=at,
    )  # fmt: skip
    trail.write("exits.plans.set_target", about=made, by=by, at=at, year=year, villages=villages, people=people,
                why=why)  # fmt: skip
    return made


@transaction.atomic
def give_figure(
    *, area: Area, name: str, value: Decimal, on: date, source: str, by: User | None, at: datetime
) -> AreaFigure:  # fmt: skip
    """A figure of a township or county with where it comes from; the latest up to a day counts."""
    if name not in {one[0] for one in GIVEN}:
        raise Refusal("no_such_figure", N_("没有“{name}”这个指标"), name=name)
    if on > clock.day_of(at):
        raise Refusal("stated_ahead", N_("“自何日起”不能晚于今天"))
    if not source.strip():
        raise Refusal("no_source", N_("请写明数据出处"))
    if name.endswith("_rate") and not 0 <= value <= 100:
        raise Refusal("not_a_share", N_("比率应在 0 至 100 之间"))
    made = AreaFigure.objects.create(
        area=area, area_code=area.code, name=name, value=value, on=on, source=source.strip()[:200], by=by, at=at
    )
    trail.write("exits.figures.give", about=made, by=by, at=at, name=name, value=str(value), source=made.source)
    return made


@transaction.atomic
def village_leaves(*, village: Area, on: date, document: str, by: User | None, at: datetime) -> VillageExit:
    """A village leaves the list of poor villages: only when every condition of its standard holds that day (IDX-3)."""
    if on > clock.day_of(at):
        raise Refusal("left_ahead", N_("退出日期不能晚于今天"))
    if not document.strip():
        raise Refusal("no_document", N_("请写明批复文号"))
    Area.objects.select_for_update().get(pk=village.pk)
    if VillageExit.objects.filter(village=village).exists():
        raise Refusal("left_already", N_("这个村已经退出"))
    looked = looking.village(village, on)
    if looked.state != READY:
        raise Refusal("not_ready", N_("{why}"), why=looking.why(looked.told))
    made = VillageExit.objects.create(
        village=village, area_code=village.code, on=on, document=document.strip()[:100],
        weighed=[one.outcome.to_json() for one in looked.told.weighed], by=by, at=at,
    )  # fmt: skip
    trail.write("exits.villages.leave", about=made, by=by, at=at, on=on.isoformat(), document=made.document)
    return made
