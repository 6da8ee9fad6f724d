"""A village's plan: versions never written over, its lines, who said what of it, what came of it (PLAN-1, 2, 6)."""

from __future__ import annotations

from functools import partial

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet

from .versions import Versioned, code_field, kept, who, yuan

_yuan = partial(yuan, max_digits=14)


class VillagePlan(Versioned):
    """村规划和年度计划 one version of a village's plan, to the horizon or for a year (PLAN-1, PLAN-2, PLAN-6).

    series: 0 the plan to the horizon, else the year that a yearly plan is for. income, target: yuan a head, now and
    promised, of the people on the register.
    """

    class Kind(models.TextChoices):
        HORIZON = "horizon", _("规划")
        YEARLY = "yearly", _("年度计划")

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    series = models.SmallIntegerField(_("系列"))
    year = models.SmallIntegerField(_("起始年度"))
    until = models.SmallIntegerField(_("到期年度"))
    industry = models.CharField(_("主导产业"), max_length=40, db_collation="C")
    income = _yuan(_("现人均纯收入"))
    income_year = models.SmallIntegerField(_("收入年份"))
    target = _yuan(_("人均目标收入"))
    households = models.IntegerField(_("在册户数"))
    people = models.IntegerField(_("在册人口"))
    cost = _yuan(_("村级项目投入"))
    submitted_on = models.DateField(_("提交日期"), null=True)
    agreed_on = models.DateField(_("村民会议通过日期"), null=True)
    approved_on = models.DateField(_("乡镇审定日期"), null=True)
    returned_on = models.DateField(_("退回日期"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("村规划和年度计划")
        ordering = ["village", "series", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["village", "series", "version"], name="villageplan_version"),
            models.UniqueConstraint(
                fields=["village", "series"], condition=models.Q(latest=True), name="villageplan_one_latest"
            ),
            models.CheckConstraint(condition=models.Q(until__gte=models.F("year")), name="villageplan_period"),
        ]
        indexes = [
            models.Index(fields=["area_code", "series", "id"], name="villageplan_area"),
            models.Index(fields=["text_digest"], name="villageplan_text"),
        ]
        triggers = [
            kept(
                "kind", "series", "version", "year", "until", "industry", "income", "income_year", "target",
                "households", "people", "cost", "content_text", "digest", "profile", "why", "key", "by_id", "at",
            )
        ]  # fmt: skip

    class Privacy:
        personal = ("content_text", "why")
        open = (
            "id", "village", "area_code", "kind", "series", "version", "year", "until", "industry", "income",
            "income_year", "target", "households", "people", "cost", "digest", "text_digest", "bands", "copied_from",
            "alike", "profile", "key", "by", "at", "latest", "submitted_on", "agreed_on", "approved_on", "returned_on",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area_code} {self.series} v{self.version}"

    @property
    def state(self) -> str:
        """draft, submitted, agreed, approved, or returned."""
        if self.approved_on:
            return "approved"
        if self.returned_on:
            return "returned"
        return "agreed" if self.agreed_on else "submitted" if self.submitted_on else "draft"


class VillageLine(models.Model):
    """村级措施和项目 one line of a village's plan: what, what it brings, cost and whose, by whom, from when to when.

    thread: the same work in later versions and years, so that what came of it is found again. gain: yuan a year.
    """

    plan = models.ForeignKey(VillagePlan, models.PROTECT, related_name="lines", verbose_name=_("计划"))
    area_code = code_field()
    number = models.SmallIntegerField(_("序号"))
    thread = models.UUIDField(_("项目编号"))
    work = models.CharField(_("类别"), max_length=40, db_collation="C")
    what = models.CharField(_("内容"), max_length=120)
    quantity = models.DecimalField(_("数量"), max_digits=10, decimal_places=2, null=True)
    channel = models.CharField(_("收入渠道"), max_length=12, db_collation="C", blank=True)
    gain = _yuan(_("年增收（元）"))
    cost = _yuan(_("投入（元）"))
    fund = models.CharField(_("资金来源"), max_length=40, db_collation="C", blank=True)
    owner = models.CharField(_("责任方"), max_length=40, db_collation="C")
    owner_name = models.CharField(_("责任单位或责任人"), max_length=60, blank=True)
    starts_on = models.DateField(_("动工日期"))
    due_on = models.DateField(_("完成日期"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("村级措施和项目")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="villageline_number"),
            models.CheckConstraint(
                condition=models.Q(gain__gte=0, cost__gte=0, due_on__gte=models.F("starts_on")),
                name="villageline_amounts",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "work"], name="villageline_area"),
            models.Index(fields=["thread"], name="villageline_thread"),
        ]
        triggers = [
            kept(
                "plan_id", "number", "thread", "work", "what", "quantity", "channel", "gain", "cost", "fund", "owner",
                "owner_name", "starts_on", "due_on", "note",
            )
        ]  # fmt: skip

    class Privacy:
        personal = ("owner_name", "note")
        open = (
            "id", "plan", "area_code", "number", "thread", "work", "what", "quantity", "channel", "gain", "cost",
            "fund", "owner", "starts_on", "due_on",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.number} {self.work}"


class VillageAct(models.Model):
    """村计划办理 what was done with one version: submitted, agreed by the village meeting, approved, or sent back.

    Of a meeting: entitled, present, in_favour, against; or the scanned minutes. Bound to the content by its digest.
    """

    class Word(models.TextChoices):
        SUBMITTED = "submitted", _("提交")
        AGREED = "agreed", _("村民会议通过")
        APPROVED = "approved", _("审定")
        RETURNED = "returned", _("退回")

    plan = models.ForeignKey(VillagePlan, models.PROTECT, related_name="acts", verbose_name=_("计划"))
    area_code = code_field()
    word = models.CharField(_("办理"), max_length=10, choices=Word.choices)
    on = models.DateField(_("日期"))
    why = models.CharField(_("理由"), max_length=200, blank=True)
    entitled = models.IntegerField(_("应到人数"), null=True)
    present = models.IntegerField(_("实到人数"), null=True)
    in_favour = models.IntegerField(_("赞成"), null=True)
    against = models.IntegerField(_("反对"), null=True)
    image = models.ForeignKey(
        "attachments.Attachment", models.PROTECT, null=True, related_name="+", verbose_name=_("会议记录")
    )
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C")
    by = who(_("经办人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("村计划办理")
        ordering = ["id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="villageact_area")]
        constraints = [
            models.UniqueConstraint(fields=["plan", "word"], name="villageact_once"),
            models.CheckConstraint(
                condition=models.Q(present=None) | models.Q(present__lte=models.F("entitled")),
                name="villageact_present",
            ),
        ]
        triggers = [
            kept(
                "plan_id", "word", "on", "why", "entitled", "present", "in_favour", "against", "image_id", "digest",
                "by_id", "at",
            )
        ]  # fmt: skip

    class Privacy:
        personal = ("why", "image")
        open = (
            "id", "plan", "area_code", "word", "on", "entitled", "present", "in_favour", "against", "digest", "by",
            "at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plan_id} {self.word}"


class VillageResult(models.Model):
    """村级项目进展 how far a line was by a day: percent done, yuan spent, what was seen; the newest one counts."""

    line = models.ForeignKey(VillageLine, models.PROTECT, related_name="results", verbose_name=_("项目"))
    area_code = code_field()
    on = models.DateField(_("日期"))
    share = models.SmallIntegerField(_("完成（%）"))
    spent = _yuan(_("已用资金（元）"), null=True)
    note = models.CharField(_("情况"), max_length=300, blank=True)
    key = models.UUIDField(_("登记编号"), unique=True)
    by = who(_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("村级项目进展")
        ordering = ["line", "on", "id"]
        indexes = [models.Index(fields=["area_code", "on"], name="villageresult_area")]
        constraints = [
            models.CheckConstraint(condition=models.Q(share__gte=0, share__lte=100), name="villageresult_share")
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete | pgtrigger.UpdateOf(
                "line_id", "on", "share", "spent", "note", "key", "by_id", "at"))
        ]  # fmt: skip

    class Privacy:
        personal = ("note",)
        open = ("id", "line", "area_code", "on", "share", "spent", "key", "by", "at")

    def __str__(self) -> str:
        return f"{self.line_id} {self.on}"
