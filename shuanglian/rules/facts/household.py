"""Facts of one household (domain 2.2): its file, its latest yearly record up to the day, and sums over its members."""

from __future__ import annotations

import polars as pl

from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, TEXT, WHOLE

from .catalogue import TEXTS, Ground, fact, stated
from .sources import ACCOUNT, BANK, CIVIL, DISASTER, FAMILY, KM, METRES, MU, PERSONS, REGISTER, VISIT, YUAN

EXTRA: dict[str, pl.DataType] = {"phone_given": pl.Boolean()}  # columns that rows of households may lack
YEAR_EXTRA: dict[str, pl.DataType] = {  # the same of yearly records
    "transfer_declared": pl.Decimal(12, 2), "transfer_paid": pl.Decimal(12, 2),
}  # fmt: skip
YES_NO_TEXTS = ("否", "无", "没有", "不需要", "无需求", "暂无", "0")  # how rosters write "none" in a free text


@fact("household", BOOL, zh="建档立卡在册", en="is registered as poor", source=REGISTER)
def registered(g: Ground) -> pl.Expr:
    """On the register on the day (REG-1): entered before, not left and not removed by then."""
    gone = pl.min_horizontal("left_on", "removed_on")
    return (pl.col("since") <= g.day) & (gone.is_null() | (gone > g.day))


@fact("household", TEXT, zh="贫困户属性", en="class of poor household", source=REGISTER, codes="household_class")
def kind(g: Ground) -> pl.Expr:
    return pl.col("kind")


@fact("household", BOOL, zh="五保户", en="is a five-guarantee household", source=REGISTER)
def five_guarantee(g: Ground) -> pl.Expr:
    return pl.col("kind").is_in(g.codes("household_class", group="five_guarantee"))


@fact("household", BOOL, zh="低保户", en="receives the minimum living allowance", source=REGISTER)
def dibao_household(g: Ground) -> pl.Expr:
    return pl.col("kind").is_in(g.codes("household_class", group="dibao"))


@fact("household", TEXT, zh="识别标准", en="standard of recognition", source=REGISTER, codes="standard")
def standard(g: Ground) -> pl.Expr:
    return pl.col("standard")


@fact("household", TEXT, zh="主要致贫原因", en="main cause of poverty", source=REGISTER, codes="cause", sensitive=True)
def main_cause(g: Ground) -> pl.Expr:
    return pl.col("main_cause")


@fact("household", TEXTS, zh="致贫原因", en="causes of poverty", source=REGISTER, codes="cause", sensitive=True)
def causes(g: Ground) -> pl.Expr:
    return pl.when(pl.col("main_cause").is_not_null()).then(
        pl.concat_list(pl.col("main_cause"), pl.col("other_causes").fill_null([]))
    )


@fact("household", TEXT, zh="脱贫标志", en="exit mark", source=REGISTER, codes="exit_mark")
def exit_mark(g: Ground) -> pl.Expr:
    return pl.col("status")


@fact("household", WHOLE, zh="拟脱贫年度", en="year due to leave", source=REGISTER)
def exit_year(g: Ground) -> pl.Expr:
    return pl.col("exit_year").cast(pl.Int64)


@fact("household", DAY, zh="识别日期", en="registered since", source=REGISTER)
def since(g: Ground) -> pl.Expr:
    return pl.col("since").cast(pl.Datetime("us"))


@fact("household", WHOLE, zh="家庭人口", en="size of the household", source=REGISTER, unit=PERSONS)
def size(g: Ground) -> pl.Expr:
    return pl.when(pl.col("size") > 0).then(pl.col("size").cast(pl.Int64))


@fact("household", BOOL, zh="易地搬迁户", en="is to be relocated", source=REGISTER)
def relocation(g: Ground) -> pl.Expr:
    return pl.col("relocation")


def _asked(column: str) -> pl.Expr:
    return pl.col(column).is_not_null() & ~pl.col(column).is_in(YES_NO_TEXTS)


@fact("household", BOOL, zh="有贷款需求", en="needs a loan", source=REGISTER)
def loan_need(g: Ground) -> pl.Expr:
    return pl.when(pl.col("loan_need").is_not_null()).then(_asked("loan_need"))


@fact("household", BOOL, zh="有产业意愿", en="wishes for an industry", source=REGISTER)
def wish(g: Ground) -> pl.Expr:
    return pl.when(pl.col("wish").is_not_null()).then(_asked("wish"))


@fact("household", TEXT, zh="主要原因指向", en="what the main cause asks for", source=REGISTER, sensitive=True)
def cause_fact(g: Ground) -> pl.Expr:
    """ill, disabled, pupils, labour_short: what must be found in the household when the cause is named; else none."""
    facts = {code: cause.fact or "none" for code, cause in g.profile.causes.items()}
    return pl.col("main_cause").replace_strict(facts, default=None, return_dtype=pl.String)


@fact("household", BOOL, zh="脱贫标志为已脱贫", en="bears the mark of having left poverty", source=REGISTER)
def marked_out(g: Ground) -> pl.Expr:
    return pl.col("status").is_in(g.codes("exit_mark", group="out"))


@fact("household", BOOL, zh="登记了联系电话", en="a telephone is entered", source=REGISTER)
def phone_given(g: Ground) -> pl.Expr:
    return pl.col("phone_given")


# --- sums over the members ------------------------------------------------------------------------------------------
@fact(
    "household", WHOLE, zh="有劳动能力的人数", en="members able to work", source=REGISTER, unit=PERSONS, reads="members"
)
def workers(g: Ground) -> pl.Expr:
    """Unknown while any member's ability is unknown."""
    known = pl.col("able_to_work").is_not_null().all()
    return pl.when(known).then(pl.col("able_to_work").sum().cast(pl.Int64))


@fact("household", WHOLE, zh="在校生人数", en="members at school", source=REGISTER, unit=PERSONS, reads="members")
def pupils(g: Ground) -> pl.Expr:
    return pl.when(pl.col("in_school").is_not_null().all()).then(pl.col("in_school").sum().cast(pl.Int64))


@fact("household", WHOLE, zh="普通、技能劳动力人数", en="members entered as fully able to work", source=REGISTER,
      unit=PERSONS, reads="members")  # fmt: skip
def full_workers(g: Ground) -> pl.Expr:
    """Those who are entered so; who is not entered at all does not count."""
    return (pl.col("labour_group") == "able").sum().cast(pl.Int64)


# --- the yearly record ----------------------------------------------------------------------------------------------
def _yuan(name: str, zh: str, en: str) -> None:
    def work(g: Ground) -> pl.Expr:
        return pl.col(name).cast(pl.Decimal(18, 2))

    work.__name__ = name
    fact("household", NUMBER, zh=zh, en=en, source=ACCOUNT, unit=YUAN, reads="years")(work)


def _measure(name: str, zh: str, en: str, unit: object) -> None:
    def work(g: Ground) -> pl.Expr:
        return pl.col(name).cast(pl.Decimal(18, 2))

    work.__name__ = name
    fact("household", NUMBER, zh=zh, en=en, source=ACCOUNT, unit=unit, reads="years")(work)  # type: ignore[arg-type]


def _flag(name: str, zh: str, en: str) -> None:
    def work(g: Ground) -> pl.Expr:
        return pl.col(name)

    work.__name__ = name
    fact("household", BOOL, zh=zh, en=en, source=ACCOUNT, reads="years")(work)


@fact("household", WHOLE, zh="年度账年份", en="year of the account", source=ACCOUNT, reads="years")
def account_year(g: Ground) -> pl.Expr:
    return pl.col("year").cast(pl.Int64)


for _name, _zh, _en in (
    ("income_wage", "工资性收入", "wage income"),
    ("income_operating", "生产经营性收入", "operating income"),
    ("income_property", "财产性收入", "property income"),
    ("income_transfer", "转移性收入", "transfer income"),
    ("operating_cost", "生产经营性支出", "operating cost"),
    ("transfer_declared", "申报的转移性收入", "transfer income declared, beside payrolls"),
    ("transfer_paid", "发放名册的转移性收入", "transfer income proved by payrolls"),
    ("net_income", "纯收入", "net income"),
    ("income_per_head", "人均纯收入", "net income per head"),
    ("income_per_head_before", "上年人均纯收入", "net income per head of the year before"),
):
    _yuan(_name, _zh, _en)
for _name, _zh, _en, _unit in (
    ("land_cultivated", "耕地面积", "cultivated land", MU),
    ("land_forest", "林地面积", "forest land", MU),
    ("land_returned", "退耕还林面积", "land returned to forest", MU),
    ("land_orchard", "林果面积", "orchard", MU),
    ("land_pasture", "牧草地面积", "pasture", MU),
    ("land_water", "水面面积", "water", MU),
    ("house_area", "住房面积", "floor space", METRES),
    ("road_km", "与村主干路距离", "distance to the main road", KM),
):
    _measure(_name, _zh, _en, _unit)
for _name, _zh, _en in (
    ("water_hard", "饮水困难", "water is hard to get"),
    ("power", "通生活用电", "has electricity"),
    ("toilet", "有卫生厕所", "has a sanitary toilet"),
    ("cooperative", "加入专业合作社", "is in a co-operative"),
):
    _flag(_name, _zh, _en)


@fact("household", BOOL, zh="饮水安全", en="has safe water", source=ACCOUNT, reads="years")
def water_safe(g: Ground) -> pl.Expr:
    return pl.col("water_safe")


@fact("household", TEXT, zh="危房级别", en="grade of the house", source=ACCOUNT, codes="house_grade", reads="years")
def house_grade(g: Ground) -> pl.Expr:
    return pl.col("house_grade")


@fact("household", BOOL, zh="危房户", en="lives in a dangerous house", source=ACCOUNT, reads="years")
def house_unsafe(g: Ground) -> pl.Expr:
    """As stated; where only a grade is given, the grade says it."""
    by_grade = pl.col("house_grade").is_in(g.codes("house_grade", group="unsafe"))
    return pl.coalesce("house_unsafe", by_grade)


@fact("household", TEXT, zh="入户路类型", en="road to the house", source=ACCOUNT, codes="road", reads="years")
def road_kind(g: Ground) -> pl.Expr:
    return pl.col("road_kind")


@fact("household", TEXT, zh="主要燃料类型", en="main fuel", source=ACCOUNT, codes="fuel", reads="years")
def fuel(g: Ground) -> pl.Expr:
    return pl.col("fuel")


@fact("household", NUMBER, zh="按贫困线口径的当年人均收入", en="income per head of the year, as the line counts it",
      source=ACCOUNT, unit=YUAN, reads="years")  # fmt: skip
def income_for_line(g: Ground) -> pl.Expr:
    """The account of the day's own year counts net income: where the line counts disposable income it says nothing,
    and the amount must be stated (IDX-2)."""
    if g.profile.lines(g.day.year).concept != "net":
        return pl.lit(None, pl.Decimal(18, 2))
    return pl.when(pl.col("year") == g.day.year).then(pl.col("income_per_head").cast(pl.Decimal(18, 2)))


stated("household", BOOL, "food_secure", zh="不愁吃", en="has no worry about food", source=VISIT)
stated("household", BOOL, "clothing_secure", zh="不愁穿", en="has no worry about clothes", source=VISIT)
stated("household", BOOL, "land_let", zh="土地流转出租", en="lets land to others", source=VISIT)
stated("household", BOOL, "income_stable", zh="收入稳定", en="has a steady income", source=VISIT)
stated("household", BOOL, "house_rebuilt", zh="住房经危房改造", en="house rebuilt by the programme", source=VISIT)
stated("household", BOOL, "relocation_moved_in", zh="搬迁已入住", en="has moved in after relocation", source=VISIT)
stated("household", DAY, "relapsed_on", zh="返贫认定日期", en="day of being found fallen back", source=REGISTER)
stated("household", WHOLE, "measures_done", zh="已落实的帮扶措施数", en="measures carried out", source=VISIT)
stated("household", BOOL, "relocation_agreed", zh="同意易地搬迁", en="agrees to relocation", source=VISIT)
stated("household", NUMBER, "loan_wanted_yuan", zh="需要贷款金额", en="loan wanted", source=BANK, unit=YUAN)
stated("household", BOOL, "loan_standing", zh="有未还贷款", en="has a loan standing", source=BANK)
stated("household", BOOL, "credit_ok", zh="信用良好", en="has a good credit record", source=BANK)
stated("household", TEXT, "family_planning_kind", zh="计划生育家庭类型", en="kind of family-planning household",
       source=FAMILY, codes="family_planning")  # fmt: skip
stated("household", BOOL, "mutual_aid_member", zh="互助社社员", en="is a member of the mutual-aid fund", source=VISIT)
stated("household", DAY, "disaster_on", zh="受灾日期", en="day of the disaster", source=DISASTER)
stated("household", TEXT, "disaster_kind", zh="灾害种类", en="kind of disaster", source=DISASTER, codes="disaster")
stated("household", NUMBER, "disaster_loss", zh="受灾损失", en="loss by the disaster", source=DISASTER, unit=YUAN)
stated("household", DAY, "hardship_on", zh="突发困难日期", en="day of the sudden hardship", source=CIVIL)
stated(
    "household", TEXT, "hardship_kind", zh="突发困难种类", en="kind of sudden hardship", source=CIVIL, codes="hardship"
)
stated("household", BOOL, "partner_contract", zh="有登记的产业合同", en="has a contract with a firm or co-operative",
       source=VISIT)  # fmt: skip
stated(
    "household", NUMBER, "dividend_due", zh="到期未付的分红", en="dividend due and not paid", source=VISIT, unit=YUAN
)
