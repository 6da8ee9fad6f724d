"""What demands tell in a household's story (REG-10, VOICE-1)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.registry.hooks import Moment, Seen

from . import access, wording


def story(seen: Seen) -> Iterator[Moment]:
    """One moment a demand that came by another door than a visit (field work tells those), one when it was over."""
    if not may(seen.by, access.VIEW):
        return
    rows = seen.wanted(access.demands_seen_by(seen.by).filter(household=seen.household), "at", "on")
    rows = rows.exclude(category__in=wording.quarrels())
    for demand in rows.select_related("by"):
        href = reverse("grievances:demand", args=[demand.pk])
        if demand.ask_id is None:
            what = _("提出诉求（{category}）：{text}").format(
                category=wording.category(demand.category), text=demand.text
            )
            yield Moment(demand.at, "grievances", what, str(demand.by or ""), on=demand.on, href=href)
        if demand.closed_at is not None:
            yield Moment(demand.closed_at, "grievances", _("诉求办结"), "", demand.text, href=href)
