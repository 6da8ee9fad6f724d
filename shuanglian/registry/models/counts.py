"""Figures of the register per region."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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
