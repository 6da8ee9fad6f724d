"""`shuanglian rule …`: try a text of the language of conditions, see the facts it may speak of. Needs no database."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from shuanglian.kernel.speech import language, speak
from shuanglian.kernel.words import N_, Said

from .benefit_commands import check_benefits, decide_family
from .cel.accounts import Account, Used
from .cel.inferred import inferred
from .cel.language import Expression, TextFaults, read
from .cel.numbers import spell
from .cel.outcomes import Failed, Unknown
from .cel.times import spell_moment, spell_span
from .cel.vocabulary import Vocabulary, Word

VALUE, WRONG, UNREADABLE, NOT_KNOWN = 0, 1, 2, 3
DECLARED = re.compile(r"\b(person|household|village|year|day)\b")

_lang = click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="zh or en; default: LANG, else zh.")
_json = click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")


@click.group()
def rule() -> None:
    """规则：试算条件，查看事实。 Rules: try conditions, list the facts, decide for a family."""


rule.add_command(check_benefits)
rule.add_command(decide_family)


@rule.command("eval")
@click.argument("text")
@click.option("--facts", "facts_given", default="{}", help='JSON: {"person": {"age": 70}}, a file of it, or - (stdin).')
@click.option("--why", is_flag=True, help="每个条件及所用事实 every condition with the facts it used")
@_json
@_lang
@click.pass_context
def evaluate(
    context: click.Context, text: str, facts_given: str, why: bool, as_json: bool, lang: str | None
) -> None:  # fmt: skip
    """试算一段条件或金额。 Work out a condition or an amount.

    Facts that the product does not know take the type of their JSON value: 3 is an int, 3.0 a number; a day is text
    made one by date('2015-09-01'). Exit status: 0 a value, 1 the text is faulty or fails, 2 the facts cannot be read,
    3 it cannot be decided because facts are not known.
    """
    lang = language(lang)
    try:
        facts = _facts(facts_given)
    except (OSError, ValueError) as error:
        _refuse_facts(str(error), lang, as_json)
        context.exit(UNREADABLE)
    try:
        expression = read(text, inferred(facts, _declared(text, facts)), None, loose=True)
    except TextFaults as faults:
        _tell_faults(faults, lang, as_json)
        context.exit(WRONG)
    account = expression.account(facts)
    if as_json:
        click.echo(_dumped(_told(expression, account, lang, why)))
    else:
        _say(expression, account, lang, why)
    context.exit(WRONG if account.failed else NOT_KNOWN if account.asks else VALUE)


@rule.command("facts")
@click.argument("word", default="")
@_json
@_lang
def show_facts(word: str, as_json: bool, lang: str | None) -> None:
    """条件里可用的事实。 The facts that conditions may speak of; WORD narrows the list (person, 年龄, income …)."""
    lang = language(lang)
    found = [one for one in _words(_catalogue()) if word.lower() in f"{one.path} {one.label.zh} {one.label.en}".lower()]
    if as_json:
        click.echo(_dumped([_fact(one, lang) for one in found]))
        return
    for one in found:
        unit = f" ({one.unit.in_(lang)})" if one.unit else ""
        marks = [f"[{one.codes}]"] if one.codes else []
        marks += [speak(Said(N_("须申明")), lang)] if one.stated else []
        told = "  ".join([f"{one.path:34} {one.type!s:14} {one.label.in_(lang)}{unit}", *marks])
        click.echo(f"{told}  — {one.source.in_(lang)}")


def _facts(given: str) -> dict[str, Any]:
    """The facts as JSON here, in a file, or on standard input."""
    if given == "-":
        given = sys.stdin.read()
    elif not given.lstrip().startswith("{"):
        given = Path(given).read_text(encoding="utf-8")
    found = json.loads(given, parse_float=Decimal, parse_constant=_no_number)
    if not isinstance(found, dict):
        raise ValueError('{"person": {"age": 70}}')
    return found


def _no_number(word: str) -> None:
    raise ValueError(word)


def _catalogue() -> Vocabulary:
    from .facts.catalogue import vocabulary  # brings the columns' library, which a text without facts can do without

    return vocabulary()


def _declared(text: str, facts: Mapping[str, Any]) -> Vocabulary | None:
    """The product's own words, when the text or the facts speak of them; an `x` that somebody tries needs none."""
    speaks = DECLARED.search(text) or any(DECLARED.fullmatch(root) and _is_record(facts[root]) for root in facts)
    if not speaks:
        return Vocabulary({}, {})
    known = _catalogue()
    own = {
        name: kind
        for name, kind in known.roots.items()
        if name not in facts or _is_record(facts[name]) or not kind.record
    }
    return Vocabulary(known.words, own)


def _is_record(value: Any) -> bool:
    return isinstance(value, Mapping)


def _words(vocabulary: Vocabulary) -> Iterator[Word]:
    for words in vocabulary.words.values():
        yield from words.values()


def _fact(one: Word, lang: str) -> dict[str, Any]:
    return {
        "path": one.path, "type": str(one.type), "label": one.label.in_(lang), "zh": one.label.zh, "en": one.label.en,
        "unit": one.unit.in_(lang) if one.unit else None, "codes": one.codes, "stated": one.stated,
        "sensitive": one.sensitive, "source": one.source.in_(lang),
    }  # fmt: skip


def _refuse_facts(detail: str, lang: str, as_json: bool) -> None:
    said = speak(Said(N_("事实读不出来：{detail}。须是 JSON。"), {"detail": detail}), lang)
    if as_json:
        click.echo(_dumped({"state": "unreadable", "message": said}))
    else:
        click.echo(said, err=True)


def _tell_faults(faults: TextFaults, lang: str, as_json: bool) -> None:
    if as_json:
        found = [
            {"code": one.code, "line": one.line, "column": one.column, "message": speak(one.said, lang),
             "cure": speak(one.cure, lang)}
            for one in faults.faults
        ]  # fmt: skip
        click.echo(_dumped({"state": "faulty", "value": None, "type": None, "asks": [], "faults": found}))
        return
    for one in faults.faults:
        click.echo(f"{one.line}:{one.column}: {speak(one.said, lang)} — {speak(one.cure, lang)}")


def _told(expression: Expression, account: Account, lang: str, why: bool) -> dict[str, Any]:
    state = "failed" if account.failed else "unknown" if account.asks else "value"
    told: dict[str, Any] = {
        "state": state, "value": plain(account.value) if state == "value" else None, "type": str(expression.type),
        "asks": sorted(account.asks),
    }  # fmt: skip
    if account.failed:
        told["failed"] = {"code": account.failed.code, "message": speak(account.failed.said, lang)}
    if why:
        told |= {"sentence": expression.sentence(lang), "why": _reasons(account, lang)}
    return told


def _reasons(account: Account, lang: str) -> dict[str, Any]:
    used = [
        {"path": one.path, "member": one.member, "known": one.known, "value": plain(one.value) if one.known else None}
        for one in account.used
    ]
    return {
        "text": account.text, "kind": account.kind, "sentence": account.clause.sentence(lang), "met": account.met,
        "asks": sorted(account.asks), "failed": account.failed.code if account.failed else None,
        "member": account.member, "decided_by": list(account.members), "used": used,
        "parts": [_reasons(part, lang) for part in account.parts],
    }  # fmt: skip


def plain(value: Any) -> Any:
    """A value for JSON: numbers as numbers where JSON keeps them exact, else as text; days and durations as text."""
    match value:
        case Decimal():
            near = float(value)
            return near if Decimal(repr(near)) == value else spell(value)
        case datetime():
            return spell_moment(value)
        case timedelta():
            return spell_span(value)
        case list() | tuple():
            return [plain(one) for one in value]
        case Mapping():
            return {name: plain(one) for name, one in value.items()}
        case Unknown() | Failed():
            return None
    return value


def written(value: Any) -> str:
    """A value as the language writes it."""
    match value:
        case Decimal():
            text = spell(value)
            return text if "." in text else text + ".0"
        case datetime():
            return f"timestamp('{spell_moment(value)}')"
        case timedelta():
            return f"duration('{spell_span(value)}')"
        case list() | tuple():
            return "[" + ", ".join(written(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _say(expression: Expression, account: Account, lang: str, why: bool) -> None:
    if account.failed:
        click.echo(speak(Said(N_("算不出来：{why}"), {"why": account.failed.said}), lang))
    elif account.asks:
        asked = [_named(path, expression.vocabulary, lang) for path in sorted(account.asks)]
        click.echo(speak(Said(N_("还不能决定，须先知道：{facts}"), {"facts": ", ".join(asked)}), lang))
    else:
        click.echo(written(account.value))
    if why:
        click.echo(expression.sentence(lang))
        _say_reasons(account, lang, 0)


def _named(path: str, vocabulary: Vocabulary, lang: str) -> str:
    owner, _, name = path.rpartition(".")
    word = vocabulary.word(owner, name)
    return path if word is None or word.label.zh == name else f"{path} ({word.label.in_(lang)})"


def _say_reasons(account: Account, lang: str, depth: int) -> None:
    mark = "!" if account.failed else {True: "✓", False: "✗", None: "?"}[account.met]
    mark = "=" if account.met is None and not account.failed and not account.asks else mark
    whose = f"[{account.member}] " if account.member is not None else ""
    used = ", ".join(f"{_whose(one)} = {written(one.value) if one.known else '?'}" for one in account.used)
    click.echo("  " * depth + f"{mark} {whose}{account.text}" + (f"    {used}" if used else ""))
    for part in account.parts:
        _say_reasons(part, lang, depth + 1)


def _whose(used: Used) -> str:
    """household.members[1].age, when a fact is one member's."""
    return used.path if used.member is None else f"household.members[{used.member}].{used.path.rpartition('.')[2]}"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
