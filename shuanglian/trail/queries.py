"""Reads of the trail."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may, scope_prefix
from shuanglian.areas.models import below

from .models import Entry


def entries(
    *, seen_by: User, person: str = "", verb: str = "", about: str = "", since: date | None = None,
    until: date | None = None,
) -> QuerySet[Entry]:  # fmt: skip
    """The lines about things at or below the reader's area, latest first; days are the county's, both in."""
    prefix = scope_prefix(seen_by)
    if not prefix or not may(seen_by, "trail.view"):
        return Entry.objects.none()
    found = Entry.objects.filter(below(prefix))
    if person:
        found = found.filter(by_name=person)
    if verb:
        found = found.filter(verb__gte=verb, verb__lt=f"{verb}\U0010ffff")
    if about:
        found = found.filter(about=about)
    if since:
        found = found.filter(at__gte=_midnight(since))
    if until:
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    return found


def recent_logins(*, of: User, most: int = 10) -> list[Entry]:
    """The latest log-ins to one's own account, failed ones too: so that a stranger's is noticed."""
    return list(
        Entry.objects.filter(about=f"accounts.user:{of.pk}", verb__in=["accounts.login", "accounts.login_failed"])
        .order_by("-number")[:most]
    )  # fmt: skip


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
