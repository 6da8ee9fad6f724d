"""What the checks of the profile complain about, and the exceptions that people accepted (REG-7, REP-2)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet

from .household import Household
from .person import Person


class Flag(models.Model):
    """数据质量问题 one complaint of one rule about one household, member or village: since when, until when.

    Found by the nightly sweep and after every change, never by hand; a row is not erased when the cause is gone.
    `others`: for a rule that compares, the other households that share the number.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待改正")
        EXCEPTED = "excepted", _("认可的例外")
        GONE = "gone", _("已消除")

    rule = models.CharField(_("规则"), max_length=40, db_collation="C")
    household = models.ForeignKey(Household, models.CASCADE, null=True, related_name="flags", verbose_name=_("户"))
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="flags", verbose_name=_("成员"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN, db_collation="C")
    since = models.DateField(_("发现日期"))
    gone_on = models.DateField(_("消除日期"), null=True)
    others = ArrayField(models.BigIntegerField(), verbose_name=_("相同号码的户"), default=list)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("数据质量问题")
        ordering = ["area_code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "household", "person"], name="flag_once", nulls_distinct=False,
                condition=~Q(state="gone") & Q(household__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["rule", "area_code"], name="flag_of_village_once",
                condition=~Q(state="gone") & Q(household__isnull=True),
            ),
        ]  # fmt: skip
        indexes = [
            # a list of one rule within an area; counts by village and rule: both inside the index
            models.Index(fields=["rule", "state", "area_code", "id"], name="flag_by_rule"),
            models.Index(fields=["area_code", "state", "rule"], name="flag_by_area"),
        ]

    class Privacy:
        personal = ("household", "person", "others")
        open = ("id", "rule", "area_code", "state", "since", "gone_on")

    def __str__(self) -> str:
        return f"{self.rule} {self.household_id or self.area_code}"


class FlagException(models.Model):
    """认可的例外 somebody stands for it that a complaint is right as it is: why, until when, on which facts.

    It ends when its time is over, when a fact that the rule goes by changes (`digest`), or when it is taken back.
    """

    class End(models.TextChoices):
        EXPIRED = "expired", _("到期")
        CHANGED = "changed", _("情况有变")
        WITHDRAWN = "withdrawn", _("收回")

    rule = models.CharField(_("规则"), max_length=40, db_collation="C")
    household = models.ForeignKey(Household, models.CASCADE, null=True, related_name="+", verbose_name=_("户"))
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+", verbose_name=_("成员"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    why = models.CharField(_("理由"), max_length=200)
    digest = models.CharField(_("所依据情况的摘要"), max_length=32, db_collation="C", editable=False)
    on = models.DateField(_("认可日期"))
    until = models.DateField(_("有效期至"))
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("认可人"))
    at = models.DateTimeField(_("登记时间"))
    ended = models.CharField(_("终止原因"), max_length=10, choices=End.choices, blank=True)
    ended_on = models.DateField(_("终止日期"), null=True)
    ended_why = models.CharField(_("终止说明"), max_length=200, blank=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("终止人"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("数据质量例外")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "ended", "id"], name="flag_exception_area")]

    class Privacy:
        personal = ("household", "person", "why", "digest", "ended_why")
        open = ("id", "rule", "area_code", "on", "until", "by", "at", "ended", "ended_on", "ended_by")

    def __str__(self) -> str:
        return f"{self.rule} {self.household_id or self.area_code}"
