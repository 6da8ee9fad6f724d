"""What an office settled of somebody's duty; what duties come to in a county, kept for the levels above (FIELD-2)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet


class Settled(models.Model):
    """任务核定 another need for one person or unit and one period, with the reason; the last one of them holds.

    Never rewritten: a change of mind is a new row. first, last: the period of the duty.
    """

    cadre = models.ForeignKey(
        "organisation.Cadre", models.PROTECT, null=True, related_name="settled_duties", verbose_name=_("干部")
    )
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("用户"))
    unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, null=True, related_name="settled_duties", verbose_name=_("单位")
    )
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    duty = models.CharField(_("任务"), max_length=60, db_collation="C")
    first = models.DateField(_("开始日期"))
    last = models.DateField(_("结束日期"))
    need = models.DecimalField(_("核定数"), max_digits=6, decimal_places=1)
    why = models.CharField(_("理由"), max_length=200)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("核定人"))
    at = models.DateTimeField(_("核定时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("任务核定")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(need__gte=0, last__gte=models.F("first")), name="settled_need"),
            models.CheckConstraint(
                condition=(
                    models.Q(cadre__isnull=False, user=None, unit=None)
                    | models.Q(cadre=None, user__isnull=False, unit=None)
                    | models.Q(cadre=None, user=None, unit__isnull=False)
                ),
                name="settled_whose",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "first"], name="settled_area"),
            models.Index(fields=["first", "last"], name="settled_period"),
        ]
        triggers = [pgtrigger.Protect(name="settled_stands", operation=pgtrigger.Delete | pgtrigger.UpdateOf(
            "cadre_id", "user_id", "unit_id", "duty", "first", "last", "need", "why", "by_id", "at"
        ))]  # fmt: skip

    class Privacy:
        personal = ("why",)
        open = ("id", "cadre", "user", "unit", "area_code", "duty", "first", "last", "need", "by", "at")

    def __str__(self) -> str:
        return f"{self.duty} {self.first}"


class Tally(models.Model):
    """任务汇总 what one duty and period come to in one county, worked out every night for the levels above it.

    people: persons or units who owe something; met, behind: how many of them have done it, are late. on: as of when.
    """

    area = models.ForeignKey("areas.Area", models.CASCADE, related_name="+", verbose_name=_("县"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    duty = models.CharField(_("任务"), max_length=60, db_collation="C")
    first = models.DateField(_("开始日期"))
    last = models.DateField(_("结束日期"))
    people = models.IntegerField(_("应完成的人（单位）数"))
    met = models.IntegerField(_("已完成"))
    behind = models.IntegerField(_("落后"))
    need = models.DecimalField(_("应完成"), max_digits=12, decimal_places=1)
    done = models.DecimalField(_("已做"), max_digits=12, decimal_places=1)
    on = models.DateField(_("截至"))
    at = models.DateTimeField(_("汇总时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("任务汇总")
        ordering = ["area_code", "duty", "-first"]
        constraints = [models.UniqueConstraint(fields=["area", "duty", "first"], name="tally_once")]
        indexes = [models.Index(fields=["area_code", "first"], name="tally_area")]

    class Privacy:
        personal = ()
        open = (
            "id", "area", "area_code", "duty", "first", "last", "people", "met", "behind", "need", "done", "on", "at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area_code} {self.duty} {self.first}"
