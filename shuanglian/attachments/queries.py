"""Photos that show the same as another one (REG-4, REG-6: one photo is not evidence for two households)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, F, IntegerField, Q, Value
from django.db.models.expressions import Func
from django.db.models.functions import Cast

from .likeness import NEAR, PLAIN
from .models import Attachment

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from shuanglian.areas.models import Area


class Apart(Func):
    """In how many of 64 comparisons two likenesses differ: bits set in their exclusive or (PostgreSQL 14 on)."""

    template = "bit_count(((%(expressions)s))::bit(64))"
    arg_joiner = " # "
    output_field = IntegerField()


def look_alikes(attachment: Attachment, *, within: Area | None, distance: int = NEAR) -> QuerySet[Attachment]:
    """Other photos in the area that are this one again, the likest first; `apart` says in how many of 64 they differ.

    The same file (by digest) counts with apart 0, whatever it shows; for scans that is all there is. Attachments of the
    same row are among them; who asks leaves out what may be alike.
    """
    others = Attachment.objects.within(within).exclude(pk=attachment.pk)
    same = Q(digest=attachment.digest)
    if not attachment.likeness:  # None: not a photo; PLAIN: nothing to compare
        return others.filter(same).annotate(apart=Value(0)).order_by("pk")
    mine = Cast(Value(attachment.likeness), BigIntegerField())
    near = Q(apart__lte=distance) & ~Q(likeness=PLAIN)
    return others.annotate(apart=Apart(F("likeness"), mine)).filter(same | near).order_by("apart", "pk")
