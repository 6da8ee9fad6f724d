"""Checks of the exit standards kept by day, figures of areas, villages that left, the plan (IDX-3, REG-3)."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet


def _code() -> models.CharField:
    return models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)


def _by(label: Any) -> models.ForeignKey:
    return models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=label)


def _codes(label: Any) -> ArrayField:
    return ArrayField(models.CharField(max_length=90), verbose_name=label, default=list)


def _kept(*columns: str) -> pgtrigger.Trigger:
    """What was found on a day stays as it was found; only its area may follow a region."""
    return pgtrigger.Protect(name="kept", operation=pgtrigger.Delete | pgtrigger.UpdateOf(*columns))


class ExitCheck(models.Model):
    """退出核对 every household of an area held to the exit standards of a day (IDX-2, BEN-7); done once, kept for ever.

    figures: state → {households, people}; by condition in the way or open → households; asks → fact → households.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("未完成")

    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    area_code = _code()
    on = models.DateField(_("核对日期"))
    profile = models.CharField(_("方案"), max_length=80)
    version = models.CharField(_("标准版本"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    figures = models.JSONField(_("结果"), default=dict)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("任务"))
    by = _by(_("发起人"))
    at = models.DateTimeField(_("发起时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("退出核对")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="exit_check_area")]

    class Privacy:
        personal = ()
        open = (
            "id", "area", "area_code", "on", "profile", "version", "state", "figures", "job", "by", "at", "finished_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area_code} {self.on}"


class Standing(models.Model):
    """核对结果 what a check found of one household: ready, not ready because, undecided because (REG-3)."""

    class State(models.TextChoices):
        READY = "ready", _("达到标准")
        NOT_READY = "not_ready", _("没有达到")
        UNDECIDED = "undecided", _("有待问清")

    check_of = models.ForeignKey(ExitCheck, models.CASCADE, related_name="standings", verbose_name=_("核对"))
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="+", verbose_name=_("户"))
    area_code = _code()
    size = models.SmallIntegerField(_("家庭人口"), default=0)
    state = models.CharField(_("结论"), max_length=10, choices=State.choices)
    in_the_way = _codes(_("没有达到的条件"))
    open = _codes(_("不能认定的条件"))
    asks = _codes(_("待问清的情况"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("核对结果")
        ordering = ["area_code", "household"]
        constraints = [models.UniqueConstraint(fields=["check_of", "household"], name="standing_once")]
        indexes = [
            models.Index(fields=["check_of", "area_code", "household"], name="standing_area"),
            models.Index(fields=["household", "-id"], name="standing_household"),
        ]
        triggers = [_kept("check_of_id", "household_id", "size", "state", "in_the_way", "open", "asks")]

    class Privacy:
        personal = ("household", "state", "in_the_way", "open", "asks")
        open = ("id", "check_of", "area_code", "size")

    def __str__(self) -> str:
        return f"{self.household_id} {self.state}"


class AreaFigure(models.Model):
    """区域认定数 a figure of a township or county that nobody's column holds, with source and day (domain 3.3)."""

    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    area_code = _code()
    name = models.CharField(_("指标"), max_length=40, db_collation="C")
    value = models.DecimalField(_("数值"), max_digits=14, decimal_places=2)
    on = models.DateField(_("自何日起"))
    source = models.CharField(_("出处"), max_length=200)
    by = _by(_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("区域认定数")
        ordering = ["area_code", "name", "-on", "-id"]
        indexes = [models.Index(fields=["area_code", "name", "-on"], name="area_figure_area")]
        triggers = [_kept("name", "value", "on", "source", "by_id", "at")]

    class Privacy:
        personal = ()
        open = ("id", "area", "area_code", "name", "value", "on", "source", "by", "at")

    def __str__(self) -> str:
        return f"{self.area_code} {self.name}"


class VillageExit(models.Model):
    """村退出 a poor village that left, by which paper, with its standard as it was weighed that day (IDX-3)."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = _code()
    on = models.DateField(_("退出日期"))
    document = models.CharField(_("批复文号"), max_length=100)
    weighed = models.JSONField(_("当日核对"), default=list)
    by = _by(_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("村退出")
        ordering = ["area_code"]
        constraints = [models.UniqueConstraint(fields=["village"], name="village_exit_once")]
        indexes = [models.Index(fields=["area_code", "on"], name="village_exit_area")]

    class Privacy:
        personal = ()
        open = ("id", "village", "area_code", "on", "document", "weighed", "by", "at")

    def __str__(self) -> str:
        return f"{self.area_code} {self.on}"


class PlanTarget(models.Model):
    """退出计划 what a year is to bring in an area: villages, people, townships (IDX-3); a new version never erases."""

    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    area_code = _code()
    year = models.SmallIntegerField(_("年度"))
    version = models.SmallIntegerField(_("版本"))
    villages = models.IntegerField(_("退出村数"))
    people = models.IntegerField(_("脱贫人数"))
    townships = ArrayField(models.CharField(max_length=12), verbose_name=_("退出乡镇"), default=list)
    why = models.CharField(_("依据"), max_length=200)
    by = _by(_("编制人"))
    at = models.DateTimeField(_("编制时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("退出计划")
        ordering = ["area_code", "year", "-version"]
        constraints = [models.UniqueConstraint(fields=["area", "year", "version"], name="plan_target_version")]
        indexes = [models.Index(fields=["area_code", "year", "-version"], name="plan_target_area")]
        triggers = [_kept("year", "version", "villages", "people", "townships", "why", "by_id", "at")]

    class Privacy:
        personal = ()
        open = (
            "id", "area", "area_code", "year", "version", "villages", "people", "townships", "why", "by", "at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area_code} {self.year} v{self.version}"
