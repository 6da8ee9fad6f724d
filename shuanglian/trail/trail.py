"""Writing the trail: one line for everything that somebody did or looked at (REG-10)."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from .models import Entry

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

if TYPE_CHECKING:
    from django.db.models import Model

    from shuanglian.accounts.models import User


def write(
    verb: str, *, about: Model | None = None, by: User | None, at: datetime, area_code: str = "", **details: Any
) -> Entry:
    """Add a line: `verb` as room.verb, what it was about, who did it, when; `details` are small plain values.

    The area is the thing's own when not given. The line goes through a function of the database that alone may add to
    the trail, so it can be written from any page whatever the writer's area is. Others' lines wait until this
    transaction ends: in long work write it last.
    """
    entry = Entry(
        at=at, verb=verb[:60], by_id=by.pk if by else None, by_name=_clean(by.username) if by else "",
        area_code=area_code or getattr(about, "area_code", "") or "",
        about=f"{about._meta.label_lower}:{about.pk}" if about is not None else "",
        about_label=_clean(str(about))[:200] if about is not None else "", details=_clean(details),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, number, previous, digest from shuanglian_trail_add(%s, %s, %s, %s, %s, %s, %s, %s::jsonb)",
            [entry.at, entry.verb, entry.by_id, entry.by_name, entry.area_code, entry.about, entry.about_label,
             json.dumps(entry.details, cls=DjangoJSONEncoder, ensure_ascii=False)],
        )  # fmt: skip
        entry.id, entry.number, entry.previous, entry.digest = cursor.fetchone()
    entry._state.adding, entry._state.db = False, connection.alias
    return entry


def _clean(value: Any) -> Any:
    """Without what the database cannot keep (NUL, half characters) or what parts the fields in the chain (U+001F)."""
    if isinstance(value, str):
        return CONTROLS.sub("", value).encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_clean(str(key)): _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, (list, tuple, set, frozenset)) else value


def look(what: str, *, about: Model, by: User, at: datetime, why: str = "") -> Entry:
    """Log that somebody looked at a personal number: `what` names it (id_number, phone, bank_account)."""
    return write("look", about=about, by=by, at=at, what=what, why=why)
