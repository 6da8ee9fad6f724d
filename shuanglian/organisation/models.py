"""Units and cadres: who can help (ORG-1 … ORG-3, PAIR-2 … PAIR-4, domain 2.4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked
from shuanglian.core.secrets import SealedTextField


@tracked()
class Unit(models.Model):
    """帮扶单位 linked unit (PAIR-4). `area` is the county (or township) in which it helps; `tier` is its own level."""

    code = models.CharField(_("单位编号"), max_length=30, unique=True, db_collation="C")
    name = models.CharField(_("单位名称"), max_length=100)
    pinyin = models.CharField(_("拼音首字母"), max_length=100, db_collation="C", blank=True, editable=False)
    kind = models.CharField(_("单位性质"), max_length=30, blank=True)
    tier = models.CharField(_("隶属层级"), max_length=20, blank=True)
    trade = models.CharField(_("行业"), max_length=30, blank=True)
    strength = models.SmallIntegerField(_("帮扶力量"), default=0)
    staff = models.IntegerField(_("在编人数"), null=True, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    contact = models.CharField(_("联络员"), max_length=40, blank=True)
    phone = models.CharField(_("单位电话"), max_length=30, blank=True)
    leads = models.BooleanField(_("组长单位"), default=False)
    area = models.ForeignKey("areas.Area", models.PROTECT, verbose_name=_("帮扶区域"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("帮扶单位")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["area_code", "id"], name="unit_area"),
            models.Index(fields=["name"], name="unit_name"),
        ]

    class Privacy:
        personal = ("contact",)
        open = (
            "id", "code", "name", "pinyin", "kind", "tier", "trade", "strength", "staff", "uscc", "address", "phone",
            "leads", "area", "area_code", "since", "until",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


@tracked()
class Cadre(models.Model):
    """帮扶干部 a cadre of a linked unit (PAIR-2, PAIR-3)."""

    number = models.CharField(_("干部编号"), max_length=30, unique=True, db_collation="C")
    name = models.CharField(_("姓名"), max_length=40)
    pinyin = models.CharField(_("拼音首字母"), max_length=40, db_collation="C", blank=True, editable=False)
    sex = models.CharField(_("性别"), max_length=1, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cadres", verbose_name=_("单位"))
    rank = models.CharField(_("职级"), max_length=30)
    post = models.CharField(_("职务"), max_length=60, blank=True)
    occupation = models.CharField(_("身份"), max_length=30, blank=True)
    trade = models.CharField(_("专长"), max_length=30, blank=True)
    political = models.CharField(_("政治面貌"), max_length=30, blank=True)
    education = models.CharField(_("学历"), max_length=30, blank=True)
    id_number = SealedTextField(_("身份证号"), blank=True)
    id_digest = models.CharField(_("身份证号摘要"), max_length=32, db_collation="C", blank=True, editable=False)
    phone = SealedTextField(_("手机号"), blank=True)
    phone_digest = models.CharField(_("手机号摘要"), max_length=32, db_collation="C", blank=True, editable=False)
    stationed_at = models.ForeignKey(
        "areas.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("驻乡镇")
    )
    user = models.OneToOneField(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="cadre", verbose_name=_("登录账户")
    )
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("帮扶干部")
        ordering = ["number"]
        indexes = [
            models.Index(fields=["area_code", "id"], name="cadre_area"),
            models.Index(fields=["unit", "number"], name="cadre_unit"),
            models.Index(fields=["name"], name="cadre_name"),
            models.Index(fields=["id_digest"], name="cadre_id_digest"),
        ]

    class Privacy:
        personal = (
            "name",
            "pinyin",
            "sex",
            "id_number",
            "id_digest",
            "phone",
            "phone_digest",
            "political",
            "education",
            "post",
        )
        open = (
            "id",
            "number",
            "unit",
            "rank",
            "occupation",
            "trade",
            "stationed_at",
            "user",
            "area_code",
            "since",
            "until",
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class Absence(models.Model):
    """离岗记录 leave, illness, retirement, transfer: while it lasts the cadre takes no household."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("请假")
        ILLNESS = "illness", _("病休")
        RETIRED = "retired", _("退休")
        TRANSFERRED = "transferred", _("调离")
        OTHER = "other", _("其他")

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="absences", verbose_name=_("干部"))
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("离岗记录")
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="absence_since_until",
            )
        ]

    class Privacy:
        personal = ("kind", "note")
        open = ("id", "cadre", "since", "until")

    def __str__(self) -> str:
        return f"{self.cadre} {self.get_kind_display()}"


class UnitAccount(models.Model):
    """单位账户 who logs in for a unit."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="unit_account", verbose_name=_("用户"))
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="accounts", verbose_name=_("单位"))

    class Meta:
        verbose_name = verbose_name_plural = _("单位账户")

    class Privacy:
        personal = ()
        open = ("id", "user", "unit")

    def __str__(self) -> str:
        return f"{self.user} · {self.unit}"
