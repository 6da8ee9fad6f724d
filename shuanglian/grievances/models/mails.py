"""Letters by e-mail: whom to write back to, and those whose village nobody could tell (VOICE-1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.secrets import SealedTextField


class Mail(models.Model):
    """电子来信 a letter that came by e-mail: waiting to be sorted by a clerk, or taken down as a demand.

    id: worked out from its Message-ID, as the demand's key is, so that the same letter is the same row. sender, name,
    subject, text, note, files ([[where it lies sealed, kind, name], …]): sealed, and but for the first two only until
    it is taken down. A letter that went the safe road has no row here at all. told: whether the number was sent back;
    a send is never a condition.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待登记")
        TAKEN = "taken", _("已登记")
        DROPPED = "dropped", _("不是诉求")

    class Told(models.TextChoices):
        NO = "", _("不用回")
        WAITING = "waiting", _("待回")
        SENT = "sent", _("已回")
        FAILED = "failed", _("没回成")

    id = models.UUIDField(_("编号"), primary_key=True)
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    sender = SealedTextField(_("发件地址"), blank=True)
    sender_digest = models.CharField(_("发件地址摘要"), max_length=32, db_collation="C", blank=True, editable=False)
    name = SealedTextField(_("姓名"), blank=True)
    subject = SealedTextField(_("主题"), blank=True)
    text = SealedTextField(_("内容"), blank=True)
    note = SealedTextField(_("没收下的附件"), blank=True)
    files = SealedTextField(_("附件"), blank=True)
    on = models.DateField(_("日期"))
    at = models.DateTimeField(_("收到时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING, db_collation="C")
    demand = models.OneToOneField(
        "grievances.Demand", models.PROTECT, null=True, related_name="mail", verbose_name=_("诉求")
    )
    told = models.CharField(_("回执"), max_length=8, choices=Told.choices, blank=True, db_collation="C")
    tries = models.SmallIntegerField(_("已试次数"), default=0)
    why = models.CharField(_("不登记的原因"), max_length=200, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("电子来信")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="taken") | models.Q(demand__isnull=False), name="grievances_mail_taken"
            ),
            models.CheckConstraint(condition=~models.Q(state="dropped") | ~models.Q(why=""),
                                   name="grievances_mail_dropped_why"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["area_code", "state", "at"], name="grievances_mail_area"),
            models.Index(fields=["told"], name="grievances_mail_told",
                         condition=models.Q(told__in=["waiting", "failed"])),
            models.Index(fields=["sender_digest", "at"], name="grievances_mail_sender"),
        ]  # fmt: skip

    class Privacy:
        personal = ("sender", "sender_digest", "name", "subject", "text", "note", "files", "why")
        open = ("id", "area_code", "on", "at", "state", "demand", "told", "tries", "by")

    def __str__(self) -> str:
        return str(self.pk)
