"""One case and its story: what was opened under which rules, where it stands, every act in an unbreakable chain."""

from __future__ import annotations

import json
from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.secrets import SealedTextField

from .common import by_field, code_field, kept


class Edition(models.Model):
    """规程版本 a procedure as it was in force when cases were opened: they go on by it, whatever comes later.

    `written` is Procedure.written(); `version` its digest. No person stands in it.
    """

    procedure = models.CharField(_("程序"), max_length=40, db_collation="C")
    version = models.CharField(_("版本"), max_length=12, unique=True, db_collation="C")
    profile = models.CharField(_("方案"), max_length=80)
    written = models.JSONField(_("内容"))
    at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("规程版本")
        triggers = [kept("procedure", "version", "profile", "written", "at")]

    class Privacy:
        personal = ()
        open = ("id", "procedure", "version", "profile", "written", "at")

    def __str__(self) -> str:
        return f"{self.procedure} {self.version}"


class CaseList(models.Model):
    """批次 one list of cases that keeps its number from the village's meeting to the county's approval.

    A township's list takes villages' lists in (`part_of`); each keeps its own number and its held-back cases.
    """

    procedure = models.CharField(_("程序"), max_length=40, db_collation="C")
    name = models.CharField(_("名称"), max_length=80)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    area_code = code_field()
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", verbose_name=_("并入"))
    opened_on = models.DateField(_("日期"))
    by = by_field(_("建立人"))
    at = models.DateTimeField(_("建立时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("批次")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="caselist_area")]
        triggers = [kept("procedure", "opened_on", "by_id", "at")]

    class Privacy:
        personal = ()
        open = ("id", "procedure", "name", "area", "area_code", "part_of", "opened_on", "by", "at")

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def number(self) -> str:
        """批次号, the same on every level and every paper."""
        return f"P{self.opened_on:%Y}-{self.pk:05d}"


class Case(models.Model):
    """办理事项 one household, person, newcomer or village on its way through a procedure (REG-4).

    Where it stands is worked out by rules.procedure_machine and written by actions.moving alone. `subject` names what
    it is about (`registry.household:12`); `asked` holds what is applied for (sealed: it may hold numbers of people).
    `doers`: step → users who acted there, ever; `signed`: post → user, of the step it is at.
    """

    class Stand(models.TextChoices):
        OPEN = "open", _("办理中")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未通过")
        WITHDRAWN = "withdrawn", _("已撤回")
        ANNOUNCED = "announced", _("已公告")

    procedure = models.CharField(_("程序"), max_length=40, db_collation="C")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="cases", verbose_name=_("规程版本"))
    kind = models.CharField(_("对象种类"), max_length=12, db_collation="C")
    subject = models.CharField(_("对象"), max_length=60, db_collation="C")
    exclusive = models.BooleanField(_("改变在册状态"), default=True)
    label = models.CharField(_("名称"), max_length=120)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = code_field()
    list = models.ForeignKey(CaseList, models.PROTECT, null=True, related_name="cases", verbose_name=_("批次"))
    why = models.TextField(_("理由"), blank=True)
    asked_text = SealedTextField(_("申请内容"), blank=True)
    step = models.CharField(_("步骤"), max_length=40, db_collation="C", blank=True)
    stand = models.CharField(_("状态"), max_length=10, choices=Stand.choices, default=Stand.OPEN)
    posted = models.ForeignKey(
        "notices.Notice", models.PROTECT, null=True, related_name="+", verbose_name=_("正在张榜的公示")
    )
    draw = models.ForeignKey(
        "procedures.Draw", models.PROTECT, null=True, related_name="cases", verbose_name=_("所属抽查")
    )
    held = models.BooleanField(_("扣下"), default=False)
    held_why = models.CharField(_("扣下原因"), max_length=200, blank=True)
    finding = models.CharField(_("复核结论"), max_length=10, blank=True)
    doers = models.JSONField(_("经办人"), default=dict)
    signed = models.JSONField(_("已签字"), default=dict)
    opened_on = models.DateField(_("受理日期"))
    last_on = models.DateField(_("最近办理日期"))
    by = by_field(_("受理人"))
    at = models.DateTimeField(_("受理时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("办理事项")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["area_code", "step", "id"], name="case_area_step"),
            models.Index(fields=["subject", "-id"], name="case_subject"),
            models.Index(fields=["list", "step"], name="case_list_step"),
            models.Index(fields=["area_code", "procedure", "stand"], name="case_area_procedure"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "procedure"], condition=~models.Q(step=""), name="case_one_of_a_procedure"
            ),
            models.UniqueConstraint(
                fields=["subject"], condition=~models.Q(step="") & models.Q(exclusive=True), name="case_one_exclusive"
            ),
            models.CheckConstraint(
                condition=~models.Q(stand__in=["refused", "withdrawn", "announced"]) | models.Q(step=""),
                name="case_over_has_no_step",
            ),
            models.CheckConstraint(condition=models.Q(last_on__gte=models.F("opened_on")), name="case_days_in_order"),
        ]
        triggers = [
            kept("procedure", "edition_id", "kind", "subject", "opened_on", "by_id", "at"),
            pgtrigger.Trigger(
                name="over_stays_over", level=pgtrigger.Row, when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__step="") & pgtrigger.Q(old__stand__df=pgtrigger.F("new__stand")),
                func="RAISE EXCEPTION 'a case that is over does not move again';",
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("subject", "label", "why", "asked_text", "held_why", "finding")
        open = (
            "id", "procedure", "edition", "kind", "exclusive", "area", "area_code", "list", "step", "stand", "posted",
            "draw", "held", "doers", "signed", "opened_on", "last_on", "by", "at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    @property
    def number(self) -> str:
        """事项号"""
        return f"{self.opened_on:%Y}-{self.pk:06d}"

    @property
    def key(self) -> str:
        """What its subject is called among its kind: the part behind the colon."""
        return self.subject.partition(":")[2]

    @property
    def asked(self) -> dict[str, Any]:
        """What is applied for, as the one who opened it wrote it; empty when the procedure alone says it."""
        return dict(json.loads(self.asked_text)) if self.asked_text else {}

    @property
    def over(self) -> bool:
        return not self.step


class Act(models.Model):
    """办理记录 one thing done to a case; append-only, each chained to the one before it by the database itself.

    `deed` as in rules.procedure_machine, or "open". `content`: what was found, votes, the notice, conditions as
    weighed. `number`, `previous` and `digest` are the database's.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="acts", verbose_name=_("事项"))
    area_code = code_field()
    number = models.IntegerField(_("序号"), editable=False, default=0)
    step = models.CharField(_("步骤"), max_length=40, db_collation="C")
    deed = models.CharField(_("动作"), max_length=10, db_collation="C")
    on = models.DateField(_("日期"))
    back_to = models.CharField(_("退回到"), max_length=40, db_collation="C", blank=True)
    why = models.TextField(_("理由"), blank=True)
    content = models.JSONField(_("内容"), default=dict)
    by = by_field(_("办理人"), null=True)
    at = models.DateTimeField(_("登记时间"))
    previous = models.CharField(_("上一指纹"), max_length=64, db_collation="C", editable=False, default="")
    digest = models.CharField(_("指纹"), max_length=64, db_collation="C", editable=False, default="")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("办理记录")
        ordering = ["case", "number"]
        indexes = [
            models.Index(fields=["area_code", "id"], name="act_area"),
            models.Index(fields=["by", "-id"], name="act_by"),
        ]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="act_in_order")]
        triggers = [
            kept(
                "case_id", "number", "step", "deed", "on", "back_to", "why", "content", "by_id", "at", "previous",
                "digest",
            ),
            pgtrigger.Trigger(
                name="chain", when=pgtrigger.Before, operation=pgtrigger.Insert,
                declare=[("last_number", "integer"), ("last_digest", "text")],
                func="""
                SELECT number, digest INTO last_number, last_digest FROM procedures_act
                    WHERE case_id = NEW.case_id ORDER BY number DESC LIMIT 1;
                NEW.number := coalesce(last_number, 0) + 1;
                NEW.previous := coalesce(last_digest, '');
                NEW.digest := encode(sha256(convert_to(concat_ws(E'\\x1f', NEW.case_id, NEW.number, NEW.previous,
                    NEW.step, NEW.deed, NEW."on"::text, NEW.back_to, NEW.why, NEW.content::text,
                    coalesce(NEW.by_id::text, ''),
                    to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')), 'UTF8')), 'hex');
                RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("why", "content")
        open = (
            "id", "case", "area_code", "number", "step", "deed", "on", "back_to", "by", "at", "previous", "digest",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number} {self.deed}"
