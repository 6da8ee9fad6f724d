"""The nouns of field work."""

from .base import KeptQuerySet, ScopedQuerySet
from .posts import Attendance, AttendanceMark, Post, PostQuerySet, Service
from .reports import Inspection
from .visits import Ask, Given, IncomeNote, Matter, Photo, Visit, VisitQuerySet

__all__ = [
    "Ask", "Attendance", "AttendanceMark", "Given", "IncomeNote", "Inspection", "KeptQuerySet", "Matter",
    "Photo", "Post", "PostQuerySet", "ScopedQuerySet", "Service", "Visit", "VisitQuerySet",
]  # fmt: skip
