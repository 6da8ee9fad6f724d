"""Cases on the page: families that a provision's conditions ask about, and what must come out for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from shuanglian.rules.benefits import Benefit
from shuanglian.rules.building import kind_of, word_at
from shuanglian.rules.cel.language import Expression
from shuanglian.rules.cel.syntax import Macro, Name, Select, walk
from shuanglian.rules.cel.types import WHOLE
from shuanglian.rules.facts.catalogue import vocabulary

MOST = 40  # cases, members of a case
ANSWERS = {"yes": True, "no": False, "ask": "ask", "incomplete": "incomplete"}
RECORDS = ("person", "household", "village", "year")


@dataclass
class CaseState:
    """One case as its form holds it: path → what was typed or ticked, for the family and for each further member."""

    on: str = ""
    granted: str = "yes"
    yuan: str = ""
    note: str = ""
    facts: dict[str, list[str]] = field(default_factory=dict)
    members: list[dict[str, list[str]]] = field(default_factory=list)
    unmet: str = ""
    asks: str = ""

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> CaseState:
        answers = {str(value): key for key, value in ANSWERS.items()}
        state = cls(
            str(table.get("on", "")), answers.get(str(table.get("granted")), "yes"), str(table.get("yuan", "")),
            str(table.get("note", "")), unmet="\n".join(table.get("unmet", [])), asks="\n".join(table.get("asks", [])),
        )  # fmt: skip
        for record in RECORDS:
            for name, value in table.get(record, {}).items():
                if name != "members":
                    state.facts[f"{record}.{name}"] = _shown(value)
        for member in table.get("household", {}).get("members", []):
            state.members.append({f"person.{name}": _shown(value) for name, value in member.items()})
        return state

    def table(self, subject: str) -> dict[str, Any]:
        """As TOML holds it; a value that its fact cannot have stays text and is told as a fault."""
        found: dict[str, Any] = {"on": _day(self.on)}
        for record in RECORDS:
            if told := {path.partition(".")[2]: value for path, typed in self.facts.items()
                        if path.startswith(f"{record}.") and (value := _value(path, typed)) is not None}:  # fmt: skip
                found[record] = told
        if subject == "person":
            found.setdefault("person", {})
        else:
            found.pop("person", None)
        if members := [_member(one) for one in self.members]:
            found.setdefault("household", {})["members"] = members
        found["granted"] = ANSWERS.get(self.granted, self.granted)
        lists = {"unmet": self.unmet.split("\n") if self.unmet and self.granted == "no" else None,
                 "asks": self.asks.split("\n") if self.asks and self.granted == "ask" else None}  # fmt: skip
        found |= {key: [one for one in lines if one.strip()] for key, lines in lists.items() if lines}
        if self.yuan.strip() and self.granted == "yes":
            found["yuan"] = self.yuan.replace(",", "").strip()
        return found | ({"note": self.note.strip()} if self.note.strip() else {})


def _member(typed: Mapping[str, list[str]]) -> dict[str, Any]:
    values = {path.partition(".")[2]: _value(path, one) for path, one in typed.items()}
    return {name: value for name, value in values.items() if value is not None}


def _shown(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return [("true" if value else "false") if isinstance(value, bool) else str(value)]


def _value(path: str, typed: list[str]) -> Any:
    """What was typed as TOML holds it; None for what was left open: not known."""
    told = [one.strip() for one in typed if one.strip()]
    if not told:
        return None
    word = word_at(path, vocabulary())
    if word is None:
        return told[0]
    match kind_of(word):
        case "codes":
            return told
        case "bool":
            return {"true": True, "false": False}.get(told[0])
        case "day":
            return _day(told[0])
    if word.type == WHOLE and told[0].removeprefix("-").isdecimal() and len(told[0]) < 19:
        return int(told[0])
    return told[0]


def _day(text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def posted(post: QueryDict) -> list[CaseState]:
    """The cases of a form."""
    return [_case(post, f"c{number}") for number in range(MOST) if f"c{number}-on" in post]


def _case(post: QueryDict, prefix: str) -> CaseState:
    state = CaseState()
    for key in ("on", "granted", "yuan", "note", "unmet", "asks"):
        setattr(state, key, post.get(f"{prefix}-{key}", "").strip().replace("\r\n", "\n"))
    state.facts = dict(_facts(post, f"{prefix}-f:"))
    for number in range(MOST):
        if f"{prefix}-m{number}-here" in post:
            state.members.append(dict(_facts(post, f"{prefix}-m{number}:")))
    return state


def _facts(post: QueryDict, prefix: str) -> Iterator[tuple[str, list[str]]]:
    for key in post:
        if key.startswith(prefix):
            yield key.removeprefix(prefix), post.getlist(key)


def do(cases: list[CaseState], what: str) -> None:
    """Change the cases as a button says: add, drop:1, member:1, unmember:1:0."""
    verb, *rest = what.split(":")
    places = [int(one) for one in rest if one.isascii() and one.isdigit() and len(one) < 4]
    match verb, places:
        case "add", [] if len(cases) < MOST:
            cases.append(CaseState(on=cases[-1].on if cases else ""))
        case "drop", [at] if at < len(cases):
            del cases[at]
        case "member", [at] if at < len(cases) and len(cases[at].members) < MOST:
            cases[at].members.append({})
        case "unmember", [at, member] if at < len(cases) and member < len(cases[at].members):
            del cases[at].members[member]


def asked(benefit: Benefit | None) -> tuple[list[str], list[str]]:
    """The facts that a provision's texts ask about: of the recipient, household, village, year; and of members."""
    own: set[str] = set()
    members: set[str] = set()
    for terms in benefit.terms if benefit else ():
        for expression in (*(one.expression for one in terms.conditions), *([terms.yuan] if terms.yuan else [])):
            found = _of_members(expression)
            members |= found
            own |= {path for path in expression.facts if path not in found or _named(expression, path)}
    own = {path for path in own if path.partition(".")[0] in RECORDS and not path.endswith(".members")}
    return sorted(own, key=_order), sorted(members, key=_order)


def _order(path: str) -> tuple[int, str]:
    return RECORDS.index(path.partition(".")[0]), path


def _of_members(expression: Expression) -> set[str]:
    """Facts asked of the variables of macros over members."""
    names = {node.name for node in walk(expression.tree) if isinstance(node, Macro)}
    return {f"person.{name}" for name in _asked_of(expression, names)}


def _named(expression: Expression, path: str) -> bool:
    """Whether a fact is also asked of the recipient by name."""
    return path.partition(".")[2] in _asked_of(expression, {"person"})


def _asked_of(expression: Expression, names: set[str]) -> set[str]:
    """The facts that are asked of a root or variable."""
    return {
        node.name
        for node in walk(expression.tree)
        if isinstance(node, Select) and isinstance(node.of, Name) and node.of.name in names
    }
