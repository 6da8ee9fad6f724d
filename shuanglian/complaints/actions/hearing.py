"""What a cadre hears at a visit and writes down as an ask: with a safe word in it, it is a safe letter (VOICE-6)."""

from __future__ import annotations

from shuanglian.complaints.words import is_safe
from shuanglian.fieldwork.hooks import Diverted, Heard
from shuanglian.registry.models import Household

from . import complaints


def hear(heard: Heard) -> Diverted | None:
    """A letter instead of an ask; who answers for the household, the writer too, is kept away from it."""
    if not is_safe(heard.text):
        return None
    home = heard.household
    if home is not None:  # with its village, whose code the letter's office is found by
        home = Household.objects.select_related("village").get(pk=home.pk)
    return Diverted(complaints.send(
        text=heard.text, household=home, village=heard.village, keep_household=True, door="visit", key=heard.key,
        by=heard.by, at=heard.at,
    ))  # fmt: skip
