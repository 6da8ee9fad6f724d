"""`shuanglian import …`: the rooms' rosters and the region table under one name."""

from pathlib import Path

import click

from shuanglian.areas.commands import import_regions
from shuanglian.sheets.commands import imports, write_template
from shuanglian.sheets.engine.fields import KINDS

imports.add_command(import_regions, "regions")

__all__ = ["imports", "templates"]


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--lang", default="zh", type=click.Choice(["zh", "en"]))
def templates(folder: Path, lang: str) -> None:
    """空白名册模板 empty rosters of every kind, with drop-downs and explanations."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        target = folder / f"{kind}.xlsx"
        write_template(kind, target, lang)
        click.echo(str(target))
