"""Quality rules about single members."""

import polars as pl

from .quality import empty_cells, has, rule, tell
from .typed import Checking


@rule("education_required")
def _8_education(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """8: schooling completed, grade at school and reason for leaving school are not all empty."""
    if has(persons, "education", "schooling"):
        empty = pl.col("education").is_null() & pl.col("schooling").is_null()
        if "dropout_reason" in persons.columns:
            empty = empty & pl.col("dropout_reason").is_null()
        tell(work, persons.filter(empty), "education", "education_required", severity)


@rule("education_twice")
def _12_education(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """12: schooling completed and grade at school exclude each other."""
    if has(persons, "education", "schooling"):
        both = persons.filter(pl.col("education").is_not_null() & pl.col("schooling").is_not_null())
        both = both.filter(
            pl.col("_school").is_null() | (pl.col("_school") != "preschool") | (pl.col("_educated") != "preschool")
        )
        tell(work, both, "schooling", "education_twice", severity)


@rule("insurance_required")
def _9_insurance(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """9: serious-illness insurance is given; of resident and employee insurances not both are empty."""
    pairs = (
        ("medical_insurance", "employee_medical"),
        ("serious_insurance", ""),
        ("pension_insurance", "employee_pension"),
    )
    for name, other in pairs:
        if name in persons.columns:
            rows = persons.filter(pl.col(other).is_null()) if other in persons.columns else persons
            empty_cells(work, rows, name, "insurance_required", severity)


@rule("insurance_twice")
def _13_insurance(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """13: resident and employee medical insurance both yes, or both no."""
    if has(persons, "medical_insurance", "employee_medical"):
        rows = persons.filter(pl.col("medical_insurance") == pl.col("employee_medical"))
        rows = rows.with_columns(both=pl.when(pl.col("medical_insurance")).then(pl.lit("是")).otherwise(pl.lit("否")))
        tell(work, rows, "medical_insurance", "insurance_twice", severity, ("both",))


def _working(persons: pl.DataFrame) -> str:
    return next((name for name in ("work_months", "works", "work_place") if name in persons.columns), "name")


@rule("pupil_works")
def _14_pupils(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """14: works away while at school."""
    if has(persons, "schooling"):
        rows = persons.filter(pl.col("schooling").is_not_null() & pl.col("_away") & (pl.col("_school") != "preschool"))
        tell(work, rows, _working(persons), "pupil_works", severity)


@rule("special_care_works")
def _15_care(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """15: works away while in special care."""
    if has(persons, "special_care"):
        tell(
            work,
            persons.filter((pl.col("_care") == "yes") & pl.col("_away")),
            _working(persons),
            "special_care_works",
            severity,
        )


@rule("preschool_age")
def _20_preschool(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """20: healthy, old enough for school, still below it."""
    if has(persons, "schooling"):
        old = pl.col("age") >= int(work.param("preschool_age", "too_old", 7))
        well = (pl.col("_healthy") & ~pl.col("_ill") & ~pl.col("_disabled")).fill_null(True)  # not told: not ill
        rows = persons.filter(old & (pl.col("_school") == "preschool") & well)
        tell(work, rows, "schooling", "preschool_age", severity, ("age",))


@rule("school_age")
def _21_stages(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """21: the age does not fit the stage of school."""
    if not has(persons, "schooling"):
        return
    labels = {item.code: item.label.zh for item in work.profile.codes["schooling"]}
    said = pl.col("schooling").replace_strict(labels, default=None, return_dtype=pl.String)
    for stage in ("primary", "junior", "senior", "vocational", "college", "master"):
        low = work.param("school_age", f"{stage}_low", 0)
        high = work.param("school_age", f"{stage}_high", float("inf"))
        rows = persons.filter((pl.col("_school") == stage) & ((pl.col("age") < low) | (pl.col("age") > high)))
        rows = rows.select("_at", "_prefixed", "age", value=said, schooling=said)
        tell(
            work, rows, "schooling", "school_age", severity, ("age", "schooling"),
            low=f"{low:g}", high="" if high == float("inf") else f"{high:g}",
        )  # fmt: skip


@rule("low_education")
def _22_education(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """22: young, primary school or less, not at school: perhaps a pupil who is not entered."""
    if has(persons, "education"):
        low, high = work.param("low_education", "low", 16), work.param("low_education", "high", 22)
        young = pl.col("age").is_between(low, high) & (pl.col("_educated") == "primary_or_less")
        rows = persons.filter(
            young & (pl.col("schooling").is_null() if "schooling" in persons.columns else pl.lit(True))
        )
        tell(work, rows, "education", "low_education", severity, ("age",))


@rule("out_of_school")
def _23_school(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """23: of compulsory school age, not at school, no reason given."""
    if has(persons, "schooling"):
        low, high = work.param("out_of_school", "low", 6), work.param("out_of_school", "high", 15)
        child = pl.col("age").is_between(low, high) & pl.col("schooling").is_null()
        if "dropout_reason" in persons.columns:
            child = child & pl.col("dropout_reason").is_null()
        tell(work, persons.filter(child), "schooling", "out_of_school", severity, ("age",))


@rule("child_labour")
def _24_children(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """24: a child counted as a worker, or working away."""
    young = pl.col("age") < int(work.param("child_labour", "adult", 16))
    if has(persons, "labour"):
        rows = persons.filter(young & pl.col("_labour").is_in(["able", "weak"]))
        tell(work, rows, "labour", "child_labour", severity, ("age",))
    if persons.height:
        tell(work, persons.filter(young & pl.col("_away")), _working(persons), "child_labour", severity, ("age",))


@rule("able_but_unable")
def _25_able(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """25: of working age, healthy, not at school, but counted as unable or weak."""
    if has(persons, "labour", "health"):
        low, high = work.param("able_but_unable", "low", 16), work.param("able_but_unable", "high", 59)
        at_school = pl.col("schooling").is_not_null() if "schooling" in persons.columns else pl.lit(False)
        rows = persons.filter(
            pl.col("age").is_between(low, high)
            & _only_healthy()
            & ~at_school
            & pl.col("_labour").is_in(["unable", "weak"])
        )
        tell(work, rows, "labour", "able_but_unable", severity, ("age",))


def _only_healthy() -> pl.Expr:
    return (pl.col("_healthy") & ~pl.col("_ill") & ~pl.col("_disabled")).fill_null(False)


@rule("healthy_special_care")
def _27_care(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """27: of working age, healthy, not at school, but in special care."""
    if has(persons, "special_care", "health"):
        low, high = work.param("healthy_special_care", "low", 18), work.param("healthy_special_care", "high", 59)
        at_school = pl.col("schooling").is_not_null() if "schooling" in persons.columns else pl.lit(False)
        rows = persons.filter(
            pl.col("age").is_between(low, high) & _only_healthy() & ~at_school & (pl.col("_care") == "yes")
        )
        tell(work, rows, "special_care", "healthy_special_care", severity, ("age",))


@rule("unable_but_works")
def _28_unable(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """28: unable to work but working away."""
    if has(persons, "labour"):
        rows = persons.filter((pl.col("_labour") == "unable") & pl.col("_away"))
        tell(work, rows, "labour", "unable_but_works", severity)


@rule("disabled_card")
def _29_cards(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """29: grave limb disability but an ordinary worker; disabled without a card; a card but said to be healthy."""
    if not persons.height:
        return
    card: pl.Expr = pl.when(pl.col("id_number_kind").str.starts_with("disability")).then(pl.col("id_number"))
    if "disability_card" in persons.columns:
        card = pl.coalesce(card, pl.col("disability_card"))
    rows = persons.with_columns(_card=card).with_columns(
        _type=pl.col("_card").str.slice(18, 1), _grade=pl.col("_card").str.slice(19, 1).cast(pl.Int32, strict=False)
    )
    limb = str(int(work.param("disabled_card", "limb_type", 4)))
    grave = (pl.col("_type") == limb) & (pl.col("_grade") <= work.param("disabled_card", "grave_grade", 2))
    if "labour" in persons.columns:
        able = rows.filter(grave & (pl.col("_labour") == "able"))
        tell(work, able, "labour", "disabled_card", severity, detail="一、二级肢体残疾登记为普通劳动力")
    if "health" in persons.columns and "disability_card" in persons.columns:
        bare = rows.filter(
            pl.col("_disabled").fill_null(False)
            & pl.col("_card").is_null()
            & ~pl.col("disability_card_problem")
            .is_in(["check", "date", "length", "letters", "damaged", "disability", "province"])
            .fill_null(False)
        )
        tell(work, bare, "disability_card", "disabled_card", severity, detail="健康状况为残疾但没有残疾证号")
    if "health" in persons.columns:
        healthy = rows.filter(pl.col("_card").is_not_null() & _only_healthy())
        tell(work, healthy, "health", "disabled_card", severity, detail="有残疾证但健康状况不是残疾")
