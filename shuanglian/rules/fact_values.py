"""Facts as people and machines write them (TOML of a case, JSON of a file) into the language's values, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from shuanglian.kernel.words import N_, Said

from .cel.types import BOOL, DAY, NUMBER, TEXT, WHOLE, Type
from .cel.vocabulary import Vocabulary
from .profile_faults import suggest

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class FactFault:
    """A fact that cannot be what was written: where, a code, what is wrong, how to mend it."""

    place: Place
    code: str
    said: Said
    cure: Said


class _NotSo(Exception):
    """A value that does not fit its type."""


_EXPECTED = {
    BOOL: N_("true 或 false，不加引号"), WHOLE: N_("整数，不加引号，如 4"), NUMBER: N_('数，小数加引号，如 "0.5"'),
    TEXT: N_('文字，用双引号括起，如 "科级"'), DAY: N_("日期，如 2015-01-01"),
}  # fmt: skip
_LIST = N_('列表，用方括号括起，如 ["a", "b"]')


def typed(raw: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[dict[str, Any], list[FactFault]]:
    """root → facts in the language's values, and what is wrong. raw: root → name → value; null is not known."""
    found: dict[str, Any] = {}
    faults: list[FactFault] = []
    for root, facts in raw.items():
        if root not in vocabulary.roots or not vocabulary.roots[root].record or root == "given":
            records = [name for name, kind in vocabulary.roots.items() if kind.record]
            said = Said(N_("没有 {value} 这类事实"), {"value": root})
            faults.append(FactFault((root,), "unknown_record", said, suggest(root, records)))
        else:
            found[root] = _record(root, facts, (root,), vocabulary, faults)
    return found, faults


def _record(record: str, facts: Any, place: Place, vocabulary: Vocabulary, faults: list[FactFault]) -> dict[str, Any]:
    if not isinstance(facts, Mapping):
        said = Said(N_("{key} 须是一张表"), {"key": record})
        cure = Said(N_("写成 {example}。"), {"example": f"{record} = {{ … }}"})
        faults.append(FactFault(place, "wrong_type", said, cure))
        return {}
    found: dict[str, Any] = {}
    for name, value in facts.items():
        if (record, name) == ("household", "members"):
            found[name] = list(_members(value, (*place, name), vocabulary, faults))
            continue
        kind = vocabulary.type_of(record, name)
        if kind is None:
            said = Said(N_("没有 {value} 这个事实"), {"value": f"{record}.{name}"})
            cure = suggest(name, sorted(vocabulary.words.get(record, ())))
            faults.append(FactFault((*place, name), "unknown_fact", said, cure))
            continue
        try:
            found[name] = None if value is None else value_of(value, kind)
        except _NotSo:
            expected = Said(_LIST if kind.of else _EXPECTED[kind])
            said = Said(N_("{key} 写成了 {value}"), {"key": f"{record}.{name}", "value": str(value)[:40]})
            faults.append(FactFault((*place, name), "wrong_type", said,
                                    Said(N_("应写{expected}。"), {"expected": expected})))  # fmt: skip
    return found


def _members(value: Any, place: Place, vocabulary: Vocabulary, faults: list[FactFault]) -> Iterator[dict[str, Any]]:
    if not isinstance(value, list):
        said = Said(N_("{key} 须是一列条目"), {"key": "members"})
        cure = Said(N_("每个成员一张表，如 members = [ {example} ]。"), {"example": "{ age = 60 }"})
        faults.append(FactFault(place, "wrong_type", said, cure))
        return
    for number, member in enumerate(value):
        yield _record("person", member, (*place, number), vocabulary, faults)


def value_of(value: Any, kind: Type) -> Any:
    """A written value as the language's value of a type: numbers exact, a day as midnight UTC of it."""
    if kind.of is not None:
        if not isinstance(value, list):
            raise _NotSo
        return [value_of(one, kind.of) for one in value]
    if kind == NUMBER:
        return _number(value)
    if kind == DAY:
        return _moment(value)
    expected = {BOOL: bool, WHOLE: int, TEXT: str}[kind]
    if not isinstance(value, expected) or (kind == WHOLE and isinstance(value, bool)):
        raise _NotSo
    return value


def _number(value: Any) -> Decimal:
    if isinstance(value, bool | float) or not isinstance(value, int | str | Decimal):
        raise _NotSo
    try:
        return Decimal(value)
    except InvalidOperation:
        raise _NotSo from None


def _moment(value: Any) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
        except ValueError:
            raise _NotSo from None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise _NotSo


def to_plain(value: Any) -> Any:
    """A value of the language for JSON, so marked that `from_plain` brings back the same."""
    match value:
        case Decimal():
            return {"number": str(value)}
        case datetime():
            return {"day": value.isoformat()}
        case timedelta():
            return {"span": [value.days, value.seconds, value.microseconds]}
        case list() | tuple():
            return [to_plain(one) for one in value]
        case Mapping():
            return {"record": {name: to_plain(one) for name, one in value.items()}}
    return value


def from_plain(kept: Any) -> Any:
    """What `to_plain` wrote."""
    if isinstance(kept, list):
        return [from_plain(one) for one in kept]
    if not isinstance(kept, dict):
        return kept
    ((mark, inner),) = kept.items()
    if mark == "number":
        return Decimal(inner)
    if mark == "day":
        return datetime.fromisoformat(inner)
    if mark == "span":
        return timedelta(*inner)
    return {name: from_plain(one) for name, one in inner.items()}
