"""On which line of a TOML text each key stands: tables, arrays of tables, dotted keys, inline tables, arrays.

The text is known to be valid (tomllib has read it), so the scanner only walks and never complains.
"""

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]

_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_QUOTES = {
    '"""': re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.S),
    "'''": re.compile(r"'''.*?'{3,5}", re.S),
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    "'": re.compile(r"'[^'\n]*'"),
}


class Scanner:
    """One walk over a text; afterwards `lines` maps a key path to its line, counted from 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {(): 1}
        self._lengths: dict[Path, int] = {}  # how many tables an array of tables has so far
        self._seen, self._line = 0, 1
        table: Path = ()
        while self._skip(_GAP):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _mark(self, path: Path) -> None:
        self._line += self.text.count("\n", self._seen, self.at)
        self._seen = self.at
        self.lines.setdefault(path, self._line)

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(_BLANK)
            if self.text[self.at] in "\"'":
                parts.append(tomllib.loads(f"k = {self._quoted()}")["k"])
            else:
                match = _BARE.match(self.text, self.at)
                assert match is not None
                parts.append(match[0])
                self.at = match.end()
            self._skip(_BLANK)
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def _quoted(self) -> str:
        for mark, pattern in _QUOTES.items():
            if self.text.startswith(mark, self.at):
                match = pattern.match(self.text, self.at)
                assert match is not None
                self.at = match.end()
                return match[0]
        raise AssertionError("not a quoted text")

    def _header(self) -> Path:
        start, array = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        parts = self._key()
        self.at += 2 if array else 1
        end, self.at = self.at, start
        path: Path = ()
        for part in parts[:-1]:
            path = self._inside((*path, part))
        path = (*path, parts[-1])
        if array:
            number = self._lengths.get(path, 0)
            self._lengths[path] = number + 1
            self._mark(path)
            path = (*path, number)
        self._mark(path)
        self.at = end
        return path

    def _inside(self, path: Path) -> Path:
        """A name in a header that stands for an array of tables means its last table."""
        self._mark(path)
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, table: Path) -> None:
        start = self.at
        parts = self._key()
        self.at += 1  # =
        end, self.at = self.at, start
        path = table
        for part in parts:
            path = (*path, part)
            self._mark(path)
        self.at = end
        self._skip(_BLANK)
        self._value(path)

    def _value(self, path: Path) -> None:
        first = self.text[self.at]
        if first in "\"'":
            self._quoted()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline(path)
        else:
            self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        self.at += 1
        number = 0
        while self._skip(_GAP) and self.text[self.at] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._mark((*path, number))
            self._value((*path, number))
            number += 1
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while self._skip(_GAP) and self.text[self.at] != "}":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._pair(path)
        self.at += 1


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a key path, or of the nearest table around it when the key itself is missing."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def end_of_text(text: str) -> int:
    """The number of the last line that says something."""
    return text.rstrip().count("\n") + 1
