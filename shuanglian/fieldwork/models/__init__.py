"""The nouns of field work."""

from .base import ScopedQuerySet
from .posts import Attendance, AttendanceMark, Post, Service
from .reports import Breach, Inspection
from .visits import Ask, Given, IncomeNote, Matter, Photo, Visit, VisitQuerySet

__all__ = [
    "Ask", "Attendance", "AttendanceMark", "Breach", "Given", "IncomeNote", "Inspection", "Matter", "Photo", "Post",
    "ScopedQuerySet", "Service", "Visit", "VisitQuerySet",
]  # fmt: skip
