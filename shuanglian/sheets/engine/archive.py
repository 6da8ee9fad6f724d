"""The zip around xlsx and ods, opened with suspicion: sizes counted while unpacking, no DTD, no odd paths.

Other readers trust what a zip says about itself, so everything they will unpack is unpacked and counted here first,
piece by piece and thrown away.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .limits import Limits

PIECE = 8 * 2**20
_SLICE = 2**20
_XML = (".xml", ".rels", ".vml")
_FOREIGN = re.compile(rb"encoding\s*=\s*[\"'](?!utf-?8[\"']|us-ascii[\"'])", re.IGNORECASE)


def broken(filename: str) -> Refusal:
    """The file ends early or its parts do not fit together."""
    return Refusal(
        "file_broken",
        N_("文件“{filename}”已损坏或不完整，打不开。请在表格软件中打开原文件、另存一份后重新上传。"),
        filename=filename,
    )


def too_big(filename: str, limit: int) -> Refusal:
    """More comes out of the file than may."""
    return Refusal(
        "unpacked_too_big",
        N_("文件“{filename}”解压后超过 {megabytes} MB，拒绝读取。请删去多余的工作表、图片和空行，或分成几个文件上传。"),
        filename=filename,
        megabytes=limit // 2**20,
    )


class Archive:
    """A zip held in memory. `stream` gives the pieces of a part; every part handed out has passed the checks."""

    def __init__(self, data: bytes, filename: str, limits: Limits) -> None:
        self.data, self.filename, self.limits = data, filename, limits
        try:
            with zipfile.ZipFile(BytesIO(data)) as book:
                infos = book.infolist()
        except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, NotImplementedError) as error:
            raise broken(filename) from error
        self._check_directory(infos)
        self.parts = {info.filename: info for info in infos if not info.is_dir()}

    def _check_directory(self, infos: list[zipfile.ZipInfo]) -> None:
        limits = self.limits
        if len(infos) > limits.parts:
            raise Refusal(
                "too_many_parts",
                N_("文件“{filename}”里有 {count} 个部件，超过 {limit} 个，不像是名册。请另存为新的 xlsx 文件后上传。"),
                filename=self.filename, count=len(infos), limit=limits.parts,
            )  # fmt: skip
        for info in infos:
            self._check_entry(info)
        if len({info.filename.lower() for info in infos}) != len(infos):
            raise broken(self.filename)
        total = sum(info.file_size for info in infos)
        if total > limits.unpacked or (total > limits.ratio_from and total > limits.ratio * len(self.data)):
            raise too_big(self.filename, limits.unpacked)
        spans = sorted((info.header_offset, info.header_offset + 30 + info.compress_size) for info in infos)
        if any(end > begin for (_, end), (begin, _) in pairwise(spans)):
            raise broken(self.filename)  # entries that share bytes are a bomb

    def _check_entry(self, info: zipfile.ZipInfo) -> None:
        name = info.orig_filename
        if name.startswith(("/", "\\")) or "\0" in name or ":" in name or ".." in re.split(r"[/\\]", name):
            raise Refusal(
                "unsafe_path",
                N_("文件“{filename}”里有指向文件之外的路径，拒绝读取。请在表格软件中另存为新的文件后上传。"),
                filename=self.filename,
            )
        if info.flag_bits & 0x1:
            raise locked(self.filename)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise broken(self.filename)

    def stream(self, name: str, limit: int | None = None) -> Iterator[bytes]:
        """The unpacked bytes of a part in pieces; Refusal when it is longer than it says."""
        info = self.parts[name]
        limit = self.limits.unpacked if limit is None else limit
        head = self.data[info.header_offset : info.header_offset + 30]
        if len(head) < 30 or info.file_size > limit:
            raise too_big(self.filename, limit) if len(head) == 30 else broken(self.filename)
        begin = info.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        packed = self.data[begin : begin + info.compress_size]
        pieces = iter([packed]) if info.compress_type == zipfile.ZIP_STORED else self._inflated(packed)
        total, first = 0, True
        for piece in pieces:
            total += len(piece)
            if total > info.file_size:
                raise too_big(self.filename, limit)
            if first and name.lower().endswith(_XML):
                check_prolog(piece, self.filename)
            first = False
            yield piece
        if total != info.file_size:
            raise broken(self.filename)

    def _inflated(self, packed: bytes) -> Iterator[bytes]:
        """Deflated bytes in pieces of at most PIECE; what is still packed is fed in slices, never copied whole."""
        engine = zlib.decompressobj(-15)
        try:
            for at in range(0, len(packed), _SLICE):
                rest = packed[at : at + _SLICE]
                while rest and not engine.eof:
                    if piece := engine.decompress(rest, PIECE):
                        yield piece
                    rest = engine.unconsumed_tail
        except zlib.error as error:
            raise broken(self.filename) from error
        if not engine.eof:
            raise broken(self.filename)

    def read(self, name: str) -> bytes:
        """A small part as a whole."""
        return b"".join(self.stream(name, self.limits.part_size))

    def check_part(self, name: str) -> None:
        """Unpack and count a part that others will read, keep nothing."""
        for _ in self.stream(name):
            pass

    def xml_parts(self) -> list[str]:
        """The parts a reader may parse."""
        return [name for name in self.parts if name.lower().endswith(_XML)]


def locked(filename: str) -> Refusal:
    """Behind a password."""
    return Refusal(
        "file_locked",
        N_("文件“{filename}”设有打开密码。请在表格软件中打开，取消密码（文件 → 信息 → 保护工作簿）后另存再上传。"),
        filename=filename,
    )


def check_prolog(head: bytes, filename: str) -> None:
    """Nothing but comments and instructions before the root element, in UTF-8: no DTD, hence no entities."""
    head = head[:65536]
    at = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    while True:
        while head[at : at + 1].isspace():
            at += 1
        if head.startswith(b"<?", at):
            end = head.find(b"?>", at)
            if _FOREIGN.search(head[at:end]):
                raise broken(filename)
            at = end + 2
        elif head.startswith(b"<!--", at):
            end = head.find(b"-->", at + 4)
            at = end + 3
        elif head.startswith(b"<!", at):
            raise Refusal(
                "xml_entities",
                N_("文件“{filename}”里含有实体定义（DTD），可能有害，拒绝读取。请在表格软件中另存为新的文件后上传。"),
                filename=filename,
            )
        elif head.startswith(b"<", at):
            return
        else:
            raise broken(filename)
        if end < 0:
            raise broken(filename)
