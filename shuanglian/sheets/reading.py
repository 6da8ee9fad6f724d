"""From a batch's files to sheets and layouts, through the engine; what is kept of them in `Batch.layout`.

    {"sheets": [{…Layout.as_json(), "file": 1, "name": "Sheet1", "rows": 812, "left_out": false}],
     "others": [[name, why]], "samples": sealed JSON {sheet: {letter: [first texts]}},
     "whole": {field: value}}   what somebody told once for the whole file, before or after it was read

Two files may have sheets of one name: those of the second are called `文件2·Sheet1`, `name` is what the file says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from shuanglian.core.profile import active
from shuanglian.core.secrets import open_sealed, seal
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from . import files
from .engine import headers, workbook
from .engine.fields import ROSTERS
from .engine.layout import Layout
from .engine.limits import Limits
from .engine.workbook import SheetData
from .models import Batch
from .models import Mapping as Remembered

SAMPLES = 3
BESIDE = {"households": ("households", "persons")}  # kinds that come in together


@dataclass(frozen=True)
class Opened:
    """One sheet with content: the file it came from (1 or 2), its name there, its cells."""

    file: int
    name: str
    data: SheetData


def open_batch(batch: Batch) -> list[Opened]:
    """The sheets of a batch's files; a Refusal when they cannot be read or have been cleared away."""
    try:
        given = [(files.fetch(batch.file), batch.file_name)]
        if batch.second_file:
            given.append((files.fetch(batch.second_file), batch.second_file_name))
    except FileNotFoundError:
        raise Refusal("file_cleared", N_("文件已按保存期限清除，请重新上传。")) from None
    return open_files(given)


def open_files(given: Sequence[tuple[bytes, str]]) -> list[Opened]:
    """The sheets of one or two files (bytes, name); names made different."""
    limits = Limits(file_size=settings.IMPORT_MAX_MB * 2**20)
    found: list[Opened] = []
    for number, (data, name) in enumerate(given, start=1):
        taken = {one.data.name for one in found}
        for sheet in workbook.read(data, name, limits):
            called = sheet.name if sheet.name not in taken else f"文件{number}·{sheet.name}"
            found.append(Opened(number, sheet.name, replace(sheet, name=called)))
    return found


def recognise(opened: Sequence[Opened], kind: str, whole: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The kind (guessed when empty) and the layout to keep; a Refusal when no sheet is a roster of it.

    `whole`: what is told once for the whole file, field → value; kinds without such a field leave it alone.
    """
    filled = [one for one in opened if one.data.cells.height]
    guesses = headers.guess_kind([one.data for one in filled])
    wanted, others = _wanted(filled, guesses, kind)
    kind = kind or _first_kind([each for _one, each in wanted])
    sheets, samples = [], {}
    failed: Refusal | None = None
    for one, each in wanted:
        try:
            layout = with_whole(headers.recognise(one.data, each, active(), remembered()), whole)
        except Refusal as refusal:
            failed = failed or refusal
            others.append([one.data.name, ""])
            continue
        rows = one.data.cells.filter(one.data.cells["row"] >= layout.first_row).height
        sheets.append({**layout.as_json(), "file": one.file, "name": one.name, "rows": rows, "left_out": False})
        samples[one.data.name] = _samples(one.data, layout)
    if not sheets:
        sentence = N_("没有找到“{kind}”：请检查表头，或另选名册种类。")
        raise failed or Refusal("no_such_roster", sentence, kind=ROSTERS[kind].label)
    kept = seal(json.dumps(samples, ensure_ascii=False))
    return kind, {"sheets": sheets, "others": others, "samples": kept, "whole": dict(whole)}


def with_whole(layout: Layout, whole: Mapping[str, str]) -> Layout:
    """The layout with what is told once for the whole file, as far as its kind has such fields."""
    return layout.with_whole({code: value for code, value in whole.items() if code in ROSTERS[layout.kind].once})


def _wanted(
    filled: Sequence[Opened], guesses: dict[str, str | None], kind: str
) -> tuple[list[tuple[Opened, str]], list[list[str]]]:
    """Sheets to import, each with its kind, and the others with what they are. A second file holds the members."""
    seen = {one.data.name: "persons" if one.file == 2 else guesses.get(one.data.name) for one in filled}
    kind = kind or _first_kind(list(seen.values()))
    fitting = BESIDE.get(kind, (kind,))
    if not any(each in fitting for each in seen.values()):  # a person says what it is: take that for what is in sight
        seen = {one.data.name: kind for one in filled if not one.data.hidden}
    wanted = [(one, str(seen[one.data.name])) for one in filled if seen.get(one.data.name) in fitting]
    here = {one.data.name for one, _each in wanted}
    others = [
        [one.data.name, guesses.get(one.data.name) or ("hidden" if one.data.hidden else "")]
        for one in filled if one.data.name not in here
    ]  # fmt: skip
    return wanted, others


def remembered() -> dict[str, dict[str, str | None]]:
    """What people said about columns before, by the signature of the headers."""
    return dict(Remembered.objects.values_list("signature", "columns"))


def layouts(batch: Batch) -> list[tuple[dict[str, Any], Layout]]:
    """The kept layouts of the sheets that are imported, each with what is kept beside it."""
    return [(kept, Layout.from_json(kept)) for kept in batch.layout.get("sheets", []) if not kept["left_out"]]


def groups(batch: Batch) -> list[list[tuple[int, dict[str, Any]]]]:
    """The kept layouts with their places, those of one make together: what is said of one holds for all of them.

    A county's workbook may have a sheet a village; what they need (a place from the title, say) may differ.
    """
    found: dict[tuple[str, tuple[str, ...]], list[tuple[int, dict[str, Any]]]] = {}
    for place, kept in enumerate(batch.layout.get("sheets", [])):
        layout = Layout.from_json(kept)
        key = (layout.signature(), tuple(map(str, layout.missing)))
        found.setdefault(key, []).append((place, kept))
    return list(found.values())


def is_complete(batch: Batch) -> bool:
    """Whether every sheet has the columns it must have, so that checking can begin without a person."""
    found = layouts(batch)
    return bool(found) and not any(layout.missing for _kept, layout in found)


def samples_of(batch: Batch) -> dict[str, dict[str, list[str]]]:
    """{sheet: {letter: first texts}}"""
    sealed = batch.layout.get("samples", "")
    return json.loads(open_sealed(sealed)) if sealed else {}


def _first_kind(kinds: Sequence[str | None]) -> str:
    known = [kind for kind in kinds if kind]
    if not known:
        sentence = N_("认不出这是哪种名册。请选择名册种类，或对照空白模板检查表头。")
        raise Refusal("unknown_roster", sentence)
    return "households" if {"households", "persons"} & set(known) else known[0]


def _samples(sheet: SheetData, layout: Layout) -> dict[str, list[str]]:
    body = sheet.cells.filter(sheet.cells["row"] >= layout.first_row)
    return {
        column.letter: body[column.letter].drop_nulls().head(SAMPLES).to_list()
        for column in layout.columns
        if column.letter in body.columns
    }
