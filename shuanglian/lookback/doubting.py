"""From rows to what a visit can be doubted by: where the home is, what the same person did before and after."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.core.scoping import unscoped
from shuanglian.rules.visit_doubts import Doubted, Place, Seen, doubts_of

from .models import Assignment, Visit

if TYPE_CHECKING:
    from shuanglian.attachments.models import Attachment


def doubts(visit: Visit, photo: Attachment | None) -> list[Doubted]:
    """Every doubt that the profile names and this visit meets; nothing is written."""
    return doubts_of(
        _seen(visit, photo), profile.active().lookback.doubts, before=_beside(visit, earlier=True),
        after=_beside(visit, earlier=False), same_photo=_same_photo(visit),
    )  # fmt: skip


def _seen(visit: Visit, photo: Attachment | None) -> Seen:
    assignment = visit.assignment
    home = assignment.household
    village = Area.objects.current().filter(code=assignment.area_code).first()
    return Seen(
        at=_local(visit.visited_at), sent_at=_local(visit.at), place=place(visit.lon, visit.lat),
        photo_at=_local(photo.taken_at) if photo and photo.taken_at else None,
        photo_place=place(photo.lon, photo.lat) if photo else None, has_photo=photo is not None,
        home=place(home.lon, home.lat) if home else None,
        village=place(village.lon, village.lat) if village else None,
    )  # fmt: skip


def _beside(visit: Visit, *, earlier: bool) -> Seen | None:
    """The same person's visit to another household just before or after, whatever it was sent in between."""
    others = Visit.objects.filter(by=visit.by).exclude(assignment=visit.assignment)
    if earlier:
        found = others.filter(visited_at__lte=visit.visited_at).order_by("-visited_at", "-id").first()
    else:
        found = others.filter(visited_at__gt=visit.visited_at).order_by("visited_at", "id").first()
    return Seen(at=_local(found.visited_at), place=place(found.lon, found.lat), visit=found.pk) if found else None


def _same_photo(visit: Visit) -> int | None:
    """Another household's visit with the same photo, in whatever village: it looks past the reader's area."""
    if not visit.photo_digest:
        return None
    with unscoped():
        others = Visit.objects.filter(photo_digest=visit.photo_digest).exclude(assignment=visit.assignment)
        return others.order_by("id").values_list("id", flat=True).first()


def place(lon: float | None, lat: float | None) -> Place | None:
    return (lon, lat) if lon is not None and lat is not None else None


def _local(moment: datetime) -> datetime:
    """In the county's time zone, where six o'clock is early."""
    return timezone.localtime(moment)


def first_visitor_of(assignment: Assignment) -> int | None:
    """The account that recorded the first visit."""
    return assignment.visits.filter(role=Visit.Role.FIRST).values_list("by_id", flat=True).first()
