"""The night over all letters, and the message of every working morning (VOICE-2, VOICE-6)."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from shuanglian.complaints import access
from shuanglian.complaints.models import Complaint, Officer, Photo
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.notifications.actions import messages

from . import handling, turns
from .complaints import FOLDER

log = logging.getLogger("shuanglian.complaints")
TEMPLATE, PAGE = "complaints.morning", "/complaints/"


def night(*, at: datetime) -> int:
    """Every letter once, each by itself: one that fails keeps no other from its deadline. How many were looked at."""
    seen = 0
    if active().complaints.terms is not None:
        for pk in list(Complaint.objects.order_by("due_on").values_list("pk", flat=True)):
            try:
                handling.night(complaint=Complaint.objects.get(pk=pk), at=at)
            except Exception:
                log.exception("a letter's night")  # which one is told to nobody
            seen += 1
    FOLDER.sweep(kept=set(Photo.objects.values_list("file", flat=True)), at=at)
    turns.sweep(at=at)
    return seen


def morning(*, at: datetime) -> int:
    """One message to every named officer each working morning, the same words whether anything came or not."""
    terms, on = active().complaints.terms, day_of(at)
    if terms is None or not active().working_days.is_working(on) or timezone.localtime(at).hour < terms.morning:
        return 0
    sent = 0
    for code in Officer.objects.on(on).order_by().values_list("area_code", flat=True).distinct():
        for user in access.officers_of(code, on):
            once = f"{TEMPLATE}:{user.pk}:{on}"
            made = messages.send(to=user, template=TEMPLATE, params={}, link=PAGE, once=once, by=None, at=at)
            sent += made is not None
    return sent
