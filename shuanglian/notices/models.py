"""What the village sees and what it says to it: notices and objections (REG-4, FUND-6)."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.profile import language
from shuanglian.core.secrets import SealedTextField

if TYPE_CHECKING:
    from shuanglian.rules.notice_shapes import NoticeKind


class NoticeQuerySet(ScopedQuerySet):
    def current(self, on: date) -> Self:
        """Notices that the public sees on a day."""
        open_end = models.Q(closes_on=None) | models.Q(closes_on__gte=on)
        return self.filter(open_end, withdrawn_at=None, opens_on__lte=on)

    def past(self, on: date) -> Self:
        """Notices whose time is over, or that were withdrawn."""
        return self.filter(~models.Q(withdrawn_at=None) | models.Q(closes_on__lt=on))


def _area_code() -> models.CharField:
    return models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)


def _by(label: Any, **more: Any) -> models.ForeignKey:
    return models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=label, **more)


def canonical(value: Any) -> str:
    """One text for one content, whatever order its keys came in."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Notice(models.Model):
    """公示 what a village is shown, for how many full days; its rows and sections as shown, sealed, never changed.

    `closes_on` is the last full day, None while an open objection keeps the clock still: worked out anew by every verb
    from the recorded times (rules.notice_clock). `about` names what it belongs to (`room.model:number`).
    """

    code = models.CharField(_("公示号"), max_length=24, unique=True, db_collation="C", editable=False)
    kind = models.CharField(_("种类"), max_length=40, db_collation="C")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("公示地"))
    area_code = _area_code()
    place = models.CharField(_("公示地名称"), max_length=200)
    title = models.JSONField(_("标题"), default=dict)
    rows = SealedTextField(_("公示内容"))
    sections = SealedTextField(_("其他段落"), blank=True)
    about = models.CharField(_("所属"), max_length=80, blank=True, db_collation="C")
    opens_on = models.DateField(_("张贴日期"))
    days = models.SmallIntegerField(_("公示天数"))
    closes_on = models.DateField(_("最后一天"), null=True)
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C", editable=False)
    by = _by(_("发布人"), null=True)
    at = models.DateTimeField(_("发布时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_by = _by(_("撤回人"), null=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=200, blank=True)
    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("公示")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["area_code", "closes_on", "id"], name="notice_area_closes"),
            models.Index(fields=["about"], name="notice_about"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(days__gte=1), name="notice_days"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_why="")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_why="")),
                name="notice_withdrawn_with_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete
                | pgtrigger.UpdateOf(
                    "code",
                    "kind",
                    "place",
                    "title",
                    "rows",
                    "sections",
                    "about",
                    "opens_on",
                    "days",
                    "digest",
                    "by_id",
                    "at",
                ),
            )
        ]

    class Privacy:
        personal = ("rows", "sections", "about")
        open = (
            "id", "code", "kind", "area", "area_code", "place", "title", "opens_on", "days", "closes_on", "digest",
            "by", "at", "withdrawn_at", "withdrawn_by", "withdrawn_why",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.headline

    @property
    def headline(self) -> str:
        """The title in the reader's language."""
        return str(self.title.get(language()) or self.title.get("zh") or self.kind)

    @property
    def shown_rows(self) -> list[dict[str, Any]]:
        """The rows as shown, each with its `key`."""
        return list(json.loads(self.rows)) if self.rows else []

    @property
    def shown_sections(self) -> list[dict[str, dict[str, str]]]:
        """[{"title": {zh, en}, "text": {zh, en}}]"""
        return list(json.loads(self.sections)) if self.sections else []

    def kind_entry(self) -> NoticeKind | None:
        """The profile's entry of the kind, also of one that has ended since."""
        from shuanglian.core.profile import active

        return active().notices.kinds.get(self.kind)

    def row(self, key: str) -> dict[str, Any] | None:
        """One row by its key."""
        return next((one for one in self.shown_rows if one["key"] == key), None)


class Objection(models.Model):
    """异议 what somebody says against a notice, or against one row of it (`row` is its key; empty: all of it).

    Text and identity are sealed; the number to follow it by is not kept, only its keyed digest. Who objected is for the
    answering office of the township or county alone, and each look is logged.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        ANSWERED = "answered", _("已答复")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("意见成立")
        PARTLY = "partly", _("部分成立")
        UNFOUNDED = "unfounded", _("意见不成立")
        ELSEWHERE = "elsewhere", _("不属于本公示，已告知去处")
        REPEATED = "repeated", _("重复意见，不另停算")

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections", verbose_name=_("公示"))
    area_code = _area_code()
    row = models.CharField(_("针对的行"), max_length=40, blank=True, db_collation="C")
    form_key = models.UUIDField(_("表单号"), unique=True, editable=False)
    number_digest = models.CharField(_("查询号指纹"), max_length=32, unique=True, db_collation="C", editable=False)
    text = SealedTextField(_("意见"))
    text_digest = models.CharField(_("意见指纹"), max_length=32, db_collation="C", editable=False)
    name = SealedTextField(_("提意见人"), blank=True)
    phone = SealedTextField(_("提意见人电话"), blank=True)
    due_on = models.DateField(_("应答复日期"))
    at = models.DateTimeField(_("收到时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(_("处理结果"), max_length=12, choices=Outcome.choices, blank=True)
    answer = SealedTextField(_("答复"), blank=True)
    answered_by = _by(_("答复人"), null=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("异议")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["notice", "row"], name="objection_notice_row"),
            models.Index(fields=["area_code", "state", "due_on"], name="objection_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at=None, answered_by=None, outcome="")
                | (models.Q(state="answered", answered_at__isnull=False) & ~models.Q(outcome="")),
                name="objection_answered_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at=None) | models.Q(answered_at__gte=models.F("at")),
                name="objection_answered_after",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete
                | pgtrigger.UpdateOf(
                    "notice_id",
                    "row",
                    "form_key",
                    "number_digest",
                    "text",
                    "text_digest",
                    "name",
                    "phone",
                    "due_on",
                    "at",
                ),
            ),
            pgtrigger.Protect(
                name="answered_once",
                operation=pgtrigger.UpdateOf("state", "outcome", "answer", "answered_by_id", "answered_at"),
                condition=pgtrigger.Q(old__state="answered"),
            ),
        ]

    class Privacy:
        personal = ("row", "text", "text_digest", "name", "phone", "answer", "form_key", "number_digest")
        open = (
            "id", "notice", "area_code", "due_on", "at", "state", "outcome", "answered_by", "answered_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return str(_("异议 {number}")).format(number=self.pk)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Repetition(models.Model):
    """重复认定 one person's finding that an objection only repeats an answered one, and another person's word on it.

    Agreed to, the objection is answered as repeated and stops no clock; not agreed to, it is answered like any other.
    """

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="repetitions", verbose_name=_("异议"))
    of = models.ForeignKey(Objection, models.PROTECT, related_name="+", verbose_name=_("所重复的异议"))
    area_code = _area_code()
    why = SealedTextField(_("理由"))
    by = _by(_("提出人"))
    at = models.DateTimeField(_("提出时间"))
    agreed = models.BooleanField(_("是否同意"), null=True)
    decided_by = _by(_("复核人"), null=True)
    decided_at = models.DateTimeField(_("复核时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("重复认定")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["objection"], condition=models.Q(decided_at=None), name="repetition_one_at_a_time"
            ),
            models.CheckConstraint(condition=~models.Q(decided_by=models.F("by")), name="repetition_by_two"),
            models.CheckConstraint(
                condition=models.Q(agreed=None, decided_by=None, decided_at=None)
                | models.Q(agreed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="repetition_decided_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete | pgtrigger.UpdateOf("objection_id", "of_id", "why", "by_id", "at"),
            ),
            pgtrigger.Protect(
                name="decided_once", operation=pgtrigger.UpdateOf("agreed", "decided_by_id", "decided_at"),
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("why",)
        open = ("id", "objection", "of", "area_code", "by", "at", "agreed", "decided_by", "decided_at")

    def __str__(self) -> str:
        return f"{self.objection_id} = {self.of_id}"


class Knock(models.Model):
    """来访计数 how often one web address did one thing within one hour; the address is kept as a keyed digest only."""

    what = models.CharField(_("事项"), max_length=10, db_collation="C")
    who = models.CharField(_("地址指纹"), max_length=32, db_collation="C")
    since = models.DateTimeField(_("起"))
    count = models.IntegerField(_("次数"), default=1)

    class Meta:
        verbose_name = verbose_name_plural = _("来访计数")
        constraints = [models.UniqueConstraint(fields=["what", "who", "since"], name="knock_once")]
        indexes = [models.Index(fields=["since"], name="knock_since")]

    class Privacy:
        personal = ("who",)
        open = ("id", "what", "since", "count")

    def __str__(self) -> str:
        return f"{self.what} {self.since}"
