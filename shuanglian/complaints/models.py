"""The nouns of safe letters (VOICE-6, FIELD-6, FUND-6, ASSESS-12).

No row here has a running number: keys are random, so that no gap, no sequence and no address tells how many there are.
No table here has a row history. The pages' database role sees rows of the reader's own office only if the reader is one
of its named officers (web/scope.py); everything that must see more is done by the owner.
"""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.secrets import SealedTextField
from shuanglian.fieldwork.models.base import never_changed


class OfficerQuerySet(ScopedQuerySet):
    def on(self, day: date) -> Self:
        """Named on a day, both ends in."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class Officer(models.Model):
    """受理人 who may read safe letters of one office: named, with dates, by the office above or the administrator."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("受理人"))
    area_code = models.CharField(_("受理机关区划"), max_length=12, db_collation="C", editable=False)
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("指定人"))
    at = models.DateTimeField(_("指定时间"))
    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("安全信件受理人")
        ordering = ["area_code", "since", "at"]
        indexes = [models.Index(fields=["area_code", "user"], name="complaints_officer_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "area_code"], condition=Q(until=None), name="complaints_officer_once"
            ),
            models.CheckConstraint(condition=~Q(user=models.F("by")), name="complaints_officer_not_by_himself"),
        ]
        triggers = never_changed("complaints_officer", "until")

    class Privacy:
        personal = ()
        open = ("id", "user", "area_code", "since", "until", "by", "at")

    def __str__(self) -> str:
        return str(self.user_id)


class Complaint(models.Model):
    """安全信件 what somebody says about conduct, falsification or money; everything said is sealed.

    office_code: the office that reads it now, at or above the county and above every level named; first_code: the one
    that read it first, for the yearly figures. content: JSON {kind, prohibition, accused, offices, village, place,
    text, door, language, by, away: {cadres, units, users}}; `away` is who must not read it. identity: sealed under its
    own key, empty when nobody gave one. due_on is for taking it up, answering it, or the complainant's word.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("已收到")
        EXAMINED = "examined", _("核查中")
        ANSWERED = "answered", _("已答复，等本人说满意不满意")
        CLOSED = "closed", _("办结")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.UUIDField(_("登记编号"), unique=True)
    number_digest = models.CharField(_("查询号指纹"), max_length=32, db_collation="C", unique=True, editable=False)
    office_code = models.CharField(_("受理机关区划"), max_length=12, db_collation="C", editable=False)
    first_code = models.CharField(_("首次受理机关区划"), max_length=12, db_collation="C", editable=False)
    content = SealedTextField(_("反映内容"))
    words = models.CharField(_("文字指纹"), max_length=32, db_collation="C", editable=False)
    identity = models.TextField(_("反映人（另钥密封）"), blank=True, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, db_collation="C")
    outcome = models.CharField(_("结果"), max_length=30, blank=True, db_collation="C")
    due_on = models.DateField(_("期限"))
    remind_on = models.DateField(_("提醒日期"), null=True)
    on = models.DateField(_("收到日期"))
    at = models.DateTimeField(_("收到时间"))
    closed_on = models.DateField(_("办结日期"), null=True)
    objects: models.Manager[Complaint] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = _("安全信件")
        ordering = ["due_on", "at"]
        indexes = [models.Index(fields=["office_code", "state", "due_on"], name="complaints_office")]
        triggers = never_changed(
            "complaints_complaint", "office_code", "first_code", "identity", "state", "outcome", "due_on", "remind_on",
            "closed_on",
        )  # fmt: skip

    class Privacy:
        personal = ("key", "content", "words", "identity", "number_digest", "outcome", "at", "on")
        open = ("id", "office_code", "first_code", "state", "due_on", "remind_on", "closed_on")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_over(self) -> bool:
        return self.state == self.State.CLOSED


class Step(models.Model):
    """信件记录 what happened to a letter, never changed: kept with the letter, and nowhere else.

    by: None when the complainant or the night did it. shown: whether the follow page tells the complainant.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("收到")
        ADDED = "added", _("反映人补充")
        READ = "read", _("打开")
        EXAMINED = "examined", _("开始核查")
        ASKED = "asked", _("请反映人补充")
        ANSWERED = "answered", _("答复")
        PASSED_UP = "passed_up", _("报上级受理")
        CLIMBED = "climbed", _("到期转上级")
        UNREAD = "unread", _("本级没有能看的人，转上级")
        REMINDED = "reminded", _("将到期")
        OVERDUE = "overdue", _("超期")
        CONFIRMED = "confirmed", _("反映人满意")
        DENIED = "denied", _("反映人不满意")
        SILENT = "silent", _("到期没有表示，办结")
        OPENING_ASKED = "opening_asked", _("申请打开身份")
        OPENING_AGREED = "opening_agreed", _("同意打开身份")
        OPENING_REFUSED = "opening_refused", _("不同意打开身份")
        IDENTITY_SEEN = "identity_seen", _("看了身份")
        IDENTITY_GONE = "identity_gone", _("身份已删除")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="steps", verbose_name=_("信件"))
    kind = models.CharField(_("事项"), max_length=20, choices=Kind.choices, db_collation="C")
    office_code = models.CharField(_("当时的受理机关"), max_length=12, db_collation="C", editable=False)
    text = SealedTextField(_("内容"), blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))
    at = models.DateTimeField(_("时间"))
    place = models.SmallIntegerField(_("次序"))
    objects: models.Manager[Step] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = _("信件记录")
        ordering = ["complaint", "place"]
        constraints = [models.UniqueConstraint(fields=["complaint", "place"], name="complaints_step_place")]
        triggers = never_changed("complaints_step")

    class Privacy:
        personal = ("complaint", "kind", "text", "by", "at")
        open = ("id", "office_code", "place")

    def __str__(self) -> str:
        return self.kind


class Photo(models.Model):
    """信件照片 a photo that came with a letter: stripped, sealed on disk under a random name, in no other list."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="photos", verbose_name=_("信件"))
    file = models.CharField(_("存放"), max_length=80, db_collation="C", editable=False)
    place = models.SmallIntegerField(_("次序"))
    objects: models.Manager[Photo] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = _("信件照片")
        ordering = ["complaint", "place"]
        triggers = never_changed("complaints_photo")

    class Privacy:
        personal = ("complaint", "file")
        open = ("id", "place")

    def __str__(self) -> str:
        return str(self.pk)


class Opening(models.Model):
    """打开身份 one officer asks with a reason, another of the same office agrees; then both see it for some hours."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="openings", verbose_name=_("信件"))
    why = SealedTextField(_("理由"))
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    answered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("另一受理人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    agreed = models.BooleanField(_("同意"), null=True)
    until = models.DateTimeField(_("可看到"), null=True)
    objects: models.Manager[Opening] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = _("打开身份")
        ordering = ["complaint", "asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=models.F("asked_by")), name="complaints_two_officers"
            ),
        ]
        triggers = never_changed("complaints_opening", "answered_by_id", "answered_at", "agreed", "until")

    class Privacy:
        personal = ("complaint", "why", "asked_by", "asked_at", "answered_by", "answered_at", "agreed", "until")
        open = ("id",)

    def __str__(self) -> str:
        return str(self.pk)


class Attempt(models.Model):
    """打探 somebody tried to open what is not his to open; shown to the officers of the level above him.

    The same line whether or not there is anything behind the address that he tried.
    """

    class What(models.TextChoices):
        LIST = "list", _("信件列表")
        LETTER = "letter", _("一封信件")
        NUMBER = "number", _("登录后试查询号")
        OTHER = "other", _("其他页面")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    area_code = models.CharField(_("看得到的机关区划"), max_length=12, db_collation="C", editable=False)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("用户"))
    what = models.CharField(_("试了什么"), max_length=10, choices=What.choices, db_collation="C")
    path = models.CharField(_("地址"), max_length=200)
    at = models.DateTimeField(_("时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("打探记录")
        ordering = ["-at"]
        indexes = [models.Index(fields=["area_code", "-at"], name="complaints_attempt_area")]
        triggers = never_changed("complaints_attempt")

    class Privacy:
        personal = ("user", "path", "at", "what")
        open = ("id", "area_code")

    def __str__(self) -> str:
        return str(self.pk)


class Turn(models.Model):
    """来信计数 how often one web address sent a letter within one hour; a table of its own, shut to every page.

    In the common one a count more would tell that a letter came.
    """

    who = models.CharField(_("地址指纹"), max_length=32, primary_key=True, db_collation="C")
    since = models.DateTimeField(_("起"))
    count = models.IntegerField(_("次数"), default=1)
    objects: models.Manager[Turn] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = _("来信计数")
        indexes = [models.Index(fields=["since"], name="complaints_turn_since")]

    class Privacy:
        personal = ("who",)
        open = ("since", "count")

    def __str__(self) -> str:
        return self.who
