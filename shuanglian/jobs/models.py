"""Work that takes longer than a page: seen, cancelled, resumed."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.core.forms import translated
from shuanglian.kernel.words import Said


class Job(models.Model):
    """后台任务 one piece of background work with progress; a killed worker's job is taken up again."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    kind = models.CharField(_("类型"), max_length=60)
    title = models.CharField(_("名称"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    done = models.BigIntegerField(_("已处理"), default=0)
    total = models.BigIntegerField(_("总数"), default=0)
    message = models.CharField(_("进展"), max_length=500, blank=True)
    gaps = models.JSONField(_("进展中的数值"), default=dict)
    params = models.JSONField(_("参数"), default=dict)
    result = models.JSONField(_("结果"), default=dict)
    file = models.CharField(_("文件"), max_length=300, blank=True)
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("提交人"))
    cancel_asked = models.BooleanField(_("要求取消"), default=False)
    attempts = models.IntegerField(_("次数"), default=0)
    created_at = models.DateTimeField(_("提交时间"))
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("后台任务")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["by", "-id"], name="job_by"),
            models.Index(fields=["state"], condition=models.Q(state__in=["waiting", "running"]), name="job_standing"),
        ]

    class Privacy:
        personal = ("file", "file_name", "params", "result", "message", "gaps", "title")
        open = (
            "id", "kind", "state", "done", "total", "area_code", "by", "cancel_asked", "attempts", "created_at",
            "started_at", "finished_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}

    @property
    def share(self) -> int:
        """Progress in whole per cent."""
        if self.state == self.State.DONE:
            return 100
        return min(99, int(100 * self.done / self.total)) if self.total else 0

    @property
    def words(self) -> str:
        """The progress or failure sentence in the reader's language."""
        return translated(Said(self.message, self.gaps)) if self.message else ""

    def say(self, message: Any) -> None:
        """Set the sentence: a Said keeps its gaps, so every reader gets it in their own language."""
        said = message if isinstance(message, Said) else Said(str(message))
        self.message, self.gaps = said.sentence[:500], {key: _plain(value) for key, value in said.params.items()}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float, str)) or value is None else str(value)
