"""From a profile folder to its checked entries: which files there are, their base, the type of every entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

import shuanglian.profiles
from shuanglian.kernel.words import N_, Said

from . import profile_shapes as shapes
from .folder_layers import lay_files_over, of_folder, read_folders
from .profile_codes import codes_for_texts
from .profile_faults import Fault, ProfileErrors, ProfileUnreadable, explain, suggest
from .profile_files import Desk, Table, check_removals, check_source, fill_sources, lay_over, lists_of
from .profile_shapes import Shape
from .profile_tables import FILES, MAY_BE_EMPTY, MAY_BE_MISSING

if TYPE_CHECKING:
    from .benefit_files import Ground
    from .benefits import Benefit
    from .catalogue import Measure
    from .duties import Duty
    from .exits import Standard
    from .ladder import Rung, Urgency
    from .procedures import Procedure
    from .quality import Rule
    from .scrutiny import Sign

BUILT_IN = Path(shuanglian.profiles.__file__).parent
DEEPEST = 8  # bases of bases
S = TypeVar("S", bound=BaseModel)
HEAD = ("title", "programme", "year", "area_code", "base", "language", "languages")


class Head(Shape):
    """The head of profile.toml: what programme this is, whose, and of which year."""

    title: shapes.Label
    programme: shapes.Label
    year: shapes.Whole
    area_code: shapes.Text
    base: str = ""
    language: shapes.Text
    languages: shapes.Words


@dataclass(frozen=True, eq=False)
class Entries:
    """What a profile folder says, checked: its head and, list by list, its entries over all days."""

    name: str
    folder: Path
    head: Head
    lists: Mapping[str, tuple[Any, ...]]
    benefits: Mapping[str, Benefit]
    procedures: Mapping[str, Procedure]
    quality: Mapping[int, Rule]  # id of a check among the lists → the same with its text read
    standards: Mapping[int, Standard]  # id of an exit standard among the lists → the same with its texts read
    duties: Mapping[int, Duty]  # id of a duty among the lists → the same with its text read
    signs: Mapping[int, Sign]  # id of a sign of scrutiny among the lists → the same with its text read
    measures: Mapping[int, Measure]  # id of a measure among the lists → the same with its texts read
    rungs: Mapping[int, Rung]  # id of a rung of the ladder among the lists → the same with its text read
    urgencies: Mapping[int, Urgency]
    documents: Mapping[str, shapes.Document]
    rules: Mapping[str, shapes.Label]
    stamps: Mapping[Path, tuple[int, int]]  # files and folders read, as they were then

    def still_so(self) -> bool:
        """Whether nothing that was read has changed since."""
        return all(_stamp(path) == stamp for path, stamp in self.stamps.items())


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@cache
def rulebook() -> dict[str, shapes.Label]:
    """Every rule id of the rulebook with its title: what `cites` may name."""
    raw: Mapping[str, Any] = Desk().read(BUILT_IN / "rulebook_ids.toml") or {}
    return {code: shapes.Label.model_validate(title) for code, title in raw["rules"].items()}


@cache
def documents() -> dict[str, shapes.Document]:
    """Every document that `document` may name."""
    raw: Mapping[str, Any] = Desk().read(BUILT_IN / "documents.toml") or {}
    found = [shapes.Document.model_validate(one) for one in raw["documents"]]
    return {one.code: one for one in found}


@cache
def built_in() -> tuple[str, ...]:
    """The names of the profiles that come with the product."""
    return tuple(sorted(one.parent.name for one in BUILT_IN.glob("*/profile.toml")))


def folder_of(path_or_name: str | Path) -> Path:
    """A built-in profile by name, or any folder; ProfileUnreadable when there is no profile.toml."""
    if isinstance(path_or_name, str) and path_or_name in built_in():
        return BUILT_IN / path_or_name
    folder = Path(path_or_name)
    if (folder / "profile.toml").is_file():
        return folder
    said = Said(N_("这里没有方案：找不到 {file}"), {"file": folder / "profile.toml"})
    raise ProfileUnreadable([Fault(folder, 0, (), "unreadable", said, suggest(str(path_or_name), built_in()))])


def read_entries(path_or_name: str | Path) -> Entries:
    """Read and check a profile and its bases. ProfileErrors says everything that is wrong at once."""
    from .profile_checks import check  # the checks know the shapes of this module

    folder = folder_of(path_or_name)
    desk = Desk()
    try:
        files = _layers(folder, desk, ())
    except OSError as error:
        said = Said(N_("文件打不开：{detail}"), {"detail": error.strerror or str(error)})
        where = Path(error.filename or folder)
        raise ProfileUnreadable([Fault(where, 0, (), "unreadable", said, Said(N_("检查文件的读取权限。")))]) from error
    filed = {name: files.pop(name) for name in list(files) if name not in FILES}
    head, lists, tables = _typed(files, folder, desk)
    known = {**documents(), **{one.code: one for one in lists["documents"]}}
    written = _written_codes(files)
    check(lists, written, tables, desk, rulebook(), known)
    benefits = _benefits(of_folder(filed, "benefits"), lists, written, known, desk)
    procedures = _procedures(of_folder(filed, "procedures"), lists, written, known, desk)
    quality = _quality(lists, tables, written, known, desk)
    standards = _standards(lists, tables, written, known, desk)
    duties = _duties(lists, tables, written, known, desk)
    signs = _signs(lists, tables, written, known, desk)
    measures = _measures(lists, tables, written, known, benefits, desk)
    rungs, urgencies = _ladder(lists, tables, written, known, desk)
    if desk.faults or head is None:
        raise ProfileErrors(desk.faults)
    stamps = {path: _stamp(path) for file in desk.texts for path in (file, file.parent)}
    name = folder.resolve().name
    return Entries(
        name,
        folder,
        head,
        lists,
        benefits,
        procedures,
        quality,
        standards,
        duties,
        signs,
        measures,
        rungs,
        urgencies,
        known,
        rulebook(),
        stamps,
    )


def _benefits(
    files: dict[str, Table], lists: Mapping[str, tuple[Any, ...]], codes: Mapping[str, set[str]],
    known: Mapping[str, shapes.Document], desk: Desk,
) -> dict[str, Benefit]:  # fmt: skip
    if not files:
        return {}
    from .benefit_files import read_benefits  # brings the language of conditions: only where there are any

    return read_benefits(files, _ground(lists, codes, known), desk)


def _procedures(
    files: dict[str, Table], lists: Mapping[str, tuple[Any, ...]], codes: Mapping[str, set[str]],
    known: Mapping[str, shapes.Document], desk: Desk,
) -> dict[str, Procedure]:  # fmt: skip
    if not files:
        return {}
    from .procedure_files import read_procedures

    roles = {one.code: one for one in lists["roles"]}
    return read_procedures(files, _ground(lists, codes, known), roles, desk)


def _quality(
    lists: Mapping[str, tuple[Any, ...]], tables: Mapping[int, Table], codes: Mapping[str, set[str]],
    known: Mapping[str, shapes.Document], desk: Desk,
) -> dict[int, Rule]:  # fmt: skip
    if all(one.kind == "columns" for one in lists["checks"]):
        return {}
    from .quality_files import read_checks

    return read_checks(lists["checks"], lists["limits"], tables, _ground(lists, codes, known), desk)


def _standards(
    lists: Mapping[str, tuple[Any, ...]], tables: Mapping[int, Table], codes: Mapping[str, set[str]],
    known: Mapping[str, shapes.Document], desk: Desk,
) -> dict[int, Standard]:  # fmt: skip
    if not lists["standards"]:
        return {}
    from .exit_files import read_standards

    return read_standards(lists["standards"], tables, _ground(lists, codes, known), desk)


def _duties(
    lists: Mapping[str, tuple[Any, ...]], tables: Mapping[int, Table], codes: Mapping[str, set[str]],
    known: Mapping[str, shapes.Document], desk: Desk,
) -> dict[int, Duty]:  # fmt: skip
    if not lists["duties"]:
        return {}
    from .duties import read_duties

    return read_duties(lists["duties"], tables, _ground(lists, codes, known), desk)


def _signs(
    lists: Mapping[str, tuple[Any, ...]], tables: Mapping[int, Table], codes: Mapping[str, set[str]],
    known: Mapping[str, shapes.Document], desk: Desk,
) -> dict[int, Sign]:  # fmt: skip
    if not lists["signs"]:
        return {}
    from .scrutiny import read_signs

    return read_signs(lists["signs"], tables, _ground(lists, codes, known), desk)


def _measures(
    lists: Mapping[str, tuple[Any, ...]], tables: Mapping[int, Table], codes: Mapping[str, set[str]],
    known: Mapping[str, shapes.Document], benefits: Mapping[str, Benefit], desk: Desk,
) -> dict[int, Measure]:  # fmt: skip
    if not lists["measures"]:
        return {}
    from .catalogue_files import read_measures

    return read_measures(lists, tables, benefits, _ground(lists, codes, known), desk)


def _ladder(
    lists: Mapping[str, tuple[Any, ...]], tables: Mapping[int, Table], codes: Mapping[str, set[str]],
    known: Mapping[str, shapes.Document], desk: Desk,
) -> tuple[dict[int, Rung], dict[int, Urgency]]:  # fmt: skip
    if not lists["rungs"]:
        return {}, {}
    from .ladder import read_rungs, read_urgencies

    ground = _ground(lists, codes, known)
    return read_rungs(lists["rungs"], tables, ground, desk), read_urgencies(lists["urgencies"], tables, ground, desk)


def _ground(
    lists: Mapping[str, tuple[Any, ...]], codes: Mapping[str, set[str]], known: Mapping[str, shapes.Document]
) -> Ground:
    """What the files of the folders may refer to."""
    from .benefit_files import Ground
    from .facts.catalogue import vocabulary

    return Ground(codes, rulebook(), known, vocabulary(), lists["lines"], shaped, codes_for_texts(lists))


def _written_codes(files: dict[str, Table]) -> dict[str, set[str]]:
    """The codes of every list as written, also those of entries that are faulty: one fault must not breed others."""
    codes: dict[str, set[str]] = {}
    for table in files.values():
        for key, entries in lists_of(table):
            codes[key] = {str(entry.get("code")) for entry in entries}
    return codes


def _layers(folder: Path, desk: Desk, above: tuple[Path, ...]) -> dict[str, Table]:
    """The files of a profile, each laid over the same file of its base; one file a thing as folder_layers says."""
    own = _read_folder(folder, desk)
    base = _base_of(own.get("profile.toml"), folder, desk, above)
    theirs = _layers(base, desk, (*above, folder.resolve())) if base else {}
    filed = {name: theirs.pop(name) for name in list(theirs) if name not in FILES}
    filed = lay_files_over(filed, read_folders(folder, desk), desk)
    for name, table in own.items():
        check_source(table, FILES[name], desk)
        fill_sources(table)
        check_removals(table, theirs.get(name), desk)
        if name in theirs:
            _drop_strays(table, theirs[name], FILES[name], desk)
    laid = {name: lay_over(theirs[name], own[name]) for name in own if name in theirs}
    return {**theirs, **own, **laid, **filed}


def _drop_strays(table: Table, base: Table, sections: Mapping[str, type[Shape]], desk: Desk) -> None:
    """An entry that lacks keys was meant to be laid over one of the base's: a code that the base lacks is a slip."""
    for key, entries in lists_of(table):
        known = {str(entry.get("code")) for entry in base.get(key, []) if isinstance(entry, Table)}
        for entry in [one for one in entries if "code" in one and str(one["code"]) not in known and key in sections]:
            needed = [name for name, field in sections[key].model_fields.items() if field.is_required()]
            if (lacks := [name for name in needed if name not in entry]) and entry.get("remove") is not True:
                given = {"value": entry["code"], "lacks": ", ".join(lacks)}
                said = Said(N_("base 里没有 {value}，而这条缺少 {lacks}"), given)
                desk.fault(entry.find(("code",)), "unknown_code", said, suggest(str(entry["code"]), sorted(known)))
                entries.remove(entry)


def _read_folder(folder: Path, desk: Desk) -> dict[str, Table]:
    own: dict[str, Table] = {}
    for file in sorted(folder.glob("*.toml")):
        if file.name not in FILES:
            said = Said(N_("不认识的文件 {file}"), {"file": file.name})
            desk.faults.append(Fault(file, 0, (), "unknown_file", said, suggest(file.name, FILES)))
        elif (table := desk.read(file)) is not None:
            own[file.name] = table
    return own


def _base_of(head: Table | None, folder: Path, desk: Desk, above: tuple[Path, ...]) -> Path | None:
    name = head.get("base") if head else None
    if not head or not isinstance(name, str) or not name:
        return None
    beside = folder.parent / name
    if Path(name).name == name and (beside / "profile.toml").is_file():
        base = beside
    elif name in built_in():
        base = BUILT_IN / name
    else:
        said = Said(N_("base 指向的方案 {value} 不存在"), {"value": name})
        desk.fault(head.find(("base",)), "dangling", said, suggest(name, built_in()))
        return None
    if base.resolve() in (*above, folder.resolve()) or len(above) > DEEPEST:
        said = Said(N_("base 绕成了圈：{value}"), {"value": name})
        desk.fault(head.find(("base",)), "circle", said, Said(N_("去掉其中一个方案的 base。")))
        return None
    return base


def _typed(
    files: dict[str, Table], folder: Path, desk: Desk
) -> tuple[Head | None, dict[str, tuple[Any, ...]], dict[int, Table]]:
    head: Head | None = None
    lists: dict[str, tuple[Any, ...]] = {}
    tables: dict[int, Table] = {}  # id of a checked entry → where it was written
    headless = any(fault.file.name == "profile.toml" for fault in desk.faults)  # then its base is not known either
    unread = set(FILES) if headless else {fault.file.name for fault in desk.faults}
    for name, sections in FILES.items():
        table = files.get(name)
        if table is None:
            if name not in unread and name not in MAY_BE_MISSING:
                said = Said(N_("缺少文件 {file}"), {"file": name})
                cure = Said(N_("从范本 tongwei_2015 复制，或在 profile.toml 里写 base。"))
                desk.faults.append(Fault(folder / name, 0, (), "missing_file", said, cure))
            lists.update(dict.fromkeys(sections, ()))
            continue
        if name == "profile.toml":
            head = shaped(Head, table.part(HEAD), desk)
        _known_sections(table, sections, HEAD if name == "profile.toml" else (), desk)
        for key, shape in sections.items():
            lists[key] = tuple(_section(table, key, shape, desk, tables))
    return head, lists, tables


def _known_sections(table: Table, sections: dict[str, Any], also: tuple[str, ...], desk: Desk) -> None:
    allowed = {*sections, *also, "source"}
    for key in table:
        if key not in allowed:
            said = Said(N_("不认识的键 {key}"), {"key": key})
            desk.fault(table.find((key,)), "unknown_key", said, suggest(key, sorted(allowed)))


def _section(table: Table, key: str, shape: type[Shape], desk: Desk, tables: dict[int, Table]) -> list[Any]:
    entries = table.get(key, [] if key in MAY_BE_EMPTY else None)
    if entries is None or (entries == [] and key not in MAY_BE_EMPTY):
        said = Said(N_("缺少 {key}"), {"key": key})
        desk.fault((table.file, ()), "missing_key", said, Said(N_("至少写一条 [[{key}]]。"), {"key": key}))
        return []
    if not isinstance(entries, list) or not all(isinstance(one, Table) for one in entries):
        said = Said(N_("{key} 须是一列条目"), {"key": key})
        desk.fault(table.find((key,)), "wrong_type", said, Said(N_("每条以 [[{key}]] 开头。"), {"key": key}))
        return []
    found = []
    for entry in entries:
        if entry.get("remove") is True:  # only a base's entry can be removed; check_removals has said so
            continue
        if (one := shaped(shape, entry, desk)) is not None:
            tables[id(one)] = entry
            found.append(one)
    return found


def shaped(shape: type[S], entry: Table, desk: Desk) -> S | None:
    """An entry as its shape; None, with a fault for every complaint, when it is not one."""
    try:
        return shape.model_validate(entry)
    except ValidationError as error:
        complaints = error.errors(include_url=False)
        for complaint in complaints:
            loc = complaint["loc"]
            if complaint["type"] == "too_short" and any(
                one["loc"][: len(loc)] == loc != one["loc"] for one in complaints
            ):
                continue  # a list is not empty because what stands in it is faulty
            fields = _fields_at(shape, complaint["loc"])
            desk.fault(entry.find(complaint["loc"]), *explain(complaint, fields))
        return None


def _fields_at(shape: Any, loc: tuple[Any, ...]) -> list[str]:
    """The keys that a model allows where a complaint points to."""
    for step in loc[:-1]:
        field = getattr(shape, "model_fields", {}).get(step) if isinstance(step, str) else None
        if field is not None:
            shape = field.annotation
            while (inner := [one for one in get_args(shape) if one is not type(None)]) and not hasattr(
                shape, "model_fields"
            ):
                shape = inner[-1] if get_origin(shape) is dict else inner[0]
    return sorted(field.alias or name for name, field in getattr(shape, "model_fields", {}).items())


__all__ = ["Entries", "built_in", "documents", "folder_of", "read_entries", "rulebook"]
