"""What ties two files together: members who moved, households that were split or merged (REG-10)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet

from .household import Household


class HouseholdLink(models.Model):
    """档案关联 one act that touched two files: who moved, was split off or merged, on which day, why, by whom.

    `people`: persons of the act (numbers of rows) with their names then. `states`: for a merge, table → row → the
    number of its state in the row history [before, after]; null before is a row that the merge made. `kept`: what
    upper rooms must know to take the merge back, by their name. Never removed: one taken back says by whom.
    """

    class Kind(models.TextChoices):
        MOVE = "move", _("成员迁户")
        SPLIT = "split", _("分户")
        MERGE = "merge", _("并户")
        SAME = "same", _("重复人员合并")

    kind = models.CharField(_("类别"), max_length=6, choices=Kind.choices)
    source = models.ForeignKey(Household, models.PROTECT, related_name="links_out", verbose_name=_("原户"))
    target = models.ForeignKey(Household, models.PROTECT, related_name="links_in", verbose_name=_("现户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    people = models.JSONField(_("涉及成员"), default=list)  # [{"person": 12, "name": "…"}]
    on = models.DateField(_("发生日期"))
    why = models.CharField(_("原因"), max_length=200)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))
    at = models.DateTimeField(_("登记时间"))
    states = models.JSONField(_("前后状态"), default=dict, editable=False)
    kept = models.JSONField(_("其他业务记录"), default=dict, editable=False)
    suspicion = models.CharField(_("依据的疑似重复"), max_length=60, blank=True, editable=False)
    undone_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("撤销人")
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    undone_why = models.CharField(_("撤销原因"), max_length=200, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("档案关联")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="household_link_area")]

    class Privacy:
        personal = ("source", "target", "people", "why", "undone_why", "states", "kept")
        open = ("id", "kind", "area_code", "on", "by", "at", "suspicion", "undone_by", "undone_at")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"
