"""Visits hard to believe: scores with reasons, flags that a person decides, call-backs by draw (FIELD-3, FIELD-6)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked


@tracked()
class Score(models.Model):
    """走访可信度 what speaks against one visit, 0 to 100 points; worked out anew while its neighbours still come in.

    met: [{sign, used: [{path, value}]}], the heaviest first (rules.scrutiny). asks: facts nobody knew.
    """

    visit = models.OneToOneField(
        "fieldwork.Visit", models.PROTECT, related_name="score", primary_key=True, verbose_name=_("走访")
    )
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    points = models.SmallIntegerField(_("分值"))
    met = models.JSONField(_("迹象"), default=list)
    facts = models.JSONField(_("依据"), default=dict)
    profile = models.CharField(_("方案"), max_length=60)
    at = models.DateTimeField(_("计算时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("走访可信度")
        ordering = ["-points", "pk"]
        indexes = [models.Index(fields=["area_code", "-points"], name="scrutiny_score_area")]

    class Privacy:
        personal = ("visit", "met", "facts")
        open = ("area_code", "points", "profile", "at")

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.points}"


@tracked()
class Flag(models.Model):
    """存疑走访 a visit that a person should look at. It convicts nobody: the cadre answers, a reviewer finds.

    points, met: as they were when it was last worked out before somebody answered or decided.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待说明")
        ANSWERED = "answered", _("待核实")
        DECIDED = "decided", _("已核实")
        GONE = "gone", _("不再存疑")

    visit = models.OneToOneField("fieldwork.Visit", models.PROTECT, related_name="flag", verbose_name=_("走访"))
    cadre = models.ForeignKey("organisation.Cadre", models.PROTECT, related_name="+", verbose_name=_("走访干部"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    points = models.SmallIntegerField(_("分值"))
    met = models.JSONField(_("迹象"), default=list)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN, db_collation="C")
    opened_at = models.DateTimeField(_("提出时间"))
    answer_until = models.DateField(_("说明期限"))
    answer = models.CharField(_("本人说明"), max_length=600, blank=True)
    answered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("说明人")
    )
    answered_at = models.DateTimeField(_("说明时间"), null=True)
    verdict = models.CharField(_("核实结论"), max_length=40, blank=True)
    why = models.CharField(_("核实依据"), max_length=600, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("核实人")
    )
    decided_at = models.DateTimeField(_("核实时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("存疑走访")
        ordering = ["-points", "pk"]
        indexes = [
            models.Index(fields=["area_code", "state", "-points"], name="scrutiny_flag_area"),
            models.Index(fields=["cadre", "state"], name="scrutiny_flag_cadre"),
        ]
        triggers = [
            pgtrigger.Protect(name="scrutiny_flag_never_removed", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="scrutiny_flag_decided", operation=pgtrigger.UpdateOf("verdict", "why", "answer", "points", "met"),
                condition=pgtrigger.Q(old__state="decided"),
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("visit", "met", "answer", "why")
        open = (
            "id", "cadre", "area_code", "points", "state", "opened_at", "answer_until", "answered_by", "answered_at",
            "verdict", "decided_by", "decided_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.get_state_display()}"

    @property
    def open(self) -> bool:
        """Whether anything can still be said to it."""
        return self.state in (self.State.OPEN, self.State.ANSWERED)


class Draw(models.Model):
    """回访抽取 the households of one month that are asked, drawn so that anybody can repeat it (rules.draws).

    frame: "village,visit" a line. seed: county, month and `public`, the head of the trail after the month had ended:
    nobody could know it while visits were still being entered.
    """

    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    month = models.DateField(_("月份"))
    share = models.DecimalField(_("比例"), max_digits=5, decimal_places=4)
    least = models.SmallIntegerField(_("每村至少"))
    frame = models.TextField(_("名单"), db_collation="C")
    frame_digest = models.CharField(_("名单指纹"), max_length=64, db_collation="C")
    public = models.CharField(_("公开数字"), max_length=80, db_collation="C")
    seed = models.CharField(_("种子"), max_length=140, db_collation="C")
    until = models.DateField(_("回复期限"))
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("抽取人"))
    at = models.DateTimeField(_("抽取时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回访抽取")
        ordering = ["-month", "area_code"]
        constraints = [models.UniqueConstraint(fields=["area", "month"], name="scrutiny_draw_once_a_month")]
        triggers = [
            pgtrigger.Protect(name="scrutiny_draw_stands", operation=pgtrigger.Delete | pgtrigger.UpdateOf(
                "month", "share", "least", "frame", "frame_digest", "public", "seed", "by_id", "at"
            )),
        ]  # fmt: skip

    class Privacy:
        personal = ("frame",)
        open = (
            "id", "area", "area_code", "month", "share", "least", "frame_digest", "public", "seed", "until", "by", "at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area} {self.month:%Y-%m}"


class CallBack(models.Model):
    """回访 one household that is asked whether a visit took place, by the code on its card or by an office.

    The helper does not see who was drawn before the time is over, and never what one household answered.
    """

    class Answer(models.TextChoices):
        NONE = "", _("没有回复")
        YES = "yes", _("来过")
        NO = "no", _("没有来")
        UNSURE = "unsure", _("记不清")

    class Channel(models.TextChoices):
        CARD = "card", _("明白卡")
        OFFICE = "office", _("入户或电话询问")

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="call_backs", verbose_name=_("回访抽取"))
    visit = models.ForeignKey("fieldwork.Visit", models.PROTECT, related_name="call_backs", verbose_name=_("走访"))
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="+", verbose_name=_("户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    rank = models.IntegerField(_("名次"))
    answer = models.CharField(_("回复"), max_length=8, choices=Answer.choices, blank=True, db_collation="C")
    channel = models.CharField(_("途径"), max_length=8, choices=Channel.choices, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("回复时间"), null=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("询问人"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回访")
        ordering = ["area_code", "rank"]
        constraints = [models.UniqueConstraint(fields=["draw", "visit"], name="scrutiny_call_back_once")]
        indexes = [
            models.Index(fields=["area_code", "answer"], name="scrutiny_call_back_area"),
            models.Index(fields=["household"], name="scrutiny_call_back_household"),
        ]
        triggers = [
            pgtrigger.Protect(name="scrutiny_call_back_never_removed", operation=pgtrigger.Delete),
            pgtrigger.Protect(  # what a household has said is not rewritten, by nobody
                name="scrutiny_call_back_said",
                operation=pgtrigger.UpdateOf("answer", "channel", "note", "answered_at"),
                condition=~pgtrigger.Q(old__answer=""),
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("visit", "household", "answer", "note")
        open = ("id", "draw", "area_code", "rank", "channel", "answered_at", "by")

    def __str__(self) -> str:
        return f"{self.draw_id} · {self.rank}"
