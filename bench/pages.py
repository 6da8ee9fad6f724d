"""List and region pages at province size: 670,000 households, some 16,000 villages, 86 counties, in a database of its own.

Reports, per page: queries, p50 and p95 in milliseconds over requests with changing regions and search words, and
whether the main list is read by an index. Nothing here touches the database of the product.
"""

import argparse
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

os.environ["DJANGO_SETTINGS_MODULE"] = "shuanglian.config.settings"
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,127.0.0.1,localhost")
HOUSEHOLDS = 670_000


def fill(cursor, households: int) -> None:
    """Synthetic households spread over all villages, by INSERT … SELECT; row history is switched off for this only."""
    cursor.execute("set session_replication_role = replica")
    fill_homes(cursor, households)
    cursor.execute(
        """
        insert into registry_person (household_id, area_code, number, name, pinyin, id_number, id_digest, sex, relation, ethnic, education,
          schooling, health, labour, work_place, political, disability_card, phone, since)
        select h.id, h.area_code, '', h.head_name, '', '', '', '1', '01', '', '', '', '{}', '', '', '', '', '', date '2014-01-01' from registry_household h
        """
    )
    cursor.execute("set session_replication_role = origin")
    cursor.execute("vacuum analyze")


def fill_homes(cursor, households: int) -> None:
    cursor.execute(
        """
        insert into registry_household
          (number, head_name, head_pinyin, village_id, area_code, "group", address, kind, standard, main_cause, other_causes,
           status, size, measures, loan_need, wish, phone, phone_digest, bank, bank_account, bank_digest, need_band,
           income_per_head, since)
        select v.code || to_char(g, 'FM000000'), substr('王李张刘陈杨赵黄周吴', 1 + g %% 10, 1) || substr('伟芳娜敏静强磊军洋勇', 1 + (g / 10) %% 10, 1),
               substr('wlzlcyzhzw', 1 + g %% 10, 1) || substr('wfnmjqljyy', 1 + (g / 10) %% 10, 1), v.id, v.code, '', '', '01', '', '01', '{}',
               '0', 1 + g %% 6, '', '', '', '', '', '', '', '', g %% 5, 800 + g %% 2000, date '2014-01-01'
        from generate_series(1, %s) g
        join (select id, code, row_number() over (order by code) - 1 as n from areas_area where level = 5 and kind = 'real') v
          on v.n = (g * 7919::bigint) %% (select count(*) from areas_area where level = 5 and kind = 'real')
        """,
        [households],
    )


@contextmanager
def own_database() -> Iterator[None]:
    """Django over a new, empty database on the embedded server, dropped at the end."""
    from shuanglian import devdb
    from shuanglian.cli.main import var_folder

    devdb.ensure(var_folder() / "db")
    import django
    import psycopg
    from django.conf import settings

    base = settings.DATABASES["default"]
    name = f"{base['NAME']}_bench"
    admin = psycopg.connect(
        host=base["HOST"],
        port=base["PORT"] or None,
        user=base["USER"],
        password=base["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    )
    admin.execute(f"drop database if exists {name} with (force)")
    admin.execute(f"create database {name}")
    base["NAME"] = name
    django.setup()
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        admin.execute(f"drop database if exists {name} with (force)")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    options = parser.parse_args()
    with own_database():
        text = measure(options.households)
    print(text)


def measure(households: int) -> str:
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from shuanglian.areas.models import Area
    from shuanglian.cli.service import make_ready
    from shuanglian.core.clock import now
    from shuanglian.pairing.actions import coverage
    from shuanglian.registry.actions import counts
    from shuanglian.registry.models import Household

    make_ready(quiet=True)
    started = time.perf_counter()
    with connection.cursor() as cursor:
        fill(cursor, households)
    filled = time.perf_counter() - started
    started = time.perf_counter()
    counts.rebuild(within=None, at=now())
    rolled = time.perf_counter() - started
    coverage.rebuild(within=None, at=now())
    province = Area.objects.get(code="620000000000")
    county = Area.objects.get(code="621121000000")
    clients = {}
    for area in (province, county):
        user = get_user_model().objects.create(username=f"office{area.code}", role="programme_office", area=area)
        clients[area.code] = Client()
        clients[area.code].force_login(user, backend=settings_backend())
    counties = list(Area.objects.filter(level=3, kind="real").order_by("code").values_list("code", flat=True))
    villages = list(Area.objects.filter(level=5, kind="real").order_by("code").values_list("code", flat=True)[::400])
    some = list(Household.objects.order_by("id").values_list("pk", flat=True)[:: max(1, households // 40)])
    pages = {
        "household list, whole province": (province.code, ["/registry/"] * 30),
        "household list, one county": (province.code, [f"/registry/?area={code}" for code in counties[:30]]),
        "household list by income, province": (province.code, ["/registry/?sort=income"] * 30),
        "search by name in a county": (
            county.code,
            [f"/registry/?q={name}" for name in ["王伟", "李芳", "张娜", "刘敏", "陈静"] * 6],
        ),
        "search by number": (province.code, [f"/registry/?q={code}" for code in villages[:30]]),
        "household page": (province.code, [f"/registry/{pk}/" for pk in some[:30]]),
        "region page, province": (province.code, [f"/areas/{province.code}/"] * 20),
        "region page, county": (province.code, [f"/areas/{code}/" for code in counties[:30]]),
        "region page, village": (province.code, [f"/areas/{code}/" for code in villages[:30]]),
        "ledger page, county": (province.code, [f"/registry/ledger/?area={code}" for code in counties[:30]]),
    }
    lines = [
        f"{households:,} households, {len(counties)} counties, {Area.objects.filter(level=5).count():,} villages; "
        f"filled in {filled:.0f} s, roll-up of all {Area.objects.count():,} regions rebuilt in {rolled:.1f} s. One process, "
        "through the whole request (log-in, scope role, row policies, template).",
        "",
        "| page | queries | p50 ms | p95 ms | kB |",
        "| --- | --- | --- | --- | --- |",
    ]
    for title, (who, urls) in pages.items():
        client = clients[who]
        client.get(urls[0])
        times, queries, size = [], set(), 0
        for url in urls:
            with CaptureQueriesContext(connection) as captured:
                began = time.perf_counter()
                answer = client.get(url)
                times.append(1000 * (time.perf_counter() - began))
            if answer.status_code != 200:
                raise SystemExit(f"{url}: {answer.status_code}")
            queries.add(len(captured))
            size = len(answer.content)
        times.sort()
        span = str(min(queries)) if len(queries) == 1 else f"{min(queries)}–{max(queries)}"
        lines.append(
            f"| {title} | {span} | {statistics.median(times):.1f} | {times[int(len(times) * 0.95)]:.1f} | {size // 1000} |"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "explain (format text) select id, need_band, main_cause, size from registry_household "
            "where area_code >= '621121' and area_code < '621121:' order by area_code, id limit 51"
        )
        plan = " / ".join(row[0].strip() for row in cursor.fetchall()[:2])
    return "\n".join([*lines, "", f"Plan of one county's list: `{plan}`.", ""])


def settings_backend() -> str:
    from django.conf import settings

    return settings.AUTHENTICATION_BACKENDS[-1]


if __name__ == "__main__":
    main()
