"""Facts that no column holds (BEN-8)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked

from .household import Household
from .person import Person


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
