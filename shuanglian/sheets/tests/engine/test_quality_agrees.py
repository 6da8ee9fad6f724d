"""A roster's columns, one family and a county as columns come to the same complaints (REP-2): drawn households.

What a roster cannot know is left out of the drawing: the class of the household does not make its members cared for
there, other departments' lists and the register's other households are not at hand.
"""

import random
from datetime import date

import polars as pl
import pytest

from shuanglian.rules.facts.build import STATEMENTS, Raw, build
from shuanglian.rules.profile import load
from shuanglian.rules.quality import complaints
from shuanglian.rules.quality_finding import find
from shuanglian.rules.tests.test_facts import HOUSEHOLDS, PEOPLE, YEARS, rows
from shuanglian.sheets.engine.quality import RULES

from .makers import DAY, checked, number

PROFILE = load("tongwei_2015")
HERE = "621121100216"
COMPARED = (set(RULES) - {"phone_shared"}) | {"land_range", "far_from_road", "relation_required"}
LAND = {
    "land_cultivated": "耕地面积", "land_forest": "林地面积", "land_returned": "退耕还林面积", "land_orchard": "林果面积",
    "land_pasture": "牧草地面积", "land_water": "水面面积",
}  # fmt: skip
FLAGS = {"power": "是否通生活用电", "water_safe": "饮水安全", "toilet": "卫生厕所", "house_unsafe": "是否危房"}
AMOUNTS = {"house_area": "住房面积", "road_km": "与村主干路距离", "income_wage": "工资性收入", "income_transfer": "转移性收入",
           "income_per_head": "人均纯收入"}  # fmt: skip
CODED = {"relation": ("与户主关系", "relation"), "education": ("文化程度", "education"),
         "schooling": ("在校生状况", "schooling"), "labour": ("劳动技能", "labour_skill")}  # fmt: skip
YES = {
    "medical_insurance": "是否参加城乡居民基本医疗保险", "serious_insurance": "是否参加大病保险",
    "pension_insurance": "是否参加城乡居民基本养老保险",
}  # fmt: skip
STATED = {
    "employee_medical": ("是否参加城镇职工基本医疗保险", "是", "否"),
    "special_care": ("享受特困供养政策情况", "农村特困", "未享受"),
}
HEADS = [
    "乡镇", "行政村", "户编号", "姓名", "证件号码", "健康状况", "务工时间", "失学辍学原因", "残疾证号", "享受低保政策情况", "主要致贫原因",
    "联系电话", "入户路类型", *(head for head, _ in CODED.values()), *YES.values(), *(one[0] for one in STATED.values()),
    *LAND.values(), *FLAGS.values(), *AMOUNTS.values(),
]  # fmt: skip


def label(name, code):
    return PROFILE.codes[name].label(code) if code else ""


def yes_no(value):
    return {True: "是", False: "否", None: ""}[value]


class Village:
    """Households drawn at random: the rows of a roster and the columns of a register that say the same."""

    def __init__(self, seed, households):
        self.rng, self.roster, self.where = random.Random(seed), [], []
        self.people, self.homes, self.years, self.said = [], [], [], []
        for home in range(1, households + 1):
            cells = self._home(home)
            for place in range(self.rng.randrange(1, 6)):
                self._member(home, place, cells)

    def one(self, values, missing=0.15):
        return None if self.rng.random() < missing else self.rng.choice(values)

    def _home(self, home):
        year = {"household": home, "year": 2015, "road_kind": self.one(["01", "03"]) or ""}
        year |= {name: self.one([0, 5, 100, 101, 201]) for name in LAND}
        year |= {name: self.one([True, False]) for name in FLAGS}
        year |= {"house_area": self.one([80]), "road_km": self.one([1, 5, 6]), "income_wage": self.one([0, 50, 100]),
                 "income_transfer": self.one([0, 800]), "income_per_head": self.one([2500, 20000, 20001])}  # fmt: skip
        cause, phone = self.one(["01", "02", "08", "05"]) or "", self.rng.random() < 0.8
        self.years.append(year)
        self.homes.append({"id": home, "village": HERE, "since": date(2014, 1, 1), "kind": "", "main_cause": cause,
                           "other_causes": [], "size": 1, "phone_given": phone})  # fmt: skip
        told = {"乡镇": "平襄镇", "行政村": "孟河村", "户编号": f"H{home}", "主要致贫原因": label("cause", cause),
                "联系电话": f"138{home:08d}" if phone else "", "入户路类型": label("road", year["road_kind"])}  # fmt: skip
        told |= {head: "" if year[name] is None else str(year[name]) for name, head in (LAND | AMOUNTS).items()}
        return told | {head: yes_no(year[name]) for name, head in FLAGS.items()}

    def _member(self, home, place, cells):
        key = len(self.people) + 1
        born = date(2015 - self.rng.choice([*range(1, 26), *range(26, 80, 4)]), self.rng.randrange(1, 13), 11)
        id_number = number(f"{born:%Y%m%d}", key % 997 + 1)
        card = self.rng.random() < 0.15
        kind, grade = self.rng.choice("14"), self.rng.choice("1234")
        own = {
            "id": key, "household": home, "born_on": born, "relation": "01" if place == 0 else self.one(["02", "03", "99"]) or "",
            "education": self.one(["02", "03", "08"], 0.4) or "", "labour": self.one(["01", "02", "03", "05"]) or "",
            "schooling": self.one(["01", "02", "03", "04", "07", "10", "13", "25"], 0.5) or "",
            "health": self.rng.choice([[], ["01"], ["01"], ["02"], ["03"], ["04"]]), "work_place": "",
            "work_months": self.one([0, 3]), "dibao": self.one([True, False]), "id_given": True, "disability_card": card,
            "disability_kind": int(kind) if card else None, "disability_grade": int(grade) if card else None,
            **{name: self.one([True, False]) for name in YES},
        }  # fmt: skip
        stated = {name: self.one([True, False], 0.5) for name in STATED}
        dropout = self.one(["因病"], 0.8)
        self.people.append(own)
        for name, value in {**stated, "dropout_reason": dropout}.items():
            if value is not None:
                text = f'"{value}"' if isinstance(value, str) else str(value).lower()
                self.said.append({"id": len(self.said), "record": "person", "subject": str(key), "fact": name,
                                  "value": text, "on": date(2015, 1, 1), "source": "visit"})  # fmt: skip
        told = {
            **cells, "姓名": f"李{'一二三四五六七八九十'[key % 10]}{'福禄寿喜财'[key // 10 % 5]}", "证件号码": id_number,
            "健康状况": "、".join(label("health", code) for code in own["health"]), "失学辍学原因": dropout or "",
            "务工时间": "" if own["work_months"] is None else str(own["work_months"]),
            "残疾证号": id_number + kind + grade if card else "",
            "享受低保政策情况": {True: "农村低保", False: "未享受", None: ""}[own["dibao"]],
        }  # fmt: skip
        told |= {head: label(name, own[field]) for field, (head, name) in CODED.items()}
        told |= {head: yes_no(own[name]) for name, head in YES.items()}
        told |= {head: {True: yes, False: no, None: ""}[stated[name]] for name, (head, yes, no) in STATED.items()}
        self.roster.append([told[head] for head in HEADS])
        self.where.append((home, key))

    def raw(self):
        villages = pl.DataFrame({"id": [HERE], "tags": [[]]}, schema={"id": pl.String, "tags": pl.List(pl.String)})
        return Raw(rows({**PEOPLE, "id_given": pl.Boolean}, *self.people),
                   rows({**HOUSEHOLDS, "phone_given": pl.Boolean}, *self.homes), rows(YEARS, *self.years), villages,
                   rows(STATEMENTS, *self.said))  # fmt: skip


def of_roster(village):
    level = {code: PROFILE.roster.checks[code].level for code in COMPARED}
    found = set()
    for row in checked([HEADS, *village.roster]).findings.iter_rows(named=True):
        if row["code"] in COMPARED:
            home, person = village.where[row["row"] - 2]
            found.add((row["code"], home, person if level[row["code"]] == "person" else None))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_REP_2_roster_family_and_columns_complain_of_the_same(seed):
    village = Village(seed, 25)
    families = build(village.raw(), DAY, PROFILE)
    one_by_one = {
        (one.rule.code, household, one.person)
        for household, members, facts in families.each()
        for one in complaints(PROFILE.quality.values(), members, facts)
    }
    assert set(find(PROFILE.quality.values(), families).iter_rows()) == one_by_one
    register = {row for row in one_by_one if row[0] in COMPARED}
    roster = of_roster(village)
    assert roster - register == set() and register - roster == set()


def test_the_drawn_households_break_what_is_compared():
    village = Village(2015, 400)
    broken = {code for code, _, _ in of_roster(village)}
    assert COMPARED - broken == set()
