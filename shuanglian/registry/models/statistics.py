"""The standard tables of a county as the night counted them (REP-2)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.models import Area
from shuanglian.areas.scoped import ScopedQuerySet


class KeptStatistics(models.Model):
    """统计汇总 every standard table of one county and year, counted on a day; provinces and cities add them up.

    `cells`: [table, row, n, homes, amount as text or null]; `basis`: what the tables were then (statistics.basis), so
    that rows of another profile or other tables are not added to these.
    """

    area = models.ForeignKey(Area, models.CASCADE, related_name="+", verbose_name=_("县"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    year = models.SmallIntegerField(_("年度"))
    on = models.DateField(_("截至"))
    basis = models.CharField(_("统计口径"), max_length=64, db_collation="C")
    cells = models.JSONField(_("统计数"), default=list)
    at = models.DateTimeField(_("汇总时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("统计汇总")
        ordering = ["area_code", "-year"]
        constraints = [models.UniqueConstraint(fields=["area", "year"], name="kept_statistics_once")]
        indexes = [models.Index(fields=["area_code", "year"], name="kept_statistics_area")]

    class Privacy:
        personal = ()
        open = ("id", "area", "area_code", "year", "on", "basis", "cells", "at")

    def __str__(self) -> str:
        return f"{self.area_code} {self.year}"
