"""The village form, year by year (贫困村登记表; domain 2.5)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked
from shuanglian.core.secrets import SealedTextField


def _count(label: Any) -> models.IntegerField:
    return models.IntegerField(label, null=True, blank=True)


def _exact(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=12, decimal_places=2, null=True, blank=True)


def _flag(label: Any) -> models.BooleanField:
    return models.BooleanField(label, null=True, blank=True)


@tracked()
class VillageYear(models.Model):
    """村情况表 the form of one village for one year (domain 2.5); empty means not known, nothing is guessed.

    Land in mu, collective income in 10,000 yuan as on paper, other money in yuan, lengths in km.
    """

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    year = models.SmallIntegerField(_("年度"))
    # basics
    kind = models.CharField(_("村属性"), max_length=40, blank=True)
    direction = models.CharField(_("发展方向"), max_length=100, blank=True)
    terrain = models.CharField(_("地形地貌"), max_length=40, blank=True)
    leader = models.CharField(_("村负责人"), max_length=40, blank=True)
    phone = SealedTextField(_("村联系电话"), blank=True)
    party_members = _count(_("党员人数"))
    graduate_officials = _count(_("大学生村官人数"))
    hamlets = _count(_("自然村（小组）数"))
    lon = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    # people
    households = _count(_("总户数"))
    dibao_households = _count(_("低保户数"))
    five_guarantee_households = _count(_("五保户数"))
    people = _count(_("总人口"))
    dibao_people = _count(_("低保人数"))
    five_guarantee_people = _count(_("特困供养（五保）人数"))
    minority_people = _count(_("少数民族人数"))
    women = _count(_("妇女人数"))
    disabled_people = _count(_("残疾人数"))
    labourers = _count(_("劳动力人数"))
    migrants = _count(_("外出务工人数"))
    # land, named like a household's
    land_cultivated = _exact(_("耕地面积（亩）"))
    land_irrigated = _exact(_("有效灌溉面积（亩）"))
    land_forest = _exact(_("林地面积（亩）"))
    land_returned = _exact(_("退耕还林面积（亩）"))
    land_orchard = _exact(_("林果面积（亩）"))
    land_pasture = _exact(_("牧草地面积（亩）"))
    land_water = _exact(_("水域面积（亩）"))
    # income, security
    income_per_head = _exact(_("农民人均纯收入（元）"))
    collective_income = _exact(_("村集体经济收入（万元）"))
    medical_insured = _count(_("参加新农合人数"))
    medical_aided = _count(_("享受医疗救助人数"))
    pension_insured = _count(_("参加居民养老保险人数"))
    employee_pension = _count(_("参加职工养老保险人数"))
    # road: the public field list gives three lengths without telling them apart; named here by what they lead to
    road_paved = _flag(_("到乡镇通沥青（水泥）路"))
    bus = _flag(_("通客运班车"))
    unpaved_to_township = _exact(_("到乡镇未通硬化路里程（公里）"))
    unpaved_to_hamlets = _exact(_("到自然村未通硬化路里程（公里）"))
    unpaved_inside = _exact(_("村内未硬化道路里程（公里）"))
    # water, power, housing
    water_unsafe_households = _count(_("未实现饮水安全户数"))
    water_hard_households = _count(_("饮水困难户数"))
    no_power_households = _count(_("未通生活用电户数"))
    no_power_hamlets = _count(_("未通生活用电自然村数"))
    no_production_power_households = _count(_("未通生产用电户数"))
    power_hamlets = _count(_("通电自然村数"))
    unsafe_house_households = _count(_("危房户数"))
    # industry
    cooperatives = _count(_("合作社个数"))
    cooperative_poor_households = _count(_("参加合作社的贫困户数"))
    mutual_aid_groups = _count(_("互助资金组织个数"))
    mutual_aid_yuan = _exact(_("互助资金规模（元）"))
    tourism_households = _count(_("乡村旅游户数"))
    farm_inns = _count(_("农家乐户数"))
    tourism_workers = _count(_("乡村旅游从业人数"))
    tourism_income = _exact(_("乡村旅游户均收入（元）"))
    # health, culture, network
    clinics = _count(_("卫生室个数"))
    clinic_area = _exact(_("卫生室面积（平方米）"))
    public_toilets = _count(_("公共卫生厕所个数"))
    doctors = _count(_("执业（助理）医师人数"))
    rubbish_points = _count(_("垃圾集中堆放点个数"))
    culture_rooms = _count(_("文化（图书）室个数"))
    tv_households = _count(_("通广播电视户数"))
    broadband = _flag(_("通宽带"))
    broadband_households = _count(_("通宽带户数"))
    broadband_schools = _count(_("通宽带的村小学数"))
    mobile_network_households = _count(_("能用手机上网户数"))
    informants = _count(_("信息员人数"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("村情况表")
        ordering = ["area_code", "-year"]
        constraints = [models.UniqueConstraint(fields=["village", "year"], name="village_year_once")]
        indexes = [models.Index(fields=["area_code", "year"], name="village_year_area")]

    class Privacy:
        personal = ("leader", "phone")
        open = (
            "id", "village", "area_code", "year", "kind", "direction", "terrain", "party_members", "graduate_officials",
            "hamlets", "lon", "lat", "households", "dibao_households", "five_guarantee_households", "people",
            "dibao_people", "five_guarantee_people", "minority_people", "women", "disabled_people", "labourers",
            "migrants", "land_cultivated", "land_irrigated", "land_forest", "land_returned", "land_orchard",
            "land_pasture", "land_water", "income_per_head", "collective_income", "medical_insured", "medical_aided",
            "pension_insured", "employee_pension", "road_paved", "bus", "unpaved_to_township", "unpaved_to_hamlets",
            "unpaved_inside", "water_unsafe_households", "water_hard_households", "no_power_households",
            "no_power_hamlets", "no_production_power_households", "power_hamlets", "unsafe_house_households",
            "cooperatives", "cooperative_poor_households", "mutual_aid_groups", "mutual_aid_yuan",
            "tourism_households", "farm_inns", "tourism_workers", "tourism_income", "clinics", "clinic_area",
            "public_toilets", "doctors", "rubbish_points", "culture_rooms", "tv_households", "broadband",
            "broadband_households", "broadband_schools", "mobile_network_households", "informants",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area_code} {self.year}"


PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("基本情况"), (
        "kind", "direction", "terrain", "leader", "phone", "party_members", "graduate_officials", "hamlets", "lon",
        "lat",
    )),
    (_("户与人口"), (
        "households", "people", "dibao_households", "dibao_people", "five_guarantee_households",
        "five_guarantee_people", "disabled_people", "minority_people", "women", "labourers", "migrants",
    )),
    (_("土地（亩）"), (
        "land_cultivated", "land_irrigated", "land_forest", "land_returned", "land_orchard", "land_pasture",
        "land_water",
    )),
    (_("收入与社会保障"), (
        "income_per_head", "collective_income", "medical_insured", "medical_aided", "pension_insured",
        "employee_pension",
    )),
    (_("道路"), ("road_paved", "bus", "unpaved_to_township", "unpaved_to_hamlets", "unpaved_inside")),
    (_("饮水、用电与住房"), (
        "water_unsafe_households", "water_hard_households", "no_power_households", "no_power_hamlets",
        "no_production_power_households", "power_hamlets", "unsafe_house_households",
    )),
    (_("产业"), (
        "cooperatives", "cooperative_poor_households", "mutual_aid_groups", "mutual_aid_yuan", "tourism_households",
        "farm_inns", "tourism_workers", "tourism_income",
    )),
    (_("卫生、文化与网络"), (
        "clinics", "clinic_area", "public_toilets", "doctors", "rubbish_points", "culture_rooms", "tv_households",
        "broadband", "broadband_households", "broadband_schools", "mobile_network_households", "informants",
    )),
)  # fmt: skip
FIELDS = tuple(name for _title, part in PARTS for name in part)
