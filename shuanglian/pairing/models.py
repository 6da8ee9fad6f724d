"""Links between units and villages, cadres and households; the rounds that make them (PAIR-1 … PAIR-7)."""

from __future__ import annotations

from datetime import date

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.models import Area, below
from shuanglian.core.history import tracked


class LinkQuerySet(models.QuerySet):
    def within(self, area: Area | None) -> LinkQuerySet:
        return self.filter(below(area.prefix)) if area else self.none()

    def open(self) -> LinkQuerySet:
        return self.filter(until__isnull=True)

    def standing_on(self, day: date) -> LinkQuerySet:
        return self.filter(since__lte=day).filter(models.Q(until__isnull=True) | models.Q(until__gte=day))


def _sealed_with_its_round(operation: pgtrigger.Operation, rows: str, name: str) -> pgtrigger.Trigger:
    """Rows of a round that was confirmed are kept for ever: the database itself refuses any change."""
    referencing = pgtrigger.Referencing(**{rows: "changed"})
    return pgtrigger.Trigger(
        name=name, level=pgtrigger.Statement, when=pgtrigger.After, operation=operation, referencing=referencing,
        func="""
        IF EXISTS (SELECT 1 FROM pairing_round r WHERE r.state IN ('confirmed', 'published')
                   AND r.id IN (SELECT round_id FROM changed)) THEN
            RAISE EXCEPTION 'a confirmed round is kept for ever';
        END IF;
        RETURN NULL;
        """,
    )  # fmt: skip


def sealed_with_its_round() -> list[pgtrigger.Trigger]:
    return [
        _sealed_with_its_round(pgtrigger.Insert, "new", "sealed_insert"),
        _sealed_with_its_round(pgtrigger.Update, "old", "sealed_update"),
        _sealed_with_its_round(pgtrigger.Delete, "old", "sealed_delete"),
    ]


class Round(models.Model):
    """结对轮次 one year's proposal for a county: solved, corrected, confirmed by a second person, published, kept for ever."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草拟")
        SOLVING = "solving", _("正在计算")
        PROPOSED = "proposed", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        PUBLISHED = "published", _("已公布")
        DISCARDED = "discarded", _("已放弃")
        FAILED = "failed", _("计算失败")

    area = models.ForeignKey("areas.Area", models.PROTECT, verbose_name=_("县"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    year = models.SmallIntegerField(_("年度"))
    name = models.CharField(_("名称"), max_length=80)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    profile = models.CharField(_("方案"), max_length=60)
    on = models.DateField(_("生效日期"))
    weights = models.JSONField(_("目标权重"), default=dict)
    totals = models.JSONField(_("结果"), default=dict)
    version = models.IntegerField(_("计算次数"), default=0)
    problem = models.CharField(_("问题"), max_length=500, blank=True)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务"))
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("编制人"))
    created_at = models.DateTimeField(_("建立时间"))
    solved_at = models.DateTimeField(_("计算时间"), null=True)
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("确认人"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    published_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("公布人"))
    published_at = models.DateTimeField(_("公布时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("结对轮次")
        ordering = ["-year", "-id"]

    class Privacy:
        personal = ()
        open = (
            "id", "area", "area_code", "year", "name", "state", "profile", "on", "weights", "totals", "version", "problem",
            "job", "by", "created_at", "solved_at", "confirmed_by", "confirmed_at", "published_by", "published_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class ProposedLink(models.Model):
    """拟联村 one unit to one village in a round, with the terms of its cost."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="links", verbose_name=_("轮次"))
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    change = models.CharField(_("变化"), max_length=10)
    km = models.FloatField(_("距离（公里）"), null=True)
    cost = models.BigIntegerField(_("代价"), default=0)
    terms = models.JSONField(_("代价构成"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("拟联村")
        constraints = [models.UniqueConstraint(fields=["round", "unit", "village"], name="proposed_link_once")]
        indexes = [models.Index(fields=["round", "area_code"], name="proposed_link_area")]

    class Privacy:
        personal = ()
        open = ("id", "round", "unit", "village", "area_code", "change", "km", "cost", "terms")

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.village_id}"


class ProposedPair(models.Model):
    """拟结对 one household of a round and who is to answer for it (null: nobody could be found), with the terms."""

    class Change(models.TextChoices):
        KEPT = "kept", _("延续")
        NEW = "new", _("新结对")
        MOVED = "moved", _("调整")
        NONE = "none", _("未落实")

    class Slot(models.TextChoices):
        REGULAR = "regular", _("帮扶责任人")
        FALLBACK = "fallback", _("驻村干部兜底")

    round = models.ForeignKey(Round, models.CASCADE, related_name="pairs", verbose_name=_("轮次"))
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="+", verbose_name=_("户"))
    cadre = models.ForeignKey("organisation.Cadre", models.PROTECT, null=True, related_name="+", verbose_name=_("帮扶责任人"))
    last_cadre = models.ForeignKey("organisation.Cadre", models.PROTECT, null=True, related_name="+", verbose_name=_("上年责任人"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    slot = models.CharField(_("性质"), max_length=10, choices=Slot.choices, default=Slot.REGULAR)
    change = models.CharField(_("变化"), max_length=10, choices=Change.choices)
    why = models.CharField(_("原因"), max_length=60, blank=True)
    km = models.FloatField(_("距离（公里）"), null=True)
    cost = models.BigIntegerField(_("代价"), default=0)
    terms = models.JSONField(_("代价构成"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("拟结对")
        constraints = [models.UniqueConstraint(fields=["round", "household"], name="proposed_pair_once")]
        indexes = [
            models.Index(fields=["round", "area_code", "id"], name="proposed_pair_area"),
            models.Index(fields=["round", "cadre"], name="proposed_pair_cadre"),
            models.Index(fields=["round", "change", "id"], name="proposed_pair_change"),
        ]

    class Privacy:
        personal = ("household", "cadre", "last_cadre", "terms")
        open = ("id", "round", "area_code", "slot", "change", "why", "km", "cost")

    def __str__(self) -> str:
        return f"{self.household_id} ← {self.cadre_id}"


class Wish(models.Model):
    """人工指定 the office's hand in a round: this pair must be (pin) or must not be (forbid); also unit to village."""

    class Kind(models.TextChoices):
        PIN = "pin", _("指定")
        FORBID = "forbid", _("排除")

    round = models.ForeignKey(Round, models.CASCADE, related_name="wishes", verbose_name=_("轮次"))
    kind = models.CharField(_("类别"), max_length=6, choices=Kind.choices)
    cadre = models.ForeignKey("organisation.Cadre", models.CASCADE, null=True, related_name="+", verbose_name=_("干部"))
    household = models.ForeignKey("registry.Household", models.CASCADE, null=True, related_name="+", verbose_name=_("户"))
    unit = models.ForeignKey("organisation.Unit", models.CASCADE, null=True, related_name="+", verbose_name=_("单位"))
    village = models.ForeignKey("areas.Area", models.CASCADE, null=True, related_name="+", verbose_name=_("行政村"))
    why = models.CharField(_("理由"), max_length=200)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("指定人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("人工指定")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cadre__isnull=False, household__isnull=False, unit__isnull=True, village__isnull=True)
                | models.Q(cadre__isnull=True, household__isnull=True, unit__isnull=False, village__isnull=False),
                name="wish_about_one_pair",
            ),
            models.UniqueConstraint(fields=["round", "cadre", "household"], name="wish_pair_once"),
            models.UniqueConstraint(fields=["round", "unit", "village"], name="wish_link_once"),
        ]

    class Privacy:
        personal = ("cadre", "household", "why")
        open = ("id", "round", "kind", "unit", "village", "by", "at")

    def __str__(self) -> str:
        return f"{self.kind} {self.cadre_id or self.unit_id} {self.household_id or self.village_id}"


@tracked()
class VillageLink(models.Model):
    """联村 a unit linked to a village, with its dates (PAIR-1, PAIR-6)."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="village_links", verbose_name=_("单位"))
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", verbose_name=_("轮次"))
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    ended_why = models.CharField(_("结束原因"), max_length=100, blank=True)
    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("联村")
        constraints = [
            models.UniqueConstraint(fields=["unit", "village"], condition=models.Q(until__isnull=True), name="village_link_one_open"),
            models.CheckConstraint(condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")), name="village_link_since_until"),
        ]
        indexes = [models.Index(fields=["area_code", "unit"], name="village_link_area")]

    class Privacy:
        personal = ()
        open = ("id", "unit", "village", "area_code", "round", "since", "until", "ended_why")

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.village_id}"


@tracked()
class Pairing(models.Model):
    """结对 the one person responsible for a household, with its dates (PAIR-1, PAIR-6). Never two at a time."""

    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="pairings", verbose_name=_("户"))
    cadre = models.ForeignKey("organisation.Cadre", models.PROTECT, related_name="pairings", verbose_name=_("帮扶责任人"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    slot = models.CharField(_("性质"), max_length=10, choices=ProposedPair.Slot.choices, default=ProposedPair.Slot.REGULAR)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", verbose_name=_("轮次"))
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    ended_why = models.CharField(_("结束原因"), max_length=100, blank=True)
    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("结对")
        constraints = [
            models.UniqueConstraint(fields=["household"], condition=models.Q(until__isnull=True), name="pairing_one_open_per_household"),
            models.CheckConstraint(condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")), name="pairing_since_until"),
        ]
        indexes = [
            models.Index(fields=["area_code", "id"], name="pairing_area"),
            models.Index(fields=["cadre", "until"], name="pairing_cadre"),
        ]

    class Privacy:
        personal = ("household", "cadre")
        open = ("id", "area_code", "slot", "round", "since", "until", "ended_why")

    def __str__(self) -> str:
        return f"{self.household_id} ← {self.cadre_id}"


@tracked()
class Relative(models.Model):
    """亲属回避 a declared relation between a cadre and a household: they are never paired (REG-9)."""

    cadre = models.ForeignKey("organisation.Cadre", models.CASCADE, related_name="relatives", verbose_name=_("干部"))
    household = models.ForeignKey("registry.Household", models.CASCADE, related_name="+", verbose_name=_("户"))
    note = models.CharField(_("关系"), max_length=60, blank=True)
    since = models.DateField(_("申报日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("亲属回避")
        constraints = [models.UniqueConstraint(fields=["cadre", "household"], name="relative_once")]

    class Privacy:
        personal = ("cadre", "household", "note")
        open = ("id", "since")

    def __str__(self) -> str:
        return f"{self.cadre_id} ~ {self.household_id}"


@tracked()
class LeaderLink(models.Model):
    """领导包乡 a county or city leader linked to a township, answering for its villages due to exit (PAIR-7)."""

    leader = models.ForeignKey("organisation.Cadre", models.PROTECT, related_name="led_townships", verbose_name=_("领导"))
    township = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("乡镇"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", verbose_name=_("轮次"))
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("领导包乡")
        constraints = [
            models.UniqueConstraint(fields=["leader", "township"], condition=models.Q(until__isnull=True), name="leader_link_one_open")
        ]

    class Privacy:
        personal = ("leader",)
        open = ("id", "township", "area_code", "round", "since", "until")

    def __str__(self) -> str:
        return f"{self.leader_id} → {self.township_id}"


class ExitVillage(models.Model):
    """年度退出村 a poor village due to leave the register in a year (PAIR-7, IDX-3)."""

    village = models.ForeignKey("areas.Area", models.CASCADE, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    year = models.SmallIntegerField(_("退出年度"))

    class Meta:
        verbose_name = verbose_name_plural = _("年度退出村")
        constraints = [models.UniqueConstraint(fields=["village"], name="exit_village_once")]

    class Privacy:
        personal = ()
        open = ("id", "village", "area_code", "year")

    def __str__(self) -> str:
        return f"{self.village_id} {self.year}"


class AreaCoverage(models.Model):
    """结对汇总 coverage per region node (两个全覆盖, PAIR-1), rebuilt villages first and then added up."""

    area = models.OneToOneField("areas.Area", models.CASCADE, primary_key=True, related_name="+", verbose_name=_("区域"))
    poor_villages = models.IntegerField(_("贫困村数"), default=0)
    linked_villages = models.IntegerField(_("已联贫困村"), default=0)
    households = models.IntegerField(_("贫困户数"), default=0)
    paired = models.IntegerField(_("已结对户"), default=0)
    fallback = models.IntegerField(_("兜底户"), default=0)
    cadres = models.IntegerField(_("帮扶干部"), default=0)
    units = models.IntegerField(_("帮扶单位"), default=0)
    at = models.DateTimeField(_("汇总时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("结对汇总")

    class Privacy:
        personal = ()
        open = ("area", "poor_villages", "linked_villages", "households", "paired", "fallback", "cadres", "units", "at")

    def __str__(self) -> str:
        return str(self.area_id)
