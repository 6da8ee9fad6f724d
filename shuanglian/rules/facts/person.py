"""Facts of one member (domain 2.3). Unknown stays null: no fact is guessed from an empty column."""

from __future__ import annotations

import polars as pl

from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, TEXT, WHOLE

from .catalogue import TEXTS, Ground, fact, stated
from .sources import CIVIL, COURSE, HOSPITAL, INSURER, LABOUR, MEMBERS, MONTHS, SCHOOL, VISIT, YEARS, YUAN

EXTRA: dict[str, pl.DataType] = {"id_given": pl.Boolean()}  # columns that rows of people may lack: then not known
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


# --- what checks of the register go by (REG-7): groups of codes, and whether a number is given, never the number -----
@fact("person", BOOL, zh="配偶", en="is the spouse of the head", source=MEMBERS)
def is_spouse(g: Ground) -> pl.Expr:
    return pl.col("relation") == (g.profile.codes["relation"].find("配偶") or "")


@fact("person", BOOL, zh="男性", en="is male", source=MEMBERS)
def is_man(g: Ground) -> pl.Expr:
    return _sex(g) == "male"


@fact("person", BOOL, zh="女性", en="is female", source=MEMBERS)
def is_woman(g: Ground) -> pl.Expr:
    return _sex(g) == "female"


def _sex(g: Ground) -> pl.Expr:
    """male, female, none for a code that says neither."""
    return _group(g, "sex", "sex")


def _group(g: Ground, column: str, codes: str) -> pl.Expr:
    groups = {item.code: item.group or "none" for item in g.profile.codes[codes]}
    return pl.col(column).replace_strict(groups, default=None, return_dtype=pl.String)


@fact("person", BOOL, zh="性别与关系相符", en="sex fits the relation to the head", source=MEMBERS)
def sex_fits_relation(g: Ground) -> pl.Expr:
    """Only a relation that implies a sex can contradict one that is told."""
    implied = {item.code: item.sex or "none" for item in g.profile.codes["relation"]}
    asked = pl.col("relation").replace_strict(implied, default=None, return_dtype=pl.String)
    return (asked == "none") | (_sex(g) == "none") | (asked == _sex(g))


@fact("person", TEXT, zh="文化程度类别", en="group of education", source=MEMBERS)
def education_group(g: Ground) -> pl.Expr:
    """preschool, primary_or_less, junior, senior, college."""
    return _group(g, "education", "education")


@fact("person", BOOL, zh="学龄前或学前教育", en="is below primary school", source=MEMBERS)
def below_school(g: Ground) -> pl.Expr:
    return _group(g, "schooling", "schooling") == "preschool"


@fact("person", BOOL, zh="小学及以上在校", en="is a pupil or student", source=MEMBERS)
def pupil(g: Ground) -> pl.Expr:
    """Of who has a finished education and no grade it is known that he is none."""
    return pl.coalesce(~below_school(g), pl.when(pl.col("education").is_not_null()).then(pl.lit(False)))


@fact("person", TEXT, zh="劳动能力类别", en="group of ability to work", source=MEMBERS)
def labour_group(g: Ground) -> pl.Expr:
    """able, weak, unable."""
    return _group(g, "labour", "labour_skill")


@fact("person", BOOL, zh="只登记健康", en="is entered as healthy and nothing else", source=MEMBERS, sensitive=True)
def healthy(g: Ground) -> pl.Expr:
    codes = g.codes("health", group="healthy")
    told = pl.col("health").list.len() > 0
    return pl.when(told).then(pl.col("health").list.set_difference(pl.lit(codes)).list.len() == 0)


@fact("person", BOOL, zh="健康状况登记为残疾", en="is entered as disabled", source=MEMBERS, sensitive=True)
def entered_disabled(g: Ground) -> pl.Expr:
    return _health(g, "disabled")


@fact("person", BOOL, zh="登记外出务工", en="is entered as working away", source=MEMBERS)
def works_away(g: Ground) -> pl.Expr:
    """A place or months of work away; no months and no place known: not known."""
    away = (pl.col("work_months") > 0) | pl.col("work_place").is_not_null()
    return pl.when(away).then(True).when(pl.col("work_months") == 0).then(False)


@fact("person", BOOL, zh="登记了证件号码", en="an identity number is entered", source=MEMBERS)
def id_given(g: Ground) -> pl.Expr:
    return pl.col("id_given")


stated("person", TEXT, "dropout_reason", zh="失学辍学原因", en="reason for leaving school", source=SCHOOL)
stated("person", BOOL, "special_care", zh="享受特困供养", en="is in special care", source=CIVIL)
stated(
    "person", BOOL, "employee_medical", zh="参加职工基本医疗保险", en="has employee medical insurance", source=INSURER
)
stated("person", WHOLE, "public_posts", zh="公益性岗位种数", en="kinds of public posts held", source=LABOUR)
stated("person", DAY, "post_hired_on", zh="公益性岗位聘用日期", en="day of hiring to a public post", source=LABOUR)
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
stated("person", BOOL, "school_aid", zh="享受教育资助", en="receives school aid", source=SCHOOL)
stated("person", BOOL, "medical_fourfold", zh="享受医疗保障扶持", en="receives the medical help due", source=CIVIL)
