"""Who comes into question at all: every benefit over all families as columns, before any is decided with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shuanglian.rules.benefits import Benefit
from shuanglian.rules.facts.build import Families

from .findings import Key


def granted_or_open(families: Families, benefits: Mapping[str, Benefit], on: date) -> set[Key]:
    """Keys of those whom a benefit is granted, or about whom it cannot be decided."""
    raise NotImplementedError
