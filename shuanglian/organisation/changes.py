"""Changing a row so that anybody can read later who did it, when, why, and what stood before and after (REG-10).

The database keeps every state (…Event); the context gives it the person and the reason; the trail gets the changed
fields. Sealed numbers go into the trail masked, never in clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models

from shuanglian.core.profile import active
from shuanglian.core.secrets import SealedTextField
from shuanglian.kernel.ids import mask_id, mask_phone
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shuanglian.accounts.models import User


@dataclass
class Changes:
    """What differs: field → value before, value after, as they are written in the trail."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.after)

    @property
    def fields(self) -> list[str]:
        return list(self.after)


_within: ContextVar[bool] = ContextVar("within", default=False)


@contextmanager
def traced(verb: str, *, by: User | None, at: datetime, why: str = "") -> Iterator[None]:
    """Everything written inside carries the verb, the person, the moment and the reason into the row history.

    A verb that calls another is one act: its own name stands, not that of the part that came last.
    """
    if _within.get():
        yield
        return
    told = {
        "verb": verb,
        "by": by.pk if by else None,
        "by_name": str(by) if by else "",
        "at": at.isoformat(),
        "why": why,
    }
    token = _within.set(True)
    try:
        with pghistory.context(**told):
            yield
    finally:
        _within.reset(token)


def reason_given(why: str) -> str:
    """A change must say why (REG-10)."""
    text = (why or "").strip()
    if not text:
        raise Refusal("no_reason", N_("请写明变更原因"))
    return text[:200]


def put(row: models.Model, values: Mapping[str, Any], *, codes: Mapping[str, str] | None = None) -> Changes:
    """Set the values that differ on a row and check them; nothing is saved. `codes`: field → list of the profile.

    A value that the field, the profile's list or a constraint does not allow is a Refusal that names the field.
    """
    changes = Changes()
    for name, value in values.items():
        column = row._meta.get_field(name)
        new = _clean(row, column, value)
        _known(column, new, (codes or {}).get(name))
        old = getattr(row, name)
        if old == new or (old in (None, "", []) and new in (None, "", [])):
            continue
        changes.before[name], changes.after[name] = shown(column, old), shown(column, new)
        setattr(row, name, new)
    return changes


def _clean(row: models.Model, column: Any, value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip().replace("\0", "")
    if value is None and not column.null:
        value = column.get_default()
    try:
        return column.clean(value, row)
    except ValidationError as error:
        problem = "；".join(error.messages)
        raise Refusal(
            "invalid_value", N_("{field}：{problem}"), field=Said(str(column.verbose_name)), problem=problem
        ) from error


def _known(column: Any, value: Any, list_name: str | None) -> None:
    if list_name is None:
        return
    known = active().codes[list_name]
    for code in value if isinstance(value, list) else [value]:
        if code and code not in known:
            sentence = N_("{field}：方案里没有代码 {value}")
            raise Refusal("unknown_code", sentence, field=Said(str(column.verbose_name)), value=code)


def shown(column: Any, value: Any) -> Any:
    """A value as the trail keeps it: plain JSON, sealed numbers masked."""
    if isinstance(column, SealedTextField):
        return (mask_phone if "phone" in column.name else mask_id)(str(value)) if value else ""
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
