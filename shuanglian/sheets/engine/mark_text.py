"""Text on its way into a spreadsheet: never a formula, never markup, as wide as it looks, under a free sheet name."""

import re
import unicodedata
from collections.abc import Collection

LONGEST = 32_767  # characters a cell may hold
NAME = 31  # characters a sheet may be called
_FORMULA = re.compile(r"^[\s\u200b\ufeff'\"]*[=+\-@＝＋－＠\t\r|%]")
_NUMBER = re.compile(r"[+\-]?[0-9]+(?:\.[0-9]+)?%?")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_NAME = re.compile(r"[\[\]:*?/\\]")


def like_formula(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula: it begins with = + - @ (also full width), tab, return."""
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def harmless(text: str) -> str:
    """Text for a place that has no cell types (csv): what looks like a formula gets an apostrophe in front."""
    return f"'{text}" if like_formula(text) else text


def clean(text: str) -> str:
    """Text that a cell can hold. XlsxWriter takes <r>…</r> for ready markup and writes it out unescaped; a blank
    behind it stops that."""
    shown = _NOT_TEXT.sub("", text)[: LONGEST - 1]
    return f"{shown} " if shown.startswith("<r>") and shown.endswith("</r>") else shown


def width(text: str) -> int:
    """How wide a text is, in Latin characters: a Chinese one counts two; of several lines the widest."""
    return max((sum(_wide(one) for one in line) for line in text.split("\n")), default=0)


def _wide(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def lines(text: str, wide: int) -> int:
    """How many lines a text takes in a column so many Latin characters wide."""
    return sum(max(1, -(-width(line) // max(wide, 1))) for line in text.split("\n"))


def free_name(wanted: str, taken: Collection[str]) -> str:
    """A sheet name that none of those taken equals, whatever the case of its letters."""
    base = _NOT_NAME.sub(" ", clean(wanted)).strip(" '")[:NAME] or "Sheet"
    known = {name.lower() for name in taken}
    name, number = base, 1
    while name.lower() in known:
        number += 1
        name = f"{base[: NAME - len(str(number))]}{number}"
    return name


def link_to(sheet: str, cell: str) -> str:
    """Where a cell is, for a hyperlink inside the workbook."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"
