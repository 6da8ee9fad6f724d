"""`shuanglian trail verify` and `shuanglian trail head`."""

from __future__ import annotations

import sys

import click


@click.group()
def trail() -> None:
    """操作留痕：核验、取链头 verify the trail, print its head."""


@trail.command("verify")
@click.option("--against", metavar="NUMBER:DIGEST", help="a head printed earlier 以前打印的链头")
def verify(against: str | None) -> None:
    """Work the chain out anew; exit status 1 and the numbers of wrong lines when it is broken."""
    from .chain import count, verify

    broken = verify(_head(against))
    if broken:
        shown = ", ".join(str(number) for number in broken[:20]) + (" …" if len(broken) > 20 else "")
        click.echo(f"broken at 留痕不完整，序号: {shown} ({len(broken)})", err=True)
        sys.exit(1)
    click.echo(f"whole 留痕完整: {count()}")


@trail.command("head")
def head() -> None:
    """Print number and digest of the last line: keep it outside the system (in the monthly report, on paper)."""
    from .chain import head

    click.echo(str(head()))


def _head(text: str | None):  # type: ignore[no-untyped-def]
    from .chain import Head

    if text is None:
        return None
    number, _colon, digest = text.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise click.BadParameter("NUMBER:DIGEST, as `shuanglian trail head` prints it 请用 trail head 打印的格式")
    return Head(int(number), digest)
