"""The look-back: campaigns, who visits whom, visits with their evidence, draws by the level above (REG-5, REG-6)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet


class AssignmentQuerySet(ScopedQuerySet):
    def standing(self) -> AssignmentQuerySet:
        """Who still is to be visited or has been: not struck off because the file was merged into another."""
        return self.filter(ended_on=None)


class Campaign(models.Model):
    """回头看 a campaign that visits every household of the register again, between two days, both in (REG-6)."""

    class State(models.TextChoices):
        RUNNING = "running", _("进行中")
        CLOSED = "closed", _("已结束")

    code = models.CharField(_("编号"), max_length=40, unique=True, db_collation="C")
    kind = models.CharField(_("类别"), max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"))
    ordered_by = models.CharField(_("部署单位"), max_length=80)
    profile = models.CharField(_("方案"), max_length=60)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.RUNNING)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("发起人"))
    at = models.DateTimeField(_("发起时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回头看")
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="lookback_since_until"),
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(state="running"), name="lookback_one_running_per_area"
            ),
        ]

    class Privacy:
        personal = ()
        open = (
            "id", "code", "kind", "name", "area", "area_code", "since", "until", "ordered_by", "profile", "state",
            "by", "at", "closed_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """核查对象 one household that somebody must visit: registered, left within the years, or a claimant who is not on
    the register. `finding`, `visited_on`, `doubtful`: of the first visit; `rechecked`: that of the re-check.
    `ended_on`: struck off before a visit, since the file was merged into another (following.py)."""

    class Subject(models.TextChoices):
        REGISTERED = "registered", _("在册户")
        LEFT = "left", _("退出户")
        CLAIMANT = "claimant", _("未建档户")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="assignments", verbose_name=_("回头看"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    subject = models.CharField(_("对象"), max_length=10, choices=Subject.choices)
    number = models.CharField(_("编号"), max_length=30, db_collation="C")
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="lookbacks", verbose_name=_("户")
    )
    name = models.CharField(_("户主姓名"), max_length=40)
    group = models.CharField(_("村民小组"), max_length=40, blank=True)
    why = models.CharField(_("来源"), max_length=120, blank=True)
    cadre = models.ForeignKey(
        "organisation.Cadre", models.PROTECT, null=True, related_name="+", verbose_name=_("核查干部")
    )
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("核查账户"))
    finding = models.CharField(_("结论"), max_length=20, blank=True)
    visited_on = models.DateField(_("核查日期"), null=True)
    doubtful = models.BooleanField(_("存疑"), default=False)
    rechecked = models.CharField(_("复查结论"), max_length=20, blank=True)
    ended_on = models.DateField(_("不再核查"), null=True)
    ended_why = models.CharField(_("不再核查的原因"), max_length=120, blank=True)
    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("核查对象")
        ordering = ["area_code", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="lookback_number_once"),
            models.UniqueConstraint(
                fields=["campaign", "household"], condition=models.Q(household__isnull=False),
                name="lookback_household_once",
            ),
            models.CheckConstraint(
                condition=models.Q(cadre__isnull=True) | models.Q(user__isnull=True), name="lookback_one_visitor"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["campaign", "area_code"], name="lookback_assignment_area",
                         include=["subject", "visited_on", "finding", "rechecked"]),
            models.Index(fields=["cadre", "campaign"], name="lookback_assignment_cadre"),
        ]  # fmt: skip

    class Privacy:
        personal = ("household", "name", "group", "why")
        open = (
            "id", "campaign", "area_code", "subject", "number", "cadre", "user", "finding", "visited_on", "doubtful",
            "rechecked", "ended_on", "ended_why",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"


class Visit(models.Model):
    """入户核查 one visit with its evidence: photo, position, time. It is never changed; only what follows is added.

    answers: code of a question → true, false (not asked: missing). verdicts: code → true, false, null.
    corrections: [{record, id, label, field, before, after}]. doubts: [{code, figures}] (rules.visit_doubts).
    """

    class Role(models.TextChoices):
        FIRST = "first", _("核查")
        RECHECK = "recheck", _("抽查")

    class State(models.TextChoices):
        NONE = "none", _("无须处理")
        WAITING = "waiting", _("待乡镇确认")
        DONE = "done", _("已确认")
        REJECTED = "rejected", _("未采纳")

    key = models.UUIDField(_("表单编号"), unique=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="visits", verbose_name=_("核查对象"))
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="visits", verbose_name=_("回头看"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    role = models.CharField(_("性质"), max_length=8, choices=Role.choices)
    method = models.CharField(_("方式"), max_length=20)
    finding = models.CharField(_("结论"), max_length=20)
    met = models.CharField(_("见到谁"), max_length=40)
    note = models.CharField(_("说明"), max_length=400, blank=True)
    answers = models.JSONField(_("回答"), default=dict)
    verdicts = models.JSONField(_("判断"), default=dict)
    corrections = models.JSONField(_("更正"), default=list)
    visited_at = models.DateTimeField(_("到户时间"))
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    no_position_why = models.CharField(_("没有定位的原因"), max_length=100, blank=True)
    photo_digest = models.CharField(_("照片指纹"), max_length=64, db_collation="C", blank=True)
    photo_at = models.DateTimeField(_("照片时间"), null=True)
    doubts = models.JSONField(_("疑点"), default=list)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    state = models.CharField(_("处理"), max_length=10, choices=State.choices, default=State.NONE)
    handled_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("处理人")
    )
    handled_at = models.DateTimeField(_("处理时间"), null=True)
    handled_note = models.CharField(_("处理说明"), max_length=200, blank=True)
    case = models.CharField(_("程序"), max_length=80, blank=True, db_collation="C")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("入户核查")
        ordering = ["visited_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "role"], name="lookback_visit_once_per_role"),
        ]
        indexes = [
            models.Index(fields=["campaign", "area_code"], name="lookback_visit_area"),
            models.Index(fields=["by", "visited_at"], name="lookback_visit_person"),
            models.Index(fields=["photo_digest"], name="lookback_visit_photo"),
        ]
        triggers = [
            pgtrigger.Protect(name="visit_never_removed", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="visit_never_changed", level=pgtrigger.Row, when=pgtrigger.Before, operation=pgtrigger.Update,
                func="""
                IF (to_jsonb(OLD) - ARRAY['state','handled_by_id','handled_at','handled_note','case','area_code'])
                   IS DISTINCT FROM
                   (to_jsonb(NEW) - ARRAY['state','handled_by_id','handled_at','handled_note','case','area_code'])
                THEN RAISE EXCEPTION 'a visit is never changed'; END IF;
                RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    class Privacy:
        personal = (
            "assignment", "met", "note", "answers", "verdicts", "corrections", "lon", "lat", "no_position_why",
            "photo_digest", "photo_at", "doubts", "handled_note",
        )  # fmt: skip
        open = (
            "id", "key", "campaign", "area_code", "role", "method", "finding", "visited_at", "by", "at", "state",
            "handled_by", "handled_at", "case",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.role}"


class Draw(models.Model):
    """抽查 a draw of the level above: first the list and its digest, then the public number, then who is drawn (REG-6).

    frame: "stratum,number" a line; the stratum is the village's code. seed: empty until the public number is known.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="draws", verbose_name=_("回头看"))
    number = models.SmallIntegerField(_("次序"))
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    level = models.CharField(_("抽查层级"), max_length=20)
    share = models.DecimalField(_("比例"), max_digits=5, decimal_places=4)
    least = models.SmallIntegerField(_("每村至少"), default=0)
    source = models.CharField(_("公开数字出处"), max_length=120)
    source_on = models.DateField(_("公开数字产生日期"))
    frame = models.TextField(_("名单"), db_collation="C")
    frame_digest = models.CharField(_("名单指纹"), max_length=64, db_collation="C")
    frame_size = models.IntegerField(_("名单户数"))
    announced_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("公告人"))
    announced_at = models.DateTimeField(_("公告时间"))
    public = models.CharField(_("公开数字"), max_length=60, blank=True)
    seed = models.CharField(_("种子"), max_length=120, db_collation="C", blank=True)
    drawn_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("抽取人"))
    drawn_at = models.DateTimeField(_("抽取时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("抽查")
        ordering = ["campaign", "number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="lookback_draw_number")]
        triggers = [
            pgtrigger.Trigger(
                # what was announced stands; the public number is written once
                name="draw_stands", level=pgtrigger.Row, when=pgtrigger.Before, operation=pgtrigger.Update,
                func="""
                IF (to_jsonb(OLD) - ARRAY['public','seed','drawn_by_id','drawn_at','area_code','area_id'])
                   IS DISTINCT FROM
                   (to_jsonb(NEW) - ARRAY['public','seed','drawn_by_id','drawn_at','area_code','area_id'])
                   OR (OLD.seed <> '' AND OLD.seed IS DISTINCT FROM NEW.seed)
                THEN RAISE EXCEPTION 'a draw stands as announced'; END IF;
                RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("frame",)
        open = (
            "id", "campaign", "number", "area", "area_code", "level", "share", "least", "source", "source_on",
            "frame_digest", "frame_size", "announced_by", "announced_at", "public", "seed", "drawn_by", "drawn_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.campaign_id} · {self.number}"


class Drawn(models.Model):
    """抽中户 one household that was drawn, and whose list it is on for the re-check: never the first visitor's."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="drawn", verbose_name=_("抽查"))
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="drawn", verbose_name=_("核查对象"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    rank = models.IntegerField(_("名次"))
    key = models.CharField(_("排序值"), max_length=64, db_collation="C")
    checker = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("抽查人"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("抽中户")
        ordering = ["area_code", "rank"]
        constraints = [models.UniqueConstraint(fields=["draw", "assignment"], name="lookback_drawn_once")]
        indexes = [models.Index(fields=["area_code", "id"], name="lookback_drawn_area")]

    class Privacy:
        personal = ("assignment",)
        open = ("id", "draw", "area_code", "rank", "key", "checker")

    def __str__(self) -> str:
        return f"{self.draw_id} · {self.rank}"
