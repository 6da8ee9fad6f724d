"""Possible duplicates: two entries of one person, two files of one household (REG-1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .household import Household
from .person import Person


class Suspicion(models.Model):
    """疑似重复 two entries that may be one person or household: a person decides, nothing is merged silently."""

    class State(models.TextChoices):
        OPEN = "open", _("待核")
        SAME = "same", _("确为重复")
        DIFFERENT = "different", _("不是重复")

    one = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("甲"))
    other = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("乙"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    why = models.CharField(_("依据"), max_length=30)
    score = models.FloatField(_("相似度"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("核实人")
    )
    decided_at = models.DateTimeField(_("核实时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("疑似重复")
        ordering = ["-score", "id"]
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="suspicion_once")]
        indexes = [models.Index(fields=["area_code", "state"], name="suspicion_area")]

    class Privacy:
        personal = ("one", "other", "why", "note")
        open = ("id", "area_code", "score", "state", "decided_by", "decided_at")

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id}"


class HouseholdSuspicion(models.Model):
    """疑似重复户 two files that may be one household: they share a telephone or a bank account (REG-1)."""

    State = Suspicion.State

    one = models.ForeignKey(Household, models.CASCADE, related_name="+", verbose_name=_("甲户"))
    other = models.ForeignKey(Household, models.CASCADE, related_name="+", verbose_name=_("乙户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    why = models.CharField(_("依据"), max_length=30)
    score = models.FloatField(_("相似度"))
    state = models.CharField(
        _("状态"), max_length=10, choices=Suspicion.State.choices, default=Suspicion.State.OPEN
    )  # fmt: skip
    note = models.CharField(_("说明"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("核实人")
    )
    decided_at = models.DateTimeField(_("核实时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("疑似重复户")
        ordering = ["-score", "id"]
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="household_suspicion_once")]
        indexes = [models.Index(fields=["area_code", "state"], name="household_suspicion_area")]

    class Privacy:
        personal = ("one", "other", "why", "note")
        open = ("id", "area_code", "score", "state", "decided_by", "decided_at")

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id}"
