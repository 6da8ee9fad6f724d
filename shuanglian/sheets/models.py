"""Sheets that come in: kept, checked, accepted as a whole, undone as a whole."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.forms import translated
from shuanglian.core.secrets import SealedTextField
from shuanglian.kernel.words import Said


class Batch(models.Model):
    """导入批次 one upload: the file (encrypted on disk), its mapping, its findings, and what it changed."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("已上传")
        READING = "reading", _("正在读取")
        MAPPING = "mapping", _("待确认列")
        CHECKING = "checking", _("正在检查")
        CHECKED = "checked", _("待接收")
        ACCEPTING = "accepting", _("正在接收")
        ACCEPTED = "accepted", _("已接收")
        UNDOING = "undoing", _("正在撤销")
        UNDONE = "undone", _("已撤销")
        FAILED = "failed", _("失败")
        DISCARDED = "discarded", _("已放弃")

    kind = models.CharField(_("名册种类"), max_length=20, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.UPLOADED)
    file_name = models.CharField(_("文件名"), max_length=200)
    file = models.CharField(_("保存位置"), max_length=300)
    file_sha256 = models.CharField(_("文件摘要"), max_length=64)
    second_file_name = models.CharField(_("成员文件名"), max_length=200, blank=True)
    second_file = models.CharField(_("成员文件保存位置"), max_length=300, blank=True)
    staged = models.CharField(_("待接收数据"), max_length=300, blank=True)
    area = models.ForeignKey("areas.Area", models.PROTECT, verbose_name=_("所属区域"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    year = models.IntegerField(_("年度"))
    layout = models.JSONField(_("列对应"), default=dict)
    counts = models.JSONField(_("统计"), default=dict)
    marks = models.JSONField(_("接收时的历史序号"), default=dict)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, verbose_name=_("后台任务"))
    problem = models.CharField(_("问题"), max_length=500, blank=True)
    gaps = models.JSONField(_("问题中的数值"), default=dict)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("上传人"))
    created_at = models.DateTimeField(_("上传时间"))
    accepted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("接收人")
    )
    accepted_at = models.DateTimeField(_("接收时间"), null=True)
    undone_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("撤销人")
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("导入批次")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["area_code", "-id"], name="batch_area"),
            models.Index(fields=["file_sha256"], name="batch_sha"),
        ]

    class Privacy:
        personal = ("file_name", "second_file_name", "file", "second_file", "staged", "problem", "gaps")
        open = (
            "id", "kind", "state", "file_sha256", "area", "area_code", "year", "layout", "counts", "marks", "job", "by",
            "created_at", "accepted_by", "accepted_at", "undone_by", "undone_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_busy(self) -> bool:
        """Whether background work on it is under way (a job that ended without a word leaves it free again)."""
        return self.state in _FALLS_BACK and self.job is not None and not self.job.is_over

    @property
    def standing(self) -> str:
        """The state it is really in: work that broke off (killed, cancelled) leaves the step before."""
        return self.state if self.state not in _FALLS_BACK or self.is_busy else _FALLS_BACK[self.State(self.state)]

    @property
    def standing_label(self) -> str:
        return str(self.State(self.standing).label)

    @property
    def words(self) -> str:
        """What went wrong, in the reader's language."""
        return translated(Said(self.problem, self.gaps)) if self.problem else ""

    def say(self, message: Any = "") -> None:
        """Set what went wrong; a Said keeps its gaps, so every reader gets it in their own language."""
        said = message if isinstance(message, Said) else Said(str(message))
        self.problem = said.sentence[:500]
        self.gaps = {
            key: value if isinstance(value, (int, float, str)) else str(value) for key, value in said.params.items()
        }


_FALLS_BACK = {
    Batch.State.READING: Batch.State.UPLOADED,
    Batch.State.CHECKING: Batch.State.MAPPING,
    Batch.State.ACCEPTING: Batch.State.CHECKED,
    Batch.State.UNDOING: Batch.State.ACCEPTED,
}


class Finding(models.Model):
    """检查发现 one thing wrong in one cell: where, what, how to mend it."""

    class Severity(models.TextChoices):
        ERROR = "error", _("错误")
        WARNING = "warning", _("提醒")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="findings", verbose_name=_("导入批次"))
    sheet = models.CharField(_("工作表"), max_length=100)
    row = models.IntegerField(_("行"))
    column = models.CharField(_("列"), max_length=5, blank=True)
    header = models.CharField(_("列名"), max_length=100, blank=True)
    field = models.CharField(_("字段"), max_length=40, blank=True)
    value = SealedTextField(_("值"), blank=True)
    code = models.CharField(_("代码"), max_length=60)
    severity = models.CharField(_("程度"), max_length=8, choices=Severity.choices)
    params = SealedTextField(_("参数"), blank=True)  # JSON; it may repeat names and numbers

    class Meta:
        verbose_name = verbose_name_plural = _("检查发现")
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "severity", "code", "id"], name="finding_batch_severity")]

    class Privacy:
        personal = ("value", "params")
        open = ("id", "batch", "sheet", "row", "column", "header", "field", "code", "severity")

    def __str__(self) -> str:
        return f"{self.sheet}!{self.column}{self.row} {self.code}"


class Change(models.Model):
    """导入变更 what an accepted batch did to one row: made it (before is null) or changed it (the values before)."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="changes", verbose_name=_("导入批次"))
    table = models.CharField(_("数据表"), max_length=60)
    row_id = models.BigIntegerField(_("行号"))
    before = models.JSONField(_("原值"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("导入变更")
        indexes = [models.Index(fields=["batch", "table", "row_id"], name="change_batch_row")]

    class Privacy:
        personal = ("before",)
        open = ("id", "batch", "table", "row_id")

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"


class Mapping(models.Model):
    """列对应记忆 how the columns of one header layout were understood last time; offered again for the same layout."""

    kind = models.CharField(_("名册种类"), max_length=20)
    signature = models.CharField(_("表头摘要"), max_length=64)
    columns = models.JSONField(_("列对应"), default=dict)
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+", verbose_name=_("确认人"))
    at = models.DateTimeField(_("确认时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("列对应记忆")
        constraints = [models.UniqueConstraint(fields=["kind", "signature"], name="mapping_once")]

    class Privacy:
        personal = ()
        open = ("id", "kind", "signature", "columns", "by", "at")

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"
