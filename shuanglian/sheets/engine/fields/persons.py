# ruff: noqa: E501 - one entry a line; a Chinese character counts as two
"""Columns of the members of households (national registry codes AAB…)."""

from dataclasses import replace

from .shape import Field, words

_ID_HELP = "18 位身份证号或 20、22 位残疾证号，单元格设为文本格式"
_ID_HELP_EN = "18 characters, or a disability card of 20 or 22; format the cell as text"


def _list(
    code: str,
    label: str,
    english: str,
    spellings: str,
    name: str,
    example: str,
    *,
    many: bool = False,
    derived: bool = False,
) -> Field:
    return Field(
        code, label, english, "code", words(spellings), list=name, many=many, derived=derived,
        help="从下拉列表中选" + ("，可选几个" if many else ""),
        help_en="Choose from the list" + ("; several allowed" if many else ""), example=example,
    )  # fmt: skip


def _yes(code: str, label: str, english: str, spellings: str, *, derived: bool = False) -> Field:
    return Field(
        code,
        label,
        english,
        "bool",
        words(spellings),
        help="是或否",
        help_en="Yes or no",
        example="是",
        derived=derived,
    )


PERSON_FIELDS = (
    Field(
        "household_number", "户编号", "Household number", "text",
        words("户编号 AAC001 户编码 户号 贫困户编号 户ID 家庭编号 所属户编号 户码"), required=True, longest=40,
        help="与户名册的户编号一致", help_en="The number used in the household roster", example="6211211002160001",
    ),
    Field(
        "person_number", "人编号", "Person number", "text", words("人编号 AAB001 人员编号 人编码 成员编号 人口编号 人ID 个人编号"),
        longest=40, help="没有可不填", help_en="Empty when there is none", example="621121100216000101",
    ),
    Field(
        "name", "姓名", "Name", "text",
        words("姓名 AAB002 家庭成员姓名 成员姓名 人员姓名 家庭成员 带动脱贫人口姓名 学生姓名 贫困人口姓名 脱贫人口姓名"),
        personal=True, required=True, longest=40, help="与身份证一致", help_en="As on the identity card", example="李某某",
    ),
    Field(
        "id_number", "证件号码", "Identity number", "id",
        words(
            "证件号码 AAB004 身份证号 身份证号码 公民身份号码 公民身份号码或残疾证号 身份证 证件号 带动脱贫人口身份证号码 "
            "公民身份证号码 居民身份证号 居民身份证号码 成员证件号码 家庭成员身份证号 身份证件号码 身份证或残疾证号 残疾证号或身份证号"
        ),
        personal=True, help=_ID_HELP, help_en=_ID_HELP_EN, example="11010519491231002X",
    ),
    _list("id_type", "证件类型", "Kind of document", "证件类型 AAB018 证件种类", "id_type", "居民身份证", derived=True),
    _list("sex", "性别", "Sex", "性别 AAB003", "sex", "男"),
    Field(
        "birth", "出生日期", "Date of birth", "date", words("出生日期 AAB005 出生年月 出生年月日 生日 出生时间 出生"), personal=True,
        help="可不填，由身份证号得出", help_en="May be empty; taken from the identity number", example="1990-01-01",
    ),
    _list("relation", "与户主关系", "Relation to the head",
          "与户主关系 AAB006 家庭关系 与本人关系 和户主关系 与户主的关系 户主关系 与户主之关系 关系", "relation", "户主"),
    _list("ethnic", "民族", "Ethnic group", "民族 AAB007 民族成份", "ethnicity", "汉族"),
    _list("education", "文化程度", "Schooling completed", "文化程度 AAB008 学历 受教育程度 教育程度", "education", "初中"),
    _list("schooling", "在校生状况", "Grade at school",
          "在校生状况 AAB009 在校生情况 在校学生 是否在校生 在校情况 在校状况 就读情况 学段 在校生", "schooling", "七年级"),
    Field(
        "dropout_reason", "失学辍学原因", "Reason for leaving school", "text",
        words("失学辍学原因 义务教育阶段未上学原因 失学或辍学原因 辍学原因 失学原因 未上学原因"), derived=True, longest=60,
        help="义务教育阶段不在校的填原因", help_en="For children of school age not at school", example="",
    ),
    _list("health", "健康状况", "Health", "健康状况 AAB017 身体状况 健康情况", "health", "健康", many=True),
    _list("labour", "劳动技能", "Ability to work", "劳动技能 AAB010 劳动能力 劳动力状况 劳动力 劳动能力状况", "labour_skill", "普通劳动力"),
    _list("work_place", "务工所在地", "Where they work away",
          "务工所在地 务工地点 务工状况 务工情况 务工区域 务工地区 务工地", "work_place", "省外"),
    Field(
        "work_months", "务工时间（月）", "Months of work away", "int",
        words("务工时间(月) 务工时间 AAB012 务工月数 务工时长 务工时间(个月)"), limit="work_months", unit="月",
        help="一年中外出务工的月数，0 到 12", help_en="Months in the year, 0 to 12", example="6",
    ),
    _yes("works", "是否已务工", "Works away", "是否已务工 是否务工 是否外出务工 是否已外出务工", derived=True),
    _list("political", "政治面貌", "Political standing", "政治面貌 AAK033", "politics", "群众"),
    _yes("medical_insurance", "参加居民医保", "Resident medical insurance",
         "参加居民医保 是否参加城乡居民基本医疗保险 AAB013 是否参加新型农村合作医疗 新型农村合作医疗 合作医疗 参加合作医疗 新农合 "
         "参加新农合 是否参加合作医疗 医疗保险 是否参加医保 参加医保 城乡居民基本医疗保险 是否参加基本医疗保险 是否参加新农合"),
    _yes("employee_medical", "参加职工医保", "Employee medical insurance",
         "参加职工医保 是否参加城镇职工基本医疗保险 职工医保 城镇职工基本医疗保险 是否参加职工医保", derived=True),
    _yes("serious_insurance", "参加大病保险", "Serious-illness insurance",
         "参加大病保险 是否参加大病保险 AAB022 大病保险 参加大病医疗 是否参加大病医疗 大病医疗"),
    _yes("pension_insurance", "参加居民养老保险", "Resident pension insurance",
         "参加居民养老保险 是否参加城乡居民基本养老保险 AAB014 城乡居民基本养老保险 城乡居民养老保险 养老保险 新农保 参加养老保险 "
         "是否参加养老保险 参加新农保 是否参加城乡居民社会养老保险"),
    _yes("employee_pension", "参加职工养老保险", "Employee pension insurance",
         "参加职工养老保险 是否参加城镇职工基本养老保险 AAB021 职工养老 职工养老保险 是否参加职工养老保险", derived=True),
    _list("dibao", "享受低保", "Minimum allowance",
          "享受低保 享受低保政策情况 AAB030 低保 低保人口 是否低保 是否享受低保 是否低保人口 是否农村低保", "minimum_allowance", "未享受"),
    _list("special_care", "享受特困供养", "Special care",
          "享受特困供养 享受特困供养政策情况 特困供养 是否特困 是否五保 五保人口 是否特困供养", "special_care", "未享受", derived=True),
    Field(
        "disability_card", "残疾证号", "Disability card", "id", words("残疾证号 残疾证号码 残疾人证号 残疾证 残疾人证"), personal=True,
        help="20 或 22 位", help_en="20 or 22 characters", example="",
    ),
    Field(
        "phone", "联系电话", "Phone", "phone",
        words("家庭成员联系电话 人联系电话 AAB031 联系电话 成员联系电话 本人联系电话 成员电话 手机号 手机号码 电话 联系方式"),
        personal=True, help="11 位手机号", help_en="Mobile number, 11 digits", example="13800000000",
    ),
    Field(
        "head_name", "户主姓名", "Head of household", "text", words("户主姓名 户主 AAC029"), personal=True, derived=True, longest=40,
        help="没有户编号时用来找到所属的户", help_en="Finds the household where there is no number", example="李某某",
    ),
    Field(
        "head_id", "户主证件号码", "Head's identity number", "id",
        words("户主证件号码 户主证件 户主身份证号 户主身份证号码 AAC031"), personal=True, derived=True,
        help=_ID_HELP, help_en=_ID_HELP_EN, example="",
    ),
)  # fmt: skip

PREFIX = "person."


def in_household_sheet() -> tuple[Field, ...]:
    """The same columns where household and members share a sheet; codes begin with `person.`."""
    shared = {"household_number", "head_name", "head_id"}
    return tuple(
        replace(field, code=PREFIX + field.code, required=False) for field in PERSON_FIELDS if field.code not in shared
    )
