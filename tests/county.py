"""Two small counties side by side, everything that can be shown in either, and one person of every role and level.

What belongs to the other county carries a word found nowhere else (MARK), so a leak can be read off any answer.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area, AreaTag
from shuanglian.core.secrets import digest
from shuanglian.jobs.models import Job
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
from shuanglian.recognition.models import Kin
from shuanglian.registry.models import (
    Flag,
    FlagException,
    Household,
    HouseholdLink,
    HouseholdSuspicion,
    HouseholdYear,
    Person,
    Suspicion,
)
from shuanglian.sheets.models import Batch, Finding
from shuanglian.trail.models import Entry

from . import county_voices as voices
from .county_rooms import (
    AT,
    LONG_AGO,
    ON,
    benefits,
    complained,
    demanded,
    doubted,
    leaving,
    looked_back,
    phoned,
    planned,
    posted,
    procedures,
    worked,
    written,
)

MARK = "邻人"


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
    rows |= phoned(households[0], staff, mark)
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
    rows |= doubted(rows["fieldvisit"], whole, mark)
    rows |= leaving(whole, village, households[0], mark, staff)
    rows |= complained(whole, households[0], mark, staff)
    rows |= demanded(households[0], cadres[0], mark, staff)
    rows |= voices.watched(whole, households[0], rows["due"], mark, staff)
    rows |= voices.disputed(village, mark, staff)
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
