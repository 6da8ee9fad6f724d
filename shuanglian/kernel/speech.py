"""Sentences of pure rooms in the reader's language, for every door: it reads the rooms' own catalogues, no Django."""

import gettext
import os
from functools import cache
from pathlib import Path
from typing import Any

from .words import Said

PACKAGE = Path(__file__).resolve().parent.parent
DOMAIN = "django"  # one catalogue a room, shared with the web


def language(wanted: str | None = None) -> str:
    """zh or en: what was asked for, else what the environment speaks, else zh."""
    for name in (wanted, *(os.environ.get(key) for key in ("LC_ALL", "LC_MESSAGES", "LANG"))):
        spoken = (name or "").lower()
        if spoken.startswith("zh"):
            return "zh"
        if spoken.startswith("en"):
            return "en"
    return "zh"


@cache
def _catalogue(lang: str, package: Path) -> gettext.NullTranslations:
    """Every room's catalogue, one behind the other; without any, sentences stay as they were written."""
    whole = gettext.NullTranslations()
    for folder in sorted(package.glob("*/locale")):
        whole.add_fallback(gettext.translation(DOMAIN, folder, [lang], fallback=True))
    return whole


def speak(said: Said, lang: str = "zh", package: Path = PACKAGE) -> str:
    """A sentence with its gaps filled, Chinese as written or translated; sentences inside gaps are spoken too."""
    sentence = said.sentence if lang.startswith("zh") else _catalogue(lang, package).gettext(said.sentence)
    if not said.params:  # braces in a sentence without gaps are just braces
        return sentence
    return sentence.format(**{key: _filled(value, lang, package) for key, value in said.params.items()})


def _filled(value: Any, lang: str, package: Path) -> Any:
    if isinstance(value, Said):
        return speak(value, lang, package)
    named = getattr(value, "in_", None)  # a label of the profile knows its name in both languages
    return named(lang) if callable(named) else value
