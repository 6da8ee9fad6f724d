"""What a file really is: its type by content, a photo's time and place; photos made small and without hidden data.

A five-year-old phone's photo has 4 to 12 MB; 1,600 pixels tell everything that a re-check needs to see. What the camera
wrote into the file (place, time, serial number) is read once and then left out of what is kept.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import get_default_timezone
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .likeness import likeness

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 80_000_000
MOST_OTHER_PIXELS = 25_000_000  # PNG and WEBP are unpacked whole: some kilobytes become four bytes a pixel
SIDE = 1600  # pixels on the longer side of what is kept
IMAGES = {"JPEG", "PNG", "WEBP"}


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
        raise Refusal("empty_file", N_("文件是空的，请重新选择"))
    if len(data) > MOST_BYTES:
        raise Refusal("file_too_large", N_("文件太大：最多 {most} MB"), most=MOST_BYTES // 1024 // 1024)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        if "pdf" not in kinds:
            raise Refusal("only_photos", N_("这里只收照片（JPG、PNG、WEBP）"))
        return Read("pdf", data)
    if "image" not in kinds:
        raise Refusal("only_scans", N_("这里只收 PDF 扫描件"))
    return _photo(data)


def _photo(data: bytes) -> Read:
    wrong = Refusal("not_a_photo", N_("读不出这张照片：请用 JPG、PNG、WEBP 照片或 PDF 扫描件"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=sorted(IMAGES)) as opened:
                if opened.width * opened.height > (MOST_PIXELS if opened.format == "JPEG" else MOST_OTHER_PIXELS):
                    raise Refusal("photo_too_large", N_("照片尺寸太大，请用手机直接拍摄"))
                told = _told(opened.getexif())
                opened.draft("RGB", (SIDE, SIDE))  # a JPEG is unpacked small: a tenth of the memory and of the time
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except Refusal:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError,
            Image.DecompressionBombWarning):  # fmt: skip
        raise wrong from None
    upright.thumbnail((SIDE, SIDE))
    kept = io.BytesIO()
    upright.save(kept, "JPEG", quality=82)
    return Read("image", kept.getvalue(), *told, likeness(upright))


def _told(exif: Image.Exif) -> tuple[datetime | None, float | None, float | None]:
    """When and where the camera says; what it wrote badly counts as not said."""
    try:
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
