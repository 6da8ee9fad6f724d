"""benefits/CODE.toml of a profile, laid over those of its base.

A profile with a base inherits the base's benefits; a file of the same name replaces the base's as a whole; a file that
says only `remove = true` drops it.
"""

from __future__ import annotations

import re
from pathlib import Path

from shuanglian.kernel.words import N_, Said

from .profile_faults import Fault, suggest
from .profile_files import Desk, Table

FOLDER = "benefits"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,39}")


def read_folder(folder: Path, desk: Desk) -> dict[str, Table]:
    """ "benefits/CODE.toml" → the file's table; what cannot be read is told."""
    found: dict[str, Table] = {}
    for file in sorted((folder / FOLDER).glob("*")):
        name = f"{FOLDER}/{file.name}"
        if file.suffix != ".toml" or not _CODE.fullmatch(file.stem):
            if not file.name.startswith("."):
                said = Said(N_("福利文件名 {file} 不合格式"), {"file": file.name})
                cure = Said(N_("文件名就是代码：字母、数字、下划线，加 .toml。"))
                desk.faults.append(Fault(file, 0, (), "bad_code", said, cure))
        elif (table := desk.read(file)) is not None:
            found[name] = table
    return found


def lay_benefits_over(theirs: dict[str, Table], own: dict[str, Table], desk: Desk) -> dict[str, Table]:
    """A profile's benefits over its base's, file by file."""
    laid = dict(theirs)
    for name, table in own.items():
        if table.get("remove") is True:
            known = [Path(one).stem for one in theirs]
            if laid.pop(name, None) is None:
                said = Said(N_("要删去的 {value} 在 base 里没有"), {"value": Path(name).stem})
                desk.fault(table.find(("remove",)), "dangling", said, suggest(Path(name).stem, known))
            for key in table.keys() - {"remove"}:
                said = Said(N_("删去时不再写 {key}"), {"key": key})
                desk.fault(table.find((key,)), "unknown_key", said, Said(N_("文件里只留 remove = true。")))
        else:
            laid[name] = table
    return laid
