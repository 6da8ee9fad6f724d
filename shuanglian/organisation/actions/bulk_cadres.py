"""Rosters of cadres, set by set (PAIR-2, PAIR-3, REG-10)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl
from django.db import transaction

from shuanglian.core.profile import active
from shuanglian.kernel.words import N_
from shuanglian.organisation.models import Absence, Cadre
from shuanglian.sheets import merging
from shuanglian.sheets.acceptors import Counts, Frames
from shuanglian.sheets.merging import run
from shuanglian.sheets.staging import (
    complete,
    nothing,
    refuse_elsewhere,
    refuse_unknown,
    resident,
    running_numbers,
)

from .bulk import find_units, sounds

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

CADRES, ABSENCES = "roster_cadres", "roster_absences"
PLAIN = ("name", "sex", "rank", "post", "occupation", "trade", "political", "education")
OTHERS = ("number", "id_number", "phone", "unit", "township_code", "status", "status_since", "status_until")
KINDS = {
    "leave": Absence.Kind.LEAVE,
    "retired": Absence.Kind.RETIRED,
    "transferred": Absence.Kind.TRANSFERRED,
}  # status of the profile → kind of absence; any other status that takes no households is `other`
FOR_GOOD = (Absence.Kind.RETIRED.value, Absence.Kind.TRANSFERRED.value)


@transaction.atomic
def accept_cadres(frames: Frames, *, area: Area, year: int, by: User | None, at: datetime, batch_id: int) -> Counts:
    """Write cadres, found again by number, identity number, or unit and name; who is away is set so (PAIR-2, 3)."""
    cadres = resident(complete(frames["cadres"], *PLAIN, *OTHERS), "id_number")
    _stage(cadres, area, year)
    _match(area)
    repeated = merging.drop_repeats(CADRES)
    stem = "(SELECT u.code || '-' FROM organisation_unit u WHERE u.id = w.unit_id)"
    running_numbers(CADRES, Cadre, "number", stem, width=3)
    merging.number_new(Cadre, CADRES)
    merging.seal_changed(Cadre, CADRES, "id_number", cadres["id_number"].to_list(), by_digest="id_digest")
    merging.seal_changed(Cadre, CADRES, "phone", cadres["phone"].to_list(), by_digest="phone_digest")
    _end_service()
    columns = [
        *PLAIN, "pinyin", "id_number", "id_digest", "phone", "phone_digest", "unit_id", "stationed_at_id", "area_code",
        "until",
    ]  # fmt: skip
    tally = merging.merge(Cadre, CADRES, columns, batch_id=batch_id, only_new=("number", "since"))
    absences = _accept_absences(batch_id)
    back = _come_back(batch_id)
    return {"cadres": {**tally.as_dict(), "repeated": repeated, "back": back}, "absences": absences.as_dict()}


def _stage(cadres: pl.DataFrame, area: Area, year: int) -> None:
    away = {code: KINDS.get(code, Absence.Kind.OTHER).value for code, one in active().statuses.items() if not one.takes}
    here = [code for code, one in active().statuses.items() if one.takes]
    first = pl.lit(date(year, 1, 1))
    status, told_since = pl.col("status"), pl.col("status_since").cast(pl.Date)
    own = cadres.select("n", "number", "unit", "township_code", *PLAIN).with_columns(
        sounds(cadres["name"], "pinyin"),
        merging.digests(cadres["id_number"]).alias("id_digest"),
        merging.digests(cadres["phone"]).alias("phone_digest"),
        first.alias("since"),
        *(nothing(name) for name in ("id_number", "phone", "area_code", "unit_id", "stationed_at_id", "until")),
    )
    absences = cadres.select(
        away=status.replace_strict(away, default=None, return_dtype=pl.String), here=status.is_in(here),
        away_since=told_since.fill_null(first), away_until=pl.col("status_until").cast(pl.Date),
    )  # fmt: skip
    also = {
        "unit": "text", "township_code": "text", "away": "text", "here": "boolean", "away_since": "date",
        "away_until": "date",
    }  # fmt: skip
    merging.stage(CADRES, pl.concat([own, absences], how="horizontal"), Cadre, also)
    find_units(CADRES, area)
    run(
        """UPDATE {s} s SET stationed_at_id = a.id, area_code = a.code FROM areas_area a
           WHERE a.code = s.township_code AND a.until IS NULL AND a.code >= %s AND a.code < %s""",
        area.prefix, f"{area.prefix}:", s=CADRES,
    )  # fmt: skip
    outside = N_("名册里有不在本批区域内的乡镇：{names}")
    refuse_unknown(CADRES, "township_code", "stationed_at_id", "outside_area", outside, optional=True)


def _match(area: Area) -> None:
    """Cadres that stand already: by number, identity number, unit and name; who serves comes before who left."""
    run("UPDATE {s} s SET row_id = c.id FROM organisation_cadre c WHERE c.number = s.number", s=CADRES)
    refuse_elsewhere(CADRES, "organisation_cadre", "number", area)
    run(
        """UPDATE {s} s SET row_id = c.id FROM (
               SELECT DISTINCT ON (id_digest) id_digest, id FROM organisation_cadre
               WHERE id_digest <> '' AND area_code >= %s AND area_code < %s
               ORDER BY id_digest, until IS NULL DESC, id) c
           WHERE s.row_id IS NULL AND s.id_digest = c.id_digest""",
        area.prefix, f"{area.prefix}:", s=CADRES,
    )  # fmt: skip
    run(
        """UPDATE {s} s SET row_id = f.id FROM (
               SELECT DISTINCT ON (w.n) w.n, c.id FROM {s} w JOIN organisation_cadre c
                    ON c.unit_id = w.unit_id AND c.name = w.name
               WHERE w.row_id IS NULL AND w.number IS NULL
                 AND (c.id_digest = '' OR w.id_digest IS NULL OR c.id_digest = w.id_digest)
                 AND NOT EXISTS (SELECT 1 FROM {s} o WHERE o.row_id = c.id)
               ORDER BY w.n, c.until IS NULL DESC, c.id) f
           WHERE f.n = s.n""",
        s=CADRES,
    )
    run(  # a cadre who is stationed in a township stands there also when this roster does not say so again
        """UPDATE {s} s SET area_code = t.code FROM organisation_cadre c JOIN areas_area t ON t.id = c.stationed_at_id
           WHERE c.id = s.row_id AND s.stationed_at_id IS NULL""",
        s=CADRES,
    )


def _end_service() -> None:
    """Who retired or was transferred has served until the day before (as `cadres.set_away` has it)."""
    run(
        """UPDATE {s} s SET until = greatest(coalesce(c.since, s.since), s.away_since - 1),
                  since = least(s.since, s.away_since - 1)
           FROM {s} o LEFT JOIN organisation_cadre c ON c.id = o.row_id
           WHERE o.n = s.n AND s.away = ANY(%s) AND c.until IS NULL""",
        list(FOR_GOOD), s=CADRES,
    )  # fmt: skip


def _accept_absences(batch_id: int) -> merging.Tally:
    """Absences of those whom the roster says to be away: from the day it names, else from the first day of its year."""
    run("DROP TABLE IF EXISTS {a}", a=ABSENCES)
    run(
        """CREATE TEMP TABLE {a} ON COMMIT DROP AS
           SELECT n, NULL::bigint AS row_id, false AS fresh, row_id AS cadre_id, away AS kind, away_since AS since,
                  CASE WHEN away = ANY(%s) THEN NULL ELSE away_until END AS until
           FROM {s} WHERE away IS NOT NULL""",
        list(FOR_GOOD), a=ABSENCES, s=CADRES,
    )  # fmt: skip
    run(
        """UPDATE {a} s SET row_id = f.id FROM (
               SELECT DISTINCT ON (w.n) w.n, b.id FROM {a} w JOIN organisation_absence b
                    ON b.cadre_id = w.cadre_id AND b.kind = w.kind
                   AND (b.since = w.since OR (b.since <= w.since AND (b.until IS NULL OR b.until >= w.since)))
               ORDER BY w.n, b.since = w.since DESC, b.id) f
           WHERE f.n = s.n""",
        a=ABSENCES,
    )
    merging.drop_repeats(ABSENCES)
    merging.number_new(Absence, ABSENCES)
    return merging.merge(Absence, ABSENCES, ["until"], batch_id=batch_id, only_new=("cadre_id", "kind", "since"))


def _come_back(batch_id: int) -> int:
    """Who had left for good and is listed as at work serves again."""
    return merging.change(
        Cadre, {"until": "NULL"},
        f"{CADRES} s WHERE s.row_id = t.id AND NOT s.fresh AND s.here AND t.until IS NOT NULL",
        batch_id=batch_id,
    )  # fmt: skip
