"""The nouns of the watch over policies: what is told, who is in the same case, proposals to amend, steps (VOICE-4)."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked
from shuanglian.fieldwork.models.base import never_changed
from shuanglian.rules.policywatch import CHECKED, CORRECTED, NOT_CONCERNED, OPEN

SAID = (
    "key", "digest", "kind", "benefit", "clause", "should", "did", "door", "on", "by_id", "at", "demand_id",
    "village_id",
)  # fmt: skip

# What was decided for the family: written once.
RULED = ("outcome", "answer", "evidence", "rule", "appeal", "decided_by", "decided_at")
DECIDED = tuple(f"{name}_id" if name == "decided_by" else name for name in RULED)


def _area_code() -> models.CharField:
    return models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)


def _code(label: Any, length: int = 40, **more: Any) -> models.CharField:
    return models.CharField(label, max_length=length, db_collation="C", **more)


def _by(label: Any, **more: Any) -> models.ForeignKey:
    return models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=label, **more)


class ReportQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Nothing was decided yet for the family."""
        return self.filter(state=Report.State.OPEN)

    def not_over(self) -> Self:
        return self.exclude(state=Report.State.CLOSED)

    def late(self, on: date) -> Self:
        return self.filter(
            models.Q(state=Report.State.OPEN, due_on__lt=on)
            | models.Q(state=Report.State.CHECKING, alike_due_on__lt=on)
        )


class Report(models.Model):
    """政策反映 a policy that did not reach somebody, was done otherwise, or does not fit here (VOICE-4).

    benefit: the code of the provision, the profile's or one written on the page. should: what it says somebody ought to
    get; did: what he got. cause: why, a code of the profile (whoever decides may find another); families whose benefit
    stands where the cause says are alike. county: code of the county whose department decides. at_office: the
    department was late, or there is none, so the programme office sees to it. looked: how it was made sure that nobody
    else is in the same case, if none was found.
    """

    class Door(models.TextChoices):
        CADRE = "cadre", _("干部走访发现")
        VILLAGE = "village", _("村里反映")
        OFFICE = "office", _("机关登记")
        DEMAND = "demand", _("群众诉求")

    class State(models.TextChoices):
        OPEN = "open", _("待部门处理")
        CHECKING = "checking", _("同类核查中")
        PROPOSED = "proposed", _("建议研究中")
        CLOSED = "closed", _("办结")

    class Outcome(models.TextChoices):
        NONE = "", _("还没有结果")
        CORRECTED = "corrected", _("已纠正")
        EXPLAINED = "explained", _("已说明")
        FATE = "fate", _("建议已有结果")

    key = models.UUIDField(_("登记编号"), unique=True)
    digest = _code(_("内容指纹"), 64, editable=False)
    kind = _code(_("类别"))
    benefit = _code(_("政策"), 60)
    clause = models.CharField(_("哪一条"), max_length=200, blank=True)
    cause = _code(_("原因"), blank=True)
    should = models.CharField(_("本来应当怎样"), max_length=4000)
    did = models.CharField(_("实际怎样"), max_length=4000)
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("村（或乡镇、县）"))
    area_code = _area_code()
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="policy_reports", verbose_name=_("户")
    )
    due = models.ForeignKey(
        "benefits.Due", models.PROTECT, null=True, related_name="policy_reports", verbose_name=_("应享事项")
    )
    demand = models.OneToOneField(
        "grievances.Demand", models.PROTECT, null=True, related_name="policy_report", verbose_name=_("诉求")
    )
    door = _code(_("来源"), 10, choices=Door.choices)
    department = _code(_("主管部门"), blank=True)
    county = _code(_("办理县"), 12)
    on = models.DateField(_("反映日期"))
    by = _by(_("反映人"))
    at = models.DateTimeField(_("登记时间"))
    state = _code(_("状态"), 10, choices=State.choices, default=State.OPEN)
    due_on = models.DateField(_("办理期限"), null=True)
    remind_on = models.DateField(_("提醒日"), null=True)
    at_office = models.BooleanField(_("双联办督办"), default=False)
    outcome = _code(_("结果"), 10, choices=Outcome.choices, blank=True)
    answer = models.CharField(_("答复"), max_length=2000, blank=True)
    evidence = models.CharField(_("纠正依据"), max_length=1000, blank=True)
    rule = models.CharField(_("政策依据"), max_length=600, blank=True)
    appeal = models.CharField(_("不服向哪里反映"), max_length=300, blank=True)
    decided_by = _by(_("处理人"), null=True)
    decided_at = models.DateTimeField(_("处理时间"), null=True)
    alike_due_on = models.DateField(_("同类核查期限"), null=True)
    looked = models.CharField(_("怎样核实没有同类"), max_length=600, blank=True)
    closed_by = _by(_("办结人"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    proposal = models.ForeignKey(
        "policywatch.Proposal", models.PROTECT, null=True, related_name="reports", verbose_name=_("修订建议")
    )
    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("政策反映")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(due_on__isnull=False), name="policywatch_open_has_a_limit"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | (~models.Q(outcome="") & ~models.Q(answer="")),
                name="policywatch_closed_with_an_answer",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="corrected") | ~models.Q(evidence=""), name="policywatch_corrected_proved"
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="explained") | (~models.Q(rule="") & ~models.Q(appeal="")),
                name="policywatch_explained_with_rule",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "state", "-id"], name="policywatch_report_area"),
            models.Index(fields=["county", "department", "state", "due_on"], name="policywatch_report_desk"),
            models.Index(fields=["benefit", "area_code"], name="policywatch_report_benefit"),
        ]
        triggers = [
            pgtrigger.Protect(name="policywatch_report_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="policywatch_report_as_said", operation=pgtrigger.UpdateOf(*SAID)),
            pgtrigger.Protect(
                name="policywatch_report_decided",
                operation=pgtrigger.UpdateOf(*DECIDED),
                condition=~pgtrigger.Q(old__outcome=""),
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("household", "due", "should", "did", "answer", "evidence", "digest", "looked")
        open = (
            "id", "key", "kind", "benefit", "clause", "cause", "village", "area_code", "demand", "door", "department",
            "county", "on", "by", "at", "state", "due_on", "remind_on", "at_office", "outcome", "rule", "appeal",
            "decided_by", "decided_at", "alike_due_on", "closed_by", "closed_at", "proposal",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk}"

    def is_late(self, on: date) -> bool:
        until = self.due_on if self.state == self.State.OPEN else self.alike_due_on
        return self.state in (self.State.OPEN, self.State.CHECKING) and until is not None and until < on


@tracked()
class Alike(models.Model):
    """同类户 a family in the same case as a report: owed by the same provision, not receiving, for the same cause.

    due: its benefit. state: corrected only when its own benefit moved on; not concerned only with a reason.
    """

    class State(models.TextChoices):
        OPEN = OPEN, _("没有核查过")
        CHECKED = CHECKED, _("核查属实，待纠正")
        CORRECTED = CORRECTED, _("已纠正")
        NOT_CONCERNED = NOT_CONCERNED, _("不涉及")

    report = models.ForeignKey(Report, models.PROTECT, related_name="alike", verbose_name=_("政策反映"))
    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="+", verbose_name=_("户"))
    due = models.ForeignKey("benefits.Due", models.PROTECT, related_name="+", verbose_name=_("应享事项"))
    area_code = _area_code()
    state = _code(_("状态"), 14, choices=State.choices, default=State.OPEN)
    why = models.CharField(_("说明"), max_length=300, blank=True)
    by = _by(_("核查人"), null=True)
    at = models.DateTimeField(_("核查时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("同类户")
        ordering = ["area_code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "due"], name="policywatch_alike_once"),
            models.CheckConstraint(
                condition=~models.Q(state=NOT_CONCERNED) | ~models.Q(why=""), name="policywatch_set_aside_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["report", "state", "area_code", "id"], name="policywatch_alike_state")]
        triggers = [pgtrigger.Protect(name="policywatch_alike_kept", operation=pgtrigger.Delete)]

    class Privacy:
        personal = ("household", "due", "why")
        open = ("id", "report", "area_code", "state", "by", "at")

    def __str__(self) -> str:
        return f"{self.report_id}: {self.state}"


@tracked()
class Proposal(models.Model):
    """修订建议 how a provision should be amended, with all who asked for it; weighed by others (VOICE-4, M-POL-04).

    level, office: who weighs it now; owner: the level whose word it takes. shown, reasons_shown: what everybody can
    read of it, without names. joined_to: the one that says the same, whose fate is this one's too.
    """

    class State(models.TextChoices):
        OPEN = "open", _("研究中")
        JOINED = "joined", _("并入其他建议")
        DECIDED = "decided", _("已有结果")

    benefit = _code(_("政策"), 60)
    clause = models.CharField(_("哪一条"), max_length=200, blank=True)
    text = models.CharField(_("建议怎样改"), max_length=4000)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("提出的县"))
    area_code = _area_code()
    department = _code(_("主管部门"), blank=True)
    level = _code(_("研究层级"), 10)
    office = _code(_("研究机关"), 12)
    owner = _code(_("政策归哪一级"), 10)
    people = models.IntegerField(_("提出的人（户）数"), default=1)
    state = _code(_("状态"), 10, choices=State.choices, default=State.OPEN)
    due_on = models.DateField(_("研究期限"))
    by = _by(_("提建议的人"))
    at = models.DateTimeField(_("提建议的时间"))
    joined_to = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="joined", verbose_name=_("并入的建议")
    )
    fate = _code(_("结果"), blank=True)
    reasons = models.CharField(_("理由"), max_length=2000, blank=True)
    shown = models.CharField(_("公开的建议"), max_length=600, blank=True)
    reasons_shown = models.CharField(_("公开的结果和理由"), max_length=600, blank=True)
    decided_by = _by(_("研究人"), null=True)
    decided_at = models.DateTimeField(_("研究时间"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("修订建议")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="decided") | (~models.Q(fate="") & ~models.Q(reasons="")),
                name="policywatch_fate_with_reasons",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("by")),
                name="policywatch_who_proposes_does_not_weigh",
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "state", "-id"], name="policywatch_proposal_area"),
            models.Index(fields=["benefit", "state"], name="policywatch_proposal_benefit"),
        ]
        triggers = [pgtrigger.Protect(name="policywatch_proposal_kept", operation=pgtrigger.Delete)]

    class Privacy:
        personal = ("text", "reasons")
        open = (
            "id", "benefit", "clause", "area", "area_code", "department", "level", "office", "owner", "people", "state",
            "due_on", "by", "at", "joined_to", "fate", "shown", "reasons_shown", "decided_by", "decided_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.pk}"


class Step(models.Model):
    """监督步骤 what happened to a report or a proposal, in order, never changed. by: None for the system."""

    class Kind(models.TextChoices):
        RAISED = "raised", _("反映")
        REMINDED = "reminded", _("催办")
        AT_OFFICE = "at_office", _("转双联办督办")
        CORRECTED = "corrected", _("纠正")
        EXPLAINED = "explained", _("说明")
        LISTED = "listed", _("列出同类户")
        CHECKED = "checked", _("核查同类户")
        CLOSED = "closed", _("办结")
        PROPOSED = "proposed", _("提出建议")
        JOINED = "joined", _("合并建议")
        PASSED_UP = "passed_up", _("报上级研究")
        WEIGHED = "weighed", _("研究结果")

    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="steps", verbose_name=_("政策反映"))
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="steps", verbose_name=_("修订建议"))
    area_code = _area_code()
    kind = _code(_("步骤"), 10, choices=Kind.choices)
    text = models.CharField(_("说明"), max_length=1000, blank=True)
    by = _by(_("办理人"), null=True)
    at = models.DateTimeField(_("时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("监督步骤")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(report__isnull=False) ^ models.Q(proposal__isnull=False),
                name="policywatch_step_of_one",
            )
        ]
        indexes = [
            models.Index(fields=["report", "id"], name="policywatch_step_report"),
            models.Index(fields=["proposal", "id"], name="policywatch_step_proposal"),
        ]
        triggers = never_changed("policywatch_step")

    class Privacy:
        personal = ("text",)
        open = ("id", "report", "proposal", "area_code", "kind", "by", "at")

    def __str__(self) -> str:
        return f"{self.report_id or self.proposal_id} {self.kind}"
