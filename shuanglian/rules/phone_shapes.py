"""What a profile says of the phone: how long data stays on it, what it may change, sizes (FIELD-1, FIELD-2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from .profile_shapes import Named

Order = Annotated[int, Field(ge=0)]


class PhoneField(Named):
    """A field of the household's file that a phone may correct; `most`: letters, none for a position."""

    order: Order
    kind: Literal["text", "telephone", "position"]
    most: Annotated[int, Field(ge=1)] | None = None


class PhoneLimit(Named):
    """A number that phone and server keep to, with its unit."""

    value: Annotated[int, Field(ge=1)]
    unit: Literal["days", "operations", "bytes", "pixels", "visits"]


class Phone:
    """What the phone reads of a profile: .fields (code → PhoneField, in order), .limit(code) → number."""

    __slots__ = ("fields", "limits")

    DEFAULTS: Mapping[str, int] = {
        "kept_days": 14, "batch": 100, "photo_edge": 1280, "photo_bytes": 2_000_000, "photo_chunk": 65_536,
        "visits_shown": 3, "attendance_days": 31, "upload_days": 60,
    }  # fmt: skip

    def __init__(self, stand: Callable[[str], Mapping[str, Any]]) -> None:
        fields = stand("phone_fields")
        self.fields: Mapping[str, PhoneField] = dict(sorted(fields.items(), key=lambda one: (one[1].order, one[0])))
        self.limits: Mapping[str, PhoneLimit] = stand("phone_limits")

    def limit(self, code: str) -> int:
        """A limit's number; a profile that says nothing gets the product's default."""
        found = self.limits.get(code)
        return found.value if found else self.DEFAULTS[code]


LISTS: dict[str, type[Named]] = {"phone_fields": PhoneField, "phone_limits": PhoneLimit}
