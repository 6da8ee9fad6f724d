"""The checks as a straightforward person would write them: with pandas over columns, and object by object with Django."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from bench.quality_facts import DAY, LAND
from bench.rules_laps import Laps

Counts = dict[str, int]
PRESCHOOL, JUNIOR, SENIOR = {"01", "02"}, {"04", "05", "06", "40"}, {"07", "08", "09", "41"}
VOCATIONAL, MASTER = {"10", "11", "12", "42"}, {"25"}
COLLEGE = {f"{n:02d}" for n in range(13, 25)} | {"43", "44"}
STAGES = (
    (({"03"}), 6, 14),
    (JUNIOR, 12, 17),
    (SENIOR, 15, 20),
    (VOCATIONAL, 15, 20),
    (COLLEGE, 18, 999),
    (MASTER, 20, 999),
)
LIMITS = dict(zip(LAND, (100, 200, 200, 200, 100, 100), strict=True))
MALE = {"03", "06", "07", "09", "11", "13", "15", "17", "19", "22", "24", "27"}
FEMALE = {"04", "05", "08", "10", "12", "14", "16", "18", "20", "23", "25", "26"}
LINE_2015 = 2855


def pandas_script(folder: Path, laps: Laps) -> Counts:
    import pandas as pd

    p, h, y = (pd.read_parquet(folder / f"{name}.parquet") for name in ("people", "households", "years"))
    laps.lap("read")
    for name in y.columns:
        if name.startswith(("income", "land", "house_area", "road_km", "net", "operating")):
            y[name] = y[name].astype(float)
    h = h.merge(y.drop(columns="as_of"), left_on="id", right_on="household", how="left")
    born = pd.to_datetime(p.born_on)
    p["age"] = (
        DAY.year
        - born.dt.year
        - ((born.dt.month > DAY.month) | ((born.dt.month == DAY.month) & (born.dt.day > DAY.day)))
    )
    p["first"] = p.health.str[0]
    p = p.merge(h[["id", "kind"]].rename(columns={"id": "household"}), on="household", how="left")
    laps.lap("facts")
    away, none = p.work_months > 0, p.schooling == ""
    healthy, weak = p["first"] == "01", p.labour.isin(["03", "04", "05"])
    unable, able = p.labour.isin(["04", "05"]), p.labour.isin(["01", "02"])
    care, pre = p.kind == "06", p.schooling.isin(PRESCHOOL)
    wrong_age = False
    for codes, low, high in STAGES:
        wrong_age |= p.schooling.isin(codes) & ((p.age < low) | (p.age > high))
    found = {
        "relation_required": p.relation == "", "education_required": (p.education == "") & none,
        "insurance_required": p.medical_insurance.isna() | p.serious_insurance.isna() | p.pension_insurance.isna(),
        "id_missing": ~p.id_given, "education_twice": (p.education != "") & ~none & ~(pre & (p.education == "08")),
        "pupil_works": ~none & ~pre & away, "special_care_works": care & away,
        "preschool_age": (p.age >= 7) & pre & (healthy | p["first"].isna()), "school_age": wrong_age,
        "low_education": p.age.between(16, 22) & p.education.isin(["01", "02"]) & none,
        "out_of_school": p.age.between(6, 15) & none, "child_labour": (p.age < 16) & (able | (p.labour == "03") | away),
        "able_but_unable": p.age.between(16, 59) & healthy & none & weak,
        "healthy_special_care": p.age.between(18, 59) & healthy & none & care, "unable_but_works": unable & away,
        "disabled_card": ((p["first"] == "04") & ~p.disability_card) | (p.disability_card & healthy)
        | ((p.disability_kind == 4) & (p.disability_grade <= 2) & able),
    }  # fmt: skip
    known = p["first"].notna()
    p["disabled_"] = p.disability_card | (p["first"] == "04")
    p["no_disabled"] = ~p.disability_card & known & (p["first"] != "04")
    p["no_ill"] = known & ~p["first"].isin(["02", "03"])
    p["able_"], p["idle"], p["aided"] = able, unable, p.dibao == True  # noqa: E712 - holes are neither
    p["away"], p["head"], p["spouse"] = away, p.relation == "01", p.relation == "02"
    male, female = p.sex == "1", p.sex == "2"
    p["odd"] = (p.relation.isin(MALE) & female) | (p.relation.isin(FEMALE) & male)
    p["hm"], p["hf"], p["sm"], p["sf"] = p["head"] & male, p["head"] & female, p.spouse & male, p.spouse & female
    g = p.groupby("household").agg(
        n=("id", "size"), no_disabled=("no_disabled", "all"), no_ill=("no_ill", "all"), able=("able_", "sum"),
        idle=("idle", "all"), aided=("aided", "any"), away=("away", "any"), heads=("head", "sum"), spouses=("spouse", "sum"),
        odd=("odd", "any"), hm=("hm", "any"), hf=("hf", "any"), sm=("sm", "any"), sf=("sf", "any"),
    ).reindex(h.id).reset_index(drop=True)  # fmt: skip
    there = h.household.notna()
    empty, beyond = False, False
    for name, limit in LIMITS.items():
        empty |= h[name].isna()
        beyond |= (h[name] < 0) | (h[name] > limit)
    living = (
        h.power.isna() | h.water_safe.isna() | h.toilet.isna() | h.road_kind.fillna("").eq("") | h.house_area.isna()
    )
    fixed = h.kind == "06"
    found |= {
        "household_required": living | h.house_unsafe.isna(), "land_required": there & empty, "phone": ~h.phone_given,
        "sex_and_relation": g.odd | (g.hm & g.sm) | (g.hf & g.sf), "one_head": (g.heads != 1) | (g.spouses > 1),
        "cause_disabled": (h.main_cause == "02") & g.no_disabled, "cause_ill": (h.main_cause == "01") & g.no_ill,
        "cause_labour": (h.main_cause == "08") & (g.able > 0) & (((g.n >= 4) & (g.able >= 0.5 * g.n)) | (g.able == g.n)),
        "no_labour_no_aid": g.idle & ~g.aided & ~h.kind.isin(["02", "04", "06"]),
        "aid_without_income": there & ~(h.income_transfer > 0) & (fixed | g.aided),
        "tiny_wage": (h.income_wage > 0) & (h.income_wage < 100), "income_high": h.income_per_head > 20000,
        "land_range": beyond, "far_from_road": h.road_km > 5, "work_without_wage": there & ~(h.income_wage > 0) & g.away,
        "exit_below_line": (h.status == "1") & (h.income_per_head < LINE_2015),
    }  # fmt: skip
    told = {code: int(column.sum()) for code, column in found.items()}
    laps.lap("query")
    return told


# --- object by object ---------------------------------------------------------------------------------------------------
def django_loop(counts: Counts) -> Counts:
    """Every household with its members and account as Django hands them out, one after the other."""
    from django.db.models import Prefetch

    from shuanglian.registry.models import Household, HouseholdYear, Person

    rows = Household.objects.prefetch_related(
        Prefetch("people", Person.objects.filter(left_on__isnull=True)),
        Prefetch("years", HouseholdYear.objects.order_by("-year")),
    )

    def tell(code: str, wrong: object) -> None:
        if wrong:
            counts[code] = counts.get(code, 0) + 1

    for home in rows.iterator(chunk_size=500):
        members, years = list(home.people.all()), list(home.years.all())
        _household(home, members, years[0] if years else None, tell)
        for one in members:
            _person(one, home, tell)
    return counts


def _age(born: date) -> int:
    return DAY.year - born.year - ((born.month, born.day) > (DAY.month, DAY.day))


def _person(one: Any, home: Any, tell: Any) -> None:
    age, health, card = _age(one.born_on), set(one.health), one.disability_card
    away, healthy, none = bool(one.work_months), health == {"01"}, one.schooling == ""
    pre, care = one.schooling in PRESCHOOL, home.kind == "06"
    tell("relation_required", one.relation == "")
    tell("education_required", one.education == "" and none)
    tell("insurance_required", None in (one.medical_insurance, one.serious_insurance, one.pension_insurance))
    tell("id_missing", one.id_digest == "")
    tell("education_twice", one.education and not none and not (pre and one.education == "08"))
    tell("pupil_works", not none and not pre and away)
    tell("special_care_works", care and away)
    tell("preschool_age", age >= 7 and pre and (healthy or not health))
    tell("school_age", any(one.schooling in codes and not low <= age <= high for codes, low, high in STAGES))
    tell("low_education", 16 <= age <= 22 and one.education in ("01", "02") and none)
    tell("out_of_school", 6 <= age <= 15 and none)
    tell("child_labour", age < 16 and (one.labour in ("01", "02", "03") or away))
    tell("able_but_unable", 16 <= age <= 59 and healthy and none and one.labour in ("03", "04", "05"))
    tell("healthy_special_care", 18 <= age <= 59 and healthy and none and care)
    tell("unable_but_works", one.labour in ("04", "05") and away)
    grave = card and card[18] == "4" and card[19] in "12" and one.labour in ("01", "02")
    tell("disabled_card", ("04" in health and not card) or (card and healthy) or grave)


def _household(home: Any, members: list[Any], year: Any, tell: Any) -> None:
    heads = [one for one in members if one.relation == "01"]
    spouses = [one for one in members if one.relation == "02"]
    tell("phone", home.phone_digest == "")
    tell("one_head", len(heads) != 1 or len(spouses) > 1)
    odd = any(
        (one.relation in MALE and one.sex == "2") or (one.relation in FEMALE and one.sex == "1") for one in members
    )
    tell("sex_and_relation", odd or any(one.sex == other.sex for one in heads for other in spouses))
    disabled = [bool(one.disability_card) or ("04" in one.health if one.health else None) for one in members]
    ill = [bool({"02", "03"} & set(one.health)) if one.health else None for one in members]
    able = sum(one.labour in ("01", "02") for one in members)
    aided = any(one.dibao for one in members)
    tell("cause_disabled", home.main_cause == "02" and all(one is False for one in disabled))
    tell("cause_ill", home.main_cause == "01" and all(one is False for one in ill))
    enough = (len(members) >= 4 and able >= 0.5 * len(members)) or able == len(members)
    tell("cause_labour", home.main_cause == "08" and able and enough)
    idle = all(one.labour in ("04", "05") for one in members)
    tell("no_labour_no_aid", idle and not aided and home.kind not in ("02", "04", "06"))
    if year is None:
        tell("household_required", True)
        return
    required = (year.power, year.water_safe, year.toilet, year.house_area, year.house_unsafe)
    tell("household_required", None in required or not year.road_kind)
    land = {name: getattr(year, name) for name in LAND}
    tell("land_required", None in land.values())
    tell("land_range", any(value is not None and not 0 <= value <= LIMITS[name] for name, value in land.items()))
    tell("far_from_road", year.road_km is not None and year.road_km > 5)
    tell("tiny_wage", year.income_wage is not None and 0 < year.income_wage < 100)
    tell("income_high", year.income_per_head is not None and year.income_per_head > 20000)
    tell("aid_without_income", not year.income_transfer and (home.kind == "06" or aided))
    tell("work_without_wage", not year.income_wage and any(one.work_months for one in members))
    below = year.income_per_head is not None and year.income_per_head < LINE_2015
    tell("exit_below_line", home.status == "1" and below)


def objects(people: Iterable[dict[str, Any]], homes: Iterable[dict[str, Any]], years: Iterable[dict[str, Any]]) -> None:
    """The same rows as Django keeps them, in a database of our own."""
    from shuanglian.areas.models import Area
    from shuanglian.registry.models import Household, HouseholdYear, Person

    village = Area.objects.filter(level=Area.Level.VILLAGE).order_by("code").first()
    assert village is not None
    kept = ("kind", "main_cause", "status", "since")
    Household.objects.bulk_create(
        [Household(pk=one["id"] + 1, number=f"B{one['id']}", head_name="户主", village=village, area_code=village.code,
                   phone_digest="x" * one["phone_given"], **{name: one[name] for name in kept}) for one in homes],
        batch_size=2000,
    )  # fmt: skip
    same = ("sex", "born_on", "relation", "education", "schooling", "health", "labour", "work_months", "medical_insurance",
            "serious_insurance", "pension_insurance", "dibao")  # fmt: skip
    Person.objects.bulk_create(
        [Person(household_id=one["household"] + 1, area_code=village.code, name="成员", since=date(2014, 1, 1),
                id_digest="x" * one["id_given"], disability_card=_card(one), **{name: one[name] for name in same})
         for one in people], batch_size=2000,
    )  # fmt: skip
    fields = ("year", *LAND, "income_wage", "income_transfer", "income_per_head", "house_area", "road_km", "house_unsafe",
              "water_safe", "power", "toilet", "road_kind")  # fmt: skip
    HouseholdYear.objects.bulk_create(
        [HouseholdYear(household_id=one["household"] + 1, area_code=village.code, **{name: one[name] for name in fields})
         for one in years], batch_size=2000,
    )  # fmt: skip


def _card(one: dict[str, Any]) -> str:
    return f"{'0' * 18}{one['disability_kind']}{one['disability_grade']}" if one["disability_card"] else ""
