"""The members of a household (REG-1, REG-10; domain 2.3)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked
from shuanglian.core.secrets import SealedTextField

from .household import Household


@tracked()
class Person(models.Model):
    """家庭成员 member of a household (domain 2.3). Codes are those of the profile."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="people", verbose_name=_("户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    number = models.CharField(_("人编号"), max_length=30, blank=True, db_collation="C")
    name = models.CharField(_("姓名"), max_length=40)
    pinyin = models.CharField(_("拼音"), max_length=120, db_collation="C", blank=True, editable=False)
    id_number = SealedTextField(_("证件号码"), blank=True)
    id_digest = models.CharField(_("证件号码摘要"), max_length=32, db_collation="C", blank=True, editable=False)
    sex = models.CharField(_("性别"), max_length=1, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    relation = models.CharField(_("与户主关系"), max_length=10, blank=True)
    ethnic = models.CharField(_("民族"), max_length=10, blank=True)
    education = models.CharField(_("文化程度"), max_length=10, blank=True)
    schooling = models.CharField(_("在校生状况"), max_length=10, blank=True)
    health = ArrayField(models.CharField(max_length=10), verbose_name=_("健康状况"), default=list, blank=True)
    labour = models.CharField(_("劳动技能"), max_length=10, blank=True)
    work_place = models.CharField(_("务工所在地"), max_length=10, blank=True)
    work_months = models.SmallIntegerField(_("务工月数"), null=True, blank=True)
    political = models.CharField(_("政治面貌"), max_length=10, blank=True)
    medical_insurance = models.BooleanField(_("参加基本医疗保险"), null=True, blank=True)
    serious_insurance = models.BooleanField(_("参加大病保险"), null=True, blank=True)
    pension_insurance = models.BooleanField(_("参加养老保险"), null=True, blank=True)
    dibao = models.BooleanField(_("享受低保"), null=True, blank=True)
    disability_card = SealedTextField(_("残疾证号"), blank=True)
    phone = SealedTextField(_("本人电话"), blank=True)
    since = models.DateField(_("登记日期"))
    left_on = models.DateField(_("减员日期"), null=True, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("家庭成员")
        ordering = ["household", "id"]
        indexes = [
            models.Index(fields=["area_code", "id"], name="person_area"),
            models.Index(fields=["id_digest"], name="person_id_digest"),
            models.Index(fields=["name"], name="person_name"),
        ]

    class Privacy:
        personal = (
            "name", "pinyin", "id_number", "id_digest", "sex", "born_on", "relation", "ethnic", "education",
            "schooling", "health", "labour", "work_place", "work_months", "political", "medical_insurance",
            "serious_insurance", "pension_insurance", "dibao", "disability_card", "phone",
        )  # fmt: skip
        open = ("id", "household", "area_code", "number", "since", "left_on")

    def __str__(self) -> str:
        return self.name
