"""Paper forms as they were printed for signature, and the signed scans that came back (REG-4, REG-5)."""

from __future__ import annotations

import json
from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.secrets import SealedTextField

from .cases import Case, CaseList
from .common import by_field, code_field, kept


class FormPrint(models.Model):
    """打印表 one form of a step, as it was shown: the content, its fingerprint on the paper, the scan once it is back.

    Of a list with all its cases at the step, or of one case. The fingerprint binds the signatures to the content: a
    scan is taken back for the print whose fingerprint stands on the paper, once.
    """

    list = models.ForeignKey(CaseList, models.PROTECT, null=True, related_name="prints", verbose_name=_("批次"))
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="prints", verbose_name=_("事项"))
    area_code = code_field()
    step = models.CharField(_("步骤"), max_length=40, db_collation="C")
    form = models.CharField(_("表格"), max_length=40, db_collation="C")
    content_text = SealedTextField(_("内容"))
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C")
    by = by_field(_("打印人"))
    at = models.DateTimeField(_("打印时间"))
    scan = models.ForeignKey(
        "attachments.Attachment", models.PROTECT, null=True, related_name="+", verbose_name=_("签字件")
    )
    scanned_by = by_field(_("上传人"), null=True)
    scanned_at = models.DateTimeField(_("上传时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("打印表")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="formprint_area")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(list=None, case__isnull=False) | models.Q(list__isnull=False, case=None),
                name="formprint_of_one",
            )
        ]
        triggers = [
            kept("list_id", "case_id", "step", "form", "content_text", "digest", "by_id", "at"),
            pgtrigger.Trigger(
                name="scan_once", level=pgtrigger.Row, when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__scan__isnull=False) & pgtrigger.Q(old__scan__df=pgtrigger.F("new__scan")),
                func="RAISE EXCEPTION 'a signed paper is not exchanged';",
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("content_text", "scan")
        open = (
            "id", "list", "case", "area_code", "step", "form", "digest", "by", "at", "scanned_by", "scanned_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.form} {self.mark}"

    @property
    def content(self) -> dict[str, Any]:
        return dict(json.loads(self.content_text))

    @property
    def mark(self) -> str:
        """The part of the fingerprint that people compare: four groups of four."""
        head = self.digest[:16].upper()
        return " ".join(head[place : place + 4] for place in range(0, 16, 4))
