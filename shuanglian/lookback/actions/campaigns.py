"""What is done to campaigns: ordered, filled with everybody who must be visited, ended (REG-6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from shuanglian.areas.models import Area
from shuanglian.benefits.models import Payment
from shuanglian.core import clock, profile
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.lookback.models import Assignment, Campaign
from shuanglian.rules.lookback_shapes import Campaign as Kind
from shuanglian.trail import trail

from . import assignments

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

FILL = """
    insert into lookback_assignment (campaign_id, area_code, subject, number, household_id, name, "group", why, finding,
                                     doubtful, rechecked, ended_why)
    select %(campaign)s, area_code, case when left_on is null then 'registered' else 'left' end, number, id, head_name,
           "group", '', '', false, '', ''
    from registry_household
    where area_code >= %(low)s and area_code < %(high)s and removed_on is null
      and (left_on is null or left_on >= %(left_since)s)
    on conflict do nothing
"""


@transaction.atomic
def open(
    *, area: Area, name: str, ordered_by: str, since: date, by: User, at: datetime, until: date | None = None,
    kind: str = "lookback",
) -> Campaign:  # fmt: skip
    """Order a campaign: its length is the profile's unless told, its lists hold everybody, visitors are proposed."""
    told = kind_of(kind)
    last = until or since + timedelta(days=told.days - 1)
    if last < since:
        raise Refusal("ends_before", N_("结束日期不能早于开始日期"))
    if area.level > Area.Level.TOWNSHIP:
        raise Refusal("area_too_small", N_("回头看由乡镇及以上部署"))
    low = area.prefix
    inside = Campaign.objects.filter(state=Campaign.State.RUNNING, area_code__gte=low, area_code__lt=f"{low}:")
    if (other := inside.first() or _above(area)) is not None:
        raise Refusal("already_running", N_("“{name}”还在进行，请先结束"), name=other.name)
    made = Campaign.objects.create(
        code=_code(area, since), kind=kind, name=name.strip()[:80], area=area, area_code=area.code, since=since,
        until=last, ordered_by=ordered_by.strip()[:80], profile=profile.active().name, by=by, at=at,
    )  # fmt: skip
    filled = fill(campaign=made, at=at)
    lists = assignments.propose(campaign=made, by=by, at=at)
    trail.write("lookback.campaigns.open", about=made, by=by, at=at, since=since.isoformat(), until=last.isoformat(),
                households=filled, without_visitor=lists.without)  # fmt: skip
    return made


def kind_of(kind: str) -> Kind:
    found = profile.active().lookback.kinds.get(kind)
    if found is None:
        raise Refusal("unknown_kind", N_("方案里没有这类回头看：{kind}"), kind=kind)
    return found


def fill(*, campaign: Campaign, at: datetime) -> int:
    """Everybody on the register, those that left within the years, and people on payrolls whom the register lacks.

    What is there already stays; the number of new ones comes back. Safe to call again: who enters meanwhile is added.
    """
    told = kind_of(campaign.kind)
    left_since = None if told.left_years is None else date(campaign.since.year - told.left_years, 1, 1)
    bounds: dict[str, Any] = {"campaign": campaign.pk, "low": campaign.area.prefix, "high": f"{campaign.area.prefix}:",
              "left_since": left_since}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FILL, bounds)
        added = cursor.rowcount
    return added + (_claimants(campaign) if told.claimants else 0)


def _claimants(campaign: Campaign) -> int:
    """People whom a department pays in the village and whom the register does not know (domain 3.1, missed)."""
    paid = Payment.objects.within(campaign.area).filter(match=Payment.Match.NONE).exclude(area_code__endswith="000")
    known = set(Assignment.objects.filter(campaign=campaign, household=None).values_list("area_code", "name"))
    rows = paid.order_by("area_code", "name", "id").values_list("area_code", "name", "benefit", "year")
    fresh: dict[tuple[str, str], str] = {}
    for code, name, benefit, year in rows:
        if (code, name) not in known:
            fresh.setdefault((code, name), f"{_title(benefit)} {year}")
    first = assignments.next_number(campaign)
    Assignment.objects.bulk_create(
        [
            Assignment(campaign=campaign, area_code=code, subject=Assignment.Subject.CLAIMANT, name=name[:40],
                       number=assignments.claimant_number(first + place), why=why[:120])
            for place, ((code, name), why) in enumerate(fresh.items())
        ],
        batch_size=1000,
    )  # fmt: skip
    return len(fresh)


def _title(benefit: str) -> str:
    found = profile.active().benefits.get(benefit)
    return found.title.zh if found else benefit


@transaction.atomic
def refresh(*, campaign: Campaign, by: User, at: datetime) -> int:
    """Take in whoever came onto the register since, and propose visitors for all that have none."""
    running(campaign)
    added = fill(campaign=campaign, at=at)
    lists = assignments.propose(campaign=campaign, by=by, at=at)
    trail.write("lookback.campaigns.refresh", about=campaign, by=by, at=at, added=added, without=lists.without)
    return added


@transaction.atomic
def close(*, campaign: Campaign, by: User, at: datetime) -> Campaign:
    """End a campaign, not before its last day: nothing more is recorded, what waits for confirmation still can be."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    running(campaign)
    if clock.day_of(at) < campaign.until:
        raise Refusal("not_over_yet", N_("最后一天是 {until}，还没有到"), until=campaign.until)
    campaign.state, campaign.closed_at = Campaign.State.CLOSED, at
    campaign.save(update_fields=["state", "closed_at"])
    trail.write("lookback.campaigns.close", about=campaign, by=by, at=at)
    return campaign


def running(campaign: Campaign) -> None:
    if campaign.state != Campaign.State.RUNNING:
        raise Refusal("campaign_closed", N_("这次回头看已经结束"))


def _above(area: Area) -> Campaign | None:
    codes = [area.prefix[:length].ljust(12, "0") for length in (2, 4, 6, 9) if length < len(area.prefix)]
    return Campaign.objects.filter(state=Campaign.State.RUNNING, area_code__in=codes).first()


def _code(area: Area, since: date) -> str:
    """LB621121-20150710; a second one of the same day gets a letter more."""
    plain = f"LB{area.prefix}-{since:%Y%m%d}"
    taken = set(Campaign.objects.filter(code__startswith=plain).values_list("code", flat=True))
    return next(code for code in (plain, *(f"{plain}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)
