"""A lower room asks who else bounds a list; upper rooms answer without the lower room knowing them.

`register("registry.household", fn)` in apps.ready(); `fn(queryset, user)` gives a narrower queryset, or None when it
has nothing to say about that user.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

Narrow = Callable[[QuerySet, Any], QuerySet | None]
_rules: dict[str, list[Narrow]] = {}


def register(name: str, fn: Narrow) -> None:
    """Add a bound to a list; every registered bound holds."""
    if fn not in _rules.setdefault(name, []):
        _rules[name].append(fn)


def narrowed(name: str, queryset: QuerySet, user: Any) -> QuerySet:
    """The queryset within every bound that upper rooms set for this user."""
    for fn in _rules.get(name, []):
        narrower = fn(queryset, user)
        queryset = queryset if narrower is None else narrower
    return queryset
