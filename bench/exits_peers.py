"""The exit standards as a straightforward person would write them: with pandas, and household by household."""

import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from bench.rules_laps import Laps

Counts = dict[str, int]
LINE, YEAR = 2855, 2015


def pandas_script(folder: Path, laps: Laps) -> Counts:
    import pandas as pd

    p, h = (pd.read_parquet(folder / f"{name}.parquet") for name in ("people", "households"))
    laps.lap("read")
    for frame in (p, h):
        for name in frame.columns:
            if frame[name].dtype == object and name != "exit_mark":
                kind = "boolean" if frame[name].dropna().map(type).eq(bool).all() else "Float64"
                frame[name] = frame[name].astype(kind)
    age = p.age.astype("Float64")

    def every(column: Any) -> Any:
        """All members: false when one is, unknown when one is and none is false."""
        told = pd.DataFrame({"household": p.household, "no": column.eq(False).fillna(False), "na": column.isna()})
        by = told.groupby("household").any().reindex(h.id)
        found = (
            pd.Series(True, index=by.index, dtype="boolean")
            .mask(by.na.astype(bool), pd.NA)
            .mask(by.no.astype(bool), False)
        )
        return found.reset_index(drop=True)

    of_age = (age >= 6) & (age <= 15)
    school = every(~of_age | p.in_school)
    income, area, size = h.income_for_line.astype("Float64"), h.house_area.astype("Float64"), h["size"]
    since, relapsed = h.since.dt.year, h.relapsed_on.dt.year.astype("Float64")
    back = pd.Series(h.exit_mark.eq("3"), dtype="boolean").mask(h.exit_mark.isna(), pd.NA)
    aid = every(~p.in_school | p.school_aid)
    fine = {
        "household__income": income > LINE, "household__food": h.food_secure, "household__clothes": h.clothing_secure,
        "household__school": school, "household__medical": every(p.medical_insurance | p.employee_medical),
        "household__house": ~h.house_unsafe, "household__water": h.water_safe,
        "cannot_exit__income": ~(income <= LINE), "cannot_exit__water": h.water_safe,
        "cannot_exit__school": school & aid,
        "cannot_exit__medical": every(~((p.ill_serious | p.ill_chronic) & ~p.medical_fourfold)),
        "cannot_exit__house": ~(h.house_unsafe | (area <= 0) | (h.house_rebuilt & (area < 13 * size))
                                | (h.relocation & ~h.relocation_moved_in)),
        "cannot_exit__same_year": ~(pd.Series(since.eq(YEAR), dtype="boolean") | (back & relapsed.eq(YEAR))),
        "cannot_exit__no_measure": ~(h.measures_done.astype("Float64") < 1),
    }  # fmt: skip
    told: Counter[str] = Counter()
    blocked, unsure = pd.Series(False, index=h.index), pd.Series(False, index=h.index)
    for code, column in fine.items():
        no, na = column.eq(False).fillna(False).astype(bool), column.isna()
        told[f"in_the_way:{code}"], told[f"open:{code}"] = int(no.sum()), int(na.sum())
        blocked, unsure = blocked | no, unsure | na
    told["not_ready"], told["undecided"] = int(blocked.sum()), int((unsure & ~blocked).sum())
    told["ready"] = len(h) - told["not_ready"] - told["undecided"]
    laps.lap("ask")
    return dict(told)


# --- one by one -------------------------------------------------------------------------------------------------------
def _not(a: bool | None) -> bool | None:
    return None if a is None else not a


def _any(values: Any) -> bool | None:
    unknown = False
    for one in values:
        if one:
            return True
        unknown = unknown or one is None
    return None if unknown else False


def _all(values: Any) -> bool | None:
    unknown = False
    for one in values:
        if one is False:
            return False
        unknown = unknown or one is None
    return None if unknown else True


# --- object by object -------------------------------------------------------------------------------------------------
TOLD_OF_MEMBERS = ("in_school", "employee_medical", "ill_serious", "ill_chronic", "school_aid", "medical_fourfold")
TOLD_OF_HOMES = (
    "food_secure",
    "clothing_secure",
    "house_rebuilt",
    "relocation_moved_in",
    "measures_done",
    "relapsed_on",
)
CHUNK = 500


def django_loop() -> Counts:
    """Every household with members, account and statements as Django hands them out, one after the other."""
    from django.db.models import Prefetch

    from shuanglian.registry.models import Household, HouseholdYear, Person, Statement

    said = Prefetch("statements", Statement.objects.filter(withdrawn_at=None).order_by("on", "pk"))
    rows = Household.objects.prefetch_related(
        said, Prefetch("people", Person.objects.filter(left_on__isnull=True).prefetch_related(said)),
        Prefetch("years", HouseholdYear.objects.filter(year=YEAR)),
    )  # fmt: skip
    told: Counter[str] = Counter()
    for home in rows.iterator(chunk_size=CHUNK):
        fine = _one(_home(home), [_member(one) for one in home.people.all()])
        for code, came in fine.items():
            if came is False:
                told[f"in_the_way:{code}"] += 1
            elif came is None:
                told[f"open:{code}"] += 1
        came = _all(fine.values())
        told[{True: "ready", False: "not_ready", None: "undecided"}[came]] += 1
    return dict(told)


def _said(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The latest statement of each fact, as its kind of value; None where nobody has said anything."""
    values = {one.fact: one.value for one in thing.statements.all()}
    return {name: _value(values.get(name)) for name in names}


def _value(text: str | None) -> Any:
    if text is None or text in ("true", "false"):
        return None if text is None else text == "true"
    return int(text) if text.isdecimal() else date.fromisoformat(text)


def _home(home: Any) -> dict[str, Any]:
    year = next(iter(home.years.all()), None)
    return _said(home, TOLD_OF_HOMES) | {
        "house_unsafe": year and year.house_unsafe, "water_safe": year and year.water_safe,
        "house_area": year and year.house_area, "income_for_line": year and year.income_per_head,
        "relocation": home.relocation, "exit_mark": home.status or None, "size": home.size, "since": home.since,
    }  # fmt: skip


def _member(one: Any) -> dict[str, Any]:
    born = one.born_on
    age = None if born is None else YEAR - born.year - ((born.month, born.day) > (12, 31))
    return _said(one, TOLD_OF_MEMBERS) | {"age": age, "medical_insurance": one.medical_insurance}


def objects(people: pl.DataFrame, homes: pl.DataFrame) -> None:
    """The same rows as Django keeps them, in a database of our own; what has no column is a statement."""
    from shuanglian.areas.models import Area
    from shuanglian.core import clock
    from shuanglian.registry.models import Household, HouseholdYear, Person, Statement

    at, day = clock.now(), date(YEAR, 6, 1)
    village = Area.objects.filter(level=Area.Level.VILLAGE).order_by("code").first()
    assert village is not None
    told = list(homes.iter_rows(named=True))
    Household.objects.bulk_create(
        [Household(pk=one["id"] + 1, number=f"B{one['id']}", head_name="户主", village=village, area_code=village.code,
                   size=one["size"], status=one["exit_mark"] or "", relocation=one["relocation"], since=one["since"].date(),
                   kind="01", main_cause="01") for one in told], batch_size=2000,
    )  # fmt: skip
    HouseholdYear.objects.bulk_create(
        [HouseholdYear(household_id=one["id"] + 1, area_code=village.code, year=YEAR, house_unsafe=one["house_unsafe"],
                       water_safe=one["water_safe"], house_area=one["house_area"], income_per_head=one["income_for_line"])
         for one in told], batch_size=2000,
    )  # fmt: skip
    members = list(people.iter_rows(named=True))
    Person.objects.bulk_create(
        [Person(pk=one["id"] + 1, household_id=one["household"] + 1, area_code=village.code, name="成员",
                since=date(2014, 1, 1), medical_insurance=one["medical_insurance"],
                born_on=None if one["age"] is None else date(YEAR - one["age"], 1, 1)) for one in members],
        batch_size=2000,
    )  # fmt: skip
    for record, rows, names in (("household", told, TOLD_OF_HOMES), ("person", members, TOLD_OF_MEMBERS)):
        Statement.objects.bulk_create(
            [Statement(record=record, fact=name, value=_text(one[name]), on=day, source="visit", at=at,
                       area_code=village.code, **{f"{record}_id": one["id"] + 1})
             for one in rows for name in names if one[name] is not None], batch_size=5000,
        )  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.date().isoformat() if hasattr(value, "date") else str(value)


def _one(h: dict[str, Any], people: list[dict[str, Any]]) -> dict[str, bool | None]:
    def over(value: Any, limit: float) -> bool | None:
        return None if value is None else value > limit

    def of_age(p: dict[str, Any]) -> bool | None:
        return None if p["age"] is None else 6 <= p["age"] <= 15

    school = _all(_any((_not(of_age(p)), p["in_school"])) for p in people)
    aid = _all(_any((_not(p["in_school"]), p["school_aid"])) for p in people)
    area = h["house_area"]
    small = _all((h["house_rebuilt"], None if area is None else area < 13 * h["size"]))
    waits = _all((h["relocation"], _not(h["relocation_moved_in"])))
    back = None if h["exit_mark"] is None else h["exit_mark"] == "3"
    relapsed = None if h["relapsed_on"] is None else h["relapsed_on"].year == YEAR
    ill = _any(
        _all((_any((p["ill_serious"], p["ill_chronic"])), _not(p["medical_fourfold"]))) for p in people
    )  # fmt: skip
    bad_house = _any((h["house_unsafe"], _not(over(area, 0)), small, waits))
    return {
        "household__income": over(h["income_for_line"], LINE), "household__food": h["food_secure"],
        "household__clothes": h["clothing_secure"], "household__school": school,
        "household__medical": _all(_any((p["medical_insurance"], p["employee_medical"])) for p in people),
        "household__house": _not(h["house_unsafe"]), "household__water": h["water_safe"],
        "cannot_exit__income": over(h["income_for_line"], LINE), "cannot_exit__water": h["water_safe"],
        "cannot_exit__school": _all((school, aid)), "cannot_exit__medical": _not(ill),
        "cannot_exit__house": _not(bad_house),
        "cannot_exit__same_year": _not(_any((h["since"].year == YEAR, _all((back, relapsed))))),
        "cannot_exit__no_measure": over(h["measures_done"], 0),
    }  # fmt: skip


# --- the product's own yearly round, for its time ---------------------------------------------------------------------
def yearly_round(day: date) -> dict[str, Any]:
    """The county that stands in the database: an eighth left, visits told the rest of half, lists name strangers."""
    from decimal import Decimal

    from shuanglian.adjustment import results
    from shuanglian.adjustment.actions import items, rounds
    from shuanglian.adjustment.models import Item
    from shuanglian.areas.models import Area
    from shuanglian.benefits.models import Payment
    from shuanglian.core import clock
    from shuanglian.registry.models import Household, Statement

    at = clock.now()
    Household.objects.filter(pk__iregex=r"[07]$").update(left_on=date(2014, 12, 31))
    homes = list(Household.objects.order_by("pk").values_list("pk", "area_code", "left_on"))
    said = {"food_secure": "true", "clothing_secure": "true", "house_rebuilt": "false", "measures_done": "2"}
    Statement.objects.bulk_create(
        [Statement(record="household", household_id=pk, area_code=code, fact=fact, value=value, on=date(2015, 6, 1),
                   source="visit", at=at) for pk, code, _left in homes if pk % 2 for fact, value in said.items()],
        batch_size=5000,
    )  # fmt: skip
    code = homes[0][1]
    Payment.objects.bulk_create(
        [Payment(area_code=code, benefit="dibao_class_1", year=2015, name=f"甲{n}", yuan=Decimal(3300), match="none",
                 fingerprint=f"f{n}", paid_on=date(2015, 11, 1), id_digest=f"d{n}") for n in range(1000)],
        batch_size=1000,
    )  # fmt: skip
    county = Area.objects.get(code=f"{code[:6]}000000", until=None)
    made = rounds.start(area=county, year=day.year, on=day, by=None, at=at)
    begin = time.perf_counter()
    rounds.propose(made=made, progress=lambda *told: None, at=at)  # type: ignore[arg-type]
    proposed = time.perf_counter() - begin
    wanted = dict.fromkeys(Item.objects.filter(round=made).values_list("pk", flat=True), ("refused", "巩固一年"))
    begin = time.perf_counter()
    items.decide(made=made, wanted=wanted, by=None, at=at)  # type: ignore[arg-type]
    decided = time.perf_counter() - begin
    begin = time.perf_counter()
    moved = results.movement(county, day.year, day)
    assert moved.of(county.prefix).balanced
    moving = time.perf_counter() - begin
    return {
        "households": len(homes), "left": sum(left is not None for _pk, _code, left in homes), "paid": 1000,
        "items": len(wanted), "propose": proposed, "decide": decided, "movement": moving,
    }  # fmt: skip
