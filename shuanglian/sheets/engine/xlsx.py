"""What an xlsx says about itself: its sheets in order, hidden ones, and number formats that fill up with zeros."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .archive import Archive, broken
from .limits import Limits

_ZEROS = re.compile(r'^"?(0{2,20})"?(?:_.)?(?:;.*)?$')
_COUNT = re.compile(rb'(?:unique)?[cC]ount="(\d+)"')


@dataclass(frozen=True)
class SheetPart:
    """A worksheet's name as people see it, where its XML lies, whether it is hidden."""

    name: str
    part: str
    hidden: bool


def sheet_parts(book: Archive) -> list[SheetPart]:
    """The worksheets in the order of their tabs."""
    root = book_part(book)
    tree = _tree(book, root)
    folder = root.rpartition("/")[0]
    targets = _targets(book, folder, root)
    out = []
    for sheet in (node for node in tree.iter() if _local(node) == "sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        part = targets.get(key, "")
        if part in book.parts:
            out.append(SheetPart(sheet.get("name", ""), part, sheet.get("state", "visible") != "visible"))
    return out


def book_part(book: Archive) -> str:
    """Where workbook.xml lies; Refusal when there is none."""
    for name in ("xl/workbook.xml", *sorted(book.parts)):
        if name in book.parts and re.fullmatch(r"(?:.*/)?workbook\d*\.xml", name):
            return name
    raise broken(book.filename)


def padded_styles(book: Archive) -> dict[int, int]:
    """Cell style → digits, for number formats such as 00000 that show 123 as 00123."""
    name = next((part for part in book.parts if part.endswith("styles.xml")), None)
    if name is None:
        return {}
    tree = _tree(book, name)
    formats = {
        node.get("numFmtId", ""): len(match[1])
        for node in tree.iter()
        if _local(node) == "numFmt" and (match := _ZEROS.match(node.get("formatCode", "")))
    }
    cells: Iterable[Element] = next((node for node in tree.iter() if _local(node) == "cellXfs"), ())
    return {at: formats[xf.get("numFmtId", "")] for at, xf in enumerate(cells) if xf.get("numFmtId", "") in formats}


def check_shared_strings(book: Archive, limits: Limits) -> None:
    """Count the shared texts, and do not believe the number at the top: readers reserve memory by it."""
    name = next((part for part in book.parts if part.lower().endswith("sharedstrings.xml")), None)
    if name is None:
        return
    counted, claimed, rest = 0, 0, b""
    for piece in book.stream(name):
        if not counted and not claimed:
            claimed = max(map(int, _COUNT.findall(piece[:4096])), default=0)
        piece = rest + piece
        counted += piece.count(b"<si>") + piece.count(b"<si ") + piece.count(b":si>")
        rest = piece[-3:]
    if counted > limits.shared_strings or claimed > limits.shared_strings:
        raise Refusal(
            "too_many_texts",
            N_("文件“{filename}”的文字超过 {limit} 处，拒绝读取。请分成几个文件上传。"),
            filename=book.filename, limit=limits.shared_strings,
        )  # fmt: skip


def _targets(book: Archive, folder: str, root: str) -> dict[str, str]:
    rels = f"{folder}/_rels/{root.rpartition('/')[2]}.rels".lstrip("/")
    if rels not in book.parts:
        raise broken(book.filename)
    out = {}
    for node in _tree(book, rels):
        target = node.get("Target", "")
        # What lies outside is never followed; charts, macros and dialogs are no worksheets.
        if node.get("TargetMode") != "External" and node.get("Type", "").endswith("/worksheet"):
            out[node.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
    return out


def _tree(book: Archive, name: str) -> Element:
    try:
        return fromstring(book.read(name), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise broken(book.filename) from error


def _local(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def too_many_sheets(filename: str, count: int, limit: int) -> Refusal:
    """More tabs than a roster has."""
    return Refusal(
        "too_many_sheets",
        N_("文件“{filename}”有 {count} 张工作表，超过 {limit} 张。请只保留名册所在的工作表后上传。"),
        filename=filename, count=count, limit=limit,
    )  # fmt: skip
