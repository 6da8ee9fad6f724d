"""One benefit as the text of its file: read with everything wrong with it told, written, taken from a profile.

benefit, faults = read_text("senior_grant", text, profile)      as if it stood in the profile's folder
text = to_toml(table)                                            tomllib.loads(text) == table
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from .benefit_files import Ground, read_benefits
from .benefits import Benefit, Terms
from .facts.catalogue import vocabulary
from .profile import Profile
from .profile_faults import Fault
from .profile_files import Desk
from .profile_load import shaped

WIDTH = 118
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True)
class ReadText:
    """What a text says: the benefit when its shape is right (even if parts are faulty), and what is wrong, by line."""

    benefit: Benefit | None
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        return self.benefit is not None and not self.faults


def read_text(code: str, text: str, profile: Profile) -> ReadText:
    """Read one benefit's text against a profile and run its cases."""
    desk, file = Desk(), Path("benefits") / f"{code}.toml"
    table = desk.parse(file, text.replace("\r\n", "\n"))
    found = read_benefits({str(file): table}, ground_of(profile), desk) if table is not None else {}
    once = {(fault.line, fault.path, fault.code, str(fault.said)): fault for fault in desk.faults}
    return ReadText(found.get(code), tuple(sorted(once.values(), key=lambda fault: fault.line)))


def ground_of(profile: Profile) -> Ground:
    """What a benefit may refer to in a profile."""
    codes = {"kinds": profile.benefit_kinds, "departments": profile.departments, "funds": profile.funds}
    return Ground(codes, profile.rules, profile.documents, vocabulary(), profile.history("lines"), shaped)


def table_of(benefit: Benefit) -> dict[str, Any]:
    """A benefit as the table its file holds, with nothing left to a [source]."""
    shape = benefit.shape.model_dump(by_alias=True)
    table = {key: value for key, value in shape.items() if not _absent(value)}
    table["terms"] = [_without_gaps(one) for one in shape["terms"]]
    for terms, one in zip(table["terms"], benefit.shape.terms, strict=True):
        if one.given:
            terms["given"] = {name: _without_gaps(given) for name, given in terms["given"].items()}
    if cases := [_case(one) for one in shape["cases"]]:
        table["cases"] = cases
    return _plain(table)


def terms_table(terms: Terms) -> dict[str, Any]:
    """One stretch of terms alone, as its file holds it."""
    return _plain(_without_gaps(terms.shape.model_dump(by_alias=True)))


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in case.items() if value is not None and (value != {} or key == "person")}
    found["granted"] = _ANSWERS.get(case["granted"], case["granted"])
    return found


def _without_gaps(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: (
            [_without_gaps(one) if isinstance(one, Mapping) else one for one in value]
            if isinstance(value, (list, tuple))
            else value
        )
        for key, value in table.items()
        if not _absent(value)
    }  # fmt: skip


def _absent(value: Any) -> bool:
    return value is None or value in ((), [], {})


def _plain(value: Any) -> Any:
    """Amounts as text, tuples as lists: what TOML reads back."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return f"{value:f}" if isinstance(value, Decimal) else value


# --- writing --------------------------------------------------------------------------------------------------------
SECTIONS = ("terms", "cases")  # written as [[terms]], [[cases]]; lists inside them a line an entry


def to_toml(table: Mapping[str, Any]) -> str:
    """The text of a benefit's file: the head, then its terms and cases."""
    blocks = ["\n".join(_lines({key: value for key, value in table.items() if key not in SECTIONS}))]
    for key in SECTIONS:
        for entry in table.get(key, []):
            blocks.append("\n".join([f"[[{key}]]", *_lines(entry)]))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _lines(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if value is None:
            continue
        if key == "given" and isinstance(value, Mapping) and value:
            yield from (f"given.{_key(name)} = {_value(one)}" for name, one in value.items())
            continue
        line = f"{_key(key)} = {_value(value)}"
        if isinstance(value, (list, tuple)) and any(isinstance(one, Mapping) for one in value):
            yield f"{_key(key)} = ["
            yield from (f"  {_value(one)}," for one in value)
            yield "]"
        else:
            yield line


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | int):
        return str(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items() if one is not None)
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(one) for one in value)}]"
    return _text(str(value))


def _text(value: str) -> str:
    """A basic string of TOML: JSON escapes the same, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
