"""Quality rules about households, and about households and their members together."""

import polars as pl

from .quality import empty_cells, has, rule, tell
from .typed import Checking


@rule("household_required")
def _2_living(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """2: electricity, safe water, toilet, road to the house, house area, dangerous house must be filled."""
    for name in ("power", "water_safe", "toilet", "road_kind", "road_hard", "house_area", "house_unsafe"):
        if name in households.columns:
            empty_cells(work, households, name, "household_required", severity)


@rule("land_required")
def _3_land(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """3: the six kinds of land must be filled, with 0 for none."""
    for name in ("land_cultivated", "land_forest", "land_returned", "land_orchard", "land_pasture", "land_water"):
        if name in households.columns:
            empty_cells(work, households, name, "land_required", severity)


@rule("phone")
def _4_phone(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """4: the household's phone is given (its form is checked with the column)."""
    if "phone" in households.columns:
        empty_cells(work, households, "phone", "phone", severity)


@rule("phone_shared")
def _18_phone(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """18: several households with one phone."""
    if not has(households, "phone"):
        return
    filled = households.filter(pl.col("phone").is_not_null())
    again = filled.filter(pl.col("phone").is_duplicated())
    listed = again.group_by("phone").agg(count=pl.len(), rows=pl.col("_label").head(6).str.join("、"))
    again = again.join(listed, on="phone", how="left", maintain_order="left").with_columns(value=pl.col("phone"))
    tell(work, again, "phone", "phone_shared", severity, ("count", "rows"))


@rule("tiny_wage")
def _38_wage(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """38: wage income above 0 but next to nothing is mostly a wrong unit."""
    if has(households, "income_wage"):
        low = work.param("tiny_wage", "low", 0)
        rows = households.filter((pl.col("income_wage") > 0) & (pl.col("income_wage") < low))
        tell(work, rows.with_columns(value=pl.col("income_wage")), "income_wage", "tiny_wage", severity, low=f"{low:g}")


@rule("income_high")
def _39_income(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """39: income per head above the mark of the rule, beyond all belief, or close to nothing."""
    if not has(households, "income_per_head"):
        return
    name, high = pl.col("income_per_head"), work.param("income_high", "high", float("inf"))
    shown = households.with_columns(value=name)
    beyond = work.limit("income_per_head")
    top = beyond[1] if beyond and beyond[1] is not None else float("inf")
    tell(
        work, shown.filter((name > high) & (name <= top)), "income_per_head", "income_high", severity, high=f"{high:g}"
    )
    if beyond:
        rows = shown.filter(name > top)
        work.findings.add(
            rows, "income_per_head", "out_of_range", severity=beyond[2],
            params={"low": "0", "high": f"{top:g}", "unit": beyond[3]},
        )  # fmt: skip
    low = work.limit("income_per_head_low")
    if low and low[0] is not None:
        tell(work, shown.filter(name < low[0]), "income_per_head", "income_low", low[2])


def _fact_rows(work: Checking, households: pl.DataFrame, fact: str) -> pl.DataFrame:
    """Households whose main cause asks for a fact (ill, disabled, labour_short)."""
    codes = [code for code, cause in work.profile.causes.items() if cause.fact == fact]
    return households.filter(pl.col("main_cause").is_in(codes)) if codes else households.clear()


def _cause_without(
    work: Checking, households: pl.DataFrame, persons: pl.DataFrame, fact: str, column: str, code: str, severity: str
) -> None:
    if not (has(households, "main_cause") and has(persons, "health")):
        return
    rows = _fact_rows(work, households, fact)
    found = persons.filter(pl.col(column).fill_null(False)).select("_household")
    unknown = persons.filter(pl.col("health").is_null()).select("_household")  # an empty cell proves nothing
    rows = rows.join(found, on="_household", how="anti").join(
        unknown, on="_household", how="anti", maintain_order="left"
    )
    rows = rows.join(persons.select("_household"), on="_household", how="semi", maintain_order="left")
    label = pl.col("main_cause").replace({key: cause.label.zh for key, cause in work.profile.causes.items()})
    tell(work, rows.with_columns(value=label), "main_cause", code, severity)


@rule("cause_disabled")
def _31_disabled(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """31: the cause is disability, nobody is disabled."""
    if persons.height and "disability_card" in persons.columns:
        persons = persons.with_columns(
            _disabled=pl.col("_disabled").fill_null(False) | pl.col("disability_card").is_not_null()
        )
    _cause_without(work, households, persons, "disabled", "_disabled", "cause_disabled", severity)


@rule("cause_ill")
def _32_ill(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """32: the cause is illness, nobody is ill."""
    _cause_without(work, households, persons, "ill", "_ill", "cause_ill", severity)


def _workers(persons: pl.DataFrame) -> pl.DataFrame:
    return persons.group_by("_household").agg(
        members=pl.len(), workers=(pl.col("_labour") == "able").sum(),
        hands=pl.col("_labour").is_in(["able", "weak"]).sum(), unknown=pl.col("_labour").is_null().sum(),
    )  # fmt: skip


@rule("cause_labour")
def _33_labour(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """33: the cause is lack of labour, yet a good part of the members (or all) can work."""
    if has(households, "main_cause") and has(persons, "labour"):
        share, size = work.param("cause_labour", "share", 1), work.param("cause_labour", "members", 0)
        rows = _fact_rows(work, households, "labour_short").join(
            _workers(persons), on="_household", maintain_order="left"
        )
        many = (pl.col("members") >= size) & (pl.col("workers") >= share * pl.col("members"))
        rows = rows.filter((pl.col("workers") > 0) & (many | (pl.col("workers") == pl.col("members"))))
        label = pl.col("main_cause").replace({key: cause.label.zh for key, cause in work.profile.causes.items()})
        tell(work, rows.with_columns(value=label), "main_cause", "cause_labour", severity, ("members", "workers"))


@rule("no_labour_no_aid")
def _36_aid(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """36: nobody can work and nobody has the minimum allowance or special care."""
    if has(persons, "labour", "dibao") and households.height:
        idle = _workers(persons).filter((pl.col("hands") == 0) & (pl.col("unknown") == 0))
        aided = persons.filter(_aided()).select("_household")
        rows = persons.join(idle, on="_household", how="semi").join(
            aided, on="_household", how="anti", maintain_order="left"
        )
        rows = rows.unique("_household", keep="first", maintain_order=True)
        tell(work, rows, "dibao", "no_labour_no_aid", severity)


def _aided() -> pl.Expr:
    return ((pl.col("_dibao") == "yes").fill_null(False)) | ((pl.col("_care") == "yes").fill_null(False))


@rule("aid_without_income")
def _37_transfers(work: Checking, households: pl.DataFrame, persons: pl.DataFrame, severity: str) -> None:
    """37: somebody has the allowance or special care, yet there is no transfer income."""
    if has(households, "income_transfer") and persons.height:
        aided = persons.filter(_aided()).select("_household").unique()
        rows = households.filter(pl.col("income_transfer").fill_null(0) <= 0).join(
            aided, on="_household", how="semi", maintain_order="left"
        )
        tell(
            work, rows.with_columns(value=pl.col("income_transfer")), "income_transfer", "aid_without_income", severity
        )
