"""The trail: who did or looked at what, when, from where; append-only and chained."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import verbs


class Entry(models.Model):
    """留痕 one line of the trail. The database fills in `number`, `digest`, `previous`; nothing is changed later."""

    number = models.BigIntegerField(_("序号"), unique=True, editable=False)
    at = models.DateTimeField(_("时间"))
    verb = models.CharField(_("动作"), max_length=60)
    by_id = models.BigIntegerField(_("用户编号"), null=True)
    by_name = models.CharField(_("用户"), max_length=150, blank=True)
    area_code = models.CharField(_("区划代码"), max_length=12, db_collation="C", blank=True)
    about = models.CharField(_("对象"), max_length=100, blank=True)
    about_label = models.CharField(_("对象名称"), max_length=200, blank=True)
    details = models.JSONField(_("内容"), default=dict)
    previous = models.CharField(_("上一摘要"), max_length=64, editable=False)
    digest = models.CharField(_("摘要"), max_length=64, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("操作留痕")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["about", "number"], name="trail_about"),
            models.Index(fields=["by_id", "number"], name="trail_by"),
            models.Index(fields=["area_code", "number"], name="trail_area"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate", level=pgtrigger.Statement, when=pgtrigger.Before, operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'the trail is append-only';",
            ),
            pgtrigger.Trigger(
                name="chain", when=pgtrigger.Before, operation=pgtrigger.Insert,
                declare=[("last_number", "bigint"), ("last_digest", "text")],
                func="""
                PERFORM pg_advisory_xact_lock(7412001);
                SELECT number, digest INTO last_number, last_digest FROM trail_entry ORDER BY number DESC LIMIT 1;
                NEW.number := coalesce(last_number, 0) + 1;
                NEW.previous := coalesce(last_digest, '');
                NEW.digest := encode(sha256(convert_to(concat_ws(E'\\x1f', NEW.number, NEW.previous,
                    to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), NEW.verb,
                    coalesce(NEW.by_id::text, ''), NEW.by_name, NEW.area_code, NEW.about, NEW.about_label,
                    NEW.details::text), 'UTF8')), 'hex');
                RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    class Privacy:
        personal = ("by_name", "about_label", "details")
        open = ("id", "number", "at", "verb", "by_id", "area_code", "about", "previous", "digest")

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"

    @property
    def verb_label(self) -> str:
        """What the verb is called in the reader's language; one that nobody has named shows nothing beside its code."""
        return verbs.label(self.verb)
