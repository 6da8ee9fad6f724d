"""A county's village plans: 342 villages, 20,000 households with plans of four measures, in a database of its own.

`python -m bench.village_plans [--households N]`. Each list of the page of village plans (missing, copied, not agreed,
not adding up) for the county, one township and the province: queries, processor time of this process, the whole time.
Beside it the naive way: each village's plan reckoned by the same sums, one village after the other.
"""

from __future__ import annotations

import argparse
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from .pages import own_database, settings_backend

COUNTY, PROVINCE = "621121000000", "620000000000"
HOUSEHOLDS, AGAIN = 20_000, 7
NOW = datetime(2015, 10, 8, 4, tzinfo=UTC)
LISTS = ("all", "missing", "not_adding", "copied", "not_agreed", "not_approved")

# each village's share of the county's households, their accounts of 2014, their plans and four measures of each
HOMES = """
insert into registry_household
  (number, head_name, head_pinyin, village_id, area_code, "group", address, kind, standard, main_cause, other_causes,
   status, size, measures, loan_need, wish, phone, phone_digest, bank, bank_account, bank_digest, need_band, exit_year, since)
select v.code || to_char(g, 'FM000000'), '户' || g, '', v.id, v.code, '', '', '01', '', '01', '{}', '0', 1 + g %% 6, '',
       '', '', '', '', '', '', '', g %% 5, 2015 + g %% 5, date '2014-01-01'
from generate_series(1, %s) g
join (select id, code, row_number() over (order by code) - 1 as n, count(*) over () as villages from areas_area
      where level = 5 and kind = 'real' and until is null and code like '621121%%') v on v.n = g %% v.villages
"""
ACCOUNTS = """
insert into registry_householdyear
  (household_id, area_code, year, net_income, income_per_head, land_cultivated, house_area, house_grade, road_kind, fuel)
select id, area_code, 2014, size * (1200 + id %% 1500), 1200 + id %% 1500, 6, 18 * size, '', '', '' from registry_household
"""
PLANS = """
insert into plans_householdplan
  (household_id, area_code, version, latest, content_text, digest, text_digest, bands, profile, why, at, year, horizon,
   target, step_target, income, income_year, size, own_money, loan, gain_low, gain_likely, cost, own_cost, short,
   step_short, agreed_on, ended)
select id, area_code, 1, true, '', '', '', '{}', 'tongwei_2015', '', now(), 2015, 2017, 4000, 3000, 2000, 2014, size, 0,
       0, 9000, 12000, 20000, 2000, case when id %% 9 = 0 then 500 else 0 end, 0,
       case when id %% 7 > 0 then date '2015-09-01' end, ''
from registry_household where id %% 11 > 0
"""
MEASURES = """
insert into plans_measure
  (plan_id, area_code, number, code, channel, units, low, likely, cost, funds, starts_on, months, owner, owner_name,
   people, note)
select p.id, p.area_code, m.n, m.code, m.channel, 2, m.likely / 2, m.likely, m.cost,
       json_build_object('own', m.cost / 4, 'special', m.cost * 3 / 4)::jsonb,
       make_date(2015 + (p.id %% 2)::int, 1 + (p.id %% 12)::int, 1), 6, 'village', '', '{}', ''
from plans_householdplan p,
  (values (1, 'ewes', 'operating', 2200, 4000), (2, 'export_worker', 'wage', 11000, 400),
          (3, 'film_corn', 'operating', 900, 300), (4, 'orchard', 'operating', 2400, 1600)) m (n, code, channel, likely, cost)
"""


def fill(households: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        for sentence, given in ((HOMES, [households]), (ACCOUNTS, []), (PLANS, []), (MEASURES, [])):
            cursor.execute(sentence, given)
        cursor.execute("set session_replication_role = origin")
        cursor.execute("vacuum analyze")


def village_plans(at: datetime) -> int:
    """By the verb that the page calls: every village but each twentieth; some submitted, agreed; some copied."""
    from shuanglian.areas.models import Area
    from shuanglian.organisation.models import Unit
    from shuanglian.pairing.models import VillageLink
    from shuanglian.plans.actions import villages as verbs

    county = Area.objects.get(code=COUNTY)
    unit = Unit.objects.create(code="B1", name="某局", kind="", tier="county", strength=3, area=county, area_code=COUNTY,
                               since=date(2015, 1, 1))  # fmt: skip
    places = list(Area.objects.current().within(county).filter(level=Area.Level.VILLAGE, kind="real").order_by("code"))
    VillageLink.objects.bulk_create(
        VillageLink(unit=unit, village=one, area_code=one.code, since=date(2015, 1, 1)) for one in places
    )
    for n, place in enumerate(places):
        if n % 20:
            plan = verbs.write(village=place, draft=_draft(n), by=None, at=at)
            if n % 3:
                _meeting(plan, verbs, at, approved=n % 3 == 1)
    return len(places)


def _meeting(plan: Any, verbs: Any, at: datetime, *, approved: bool) -> None:
    verbs.submit(plan=plan, shown=plan.digest, by=None, at=at)
    meeting = verbs.Meeting((at + timedelta(days=1)).date(), 100, 80, 70)
    verbs.agree(plan=plan, meeting=meeting, shown=plan.digest, by=None, at=at + timedelta(days=2))
    if approved:
        type(plan).objects.filter(pk=plan.pk).update(approved_on=(at + timedelta(days=3)).date())


def _draft(n: int) -> Any:
    from shuanglian.plans.village_drafts import IndicatorDraft, LineDraft, VillageDraft

    words = "".join(chr(0x4E00 + (n * 7919 + k * 104_729) % 20_000) for k in range(160)) if n % 30 else "同一份计划" * 8
    lines = tuple(
        LineDraft(work, f"{work}{n}", date(2016, 3, 1), date(2016, 10 + k % 2, 1), cost=Decimal(20_000 + 1000 * k),
                  fund="special", gain=Decimal(2000) if k < 2 else Decimal(0), channel="operating" if k < 2 else "")
        for k, work in enumerate(("pens", "base", "road", "water", "training", "housing"))
    )  # fmt: skip
    indicators = (
        IndicatorDraft("income", Decimal(6000), Decimal(3000), "村账"),
        IndicatorDraft("housing", Decimal(24)),
    )
    return VillageDraft("horizon", 2015, 2017, ("livestock", "labour", "fruit")[n % 3], Decimal(4000), words[:40], words,
                        lines, indicators, {"special": Decimal(900_000), "unit": Decimal(50_000)})  # fmt: skip


def timed(client: Any, address: str) -> tuple[int, float, float, float, int]:
    """(queries, processor ms, ms and the slowest ms in all, kB) of one page, in the middle of several."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    rounds, queries, size = [], 0, 0
    for _time in range(AGAIN):
        with CaptureQueriesContext(connection) as captured:
            began, ran = time.perf_counter(), time.process_time()
            answer = client.get(address)
            rounds.append((1000 * (time.process_time() - ran), 1000 * (time.perf_counter() - began)))
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        queries, size = len(captured), len(answer.content) // 1000
    whole = [one[1] for one in rounds]
    return queries, statistics.median(one[0] for one in rounds), statistics.median(whole), max(whole), size


def naive(area: Any) -> tuple[int, float, float]:
    """(queries, processor s, s in all) of reckoning each village by itself, as its own page does."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from shuanglian.plans import summing, village_drafts
    from shuanglian.plans.models import VillagePlan
    from shuanglian.rules.village_sums import Homes

    with CaptureQueriesContext(connection) as captured:
        began, ran = time.perf_counter(), time.process_time()
        for plan in VillagePlan.objects.newest().within(area).filter(series=0).select_related("village"):
            homes = summing.homes(plan.village, plan.until).get(plan.area_code, Homes())
            village_drafts.reckoned(plan.content, homes)
        told = time.process_time() - ran, time.perf_counter() - began
    return len(captured), *told


def measure(households: int) -> str:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from shuanglian.areas.models import Area
    from shuanglian.cli.service import make_ready

    make_ready(quiet=True)
    fill(households)
    many = village_plans(NOW)
    township = Area.objects.current().filter(level=4, code__startswith="621121").order_by("code").first()
    assert township is not None
    rows = []
    pages = {f"county, {show}": (COUNTY, f"?show={show}") for show in LISTS} | {
        "county, yearly plans": (COUNTY, "?kind=yearly&year=2016"), "one township": (township.code, ""),
        "province": (PROVINCE, ""),
    }  # fmt: skip
    for title, (code, asked) in pages.items():
        user = get_user_model().objects.filter(username=f"office{code}").first() or get_user_model().objects.create(
            username=f"office{code}", role="programme_office", area=Area.objects.get(code=code))  # fmt: skip
        client = Client()
        client.force_login(user, backend=settings_backend())
        queries, ran, whole, worst, size = timed(client, f"/plans/villages/{asked}")
        rows.append(f"| {title} | {queries} | {ran:.0f} | {whole:.0f} | {worst:.0f} | {size} |")
    asked, ran, whole = naive(Area.objects.get(code=COUNTY))
    return "\n".join([
        f"{many} villages of one county, {households:,} households (ten in eleven with a plan of four measures), a plan "
        f"to the horizon for nineteen villages in twenty. Through the whole request; in the middle of {AGAIN} rounds.",
        "", "| page | queries | processor ms | ms in all | slowest | kB |", "| --- | --- | --- | --- | --- | --- |", *rows,
        "", f"The naive way, each village's plan reckoned by itself: {asked:,} queries, {1000 * ran:,.0f} ms of processor "
        f"time, {1000 * whole:,.0f} ms in all, before any page is drawn.", "",
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    options = parser.parse_args()
    with own_database():
        text = measure(options.households)
    print(text)


if __name__ == "__main__":
    main()
