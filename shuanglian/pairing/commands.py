"""`shuanglian pair`: rosters in, pairs and their explanation out; no database (issue 2 F)."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.speech import language, speak
from shuanglian.kernel.words import N_, Said
from shuanglian.matching.explain import explain
from shuanglian.matching.pairing import solve
from shuanglian.matching.solution import PairingSolution
from shuanglian.rules.profile import Profile, ProfileErrors, ProfileUnreadable, load
from shuanglian.sheets.engine.messages import say

from . import folk, linking, places, proposing, results, stating, words

COVERED, INCOMPLETE, UNREADABLE = 0, 1, 2
SHOWN = 20
FILE = click.Path(path_type=Path)


@click.command()
@click.option("--households", required=True, type=FILE, help="贫困户名册 poor households (xlsx, xls, ods, csv)")
@click.option("--persons", type=FILE, help="家庭成员名册 members, when in a file of their own")
@click.option("--cadres", required=True, type=FILE, help="干部名册 cadres")
@click.option("--units", type=FILE, help="单位名册 units; without it those that the cadres name")
@click.option("--links", type=FILE, help="上年联村 links of units to villages as they stand")
@click.option("--villages", type=FILE, help="贫困村名单 poor villages; without it all where poor families live")
@click.option("--last", type=FILE, help="上年结对 last year's pairs")
@click.option("--relatives", type=FILE, help="亲属回避 cadre and household who are related: never paired")
@click.option("--profile", "profile_name", default="tongwei_2015", help="方案 profile: a name or a folder")
@click.option("--regions", type=FILE, help="区划表 region table; without it the shipped one of Gansu")
@click.option("--area", help="县代码 code of the county (default: the profile's)")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="生效日期 day of force (default: 1 March of the profile's year)"
)
@click.option(
    "--weight", "weights", multiple=True, metavar="CODE=POINTS", help="权重 a weight of the objective, e.g. keep=500"
)
@click.option(
    "--why", "whose", multiple=True, metavar="NUMBER", help="户编号：为什么是他 explain one household's person"
)
@click.option(
    "--out", "outs", multiple=True, type=FILE, help="文件夹或 .xlsx .json .csv folder, or a file by its ending"
)
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 the whole result on standard output")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="zh or en; default: LANG, else zh")
def pair(
    profile_name: str, regions: Path | None, area: str | None, on: Any, weights: tuple[str, ...],
    whose: tuple[str, ...], outs: tuple[Path, ...], as_json: bool, lang: str | None, **files: Path | None,
) -> None:  # fmt: skip
    """名册结对：每户一名责任人，每个贫困村有单位 pair rosters from files, without a database.

    Exit status: 0 everyone is covered, 1 not everyone or findings that block, 2 unreadable.
    """
    lang = language(lang)
    try:
        profile = load(profile_name)
        day = on.date() if on else date(profile.year, 3, 1)
        given = folk.Given(**files)  # type: ignore[arg-type]
        for path in (*(value for value in files.values() if value), *([regions] if regions else [])):
            if not path.is_file():
                raise Refusal("no_file", N_("找不到文件 {file}"), file=str(path))
        told, status = _run(given, profile, regions, area, day, _weights(profile, day, weights), whose, lang)
        for out in outs:
            for written in results.write(out, told, lang):
                click.echo(str(written), err=True)
    except Refusal as refusal:
        _unreadable(speak(refusal.said, lang), refusal.code, as_json)
    except (ProfileErrors, ProfileUnreadable, OSError) as error:
        _unreadable(str(error), "unreadable", as_json)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _show(told, lang)
    sys.exit(status)


def _run(
    given: folk.Given, profile: Profile, regions: Path | None, area: str | None, on: date, weights: dict[str, int],
    whose: tuple[str, ...], lang: str,
) -> tuple[dict[str, Any], int]:  # fmt: skip
    """The whole result and the exit status."""
    county = (area or profile.area_code).ljust(12, "0")
    where = places.read_places(regions, county)
    rows = folk.read_all(given, profile=profile, places=where, on=on)
    began = perf_counter()
    linked = linking.link_units(
        units=rows.units, cadres=rows.cadres, villages=rows.villages,
        links=rows.links, wished=rows.wished_links, roads=rows.roads,
        profile=profile, on=on, weights=weights,
    )  # fmt: skip
    stated = stating.state(rows.county(linked.standing), profile=profile, on=on, weights=weights)
    solution = solve(stated.problem)
    pairs = proposing.pairs(rows, stated, solution)  # type: ignore[arg-type]
    seconds = float(f"{perf_counter() - began:.2f}")
    summary = proposing.totals(rows, linked, stated, solution, pairs, seconds)  # type: ignore[arg-type]
    notes = [speak(Said(note["sentence"], note["params"]), lang) for note in summary.pop("notes")]
    uncovered = [
        {"code": one["code"], "households": one["households"], "why": speak(Said(one["sentence"], one["params"]), lang)}
        for one in summary.pop("uncovered")
    ]
    uncovered += [
        {
            "code": why,
            "village": code,
            "households": 0,
            "why": f"{where.name_of(code)}：{speak(words.reason(why), lang)}",
        }
        for code, why in linked.missing.items()
    ]
    told = results.document(
        {"profile": profile.name, "on": on.isoformat(), **summary},
        results.pair_rows(rows, pairs, where, profile, lang), results.link_rows(rows, linked, where, lang),
        _findings(rows, lang), notes, uncovered,
    )  # fmt: skip
    if whose:
        told["explained"] = [_explained(number, rows, solution, stated, lang) for number in whose]
    lacking = linked.missing if given.villages else ()  # without a list nobody said that those villages need a unit
    whole = not summary["none"] and not lacking and not rows.blocked
    return told, COVERED if whole else INCOMPLETE


def _weights(profile: Profile, on: date, given: tuple[str, ...]) -> dict[str, int]:
    known = profile.on(on).pairing.weights
    points = {code: weight.value for code, weight in known.items()}
    for text in given:
        code, _sign, value = text.partition("=")
        if code not in known or not value.lstrip("-").isdecimal():
            raise Refusal("unknown_weight", N_("方案中没有这项权重：{weight}"), weight=text)
        if not known[code].low <= int(value) <= known[code].high:
            raise Refusal(
                "weight_out_of_range", N_("“{label}”应在 {low} 到 {high} 之间"),
                label=Said(known[code].label.zh), low=known[code].low, high=known[code].high,
            )  # fmt: skip
        points[code] = int(value)
    return points


def _findings(rows: folk.FileRows, lang: str) -> list[dict[str, Any]]:
    """What is wrong with the rosters, in words; personal values stay out of it."""
    told = []
    for finding in rows.findings.iter_rows(named=True):
        what, cure = say(finding, lambda sentence: speak(Said(sentence), lang))
        value = "" if finding["personal"] else finding["value"]
        told.append({name: finding[name] for name in ("file", "sheet", "row", "column", "code", "severity")}
                    | {"value": value, "what": what, "cure": cure})  # fmt: skip
    return told


def _explained(
    number: str, rows: folk.FileRows, solution: PairingSolution, stated: stating.Stated, lang: str
) -> dict[str, Any]:
    """Why a household got its person: the terms, what the county would lose without it, who else there is."""
    keys = stated.households["number"].to_list()
    if number not in keys:
        raise Refusal("unknown_household", N_("名册中没有户编号 {number}"), number=number)
    found = explain(solution, keys.index(number))
    cadres, names = stated.cadres["number"].to_list(), stated.cadres["name"].to_list()

    def person(row: int) -> str:
        return f"{names[row]}（{cadres[row]}）" if row >= 0 else "—"

    def spoken(terms: dict[str, int]) -> dict[str, int]:
        return {speak(words.term(name), lang): points for name, points in terms.items() if points}

    other = found.next_best
    return {
        "household": number, "cadre": person(found.cadre), "points": found.points, "terms": spoken(found.terms),
        "without_it": None if other is None else {
            "uncovered": other.uncovered, "below_minimum": other.below_minimum, "points": other.points,
        },
        "would_move": [
            {"household": keys[step.household], "before": person(step.before), "after": person(step.after)}
            for step in found.steps
        ],
        "others": [{"cadre": person(one.cadre), "points": one.points, "terms": spoken(one.terms),
                    "has_room": one.has_room}
                   for one in found.alternatives],
    }  # fmt: skip


def _show(told: dict[str, Any], lang: str) -> None:
    """A short report for people."""
    summary = told["summary"]

    def line(sentence: str, **params: Any) -> None:
        click.echo(speak(Said(sentence, params), lang))

    line(N_("贫困户 {households}，有责任人 {paired}，未落实 {none}，兜底 {fallback}"),
         **{name: summary[name] for name in ("households", "paired", "none", "fallback")})  # fmt: skip
    line(N_("贫困村 {poor}，有单位 {linked}"), poor=summary["villages"]["poor"], linked=summary["villages"]["linked"])
    line(N_("延续 {kept}，调整 {moved}，新结对 {new}"), **{name: summary[name] for name in ("kept", "moved", "new")})
    if summary["km"]:
        line(N_("平均 {mean} 公里，九成在 {p90} 公里以内"), **summary["km"])
    line(N_("总代价 {objective}，用时 {seconds} 秒"), objective=summary["objective"], seconds=summary["seconds"])
    for text in (*told["notes"], *(one["why"] for one in told["uncovered"])):
        click.echo(f"! {text}")
    for finding in told["findings"][:SHOWN]:
        click.echo(
            f"{finding['file']} {finding['sheet']}!{finding['column']}{finding['row']} "
            f"{finding['what']} {finding['cure']}"
        )
    if len(told["findings"]) > SHOWN:
        line(N_("……另有 {count} 条，见 --out 或 --json"), count=len(told["findings"]) - SHOWN)
    for one in told.get("explained", ()):
        click.echo(json.dumps(one, ensure_ascii=False, indent=1))


def _unreadable(message: str, code: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"status": "unreadable", "code": code, "message": message}, ensure_ascii=False))
    else:
        click.echo(message, err=True)
    sys.exit(UNREADABLE)
