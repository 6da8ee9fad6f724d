"""Families of a register drawn at random with holes, contradictions and slips, as columns of the register."""

import random
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from shuanglian.rules.facts.build import STATEMENTS, Raw
from shuanglian.rules.profile import load

from .test_facts import HOUSEHOLDS, PEOPLE, YEARS, rows

DAY = date(2015, 12, 31)
PROFILE = load("tongwei_2015")
LAND = ("land_cultivated", "land_forest", "land_returned", "land_orchard", "land_pasture", "land_water")
STATED = {
    "special_care": (True, False), "dropout_reason": ("因病", "厌学"), "public_posts": (0, 1, 3),
    "post_hired_on": (date(2015, 3, 1),), "employee_medical": (True, False),
}  # fmt: skip


def codes(name):
    return [item.code for item in PROFILE.codes[name]]


class Draw:
    """Values at random; about one in eight is missing."""

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def one(self, values, missing=0.12):
        return None if self.rng.random() < missing else self.rng.choice(values)

    def yes(self, missing=0.12):
        return self.one((True, False), missing)

    def amount(self, *values):
        got = self.one(values)
        return None if got is None else Decimal(got)


def raw(seed, households):
    draw = Draw(seed)
    homes, people, years, said = [], [], [], []
    for number in range(1, households + 1):
        homes.append(home(draw, number))
        for _ in range(draw.rng.choice([0, 1, 1, 2, 3, 4, 5])):
            people.append(member(draw, number, len(people) + 1, any(one["household"] == number for one in people)))
            said.extend(statements(draw, people[-1]["id"]))
        if draw.rng.random() < 0.9:
            years.append(account(draw, number))
    schema = {**PEOPLE, "id_given": pl.Boolean}
    villages = pl.DataFrame({"id": ["621121100200"], "tags": [["poor_village"]]})
    told = [{**one, "id": n} for n, one in enumerate(said)]
    return Raw(rows(schema, *people), rows({**HOUSEHOLDS, "phone_given": pl.Boolean}, *homes), rows(YEARS, *years),
               villages, rows(STATEMENTS, *told))  # fmt: skip


def home(draw, number):
    return {
        "id": number, "village": "621121100200", "since": date(2014, 1, 1), "kind": draw.one(codes("household_class")),
        "main_cause": draw.one(["01", "01", "02", "02", "08", "08", "05"]), "other_causes": [],
        "status": draw.one(codes("exit_mark")), "size": draw.one([1, 2, 3]), "phone_given": draw.yes(missing=0),
    }  # fmt: skip


def member(draw, household, number, has_head):
    relation = draw.one(["02", "02", "03", "04", "05", "12", "01"], 0.08) if has_head else draw.one(["01"], 0.05)
    born = DAY - timedelta(days=draw.rng.randrange(1, 85 * 365))
    if draw.rng.random() < 0.3:  # of an age at which schools, work and care are asked about
        born = date(DAY.year - draw.rng.randrange(5, 24), draw.rng.randrange(1, 13), 1)
    card = draw.rng.random() < 0.2
    return {
        "id": number, "household": household, "sex": draw.one(codes("sex")), "relation": relation or "",
        "born_on": draw.one([born], 0.05), "education": draw.one(codes("education"), 0.3) or "",
        "schooling": draw.one(codes("schooling"), 0.5) or "", "labour": draw.one(codes("labour_skill")) or "",
        "health": draw.rng.choice([[], ["01"], ["01"], ["01"], ["02"], ["03"], ["04"], ["02", "04"], ["01", "02"]]),
        "work_place": draw.one(["", "", "01"]), "work_months": draw.one([0, 0, 3, 12], 0.4),
        "medical_insurance": draw.yes(), "serious_insurance": draw.yes(), "pension_insurance": draw.yes(),
        "dibao": draw.yes(), "id_given": draw.yes(missing=0), "disability_card": card,
        "disability_kind": draw.rng.choice([1, 4]) if card else None,
        "disability_grade": draw.rng.choice([1, 2, 3]) if card else None,
    }  # fmt: skip


def statements(draw, person):
    for name, values in STATED.items():
        if draw.rng.random() < 0.15:
            value = draw.rng.choice(values)
            text = {bool: str(value).lower(), int: str(value)}.get(type(value), f'"{value}"')
            yield {"record": "person", "subject": str(person), "fact": name, "value": text, "on": date(2015, 1, 1),
                   "source": "visit"}  # fmt: skip


def account(draw, household):
    return {
        "household": household, "year": 2015, "income_wage": draw.amount(0, 50, 5000),
        "income_transfer": draw.amount(0, 800), "income_per_head": draw.amount(900, 3000, 20000, 20001),
        "net_income": draw.amount(5000), **{name: draw.amount(0, 5, 100, 101, 201) for name in LAND},
        "house_area": draw.amount(80), "house_unsafe": draw.yes(), "house_grade": draw.one(["A", "C", ""]),
        "water_safe": draw.yes(), "power": draw.yes(), "toilet": draw.yes(), "road_kind": draw.one(["03", ""]),
        "road_km": draw.amount(1, 5, 6),
    }  # fmt: skip
