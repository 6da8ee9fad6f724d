"""Cells into regions: which column is what, what a code says by itself, and everything that is wrong with a table.

A table may be of any province and make: `code,name,level,parent_code,lon,lat,ur_code,flag`, or 区划代码 and 名称 and
nothing else. Level and parent follow from the code; codes of 2, 4, 6 or 9 digits are filled up to 12.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from shuanglian.kernel.words import N_, Said

from . import names
from .columns import FLAGS, LEVEL_OF, NO_PARENT, Source, sections_of
from .findings import Finding

_DAMAGED = re.compile(r"\d(?:\.\d*)?[eE]\+?\d+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]")
DIGITS = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}
LEVEL_WORDS = {1: N_("省级"), 2: N_("市（州）级"), 3: N_("县级"), 4: N_("乡级"), 5: N_("村级")}
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Region:
    """One good row. `parent` is "" for a root; None for what the table does not say (point, urban code, kind)."""

    code: str
    name: str
    level: int
    parent: str
    row: int = 0
    lon: float | None = None
    lat: float | None = None
    urban: str | None = None
    kind: str | None = None
    old: tuple[str, ...] = ()
    sheet: str = ""

    @property
    def prefix(self) -> str:
        return self.code[: DIGITS[self.level]]


@dataclass(frozen=True, slots=True)
class Successor:
    """An old code and where it went; `new` "" means abolished. `share` 0–1 of the old region's households."""

    old: str
    new: str
    share: Decimal | None = None
    row: int = 0


@dataclass
class Table:
    """What a file said: regions by code, every finding, and the successors named in the table itself."""

    regions: dict[str, Region] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    successors: list[Successor] = field(default_factory=list)
    rows: int = 0
    sheet: str = ""  # that is being read
    letters: Mapping[str, str] = field(default_factory=dict)

    def find(
        self, code: str, row: int, column: str = "code", value: str = "", sheet: str | None = None, **params: object
    ) -> None:
        """Add a finding at a cell."""
        place = self.sheet if sheet is None else sheet
        self.findings.append(Finding(code, row, self.letters.get(column, ""), value, place, params))


def read_table(source: Source, known: Iterable[str] = ()) -> Table:
    """The regions of a file (all its sheets that look like it) or of rows whose first is the header.

    `known` are the codes that stand already and may be parents.
    """
    table = Table()
    raw: dict[str, tuple[Region, str]] = {}
    for section in sections_of(source, ("code", "name")):
        table.sheet, table.letters = section.sheet, section.letters
        for number, values in section.lines():
            table.rows += 1
            _take_row(table, raw, number, values)
    if not table.rows:
        table.find("no_rows", 0)
    _hang_on_parents(table, raw, frozenset(known))
    _same_names(table)
    return table


def read_successors(source: Source) -> Table:
    """A list of old codes and where they went: columns old_code, new_code (empty: abolished), share if known."""
    table = Table()
    for section in sections_of(source, ("old", "code")):
        table.sheet, table.letters = section.sheet, section.letters
        for number, values in section.lines():
            table.rows += 1
            old = _code(table, number, values["old"], "old")
            new = _code(table, number, values["code"], "code") if values["code"] else ""
            share = _share(table, number, values.get("share", ""))
            if old is not None and new is not None:
                table.successors.append(Successor(old, new, share, number))
    return table


def whole_code(text: str) -> str:
    """A code of 2, 4, 6, 9 or 12 digits filled up to 12; "" when it is none of these."""
    digits = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")
    return digits.ljust(12, "0") if digits.isascii() and digits.isdigit() and len(digits) in DIGITS.values() else ""


def level_of(code: str) -> int:
    """The level that a 12-digit code has by its zeros."""
    return next(level for level, digits in DIGITS.items() if not code[digits:].strip("0"))


def ancestors_of(code: str) -> list[str]:
    """Codes that may stand above a code, the nearest first."""
    return [code[: DIGITS[level]].ljust(12, "0") for level in range(level_of(code) - 1, 0, -1)]


# --- one row --------------------------------------------------------------------------------------------------------


def _take_row(table: Table, raw: dict[str, tuple[Region, str]], row: int, values: dict[str, str]) -> None:
    code = _code(table, row, values["code"], "code")
    name = _name(table, row, values["name"])
    if code is None or name is None:
        return
    level = level_of(code)
    _level(table, row, values.get("level", ""), level, code)
    lon, lat = _point(table, row, values.get("lon", ""), values.get("lat", ""))
    olds = [_code(table, row, part, "old") for part in re.split(r"[;；,，、\s]+", values.get("old", "")) if part]
    region = Region(
        code, name, level, "", row, lon, lat, urban=_urban(table, row, values.get("urban")),
        kind=_kind(table, row, values.get("flag"), name, level),
        old=tuple(old for old in olds if old), sheet=table.sheet,
    )  # fmt: skip
    if code in raw:
        first = raw[code][0]
        same = replace(region, row=first.row, sheet=first.sheet) == first
        table.find("row_twice" if same else "code_twice", row, "code", code, first=first.row)
    else:  # kept even with another fault, so that one bad cell does not make orphans of everything below
        raw[code] = region, values.get("parent", "")


def _code(table: Table, row: int, text: str, column: str) -> str | None:
    digits = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lstrip("'").removesuffix(".0")
    if not digits:
        table.find("code_missing", row, column)
    elif _DAMAGED.fullmatch(digits):
        table.find("code_damaged", row, column, digits)
    elif not (digits.isascii() and digits.isdigit()):
        table.find("code_not_digits", row, column, digits[:40])
    elif len(digits) not in DIGITS.values():
        table.find("code_length", row, column, digits[:40], length=len(digits))
    elif digits[0] == "0" or digits[:2] == "10":
        table.find("code_no_province", row, column, digits)
    else:
        return digits.ljust(12, "0")
    return None


def _name(table: Table, row: int, text: str) -> str | None:
    name = unicodedata.normalize("NFC", text).strip()
    if not name:
        table.find("name_missing", row, "name")
    elif len(name) > LONGEST_NAME:
        table.find("name_long", row, "name", name[:40], limit=LONGEST_NAME)
    elif _CONTROL.search(name):
        table.find("name_unclean", row, "name", _CONTROL.sub("?", name))
    else:
        return name
    return None


def _level(table: Table, row: int, text: str, derived: int, code: str) -> None:
    if not text:
        return
    stated = LEVEL_OF.get(text.lower().removesuffix(".0"))
    if stated is None:
        table.find("level_unknown", row, "level", text[:40])
    elif stated != derived:
        said, means = Said(LEVEL_WORDS[stated]), Said(LEVEL_WORDS[derived])
        table.find("level_mismatch", row, "level", code, stated=said, derived=means)


def _point(table: Table, row: int, lon_text: str, lat_text: str) -> tuple[float | None, float | None]:
    if not lon_text and not lat_text:
        return None, None
    if not lon_text or not lat_text:
        table.find("point_half", row, "lat" if lon_text else "lon")
        return None, None
    shown = f"{lon_text[:20]}, {lat_text[:20]}"
    try:
        lon, lat = float(lon_text), float(lat_text)
    except ValueError:
        table.find("point_unreadable", row, "lon", shown)
        return None, None
    if lon == lat == 0:
        return None, None
    if 3 <= lon <= 54 and 73 <= lat <= 136:  # where China lies, with the columns exchanged
        table.find("point_swapped", row, "lon", shown)
    elif not (-180 <= lon <= 180 and -90 <= lat <= 90):
        table.find("point_outside", row, "lon", shown)
    return lon, lat


def _urban(table: Table, row: int, text: str | None) -> str | None:
    digits = (text or "").removesuffix(".0")
    if not digits:
        return None
    if not re.fullmatch(r"[0-9]{3}", digits):
        table.find("urban_unreadable", row, "urban", digits[:20])
        return None
    return digits


def _kind(table: Table, row: int, text: str | None, name: str, level: int) -> str | None:
    if text:
        if kind := FLAGS.get(text.lower()):
            return kind
        table.find("flag_unknown", row, "flag", text[:20])
        return "real"
    if level < 5 and names.plain(name) in names.NO_NAME:
        return "virtual"
    if level == 5 and "虚拟" in name:
        return "dummy"
    return None if text is None else "real"


def _share(table: Table, row: int, text: str) -> Decimal | None:
    if not text:
        return None
    try:
        share = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except InvalidOperation:
        share = Decimal(-1)
    if not share.is_finite() or not 0 <= share <= 1:
        table.find("successor_share", row, "share", text[:20])
        return None
    return share


# --- the rows together ----------------------------------------------------------------------------------------------


def _hang_on_parents(table: Table, raw: dict[str, tuple[Region, str]], known: frozenset[str]) -> None:
    """Give every row its parent: the nearest code above it that the table or the database has."""
    for code in sorted(raw):
        region, text = raw[code]
        row, sheet, above = region.row, region.sheet, ancestors_of(code)
        nearest = next((up for up in above if up in raw or up in known), "")
        stated = "" if text.lower().removesuffix(".0") in NO_PARENT else whole_code(text) or text[:40]
        if stated and stated not in above:
            table.find("parent_mismatch", row, "parent", stated, sheet, code_below=code)
        elif not nearest and region.level > 1:
            table.find("orphan", row, "code", code, sheet)
        elif stated and stated not in raw and stated not in known:
            name = raw[nearest][0].name if nearest in raw else nearest
            table.find("parent_missing", row, "parent", stated, sheet, parent=name)
        table.regions[code] = replace(region, parent=nearest)
        table.successors += [Successor(old, code, None, region.row) for old in region.old]


def _same_names(table: Table) -> None:
    seen: dict[tuple[str, str, str], Region] = {}
    for region in table.regions.values():
        first = seen.setdefault((region.parent, *names.split_name(region.name, region.level)), region)
        if first is not region:
            table.find("same_name", region.row, "name", region.name, region.sheet, first=first.row)
