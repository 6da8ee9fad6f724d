"""Texts of messages, in both languages. A room registers its own in apps.ready():

    register(Template("duties.due", title=_("任务提醒：{duty}"), text=_("截至 {until} 还差 {left}{unit}。")))

Titles and texts are lazy translations with gaps; a gap that holds {"zh": …, "en": …} is told in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation


@dataclass(frozen=True)
class Template:
    """One kind of message: its code, its name for offices, title and text with named gaps."""

    code: str
    name: Any
    title: Any
    text: Any


_known: dict[str, Template] = {}


def register(template: Template) -> None:
    """The same code again replaces it."""
    _known[template.code] = template


def name_of(code: str) -> str:
    return str(_known[code].name) if code in _known else code


def known(code: str) -> bool:
    return code in _known


def told(code: str, params: Mapping[str, Any], language: str = "") -> tuple[str, str]:
    """(title, text) in a language, the reader's own when none is named; an unknown template shows its code."""
    if code not in _known:
        return code, ""
    with translation.override(language or translation.get_language() or settings.LANGUAGE_CODE):
        values = {name: _in_words(value) for name, value in params.items()}
        template = _known[code]
        return str(template.title).format_map(_Gaps(values)), str(template.text).format_map(_Gaps(values))


class _Gaps(dict[str, str]):
    """A gap that nobody filled is seen as such; it does not keep the message from going out."""

    def __missing__(self, name: str) -> str:
        return f"[{name}]"


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        short = "zh" if (translation.get_language() or "zh").startswith("zh") else "en"
        return str(value.get(short) or value.get("zh") or "")
    return str(value)
