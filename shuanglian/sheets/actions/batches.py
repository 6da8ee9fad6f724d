"""What people do with an uploaded roster: hand it in, correct its columns, let it in, take it back, give it up.

Nothing enters until a person accepts. Each verb checks where the batch stands, and orders the work; see `stages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shuanglian.core.profile import active
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.sheets import files, reading
from shuanglian.sheets.engine.fields import KINDS, ROSTERS
from shuanglian.sheets.engine.layout import Layout
from shuanglian.sheets.engine.provisions import Provisions
from shuanglian.sheets.models import Batch
from shuanglian.sheets.models import Mapping as Remembered
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

S = Batch.State
GUESSABLE = tuple(kind for kind in KINDS if kind != "persons")  # members come in with their households
YEARS = range(2000, 2101)


class Upload(Protocol):
    """An uploaded file (Django's) or an opened one: a name, and bytes to read."""

    name: str | None

    def read(self) -> bytes: ...


@transaction.atomic
def receive(
    *, file: Upload | IO[bytes], kind: str | None, area: Area, year: int, by: User | None, at: datetime,
    second_file: Upload | IO[bytes] | None = None, whole: Mapping[str, str] | None = None,
) -> Batch:  # fmt: skip
    """Keep an uploaded roster, encrypted, as a batch of an area and year; `kind` None is guessed when it is read.

    `whole`: fields that are told once for the whole file (`Roster.once`), such as the benefit that a payroll pays.
    """
    if kind and kind not in GUESSABLE:
        raise Refusal("unknown_kind", N_("没有这种名册：{kind}"), kind=kind)
    if year not in YEARS:
        raise Refusal("bad_year", N_("年度应在 {first} 至 {last} 之间"), first=YEARS[0], last=YEARS[-1])
    if by is not None and (by.area is None or not area.code.startswith(by.area.prefix)):
        raise Refusal("area_not_yours", N_("只能为自己管辖的区域导入名册"))
    first, second = _read(file), _read(second_file) if second_file else b""
    batch = Batch(
        kind=kind or "", file_name=_name(file), file=files.store(first),
        file_sha256=sha256(sha256(first).digest() + second).hexdigest() if second else sha256(first).hexdigest(),
        second_file_name=_name(second_file) if second_file else "", second_file=files.store(second) if second else "",
        area=area, area_code=area.code, year=year, by=by, created_at=at, layout={"whole": _told_once(whole)},
    )  # fmt: skip
    batch.save()
    trail.write("imports.receive", about=batch, by=by, at=at, kind=batch.kind, year=year, sha256=batch.file_sha256)
    return batch


def _told_once(whole: Mapping[str, str] | None) -> dict[str, str]:
    """What was told once, without empty answers; a benefit that the profile does not know is refused."""
    told = {code: value for code, value in (whole or {}).items() if value}
    if (benefit := told.get("benefit")) and Provisions(active()).find(benefit) is None:
        raise Refusal("unknown_benefit", N_("方案里没有政策“{benefit}”"), benefit=benefit)
    return told


def _read(file: Upload | IO[bytes]) -> bytes:
    most = settings.IMPORT_MAX_MB * 2**20
    size = getattr(file, "size", None)
    if size is not None and size > most:
        raise _too_large(file)
    data = file.read()
    if len(data) > most:
        raise _too_large(file)
    if not data:
        raise Refusal("file_empty", N_("文件“{name}”是空的，请重新选择。"), name=_name(file))
    return data


def _too_large(file: Upload | IO[bytes]) -> Refusal:
    sentence = N_("文件“{name}”超过 {most} MB，请分成几个文件导入。")
    return Refusal("file_too_large", sentence, name=_name(file), most=settings.IMPORT_MAX_MB)


def _name(file: Any) -> str:
    """The bare file name, without folders (of either kind of slash) and control characters."""
    bare = str(getattr(file, "name", "") or "").replace("\\", "/").rpartition("/")[2]
    return "".join(one for one in bare if one.isprintable())[-200:] or "roster"


@transaction.atomic
def start_reading(*, batch: Batch, by: User | None, at: datetime, kind: str | None = None) -> Batch:
    """Order reading, recognising and (when every column needed is found) checking. `kind` sets another kind first."""
    batch = _locked(batch, S.UPLOADED, S.MAPPING, S.CHECKED, S.FAILED)
    if kind is not None:
        if kind and kind not in GUESSABLE:
            raise Refusal("unknown_kind", N_("没有这种名册：{kind}"), kind=kind)
        batch.kind, batch.layout = kind, {"whole": batch.layout.get("whole", {})}
    return _order(batch, S.READING, "sheets.read", _("读取名册：{name}"), by, at)


@transaction.atomic
def set_mapping(
    *, batch: Batch, mapping: Mapping[str, Mapping[str, str | None]], by: User | None, at: datetime,
    left_out: frozenset[str] = frozenset(), whole: Mapping[str, str] | None = None,
) -> Batch:  # fmt: skip
    """Say which column means which field, sheet by sheet ({sheet: {letter: field or None}}), and check with that.

    What is said is remembered for the same headers. Sheets in `left_out` are not imported. `whole`: what is told once
    for the whole file; None leaves it as it is.
    """
    batch = _locked(batch, S.MAPPING, S.CHECKED, S.FAILED)
    sheets = batch.layout.get("sheets", [])
    if not sheets:
        raise Refusal("not_read", N_("名册还没有读取，请先读取。"))
    if unknown := (set(mapping) | left_out) - {one["sheet"] for one in sheets}:
        raise Refusal("no_such_sheet", N_("没有工作表“{sheet}”。"), sheet=min(unknown))
    for one in sheets:
        one["left_out"] = one["sheet"] in left_out
        if one["sheet"] in mapping and not one["left_out"]:
            _correct(one, mapping[one["sheet"]], by, at)
    if whole is not None:
        _tell_once(batch, whole)
    if all(one["left_out"] for one in sheets):
        raise Refusal("all_left_out", N_("至少要导入一个工作表。"))
    missing = [_named(kind, group) for one in sheets if not one["left_out"] for kind, group in _missing(one)]
    batch.save(update_fields=["layout"])
    if missing:
        raise Refusal("columns_missing", N_("还缺少必需的列：{columns}"), columns="；".join(missing))
    return _order(batch, S.CHECKING, "sheets.check", _("检查名册：{name}"), by, at)


def _correct(kept: dict[str, Any], mapping: Mapping[str, str | None], by: User | None, at: datetime) -> None:
    layout = Layout.from_json(kept)
    changed = {letter: code for letter, code in mapping.items() if layout.mapping.get(letter) != (code or None)}
    if not changed:
        return
    layout = layout.with_mapping(changed)
    kept.update(layout.as_json())
    Remembered.objects.update_or_create(
        kind=layout.kind, signature=layout.signature(),
        defaults={"columns": {one.letter: one.field for one in layout.columns}, "by": by, "at": at},
    )  # fmt: skip


def _tell_once(batch: Batch, whole: Mapping[str, str]) -> None:
    """Put what is told once for the whole file into every sheet; "" takes it back."""
    batch.layout["whole"] = _told_once(whole)
    for one in batch.layout["sheets"]:
        one.update(reading.with_whole(Layout.from_json(one), whole).as_json())


def _missing(kept: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    layout = Layout.from_json(kept)
    return [(layout.kind, group) for group in layout.missing]


def _named(kind: str, group: tuple[str, ...]) -> str:
    """What stands for a missing group of columns: 行政村或行政村代码."""
    return _("或").join(ROSTERS[kind].field(code).label for code in group)


@transaction.atomic
def accept(*, batch: Batch, by: User | None, at: datetime, skip_errors: bool = False) -> Batch:
    """Order the batch to be let in as one transaction. Errors block, unless their rows are to be left out."""
    batch = _locked(batch, S.CHECKED)
    may_be_accepted(batch, skip_errors=skip_errors)
    return _order(batch, S.ACCEPTING, "sheets.accept", _("接收名册：{name}"), by, at, skip_errors=skip_errors)


def may_be_accepted(batch: Batch, *, skip_errors: bool) -> None:
    """Refuse while errors stand, or when nothing would be left to take in."""
    errors = batch.counts.get("errors", 0)
    if errors and not skip_errors:
        sentence = N_("还有 {count} 个错误。请改正后重新上传，或选择“只接收没有错误的行”。")
        raise Refusal("errors_stand", sentence, count=errors)
    if not batch.counts.get("clean", 0):
        raise Refusal("nothing_to_accept", N_("没有可以接收的行。"))


@transaction.atomic
def undo(*, batch: Batch, by: User | None, at: datetime) -> Batch:
    """Order an accepted batch to be taken back as a whole; refused by the work when something depends on it."""
    batch = _locked(batch, S.ACCEPTED)
    return _order(batch, S.UNDOING, "sheets.undo", _("撤销导入：{name}"), by, at)


@transaction.atomic
def discard(*, batch: Batch, by: User | None, at: datetime) -> Batch:
    """Give up a batch that has not been accepted: its files and findings are removed."""
    batch = _locked(batch, S.UPLOADED, S.MAPPING, S.CHECKED, S.FAILED)
    batch.findings.all()._raw_delete(batch._state.db)  # type: ignore[attr-defined]
    drop_files(batch)
    batch.state = S.DISCARDED
    batch.layout = {}
    batch.say()
    batch.save()
    trail.write("imports.discard", about=batch, by=by, at=at, kind=batch.kind)
    return batch


def drop_files(batch: Batch) -> None:
    """Remove what is on disk of a batch, once the transaction is through."""
    gone = [batch.file, batch.second_file, batch.staged]
    batch.file = batch.second_file = batch.staged = ""
    transaction.on_commit(lambda: files.remove(*gone))


@transaction.atomic
def clear_old(*, older_than: timedelta, at: datetime) -> int:
    """Remove the files of batches nobody has touched for so long; what they did stays undoable. How many batches."""
    old = Batch.objects.filter(created_at__lt=at - older_than).exclude(file="", staged="").select_related("job")
    cleared = 0
    for batch in old:
        if batch.is_busy:
            continue
        drop_files(batch)
        if batch.standing not in {S.ACCEPTED, S.UNDONE, S.DISCARDED}:
            batch.findings.all()._raw_delete(batch._state.db)  # type: ignore[attr-defined]
            batch.state = S.DISCARDED
        batch.save()
        cleared += 1
    return cleared


def first_day(batch: Batch) -> date:
    """The first day of a batch's year."""
    return date(batch.year, 1, 1)


def _locked(batch: Batch, *allowed: str) -> Batch:
    """The batch as it stands now, kept from others; refused unless it stands where the verb may begin."""
    found = Batch.objects.select_for_update(of=("self",)).select_related("area", "job").get(pk=batch.pk)
    if found.is_busy:
        raise Refusal("batch_busy", N_("正在处理这个批次，请等它完成或先取消。"))
    if found.standing not in allowed:
        sentence = N_("批次现在是“{state}”，不能这样做。")
        raise Refusal("wrong_state", sentence, state=str(S(found.standing).label))
    return found


def _order(batch: Batch, state: str, kind: str, title: str, by: User | None, at: datetime, **params: Any) -> Batch:
    batch.job = jobs.start(
        kind=kind, title=title.format(name=batch.file_name), params={"batch": batch.pk, **params}, by=by, at=at,
        area_code=batch.area_code,
    )  # fmt: skip
    batch.state = state
    batch.say()
    batch.save()
    return batch
