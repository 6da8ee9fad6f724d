# ruff: noqa: E501 - one entry a line; a Chinese character counts as two
"""Columns of a department's list of what people ask (VOICE-1): who, where, what, when, and the department's number for it.

A running number (序号) tells nothing: it begins anew in every list. A number of the department's own makes the row itself.
"""

from dataclasses import replace

from .places import CITY, COUNTY, GROUP, PROVINCE, TOWNSHIP, VILLAGE, VILLAGE_CODE
from .shape import Field, words

DEMAND_FIELDS = (
    Field(
        "number", "编号", "Number", "text",
        words("编号 工单编号 工单号 受理编号 受理号 诉求编号 登记编号 信访件编号 信访编号 办件编号 来电编号 热线编号 流水号 转办编号 转办单号 案件编号 事项编号"),
        longest=40, help="部门自己的编号；再导入同一编号不会重复登记。只有 1、2、3 这样的序号不用填",
        help_en="The department's own number: the same again is the same demand. A running number is of no use",
        example="RX20150708-0012",
    ),
    Field(
        "name", "姓名", "Name", "text",
        words("姓名 诉求人 诉求人姓名 反映人 反映人姓名 来电人 来电人姓名 来访人 来访人姓名 信访人 信访人姓名 申请人 申请人姓名 当事人 联系人 群众姓名 户主姓名 户主 提出人"),
        personal=True, longest=40, help="在册户的户主或家人写姓名，系统自己找到户；不愿留名的空着",
        help_en="The household is found by it; empty for who gave none", example="李某某",
    ),
    Field(
        "phone", "电话", "Telephone", "text", words("电话 联系电话 联系方式 手机 手机号 手机号码 电话号码 来电号码 联系人电话 诉求人电话"),
        personal=True, longest=20, help="不在册的人才需要", help_en="Only for who is not on the register", example="13900001111",
    ),
    PROVINCE, CITY, COUNTY, TOWNSHIP, replace(VILLAGE, required=True), VILLAGE_CODE, GROUP,
    Field(
        "text", "诉求内容", "What is asked", "text",
        words("诉求内容 诉求 诉求事项 反映内容 反映问题 反映事项 反映的问题 主要诉求 主要内容 问题 问题描述 问题内容 存在问题 事项 事项内容 信访事项 信访内容 来电内容 来信内容 具体内容 内容 具体诉求 群众诉求 意见建议"),
        personal=True, required=True, longest=1000, help="照原话，最多 1000 字", help_en="In the person's words, up to 1000 characters",
        example="水管坏了半个月，全组没有水吃",
    ),
    Field(
        "category", "类别", "Category", "text", words("类别 诉求类别 诉求类型 问题类别 问题类型 问题分类 事项类别 事项分类 分类 类型 内容分类 所属类别 办件类型"),
        longest=40, help="看不懂的按内容定", help_en="What is not understood is told by the words", example="饮水和水利",
    ),
    Field(
        "on", "日期", "Day", "date", words("日期 诉求日期 提出日期 反映日期 反映时间 来电时间 来电日期 来信日期 来访日期 受理日期 受理时间 登记日期 登记时间 时间 收到日期 交办日期 转办日期"),
        help="哪天提的；不填按导入当天", help_en="When it was asked; the day of the import when empty", example="2015-07-08",
    ),
    Field(
        "place", "地点", "Place", "text", words("地点 事发地点 发生地点 具体地点 详细地址 地址 位置"), personal=True, longest=100,
        help="具体在哪里", help_en="Where exactly", example="三社水塔旁",
    ),
    Field(
        "urgent", "紧急", "Urgent", "text", words("紧急 是否紧急 紧急程度 加急 是否加急 缓急"), longest=20,
        help="紧急的填“是”", help_en="是 for what cannot wait", example="否",
    ),
)  # fmt: skip
