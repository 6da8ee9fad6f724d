"""The register of poor households and their members (REG-1, REG-2, REG-10; domain 2.2, 2.3)."""

from __future__ import annotations

from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.models import Area, below
from shuanglian.core.history import tracked
from shuanglian.core.secrets import SealedTextField


class ScopedQuerySet(models.QuerySet):
    def within(self, area: Area | None) -> Self:
        """Rows at or below an area, as an index range; nobody's area is nothing."""
        return self.filter(below(area.prefix)) if area else self.none()


class HouseholdQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Households on the register now."""
        return self.filter(left_on__isnull=True, removed_on__isnull=True)


@tracked()
class Household(models.Model):
    """贫困户 household in the register (REG-1): one head, one village, one number. Codes are those of the profile."""

    number = models.CharField(_("户编号"), max_length=30, unique=True, db_collation="C")
    head_name = models.CharField(_("户主姓名"), max_length=40)
    head_pinyin = models.CharField(_("户主拼音首字母"), max_length=40, db_collation="C", blank=True, editable=False)
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    group = models.CharField(_("村民小组"), max_length=40, blank=True)
    address = models.CharField(_("住址"), max_length=200, blank=True)
    kind = models.CharField(_("贫困户属性"), max_length=10, blank=True)
    standard = models.CharField(_("识别标准"), max_length=10, blank=True)
    main_cause = models.CharField(_("主要致贫原因"), max_length=10, blank=True)
    other_causes = ArrayField(models.CharField(max_length=10), verbose_name=_("其他致贫原因"), default=list, blank=True)
    status = models.CharField(_("脱贫标志"), max_length=10, blank=True)
    size = models.SmallIntegerField(_("家庭人口"), default=0)
    exit_year = models.SmallIntegerField(_("拟脱贫年度"), null=True, blank=True)
    measures = models.CharField(_("帮扶措施"), max_length=500, blank=True)
    loan_need = models.CharField(_("贷款需求"), max_length=200, blank=True)
    wish = models.CharField(_("产业意愿"), max_length=200, blank=True)
    relocation = models.BooleanField(_("易地搬迁户"), null=True, blank=True)
    phone = SealedTextField(_("联系电话"), blank=True)
    phone_digest = models.CharField(_("联系电话摘要"), max_length=32, db_collation="C", blank=True, editable=False)
    bank = models.CharField(_("开户银行"), max_length=60, blank=True)
    bank_account = SealedTextField(_("银行账号"), blank=True)
    bank_digest = models.CharField(_("银行账号摘要"), max_length=32, db_collation="C", blank=True, editable=False)
    need_band = models.SmallIntegerField(_("困难程度"), default=0)
    income_per_head = models.DecimalField(_("人均纯收入"), max_digits=12, decimal_places=2, null=True, blank=True)
    lon = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    since = models.DateField(_("识别日期"))
    left_on = models.DateField(_("脱贫日期"), null=True, blank=True)
    removed_on = models.DateField(_("剔除日期"), null=True, blank=True)
    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("贫困户")
        ordering = ["area_code", "id"]
        indexes = [
            models.Index(
                fields=["area_code", "id"], name="household_area", include=["need_band", "main_cause", "size"]
            ),
            # a list's order first, then the area: the area is checked inside the index, at any level of the tree
            models.Index(fields=["head_pinyin", "area_code", "id"], name="household_by_pinyin"),
            models.Index(fields=["income_per_head", "area_code", "id"], name="household_by_income"),
            models.Index(fields=["-need_band", "area_code", "id"], name="household_by_need"),
            models.Index(fields=["head_name"], name="household_head"),
            models.Index(fields=["phone_digest"], name="household_phone"),
            models.Index(fields=["bank_digest"], name="household_bank"),
        ]
        triggers = [
            pgtrigger.Trigger(
                # members, yearly records and possible duplicates stand where their household stands, whoever moves it:
                # a verb, an import, or a new table of regions
                name="carry_area", level=pgtrigger.Row, when=pgtrigger.After, operation=pgtrigger.UpdateOf("area_code"),
                condition=pgtrigger.Q(old__area_code__df=pgtrigger.F("new__area_code")),
                func="""
                UPDATE registry_person SET area_code = NEW.area_code
                    WHERE household_id = NEW.id AND area_code <> NEW.area_code;
                UPDATE registry_householdyear SET area_code = NEW.area_code
                    WHERE household_id = NEW.id AND area_code <> NEW.area_code;
                UPDATE registry_transfer SET area_code = NEW.area_code
                    WHERE household_id = NEW.id AND area_code <> NEW.area_code;
                UPDATE registry_suspicion SET area_code = NEW.area_code WHERE area_code <> NEW.area_code
                    AND one_id IN (SELECT id FROM registry_person WHERE household_id = NEW.id);
                UPDATE registry_statement SET area_code = NEW.area_code WHERE area_code <> NEW.area_code
                    AND (household_id = NEW.id
                         OR person_id IN (SELECT id FROM registry_person WHERE household_id = NEW.id));
                RETURN NULL;
                """,
            )
        ]  # fmt: skip

    class Privacy:
        personal = (
            "head_name", "head_pinyin", "address", "phone", "phone_digest", "bank", "bank_account", "bank_digest",
            "income_per_head", "loan_need", "wish", "lon", "lat", "measures", "group", "main_cause", "other_causes",
        )  # fmt: skip
        open = (
            "id", "number", "village", "area_code", "kind", "standard", "status", "size", "exit_year", "relocation",
            "need_band", "since", "left_on", "removed_on",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.head_name}（{self.number}）"


@tracked()
class Person(models.Model):
    """家庭成员 member of a household (domain 2.3). Codes are those of the profile."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="people", verbose_name=_("户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    number = models.CharField(_("人编号"), max_length=30, blank=True, db_collation="C")
    name = models.CharField(_("姓名"), max_length=40)
    pinyin = models.CharField(_("拼音"), max_length=120, db_collation="C", blank=True, editable=False)
    id_number = SealedTextField(_("证件号码"), blank=True)
    id_digest = models.CharField(_("证件号码摘要"), max_length=32, db_collation="C", blank=True, editable=False)
    sex = models.CharField(_("性别"), max_length=1, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    relation = models.CharField(_("与户主关系"), max_length=10, blank=True)
    ethnic = models.CharField(_("民族"), max_length=10, blank=True)
    education = models.CharField(_("文化程度"), max_length=10, blank=True)
    schooling = models.CharField(_("在校生状况"), max_length=10, blank=True)
    health = ArrayField(models.CharField(max_length=10), verbose_name=_("健康状况"), default=list, blank=True)
    labour = models.CharField(_("劳动技能"), max_length=10, blank=True)
    work_place = models.CharField(_("务工所在地"), max_length=10, blank=True)
    work_months = models.SmallIntegerField(_("务工月数"), null=True, blank=True)
    political = models.CharField(_("政治面貌"), max_length=10, blank=True)
    medical_insurance = models.BooleanField(_("参加基本医疗保险"), null=True, blank=True)
    serious_insurance = models.BooleanField(_("参加大病保险"), null=True, blank=True)
    pension_insurance = models.BooleanField(_("参加养老保险"), null=True, blank=True)
    dibao = models.BooleanField(_("享受低保"), null=True, blank=True)
    disability_card = SealedTextField(_("残疾证号"), blank=True)
    phone = SealedTextField(_("本人电话"), blank=True)
    since = models.DateField(_("登记日期"))
    left_on = models.DateField(_("减员日期"), null=True, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("家庭成员")
        ordering = ["household", "id"]
        indexes = [
            models.Index(fields=["area_code", "id"], name="person_area"),
            models.Index(fields=["id_digest"], name="person_id_digest"),
            models.Index(fields=["name"], name="person_name"),
        ]

    class Privacy:
        personal = (
            "name", "pinyin", "id_number", "id_digest", "sex", "born_on", "relation", "ethnic", "education",
            "schooling", "health", "labour", "work_place", "work_months", "political", "medical_insurance",
            "serious_insurance", "pension_insurance", "dibao", "disability_card", "phone",
        )  # fmt: skip
        open = ("id", "household", "area_code", "number", "since", "left_on")

    def __str__(self) -> str:
        return self.name


def _yuan(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=12, decimal_places=2, null=True, blank=True)


def _mu(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=9, decimal_places=2, null=True, blank=True)


@tracked()
class HouseholdYear(models.Model):
    """户年度信息 what changes by year: the income account (yuan a year), land (mu), housing, water (domain 2.2)."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="years", verbose_name=_("户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    year = models.SmallIntegerField(_("年度"))
    income_wage = _yuan(_("工资性收入"))
    income_operating = _yuan(_("生产经营性收入"))
    income_property = _yuan(_("财产性收入"))
    income_transfer = _yuan(_("转移性收入"))  # what counts: the larger of what was declared and what payrolls prove
    transfer_declared = _yuan(_("其中申报的转移性收入"))  # kept beside once a payroll proves another amount
    transfer_paid = _yuan(_("其中发放名册的转移性收入"))
    operating_cost = _yuan(_("生产经营性支出"))
    net_income = _yuan(_("纯收入"))
    income_per_head = _yuan(_("人均纯收入"))
    land_cultivated = _mu(_("耕地面积（亩）"))
    land_forest = _mu(_("林地面积（亩）"))
    land_returned = _mu(_("退耕还林面积（亩）"))
    land_orchard = _mu(_("林果面积（亩）"))
    land_pasture = _mu(_("牧草地面积（亩）"))
    land_water = _mu(_("水面面积（亩）"))
    house_area = _mu(_("住房面积（平方米）"))
    house_unsafe = models.BooleanField(_("危房户"), null=True, blank=True)
    house_grade = models.CharField(_("危房级别"), max_length=10, blank=True)
    water_safe = models.BooleanField(_("饮水安全"), null=True, blank=True)
    water_hard = models.BooleanField(_("饮水困难"), null=True, blank=True)
    power = models.BooleanField(_("通生活用电"), null=True, blank=True)
    toilet = models.BooleanField(_("卫生厕所"), null=True, blank=True)
    road_kind = models.CharField(_("入户路类型"), max_length=10, blank=True)
    road_km = models.DecimalField(_("与村主干路距离（公里）"), max_digits=6, decimal_places=2, null=True, blank=True)
    fuel = models.CharField(_("主要燃料类型"), max_length=10, blank=True)
    cooperative = models.BooleanField(_("加入专业合作社"), null=True, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("户年度信息")
        ordering = ["household", "-year"]
        constraints = [models.UniqueConstraint(fields=["household", "year"], name="household_year_once")]
        indexes = [models.Index(fields=["area_code", "year"], name="household_year_area")]

    class Privacy:
        personal = (
            "income_wage", "income_operating", "income_property", "income_transfer", "transfer_declared",
            "transfer_paid", "operating_cost", "net_income", "income_per_head", "land_cultivated", "land_forest",
            "land_returned", "land_orchard", "land_pasture",
            "land_water", "house_area", "house_unsafe", "house_grade", "water_safe", "water_hard", "power", "toilet",
            "road_kind", "road_km", "fuel", "cooperative",
        )  # fmt: skip
        open = ("id", "household", "area_code", "year")

    def __str__(self) -> str:
        return f"{self.household_id} {self.year}"


class Transfer(models.Model):
    """转移性收入明细 what payrolls prove a household was paid in a year, provision by provision; worked out from them.

    The room that holds the payrolls writes it (actions.transfers); the yearly account counts it, whoever records it.
    """

    household = models.ForeignKey(Household, models.CASCADE, related_name="transfers", verbose_name=_("户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    year = models.SmallIntegerField(_("年度"))
    source = models.CharField(_("政策"), max_length=60)
    yuan = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("转移性收入明细")
        ordering = ["household", "-year", "source"]
        constraints = [models.UniqueConstraint(fields=["household", "year", "source"], name="transfer_once")]
        indexes = [models.Index(fields=["area_code", "year"], name="transfer_area")]

    class Privacy:
        personal = ("household", "source", "yuan")
        open = ("id", "area_code", "year")

    def __str__(self) -> str:
        return f"{self.household_id} {self.year} {self.source}"


@tracked()
class Statement(models.Model):
    """情况申明 a fact that no column holds, or that differs from it: what, since when, who says so (house 7, BEN-8).

    `fact` is a name of the vocabulary (rules.facts), `value` its JSON text. It is withdrawn, never erased.
    """

    class Source(models.TextChoices):
        VISIT = "visit", _("入户核实")
        DOCUMENT = "document", _("证明材料")
        DEPARTMENT = "department", _("部门名册")
        HOUSEHOLD = "household", _("农户自述")

    record = models.CharField(_("所属"), max_length=10)  # person, household or village
    household = models.ForeignKey(
        Household, models.CASCADE, null=True, related_name="statements", verbose_name=_("户")
    )  # fmt: skip
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="statements", verbose_name=_("成员"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    fact = models.CharField(_("情况"), max_length=60, db_collation="C")
    value = models.CharField(_("内容"), max_length=400)
    on = models.DateField(_("自何日起"))
    until = models.DateField(_("至何日止"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=12, choices=Source.choices)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    batch = models.IntegerField(_("导入批次"), null=True, editable=False)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    withdrawn_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("撤回人")
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("情况申明")
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(record="household", household__isnull=False, person__isnull=True)
                | models.Q(record="person", household__isnull=True, person__isnull=False)
                | models.Q(record="village", household__isnull=True, person__isnull=True),
                name="statement_about_one",
            )
        ]
        indexes = [models.Index(fields=["area_code", "id"], name="statement_area")]

    class Privacy:
        personal = ("household", "person", "fact", "value", "note")
        open = (
            "id", "record", "area_code", "on", "until", "source", "batch", "by", "at", "withdrawn_by", "withdrawn_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.record}.{self.fact}"


class AreaCount(models.Model):
    """区域汇总 figures of the register per region node, rebuilt villages first and then added up.

    `by_cause`, `by_band`: code → households; `findings`: code of a check → rows that it complains about.
    """

    area = models.OneToOneField(
        "areas.Area", models.CASCADE, primary_key=True, related_name="+", verbose_name=_("区域")
    )
    households = models.IntegerField(_("贫困户数"), default=0)
    people = models.IntegerField(_("贫困人口"), default=0)
    by_cause = models.JSONField(_("按致贫原因"), default=dict)
    by_band = models.JSONField(_("按困难程度"), default=dict)
    findings = models.JSONField(_("数据质量问题"), default=dict)
    at = models.DateTimeField(_("汇总时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("区域汇总")

    class Privacy:
        personal = ()
        open = ("area", "households", "people", "by_cause", "by_band", "findings", "at")

    def __str__(self) -> str:
        return str(self.area_id)


class Suspicion(models.Model):
    """疑似重复 two entries that may be one person or household: a person decides, nothing is merged silently."""

    class State(models.TextChoices):
        OPEN = "open", _("待核")
        SAME = "same", _("确为重复")
        DIFFERENT = "different", _("不是重复")

    one = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("甲"))
    other = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("乙"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    why = models.CharField(_("依据"), max_length=30)
    score = models.FloatField(_("相似度"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("核实人")
    )
    decided_at = models.DateTimeField(_("核实时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("疑似重复")
        ordering = ["-score", "id"]
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="suspicion_once")]
        indexes = [models.Index(fields=["area_code", "state"], name="suspicion_area")]

    class Privacy:
        personal = ("one", "other", "why", "note")
        open = ("id", "area_code", "score", "state", "decided_by", "decided_at")

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id}"
