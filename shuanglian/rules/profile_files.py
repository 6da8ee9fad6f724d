"""A profile folder → raw entries: reads the TOML files, fills in sources, lays a profile over its base.

How a profile says only what differs (`base = "tongwei_2015"` in profile.toml):
- every file is a set of lists of entries with a `code`; an entry of the same code is laid over the base's, key by key
  (inline tables such as label, mismatch, params too); plain lists such as `spellings` replace the base's;
- where either side has several entries of one code (other dates of force), the own ones replace all of the base's and
  take what they leave out from the base's latest;
- citation, document, note and days of force are never taken from the base for an entry that is laid over it;
- `remove = true` drops the base's entry; `only = ["ranks"]` in a file's [source] drops the base's whole list;
- new codes come after the base's, in the order written.
"""

import re
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from shuanglian.kernel.words import N_, Said

from .profile_faults import Fault, KeyPath, suggest
from .profile_lines import Scanner, end_of_text, line_of

SOURCE_KEYS = ("cites", "document", "since", "until", "note")
INHERITED = ("cites", "document", "since", "until")
IN_SOURCE = (*INHERITED, "note", "only")
LARGEST = 4_000_000  # bytes of one file; the largest of ours has 35,000


class Table(dict[str, Any]):
    """A TOML table that remembers where it and each of its keys were written."""

    __slots__ = ("file", "path", "where")

    def __init__(self, values: dict[str, Any], file: Path, path: KeyPath) -> None:
        super().__init__({key: _rooted(value, file, (*path, key)) for key, value in values.items()})
        self.file, self.path = file, path
        self.where: dict[str, tuple[Path, KeyPath]] = {key: (file, (*path, key)) for key in values}

    def give(self, key: str, value: Any, where: tuple[Path, KeyPath]) -> None:
        self[key] = value
        self.where[key] = where

    def part(self, keys: tuple[str, ...]) -> "Table":
        """The same table with some of its keys only."""
        part = Table({}, self.file, self.path)
        for key in keys:
            if key in self:
                part.give(key, self[key], self.where[key])
        return part

    def find(self, loc: tuple[Any, ...]) -> tuple[Path, KeyPath]:
        """The file and key path of a place inside; of what holds it when the place itself was never written."""
        file, path, node = self.file, self.path, self
        for step in loc:
            if isinstance(node, Table) and step in node.where:
                file, path = node.where[step]
                node = node[step]
            elif isinstance(node, list) and isinstance(step, int) and step < len(node):
                node = node[step]
                file, path = (node.file, node.path) if isinstance(node, Table) else (file, (*path, step))
            else:
                break
        return file, path


def _rooted(value: Any, file: Path, path: KeyPath) -> Any:
    if isinstance(value, dict):
        return Table(value, file, path)
    if isinstance(value, list):
        return [_rooted(one, file, (*path, number)) for number, one in enumerate(value)]
    return value


class Desk:
    """What is being read: the texts of the files (for line numbers) and the faults found so far."""

    def __init__(self) -> None:
        self.texts: dict[Path, str] = {}
        self._lines: dict[Path, dict[KeyPath, int]] = {}
        self.faults: list[Fault] = []

    def fault(self, place: tuple[Path, KeyPath], code: str, said: Said, cure: Said) -> None:
        file, path = place
        self.faults.append(Fault(file, self._line(file, path), path, code, said, cure))

    def _line(self, file: Path, path: KeyPath) -> int:
        if file not in self.texts:
            return 0
        if file not in self._lines:  # only a file with faults is walked for its lines
            self._lines[file] = Scanner(self.texts[file]).lines
        return line_of(self._lines[file], path)

    def syntax(self, file: Path, line: int, said: Said, cure: Said) -> None:
        self.faults.append(Fault(file, line, (), "toml_syntax", said, cure))

    def read(self, file: Path) -> Table | None:
        """One file as tables; None, with a fault, when it is not TOML."""
        if file.stat().st_size > LARGEST:
            said = Said(N_("文件太大，不像方案文件"))
            self.syntax(file, 0, said, Said(N_("方案文件不超过 {size} 字节。"), {"size": LARGEST}))
            return None
        raw = file.read_bytes()
        try:
            text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self.syntax(file, line, Said(N_("文件不是 UTF-8 编码")), Said(N_("用 UTF-8 编码另存这个文件。")))
            return None
        return self.parse(file, text)

    def parse(self, file: Path, text: str) -> Table | None:
        """A text as tables, as if it stood in a file."""
        self.texts[file] = text
        try:
            return Table(tomllib.loads(text), file, ())
        except (ValueError, RecursionError) as error:  # TOMLDecodeError, a number without end, brackets without end
            self.syntax(file, *_syntax(str(error), text))
            return None


_SYNTAX = (
    ("Expected '='", N_("键的后面缺等号"), N_("写成 键 = 值；含中文的键要加引号。")),
    ("Cannot overwrite", N_("同一个键写了两次"), N_("删去其中一个。")),
    ("Cannot declare", N_("同一个表头写了两次"), N_("合并两段，或用双方括号 [[…]] 另起一条。")),
    ("Cannot mutate", N_("在已写完的表里又添加内容"), N_("把内容并到第一次出现的地方。")),
    ("Cannot redefine", N_("在已写完的表里又添加内容"), N_("把内容并到第一次出现的地方。")),
    ("Duplicate inline", N_("同一个键写了两次"), N_("删去其中一个。")),
    ("Unterminated string", N_("引号没有成对"), N_("补上结尾的引号。")),
    ("Illegal character", N_("文字里有不允许的字符或引号没有成对"), N_("补上结尾的引号，或把字符写成 \\u 形式。")),
    ("Unescaped", N_("反斜杠后面的字符不合规则"), N_("反斜杠写成两个，或改用单引号。")),
    ("Unclosed array", N_("方括号没有成对，或两项之间缺逗号"), N_("补上逗号或结尾的 ]。")),
    ("Unclosed inline", N_("花括号没有成对，或两项之间缺逗号"), N_("补上逗号或结尾的 }。")),
    ("Invalid statement", N_("这里应是一个键"), N_("写成 键 = 值；含中文的键要加引号。")),
    ("Invalid initial", N_("这里应是一个键"), N_("写成 键 = 值；含中文的键要加引号。")),
    ("Invalid date", N_("不是一个日期"), N_("日期写成如 2015-01-31，须真有这一天。")),
    ("Invalid value", N_("等号后面的值看不懂"), N_("文字要加双引号；日期写成 2015-01-01；是非写成 true 或 false。")),
    ("Expected newline", N_("一行里有多余的内容"), N_("一行只写一个键；文字要加双引号。")),
    ("Expected ']", N_("表头的方括号没有成对"), N_("补上结尾的 ]。")),
)


_WIDE = "“”‘’＂＇＝，［］｛｝｢｣「」：；"
_DATE = re.compile(r"=\s*[0-9]{4}[-/.年][0-9]{1,2}")


def _syntax(message: str, text: str) -> tuple[int, Said, Said]:
    """What the parser says, in words for people: (line, fault, cure)."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    if found is None:
        line, column = end_of_text(text), 1
    else:
        line, column = int(found[1]), int(found[2])
    rows = text.split("\n")
    if "Cannot overwrite" in message and line > 1 and not rows[line - 1].strip():
        line -= 1
    row = rows[line - 1] if line <= len(rows) else ""
    if row[column - 1 : column] in tuple(_WIDE):
        given = {"mark": row[column - 1 : column]}
        return line, Said(N_("这里用了中文标点 {mark}"), given), Said(N_("改用英文（半角）标点。"))
    if _DATE.search(row) and message.startswith(("Expected newline", "Invalid value")):
        message = "Invalid date"
    elif message.startswith("Invalid value") and "=" not in row[: column - 1]:
        message = "Unclosed array"  # a value was awaited where a key stands: the list above was never closed
    for begins, said, cure in _SYNTAX:
        if message.startswith(begins):
            return line, Said(said), Said(cure)
    return line, Said(N_("不是合法的 TOML：{detail}"), {"detail": message}), Said(N_("请对照 TOML 写法改正这一行。"))


def lists_of(table: Table) -> Iterator[tuple[str, list[Any]]]:
    """The lists of entries of a file: its arrays of tables."""
    for key, value in table.items():
        if isinstance(value, list) and value and all(isinstance(one, Table) for one in value):
            yield key, value


def fill_sources(table: Table) -> None:
    """What an entry does not say about its source it takes from the list around it, else from the file's [source]."""
    source = table.get("source")
    if isinstance(source, Table):
        for _, entries in lists_of(table):
            for entry in entries:
                _fill(entry, source)


def _fill(entry: Table, source: Table) -> None:
    for key in INHERITED:
        if key not in entry and key in source and not (key == "until" and "since" in entry):
            entry.give(key, source[key], source.where[key])
    for key, inner in lists_of(entry):
        for one in inner:
            if key == "items" or "code" in one:
                _fill(one, entry)


def check_source(table: Table, sections: Collection[str], desk: Desk) -> None:
    """The [source] of a file holds what it may hold, and `only` names lists of this file."""
    source = table.get("source", Table({}, table.file, ()))
    if not isinstance(source, Table):
        said = Said(N_("{key} 须是一张表"), {"key": "source"})
        desk.fault(table.find(("source",)), "wrong_type", said, Said(N_("写成 [source]。")))
        return
    for key in source:
        if key not in IN_SOURCE:
            said = Said(N_("不认识的键 {key}"), {"key": key})
            desk.fault(source.find((key,)), "unknown_key", said, suggest(key, IN_SOURCE))
    only = source.get("only", [])
    for number, word in enumerate(only if isinstance(only, list) else [only]):
        if word not in sections:
            said = Said(N_("{key} 指向不存在的 {value}"), {"key": "only", "value": word})
            desk.fault(source.find(("only", number)), "dangling", said, suggest(str(word), sections))


def check_removals(table: Table, base: Table | None, desk: Desk) -> None:
    """`remove = true` must name something that the base has."""
    for key, entries in lists_of(table):
        theirs = base.get(key, []) if base is not None else []
        known = [one.get("code") for one in theirs if isinstance(one, Table)]
        for entry in entries:
            if entry.get("remove") is True and entry.get("code") not in known:
                code = str(entry.get("code", ""))
                said = Said(N_("要删去的 {value} 在 base 里没有"), {"value": code})
                desk.fault(entry.find(("code",)), "dangling", said, suggest(code, [str(one) for one in known]))


def lay_over(base: Table, own: Table) -> Table:
    """A file of a profile over the same file of its base, by the rules at the head of this module."""
    source = own.get("source")
    only = source.get("only", []) if isinstance(source, Table) else []
    merged = Table({}, own.file, ())
    for key in dict.fromkeys((*base, *own)):
        if key == "source":
            continue
        theirs, ours = base.get(key, []), own.get(key, [])
        if not _keyed(theirs) or not _keyed(ours):
            holder = own if key in own else base
            merged.give(key, holder[key], holder.where[key])
            continue
        holder = own if key in own else base
        merged.give(key, _lay_entries([] if key in only else theirs, ours), holder.where[key])
    return merged


def _keyed(value: Any) -> bool:
    """A list of entries with codes; one entry may have forgotten its code, which the type check will say."""
    return (
        isinstance(value, list)
        and all(isinstance(one, Table) for one in value)
        and (not value or any("code" in one for one in value))
    )


def _code(entry: Table) -> str:
    return str(entry.get("code", ""))


def _lay_entries(theirs: list[Table], ours: list[Table]) -> list[Table]:
    mine: dict[str, list[Table]] = {}
    for entry in ours:
        mine.setdefault(_code(entry), []).append(entry)
    laid: list[Table] = []
    placed: set[str] = set()
    for entry in theirs:
        code = _code(entry)
        if not code or code not in mine:
            laid.append(entry)
        elif code not in placed:
            placed.add(code)
            latest = max((one for one in theirs if _code(one) == code), key=lambda one: str(one.get("since", "")))
            laid += [_lay_entry(latest, one) for one in mine[code] if one.get("remove") is not True]
    return laid + [one for one in ours if _code(one) not in placed and one.get("remove") is not True]


def _lay_entry(base: Table, own: Table) -> Table:
    merged = Table({}, own.file, own.path)
    for key in dict.fromkeys((*base, *own)):
        if "code" in own and key not in own and key in SOURCE_KEYS:
            continue
        holder = own if key in own else base
        value, where = holder[key], holder.where[key]
        if key in own and key in base:
            if _keyed(own[key]) and _keyed(base[key]):
                value = _lay_entries(base[key], own[key])
            elif isinstance(own[key], Table) and isinstance(base[key], Table):
                value = _lay_entry(base[key], own[key])
        merged.give(key, value, where)
    return merged
