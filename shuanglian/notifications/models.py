"""What was told to whom, by which way, and how far it got; how each person wants to be told."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.secrets import SealedTextField


class Channel(models.TextChoices):
    """Ways to a person. Whatever is chosen, every message stands on one's own page too."""

    PAGE = "page", _("站内")
    EMAIL = "email", _("电子邮件")
    SMS = "sms", _("短信")
    CHAT = "chat", _("工作聊天")


class MessageQuerySet(ScopedQuerySet):
    def due(self, at: object) -> Self:
        """What waits to go out and may go out now."""
        return self.filter(state__in=OPEN, not_before__lte=at)


class Choice(models.Model):
    """通知方式 how one person wants to be told: one way beside one's own page, with its address, in which language."""

    user = models.OneToOneField(
        "accounts.User", models.CASCADE, related_name="notification_choice", verbose_name=_("用户")
    )
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", blank=True, editable=False)
    channel = models.CharField(_("途径"), max_length=8, choices=Channel.choices, default=Channel.PAGE)
    address = SealedTextField(_("地址"), blank=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    off = models.BooleanField(_("只在站内"), default=False)
    changed_at = models.DateTimeField(_("修改时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知方式")

    class Privacy:
        personal = ("address",)
        open = ("id", "user", "area_code", "channel", "language", "off", "changed_at")

    def __str__(self) -> str:
        return str(self.user_id)


class Message(models.Model):
    """通知 one message to one person: a template and its values, told in the reader's language; how far it got.

    address: where it went, masked (z***@…): the full one is only in the person's Choice. once: what makes it the same
    message again. link: the page that it is about. sent_at: when it stood on the page or the gateway took it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("失败，将重试")
        GIVEN_UP = "given_up", _("发送失败")

    to = models.ForeignKey("accounts.User", models.CASCADE, related_name="messages", verbose_name=_("收件人"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", blank=True, editable=False)
    channel = models.CharField(_("途径"), max_length=8, choices=Channel.choices)
    address = models.CharField(_("地址（已遮盖）"), max_length=100, blank=True)
    template = models.CharField(_("模板"), max_length=60, db_collation="C")
    params = models.JSONField(_("内容"), default=dict)
    about = models.CharField(_("关于"), max_length=80, blank=True, db_collation="C")
    link = models.CharField(_("页面"), max_length=200, blank=True)
    once = models.CharField(_("防重标记"), max_length=120, unique=True, null=True, db_collation="C", editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING, db_collation="C")
    tries = models.SmallIntegerField(_("已试次数"), default=0)
    not_before = models.DateTimeField(_("最早发送时间"))
    sent_at = models.DateTimeField(_("发送时间"), null=True)
    error = models.CharField(_("失败原因"), max_length=300, blank=True)
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+", verbose_name=_("发起人"))
    at = models.DateTimeField(_("产生时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True)
    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["to", "-id"], name="notifications_to"),
            models.Index(
                fields=["not_before"], condition=models.Q(state__in=["waiting", "failed"]), name="notifications_due"
            ),
            models.Index(fields=["area_code", "state", "-id"], name="notifications_area"),
        ]
        triggers = [
            pgtrigger.Protect(  # what somebody was told is not told otherwise afterwards
                name="notifications_said", operation=pgtrigger.UpdateOf("to_id", "template", "params", "about", "at"),
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("address", "params", "about", "link", "error")
        open = (
            "id", "to", "area_code", "channel", "template", "once", "state", "tries", "not_before", "sent_at", "by",
            "at", "read_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.template} → {self.to_id}"


OPEN = (Message.State.WAITING, Message.State.FAILED)
