"""The programme profile that this installation runs, and its labels in the reader's language."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from shuanglian.rules.profile import Profile, load


def active() -> Profile:
    """The profile named by SHUANGLIAN_PROFILE (a built-in name is read once)."""
    return load(settings.PROFILE)


def language() -> str:
    """The reader's language as profiles name it: zh or en."""
    return "zh" if (get_language() or "zh").lower().startswith("zh") else "en"


def label(list_name: str, code: Any) -> str:
    """What a code of a profile list is called; an unknown or empty code shows itself, never an error."""
    if code is None or code == "":
        return ""
    if list_name in ("role", "permission"):
        entry = getattr(active(), f"{list_name}s").get(str(code))
        return entry.label.in_(language()) if entry else str(code)
    codes = active().codes.get(list_name)
    if codes is None or str(code) not in codes.by_code:
        return str(code)
    return codes.label(str(code), language())
