"""Two small counties side by side, everything that can be shown in either, and one person of every role and level.

What belongs to the other county carries a word found nowhere else (MARK), so a leak can be read off any answer.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

from shuanglian.accounts.models import User
from shuanglian.adjustment.models import Item
from shuanglian.adjustment.models import Round as Adjustment
from shuanglian.areas.models import Area, AreaTag
from shuanglian.attachments.models import Attachment
from shuanglian.benefits.models import Decision, Due, Payment, Provision, Scenario, Step
from shuanglian.benefits.models import Round as BenefitRound
from shuanglian.core.secrets import digest
from shuanglian.exits.models import AreaFigure, ExitCheck, PlanTarget, Standing, VillageExit
from shuanglian.fieldwork import models as field
from shuanglian.jobs.models import Job
from shuanglian.lookback.models import Assignment, Campaign, Draw, Drawn, Visit
from shuanglian.notices.models import Notice, Objection, canonical
from shuanglian.organisation.models import Absence, Cadre, Unit, UnitAccount
from shuanglian.pairing.models import (
    ExitVillage,
    LeaderLink,
    Pairing,
    ProposedLink,
    ProposedPair,
    Relative,
    Round,
    VillageLink,
    Wish,
)
from shuanglian.phone.models import Conflict, Device, Operation
from shuanglian.plans import content
from shuanglian.plans.models import Agreement, HouseholdPlan, Measure, Progress
from shuanglian.procedures.models import Act, Case, CaseList, Edition, Evaluation, FormPrint
from shuanglian.recognition.models import Kin
from shuanglian.registry.models import (
    Flag,
    FlagException,
    Household,
    HouseholdLink,
    HouseholdSuspicion,
    HouseholdYear,
    Person,
    Statement,
    Suspicion,
    VillageYear,
)
from shuanglian.rules.benefit_text import table_of, to_toml
from shuanglian.rules.profile import load
from shuanglian.sheets.models import Batch, Finding
from shuanglian.trail.models import Entry

MARK = "邻人"
AT = datetime(2015, 3, 1, 8, tzinfo=UTC)
ON = date(2015, 3, 1)
LONG_AGO = date(2012, 1, 1)


@dataclass
class Place:
    """One county's rows, by model name."""

    county: Area
    township: Area
    village: Area
    other_village: Area
    rows: dict[str, Any]


def tree() -> dict[str, Area]:
    """Province, city, two counties with a township and two villages each; 甲县 is ours, 乙县 the neighbour's."""
    made: dict[str, Area] = {}

    def area(code: str, name: str, level: int, parent: str | None) -> None:
        made[code] = Area.objects.create(
            code=code,
            name=name,
            level=level,
            parent=made[parent] if parent else None,
            since=LONG_AGO,
            lon=105.2,
            lat=35.2,
        )

    area("620000000000", "甘肃省", 1, None)
    area("621100000000", "定西市", 2, "620000000000")
    for county, mark in (("621121", ""), ("621122", MARK)):
        area(f"{county}000000", f"{mark or '通渭'}县", 3, "621100000000")
        for town in ("100", "101"):
            area(f"{county}{town}000", f"{mark}{'东' if town == '100' else '西'}乡", 4, f"{county}000000")
            for village in ("201", "202"):
                area(
                    f"{county}{town}{village}",
                    f"{mark}{'上' if village == '201' else '下'}村{town}",
                    5,
                    f"{county}{town}000",
                )
    return made


def place(areas: dict[str, Area], county: str, mark: str, staff: User) -> Place:
    """Every kind of row in one county, all of it in the first township's first village."""
    whole, town, village = areas[f"{county}000000"], areas[f"{county}100000"], areas[f"{county}100201"]
    code, rows = village.code, {}
    rows["tag"] = AreaTag.objects.create(area=village, tag="poor_village", since=LONG_AGO)
    ExitVillage.objects.create(village=village, area_code=code, year=2016)
    unit = Unit.objects.create(
        code=f"U{county}",
        name=f"{mark}水利局",
        kind="",
        tier="county",
        strength=3,
        area=whole,
        area_code=whole.code,
        since=LONG_AGO,
    )
    cadres = [
        Cadre.objects.create(
            number=f"G{county}{i}", name=f"{mark}干部{i}", unit=unit, rank="section", area_code=whole.code, since=LONG_AGO,
            id_number=f"62119919700101{i}019", id_digest=digest(f"62119919700101{i}019"), phone=f"1990000{county[-1]}{i}00",
        )
        for i in range(2)
    ]  # fmt: skip
    rows["absence"] = Absence.objects.create(cadre=cadres[1], kind="leave", since=ON)
    households = [
        Household.objects.create(
            number=f"{code}{i:06d}", head_name=f"{mark}户主{i}", village=village, area_code=code, main_cause="01", status="0", size=2,
            phone=f"1991111{county[-1]}{i}00", bank_account="6222020200112233", since=LONG_AGO,
        )
        for i in range(2)
    ]  # fmt: skip
    for household in households:
        for j in range(2):
            Person.objects.create(
                household=household, area_code=code, name=f"{mark}成员{household.pk}{j}", relation="01", sex="1", born_on=date(1970, 1, 1),
                id_number=f"62119919700101{j}{household.pk % 100:02d}X", since=LONG_AGO,
            )  # fmt: skip
        HouseholdYear.objects.create(
            household=household, area_code=code, year=2014, income_wage=1000, net_income=2000, income_per_head=1000
        )
    people = list(Person.objects.filter(household=households[0]))
    rows |= _phone(households[0], staff, mark)
    rows["flag"] = Flag.objects.create(rule="phone", household=households[0], area_code=code, since=ON)
    rows["exception"] = FlagException.objects.create(
        rule="land_required", household=households[0], area_code=code, why=f"{mark}理由", digest="", on=ON,
        until=date(2100, 1, 1), by=staff, at=AT,
    )  # fmt: skip
    rows["suspicion"] = Suspicion.objects.create(one=people[0], other=people[1], area_code=code, why="name", score=0.9)
    rows["alike"] = HouseholdSuspicion.objects.create(
        one=households[0], other=households[1], area_code=code, why="same_phone", score=0.35
    )
    rows["merged"] = HouseholdLink.objects.create(
        kind="merge", source=households[1], target=households[0], area_code=code, on=ON, why=f"{mark}合户", at=AT,
        people=[{"person": people[0].pk, "name": people[0].name}],
    )  # fmt: skip
    round_ = Round.objects.create(
        area=whole,
        area_code=whole.code,
        year=2015,
        name=f"{mark}2015年结对",
        state="proposed",
        profile="tongwei_2015",
        on=ON,
        by=staff,
        created_at=AT,
        solved_at=AT,
    )
    rows["proposedlink"] = ProposedLink.objects.create(
        round=round_, unit=unit, village=village, area_code=code, change="kept"
    )
    rows["proposedpair"] = ProposedPair.objects.create(
        round=round_, household=households[0], cadre=cadres[0], area_code=code, change="kept"
    )
    ProposedPair.objects.create(
        round=round_, household=households[1], cadre=None, area_code=code, change="none", why="no_room"
    )
    rows["wish"] = Wish.objects.create(
        round=round_, kind="pin", cadre=cadres[0], household=households[0], why=f"{mark}理由", by=staff, at=AT
    )
    rows["villagelink"] = VillageLink.objects.create(unit=unit, village=village, area_code=code, since=LONG_AGO)
    rows["pairing"] = Pairing.objects.create(household=households[0], cadre=cadres[0], area_code=code, since=LONG_AGO)
    rows["kin"] = Kin.objects.create(
        user=staff, household=households[1], area_code=code, relation=f"{mark}堂兄", by=staff, at=AT
    )
    rows["relative"] = Relative.objects.create(cadre=cadres[1], household=households[1], note=f"{mark}叔侄", since=ON)
    rows["leaderlink"] = LeaderLink.objects.create(leader=cadres[0], township=town, area_code=town.code, since=LONG_AGO)
    job = Job.objects.create(kind="registry.ledger", title=f"{mark}台账", area_code=whole.code, by=staff, created_at=AT)
    batch = Batch.objects.create(
        kind="households",
        state="checked",
        file_name=f"{mark}名册.xlsx",
        file="none",
        file_sha256="0" * 64,
        area=whole,
        area_code=whole.code,
        year=2015,
        by=staff,
        created_at=AT,
    )
    rows["finding"] = Finding.objects.create(
        batch=batch,
        sheet="贫困户",
        row=4,
        column="C",
        header="姓名",
        value=f"{mark}值",
        code="id_check",
        severity="error",
    )
    rows |= benefits(whole, households[0], people[0], mark, staff) | written(whole, mark, staff)
    rows |= posted(village, mark, staff) | procedures(village, mark, staff)
    rows |= looked_back(whole, households[0], mark, staff)
    rows |= planned(households[0], mark, staff)
    rows |= worked(households[0], cadres[0], mark, staff)
    rows |= leaving(whole, village, households[0], mark, staff)
    entry = Entry.objects.create(
        at=AT,
        verb="households.enrol",
        by_id=staff.pk,
        by_name=str(staff),
        area_code=code,
        about_label=f"{mark}户",
        details={},
    )
    rows |= {
        "unit": unit, "cadre": cadres[0], "household": households[0], "person": people[0], "round": round_, "job": job, "batch": batch,
        "entry": Entry.objects.get(number=Entry.objects.order_by("-number").values_list("number", flat=True)[0]) if entry else None,
        "year": HouseholdYear.objects.get(household=households[0]), "user": staff,
    }  # fmt: skip
    return Place(whole, town, village, areas[f"{county}100202"], rows)


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
    return {"householdplan": plan, "agreement": agreement, "planline": measure, "planprogress": progress}


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
    field.Breach.objects.create(
        key=key("breach")["key"], area_code=f"{code[:6]}000000", at=AT, sealed=json.dumps({
            "prohibition": "gifts", "text": f"{mark}反映", "household": household.pk, "number": household.number,
            "head": household.head_name, "village": village.pk, "cadres": [cadre.pk], "units": [cadre.unit_id],
        }),
    )  # fmt: skip
    return {"fieldvisit": visit, "matter": matter, "ask": ask, "fieldday": day, "service": service,
            "inspection": inspection, "post": post}  # fmt: skip


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


def _phone(household: Household, staff: User, mark: str) -> dict[str, Any]:
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


def user(name: str, role: str, area: Area | None) -> User:
    made = User(username=name, role=role, area=area, full_name=name)
    made.set_password("a-password-for-tests")
    made.save()
    return made


def everybody(here: Place, areas: dict[str, Area]) -> dict[str, User]:
    """One user of every role and level, all of our county or below it; the unit's and the cadre's with theirs."""
    people = {
        "office_county": user("office_county", "programme_office", here.county),
        "office_township": user("office_township", "programme_office", areas["621121101000"]),
        "unit": user("unit", "unit", here.county),
        "cadre": user("cadre", "cadre", here.county),
        "village": user("village", "village_committee", areas["621121101202"]),
        "leader_county": user("leader_county", "leader", here.county),
        "leader_township": user("leader_township", "leader", areas["621121101000"]),
        "inspector": user("inspector", "inspector", here.county),
        "auditor": user("auditor", "auditor", here.county),
        "administrator": user("administrator", "administrator", here.county),
        "nobody": user("nobody", "programme_office", None),
        "strange_role": user("strange_role", "no_such_role", here.county),
    }
    Cadre.objects.filter(number="G6211211").update(user=people["cadre"])
    UnitAccount.objects.create(
        user=people["unit"],
        unit=Unit.objects.create(
            code="U-ours",
            name="我们的单位",
            tier="county",
            strength=1,
            area=here.county,
            area_code=here.county.code,
            since=LONG_AGO,
        ),
    )
    return people
