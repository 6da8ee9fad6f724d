"""`shuanglian benefits find`: ask every policy of every family of an area, here and now (BEN-8)."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from shuanglian.core import clock
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.speech import language, speak
from shuanglian.kernel.words import N_, Said

LANG = click.option("--lang", type=click.Choice(["zh", "en"]), help="zh or en; default: LANG, else zh")


@click.group()
def benefits() -> None:
    """应享政策 what families are owed."""


@benefits.command()
@click.option("--area", required=True, help="区划代码 code of the area, 12 digits")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="核查日期 day of the check (default: today)")
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 the figures on standard output")
@LANG
def find(area: str, on: Any, as_json: bool, lang: str | None) -> None:
    """应享核查：把每一项政策问到每一户每一人 find who is owed what, and keep it as a round does.

    Exit status: 0 done, 1 the round failed, 2 it could not be started.
    """
    from django.db import transaction

    from shuanglian.areas.queries import by_code
    from shuanglian.benefits.actions import rounds
    from shuanglian.jobs.actions import jobs

    lang = language(lang)
    place = by_code(area.ljust(12, "0"))
    try:
        if place is None:
            raise Refusal("no_such_area", N_("没有区划代码 {area}"), area=area)
        with transaction.atomic():  # no worker sees the job before it is done
            made = rounds.start(area=place, on=on.date() if on else clock.today(), by=None, at=clock.now())
            assert made.job is not None
            job = jobs.run_now(made.job)
    except Refusal as refusal:
        click.echo(speak(refusal.said, lang), err=True)
        sys.exit(2)
    made.refresh_from_db()
    if not made.figures:
        click.echo(speak(Said(job.message, job.gaps), lang), err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps({"round": made.pk, "on": made.on.isoformat(), **made.figures}, ensure_ascii=False))
        return
    total = made.figures["total"]
    said = Said(N_("核查 {households} 户 {people} 人：符合 {granted}，待问清 {open}；新列入 {new}，有变动 {changed}"),
                {"households": made.figures["households"], "people": made.figures["people"], **total})  # fmt: skip
    click.echo(speak(said, lang))
