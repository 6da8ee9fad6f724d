"""What a file really is: its type by content, a photo's time and place; photos made small and without hidden data.

A five-year-old phone's photo has 4 to 12 MB; 1,600 pixels tell everything that a re-check needs to see. What the camera
wrote into the file (place, time, serial number) is read once and then left out of what is kept.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import get_default_timezone
from PIL import ExifTags, Image, ImageOps

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .likeness import likeness

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 80_000_000
MOST_OTHER_PIXELS = 25_000_000  # PNG and WEBP are unpacked whole: some kilobytes become four bytes a pixel
SIDE = 1600  # pixels on the longer side of what is kept
IMAGES = {"JPEG", "PNG", "WEBP"}
EMPTY, TOO_LARGE = N_("文件是空的，请重新选择"), N_("文件太大：最多 {most} MB")
NEW_PHONES = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")  # what an ISO media file is
LOCKED = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
PDF_END = 2048  # bytes from the end within which a whole PDF says that it ends


@dataclass(frozen=True)
class Read:
    """A file that may be kept: kind (image, pdf), its bytes as kept; of a photo when (aware), where, what it shows."""

    kind: str
    data: bytes
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    likeness: int | None = None


def read(data: bytes, *, kinds: frozenset[str] = frozenset({"image", "pdf"})) -> Read:
    """The file as it may be kept; a Refusal says what is wrong and what to do."""
    if not data:
        raise Refusal("empty_file", EMPTY)
    if len(data) > MOST_BYTES:
        raise Refusal("file_too_large", TOO_LARGE, most=MOST_BYTES // 1024 // 1024)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        if "pdf" not in kinds:
            raise Refusal("only_photos", N_("这里只收照片（JPG、PNG、WEBP）"))
        _whole(data)
        return Read("pdf", data)
    if "image" not in kinds:
        raise Refusal("only_scans", N_("这里只收 PDF 扫描件"))
    return _photo(data, pdf_too="pdf" in kinds)


def _whole(data: bytes) -> None:
    """A scan that nobody can open in ten years is no evidence."""
    if b"%%EOF" not in data[-PDF_END:]:
        raise Refusal("pdf_cut", N_("这份 PDF 不完整，可能没有传完：请重新扫描，或重新选择文件"))
    if LOCKED.search(data):
        raise Refusal("pdf_locked", N_("这份 PDF 加了密码，以后没人能打开：请存成不带密码的 PDF 再传"))


def _photo(data: bytes, *, pdf_too: bool) -> Read:
    if data[4:8] == b"ftyp" and data[8:12] in NEW_PHONES:
        raise Refusal(
            "new_photo",
            N_("这是 HEIC 照片，系统读不出：请在手机“设置—相机—格式”里选“兼容性最佳”重拍，或另存为 JPG 再传"),
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is odd about a photo is of no use to anybody here
        upright, told = _unpacked(data, pdf_too)
    upright.thumbnail((SIDE, SIDE))
    kept = io.BytesIO()
    upright.save(kept, "JPEG", quality=82)
    return Read("image", kept.getvalue(), *told, likeness(upright))


def _unpacked(data: bytes, pdf_too: bool) -> tuple[Image.Image, tuple[datetime | None, float | None, float | None]]:
    """The picture, and what the camera says. Pillow stumbles over bad bytes in ways that nobody has listed."""
    known = False
    try:
        with Image.open(io.BytesIO(data), formats=sorted(IMAGES)) as opened:
            known = True
            if opened.width * opened.height > (MOST_PIXELS if opened.format == "JPEG" else MOST_OTHER_PIXELS):
                raise Refusal("photo_too_large", N_("照片尺寸太大，请用手机直接拍摄"))
            opened.draft("RGB", (SIDE, SIDE))  # a JPEG is unpacked small: a tenth of the memory and of the time
            opened.load()
            return _upright(opened).convert("RGB"), _told(opened)
    except Refusal:
        raise
    except Image.DecompressionBombError:
        raise Refusal("photo_too_large", N_("照片尺寸太大，请用手机直接拍摄")) from None
    except Exception:
        raise _no_photo(known, pdf_too) from None


def _no_photo(known: bool, pdf_too: bool) -> Refusal:
    if known:
        return Refusal("photo_cut", N_("照片不完整，可能没有传完：请重新拍一张，或重新选择文件"))
    if pdf_too:
        return Refusal("not_a_photo", N_("读不出这个文件：请用 JPG、PNG、WEBP 照片或 PDF 扫描件"))
    return Refusal("not_a_photo", N_("读不出这张照片：请用 JPG、PNG 或 WEBP 照片"))


def _upright(opened: Image.Image) -> Image.Image:
    """Turned as the camera was held; as it lies when that is written badly."""
    try:
        return ImageOps.exif_transpose(opened)
    except Exception:
        return opened


def _told(opened: Image.Image) -> tuple[datetime | None, float | None, float | None]:
    """When and where the camera says; what it wrote badly counts as not said."""
    try:
        exif = opened.getexif()
        inner = exif.get_ifd(ExifTags.IFD.Exif)
        taken = _moment(inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime))
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(place.get(ExifTags.GPS.GPSLatitude), place.get(ExifTags.GPS.GPSLatitudeRef), "S", 90)
        lon = _degrees(place.get(ExifTags.GPS.GPSLongitude), place.get(ExifTags.GPS.GPSLongitudeRef), "W", 180)
    except Exception:
        return None, None, None
    return (taken, lon, lat) if lat is not None and lon is not None else (taken, None, None)


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=get_default_timezone())
    except ValueError:
        return None


def _degrees(parts: Any, side: Any, negative: str, most: float) -> float | None:
    if not parts:
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    value = -value if str(side).upper().startswith(negative) else value
    return value if -most <= value <= most else None
