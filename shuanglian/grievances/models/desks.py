"""Who works for which department (VOICE-2): the clerk's ledger is his department's."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.history import tracked


@tracked()
class Desk(models.Model):
    """部门经办人 an account that handles what comes to one department of an area. department: a code of the profile."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="desks", verbose_name=_("用户"))
    department = models.CharField(_("部门"), max_length=40, db_collation="C")
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"), null=True)
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("部门经办人")
        ordering = ["area_code", "department", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "department"], condition=models.Q(until__isnull=True),
                                    name="grievances_desk_once"),
            models.CheckConstraint(condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                                   name="grievances_desk_since_until"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["area_code", "department"], name="grievances_desk_area")]

    class Privacy:
        personal = ()
        open = ("id", "user", "department", "area_code", "since", "until")

    def __str__(self) -> str:
        return f"{self.department} {self.user_id}"
