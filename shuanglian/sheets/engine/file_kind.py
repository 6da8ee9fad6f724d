"""What a file really is, by its first bytes, against what its name says."""

import zipfile
from io import BytesIO
from pathlib import PurePath

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .archive import broken, locked

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS = {
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xltx": "xlsx", ".xls": "xls", ".et": "xls", ".xlt": "xls", ".ods": "ods",
    ".csv": "csv", ".tsv": "csv", ".txt": "csv",
}  # fmt: skip
_NAMES = {"xlsx": "xlsx", "xls": "xls", "ods": "ods", "csv": "csv", "html": "html", "xml": "xml 2003"}
_MAGIC = {
    b"%PDF": "PDF", b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip", b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG", b"GIF8": "GIF", b"{\\rtf": "RTF",
}  # fmt: skip


def file_kind(data: bytes, filename: str) -> str:
    """xlsx, xls, ods or csv; Refusal for anything else and when name and content disagree."""
    if not data.strip(b"\0 \r\n\t"):
        raise Refusal("file_empty", N_("文件“{filename}”是空的。请检查是否选错了文件。"), filename=filename)
    found = _by_content(data, filename)
    ending = PurePath(filename).suffix.lower()
    named = _ENDINGS.get(ending)
    if ending and named is None:
        raise _unsupported(filename, ending)
    if found in ("html", "xml"):
        raise Refusal(
            "web_page_inside",
            N_(
                "文件“{filename}”其实是网页（{kind}）格式，只是改了扩展名，许多系统导出的“xls”都是这样。"
                "请用表格软件打开它，另存为“Excel 工作簿（.xlsx）”后再上传。"
            ),
            filename=filename, kind=_NAMES[found],
        )  # fmt: skip
    if named is not None and named != found:
        raise Refusal(
            "wrong_ending",
            N_(
                "文件“{filename}”的扩展名是 {ending}，内容却是 {kind} 格式。"
                "请把扩展名改为 .{kind}，或用表格软件打开后另存为 xlsx 再上传。"
            ),
            filename=filename, ending=ending, kind=_NAMES[found],
        )  # fmt: skip
    return found


def _by_content(data: bytes, filename: str) -> str:
    if data[:2] == b"PK":
        return _in_zip(data, filename)
    if data.startswith(_OLE):
        return _in_ole(data, filename)
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            raise _unsupported(filename, name)
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = data[2:8192].replace(b"\0", b"").lstrip().lower()
    if head.startswith(b"<?xml") and (
        b"excel.sheet" in head or b"urn:schemas-microsoft-com:office:spreadsheet" in head
    ):
        return "xml"
    marks = (b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"<style", b"<?xml", b"<!--", b"mime-version")
    if head.startswith(marks) or b"<html" in head[:1024]:
        return "html"
    return "csv"


def _in_zip(data: bytes, filename: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as book:
            names = set(book.namelist())
            if "mimetype" in names and book.getinfo("mimetype").file_size < 200:
                kind = book.read("mimetype")
                if b"spreadsheet" not in kind:
                    raise _unsupported(filename, kind.decode("ascii", "replace").rpartition(".")[2])
                return _plain_ods(book, names, filename)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise broken(filename) from error
    if any(name.endswith("workbook.bin") for name in names):
        raise _unsupported(filename, "xlsb")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise _unsupported(filename, "docx/pptx")
    if "xl/workbook.xml" in names or "[Content_Types].xml" in names:
        return "xlsx"
    raise _unsupported(filename, "zip")


def _plain_ods(book: zipfile.ZipFile, names: set[str], filename: str) -> str:
    listed = "META-INF/manifest.xml"
    if listed in names and book.getinfo(listed).file_size < 2**20 and b"encryption-data" in book.read(listed):
        raise locked(filename)
    return "ods"


def _in_ole(data: bytes, filename: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise locked(filename)
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return "xls"
    raise _unsupported(filename, "doc/ppt")


def _unsupported(filename: str, kind: str) -> Refusal:
    return Refusal(
        "unsupported_file",
        N_("不支持文件“{filename}”的格式（{kind}）。可上传 xlsx、xls、ods、csv；其他格式请先用表格软件另存为 xlsx。"),
        filename=filename, kind=kind,
    )  # fmt: skip
