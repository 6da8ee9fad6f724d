# ruff: noqa: E501 - one entry a line; a Chinese character counts as two
"""Columns of rosters of units, cadres, links between units and villages, and last year's pairs (PAIR-1, PAIR-4)."""

from .places import CITY, COUNTY, PROVINCE, TOWNSHIP, VILLAGE, VILLAGE_CODE
from .shape import Field, words

_UNIT_NAMES = (
    "单位 单位名称 派出单位 帮扶单位 联村单位 双联单位 AAP001 工作单位 所在单位 帮扶单位名称 联系单位 驻村单位 单位全称 "
    "帮扶责任人单位 帮扶人单位 帮扶责任单位 联系帮扶单位 联村单位名称 结对单位 定点帮扶单位 帮扶责任人所在单位 部门 "
    "双联单位名称 派出单位名称 所属单位"
)
_CADRE_NAMES = (
    "帮扶责任人 帮扶人 帮扶干部 联户干部 双联干部 帮扶责任人姓名 帮扶人姓名 帮扶干部姓名 联户干部姓名 结对干部 结对帮扶人 "
    "结对帮扶干部 包户干部 责任人 双联干部姓名 结对帮扶责任人 帮扶联系人 包扶干部 包户责任人 联系干部"
)
_CADRE_PHONES = "帮扶人手机号 帮扶责任人手机号 帮扶责任人电话 帮扶责任人联系电话 帮扶人电话 帮扶人联系电话 帮扶干部电话 帮扶干部联系电话 联户干部电话 干部电话"

UNIT_FIELDS = (
    Field("code", "单位编码", "Unit code", "text", words("单位编码 单位代码 单位编号 编码"), longest=40,
          help="没有可不填", help_en="Empty when there is none", example="T001"),
    Field("name", "单位名称", "Name of unit", "text", words(_UNIT_NAMES), required=True, longest=120,
          help="单位全称", help_en="Full name", example="通渭县水务局"),
    Field("kind", "单位类别", "Kind of unit", "code", words("单位类别 单位性质 单位类型 性质 类别"), list="unit_kind",
          help="从下拉列表中选", help_en="Choose from the list", example="党政机关"),
    Field("tier", "隶属层级", "Tier", "code", words("隶属层级 单位隶属关系 AAP004 隶属关系 单位层级 单位级别 层级 级别 所属层级"),
          list="tier", help="中央、省直、市直、县直、乡镇、村级", help_en="Central to village", example="县直"),
    Field("uscc", "统一社会信用代码", "Unified social credit code", "uscc", words("统一社会信用代码 社会信用代码 信用代码 统一信用代码"),
          longest=18, help="18 位", help_en="18 characters", example=""),
    Field("parent", "上级单位", "Parent unit", "text", words("上级单位 主管部门 主管单位 上级主管部门 上级主管单位"), longest=120,
          help="名册里的单位名称", help_en="A unit of this roster", example=""),
    Field("trade", "行业", "Trade", "code", words("行业 所属行业 行业领域 行业类别 系统"), list="trade",
          help="从下拉列表中选；不填则从单位名称推断", help_en="Guessed from the name when empty", example="水利"),
    Field("strength", "帮扶能力", "Strength", "int", words("帮扶能力 帮扶力量 实力 能力等级 帮扶实力"),
          help="数字越大能力越强；不填则按层级、类别、人数推算", help_en="Larger is stronger; worked out when empty", example=""),
    Field("staff", "干部人数", "Cadres", "int", words("干部人数 职工人数 在职人数 人数 编制人数 干部职工人数 在编人数 单位人数 干部数"),
          unit="人", help="在职干部人数", help_en="Number of cadres", example="36"),
    Field("address", "单位地址", "Address", "text", words("单位地址 地址 办公地址 详细地址"), longest=200,
          help="办公地点", help_en="Where the office is", example=""),
    Field("area", "所在地", "Where it is", "region", words("所在地 所在区域 所在县 所在县区 所属区域 所属县区 所在地区 所在乡镇"),
          help="所在省、市、县或乡镇", help_en="Province, city, county or township", example="通渭县"),
    Field("phone", "联系电话", "Phone", "text", words("联系电话 单位电话 办公电话 电话 联系方式"), longest=40,
          help="办公电话或联络员手机", help_en="Office phone or mobile", example="0932-5550000"),
    Field("contact", "联络员", "Contact person", "text", words("联络员 联系人 联系人姓名 双联联络员 负责人 单位负责人 联络员姓名"),
          personal=True, longest=40, help="联络员姓名", help_en="Name of the contact person", example="王某"),
)  # fmt: skip

CADRE_FIELDS = (
    Field("number", "干部编号", "Cadre number", "text",
          words("干部编号 人员编号 编号 工号 帮扶干部编号 AAK110 干部编码 人员编码 职工号"), longest=40,
          help="没有可不填", help_en="Empty when there is none", example="G0001"),
    Field("name", "姓名", "Name", "text", words("姓名 AAB002 干部姓名 " + _CADRE_NAMES), personal=True, required=True, longest=40,
          help="与身份证一致", help_en="As on the identity card", example="王某某"),
    Field("id_number", "身份证号", "Identity number", "id",
          words("身份证号 身份证号码 证件号码 AAB004 公民身份号码 身份证 居民身份证号 公民身份证号码"), personal=True,
          help="18 位，单元格设为文本格式", help_en="18 characters; format the cell as text", example="11010519491231002X"),
    Field("sex", "性别", "Sex", "code", words("性别 AAB003"), list="sex", help="从下拉列表中选", help_en="Choose", example="男"),
    Field("phone", "手机号", "Mobile", "phone", words("手机号 手机号码 联系电话 AAR012 电话 手机 联系方式 电话号码 " + _CADRE_PHONES),
          personal=True, help="11 位手机号", help_en="Mobile number, 11 digits", example="13800000000"),
    Field("unit", "单位", "Unit", "text", words(_UNIT_NAMES), required=True, longest=120,
          help="与单位名册的单位名称一致", help_en="As in the roster of units", example="通渭县水务局"),
    Field("rank", "职级", "Rank", "code", words("职级 级别 行政级别 干部级别 职务级别 职级级别 干部职级 职务职级 职务层次"), list="rank",
          help="按它确定联户数（PAIR-2）", help_en="Decides how many households (PAIR-2)", example="科级"),
    Field("post", "职务", "Post", "text", words("职务 AAK888 现任职务 岗位 职位 职称 职务(职称) 行政职务"), longest=80,
          help="现任职务", help_en="Present post", example="局长"),
    Field("occupation", "人员类别", "Occupation", "code",
          words("人员类别 职业 职业类别 人员性质 身份 岗位类别 人员身份 编制性质 编制类型 干部类别 人员类型"), list="occupation",
          help="教师、医务人员、企业职工不联户（PAIR-3）", help_en="Teachers, medical staff and workers take no households",
          example="机关干部"),
    Field("trade", "技术特长", "Trade", "code", words("技术特长 AAK037 专业 特长 专长 行业 业务专长 专业特长"), list="trade",
          help="从下拉列表中选；不填则随单位", help_en="The unit's when empty", example="农林畜牧"),
    Field("political", "政治面貌", "Political standing", "code", words("政治面貌 AAK033"), list="politics",
          help="从下拉列表中选", help_en="Choose from the list", example="中共党员"),
    Field("education", "学历", "Education", "code", words("学历 AAK036 文化程度 最高学历 受教育程度"), list="education",
          help="从下拉列表中选", help_en="Choose from the list", example="本科及以上"),
    Field("stationed_township", "驻村所在乡镇", "Township stationed in", "region",
          words("驻村所在乡镇 驻村乡镇 包村乡镇 驻村所在乡(镇) 派驻乡镇 工作乡镇 所驻乡镇"),
          help="驻村干部所在乡镇（兜底联户）", help_en="For cadres stationed in villages", example=""),
    Field("stationed_post", "驻村职务", "Post in the village team", "code",
          words("驻村职务 驻村工作队职务 驻村身份 工作队职务"), list="stationed_post", derived=True,
          help="第一书记、队长、队员", help_en="First secretary, leader, member", example=""),
    Field("status", "在岗状态", "Status", "code", words("在岗状态 人员状态 在职状态 在岗情况 是否在岗 人员现状"), list="status",
          help="在岗、请假、退休、调离等", help_en="At work, on leave, retired, transferred", example="在岗"),
    Field("status_since", "状态开始日期", "Status since", "date",
          words("状态开始日期 状态起 请假开始日期 退休日期 调离日期 状态日期 变动日期 变动时间 退休时间 调离时间"),
          help="请假、退休、调离从哪天起", help_en="First day", example=""),
    Field("status_until", "状态结束日期", "Status until", "date", words("状态结束日期 状态止 请假结束日期 销假日期 返岗日期"),
          help="请假到哪天", help_en="Last day", example=""),
)  # fmt: skip

LINK_FIELDS = (
    Field("unit", "单位名称", "Unit", "text", words(_UNIT_NAMES), required=True, longest=120,
          help="与单位名册一致", help_en="As in the roster of units", example="通渭县水务局"),
    PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE, VILLAGE_CODE,
    Field("since", "联村开始日期", "Since", "date",
          words("联村开始日期 开始时间 开始日期 联系时间 联村时间 AAR020 起始时间 帮扶开始时间 结对时间 进驻时间"),
          help="从哪天起联系该村", help_en="First day of the link", example="2012-02-23"),
)  # fmt: skip

PAIR_FIELDS = (
    Field("household_number", "户编号", "Household number", "text", words("户编号 AAC001 户编码 户号 贫困户编号 家庭编号"), longest=40,
          help="有户编号最准确", help_en="The surest way to name the household", example="6211211002160001"),
    Field("household_head", "户主姓名", "Head of household", "text",
          words("户主姓名 户主 AAC029 贫困户姓名 贫困户户主 农户姓名 贫困户 贫困户主 贫困户户主姓名 结对户 联系户 帮扶户 结对贫困户 联系户户主 帮扶对象"),
          personal=True, required=True, longest=40, help="与户名册一致", help_en="As in the household roster", example="李某某"),
    Field("household_id", "户主证件号码", "Head's identity number", "id",
          words("户主证件号码 户主证件 户主身份证号 户主身份证号码 AAC031 贫困户身份证号"), personal=True,
          help="与户名册一致", help_en="As in the household roster", example=""),
    PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE, VILLAGE_CODE,
    Field("member", "家庭成员姓名", "Member", "text", words("家庭成员姓名 成员姓名 家庭成员"), personal=True, derived=True, longest=40),
    Field("member_id", "成员证件号码", "Member's identity number", "id", words("成员证件号码 家庭成员身份证号"), personal=True,
          derived=True),
    Field("relation", "与户主关系", "Relation to the head", "code", words("与户主关系 AAB006 家庭关系"), list="relation", derived=True),
    Field("cadre", "帮扶责任人", "Cadre", "text", words(_CADRE_NAMES), personal=True, required=True, longest=40,
          help="联户干部姓名", help_en="Name of the cadre", example="王某某"),
    Field("cadre_phone", "帮扶责任人手机号", "Cadre's mobile", "phone", words(_CADRE_PHONES), personal=True,
          help="同名干部靠手机号区分", help_en="Tells cadres of one name apart", example="13800000000"),
    Field("cadre_number", "干部编号", "Cadre number", "text",
          words("干部编号 帮扶干部编号 AAK110 帮扶责任人编号 帮扶人编号 工号"), longest=40,
          help="有编号最准确", help_en="The surest way to name the cadre", example="G0001"),
    Field("cadre_id", "帮扶责任人身份证号", "Cadre's identity number", "id",
          words("帮扶责任人身份证号 帮扶责任人身份证号码 帮扶人身份证号 帮扶责任人证件号码 干部身份证号 帮扶人身份证号码 帮扶干部身份证号"),
          personal=True, help="18 位", help_en="18 characters", example=""),
    Field("unit", "派出单位", "Cadre's unit", "text", words(_UNIT_NAMES), longest=120,
          help="帮扶责任人所在单位", help_en="The cadre's unit", example="通渭县水务局"),
    Field("since", "结对开始日期", "Since", "date",
          words("结对开始日期 结对开始时间 AAR020 开始时间 开始日期 结对时间 帮扶开始时间 结对日期"),
          help="从哪天起结对", help_en="First day of the pair", example="2014-03-01"),
    Field("until", "结对结束日期", "Until", "date", words("结对结束日期 结对结束时间 AAR021 结束时间 结束日期 帮扶结束时间"), derived=True),
)  # fmt: skip
