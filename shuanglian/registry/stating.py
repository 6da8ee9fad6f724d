"""Statements in words: what a fact is called, its value with label and unit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core.profile import label, language
from shuanglian.rules.cel.vocabulary import Word
from shuanglian.rules.facts.build import read_value
from shuanglian.rules.facts.catalogue import entries


def told(statement: Any) -> tuple[str, str]:
    """(name of the fact, its value) of a statement or of a state of one in the row history."""
    path = f"{statement.record}.{statement.fact}"
    entry = entries().get(path)
    if entry is None:
        return path, str(json.loads(statement.value))
    return entry.word.label.in_(language()), shown(read_value(entry.word.type, statement.value), entry.word)


def listed(words: Iterable[str]) -> str:
    """Words one behind the other, as the reader's language has it."""
    return ("、" if language() == "zh" else ", ").join(words)


def shown(value: Any, word: Word | None = None) -> str:
    """A value for people: yes or no, the label of a code, a day, a number with its unit."""
    if value is None or value == []:
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, list | tuple):
        return listed(shown(one, word) for one in value)
    if isinstance(value, str):
        return label(word.codes, value) if word and word.codes else value
    number = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    unit = word.unit.in_(language()) if word and word.unit else ""
    return f"{number}{' ' if unit and language() != 'zh' else ''}{unit}"
