"""Leaders' inspections and studies (FIELD-2, PAIR-7, ORG-4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import WITHDRAWAL, KeptQuerySet, never_changed


class Inspection(models.Model):
    """督查调研 a leader inspected a village or township, or studied it in depth (FIELD-2).

    decided: [{what, who, due}] as said on the spot; due is a day (YYYY-MM-DD) or empty.
    """

    class Kind(models.TextChoices):
        INSPECTION = "inspection", _("督查")
        STUDY = "study", _("蹲点调研")

    key = models.UUIDField(_("登记编号"), unique=True)
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C", editable=False)
    leader = models.ForeignKey(
        "organisation.Cadre", models.PROTECT, null=True, related_name="inspections", verbose_name=_("领导")
    )
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("村或乡镇"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    on = models.DateField(_("日期"))
    found = models.CharField(_("发现的情况"), max_length=600)
    decided = models.JSONField(_("现场定的事"), default=list)
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    accuracy = models.FloatField(_("定位误差（米）"), null=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    told_at = models.DateTimeField(_("登记时手机时间"))
    device = models.CharField(_("手机"), max_length=40, db_collation="C", blank=True)
    clock_off = models.IntegerField(_("手机时钟快慢（秒）"), null=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="inspections", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("撤回人")
    )
    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("督查调研")
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["area_code", "on"], name="fieldwork_inspection_area"),
            models.Index(fields=["by", "on"], name="fieldwork_inspection_by"),
        ]
        triggers = never_changed("fieldwork_inspection", "area_id", *WITHDRAWAL)

    class Privacy:
        personal = ("found", "decided", "note", "lon", "lat", "accuracy", "digest", "withdrawn_why")
        open = (
            "id", "key", "leader", "kind", "area", "area_code", "on", "told_at", "device", "clock_off", "by", "at",
            "withdrawn_at", "withdrawn_by",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area_id} {self.on}"
