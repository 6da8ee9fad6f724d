"""`shuanglian demands …`: letters from files or from the mailbox become demands (VOICE-1)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from django.utils import translation
from django.utils.translation import gettext as _

from shuanglian.core import clock
from shuanglian.core.forms import says
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.speech import language

from . import fetching
from .actions import writing_back


@click.group()
def demands() -> None:
    """群众诉求 what people ask."""


@demands.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["zh", "en"]), help="zh or en; default: LANG, else zh")
def mail(paths: tuple[Path, ...], lang: str | None) -> None:
    """收电子来信 take in letters: .eml files, a folder of them, a Maildir. The same letter again changes nothing."""
    found: Counter[str] = Counter()
    with translation.override(_spoken(lang)):
        try:
            for name, what in fetching.from_files(paths, at=clock.now()):
                found[what] += 1
                click.echo(f"{name}\t{words()[what]}")
        except Refusal as refusal:
            click.echo(says(refusal), err=True)
            raise SystemExit(2) from None
        _sum(found)
    raise SystemExit(1 if found[fetching.FAILED] else 0)


@demands.command()
@click.option("--lang", type=click.Choice(["zh", "en"]), help="zh or en; default: LANG, else zh")
def inbox(lang: str | None) -> None:
    """去邮箱收信 fetch letters from the mailbox of SHUANGLIAN_INBOX now, and write back what has not gone out."""
    with translation.override(_spoken(lang)):
        try:
            found = fetching.from_inbox(at=clock.now())
        except Refusal as refusal:
            click.echo(says(refusal), err=True)
            raise SystemExit(2) from None
        writing_back.again(at=clock.now())
        _sum(found)


def _spoken(lang: str | None) -> str:
    return "en" if language(lang) == "en" else "zh-hans"


def words() -> dict[str, str]:
    return {
        "taken": _("已登记"), "waiting": _("待登记：看不出是哪个村"), "known": _("收过了"),
        "ignored": _("自动回复、退信，不登记"), fetching.FAILED: _("没收成，请看日志"),
    }  # fmt: skip


def _sum(found: Counter[str]) -> None:
    told = "，".join(f"{words()[what]} {count}" for what, count in sorted(found.items()))
    click.echo(_("来信 {count} 封。").format(count=sum(found.values())) + told)
