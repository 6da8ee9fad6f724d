"""What holds: units linked to villages, persons responsible for households, leaders for townships (PAIR-1 … PAIR-7)."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Value
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked

from .rounds import ProposedPair, Round


class LinkQuerySet(ScopedQuerySet):
    def open(self) -> LinkQuerySet:
        """Without an end; one that was confirmed ahead of its day is open before it begins."""
        return self.filter(until__isnull=True)

    def not_over_on(self, day: date) -> LinkQuerySet:
        """Standing on a day or still to come."""
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gte=day))

    def standing_on(self, day: date) -> LinkQuerySet:
        return self.filter(since__lte=day).filter(models.Q(until__isnull=True) | models.Q(until__gte=day))


@tracked()
class VillageLink(models.Model):
    """联村 a unit linked to a village, with its dates (PAIR-1, PAIR-6)."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="village_links", verbose_name=_("单位"))
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", verbose_name=_("轮次"))
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    ended_why = models.CharField(_("结束原因"), max_length=100, blank=True)
    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("联村")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "village"], condition=models.Q(until__isnull=True), name="village_link_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="village_link_since_until",
            ),
        ]
        indexes = [models.Index(fields=["area_code", "unit"], name="village_link_area")]

    class Privacy:
        personal = ()
        open = ("id", "unit", "village", "area_code", "round", "since", "until", "ended_why")

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.village_id}"


@tracked()
class Pairing(models.Model):
    """结对 the one person responsible for a household, with its dates (PAIR-1, PAIR-6). Never two at a time."""

    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="pairings", verbose_name=_("户"))
    cadre = models.ForeignKey(
        "organisation.Cadre", models.PROTECT, related_name="pairings", verbose_name=_("帮扶责任人")
    )
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    slot = models.CharField(
        _("性质"), max_length=10, choices=ProposedPair.Slot.choices, default=ProposedPair.Slot.REGULAR
    )
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", verbose_name=_("轮次"))
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    ended_why = models.CharField(_("结束原因"), max_length=100, blank=True)
    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("结对")
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(until__isnull=True), name="pairing_one_open_per_household"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="pairing_since_until",
            ),
            ExclusionConstraint(
                name="pairing_never_two_at_a_time",
                expressions=[
                    (
                        Func(
                            "household_id",
                            "household_id",
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.EQUAL,
                    ),
                    (
                        Func("since", "until", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "id"], name="pairing_area"),
            models.Index(fields=["cadre", "until"], name="pairing_cadre"),
            models.Index(
                fields=["area_code", "household"],
                name="pairing_open_area",
                condition=models.Q(until__isnull=True),
                include=["cadre"],
            ),
        ]

    class Privacy:
        personal = ("household", "cadre")
        open = ("id", "area_code", "slot", "round", "since", "until", "ended_why")

    def __str__(self) -> str:
        return f"{self.household_id} ← {self.cadre_id}"

    def stands_on(self, day: date) -> bool:
        """Both ends in."""
        return self.since <= day and (self.until is None or day <= self.until)


@tracked()
class Relative(models.Model):
    """亲属回避 a declared relation between a cadre and a household: they are never paired (REG-9)."""

    cadre = models.ForeignKey("organisation.Cadre", models.CASCADE, related_name="relatives", verbose_name=_("干部"))
    household = models.ForeignKey("registry.Household", models.CASCADE, related_name="+", verbose_name=_("户"))
    note = models.CharField(_("关系"), max_length=60, blank=True)
    since = models.DateField(_("申报日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("亲属回避")
        constraints = [models.UniqueConstraint(fields=["cadre", "household"], name="relative_once")]

    class Privacy:
        personal = ("cadre", "household", "note")
        open = ("id", "since")

    def __str__(self) -> str:
        return f"{self.cadre_id} ~ {self.household_id}"


@tracked()
class LeaderLink(models.Model):
    """领导包乡 a county or city leader linked to a township, answering for its villages due to exit (PAIR-7)."""

    leader = models.ForeignKey(
        "organisation.Cadre", models.PROTECT, related_name="led_townships", verbose_name=_("领导")
    )
    township = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("乡镇"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", verbose_name=_("轮次"))
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("领导包乡")
        constraints = [
            models.UniqueConstraint(
                fields=["leader", "township"], condition=models.Q(until__isnull=True), name="leader_link_one_open"
            )
        ]

    class Privacy:
        personal = ("leader",)
        open = ("id", "township", "area_code", "round", "since", "until")

    def __str__(self) -> str:
        return f"{self.leader_id} → {self.township_id}"


class ExitVillage(models.Model):
    """年度退出村 a poor village due to leave the register in a year (PAIR-7, IDX-3)."""

    village = models.ForeignKey("areas.Area", models.CASCADE, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    year = models.SmallIntegerField(_("退出年度"))

    class Meta:
        verbose_name = verbose_name_plural = _("年度退出村")
        constraints = [models.UniqueConstraint(fields=["village"], name="exit_village_once")]

    class Privacy:
        personal = ()
        open = ("id", "village", "area_code", "year")

    def __str__(self) -> str:
        return f"{self.village_id} {self.year}"


class AreaCoverage(models.Model):
    """结对汇总 coverage per region node (两个全覆盖, PAIR-1), rebuilt villages first and then added up."""

    area = models.OneToOneField(
        "areas.Area", models.CASCADE, primary_key=True, related_name="+", verbose_name=_("区域")
    )
    poor_villages = models.IntegerField(_("贫困村数"), default=0)
    linked_villages = models.IntegerField(_("已联贫困村"), default=0)
    households = models.IntegerField(_("贫困户数"), default=0)
    paired = models.IntegerField(_("已结对户"), default=0)
    fallback = models.IntegerField(_("兜底户"), default=0)
    cadres = models.IntegerField(_("帮扶干部"), default=0)
    units = models.IntegerField(_("帮扶单位"), default=0)
    at = models.DateTimeField(_("汇总时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("结对汇总")

    class Privacy:
        personal = ()
        open = ("area", "poor_villages", "linked_villages", "households", "paired", "fallback", "cadres", "units", "at")

    def __str__(self) -> str:
        return str(self.area_id)
