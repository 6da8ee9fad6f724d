"""Going through a list: all, exists, exists_one, filter and map as closures, and how much may be gone through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .outcomes import Failed, Unknown, merged

Surroundings = dict[str, Any]
Closure = Callable[[Surroundings], Any]
STEPS = "#steps"  # no name of a text can look like this
MOST_STEPS = 1_000_000
BAD = frozenset([Unknown, Failed])
MISSING = object()
NO_OVERLOAD = Failed("no_overload")


class TooMuch(Exception):
    """More steps than one text may take."""


def spend(around: Surroundings, steps: int) -> None:
    around[STEPS] -= steps
    if around[STEPS] < 0:
        raise TooMuch


def _items(found: Any, around: Surroundings, cost: int) -> Any:
    """The members to go through; Unknown or Failed when there is no list."""
    if found.__class__ in BAD:
        return found
    if found.__class__ is not list:
        return NO_OVERLOAD
    spend(around, len(found) * cost)
    return found


def restore(around: Surroundings, name: str, before: Any) -> None:
    if before is MISSING:
        around.pop(name, None)
    else:
        around[name] = before


def _any_or_all(decides: bool) -> Callable[..., Closure]:
    """exists (True decides) and all (False decides): what one member decides, no unknown or failed one can undo."""

    def make(over: Closure, name: str, each: Closure, where: Closure | None, cost: int) -> Closure:
        def weigh(around: Surroundings) -> Any:
            items = _items(over(around), around, cost)
            if items.__class__ in BAD:
                return items
            before = around.get(name, MISSING)
            asked: frozenset[str] | None = None
            failed = None
            for around[name] in items:
                value = each(around)
                if value is decides:
                    restore(around, name, before)
                    return decides
                if value.__class__ is Unknown:
                    asked = value.facts if asked is None else asked | value.facts
                elif value.__class__ is not bool:
                    failed = failed or (value if value.__class__ is Failed else NO_OVERLOAD)
            restore(around, name, before)
            if asked is not None:
                return Unknown(asked)
            return failed or not decides

        return weigh

    return make


def _gathered(finish: Callable[[list[Any]], Any], mapping: bool) -> Callable[..., Closure]:
    """filter, map and exists_one: every member must be known; a failure stands whatever becomes known."""

    def make(over: Closure, name: str, each: Closure, where: Closure | None, cost: int) -> Closure:
        condition = where if mapping else each

        def gather(around: Surroundings) -> Any:
            items = _items(over(around), around, cost)
            if items.__class__ in BAD:
                return items
            before = around.get(name, MISSING)
            kept: list[Any] = []
            bad: list[Any] = []
            for around[name] in items:
                met = True if condition is None else condition(around)
                if met is True:
                    value = each(around) if mapping else around[name]
                    (bad if value.__class__ in BAD else kept).append(value)
                elif met is not False:
                    bad.append(met if met.__class__ in BAD else NO_OVERLOAD)
            restore(around, name, before)
            return merged(*bad) if bad else finish(kept)

        return gather

    return make


MACROS: Mapping[str, Callable[..., Closure]] = {
    "exists": _any_or_all(True),
    "all": _any_or_all(False),
    "exists_one": _gathered(lambda kept: len(kept) == 1, mapping=False),
    "filter": _gathered(lambda kept: kept, mapping=False),
    "map": _gathered(lambda kept: kept, mapping=True),
}
