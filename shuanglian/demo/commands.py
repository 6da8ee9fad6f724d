"""`shuanglian scrutiny try`: made-up field work with planted fakes, and how scrutiny does (FIELD-6)."""

from __future__ import annotations

import click


@click.group()
def scrutiny() -> None:
    """走访核实：用编造的走访试一试 scrutiny of visits, tried on made-up ones."""


@scrutiny.command("try")
@click.option("--profile", "name", default="tongwei_2015", show_default=True, help="方案：名称或文件夹 name or folder")
@click.option("--seed", default=1, show_default=True, help="随机种子 seed")
@click.option("--honest", default=10_000, show_default=True, help="如实走访 honest visits")
@click.option("--fake", default=300, show_default=True, help="编造走访 fakes")
def try_out(name: str, seed: int, honest: int, fake: int) -> None:
    """查准率、查全率，漏掉的是哪几种 precision and recall, and which kinds of fake were missed."""
    from shuanglian.rules.profile import load

    from .made_visits import WAYS, judge, make

    report = judge(load(name).scrutiny, make(seed, honest, fake))
    click.echo(f"查准率 precision {report.precision:.3f}  查全率 recall {report.recall:.3f}")
    click.echo(f"如实而存疑 honest visits flagged {report.wronged} / {honest}")
    for way, how in WAYS.items():
        found, missed = report.found.get(way, 0), report.missed.get(way, 0)
        if found or missed:
            click.echo(f"  {way:14} {found:4} / {found + missed:<4} {(how.__doc__ or '').splitlines()[0]}")
