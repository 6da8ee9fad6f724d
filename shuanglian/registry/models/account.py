"""The parts of a year's income account (PLAN-4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked

from .household import Household


@tracked()
class AccountPart(models.Model):
    """收入账分项 one part of a channel of a household's yearly account, as declared; parts are the profile's.

    The parts of a channel make up its amount in the yearly record (actions.accounts); what is not told apart has none.
    """

    household = models.ForeignKey(Household, models.CASCADE, related_name="account_parts", verbose_name=_("户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    year = models.SmallIntegerField(_("年度"))
    part = models.CharField(_("分项"), max_length=40, db_collation="C")
    yuan = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("收入账分项")
        ordering = ["household", "-year", "part"]
        constraints = [models.UniqueConstraint(fields=["household", "year", "part"], name="account_part_once")]
        indexes = [models.Index(fields=["area_code", "year"], name="account_part_area")]

    class Privacy:
        personal = ("household", "part", "yuan")
        open = ("id", "area_code", "year")

    def __str__(self) -> str:
        return f"{self.household_id} {self.year} {self.part}"
