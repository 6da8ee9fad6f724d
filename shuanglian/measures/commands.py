"""`shuanglian measure …`: poverty, inequality and multidimensional poverty of a csv or Parquet file. No database."""

import functools
import json
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

import click

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.speech import language, speak
from shuanglian.kernel.words import N_

from .files import BadTable
from .scales import SCALES
from .survey import Asked, Survey, measure_inequality, measure_mpi, measure_poverty
from .told import told

Command = Callable[..., Any]  # a function that click calls


@click.group()
def measure() -> None:
    """贫困与不平等指标。 Poverty and inequality measures of a csv or Parquet file.

    Exit status: 0 measured, 2 unreadable or wrong usage. Formulas, conventions and sources: docs/measures.md.
    """


def _common(command: Command) -> Command:
    """Options that every measure has."""
    for option in reversed([
        click.argument("file", type=click.Path(path_type=Path)),
        click.option("--weight", help="column: survey weight 抽样权重"),
        click.option("--size", help="column: household size, multiplies the weight 家庭人口（乘入权重）"),
        click.option("--by", help="columns to group by, divided by commas 分组列"),
        click.option("--missing", type=click.Choice(["refuse", "drop"]), default="refuse",
                     help="rows with missing values: refuse (default), or drop and say how many 缺失值"),
        click.option("--json", "as_json", is_flag=True, help="machine-readable answer on standard output"),
        click.option("--lang", type=click.Choice(["zh", "en"]), default=None),
    ]):  # fmt: skip
        command = option(command)
    return command


def _incomes(command: Command) -> Command:
    """Options of the measures that look at one income column."""
    for option in reversed([
        click.option("--value", required=True, help="column: income or consumption 收入或消费"),
        click.option("--scale", type=click.Choice(SCALES),
                     help="divide the value by the household's equivalents, worked out from --size 等值尺度"),
        click.option("--adults", help="column: adults in the household, for the OECD scales 成人数"),
        click.option("--floor", help="raise smaller values to this one 最低值"),
        click.option("--nonpositive", type=click.Choice(["keep", "drop"]), default="keep",
                     help="values of 0 and below: keep (default), or drop and say how many 零和负数"),
    ]):  # fmt: skip
        command = option(command)
    return command


def _answering(command: Command) -> Command:
    """Print what the command returns; what is wrong goes to standard error, with status 2."""

    @functools.wraps(command)
    def run(*, file: Path, as_json: bool, lang: str | None, **given: Any) -> None:
        lang = language(lang)
        try:
            answer = command(file, **given)
        except BadTable as bad:
            _refuse(speak(bad.said, lang), as_json, file=str(bad.path), row=bad.row, column=bad.column)
        except Refusal as refusal:
            _refuse(speak(refusal.said, lang), as_json, file=str(file), row=None, column="")
        notes = [speak(note, lang) for note in answer.notes]
        if as_json:
            click.echo(json.dumps(answer.figures | {"notes": notes}, ensure_ascii=False, indent=1))
        else:
            click.echo(told(answer.figures, notes, lang))

    return run


@measure.command()
@_common
@_incomes
@click.option("--line", required=True, help="the poverty line: a number, or a column 贫困线")
@click.option("--inclusive", is_flag=True, help="a value equal to the line is poor, too 等于贫困线也算贫困")
@click.option("--alpha", "alphas", multiple=True, help="also FGT of this parameter, may be repeated")
@_answering
def poverty(file: Path, line: str, inclusive: bool, alphas: tuple[str, ...], **given: Any) -> Survey:
    """收入贫困：FGT、沃茨、森、SST。 Income poverty: headcount, gap, severity, Watts, Sen, Sen-Shorrocks-Thon."""
    powers = [float(number(alpha)) for alpha in alphas]
    if any(power < 0 for power in powers):
        raise Refusal("alpha", N_("参数 alpha 须为 0 或正数；收到 {alpha}。"), alpha=min(powers))
    return measure_poverty(_asked(file, **given), line=line, inclusive=inclusive, alphas=powers)


@measure.command()
@_common
@_incomes
@click.option("--epsilon", default="0.5", show_default=True, help="aversion of the Atkinson index 阿特金森参数")
@click.option("--top", default="20%", show_default=True, help="richest share of the quantile share ratio 份额比上端")
@click.option("--bottom", default="20%", show_default=True, help="poorest share of the quantile share ratio 份额比下端")
@click.option(
    "--quantiles", type=click.IntRange(1, 1000), default=5, show_default=True, help="groups of the shares 分位数"
)
@_answering
def inequality(file: Path, epsilon: str, top: str, bottom: str, quantiles: int, **given: Any) -> Survey:
    """收入不平等：基尼、泰尔、MLD、阿特金森、分位份额。 Gini, Theil, mean log deviation, Atkinson, quantile shares."""
    for share in (top, bottom):
        if not 0 < number(share) <= 1:
            raise Refusal("share", N_("人口份额须大于 0 且不超过 1；收到 {share}。"), share=share)
    if number(epsilon) < 0:
        raise Refusal("epsilon", N_("参数 epsilon 须为 0 或正数；收到 {epsilon}。"), epsilon=epsilon)
    shares = {"top": float(number(top)), "bottom": float(number(bottom))}
    return measure_inequality(_asked(file, **given), epsilon=float(number(epsilon)), quantiles=quantiles, **shares)


@measure.command()
@_common
@click.option("--deprivations", help="columns of 0/1, one a dimension, divided by commas 剥夺列")
@click.option("--weights", help="weights of the dimensions, such as 1/3,1/3,1/3; any sum; default: equal 维度权重")
@click.option("--cutoff", required=True, help="poverty cut-off k, a share such as 1/3 or 0.4 贫困临界值")
@click.option("--achievements", help="columns of amounts, one a dimension; adds M1 and M2 数量列")
@click.option("--cutoffs", help="deprivation cut-off of each achievement: below it is deprived 剥夺临界值")
@_answering
def mpi(
    file: Path,
    deprivations: str | None,
    weights: str | None,
    cutoff: str,
    achievements: str | None,
    cutoffs: str | None,
    **given: Any,
) -> Survey:
    """多维贫困（Alkire–Foster）。 Multidimensional poverty by counting: H, A, M0, M1, M2, headcounts, contributions."""
    if not (deprivations or achievements):
        raise Refusal("dimensions", N_("请用 --deprivations 或 --achievements 给出各维度的列。"))
    if bool(achievements) != bool(cutoffs):
        raise Refusal("cutoffs", N_("--achievements 与 --cutoffs 须同时给出，一列一个临界值。"))
    return measure_mpi(
        _asked(file, **given),
        deprivations=deprivations,
        dimensions=[number(weight) for weight in weights.split(",")] if weights else None,
        cutoff=number(cutoff),
        achievements=achievements,
        cutoffs=[float(number(one)) for one in cutoffs.split(",")] if cutoffs else [],
    )


def number(text: str) -> Fraction:
    """0.25, 1/4 or 25 %, exactly."""
    bare = text.strip().removesuffix("%")
    try:
        return Fraction(bare.replace(" ", "")) / (100 if text.strip().endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise Refusal("number", N_("“{text}”不是数；可写 0.25、1/4 或 25%。"), text=text) from None


def _asked(file: Path, floor: str | None = None, **given: Any) -> Asked:
    return Asked(file=file, floor=None if floor is None else float(number(floor)), **given)


def _refuse(what: str, as_json: bool, *, file: str, row: int | None, column: str) -> NoReturn:
    place = ":".join(str(part) for part in (file, row, column) if part not in (None, ""))
    click.echo(f"{place}: {what}", err=True)
    if as_json:
        answer = {"status": "unreadable", "error": what, "file": file, "row": row, "column": column}
        click.echo(json.dumps(answer, ensure_ascii=False))
    sys.exit(2)
