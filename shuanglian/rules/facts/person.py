"""Facts of one member (domain 2.3). Unknown stays null: no fact is guessed from an empty column."""

from __future__ import annotations

import polars as pl

from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, TEXT, WHOLE

from .catalogue import TEXTS, Ground, fact, stated
from .sources import CIVIL, COURSE, HOSPITAL, MEMBERS, MONTHS, SCHOOL, VISIT, YEARS, YUAN

NEVER_AT_SCHOOL = 3  # below this age there is no school for anybody, so an empty column is not an open question


@fact("person", TEXT, zh="性别", en="sex", source=MEMBERS, codes="sex")
def sex(g: Ground) -> pl.Expr:
    return pl.col("sex")


@fact("person", DAY, zh="出生日期", en="date of birth", source=MEMBERS)
def born_on(g: Ground) -> pl.Expr:
    return pl.col("born_on").cast(pl.Datetime("us"))


@fact("person", WHOLE, zh="年龄", en="age", source=MEMBERS, unit=YEARS)
def age(g: Ground) -> pl.Expr:
    born = pl.col("born_on")
    birthday_to_come = (born.dt.month() > g.day.month) | (
        (born.dt.month() == g.day.month) & (born.dt.day() > g.day.day)
    )
    full = pl.lit(g.day.year, pl.Int64) - born.dt.year().cast(pl.Int64) - birthday_to_come.cast(pl.Int64)
    return pl.when(born <= g.day).then(full)


@fact("person", TEXT, zh="与户主关系", en="relation to the head", source=MEMBERS, codes="relation")
def relation(g: Ground) -> pl.Expr:
    return pl.col("relation")


@fact("person", BOOL, zh="户主", en="is the head of the household", source=MEMBERS)
def is_head(g: Ground) -> pl.Expr:
    return pl.col("relation") == (g.profile.codes["relation"].find("户主") or "")


@fact("person", TEXT, zh="民族", en="ethnic group", source=MEMBERS, codes="ethnicity")
def ethnic(g: Ground) -> pl.Expr:
    return pl.col("ethnic")


@fact("person", TEXT, zh="文化程度", en="education", source=MEMBERS, codes="education")
def education(g: Ground) -> pl.Expr:
    return pl.col("education")


@fact("person", TEXT, zh="在校生状况", en="grade at school", source=MEMBERS, codes="schooling")
def schooling(g: Ground) -> pl.Expr:
    return pl.col("schooling")


@fact("person", TEXT, zh="就学阶段", en="stage of schooling", source=MEMBERS, codes="school_stage")
def school_stage(g: Ground) -> pl.Expr:
    """Preschool … college by the grade; none for who has a finished education and no grade, or is still too small."""
    stages = {item.code: item.group or "none" for item in g.profile.codes["schooling"]}
    stages |= dict.fromkeys(g.codes("schooling", mark="below_school"), "none")
    by_grade = pl.col("schooling").replace_strict(stages, default=None, return_dtype=pl.String)
    none = pl.col("education").is_not_null() | (age(g) < NEVER_AT_SCHOOL)
    return pl.coalesce(by_grade, pl.when(none & pl.col("schooling").is_null()).then(pl.lit("none")))


@fact("person", BOOL, zh="在校", en="attends school", source=MEMBERS)
def in_school(g: Ground) -> pl.Expr:
    return school_stage(g) != "none"


@fact("person", TEXTS, zh="健康状况", en="health", source=MEMBERS, codes="health", sensitive=True)
def health(g: Ground) -> pl.Expr:
    return pl.when(pl.col("health").list.len() > 0).then(pl.col("health"))


def _health(g: Ground, mark: str) -> pl.Expr:
    codes = g.codes("health", mark=mark)
    return pl.when(pl.col("health").list.len() > 0).then(
        pl.any_horizontal([pl.col("health").list.contains(code) for code in codes] or [pl.lit(False)])
    )


@fact("person", BOOL, zh="长期慢性病", en="has a long chronic illness", source=MEMBERS, sensitive=True)
def ill_chronic(g: Ground) -> pl.Expr:
    return _health(g, "chronic")


@fact("person", BOOL, zh="患有大病", en="has a serious illness", source=MEMBERS, sensitive=True)
def ill_serious(g: Ground) -> pl.Expr:
    return _health(g, "serious")


@fact("person", BOOL, zh="残疾", en="is disabled", source=MEMBERS, sensitive=True)
def disabled(g: Ground) -> pl.Expr:
    """A card proves it; otherwise what the register says of health."""
    return pl.when(pl.col("disability_card")).then(True).otherwise(_health(g, "disabled"))


@fact("person", BOOL, zh="持有残疾证", en="holds a disability card", source=MEMBERS, sensitive=True)
def disability_card(g: Ground) -> pl.Expr:
    return pl.col("disability_card")


@fact("person", WHOLE, zh="残疾类别", en="kind of disability", source=MEMBERS, sensitive=True)
def disability_kind(g: Ground) -> pl.Expr:
    return _of_card(g, "disability_kind")


@fact("person", WHOLE, zh="残疾等级", en="grade of disability", source=MEMBERS, sensitive=True)
def disability_grade(g: Ground) -> pl.Expr:
    """1 the gravest to 4, from the card's number; 0 for who is healthy or ill only, so that it can be compared."""
    return _of_card(g, "disability_grade")


def _of_card(g: Ground, column: str) -> pl.Expr:
    not_disabled = ~pl.col("disability_card") & ~_health(g, "disabled")
    return pl.coalesce(pl.col(column), pl.when(not_disabled).then(pl.lit(0, pl.Int64)))


@fact("person", TEXT, zh="劳动技能", en="ability to work", source=MEMBERS, codes="labour_skill")
def labour(g: Ground) -> pl.Expr:
    return pl.col("labour")


@fact("person", BOOL, zh="有劳动能力", en="is able to work", source=MEMBERS)
def able_to_work(g: Ground) -> pl.Expr:
    fit = [*g.codes("labour_skill", group="able"), *g.codes("labour_skill", group="weak")]
    return pl.col("labour").is_in(fit)


@fact("person", TEXT, zh="务工所在地", en="where they work away", source=MEMBERS, codes="work_place")
def work_place(g: Ground) -> pl.Expr:
    return pl.col("work_place")


@fact("person", WHOLE, zh="务工月数", en="months of work away", source=MEMBERS, unit=MONTHS)
def work_months(g: Ground) -> pl.Expr:
    return pl.col("work_months").cast(pl.Int64)


@fact("person", BOOL, zh="参加基本医疗保险", en="has basic medical insurance", source=MEMBERS)
def medical_insurance(g: Ground) -> pl.Expr:
    return pl.col("medical_insurance")


@fact("person", BOOL, zh="参加大病保险", en="has serious-illness insurance", source=MEMBERS)
def serious_insurance(g: Ground) -> pl.Expr:
    return pl.col("serious_insurance")


@fact("person", BOOL, zh="参加养老保险", en="has pension insurance", source=MEMBERS)
def pension_insurance(g: Ground) -> pl.Expr:
    return pl.col("pension_insurance")


@fact("person", BOOL, zh="享受低保", en="receives the minimum living allowance", source=MEMBERS)
def dibao(g: Ground) -> pl.Expr:
    return pl.col("dibao")


stated("person", WHOLE, "dibao_class", zh="低保类别", en="class of minimum living allowance", source=CIVIL)
stated("person", BOOL, "boards", zh="寄宿", en="boards at school", source=SCHOOL)
stated(
    "person", TEXT, "college_place", zh="院校所在地", en="where the college is", source=SCHOOL, codes="college_place"
)
stated("person", WHOLE, "college_entry_year", zh="大学入学年份", en="year of entering college", source=SCHOOL)
stated(
    "person", NUMBER, "student_loan_yuan", zh="申请助学贷款金额", en="student loan asked for", source=SCHOOL, unit=YUAN
)
stated("person", NUMBER, "hospital_cost", zh="当年住院总费用", en="in-patient cost this year",
       source=HOSPITAL, unit=YUAN, sensitive=True)  # fmt: skip
stated("person", NUMBER, "hospital_reimbursed", zh="当年住院已报销", en="reimbursed this year",
       source=HOSPITAL, unit=YUAN, sensitive=True)  # fmt: skip
stated("person", NUMBER, "medical_self_paid", zh="当年自付医疗费", en="medical cost paid oneself this year",
       source=HOSPITAL, unit=YUAN, sensitive=True)  # fmt: skip
stated("person", BOOL, "certificate", zh="职业资格证书", en="holds a vocational certificate", source=COURSE)
stated("person", DAY, "training_finished_on", zh="培训结业日期", en="day the training was finished", source=COURSE)
stated("person", BOOL, "training_wanted", zh="有培训意愿", en="wants training", source=VISIT)
stated("person", BOOL, "school_local", zh="在当地上学", en="attends school locally", source=SCHOOL)
stated("person", BOOL, "last_preschool_year", zh="学前一年", en="is in the last year before school", source=SCHOOL)
stated("person", WHOLE, "school_year", zh="本学段第几年", en="year of study within the stage", source=SCHOOL)
