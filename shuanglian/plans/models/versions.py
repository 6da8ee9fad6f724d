"""What every plan is: versions whose content stays as it was written, with the marks by which copies are found."""

from __future__ import annotations

import json
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.secrets import SealedTextField


class VersionQuerySet(ScopedQuerySet):
    def newest(self) -> Self:
        """The newest version of each plan: what is worked on."""
        return self.filter(latest=True)


def code_field() -> models.CharField:
    return models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)


def yuan(label: Any, *, max_digits: int = 12, **more: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=max_digits, decimal_places=2, **more)


def who(label: Any) -> models.ForeignKey:
    return models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=label)


def kept(*columns: str) -> pgtrigger.Trigger:
    """What was written stays as it was written; a correction is a new version."""
    return pgtrigger.Protect(name="kept", operation=pgtrigger.Delete | pgtrigger.UpdateOf(*columns))


class Versioned(models.Model):
    """One version of a plan.

    content: everything that people are shown and agree to, canonical; digest: its SHA-256. text_digest, bands: marks by
    which a text that stands in another plan is found; alike: the share it has in common with copied_from's. latest: no
    newer version.
    """

    area_code = code_field()
    version = models.SmallIntegerField(_("版本"))
    content_text = SealedTextField(_("内容"))
    digest = models.CharField(_("内容指纹"), max_length=64, db_collation="C")
    text_digest = models.CharField(_("文字特征"), max_length=32, db_collation="C", blank=True)
    bands = ArrayField(models.BigIntegerField(), verbose_name=_("文字分段特征"), default=list)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", verbose_name=_("雷同的计划")
    )  # fmt: skip
    alike = models.DecimalField(_("雷同程度"), max_digits=4, decimal_places=3, null=True)
    profile = models.CharField(_("方案"), max_length=80)
    why = models.CharField(_("修改原因"), max_length=200, blank=True)
    key = models.UUIDField(_("登记编号"), unique=True, null=True, editable=False)
    by = who(_("编制人"))
    at = models.DateTimeField(_("编制时间"))
    latest = models.BooleanField(_("现行版本"), default=True)
    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def content(self) -> dict[str, Any]:
        """What people are shown, as it was kept."""
        return dict(json.loads(self.content_text))

    @property
    def mark(self) -> str:
        """The part of the fingerprint that people compare: four groups of four."""
        head = self.digest[:16].upper()
        return " ".join(head[place : place + 4] for place in range(0, 16, 4))
