"""What families are owed and what reaches them: findings, dues, payments, cards, what-ifs (BEN-1 to BEN-8)."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked


def _area_code() -> models.CharField:
    return models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)


def _by(label: Any, **more: Any) -> models.ForeignKey:
    return models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=label, **more)


def _kept(*columns: str) -> pgtrigger.Trigger:
    """What is written once: the database refuses to remove it or to change it; its area alone may follow the family."""
    return pgtrigger.Protect(name="kept", operation=pgtrigger.Delete | pgtrigger.UpdateOf(*columns))


class Round(models.Model):
    """核查轮次 every benefit asked of every family of an area on one day (BEN-8); kept with what it found."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("正在核查")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    area_code = _area_code()
    on = models.DateField(_("核查日期"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    profile = models.CharField(_("方案"), max_length=80)
    version = models.CharField(_("政策版本"), max_length=64, blank=True)
    figures = models.JSONField(_("统计"), default=dict)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务"))
    by = _by(_("发起人"), null=True)
    at = models.DateTimeField(_("发起时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("核查轮次")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="benefit_round_area")]

    class Privacy:
        personal = ()
        open = ("id", "area", "area_code", "on", "state", "profile", "version", "figures", "job", "by", "at",
                "finished_at")  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area} {self.on}"


@tracked()
class Due(models.Model):
    """应享事项 one benefit that one person or household is owed for one period, and how far it has come."""

    class State(models.TextChoices):
        UNDECIDED = "undecided", _("待补充情况")
        OWED = "owed", _("应享未办")
        APPLIED = "applied", _("已申请")
        APPROVED = "approved", _("已批准")
        RECEIVED = "received", _("已享受")
        REFUSED = "refused", _("部门未批准")
        APPEALED = "appealed", _("申诉中")
        ENDED = "ended", _("不再符合")

    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="+", verbose_name=_("户"))
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("成员"))
    area_code = _area_code()
    benefit = models.CharField(_("政策"), max_length=60)
    department = models.CharField(_("主管部门"), max_length=40, blank=True)
    period = models.SmallIntegerField(_("年度"))  # 0 for what is given once
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    yuan = models.DecimalField(_("应享金额"), max_digits=12, decimal_places=2, null=True)
    received = models.DecimalField(_("已领金额"), max_digits=12, decimal_places=2, default=0)
    asks = ArrayField(models.CharField(max_length=80), verbose_name=_("需要补充的情况"), default=list)
    entitled = models.BooleanField(_("符合条件"), null=True)
    reason = models.CharField(_("部门理由"), max_length=500, blank=True)
    since = models.DateField(_("首次发现"))
    on = models.DateField(_("最近核查"))
    changed_at = models.DateTimeField(_("状态变更时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("应享事项")
        ordering = ["area_code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person", "benefit", "period"], name="due_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(fields=["area_code", "state", "id"], name="due_area"),
            models.Index(fields=["benefit", "area_code", "id"], name="due_benefit"),
            models.Index(fields=["person"], name="due_person"),
        ]

    class Privacy:
        personal = ("household", "person", "benefit", "yuan", "received", "asks", "entitled", "reason")
        open = ("id", "area_code", "department", "period", "state", "since", "on", "changed_at")

    def __str__(self) -> str:
        return f"{self.benefit} {self.period}"


class Decision(models.Model):
    """认定记录 what a rule said about somebody on a day: inputs, version, reasons, result. Never changed."""

    due = models.ForeignKey(Due, models.PROTECT, related_name="decisions", verbose_name=_("应享事项"))
    area_code = _area_code()
    on = models.DateField(_("认定日期"))
    granted = models.BooleanField(_("符合"), null=True)
    yuan = models.DecimalField(_("金额"), max_digits=12, decimal_places=2, null=True)
    term_since = models.DateField(_("条款生效日期"), null=True)
    version = models.CharField(_("条款版本"), max_length=64)
    profile = models.CharField(_("方案"), max_length=80)
    inputs = models.JSONField(_("依据的情况"))
    reasons = models.JSONField(_("逐条结论"))
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", verbose_name=_("核查轮次"))
    by = _by(_("认定人"), null=True)
    at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("认定记录")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "id"], name="decision_area")]
        triggers = [_kept("due_id", "on", "granted", "yuan", "term_since", "version", "profile", "inputs", "reasons",
                          "round_id", "by_id", "at")]  # fmt: skip

    class Privacy:
        personal = ("due", "granted", "yuan", "inputs", "reasons")
        open = ("id", "area_code", "on", "term_since", "version", "profile", "round", "by", "at")

    def __str__(self) -> str:
        return f"{self.due} {self.on}"


class Step(models.Model):
    """办理记录 one step of a due on its way: found, applied for, approved, refused, appealed, received, ended."""

    due = models.ForeignKey(Due, models.PROTECT, related_name="steps", verbose_name=_("应享事项"))
    area_code = _area_code()
    verb = models.CharField(_("步骤"), max_length=20)
    on = models.DateField(_("日期"))
    yuan = models.DecimalField(_("金额"), max_digits=12, decimal_places=2, null=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    papers = models.JSONField(_("材料"), default=list)
    by = _by(_("经办人"), null=True)
    at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("办理记录")
        ordering = ["id"]
        indexes = [models.Index(fields=["area_code", "id"], name="due_step_area")]
        triggers = [_kept("due_id", "verb", "on", "yuan", "note", "papers", "by_id", "at")]

    class Privacy:
        personal = ("due", "yuan", "note", "papers")
        open = ("id", "area_code", "verb", "on", "by", "at")

    def __str__(self) -> str:
        return f"{self.verb} {self.on}"


@tracked()
class Payment(models.Model):
    """发放记录 one line of a department's payroll: who got how much of what, and who of the register that is."""

    class Match(models.TextChoices):
        EXACT = "exact", _("证件号码一致")
        NAMED = "named", _("姓名和住址一致")
        CHOSEN = "chosen", _("人工核对")
        OPEN = "open", _("待核对")
        NONE = "none", _("不在册")

    batch = models.ForeignKey("sheets.Batch", models.PROTECT, null=True, related_name="+", verbose_name=_("导入批次"))
    line = models.CharField(_("表内位置"), max_length=80, blank=True)
    area_code = _area_code()
    benefit = models.CharField(_("政策"), max_length=60)
    year = models.SmallIntegerField(_("年度"))
    name = models.CharField(_("领取人"), max_length=60)
    id_digest = models.CharField(_("证件号码摘要"), max_length=32, db_collation="C", blank=True, editable=False)
    id_tail = models.CharField(_("证件号码后四位"), max_length=4, blank=True)
    place = models.CharField(_("名册所写地址"), max_length=200, blank=True)
    yuan = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    paid_on = models.DateField(_("发放日期"), null=True)
    details = models.JSONField(_("名册其他内容"), default=dict)
    match = models.CharField(_("核对"), max_length=10, choices=Match.choices)
    score = models.FloatField(_("相似度"), null=True)
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="+", verbose_name=_("户")
    )
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("成员"))
    due = models.ForeignKey(Due, models.PROTECT, null=True, related_name="payments", verbose_name=_("应享事项"))
    candidates = models.JSONField(_("可能的人"), default=list)
    fingerprint = models.CharField(_("内容摘要"), max_length=64, db_collation="C", editable=False)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("发放记录")
        ordering = ["area_code", "id"]
        constraints = [models.UniqueConstraint(fields=["fingerprint"], name="payment_once")]
        indexes = [
            models.Index(fields=["area_code", "match", "id"], name="payment_area"),
            models.Index(fields=["household", "year"], name="payment_household"),
            models.Index(fields=["id_digest"], name="payment_id_digest"),
        ]

    class Privacy:
        personal = (
            "name", "id_digest", "id_tail", "place", "yuan", "details", "household", "person", "due", "candidates",
            "note", "fingerprint", "line", "benefit",
        )  # fmt: skip
        open = ("id", "batch", "area_code", "year", "paid_on", "match", "score")

    def __str__(self) -> str:
        return f"{self.name} {self.yuan}"


class Card(models.Model):
    """明白卡 the family's own card: its code opens the family's page without an account, and nothing else."""

    household = models.OneToOneField(
        "registry.Household", models.PROTECT, related_name="+", verbose_name=_("户")
    )  # fmt: skip
    area_code = _area_code()
    code = models.CharField(_("卡号"), max_length=16, unique=True, db_collation="C")
    made_at = models.DateTimeField(_("生成时间"))
    printed = models.IntegerField(_("打印次数"), default=0)
    closed_at = models.DateTimeField(_("作废时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("明白卡")
        ordering = ["area_code", "id"]
        indexes = [models.Index(fields=["area_code", "id"], name="card_area")]

    class Privacy:
        personal = ("household", "code")
        open = ("id", "area_code", "made_at", "printed", "closed_at")

    def __str__(self) -> str:
        return str(self.pk)


class Scenario(models.Model):
    """政策测算 what if an amount, a threshold or a date were another: who gains, what it costs. Touches nothing."""

    class State(models.TextChoices):
        DRAFT = "draft", _("待测算")
        RUNNING = "running", _("正在测算")
        DONE = "done", _("已测算")
        FAILED = "failed", _("未完成")

    title = models.CharField(_("名称"), max_length=120)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    area_code = _area_code()
    on = models.DateField(_("按哪天的政策"))
    against = models.DateField(_("与哪天的政策比较"))
    changes = models.JSONField(_("改动"), default=dict)  # as plans.py describes
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    result = models.JSONField(_("结果"), default=dict)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务"))
    by = _by(_("测算人"), null=True)
    at = models.DateTimeField(_("建立时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("政策测算")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="scenario_area")]

    class Privacy:
        personal = ()
        open = ("id", "title", "area", "area_code", "on", "against", "changes", "state", "result", "note", "job", "by",
                "at", "finished_at")  # fmt: skip

    def __str__(self) -> str:
        return self.title


@tracked()
class Provision(models.Model):
    """本地政策 a benefit written on the page instead of in a file; takes force in a second person's name."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PROPOSED = "proposed", _("待复核")
        IN_FORCE = "in_force", _("生效")
        WITHDRAWN = "withdrawn", _("已撤回")

    code = models.CharField(_("代码"), max_length=60, db_collation="C")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    area_code = _area_code()
    text = models.TextField(_("政策文本"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    replaces = models.BooleanField(_("替换方案中同代码的政策"), default=False)
    why = models.CharField(_("变更原因"), max_length=200, blank=True)
    by = _by(_("起草人"), null=True)
    at = models.DateTimeField(_("起草时间"))
    confirmed_by = _by(_("复核人"), null=True)
    confirmed_at = models.DateTimeField(_("复核时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("本地政策")
        ordering = ["code", "-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="provision_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "area"], condition=models.Q(state="in_force"), name="provision_one_in_force"
            )
        ]

    class Privacy:
        personal = ()
        open = ("id", "code", "area", "area_code", "text", "state", "replaces", "why", "by", "at", "confirmed_by",
                "confirmed_at")  # fmt: skip

    def __str__(self) -> str:
        return self.code
