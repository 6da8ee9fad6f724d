"""Photos, scans and documents that stand as evidence beside other rows (REG-4, REG-5): sealed, never changed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet


class Attachment(models.Model):
    """附件 one file: what it is about (`room.model:number`), its digest (SHA-256), and of a photo when and where.

    `likeness`: what a photo shows in 64 comparisons (likeness.py), 0 when it is plain, null for scans. The row is kept
    when the file has been taken away (`gone_at`): that there was one, and which, stays provable.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("照片")
        PDF = "pdf", _("扫描件")

    about = models.CharField(_("所属"), max_length=80, db_collation="C")
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    purpose = models.CharField(_("用途"), max_length=40, blank=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices)
    name = models.CharField(_("文件名"), max_length=120, blank=True)
    size = models.IntegerField(_("字节数"))
    digest = models.CharField(_("文件指纹"), max_length=64, db_collation="C")
    file = models.CharField(_("存放"), max_length=80, db_collation="C", editable=False)
    taken_at = models.DateTimeField(_("拍摄时间"), null=True)
    lon = models.FloatField(_("拍摄经度"), null=True)
    lat = models.FloatField(_("拍摄纬度"), null=True)
    likeness = models.BigIntegerField(_("画面特征"), null=True, editable=False)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("上传人"))
    at = models.DateTimeField(_("上传时间"))
    gone_at = models.DateTimeField(_("移除时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("附件")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["about"], name="attachment_about"),
            models.Index(fields=["area_code", "id"], name="attachment_area"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="never_changed", level=pgtrigger.Row, when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__digest__df=pgtrigger.F("new__digest"))
                | pgtrigger.Q(old__about__df=pgtrigger.F("new__about"))
                | pgtrigger.Q(old__taken_at__df=pgtrigger.F("new__taken_at"))
                | pgtrigger.Q(old__at__df=pgtrigger.F("new__at"))
                | (
                    pgtrigger.Q(old__likeness__df=pgtrigger.F("new__likeness"))
                    & pgtrigger.Q(old__likeness__isnull=False)
                ),
                func="RAISE EXCEPTION 'an attachment is never changed'; ",
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("about", "name", "file", "taken_at", "lon", "lat", "likeness")
        open = ("id", "area_code", "purpose", "kind", "size", "digest", "by", "at", "gone_at")

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.pk}"
