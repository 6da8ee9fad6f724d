"""What departments' lists state of many people at once: facts with their day and source, worked out from the lists.

Like `statements.state`, set by set: what the lists no longer say is withdrawn and stays readable (REG-10).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.registry.models import Statement
from shuanglian.rules.facts.build import write_value
from shuanglian.sheets import merging
from shuanglian.sheets.merging import rows, run
from shuanglian.trail import trail

from .statements import word_of

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

STAGE = "stated_now"
COLUMNS = {"person": pl.Int64, "fact": pl.String, "value": pl.String, "on": pl.Date, "until": pl.Date,
           "batch": pl.Int64}  # fmt: skip


def as_text(fact: str, value: Any) -> str:
    """The value of a person's fact as statements keep it; a Refusal for a fact that may not be stated."""
    return write_value(word_of("person", fact).type, value)


@transaction.atomic
def write(
    stated: pl.DataFrame, *, facts: Collection[str], within: Area | Collection[int], note: str, by: User | None,
    at: datetime,
) -> list[int]:  # fmt: skip
    """Make what lists state of some facts of people equal to `stated` (COLUMNS, values as text); who changed.

    within: people of an area, or of some households. Statements that people made by hand are not touched: of two about
    one thing the later day counts, as everywhere.
    """
    values: list[Any]
    if isinstance(within, Area):
        where, values = "t.area_code >= %s AND t.area_code < %s", [within.prefix, f"{within.prefix}:"]
    else:
        ids = "SELECT id FROM registry_person WHERE household_id = ANY(%s)"
        where, values = f"t.person_id IN ({ids})", [list(within)]
    ours = f"""t.record = 'person' AND t.batch IS NOT NULL AND t.withdrawn_at IS NULL AND t.source = 'department'
               AND t.fact = ANY(%s) AND {where}"""
    values = [list(facts), *values]
    same = 'p.person = t.person_id AND p.fact = t.fact AND p.value = t.value AND p."on" = t."on" AND p.until = t.until'
    run("DROP TABLE IF EXISTS {p}", p=STAGE)
    run('CREATE TEMP TABLE {p} (person bigint, fact text, value text, "on" date, until date, batch integer) '
        "ON COMMIT DROP", p=STAGE)  # fmt: skip
    merging.copy(STAGE, stated.select(*COLUMNS))
    run("ANALYZE {p}", p=STAGE)
    merging.plan_anew()
    gone = rows(
        f"""UPDATE registry_statement t SET withdrawn_by_id = %s, withdrawn_at = %s
            WHERE {ours} AND NOT EXISTS (SELECT FROM {{p}} p WHERE {same}) RETURNING t.person_id""",  # noqa: S608
        by.pk if by else None, at, *values, p=STAGE,
    )  # fmt: skip
    new = rows(
        f"""INSERT INTO registry_statement (record, person_id, area_code, fact, value, "on", until, source, note, batch,
                                            by_id, at)
            SELECT 'person', p.person, r.area_code, p.fact, p.value, p."on", p.until, %s, %s, p.batch, %s, %s
            FROM {{p}} p JOIN registry_person r ON r.id = p.person
            WHERE NOT EXISTS (SELECT FROM registry_statement t WHERE {same} AND {ours})
            RETURNING person_id""",  # noqa: S608
        Statement.Source.DEPARTMENT.value, note[:200], by.pk if by else None, at, *values, p=STAGE,
    )  # fmt: skip
    changed = sorted({person for (person,) in [*gone, *new]})
    if changed:
        code = within.code if isinstance(within, Area) else ""
        trail.write("statements.from_lists", by=by, at=at, area_code=code, why=note, stated=len(new),
                    withdrawn=len(gone))  # fmt: skip
    return changed
