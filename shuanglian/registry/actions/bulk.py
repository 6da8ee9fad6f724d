"""A roster of households into the register, set by set: 100,000 rows are a normal file (REG-1, REG-10).

Frames are typed as `sheets` gives them: `households` (one row a household) and `persons` (one row a member); both carry
`key`, what joins them within the file. Nothing is removed because a roster does not name it: that is only counted.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl
from django.db import transaction

from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.actions.bulk import sounds
from shuanglian.registry.models import Household, HouseholdYear
from shuanglian.sheets import merging
from shuanglian.sheets.acceptors import Counts, Frames
from shuanglian.sheets.merging import one, run
from shuanglian.sheets.staging import (
    complete,
    nothing,
    refuse_elsewhere,
    refuse_unknown,
    resident,
    running_numbers,
)

from . import bulk_known, bulk_need, bulk_people
from .derived import INCOMES, head_code

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

STAGE, YEARS = "roster_households", "roster_years"
PLAIN = (
    "head_name", "group", "address", "kind", "standard", "main_cause", "other_causes", "status", "exit_year",
    "measures", "loan_need", "wish", "relocation", "bank",
)  # fmt: skip
YEARLY = (
    *INCOMES, "operating_cost", "net_income", "income_per_head", "land_cultivated", "land_forest", "land_returned",
    "land_orchard", "land_pasture", "land_water", "house_area", "house_unsafe", "house_grade", "water_safe",
    "water_hard", "power", "toilet", "road_kind", "road_km", "fuel", "cooperative",
)  # fmt: skip
TRANSFERS = ("transfer_declared", "transfer_paid")
COLUMNS = (
    *PLAIN, "number", "head_pinyin", "village_id", "area_code", "phone", "phone_digest", "bank_account", "bank_digest",
    "size", "need_band", "income_per_head",
)  # fmt: skip


@transaction.atomic
def accept_households(frames: Frames, *, area: Area, year: int, by: User | None, at: datetime, batch_id: int) -> Counts:
    """Write households, members and the year's figures; counts of what is new, changed, unchanged, absent (REG-1)."""
    people = frames.get("persons")
    households = frames["households"] if "households" in frames else _of_members(people, area)
    households = _prepared(households, year)
    _stage(households, area)
    _match()
    renumbered = _numbers(area)
    repeated = merging.drop_repeats(STAGE)
    merging.number_new(Household, STAGE)
    merging.seal_changed(Household, STAGE, "phone", households["phone"].to_list(), by_digest="phone_digest")
    merging.seal_changed(
        Household, STAGE, "bank_account", households["bank_account"].to_list(), by_digest="bank_digest"
    )
    members = bulk_people.accept(people, stage=STAGE, year=year, batch_id=batch_id)
    _count_members()
    years = _accept_years(households, year, batch_id)
    _lift_income()
    bulk_need.fill_bands(STAGE, profile=active(), year=year)
    tally = merging.merge(Household, STAGE, COLUMNS, batch_id=batch_id, only_new=("since",))
    told = {**tally.as_dict(), "absent": _absent(area), "moved": _moved(batch_id), "repeated": repeated}
    return {"households": told, "renumbered": renumbered, "persons": members, "years": years.as_dict()}


def _of_members(people: pl.DataFrame | None, area: Area) -> pl.DataFrame:
    """The registered households that a roster of members alone speaks of, as they stand."""
    if people is None:
        raise Refusal("nothing_to_accept", N_("没有可以接收的行。"))
    numbers = people.select(number=pl.col("household_number")).drop_nulls().unique(maintain_order=True)
    known = bulk_known.households(area).select("number", "village_code", head_name=pl.lit(None, dtype=pl.String))
    key = "key" if "key" in people.columns else "household_number"
    keys = people.select(number=pl.col("household_number"), key=pl.col(key))
    return numbers.join(known, on="number", maintain_order="left").join(keys.unique("number"), on="number", how="left")


def _prepared(frame: pl.DataFrame, year: int) -> pl.DataFrame:
    """The frame with everything worked out that needs no database: sound of names, digests."""
    frame = complete(frame, "key", "number", "head_id", "phone", "bank_account", "size", "since", *PLAIN, *YEARLY)
    frame = resident(frame, "head_id")
    if isinstance(frame.schema["fuel"], pl.List):
        frame = frame.with_columns(pl.col("fuel").list.join("、"))
    return frame.with_columns(
        pl.coalesce("key", "number", pl.col("n").cast(pl.String)).alias("key"),
        sounds(frame["head_name"], "head_pinyin"),
        merging.digests(frame["head_id"]).alias("head_digest"),
        merging.digests(frame["phone"]).alias("phone_digest"),
        merging.digests(frame["bank_account"]).alias("bank_digest"),
        pl.coalesce(pl.col("since").cast(pl.Date), pl.lit(date(year, 1, 1))).alias("since"),
    )


# --- keys ------------------------------------------------------------------------------------------------------------
def _stage(frame: pl.DataFrame, area: Area) -> None:
    own = frame.select(
        "n", "key", "number", "size", "since", "head_pinyin", "head_digest", "phone_digest", "bank_digest", *PLAIN,
        pl.col("village_code").alias("area_code"),
        *(nothing(name) for name in ("village_id", "phone", "bank_account", "need_band", "income_per_head")),
    )  # fmt: skip
    merging.stage(STAGE, own, Household, {"key": "text", "head_digest": "text"})
    run(
        """UPDATE {s} s SET village_id = a.id FROM areas_area a
           WHERE a.code = s.area_code AND a.until IS NULL AND a.level = 5
             AND a.code >= %s AND a.code < %s""",
        area.prefix, f"{area.prefix}:", s=STAGE,
    )  # fmt: skip
    refuse_unknown(STAGE, "area_code", "village_id", "outside_area", N_("名册里有不在本批区域内的村：{names}"))


def _match() -> None:
    """Find the households that stand already: by number, else by the head's identity number."""
    run("UPDATE {s} s SET row_id = h.id FROM registry_household h WHERE h.number = s.number", s=STAGE)
    run(
        """UPDATE {s} s SET row_id = f.id FROM (
               SELECT DISTINCT ON (p.id_digest) p.id_digest, h.id, h.number
               FROM registry_person p JOIN registry_household h ON h.id = p.household_id
               JOIN {s} w ON w.head_digest = p.id_digest AND w.row_id IS NULL
               WHERE p.relation = %s AND p.left_on IS NULL AND h.left_on IS NULL AND h.removed_on IS NULL
                 AND NOT EXISTS (SELECT 1 FROM {s} o WHERE o.row_id = h.id)
               ORDER BY p.id_digest, h.id) f
           WHERE s.row_id IS NULL AND s.head_digest = f.id_digest""",
        head_code(), s=STAGE,
    )  # fmt: skip


def _numbers(area: Area) -> int:
    """Every household has a number: the roster's, the one it has, else its village's code and a running number.

    A household found by its head under another number takes the roster's number; how many did.
    """
    refuse_elsewhere(STAGE, "registry_household", "number", area)
    running_numbers(STAGE, Household, "number", "w.area_code", width=4)
    return int(
        one(
            """SELECT count(*) FROM {s} s JOIN registry_household h ON h.id = s.row_id
               WHERE s.number IS NOT NULL AND h.number <> s.number""",
            s=STAGE,
        )
    )


# --- what changes by year --------------------------------------------------------------------------------------------
def _accept_years(frame: pl.DataFrame, year: int, batch_id: int) -> merging.Tally:
    told = frame.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in YEARLY))
    own = told.select(
        "n", *YEARLY, pl.lit(year).alias("year"), *(nothing(name) for name in (*TRANSFERS, "household_id", "area_code"))
    )  # fmt: skip
    merging.stage(YEARS, own, HouseholdYear)
    run(
        "UPDATE {y} y SET household_id = s.row_id, area_code = s.area_code FROM {s} s WHERE s.n = y.n", y=YEARS, s=STAGE
    )
    run("DELETE FROM {y} WHERE household_id IS NULL", y=YEARS)
    run(
        """UPDATE {y} y SET row_id = o.id FROM registry_householdyear o
           WHERE o.household_id = y.household_id AND o.year = y.year""",
        y=YEARS,
    )
    merging.number_new(HouseholdYear, YEARS)
    _transfers()
    _account()
    only_new = ("household_id", "year", "area_code")
    return merging.merge(HouseholdYear, YEARS, (*YEARLY, *TRANSFERS), batch_id=batch_id, only_new=only_new)


def _transfers() -> None:
    """Where payrolls prove transfers, the roster's amount is what was declared; the larger counts (derived.account)."""
    run(
        """UPDATE {y} y SET transfer_paid = p.paid, transfer_declared = p.declared,
                  income_transfer = greatest(p.declared, p.paid)
           FROM (SELECT w.n, sum(t.yuan) AS paid, coalesce(w.income_transfer, e.transfer_declared) AS declared
                 FROM {y} w JOIN registry_transfer t ON t.household_id = w.household_id AND t.year = w.year
                 LEFT JOIN registry_householdyear e ON e.id = w.row_id
                 WHERE w.fresh OR w.income_transfer IS NOT NULL
                 GROUP BY w.n, w.income_transfer, e.transfer_declared) p
           WHERE p.n = y.n""",
        y=YEARS,
    )


def _account() -> None:
    """Net income, also per head, from the parts, as in `derived.account` (domain 2.2); sums without parts stay."""
    parts = [f"coalesce(w.{name}, e.{name})" for name in INCOMES]
    told = [part for part in parts if "transfer" not in part]
    told.append("""CASE WHEN coalesce(w.transfer_paid, e.transfer_paid) IS NULL
                        THEN coalesce(w.income_transfer, e.income_transfer)
                        ELSE coalesce(w.transfer_declared, e.transfer_declared) END""")
    run(
        f"""UPDATE {{y}} y SET net_income = a.net,
                   income_per_head = coalesce(round(a.net / nullif(a.size, 0), 2), y.income_per_head)
            FROM (SELECT w.n, s.size, {" + ".join(f"coalesce({part}, 0)" for part in parts)}
                         - coalesce(w.operating_cost, e.operating_cost, 0) AS net
                  FROM {{y}} w JOIN {{s}} s ON s.row_id = w.household_id
                  LEFT JOIN registry_householdyear e ON e.id = w.row_id
                  WHERE coalesce({", ".join(told)}) IS NOT NULL) a
            WHERE a.n = y.n""",  # noqa: S608 - our own text
        y=YEARS,
        s=STAGE,
    )


# --- what the household's own row repeats for lists ------------------------------------------------------------------
def _count_members() -> None:
    """The size of a household: its standing members once they are known, else what the roster says."""
    run(
        """UPDATE {s} s SET size = c.members FROM (
               SELECT household_id, count(*) AS members FROM registry_person
               WHERE left_on IS NULL AND household_id IN (SELECT row_id FROM {s}) GROUP BY 1) c
           WHERE c.household_id = s.row_id""",
        s=STAGE,
    )


def _lift_income() -> None:
    """The latest known income per head."""
    run(
        """UPDATE {s} s SET income_per_head = i.income_per_head FROM (
               SELECT DISTINCT ON (household_id) household_id, income_per_head FROM registry_householdyear
               WHERE household_id IN (SELECT row_id FROM {s}) ORDER BY household_id, year DESC) i
           WHERE i.household_id = s.row_id""",
        s=STAGE,
    )


def _moved(batch_id: int) -> int:
    """How many households moved to another village; members and yearly figures follow by themselves (carry_area)."""
    return int(
        one(
            """SELECT count(*) FROM sheets_change c JOIN registry_household h ON h.id = c.row_id
               WHERE c.batch_id = %s AND c."table" = 'registry_household'
                 AND c.before ->> 'area_code' <> h.area_code""",
            batch_id,
        )
    )


def _absent(area: Area) -> int:
    """Households of the area that stand on the register and are not in this roster."""
    return int(
        one(
            """SELECT count(*) FROM registry_household h WHERE h.area_code >= %s AND h.area_code < %s
               AND h.left_on IS NULL AND h.removed_on IS NULL
               AND NOT EXISTS (SELECT 1 FROM {s} s WHERE s.row_id = h.id)""",
            area.prefix, f"{area.prefix}:", s=STAGE,
        )
    )  # fmt: skip
