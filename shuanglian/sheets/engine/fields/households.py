# ruff: noqa: E501 - one entry a line; a Chinese character counts as two
"""Columns of a household roster (REG-1; national form and registry codes AAC…)."""

from .places import CITY, COUNTY, GROUP, PROVINCE, TOWNSHIP, VILLAGE, VILLAGE_CODE
from .shape import Field, words

_IDENTITY = (
    Field(
        "number", "户编号", "Household number", "text",
        words("户编号 AAC001 户编码 户号 贫困户编号 户ID 家庭编号 户主编号 建档立卡户编号 户码 户标识"),
        longest=40, help="系统里的户编号；没有可不填，由系统编号", help_en="Number in the register; assigned when empty",
        example="6211211002160001",
    ),
    Field(
        "head_name", "户主姓名", "Head of household", "text",
        words("户主姓名 户主 AAC029 贫困户姓名 贫困户户主 农户姓名 户主名 贫困户主 脱贫户户主 户主名称 贫困户户主姓名 贫困户"),
        personal=True, required=True, longest=40, help="与户口簿一致", help_en="As in the household book", example="李某某",
    ),
    Field(
        "head_id", "户主证件号码", "Head's identity number", "id",
        words("户主证件号码 户主证件 户主身份证号 户主身份证号码 户主身份证 AAC031 户主公民身份号码 贫困户身份证号 户主证件号"),
        personal=True, help="18 位身份证号或 20、22 位残疾证号，单元格设为文本格式",
        help_en="18 characters, or a disability card of 20 or 22; format the cell as text", example="11010519491231002X",
    ),
)  # fmt: skip
_CLASS = (
    Field(
        "kind", "贫困户属性", "Class of household", "code",
        words("贫困户属性 户属性 AAC006 贫困户类型 户类型 贫困属性 贫困类型 农户属性 户别 贫困户类别 农户类型 属性"),
        list="household_class", help="从下拉列表中选", help_en="Choose from the list", example="一般贫困户",
    ),
    Field(
        "standard", "识别标准", "Standard of recognition", "code", words("识别标准 贫困户识别标准 AAC005"),
        list="standard", help="国家标准、省定标准或市定标准", help_en="National, provincial or city standard", example="国家标准",
    ),
    Field(
        "main_cause", "主要致贫原因", "Main cause of poverty", "code",
        words("主要致贫原因 致贫原因 AAC007 致贫原因1 首要致贫原因 致贫/返贫风险1 致贫主要原因 贫困原因 主要致贫因素 致贫返贫原因"),
        list="cause", help="只选一个", help_en="Exactly one", example="因病",
    ),
    Field(
        "other_causes", "其他致贫原因", "Other causes", "code",
        words("其他致贫原因 AAC008 次要致贫原因 致贫原因2 致贫/返贫风险2 其它致贫原因 次要原因 其他原因"),
        list="cause", many=True, help="可填几个，用顿号隔开，不与主要原因重复",
        help_en="Any number, separated by commas, none equal to the main one", example="因学、缺技术",
    ),
    Field(
        "status", "脱贫标志", "Exit mark", "code",
        words("脱贫标志 脱贫属性 AAR010 脱贫状态 脱贫情况 是否脱贫 贫困状态"),
        list="exit_mark", help="未脱贫、已脱贫、预脱贫或返贫", help_en="In, out, due to exit or fallen back", example="未脱贫",
    ),
    Field(
        "exit_year", "脱贫年度", "Year of exit", "int",
        words("脱贫年度 脱贫年份 脱贫时间 拟脱贫年度 计划脱贫年度 脱贫年 预脱贫年度 计划脱贫时间 脱贫期限"),
        help="已脱贫的填脱贫年度，其余填计划年度", help_en="Year of exit, past or planned", example="2016",
    ),
    Field(
        "since", "识别日期", "Recognised on", "date",
        words("识别日期 识别时间 建档日期 建档时间 建档立卡日期 建档立卡时间 识别认定时间 认定日期 认定时间 纳入日期 纳入时间"),
        help="何时识别为贫困户；没有的按名册年度 1 月 1 日", help_en="When it was recognised; without it the first day of the roster's year",
        example="2014-06-30",
    ),
)  # fmt: skip
_REACH = (
    Field(
        "phone", "联系电话", "Phone", "phone",
        words("户联系电话 AAR012 联系电话 电话 联系方式 手机号 手机号码 手机 户主电话 户主联系电话 户主联系方式 电话号码 户主手机号 联系号码"),
        personal=True, help="11 位手机号", help_en="Mobile number, 11 digits", example="13800000000",
    ),
    Field(
        "bank", "开户银行", "Bank", "text", words("开户银行 开户行 AAQ002 开户行名称 银行名称 开户银行名称 信用社"),
        longest=60, help="开户银行名称", help_en="Name of the bank", example="农村信用社",
    ),
    Field(
        "bank_account", "银行账号", "Bank account", "card",
        words("银行账号 AAC004 一卡通账号 账户号码 开户行账号 银行卡号 一卡通号 账号 惠农一卡通 一折统账号 银行帐号 帐号 一卡通帐号 卡号"),
        personal=True, help="单元格设为文本格式，以免末几位变成 0",
        help_en="Format the cell as text, or the last digits become 0", example="6217000000000000000",
    ),
    Field(
        "size", "家庭人口", "Size of household", "int",
        words("家庭人口 家庭人口数 家庭成员数 人数 人口数 家庭人数 户人口 家庭总人口 人口 家庭成员人数 在册人口"),
        limit="members", unit="人", help="家庭人口总数", help_en="Number of members", example="4",
    ),
)  # fmt: skip


def _yuan(code: str, label: str, english: str, spellings: str, help: str, help_en: str, limit: str = "") -> Field:
    return Field(
        code,
        label,
        english,
        "decimal",
        words(spellings),
        unit="元",
        limit=limit,
        help=help,
        help_en=help_en,
        example="0",
    )


_INCOME = (
    _yuan(
        "income_wage", "工资性收入", "Wage income", "工资性收入 AAC073 工资性 务工收入 工资收入 家庭工资性收入 工资性收入合计",
        "全家全年，元", "Whole household and year, yuan",
    ),
    _yuan(
        "income_operating", "生产经营性收入", "Operating income",
        "生产经营性收入 AAC071 经营性收入 家庭经营性 家庭经营性收入 生产经营收入 经营收入 家庭经营收入",
        "未减支出的毛收入，元", "Before costs, yuan",
    ),
    _yuan(
        "income_property", "财产性收入", "Property income", "财产性收入 AAC072 财产性 资产收益 财产收入",
        "土地流转、分红等，元", "Leases, dividends and the like, yuan",
    ),
    _yuan(
        "income_transfer", "转移性收入", "Transfer income", "转移性收入 AAC085 转移性 转移收入 各类补贴 政策性收入",
        "低保、养老、补贴等，元", "Allowances, pensions, subsidies, yuan",
    ),
    _yuan(
        "operating_cost", "生产经营性支出", "Operating cost",
        "生产经营性支出 AAC074 生产经营费用总支出 经营性支出 生产经营支出 家庭经营费用支出 经营费用支出 生产经营费用支出",
        "元", "Yuan",
    ),
    _yuan(
        "net_income", "家庭纯收入", "Net income of household", "家庭纯收入 AAC079 纯收入 年纯收入 全年纯收入 家庭年纯收入 纯收入合计",
        "四项收入之和减生产经营支出，元", "Four kinds of income less operating cost, yuan",
    ),
    _yuan(
        "income_per_head", "人均纯收入", "Net income per head",
        "人均纯收入 AAC082 家庭年人均纯收入 家庭人均纯收入 年人均纯收入 人均可支配收入 人均收入 家庭年人均收入 农民人均纯收入",
        "家庭纯收入除以家庭人口，元", "Net income divided by members, yuan",
    ),
)  # fmt: skip


def _mu(code: str, label: str, english: str, spellings: str, limit: str) -> Field:
    return Field(
        code, label, english, "decimal", words(spellings), unit="亩", limit=limit, help="亩，没有填 0",
        help_en="Mu (1/15 ha); 0 for none", example="0",
    )  # fmt: skip


_LAND = (
    _mu(
        "land_cultivated",
        "耕地面积",
        "Cultivated land",
        "耕地面积 AAC301 耕地 承包耕地面积 耕地(亩) 实有耕地面积",
        "cultivated",
    ),
    _mu("land_forest", "林地面积", "Woodland", "林地面积 AAC303 林地", "woodland"),
    _mu(
        "land_returned",
        "退耕还林面积",
        "Land returned to forest",
        "退耕还林面积 AAC304 退耕还林 退耕还林(草)面积",
        "returned_forest",
    ),
    _mu("land_orchard", "林果面积", "Orchard", "林果面积 AAC305 林果 林果地面积 果园面积 林果地", "orchard"),
    _mu("land_pasture", "牧草地面积", "Pasture", "牧草地面积 AAC306 牧草地 草地面积 草场面积", "pasture"),
    _mu("land_water", "水面面积", "Water area", "水面面积 AAC307 水面 水域面积 鱼塘面积", "water_area"),
)


def _yes(code: str, label: str, english: str, spellings: str, help: str, help_en: str, example: str = "是") -> Field:
    return Field(code, label, english, "bool", words(spellings), help=help, help_en=help_en, example=example)


_LIVING = (
    Field(
        "house_area", "住房面积", "House area", "decimal", words("住房面积 AAC317 房屋面积 住房建筑面积 房屋面积(㎡) 现有住房面积"),
        unit="平方米", limit="house_area", help="平方米", help_en="Square metres", example="80",
    ),
    _yes(
        "house_unsafe", "是否危房", "Unsafe house", "是否危房 AAC318 危房户 是否危房户 危房 住房是否危房 是否有危房 是否属于危房",
        "是或否", "Yes or no", "否",
    ),
    Field(
        "house_grade", "危房级别", "Grade of the house", "code", words("危房级别 AAC322 危房等级 房屋等级 住房等级 房屋鉴定等级"),
        list="house_grade", help="A、B、C、D 级", help_en="A, B, C or D", example="A级",
    ),
    _yes(
        "water_safe", "饮水安全", "Safe drinking water",
        "饮水安全 是否解决安全饮用水 AAC312 AAC091 饮水是否安全 是否饮水安全 安全饮水 是否安全饮水 是否有安全饮用水 解决安全饮用水",
        "已解决安全饮水填“是”", "Yes when solved",
    ),
    _yes(
        "water_hard", "饮水困难", "Water hard to get", "饮水困难 AAC311 是否饮水困难 饮水是否困难 取水困难", "是或否", "Yes or no", "否"
    ),
    _yes(
        "power", "通生活用电", "Electricity at home",
        "通生活用电 是否通生活用电 AAC313 通电 是否通电 生活用电 是否通电力 通电情况", "是或否", "Yes or no",
    ),
    _yes(
        "toilet", "卫生厕所", "Sanitary toilet", "卫生厕所 是否有卫生厕所 AAC319 有无卫生厕所 是否卫生厕所 厕所类型 是否有厕所", "是或否", "Yes or no",
    ),
    Field(
        "road_kind", "入户路类型", "Road to the house", "code", words("入户路类型 AAC316 入户路 入户道路类型 入户路情况"), list="road",
        help="泥土路、砂石路、水泥路或沥青路", help_en="Earth, gravel, concrete or asphalt", example="水泥路",
    ),
    _yes(
        "road_hard", "入户路是否硬化", "Road to the house paved", "入户道路是否硬化 入户路是否硬化 入户路硬化 入户道路硬化", "是或否",
        "Yes or no",
    ),
    Field(
        "road_km", "与村主干路距离", "Distance to the main road", "decimal",
        words("与村主干路距离 AAC315 与村主干道距离 距村主干路距离 距主干路距离 与主干路距离 与村主干路距离(公里)"), unit="公里",
        limit="road_distance", help="公里", help_en="Kilometres", example="0.5",
    ),
    Field(
        "fuel", "主要燃料类型", "Main fuel", "code", words("主要燃料类型 AAC320 燃料类型 主要燃料 燃料"), list="fuel", many=True,
        help="最多三种，用顿号隔开", help_en="At most three, separated by commas", example="煤炭、柴草",
    ),
    _yes(
        "cooperative", "加入合作社", "Member of a co-operative",
        "加入合作社 是否加入农民专业合作社 AAC084 是否加入合作社 加入农民专业合作社 是否参加合作社 参加合作社 是否加入专业合作社",
        "是或否", "Yes or no", "否",
    ),
    Field(
        "address", "家庭住址", "Address", "text",
        words("家庭住址 家庭地址 住址 现住址 详细地址 居住地址 户籍地址 家庭详细住址 地址"),
        personal=True, longest=200, help="门牌或村组", help_en="House number or group", example="三社 12 号",
    ),
    _yes(
        "relocation", "易地搬迁户", "Relocated household",
        "易地搬迁户 是否易地搬迁户 是否搬迁户 搬迁户 易地扶贫搬迁 是否易地扶贫搬迁户 易地扶贫搬迁户 搬迁", "是或否", "Yes or no", "否",
    ),
    Field(
        "loan_need", "贷款需求", "Need of a loan", "text",
        words("贷款需求 贷款意愿 是否有贷款需求 贷款需求(元) 贷款需求(万元) 贷款需求情况 资金需求"), longest=100,
        help="金额或用途，没有不填（CRED-2）", help_en="Amount or purpose, empty for none", example="5万元，养牛",
    ),
    Field(
        "wish", "产业发展意愿", "Wish for industry", "text",
        words("产业发展意愿 发展意愿 脱贫意愿 产业意愿 帮扶需求 帮助解决的问题 发展产业意愿 需求 主要需求 产业需求"), longest=300,
        help="想发展什么、需要什么帮助", help_en="What they want to take up, what help they need", example="种植党参 5 亩",
    ),
)  # fmt: skip

HOUSEHOLD_FIELDS = (
    _IDENTITY[0],
    PROVINCE,
    CITY,
    COUNTY,
    TOWNSHIP,
    VILLAGE,
    VILLAGE_CODE,
    GROUP,
    *_IDENTITY[1:],
    *_CLASS,
    *_REACH,
    *_INCOME,
    *_LAND,
    *_LIVING,
)
