"""Visits to households and what they brought: goods, matters, asks, changes of income (FIELD-1, FIELD-5)."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import WITHDRAWAL, KeptQuerySet, ScopedQuerySet, never_changed


class VisitQuerySet(KeptQuerySet):
    def standing(self) -> Self:
        """Neither withdrawn nor replaced by a correction."""
        return super().standing().filter(replaced_by__isnull=True)


class Visit(models.Model):
    """走访 one visit to a household (FIELD-1). Never changed: a correction is a new row that `replaces` it.

    started_at, ended_at, told_at: by the phone's clock, as it told them; clock_off: seconds that it was ahead of the
    server's (None: not known). `on` is the day when that is taken into account. met: numbers of members of the
    household, or codes of the profile. tasks: codes of the six tasks. digest: of everything told, so that one key with
    other content is found. pairing: the pair that stood that day; None when a colleague or a team came.
    """

    class Channel(models.TextChoices):
        PHONE = "phone", _("手机")
        PAGE = "page", _("网页")

    key = models.UUIDField(_("登记编号"), unique=True)
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C", editable=False)
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="visits", verbose_name=_("户"))
    cadre = models.ForeignKey("organisation.Cadre", models.PROTECT, related_name="visits", verbose_name=_("走访干部"))
    pairing = models.ForeignKey("pairing.Pairing", models.SET_NULL, null=True, related_name="+", verbose_name=_("结对"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    on = models.DateField(_("走访日期"))
    started_at = models.DateTimeField(_("到户时间"))
    ended_at = models.DateTimeField(_("离户时间"), null=True)
    told_at = models.DateTimeField(_("登记时手机时间"))
    device = models.CharField(_("手机"), max_length=40, db_collation="C", blank=True)
    clock_off = models.IntegerField(_("手机时钟快慢（秒）"), null=True)
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    accuracy = models.FloatField(_("定位误差（米）"), null=True)
    no_position_why = models.CharField(_("没有定位的原因"), max_length=100, blank=True)
    met = models.JSONField(_("见到谁"), default=list)
    met_note = models.CharField(_("见到的其他人"), max_length=80, blank=True)
    tasks = ArrayField(models.CharField(max_length=40), verbose_name=_("六大任务"))
    done = models.CharField(_("做了什么"), max_length=600, blank=True)
    entered = models.BooleanField(_("进了家门"))
    channel = models.CharField(_("登记方式"), max_length=8, choices=Channel.choices)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("更正哪一次")
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("撤回人")
    )
    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("走访")
        ordering = ["-on", "-started_at", "-id"]
        indexes = [
            models.Index(fields=["area_code", "on", "id"], name="fieldwork_visit_area"),
            models.Index(fields=["cadre", "on"], name="fieldwork_visit_cadre"),
            models.Index(fields=["household", "-on"], name="fieldwork_visit_household"),
        ]
        triggers = never_changed("fieldwork_visit", "pairing_id", *WITHDRAWAL)

    class Privacy:
        personal = (
            "household", "digest", "lon", "lat", "accuracy", "no_position_why", "met", "met_note", "done",
            "withdrawn_why",
        )  # fmt: skip
        open = (
            "id", "key", "cadre", "pairing", "area_code", "on", "started_at", "ended_at", "told_at", "device",
            "clock_off", "tasks", "entered", "channel", "by", "at", "replaces", "withdrawn_at", "withdrawn_by",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.household_id} {self.on}"


class Photo(models.Model):
    """走访照片 a photo of a visit: the attachment, and the key under which the phone sent it (once)."""

    key = models.UUIDField(_("登记编号"), unique=True)
    digest = models.CharField(_("上传内容指纹"), max_length=64, db_collation="C", editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos", verbose_name=_("走访"))
    attachment = models.ForeignKey("attachments.Attachment", models.PROTECT, related_name="+", verbose_name=_("附件"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("上传人"))
    at = models.DateTimeField(_("上传时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("走访照片")
        ordering = ["id"]
        triggers = never_changed("fieldwork_photo")

    class Privacy:
        personal = ("digest", "attachment")
        open = ("id", "key", "visit", "area_code", "by", "at")

    def __str__(self) -> str:
        return f"{self.visit_id} · {self.pk}"


class Given(models.Model):
    """物资 goods given at a visit, with quantity and value (FIELD-5). kind: code of the profile, which has the unit."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="given", verbose_name=_("走访"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    kind = models.CharField(_("物资"), max_length=40)
    quantity = models.DecimalField(_("数量"), max_digits=10, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=20)
    yuan = models.DecimalField(_("折价（元）"), max_digits=12, decimal_places=2, null=True)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("走访物资")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(quantity__gt=0), name="fieldwork_given_some")]
        triggers = never_changed("fieldwork_given")

    class Privacy:
        personal = ("visit", "note")
        open = ("id", "area_code", "kind", "quantity", "unit", "yuan")

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}{self.unit}"


class Matter(models.Model):
    """办实事 a practical matter done, or a training held, in a village or for a household (FIELD-5)."""

    class Kind(models.TextChoices):
        MATTER = "matter", _("办实事")
        TRAINING = "training", _("培训")

    key = models.UUIDField(_("登记编号"), unique=True)
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C", editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="matters", verbose_name=_("走访"))
    cadre = models.ForeignKey("organisation.Cadre", models.PROTECT, related_name="+", verbose_name=_("干部"))
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("日期"))
    what = models.CharField(_("内容"), max_length=300)
    yuan = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2, null=True)
    beneficiaries = models.IntegerField(_("受益人数"), default=0)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("撤回人")
    )
    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("办实事")
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["area_code", "on"], name="fieldwork_matter_area"),
            models.Index(fields=["cadre", "on"], name="fieldwork_matter_cadre"),
        ]
        triggers = never_changed("fieldwork_matter", "village_id", *WITHDRAWAL)

    class Privacy:
        personal = ("visit", "what", "digest", "withdrawn_why")
        open = (
            "id", "key", "cadre", "village", "area_code", "kind", "on", "yuan", "beneficiaries", "by", "at",
            "withdrawn_at", "withdrawn_by",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.what[:40]


class Ask(models.Model):
    """诉求 what somebody asked for (VOICE-1): open until it is answered, listed with its age."""

    class State(models.TextChoices):
        OPEN = "open", _("未答复")
        ANSWERED = "answered", _("已答复")

    key = models.UUIDField(_("登记编号"), unique=True)
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C", editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="asks", verbose_name=_("走访"))
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="asks", verbose_name=_("户")
    )
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    text = models.CharField(_("诉求"), max_length=400)
    category = models.CharField(_("类别"), max_length=40)
    urgent = models.BooleanField(_("紧急"), default=False)
    on = models.DateField(_("提出日期"))
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.CharField(_("答复"), max_length=400, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("答复人")
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("诉求")
        ordering = ["on", "id"]
        indexes = [
            models.Index(fields=["area_code", "on"], name="fieldwork_ask_area"),
            models.Index(fields=["household"], name="fieldwork_ask_household"),
        ]
        triggers = never_changed("fieldwork_ask", "state", "answer", "answered_at", "answered_by_id", "household_id")

    class Privacy:
        personal = ("visit", "household", "text", "answer", "digest")
        open = (
            "id", "key", "area_code", "category", "urgent", "on", "by", "at", "state", "answered_at", "answered_by",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.text[:40]


class IncomeNote(models.Model):
    """增收变化 a change of income that a visit was told of. channel: one of the four (PLAN-4); yuan a year, signed."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="incomes", verbose_name=_("走访"))
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="income_notes", verbose_name=_("户")
    )
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    channel = models.CharField(_("收入类别"), max_length=20)
    yuan = models.DecimalField(_("变化（元）"), max_digits=12, decimal_places=2)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("增收变化")
        ordering = ["id"]
        indexes = [models.Index(fields=["household"], name="fieldwork_income_household")]
        triggers = never_changed("fieldwork_income")

    class Privacy:
        personal = ("visit", "household", "channel", "yuan", "note")
        open = ("id", "area_code")

    def __str__(self) -> str:
        return f"{self.channel} {self.yuan}"
