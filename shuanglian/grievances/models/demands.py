"""What people ask: one record whatever door it came through, and where on the ladder it stands (VOICE-1, VOICE-2)."""

from __future__ import annotations

from datetime import date
from typing import Self

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.secrets import SealedTextField

# What stands in a demand when it came; the ladder's own columns, and those of files that are merged, may follow.
SAID = (
    "key", "digest", "number_digest", "door", "name", "phone", "place", "text", "language", "on", "by_id", "at",
    "ask_id",
)  # fmt: skip


class DemandQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Somebody holds it and has to act."""
        return self.filter(state=Demand.State.OPEN)

    def waiting(self) -> Self:
        """Answered; the person has not yet said yes or no."""
        return self.filter(state=Demand.State.ANSWERED)

    def not_over(self) -> Self:
        return self.exclude(state__in=ENDED)

    def late(self, on: date) -> Self:
        """Open beyond the last day of the rung's time."""
        return self.open().filter(due_on__lt=on)


class Demand(models.Model):
    """诉求 what somebody asks for, until it is answered and the person has said yes, no, or nothing (VOICE-1).

    number_digest: what the follow-up number is found by; the number itself is worked out from `key` and kept nowhere.
    name, phone: sealed, only when the person gave them; a household of the register needs neither. rung: a code of the
    profile's ladder; whoever holds it there is cadre, unit, or the office of `office_code` (with `department`, that
    department). since, due_on, remind_on: of this rung. joined_to: the demand whose answer is this one's too.
    """

    class Door(models.TextChoices):
        VISIT = "visit", _("走访")
        CARD = "card", _("明白卡")
        PAGE = "page", _("村公开网页")
        HOTLINE = "hotline", _("热线")
        PAPER = "paper", _("来信、纸表")
        MAIL = "mail", _("电子邮件")
        IMPORT = "import", _("部门转办清单")

    class State(models.TextChoices):
        HELD = "held", _("待筛查")
        OPEN = "open", _("办理中")
        ANSWERED = "answered", _("待群众确认")
        CLOSED = "closed", _("办结")
        JOINED = "joined", _("并案")
        REFUSED = "refused", _("不是诉求")

    key = models.UUIDField(_("登记编号"), unique=True)
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C", editable=False)
    number_digest = models.CharField(_("查询号摘要"), max_length=32, db_collation="C", editable=False)
    door = models.CharField(_("来源"), max_length=10, choices=Door.choices, db_collation="C")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("村（或乡镇、县）"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="demands", verbose_name=_("户")
    )
    name = SealedTextField(_("姓名"), blank=True)
    phone = SealedTextField(_("电话"), blank=True)
    place = models.CharField(_("地点"), max_length=100, blank=True)
    text = models.CharField(_("诉求"), max_length=4000)
    language = models.CharField(_("原话语言"), max_length=20, blank=True)
    category = models.CharField(_("类别"), max_length=40, db_collation="C")
    never = models.CharField(_("三个绝不能"), max_length=40, db_collation="C", blank=True)
    marked_urgent = models.BooleanField(_("登记时标为紧急"), default=False)
    urgent = models.CharField(_("紧急依据"), max_length=40, db_collation="C", blank=True)
    on = models.DateField(_("提出日期"))
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    ask = models.OneToOneField(
        "fieldwork.Ask", models.PROTECT, null=True, related_name="demand", verbose_name=_("走访中的诉求")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN, db_collation="C")
    rung = models.CharField(_("办理层级"), max_length=40, db_collation="C", blank=True)
    cadre = models.ForeignKey(
        "organisation.Cadre", models.PROTECT, null=True, related_name="demands", verbose_name=_("办理干部")
    )
    unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, null=True, related_name="demands", verbose_name=_("办理单位")
    )
    office_code = models.CharField(_("办理机关区划"), max_length=12, db_collation="C", blank=True)
    department = models.CharField(_("办理部门"), max_length=40, db_collation="C", blank=True)
    since = models.DateTimeField(_("到这一级的时间"), null=True)
    due_on = models.DateField(_("期限"), null=True)
    remind_on = models.DateField(_("提醒日"), null=True)
    joined_to = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="joined", verbose_name=_("并入的诉求")
    )
    people = models.IntegerField(_("提出的人（户）数"), default=1)
    climbed = models.SmallIntegerField(_("逾期上转次数"), default=0)
    moved = models.SmallIntegerField(_("退回、平转次数"), default=0)
    reopened = models.SmallIntegerField(_("群众不认可次数"), default=0)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    objects = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("诉求")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(due_on__isnull=False, since__isnull=False),
                name="grievances_open_has_a_limit",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="joined") | models.Q(joined_to__isnull=False),
                name="grievances_joined_to_one",
            ),
        ]
        indexes = [
            models.Index(fields=["number_digest"], name="grievances_number"),
            models.Index(fields=["area_code", "state", "due_on"], name="grievances_area"),
            models.Index(fields=["office_code", "department", "due_on"], name="grievances_office",
                         condition=models.Q(state="open")),
            models.Index(fields=["cadre", "due_on"], name="grievances_cadre", condition=models.Q(state="open")),
            models.Index(fields=["unit", "due_on"], name="grievances_unit", condition=models.Q(state="open")),
            models.Index(fields=["remind_on"], name="grievances_remind", condition=models.Q(state="open")),
            models.Index(fields=["due_on"], name="grievances_due", condition=models.Q(state="open")),
            models.Index(fields=["household"], name="grievances_household"),
            models.Index(fields=["joined_to"], name="grievances_joined"),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(name="grievances_never_lost", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="grievances_as_said", operation=pgtrigger.UpdateOf(*SAID)),
        ]

    class Privacy:
        personal = ("household", "name", "phone", "place", "text", "number_digest", "digest")
        open = (
            "id", "key", "door", "village", "area_code", "language", "category", "never", "marked_urgent", "urgent",
            "on", "by", "at", "ask", "state", "rung", "cadre", "unit", "office_code", "department", "since", "due_on",
            "remind_on", "joined_to", "people", "climbed", "moved", "reopened", "closed_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def anonymous(self) -> bool:
        return self.household_id is None and not self.name

    def is_late(self, on: date) -> bool:
        return self.state == self.State.OPEN and self.due_on is not None and self.due_on < on


ENDED = (Demand.State.CLOSED, Demand.State.REFUSED)
