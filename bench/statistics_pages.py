"""The statistics page of a province: every table over a register of its size, as the night left it and without a night.

670,000 households, 2.3 million persons and two years of accounts in a database of their own. Through the whole request;
processor time of this process, with the clock (database included) beside it. Part of `python -m bench.statistics`.
"""

from __future__ import annotations

import resource
import statistics as averages
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .pages import fill_homes, own_database, settings_backend

PROVINCE, CITY, COUNTY = "620000000000", "621100000000", "621121000000"
YEARS = (2014, 2015)
LOOKS = 7
CODES = {"sex": "sex", "ethnicity": "ethnicity", "education": "education", "schooling": "schooling", "health": "health",
         "labour": "labour_skill", "work": "work_place", "politics": "politics", "cause": "cause",
         "kind": "household_class", "grade": "house_grade", "road": "road", "fuel": "fuel"}  # fmt: skip


def drawn(name: str, gaps: float = 0.05) -> str:
    """SQL: a code of a list, empty now and then."""
    told = f"(%({name})s::text[])"
    return f"case when random() < {gaps} then '' else {told}[1 + floor(random() * cardinality({told}))::int] end"


def flag(share: float) -> str:
    return f"random() < {share}"


def yuan(most: int, gaps: float = 0.2) -> str:
    return f"case when random() < {gaps} then null else round((random() * {most})::numeric, 2) end"


PERSONS = f"""
insert into registry_person (household_id, area_code, number, name, pinyin, id_number, id_digest, sex, born_on, relation,
  ethnic, education, schooling, health, labour, work_place, work_months, political, medical_insurance,
  serious_insurance, pension_insurance, dibao, disability_card, phone, since)
select h.id, h.area_code, '', h.head_name, '', '', '', {drawn("sex")}, date '1930-01-01' + (random() * 31000)::int, '01',
  {drawn("ethnicity")}, {drawn("education")}, {drawn("schooling", 0.8)}, array[{drawn("health", 0)}], {drawn("labour")},
  {drawn("work", 0.7)}, floor(random() * 13), {drawn("politics")}, {flag(0.95)}, {flag(0.9)}, {flag(0.5)}, {flag(0.3)},
  '', '', h.since
from registry_household h, generate_series(1, h.size)
"""

ACCOUNTS = f"""
insert into registry_householdyear (household_id, area_code, year, income_wage, income_operating, income_property,
  income_transfer, transfer_declared, transfer_paid, operating_cost, net_income, income_per_head, land_cultivated,
  land_forest, land_returned, land_orchard, land_pasture, land_water, house_area, house_unsafe, house_grade, water_safe,
  water_hard, power, toilet, road_kind, road_km, fuel, cooperative)
select h.id, h.area_code, y, {yuan(20000)}, {yuan(9000)}, {yuan(900)}, {yuan(4000)}, {yuan(3000)}, {yuan(3000)},
  {yuan(3000)}, {yuan(20000)}, {yuan(6000)}, {yuan(20)}, {yuan(9)}, {yuan(9)}, {yuan(4)}, {yuan(4)}, {yuan(1, 0.9)},
  {yuan(150)}, {flag(0.2)}, {drawn("grade")}, {flag(0.8)}, {flag(0.2)}, {flag(0.98)}, {flag(0.4)}, {drawn("road")},
  {yuan(5)}, {drawn("fuel")}, {flag(0.3)}
from registry_household h, unnest(%(years)s::int[]) y
"""

HOMES = f"""update registry_household set kind = {drawn("kind", 0)}, main_cause = {drawn("cause", 0.02)},
  other_causes = array[{drawn("cause", 0)}], relocation = {flag(0.1)}"""


def fill(households: int) -> None:
    """Households in every village, all their members, an account of each year; history is switched off for this only."""
    from django.db import connection

    from shuanglian.core.profile import active

    given: dict[str, Any] = {name: list(active().codes[of].by_code) for name, of in CODES.items()}
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("select setseed(0.2015)")
        fill_homes(cursor, households)
        for statement in (HOMES, PERSONS, ACCOUNTS):
            cursor.execute(statement, {**given, "years": list(YEARS)})
        cursor.execute("set session_replication_role = origin")
        cursor.execute("vacuum analyze")


@dataclass(frozen=True)
class Look:
    """What one page took: statements, processor and clock in seconds, its size in bytes."""

    queries: int
    processor: float
    clock: float
    size: int


def look(ask: Callable[[], Any], times: int) -> Look:
    """The median of some looks at one page, after a first one that is not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    told = []
    for number in range(times + (times > 1)):
        with CaptureQueriesContext(connection) as captured:
            clock, processor = time.perf_counter(), time.process_time()
            answer = ask()
            taken = time.process_time() - processor, time.perf_counter() - clock
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code} after {taken}")
        if number or times == 1:
            told.append(Look(len(captured), *taken, len(answer.content)))
    middle = {name: averages.median(getattr(one, name) for one in told) for name in ("processor", "clock")}
    return Look(max(one.queries for one in told), middle["processor"], middle["clock"], told[-1].size)


def client(code: str, role: str) -> Any:
    """A browser of somebody of a region; `role` says which figures are protected from them."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from shuanglian.areas.models import Area

    found = Client()
    user = get_user_model().objects.create(username=f"{role}{code}", role=role, area=Area.objects.get(code=code))
    found.force_login(user, backend=settings_backend())
    return found


def night() -> tuple[int, list[float], float]:
    """All counties counted as every night does: years kept, processor seconds of each county, clock of all."""
    from shuanglian.areas.models import Area
    from shuanglian.core.clock import now
    from shuanglian.registry.actions import statistics

    took, years, began = [], 0, time.perf_counter()
    for county in Area.objects.current().filter(level=Area.Level.COUNTY).order_by("code"):
        processor = time.process_time()
        years += statistics.keep(county, at=now())
        took.append(time.process_time() - processor)
    return years, took, time.perf_counter() - began


def at_once() -> str:
    """Why the page does not count a province by itself: what that takes."""
    from shuanglian.areas.models import Area
    from shuanglian.core.profile import active
    from shuanglian.registry import statistics

    days = tuple(date(year, 12, 31) for year in YEARS)
    clock, processor = time.perf_counter(), time.process_time()
    statistics.count(Area.objects.get(code=PROVINCE), days, active())
    taken = time.process_time() - processor, time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return (f"Counting both years of the province at one look, which the page does not do, takes {taken[0]:.0f} s of "
            f"processor time ({taken[1]:.0f} by the clock) and {peak:.1f} GiB.")  # fmt: skip


def measure(households: int) -> str:
    """The page of a province, a city and a county before a night and after it, in Markdown."""
    from shuanglian.areas.models import Area
    from shuanglian.cli.service import make_ready
    from shuanglian.registry.models import HouseholdYear, KeptStatistics, Person

    make_ready(quiet=True)
    fill(households)
    office = client(PROVINCE, "programme_office")
    year = YEARS[-1]

    def page(who: Any, code: str, **more: str) -> Callable[[], Any]:
        return lambda: who.get("/registry/statistics/", {"area": code, "year": year, **more})

    waiting = look(page(office, PROVINCE), LOOKS)
    years, took, clock = night()
    pages = {
        "province, no night yet (says so)": waiting,
        "province": look(page(office, PROVINCE), LOOKS),
        "province, another table": look(page(office, PROVINCE, table="land"), LOOKS),
        "province, protected figures": look(page(office, PROVINCE, safe="1"), LOOKS),
        "city": look(page(office, CITY), LOOKS),
        "county (counted at the look)": look(page(office, COUNTY), LOOKS),
        "province, all tables as a workbook": look(
            lambda: office.post("/registry/statistics/export/", {"area": PROVINCE, "year": year}), 3
        ),
    }
    lines = [
        f"**The page**, {households:,} households, {Person.objects.count():,} persons and "
        f"{HouseholdYear.objects.count():,} years of accounts in {Area.objects.filter(level=5).count():,} villages.",
        "", "| page | queries | processor s | clock s, database included | kB |", "| --- | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    lines += [f"| {name} | {one.queries} | {one.processor:.2f} | {one.clock:.2f} | {one.size // 1000} |"
              for name, one in pages.items()]  # fmt: skip
    lines += [
        "", f"The night counts {len(took)} counties, {years} years of them, in {sum(took):.0f} s of processor time "
        f"({clock:.0f} s by the clock; a county {averages.median(took):.2f} s, the largest {max(took):.2f}) and keeps "
        f"{KeptStatistics.objects.count()} rows. {at_once()}",
    ]  # fmt: skip
    return "\n".join(lines)


def page_of(households: int) -> str:
    with own_database():
        return measure(households)
