"""What follows from payments, worked out anew whenever they come, go or turn out to be somebody else's (FUND-5, BEN-8).

Dues are received, facts that lists state become statements, money flows into the year's account, and who is paid
without anybody having asked the rules is decided. Everything is a function of the payments that stand and of who they
are: after an undo, and after a correction, the same work takes back what it had done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from shuanglian.areas.models import Area
from shuanglian.benefits import catalogue
from shuanglian.benefits.models import Due
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.registry.actions import stated, transfers
from shuanglian.rules.benefits import Benefit
from shuanglian.sheets import merging
from shuanglian.sheets.merging import rows, run

from . import deciding
from .dues import MAY

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

KINDS = "payment_kinds"
S = Due.State
Within = Area | Collection[int]  # an area, or the numbers of some households
COSTS = {"hospital_cost": "hospital_cost", "reimbursed": "hospital_reimbursed"}  # of a line → fact of the person


def follow(within: Within, *, why: str, by: User | None, at: datetime) -> dict[str, int]:
    """Bring everything that hangs on payments in line with those that stand; how much of each changed.

    Works as the owner of the tables, also from a page: whoever calls has been let at the households.
    """
    with unscoped():
        return _follow(within, why, by, at)


def _follow(within: Within, why: str, by: User | None, at: datetime) -> dict[str, int]:
    benefits = catalogue.benefits(within.code if isinstance(within, Area) else _place_of(within))
    _kinds(benefits)
    where, values = _scope(within)
    made = _make_dues(where, values, at)
    _attach(where, values)
    settled = _settle(where, values, by, at)
    changed = _state_facts(where, values, within, why, by, at)
    money = transfers.write(_paid(where, values), within=within, why=why, by=by, at=at)
    decided = deciding.decide(within, changed, benefits, by=by, at=at)
    return {"dues": made, "settled": settled, "facts": len(changed), "decided": decided, **money}


def _scope(within: Within) -> tuple[str, list[Any]]:
    """A condition over an alias `t` with household_id and area_code."""
    if isinstance(within, Area):
        return "t.area_code >= %s AND t.area_code < %s", [within.prefix, f"{within.prefix}:"]
    return "t.household_id = ANY(%s)", [list(within)]


def _place_of(households: Collection[int]) -> str:
    found = rows("SELECT area_code FROM registry_household WHERE id = ANY(%s) ORDER BY id LIMIT 1", list(households))
    return str(found[0][0]) if found else ""


def _kinds(benefits: Mapping[str, Benefit]) -> None:
    """What the statements below must know of each provision: who receives, what a period is, whether it is income."""
    run("DROP TABLE IF EXISTS {k}", k=KINDS)
    run(
        "CREATE TEMP TABLE {k} (code text, household boolean, every text, department text, income boolean) "
        "ON COMMIT DROP",
        k=KINDS,
    )
    told = [(code, one.subject == "household", one.every, one.department, one.channel == "transfer")
            for code, one in benefits.items()]  # fmt: skip
    merging.copy(KINDS, pl.DataFrame(told, schema=["code", "household", "every", "department", "income"], orient="row"))


# --- dues ------------------------------------------------------------------------------------------------------------
# The period that a payment is for, as catalogue.period_of says it; a list without a day is for its year.
_PERIOD = f"""CASE WHEN k.every = 'once' THEN 0
                   WHEN k.every = 'school_year' AND t.paid_on IS NOT NULL
                   THEN extract(year FROM t.paid_on)
                        - (extract(month FROM t.paid_on) < {catalogue.SCHOOL_YEAR_BEGINS})::int
                   ELSE t.year END"""
_WHO = "CASE WHEN coalesce(k.household, false) THEN NULL ELSE t.person_id END"


def _make_dues(where: str, values: list[Any], at: datetime) -> int:
    """A due for every matched payment that answers none yet: nobody had found it, it may turn out not to be owed."""
    on = clock.day_of(at)
    return run(
        f"""INSERT INTO benefits_due (household_id, person_id, area_code, benefit, department, period, state, yuan,
                                      received, asks, entitled, reason, since, "on", changed_at)
            SELECT DISTINCT t.household_id, {_WHO}, h.area_code, t.benefit, coalesce(k.department, ''), {_PERIOD},
                   '{S.UNDECIDED.value}', NULL::numeric, 0, '{{{{}}}}'::varchar[], NULL::boolean, '', %s::date,
                   %s::date, %s::timestamptz
            FROM benefits_payment t JOIN registry_household h ON h.id = t.household_id
            LEFT JOIN {{k}} k ON k.code = t.benefit
            WHERE t.household_id IS NOT NULL AND t.due_id IS NULL AND NOT (t.benefit = ANY(%s)) AND {where}
            ON CONFLICT ON CONSTRAINT due_once DO NOTHING""",  # noqa: S608 - our own text
        on, on, at, list(catalogue.registers()), *values, k=KINDS,
    )  # fmt: skip


def _attach(where: str, values: list[Any]) -> None:
    """Every payment to the due it answers; one that is nobody's to none."""
    merging.plan_anew()
    run(
        f"""UPDATE benefits_payment p SET due_id = w.due_id FROM (
                SELECT t.id, d.id AS due_id FROM benefits_payment t
                LEFT JOIN {{k}} k ON k.code = t.benefit
                LEFT JOIN benefits_due d ON d.household_id = t.household_id AND d.benefit = t.benefit
                     AND d.person_id IS NOT DISTINCT FROM {_WHO} AND d.period = {_PERIOD}
                WHERE {where}) w
            WHERE w.id = p.id AND w.due_id IS DISTINCT FROM p.due_id""",  # noqa: S608 - our own text
        *values,
        k=KINDS,
    )


def _settle(where: str, values: list[Any], by: User | None, at: datetime) -> int:
    """Dues received as much as was paid, each change with its step; `dues.settle` for many at once."""
    steps = " ".join(f"WHEN '{verb}' THEN '{state.value}'" for verb, (_from, state) in MAY.items())
    run("DROP TABLE IF EXISTS {d}", d="dues_settled")
    run(
        f"""CREATE TEMP TABLE {{d}} ON COMMIT DROP AS
            SELECT t.id, t.state AS before, s.came,
                   CASE WHEN s.came IS NOT NULL THEN '{S.RECEIVED.value}'
                        ELSE coalesce((SELECT CASE e.verb {steps} END FROM benefits_step e
                                       WHERE e.due_id = t.id AND e.verb = ANY(%s) ORDER BY e.id DESC LIMIT 1),
                                      CASE WHEN t.entitled THEN '{S.OWED.value}' WHEN NOT t.entitled
                                           THEN '{S.ENDED.value}' ELSE '{S.UNDECIDED.value}' END) END AS state
            FROM benefits_due t
            LEFT JOIN (SELECT due_id, sum(yuan) AS came FROM benefits_payment WHERE due_id IS NOT NULL GROUP BY 1) s
                 ON s.due_id = t.id
            WHERE {where} AND (s.came IS DISTINCT FROM t.received)
              AND NOT (s.came IS NULL AND t.received = 0 AND t.state <> '{S.RECEIVED.value}')""",  # noqa: S608
        list(MAY), *values, d="dues_settled",
    )  # fmt: skip
    merging.plan_anew()
    changed = run(
        """UPDATE benefits_due t SET received = coalesce(d.came, 0), state = d.state, changed_at = %s
           FROM {d} d WHERE d.id = t.id""",
        at, d="dues_settled",
    )  # fmt: skip
    run(
        """INSERT INTO benefits_step (due_id, area_code, verb, "on", yuan, note, papers, by_id, at)
           SELECT d.id, t.area_code, CASE WHEN d.came IS NULL THEN 'taken_back' ELSE 'received' END, %s, d.came, '',
                  '[]'::jsonb, %s, %s
           FROM {d} d JOIN benefits_due t ON t.id = d.id WHERE d.state <> d.before ORDER BY d.id""",
        clock.day_of(at), by.pk if by else None, at, d="dues_settled",
    )  # fmt: skip
    return changed


# --- facts -----------------------------------------------------------------------------------------------------------
def proven() -> dict[str, dict[str, Any]]:
    """Provision → facts that being paid it proves of a person (marks of the profile's list `payroll`, fact=value)."""
    listed = active().codes.get("payroll")
    marks = {one.code: one.marks for one in listed or ()}
    return {
        code: {fact: _value(value) for fact, sign, value in (mark.partition("=") for mark in told) if sign}
        for code, told in marks.items()
    }


def _value(text: str) -> Any:
    return {"true": True, "false": False}.get(text, int(text) if text.isdecimal() else text)


def _state_facts(
    where: str, values: list[Any], within: Within, why: str, by: User | None, at: datetime
) -> list[int]:  # fmt: skip
    """The facts that the lists state of people, written as statements; the people of whom something changed."""
    known = proven()
    facts = {fact for told in known.values() for fact in told} | set(COSTS.values())
    paid = rows(
        f"""SELECT t.person_id, t.benefit, t.year, min(t.paid_on), max(t.batch_id) FROM benefits_payment t
            WHERE t.person_id IS NOT NULL AND t.benefit = ANY(%s) AND {where}
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",  # noqa: S608 - our own text
        [code for code, told in known.items() if told], *values,
    )  # fmt: skip
    told = [
        (person, fact, stated.as_text(fact, value), _first(year, day), date(year, 12, 31), batch)
        for person, benefit, year, day, batch in paid for fact, value in known[benefit].items()
    ]  # fmt: skip
    for name, fact in COSTS.items():
        sums = rows(
            f"""SELECT t.person_id, t.year, sum((t.details ->> '{name}')::numeric), max(t.paid_on), max(t.batch_id)
                FROM benefits_payment t WHERE t.person_id IS NOT NULL AND t.details ? '{name}' AND {where}
                GROUP BY 1, 2 ORDER BY 1, 2""",  # noqa: S608 - our own text
            *values,
        )
        told += [
            (person, fact, stated.as_text(fact, Decimal(total)), _last(year, day), date(year, 12, 31), batch)
            for person, year, total, day, batch in sums
        ]
    frame = pl.DataFrame(told, schema=stated.COLUMNS, orient="row")
    return stated.write(frame, facts=facts, within=within, note=why, by=by, at=at)


def _first(year: int, paid_on: date | None) -> date:
    """From the month of the first payment; a list without a day speaks of its whole year."""
    return paid_on.replace(day=1) if paid_on and paid_on.year == year else date(year, 1, 1)


def _last(year: int, paid_on: date | None) -> date:
    """A sum of the year is known from its last line on."""
    return paid_on if paid_on and paid_on.year == year else date(year, 1, 1)


# --- money -----------------------------------------------------------------------------------------------------------
def _paid(where: str, values: list[Any]) -> pl.DataFrame:
    """What households were paid of provisions that count as transfer income, by year and provision."""
    found = rows(
        f"""SELECT t.household_id, t.year, t.benefit, sum(t.yuan) FROM benefits_payment t
            JOIN {{k}} k ON k.code = t.benefit AND k.income
            WHERE t.household_id IS NOT NULL AND {where} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",  # noqa: S608
        *values,
        k=KINDS,
    )
    schema: dict[str, Any] = {"household": pl.Int64, "year": pl.Int64, "source": pl.String, "yuan": pl.Decimal(12, 2)}
    return pl.DataFrame(found, schema=schema, orient="row")
