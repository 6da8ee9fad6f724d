"""What people say of policies and disputes in a county: one row of every kind for the walls, marked like its county."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.attachments.models import Attachment
from shuanglian.benefits.models import Due
from shuanglian.disputes import models as disputes
from shuanglian.policywatch import models as watch
from shuanglian.registry.models import Household

AT = datetime(2015, 3, 1, 8, tzinfo=UTC)
ON, LATER = date(2015, 3, 1), date(2100, 1, 1)


def watched(county: Area, household: Household, due: Due, mark: str, staff: User) -> dict[str, Any]:
    """A report that was decided, with a family alike; another that waits for its proposal."""
    code = household.area_code
    told = {
        "area_code": code, "village": household.village, "household": household, "benefit": "senior_grant",
        "should": f"{mark}应当", "did": f"{mark}实际", "department": "education", "county": county.code, "on": ON,
        "by": staff, "at": AT, "digest": "0" * 64, "door": "office",
    }  # fmt: skip
    report = watch.Report.objects.create(
        **told, key=uuid5(NAMESPACE_OID, f"report {code}"), kind="not_reached", cause="refused", due=due,
        state="checking", outcome="explained", answer=f"{mark}答复", rule=f"{mark}规定", appeal=f"{mark}申诉",
        decided_by=staff, decided_at=AT, alike_due_on=LATER,
    )  # fmt: skip
    watch.Alike.objects.create(report=report, household=household, due=due, area_code=code, why=f"{mark}核查")
    proposal = watch.Proposal.objects.create(
        benefit="senior_grant", text=f"{mark}建议", area=county, area_code=county.code, department="education",
        level="county", office=county.code, owner="county", due_on=LATER, by=staff, at=AT,
    )  # fmt: skip
    watch.Report.objects.create(
        **told, key=uuid5(NAMESPACE_OID, f"unfit {code}"), kind="unfit", state="proposed", proposal=proposal
    )
    for about in ({"report": report}, {"proposal": proposal}):
        watch.Step.objects.create(**about, area_code=code, kind="raised", text=f"{mark}经过", by=staff, at=AT)
    return {"policyreport": report, "policyproposal": proposal}


def disputed(village: Area, mark: str, staff: User) -> dict[str, Any]:
    """A dispute with a party, its agreement with a scan, a step; the month's look-round."""
    code = village.code
    told = {"area_code": code, "by": staff, "at": AT}
    made = disputes.Dispute.objects.create(
        key=uuid5(NAMESPACE_OID, f"dispute {code}"), digest="0" * 64, kind="land", village=village, door="village",
        on=ON, level="village", office=code, since=AT, due_on=LATER, remind_on=LATER, **told,
    )  # fmt: skip
    party = disputes.Party.objects.create(dispute=made, name=f"{mark}当事人", phone=f"{mark}", **told)
    record = disputes.Record.objects.create(dispute=made, kind="agreement", on=ON, text=f"{mark}协议", **told)
    disputes.Step.objects.create(dispute=made, kind="noticed", level="village", **told)
    disputes.Screening.objects.create(village=village, month=ON, **told)
    scan = Attachment.objects.create(about=f"disputes.record:{record.pk}", purpose="dispute_agreement", kind="image",
                                     size=1, digest="0" * 64, file="none", **told)  # fmt: skip
    return {"dispute": made, "party": party, "scan": scan}
