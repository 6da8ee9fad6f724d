"""When a county or city gets a new code, its letters go along; in no count of what hangs on a region (VOICE-6)."""

from __future__ import annotations

from shuanglian.areas.rehang import Moved

from .models import Complaint


def follow(moved: list[Moved]) -> None:
    """The columns here have names that the load of regions does not look for, so that it counts none of them."""
    for one in moved:
        if one.old_code != one.new_code:
            for name in ("office_code", "first_code"):
                Complaint.objects.filter(**{name: one.old_code}).update(**{name: one.new_code})
