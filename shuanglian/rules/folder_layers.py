"""Folders of a profile that hold one thing a file (benefits/CODE.toml, procedures/CODE.toml), laid over the base's.

The file's name is the code. A profile with a base inherits the base's files; one that says only `remove = true` drops
the base's. A file of the same name replaces the base's as a whole, or, in a folder whose things are long, is laid over
it key by key as the flat files are (profile_files.lay_over).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from shuanglian.kernel.words import N_, Said

from .profile_faults import Fault, suggest
from .profile_files import INHERITED, Desk, Table, check_removals, check_source, lay_over

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,39}")


@dataclass(frozen=True)
class Folder:
    """laid_over: the lists of a file whose entries are laid over the base's by code; none: a file replaces the whole.

    bad_name: what is said of a file whose name is no code.
    """

    bad_name: str
    laid_over: tuple[str, ...] = ()


FOLDERS: Mapping[str, Folder] = MappingProxyType({
    "benefits": Folder(N_("福利文件名 {file} 不合格式")),
    "procedures": Folder(N_("程序文件名 {file} 不合格式"), ("steps",)),
})  # fmt: skip


def read_folders(profile: Path, desk: Desk) -> dict[str, Table]:
    """ "benefits/CODE.toml" → the file's table, of all folders; what cannot be read is told."""
    found: dict[str, Table] = {}
    for name, folder in FOLDERS.items():
        for file in sorted((profile / name).glob("*")):
            if file.suffix != ".toml" or not _CODE.fullmatch(file.stem):
                if not file.name.startswith("."):
                    cure = Said(N_("文件名就是代码：字母、数字、下划线，加 .toml。"))
                    desk.faults.append(Fault(file, 0, (), "bad_code", Said(folder.bad_name, {"file": file.name}), cure))
            elif (table := desk.read(file)) is not None:
                found[f"{name}/{file.name}"] = table
    return found


def of_folder(files: Mapping[str, Table], name: str) -> dict[str, Table]:
    """Those of one folder."""
    return {key: table for key, table in files.items() if key.startswith(f"{name}/")}


def lay_files_over(theirs: dict[str, Table], own: dict[str, Table], desk: Desk) -> dict[str, Table]:
    """A profile's files over its base's, file by file."""
    laid = dict(theirs)
    for name, table in own.items():
        folder = FOLDERS[name.partition("/")[0]]
        if table.get("remove") is True:
            _remove(laid, theirs, name, table, desk)
            continue
        if folder.laid_over:
            _sourced(table, folder.laid_over, theirs.get(name), desk)
        laid[name] = lay_over(theirs[name], table) if folder.laid_over and name in theirs else table
    return laid


def _remove(laid: dict[str, Table], theirs: Mapping[str, Table], name: str, table: Table, desk: Desk) -> None:
    known = [Path(one).stem for one in theirs if one.partition("/")[0] == name.partition("/")[0]]
    if laid.pop(name, None) is None:
        said = Said(N_("要删去的 {value} 在 base 里没有"), {"value": Path(name).stem})
        desk.fault(table.find(("remove",)), "dangling", said, suggest(Path(name).stem, known))
    for key in table.keys() - {"remove"}:
        said = Said(N_("删去时不再写 {key}"), {"key": key})
        desk.fault(table.find((key,)), "unknown_key", said, Said(N_("文件里只留 remove = true。")))


def _sourced(table: Table, lists: tuple[str, ...], base: Table | None, desk: Desk) -> None:
    """The file's own [source] filled into itself and the entries of its lists, before it is laid over anything."""
    check_source(table, lists, desk)
    source: Any = table.get("source")
    entries = [one for key in lists for one in table.get(key, ()) if isinstance(one, Table)]
    for holder in (table, *entries) if isinstance(source, Table) else ():
        for key in INHERITED:
            if key not in holder and key in source and not (key == "until" and "since" in holder):
                holder.give(key, source[key], source.where[key])
    check_removals(table, base, desk)
