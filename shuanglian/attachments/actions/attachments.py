"""What is done to attachments: kept, fetched, taken away. Who may do it is asked at the row they stand by."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Model, QuerySet
from PIL import Image

from shuanglian.attachments.likeness import likeness
from shuanglian.attachments.models import Attachment
from shuanglian.attachments.reading import MOST_BYTES, read
from shuanglian.core.sealed_files import SealedFolder
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from shuanglian.accounts.models import User

FOLDER = SealedFolder("attachments")
EVERYTHING = frozenset({"image", "pdf"})
LONGEST_SHOWN = 40


def about(row: Model) -> str:
    """How an attachment names the row it stands by."""
    return f"{row._meta.label_lower}:{row.pk}"


def keep(
    upload: UploadedFile | bytes, *, of: Model, area_code: str, by: User | None, at: datetime, purpose: str = "",
    kinds: frozenset[str] = EVERYTHING, name: str = "",
) -> Attachment:  # fmt: skip
    """Check and keep one file beside a row; a Refusal (empty, too large, not a photo or scan) when it cannot be."""
    told = name or ("" if isinstance(upload, bytes) else upload.name or "")
    with naming(upload):
        found = read(bytes_of(upload), kinds=kinds)
    stored = FOLDER.store(found.data)
    if (around := _kept.get()) is not None:
        around.append(stored)
    try:
        with transaction.atomic():
            return Attachment.objects.create(
                about=about(of), area_code=area_code, purpose=purpose, kind=found.kind, name=told[-120:],
                size=len(found.data), digest=sha256(found.data).hexdigest(), file=stored, taken_at=found.taken_at,
                lon=found.lon, lat=found.lat, likeness=found.likeness, by=by, at=at,
            )  # fmt: skip
    except BaseException:
        FOLDER.remove(stored)
        raise


def bytes_of(upload: UploadedFile | bytes, most: int = MOST_BYTES) -> bytes:
    """What was sent, or one byte more than may be: never more of it in memory."""
    return upload if isinstance(upload, bytes) else upload.read(most + 1)


@contextmanager
def naming(upload: UploadedFile | bytes) -> Iterator[None]:
    """A Refusal inside says which file it is about, as its sender knows it: several may have come at once."""
    try:
        yield
    except Refusal as refusal:
        name = "" if isinstance(upload, bytes) else upload.name or ""
        if not name:
            raise
        short = name if len(name) <= LONGEST_SHOWN else f"{name[:20]}…{name[-LONGEST_SHOWN + 21 :]}"
        raise Refusal(refusal.code, N_("“{file}”：{why}"), file=short, why=refusal.said) from None


_kept: ContextVar[list[str] | None] = ContextVar("kept", default=None)


@contextmanager
def whole_or_none() -> Iterator[None]:
    """Around a verb and its transaction: when it fails, the files that were kept in it go with their rows."""
    stored: list[str] = []
    before = _kept.set(stored)
    try:
        yield
    except BaseException:
        FOLDER.remove(*stored)
        raise
    finally:
        _kept.reset(before)
    if (around := _kept.get()) is not None:
        around.extend(stored)


def of(row: Model) -> QuerySet[Attachment]:
    """The attachments of a row, the oldest first."""
    return Attachment.objects.filter(about=about(row))


def fetch(attachment: Attachment) -> bytes:
    """The clear bytes; FileNotFoundError when the file has been taken away, ValueError when it is not the one kept."""
    data = FOLDER.fetch(attachment.file)
    if sha256(data).hexdigest() != attachment.digest:
        raise ValueError("the file is not the one that was kept")
    return data


def look_at(*, most: int) -> int:
    """Work out what photos show that were kept before photos were compared; how many were looked at."""
    rows = list(Attachment.objects.filter(kind="image", likeness=None, gone_at=None)[:most])
    for row in rows:
        with Image.open(io.BytesIO(fetch(row)), formats=["JPEG"]) as image:
            Attachment.objects.filter(pk=row.pk).update(likeness=likeness(image))
    return len(rows)


def take_away(attachment: Attachment, *, at: datetime) -> None:
    """Remove the file, keep the row."""
    Attachment.objects.filter(pk=attachment.pk, gone_at=None).update(gone_at=at)
    FOLDER.remove(attachment.file)
