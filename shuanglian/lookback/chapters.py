"""What the look-back tells in a household's story: every visit the reader may see, and what became of it (REG-10)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.core import clock
from shuanglian.registry.hooks import Line, Moment, Seen

from . import access, wording


def story(seen: Seen) -> Iterator[Moment]:
    """One moment a visit, on the day somebody stood at the door; another when the township had decided."""
    if not may(seen.by, "lookback.view"):
        return
    rows = access.visits_seen_by(seen.by).filter(assignment__household=seen.household)
    rows = seen.wanted(rows, "at", "visited_at__date")
    for visit in rows.select_related("by", "handled_by", "assignment"):
        told, href = wording.told(visit), reverse("lookback:seen", args=[visit.pk])
        lines = [Line(one.of, one.field, one.before, one.after) for one in told.corrections]
        what = _("回头看{role}：{finding}").format(role=visit.get_role_display(), finding=told.finding)
        on = clock.day_of(visit.visited_at)
        yield Moment(visit.at, "lookback", what, str(visit.by), visit.note, on, href, lines=lines)
        if visit.handled_at is not None:
            yield Moment(visit.handled_at, "lookback", _("回头看结论：{state}").format(state=visit.get_state_display()),
                         str(visit.handled_by), visit.handled_note, href=href)  # fmt: skip
