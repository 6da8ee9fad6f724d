"""Money that payrolls prove a household was paid flows into its yearly account, never typed again (FUND-5, PLAN-4).

The account keeps what was declared beside what was paid and counts the larger of the two: a list of payments proves
money, it does not prove that there was no other. Taken back, what was declared stands as it stood.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.registry.models import Household
from shuanglian.sheets import merging
from shuanglian.sheets.merging import rows, run
from shuanglian.trail import trail

from . import bulk_need, counts

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

PAID, TOUCHED, BANDS = "transfers_paid", "transfers_touched", "transfers_bands"
Scope = tuple[str, list[Any]]  # a condition over t.household_id and t.area_code, and its values


@transaction.atomic
def write(
    paid: pl.DataFrame, *, within: Area | Collection[int], why: str, by: User | None, at: datetime
) -> dict[str, int]:
    """Make what is kept as paid equal to `paid` for an area or for some households; accounts and need follow.

    paid: household, year, source (code of the provision), yuan; one row a household, year and source. Counts: accounts
    that changed, households whose income per head changed. The caller says in the row history who did it and why.
    """
    where, values = _scope(within)
    _stage(paid)
    touched = _keep(where, values)
    if not touched:
        return {"accounts": 0, "households": 0}
    accounts = _accounts()
    households = _lift()
    if households:
        _count(within, at)
    code = within.code if isinstance(within, Area) else ""
    alone = Household.objects.filter(pk__in=within).first() if not isinstance(within, Area) else None
    trail.write("households.transfers", about=alone, by=by, at=at, area_code=code, why=why, entries=touched,
                accounts=accounts)  # fmt: skip
    return {"accounts": accounts, "households": households}


def _scope(within: Area | Collection[int]) -> Scope:
    if isinstance(within, Area):
        return "t.area_code >= %s AND t.area_code < %s", [within.prefix, f"{within.prefix}:"]
    return "t.household_id = ANY(%s)", [list(within)]


def _stage(paid: pl.DataFrame) -> None:
    run("DROP TABLE IF EXISTS {p}", p=PAID)
    run("CREATE TEMP TABLE {p} (household_id bigint, year smallint, source text, yuan numeric(12,2)) ON COMMIT DROP",
        p=PAID)  # fmt: skip
    merging.copy(PAID, paid.select(pl.col("household").alias("household_id"), "year", "source", "yuan"))
    run("ANALYZE {p}", p=PAID)


def _keep(where: str, values: list[Any]) -> int:
    """The kept rows made equal to the staged ones; how many household years differ (they are noted in TOUCHED)."""
    key = "(p.household_id, p.year, p.source) = (t.household_id, t.year, t.source)"
    run("DROP TABLE IF EXISTS {c}", c=TOUCHED)
    run(
        f"""CREATE TEMP TABLE {{c}} ON COMMIT DROP AS
            SELECT DISTINCT coalesce(p.household_id, t.household_id) AS household_id, coalesce(p.year, t.year) AS year
            FROM {{p}} p FULL JOIN (SELECT * FROM registry_transfer t WHERE {where}) t ON {key}
            WHERE p.yuan IS DISTINCT FROM t.yuan""",  # noqa: S608 - our own text
        *values, p=PAID, c=TOUCHED,
    )  # fmt: skip
    touched = int(merging.one("SELECT count(*) FROM {c}", c=TOUCHED))
    if touched:
        run(
            f"DELETE FROM registry_transfer t WHERE {where} AND NOT EXISTS (SELECT FROM {{p}} p WHERE {key})",  # noqa: S608
            *values, p=PAID,
        )  # fmt: skip
        run(
            """INSERT INTO registry_transfer AS t (household_id, area_code, year, source, yuan)
               SELECT p.household_id, h.area_code, p.year, p.source, p.yuan
               FROM {p} p JOIN registry_household h ON h.id = p.household_id
               ON CONFLICT ON CONSTRAINT transfer_once DO UPDATE SET yuan = excluded.yuan
               WHERE t.yuan <> excluded.yuan""",
            p=PAID,
        )
    return touched


def _accounts() -> int:
    """The accounts of the touched years, as `derived.account` works them out; how many changed."""
    merging.plan_anew()
    return run(
        """UPDATE registry_householdyear y SET transfer_paid = n.paid, transfer_declared = n.beside,
                  income_transfer = n.counts, net_income = n.net,
                  income_per_head = CASE WHEN n.known THEN round(n.net / nullif(n.size, 0), 2)
                                         ELSE y.income_per_head END
           FROM (SELECT d.id, d.paid, d.size, d.known, CASE WHEN d.paid IS NOT NULL THEN d.declared END AS beside,
                        CASE WHEN d.paid IS NULL THEN d.declared ELSE greatest(d.declared, d.paid) END AS counts,
                        CASE WHEN d.known
                             THEN d.others + coalesce(greatest(d.declared, d.paid), 0) ELSE d.net_income END AS net
                 FROM (SELECT r.id, r.net_income, h.size, s.paid, b.declared,
                              coalesce(r.income_wage, 0) + coalesce(r.income_operating, 0)
                              + coalesce(r.income_property, 0) - coalesce(r.operating_cost, 0) AS others,
                              coalesce(r.income_wage, r.income_operating, r.income_property, b.declared)
                              IS NOT NULL AS known
                       FROM {c} c JOIN registry_householdyear r ON r.household_id = c.household_id AND r.year = c.year
                       JOIN registry_household h ON h.id = c.household_id
                       CROSS JOIN LATERAL (SELECT CASE WHEN r.transfer_paid IS NULL THEN r.income_transfer
                                                       ELSE r.transfer_declared END AS declared) b
                       LEFT JOIN LATERAL (SELECT sum(t.yuan) AS paid FROM registry_transfer t
                                          WHERE t.household_id = c.household_id AND t.year = c.year) s ON true) d) n
           WHERE n.id = y.id""",
        c=TOUCHED,
    )


def _lift() -> int:
    """Income per head and need on the households' own rows, for lists; how many households changed."""
    found = rows(
        """SELECT DISTINCT y.year FROM (
               SELECT DISTINCT ON (r.household_id) r.household_id, r.year, r.income_per_head
               FROM registry_householdyear r WHERE r.household_id IN (SELECT household_id FROM {c})
               ORDER BY r.household_id, r.year DESC) y
           JOIN registry_household h ON h.id = y.household_id
           WHERE h.income_per_head IS DISTINCT FROM y.income_per_head""",
        c=TOUCHED,
    )
    return sum(_lift_year(int(year)) for (year,) in found)


def _lift_year(year: int) -> int:
    """The households whose latest account is of one year."""
    run("DROP TABLE IF EXISTS {b}", b=BANDS)
    run(
        """CREATE TEMP TABLE {b} ON COMMIT DROP AS
           SELECT row_number() OVER (ORDER BY h.id)::integer AS n, h.id AS row_id, y.income_per_head, h.size,
                  h.main_cause, h.kind, h.status, h.other_causes, h.need_band
           FROM (SELECT DISTINCT ON (r.household_id) r.household_id, r.year, r.income_per_head
                 FROM registry_householdyear r WHERE r.household_id IN (SELECT household_id FROM {c})
                 ORDER BY r.household_id, r.year DESC) y
           JOIN registry_household h ON h.id = y.household_id
           WHERE y.year = %s AND h.income_per_head IS DISTINCT FROM y.income_per_head""",
        year, b=BANDS, c=TOUCHED,
    )  # fmt: skip
    bulk_need.fill_bands(BANDS, profile=active(), year=year)
    merging.plan_anew()
    return run(
        """UPDATE registry_household h SET income_per_head = b.income_per_head, need_band = b.need_band
           FROM {b} b WHERE b.row_id = h.id""",
        b=BANDS,
    )


def _count(within: Area | Collection[int], at: datetime) -> None:
    """Figures of the regions: need by band, and what the checks complain about."""
    if isinstance(within, Area):
        counts.rebuild(within, at)
    else:
        codes = Household.objects.filter(pk__in=within).values_list("area_code", flat=True)
        counts.refresh(codes, at=at, households=within)
