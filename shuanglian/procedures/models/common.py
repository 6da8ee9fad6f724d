"""What the models of this room share."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


def code_field() -> models.CharField:
    return models.CharField(_("区划代码"), max_length=12, db_collation="C", editable=False)


def by_field(label: Any, **more: Any) -> models.ForeignKey:
    return models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=label, **more)


def kept(*columns: str) -> pgtrigger.Trigger:
    """What is written once: the database refuses to remove it or to change it; its area alone may follow a region."""
    return pgtrigger.Protect(name="kept", operation=pgtrigger.Delete | pgtrigger.UpdateOf(*columns))
