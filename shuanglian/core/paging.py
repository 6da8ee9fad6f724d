"""Pages of long lists without counting and without OFFSET: the next page starts after the last row's key."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import BadRequest, FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _

M = TypeVar("M", bound=Model)
SIZE = 50
LONGEST_TOKEN = 2_000


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows of one page; `next` and `previous` are keys to hand to `keyset(after=…)`, None at the ends."""

    rows: list[M]
    next: str | None
    previous: str | None

    @property
    def previous_possible(self) -> bool:
        return self.previous is not None

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def keyset(queryset: QuerySet[M], *, order: tuple[str, ...], after: str | None, size: int = SIZE) -> Page[M]:
    """One page of a queryset in an order that ends in a unique column, such as ("-income_per_head", "id").

    Unknown values stand where PostgreSQL's indexes keep them: last when ascending, first when descending. A key that
    was tampered with is a bad request. No count is made: the cost is that of `size + 1` rows.
    """
    backwards, values = _read_token(after, len(order)) if after else (False, None)
    walk = tuple(_turned(name) for name in order) if backwards else order
    rows_wanted = queryset.order_by(*walk)
    if values is not None:
        rows_wanted = rows_wanted.filter(_beyond(queryset.model, walk, values))
    rows: list[M] = list(rows_wanted[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_next = bool(rows) and (backwards or more)
    has_previous = bool(rows) and (more if backwards else values is not None)
    return Page(
        rows,
        _token(rows[-1], order, backwards=False) if has_next else None,
        _token(rows[0], order, backwards=True) if has_previous else None,
    )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(model: type[Model], walk: tuple[str, ...], values: list[Any]) -> Q:
    """The rows strictly behind a key: a first column's bound for the index, then the ladder of equal columns."""
    ladder, equal = Q(pk__in=[]), Q()
    for name, raw in zip(walk, values, strict=True):
        field, value = name.removeprefix("-"), _value(model, name.removeprefix("-"), raw)
        ladder |= equal & _past(model, field, value, descending=name.startswith("-"))
        equal &= Q(**{f"{field}__isnull": True}) if value is None else Q(**{field: value})
    return _bound(model, walk[0], values[0]) & ladder


def _past(model: type[Model], field: str, value: Any, *, descending: bool) -> Q:
    if value is None:  # ascending: unknowns are last, nothing is behind; descending: they are first, the rest is
        return Q(**{f"{field}__isnull": False}) if descending else Q(pk__in=[])
    if descending:
        return Q(**{f"{field}__lt": value})
    behind = Q(**{f"{field}__gt": value})
    return behind | Q(**{f"{field}__isnull": True}) if _nullable(model, field) else behind


def _bound(model: type[Model], name: str, raw: Any) -> Q:
    """Redundant, but it is what lets an index start at the key instead of at its beginning."""
    field = name.removeprefix("-")
    value = _value(model, field, raw)
    if value is None or _nullable(model, field):
        return Q()
    return Q(**{f"{field}__{'lte' if name.startswith('-') else 'gte'}": value})


def _field(model: type[Model], name: str) -> Field | None:
    found: Any = None
    for step in name.split("__"):
        try:
            found = model._meta.pk if step == "pk" else model._meta.get_field(step)
        except FieldDoesNotExist:
            return None  # an annotation
        model = getattr(found, "related_model", None) or model
    return found


def _nullable(model: type[Model], name: str) -> bool:
    field = _field(model, name)
    return field is None or bool(field.null) or "__" in name


def _value(model: type[Model], name: str, raw: Any) -> Any:
    field = _field(model, name)
    if raw is None or field is None:
        return raw
    try:
        return field.to_python(raw)
    except ValidationError:
        raise BadRequest(_("页码无效，请从第一页开始。")) from None


def _token(row: Any, order: tuple[str, ...], *, backwards: bool) -> str:
    values = [_plain(_follow(row, name.removeprefix("-"))) for name in order]
    text = json.dumps([int(backwards), *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _follow(row: Any, name: str) -> Any:
    for step in name.split("__"):
        row = None if row is None else (row.get(step) if isinstance(row, dict) else getattr(row, step))
    return row.pk if isinstance(row, Model) else row


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def _read_token(token: str, columns: int) -> tuple[bool, list[Any]]:
    try:
        if len(token) > LONGEST_TOKEN:
            raise ValueError
        parts = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if not isinstance(parts, list) or len(parts) != columns + 1 or parts[0] not in (0, 1):
            raise ValueError
        if any(isinstance(part, dict | list) or (isinstance(part, str) and "\0" in part) for part in parts):
            raise ValueError
    except (ValueError, binascii.Error, RecursionError):
        raise BadRequest(_("页码无效，请从第一页开始。")) from None
    return bool(parts[0]), parts[1:]
