"""The demo county: Tongwei's real villages and the programme's real numbers (PAIR-11, IDX-3), everybody in it made up."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from .families import Families, Village
from .people import Names, Numbers, phone

COUNTY = "621121000000"
YEAR = 2015
ON = date(2015, 3, 1)
HOUSEHOLDS, CADRES = 20_000, 12_035
POOR_VILLAGES = 115
EXIT_2016 = {"陇阳", "陇川", "碧玉", "李家店", "什川", "寺子川"}  # 40 villages (IDX-3)
EXIT_2017 = {"陇山", "襄南", "常家河", "第三铺", "华家岭", "北城", "马营", "榜罗"}  # 30 villages (IDX-3)
UNITS = (("省直", 20), ("市直", 70), ("县直", 122))
TRADES = ["农业", "水利", "交通", "教育", "卫生", "民政", "财政金融", "党群", "政法", "工商企业"]


@dataclass(frozen=True)
class Size:
    """How much of the county to draw: the whole, or a handful for tests."""

    households: int = HOUSEHOLDS
    cadres: int = CADRES
    units: tuple[tuple[str, int], ...] = UNITS


SMALL = Size(households=400, cadres=330, units=(("省直", 2), ("市直", 4), ("县直", 8)))


class County:
    """Frames with the headers of real rosters: `people`, `units`, `cadres`, `links`, `pairs`; the same at every call."""

    def __init__(self, villages: list[dict[str, str]], size: Size | None = None, seed: int = 621121) -> None:
        self.size = size or Size()
        self.rng = np.random.default_rng(seed)
        self.exits = _exit_years(villages, self.rng)
        self.villages = [Village(v["code"], v["name"], v["township"], v["code"] in self.exits) for v in villages]

    @cached_property
    def people(self) -> pl.DataFrame:
        families = Families(np.random.default_rng(1), ON, "通渭县")
        weights = np.array([6.0 if v.poor else (0.4 if "居民" in v.name else 1.6) for v in self.villages])
        chosen = np.sort(
            np.random.default_rng(2).choice(len(self.villages), self.size.households, p=weights / weights.sum())
        )
        rows = [row for index in chosen for row in families.household(self.villages[index])]
        return pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String), strict=False)

    @cached_property
    def units(self) -> pl.DataFrame:
        rng, rows = np.random.default_rng(3), []
        for tier, count in self.size.units:
            for i in range(1, count + 1):
                trade = TRADES[int(rng.integers(len(TRADES)))]
                rows.append(
                    _unit(f"{'省市县'.index(tier[0]) + 1}{i:03d}", f"{tier}示例单位{i:03d}（{trade}）", tier, trade)
                )
        for i, township in enumerate(dict.fromkeys(v.township for v in self.villages), 1):
            rows.append(_unit(f"4{i:03d}", f"{township}人民政府（示例）", "乡镇", "党群"))
        sizes = rng.pareto(1.3, len(rows)) + 0.25
        return pl.DataFrame(rows).with_columns(
            pl.Series("在编人数", np.maximum(3, (sizes / sizes.sum() * self.size.cadres)).astype(int))
        )

    @cached_property
    def cadres(self) -> pl.DataFrame:
        rng, names, numbers = np.random.default_rng(4), Names(np.random.default_rng(5)), Numbers()
        units = self.units.to_dicts()
        stationed = [u for u in units if u["单位编号"].startswith("4")]
        others = [u for u in units if not u["单位编号"].startswith("4")]
        weight = np.array([u["在编人数"] for u in others], float)
        per_township = max(2, self.size.cadres // 35)
        home = [stationed[i % len(stationed)] for i in range(min(per_township, self.size.cadres // 3))]
        home += [
            others[i] for i in np.sort(rng.choice(len(others), self.size.cadres - len(home), p=weight / weight.sum()))
        ]
        return pl.DataFrame([self._cadre(i, unit, rng, names, numbers) for i, unit in enumerate(home)])

    def _cadre(
        self, index: int, unit: dict[str, Any], rng: np.random.Generator, names: Names, numbers: Numbers
    ) -> dict[str, Any]:
        township = unit["单位名称"].removesuffix("人民政府（示例）") if unit["单位编号"].startswith("4") else ""
        male = bool(rng.random() < 0.68)
        born = date(int(rng.integers(1957, 1991)), int(rng.integers(1, 13)), int(rng.integers(1, 28)))
        rank = (
            "一般干部"
            if township
            else str(rng.choice(["正县级", "副县级", "科级", "一般干部"], p=[0.004, 0.042, 0.085, 0.869]))
        )
        status = str(rng.choice(["在岗", "请假", "退休"], p=[0.985, 0.01, 0.005]))
        exempt = str(rng.choice(["公务员", "事业人员", "教师", "医务人员"], p=[0.55, 0.41, 0.025, 0.015]))
        return {
            "干部编号": f"G{index + 1:06d}", "姓名": names.surnames(1)[0] + names.given(male), "性别": "男" if male else "女",
            "身份证号": numbers.identity(born, male), "联系电话": phone(50_000_000 + index), "单位": unit["单位名称"], "职级": rank,
            "职务": {"正县级": "主要负责人", "副县级": "班子成员", "科级": "科室负责人"}.get(rank, "工作人员"), "身份": exempt,
            "专长": unit["行业"] if rng.random() < 0.9 else TRADES[int(rng.integers(len(TRADES)))],
            "政治面貌": "中共党员" if rng.random() < 0.7 else "群众", "学历": str(rng.choice(["大专", "本科及以上"])),
            "驻村乡镇": township, "在岗状态": status, "离岗开始日期": "2015-02-01" if status != "在岗" else "",
        }  # fmt: skip

    @cached_property
    def links(self) -> pl.DataFrame:
        """Last year's village links: most units already have one or two."""
        rng = np.random.default_rng(6)
        poor = [v for v in self.villages if v.poor] or self.villages
        rows = []
        for unit in self.units.filter(~pl.col("单位编号").str.starts_with("4")).iter_rows(named=True):
            for index in rng.choice(len(poor), 1 + int(rng.random() < 0.12), replace=False):
                if rng.random() < 0.9:
                    village = poor[int(index)]
                    rows.append(
                        {
                            "联村单位": unit["单位名称"],
                            "乡镇": village.township,
                            "行政村": village.name,
                            "开始日期": "2012-03-01",
                        }
                    )
        return pl.DataFrame(rows)

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """Last year's pairs as an office left them: some 85 % of the households, drawn without much thought."""
        rng = np.random.default_rng(7)
        heads = (
            self.people.filter(pl.col("与户主关系") == "户主")
            .select("乡(镇)", "行政村", "户编号", "户主姓名")
            .to_dicts()
        )
        quota = {"正县级": 8, "副县级": 7, "科级": 4, "一般干部": 1}
        by_village: dict[tuple[str, str], list[str]] = {}
        for link in self.links.iter_rows(named=True):
            by_village.setdefault((link["乡镇"], link["行政村"]), []).append(link["联村单位"])
        free: dict[str, list[dict[str, Any]]] = {}
        for cadre in self.cadres.filter(
            (pl.col("在岗状态") == "在岗") & ~pl.col("身份").is_in(["教师", "医务人员"])
        ).iter_rows(named=True):
            free.setdefault(cadre["单位"], []).extend([cadre] * quota[cadre["职级"]])
        for slots in free.values():
            rng.shuffle(slots)
        rows = []
        for index in rng.permutation(len(heads)):
            head = heads[index]
            near = [u for u in by_village.get((head["乡(镇)"], head["行政村"]), []) if free.get(u)]
            pool = near or [u for u in free if free[u]]
            if not pool or rng.random() > (0.97 if near else 0.55):
                continue
            cadre = free[pool[int(rng.integers(len(pool)))]].pop()
            rows.append({
                "乡镇": head["乡(镇)"], "行政村": head["行政村"], "户编号": head["户编号"], "户主姓名": head["户主姓名"],
                "帮扶责任人": cadre["姓名"], "干部编号": cadre["干部编号"], "单位": cadre["单位"], "结对开始时间": "2014-03-01",
            })  # fmt: skip
        return pl.DataFrame(rows)


def _unit(code: str, name: str, tier: str, trade: str) -> dict[str, Any]:
    kind = (
        "乡镇机关"
        if tier == "乡镇"
        else ("国有企业" if trade == "工商企业" else ("事业单位" if trade in {"教育", "卫生"} else "党政机关"))
    )
    return {"单位编号": code, "单位名称": name, "单位性质": kind, "隶属关系": tier, "行业": trade}


def _exit_years(villages: list[dict[str, str]], rng: np.random.Generator) -> dict[str, int]:
    """Village code → exit year: 45 in 2015 anywhere, 40 in the townships named for 2016, 30 in those for 2017."""
    rural = [v for v in villages if "居民" not in v["name"]]
    share = min(1.0, len(rural) / 332)

    def draw(pool: list[dict[str, str]], count: int) -> list[str]:
        count = min(len(pool), max(1, round(count * share)))
        return [pool[i]["code"] for i in rng.choice(len(pool), count, replace=False)] if pool else []

    def named(short: set[str]) -> list[dict[str, str]]:
        return [v for v in rural if any(v["township"].startswith(name) for name in short)]

    years = dict.fromkeys(draw(named(EXIT_2016), 40), 2016) | dict.fromkeys(draw(named(EXIT_2017), 30), 2017)
    return years | dict.fromkeys(draw([v for v in rural if v["code"] not in years], 45), 2015)
