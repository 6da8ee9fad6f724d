"""Small living examples of what the register does over a year, each through the verbs that the pages call."""

from __future__ import annotations

from collections.abc import Callable

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core.clock import now

from . import (
    complaints,
    disputes,
    duties,
    exits,
    fieldwork,
    files,
    grievances,
    lookback,
    notices,
    plans,
    policywatch,
    procedures,
    scrutiny,
    villages,
)

Named = Callable[[str], User]


def show(*, county: Area, township: Area, year: int, user: Named, say: Callable[[str], None]) -> None:
    """Files that were split, notices, cases, the township's exits and the county's adjustment, a look-back; once each.

    A start that was killed goes on where it stopped: what stands already is left as it is.
    """
    say("  examples 示例：档案变动、公示、办理事项、退出核对、动态调整、回头看、户计划、村计划、走访、走访核实")
    office, office2, clerk, village = user("office"), user("office2"), user("township"), user("village")
    files.show(county, office, now())
    notices.show(county, office, now())
    if village.area is not None:
        procedures.show(village=village.area, committee=village, township=clerk, at=now())
    exits.show(county=county, township=township, office=office, year=year, at=now())
    lookback.show(township=township, office=office, visitors=[clerk, office2], checkers=[user("inspector")], at=now())
    plans.show(township=township, first=village.area, cadre=user("cadre"), unit=user("unit"), at=now())
    villages.show(township=township, village=village, cadre=user("cadre"), office=clerk, at=now())
    if village.area is not None:
        fieldwork.show(village=village.area, cadre=user("cadre"), team=user("team"), tech=user("tech"),
                       leader=user("leader"), office=office, at=now())  # fmt: skip
        complaints.show(village=village.area, user=user, office=office, office2=office2, city=user("city"), at=now())
    grievances.show(
        county=county, cadre=user("cadre"), office=office, township=clerk, clerk=user("department"), at=now()
    )
    if village.area is not None:
        policywatch.show(village=village.area, cadre=user("cadre"), committee=village, office=office, office2=office2,
                         clerk=user("department"), year=year, at=now())  # fmt: skip
        disputes.show(village=village.area, committee=village, cadre=user("cadre"), township=clerk, at=now())
    scrutiny.show(county=county, cadre=user("cadre"), office=office, reviewer=user("inspector"), at=now())
    duties.show(county, office)
