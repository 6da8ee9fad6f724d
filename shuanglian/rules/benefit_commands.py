"""`shuanglian rule decide` and `rule check`: all benefits for one family, and the cases of a profile. No database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from shuanglian.kernel.speech import language, speak
from shuanglian.kernel.words import N_, Said

from .benefit_cases import SAYS
from .benefits import Benefit, Decision, decide
from .cel.numbers import spell
from .commands import FAULTY, UNREADABLE, print_faults
from .conditions import Outcome
from .fact_values import FactFault, typed
from .profile import Profile, ProfileErrors, ProfileUnreadable, load

MARKS = {True: "✓", False: "✗", None: "?"}
ORDER = ("granted", "ask", "failed", "incomplete", "refused")  # what people look for first

_lang = click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="zh or en; default: LANG, else zh.")
_json = click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")


@click.command("check")
@click.argument("profile")
@_lang
@_json
@click.pass_context
def check_benefits(context: click.Context, profile: str, lang: str | None, as_json: bool) -> None:
    """检查方案里的福利并试算全部例子。 Check a profile's benefits and run every case.

    PROFILE is a folder or a built-in name. Exit status 0 clean, 1 faults, 2 unreadable.
    """
    lang = language(lang)
    checked = _load(context, profile, lang, as_json)
    counts = {
        "benefits": len(checked.benefits),
        "cases": sum(len(one.shape.cases) for one in checked.benefits.values()),
    }
    if as_json:
        click.echo(json.dumps({"profile": checked.name, **counts, "faults": []}))
    else:
        said = Said(N_("{name}：{benefits} 项福利、{cases} 个例子没有问题。"), {"name": checked.name, **counts})
        click.echo(speak(said, lang))


@click.command("decide")
@click.argument("profile")
@click.option(
    "--facts", "file", required=True, help='{"household": {…, "members": [{…}]}, "village": {…}}; - is stdin.'
)
@click.option("--on", "day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="the day, such as 2015-10-01")
@_lang
@_json
@click.pass_context
def decide_family(
    context: click.Context, profile: str, file: str, day: datetime, lang: str | None, as_json: bool
) -> None:  # fmt: skip
    """一户一人能享受什么，为什么。 What a family and each member is owed on a day, and why.

    Every benefit for the household and for each member, with its conditions, the facts used and what is to be asked.
    Exit status 0 decided, 1 the profile has faults, 2 the profile or the facts cannot be read.
    """
    lang = language(lang)
    loaded = _load(context, profile, lang, as_json)
    try:
        raw = _read(file)
    except (OSError, ValueError, InvalidOperation) as error:
        _refuse(Said(N_("读不了这些事实：{detail}"), {"detail": str(error)}), lang, as_json)
        context.exit(UNREADABLE)
    facts, faults = typed(raw, _vocabulary())
    if faults:
        _tell(faults, lang, as_json)
        context.exit(UNREADABLE)
    on = day.date()
    facts["year"] = {**_year(loaded, on), **facts.get("year", {})}
    found = _decisions(loaded, facts, on)
    click.echo(_as_json(loaded, found, on, lang) if as_json else _told(loaded, found, lang))


def _load(context: click.Context, name: str, lang: str, as_json: bool) -> Profile:
    try:
        return load(name)
    except ProfileErrors as errors:
        print_faults(errors.faults, lang, as_json)
        context.exit(UNREADABLE if isinstance(errors, ProfileUnreadable) else FAULTY)


def _read(file: str) -> Mapping[str, Any]:
    text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    found = json.loads(text, parse_float=Decimal)
    if not isinstance(found, dict):
        raise ValueError('{"household": {…}}')
    return found


def _vocabulary() -> Any:
    from .facts.catalogue import vocabulary

    return vocabulary()


def _year(profile: Profile, on: date) -> dict[str, Any]:
    line = profile.lines(on.year)
    return {"number": on.year, "poverty_line": line.yuan, "line_concept": line.concept}


def _decisions(profile: Profile, facts: Mapping[str, Any], on: date) -> list[list[tuple[Benefit, Decision]]]:
    """For the household first, then for each member: every benefit and its decision, those granted first."""
    members = facts.get("household", {}).get("members") or []
    if not members and "person" in facts:
        members = [facts["person"]]
    whose: list[tuple[str, Any]] = [("household", None), *(("person", one) for one in members)]
    return [
        sorted(
            ((one, decide(one, facts if person is None else {**facts, "person": person}, on))
             for one in profile.benefits.values() if one.subject == subject),
            key=lambda pair: (*ORDER, "not_in_force").index(pair[1].state),
        )
        for subject, person in whose
    ]  # fmt: skip


def _told(profile: Profile, found: list[list[tuple[Benefit, Decision]]], lang: str) -> str:
    lines: list[str] = []
    for number, decisions in enumerate(found):
        said = Said(N_("成员 {number}"), {"number": number}) if number else Said(N_("全户"))
        lines += ["", speak(said, lang)]
        for benefit, decision in decisions:
            if decision.state in ORDER:
                lines += _lines(benefit, decision, lang)
    return "\n".join(lines[1:])


def _lines(benefit: Benefit, decision: Decision, lang: str) -> Iterator[str]:
    said: Any = Said(SAYS[decision.state])
    if decision.state == "granted" and decision.yuan is not None:
        unit = N_("{yuan} 个百分点") if benefit.pays == "points" else N_("{yuan} 元")
        said = Said(unit, {"yuan": spell(decision.yuan)})
    yield f"  {MARKS[decision.granted]} {benefit.title.in_(lang)}: {speak(said, lang)}"
    for lack in decision.lacks:
        yield "      " + speak(Said(N_("缺少 {key}"), {"key": lack}), lang)
    for one in decision.conditions:
        yield f"      {MARKS[one.met]} {one.says.in_(lang)}{_facts_of(one)}"


def _facts_of(outcome: Outcome) -> str:
    used = [
        f"{one.path}{'' if one.member is None else f'[{one.member}]'} = {_plain(one.value)}" for one in outcome.used
    ]
    asked = [f"{path} = ?" for path in sorted(outcome.asks)]
    return f"    ({', '.join(used + asked)})" if used or asked else ""


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return spell(value)
    return value.date().isoformat() if isinstance(value, datetime) else json.dumps(value, ensure_ascii=False)


def _as_json(profile: Profile, found: list[list[tuple[Benefit, Decision]]], on: date, lang: str) -> str:
    told = [[{"title": benefit.title.in_(lang), **decision.to_json()} for benefit, decision in decisions]
            for decisions in found]  # fmt: skip
    whole = {"profile": profile.name, "on": on.isoformat(), "household": told[0], "members": told[1:]}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _tell(faults: list[FactFault], lang: str, as_json: bool) -> None:
    if as_json:
        found = [{"place": list(one.place), "code": one.code, "message": speak(one.said, lang),
                  "cure": speak(one.cure, lang)} for one in faults]  # fmt: skip
        click.echo(json.dumps({"faults": found}, ensure_ascii=False, indent=2))
        return
    for one in faults:
        place = ".".join(map(str, one.place))
        click.echo(f"{place}: {speak(one.said, lang)} — {speak(one.cure, lang)}")


def _refuse(said: Said, lang: str, as_json: bool) -> None:
    click.echo(json.dumps({"error": speak(said, lang)}, ensure_ascii=False) if as_json else speak(said, lang))
