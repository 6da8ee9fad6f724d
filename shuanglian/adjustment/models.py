"""The yearly round and its list: who should leave, who may be missing, who fell back; what the village said (REG-3)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked


def _code() -> models.CharField:
    return models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)


def _by(label: Any) -> models.ForeignKey:
    return models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=label)


class Round(models.Model):
    """动态调整 one year's adjustment of an area (REG-3, REG-10): proposed by the system, worked off by the villages.

    figures: how many were looked at and proposed, how many lines of lists nobody has matched yet.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        OPEN = "open", _("办理中")
        CLOSED = "closed", _("已结束")
        FAILED = "failed", _("未完成")

    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    area_code = _code()
    year = models.SmallIntegerField(_("年度"))
    on = models.DateField(_("情况日期"))
    profile = models.CharField(_("方案"), max_length=80)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    figures = models.JSONField(_("结果"), default=dict)
    check_of = models.ForeignKey("exits.ExitCheck", models.PROTECT, null=True, related_name="+", verbose_name=_("核对"))
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("任务"))
    by = _by(_("发起人"))
    at = models.DateTimeField(_("发起时间"))
    proposed_at = models.DateTimeField(_("提出名单时间"), null=True)
    closed_by = _by(_("结束人"))
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("动态调整")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="adjustment_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year"], condition=models.Q(state__in=["waiting", "open", "closed"]),
                name="adjustment_once_a_year",
            )
        ]  # fmt: skip

    class Privacy:
        personal = ()
        open = (
            "id", "area", "area_code", "year", "on", "profile", "state", "figures", "check_of", "job", "by", "at",
            "proposed_at", "closed_by", "closed_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area_code} {self.year}"


@tracked()
class Item(models.Model):
    """调整对象 one household or newcomer on a round's list, why, and what the village decided with its reason.

    grounds: conditions or lines of lists that put it here: [{"code", "says": {"zh", "en"}, …}]. A decision opens a case
    of the procedure or is kept as a refusal; the register moves only by the case.
    """

    class Kind(models.TextChoices):
        LEAVE = "leave", _("应退出")
        MISSING = "missing", _("可能漏评")
        RETURN = "return", _("可能返贫")

    class Decision(models.TextChoices):
        PENDING = "pending", _("待处理")
        AGREED = "agreed", _("办理")
        REFUSED = "refused", _("不办理")

    round = models.ForeignKey(Round, models.CASCADE, related_name="items", verbose_name=_("动态调整"))
    area_code = _code()
    kind = models.CharField(_("种类"), max_length=10, choices=Kind.choices)
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="+", verbose_name=_("户")
    )  # fmt: skip
    name = models.CharField(_("姓名"), max_length=60)
    key = models.CharField(_("对象摘要"), max_length=80, db_collation="C", editable=False)
    id_tail = models.CharField(_("证件号码后四位"), max_length=4, blank=True)
    place = models.CharField(_("名册所写地址"), max_length=200, blank=True)
    size = models.SmallIntegerField(_("人口"), default=1)
    cause = models.CharField(_("原因"), max_length=10, blank=True)
    grounds = models.JSONField(_("列入依据"), default=list)
    decision = models.CharField(_("处理"), max_length=10, choices=Decision.choices, default=Decision.PENDING)
    why = models.CharField(_("处理理由"), max_length=200, blank=True)
    case = models.ForeignKey("procedures.Case", models.PROTECT, null=True, related_name="+", verbose_name=_("事项"))
    by = _by(_("处理人"))
    at = models.DateTimeField(_("处理时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("调整对象")
        ordering = ["area_code", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "kind", "key"], name="adjustment_item_once")]
        indexes = [models.Index(fields=["round", "area_code", "kind", "id"], name="adjustment_item_area")]

    class Privacy:
        personal = ("household", "name", "key", "id_tail", "place", "cause", "grounds", "why")
        open = ("id", "round", "area_code", "kind", "size", "decision", "case", "by", "at")

    def __str__(self) -> str:
        return self.name
