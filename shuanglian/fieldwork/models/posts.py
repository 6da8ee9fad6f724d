"""Who is stationed in a village, the days spent there, technicians' services (PAIR-8, PAIR-9, FIELD-2, FIELD-3)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Value
from django.utils.translation import gettext_lazy as _

from shuanglian.core.history import tracked

from .base import WITHDRAWAL, KeptQuerySet, ScopedQuerySet, never_changed


class PostQuerySet(ScopedQuerySet):
    def standing_on(self, day: date) -> Self:
        return self.filter(since__lte=day).filter(models.Q(until__isnull=True) | models.Q(until__gte=day))

    def not_over_on(self, day: date) -> Self:
        """Standing on a day or still to come."""
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gte=day))

    def standing_between(self, first: date, last: date) -> Self:
        """Standing on any day of a stretch, both ends in."""
        return self.filter(since__lte=last).filter(models.Q(until__isnull=True) | models.Q(until__gte=first))


def _same(field: str) -> tuple[Func, str]:
    """One number as a range of its own: lets an exclusion constraint ask for equality without an extension."""
    return (
        Func(field, field, Value("[]"), function="int8range", output_field=BigIntegerRangeField()),
        RangeOperators.EQUAL,
    )


def _same_text(field: str) -> tuple[Func, str]:
    hashed = Func(field, function="hashtext")
    return (
        Func(hashed, hashed, Value("[]"), function="int4range", output_field=IntegerRangeField()),
        RangeOperators.EQUAL,
    )


@tracked()
class Post(models.Model):
    """派驻岗位 a cadre stationed in a village (PAIR-8) or a technician linked to it (PAIR-9). kind: of the profile."""

    cadre = models.ForeignKey("organisation.Cadre", models.PROTECT, related_name="posts", verbose_name=_("干部"))
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    kind = models.CharField(_("岗位"), max_length=40, db_collation="C")
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True, blank=True)
    ended_why = models.CharField(_("结束原因"), max_length=200, blank=True)
    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("派驻岗位")
        ordering = ["area_code", "kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="fieldwork_post_since_until",
            ),
            ExclusionConstraint(
                name="fieldwork_post_never_twice",
                expressions=[
                    _same("cadre_id"),
                    _same("village_id"),
                    _same_text("kind"),
                    (
                        Func("since", "until", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["area_code", "id"], name="fieldwork_post_area")]

    class Privacy:
        personal = ()
        open = ("id", "cadre", "village", "area_code", "kind", "since", "until", "ended_why")

    def __str__(self) -> str:
        return f"{self.cadre_id} → {self.village_id}"

    def stands_on(self, day: date) -> bool:
        """Both ends in."""
        return self.since <= day and (self.until is None or day <= self.until)


class Attendance(models.Model):
    """驻村考勤 one cadre's day in a village (FIELD-2, FIELD-3), put together from the marks that came in.

    in_at: the earliest, out_at: the latest told; the place is that of the earliest mark that has one. How many homes
    were entered is not kept: it follows from the visits of the day.
    """

    cadre = models.ForeignKey("organisation.Cadre", models.PROTECT, related_name="attendance", verbose_name=_("干部"))
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    on = models.DateField(_("日期"))
    in_at = models.DateTimeField(_("到村时间"), null=True)
    out_at = models.DateTimeField(_("离村时间"), null=True)
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    accuracy = models.FloatField(_("定位误差（米）"), null=True)
    night = models.BooleanField(_("住村"), default=False)
    note = models.CharField(_("说明"), max_length=400, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("驻村考勤")
        ordering = ["-on", "area_code", "id"]
        constraints = [models.UniqueConstraint(fields=["cadre", "village", "on"], name="fieldwork_attendance_once")]
        indexes = [
            models.Index(fields=["area_code", "on"], name="fieldwork_attendance_area"),
            models.Index(fields=["cadre", "on"], name="fieldwork_attendance_cadre"),
        ]

    class Privacy:
        personal = ("lon", "lat", "accuracy", "note")
        open = ("id", "cadre", "village", "area_code", "on", "in_at", "out_at", "night", "withdrawn_at")

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.on}"


class AttendanceMark(models.Model):
    """考勤记录 one mark as it was sent: came, went, stays the night. Never changed; the day is worked out from all."""

    key = models.UUIDField(_("登记编号"), unique=True)
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C", editable=False)
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="marks", verbose_name=_("驻村考勤"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    in_at = models.DateTimeField(_("到村时间"), null=True)
    out_at = models.DateTimeField(_("离村时间"), null=True)
    night = models.BooleanField(_("住村"), default=False)
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    accuracy = models.FloatField(_("定位误差（米）"), null=True)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    told_at = models.DateTimeField(_("登记时手机时间"))
    device = models.CharField(_("手机"), max_length=40, db_collation="C", blank=True)
    clock_off = models.IntegerField(_("手机时钟快慢（秒）"), null=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("撤回人")
    )
    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("考勤记录")
        ordering = ["id"]
        triggers = never_changed("fieldwork_mark", *WITHDRAWAL)

    class Privacy:
        personal = ("digest", "lon", "lat", "accuracy", "note", "withdrawn_why")
        open = (
            "id", "key", "attendance", "area_code", "in_at", "out_at", "night", "told_at", "device", "clock_off", "by",
            "at", "withdrawn_at", "withdrawn_by",
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.key)


class Service(models.Model):
    """农技服务 a technician's service: where, how long, about what, to whom (FIELD-2, PAIR-9).

    households: numbers (ids) of households that were served. days: 0.5, 1.0 …
    """

    key = models.UUIDField(_("登记编号"), unique=True)
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C", editable=False)
    cadre = models.ForeignKey("organisation.Cadre", models.PROTECT, related_name="services", verbose_name=_("农技人员"))
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name=_("行政村"))
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    on = models.DateField(_("服务日期"))
    days = models.DecimalField(_("天数"), max_digits=3, decimal_places=1)
    topic = models.CharField(_("内容类别"), max_length=40)
    households = models.JSONField(_("服务农户"), default=list)
    people = models.IntegerField(_("人数"), default=0)
    done = models.CharField(_("做了什么"), max_length=600, blank=True)
    lon = models.FloatField(_("经度"), null=True)
    lat = models.FloatField(_("纬度"), null=True)
    accuracy = models.FloatField(_("定位误差（米）"), null=True)
    told_at = models.DateTimeField(_("登记时手机时间"))
    device = models.CharField(_("手机"), max_length=40, db_collation="C", blank=True)
    clock_off = models.IntegerField(_("手机时钟快慢（秒）"), null=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("撤回人")
    )
    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("农技服务")
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(condition=models.Q(days__gt=0), name="fieldwork_service_days")]
        indexes = [
            models.Index(fields=["area_code", "on"], name="fieldwork_service_area"),
            models.Index(fields=["cadre", "on"], name="fieldwork_service_cadre"),
        ]
        triggers = never_changed("fieldwork_service", "village_id", *WITHDRAWAL)

    class Privacy:
        personal = ("digest", "households", "done", "lon", "lat", "accuracy", "withdrawn_why")
        open = (
            "id", "key", "cadre", "village", "area_code", "on", "days", "topic", "people", "told_at", "device",
            "clock_off", "by", "at", "withdrawn_at", "withdrawn_by",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.on}"
