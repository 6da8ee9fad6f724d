"""The types of the language. Every one of them stands for one kind of column, so that a text runs in all three ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class Type:
    """A type by name; a list knows what it holds (`of`), a record what it is called (`record`)."""

    name: str
    of: Type | None = None
    record: str = ""

    def __str__(self) -> str:
        return f"list({self.of})" if self.of else self.record or self.name


BOOL = Type("bool")
WHOLE = Type("int")  # CEL int, 64 bits
NUMBER = Type("number")  # stands where CEL has double, but exact: a Decimal
TEXT = Type("string")
DAY = Type("timestamp")  # a CEL timestamp; a fact that is a day is midnight UTC of it
SPAN = Type("duration")
NOTHING = Type("null_type")
ANY = Type("dyn")  # what an empty list holds


def list_of(of: Type) -> Type:
    return Type("list", of)


def record(name: str) -> Type:
    return Type("record", record=name)


Value = bool | int | Decimal | str | datetime | timedelta | list | dict | None  # a record is a dict of its facts
