"""A household's plan: versions never written over, what was agreed and approved, what came of it (PLAN-3, PLAN-5)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet

from .versions import Versioned, code_field, kept, who, yuan


class HouseholdPlan(Versioned):
    """户帮扶计划 one version of a household's plan (PLAN-3): diagnosis from the file, target, measures, their sums.

    gain_low, gain_likely: yuan of a year that the measures bring in the year of the horizon; short: yuan a year by
    which they miss the gap, by the estimate that counts (0: the plan adds up). ended: why it no longer stands (merged,
    withdrawn), else empty.
    """

    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="household_plans", verbose_name=_("户")
    )
    year = models.SmallIntegerField(_("计划年度"))
    horizon = models.SmallIntegerField(_("目标年度"))
    target = yuan(_("人均目标收入"))
    step_target = yuan(_("当年人均目标"))
    income = yuan(_("现人均纯收入"))
    income_year = models.SmallIntegerField(_("收入年份"))
    size = models.SmallIntegerField(_("家庭人口"))
    own_money = yuan(_("自筹能力"))
    loan = yuan(_("计划贷款"))
    gain_low = yuan(_("年增收（保守）"))
    gain_likely = yuan(_("年增收（可能）"))
    cost = yuan(_("投入"))
    own_cost = yuan(_("其中自筹"))
    short = yuan(_("年缺口"))
    step_short = yuan(_("当年缺口"))
    agreed_on = models.DateField(_("农户认可日期"), null=True)
    approved_on = models.DateField(_("单位审定日期"), null=True)
    reviewed_on = models.DateField(_("最近回顾日期"), null=True)
    ended = models.CharField(_("终止原因"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("户帮扶计划")
        ordering = ["household", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["household", "version"], name="householdplan_version"),
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(latest=True), name="householdplan_one_latest"
            ),
            models.CheckConstraint(condition=models.Q(horizon__gte=models.F("year")), name="householdplan_horizon"),
        ]
        indexes = [
            models.Index(fields=["area_code", "id"], name="householdplan_area"),
            models.Index(fields=["text_digest"], name="householdplan_text"),
            models.Index(fields=["by", "-id"], name="householdplan_by"),
        ]
        triggers = [
            kept(
                "version", "year", "horizon", "target", "step_target", "income", "income_year", "size", "own_money",
                "loan", "gain_low", "gain_likely", "cost", "own_cost", "short", "step_short", "content_text", "digest",
                "profile", "why", "key", "by_id", "at",
            )
        ]  # fmt: skip

    class Privacy:
        personal = (
            "household", "income", "own_money", "loan", "content_text", "text_digest", "bands", "copied_from", "alike",
            "why", "size", "own_cost",
        )  # fmt: skip
        open = (
            "id", "area_code", "version", "year", "horizon", "target", "step_target", "income_year", "gain_low",
            "gain_likely", "cost", "short", "step_short", "digest", "profile", "key", "by", "at", "latest", "agreed_on",
            "approved_on", "reviewed_on", "ended",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.household_id} v{self.version}"

    @property
    def adds_up(self) -> bool:
        """Whether the measures close the gap (PLAN-2, PLAN-3)."""
        return self.short == 0

    @property
    def gap(self) -> Any:
        """Yuan of a year from the income now to the target, of the whole family."""
        return max((self.target - self.income) * self.size, 0 * self.target)


class Measure(models.Model):
    """帮扶措施 one line of a plan: a measure of the catalogue, units, when, by whom, at what cost and whose (PLAN-3).

    low, likely: yuan of a year that all its units bring; funds: fund → yuan. Frozen as they stood when it was written.
    """

    plan = models.ForeignKey(HouseholdPlan, models.PROTECT, related_name="measures", verbose_name=_("计划"))
    area_code = code_field()
    number = models.SmallIntegerField(_("序号"))
    code = models.CharField(_("措施"), max_length=40, db_collation="C")
    channel = models.CharField(_("收入渠道"), max_length=12, db_collation="C")
    units = models.SmallIntegerField(_("数量"))
    low = yuan(_("年增收（保守）"))
    likely = yuan(_("年增收（可能）"))
    cost = yuan(_("投入"))
    funds = models.JSONField(_("资金来源"), default=dict)
    starts_on = models.DateField(_("开始时间"))
    months = models.SmallIntegerField(_("见效月数"))
    owner = models.CharField(_("责任方"), max_length=40, db_collation="C")
    owner_name = models.CharField(_("责任人"), max_length=60, blank=True)
    people = ArrayField(models.BigIntegerField(), verbose_name=_("由谁来做"), default=list)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("帮扶措施")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="measure_number"),
            models.CheckConstraint(
                condition=models.Q(units__gt=0, low__gte=0, cost__gte=0, likely__gte=models.F("low")),
                name="measure_amounts",
            ),
        ]
        indexes = [models.Index(fields=["area_code", "code"], name="measure_area")]
        triggers = [
            kept(
                "plan_id", "number", "code", "channel", "units", "low", "likely", "cost", "funds", "starts_on",
                "months", "owner", "owner_name", "note",
            )
        ]  # fmt: skip

    class Privacy:
        personal = ("low", "likely", "people", "note", "owner_name")
        open = (
            "id", "plan", "area_code", "number", "code", "channel", "units", "cost", "funds", "starts_on", "months",
            "owner",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.number} {self.code}"


class Agreement(models.Model):
    """农户认可 the family agreed to one version: drawn signature or scanned paper, bound to the content (PLAN-5)."""

    class How(models.TextChoices):
        SIGNATURE = "signature", _("屏幕签字")
        SCAN = "scan", _("纸质签字扫描件")

    plan = models.OneToOneField(HouseholdPlan, models.PROTECT, related_name="agreement", verbose_name=_("计划"))
    area_code = code_field()
    how = models.CharField(_("方式"), max_length=10, choices=How.choices)
    name = models.CharField(_("签字人"), max_length=40)
    on = models.DateField(_("签字日期"))
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C")
    image = models.ForeignKey("attachments.Attachment", models.PROTECT, related_name="+", verbose_name=_("签字件"))
    key = models.UUIDField(_("登记编号"), unique=True)
    by = who(_("经办人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("农户认可")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="agreement_area")]
        triggers = [kept("plan_id", "how", "name", "on", "digest", "image_id", "key", "by_id", "at")]

    class Privacy:
        personal = ("name", "image")
        open = ("id", "plan", "area_code", "how", "on", "digest", "key", "by", "at")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.on}"


class Approval(models.Model):
    """计划审定 what the unit (or the office) said of one version: approved, or sent back and why; never its writer."""

    class Word(models.TextChoices):
        APPROVED = "approved", _("审定")
        RETURNED = "returned", _("退回")

    plan = models.ForeignKey(HouseholdPlan, models.PROTECT, related_name="approvals", verbose_name=_("计划"))
    area_code = code_field()
    word = models.CharField(_("意见"), max_length=10, choices=Word.choices)
    why = models.CharField(_("理由"), max_length=200, blank=True)
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C")
    on = models.DateField(_("日期"))
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("审定人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("计划审定")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="approval_area")]
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=models.Q(word="approved"), name="approval_once")
        ]
        triggers = [kept("plan_id", "word", "why", "digest", "on", "by_id", "at")]

    class Privacy:
        personal = ("why",)
        open = ("id", "plan", "area_code", "word", "digest", "on", "by", "at")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.word}"


class Progress(models.Model):
    """措施进展 so many units of a measure were carried out by a day, as somebody saw; withdrawn, never changed."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="progress", verbose_name=_("帮扶措施"))
    area_code = code_field()
    on = models.DateField(_("日期"))
    quantity = models.DecimalField(_("完成数量"), max_digits=8, decimal_places=2)
    note = models.CharField(_("情况"), max_length=300, blank=True)
    visit_key = models.UUIDField(_("走访登记编号"), null=True)
    key = models.UUIDField(_("登记编号"), unique=True)
    by = who(_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    withdrawn_by = who(_("撤回人"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=200, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("措施进展")
        ordering = ["measure", "on", "id"]
        indexes = [
            models.Index(fields=["area_code", "on"], name="progress_area"),
            models.Index(fields=["visit_key"], name="progress_visit"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(quantity__gte=0), name="progress_quantity")]
        triggers = [kept("measure_id", "on", "quantity", "note", "visit_key", "key", "by_id", "at")]

    class Privacy:
        personal = ("note", "withdrawn_why")
        open = (
            "id", "measure", "area_code", "on", "quantity", "visit_key", "key", "by", "at", "withdrawn_by",
            "withdrawn_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.measure_id} {self.on}"


class Review(models.Model):
    """计划回顾 a plan looked at again (PLAN-5): what was done of what was planned, frozen, and whether it stays."""

    class Word(models.TextChoices):
        KEEP = "keep", _("继续执行")
        REVISE = "revise", _("需要修订")
        DONE = "done", _("已经完成")

    plan = models.ForeignKey(HouseholdPlan, models.PROTECT, related_name="reviews", verbose_name=_("计划"))
    area_code = code_field()
    on = models.DateField(_("回顾日期"))
    word = models.CharField(_("结论"), max_length=10, choices=Word.choices)
    found = models.CharField(_("回顾情况"), max_length=600)
    told = models.JSONField(_("完成情况"), default=list)
    income = yuan(_("当时人均纯收入"), null=True)
    by = who(_("回顾人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("计划回顾")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="review_area")]
        constraints = [models.UniqueConstraint(fields=["plan", "on"], name="review_once_a_day")]
        triggers = [kept("plan_id", "on", "word", "found", "told", "income", "by_id", "at")]

    class Privacy:
        personal = ("found", "told", "income")
        open = ("id", "plan", "area_code", "on", "word", "by", "at")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.on}"
