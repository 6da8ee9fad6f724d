"""A county's round from end to end in a database of its own: registry → facts → columns → reasons → dues kept.

`python -m bench.rules_round [--households N]`. Nothing here touches the database of the product.
"""

import argparse
import os
import time
from datetime import date
from typing import Any

from bench.rules_laps import peak_mib

os.environ["DJANGO_SETTINGS_MODULE"] = "shuanglian.config.settings"
os.environ.setdefault("HTTPS", "0")
HOUSEHOLDS, COUNTY, ON = 20_000, "621121000000", date(2016, 9, 1)
MEMBERS = 4  # head, spouse, child, the head's mother


def fill(cursor: Any, households: int) -> None:
    """Synthetic families over the county's villages by INSERT … SELECT; row history is switched off for this only."""
    cursor.execute("set session_replication_role = replica")
    cursor.execute(
        """
        insert into registry_household
          (number, head_name, head_pinyin, village_id, area_code, "group", address, kind, standard, main_cause, other_causes,
           status, size, measures, loan_need, wish, relocation, phone, phone_digest, bank, bank_account, bank_digest,
           need_band, income_per_head, since)
        select v.code || to_char(g, 'FM000000'), substr('王李张刘陈杨赵黄周吴', 1 + g %% 10, 1) || '福', 'wf', v.id, v.code, '',
               '', (array['01', '01', '01', '02', '04', '06'])[1 + g %% 6], '', to_char(1 + g %% 11, 'FM00'), '{}',
               (array['0', '0', '2', '3'])[1 + g %% 4], %s, '', case when g %% 3 = 0 then '3万元' else '' end, '',
               g %% 17 = 0, '', '', '', '', '', g %% 5, 800 + g %% 4000, date '2014-01-01'
        from generate_series(1, %s) g
        join (select id, code, row_number() over (order by code) - 1 as n, count(*) over () as total
              from areas_area where level = 5 and kind = 'real' and code like %s) v on v.n = (g * 7919::bigint) %% v.total
        """,
        [MEMBERS, households, f"{COUNTY[:6]}%"],
    )
    cursor.execute(
        """
        insert into registry_person (household_id, area_code, number, name, pinyin, id_number, id_digest, sex, born_on,
          relation, ethnic, education, schooling, health, labour, work_place, political, medical_insurance,
          serious_insurance, pension_insurance, dibao, disability_card, phone, since)
        select h.id, h.area_code, '', h.head_name, '', '', '', (array['1', '2', '1', '2'])[m],
               make_date((array[1970, 1972, 1997, 1942])[m] + (h.id %% 12)::int, 1 + (h.id %% 12)::int, 5),
               (array['01', '02', '03', '12'])[m], '', '02',
               case when m = 3 then (array['02', '03', '04', '07', '10', '13', '20', ''])[1 + h.id %% 8] else '' end,
               case when (h.id + m) %% 9 = 0 then array['02'] else array['01'] end,
               case when m < 3 then '01' else '05' end, '', '',
               case when h.id %% 50 > 0 then true end, h.id %% 20 > 0, true, (h.id + m) %% 5 = 0, '', '', date '2014-01-01'
        from registry_household h, generate_series(1, %s) m
        """,
        [MEMBERS],
    )
    cursor.execute(
        """
        insert into registry_householdyear (household_id, area_code, year, income_per_head, house_unsafe, house_grade,
          water_safe, water_hard, road_kind, fuel)
        select id, area_code, 2016, 1500 + id % 4000, id % 6 = 0, case when id % 6 = 0 then 'C' else 'A' end,
               id % 10 > 0, id % 11 = 0, '', '' from registry_household
        """
    )
    cursor.execute(
        """
        insert into registry_statement (record, person_id, area_code, fact, value, "on", source, note, at)
        select 'person', id, area_code, fact, value, date '2016-01-01', 'visit', '', now()
        from registry_person,
             (values ('boards', 'true', 3), ('dibao_class', '2', 2), ('training_wanted', 'true', 4)) told (fact, value, part)
        where registry_person.id % told.part = 0
        """
    )
    cursor.execute("set session_replication_role = origin")
    cursor.execute("vacuum analyze")


def measure(households: int) -> str:
    from django.db import connection

    from shuanglian.areas.models import Area
    from shuanglian.benefits import catalogue, columns
    from shuanglian.benefits.actions import rounds
    from shuanglian.benefits.models import Decision, Due
    from shuanglian.cli.service import make_ready
    from shuanglian.core.clock import now
    from shuanglian.core.profile import active
    from shuanglian.registry import raw
    from shuanglian.rules.facts.build import build

    make_ready(quiet=True)
    with connection.cursor() as cursor:
        fill(cursor, households)
    county = Area.objects.get(code=COUNTY)
    marks = [(time.perf_counter(), time.process_time())]

    def mark() -> None:
        marks.append((time.perf_counter(), time.process_time()))

    read = raw.of_area(county, ON)
    mark()
    families = build(read, ON, active())
    mark()
    keys = columns.granted_or_open(families, catalogue.benefits(COUNTY), ON)
    mark()
    first = rounds.run(made=rounds.start(area=county, on=ON, by=None, at=now()), progress=_silent, at=now())
    mark()
    again = rounds.run(made=rounds.start(area=county, on=ON, by=None, at=now()), progress=_silent, at=now())
    mark()
    assert first["new"] == Due.objects.count() and not again["new"] and not again["changed"]
    told = [
        "read from the register (COPY)",
        "facts built",
        "every provision over everybody as columns",
        "**the whole round**, once more reading, then deciding with reasons and keeping",
        "the same round again, nothing new",
    ]
    lines = [
        f"**A county's round in the database**: {households:,} households, {families.people.height:,} persons; "
        f"{len(keys):,} come into question and are decided with reasons, {first['new']:,} dues, "
        f"{Decision.objects.count():,} decisions kept with reasons; {first['granted']:,} granted, {first['open']:,} to ask.",
        "", "| step | clock s | processor s of ours |", "|---|---|---|",
    ]  # fmt: skip
    for name, before, after in zip(told, marks, marks[1:], strict=False):
        lines.append(f"| {name} | {after[0] - before[0]:.1f} | {after[1] - before[1]:.1f} |")
    return "\n".join([*lines, "", f"Peak {peak_mib()} MiB beside the database."])


def _silent(done: int, total: int, message: object) -> None:
    """Nobody watches."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    options = parser.parse_args()
    from bench.pages import own_database

    with own_database():
        text = measure(options.households)
    print(text)


if __name__ == "__main__":
    main()
