"""The nouns of mediation: a dispute without names, what names people kept apart and sealed, screening (VOICE-5).

Nothing points from a person or a household to a dispute: parties are sealed texts, no foreign keys, so that no list, no
export and no rule can tell who is one. No row history is kept of what will be deleted.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.secrets import SealedTextField
from shuanglian.fieldwork.models.base import never_changed

SAID = ("key", "village_id", "door", "on", "by_id", "at")


def _area_code() -> models.CharField:
    return models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)


def _code(label: Any, length: int = 40, **more: Any) -> models.CharField:
    return models.CharField(label, max_length=length, db_collation="C", **more)


def _by(label: Any, **more: Any) -> models.ForeignKey:
    return models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=label, **more)


class DisputeQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Being mediated."""
        return self.filter(state=Dispute.State.OPEN)

    def late(self, on: date) -> Self:
        return self.open().filter(due_on__lt=on)


class Dispute(models.Model):
    """矛盾纠纷 a dispute that was noticed: its kind, where, who mediates, how it ended; names are kept apart (VOICE-5).

    level, office: who mediates now; solved_at: the level at which it ended. tendency: others of the kind are to be
    expected. people: how many are involved. follow_on: when somebody looks whether the agreement holds. keep_until: the
    day on which what names people is deleted; gone_at, gone_why: when and why it was. demand: taken out then too.
    """

    class Door(models.TextChoices):
        VISIT = "visit", _("干部走访发现")
        VILLAGE = "village", _("村里排查")
        OFFICE = "office", _("机关登记")
        DEMAND = "demand", _("群众诉求")

    class State(models.TextChoices):
        OPEN = "open", _("调解中")
        AGREED = "agreed", _("已达成协议，待回访")
        CLOSED = "closed", _("办结")

    class Gone(models.TextChoices):
        NO = "", _("还在保存期")
        RULE = "rule", _("到期按规定删除")
        ASKED = "asked", _("当事人要求删除")

    key = models.UUIDField(_("登记编号"), unique=True)
    digest = _code(_("内容指纹"), 64, editable=False, blank=True)
    kind = _code(_("类别"))
    tendency = models.BooleanField(_("倾向性问题"), default=False)
    people = models.IntegerField(_("涉及人数"), default=2)
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("村"))
    area_code = _area_code()
    door = _code(_("来源"), 10, choices=Door.choices)
    demand = models.OneToOneField(
        "grievances.Demand", models.PROTECT, null=True, related_name="+", verbose_name=_("诉求")
    )
    on = models.DateField(_("发现日期"))
    by = _by(_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    state = _code(_("状态"), 10, choices=State.choices, default=State.OPEN)
    level = _code(_("调处层级"), 10)
    office = _code(_("调处机关"), 12)
    since = models.DateTimeField(_("到这一级的时间"))
    due_on = models.DateField(_("期限"), null=True)
    remind_on = models.DateField(_("提醒日"), null=True)
    climbed = models.SmallIntegerField(_("逾期上转次数"), default=0)
    mediator = _by(_("调解人"), null=True)
    end = _code(_("怎样了结"), blank=True)
    solved_at = _code(_("在哪一级解决"), 10, blank=True)
    follow_on = models.DateField(_("回访日期"), null=True)
    closed_by = _by(_("办结人"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    keep_until = models.DateField(_("姓名和记录保存到"), null=True)
    gone_at = models.DateTimeField(_("删除时间"), null=True)
    gone_why = _code(_("删除依据"), 6, choices=Gone.choices, blank=True)
    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("矛盾纠纷")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(due_on__isnull=False), name="disputes_open_has_a_limit"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(keep_until__isnull=False),
                name="disputes_closed_ends_once",
            ),
            models.CheckConstraint(
                condition=models.Q(gone_at=None) | models.Q(state="closed", demand=None, digest=""),
                name="disputes_gone_is_gone",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "state", "-id"], name="disputes_area"),
            models.Index(fields=["office", "due_on"], name="disputes_office", condition=models.Q(state="open")),
            models.Index(fields=["keep_until"], name="disputes_keep", condition=models.Q(gone_at=None)),
            models.Index(fields=["area_code", "on"], name="disputes_month"),
        ]
        triggers = [
            pgtrigger.Protect(name="disputes_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="disputes_as_said", operation=pgtrigger.UpdateOf(*SAID)),
        ]

    class Privacy:
        personal = ("demand", "digest")
        open = (
            "id", "key", "kind", "tendency", "people", "village", "area_code", "door", "on", "by", "at", "state",
            "level", "office", "since", "due_on", "remind_on", "climbed", "mediator", "end", "solved_at", "follow_on",
            "closed_by", "closed_at", "keep_until", "gone_at", "gone_why",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk}"

    def is_late(self, on: date) -> bool:
        return self.state == self.State.OPEN and self.due_on is not None and self.due_on < on


class Party(models.Model):
    """当事人 somebody who is party to a dispute; every word of it sealed, deleted with its time (VOICE-5).

    home: the number of his household, when it is in the register; only asked whether a mediator is its relative.
    """

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="parties", verbose_name=_("矛盾纠纷"))
    area_code = _area_code()
    name = SealedTextField(_("姓名"))
    phone = SealedTextField(_("电话"), blank=True)
    home = SealedTextField(_("户编号"), blank=True)
    by = _by(_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("纠纷当事人")
        ordering = ["id"]

    class Privacy:
        personal = ("name", "phone", "home")
        open = ("id", "dispute", "area_code", "by", "at")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Record(models.Model):
    """调解记录 what was told, said at a meeting, agreed, found at a follow-up visit; sealed, emptied with time.

    present: how many came to a meeting. holds: what a follow-up visit found. A signed scan stands beside it.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", _("发现情况")
        MEETING = "meeting", _("调解")
        AGREEMENT = "agreement", _("协议")
        VISIT = "visit", _("协议回访")
        WHY = "why", _("说明")

    class Holds(models.TextChoices):
        NONE = "", "—"
        YES = "yes", _("协议履行了")
        PARTLY = "partly", _("履行了一部分")
        NO = "no", _("没有履行")

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="records", verbose_name=_("矛盾纠纷"))
    area_code = _area_code()
    kind = _code(_("类型"), 10, choices=Kind.choices)
    on = models.DateField(_("日期"))
    present = models.SmallIntegerField(_("到场人数"), null=True)
    holds = _code(_("履行情况"), 6, choices=Holds.choices, blank=True)
    text = SealedTextField(_("内容"), blank=True)
    by = _by(_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("调解记录")
        ordering = ["id"]
        indexes = [models.Index(fields=["dispute", "id"], name="disputes_record_dispute")]
        triggers = [
            pgtrigger.Protect(name="disputes_record_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="disputes_record_only_emptied", level=pgtrigger.Row, when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                IF (NEW.text <> '' AND NEW.text IS DISTINCT FROM OLD.text) OR
                    (to_jsonb(OLD) - ARRAY['text','area_code']) IS DISTINCT FROM
                    (to_jsonb(NEW) - ARRAY['text','area_code'])
                THEN RAISE EXCEPTION 'a record of mediation is emptied, never changed'; END IF;
                RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("text",)
        open = ("id", "dispute", "area_code", "kind", "on", "present", "holds", "by", "at")

    def __str__(self) -> str:
        return f"#{self.dispute_id} {self.kind}"


class Step(models.Model):
    """调处步骤 what happened to a dispute, without a word about anybody; never changed. by: None for the system."""

    class Kind(models.TextChoices):
        NOTICED = "noticed", _("发现")
        ASSIGNED = "assigned", _("已指定调解人")
        FREED = "freed", _("调解人回避")
        MET = "met", _("调解")
        CLIMBED = "climbed", _("逾期上转")
        PASSED_UP = "passed_up", _("报上级")
        AGREED = "agreed", _("达成协议")
        VISITED = "visited", _("协议回访")
        REOPENED = "reopened", _("重新调解")
        CLOSED = "closed", _("办结")
        GONE = "gone", _("删除姓名和记录")

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="steps", verbose_name=_("矛盾纠纷"))
    area_code = _area_code()
    kind = _code(_("步骤"), 10, choices=Kind.choices)
    level = _code(_("层级"), 10, blank=True)
    by = _by(_("办理人"), null=True)
    at = models.DateTimeField(_("时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("调处步骤")
        ordering = ["id"]
        indexes = [models.Index(fields=["dispute", "id"], name="disputes_step_dispute")]
        triggers = never_changed("disputes_step")

    class Privacy:
        personal = ()
        open = ("id", "dispute", "area_code", "kind", "level", "by", "at")

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.kind}"


class Screening(models.Model):
    """排查 a village looked round in a month and found nothing; what it finds it enters as a dispute."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("村"))
    area_code = _area_code()
    month = models.DateField(_("月份"))
    by = _by(_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("矛盾纠纷排查")
        ordering = ["-month", "area_code"]
        constraints = [models.UniqueConstraint(fields=["village", "month"], name="disputes_looked_once_a_month")]
        indexes = [models.Index(fields=["area_code", "month"], name="disputes_screening_area")]
        triggers = [pgtrigger.Protect(name="disputes_screening_kept", operation=pgtrigger.Delete)]

    class Privacy:
        personal = ()
        open = ("id", "village", "area_code", "month", "by", "at")

    def __str__(self) -> str:
        return f"{self.area_code} {self.month:%Y-%m}"
