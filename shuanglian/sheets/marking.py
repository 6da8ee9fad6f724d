"""The uploaded workbook again, with every finding marked in its cell; made at once or as a job."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from django.conf import settings
from django.utils.translation import gettext as _

from shuanglian.core import profile
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from . import files
from .engine import mark
from .engine.limits import Limits
from .engine.messages import say
from .models import Batch

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.jobs.models import Job

SPOKEN = ("header", "value", "sheet", "field")


def order(*, batch: Batch, part: int, by: User | None, at: datetime, language: str) -> Job:
    """Start making the marked workbook of the first or second file in the background; it is the job's file."""
    _there(batch, part)
    return jobs.start(
        kind="sheets.mark", title=_("标注问题：{name}").format(name=_file_of(batch, part)[1]), by=by, at=at,
        params={"batch": batch.pk, "part": part, "language": language}, area_code=batch.area_code,
    )  # fmt: skip


def workbook(batch: Batch, part: int = 1) -> tuple[bytes, str]:
    """(the marked workbook, its file name) of the first or second file, in the reader's language."""
    _there(batch, part)
    kept, name = _file_of(batch, part)
    names = {one["sheet"]: one["name"] for one in batch.layout.get("sheets", []) if one["file"] == part}
    rows = [
        {
            "sheet": names[one.sheet], "row": one.row, "column": one.column, "header": one.header, "field": one.field,
            "value": one.value, "code": one.code, "severity": one.severity, "params": one.params,
        }
        for one in batch.findings.filter(sheet__in=names).iterator(chunk_size=20_000)
    ]  # fmt: skip
    data = marked(files.fetch(kept), name, pl.DataFrame(rows, schema=SCHEMA))
    return data, mark.marked_name(name, profile.language())


SCHEMA = {
    "sheet": pl.String, "row": pl.Int64, "column": pl.String, "header": pl.String, "field": pl.String,
    "value": pl.String, "code": pl.String, "severity": pl.String, "params": pl.String,
}  # fmt: skip


def marked(original: bytes, name: str, findings: pl.DataFrame) -> bytes:
    """An xlsx of a file with findings (columns of SCHEMA) marked in it, in the reader's language."""
    limits = Limits(file_size=settings.IMPORT_MAX_MB * 2**20)
    return mark.mark(original, name, _spelt_out(findings), _speak, profile.language(), limits)


def _spelt_out(findings: pl.DataFrame) -> pl.DataFrame:
    """What a message says of its own cell goes into its gaps: whoever marks speaks by code and gaps alone."""
    gaps = [
        json.dumps({**dict(zip(SPOKEN, cell, strict=True)), **json.loads(params or "{}")}, ensure_ascii=False)
        for *cell, params in findings.select(*SPOKEN, "params").iter_rows()
    ]
    return findings.with_columns(pl.Series("params", gaps, dtype=pl.String))


def _speak(code: str, params: dict[str, Any]) -> tuple[str, str]:
    own = {name: params.get(name) for name in SPOKEN}
    return say({"code": code, **own, "params": json.dumps(params, ensure_ascii=False)}, _)


def _file_of(batch: Batch, part: int) -> tuple[str, str]:
    return (batch.second_file, batch.second_file_name) if part == 2 else (batch.file, batch.file_name)


def _there(batch: Batch, part: int) -> None:
    if not _file_of(batch, part)[0]:
        raise Refusal("file_cleared", N_("文件已按保存期限清除，请重新上传。"))
