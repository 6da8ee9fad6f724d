"""Declared kinship: who is a relative of whom, so that nobody decides on his own family (REG-9)."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet


class KinQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Kin(models.Model):
    """亲属申报 a user and a household that are related, or, looked into by another, are not (REG-9).

    A standing line keeps the user from every decision on the household. `related` False clears what the register found
    by itself (the same name, the same telephone); nobody clears himself.
    """

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="kin", verbose_name=_("经办人"))
    household = models.ForeignKey("registry.Household", models.CASCADE, related_name="+", verbose_name=_("户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    related = models.BooleanField(_("有亲属关系"), default=True)
    relation = models.CharField(_("关系"), max_length=60)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("解除人"))
    ended_at = models.DateTimeField(_("解除时间"), null=True)
    ended_why = models.CharField(_("解除原因"), max_length=200, blank=True)
    objects = KinQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("亲属申报")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="kin_area")]
        constraints = [
            models.UniqueConstraint(fields=["user", "household"], condition=models.Q(ended_at=None), name="kin_once"),
            models.CheckConstraint(
                condition=models.Q(related=True) | ~models.Q(user=models.F("by")), name="kin_nobody_clears_himself"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete
                | pgtrigger.UpdateOf("user_id", "household_id", "related", "relation", "by_id", "at"),
            )
        ]

    class Privacy:
        personal = ("user", "household", "relation", "ended_why")
        open = ("id", "area_code", "related", "by", "at", "ended_by", "ended_at")

    def __str__(self) -> str:
        return f"{self.user_id} ~ {self.household_id}"
