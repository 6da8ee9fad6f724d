"""What codes mean, in both languages: the phone changes its language without a line. Straight from the profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuanglian.core.profile import active

REGISTER = {"relation": "relation", "labour": "labour_skill", "health": "health", "cause": "cause",
            "exit_mark": "exit_mark"}  # fmt: skip


def told() -> dict[str, Any]:
    """List → [{code, zh, en, …}]."""
    profile = active()
    field = profile.fieldwork
    bands = profile.pairing.bands.get("household")
    return {
        "tasks": _entries(field.tasks, short=True),
        "met": [{**line, "nobody": field.met[line["code"]].nobody} for line in _entries(field.met)],
        "goods": [{**line, "unit": _both(field.goods[line["code"]].unit)} for line in _entries(field.goods)],
        "topics": _entries(field.topics),
        "ask_categories": _entries(field.asks),
        "posts": [
            {**line, "team": field.posts[line["code"]].team, "technician": field.posts[line["code"]].technician}
            for line in _entries(field.posts)
        ],
        "channels": _entries(field.channels),
        "prohibitions": _entries(field.prohibitions),
        "drive": [
            {**line, "part": field.drive[line["code"]].part, "task": field.drive[line["code"]].task}
            for line in _entries(field.drive)
        ],
        "fields": [
            {**line, "kind": profile.phone.fields[line["code"]].kind} for line in _entries(profile.phone.fields)
        ],
        "need": [{"code": band, **_both(label)} for band, label in enumerate(bands.labels if bands else ())],
        **{name: _codes(code_list) for name, code_list in REGISTER.items()},
    }


def _both(label: Any) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en}


def _entries(entries: Mapping[str, Any], *, short: bool = False) -> list[dict[str, Any]]:
    return [
        {"code": code, **_both(one.label), **({"short": _both(one.short)} if short else {})}
        for code, one in entries.items()
    ]


def _codes(name: str) -> list[dict[str, str]]:
    known = active().codes[name]
    chinese, english = dict(known.choices("zh")), dict(known.choices("en"))
    return [{"code": code, "zh": chinese[code], "en": english.get(code, chinese[code])} for code in chinese]
