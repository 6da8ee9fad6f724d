"""Photos come after the text, piece by piece, and go on where a cut left them (FIELD-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from shuanglian.core.profile import active
from shuanglian.core.secrets import open_bytes, seal_bytes
from shuanglian.fieldwork.actions import visits
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.phone.models import Piece, Upload
from shuanglian.phone.shapes import PhotoBody

from .operations import Done, Later, Sent, plain, takes
from .taking import needs, visit_of

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@dataclass(frozen=True)
class Stand:
    """How far a photo is: bytes here, and "more", "done", "refused" or "later" with the reason."""

    have: int
    status: str
    code: str = ""
    said: Said | None = None


class WrongOffset(Exception):
    """The piece is not the next one; `have` says where to go on."""

    def __init__(self, have: int) -> None:
        self.have = have
        super().__init__(have)


@takes("visit.photo")
def announce(sent: Sent) -> Done:
    """A photo is on its way to a visit that is here."""
    body: PhotoBody = sent.body
    needs(sent.by, "fieldwork.record")
    visit = visit_of(sent.by, body.visit)
    most = active().phone.limit("photo_bytes")
    if body.bytes > most:
        raise Refusal("photo_too_large", N_("照片太大：最多 {most} 字节"), most=most)
    Upload.objects.create(
        operation=sent.row, device=sent.device, area_code=sent.row.area_code, visit=body.visit,
        taken_at=body.taken_at, total=body.bytes, digest=body.digest, at=sent.at,
    )  # fmt: skip
    return Done(visit)


def stand(upload: Upload) -> Stand:
    """How far it is."""
    if upload.refused:
        return Stand(upload.have, "refused", upload.refused, Said(**upload.said) if upload.said else None)
    return Stand(upload.have, "done" if upload.done_at else "more")


def find(*, operation: UUID, by: User, lock: bool = False) -> Upload | None:
    """A photo of the person's own, by the number of the operation that announced it."""
    rows = Upload.objects.select_for_update(of=("self",)) if lock else Upload.objects.all()
    return rows.filter(pk=operation, operation__by=by).select_related("operation").first()


@transaction.atomic
def take(*, operation: UUID, offset: int, data: bytes, by: User, at: datetime) -> Stand | None:
    """The next piece; one that came twice is passed over. None: nobody announced it. WrongOffset: one is missing."""
    upload = find(operation=operation, by=by, lock=True)
    if upload is None:
        return None
    if upload.refused or upload.done_at:
        return stand(upload)
    if offset > upload.have or offset < 0:
        raise WrongOffset(upload.have)
    fresh = data[upload.have - offset :]
    if upload.have + len(fresh) > upload.total:
        raise WrongOffset(upload.have)
    if fresh:
        Piece.objects.create(upload=upload, area_code=upload.area_code, offset=upload.have, data=seal_bytes(fresh))
        upload.have += len(fresh)
        upload.save(update_fields=["have"])
    return _whole(upload, by=by, at=at) if upload.have == upload.total else stand(upload)


def _whole(upload: Upload, *, by: User, at: datetime) -> Stand:
    """All is here: put together, held against its digest, put beside the visit, the pieces removed."""
    whole = b"".join(open_bytes(bytes(piece.data)) for piece in upload.pieces.order_by("offset"))
    if sha256(whole).hexdigest() != upload.digest:
        upload.pieces.all().delete()
        upload.have = 0
        upload.save(update_fields=["have"])
        return Stand(0, "more", "digest", Said(N_("照片传坏了，请重传"), {}))
    try:
        with transaction.atomic():
            visit = visit_of(by, upload.visit)
            visits.add_photo(visit=visit, data=whole, part_key=upload.pk, by=by, at=at)
        upload.done_at = at
    except Later as later:
        return Stand(upload.have, "later", later.code, later.said)
    except Refusal as refusal:
        upload.refused = refusal.code[:40]
        upload.said = {"sentence": refusal.said.sentence, "params": plain(refusal.said.params)}
    upload.pieces.all().delete()
    upload.save(update_fields=["done_at", "refused", "said"])
    return stand(upload)


def sweep(*, at: datetime) -> int:
    """Pieces of photos that nobody went on with for long are removed; the phone may begin anew. How many photos."""
    old = Upload.objects.filter(
        done_at=None, have__gt=0, refused="", at__lt=at - timedelta(days=active().phone.limit("upload_days"))
    )
    numbers = list(old.values_list("pk", flat=True))
    Piece.objects.filter(upload__in=numbers).delete()
    return Upload.objects.filter(pk__in=numbers, done_at=None).update(have=0)
