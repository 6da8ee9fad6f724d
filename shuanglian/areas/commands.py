"""`shuanglian import regions FILE`: a region table from the command line (issue part C and D)."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from shuanglian.core.clock import now, today
from shuanglian.core.forms import says
from shuanglian.kernel.refusal import Refusal

CLEAN, BLOCKED, UNREADABLE = 0, 1, 2
LISTED = 200  # findings written out for people; --json has them all
COUNT_WORDS = {
    "rows": "数据行 rows", "regions": "区划 regions", "unchanged": "不变 unchanged", "added": "新增 added",
    "corrected": "更正 corrected", "renamed": "更名 renamed", "recoded": "变更代码 recoded", "moved": "变更隶属 moved",
    "renumbered": "更名并变更代码 renumbered", "merged": "并入 merged", "named": "按对照表 as told",
    "closed": "停用 closed", "abolished": "撤销 abolished", "unmatched": "未匹配 unmatched",
    "tags": "沿用标签 tags carried",
}  # fmt: skip


@click.command("regions")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--valid-from",
    type=click.DateTime(["%Y-%m-%d"]),
    help="启用日期 day from which the table is in force (default: today)",
)
@click.option(
    "--successors",
    type=click.Path(path_type=Path),
    help="对照表 file with old_code,new_code[,share]; an empty new_code: abolished",
)
@click.option("--scope", help="完整范围 code of the region for which the table is complete (default: its topmost rows)")
@click.option("--check", is_flag=True, help="只检查 only report, change nothing")
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 counts and findings as JSON on standard output")
def import_regions(
    file: Path, valid_from: datetime | None, successors: Path | None, scope: str | None, check: bool, as_json: bool
) -> None:
    """导入行政区划表 load a region table (csv, csv.gz, xlsx, xls, ods); a newer one keeps history.

    Exit status: 0 clean, 1 findings that keep the table out, 2 unreadable.
    """
    from .actions.regions import load_table

    on = valid_from.date() if valid_from else today()
    try:
        report = load_table(
            file, valid_from=on, by=None, at=now(), replace_scope=scope, successors=successors, check=check
        )
    except Refusal as refusal:
        _unreadable(refusal, file, as_json)
        raise SystemExit(UNREADABLE) from None
    if as_json:
        click.echo(
            json.dumps(
                {"file": file.name, "valid_from": on.isoformat(), "check": check, **report.as_dict()},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        _told(report)
    raise SystemExit(BLOCKED if report.blocked else CLEAN)


def _unreadable(refusal: Refusal, file: Path, as_json: bool) -> None:
    if as_json:
        finding = {
            "sheet": "",
            "row": 0,
            "column": "",
            "value": "",
            "code": refusal.code,
            "severity": "error",
            "message": says(refusal),
        }
        click.echo(
            json.dumps(
                {"file": file.name, "loaded": False, "blocked": True, "counts": {}, "findings": [finding]},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        click.echo(says(refusal), err=True)


def _told(report: Any) -> None:
    for name, count in report.counts.items():
        if count or name in ("rows", "regions", "unmatched"):
            click.echo(f"{COUNT_WORDS.get(name, name)}: {count}")
    for change in report.changes[:LISTED]:
        click.echo(
            f"  {change['old_code']} {change['old_name']} → {change['new_code']} {change['new_name']} ({change['how']})"
        )
    if len(report.changes) > LISTED:
        click.echo(f"  … +{len(report.changes) - LISTED} (--json)")
    for label, rows in report.rehung.items():
        click.echo(f"随区划变动 moved along: {label} {rows}")
    for finding in report.findings[:LISTED]:
        place = f"{finding.sheet}!{finding.column}{finding.row} " if finding.row else ""
        word = "错误 error" if finding.severity == "error" else "提醒 warning"
        click.echo(f"{word}: {place}{finding.message} [{finding.code}]", err=finding.severity == "error")
    if len(report.findings) > LISTED:
        click.echo(f"… +{len(report.findings) - LISTED} (--json)")
    if report.blocked:
        click.echo("未导入 nothing was loaded", err=True)
    elif not report.loaded:
        click.echo("仅检查，未改动 checked only, nothing was changed")
