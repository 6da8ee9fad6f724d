"""What acts rest on: meetings and votes, notices put up, draws for re-checks, signatures (REG-4, REG-5)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet

from .cases import Case, CaseList
from .common import by_field, code_field, kept


class Evaluation(models.Model):
    """评议会 one sitting of the villagers' representatives: who came, what was said; minutes and photo are attached."""

    list = models.ForeignKey(CaseList, models.PROTECT, null=True, related_name="evaluations", verbose_name=_("批次"))
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = code_field()
    step = models.CharField(_("步骤"), max_length=40, db_collation="C")
    on = models.DateField(_("开会日期"))
    place = models.CharField(_("地点"), max_length=80, blank=True)
    chair = models.CharField(_("主持人"), max_length=40)
    writer = models.CharField(_("记录人"), max_length=40, blank=True)
    representatives = models.IntegerField(_("应到村民代表"))
    present = models.IntegerField(_("实到村民代表"))
    others = models.IntegerField(_("列席人数"), default=0)
    attendance = models.TextField(_("到会名单"), blank=True)
    minutes = models.TextField(_("会议记录"), blank=True)
    by = by_field(_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评议会")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="evaluation_area")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(present__gte=0) & models.Q(present__lte=models.F("representatives")),
                name="evaluation_present",
            )
        ]
        triggers = [
            kept(
                "list_id", "step", "on", "place", "chair", "writer", "representatives", "present", "others",
                "attendance", "minutes", "by_id", "at",
            )
        ]  # fmt: skip

    class Privacy:
        personal = ("chair", "writer", "attendance", "minutes")
        open = (
            "id", "list", "area", "area_code", "step", "on", "place", "representatives", "present", "others", "by",
            "at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area} {self.on}"


class Vote(models.Model):
    """表决 how one sitting voted on one case."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="votes", verbose_name=_("评议会"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="votes", verbose_name=_("事项"))
    area_code = code_field()
    in_favour = models.IntegerField(_("赞成"))
    against = models.IntegerField(_("反对"))
    abstained = models.IntegerField(_("弃权"), default=0)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("表决")
        constraints = [models.UniqueConstraint(fields=["evaluation", "case"], name="vote_once")]
        triggers = [kept("evaluation_id", "case_id", "in_favour", "against", "abstained")]

    class Privacy:
        personal = ("in_favour", "against", "abstained")
        open = ("id", "evaluation", "case", "area_code")

    def __str__(self) -> str:
        return f"{self.in_favour}:{self.against}"


class Posting(models.Model):
    """张榜 one case as a row of a notice, at one step; the notice's key of the row is the case's id."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="postings", verbose_name=_("事项"))
    notice = models.ForeignKey("notices.Notice", models.PROTECT, related_name="+", verbose_name=_("公示"))
    area_code = code_field()
    step = models.CharField(_("步骤"), max_length=40, db_collation="C")
    on = models.DateField(_("张榜日期"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("张榜")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "notice"], name="posting_once")]
        triggers = [kept("case_id", "notice_id", "step", "on")]

    class Privacy:
        personal = ()
        open = ("id", "case", "notice", "area_code", "step", "on")

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"


class Draw(models.Model):
    """抽查 which cases of a list are re-checked: the first ⌈share × of⌉ by sha256("seed:case") (rules.draws).

    The seed is made of the fingerprints of the cases' last acts, so that nobody knows it before they are done, and
    anybody can repeat the draw from the acts.
    """

    list = models.ForeignKey(CaseList, models.PROTECT, null=True, related_name="draws", verbose_name=_("批次"))
    area_code = code_field()
    step = models.CharField(_("步骤"), max_length=40, db_collation="C")
    seed = models.CharField(_("种子"), max_length=64, db_collation="C")
    share = models.CharField(_("比例"), max_length=12)
    of = models.IntegerField(_("总户数"))
    by = by_field(_("抽查人"))
    at = models.DateTimeField(_("抽查时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("抽查")
        ordering = ["-id"]
        triggers = [kept("list_id", "step", "seed", "share", "of", "by_id", "at")]

    class Privacy:
        personal = ()
        open = ("id", "list", "area_code", "step", "seed", "share", "of", "by", "at")

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"


class Drawn(models.Model):
    """抽中户 one case that was drawn, and what its re-check found."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="drawn", verbose_name=_("抽查"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="drawn", verbose_name=_("事项"))
    area_code = code_field()
    finding = models.CharField(_("复核结论"), max_length=10, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("抽中户")
        constraints = [models.UniqueConstraint(fields=["draw", "case"], name="drawn_once")]
        triggers = [kept("draw_id", "case_id")]

    class Privacy:
        personal = ("finding",)
        open = ("id", "draw", "case", "area_code")

    def __str__(self) -> str:
        return f"{self.draw_id}/{self.case_id}"


class Signature(models.Model):
    """签字 one post's signature under one step: who, when, on which content (REG-5).

    `digest` is SHA-256 of the content as it was shown (`content`, sealed elsewhere when it holds numbers); `scan` the
    paper that came back signed, once it did.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="signatures", verbose_name=_("事项"))
    list = models.ForeignKey(CaseList, models.PROTECT, null=True, related_name="signatures", verbose_name=_("批次"))
    area_code = code_field()
    step = models.CharField(_("步骤"), max_length=40, db_collation="C")
    post = models.CharField(_("职务"), max_length=40, db_collation="C")
    name = models.CharField(_("签字人"), max_length=40)
    user = by_field(_("签字账户"), null=True)
    on = models.DateField(_("签字日期"))
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C")
    scan = models.ForeignKey(
        "attachments.Attachment", models.PROTECT, null=True, related_name="+", verbose_name=_("签字件")
    )
    by = by_field(_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("签字")
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "step"], name="signature_case_step")]
        triggers = [
            kept("case_id", "list_id", "step", "post", "name", "user_id", "on", "digest", "by_id", "at"),
            pgtrigger.Trigger(
                name="scan_once", level=pgtrigger.Row, when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__scan__isnull=False) & pgtrigger.Q(old__scan__df=pgtrigger.F("new__scan")),
                func="RAISE EXCEPTION 'a signed paper is not exchanged';",
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("name", "scan")
        open = ("id", "case", "list", "area_code", "step", "post", "user", "on", "digest", "by", "at")

    def __str__(self) -> str:
        return f"{self.name} {self.on}"
