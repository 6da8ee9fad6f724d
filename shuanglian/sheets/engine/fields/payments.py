# ruff: noqa: E501 - one entry a line; a Chinese character counts as two
"""Columns of a department's payroll: who was paid how much of what, and what the list says of them (FUND-5, BEN-8).

The account that money went to is recognised and left alone: nothing here needs it.
"""

from dataclasses import replace

from .places import CITY, COUNTY, GROUP, PROVINCE, TOWNSHIP, VILLAGE, VILLAGE_CODE
from .shape import Field, words

_WHOSE = (
    "姓名 AAB002 领取人 领取人姓名 收款人 收款人姓名 享受人 享受人姓名 受益人 受益人姓名 补助对象 补助对象姓名 补贴对象 发放对象 发放对象姓名 "
    "保障对象 保障对象姓名 救助对象 救助对象姓名 低保对象 低保对象姓名 学生姓名 患者姓名 参合人 参保人 参保人姓名 受助学生 受助人 申请人 申请人姓名 "
    "家庭成员姓名 成员姓名 人员姓名"
)
_NUMBERS = (
    "证件号码 身份证号 身份证号码 AAB004 公民身份号码 身份证 证件号 公民身份证号码 居民身份证号 居民身份证号码 领取人身份证号 收款人身份证号 "
    "学生身份证号 学生身份证号码 患者身份证号 患者身份证号码 保障对象身份证号 参保人身份证号 身份证或残疾证号 残疾证号 残疾人证号 残疾人证号码 残疾证号码 残疾证"
)
_AMOUNTS = (
    "金额 发放金额 补助金额 补贴金额 低保金 低保金额 低保金发放金额 实发金额 实发 实际发放金额 打卡金额 发放资金 补助资金 补贴资金 资助金额 助学金 助学金额 "
    "救助金额 救助金 实际救助金额 养老金 养老金额 基础养老金 养老保险金 保障金 保障金额 发放额 发放总额 发放合计 合计金额 总金额 应发金额 支付金额 "
    "本次发放金额 本月发放金额 本季度发放金额 月发放金额 季度发放金额 奖扶金 高龄补贴 五保金 特困供养金 生活补助 补助款 补贴款"
)

PAYMENT_FIELDS = (
    Field(
        "benefit", "政策", "Benefit", "text",
        words("政策 政策名称 惠民政策 项目 项目名称 补贴项目 补助项目 发放项目 资金项目 补贴名称 补助名称 资金名称 发放类别 补助类别 补贴类别 资助项目 救助类别 救助类型 险种 待遇名称"),
        longest=60, help="政策名称或代码；整份名册只发一种时可不填，上传时选定", help_en="Name or code; may be chosen once for the whole list",
        example="农村低保二类",
    ),
    Field(
        "name", "姓名", "Name", "text", words(_WHOSE), personal=True, required=True, longest=40,
        help="领取人姓名，与身份证一致", help_en="Who was paid, as on the identity card", example="李某某",
    ),
    Field(
        "id_number", "证件号码", "Identity number", "id", words(_NUMBERS), personal=True, lenient=True,
        help="18 位身份证号或 20、22 位残疾证号，单元格设为文本格式",
        help_en="18 characters, or a disability card of 20 or 22; format the cell as text", example="11010519491231002X",
    ),
    Field(
        "head_name", "户主姓名", "Head of household", "text", words("户主姓名 户主 AAC029 户主名 贫困户姓名 农户姓名 所在户户主 家庭户主"),
        personal=True, longest=40, help="同名的人靠户主区分", help_en="Tells people of one name apart", example="李某某",
    ),
    Field(
        "head_id", "户主证件号码", "Head's identity number", "id",
        words("户主证件号码 户主证件 户主身份证号 户主身份证号码 户主身份证 AAC031"), personal=True, lenient=True,
        help="名册只列户主时填", help_en="Where the list names heads only", example="11010519491231002X",
    ),
    PROVINCE, CITY, COUNTY, TOWNSHIP, replace(VILLAGE, required=False), VILLAGE_CODE, GROUP,
    Field(
        "address", "家庭住址", "Address", "text", words("家庭住址 家庭地址 住址 地址 详细地址 户籍地址 居住地址"), personal=True, longest=200,
        help="门牌或村组", help_en="House number or group", example="三社 12 号",
    ),
    Field(
        "birth", "出生日期", "Date of birth", "date", words("出生日期 AAB005 出生年月 出生年月日 生日"), personal=True,
        help="没有证件号码时填", help_en="Where there is no identity number", example="1990-01-01",
    ),
    Field(
        "amount", "金额", "Amount", "decimal", words(_AMOUNTS), required=True, limit="payment", unit="元",
        help="本次发给此人的钱，元；按月、按季的名册分别导入，系统累加", help_en="What was paid this time, yuan; monthly lists add up",
        example="702",
    ),
    Field(
        "paid_on", "发放日期", "Paid on", "date", words("发放日期 发放时间 打卡日期 打卡时间 支付日期 支付时间 到账日期 拨付日期 结算日期 报销日期 补偿日期 日期"),
        help="哪天发的", help_en="The day of payment", example="2015-03-20",
    ),
    Field(
        "month", "发放月份", "Month", "text", words("发放月份 月份 所属月份 所属期 所属期间 发放期间 发放季度 季度 待遇月份 发放年月 期间 学期 月"), longest=40,
        help="如 3月、1—3月、第二季度、2015-03、春季学期", help_en="Such as 3月, 1—3月, 第二季度, 2015-03", example="3月",
    ),
    Field(
        "year", "年度", "Year", "int", words("年度 年份 所属年度 发放年度 补助年度"),
        help="不填则用导入时选的年度", help_en="The year of the import when empty", example="2015",
    ),
    Field(
        "dibao_class", "低保类别", "Class of the allowance", "text", words("低保类别 低保等级 低保档次 保障类别 保障等级 保障档次 类别 档次 低保类型 救助等级"),
        longest=20, help="一类、二类、三类或四类", help_en="Class 1 to 4", example="二类",
    ),
    Field(
        "persons", "享受人数", "Persons", "int", words("享受人数 保障人数 保障人口 低保人口 发放人数 人数 家庭保障人口 享受人口"), limit="members", unit="人",
        help="一行发给几个人", help_en="How many people the line pays for", example="1",
    ),
    Field(
        "hospital_cost", "住院总费用", "In-patient cost", "decimal",
        words("住院总费用 住院费用 总费用 医疗总费用 医药费总额 住院医疗费 住院医药费用 费用总额 医疗费用 总医疗费用"), unit="元", limit="payment",
        help="医疗名册填，元", help_en="For medical lists, yuan", example="12000",
    ),
    Field(
        "reimbursed", "报销金额", "Reimbursed", "decimal",
        words("报销金额 补偿金额 报销额 补偿额 报销费用 新农合报销金额 新农合补偿金额 基本医保报销 统筹支付金额 报销总额 实际补偿金额 实际报销金额"), unit="元", limit="payment",
        help="没有“金额”列的医疗名册，按这一列算发放", help_en="Counts as the amount where there is no other", example="7200",
    ),
    Field(
        "school", "学校", "School", "text", words("学校 就读学校 学校名称 所在学校 录取院校 录取学校 院校 就读院校 毕业学校 学籍学校"), longest=80,
        help="教育资助名册填", help_en="For lists of school aid", example="通渭县第一中学",
    ),
    Field(
        "disability", "残疾类别", "Kind of disability", "text", words("残疾类别 残疾种类 残疾类型 残疾"), longest=20, personal=True,
        help="残联持证名册填；没有金额", help_en="For the list of those who hold a card; no amount", example="肢体",
    ),
    Field(
        "disability_grade", "残疾等级", "Grade of disability", "text", words("残疾等级 残疾级别 残疾程度"), longest=20, personal=True,
        help="一级至四级", help_en="Grade 1 to 4", example="二级",
    ),
)  # fmt: skip
