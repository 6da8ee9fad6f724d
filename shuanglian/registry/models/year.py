"""What changes by year: the income account, land, housing, water; what payrolls prove (REG-1, PLAN-4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked

from .household import Household


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
