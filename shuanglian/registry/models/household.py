"""The household's file (REG-1, REG-2, REG-10; domain 2.2)."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked
from shuanglian.core.secrets import SealedTextField


class HouseholdQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Households on the register now."""
        return self.filter(left_on__isnull=True, removed_on__isnull=True)


@tracked()
class Household(models.Model):
    """贫困户 household in the register (REG-1): one head, one village, one number. Codes are those of the profile."""

    number = models.CharField(_("户编号"), max_length=30, unique=True, db_collation="C")
    head_name = models.CharField(_("户主姓名"), max_length=40)
    head_pinyin = models.CharField(_("户主拼音首字母"), max_length=40, db_collation="C", blank=True, editable=False)
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    group = models.CharField(_("村民小组"), max_length=40, blank=True)
    address = models.CharField(_("住址"), max_length=200, blank=True)
    kind = models.CharField(_("贫困户属性"), max_length=10, blank=True)
    standard = models.CharField(_("识别标准"), max_length=10, blank=True)
    main_cause = models.CharField(_("主要致贫原因"), max_length=10, blank=True)
    other_causes = ArrayField(models.CharField(max_length=10), verbose_name=_("其他致贫原因"), default=list, blank=True)
    status = models.CharField(_("脱贫标志"), max_length=10, blank=True)
    size = models.SmallIntegerField(_("家庭人口"), default=0)
    exit_year = models.SmallIntegerField(_("拟脱贫年度"), null=True, blank=True)
    measures = models.CharField(_("帮扶措施"), max_length=500, blank=True)
    loan_need = models.CharField(_("贷款需求"), max_length=200, blank=True)
    wish = models.CharField(_("产业意愿"), max_length=200, blank=True)
    relocation = models.BooleanField(_("易地搬迁户"), null=True, blank=True)
    phone = SealedTextField(_("联系电话"), blank=True)
    phone_digest = models.CharField(_("联系电话摘要"), max_length=32, db_collation="C", blank=True, editable=False)
    bank = models.CharField(_("开户银行"), max_length=60, blank=True)
    bank_account = SealedTextField(_("银行账号"), blank=True)
    bank_digest = models.CharField(_("银行账号摘要"), max_length=32, db_collation="C", blank=True, editable=False)
    need_band = models.SmallIntegerField(_("困难程度"), default=0)
    income_per_head = models.DecimalField(_("人均纯收入"), max_digits=12, decimal_places=2, null=True, blank=True)
    lon = models.FloatField(_("经度"), null=True, blank=True)
    lat = models.FloatField(_("纬度"), null=True, blank=True)
    since = models.DateField(_("识别日期"))
    left_on = models.DateField(_("脱贫日期"), null=True, blank=True)
    removed_on = models.DateField(_("剔除日期"), null=True, blank=True)
    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("贫困户")
        ordering = ["area_code", "id"]
        indexes = [
            models.Index(
                fields=["area_code", "id"], name="household_area", include=["need_band", "main_cause", "size"]
            ),
            # a list's order first, then the area: the area is checked inside the index, at any level of the tree
            models.Index(fields=["head_pinyin", "area_code", "id"], name="household_by_pinyin"),
            models.Index(fields=["income_per_head", "area_code", "id"], name="household_by_income"),
            models.Index(fields=["-need_band", "area_code", "id"], name="household_by_need"),
            models.Index(fields=["head_name"], name="household_head"),
            models.Index(fields=["phone_digest"], name="household_phone"),
            models.Index(fields=["bank_digest"], name="household_bank"),
        ]
        triggers = [
            pgtrigger.Trigger(
                # members, yearly records and possible duplicates stand where their household stands, whoever moves it:
                # a verb, an import, or a new table of regions
                name="carry_area", level=pgtrigger.Row, when=pgtrigger.After, operation=pgtrigger.UpdateOf("area_code"),
                condition=pgtrigger.Q(old__area_code__df=pgtrigger.F("new__area_code")),
                func="""
                UPDATE registry_person SET area_code = NEW.area_code
                    WHERE household_id = NEW.id AND area_code <> NEW.area_code;
                UPDATE registry_householdyear SET area_code = NEW.area_code
                    WHERE household_id = NEW.id AND area_code <> NEW.area_code;
                UPDATE registry_transfer SET area_code = NEW.area_code
                    WHERE household_id = NEW.id AND area_code <> NEW.area_code;
                UPDATE registry_accountpart SET area_code = NEW.area_code
                    WHERE household_id = NEW.id AND area_code <> NEW.area_code;
                UPDATE registry_suspicion SET area_code = NEW.area_code WHERE area_code <> NEW.area_code
                    AND one_id IN (SELECT id FROM registry_person WHERE household_id = NEW.id);
                UPDATE registry_householdsuspicion SET area_code = NEW.area_code WHERE area_code <> NEW.area_code
                    AND one_id = NEW.id;
                UPDATE registry_householdlink SET area_code = NEW.area_code
                    WHERE target_id = NEW.id AND area_code <> NEW.area_code;
                UPDATE registry_flag SET area_code = NEW.area_code
                    WHERE household_id = NEW.id AND area_code <> NEW.area_code;
                UPDATE registry_flagexception SET area_code = NEW.area_code
                    WHERE household_id = NEW.id AND area_code <> NEW.area_code;
                UPDATE registry_statement SET area_code = NEW.area_code WHERE area_code <> NEW.area_code
                    AND (household_id = NEW.id
                         OR person_id IN (SELECT id FROM registry_person WHERE household_id = NEW.id));
                RETURN NULL;
                """,
            )
        ]  # fmt: skip

    class Privacy:
        personal = (
            "head_name", "head_pinyin", "address", "phone", "phone_digest", "bank", "bank_account", "bank_digest",
            "income_per_head", "loan_need", "wish", "lon", "lat", "measures", "group", "main_cause", "other_causes",
        )  # fmt: skip
        open = (
            "id", "number", "village", "area_code", "kind", "standard", "status", "size", "exit_year", "relocation",
            "need_band", "since", "left_on", "removed_on",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.head_name}（{self.number}）"
