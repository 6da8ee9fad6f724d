"""What is done to a household's file: enrolled, changed, moved, left, removed, reinstated (REG-1, REG-3, REG-10).

Who may do it is asked at the door. Each verb keeps who, when, why, before and after, and the figures of the area right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.core.secrets import digest
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import Changes, put, reason_given, traced
from shuanglian.registry.models import Household, HouseholdLink, Person
from shuanglian.trail import trail

from . import counts, people
from .derived import head_code, settle
from .numbers import household_numbers
from .versions import locked, unchanged_since
from .years import record_year

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

CODES = {
    "kind": "household_class", "standard": "standard", "main_cause": "cause", "other_causes": "cause",
    "status": "exit_mark",
}  # fmt: skip
MAY_CHANGE = frozenset({
    *CODES, "size", "group", "address", "exit_year", "measures", "loan_need", "wish", "relocation", "phone", "bank",
    "bank_account", "lon", "lat",
})  # fmt: skip
DERIVED = ("phone_digest", "bank_digest")


@transaction.atomic
def enrol(
    *, village: Area, head: Mapping[str, Any], values: Mapping[str, Any], on: date, by: User | None, at: datetime,
    number: str = "", why: str = "",
) -> Household:  # fmt: skip
    """Open a household's file with its head (REG-1, REG-3). Without a number the next one of the village is taken."""
    _is_village(village)
    name = str(head.get("name") or "").strip()
    if not name:
        raise Refusal("no_head_name", N_("请填写户主姓名"))
    household = Household(village=village, area_code=village.code, head_name=name, size=1, since=on)
    household.number = number.strip() or next_number(village)
    if Household.objects.filter(number=household.number).exists():
        raise Refusal("number_taken", N_("户编号 {number} 已被使用"), number=household.number)
    put_values(household, {"status": _in_poverty(), **values})
    with traced("households.enrol", by=by, at=at, why=why.strip()):
        household.save()
        people.add(household=household, values={**head, "relation": head_code()}, on=on, by=by, at=at, why=why)
    household.refresh_from_db()
    trail.write("households.enrol", about=household, by=by, at=at, why=why.strip(), number=household.number)
    return household


@transaction.atomic
def change(
    *, household: Household, values: Mapping[str, Any], why: str, by: User | None, at: datetime, seen: int | None = None
) -> Household:
    """Change fields of the file, with the reason; before and after are kept (REG-10). Without a difference nothing."""
    why = reason_given(why)
    household = locked(household)
    unchanged_since(household, seen)
    changes = put_values(household, values)
    if not changes:
        return household
    with traced("households.change", by=by, at=at, why=why):
        household.save(update_fields=[*changes.fields, *DERIVED])
        settle(household, at=at)
    counts.refresh([household.area_code], at=at, households=[household.pk])
    trail.write("households.change", about=household, by=by, at=at, why=why,
                before=changes.before, after=changes.after)  # fmt: skip
    return household


@transaction.atomic
def move(*, household: Household, village: Area, why: str, by: User | None, at: datetime) -> Household:
    """The household lives in another village from now on; its number stays (REG-10)."""
    why = reason_given(why)
    _is_village(village)
    household = locked(household)
    if household.village_id == village.pk:
        raise Refusal("same_village", N_("该户已在{village}"), village=village.name)
    before, before_code = household.village, household.area_code
    household.village, household.area_code = village, village.code
    household.lon = household.lat = None
    with traced("households.move", by=by, at=at, why=why):
        household.save(update_fields=["village", "area_code", "lon", "lat"])
    counts.refresh([before_code, village.code], at=at, households=[household.pk])
    trail.write("households.move", about=household, by=by, at=at, why=why,
                before={"village": f"{before.name}（{before.code}）"},
                after={"village": f"{village.name}（{village.code}）"})  # fmt: skip
    return household


@transaction.atomic
def leave(*, household: Household, on: date, why: str, by: User | None, at: datetime) -> Household:
    """The household has reached the standard and leaves the register on a day (REG-3)."""
    return _go(household, "left_on", on, why, by, at, verb="households.leave")


@transaction.atomic
def remove(*, household: Household, on: date, why: str, by: User | None, at: datetime) -> Household:
    """The household never qualified and is taken off the register on a day (REG-3); its file stays readable."""
    return _go(household, "removed_on", on, why, by, at, verb="households.remove")


@transaction.atomic
def reinstate(*, household: Household, why: str, by: User | None, at: datetime) -> Household:
    """Back on the register: fallen back into poverty, or taken off by mistake (REG-3)."""
    why = reason_given(why)
    household = locked(household)
    if household.left_on is None and household.removed_on is None:
        raise Refusal("stands", N_("该户仍在册"))
    not_merged([household.pk])
    for person in household.people.filter(left_on__isnull=True).exclude(id_digest=""):
        people.refuse_twice(person.id_number, but_for=person.pk, seen_from=by.area if by else None)
    before = {"left_on": _iso(household.left_on), "removed_on": _iso(household.removed_on), "status": household.status}
    fallen_back = household.left_on is not None
    household.left_on = household.removed_on = None
    household.status = (active().codes["exit_mark"].find("返贫") if fallen_back else _in_poverty()) or ""
    with traced("households.reinstate", by=by, at=at, why=why):
        household.save(update_fields=["left_on", "removed_on", "status"])
        settle(household, at=at)
    counts.refresh([household.area_code], at=at, households=[household.pk])
    trail.write("households.reinstate", about=household, by=by, at=at, why=why, before=before,
                after={"status": household.status})  # fmt: skip
    return household


def not_merged(pks: Collection[int]) -> None:
    """A file whose members stand in another one comes back by undoing the merge only (REG-10)."""
    merged = HouseholdLink.objects.filter(
        ~Q(target=F("source")), source__in=pks, kind__in=[HouseholdLink.Kind.MERGE, HouseholdLink.Kind.SAME],
        undone_at__isnull=True,
    ).exclude(Exists(Person.objects.filter(household=OuterRef("source"), left_on__isnull=True)))  # fmt: skip
    if (found := merged.select_related("source").first()) is not None:
        raise Refusal("merged", N_("{number} 已并入他户，恢复请撤销并户"), number=found.source.number)


def _go(
    household: Household, column: str, on: date, why: str, by: User | None, at: datetime, *, verb: str
) -> Household:
    why = reason_given(why)
    household = locked(household)
    if household.left_on is not None or household.removed_on is not None:
        raise Refusal("gone_already", N_("该户已不在册（{on}）"), on=household.left_on or household.removed_on)
    if on < household.since:
        raise Refusal("leaves_before", N_("日期不能早于识别日期 {since}"), since=household.since)
    before = {column: None, "status": household.status}
    setattr(household, column, on)
    if column == "left_on":
        household.status = active().codes["exit_mark"].find("已脱贫") or household.status
    with traced(verb, by=by, at=at, why=why):
        household.save(update_fields=[column, "status"])
    counts.refresh([household.area_code], at=at, households=[household.pk])
    trail.write(verb, about=household, by=by, at=at, why=why, before=before,
                after={column: on.isoformat(), "status": household.status})  # fmt: skip
    return household


def next_number(village: Area) -> str:
    """The village's 12-digit code and a running number, as wide as the village's last one, of four figures or more.

    Of equal width, so that the next is really behind the last: 000025 is followed by 000026, not by 0026 for ever. Who
    enrols in the same village waits until this one is written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7412003))", [village.code])
    own = Household.objects.filter(
        number__gte=village.code, number__lt=f"{village.code}:", number__regex=r"^[0-9]{16,20}$"
    )
    last = own.annotate(long=Length("number")).order_by("-long", "-number").values_list("number", flat=True).first()
    width = max(len(last) - len(village.code), 4) if last else 4
    return f"{village.code}{int(last[12:]) + 1 if last else 1:0{width}d}"


def put_values(household: Household, values: Mapping[str, Any]) -> Changes:
    """Set fields of the file that differ, checked against profile and house rules, digests kept right; not saved."""
    wanted = {name: value for name, value in values.items() if name in MAY_CHANGE}
    household_numbers(wanted)
    _causes(household, wanted)
    _size(household, wanted)
    changes = put(household, wanted, codes=CODES)
    household.phone_digest, household.bank_digest = digest(household.phone), digest(household.bank_account)
    return changes


def _causes(household: Household, values: dict[str, Any]) -> None:
    """One main cause that may stand as such, any number of others, none of them the main one again (REG-2)."""
    main = values.get("main_cause", household.main_cause)
    others = list(values.get("other_causes", household.other_causes) or [])
    known = active().causes
    if main and main in known and not known[main].main:
        raise Refusal("not_a_main_cause", N_("“{cause}”只能作为其他致贫原因"), cause=known[main].label.zh)
    if main and main in others:
        raise Refusal("cause_twice", N_("其他致贫原因不能与主要致贫原因相同"))
    for code in others:
        if code in known and not known[code].other:
            raise Refusal("not_another_cause", N_("“{cause}”只能作为主要致贫原因"), cause=known[code].label.zh)
    if "other_causes" in values:
        values["other_causes"] = list(dict.fromkeys(others))


def _size(household: Household, values: dict[str, Any]) -> None:
    """The size may be more than the members entered so far, never less."""
    if values.get("size") in (None, ""):
        values.pop("size", None)
        return
    entered = household.people.filter(left_on__isnull=True).count() if household.pk else 1
    if int(values["size"]) < max(entered, 1):
        raise Refusal("size_below_members", N_("家庭人口不能少于已登记的 {count} 名成员"), count=max(entered, 1))


def _is_village(area: Area) -> None:
    if area.level != Area.Level.VILLAGE or area.until is not None:
        raise Refusal("not_a_village", N_("请选择现行的行政村或社区"))


def _in_poverty() -> str:
    return active().codes["exit_mark"].find("未脱贫") or ""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


__all__ = ["change", "enrol", "leave", "move", "next_number", "record_year", "reinstate", "remove"]
