"""The register's columns of the same synthetic families as bench.rules: three Parquet files, a fixed seed, with holes.

Ages, schooling, allowance, disability, work and causes are those of bench.rules_facts; the rest is drawn around them so
that every check finds something. Statements are empty: they live in other departments' lists.
"""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench import rules_facts

DAY = date(2015, 12, 31)
LAND = ("land_cultivated", "land_forest", "land_returned", "land_orchard", "land_pasture", "land_water")
EXACT = ("income_operating", "income_property", "operating_cost")
FILES = ("people", "households", "years")


def write(folder: Path, households: int) -> dict[str, int]:
    """people.parquet, households.parquet, years.parquet; how many rows each has."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in FILES}
    for number, block in enumerate(rules_facts.blocks(households, known=False, year=DAY.year)):
        rng = np.random.default_rng([2016, number])
        parts["people"].append(_people(rng, block["people"]))
        parts["households"].append(_households(rng, block["households"]))
        parts["years"].append(_years(rng, block["households"]))
    rows = {}
    for name, frames in parts.items():
        whole = pl.concat(frames)
        whole.write_parquet(folder / f"{name}.parquet")
        rows[name] = whole.height
    return rows


def _people(rng: np.random.Generator, told: pl.DataFrame) -> pl.DataFrame:
    count = told.height

    def yes(share: float, missing: float = 0.02) -> pl.Series:
        drawn = pl.Series(rng.random(count) < share)
        return pl.select(pl.when(pl.Series(rng.random(count) >= missing)).then(drawn)).to_series()

    def some(values: list[Any], shares: list[float]) -> pl.Series:
        return pl.Series(values).gather(rng.choice(len(values), count, p=shares))

    age = told["age"].fill_null(40)
    place = told.select(pl.col("id") - pl.col("id").min().over("household")).to_series().to_numpy()
    man = rng.random(count) < 0.5
    relation = np.where(place == 0, "01", np.where(place == 1, "02", np.where(man, "03", "04")))
    relation = np.where(rng.random(count) < 0.005, rng.choice(["01", "03", "", "12"], count), relation)
    man = np.where(place == 1, rng.random(count) < 0.03, np.where(place == 0, rng.random(count) < 0.97, man))
    able = told["able_to_work"]
    labour = pl.select(pl.when(able.is_null()).then(pl.lit("")).when(able).then(some(["01", "02", "03"], [0.8, 0.1, 0.1]))
                       .otherwise(some(["04", "05"], [0.2, 0.8]))).to_series()  # fmt: skip
    ill = pl.Series(rng.random(count) < 0.15)
    disabled = told["disabled"].fill_null(value=False)
    health = pl.select(pl.when(pl.Series(rng.random(count) < 0.02)).then(pl.lit("")).when(disabled).then(pl.lit("04"))
                       .when(ill).then(some(["02", "03"], [0.7, 0.3])).otherwise(pl.lit("01"))).to_series()  # fmt: skip
    card = pl.select(disabled & pl.Series(rng.random(count) < 0.85) | pl.Series(rng.random(count) < 0.002)).to_series()
    grade = rng.integers(1, 5, count)
    schooling = told["schooling"].fill_null("").replace("none", "")
    return pl.DataFrame({
        "id": told["id"], "household": told["household"], "sex": np.where(man, "1", "2"),
        "born_on": pl.select(pl.date(DAY.year - age, pl.Series(rng.integers(1, 13, count)), 5)).to_series(),
        "relation": relation, "ethnic": pl.repeat("", count, eager=True),
        "education": pl.select(pl.when((schooling == "") | pl.Series(rng.random(count) < 0.01))
                               .then(some(["01", "02", "03", "04", ""], [0.1, 0.4, 0.35, 0.12, 0.03]))
                               .otherwise(pl.lit(""))).to_series(),
        "schooling": schooling, "health": pl.select(
            pl.when(health == "").then(pl.lit([], pl.List(pl.String))).otherwise(pl.concat_list(health))).to_series(),
        "labour": labour, "work_place": pl.repeat("", count, eager=True),
        "work_months": pl.select(pl.when(pl.Series(rng.random(count) < 0.2)).then(some([0, 0, 4, 10], [0.25] * 4))
                                 .when(pl.Series(rng.random(count) < 0.7)).then(0)).to_series(),
        "political": pl.repeat("", count, eager=True), "medical_insurance": yes(0.97),
        "serious_insurance": yes(0.9), "pension_insurance": yes(0.7), "dibao": told["dibao"], "disability_card": card,
        "disability_kind": pl.select(pl.when(card).then(pl.Series(rng.integers(1, 8, count)))).to_series(),
        "disability_grade": pl.select(pl.when(card).then(pl.Series(grade))).to_series(),
        "id_given": rng.random(count) < 0.985, "as_of": pl.repeat(date(2014, 1, 1), count, eager=True),
    })  # fmt: skip


def _households(rng: np.random.Generator, told: pl.DataFrame) -> pl.DataFrame:
    count = told.height
    causes = told["causes"].list.first().fill_null("")
    care = told["five_guarantee"].fill_null(value=False)
    day = pl.repeat(date(2014, 1, 1), count, eager=True)
    text = pl.repeat("", count, eager=True)
    return pl.DataFrame({
        "id": told["id"], "village": pl.select(pl.format("62112110{}", (told["id"] // 50 % 9000 + 1000).cast(pl.String))).to_series(),
        "kind": pl.select(pl.when(care).then(pl.lit("06")).otherwise(
            pl.Series(["01", "02"]).gather(rng.integers(0, 2, count)))).to_series(),
        "standard": text, "main_cause": causes,
        "other_causes": pl.select(pl.repeat(pl.lit([], pl.List(pl.String)), count)).to_series(),
        "status": told["exit_mark"].fill_null(""), "size": pl.repeat(4, count, dtype=pl.Int64, eager=True),
        "exit_year": pl.repeat(None, count, dtype=pl.Int64, eager=True), "relocation": told["relocation"],
        "loan_need": text, "wish": text, "since": day, "left_on": pl.repeat(None, count, dtype=pl.Date, eager=True),
        "removed_on": pl.repeat(None, count, dtype=pl.Date, eager=True), "phone_given": rng.random(count) < 0.9,
        "as_of": day,
    })  # fmt: skip


def _years(rng: np.random.Generator, told: pl.DataFrame) -> pl.DataFrame:
    count = told.height

    def amount(values: list[int], shares: list[float], missing: float = 0.03) -> pl.Series:
        drawn = pl.Series(values).gather(rng.choice(len(values), count, p=shares)).cast(pl.Decimal(12, 2))
        return pl.select(pl.when(pl.Series(rng.random(count) >= missing)).then(drawn)).to_series()

    def yes(share: float, missing: float = 0.03) -> pl.Series:
        return pl.select(
            pl.when(pl.Series(rng.random(count) >= missing)).then(pl.Series(rng.random(count) < share))
        ).to_series()

    land = {name: amount([0, 3, 12, 40, 150, 260], [0.3, 0.3, 0.3, 0.08, 0.01, 0.01]) for name in LAND}
    years = pl.DataFrame({
        "household": told["id"], "year": pl.repeat(2015, count, dtype=pl.Int64, eager=True),
        "income_wage": amount([0, 50, 4000, 20000], [0.3, 0.02, 0.38, 0.3]),
        **{name: amount([0, 900], [0.5, 0.5]) for name in EXACT}, "income_transfer": amount([0, 600, 3000], [0.3, 0.4, 0.3]),
        "net_income": amount([9000], [1.0]), "income_per_head": amount([1800, 2500, 4000, 25000], [0.2, 0.4, 0.39, 0.01]), **land,
        "house_area": amount([60, 90], [0.5, 0.5]), "road_km": amount([0, 2, 7], [0.6, 0.38, 0.02]),
        "house_unsafe": told["house_unsafe"], "house_grade": pl.repeat("", count, eager=True), "water_safe": told["water_safe"],
        "water_hard": told["water_hard"], "power": yes(0.99), "toilet": yes(0.6),
        "road_kind": pl.Series(["03", "02", ""]).gather(rng.choice(3, count, p=[0.6, 0.37, 0.03])),
        "fuel": pl.repeat("", count, eager=True), "cooperative": yes(0.1), "as_of": pl.repeat(DAY, count, eager=True),
    })  # fmt: skip
    return years.filter(pl.Series(rng.random(count) < 0.98))
