"""Reads of background work."""

from __future__ import annotations

from django.db.models import QuerySet

from shuanglian.accounts.models import User

from .models import Job


def mine(*, seen_by: User) -> QuerySet[Job]:
    """The jobs that this person asked for, latest first."""
    return Job.objects.filter(by=seen_by).order_by("-id")
