"""What the rooms above pairing show of a county: one row of every kind that a page can open, marked like its county."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

from shuanglian.accounts.models import User
from shuanglian.adjustment.models import Item
from shuanglian.adjustment.models import Round as Adjustment
from shuanglian.areas.models import Area
from shuanglian.attachments.models import Attachment
from shuanglian.benefits.models import Decision, Due, Payment, Provision, Scenario, Step
from shuanglian.benefits.models import Round as BenefitRound
from shuanglian.complaints import models as letters
from shuanglian.complaints.sealing import seal_identity
from shuanglian.core.secrets import digest
from shuanglian.exits.models import AreaFigure, ExitCheck, PlanTarget, Standing, VillageExit
from shuanglian.fieldwork import models as field
from shuanglian.grievances import models as asked
from shuanglian.lookback.models import Assignment, Campaign, Draw, Drawn, Visit
from shuanglian.notices.models import Notice, Objection, canonical
from shuanglian.organisation.models import Cadre
from shuanglian.phone.models import Conflict, Device, Operation
from shuanglian.plans import content
from shuanglian.plans.models import (
    Agreement,
    HouseholdPlan,
    Measure,
    Progress,
    VillageAct,
    VillageLine,
    VillagePlan,
    VillageResult,
)
from shuanglian.procedures.models import Act, Case, CaseList, Edition, Evaluation, FormPrint
from shuanglian.registry.models import (
    Household,
    Person,
    Statement,
    VillageYear,
)
from shuanglian.rules.benefit_text import table_of, to_toml
from shuanglian.rules.profile import load
from shuanglian.scrutiny.models import CallBack, Flag, Score
from shuanglian.scrutiny.models import Draw as CallBackDraw

AT = datetime(2015, 3, 1, 8, tzinfo=UTC)
ON = date(2015, 3, 1)
LONG_AGO = date(2012, 1, 1)


def benefits(county: Area, household: Household, person: Person, mark: str, staff: User) -> dict[str, Any]:
    """A round, a due with its decision and steps, money that should not have come, a statement, lines of a payroll."""
    code = household.area_code
    made = BenefitRound.objects.create(
        area=county, area_code=county.code, on=ON, state="done", profile="tongwei_2015", version=mark, by=staff, at=AT,
        figures={"total": {}, "benefits": {}, "households": 1, "people": 1, "conflicts": 0}, finished_at=AT,
    )  # fmt: skip
    about = {"household": household, "person": person, "area_code": code, "department": "education", "period": 2015,
             "since": ON, "on": ON, "changed_at": AT}  # fmt: skip
    due = Due.objects.create(benefit="senior_grant", state="refused", entitled=False, received=9, reason=f"{mark}理由",
                             **about)  # fmt: skip
    Due.objects.create(benefit="boarder_primary", state="undecided", asks=["person.boards"], **about)
    Due.objects.create(benefit="school_meals", state="applied", entitled=True, **about)
    Due.objects.create(benefit="preschool_fee", state="received", entitled=True, **about)
    reasons = {"state": "refused", "conditions": [], "asks": [], "used": [], "lacks": []}
    Decision.objects.create(due=due, area_code=code, on=ON, granted=False, version=mark, profile="x", inputs=[],
                            reasons=reasons, round=made, by=staff, at=AT)  # fmt: skip
    Step.objects.create(due=due, area_code=code, verb="found", on=ON, note=f"{mark}说明", by=staff, at=AT)
    said = Statement.objects.create(record="person", person=person, area_code=code, fact="boards", value="true", on=ON,
                                    source="visit", note=f"{mark}说", by=staff, at=AT)  # fmt: skip
    paid = {"area_code": code, "benefit": "senior_grant", "year": 2015, "yuan": 9, "place": f"{mark}村"}
    Payment.objects.create(name=f"{mark}领取人", match="exact", household=household, person=person, due=due,
                           fingerprint=f"exact{code}", **paid)  # fmt: skip
    told = [{"person": person.pk, "household": household.pk, "score": 0.55, "why": ["sound", "village"]}]
    payment = Payment.objects.create(name=f"{mark}领取人", match="open", score=0.55, candidates=told,
                                     fingerprint=f"open{code}", **paid)  # fmt: skip
    return {"benefit_round": made, "due": due, "statement": said, "payment": payment}


def looked_back(county: Area, household: Household, mark: str, staff: User) -> dict[str, Any]:
    """A campaign, a household on its list, a visit that waits for confirmation, a draw that took the household."""
    code = household.area_code
    campaign = Campaign.objects.create(
        code=f"LB{county.code}", kind="lookback", name=f"{mark}回头看", area=county, area_code=county.code, since=ON,
        until=date(2015, 3, 20), ordered_by=f"{mark}县", profile="tongwei_2015", by=staff, at=AT,
    )  # fmt: skip
    assignment = Assignment.objects.create(
        campaign=campaign, area_code=code, subject="registered", number=household.number, household=household,
        name=household.head_name, why=f"{mark}来源", finding="to_remove", visited_on=ON, doubtful=True,
    )  # fmt: skip
    visit = Visit.objects.create(
        key=uuid5(NAMESPACE_OID, code), assignment=assignment, campaign=campaign, area_code=code, role="first",
        method="visit", finding="to_remove", met=f"{mark}户主", note=f"{mark}说明", visited_at=AT, lon=105.2, lat=35.2,
        doubts=[{"code": "photo_undated", "figures": {}}], by=staff, at=AT, state="waiting",
    )  # fmt: skip
    draw = Draw.objects.create(
        campaign=campaign, number=1, area=county, area_code=county.code, level="county", share="0.1", least=1,
        source=f"{mark}彩票", source_on=ON, frame=f"{code},{household.number}\n", frame_digest="0" * 64, frame_size=1,
        announced_by=staff, announced_at=AT, public="1", seed=f"{mark}:1:1", drawn_by=staff, drawn_at=AT,
    )  # fmt: skip
    Drawn.objects.create(draw=draw, assignment=assignment, area_code=code, rank=1, key="0" * 64)
    return {"campaign": campaign, "assignment": assignment, "visit": visit, "draw": draw}


def planned(household: Household, mark: str, staff: User) -> dict[str, Any]:
    """A household's plan with one measure, the family's agreement, what was done of it."""
    code, amounts = household.area_code, {"low": 700, "likely": 1100, "cost": 1800}
    line = {
        "code": "ewes", "label": {"zh": f"{mark}羊", "en": f"{mark}羊"}, "unit": {"zh": "对", "en": "pairs"}, "units": 1,
        "channel": "operating", "funds": {"own": 1800}, "starts_on": ON, "months": 12, "comes": "yearly", **amounts,
        "owner": "cadre", "owner_name": f"{mark}干部", "people": [f"{mark}甲"], "note": f"{mark}说明",
        "figures": "default", "cites": ["PLAN-3"], "document": "S1",
    }  # fmt: skip
    text = content.canonical({
        "household": {"number": household.number, "head": household.head_name, "village": f"{mark}村", "group": ""},
        "helper": None, "size": 2, "income": 2000, "income_year": 2014, "year": 2015, "horizon": 2017, "target": 4000,
        "step_target": 2667, "gap": 4000, "step_gap": 1334, "counts": "likely", "analysis": f"{mark}缺资金",
        "path": f"{mark}养羊", "lines": [line],
        "diagnosis": {"main_cause": "09", "other_causes": [], "labour": {"able": 1}, "wish": f"{mark}羊",
                      "loan_need": "", "land": {}, "income": {}},
        "sums": {"low": 700, "likely": 1100, "step": 0, "cost": 1800, "own": 1800, "short": 2900, "step_short": 1334,
                 "channels": {"operating": 1100}},
    })  # fmt: skip
    digest_ = content.digest_of(text)
    plan = HouseholdPlan.objects.create(
        household=household, area_code=code, version=1, year=2015, horizon=2017, target=4000, step_target=2667,
        income=2000, income_year=2014, size=2, own_money=0, loan=0, gain_low=700, gain_likely=1100, cost=1800,
        own_cost=1800, short=2900, step_short=1334, content_text=text, digest=digest_, profile="x", by=staff, at=AT,
        agreed_on=ON,
    )  # fmt: skip
    measure = Measure.objects.create(
        plan=plan, area_code=code, number=1, code="ewes", channel="operating", units=1, starts_on=ON, months=12,
        owner="cadre", owner_name=f"{mark}干部", note=f"{mark}说明", funds={"own": "1800"}, **amounts,
    )  # fmt: skip
    image = Attachment.objects.create(
        about=f"plans.householdplan:{plan.pk}", area_code=code, purpose="agreement", kind="image", name=f"{mark}签字",
        size=1, digest="0" * 64, file="none", by=staff, at=AT,
    )  # fmt: skip
    agreement = Agreement.objects.create(
        plan=plan, area_code=code, how="signature", name=f"{mark}户主", on=ON, digest=digest_, image=image,
        key=uuid5(NAMESPACE_OID, f"agreed {code}"), by=staff, at=AT,
    )  # fmt: skip
    progress = Progress.objects.create(
        measure=measure, area_code=code, on=ON, quantity=1, note=f"{mark}买了羊", by=staff, at=AT,
        key=uuid5(NAMESPACE_OID, f"progress {code}"),
    )  # fmt: skip
    return {"householdplan": plan, "agreement": agreement, "planline": measure, "planprogress": progress,
            **village_planned(household.village, mark, staff)}  # fmt: skip


def village_planned(village: Area, mark: str, staff: User) -> dict[str, Any]:
    """A village's plan with one line, its meeting with scanned minutes, how far the line is."""
    code, day = village.code, {"starts_on": ON, "due_on": date(2015, 12, 1)}
    line = {
        "number": 1, "thread": uuid5(NAMESPACE_OID, f"line {code}"), "work": "pens", "what": f"{mark}养殖小区",
        "quantity": None, "channel": "operating", "gain": 9000, "cost": 50000, "fund": "special",
        "owner": "agriculture", "owner_name": f"{mark}农牧局", "note": f"{mark}说明", **day,
    }  # fmt: skip
    text = content.canonical({
        "village": {"code": code, "name": f"{mark}村", "township": f"{mark}镇"}, "kind": "horizon", "year": 2015,
        "until": 2017, "households": 1, "people": 2, "income": 2000, "income_year": 2014, "target": 4000, "least": 4000,
        "industry": "livestock", "path": f"{mark}养羊", "plan": f"{mark}修圈舍", "funds": {"special": 50000}, "lines": [line],
        "indicators": [], "horizon": None, "degree": {"present": None, "promised": None},
    })  # fmt: skip
    plan = VillagePlan.objects.create(
        village=village, area_code=code, kind="horizon", series=0, version=1, year=2015, until=2017,
        industry="livestock", income=2000, income_year=2014, target=4000, households=1, people=2, cost=50000,
        content_text=text, digest=content.digest_of(text), profile="x", why=f"{mark}修改", by=staff, at=AT,
        submitted_on=ON, agreed_on=ON,
    )  # fmt: skip
    kept = VillageLine.objects.create(plan=plan, area_code=code, **line)
    VillageResult.objects.create(line=kept, area_code=code, on=ON, share=40, note=f"{mark}动工", by=staff, at=AT,
                                 key=uuid5(NAMESPACE_OID, f"result {code}"))  # fmt: skip
    image = Attachment.objects.create(
        about=f"plans.villageplan:{plan.pk}", area_code=code, purpose="minutes", kind="image", name=f"{mark}会议记录",
        size=1, digest="0" * 64, file="none", by=staff, at=AT,
    )  # fmt: skip
    act = VillageAct.objects.create(
        plan=plan, area_code=code, word="agreed", on=ON, why=f"{mark}通过", entitled=40, present=30, in_favour=29,
        image=image, digest=plan.digest, by=staff, at=AT,
    )  # fmt: skip
    return {"villageplan": plan, "villageline": kept, "villageact": act}


def worked(household: Household, cadre: Cadre, mark: str, staff: User) -> dict[str, Any]:
    """A visit with all that it can bring, a post, a day in the village, a service, an inspection, a report."""
    code, village = household.area_code, household.village
    told = {"area_code": code, "by": staff, "at": AT}

    def key(of: str) -> dict[str, Any]:
        return {"key": uuid5(NAMESPACE_OID, f"{of} {code}"), "digest": "0" * 64}

    visit = field.Visit.objects.create(
        **key("visited"), **told, household=household, cadre=cadre, on=ON, started_at=AT, told_at=AT, tasks=["reflect"],
        met=[], met_note=f"{mark}邻居", done=f"{mark}讲政策", entered=True, channel="page", lon=105.2, lat=35.2,
    )  # fmt: skip
    field.Given.objects.create(visit=visit, area_code=code, kind="seed", quantity=1, unit="公斤", note=f"{mark}种子")
    field.IncomeNote.objects.create(
        visit=visit, household=household, area_code=code, channel="wage", yuan=1000, note=f"{mark}打工"
    )
    here = {"cadre": cadre, "village": village}
    matter = field.Matter.objects.create(**key("matter"), **told, **here, kind="matter", on=ON, what=f"{mark}修路")
    ask = field.Ask.objects.create(
        **key("ask"), **told, visit=visit, household=household, text=f"{mark}贷款", category="loan", on=ON
    )
    day = field.Attendance.objects.create(area_code=code, **here, on=ON, in_at=AT, note=f"{mark}驻村")
    field.AttendanceMark.objects.create(**key("mark"), **told, attendance=day, in_at=AT, told_at=AT)
    service = field.Service.objects.create(
        **key("service"), **told, **here, on=ON, days=1, topic="crops", done=f"{mark}技术", told_at=AT
    )
    inspection = field.Inspection.objects.create(
        **key("inspection"), **told, kind="inspection", area=village, on=ON, found=f"{mark}发现", told_at=AT
    )
    post = field.Post.objects.create(**here, area_code=code, kind="team_leader", since=LONG_AGO)
    return {"fieldvisit": visit, "matter": matter, "ask": ask, "fieldday": day, "service": service,
            "inspection": inspection, "post": post}  # fmt: skip


def complained(county: Area, household: Household, mark: str, staff: User) -> dict[str, Any]:
    """A letter with a photo and a request to open who wrote it, its officer, and somebody who tried to read it."""
    office, key = {"office_code": county.code, "first_code": county.code}, uuid5(NAMESPACE_OID, f"{mark}letter")
    content = {
        "kind": "conduct", "prohibition": "gifts", "text": f"{mark}反映", "accused": f"{mark}干部", "offices": [],
        "village": household.area_code, "place": f"{mark}地方", "door": "card", "language": "zh", "by": None,
        "away": {"cadres": [], "units": [], "users": []},
    }  # fmt: skip
    letter = letters.Complaint.objects.create(
        id=key, key=key, number_digest=digest(f"{mark}number"), content=json.dumps(content), words="", on=ON, at=AT,
        identity=seal_identity({"name": f"{mark}写信人"}, about=str(key)), state="received", due_on=date(2100, 1, 1), **office,
    )  # fmt: skip
    letters.Step.objects.create(
        complaint=letter, kind="asked", office_code=county.code, text=f"{mark}请补充", by=staff, at=AT, place=1
    )
    photo = letters.Photo.objects.create(complaint=letter, file="letters/none", place=1)
    opening = letters.Opening.objects.create(complaint=letter, why=f"{mark}要核对", asked_by=staff, asked_at=AT)
    other = User.objects.create(username=f"{mark}letters", role="administrator", area=county)
    officer = letters.Officer.objects.create(user=staff, area_code=county.code, since=LONG_AGO, by=other, at=AT)
    letters.Attempt.objects.create(area_code=county.code, user=staff, what="list", path=f"/{mark}/", at=AT)
    return {"letter": letter, "letterphoto": photo, "opening": opening, "officer": officer}


def demanded(household: Household, cadre: Cadre, mark: str, staff: User) -> dict[str, Any]:
    """A demand that stands with a cadre, with a photo and what became of it; a department's desk; a letter that waits."""
    code, key = household.area_code, uuid5(NAMESPACE_OID, f"{mark}demand")
    demand = asked.Demand.objects.create(
        key=key, digest="d" * 64, number_digest=digest(f"{mark}demand"), door="hotline", village=household.village,
        area_code=code, household=household, name=f"{mark}提出人", phone="13800000000", place=f"{mark}地点",
        text=f"{mark}水管坏了", category="water", on=ON, by=staff, at=AT, state="open", rung="cadre", cadre=cadre,
        since=AT, due_on=date(2100, 1, 1), remind_on=date(2099, 12, 31),
    )  # fmt: skip
    asked.Step.objects.create(demand=demand, area_code=code, kind="received", text=f"{mark}说明", by=staff, at=AT)
    answer = asked.Answer.objects.create(
        area_code=code, outcome="explained", text=f"{mark}答复", rule=f"{mark}依据", appeal=f"{mark}申诉", rung="cadre",
        by=staff, at=AT,
    )  # fmt: skip
    asked.Reply.objects.create(answer=answer, demand=demand, area_code=code, told_how="visit", told_at=AT, told_by=staff,
                               word="no", said=f"{mark}不认可", word_at=AT)  # fmt: skip
    photo = Attachment.objects.create(
        about=f"grievances.demand:{demand.pk}", area_code=code, purpose="demand", kind="image", name=f"{mark}.jpg",
        size=1, digest="0" * 64, file="attachments/none", at=AT,
    )  # fmt: skip
    whole = code[:6].ljust(12, "0")
    desk = asked.Desk.objects.create(user=staff, department="water", area_code=whole, since=ON)
    mail = asked.Mail.objects.create(
        id=uuid5(NAMESPACE_OID, f"{mark}mail"), area_code=whole, sender=f"{mark}@example.cn", name=f"{mark}写信人",
        subject=f"{mark}主题", text=f"{mark}来信", note=f"{mark}附件", files=json.dumps([["mails/none", "image", f"{mark}.jpg"]]),
        on=ON, at=AT, told="waiting",
    )  # fmt: skip
    return {"demand": demand, "demandfile": photo, "desk": desk, "mail": mail}


def leaving(county: Area, village: Area, household: Household, mark: str, staff: User) -> dict[str, Any]:
    """A village form, a check with one standing, figures, a village that left, a plan; a yearly round with its list."""
    code = village.code
    by = {"by": staff, "at": AT}
    VillageYear.objects.create(village=village, area_code=code, year=2014, leader=f"{mark}主任", people=900)
    check = ExitCheck.objects.create(
        area=county, area_code=county.code, on=ON, profile="tongwei_2015", version=mark, state="done", finished_at=AT,
        figures={"states": {"ready": {"households": 1, "people": 2}}, "in_the_way": {}, "open": {}, "asks": {}}, **by,
    )  # fmt: skip
    Standing.objects.create(check_of=check, household=household, area_code=code, size=2, state="ready")
    AreaFigure.objects.create(area=county, area_code=county.code, name="approval_rate", value=91, on=ON,
                              source=f"{mark}调查", **by)  # fmt: skip
    VillageExit.objects.create(village=village, area_code=code, on=ON, document=f"{mark}1号", **by)
    PlanTarget.objects.create(area=county, area_code=county.code, year=2015, version=1, villages=1, people=9,
                              why=f"{mark}方案", **by)  # fmt: skip
    adjustment = Adjustment.objects.create(
        area=county, area_code=county.code, year=2014, on=ON, profile="tongwei_2015", state="open", check_of=check,
        figures={"leave": 1, "missing": 1, "return": 0}, proposed_at=AT, **by,
    )  # fmt: skip
    grounds = [{"code": "by_hand", "says": {"zh": f"{mark}名册", "en": f"{mark} list"}}]
    Item.objects.create(round=adjustment, area_code=code, kind="leave", household=household, name=household.head_name,
                        key=str(household.pk), size=2, grounds=grounds)  # fmt: skip
    Item.objects.create(round=adjustment, area_code=code, kind="missing", name=f"{mark}漏评", key=f"{code}:x",
                        place=f"{mark}村", grounds=grounds)  # fmt: skip
    return {"adjustment": adjustment}


def written(county: Area, mark: str, staff: User) -> dict[str, Any]:
    """A what-if; a policy of the county's own that is in force, and its next version as a draft."""
    table = table_of(load("tongwei_2015").benefits["senior_grant"])
    table["title"] = {"zh": f"{mark}高中补助", "en": f"{mark} grant"}
    about = {
        "code": "own_grant",
        "area": county,
        "area_code": county.code,
        "text": to_toml(table),
        "by": staff,
        "at": AT,
    }
    Provision.objects.create(state="in_force", **about)
    scenario = Scenario.objects.create(
        title=f"{mark}测算", area=county, area_code=county.code, on=ON, against=ON, by=staff, at=AT
    )
    return {"provision": Provision.objects.create(state="draft", **about), "scenario": scenario}


def posted(village: Area, mark: str, staff: User) -> dict[str, Any]:
    """A notice with one row, an objection to it by somebody with a name and a photo."""
    notice = Notice.objects.create(
        code=f"CODE{village.code}", kind="first_notice", area=village, area_code=village.code, place=village.name,
        title={"zh": f"{mark}公示", "en": f"{mark} notice"}, rows=canonical([{"key": "1", "name": f"{mark}户主"}]),
        sections="[]", opens_on=ON, days=7, closes_on=None, digest="0" * 64, by=staff, at=AT,
    )  # fmt: skip
    objection = Objection.objects.create(
        notice=notice, area_code=village.code, row="1", form_key=uuid4(), number_digest=digest(village.code),
        text=f"{mark}意见", text_digest="", name=f"{mark}提意见人", phone="19911110000", due_on=ON, at=AT,
    )  # fmt: skip
    photo = Attachment.objects.create(
        about=f"notices.objection:{objection.pk}", area_code=village.code, purpose="objection", kind="image", size=1,
        digest="0" * 64, file="none", at=AT,
    )  # fmt: skip
    return {"notice": notice, "objection": objection, "photo": photo}


def procedures(village: Area, mark: str, staff: User) -> dict[str, Any]:
    """A case at its application on a list, a paper beside it, a sitting and a printed form."""
    procedure = load("tongwei_2015").on(date(2015, 3, 1)).procedures["entry"]
    edition, _made = Edition.objects.get_or_create(
        version=procedure.version,
        defaults={"procedure": "entry", "profile": "tongwei_2015", "written": procedure.written(), "at": AT},
    )
    about = {"area": village, "area_code": village.code, "by": staff, "at": AT}
    made = CaseList.objects.create(procedure="entry", name=f"{mark}第一批", opened_on=ON, **about)
    case = Case.objects.create(
        procedure="entry", edition=edition, kind="newcomer", subject=f"recognition.newcomer:{village.code}",
        label=f"{mark}申请户", list=made, step="application", doers={"opened": [staff.pk]}, why=f"{mark}因病",
        opened_on=ON, last_on=ON, **about,
    )  # fmt: skip
    Act.objects.create(case=case, area_code=village.code, step="application", deed="open", on=ON, why=f"{mark}因病",
                       by=staff, at=AT)  # fmt: skip
    paper = Attachment.objects.create(
        about=f"procedures.case:{case.pk}", area_code=village.code, purpose="application", kind="image", size=1,
        digest="0" * 64, file="none", name=f"{mark}申请.jpg", at=AT,
    )  # fmt: skip
    held = Evaluation.objects.create(list=made, step="evaluation", on=ON, chair=f"{mark}主持", representatives=3,
                                     present=3, minutes=f"{mark}记录", **about)  # fmt: skip
    printed = FormPrint.objects.create(
        case=case, area_code=village.code, step="application", form="application", digest="0" * 64, by=staff, at=AT,
        content_text=canonical({"title": f"{mark}表"}),
    )  # fmt: skip
    return {"case": case, "caselist": made, "casepaper": paper, "sitting": held, "formprint": printed}


def doubted(visit: Any, county: Area, mark: str) -> dict[str, Any]:
    """A visit that is in doubt and was answered for, and a month's call-backs with the one about it."""
    code, county_code = visit.area_code, county.code
    met = [{"sign": "on_leave", "used": [{"path": "visit.on_leave", "value": True}]}]
    Score.objects.create(visit=visit, area_code=code, points=50, met=met, profile="tongwei_2015", at=AT)
    doubt = Flag.objects.create(visit=visit, cadre=visit.cadre, area_code=code, points=50, met=met, state="answered",
                                opened_at=AT, answer_until=ON, answer=f"{mark}提前销假", answered_at=AT)  # fmt: skip
    month = CallBackDraw.objects.create(
        area=county, area_code=county_code, month=ON.replace(day=1), share="0.05", least=1, until=ON, at=AT,
        frame=f"{code},{visit.pk}\n", frame_digest="0" * 64, public="1:0", seed=f"{mark}:1",
    )  # fmt: skip
    asked = CallBack.objects.create(draw=month, visit=visit, household=visit.household, area_code=code, rank=1)
    return {"doubt": doubt, "askedmonth": month, "callback": asked}


def phoned(household: Household, staff: User, mark: str) -> dict[str, Any]:
    """A phone of the county's office, an operation and a conflict that it brought."""
    whole, code = f"{household.area_code[:6]}000000", household.area_code
    device = Device.objects.create(
        install=uuid4(), user=staff, area_code=whole, name=f"{mark}手机", key="x", at=AT, contact_at=AT
    )
    sent = Operation.objects.create(id=uuid4(), device=device, area_code=whole, kind="household.edit", seq=1, told_at=AT,
                                    digest="0" * 64, status="conflict", by=staff, at=AT)  # fmt: skip
    conflict = Conflict.objects.create(
        household=household, area_code=code, field="address", device=device, operation=sent, mine=f"{mark}新址",
        theirs=f"{mark}旧址", told_at=AT, by=staff, at=AT,
    )  # fmt: skip
    return {"device": device, "operation": sent, "conflict": conflict}
