"""Phones in the field: which there are, what they sent, what collided, photos on their way (FIELD-1, FIELD-2)."""

from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.forms import translated
from shuanglian.core.secrets import SealedTextField
from shuanglian.kernel.words import Said

from .kinds import LABELS


class Device(models.Model):
    """手机 one person's place on one phone. `install` is the phone, made there; another person on it is another row.

    `key`: 32 bytes in base64 under which the phone keeps its data; the same person on the same phone gets it again.
    """

    id = models.UUIDField(_("编号"), primary_key=True, default=uuid.uuid4, editable=False)
    install = models.UUIDField(_("安装编号"))
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="devices", verbose_name=_("用户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    about = models.JSONField(_("机型"), default=dict)
    key = SealedTextField(_("数据密钥"))
    at = models.DateTimeField(_("启用时间"))
    contact_at = models.DateTimeField(_("最近联系"))
    clock_off = models.IntegerField(_("手机时钟误差（秒）"), null=True)
    waiting = models.IntegerField(_("手机上未上传"), null=True)
    left_at = models.DateTimeField(_("退出时间"), null=True)
    locked_at = models.DateTimeField(_("锁定时间"), null=True)
    locked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("锁定人")
    )
    locked_why = models.CharField(_("锁定原因"), max_length=200, blank=True)
    told_at = models.DateTimeField(_("手机得知锁定"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("手机")
        ordering = ["-contact_at", "id"]
        constraints = [models.UniqueConstraint(fields=["install", "user"], name="phone_one_per_person")]
        indexes = [models.Index(fields=["area_code", "contact_at"], name="phone_device_area")]

    class Privacy:
        personal = ("name", "about", "key")
        open = (
            "id", "install", "user", "area_code", "at", "contact_at", "clock_off", "waiting", "left_at", "locked_at",
            "locked_by", "locked_why", "told_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name or self.short

    @property
    def short(self) -> str:
        """How rows of other rooms name the phone."""
        return self.id.hex[:8]


class Known(models.Model):
    """手机已有数据 what a phone knows: of every household and section a digest of what it was last sent.

    Two at most stand for a phone: the one that it showed last, and the one that it was offered since.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="known", verbose_name=_("手机"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    cursor = models.CharField(_("游标"), max_length=32, unique=True, db_collation="C")
    digests = models.JSONField(_("指纹"), default=dict)
    at = models.DateTimeField(_("时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("手机已有数据")

    class Privacy:
        personal = ("digests",)
        open = ("id", "device", "area_code", "cursor", "at")

    def __str__(self) -> str:
        return self.cursor


class Operation(models.Model):
    """手机操作 one thing that a phone said was done, kept with what became of it: the same again gets the same answer.

    `digest` is that of kind, time, base and body: another content under the same number is refused. `said`: sentence
    and gaps of a refusal. The content itself stands in the rooms that took it.
    """

    class Status(models.TextChoices):
        DONE = "done", _("已入库")
        CONFLICT = "conflict", _("有冲突")
        REFUSED = "refused", _("未采纳")

    id = models.UUIDField(_("编号"), primary_key=True)
    device = models.ForeignKey(Device, models.PROTECT, related_name="operations", verbose_name=_("手机"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    kind = models.CharField(_("类别"), max_length=40, db_collation="C")
    seq = models.BigIntegerField(_("手机序号"))
    told_at = models.DateTimeField(_("手机时间"))
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C")
    status = models.CharField(_("结果"), max_length=10, choices=Status.choices, default=Status.DONE)
    code = models.CharField(_("代码"), max_length=40, blank=True, db_collation="C")
    said = models.JSONField(_("说明"), default=dict)
    about = models.CharField(_("对象"), max_length=80, db_collation="C", blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("操作人"))
    at = models.DateTimeField(_("收到时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("手机操作")
        ordering = ["at", "seq"]
        indexes = [
            models.Index(fields=["device", "seq"], name="phone_operation_device"),
            models.Index(fields=["area_code", "at"], name="phone_operation_area"),
        ]
        triggers = [pgtrigger.Protect(name="operation_never_removed", operation=pgtrigger.Delete)]

    class Privacy:
        personal = ("said", "about")
        open = ("id", "device", "area_code", "kind", "seq", "told_at", "digest", "status", "code", "by", "at")

    def __str__(self) -> str:
        return f"{self.kind} {self.id.hex[:8]}"

    @property
    def kind_label(self) -> Any:
        return LABELS.get(self.kind, self.kind)

    @property
    def why(self) -> str:
        """What a refusal says, in the reader's language."""
        return translated(Said(self.said["sentence"], self.said["params"])) if self.said else ""


class Edit(models.Model):
    """手机改动 the latest edit of one field of one household by one phone, whatever became of it (merging.py).

    `stands`: the register holds its value (`token`) because this phone brought it, alone or with others.
    """

    household = models.ForeignKey("registry.Household", models.CASCADE, related_name="+", verbose_name=_("户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    field = models.CharField(_("字段"), max_length=20, db_collation="C")
    device = models.ForeignKey(Device, models.CASCADE, related_name="+", verbose_name=_("手机"))
    seq = models.BigIntegerField(_("手机序号"))
    stands = models.BooleanField(_("在档"), default=False)
    token = models.CharField(_("值指纹"), max_length=32, db_collation="C", blank=True)
    at = models.DateTimeField(_("时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("手机改动")
        constraints = [
            models.UniqueConstraint(fields=["household", "field", "device"], name="phone_latest_edit"),
        ]

    class Privacy:
        personal = ("household", "token")
        open = ("id", "area_code", "field", "device", "seq", "stands", "at")

    def __str__(self) -> str:
        return f"{self.household_id} {self.field}"


class Conflict(models.Model):
    """手机冲突 a value that a phone brought for a field which somebody else had changed meanwhile: a person chooses.

    `mine` is the phone's value, `theirs` what the register held then (sealed: telephone numbers are among them).
    """

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        SETTLED = "settled", _("已处理")
        OVERTAKEN = "overtaken", _("已被同一手机的后一次改动取代")
        AGREED = "agreed", _("两处已一致")

    household = models.ForeignKey("registry.Household", models.CASCADE, related_name="+", verbose_name=_("户"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    field = models.CharField(_("字段"), max_length=20, db_collation="C")
    device = models.ForeignKey(Device, models.PROTECT, related_name="conflicts", verbose_name=_("手机"))
    operation = models.ForeignKey(Operation, models.PROTECT, related_name="conflicts", verbose_name=_("操作"))
    mine = SealedTextField(_("手机填写"), blank=True)
    theirs = SealedTextField(_("档案原值"), blank=True)
    their_name = models.CharField(_("档案由谁改"), max_length=150, blank=True)
    their_at = models.DateTimeField(_("档案何时改"), null=True)
    told_at = models.DateTimeField(_("手机填写时间"))
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("填写人"))
    at = models.DateTimeField(_("收到时间"))
    state = models.CharField(_("处理"), max_length=10, choices=State.choices, default=State.OPEN)
    chosen = SealedTextField(_("选定的值"), blank=True)
    settled_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("处理人")
    )
    settled_at = models.DateTimeField(_("处理时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("手机冲突")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "field", "device"],
                condition=models.Q(state="open"),
                name="phone_one_open_conflict",
            )
        ]
        indexes = [models.Index(fields=["area_code", "state", "at"], name="phone_conflict_area")]

    class Privacy:
        personal = ("household", "mine", "theirs", "their_name", "chosen")
        open = (
            "id", "area_code", "field", "device", "operation", "their_at", "told_at", "by", "at", "state", "settled_by",
            "settled_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.household_id} {self.field}"


class Upload(models.Model):
    """照片上传 a photo of a visit on its way: how long it will be, its digest, how much is here."""

    operation = models.OneToOneField(
        Operation, models.PROTECT, primary_key=True, related_name="upload", verbose_name=_("操作")
    )
    device = models.ForeignKey(Device, models.PROTECT, related_name="uploads", verbose_name=_("手机"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    visit = models.UUIDField(_("走访编号"))
    taken_at = models.DateTimeField(_("拍摄时间"), null=True)
    total = models.IntegerField(_("字节数"))
    digest = models.CharField(_("文件指纹"), max_length=64, db_collation="C")
    have = models.IntegerField(_("已收到"), default=0)
    at = models.DateTimeField(_("登记时间"))
    done_at = models.DateTimeField(_("完成时间"), null=True)
    refused = models.CharField(_("未采纳原因"), max_length=40, blank=True, db_collation="C")
    said = models.JSONField(_("说明"), default=dict)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("照片上传")
        indexes = [models.Index(fields=["device", "done_at"], name="phone_upload_device")]

    class Privacy:
        personal = ("taken_at", "said")
        open = ("operation", "device", "area_code", "visit", "total", "digest", "have", "at", "done_at", "refused")

    def __str__(self) -> str:
        return f"{self.operation_id} {self.have}/{self.total}"


class Piece(models.Model):
    """照片片段 one piece of a photo, sealed; gone as soon as the photo is whole."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="pieces", verbose_name=_("照片"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    offset = models.IntegerField(_("起点"))
    data = models.BinaryField(_("内容"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("照片片段")
        ordering = ["upload", "offset"]
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="phone_piece_once")]

    class Privacy:
        personal = ("data",)
        open = ("id", "upload", "area_code", "offset")

    def __str__(self) -> str:
        return f"{self.upload_id} {self.offset}"
