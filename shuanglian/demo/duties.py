"""Duties in the demo: one need that was settled, the sums for the levels above, a message that waits on the home page."""

from __future__ import annotations

from datetime import date

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core.clock import now, today
from shuanglian.duties.actions import settling, tallies
from shuanglian.duties.book import Asked
from shuanglian.duties.models import Settled
from shuanglian.duties.reckoning import reckon


def show(county: Area, office: User, on: date | None = None) -> None:
    """After field work was loaded; running it again changes nothing."""
    on = on or today()
    if Settled.objects.exists():
        return
    lines = [one for one in reckon(Asked(area=county), on, codes={"team_days"}) if one.need > 2]
    if lines:
        settling.settle(line=lines[0], need=lines[0].need - 2, why="抽调防汛两天（县防汛办通知）", by=office, at=now())
    tallies.keep(area=county, on=on, at=now())
    tallies.remind(area=county, on=on, at=now())
