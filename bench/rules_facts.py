"""Facts of synthetic families, as the rules read them: two Parquet files with a fixed seed.

`known`: every fact is known, so that peers without unknown values can be held against us. Else facts are missing as in
life: the register has most, what only families can say (a loan wanted, a wish to be trained) is mostly not asked yet.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

SIZES = [0.07, 0.14, 0.20, 0.26, 0.17, 0.10, 0.04, 0.02]  # of households with 1 … 8 members: 3.88 in the middle
BLOCK = 670_000  # households made and written at once
VILLAGES = 16_000  # of a block
# share of rows where a fact is not known
HOLES_PEOPLE = {
    "age": 0.005, "school_stage": 0.02, "schooling": 0.02, "in_school": 0.02, "boards": 0.15, "college_place": 0.2,
    "college_entry_year": 0.2, "student_loan_yuan": 0.8, "school_local": 0.9, "last_preschool_year": 0.3,
    "school_year": 0.3, "dibao": 0.01, "dibao_class": 0.1, "disabled": 0.01, "disability_grade": 0.05,
    "able_to_work": 0.02, "medical_insurance": 0.02, "serious_insurance": 0.1, "medical_self_paid": 0.25,
    "certificate": 0.6, "training_wanted": 0.7,
}  # fmt: skip
HOLES_HOUSEHOLDS = {
    "causes": 0.02, "exit_mark": 0.01, "credit_ok": 0.5, "dividend_due": 0.1, "family_planning_kind": 0.4,
    "five_guarantee": 0.01, "house_unsafe": 0.05, "loan_need": 0.1, "loan_wanted_yuan": 0.7, "partner_contract": 0.1,
    "relocation": 0.01, "relocation_agreed": 0.3, "water_hard": 0.05, "water_safe": 0.02, "village__poor_village": 0.0,
    "village__day_care_room": 0.3,
}  # fmt: skip
STAGES = ["none", "preschool_age", "preschool", "primary", "junior", "senior", "vocational", "college", "master"]
NONE, PRE_AGE, PRE, PRIMARY, JUNIOR, SENIOR, VOCATIONAL, COLLEGE, MASTER = range(len(STAGES))
SCHOOLING = ["none", *(f"{number:02d}" for number in range(1, 16)), "20", "42", "43"]  # by year of the school
BACHELOR, SOME_VOCATIONAL, SOME_COLLEGE = 16, 17, 18  # places in it: first year; year not known
FAMILY_PLANNING = ["none", "only_daughter", "two_daughters", "only_child"]
CAUSES = [f"{number:02d}" for number in range(1, 12)]


def write(folder: Path, households: int, *, known: bool, year: int) -> dict[str, int]:
    """people.parquet and households.parquet; how many rows each has."""
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[str, Any] = {}
    rows = {"people": 0, "households": 0}
    for tables in blocks(households, known=known, year=year):
        for name, frame in tables.items():
            table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            if name not in writers:
                file = folder / f"{name}.parquet"
                writers[name] = pq.ParquetWriter(file, table.schema, compression="zstd", store_decimal_as_integer=True)
            writers[name].write_table(table, row_group_size=122_880)
            rows[name] += table.num_rows
    for writer in writers.values():
        writer.close()
    return rows


def blocks(households: int, *, known: bool, year: int) -> Iterator[Mapping[str, pl.DataFrame]]:
    people = 0
    for number, first in enumerate(range(0, households, BLOCK)):
        rng = np.random.default_rng([2015, number])
        count = min(BLOCK, households - first)
        size = rng.choice(np.arange(1, 9), count, p=SIZES)
        own = _households(rng, first, count)
        members = _people(rng, size, year).with_columns(
            pl.Series("household", np.repeat(np.arange(first, first + count), size)),
            pl.Series("id", np.arange(people, people + int(size.sum()))),
        )
        people += members.height
        if not known:
            own, members = _with_holes(rng, own, HOLES_HOUSEHOLDS), _with_holes(rng, members, HOLES_PEOPLE)
        yield {"people": members, "households": own}


def _with_holes(rng: np.random.Generator, frame: pl.DataFrame, holes: Mapping[str, float]) -> pl.DataFrame:
    known = {name: pl.Series(rng.random(frame.height) >= share) for name, share in holes.items()}
    return frame.with_columns(pl.when(known[name]).then(pl.col(name)).alias(name) for name in holes)


def _yuan(whole: np.ndarray) -> pl.Series:
    return pl.Series(whole.astype(np.int64)).cast(pl.Decimal(18, 2))


def _texts(codes: np.ndarray, words: list[str]) -> pl.Series:
    return pl.Series(words).gather(codes)


def _households(rng: np.random.Generator, first: int, count: int) -> pl.DataFrame:
    def yes(share: float) -> np.ndarray:
        return rng.random(count) < share

    in_village = np.sort(rng.integers(0, VILLAGES, count))
    poor, room = rng.random(VILLAGES) < 0.4, rng.random(VILLAGES) < 0.25
    contract = yes(0.15)
    main, other, two = rng.integers(0, 11, count), rng.integers(0, 11, count), yes(0.4)
    causes = pl.DataFrame({"a": _texts(main, CAUSES), "b": _texts(other, CAUSES), "two": two & (main != other)})
    return pl.DataFrame({
        "id": np.arange(first, first + count), "registered": yes(0.9), "five_guarantee": yes(0.02),
        "causes": causes.select(pl.when("two").then(pl.concat_list("a", "b")).otherwise(pl.concat_list("a"))).to_series(),
        "exit_mark": _texts(rng.choice(4, count, p=[0.5, 0.05, 0.4, 0.05]), ["0", "1", "2", "3"]),
        "credit_ok": yes(0.93), "partner_contract": contract,
        "dividend_due": _yuan(np.where(contract & yes(0.5), rng.integers(1, 40, count) * 50, 0)),
        "family_planning_kind": _texts(rng.choice(4, count, p=[0.85, 0.05, 0.08, 0.02]), FAMILY_PLANNING),
        "house_unsafe": yes(0.2), "loan_need": yes(0.45), "loan_wanted_yuan": _yuan(rng.integers(1, 80, count) * 1000),
        "relocation": yes(0.06), "relocation_agreed": yes(0.7), "water_hard": yes(0.1), "water_safe": yes(0.88),
        "village__poor_village": poor[in_village], "village__day_care_room": room[in_village],
    })  # fmt: skip


def _people(rng: np.random.Generator, size: np.ndarray, year: int) -> pl.DataFrame:
    count = int(size.sum())

    def yes(share: float) -> np.ndarray:
        return rng.random(count) < share

    place = np.arange(count) - np.repeat(np.cumsum(size) - size, size)
    age = np.where(place == 0, rng.integers(20, 82, count),
                   np.where(place == 1, rng.integers(18, 80, count), rng.integers(0, 75, count)))  # fmt: skip
    until, at = [3, 6, 12, 15, 18, 22], [PRE_AGE, PRE, PRIMARY, JUNIOR, SENIOR, COLLEGE]
    natural = np.select([age < end for end in until], at, NONE)
    stage = np.where(yes(0.9), natural, np.where(natural == PRE, PRE_AGE, NONE))
    stage = np.where((stage == SENIOR) & yes(0.4), VOCATIONAL, np.where((stage == COLLEGE) & yes(0.5), NONE, stage))
    school = (stage >= PRE) & (stage <= MASTER)
    grade = rng.integers(1, 4, count)
    schooling = np.select(
        [stage == PRE, stage == PRIMARY, stage == JUNIOR, stage == SENIOR, stage == VOCATIONAL, stage == COLLEGE],
        [2, 3, 3 + grade, 6 + grade, np.where(yes(0.3), SOME_VOCATIONAL, 9 + grade),
         np.where(yes(0.4), 12 + grade, np.where(yes(0.1), SOME_COLLEGE, BACHELOR))], 0,
    )  # fmt: skip
    disabled, allowance = yes(0.07), yes(0.22)
    ill = yes(0.08)
    able = (age >= 16) & (age < 65) & ~(disabled & yes(0.6)) & (~school | (stage == VOCATIONAL)) & ~(ill & yes(0.5))
    return pl.DataFrame({
        "age": age.astype(np.int64), "school_stage": _texts(stage, STAGES), "schooling": _texts(schooling, SCHOOLING),
        "in_school": school, "boards": (stage >= PRIMARY) & school & yes(0.4), "school_local": ~(school & yes(0.1)),
        "school_year": np.where(school, grade, 0).astype(np.int64),
        "last_preschool_year": (stage == PRE) & (age == 5),
        "college_place": _texts(np.where(stage == COLLEGE, np.where(yes(0.6), 1, 2), 0), ["none", "inside", "outside"]),
        "college_entry_year": np.where(stage == COLLEGE, year - rng.integers(0, 4, count), 0).astype(np.int64),
        "student_loan_yuan": _yuan(np.where(stage == COLLEGE, rng.integers(1, 13, count) * 1000, 0)),
        "dibao": allowance,
        "dibao_class": np.where(allowance, rng.choice([1, 2, 3, 4], count, p=[0.2, 0.4, 0.3, 0.1]), 0).astype(np.int64),
        "disabled": disabled, "disability_grade": np.where(disabled, rng.integers(1, 5, count), 0).astype(np.int64),
        "able_to_work": able, "medical_insurance": yes(0.97), "serious_insurance": yes(0.9),
        "medical_self_paid": _yuan(np.where(ill, rng.gamma(1.5, 6000, count), rng.exponential(200, count))),
        "certificate": able & yes(0.08), "training_wanted": able & yes(0.3),
    })  # fmt: skip
