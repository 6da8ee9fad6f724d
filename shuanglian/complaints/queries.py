"""Reads of safe letters: an officer's own list, one letter's book, attempts, what may be published."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.rules.complaints import published

from . import access
from .models import Attempt, Complaint, Officer, OfficerQuerySet, Step
from .numbers import number_digest

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

K = Step.Kind
# what the complainant reads; who read it and when is the office's own business
SHOWN = (
    K.RECEIVED, K.ADDED, K.EXAMINED, K.ASKED, K.ANSWERED, K.PASSED_UP, K.CLIMBED, K.UNREAD, K.OVERDUE, K.CONFIRMED,
    K.DENIED, K.SILENT, K.OPENING_ASKED, K.OPENING_AGREED, K.OPENING_REFUSED, K.IDENTITY_GONE,
)  # fmt: skip
OWN_WORDS = (K.ADDED, K.DENIED)  # not repeated on the follow page: whoever finds the number learns nothing of them
OFFICE_WORDS = (K.PASSED_UP,)
FIRST_YEAR = 2012


@dataclass(frozen=True)
class Line:
    """One step as it is shown: its text, and of an answer how it ended and what followed."""

    step: Step
    text: str
    told: dict[str, Any] = field(default_factory=dict)


def lines(complaint: Complaint, *, follower: bool = False) -> list[Line]:
    """The letter's book, the oldest first; `follower`: as the person with the number reads it."""
    steps = complaint.steps.select_related("by").order_by("place")
    if follower:
        steps = steps.filter(kind__in=SHOWN)
    found = []
    for step in steps:
        told = json.loads(step.text) if step.kind == K.ANSWERED else {}
        text = told.get("text", step.text)
        hidden = follower and step.kind in (*OWN_WORDS, *OFFICE_WORDS)
        found.append(Line(step, "" if hidden else text, told))
    return found


def followed(number: str, on: date) -> Complaint | None:
    """A letter by its number, until so many days after its end. Ask as the owner."""
    wanted, terms = number_digest(number), active().complaints.terms
    found = Complaint.objects.filter(number_digest=wanted).first() if wanted else None
    if found is None or terms is None:
        return None
    over = found.closed_on is not None and on > found.closed_on + timedelta(days=terms.follow_days)
    return None if over else found


def attempts(*, seen_by: User, on: date) -> QuerySet[Attempt]:
    """What people of the level below tried, for this office's officers; nothing for anybody else."""
    rows = Attempt.objects.select_related("user__area").order_by("-at")
    if seen_by.area is None or not access.is_officer(seen_by, on):
        return rows.none()
    return rows.filter(area_code=seen_by.area.code)


def officers(*, seen_by: User) -> OfficerQuerySet:
    """Who is named for the reader's office, and for those that he may name for."""
    codes = set(access.areas_named_by(seen_by).values_list("code", flat=True))
    if seen_by.area is not None:
        codes.add(seen_by.area.code)
    rows: OfficerQuerySet = Officer.objects.filter(area_code__in=codes).select_related("user", "by")
    return rows.order_by("area_code", "since", "at")


def figures(area: Area, on: date) -> dict[int, int | None]:
    """Letters that an office was the first to read, by year, as they may be published: years that are over, no few.

    A year that runs is not shown at all, since a figure that grows would tell the day on which somebody wrote.
    """
    terms = active().complaints.terms
    years = range(max(FIRST_YEAR, active().year), on.year)
    if terms is None or area.level not in access.READING_LEVELS:
        return {}
    with unscoped():
        rows = Complaint.objects.filter(first_code=area.code).annotate(year=ExtractYear("on"))
        counted = dict(rows.order_by().values_list("year").annotate(n=Count("pk")))
    return published({year: counted.get(year, 0) for year in years}, fewest=terms.fewest)
