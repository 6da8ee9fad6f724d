"""Families of the demo county as roster rows, the layout of a registry export: one row a person, the household repeated."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from .people import Names, Numbers, phone

FRAIL = ("患有大病", "长期慢性病", "残疾")  # who is on the allowance in a household that has it, beside the old
OLD_BEFORE = date(1950, 1, 1)

CAUSES = [
    "因病",
    "因残",
    "因学",
    "因灾",
    "缺土地",
    "缺水",
    "缺技术",
    "缺劳力",
    "缺资金",
    "交通条件落后",
    "自身发展动力不足",
]
CAUSE_SHARES = [0.27, 0.08, 0.13, 0.04, 0.03, 0.04, 0.15, 0.06, 0.16, 0.03, 0.01]


@dataclass(frozen=True)
class Village:
    code: str
    name: str
    township: str
    poor: bool


@dataclass
class Member:
    name: str
    male: bool
    born: date
    relation: str
    age: int
    health: str = "健康"


class Families:
    """Draws households village by village on a day (`on`), consistent enough to pass the roster checks."""

    def __init__(self, rng: np.random.Generator, on: date, county: str) -> None:
        self.rng, self.on, self.county = rng, on, county
        self.names, self.numbers = Names(rng), Numbers()
        self.count = 0

    def household(self, village: Village) -> list[dict[str, Any]]:
        """The roster rows of one household, head first."""
        self.count += 1
        cause = str(self.rng.choice(CAUSES, p=CAUSE_SHARES))
        members = self._members(cause)
        return [self._row(village, members, member, i, cause) for i, member in enumerate(members)]

    # -- who lives there ---------------------------------------------------------------------------------------------
    def _members(self, cause: str) -> list[Member]:
        rng = self.rng
        surname = self.names.surnames(1)[0]
        head_age = int(rng.integers(28, 72)) if cause != "缺劳力" else int(rng.integers(61, 82))
        members = [self._member(surname, rng.random() < 0.88, head_age, "户主")]
        head = members[0]
        if rng.random() < 0.82:
            spouse = self.names.surnames(1)[0]
            members.append(self._member(spouse, not head.male, max(22, head_age - int(rng.integers(-2, 5))), "配偶"))
        children = self._child_ages(head_age, cause)
        for age in children:
            male = rng.random() < 0.52
            members.append(self._member(surname, male, age, "之子" if male else "之女"))
        if head_age < 55 and rng.random() < 0.38 and cause != "缺劳力":
            mother = rng.random() < 0.55
            age = head_age + int(rng.integers(21, 30))
            members.append(
                self._member(
                    surname if not mother else self.names.surnames(1)[0], not mother, age, "之母" if mother else "之父"
                )
            )
        if cause == "因病":
            self._pick(members).health = "患有大病" if rng.random() < 0.45 else "长期慢性病"
        if cause == "因残":
            self._pick(members).health = "残疾"
        return members

    def _child_ages(self, head_age: int, cause: str) -> list[int]:
        rng = self.rng
        if cause == "缺劳力":
            return []
        oldest = head_age - int(rng.integers(22, 30))
        ages = []
        if cause == "因学" and oldest < 16:
            oldest = int(rng.integers(16, 21)) if head_age >= 38 else oldest
        for _ in range(int(rng.choice([0, 1, 2, 3], p=[0.08, 0.32, 0.45, 0.15]))):
            if 0 <= oldest <= 32:
                ages.append(oldest)
            oldest -= int(rng.integers(2, 5))
        if cause == "因学" and not any(6 <= age <= 20 for age in ages):
            ages.append(min(int(rng.integers(7, 18)), max(6, head_age - 20)))
        return ages

    def _member(self, surname: str, male: bool, age: int, relation: str) -> Member:
        born = self.on.replace(day=1) - timedelta(days=int(age * 365.2425) + int(self.rng.integers(10, 340)))
        age = self.on.year - born.year - ((self.on.month, self.on.day) < (born.month, born.day))
        return Member(surname + self.names.given(male), male, born, relation, age)

    def _pick(self, members: list[Member]) -> Member:
        grown = [member for member in members if member.age >= 18]
        return grown[int(self.rng.integers(len(grown)))]

    # -- the row -----------------------------------------------------------------------------------------------------
    def _row(self, village: Village, members: list[Member], who: Member, index: int, cause: str) -> dict[str, Any]:
        number = f"{village.code}{self.count:06d}"
        identity = self.numbers.identity(who.born, who.male)
        schooling, education = self._learning(who)
        labour = self._labour(who, bool(schooling))
        works = labour in {"普通劳动力", "技能劳动力"} and who.age < 60 and self.rng.random() < 0.45
        row: dict[str, Any] = {
            "县(市、区、旗)": self.county, "乡(镇)": village.township, "行政村": village.name, "户编号": number,
            "人编号": f"{number}{index + 1:02d}", "姓名": who.name, "证件号码": identity, "性别": "男" if who.male else "女",
            "出生日期": f"{who.born:%Y-%m-%d}", "与户主关系": who.relation, "民族": "汉族" if self.rng.random() < 0.97 else "回族",
            "文化程度": education, "在校生状况": schooling, "健康状况": who.health, "劳动技能": labour,
            "务工所在地": str(self.rng.choice(["乡(镇)外县内", "县外省内", "省外"])) if works else "",
            "务工时间（月）": int(self.rng.integers(2, 11)) if works else "", "政治面貌": "群众" if who.age >= 14 else "",
            "是否参加城乡居民基本医疗保险": "是", "是否参加大病保险": "是",
            "是否参加城乡居民基本养老保险": "是" if who.age >= 16 and not schooling else "否",
        }  # fmt: skip
        if who.health == "残疾":
            row["残疾证号"] = identity + str(self.rng.integers(1, 8)) + str(self.rng.integers(1, 5))
        else:
            row["残疾证号"] = ""
        if index == 0:
            self._house = self._household(members, cause)
        needs = who.health in FRAIL or who.born < OLD_BEFORE
        row["享受低保"] = "农村低保" if self._house["贫困户属性"] == "低保贫困户" and needs else "未享受"
        return row | self._house | {"人数": len(members)}

    def _learning(self, who: Member) -> tuple[str, str]:
        """(in school, education): exactly one of the two, as the registry form asks."""
        age, rng = who.age, self.rng
        if age < 3:
            return "学龄前儿童", ""
        if age < 6 or (age == 6 and rng.random() < 0.5):
            return "学前教育", ""
        if age <= 11:
            return "小学", ""
        if age <= 15:
            return ["七年级", "八年级", "九年级"][min(2, max(0, age - 12))] if age >= 12 else "小学", ""
        if age <= 18 and rng.random() < 0.85:
            return "普通高中" + "一二三"[min(2, age - 16)] + "年级", ""
        if 19 <= age <= 22 and rng.random() < 0.45:
            return "本科" + "一二三四"[age - 19] + "年级", ""
        if age >= 58:
            return "", str(rng.choice(["文盲或半文盲", "小学"], p=[0.5, 0.5]))
        if age <= 30:
            return "", str(rng.choice(["初中", "高中", "大专"], p=[0.65, 0.25, 0.1]))
        return "", str(rng.choice(["小学", "初中", "高中"], p=[0.5, 0.42, 0.08]))

    def _labour(self, who: Member, in_school: bool) -> str:
        if who.age < 16 or in_school:
            return "无劳动力"
        if who.age >= 70:
            return "无劳动力"
        if who.age >= 60:
            return "弱劳动力或半劳动力"
        if who.health != "健康":
            return "弱劳动力或半劳动力"
        return "技能劳动力" if self.rng.random() < 0.15 else "普通劳动力"

    def _household(self, members: list[Member], cause: str) -> dict[str, Any]:
        """What the row says of the household: class, causes, income account (yuan), land (mu), house, water."""
        rng, size = self.rng, len(members)
        per_head = float(np.clip(rng.normal(2250, 420), 700, 2850))
        risen = self._risen()
        per_head = risen or per_head
        net = round(per_head * size, 2)
        shares = rng.dirichlet([4, 4, 0.4, 1.6])
        cost = round(net * float(rng.uniform(0.12, 0.3)), 2)
        wage, operating, property_, transfer = (round((net + cost) * float(share), 2) for share in shares)
        operating = round(net + cost - wage - property_ - transfer, 2)
        other = (
            str(rng.choice([c for c in ("缺资金", "缺技术", "缺水", "交通条件落后") if c != cause]))
            if rng.random() < 0.5
            else ""
        )
        unsafe = rng.random() < 0.28 and not risen
        return {
            "户主姓名": members[0].name, "户联系电话": phone(self.count), "贫困户属性": str(rng.choice(["一般贫困户", "低保贫困户"], p=[0.68, 0.32])),
            "识别标准": "国家标准", "识别日期": "2014-06-30", "主要致贫原因": cause, "其他致贫原因": other, "脱贫标志": "未脱贫", "拟脱贫年度": int(rng.choice([2015, 2016, 2017], p=[0.25, 0.35, 0.4])),
            "工资性收入": wage, "生产经营性收入": operating, "财产性收入": property_, "转移性收入": transfer, "生产经营性支出": cost,
            "纯收入": net, "人均纯收入（元）": round(net / size, 2), "耕地面积（亩）": round(float(rng.uniform(4, 24)), 1),
            "林地面积（亩）": round(float(rng.uniform(0, 6)), 1), "退耕还林面积（亩）": round(float(rng.uniform(0, 5)), 1), "林果面积（亩）": 0,
            "牧草地面积": 0, "水面面积": 0, "住房面积": int(rng.integers(45, 140)), "是否危房户": "是" if unsafe else "否",
            "危房级别": str(rng.choice(["C级", "D级"])) if unsafe else "", "是否解决安全饮用水": "是" if rng.random() < 0.78 or risen else "否",
            "是否饮水困难": "否", "是否易地搬迁户": "是" if rng.random() < 0.05 else "否", "是否通生活用电": "是", "是否有卫生厕所": "是" if rng.random() < 0.3 else "否",
            "入户路类型": str(rng.choice(["泥土路", "砂石路", "水泥路"], p=[0.5, 0.35, 0.15])),
            "与村主干路距离": round(float(rng.uniform(0.05, 4.5)), 2), "主要燃料": str(rng.choice(["柴草", "煤炭", "清洁能源"], p=[0.5, 0.4, 0.1])),
            "贷款需求": str(rng.choice(["无", "养殖贷款3万元", "种植贷款2万元", "双联惠农贷款5万元"], p=[0.55, 0.2, 0.15, 0.1])),
            "产业意愿": str(rng.choice(["无", "养羊", "养牛", "种药材", "种马铃薯", "外出务工"], p=[0.2, 0.2, 0.15, 0.2, 0.15, 0.1])),
        }  # fmt: skip

    def _risen(self) -> float:
        """Income per head of the one household in eight that has risen over the line of the year; 0 of the others.

        Drawn by itself, so that everybody else stays as drawn.
        """
        own = np.random.default_rng([2855, self.count])
        return round(float(own.uniform(2900, 4300)), 2) if own.random() < 0.125 else 0.0
