"""REG-4, REG-5: evidence is what it says, is kept sealed and unchanged, and loses what the camera hid in it."""

import io
import os
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from shuanglian.attachments.actions.attachments import FOLDER, fetch, keep, of, take_away
from shuanglian.attachments.answers import answer
from shuanglian.attachments.models import Attachment
from shuanglian.attachments.reading import MOST_BYTES, SIDE, read
from shuanglian.attachments.tasks import sweep
from shuanglian.kernel.refusal import Refusal

AT = datetime(2015, 8, 1, 2, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def photo(size=(2400, 1200), form="JPEG", told=True, colour="red"):
    """A photo as a phone makes it: when, where, the serial number of the camera."""
    made = io.BytesIO()
    exif = Image.Exif()
    if told:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2015:07:31 16:20:05"
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.BodySerialNumber] = "SN-4711"
        exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (35.0, 12.0, 36.0), 3: "E", 4: (105.0, 15.0, 0.0)})
    Image.new("RGB", size, colour).save(made, form, exif=exif)
    return made.getvalue()


def test_photo_tells_when_and_where_then_keeps_only_the_picture():
    found = read(photo())
    assert found.kind == "image"
    assert found.taken_at == datetime(2015, 7, 31, 16, 20, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (found.lat, found.lon) == (pytest.approx(35.21), pytest.approx(105.25))
    kept = Image.open(io.BytesIO(found.data))
    assert kept.size == (SIDE, SIDE // 2) and not kept.getexif() and b"SN-4711" not in found.data


def test_photo_lying_on_its_side_is_kept_upright():
    made, exif = io.BytesIO(), Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (200, 100), "blue").save(made, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(read(made.getvalue()).data)).size == (100, 200)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_photos_come_in_as_well(form):
    assert Image.open(io.BytesIO(read(photo((40, 30), form, told=False)).data)).format == "JPEG"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"), (b"x" * (MOST_BYTES + 1), "file_too_large"), (b"MZ\x90\x00 program", "not_a_photo"),
        (b"<svg onload=alert(1)>", "not_a_photo"), (b"GIF89a" + b"\0" * 20, "not_a_photo"), (photo()[:300], "not_a_photo"),
        (b"<html>%PDF-1.7", "not_a_photo"),
    ],
)  # fmt: skip
def test_what_is_no_evidence_is_refused_with_its_reason(data, code):
    with pytest.raises(Refusal) as refused:
        read(data)
    assert refused.value.code == code


def test_photo_of_too_many_pixels_is_refused_before_it_is_unpacked():
    made = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(made, "PNG")  # 18 kB that would become 430 MB
    with pytest.raises(Refusal):
        read(made.getvalue())


def test_a_strangers_picture_of_few_bytes_does_not_fill_the_memory():
    """25 million pixels of one colour are 30 kB as PNG; as JPEG a phone's 50 million are unpacked small."""
    made = io.BytesIO()
    Image.new("1", (6_000, 6_000)).save(made, "PNG")
    with pytest.raises(Refusal) as refused:
        read(made.getvalue())
    assert refused.value.code == "photo_too_large"
    large = io.BytesIO()
    Image.new("L", (7_000, 7_000), 120).save(large, "JPEG", quality=30)
    assert Image.open(io.BytesIO(read(large.getvalue()).data)).size == (SIDE, SIDE)


def test_only_the_kinds_asked_for():
    with pytest.raises(Refusal, match="照片"):
        read(PDF, kinds=frozenset({"image"}))
    with pytest.raises(Refusal, match="PDF"):
        read(photo(), kinds=frozenset({"pdf"}))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    for whole in (data, b"\xff\xd8\xff\xe1" + data, b"\x89PNG\r\n\x1a\n" + data):
        with suppress(Refusal):
            read(whole)


def test_kept_sealed_found_again_and_never_changed(place, clerk, folder):
    upload = SimpleUploadedFile("会议记录.pdf", PDF)
    kept = keep(upload, of=place.village, area_code=place.village.code, by=clerk, at=AT, purpose="minutes")
    assert list(of(place.village)) == [kept] and fetch(kept) == PDF and kept.name == "会议记录.pdf"
    assert all(PDF[:8] not in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for change in ({"digest": "0" * 64}, {"about": "areas.area:1"}, {"at": AT.replace(year=2014)}):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Attachment.objects.filter(pk=kept.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.delete()


def test_file_put_in_the_place_of_another_is_noticed(place, clerk, folder):
    one, other = (
        keep(data, of=place.village, area_code=place.village.code, by=clerk, at=AT) for data in (PDF, PDF + b" ")
    )
    (folder / one.file).write_bytes((folder / other.file).read_bytes())
    with pytest.raises(ValueError, match="not the one"):
        fetch(one)


def test_what_is_taken_away_leaves_its_row(place, clerk):
    kept = keep(photo((20, 20)), of=place.village, area_code=place.village.code, by=clerk, at=AT)
    shown = answer(kept)
    assert shown["Content-Type"] == "image/jpeg" and "no-store" in shown["Cache-Control"]
    take_away(kept, at=AT)
    kept.refresh_from_db()
    assert kept.gone_at == AT
    with pytest.raises(Http404):
        answer(kept)


def test_refused_upload_leaves_no_file(place, clerk, folder):
    with pytest.raises(Refusal):
        keep(b"rubbish", of=place.village, area_code=place.village.code, by=clerk, at=AT)
    assert not [path for path in folder.rglob("*") if path.is_file()] and FOLDER.name == "attachments"


def test_night_removes_only_files_without_a_row(place, clerk, folder):
    kept = keep(PDF, of=place.village, area_code=place.village.code, by=clerk, at=AT)
    lost = FOLDER.store(b"the row of this one was never written")
    for path in (folder / "attachments").iterdir():
        os.utime(path, (0, 0))
    sweep(timestamp=0)
    assert fetch(kept) == PDF and not (folder / lost).exists()
