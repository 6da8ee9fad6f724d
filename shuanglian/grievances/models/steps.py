"""Every step that a demand took, in order, never changed: why it came up can be read by every rung (VOICE-2)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.fieldwork.models.base import never_changed


class Step(models.Model):
    """步骤 what happened to a demand: by whom, why, from which rung to which. by: None for the system or the public."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("收到")
        HELD = "held", _("留待筛查")
        RELEASED = "released", _("筛查后受理")
        REFUSED = "refused", _("筛查后不受理")
        REMINDED = "reminded", _("提醒")
        CLIMBED = "climbed", _("逾期上转")
        PASSED_UP = "passed_up", _("上报")
        SENT_BACK = "sent_back", _("退回下级")
        MOVED = "moved", _("转其他部门")
        SORTED = "sorted", _("改类别")
        JOINED = "joined", _("并案")
        PARTED = "parted", _("取消并案")
        OPENED = "opened", _("另立一件事")
        NOTED = "noted", _("办理记录")
        ANSWERED = "answered", _("答复")
        TOLD = "told", _("告知本人")
        CONFIRMED = "confirmed", _("本人认可")
        DENIED = "denied", _("本人不认可")
        SILENT = "silent", _("到期没有回话")
        ADDED = "added", _("本人补充")

    demand = models.ForeignKey("grievances.Demand", models.PROTECT, related_name="steps", verbose_name=_("诉求"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    kind = models.CharField(_("步骤"), max_length=10, choices=Kind.choices, db_collation="C")
    rung = models.CharField(_("从"), max_length=40, db_collation="C", blank=True)
    to_rung = models.CharField(_("到"), max_length=40, db_collation="C", blank=True)
    holder = models.CharField(_("由谁办"), max_length=120, blank=True)
    text = models.CharField(_("说明"), max_length=1000, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("办理人"))
    at = models.DateTimeField(_("时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("诉求步骤")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["demand", "id"], name="grievances_step_demand"),
            models.Index(fields=["area_code", "kind", "at"], name="grievances_step_area"),
        ]
        triggers = never_changed("grievances_step")

    class Privacy:
        personal = ("text", "holder")
        open = ("id", "demand", "area_code", "kind", "rung", "to_rung", "by", "at")

    def __str__(self) -> str:
        return f"{self.demand_id} {self.kind}"
