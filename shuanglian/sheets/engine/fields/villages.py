# ruff: noqa: E501 - one entry a line; a Chinese character counts as two
"""Columns of the village form (贫困村登记表; domain 2.5): one village and year a row, named by its national codes too."""

from dataclasses import replace

from .places import CITY, COUNTY, PROVINCE, TOWNSHIP, VILLAGE, VILLAGE_CODE
from .shape import Field, Type, words

# code | label | English | unit | spellings
_COUNTS = """
party_members|党员人数|Party members|人|AAD037 党员 党员数
graduate_officials|大学生村官人数|Graduate village officials|人|AAD038 大学生村官 大学生村官数
hamlets|自然村（小组）数|Hamlets (groups)|个|AAD006 自然村数 村民小组数 自然村(小组)数 小组数
households|总户数|Households|户|AAD005 全村总户数 农户总数
people|总人口|People|人|AAD010 总人口数 全村总人口 总人数
dibao_households|低保户数|Households on the minimum allowance|户|AAD008 低保户
dibao_people|低保人数|People on the minimum allowance|人|AAD012 低保人口 低保人口数
five_guarantee_households|五保户数|Special-care households|户|AAD009 五保户 特困供养户数
five_guarantee_people|特困供养（五保）人数|People in special care|人|AAD013 五保人口 五保人数 五保人口数
minority_people|少数民族人数|Ethnic minorities|人|AAD014 少数民族人口 少数民族人口数
women|妇女人数|Women|人|AAD015 妇女人口 妇女人口数
disabled_people|残疾人数|Disabled people|人|AAD016 残疾人口 残疾人口数 残疾人
labourers|劳动力人数|Able to work|人|AAD017 劳动力 劳动力数
migrants|外出务工人数|Working away|人|AAD018 外出务工 务工人数
medical_insured|参加新农合人数|With rural medical insurance|人|AAD311 参加新型农村合作医疗人数 新农合人数 参合人数
medical_aided|享受医疗救助人数|With medical relief|人|AAD312 医疗救助人数
pension_insured|参加居民养老保险人数|With resident pension|人|AAD313 参加城乡居民基本养老保险人数 居民养老人数
employee_pension|参加职工养老保险人数|With employee pension|人|AAD314 参加城镇职工基本养老保险人数 职工养老人数
water_unsafe_households|未实现饮水安全户数|Without safe water|户|AAD331 饮水不安全户数
water_hard_households|饮水困难户数|With hard access to water|户|AAD332 饮水困难户
no_power_households|未通生活用电户数|Without electricity|户|AAD355 未通生活用电户
no_power_hamlets|未通生活用电自然村数|Hamlets without electricity|个|AAD356 未通生活用电自然村
no_production_power_households|未通生产用电户数|Without power for production|户|AAD357 未通生产用电户
power_hamlets|通电自然村数|Hamlets with electricity|个|AAD358 通电自然村 通生产用电自然村数
unsafe_house_households|危房户数|In dangerous houses|户|AAD361 危房户
cooperatives|合作社个数|Cooperatives|个|AAD371 合作社数 农民专业合作社个数 农民专业合作社数
cooperative_poor_households|参加合作社的贫困户数|Poor households in cooperatives|户|AAD372 参加合作社贫困户 参加合作社的贫困户 参加农民专业合作社的贫困户数
mutual_aid_groups|互助资金组织个数|Mutual-aid funds|个|ADA012 互助资金组织数 互助社个数
tourism_households|乡村旅游户数|Households in rural tourism|户|AAD381 乡村旅游户 开展乡村旅游户数
farm_inns|农家乐户数|Farm inns|户|AAD382 农家乐 农家乐数
tourism_workers|乡村旅游从业人数|Working in rural tourism|人|AAD383 乡村旅游从业人员 从业人员
clinics|卫生室个数|Clinics|个|AAD391 卫生室 卫生室数
public_toilets|公共卫生厕所个数|Public toilets|个|AAD392 公共卫生厕所 公厕个数
doctors|执业（助理）医师人数|Licensed doctors|人|AAD393 执业(助理)医师 执业(助理)医师数 医师人数
rubbish_points|垃圾集中堆放点个数|Rubbish points|个|AAD394 垃圾集中堆放点 垃圾堆放点个数
culture_rooms|文化（图书）室个数|Culture (reading) rooms|个|AAD401 文化(图书)室 文化室个数 图书室个数
tv_households|通广播电视户数|With broadcasting|户|AAD402 广电户 通广播电视户
broadband_households|通宽带户数|With broadband|户|AAD411 宽带户 通宽带户
broadband_schools|通宽带的村小学数|Village schools with broadband|所|AAD412 通宽带村小学 通宽带村小学数
mobile_network_households|能用手机上网户数|With mobile internet|户|AAD413 手机上网户 能用手机上网的户数
informants|信息员人数|Information officers|人|AAD414 信息员 信息员数
"""
_EXACT = """
lon|经度|Longitude|度|AAR101
lat|纬度|Latitude|度|AAR102
land_cultivated|耕地面积|Farmland|亩|AAD019 耕地
land_irrigated|有效灌溉面积|Irrigated land|亩|AAD027 有效灌溉 灌溉面积
land_forest|林地面积|Woodland|亩|AAD021 林地
land_returned|退耕还林面积|Farmland returned to forest|亩|AAD022 退耕还林
land_orchard|林果面积|Orchards|亩|AAD023 林果
land_pasture|牧草地面积|Pasture|亩|AAD024 牧草地
land_water|水域面积|Water|亩|AAD025 水域 水面
income_per_head|农民人均纯收入|Net income per head|元|AAD301 人均纯收入 农村居民人均纯收入
collective_income|村集体经济收入|Collective income|万元|AAD302 集体经济收入 村集体收入
unpaved_to_township|到乡镇未通硬化路里程|Unpaved road to the township|公里|AAD321 未通硬化路里程
unpaved_to_hamlets|到自然村未通硬化路里程|Unpaved road to hamlets|公里|AAD322
unpaved_inside|村内未硬化道路里程|Unpaved road inside the village|公里|AAD324
mutual_aid_yuan|互助资金规模|Size of mutual-aid funds|元|ADA013 互助资金组织规模
tourism_income|乡村旅游户均收入|Income per tourism household|元|AAD384 户均收入
clinic_area|卫生室面积|Area of clinics|平方米|ADA014
"""
_FLAGS = """
road_paved|到乡镇通沥青（水泥）路|Paved road to the township||AAD328 是否通沥青(水泥)路 到乡镇是否通沥青(水泥)路 通沥青(水泥)路
bus|通客运班车|Bus service||AAD323 是否通客运班车
broadband|村通宽带|Broadband||AAD415 是否通宽带 通宽带
"""
_TEXTS = """
kind|村属性|Kind of village||AAD004 村类型 村类别
direction|发展方向|Direction of development||AAD035 主要发展方向
terrain|地形地貌|Terrain||AAD036 地形
"""
# a part that cannot be more than its whole
WITHIN = (
    ("dibao_households", "households"), ("five_guarantee_households", "households"),
    ("water_unsafe_households", "households"), ("water_hard_households", "households"),
    ("no_power_households", "households"), ("unsafe_house_households", "households"),
    ("cooperative_poor_households", "households"), ("tv_households", "households"),
    ("broadband_households", "households"), ("tourism_households", "households"),
    ("dibao_people", "people"), ("five_guarantee_people", "people"), ("minority_people", "people"),
    ("women", "people"), ("disabled_people", "people"), ("labourers", "people"), ("migrants", "people"),
    ("power_hamlets", "hamlets"), ("no_power_hamlets", "hamlets"),
)  # fmt: skip


def _fields(kind: Type, text: str) -> tuple[Field, ...]:
    rows = (line.split("|") for line in text.strip().splitlines())
    return tuple(
        Field(code, label, english, kind, (*words(label), *words(told)), unit=unit, longest=100,
              help=f"单位：{unit}" if unit else "", help_en="")
        for code, label, english, unit, told in rows
    )  # fmt: skip


FACTS = (*_fields("text", _TEXTS), *_fields("int", _COUNTS), *_fields("decimal", _EXACT), *_fields("bool", _FLAGS))
VILLAGE_FIELDS = (
    PROVINCE, CITY, COUNTY, TOWNSHIP, replace(VILLAGE, spellings=(*VILLAGE.spellings, "AAD002")), VILLAGE_CODE,
    Field("year", "年度", "Year", "int", words("年度 年份 AAR040 填报年度 统计年度"), help="不填则用导入时选的年度",
          help_en="The year of the import when empty", example="2015"),
    *FACTS[:3],
    Field("leader", "村负责人", "Head of the village", "text", words("村负责人 AAR011 负责人 村主任 村支书"), personal=True,
          longest=40, help="村支书或村主任", help_en="Secretary or head", example="王某某"),
    Field("phone", "村联系电话", "Telephone", "phone", words("村联系电话 联系电话 AAR012 电话 负责人电话"), personal=True,
          help="11 位手机号", help_en="11 digits", example="13800000000"),
    *FACTS[3:],
)  # fmt: skip
