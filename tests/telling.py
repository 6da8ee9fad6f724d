"""What is told and settled in a county: rows of notifications and duties for the walls."""

from datetime import UTC, date, datetime
from typing import Any

from shuanglian.accounts.models import User
from shuanglian.duties.models import Settled, Tally
from shuanglian.notifications.models import Choice, Message

AT = datetime(2015, 3, 1, 8, tzinfo=UTC)
FIRST, LAST = date(2015, 1, 1), date(2015, 12, 31)


def told(county: Any, cadre: Any, mark: str, staff: User) -> dict[str, Any]:
    """A message that was given up, a choice, a duty that was settled, a tally."""
    code = county.code
    message = Message.objects.create(
        to=staff, area_code=code, channel="sms", address=f"{mark}****", template="duties.period_ends",
        params={"duty": f"{mark}任务"}, about=f"{mark}:1", link=f"/{mark}/", state="given_up", tries=6, not_before=AT,
        error=f"{mark}故障", by=staff, at=AT,
    )  # fmt: skip
    Choice.objects.create(user=staff, area_code=code, channel="sms", address="13900000000", changed_at=AT)
    settled = Settled.objects.create(cadre=cadre, area_code=code, duty="cadre_visits", first=FIRST, last=LAST, need=2,
                                     why=f"{mark}理由", by=staff, at=AT)  # fmt: skip
    Tally.objects.create(area=county, area_code=code, duty="cadre_visits", first=FIRST, last=LAST, people=1, met=0,
                         behind=1, need=2, done=0, on=FIRST, at=AT)  # fmt: skip
    return {"message": message, "settled": settled}
