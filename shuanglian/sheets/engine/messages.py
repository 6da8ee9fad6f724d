# ruff: noqa: E501 - one entry a line; a Chinese character counts as two
"""Every finding in words: what is wrong, and how to mend it. `say` fills the gaps; doors translate first.

The gaps are filled from a finding's `params`; `{header}` and `{value}` are always there.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any, Literal

from shuanglian.kernel.words import N_

from .fields import ROSTERS

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Message:
    """What is wrong and how to mend it, Chinese with named gaps; the severity unless a check says otherwise."""

    severity: Severity
    what: str
    cure: str


def _e(what: str, cure: str) -> Message:
    return Message("error", what, cure)


def _w(what: str, cure: str) -> Message:
    return Message("warning", what, cure)


# fmt: off
MESSAGES: dict[str, Message] = {
    # --- the sheet ---
    "formula_cells": _w(N_("工作表“{sheet}”里有公式，共 {count} 格，只取上次保存的结果。"),
                        N_("请核对数值；最好复制后“选择性粘贴为数值”再上传。")),
    "error_cell": _e(N_("单元格显示错误 {value}。"), N_("改正公式，或直接填写数值。")),
    "place_from_title": _w(N_("没有“{level}”列，按标题或工作表名当作“{place}”。"), N_("如不对，请增加这一列后重新上传。")),
    "filled_down": _w(N_("“{label}”有 {count} 格空着，按同组第一行的内容填充。"), N_("如不对，请逐行填写后重新上传。")),
    # --- any cell ---
    "required_missing": _e(N_("“{header}”没有填写。"), N_("请补填。")),
    "too_long": _e(N_("“{header}”超过 {limit} 个字。"), N_("请缩短，详细内容写在别处。")),
    "not_a_number": _e(N_("“{header}”不是数字：{value}。"), N_("只填数字，单位可写“元”“亩”等，不要写说明文字。")),
    "not_whole": _e(N_("“{header}”应为整数：{value}。"), N_("请改为整数。")),
    "negative": _e(N_("“{header}”不能为负数：{value}。"), N_("请改为 0 或正数。")),
    "not_a_year": _e(N_("“{header}”看不出年份：{value}。"), N_("请填四位年份，如 2016。")),
    "not_a_date": _e(N_("“{header}”不是有效的日期：{value}。"), N_("请写成 2015-06-20 或 20150620。")),
    "not_yes_no": _w(N_("“{header}”应填“是”或“否”：{value}。"), N_("请改为“是”或“否”。")),
    "code_unknown": _e(N_("“{header}”的“{value}”不在代码表里。"), N_("可填：{choices}。")),
    "out_of_range": _w(N_("“{header}”为 {value}，超出合理范围（{low}—{high}{unit}）。"), N_("请核对数值和单位。")),
    "date_in_future": _e(N_("“{header}”晚于今天：{value}。"), N_("请核对年份。")),
    # --- identity numbers ---
    "id_missing": _w(N_("没有证件号码。"), N_("请按户口簿或身份证补填；确实没有的，到派出所核实。")),
    "id_placeholder": _w(N_("证件号码 {value} 是占位号，不是真实号码。"), N_("请换成真实的身份证号或残疾证号。")),
    "id_damaged": _e(N_("证件号码被表格软件损坏，末几位已丢失：{value}。"),
                     N_("把该列设为“文本”格式，按证件重新录入；已丢失的数字不能恢复。")),
    "id_maybe_damaged": _w(N_("证件号码末三位是 000，同一列有被表格软件损坏的号码，可能也已损坏：{value}。"), N_("请对照证件核对。")),
    "id_length": _e(N_("证件号码应为 18 位（残疾证 20 或 22 位），现为 {length} 位：{value}。"), N_("请对照证件补全或删去多余的数字。")),
    "id_letters": _e(N_("证件号码里有不该有的字符：{value}。"), N_("只能是数字，末位可以是 X。")),
    "id_province": _e(N_("证件号码前两位“{province}”不是任何省份：{value}。"), N_("请对照证件核对前六位。")),
    "id_date": _e(N_("证件号码里的出生日期不存在：{value}。"), N_("请对照证件核对第 7 至 14 位。")),
    "id_check": _e(N_("证件号码的校验位不对，至少有一位录错：{value}。"), N_("请对照证件逐位核对。")),
    "id_disability": _e(N_("残疾证号的类别（第 19 位，1—7）或等级（第 20 位，1—4）不对：{value}。"), N_("请对照残疾证核对。")),
    "id_old": _w(N_("15 位旧身份证号，已换算为 18 位。"), N_("请尽量改填 18 位号码。")),
    "birth_differs": _e(N_("出生日期 {value} 与证件号码第 7 至 14 位不一致。"), N_("请对照证件，改正其中一个。")),
    "sex_differs": _e(N_("性别“{value}”与证件号码（{sex}）不一致。"), N_("请对照证件，改正其中一个。")),
    "birth_in_future": _e(N_("出生日期晚于今天。"), N_("请对照证件核对。")),
    "age_out_of_range": _e(N_("年龄 {age} 岁，超出 {low}—{high} 岁。"), N_("请核对出生日期和证件号码；已去世的应办理减员。")),
    "id_twice": _e(N_("证件号码在名册里出现 {count} 次（第 {rows} 行）。"), N_("同一个人只能在一户里登记一次，请删去重复的。")),
    "id_known_elsewhere": _e(N_("此人已登记在另一户（户编号 {household}）。"), N_("请先核实应在哪一户；迁移的应办理户间转移。")),
    # --- households ---
    "household_number_missing": _w(N_("没有户编号，由系统编号。"), N_("已有编号的请补填，以免同一户登记两次。")),
    "number_twice": _e(N_("户编号 {value} 出现 {count} 次（第 {rows} 行）。"), N_("一户一个编号，请改正或删去重复的户。")),
    "number_shared": _e(N_("户编号 {value} 下有 {count} 个不同的户主（第 {rows} 行）。"), N_("请核对编号，一户只能有一个户主。")),
    "head_twice": _e(N_("户主证件号码在名册里出现 {count} 次（第 {rows} 行）。"), N_("同一户主只能登记一户，请删去重复的。")),
    "household_twice": _w(N_("同村同组同名的户主出现 {count} 次（第 {rows} 行），可能是同一户。"), N_("请用证件号码区分，或删去重复的户。")),
    "values_differ": _w(N_("同一户的“{header}”前后不一致：这一行是“{value}”，与第 {row} 行不同。"), N_("按户填写的内容在每个成员行上应相同，请改为一致。")),
    "no_head": _e(N_("这一户（{household}）没有户主。"), N_("在“与户主关系”里给一人填“户主”。")),
    "two_heads": _e(N_("这一户（{household}）有 {count} 个户主（第 {rows} 行）。"), N_("只留一个户主，其余按实际关系填写。")),
    "two_spouses": _e(N_("这一户（{household}）有 {count} 个配偶（第 {rows} 行）。"), N_("只留户主的配偶，其余改为儿媳、女婿等实际关系。")),
    "spouse_same_sex": _e(N_("户主与配偶性别相同（都是{sex}）。"), N_("请核对两人的性别和与户主关系。")),
    "relation_sex": _e(N_("与户主关系“{relation}”与性别（{sex}）不符。"), N_("请核对性别、证件号码和关系。")),
    "generations": _w(N_("与户主关系为“{relation}”，年龄却与此不合（户主 {head_age} 岁，本人 {age} 岁）。"), N_("请核对关系、出生日期和证件号码。")),
    "head_young": _w(N_("户主只有 {age} 岁。"), N_("请核对户主的出生日期和与户主关系。")),
    "head_name_differs": _w(N_("户主姓名“{value}”与成员里户主的姓名（第 {row} 行）不同。"), N_("请改为一致。")),
    "head_id_differs": _e(N_("户主证件号码与成员里户主的证件号码（第 {row} 行）不同。"), N_("请对照证件改为一致。")),
    "size_differs": _w(N_("家庭人口填 {value}，成员有 {count} 人。"), N_("请补齐成员或改正人口数。")),
    "net_income_differs": _w(N_("家庭纯收入 {value} 元，按四项收入减支出应为 {expected} 元。"), N_("请核对各项收入。")),
    "income_per_head_differs": _w(N_("人均纯收入 {value} 元，按纯收入除以人口应为 {expected} 元。"), N_("请核对纯收入和家庭人口。")),
    "other_equals_main": _w(N_("其他致贫原因与主要致贫原因相同（{cause}）。"), N_("其他原因里删去与主要原因相同的一项。")),
    "too_many_causes": _w(N_("其他致贫原因有 {count} 个，国家登记表至多 2 个。"), N_("只留最主要的两个。")),
    "cause_not_main": _w(N_("“{cause}”不能作为主要致贫原因。"), N_("改填其他原因栏，主要原因另选。")),
    "exit_year_missing": _w(N_("已脱贫但没有脱贫年度。"), N_("请补填脱贫年度。")),
    "exit_year_ahead": _w(N_("已脱贫但脱贫年度 {value} 在今后。"), N_("请核对脱贫标志和脱贫年度。")),
    "household_unknown": _e(N_("找不到所属的户：{value}。"), N_("请核对户编号；户名册要先上传或一起上传。")),
    "household_without_members": _w(N_("这一户没有家庭成员。"), N_("请在成员名册里补上，至少有户主本人。")),
    "household_moved": _w(N_("户编号 {value} 已登记在 {village}，与这里不同。"), N_("如是迁移，请核对后接受；否则改正村名。")),
    "household_renumbered": _w(N_("这一户已登记，户编号现为 {household}。"), N_("接收后改用这里的编号 {value}；如是另一户，请核对户主证件号码。")),
    "household_head_changed": _w(N_("户编号 {value} 原户主不是这一人。"), N_("如是更换户主，请核对后接受；否则改正编号。")),
    # --- areas ---
    "village_missing": _e(N_("没有填行政村。"), N_("请补填行政村或 12 位村代码。")),
    "village_unknown": _e(N_("找不到行政村“{value}”。{hint}"), N_("请按现行区划填写村名，或填 12 位村代码。")),
    "village_ambiguous": _e(N_("叫“{value}”的村不止一个：{hint}。"), N_("请补填乡镇或 12 位村代码。")),
    "township_unknown": _e(N_("找不到乡镇“{value}”。{hint}"), N_("请按现行区划填写乡镇名。")),
    "township_ambiguous": _e(N_("叫“{value}”的乡镇不止一个：{hint}。"), N_("请补填县名，或填 12 位村代码。")),
    "county_unknown": _e(N_("找不到县“{value}”。"), N_("请按现行区划填写县（市、区）名。")),
    "county_ambiguous": _e(N_("叫“{value}”的县不止一个。"), N_("请补填市（州）名。")),
    "region_code_unknown": _e(N_("区划代码 {value} 不在区划表里。{hint}"), N_("请填统计用区划代码（12 位），或改填村名。")),
    "region_code_and_name": _w(N_("区划代码 {value} 是{hint}，与村名不同。"), N_("请核对代码和村名，以代码为准。")),
    "number_known_outside": _e(N_("编号 {value} 已用于其他区域。"), N_("请核对编号；确属本地的，与上级双联办核实。")),
    "id_known_outside": _e(N_("证件号码 {value} 已登记在其他区域。"), N_("一人不能登记两处，请与上级双联办核实后再导入。")),
    "outside_area": _e(N_("“{value}”不在{area}。"), N_("一批名册只收一个区域的数据：请删去其他区域的行，或核对地名。")),
    "area_unknown": _w(N_("找不到“{value}”这个地方。"), N_("请填省、市、县或乡镇的名称。")),
    # --- units, cadres, links, pairs ---
    "unit_twice": _e(N_("单位“{value}”出现 {count} 次（第 {rows} 行）。"), N_("一个单位只填一行，请合并。")),
    "unit_code_twice": _e(N_("单位编码 {value} 出现 {count} 次（第 {rows} 行）。"), N_("请改正编码。")),
    "uscc_wrong": _w(N_("统一社会信用代码不对：{value}。"), N_("应为 18 位，末位是校验码，请对照证书核对。")),
    "parent_unknown": _w(N_("上级单位“{value}”不在单位名册里。"), N_("请填名册中的单位全称，或留空。")),
    "unit_unknown": _e(N_("单位“{value}”不在单位名册里。{hint}"), N_("请改用单位名册中的全称，或先上传单位名册。")),
    "cadre_twice": _e(N_("身份证号在名册里出现 {count} 次（第 {rows} 行）。"), N_("一名干部只填一行，请删去重复的。")),
    "cadre_number_twice": _e(N_("干部编号 {value} 出现 {count} 次（第 {rows} 行）。"), N_("请改正编号。")),
    "cadre_known_elsewhere": _e(N_("此人已登记，编号为 {number}。"), N_("请使用原编号，或核对身份证号。")),
    "cadre_same_name": _w(N_("同一单位有 {count} 名叫“{value}”的干部（第 {rows} 行），且没有身份证号或编号。"), N_("请补填身份证号或编号加以区分。")),
    "rank_missing": _w(N_("没有职级，不能按职级确定联户数。"), N_("请补填职级。")),
    "takes_none": _w(N_("不安排结对：{reason}。"), N_("如登记有误，请改正人员类别或在岗状态。")),
    "status_days": _e(N_("状态结束日期早于开始日期。"), N_("请核对两个日期。")),
    "link_twice": _w(N_("同一单位联系同一村重复出现（第 {rows} 行）。"), N_("请删去重复的行。")),
    "register_pays": _w(N_("持证名册不发钱，金额 {value} 不计。"), N_("如果发了钱，请按所发的政策导入发放名册。")),
    "form_twice": _e(N_("同一村同一年度重复出现（第 {rows} 行）。"), N_("请只留一行。")),
    "form_ahead": _e(N_("年度“{value}”还没有到。"), N_("请核对年度。")),
    "form_out_of_range": _e(N_("{value} 超出可能的范围。"), N_("请核对数和单位。")),
    "form_no_households": _e(N_("总户数为 0。"), N_("请填写实际户数；不知道的空着。")),
    "form_part_over_whole": _e(N_("{value} 大于{whole} {most}。"), N_("请核对两个数。")),
    "pair_household_unknown": _e(N_("找不到这一户：{value}。"), N_("请核对户编号、村名和户主姓名。")),
    "pair_household_ambiguous": _e(N_("同名户主不止一户：{value}。"), N_("请补填户编号或户主证件号码。")),
    "pair_cadre_unknown": _e(N_("找不到帮扶责任人“{value}”。"), N_("请核对姓名和单位；干部名册要先上传。")),
    "pair_cadre_ambiguous": _e(N_("叫“{value}”的干部不止一人。"), N_("请补填单位、手机号、编号或身份证号。")),
    "two_cadres": _e(N_("这一户有 {count} 个帮扶责任人（第 {rows} 行）。"), N_("一户只能有一名帮扶责任人（PAIR-1），请只留一行。")),
    "pair_twice": _w(N_("同一户和同一干部的结对重复出现（第 {rows} 行）。"), N_("请删去重复的行。")),
    # --- payrolls ---
    "benefit_unknown": _e(N_("“{value}”不是方案里的政策。"), N_("可填：{choices}；也可以在上传时为整份名册选一种政策。")),
    "class_missing": _e(N_("低保分类发放，这一行没有类别，或类别没有对应的政策。"), N_("请补填低保类别：一类、二类。")),
    "class_unknown": _w(N_("看不懂低保类别“{value}”，按政策名称接收。"), N_("请填一类、二类、三类或四类。")),
    "nothing_paid": _e(N_("金额为 0。"), N_("没有发放的人请从名册里删去。")),
    "reimbursed_too_much": _w(N_("报销 {value} 元，多于住院总费用 {cost} 元。"), N_("请核对这两列。")),
    "month_unknown": _w(N_("看不懂发放月份“{value}”，原样保留。"), N_("请写成 3月、1—3月、第二季度或 2015-03。")),
    "paid_other_year": _w(N_("发放日期 {value} 不在 {year} 年度，仍记入 {year} 年度。"), N_("如属另一年度，请填“年度”列，或分开导入。")),
    "payments_undated": _w(N_("没有发放日期，也没有月份：整份名册按全年一次发放。"),
                           N_("按月、按季发放的，请加“发放月份”列，否则下一次相同金额的名册会被当作同一次。")),
    "not_in_force": _w(N_("{value} 这天“{title}”没有生效的条款。"), N_("请核对政策和发放日期。")),
    "payment_id_missing": _w(N_("没有证件号码，只能按姓名和住址核对。"), N_("请尽量补填。")),
    "line_twice": _e(N_("同一笔发放重复出现（第 {rows} 行），只收第一行。"), N_("请删去重复的行；确是两次发放的，请分别填月份或日期。")),
    "paid_otherwise": _w(N_("此人这一天已登记发放 {kept} 元，这里是 {value} 元。"), N_("如是更正，请先撤销原来那批再导入，否则两笔相加。")),
    # --- lists of what people ask ---
    "demand_too_short": _e(N_("“{header}”太短，看不出是什么事：{value}。"), N_("请写明什么事、在哪里。")),
    "demand_category": _w(N_("没有类别“{value}”，按内容定。"), N_("可填：{choices}。")),
    "demand_twice": _w(N_("同一件诉求在清单里重复出现（第 {rows} 行），只登记一次。"), N_("请删去重复的行；不是一件事的，请写清不同之处。")),
    "period_backwards": _e(N_("结束日期早于开始日期。"), N_("请核对两个日期。")),
    # --- phones and accounts ---
    "phone_form": _w(N_("“{header}”不是手机号：{value}。"), N_("手机号 11 位，以 1 开头；座机请填在备注里。")),
    "phone": _w(N_("没有填户联系电话。"), N_("请补填户主或家人的手机号。")),
    "phone_shared": _w(N_("{count} 户用同一个联系电话（第 {rows} 行）。"), N_("请核实，每户填自己的电话。")),
    "card_damaged": _e(N_("银行账号被表格软件损坏，末几位已丢失：{value}。"), N_("把该列设为“文本”格式，按卡折重新录入。")),
    "card_form": _w(N_("银行账号里有数字以外的字符：{value}。"), N_("请只填账号数字。")),
    "card_check": _w(N_("银行卡号的校验位不对：{value}。"), N_("请对照卡片核对。")),
    # --- quality rules that apply to a roster (numbers of quality_rules_cn.csv in the profile) ---
    "household_required": _w(N_("“{header}”没有填写。"), N_("用电、饮水、厕所、入户路、住房面积、危房六项都要填。")),
    "land_required": _w(N_("“{header}”没有填写。"), N_("没有这类土地的填 0。")),
    "relation_required": _e(N_("“与户主关系”没有填写。"), N_("请按户口簿补填。")),
    "education_required": _w(N_("文化程度、在校生状况都没有填写。"), N_("在校的填在校生状况，不在校的填文化程度。")),
    "insurance_required": _w(N_("“{header}”没有填写。"), N_("请填“是”或“否”。")),
    "education_twice": _w(N_("文化程度和在校生状况同时填写了。"), N_("在校生只填在校生状况，不在校的只填文化程度。")),
    "insurance_twice": _w(N_("居民医保和职工医保都填了“{both}”。"), N_("一人只参加一种，请核实后改正。")),
    "pupil_works": _w(N_("在校生登记了外出务工。"), N_("请核对在校生状况和务工情况。")),
    "special_care_works": _w(N_("享受特困供养却登记了外出务工。"), N_("请核对。")),
    "preschool_age": _w(N_("{age} 岁，身体健康，在校生状况仍是学龄前或学前教育。"), N_("请更新在校生状况。")),
    "school_age": _w(N_("{age} 岁与在校生状况“{schooling}”不符（一般为 {low}—{high} 岁）。"), N_("请核对出生日期和在校生状况。")),
    "low_education": _w(N_("{age} 岁，文化程度为小学及以下，可能漏登在校。"), N_("请核实是否在校或辍学。")),
    "out_of_school": _w(N_("{age} 岁，应在义务教育阶段，却没有登记在校。"), N_("请补填在校生状况；确实辍学的写明原因。")),
    "child_labour": _w(N_("{age} 岁，未满 16 岁，却登记为劳动力或外出务工。"), N_("未满 16 岁应为“无劳动力”。")),
    "able_but_unable": _w(N_("{age} 岁，健康、非在校，却登记为无劳动力或弱劳动力。"), N_("请核实劳动技能和健康状况。")),
    "healthy_special_care": _w(N_("{age} 岁，健康、非在校，却享受特困供养。"), N_("请核实。")),
    "unable_but_works": _w(N_("无劳动力或丧失劳动力，却登记了外出务工。"), N_("请核对劳动技能和务工情况。")),
    "disabled_card": _w(N_("残疾情况前后不一致：{detail}。"), N_("请对照残疾证核对健康状况、残疾证号和劳动技能。")),
    "cause_disabled": _w(N_("致贫原因是因残，但家里没有残疾人。"), N_("请核对致贫原因和成员健康状况。")),
    "cause_ill": _w(N_("致贫原因是因病，但家里没有大病、慢性病人。"), N_("请核对致贫原因和成员健康状况。")),
    "cause_labour": _w(N_("致贫原因是缺劳力，但 {members} 口人里有 {workers} 个劳动力。"), N_("请核对致贫原因和成员劳动技能。")),
    "no_labour_no_aid": _w(N_("整户没有劳动力，也没有人享受低保。"), N_("请核实是否应纳入低保或特困供养。")),
    "aid_without_income": _w(N_("有人享受低保或特困供养，但没有转移性收入。"), N_("请补填转移性收入。")),
    "tiny_wage": _w(N_("工资性收入 {value} 元，不足 {low} 元。"), N_("请核对单位是否为元。")),
    "income_high": _w(N_("人均纯收入 {value} 元，高于 {high} 元。"), N_("请核实是否仍符合条件。")),
    "income_low": _w(N_("人均纯收入 {value} 元，过低。"), N_("请核对各项收入和单位。")),
    "land_range": _w(N_("“{header}”{value} 亩，超出 {low}—{high} 亩。"), N_("请核对数值和单位（亩）。")),
    "far_from_road": _w(N_("与村主干路距离 {value} 公里，超过 {high} 公里。"), N_("请核对单位是否为公里。")),
}
# fmt: on


@cache
def _labels() -> dict[str, str]:
    labels: dict[str, str] = {}
    for roster in ROSTERS.values():
        for field in roster.fields:
            labels.setdefault(field.code, field.label)
    return labels


def _label(code: str) -> str:
    """What a column is called that the roster does not have."""
    return _labels().get(code, _labels().get("person." + code, code))


class _Gaps(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def fill(sentence: str, gaps: Mapping[str, Any]) -> str:
    """A sentence with its gaps filled; a gap without a value shows an ellipsis, never an error."""
    return Formatter().vformat(sentence, (), _Gaps(gaps))


def say(finding: Mapping[str, Any], translate: Callable[[str], str] = str) -> tuple[str, str]:
    """(what is wrong, how to mend it) of one finding, a row of the findings frame; `translate` is a door's gettext."""
    message = MESSAGES[finding["code"]]
    gaps = {
        "header": finding.get("header") or _label(finding.get("field") or ""), "value": finding.get("value") or "",
        "sheet": finding.get("sheet") or "",
        **{name: given for name, given in json.loads(finding.get("params") or "{}").items() if given is not None},
    }  # fmt: skip
    return fill(translate(message.what), gaps), fill(translate(message.cure), gaps)
