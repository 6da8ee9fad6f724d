"""The provisions that decide on the day as a straightforward person would write them: with pandas, and as a loop."""

from pathlib import Path
from typing import Any

from bench.rules_laps import Laps, Sums

YEAR = 2016
FIXED = {
    "boarder_junior": 1250, "boarder_primary": 1000, "college_entry_inside": 500, "college_entry_outside": 1000,
    "college_tuition": 5000, "dibao_class_1": 3300, "dibao_class_2": 2808, "inpatient_points": 5, "preschool_fee": 1000,
    "preschool_living": 600, "school_meals": 800, "senior_grant": 1500, "vocational_grant": 2000,
    "vocational_tuition": 2000,
}  # fmt: skip


def pandas_script(folder: Path, laps: Laps) -> Sums:
    import numpy as np
    import pandas as pd

    p, h = pd.read_parquet(folder / "people.parquet"), pd.read_parquet(folder / "households.parquet")
    for table, column in (
        (p, "student_loan_yuan"),
        (p, "medical_self_paid"),
        (h, "dividend_due"),
        (h, "loan_wanted_yuan"),
    ):
        table[column] = table[column].astype(float)
    laps.lap("read")
    home = ["id", "registered", "five_guarantee", "family_planning_kind"]
    home += ["village__poor_village", "village__day_care_room"]
    p = p.merge(h[home].rename(columns={"id": "household"}), on="household", how="left")
    laps.lap("build")
    stage, registered = p.school_stage, p.registered
    college = registered & (stage == "college")
    g = {
        "boarder_junior": registered & (stage == "junior") & p.boards,
        "boarder_primary": registered & (stage == "primary") & p.boards,
        "college_entry_inside": college & (p.college_entry_year == YEAR) & (p.college_place == "inside"),
        "college_entry_outside": college & (p.college_entry_year == YEAR) & (p.college_place == "outside"),
        "college_tuition": registered & p.schooling.isin(["13", "14", "15", "43"]) & (p.college_place == "inside"),
        "dibao_class_1": p.dibao & (p.dibao_class == 1),
        "dibao_class_2": p.dibao & (p.dibao_class == 2),
        "elderly_day_care": (p.age >= 60) & p.village__poor_village & p.village__day_care_room,
        "inpatient_points": registered & p.medical_insurance,
        "pension_premium": (
            (p.disabled & p.disability_grade.isin([1, 2])) | p.five_guarantee
            | p.family_planning_kind.isin(["only_daughter", "two_daughters", "only_child"])
        ) & (p.age >= 16) & (p.age < 60) & ~p.in_school,
        "preschool_fee": registered & (stage == "preschool") & p.school_local,
        "preschool_living": registered & (stage == "preschool") & p.last_preschool_year,
        "school_meals": stage.isin(["primary", "junior"]),
        "senior_grant": registered & (stage == "senior"),
        "serious_illness": p.serious_insurance & (
            (p.medical_self_paid > 5000) | (registered & (p.medical_self_paid > 3000))
        ),
        "skill_training": registered & p.able_to_work & ~p.in_school & p.training_wanted,
        "student_loan": college,
        "vocational_grant": registered & (stage == "vocational") & (
            p.schooling.isin(["10", "11"]) | ((p.schooling == "42") & (p.school_year <= 2))
        ),
        "vocational_tuition": stage == "vocational",
    }  # fmt: skip
    of = p.groupby("household")
    able, certified = of.able_to_work.any().reindex(h.id).to_numpy(), of.certificate.any().reindex(h.id).to_numpy()
    fell_back = h.exit_mark == "3"
    poor = h.registered
    g |= {
        "double_link_loan": h.loan_need & h.credit_ok,
        "house_renovation": poor & h.house_unsafe,
        "partner_dividend": h.partner_contract & (h.dividend_due > 0),
        "relapse_disaster": fell_back & h.causes.map(lambda causes: "04" in causes),
        "relapse_illness": fell_back & h.causes.map(lambda causes: "01" in causes),
        "relapse_schooling": fell_back & h.causes.map(lambda causes: "03" in causes),
        "relocation": poor & h.relocation & h.relocation_agreed,
        "safe_water": poor & (~h.water_safe | h.water_hard),
        "skill_certificate": poor & able & ~certified,
        "targeted_loan": poor & h.loan_need,
    }
    loan = h.loan_wanted_yuan.clip(upper=50000)
    y = {
        "serious_illness": np.where(g["serious_illness"] & registered, 3, 0),
        "student_loan": np.where(g["student_loan"], p.student_loan_yuan.clip(upper=8000), 0),
        "partner_dividend": np.where(g["partner_dividend"], h.dividend_due, 0),
        "double_link_loan": np.where(g["double_link_loan"], loan, 0),
        "targeted_loan": np.where(g["targeted_loan"], loan, 0),
    }
    laps.lap("query")
    return told(g, y)


def openfisca(folder: Path, laps: Laps, *, ready: bool = False) -> Sums:
    from bench import rules_openfisca as peer

    system = peer.system()
    laps.lap("system")
    people, households = peer.read(folder, ready=ready)
    laps.lap("read")
    simulation = peer.build(system, people, households, str(YEAR))
    laps.lap("build")
    granted, yuan = peer.calculate(simulation, str(YEAR))
    laps.lap("query")
    return told(granted, yuan)


def told(granted: dict[str, Any], yuan: dict[str, Any]) -> Sums:
    """Check sums of columns; amounts that are the same for all are one number, as in ours."""
    found: Sums = {}
    for code, column in granted.items():
        count = int(column.sum())
        amount = FIXED[code] * count if code in FIXED else yuan[code].astype(float).sum() if code in yuan else None
        found[code] = (count, 0, None if amount is None else f"{amount:.2f}")
    return found


def loop(folder: Path, laps: Laps) -> Sums:
    """Family by family, in plain Python over dictionaries."""
    import pyarrow.parquet as pq

    people, households = (pq.read_table(folder / f"{name}.parquet").to_pylist() for name in ("people", "households"))
    laps.lap("read")
    homes: dict[int, list[dict[str, Any]]] = {}
    for one in people:
        homes.setdefault(one["household"], []).append(one)
    laps.lap("build")
    counts: dict[str, int] = {}
    yuan: dict[str, float] = {}

    def grant(code: str, amount: Any = None) -> None:
        counts[code] = counts.get(code, 0) + 1
        if amount is not None:
            yuan[code] = yuan.get(code, 0) + float(amount)

    for home in households:
        members = homes.get(home["id"], [])
        _household(home, members, grant)
        for one in members:
            _person(one, home, grant)
    laps.lap("query")
    return {code: (count, 0, f"{yuan[code]:.2f}" if code in yuan else None) for code, count in counts.items()}


def _household(home: dict[str, Any], members: list[dict[str, Any]], grant: Any) -> None:
    registered = home["registered"]
    loan = min(home["loan_wanted_yuan"], 50000)
    if home["loan_need"]:
        if home["credit_ok"]:
            grant("double_link_loan", loan)
        if registered:
            grant("targeted_loan", loan)
    if home["partner_contract"] and home["dividend_due"] > 0:
        grant("partner_dividend", home["dividend_due"])
    if home["exit_mark"] == "3":
        for code, cause in (("relapse_disaster", "04"), ("relapse_illness", "01"), ("relapse_schooling", "03")):
            if cause in home["causes"]:
                grant(code)
    if not registered:
        return
    if home["house_unsafe"]:
        grant("house_renovation")
    if home["relocation"] and home["relocation_agreed"]:
        grant("relocation")
    if not home["water_safe"] or home["water_hard"]:
        grant("safe_water")
    if any(one["able_to_work"] for one in members) and not any(one["certificate"] for one in members):
        grant("skill_certificate")


def _person(one: dict[str, Any], home: dict[str, Any], grant: Any) -> None:
    registered, stage, age = home["registered"], one["school_stage"], one["age"]
    if one["dibao"] and one["dibao_class"] in (1, 2):
        grant(*(("dibao_class_1", 3300) if one["dibao_class"] == 1 else ("dibao_class_2", 2808)))
    if age >= 60 and home["village__poor_village"] and home["village__day_care_room"]:
        grant("elderly_day_care")
    if 16 <= age < 60 and not one["in_school"] and (
        (one["disabled"] and one["disability_grade"] in (1, 2)) or home["five_guarantee"]
        or home["family_planning_kind"] in ("only_daughter", "two_daughters", "only_child")
    ):  # fmt: skip
        grant("pension_premium")
    paid = one["medical_self_paid"]
    if one["serious_insurance"] and (paid > 5000 or (registered and paid > 3000)):
        grant("serious_illness", 3 if registered else 0)
    if stage in ("primary", "junior"):
        grant("school_meals", 800)
    if stage == "vocational":
        grant("vocational_tuition", 2000)
    if registered:
        _registered(one, stage, grant)


def _registered(one: dict[str, Any], stage: str, grant: Any) -> None:
    if one["medical_insurance"]:
        grant("inpatient_points", 5)
    if one["able_to_work"] and not one["in_school"] and one["training_wanted"]:
        grant("skill_training")
    inside = one["college_place"] == "inside"
    if one["schooling"] in ("13", "14", "15", "43") and inside:
        grant("college_tuition", 5000)
    if stage == "preschool":
        if one["school_local"]:
            grant("preschool_fee", 1000)
        if one["last_preschool_year"]:
            grant("preschool_living", 600)
    elif stage == "primary":
        if one["boards"]:
            grant("boarder_primary", 1000)
    elif stage == "junior":
        if one["boards"]:
            grant("boarder_junior", 1250)
    elif stage == "senior":
        grant("senior_grant", 1500)
    elif stage == "vocational":
        if one["schooling"] in ("10", "11") or (one["schooling"] == "42" and one["school_year"] <= 2):
            grant("vocational_grant", 2000)
    elif stage == "college":
        grant("student_loan", min(one["student_loan_yuan"], 8000))
        if one["college_entry_year"] == YEAR and (inside or one["college_place"] == "outside"):
            grant(*(("college_entry_inside", 500) if inside else ("college_entry_outside", 1000)))
