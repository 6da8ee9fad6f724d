"""Rosters of links (unit to village) and of last year's pairs (cadre to household), set by set (PAIR-1, PAIR-6)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from shuanglian.kernel.words import N_
from shuanglian.organisation.actions.bulk import find_units, key_of
from shuanglian.pairing.models import Pairing, VillageLink
from shuanglian.sheets import merging
from shuanglian.sheets.acceptors import Counts, Frames
from shuanglian.sheets.merging import run
from shuanglian.sheets.staging import complete, nothing, refuse_unknown, resident

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

LINKS, PAIRS = "roster_links", "roster_pairs"
ASKED = (
    "household_number", "household_head", "household_id", "cadre_number", "cadre", "cadre_id", "cadre_phone", "unit",
    "village_code",
)  # fmt: skip


@transaction.atomic
def accept_links(frames: Frames, *, area: Area, year: int, by: User | None, at: datetime, batch_id: int) -> Counts:
    """Open a link for each unit and village that has none (PAIR-1); links that stand are left (PAIR-6)."""
    links = complete(frames["links"], "unit", "village_code", "since")
    own = links.select(
        "n", "unit", pl.col("village_code").cast(pl.String), pl.col("since").cast(pl.Date).fill_null(date(year, 1, 1)),
        *(nothing(name) for name in ("unit_id", "village_id", "area_code")),
    )  # fmt: skip
    merging.stage(LINKS, own, VillageLink, {"unit": "text", "village_code": "text"})
    find_units(LINKS, area)
    run(
        """UPDATE {s} s SET village_id = a.id, area_code = a.code FROM areas_area a
           WHERE a.code = s.village_code AND a.until IS NULL AND a.level = 5 AND a.code >= %s AND a.code < %s""",
        area.prefix, f"{area.prefix}:", s=LINKS,
    )  # fmt: skip
    outside = N_("名册里有不在本批区域内的村：{names}")
    refuse_unknown(LINKS, "village_code", "village_id", "outside_area", outside)
    run(
        "DELETE FROM {s} a USING {s} b WHERE (a.unit_id, a.village_id) = (b.unit_id, b.village_id) AND a.n > b.n",
        s=LINKS,
    )
    run(
        """UPDATE {s} s SET row_id = l.id FROM pairing_villagelink l
           WHERE l.unit_id = s.unit_id AND l.village_id = s.village_id AND l.until IS NULL""",
        s=LINKS,
    )
    merging.number_new(VillageLink, LINKS)
    columns = ("unit_id", "village_id", "area_code", "since")
    tally = merging.merge(VillageLink, LINKS, (), batch_id=batch_id, only_new=columns)
    return {"links": tally.as_dict()}


@transaction.atomic
def accept_pairs(frames: Frames, *, area: Area, year: int, by: User | None, at: datetime, batch_id: int) -> Counts:
    """Open the pairs that stood last year (PAIR-6): `since` of the row, else the first day of the year before.

    A household answered for by another cadre since an earlier day changes hands; one that was given to another cadre
    later keeps him and is counted as `kept`.
    """
    pairs = complete(frames["pairs"], *ASKED, "since", "until")
    pairs = resident(resident(pairs, "household_id"), "cadre_id")
    own = pairs.select(
        "n", "household_number", "cadre_number", "unit", "village_code",
        pl.col("household_head").alias("head_name"), pl.col("cadre").alias("cadre_name"),
        merging.digests(pairs["household_id"]).alias("head_digest"),
        merging.digests(pairs["cadre_id"]).alias("cadre_digest"),
        merging.digests(pairs["cadre_phone"]).alias("phone_digest"),
        pl.col("since").cast(pl.Date).fill_null(date(year - 1, 1, 1)), pl.col("until").cast(pl.Date),
        pl.coalesce("household_number", "household_head").fill_null("—").alias("household_called"),
        pl.coalesce("cadre_number", "cadre").fill_null("—").alias("cadre_called"),
        *(nothing(name) for name in ("household_id", "cadre_id", "area_code")),
    )  # fmt: skip
    merging.stage(PAIRS, own, Pairing)
    _find_households(area)
    _find_cadres(area)
    run("ANALYZE {s}", s=PAIRS)  # the planner knows the staged rows only from before they were matched
    run(
        """DELETE FROM {s} WHERE n IN (
               SELECT n FROM (SELECT n, row_number() OVER (PARTITION BY household_id ORDER BY n) AS nth
                              FROM {s} WHERE until IS NULL) r WHERE r.nth > 1)""",
        s=PAIRS,
    )
    run(  # a pair that stands, or one of the past that was entered already
        """UPDATE {s} s SET row_id = p.id FROM pairing_pairing p
           WHERE p.household_id = s.household_id AND p.cadre_id = s.cadre_id
             AND ((p.until IS NULL AND s.until IS NULL) OR (p.until = s.until AND p.since = s.since))""",
        s=PAIRS,
    )
    kept = run(
        """DELETE FROM {s} s USING pairing_pairing p WHERE s.row_id IS NULL AND s.until IS NULL
           AND p.household_id = s.household_id AND p.until IS NULL AND p.since >= s.since""",
        s=PAIRS,
    )
    standing = f"{PAIRS} f WHERE f.row_id IS NULL AND f.until IS NULL AND f.household_id = t.household_id"
    ended = merging.change(
        Pairing, {"until": "f.since - 1", "ended_why": "%s"}, f"{standing} AND t.until IS NULL", batch_id=batch_id,
        params=(_("导入名册另有责任人"),),
    )  # fmt: skip
    merging.number_new(Pairing, PAIRS)
    columns = ("household_id", "cadre_id", "area_code", "since", "until")
    tally = merging.merge(Pairing, PAIRS, (), batch_id=batch_id, only_new=columns)
    return {"pairs": {**tally.as_dict(), "ended": ended, "kept": kept}}


def _find_households(area: Area) -> None:
    """By number, by the head's identity number, by the head's name in the village (or area) when it is the only one."""
    bounds = (area.prefix, f"{area.prefix}:")
    run(
        """UPDATE {s} s SET household_id = h.id FROM registry_household h
           WHERE h.number = s.household_number AND h.area_code >= %s AND h.area_code < %s""",
        *bounds, s=PAIRS,
    )  # fmt: skip
    run(
        """UPDATE {s} s SET household_id = p.household_id FROM registry_person p
           WHERE s.household_id IS NULL AND s.household_number IS NULL AND p.id_digest = s.head_digest
             AND p.left_on IS NULL AND p.area_code >= %s AND p.area_code < %s""",
        *bounds, s=PAIRS,
    )  # fmt: skip
    run(
        """UPDATE {s} s SET household_id = f.id FROM (
               SELECT w.n, min(h.id) AS id FROM {s} w JOIN registry_household h ON h.head_name = w.head_name
                    AND h.area_code >= %s AND h.area_code < %s AND h.area_code = coalesce(w.village_code, h.area_code)
               WHERE w.household_id IS NULL AND w.household_number IS NULL AND w.head_digest IS NULL
                 AND h.left_on IS NULL AND h.removed_on IS NULL
               GROUP BY w.n HAVING count(*) = 1) f
           WHERE f.n = s.n""",
        *bounds, s=PAIRS,
    )  # fmt: skip
    said = N_("本区域的名册里找不到这些户（或户主重名）：{names}")
    refuse_unknown(PAIRS, "household_called", "household_id", "unknown_household", said)
    run("UPDATE {s} s SET area_code = h.area_code FROM registry_household h WHERE h.id = s.household_id", s=PAIRS)


def _find_cadres(area: Area) -> None:
    """By number, by identity or phone number, by name within the unit, by name when only one is so called."""
    bounds = (area.prefix, f"{area.prefix}:")
    run(
        """UPDATE {s} s SET cadre_id = c.id FROM organisation_cadre c
           WHERE c.number = s.cadre_number AND c.area_code >= %s AND c.area_code < %s""",
        *bounds, s=PAIRS,
    )  # fmt: skip
    for test in (
        "c.id_digest = w.cadre_digest",
        "c.phone_digest = w.phone_digest AND c.name = coalesce(w.cadre_name, c.name)",
        f"c.name = w.cadre_name AND (u.code = w.unit OR {key_of('u.name')} = {key_of('w.unit')})",
        "c.name = w.cadre_name AND w.unit IS NULL",
    ):
        run(
            f"""UPDATE {{s}} s SET cadre_id = f.id FROM (
                    SELECT w.n, min(c.id) AS id FROM {{s}} w JOIN organisation_cadre c
                         ON {test.split(" AND ")[0]} AND c.area_code >= %s AND c.area_code < %s
                    JOIN organisation_unit u ON u.id = c.unit_id
                    WHERE w.cadre_id IS NULL AND w.cadre_number IS NULL AND c.until IS NULL AND ({test})
                    GROUP BY w.n HAVING count(*) = 1) f
                WHERE f.n = s.n""",  # noqa: S608 - our own text
            *bounds,
            s=PAIRS,
        )
    said = N_("本区域的名册里找不到这些干部（或重名）：{names}")
    refuse_unknown(PAIRS, "cadre_called", "cadre_id", "unknown_cadre", said)


def keep_places(**_about: object) -> int:
    """Pairs stand where their household stands: after a roster moved households to another village."""
    return run(
        """UPDATE pairing_pairing p SET area_code = h.area_code FROM registry_household h
           WHERE h.id = p.household_id AND p.area_code <> h.area_code"""
    )
