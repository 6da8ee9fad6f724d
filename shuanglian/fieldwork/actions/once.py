"""What is sent twice is kept once: the key of an entry, and a digest of all that was told under it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import connection

from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

if TYPE_CHECKING:
    from django.db.models import Model

    from shuanglian.accounts.models import User

M = TypeVar("M", bound="Model")


def digest_of(**told: Any) -> str:
    """SHA-256 of what was told, written one way whatever the order of its parts."""
    text = json.dumps(told, sort_keys=True, default=str, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()


def kept(model: type[M], key: UUID, digest: str, by: User) -> M | None:
    """The row that stands under a key; None when it is new. Who sends the same key meanwhile waits.

    Refused: the key stands for something else, or for somebody else's entry: nobody reads another's row by its key.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 5))", [f"{model._meta.label_lower} {key}"])
    with unscoped():
        found = model._default_manager.filter(key=key).first()
    if found is None:
        return None
    if getattr(found, "digest", "") != digest or getattr(found, "by_id", None) != by.pk:
        raise Refusal("key_taken", N_("这个登记编号已用于另一条记录"))
    return found
