"""`shuanglian import KIND FILE` and `shuanglian template KIND OUT`: rosters from the command line (issue 2 D).

Exit status: 0 clean, 1 findings that block, 2 unreadable or refused. With --json standard output is JSON only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

import click
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.core.forms import translated
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.speech import language
from shuanglian.kernel.words import N_, Said

from . import files, marking, showing
from .actions import batches, stages
from .engine import templates
from .engine.fields import KINDS
from .engine.messages import say
from .models import Batch, Finding

CLEAN, BLOCKED, UNREADABLE = 0, 1, 2
SHOWN = 50  # findings written out for people; --json and --findings have them all
S = Batch.State


@click.group("import")
def imports() -> None:
    """导入名册 import rosters. `--check` 只检查，不改动数据库 only reports."""


_OPTIONS: list[Callable[..., Any]] = [
    click.argument("file", type=click.Path(path_type=Path)),
    click.option("--area", "area_code", help="所属区域代码 code of the area (default: the whole region table)"),
    click.option("--year", type=int, help="年度 year (default: the profile's)"),
    click.option("--check", "only_check", is_flag=True, help="只检查 only report, change nothing"),
    click.option("--skip-errors", is_flag=True, help="接收没有错误的行 take in the rows without errors"),
    click.option("--findings", "out", type=click.Path(path_type=Path), help="标注了问题的名册 marked workbook, xlsx"),
    click.option("--json", "as_json", is_flag=True, help="JSON 输出 JSON on standard output"),
    click.option("--lang", type=click.Choice(["zh", "en"]), help="zh or en; default: LANG, else zh"),
]


def _roster(kind: str, words: str, *more: Callable[..., Any]) -> None:
    def command(file: Path, persons: Path | None = None, benefit: str | None = None, **how: Any) -> None:
        raise SystemExit(bring_in(kind, file, persons, {"benefit": benefit} if benefit else {}, **how))

    for option in reversed([*_OPTIONS, *more]):
        command = option(command)
    imports.command(kind, help=words)(command)


_roster(
    "households", "贫困户名册 households with their members",
    click.option("--persons", type=click.Path(path_type=Path), help="成员文件 members in a file of their own"),
)  # fmt: skip
_roster("units", "帮扶单位名册 linked units")
_roster("cadres", "帮扶干部名册 cadres")
_roster("links", "单位联村名册 which unit is linked to which village")
_roster("pairs", "上年结对名册 last year's pairs")
_roster("villages", "村情况表 village forms")
_roster("demands", "诉求清单 a department's list of what people ask")
_roster(
    "payments", "部门发放名册 a department's payroll",
    click.option("--benefit", help="整份名册发放的政策代码或名称 what the whole list pays, by code or name"),
)  # fmt: skip


def bring_in(
    kind: str, file: Path, persons: Path | None, whole: dict[str, str] | None = None, *, area_code: str | None,
    year: int | None, only_check: bool, skip_errors: bool, out: Path | None, as_json: bool, lang: str | None,
) -> int:  # fmt: skip
    """Check a roster and, unless only checking, let it in when nothing blocks; the exit status."""
    with translation.override("en" if language(lang) == "en" else "zh-hans"):
        desk = _Desk(kind, file, as_json)
        kept: list[str] = []
        batch: Batch | None = None
        try:
            with transaction.atomic():
                batch = _through(desk, persons, whole or {}, area_code, year, only_check, skip_errors, kept)
                status = desk.report(batch, out, blocked=_blocks(batch, skip_errors))
                if batch.state != S.ACCEPTED:
                    transaction.set_rollback(True)
        except Refusal as refusal:
            status = desk.refused(refusal.code, refusal.said)
            batch = None
        if batch is None or batch.state != S.ACCEPTED:
            files.remove(*kept)
        return status


def _through(
    desk: _Desk, persons: Path | None, whole: dict[str, str], area_code: str | None, year: int | None,
    only_check: bool, skip_errors: bool, kept: list[str],
) -> Batch:  # fmt: skip
    """The batch as far as it comes, inside the caller's transaction; `kept` gathers its files on disk."""
    at = clock.now()
    area = _area(area_code)
    with _opened(desk.file) as first, _opened(persons) if persons else nullcontext() as second:
        year = year or profile.active().year
        batch = batches.receive(
            file=first, second_file=second, kind=desk.kind, area=area, year=year, whole=whole, by=None, at=at
        )  # fmt: skip
    kept += [batch.file, batch.second_file]
    stages.read(batch=batch, at=at, rehearse=only_check)
    kept.append(batch.staged)
    if batch.state != S.CHECKED:
        raise Refusal(*_why(batch))
    if not only_check and not _blocks(batch, skip_errors) and batch.counts.get("clean"):
        stages.accept(batch=batch, skip_errors=skip_errors, by=None, at=at)
        if batch.state != S.ACCEPTED:
            raise Refusal("refused", batch.problem, **batch.gaps)
    elif batch.problem:
        raise Refusal("refused", batch.problem, **batch.gaps)
    return batch


def _why(batch: Batch) -> tuple[str, str]:
    if batch.problem:
        return "unreadable", translated(Said(batch.problem, batch.gaps))
    missing = [name for sheet in showing.sheets(batch) for name in sheet.missing]
    return "columns_missing", _("缺少必需的列：{columns}。").format(columns="；".join(missing))


def _blocks(batch: Batch, skip_errors: bool) -> bool:
    return bool(batch.counts.get("errors")) and not skip_errors


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """An opened file; a Refusal when it cannot be opened."""
    try:
        file = path.open("rb")
    except OSError:
        sentence = N_("打不开文件“{filename}”：文件不存在或没有读取权限。请检查路径。")
        raise Refusal("file_missing", sentence, filename=str(path)) from None
    with file:
        yield file


def _area(code: str | None) -> Area:
    """The area of a code (trailing zeros may be left out); without one, the top of the region table."""
    rows = Area.objects.current().select_related("parent__parent__parent__parent")
    if code:
        found = rows.filter(code=code.strip().ljust(12, "0")).first()
        if found is None:
            raise Refusal("no_such_area", N_("区划表里没有 {area}"), area=code)
        return found
    tops = list(rows.filter(parent__isnull=True).order_by("level", "code")[:2])
    if not tops:
        raise Refusal("no_regions", N_("还没有区划表，请先运行 shuanglian import regions"))
    if len(tops) > 1:
        raise Refusal("which_area", N_("区划表里不止一个最上级区域，请用 --area 指定"))
    return tops[0]


class _Desk:
    """Says what came of a roster, to people or as JSON."""

    def __init__(self, kind: str, file: Path, as_json: bool) -> None:
        self.kind, self.file, self.as_json = kind, file, as_json

    def refused(self, code: str, said: Said) -> int:
        message = translated(said)
        if self.as_json:
            self._json(counts={}, findings=[], accepted=False, error={"code": code, "message": message})
        else:
            click.echo(message, err=True)
        return UNREADABLE

    def report(self, batch: Batch, out: Path | None, *, blocked: bool) -> int:
        accepted = batch.state == S.ACCEPTED
        if out is not None:
            out.write_bytes(marking.workbook(batch)[0])
            if batch.second_file:
                out.with_stem(f"{out.stem}-persons").write_bytes(marking.workbook(batch, 2)[0])
        if self.as_json:
            self._json(counts=_counts(batch), findings=[_told(one) for one in _all(batch)], accepted=accepted)
        else:
            self._table(batch, out, accepted)
        return BLOCKED if blocked else CLEAN

    def _json(self, **told: Any) -> None:
        whole = {"file": str(self.file), "kind": self.kind, **told}
        click.echo(json.dumps(whole, ensure_ascii=False, indent=1, default=str))

    def _table(self, batch: Batch, out: Path | None, accepted: bool) -> None:
        counts = batch.counts
        for shown, one in enumerate(_all(batch)):
            if shown == SHOWN:
                break
            told = _told(one)
            place = f"{told['sheet']}!{told['column']}{told['row'] or ''}"
            click.echo(f"{place}\t{one.get_severity_display()}\t{told['message']} {told['cure']}")
        total = counts.get("errors", 0) + counts.get("warnings", 0)
        if total > SHOWN:
            click.echo(_("……还有 {count} 条，用 --findings 或 --json 看全部。").format(count=total - SHOWN))
        sentence = _("{rows} 行，{errors} 个错误，{warnings} 个提醒。")
        click.echo(sentence.format(**{name: counts.get(name, 0) for name in ("rows", "errors", "warnings")}))
        for row in showing.tallies(_done(batch)):
            line = _("{name}：新增 {new}，更新 {changed}，未变 {unchanged}。")
            click.echo(line.format(name=row.title, new=row.new, changed=row.changed, unchanged=row.unchanged))
            for words, count in row.notes:
                click.echo(f"  {words} {count}")
        click.echo(_("已接收，批次 {number}。").format(number=batch.pk) if accepted else _("没有改动数据库。"))
        if out is not None:
            click.echo(str(out))


def _done(batch: Batch) -> dict[str, Any]:
    """What the batch did, or would do."""
    return batch.counts.get("did") or batch.counts.get("would") or {}


def _counts(batch: Batch) -> dict[str, Any]:
    counts = batch.counts
    frames = ("households", "persons", "units", "cadres", "links", "pairs", "payments", "villages", "demands")
    return {
        "rows": counts.get("rows", 0), **{name: counts[name] for name in frames if name in counts},
        "errors": counts.get("errors", 0), "warnings": counts.get("warnings", 0),
        "left_out": counts.get("blocked", 0), **showing.summed(_done(batch)), "tables": _done(batch),
    }  # fmt: skip


def _all(batch: Batch) -> Any:
    return batch.findings.order_by("id").iterator(chunk_size=20_000)


def _told(one: Finding) -> dict[str, Any]:
    """One finding with its sentence and cure in the reader's language."""
    told = {
        "sheet": one.sheet, "row": one.row, "column": one.column, "header": one.header, "value": one.value,
        "code": one.code, "severity": one.severity,
    }  # fmt: skip
    message, cure = say({**told, "field": one.field, "params": one.params}, _)
    return {**told, "message": message, "cure": cure}


# --- templates -------------------------------------------------------------------------------------------------------
def write_template(kind: str, target: Path, lang: str = "zh") -> None:
    """Write an empty roster of a kind, with drop-downs and explanations."""
    target.write_bytes(templates.template(kind, profile.active(), lang))


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--lang", default=None, type=click.Choice(["zh", "en"]))
def template(kind: str, out: Path, lang: str | None) -> None:
    """空白名册模板 an empty roster with drop-downs and explanations."""
    write_template(kind, out, language(lang))
    click.echo(str(out))
