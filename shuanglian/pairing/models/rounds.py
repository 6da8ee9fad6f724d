"""Rounds of pairing: what was asked, what came out, the office's own hand in it (PAIR-1 … PAIR-6)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .seals import sealed_round, sealed_with_its_round


class Round(models.Model):
    """结对轮次 a county's proposal: solved, corrected, confirmed by a second person, published, kept for ever."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草拟")
        SOLVING = "solving", _("正在计算")
        PROPOSED = "proposed", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        PUBLISHED = "published", _("已公布")
        DISCARDED = "discarded", _("已放弃")
        FAILED = "failed", _("计算失败")

    class Kind(models.TextChoices):
        YEARLY = "yearly", _("年度结对")
        REPAIR = "repair", _("年中调整")

    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices, default=Kind.YEARLY)
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
    changed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("最后修改人")
    )
    changed_at = models.DateTimeField(_("最后修改时间"), null=True)
    facts = models.CharField(_("数据摘要"), max_length=64, blank=True, editable=False)
    solved_at = models.DateTimeField(_("计算时间"), null=True)
    confirmed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("确认人")
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    published_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("公布人")
    )
    published_at = models.DateTimeField(_("公布时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("结对轮次")
        ordering = ["-year", "-id"]
        indexes = [models.Index(fields=["area_code", "id"], name="round_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["area_code", "kind"], condition=models.Q(state__in=["draft", "solving", "proposed", "failed"]),
                name="round_one_in_work_per_county",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("by")),
                name="round_four_eyes",
            ),
        ]  # fmt: skip
        triggers = [sealed_round()]

    class Privacy:
        personal = ()
        open = (
            "id", "kind", "area", "area_code", "year", "name", "state", "profile", "on", "weights", "totals", "version",
            "problem", "job", "by", "created_at", "changed_by", "changed_at", "facts", "solved_at", "confirmed_by",
            "confirmed_at", "published_by", "published_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """May still be changed."""
        return self.state in {self.State.DRAFT, self.State.PROPOSED, self.State.FAILED}

    @property
    def is_kept(self) -> bool:
        """Confirmed or published: kept for ever, never changed."""
        return self.state in {self.State.CONFIRMED, self.State.PUBLISHED}


class Solution(models.Model):
    """计算版本 one solving of a round, kept to compare and to explain: what was asked, what came out, on which facts.

    `packed` holds the arrays (see pairing/packing.py): the problem as it was stated and who answers for whom.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="solutions", verbose_name=_("轮次"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    version = models.IntegerField(_("版本"))
    weights = models.JSONField(_("目标权重"), default=dict)
    wishes = models.JSONField(_("人工指定"), default=list)
    totals = models.JSONField(_("结果"), default=dict)
    packed = models.BinaryField(_("计算数据"))
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("计算人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("计算版本")
        ordering = ["round", "-version"]
        constraints = [models.UniqueConstraint(fields=["round", "version"], name="solution_once")]
        triggers = sealed_with_its_round()

    class Privacy:
        personal = ("packed", "wishes")
        open = ("id", "round", "area_code", "version", "weights", "totals", "by", "at")

    def __str__(self) -> str:
        return f"{self.round_id} v{self.version}"


class ProposedLink(models.Model):
    """拟联村 one unit to one village in a round, with the terms of its cost; `ended` is a link that would stop."""

    class Change(models.TextChoices):
        KEPT = "kept", _("延续")
        NEW = "new", _("新增")
        ENDED = "ended", _("结束")

    round = models.ForeignKey(Round, models.CASCADE, related_name="links", verbose_name=_("轮次"))
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    change = models.CharField(_("变化"), max_length=10, choices=Change.choices)
    why = models.CharField(_("原因"), max_length=60, blank=True)
    km = models.FloatField(_("距离（公里）"), null=True)
    cost = models.BigIntegerField(_("代价"), default=0)
    terms = models.JSONField(_("代价构成"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("拟联村")
        constraints = [models.UniqueConstraint(fields=["round", "unit", "village"], name="proposed_link_once")]
        indexes = [models.Index(fields=["round", "area_code"], name="proposed_link_area")]
        triggers = sealed_with_its_round()

    class Privacy:
        personal = ()
        open = ("id", "round", "unit", "village", "area_code", "change", "why", "km", "cost", "terms")

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.village_id}"


class ProposedLeader(models.Model):
    """拟联系领导 a leader who is to answer for a township, or no longer to, once the round is confirmed (PAIR-7)."""

    class Change(models.TextChoices):
        NEW = "new", _("新增")
        ENDED = "ended", _("结束")

    round = models.ForeignKey(Round, models.CASCADE, related_name="leaders", verbose_name=_("轮次"))
    leader = models.ForeignKey("organisation.Cadre", models.PROTECT, related_name="+", verbose_name=_("领导"))
    township = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("乡镇"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C")
    change = models.CharField(_("变化"), max_length=10, choices=Change.choices)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))

    class Meta:
        verbose_name = verbose_name_plural = _("拟联系领导")
        constraints = [models.UniqueConstraint(fields=["round", "leader", "township"], name="proposed_leader_once")]
        triggers = sealed_with_its_round()

    class Privacy:
        personal = ("leader",)
        open = ("id", "round", "township", "area_code", "change", "by")

    def __str__(self) -> str:
        return f"{self.leader_id} → {self.township_id}"


class ProposedPair(models.Model):
    """拟结对 one household of a round and who is to answer for it (null: nobody could be found), with the terms."""

    class Change(models.TextChoices):
        KEPT = "kept", _("延续")
        NEW = "new", _("新结对")
        MOVED = "moved", _("调整")
        ENDED = "ended", _("结束")
        NONE = "none", _("未落实")

    class Slot(models.TextChoices):
        REGULAR = "regular", _("帮扶责任人")
        FALLBACK = "fallback", _("驻村干部兜底")

    round = models.ForeignKey(Round, models.CASCADE, related_name="pairs", verbose_name=_("轮次"))
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="+", verbose_name=_("户"))
    cadre = models.ForeignKey(
        "organisation.Cadre", models.PROTECT, null=True, related_name="+", verbose_name=_("帮扶责任人")
    )
    last_cadre = models.ForeignKey(
        "organisation.Cadre", models.PROTECT, null=True, related_name="+", verbose_name=_("上年责任人")
    )
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
        triggers = sealed_with_its_round()

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
    household = models.ForeignKey(
        "registry.Household", models.CASCADE, null=True, related_name="+", verbose_name=_("户")
    )
    unit = models.ForeignKey("organisation.Unit", models.CASCADE, null=True, related_name="+", verbose_name=_("单位"))
    village = models.ForeignKey("areas.Area", models.CASCADE, null=True, related_name="+", verbose_name=_("行政村"))
    why = models.CharField(_("理由"), max_length=200)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("指定人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("人工指定")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    cadre__isnull=False, household__isnull=False, unit__isnull=True, village__isnull=True
                )
                | models.Q(cadre__isnull=True, household__isnull=True, unit__isnull=False, village__isnull=False),
                name="wish_about_one_pair",
            ),
            models.UniqueConstraint(fields=["round", "cadre", "household"], name="wish_pair_once"),
            models.UniqueConstraint(fields=["round", "unit", "village"], name="wish_link_once"),
        ]
        triggers = sealed_with_its_round()

    class Privacy:
        personal = ("cadre", "household", "why")
        open = ("id", "round", "kind", "unit", "village", "by", "at")

    def __str__(self) -> str:
        return f"{self.kind} {self.cadre_id or self.unit_id} {self.household_id or self.village_id}"
