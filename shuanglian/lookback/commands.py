"""`shuanglian lookback …`: repeat or check a draw, intervals of a share, sample sizes. No database (REG-6)."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.speech import language, speak
from shuanglian.kernel.words import N_, Said
from shuanglian.measures.commands import number
from shuanglian.measures.shares import clopper_pearson, finite, sample_size, sample_to_clear, wilson
from shuanglian.rules import draws

RIGHT, WRONG, UNREADABLE = 0, 1, 2
FILE = click.Path(path_type=Path, dir_okay=False)
LANG = click.option("--lang", type=click.Choice(["zh", "en"]), help="zh or en; default: LANG, else zh")
JSON = click.option("--json", "as_json", is_flag=True, help="JSON 输出 machine-readable answer")


@click.group()
def lookback() -> None:
    """回头看：重算抽查、置信区间、样本量。 Look-back: repeat a draw, intervals, sample sizes.

    Exit status: 0 right, 1 the draw told is another, 2 unreadable or wrong usage.
    """


@lookback.command()
@click.argument("frame", type=FILE)
@click.option("--seed", required=True, help="种子 the seed: campaign:draw:public number")
@click.option("--share", required=True, help="比例 share, such as 0.1, 1/5 or 10%")
@click.option("--least", type=click.IntRange(0), default=0, show_default=True, help="每村至少 at least, a village")
@click.option("--check", type=FILE, help="公布的抽中户，一行一个编号 numbers as published, one a line: right?")
@click.option("--digest", help="公告的名单指纹 the digest of the list as announced")
@JSON
@LANG
def draw(
    frame: Path, seed: str, share: str, least: int, check: Path | None, digest: str | None, as_json: bool,
    lang: str | None,
) -> None:  # fmt: skip
    """按种子重算抽查。 Draw from FRAME (village,number a line) by a seed, or check what was published."""
    lang = language(lang)
    try:
        text = frame.read_text(encoding="utf-8-sig")
        drawn = draws.draw(seed, draws.frame_of(text), share=_share(share), least=least)
        told = check.read_text(encoding="utf-8-sig").split() if check else None
    except (OSError, ValueError, Refusal) as error:
        _unreadable(error, lang)
    found = draws.digest_of(draws.frame_text(draws.frame_of(text)))
    wrong, missing = draws.differs(told, drawn) if told is not None else ([], [])
    other = digest is not None and digest.strip().lower() != found
    if as_json:
        click.echo(json.dumps({
            "seed": seed, "digest": found, "digest_right": not other, "wrong": wrong, "missing": missing,
            "drawn": [{"village": one.stratum, "number": one.number, "rank": one.rank} for one in drawn],
        }, ensure_ascii=False, indent=1))  # fmt: skip
    else:
        _show(drawn, wrong, missing, told is not None, found, other, lang)
    sys.exit(WRONG if wrong or missing or other else RIGHT)


def _share(text: str) -> Fraction:
    share = number(text)
    if not 0 <= share <= 1:
        raise Refusal("share", N_("比例须在 0 和 1 之间；收到 {share}。"), share=text)
    return share


def _show(
    drawn: Sequence[draws.Drawn], wrong: list[str], missing: list[str], checked: bool, digest: str, other: bool,
    lang: str,
) -> None:  # fmt: skip
    if not checked:
        for one in drawn:
            click.echo(f"{one.stratum},{one.number},{one.rank}")
    for words, numbers in ((N_("不该抽中：{number}"), wrong), (N_("漏了：{number}"), missing)):
        for one_number in numbers:
            click.echo(speak(Said(words, {"number": one_number}), lang))
    click.echo(speak(Said(N_("名单指纹 {digest}"), {"digest": digest}), lang), err=True)
    if other:
        click.echo(speak(Said(N_("名单与公告的指纹不符")), lang), err=True)
    if checked and not wrong and not missing:
        click.echo(speak(Said(N_("{count} 户逐户一致"), {"count": len(drawn)}), lang))


@lookback.command()
@click.argument("hits", type=click.IntRange(0))
@click.argument("drawn", type=click.IntRange(1))
@click.option("--population", type=click.IntRange(1), help="总户数 how many there are: the exact interval for the draw")
@click.option("--confidence", default="95%", show_default=True, help="置信水平")
@LANG
def interval(hits: int, drawn: int, population: int | None, confidence: str, lang: str | None) -> None:
    """比例的置信区间。 Intervals of HITS among DRAWN, as JSON."""
    try:
        level = float(number(confidence))
        ways: dict[str, Any] = {"wilson": wilson(hits, drawn, confidence=level)}
        ways["clopper_pearson"] = clopper_pearson(hits, drawn, confidence=level)
        if population is not None:
            ways["finite"] = finite(hits, drawn, population, confidence=level)
    except (ValueError, Refusal) as error:
        _unreadable(error, language(lang))
    told = {name: {"low": found.low, "high": found.high} for name, found in ways.items()}
    click.echo(json.dumps({"share": hits / drawn, **told}, indent=1))


@lookback.command()
@click.argument("population", type=click.IntRange(1))
@click.option("--margin", help="精度 wanted precision, such as 5%")
@click.option("--limit", help="限度 a limit to be cleared, such as 2%: how many, all of them right")
@click.option("--confidence", default="95%", show_default=True, help="置信水平")
@LANG
def size(population: int, margin: str | None, limit: str | None, confidence: str, lang: str | None) -> None:
    """要抽多少户。 How many of POPULATION to draw."""
    lang = language(lang)
    try:
        if (margin is None) == (limit is None):
            raise Refusal("one_of", N_("请给出 --margin 或 --limit 之一"))
        level = float(number(confidence))
        if margin is not None:
            click.echo(sample_size(population, float(number(margin)), confidence=level))
        else:
            click.echo(sample_to_clear(population, float(number(limit or "")), confidence=level))
    except (ValueError, Refusal) as error:
        _unreadable(error, lang)


def _unreadable(error: Exception, lang: str) -> Any:
    click.echo(speak(error.said, lang) if isinstance(error, Refusal) else str(error), err=True)
    sys.exit(UNREADABLE)
