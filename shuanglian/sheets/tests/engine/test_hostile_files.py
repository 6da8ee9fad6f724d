"""Broken and hostile files: refused with a sentence that says why and what to do, never a crash, never much memory."""

import io
import resource
import struct
import zipfile
import zlib

import pytest

from shuanglian.kernel.refusal import Refusal
from shuanglian.sheets.engine.limits import Limits
from shuanglian.sheets.engine.workbook import read

from .makers import in_sheet, patched, xlsx
from .old_files import ODS_FOOT, ODS_HEAD, _ole, ods_bytes, ods_file, xls_bytes

GOOD = xlsx([["姓名", "电话"], ["李一", "13812345678"]])
CELL = '<table:table-cell office:value-type="string"{repeat}><text:p>z</text:p></table:table-cell>'


def refused(data, filename="a.xlsx", limits=None):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refusal) as caught:
        read(data, filename, limits)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 400_000, f"{grown // 1024} MiB"
    said = str(caught.value.said)
    assert "{" not in said and said.endswith(("。", "？")) and ("请" in said), said
    return caught.value.code


def test_what_is_not_a_workbook_at_all():
    assert refused(b"") == "file_empty"
    assert refused(b"\0" * 100) == "file_empty"
    assert refused(GOOD[:2000]) == "file_broken"
    assert refused(GOOD[:-30]) == "file_broken"
    assert refused(b"PK\x03\x04" + b"x" * 500) == "file_broken"
    assert refused(xls_bytes({"表": [["x"]]})[:3000], "a.xls") == "file_broken"
    assert refused(b"%PDF-1.7 ...", "a.pdf") == "unsupported_file"
    assert refused(b"\x89PNG\r\n", "a.xlsx") == "unsupported_file"
    assert refused(b"\x81\x00\xff\xff\xfe\x01\x9f" * 9, "a.csv") == "not_text"
    assert refused(xlsx([[]]), "a.xlsx") == "workbook_empty"
    assert refused(b"a,b", "a.doc") == "unsupported_file"


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"a,b\n1,2\n", "a.xlsx", "wrong_ending"), (b"a,b\n1,2\n", "a.xls", "wrong_ending"), (GOOD, "a.xls", "wrong_ending"),
        (GOOD, "a.csv", "wrong_ending"), (xls_bytes({"表": [["x"]]}), "a.xlsx", "wrong_ending"),
        (ods_bytes({"表": [["x"]]}), "a.xlsx", "wrong_ending"),
        (b"<html><body><table><tr><td>x</td></tr></table></body></html>", "a.xls", "web_page_inside"),
        (b"\xef\xbb\xbf<!DOCTYPE html><table/>", "a.xls", "web_page_inside"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "a.xls", "web_page_inside"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "a.xls", "web_page_inside"),
    ],
)  # fmt: skip
def test_a_name_that_disagrees_with_the_content_is_told_what_it_is(data, filename, code):
    assert refused(data, filename) == code


def test_files_behind_a_password():
    assert refused(_ole(b"x" * 100, "EncryptedPackage"), "a.xlsx") == "file_locked"
    locked = bytearray(GOOD)
    for at in _entries(GOOD):
        locked[at] |= 1
    assert refused(bytes(locked)) == "file_locked"


def _entries(data):
    """Where the flags of each entry stand in the zip's directory."""
    at, out = data.find(b"PK\x01\x02"), []
    while at >= 0:
        out.append(at + 8)
        at = data.find(b"PK\x01\x02", at + 4)
    return out


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\x.xml", "C:/x.xml"])
def test_paths_out_of_the_archive(name):
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as book:
        book.writestr(name, "x")
    assert refused(out.getvalue()) == "unsafe_path"


@pytest.mark.parametrize("part", ["sheet1.xml", "workbook.xml", "sharedStrings.xml", "styles.xml", ".rels"])
@pytest.mark.parametrize(
    "prolog",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>', b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b"<!-- <worksheet --><!DOCTYPE x>",
    ],
)  # fmt: skip
def test_entities_in_any_part(part, prolog):
    def put(name, body):
        if not name.endswith(part):
            return body
        head, mark, rest = body.partition(b"?>")
        return head + mark + prolog + rest if mark else prolog + body

    assert refused(patched(GOOD, put)) == "xml_entities"


def test_parts_in_another_encoding_are_not_trusted():
    data = patched(GOOD, lambda name, body: body.decode().encode("utf-16") if name.endswith("sheet1.xml") else body)
    assert refused(data) == "file_broken"


def test_a_bomb_is_not_unpacked():
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"x" * 300_000_000 + b"</t></is></c></row>"
    bomb = in_sheet(GOOD, rb"<sheetData>", b"<sheetData>" + cell)
    assert len(bomb) < 1_000_000
    assert refused(bomb) == "unpacked_too_big"


def test_a_bomb_that_lies_about_its_size():
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(b"x" * 50_000_000) + packed.flush()
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet9.xml", b"<worksheet/>" + b" " * 2000)
    data = bytearray(out.getvalue())
    at = data.rfind(b"xl/worksheets/sheet9.xml", 0, data.find(b"PK\x01\x02")) - 30
    old = struct.unpack("<I", data[at + 18 : at + 22])[0]
    begin = at + 30 + len("xl/worksheets/sheet9.xml")
    data[begin : begin + old] = body
    data[at + 18 : at + 22] = struct.pack("<I", len(body))
    directory = data.rfind(b"xl/worksheets/sheet9.xml") - 46
    data[directory + 20 : directory + 24] = struct.pack("<I", len(body))
    end = data.rfind(b"PK\x05\x06")
    data[end + 16 : end + 20] = struct.pack("<I", struct.unpack("<I", data[end + 16 : end + 20])[0] + len(body) - old)
    assert refused(bytes(data)) in ("unpacked_too_big", "file_broken")


def test_entries_that_share_their_bytes():
    data = bytearray(GOOD)
    first, second = _entries(GOOD)[:2]
    data[second + 34 : second + 38] = data[first + 34 : first + 38]
    assert refused(bytes(data)) == "file_broken"


@pytest.mark.parametrize("far", [b'<c r="XFD1048576"><v>1</v></c>', b'<c r="A1048576" t="s"><v>0</v></c>'])
def test_two_far_corners_are_not_laid_out(far):
    data = in_sheet(GOOD, rb"</sheetData>", b'<row r="1048576">' + far + b"</row></sheetData>")
    assert refused(data) == "too_many_cells"


def test_cells_that_claim_another_row_than_theirs():
    data = in_sheet(GOOD, rb"</sheetData>", b'<row r="3"><c r="XFD1048000"><v>1</v></c></row></sheetData>')
    assert refused(data) == "too_many_cells"


def test_a_huge_declared_sheet_with_few_cells_is_read():
    data = in_sheet(GOOD, rb"<dimension[^>]*>", b'<dimension ref="A1:XFD1048576"/>')
    data = in_sheet(data, rb"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert read(data, "a.xlsx")[0].cells.height == 2


def test_a_count_of_texts_that_would_reserve_a_terabyte():
    def lie(name, body):
        return (
            body.replace(b'uniqueCount="4"', b'uniqueCount="4294967295"')
            if name.endswith("sharedStrings.xml")
            else body
        )

    data = patched(GOOD, lie)
    assert data != GOOD
    assert refused(data) == "too_many_texts"


def test_too_many_parts():
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as book:
        for at in range(30):
            book.writestr(f"xl/media/{at}.bin", "x")
    assert refused(out.getvalue(), limits=Limits(parts=20)) == "too_many_parts"


def test_missing_and_dangling_parts():
    assert refused(patched(GOOD, lambda name, body: b"" if name.endswith("workbook.xml") else body)) == "file_broken"
    gone = patched(GOOD, lambda name, body: body.replace(b"<v>0</v>", b"<v>99</v>") if "sheet1" in name else body)
    assert refused(gone) == "file_broken"
    assert refused(in_sheet(GOOD, rb"</sheetData>", b"</sheet")) == "file_broken"


def test_links_out_of_the_workbook_are_not_followed():
    data = patched(
        GOOD,
        lambda name, body: body.replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"'
            b' Target="file:///etc/passwd" TargetMode="External"/></Relationships>',
        ) if name.endswith("workbook.xml.rels") else body,
    )  # fmt: skip
    assert read(data, "a.xlsx")[0].cells.height == 2


@pytest.mark.parametrize(
    "tail",
    [
        '<table:table-row table:number-rows-repeated="1000000">' + CELL.format(repeat=' table:number-columns-repeated="16384"')
        + "</table:table-row>",
        '<table:table-row table:number-rows-repeated="900000"><table:table-cell/></table:table-row><table:table-row>'
        + CELL.format(repeat="") + "</table:table-row>",
    ],
)  # fmt: skip
def test_repeated_cells_of_an_ods_are_counted_before_they_are_written_out(tail):
    assert refused(ods_bytes({"表": [["x"]]}, tail=tail), "a.ods") == "too_many_cells"


def test_the_empty_rows_at_the_end_of_every_ods_are_no_harm():
    tail = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>"
    )
    assert read(ods_bytes({"表": [["x", 1.0]]}, tail=tail), "a.ods")[0].cells.rows() == [(1, "x", "1")]


def test_the_empty_rows_at_the_end_of_one_sheet_do_not_count_against_the_next():
    empty = '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    tail = f'<table:table-row table:number-rows-repeated="1048574">{empty}<table:table-row>{empty}'
    found = read(ods_bytes({"封面": [["请勿外传"]], "贫困户": [["姓名"], ["王秀英"]]}, tail=tail), "a.ods")
    assert [(sheet.name, sheet.cells.height) for sheet in found] == [("封面", 1), ("贫困户", 2)]


def test_an_ods_with_entities_or_without_content():
    bad = ODS_HEAD.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>') + ODS_FOOT
    assert refused(ods_file(bad), "a.ods") == "xml_entities"
    assert refused(ods_file("not xml"), "a.ods") == "file_broken"


def test_a_file_that_takes_its_reader_down_takes_down_only_a_process():
    big = xls_bytes({"表": [["姓名"] * 30] * 8_000})
    assert refused(big, "a.xls", Limits(memory=20 * 2**20)) in ("unpacked_too_big", "file_broken")


def test_a_csv_with_a_quotation_that_never_ends():
    try:
        found = read(("姓名,电话\n" + '"' + "x,1\n" * 60_000).encode(), "a.csv")
    except Refusal as refusal:
        assert refusal.code == "csv_quotes"
    else:
        assert found[0].cells.height <= 2
