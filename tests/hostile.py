"""Files that somebody sends who means no good, or whose phone does not: what they are called, hold, and are told."""

from __future__ import annotations

import io
import random
import zlib
from dataclasses import dataclass
from functools import cache

from PIL import ExifTags, Image

from shuanglian.attachments.reading import MOST_BYTES

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HTML = b"<html><script>fetch('/registry/')</script></html>"
PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
WEIRD = "../../..\\\u202egpj.etc/pass" + "wd" * 150 + ".jpg"  # a path, a mark that turns letters round, 300 letters


@dataclass(frozen=True)
class Hostile:
    """One file; `told`: a word that its sender reads in Chinese, `english`: in English."""

    name: str
    data: bytes
    told: str
    english: str


@cache
def photo(form: str = "JPEG", shade: int = 90) -> bytes:
    """A small photo as a phone makes it, its place in it."""
    made, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (35.0, 12.0, 36.0), 3: "E", 4: (105.0, 15.0, 0.0)})
    wild = random.Random(shade).randbytes(200 * 150)
    Image.frombytes("L", (200, 150), wild).convert("RGB").save(made, form, exif=exif)
    return made.getvalue()


@cache
def exploding() -> bytes:
    """A PNG of 30,000 × 30,000 pixels in a few bytes: it says how large it is before anything is unpacked."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    side = (30_000).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", side + side + b"\x08\x02\0\0\0") + chunk(b"IDAT", zlib.compress(b"\0"))


def odd_exif() -> bytes:
    """A good photo whose camera wrote rubbish about how it was held: a text where a number belongs."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Redmi"
    Image.new("RGB", (40, 30), "red").save(made, "JPEG", exif=exif)
    data = bytearray(made.getvalue())
    place = data.index(b"\x01\x12\x00\x03")  # orientation, a short
    data[place + 3] = 7  # of no kind
    make = data.index(b"\x01\x0f\x00\x02")  # make, a text
    data[make + 3] = 5  # a fraction
    return bytes(data)


def too_large() -> Hostile:
    return Hostile("large.jpg", b"\xff\xd8\xff" + b"\0" * MOST_BYTES, "太大", "too large")


def hostile(*, photos_only: bool) -> list[Hostile]:
    """What nobody may bring in; where scans are taken too, scans that are none."""
    no_photo = ("读不出", "cannot be read")
    found = [
        Hostile("空.jpg", b"", "文件是空的", "file is empty"),
        Hostile("cut.jpg", photo()[: len(photo()) * 2 // 3], "不完整", "not whole"),
        Hostile("setup.exe.jpg", b"MZ\x90\x00" + b"\0" * 200, *no_photo),
        Hostile("x.svg", SVG, *no_photo), Hostile("x.html", HTML, *no_photo),
        Hostile("x.jpg", HTML + photo(), *no_photo), Hostile("x.gif", b"GIF89a" + b"\0" * 30, *no_photo),
        Hostile("bomb.png", exploding(), "尺寸太大", "too many pixels"),
        Hostile("IMG_0001.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 99, "HEIC", "HEIC"),
        Hostile(WEIRD, b"\0\0", *no_photo),
    ]  # fmt: skip
    if photos_only:
        return [*found, Hostile("x.pdf", PDF, "只收照片", "Only photos")]
    return [
        *found, Hostile("cut.pdf", PDF[:40], "PDF 不完整", "PDF is not whole"), Hostile("x.jpg", HTML + PDF, *no_photo),
        Hostile("locked.pdf", PDF.replace(b"1 0 R>>", b"1 0 R/Encrypt 5 0 R>>"), "加了密码", "locked with a password"),
    ]  # fmt: skip
