"""A department's payroll enters: every line once, beside who of the register it is (FUND-5, REP-2).

By identity number; else by name and place where only one person fits; else somebody decides. What a line says of
people nobody knows is cut down to name, last figures of the number, place and amount. Accounts are never kept.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import transaction

from shuanglian.benefits import payees
from shuanglian.benefits.models import Payment
from shuanglian.core.secrets import digest
from shuanglian.organisation.names import spelling_of
from shuanglian.sheets import merging
from shuanglian.sheets.acceptors import Counts, Frames
from shuanglian.sheets.merging import run
from shuanglian.sheets.staging import complete, nothing

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

STAGE, FOUND = "payroll_lines", "payroll_found"
M = Payment.Match
TOLD = ("period", "class", "persons", "school", "hospital_cost", "reimbursed")  # kept of every line that tells them
WHO = ("head_name", "born", "village_code", "township_code")  # kept of lines that a person has to look at
PLAIN = ("line", "area_code", "benefit", "year", "name", "id_digest", "id_tail", "place", "yuan", "paid_on")
WRITTEN = (*PLAIN, "details", "match", "score", "household_id", "person_id", "candidates", "fingerprint", "batch_id")


@transaction.atomic
def accept_payments(frames: Frames, *, area: Area, year: int, by: User | None, at: datetime, batch_id: int) -> Counts:
    """Write the lines that are new; counts of new and known ones, and of how sure it is who they are.

    What follows from them (dues, facts, the year's account) is worked out afterwards, see `following`.
    """
    lines = _prepared(frames["payments"], area, year)
    _stage(lines, batch_id)
    known = _known()
    _match_by_number(area)
    rest = lines.join(_unmatched(), on="n", how="semi", maintain_order="left")
    _match_by_likeness(rest, payees.likely(rest, area))
    _one_person_once()
    _details(lines)
    run(
        """UPDATE {s} s SET area_code = h.area_code FROM registry_household h WHERE h.id = s.household_id""", s=STAGE
    )  # fmt: skip
    merging.number_new(Payment, STAGE)
    sure = dict(merging.rows("SELECT match, count(*) FROM {s} WHERE fresh GROUP BY 1", s=STAGE))
    tally = merging.merge(Payment, STAGE, (), batch_id=batch_id, only_new=WRITTEN)
    return {"payments": {**tally.as_dict(), "known": known, **{state: sure.get(state, 0) for state in M.values}}}


def _prepared(frame: pl.DataFrame, area: Area, year: int) -> pl.DataFrame:
    """The lines with everything worked out that needs no database: sounds, digests, what makes a line itself."""
    asked = (
        "line",
        "name",
        "code",
        "resident",
        "written",
        "place",
        *TOLD,
        "head_name",
        "village_code",
        "township_code",
    )
    lines = complete(frame, *asked).with_columns(pl.col("n").cast(pl.Int64))
    for name, kind in (("born", pl.Date), ("paid_on", pl.Date), ("year", pl.Int64)):
        lines = lines.with_columns((pl.col(name) if name in lines.columns else pl.lit(None)).cast(kind).alias(name))
    names = {name: spelling_of(name) for name in lines["name"].unique().to_list() if name}
    lines = lines.with_columns(
        benefit=pl.col("code"), year=pl.col("year").fill_null(year), place=pl.col("place").str.slice(0, 200),
        yuan=pl.col("amount").cast(pl.Float64).round(2).cast(pl.Decimal(12, 2)), name=pl.col("name").str.slice(0, 60),
        sound=pl.col("name").replace_strict(names, default=None, return_dtype=pl.String),
        digest=merging.digests(lines["resident"]), id_tail=pl.col("resident").str.slice(-4),
        area_code=pl.coalesce("village_code", "township_code", pl.lit(area.code)), line=pl.col("line").str.slice(0, 80),
    )  # fmt: skip
    lines = lines.with_columns(
        area_code=pl.when(pl.col("area_code").str.starts_with(area.prefix))
        .then("area_code")
        .otherwise(pl.lit(area.code))
    )
    return lines.with_columns(id_digest=pl.col("digest"), fingerprint=_fingerprints(lines, area))


def _fingerprints(lines: pl.DataFrame, area: Area) -> pl.Series:
    """What makes a payment itself: who, what, which year, day and months, how much. Equal for equal lines of any file.

    Who has no number is told by name, head and village; a number that fails still tells people apart.
    """
    told = ("benefit", "year", "paid_on", "period", "yuan")
    called = ("written", "name", "head_name", "village_code", "place")
    prints = []
    for row in lines.select("digest", *told, *called).iter_rows(named=True):
        who = ("digest",) if row["digest"] else called
        text = [str(row[name] or "") for name in (*told, *who)]
        prints.append(digest(json.dumps([*text, "" if row["digest"] else area.code[:6]], ensure_ascii=False)))
    return pl.Series("fingerprint", prints, dtype=pl.String)


def _stage(lines: pl.DataFrame, batch_id: int) -> None:
    empty = ("details", "score", "household_id", "person_id", "candidates")
    own = lines.select(
        "n", *PLAIN, "fingerprint", *(nothing(name) for name in empty), match=pl.lit(M.NONE.value),
        batch_id=pl.lit(batch_id),
    )  # fmt: skip
    merging.stage(STAGE, own, Payment)


def _known() -> int:
    """Lines that stand already (the same file again, a longer one): nothing of them changes."""
    run("DELETE FROM {s} a USING {s} b WHERE a.fingerprint = b.fingerprint AND a.n > b.n", s=STAGE)
    return run("UPDATE {s} s SET row_id = p.id FROM benefits_payment p WHERE p.fingerprint = s.fingerprint", s=STAGE)


def _match_by_number(area: Area) -> None:
    """The identity number decides: who stands before who has left; two who stand with one number are for a person."""
    run("DROP TABLE IF EXISTS {f}", f=FOUND)
    run(
        """CREATE TEMP TABLE {f} ON COMMIT DROP AS
           SELECT DISTINCT ON (p.id_digest) p.id_digest, p.id AS person_id, p.household_id,
                  count(*) FILTER (WHERE p.left_on IS NULL AND h.removed_on IS NULL) OVER (PARTITION BY p.id_digest)
                  AS standing
           FROM registry_person p JOIN registry_household h ON h.id = p.household_id
           WHERE p.area_code >= %s AND p.area_code < %s
             AND p.id_digest IN (SELECT id_digest FROM {s} WHERE row_id IS NULL)
           ORDER BY p.id_digest, (p.left_on IS NULL AND h.removed_on IS NULL) DESC, p.left_on DESC NULLS FIRST, p.id""",
        area.prefix, f"{area.prefix}:", f=FOUND, s=STAGE,
    )  # fmt: skip
    run(
        """UPDATE {s} s SET person_id = f.person_id, household_id = f.household_id, match = 'exact', score = 1
           FROM {f} f WHERE f.id_digest = s.id_digest AND s.row_id IS NULL AND f.standing < 2""",
        s=STAGE, f=FOUND,
    )  # fmt: skip
    run(
        """UPDATE {s} s SET match = 'open', score = 0.99, candidates = c.told FROM (
               SELECT p.id_digest, jsonb_agg(jsonb_build_object('person', p.id, 'household', p.household_id,
                      'score', 0.99, 'why', '["same_id"]'::jsonb) ORDER BY p.id) AS told
               FROM registry_person p JOIN {f} f ON f.id_digest = p.id_digest AND f.standing > 1
               WHERE p.area_code >= %s AND p.area_code < %s AND p.left_on IS NULL GROUP BY 1) c
           WHERE c.id_digest = s.id_digest AND s.row_id IS NULL""",
        area.prefix, f"{area.prefix}:", s=STAGE, f=FOUND,
    )  # fmt: skip


def _unmatched() -> pl.DataFrame:
    found = merging.rows("SELECT n FROM {s} WHERE row_id IS NULL AND match = 'none' ORDER BY n", s=STAGE)
    return pl.DataFrame({"n": pl.Series([n for (n,) in found], dtype=pl.Int64)})


def _match_by_likeness(lines: pl.DataFrame, likely: pl.DataFrame) -> None:
    """Who fits alone is taken; where several fit, or one does not fit well enough, they wait in order."""
    if likely.is_empty():
        return
    told = likely.join(lines.select("n"), on="n", how="semi").with_columns(
        candidates=pl.Series([json.dumps(one) for one in likely["candidates"].to_list()], dtype=pl.String)
    )
    run("DROP TABLE IF EXISTS {f}", f=FOUND)
    run(
        """CREATE TEMP TABLE {f} (n integer, person_id bigint, household_id bigint, score double precision,
                                  sure boolean, candidates jsonb) ON COMMIT DROP""",
        f=FOUND,
    )
    rows = told.select("n", "score", "sure", "candidates", person_id="person", household_id="household")
    merging.copy(FOUND, rows)
    run(
        """UPDATE {s} s SET match = CASE WHEN f.sure THEN 'named' ELSE 'open' END, score = f.score,
                  candidates = f.candidates, person_id = CASE WHEN f.sure THEN f.person_id END,
                  household_id = CASE WHEN f.sure THEN f.household_id END
           FROM {f} f WHERE f.n = s.n""",
        s=STAGE, f=FOUND,
    )  # fmt: skip


def _one_person_once() -> None:
    """Two lines that would be one person for the same money are for somebody to look at: one of them is another."""
    run("ANALYZE {s}", s=STAGE)  # what the planner knows is from before anybody was found
    run(
        """UPDATE {s} s SET match = 'open', person_id = NULL, household_id = NULL FROM (
               SELECT n, count(*) OVER w AS together FROM {s} WHERE person_id IS NOT NULL
               WINDOW w AS (PARTITION BY person_id, benefit, year, paid_on)) d
           WHERE d.n = s.n AND d.together > 1 AND s.match = 'named'""",
        s=STAGE,
    )


def _details(lines: pl.DataFrame) -> None:
    """What else a line tells: of everybody what rules need, of those to be looked at what tells people apart."""
    states = dict(merging.rows("SELECT n, match FROM {s} WHERE row_id IS NULL", s=STAGE))
    rows = []
    for row in lines.filter(pl.col("n").is_in(list(states))).iter_rows(named=True):
        names = (*TOLD, *WHO) if states[row["n"]] in (M.OPEN, M.NAMED) else TOLD
        told = {name: _plain(row[name]) for name in names if row[name] not in (None, "")}
        rows.append((row["n"], json.dumps(told, ensure_ascii=False)))
    run("DROP TABLE IF EXISTS {f}", f=FOUND)
    run("CREATE TEMP TABLE {f} (n integer, told jsonb) ON COMMIT DROP", f=FOUND)
    merging.copy(FOUND, pl.DataFrame(rows, schema={"n": pl.Int64, "told": pl.String}, orient="row"))
    run("UPDATE {s} s SET details = f.told FROM {f} f WHERE f.n = s.n", s=STAGE, f=FOUND)


def _plain(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, float) else value if isinstance(value, (int, str)) else str(value)
