"""Members of a roster's households into the register, set by set (REG-1, domain 2.3)."""

from __future__ import annotations

from datetime import date

import polars as pl

from shuanglian.core.profile import active
from shuanglian.organisation.names import spelling_of
from shuanglian.registry.models import Person
from shuanglian.sheets import merging
from shuanglian.sheets.acceptors import Counts
from shuanglian.sheets.merging import one, run
from shuanglian.sheets.staging import complete, nothing, resident

STAGE = "roster_people"
PLAIN = (
    "number", "name", "sex", "born_on", "relation", "ethnic", "education", "schooling", "health", "labour",
    "work_place", "work_months", "political", "medical_insurance", "serious_insurance", "pension_insurance", "dibao",
)  # fmt: skip
NAMES = {"person_number": "number", "birth": "born_on"}  # what the roster calls it → what the register calls it
SEALED = ("id_number", "disability_card", "phone")


def accept(people: pl.DataFrame | None, *, stage: str, year: int, batch_id: int) -> Counts:
    """Write members of staged households; somebody known in another household is counted, never moved silently."""
    if people is None or people.is_empty():
        return {**merging.Tally().as_dict(), "moved": 0, "absent": 0, "homeless": 0, "repeated": 0}
    people = _prepared(people, year)
    own = people.select(
        "n",
        "key",
        "id_digest",
        "pinyin",
        "since",
        *PLAIN,
        *(nothing(name) for name in (*SEALED, "area_code", "household_id")),
    )
    merging.stage(STAGE, own, Person, {"key": "text"})
    run(
        "UPDATE {p} p SET household_id = s.row_id, area_code = s.area_code FROM {s} s WHERE s.key = p.key",
        p=STAGE,
        s=stage,
    )
    homeless = run("DELETE FROM {p} WHERE household_id IS NULL", p=STAGE)
    _match()
    moved = _leave_out_moved()
    repeated = merging.drop_repeats(STAGE)
    merging.number_new(Person, STAGE)
    merging.seal_changed(Person, STAGE, "id_number", people["id_number"].to_list(), by_digest="id_digest")
    merging.seal_changed(Person, STAGE, "disability_card", people["disability_card"].to_list())
    merging.seal_changed(Person, STAGE, "phone", people["phone"].to_list())
    absent = _absent(stage)
    columns = [*PLAIN, "id_digest", "pinyin", *SEALED]
    tally = merging.merge(Person, STAGE, columns, batch_id=batch_id, only_new=("household_id", "area_code", "since"))
    return {**tally.as_dict(), "moved": moved, "absent": absent, "homeless": homeless, "repeated": repeated}


def _prepared(people: pl.DataFrame, year: int) -> pl.DataFrame:
    people = people.rename({old: new for old, new in NAMES.items() if old in people.columns})
    people = complete(people, "key", "household_number", *PLAIN, *SEALED)
    people = _cards(resident(people.with_columns(_full=pl.col("id_number")), "id_number"))
    if people.schema["dibao"] == pl.String:  # which allowance somebody has is kept as whether
        none = [item.code for item in active().codes["minimum_allowance"] if item.group == "no"]
        people = people.with_columns(~pl.col("dibao").is_in(none))
    names = people["name"]
    spellings = {name: spelling_of(name) for name in names.unique().to_list() if name}
    return people.with_columns(
        pl.coalesce("key", "household_number").alias("key"),
        pl.Series("pinyin", [spellings.get(name) for name in names.to_list()], dtype=pl.String),
        merging.digests(people["id_number"]).alias("id_digest"),
        pl.lit(date(year, 1, 1)).alias("since"),
    )


def _cards(people: pl.DataFrame) -> pl.DataFrame:
    """A disability card written in the column of identity numbers is kept as such; cards that are none are left out."""
    if "id_number_kind" in people.columns:
        full = pl.when(pl.col("id_number_kind").str.starts_with("disability")).then(pl.col("_full"))
        people = people.with_columns(pl.coalesce("disability_card", full).alias("disability_card"))
    if "disability_card_kind" in people.columns:
        card = pl.col("disability_card_kind").str.starts_with("disability").fill_null(True)
        people = people.with_columns(pl.when(card).then(pl.col("disability_card")).alias("disability_card"))
    return people


def _match() -> None:
    """Members that stand already: by identity number within the household, else by name and birth date."""
    run(
        """UPDATE {p} s SET row_id = t.id FROM registry_person t
           WHERE t.household_id = s.household_id AND t.id_digest = s.id_digest AND t.left_on IS NULL""",
        p=STAGE,
    )
    run(
        """UPDATE {p} s SET row_id = f.id FROM (
               SELECT DISTINCT ON (t.id) t.id, w.n FROM {p} w JOIN registry_person t
                    ON t.household_id = w.household_id AND t.name = w.name AND t.left_on IS NULL
                   AND (w.born_on IS NULL OR t.born_on IS NULL OR w.born_on = t.born_on)
               WHERE w.row_id IS NULL AND NOT EXISTS (SELECT 1 FROM {p} o WHERE o.row_id = t.id)
               ORDER BY t.id, w.born_on IS NOT DISTINCT FROM t.born_on DESC, w.n) f
           WHERE s.n = f.n""",
        p=STAGE,
    )


def _leave_out_moved() -> int:
    """One identity number stands once in the register: who stands in another household stays until a person decides."""
    return run(
        """DELETE FROM {p} s WHERE s.row_id IS NULL AND s.id_digest IS NOT NULL AND EXISTS (
               SELECT 1 FROM registry_person t WHERE t.id_digest = s.id_digest AND t.left_on IS NULL
               AND t.household_id <> s.household_id)""",
        p=STAGE,
    )


def _absent(stage: str) -> int:
    """Members of the roster's households that stand on the register and are not in the roster."""
    return int(
        one(
            """SELECT count(*) FROM registry_person t JOIN {s} h ON h.row_id = t.household_id AND NOT h.fresh
               WHERE t.left_on IS NULL AND NOT EXISTS (SELECT 1 FROM {p} p WHERE p.row_id = t.id)""",
            s=stage, p=STAGE,
        )
    )  # fmt: skip
