"""One household's file with 500 recorded states: the file on a past day, and the whole story; reads and page.

In a database of its own that holds the histories of other households too, so that an index must find the one.
"""

import argparse
import time
from datetime import UTC, date, datetime, timedelta

import numpy as np

from .pages import own_database, settings_backend

STATES, OTHERS, ROUNDS = 500, 20_000, 60
OPENED = datetime(2014, 1, 10, 2, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--others", type=int, default=OTHERS)
    options = parser.parse_args()
    with own_database():
        text = measure(options.others)
    print(text)


def measure(others: int) -> str:
    from django.db import connection
    from django.test import Client

    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.cli.service import make_ready
    from shuanglian.registry import asof, story

    make_ready(quiet=True)
    county = Area.objects.get(code="621121000000")
    village = Area.objects.current().filter(level=5, code__startswith="621121").order_by("code")[0]
    clerk = User.objects.create(username="office", role="programme_office", area=county)
    crowd(village, others)
    household = lived(village, clerk)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    days = [date(2014, 1, 11) + timedelta(days=step * 11) for step in range(ROUNDS)]
    client = Client()
    client.force_login(clerk, backend=settings_backend())
    address = f"/registry/{household.pk}"
    lines = [
        timed("the file on a past day, read", lambda n: asof.file(household.pk, asof.end_of(days[n]))),
        timed("the whole story, read", lambda n: story.of(household, clerk)),
        timed("page: the file on a past day, with what was entered later",
              lambda n: good(client.get(f"{address}/as-of/?on={days[n]}"))),
        timed("page: the whole story", lambda n: good(client.get(f"{address}/story/"))),
    ]  # fmt: skip
    many = states()
    return "\n".join([
        f"A household of 5 with {STATES} recorded states of file, members and accounts, among {many:,} states of "
        f"{others + 1:,} households. Goal: the read well under 100 ms, in a constant number of statements.",
        "", "| | statements | processor ms | clock p50 ms | p95 ms |", "| --- | --- | --- | --- | --- |", *lines,
        "", f"Plan of the members' states: `{plan(household.pk)}`.",
    ])  # fmt: skip


def crowd(village: object, others: int) -> None:
    """Other households with a member each; the triggers write their history as they do for everybody."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """insert into registry_household
                 (number, head_name, head_pinyin, village_id, area_code, "group", address, kind, standard, main_cause,
                  other_causes, status, size, measures, loan_need, wish, phone, phone_digest, bank, bank_account,
                  bank_digest, need_band, income_per_head, since)
               select %s || to_char(g, 'FM000000'), '张' || g, 'z', %s, %s, '', '', '01', '', '01', '{}', '0', 1, '', '',
                      '', '', '', '', '', '', 0, 2000, date '2014-01-01' from generate_series(1, %s) g""",
            [village.code, village.pk, village.code, others],  # type: ignore[attr-defined]
        )
        cursor.execute(
            """insert into registry_person
                 (household_id, area_code, number, name, pinyin, id_number, id_digest, sex, relation, ethnic, education,
                  schooling, health, labour, work_place, political, disability_card, phone, since)
               select h.id, h.area_code, '', h.head_name, '', '', '', '1', '01', '', '', '', '{}', '', '', '', '', '',
                      date '2014-01-01' from registry_household h"""
        )
        for _again in range(3):
            cursor.execute("update registry_household set measures = measures || '入户核实；'")
            cursor.execute("update registry_person set work_months = coalesce(work_months, 0) + 1")


def lived(village: object, clerk: object) -> object:
    """A household of five that is changed through the register's own verbs until it has STATES states."""
    from shuanglian.core.profile import active
    from shuanglian.registry.actions import households, people, years

    child = active().codes["relation"].find("之子")
    at = OPENED
    made = households.enrol(village=village, head={"name": "李老五"}, values={"phone": "13800000001"},  # type: ignore[arg-type]
                            on=at.date(), by=clerk, at=at)  # type: ignore[arg-type]  # fmt: skip
    for n in range(4):
        people.add(household=made, values={"name": f"李小{'一二三四'[n]}", "relation": child}, on=at.date(),
                   by=clerk, at=at)  # type: ignore[arg-type]  # fmt: skip
    members = list(made.people.order_by("pk"))
    step = 0
    while own_states(made.pk) < STATES:
        at += timedelta(days=1)
        step += 1
        if step % 10 == 0:
            years.record_year(household=made, year=2014, values={"income_wage": 1000 + step}, why="核实",
                              by=clerk, at=at + timedelta(days=365))  # type: ignore[arg-type]  # fmt: skip
        elif step % 2:
            households.change(household=made, values={"phone": f"138{step:08d}"}, why="换号", by=clerk, at=at)  # type: ignore[arg-type]
        else:
            people.change(person=members[step % 5], values={"work_months": step % 12, "phone": f"139{step:08d}"},
                          why="入户", by=clerk, at=at)  # type: ignore[arg-type]  # fmt: skip
    return made


def own_states(key: int) -> int:
    from shuanglian.registry import asof
    from shuanglian.registry.models import Household, HouseholdYear, Person

    return int(
        asof.events_of(Household).filter(pgh_obj_id=key).count()
        + sum(asof.events_of(model).filter(household_id=key).count() for model in (Person, HouseholdYear))
    )


def states() -> int:
    from shuanglian.registry import asof
    from shuanglian.registry.models import Household, HouseholdYear, Person

    return sum(asof.events_of(model).count() for model in (Household, Person, HouseholdYear))


def timed(title: str, work: object) -> str:
    """One line of the table: statements of one call; p50 of our processor time, p50 and p95 of the clock, ROUNDS calls."""
    from django.db import connection

    asked: list[str] = []

    def note(execute: object, sql: str, *rest: object) -> object:
        asked.append(sql)
        return execute(sql, *rest)  # type: ignore[operator]

    with connection.execute_wrapper(note):  # a request empties Django's own list of statements
        work(0)  # type: ignore[operator]
    spent = []
    for n in range(ROUNDS):
        started = time.process_time(), time.perf_counter()
        work(n)  # type: ignore[operator]
        spent.append((time.process_time() - started[0], time.perf_counter() - started[1]))
    processor, clock = (np.array(part) * 1000 for part in zip(*spent, strict=True))
    return (f"| {title} | {len(asked)} | {np.percentile(processor, 50):.1f} | {np.percentile(clock, 50):.1f} | "
            f"{np.percentile(clock, 95):.1f} |")  # fmt: skip


def good(answer: object) -> None:
    if answer.status_code != 200:  # type: ignore[attr-defined]
        raise RuntimeError(f"a page answered {answer.status_code}")  # type: ignore[attr-defined]


def plan(key: int) -> str:
    """How the database finds the members' states of one household."""
    from shuanglian.registry import asof
    from shuanglian.registry.models import Person

    rows = asof.latest(asof.events_of(Person).filter(pgh_obj_id__in=asof.ever_in(key)), asof.end_of(date(2015, 6, 30)))
    told = rows.explain().splitlines()
    scans = [line.strip().removeprefix("-> ").split("  (")[0].strip() for line in told if "Scan" in line]
    return " / ".join(dict.fromkeys(scans))


if __name__ == "__main__":
    main()
