"""What people are answered, and what they say to it (VOICE-3): nothing ends without both, or a recorded silence."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet


class Answer(models.Model):
    """答复 one answer in plain words, to one demand or to all that were joined (VOICE-3).

    outcome: solved, with evidence (a text, photos), or explained, with the rule and where one can appeal. The third
    outcome, passed up, is no answer: it is a step. area_code: of the demand that it was written at.
    """

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("已解决")
        EXPLAINED = "explained", _("已说明")

    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, db_collation="C")
    text = models.CharField(_("答复"), max_length=2000)
    evidence = models.CharField(_("办理依据"), max_length=1000, blank=True)
    rule = models.CharField(_("政策依据"), max_length=600, blank=True)
    appeal = models.CharField(_("不服向哪里反映"), max_length=300, blank=True)
    rung = models.CharField(_("办理层级"), max_length=40, db_collation="C")
    matter = models.CharField(_("由哪件事得出"), max_length=80, db_collation="C", blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("答复人"))
    at = models.DateTimeField(_("答复时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("答复")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="grievances_answer_says_something"),
            models.CheckConstraint(
                condition=~models.Q(outcome="solved") | ~models.Q(evidence=""), name="grievances_solved_with_evidence"
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="explained") | (~models.Q(rule="") & ~models.Q(appeal="")),
                name="grievances_explained_with_rule",
            ),
        ]
        triggers = [pgtrigger.Protect(name="grievances_answer_stands", operation=pgtrigger.Delete | pgtrigger.UpdateOf(
            "outcome", "text", "evidence", "rule", "appeal", "rung", "matter", "by_id", "at"
        ))]  # fmt: skip

    class Privacy:
        personal = ("text", "evidence", "rule", "appeal")
        open = ("id", "area_code", "outcome", "rung", "matter", "by", "at")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Reply(models.Model):
    """回音 one demand's part of an answer: how and when it reached the person, what the person said, the score.

    told_how: by the follow-up page itself, or by somebody (a cadre, the hotline, a letter). word: yes, no, or silence
    after so many working days; until then nothing is closed.
    """

    class How(models.TextChoices):
        PAGE = "page", _("本人查询")
        VISIT = "visit", _("当面")
        PHONE = "phone", _("电话")
        LETTER = "letter", _("书面")
        BOARD = "board", _("村公开栏")

    class Word(models.TextChoices):
        NONE = "", _("还没有回话")
        YES = "yes", _("认可")
        NO = "no", _("不认可")
        SILENCE = "silence", _("到期没有回话")

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="replies", verbose_name=_("答复"))
    demand = models.ForeignKey("grievances.Demand", models.PROTECT, related_name="replies", verbose_name=_("诉求"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    told_how = models.CharField(_("告知方式"), max_length=8, choices=How.choices, blank=True, db_collation="C")
    told_at = models.DateTimeField(_("告知时间"), null=True)
    told_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("告知人"))
    silent_on = models.DateField(_("沉默到期日"), null=True)
    word = models.CharField(_("群众意见"), max_length=8, choices=Word.choices, blank=True, db_collation="C")
    said = models.CharField(_("群众的话"), max_length=1000, blank=True)
    score = models.SmallIntegerField(_("打分"), null=True)
    word_at = models.DateTimeField(_("回话时间"), null=True)
    word_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("代记人"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回音")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "demand"], name="grievances_reply_once"),
            models.CheckConstraint(
                condition=models.Q(word="") | models.Q(told_at__isnull=False), name="grievances_word_after_telling"
            ),
        ]
        indexes = [
            models.Index(fields=["demand", "-id"], name="grievances_reply_demand"),
            models.Index(fields=["silent_on"], name="grievances_silent", condition=models.Q(word="")),
            models.Index(fields=["area_code", "word_at"], name="grievances_reply_area"),
        ]
        triggers = [
            pgtrigger.Protect(name="grievances_reply_stands", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="grievances_word_stands", operation=pgtrigger.UpdateOf("word", "said", "score", "word_at"),
                condition=~pgtrigger.Q(old__word=""),
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("said",)
        open = (
            "id", "answer", "demand", "area_code", "told_how", "told_at", "told_by", "silent_on", "word", "score",
            "word_at", "word_by",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.demand_id}: {self.word}"
