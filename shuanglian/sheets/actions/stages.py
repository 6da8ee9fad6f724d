"""What the background work does with a batch: read, check, let in, take back. Each stage can be begun again.

A worker may be killed at any point: what a stage writes comes at its end, in one transaction with the batch's state;
a state whose work broke off counts as the one before (`Batch.standing`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pghistory
import polars as pl
from django.apps import apps
from django.db import connection, transaction

from shuanglian.core import clock
from shuanglian.core.secrets import seal
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.sheets import acceptors, files, merging, reading, undoing
from shuanglian.sheets.examine import Examined, clean_frames, examine
from shuanglian.sheets.models import Batch
from shuanglian.trail import trail

from .batches import may_be_accepted

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

S = Batch.State
Tell = Callable[[int, int, Any], None]
LOCK = 7_412_004  # one roster enters at a time: two that name the same people do not get into each other's way


def silent(done: int, total: int, message: Any) -> None:
    """For callers that show no progress."""


def read(*, batch: Batch, at: datetime, tell: Tell = silent, rehearse: bool = True) -> Batch:
    """Read the files, recognise the columns, and go on to checking when every column needed is there.

    `rehearse`: also try what letting it in would do, and undo that at once.
    """
    try:
        tell(0, 100, N_("正在读取文件"))
        opened = reading.open_batch(batch)
        tell(30, 100, N_("正在认列"))
        kind, layout = reading.recognise(opened, batch.kind, batch.layout.get("whole", {}))
    except Refusal as refusal:
        return _refused(batch, S.FAILED, refusal, tell)
    batch.say()
    batch.layout = layout
    complete = reading.is_complete(batch)
    _keep(batch, kind=kind, layout=layout, state=S.CHECKING if complete else S.MAPPING)
    return _check(batch, opened, at, tell, rehearse) if complete else batch


def check(*, batch: Batch, at: datetime, tell: Tell = silent) -> Batch:
    """Check the files again with the columns as they are set now."""
    try:
        tell(0, 100, N_("正在读取文件"))
        opened = reading.open_batch(batch)
    except Refusal as refusal:
        return _refused(batch, S.MAPPING, refusal, tell)
    return _check(batch, opened, at, tell)


def _check(batch: Batch, opened: list[reading.Opened], at: datetime, tell: Tell, rehearse: bool = True) -> Batch:
    tell(40, 100, N_("正在检查"))
    by_name = {one.data.name: one.data for one in opened}
    parts = [(by_name[kept["sheet"]], layout) for kept, layout in reading.layouts(batch)]
    try:
        found = examine(batch.kind, parts, area=batch.area, year=batch.year, today=clock.day_of(at))
    except Refusal as refusal:
        return _refused(batch, S.MAPPING, refusal, tell)
    tell(60, 100, N_("正在与库里的数据比对"))
    would, problem = try_out(batch, found.frames, at=at) if rehearse else ({}, None)
    tell(85, 100, N_("正在保存检查结果"))
    staged = files.store_frames(found.frames)
    with transaction.atomic():
        old = batch.staged
        batch.say(problem or "")
        _keep(batch, staged=staged, counts={**_shown(found), "would": would}, state=S.CHECKED)
        _write_findings(batch, found)
        transaction.on_commit(lambda: files.remove(old))
    tell(100, 100, N_("检查完成"))
    return batch


def _refused(batch: Batch, state: str, refusal: Refusal, tell: Tell) -> Batch:
    """A stage that was refused leaves the batch where it stood before, with the reason on it; not a failure of ours."""
    batch.refresh_from_db()
    if isinstance(refusal, DependedOn):
        batch.counts = {**batch.counts, "depends": [one.as_dict() for one in refusal.found]}
    batch.say(refusal.said)
    _keep(batch, state=state, counts=batch.counts)
    tell(100, 100, refusal.said)
    return batch


def _shown(found: Examined) -> dict[str, Any]:
    return json.loads(json.dumps(found.counts, default=int))


def _write_findings(batch: Batch, found: Examined) -> None:
    """Put the findings of the last check in place of earlier ones, values sealed."""
    batch.findings.all()._raw_delete(connection.alias)  # type: ignore[attr-defined]
    rows = found.findings.with_row_index("_n").select(
        pl.lit(batch.pk).alias("batch_id"), pl.col("sheet").str.slice(0, 100), pl.col("row").fill_null(0),
        pl.col("column").str.slice(0, 5), pl.col("header").str.slice(0, 100),
        pl.col("field").fill_null("").str.slice(0, 40),
        _sealed(found.findings["value"]), "code", "severity", _sealed(found.findings["params"]),
    )  # fmt: skip
    merging.copy("sheets_finding", rows)


def _sealed(texts: pl.Series) -> pl.Series:
    return pl.Series(texts.name, [seal(text) if text else "" for text in texts.to_list()], dtype=pl.String)


def try_out(batch: Batch, frames: dict[str, pl.DataFrame], *, at: datetime) -> tuple[dict[str, Any], Any]:
    """What letting the clean rows in would do, without doing it; and why it would be refused, or None."""
    try:
        with transaction.atomic():
            would = _let_in(batch, frames, by=None, at=at)
            raise _EnoughError(would)
    except _EnoughError as enough:
        return enough.would, None
    except Refusal as refusal:
        return {}, refusal.said


class _EnoughError(Exception):
    """Carries the counts out of a trial whose transaction is rolled back."""

    def __init__(self, would: dict[str, Any]) -> None:
        super().__init__("rolled back")
        self.would = would


def _let_in(batch: Batch, frames: dict[str, pl.DataFrame], *, by: User | None, at: datetime) -> dict[str, Any]:
    one_at_a_time()
    clean = clean_frames(frames)
    if not any(frame.height for frame in clean.values()):
        return {}
    acceptor = acceptors.of(batch.kind)
    return acceptor.accept(clean, area=batch.area, year=batch.year, by=by, at=at, batch_id=batch.pk)


def accept(*, batch: Batch, skip_errors: bool, by: User | None, at: datetime, tell: Tell = silent) -> Batch:
    """Let a checked batch in: one transaction for everything, the figures of the areas included."""
    try:
        with _traced("imports.accept", batch, by, at), transaction.atomic():
            _accept(batch, skip_errors, by, at, tell)
    except Refusal as refusal:
        return _refused(batch, S.CHECKED, refusal, tell)
    tell(100, 100, N_("接收完成"))
    return batch


def _accept(batch: Batch, skip_errors: bool, by: User | None, at: datetime, tell: Tell) -> None:
    may_be_accepted(batch, skip_errors=skip_errors)
    tell(5, 100, N_("正在读取检查过的数据"))
    try:
        frames = files.fetch_frames(batch.staged)
    except FileNotFoundError:
        raise Refusal("file_cleared", N_("文件已按保存期限清除，请重新上传。")) from None
    tell(15, 100, N_("正在写入"))
    did = _let_in(batch, frames, by=by, at=at)
    for label in acceptors.of(batch.kind).tables:  # the planner must not go by what stood before so many rows came
        merging.run("ANALYZE {t}", t=apps.get_model(label)._meta.db_table)
    merging.settle(["sheets_change", *undoing.table_names(batch.kind)])
    tell(75, 100, N_("正在更新汇总"))
    acceptors.tell(kind=batch.kind, area=batch.area, batch_id=batch.pk, by=by, at=at)
    left_out = batch.counts.get("blocked", 0) if skip_errors else 0
    trail.write(
        "imports.accept", about=batch, by=by, at=at, kind=batch.kind, year=batch.year, did=did, left_out=left_out
    )  # fmt: skip
    batch.marks, batch.accepted_by, batch.accepted_at = undoing.marks(batch.kind), by, at
    batch.counts = {**batch.counts, "did": did, "skipped_errors": skip_errors}
    batch.counts.pop("depends", None)
    batch.say()
    old, batch.staged, batch.state = batch.staged, "", S.ACCEPTED
    batch.save()
    transaction.on_commit(lambda: files.remove(old))


def undo(*, batch: Batch, by: User | None, at: datetime, tell: Tell = silent) -> Batch:
    """Take an accepted batch back as a whole, unless something has come to depend on it (REG-10)."""
    try:
        with _traced("imports.undo", batch, by, at), transaction.atomic():
            _undo(batch, by, at, tell)
    except Refusal as refusal:
        return _refused(batch, S.ACCEPTED, refusal, tell)
    tell(100, 100, N_("撤销完成"))
    return batch


def _undo(batch: Batch, by: User | None, at: datetime, tell: Tell) -> None:
    tell(0, 100, N_("正在查找依赖这批数据的记录"))
    one_at_a_time()
    if found := undoing.dependents(batch):
        raise DependedOn(found)
    tell(30, 100, N_("正在撤销"))
    told: dict[str, Any] = undoing.take_back(batch, by=by, at=at)
    tell(75, 100, N_("正在更新汇总"))
    acceptors.tell(kind=batch.kind, area=batch.area, batch_id=batch.pk, by=by, at=at)
    trail.write("imports.undo", about=batch, by=by, at=at, kind=batch.kind, **told)
    batch.undone_by, batch.undone_at, batch.state = by, at, S.UNDONE
    batch.counts = {**{name: value for name, value in batch.counts.items() if name != "depends"}, "undone": told}
    batch.say()
    batch.save()


def one_at_a_time() -> None:
    """Wait until no other roster enters or is taken back; holds to the end of the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


class DependedOn(Refusal):
    """Why a batch cannot be undone: what depends on it, by table."""

    def __init__(self, found: list[undoing.Dependent]) -> None:
        what = "；".join(str(one) for one in found)
        super().__init__("depended_on", N_("不能撤销：后来的记录依赖这批数据，请先处理它们：{what}"), what=what)
        self.found = found


@contextmanager
def _traced(verb: str, batch: Batch, by: User | None, at: datetime) -> Iterator[None]:
    """Everything written inside carries verb, person, moment and batch into the row history."""
    who = {"by": by.pk if by else None, "by_name": str(by) if by else ""}
    with pghistory.context(verb=verb, at=at.isoformat(), why=batch.file_name, batch=batch.pk, **who):
        yield


def _keep(batch: Batch, **values: Any) -> None:
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save(update_fields=[*values, "problem", "gaps"])
