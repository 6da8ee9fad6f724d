"""Rosters of units, set by set (PAIR-4, REG-10), and what rosters of units, cadres and pairs share.

Frames are typed as `sheets` gives them; what a row does not tell (null) leaves what is known as it is.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl
from django.db import transaction

from shuanglian.core.profile import active
from shuanglian.kernel.words import N_
from shuanglian.organisation.models import Unit
from shuanglian.organisation.names import initials_of
from shuanglian.rules.quotas import unit_strength
from shuanglian.sheets import merging
from shuanglian.sheets.acceptors import Counts, Frames
from shuanglian.sheets.merging import rows, run
from shuanglian.sheets.staging import complete, nothing, refuse_elsewhere, refuse_unknown, running_numbers

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

UNITS = "roster_units"
PLAIN = ("name", "kind", "tier", "trade", "strength", "staff", "uscc", "address", "contact", "phone")


@transaction.atomic
def accept_units(frames: Frames, *, area: Area, year: int, by: User | None, at: datetime, batch_id: int) -> Counts:
    """Write units, found again by number or, within the area, by name; counts of new, changed, unchanged (PAIR-4)."""
    units = complete(frames["units"], "code", "area_code", *PLAIN)
    own = units.select("n", "code", *PLAIN, pl.col("area_code").fill_null(_default_area(area))).with_columns(
        sounds(units["name"], "pinyin"), pl.lit(date(year, 1, 1)).alias("since"), nothing("area_id"),
    )  # fmt: skip
    merging.stage(UNITS, own, Unit)
    run(
        """UPDATE {s} s SET area_id = a.id FROM areas_area a
           WHERE a.code = s.area_code AND a.until IS NULL AND a.code >= %s AND a.code < %s""",
        area.prefix, f"{area.prefix}:", s=UNITS,
    )  # fmt: skip
    refuse_unknown(UNITS, "area_code", "area_id", "outside_area", N_("名册里有不在本批区域内的地方：{names}"))
    run("UPDATE {s} s SET row_id = u.id FROM organisation_unit u WHERE u.code = s.code", s=UNITS)
    refuse_elsewhere(UNITS, "organisation_unit", "code", area)
    run(
        """UPDATE {s} s SET row_id = u.id FROM (
               SELECT DISTINCT ON (key) key, id FROM (
                   SELECT id, until, """ + key_of("name") + """ AS key FROM organisation_unit
                   WHERE area_code >= %s AND area_code < %s) k ORDER BY key, until IS NULL DESC, id) u
           WHERE s.row_id IS NULL AND s.code IS NULL AND u.key = """ + key_of("s.name"),  # noqa: S608 - our own text
        area.prefix, f"{area.prefix}:", s=UNITS,
    )  # fmt: skip
    repeated = merging.drop_repeats(UNITS)
    running_numbers(UNITS, Unit, "code", "(SELECT a.prefix || 'D' FROM areas_area a WHERE a.id = w.area_id)", width=4)
    merging.number_new(Unit, UNITS)
    _work_out(year)
    columns = [*PLAIN, "pinyin", "area_id", "area_code"]
    tally = merging.merge(Unit, UNITS, columns, batch_id=batch_id, only_new=("code", "since"))
    return {"units": {**tally.as_dict(), "repeated": repeated}}


def _default_area(area: Area) -> str:
    """Where a unit helps when its row does not say: the batch's area, or the profile's county when that lies in it."""
    county = active().area_code.ljust(12, "0")
    return county if county.startswith(area.prefix) else area.code


def _work_out(year: int) -> None:
    """Strength from tier, kind and size where these are new and it is not given; a new unit's trade from its name."""
    profile, on = active(), date(year, 12, 31)
    wanting = rows(
        """SELECT s.n, s.name, coalesce(s.tier, u.tier), coalesce(s.kind, u.kind), coalesce(s.staff, u.staff, 0),
                  coalesce(s.trade, u.trade, '')
           FROM {s} s LEFT JOIN organisation_unit u ON u.id = s.row_id
           WHERE s.fresh OR s.tier <> u.tier OR s.kind <> u.kind
              OR (s.staff IS NOT NULL AND s.staff IS DISTINCT FROM u.staff)""",
        s=UNITS,
    )
    worked_out = [
        (n, unit_strength(profile, tier=tier, kind=kind, cadres=staff, on=on), trade or profile.guess_trade(name))
        for n, name, tier, kind, staff, trade in wanting
    ]
    schema = {"n": pl.Int64, "strength": pl.Int16, "trade": pl.String}
    run("DROP TABLE IF EXISTS {g}", g="roster_strengths")
    run("CREATE TEMP TABLE {g} (n integer, strength smallint, trade text) ON COMMIT DROP", g="roster_strengths")
    merging.copy("roster_strengths", pl.DataFrame(worked_out, schema=schema, orient="row"))
    run(
        """UPDATE {s} s SET strength = coalesce(s.strength, g.strength), trade = coalesce(s.trade, g.trade)
           FROM roster_strengths g WHERE g.n = s.n""",
        s=UNITS,
    )


# --- shared with cadres and pairs ------------------------------------------------------------------------------------
def sounds(names: pl.Series, called: str) -> pl.Series:
    """Initials of a column of names, each distinct name once."""
    found = {name: initials_of(name) for name in names.unique().to_list() if name}
    return pl.Series(called, [found.get(name) for name in names.to_list()], dtype=pl.String)


def key_of(name: str) -> str:
    """SQL for a unit's name in one spelling, as the checks compare it: half width, no blanks or brackets."""
    return f"regexp_replace(normalize({name}, NFKC), '[[:space:]()（）]', '', 'g')"


def find_units(stage: str, area: Area) -> None:
    """Fill a stage's unit_id and area_code from its `unit` (number or name in the area); unknown ones are refused."""
    same_name = f"{key_of('u.name')} = {key_of('w.unit')}"
    run(
        f"""UPDATE {{s}} s SET unit_id = f.id, area_code = f.area_code FROM (
               SELECT DISTINCT ON (w.unit) w.unit, u.id, u.area_code FROM (SELECT DISTINCT unit FROM {{s}}) w
               JOIN organisation_unit u ON u.code = w.unit OR {same_name}
               WHERE u.area_code >= %s AND u.area_code < %s
               ORDER BY w.unit, u.code = w.unit DESC, u.until IS NULL DESC, u.id) f
           WHERE f.unit = s.unit""",  # noqa: S608 - our own text
        area.prefix, f"{area.prefix}:", s=stage,
    )  # fmt: skip
    said = N_("本区域没有这些单位：{names}。请先导入单位名册。")
    refuse_unknown(stage, "unit", "unit_id", "unknown_unit", said)
