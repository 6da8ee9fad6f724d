"""Facts of the village a household lives in (ORG-7; domain 2.5): tags, its latest form up to the day, the register."""

from __future__ import annotations

import polars as pl

from shuanglian.rules.cel.types import BOOL, NUMBER, TEXT, WHOLE, Type
from shuanglian.rules.profile_shapes import Label

from .catalogue import TEXTS, Ground, fact, stated
from .sources import AREAS, COUNT, FORM, HOMES, KM, MU, PERCENT, PERSONS, REGISTER, VISIT, WAN, YUAN

FLAGS = {
    "road_paved": ("到乡镇通沥青（水泥）路", "has a paved road to the township"),
    "bus": ("通客运班车", "has a bus"),
    "broadband": ("通宽带", "has broadband"),
}
COUNTS: dict[str, tuple[str, str, Label]] = {
    "households": ("全村总户数", "all households of the village", HOMES),
    "people": ("全村总人口", "all people of the village", PERSONS),
    "water_unsafe_households": ("未实现饮水安全户数", "households without safe water", HOMES),
    "no_power_households": ("未通生活用电户数", "households without electricity", HOMES),
    "unsafe_house_households": ("危房户数", "households in dangerous houses", HOMES),
    "cooperatives": ("合作社个数", "co-operatives", COUNT),
    "cooperative_poor_households": ("参加合作社的贫困户数", "poor households in a co-operative", HOMES),
    "clinics": ("卫生室个数", "village clinics", COUNT),
    "doctors": ("执业（助理）医师人数", "doctors", PERSONS),
    "culture_rooms": ("文化（图书）室个数", "culture rooms", COUNT),
    "public_toilets": ("公共卫生厕所个数", "public toilets", COUNT),
    "rubbish_points": ("垃圾集中堆放点个数", "rubbish points", COUNT),
    "dibao_households": ("低保户数", "households with the minimum allowance", HOMES),
    "dibao_people": ("低保人数", "people with the minimum allowance", PERSONS),
    "five_guarantee_people": ("特困供养人数", "people in special care", PERSONS),
    "disabled_people": ("残疾人数", "disabled people", PERSONS),
    "pension_insured": ("参加居民养老保险人数", "people with resident pension insurance", PERSONS),
}
EXACT: dict[str, tuple[str, str, Label]] = {
    "collective_income": ("村集体经济收入", "collective income", WAN),
    "unpaved_to_hamlets": ("到自然村未通硬化路里程", "unpaved road to the hamlets", KM),
}
LAND = {
    "land_cultivated": ("耕地面积", "cultivated land"), "land_forest": ("林地面积", "woodland"),
    "land_returned": ("退耕还林面积", "land returned to forest"), "land_orchard": ("林果面积", "orchard"),
    "land_pasture": ("牧草地面积", "pasture"), "land_water": ("水域面积", "water"),
}  # fmt: skip
EXACT |= {name: (f"全村{zh}", f"{en} of the village", MU) for name, (zh, en) in LAND.items()}
POOR_LAND = {f"poor_{name}": pl.Decimal(14, 2) for name in LAND}  # sums over the register, like COUNTED
COUNTED = {"poor_households": pl.Int64(), "poor_people": pl.Int64(), "poor_people_before": pl.Int64()}
# what `Raw.villages` may hold beside id and tags; a column that is not there is not known
COLUMNS: dict[str, pl.DataType] = {
    **dict.fromkeys(FLAGS, pl.Boolean()), **dict.fromkeys(COUNTS, pl.Int64()),
    **dict.fromkeys(EXACT, pl.Decimal(12, 2)), "collective_income_before": pl.Decimal(12, 2),
    "income_per_head": pl.Decimal(12, 2), "form_year": pl.Int64(), **COUNTED, **POOR_LAND,
}  # fmt: skip


def columns_of(villages: pl.DataFrame) -> pl.DataFrame:
    """The villages with every column that facts read; null where nobody gave it."""
    missing = [pl.lit(None, kind).alias(name) for name, kind in COLUMNS.items() if name not in villages.columns]
    return villages.with_columns(missing)


@fact("village", TEXT, zh="村代码", en="code of the village", source=AREAS)
def code(g: Ground) -> pl.Expr:
    return pl.col("id")


@fact("village", TEXTS, zh="标签", en="tags", source=AREAS, codes="tag")
def tags(g: Ground) -> pl.Expr:
    """Those of the village and of the areas it lies in."""
    return pl.col("tags")


def _tagged(g: Ground, kind: str) -> pl.Expr:
    codes = [code for code, tag in g.profile.tags.items() if tag.kind == kind]
    return pl.any_horizontal([pl.col("tags").list.contains(code) for code in codes] or [pl.lit(False)])


@fact("village", BOOL, zh="贫困村", en="is a poor village", source=AREAS)
def poor_village(g: Ground) -> pl.Expr:
    return pl.col("tags").list.contains("poor_village")


@fact("village", BOOL, zh="重点贫困县的村", en="lies in a key poor county", source=AREAS)
def key_poor_county(g: Ground) -> pl.Expr:
    return _tagged(g, "key_county")


@fact("village", BOOL, zh="集中连片特困地区的村", en="lies in a contiguous poor area", source=AREAS)
def contiguous_area(g: Ground) -> pl.Expr:
    return _tagged(g, "poor_area")


@fact("village", BOOL, zh="当年拟脱贫村", en="is due to leave this year", source=AREAS)
def exit_village(g: Ground) -> pl.Expr:
    return _tagged(g, "exit")


# --- the village's form ---------------------------------------------------------------------------------------------
def _of_form(name: str, kind: Type, zh: str, en: str, unit: Label | None) -> None:
    def work(g: Ground) -> pl.Expr:
        return pl.col(name)

    work.__name__ = name
    fact("village", kind, zh=zh, en=en, source=FORM, unit=unit)(work)


for _name, (_zh, _en) in FLAGS.items():
    _of_form(_name, BOOL, _zh, _en, None)
for _name, (_zh, _en, _unit) in COUNTS.items():
    _of_form(_name, WHOLE, _zh, _en, _unit)
for _name, (_zh, _en, _unit) in EXACT.items():
    _of_form(_name, NUMBER, _zh, _en, _unit)


@fact("village", NUMBER, zh="上年村集体经济收入", en="collective income of the year before", source=FORM, unit=WAN)
def collective_income_before(g: Ground) -> pl.Expr:
    return pl.col("collective_income_before")


@fact("village", NUMBER, zh="农民人均纯收入", en="farmers' income per head", source=FORM, unit=YUAN)
def farmer_income(g: Ground) -> pl.Expr:
    return pl.col("income_per_head")


@fact("village", WHOLE, zh="村情况表年份", en="year of the village form", source=FORM)
def form_year(g: Ground) -> pl.Expr:
    return pl.col("form_year")


# --- what the register counts in the village ------------------------------------------------------------------------
@fact("village", WHOLE, zh="村内在册贫困户数", en="poor households on the register", source=REGISTER, unit=HOMES)
def poor_households(g: Ground) -> pl.Expr:
    return pl.col("poor_households")


@fact("village", WHOLE, zh="村内在册贫困人口", en="poor people on the register", source=REGISTER, unit=PERSONS)
def poor_people(g: Ground) -> pl.Expr:
    return pl.col("poor_people")


@fact(
    "village", WHOLE, zh="村内上年末贫困人口", en="poor people at the end of last year", source=REGISTER, unit=PERSONS
)
def poor_people_before(g: Ground) -> pl.Expr:
    return pl.col("poor_people_before")


def _poor_land(name: str, zh: str, en: str) -> None:
    def work(g: Ground) -> pl.Expr:
        return pl.col(f"poor_{name}")

    work.__name__ = f"poor_{name}"
    fact("village", NUMBER, zh=f"在册贫困户{zh}合计", en=f"{en} of all poor households", source=REGISTER, unit=MU)(work)


for _name, (_zh, _en) in LAND.items():
    _poor_land(_name, _zh, _en)


@fact("village", NUMBER, zh="贫困发生率", en="incidence of poverty", source=REGISTER, unit=PERCENT)
def incidence(g: Ground) -> pl.Expr:
    """Poor people on the register of all the people that the village's form tells, in per cent (IDX-2)."""
    return pl.when(pl.col("people") > 0).then(pl.col("poor_people") * 100 / pl.col("people")).round(2)


stated(
    "village", NUMBER, "mutual_aid_fund", zh="互助资金规模", en="size of the mutual-aid fund", source=VISIT, unit=YUAN
)
stated("village", BOOL, "day_care_room", zh="有老年日间照料室", en="has a day-care room for the elderly", source=VISIT)
stated("village", NUMBER, "industry_cover", zh="主导产业覆盖贫困户比例", en="share of the poor in the leading trade",
       source=VISIT, unit=PERCENT)  # fmt: skip
stated("village", BOOL, "leading_industry", zh="有主导产业", en="has a leading industry", source=VISIT)
stated("village", BOOL, "office_on_duty", zh="村级活动场所有人值班", en="has a village office on duty", source=VISIT)
stated("village", BOOL, "clinic_works", zh="卫生室正常运行", en="has a working clinic with medicines", source=VISIT)
