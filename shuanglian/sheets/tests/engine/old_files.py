"""Writers of the formats no library here can write: xls (BIFF8 in an OLE container) and ods. Small, for tests only."""

import struct
import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

Cell = str | float | int | None
Rows = Sequence[Sequence[Cell]]


def xls_bytes(sheets: dict[str, Rows]) -> bytes:
    """A workbook of the 1997-2003 format: text as LABEL records, numbers as NUMBER records."""
    book = _globals(sheets, [0] * len(sheets))
    bodies = [_sheet(rows) for rows in sheets.values()]
    offsets, at = [], len(book)
    for body in bodies:
        offsets.append(at)
        at += len(body)
    return _ole(_globals(sheets, offsets) + b"".join(bodies))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _globals(sheets: dict[str, Rows], offsets: list[int]) -> bytes:
    out = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    out += _record(0x0042, struct.pack("<H", 1200))
    for name, offset in zip(sheets, offsets, strict=True):
        text = name.encode("utf-16-le")
        out += _record(0x0085, struct.pack("<IHBB", offset, 0, len(name), 1) + text)
    return out + _record(0x000A, b"")


def _sheet(rows: Rows) -> bytes:
    width = max((len(row) for row in rows), default=0)
    out = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))]
    out.append(_record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, str):
                text = cell.encode("utf-16-le")
                out.append(_record(0x0204, struct.pack("<HHHHB", r, c, 0, len(cell), 1) + text))
            elif cell is not None:
                out.append(_record(0x0203, struct.pack("<HHHd", r, c, 0, float(cell))))
    return b"".join([*out, _record(0x000A, b"")])


def _ole(stream: bytes, name: str = "Workbook") -> bytes:
    """One stream in a compound file: 512-byte sectors, FAT first, then the directory, then the stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    data_sectors = len(stream) // 512
    fat_sectors = -(-(data_sectors + 1) // 127)
    chain = [0xFFFFFFFD] * fat_sectors + [0xFFFFFFFE]
    first = fat_sectors + 1
    chain += [first + i + 1 for i in range(data_sectors - 1)] + [0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (fat_sectors * 128 - len(chain))
    difat = list(range(fat_sectors)) + [0xFFFFFFFF] * (109 - fat_sectors)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, fat_sectors, fat_sectors, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", *difat)
    directory = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(name, 2, -1, first, len(stream))
    directory += _entry("", 0, -1, 0, 0) * 2
    return header + struct.pack(f"<{len(chain)}I", *chain) + directory + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    out = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    out += struct.pack("<iii", -1, -1, child) + b"\0" * 36
    return out + struct.pack("<IQ", start, size)


ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
ODS_FOOT = "</office:spreadsheet></office:body></office:document-content>"


def ods_bytes(sheets: dict[str, Rows], tail: str = "") -> bytes:
    """An OpenDocument spreadsheet; `tail` is put behind the rows of each table (repeats, for hostile files)."""
    out = ODS_HEAD
    for name, rows in sheets.items():
        out += f'<table:table table:name="{escape(name)}">' + "".join(map(_ods_row, rows)) + tail + "</table:table>"
    return ods_file(out + ODS_FOOT)


def ods_file(content: str) -> bytes:
    """The container around a content.xml."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        book.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
            ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
            ' manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
        book.writestr("content.xml", content)
    return held.getvalue()


def _ods_row(row: Sequence[Cell]) -> str:
    return "<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    shown = f"<text:p>{cell}</text:p>"
    return f'<table:table-cell office:value-type="float" office:value="{cell}">{shown}</table:table-cell>'
