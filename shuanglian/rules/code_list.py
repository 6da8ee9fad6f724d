"""Code lists of the register (REG-7): a code, a label in two languages, and the other spellings met in rosters."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from .profile_shapes import CodeItem, Label, Named

Entry = CodeItem | Named

# Blanks, brackets, quotation marks and ticks say nothing in a label: 乡（镇）内, 乡(镇)内 and 乡镇内 are one.
_SILENT = re.compile(r"[\s()\[\]{}<>〔〕【】〈〉《》「」『』\"'“”‘’·•、,，;；:：。.\-—_/\\|√☑✓□\u200b\ufeff]+")
_ZEROS = re.compile(r"0+(?=[0-9])")
_CODE_AND_LABEL = re.compile(r"([0-9]+)([^0-9].*)")
_WHOLE = re.compile(r"([0-9]+)\.0+")


def plain(text: str) -> str:
    """One spelling for comparison: half width, no blanks, brackets or marks, lower case."""
    half = unicodedata.normalize("NFKC", text).strip()
    if number := _WHOLE.fullmatch(half):  # a spreadsheet's 3.0 is the code 3
        half = number[1]
    if not any(letter.isalpha() for letter in half):  # 3.5 is not the code 35
        return "".join(half.split())
    return _SILENT.sub("", half).casefold()


class CodeList:
    """One list of codes as it stands on a day (or, before `on`, over all days). Read only.

    `by_code` maps a code to its item; `label(code, lang)` names it; `find(text)` gives the code that a cell means;
    `means_nothing(text)` is true of a cell that says that there is no answer, such as 非在校生 or a dash.
    """

    __slots__ = ("_nothing", "_spellings", "by_code", "code", "entries", "field", "label_of_list", "multiple")

    def __init__(
        self,
        code: str,
        label: Label,
        items: Iterable[Entry],
        field: str = "",
        multiple: bool = False,
        nothing: Iterable[str] = (),
    ) -> None:
        self.code, self.field, self.multiple = code, field, multiple
        self.label_of_list = label
        self._nothing = frozenset(nothing)
        self.entries = tuple(items)
        latest: dict[str, Entry] = {}
        for item in sorted(self.entries, key=lambda item: item.since):
            latest[item.code] = item
        order = dict.fromkeys(item.code for item in self.entries)
        self.by_code: Mapping[str, Entry] = MappingProxyType({code: latest[code] for code in order})
        self._spellings = self._index()

    def _index(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for says in (_codes, _labels, _others):  # a code beats a label, a label beats another spelling
            for item in self.by_code.values():
                for text in says(item):
                    found.setdefault(text, item.code)
        return found

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.by_code.values())

    def __len__(self) -> int:
        return len(self.by_code)

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def __repr__(self) -> str:
        return f"<CodeList {self.code}: {len(self)} codes>"

    def title(self, lang: str = "zh") -> str:
        """The name of the list itself."""
        return self.label_of_list.in_(lang)

    def label(self, code: str | None, lang: str = "zh") -> str:
        """The label of a code; a code that is not in the list is shown as it is, nothing as nothing."""
        item = self.by_code.get(code or "")
        return item.label.in_(lang) if item else (code or "")

    def choices(self, lang: str = "zh") -> list[tuple[str, str]]:
        """(code, label) in the order of the list."""
        return [(item.code, item.label.in_(lang)) for item in self]

    def find(self, text: Any) -> str | None:
        """The code that a cell means by number, label or other spelling; None when it means none of them."""
        if text is None or isinstance(text, bool):
            return None
        cell = plain(str(text))
        if not cell:
            return None
        if code := self._spellings.get(_ZEROS.sub("", cell) if cell.isdecimal() else cell):
            return code
        both = _CODE_AND_LABEL.fullmatch(cell)  # 01一般贫困户, as drop-downs write it
        if both and (code := self._spellings.get(both[2])) and self.find(both[1]) == code:
            return code
        return None

    def means_nothing(self, text: Any) -> bool:
        """Whether a cell is empty, holds only dashes or strokes, or says in words that there is no answer."""
        cell = plain(str(text if text is not None else ""))
        return not cell.strip("-—–－/\\") or (
            cell in {plain(word) for word in self._nothing} and self.find(text) is None
        )

    def find_all(self, text: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """A cell with several choices, `长期慢性病、残疾` → (codes found, pieces not understood)."""
        whole = self.find(text)
        if whole is not None:
            return (whole,), ()
        pieces = [p for p in re.split(r"[\s,，、;；/|+和及与]+", str(text or "").strip()) if p]
        codes = {piece: self.find(piece) for piece in pieces}
        return (
            tuple(dict.fromkeys(code for code in codes.values() if code is not None)),
            tuple(piece for piece, code in codes.items() if code is None),
        )

    def on(self, day: date) -> "CodeList":
        """The list with the codes that are in force on a day."""
        items = [item for item in self.entries if item.stands_on(day)]
        return CodeList(self.code, self.label_of_list, items, self.field, self.multiple, self._nothing)


def _codes(item: Entry) -> Iterator[str]:
    yield plain(item.code)
    yield _ZEROS.sub("", plain(item.code))


def _labels(item: Entry) -> Iterator[str]:
    yield from (plain(text) for text in (item.label.zh, item.label.en) if plain(text))


def _others(item: Entry) -> Iterator[str]:
    yield from (plain(text) for text in item.spellings if plain(text))
