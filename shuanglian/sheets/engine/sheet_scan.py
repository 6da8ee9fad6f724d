"""One look at a worksheet's XML before a fast reader gets it: how far it reaches, and the cells that need a word.

The fast reader lays a sheet out as a full rectangle and drops what it cannot show, so this finds out beforehand how
large the rectangle is (two far corners would need terabytes), and which cells are formulas, errors, numbers too long
for a spreadsheet, or numbers shown with leading zeros. Sheets written in the usual style are scanned by patterns;
anything unusual is parsed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from .letters import letter, number, split_range, split_ref

_ROWS = re.compile(rb'<row r="(\d+)"')
# Three patterns, not one: each begins with a literal that the engine can jump to.
_ODD = (re.compile(rb'<c(?! r="[A-Z]|ol)'), re.compile(rb'<row(?! r="\d)'), re.compile(rb":(?:c|row)[\s/>]"))
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"[^<>]{0,200}><f[ />]')
_ERROR = re.compile(
    rb'<c r="([A-Z]+\d+)"[^<>]{0,200} t="e"[^<>]{0,200}>'
    rb"(?:<f[^<>]{0,8192}(?:/>|>[^<>]{0,8192}</f>))?<v>([^<>]{0,20})</v>"
)
_ANY_FORMULA, _ANY_ERROR = re.compile(rb"<f[ />]"), re.compile(rb't="e"')  # quicker than `in`
_LONG = re.compile(rb"<v>(\d{16,}(?:\.\d*)?|\d(?:\.\d+)?[Ee]\+?(?:1[5-9]|[2-9]\d))</v>")
_CELL = re.compile(rb'<c r="([A-Z]+\d+)"([^<>]*)>')
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]+\d+:[A-Z]+\d+)"')
_FULL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?:[^<>]*[^/<>])?>')
# Growing tests for how far right a sheet reaches: past AZ, past ED, past everything.
_PAST = ((52, re.compile(rb'<c r="(?:[A-Z]{3}|[B-Z][A-Z]\d)')), (130, re.compile(rb'<c r="(?:[A-Z]{3}|[E-Z][A-Z]\d)')))
WIDEST = 16_384
MERGES = 1_000_000


class Odd(Exception):
    """The sheet is not written in the usual style; it has to be parsed."""


@dataclass
class SheetScan:
    """What was seen. `rows` and `columns` reach at least as far as the last cell with content."""

    rows: int = 0
    columns: int = 0
    formulas: int = 0
    first_formula: str = ""
    errors: dict[str, str] = field(default_factory=dict)  # cell → #REF!
    long_numbers: dict[str, str] = field(default_factory=dict)  # cell → 6.21121199001011E+17
    padded: dict[str, str] = field(default_factory=dict)  # cell → 00123
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def scan(pieces: Iterable[bytes], padded_styles: dict[int, int], measure: bool = True) -> SheetScan:
    """Pattern scan; `padded_styles` maps a cell style to the digits its number format fills up with zeros.

    Without `measure` rows and columns stay unknown (0), which is quicker.

    Raises Odd when the sheet must go through `parse` instead.
    """
    found = SheetScan()
    bounds = list(_PAST)
    padding = _padding(padded_styles)
    found.columns = bounds[0][0] if measure else 0
    for piece in _whole_cells(pieces):
        if any(odd.search(piece) for odd in _ODD):
            raise Odd
        if measure:
            found.rows = max(found.rows, max(map(int, _ROWS.findall(piece)), default=0))
            if _beyond(found.rows).search(piece):
                raise Odd  # a cell that claims another row than the one it stands in
            while bounds and bounds[0][1].search(piece):
                bounds.pop(0)
                found.columns = bounds[0][0] if bounds else WIDEST
        _collect(piece, found)
        if padding:
            for match in padding.finditer(piece):
                found.padded[match[1].decode()] = match[3].decode().zfill(padded_styles[int(match[2])])
    return found


def extent(pieces: Iterable[bytes], limit: int) -> tuple[int, int]:
    """(last row, last column) that really hold something, for sheets in the usual style; stops after `limit` cells."""
    rows, columns, cells = 0, b"A", 0
    for piece in _whole_cells(pieces):
        for match in _FULL.finditer(piece):
            cells += 1
            rows = max(rows, int(match[2]))
            if (len(match[1]), match[1]) > (len(columns), columns):
                columns = match[1]
        if cells > limit:
            break
    return rows, number(columns.decode())


def parse(pieces: Iterable[bytes], padded_styles: dict[int, int], limit: int) -> SheetScan:
    """The same by a real parser, for any spelling of the XML; stops after `limit` cells. Raises expat.ExpatError."""
    reader = _Reader(padded_styles, limit)
    for piece in pieces:
        reader.feed(piece)
        if reader.cells > limit:
            break
    return reader.found


def shown_long(text: str) -> str:
    """A number beyond 15 digits as a spreadsheet holds it: what is left, with its exponent."""
    value = float(text)
    return f"{value:.14E}".replace("E+0", "E+")


def _whole_cells(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces cut anew so that no cell and no tag is split."""
    rest = b""
    for piece in pieces:
        piece = rest + piece
        cut = max(piece.rfind(b"<c "), piece.rfind(b"<row"), piece.rfind(b"<mergeCell "))
        if cut <= 0 or len(piece) - cut > 2**20:
            cut = len(piece)
        rest = piece[cut:]
        yield piece[:cut]
    if rest:
        yield rest


def _beyond(row: int) -> re.Pattern[bytes]:
    """Finds cells whose reference lies below a row: numbers greater than it, spelled out digit by digit."""
    digits = str(row)
    greater = [
        f"{digits[:at]}[{int(digit) + 1}-9][0-9]{{{len(digits) - at - 1}}}"
        for at, digit in enumerate(digits)
        if digit != "9"
    ]
    longer = f"[0-9]{{{len(digits) + 1},}}"
    return re.compile(f'<c r="[A-Z]+(?:{"|".join([longer, *greater])})"'.encode())


def _padding(styles: dict[int, int]) -> re.Pattern[bytes] | None:
    if not styles:
        return None
    numbers = "|".join(map(str, sorted(styles))).encode()
    return re.compile(rb'<c r="([A-Z]+\d+)" s="(' + numbers + rb')"(?: t="n")?><v>(\d{1,15})</v>')


def _collect(piece: bytes, found: SheetScan) -> None:
    if _ANY_FORMULA.search(piece):
        for match in _FORMULA.finditer(piece):
            found.formulas += 1
            found.first_formula = found.first_formula or match[1].decode()
    if _ANY_ERROR.search(piece):
        for match in _ERROR.finditer(piece):
            found.errors[match[1].decode()] = match[2].decode("utf-8", "replace")
    for match in _LONG.finditer(piece):
        begin = piece.rfind(b"<c ", max(0, match.start() - 20_000), match.start())
        cell = _CELL.match(piece, begin) if begin >= 0 else None
        if cell and not re.search(rb't="(?:s|str|inlineStr|b|e|d)"', cell[2]):
            found.long_numbers[cell[1].decode()] = shown_long(match[1].decode())
    for match in _MERGE.finditer(piece):
        if len(found.merges) < MERGES and (area := split_range(match[1].decode())):
            found.merges.append(area)


class _Reader:
    """Expat handlers that keep the same notes as the pattern scan."""

    def __init__(self, padded_styles: dict[int, int], limit: int) -> None:
        self.found, self.styles, self.limit = SheetScan(), padded_styles, limit
        self.row = self.column = self.cells = 0
        self.kind = self.style = self.text = ""
        self.formula = self.reading = False
        self.engine = expat.ParserCreate()
        self.engine.buffer_text = True
        self.engine.StartElementHandler = self._start
        self.engine.EndElementHandler = self._end
        self.engine.CharacterDataHandler = self._data

    def feed(self, piece: bytes) -> None:
        self.engine.Parse(piece, False)

    def _start(self, tag: str, attrs: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            given = attrs.get("r", "")
            self.row, self.column = (int(given) if given.isdecimal() else self.row + 1), 0
        elif tag == "c":
            place = split_ref(attrs.get("r", "").upper())
            self.row, self.column = (place[1], number(place[0])) if place else (self.row, self.column + 1)
            self.kind, self.style, self.text, self.formula = attrs.get("t", ""), attrs.get("s", ""), "", False
        elif tag == "f":
            self.formula = True
        elif tag in ("v", "t"):
            self.reading = True
        elif tag == "mergeCell" and len(self.found.merges) < MERGES and (area := split_range(attrs.get("ref", ""))):
            self.found.merges.append(area)

    def _data(self, text: str) -> None:
        if self.reading and len(self.text) < 100:
            self.text += text

    def _end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in ("v", "t"):
            self.reading = False
        elif tag == "c" and (self.text or self.formula):
            self._note()

    def _note(self) -> None:
        found, self.cells = self.found, self.cells + 1
        found.rows, found.columns = max(found.rows, self.row), max(found.columns, self.column)
        ref = f"{letter(self.column)}{self.row}"
        if self.formula:
            found.formulas += 1
            found.first_formula = found.first_formula or ref
        if self.kind == "e":
            found.errors[ref] = self.text[:20]
        elif self.kind in ("", "n") and _LONG.fullmatch(f"<v>{self.text}</v>".encode()):
            found.long_numbers[ref] = shown_long(self.text)
        elif self.kind in ("", "n") and self.style.isdecimal() and self.text.isdecimal() and len(self.text) <= 15:
            found.padded[ref] = self.text.zfill(self.styles.get(int(self.style), 0))
