"""What is done to members of a household: added, changed, gone; the head is always exactly one (REG-1, REG-10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.core.secrets import digest
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.organisation.changes import Changes, put, reason_given, traced
from shuanglian.organisation.names import spelling_of
from shuanglian.registry import asof
from shuanglian.registry.models import Household, Person
from shuanglian.trail import trail

from . import counts
from .derived import head_code, settle
from .numbers import person_numbers, refuse_twice
from .versions import locked, unchanged_since

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

CODES = {
    "sex": "sex", "relation": "relation", "ethnic": "ethnicity", "education": "education", "schooling": "schooling",
    "health": "health", "labour": "labour_skill", "work_place": "work_place", "political": "politics",
}  # fmt: skip
SEALED = ("id_number", "disability_card", "phone")
MAY_CHANGE = frozenset({
    *CODES, *SEALED, "name", "born_on", "work_months", "medical_insurance", "serious_insurance", "pension_insurance",
    "dibao",
})  # fmt: skip
DERIVED = ("id_digest", "pinyin")


@transaction.atomic
def add(
    *, household: Household, values: Mapping[str, Any], on: date, by: User | None, at: datetime, why: str = ""
) -> Person:
    """A person joins a household: born, married in, come back, or missed before. Not twice in the register (REG-1)."""
    household = locked(household)
    person = Person(household=household, area_code=household.area_code, since=on)
    _put(person, values, by)
    if not person.name or not person.relation:
        raise Refusal("incomplete", N_("请填写姓名和与户主关系"))
    _one_head(person)
    person.number = next_number(household)
    with traced("people.add", by=by, at=at, why=why.strip()):
        person.save()
        settle(household, at=at)
    counts.refresh([household.area_code], at=at, households=[household.pk])
    trail.write("people.add", about=household, by=by, at=at, why=why.strip(), person=person.pk, name=person.name,
                relation=active().codes["relation"].label(person.relation))  # fmt: skip
    return person


@transaction.atomic
def change(
    *, person: Person, values: Mapping[str, Any], why: str, by: User | None, at: datetime, seen: int | None = None
) -> Person:
    """Change what is known about a member, with the reason (REG-10). No difference: nothing written."""
    why = reason_given(why)
    household = locked(person.household)
    person = Person.objects.get(pk=person.pk)
    person.household = household
    unchanged_since(person, seen)
    changes = _put(person, values, by)
    if not changes:
        return person
    if not person.name or not person.relation:
        raise Refusal("incomplete", N_("请填写姓名和与户主关系"))
    if "relation" in changes.after:
        _one_head(person)
    with traced("people.change", by=by, at=at, why=why):
        person.save(update_fields=[*changes.fields, *DERIVED])
        settle(household, at=at)
    counts.refresh([household.area_code], at=at, households=[household.pk])
    trail.write("people.change", about=household, by=by, at=at, why=why, person=person.pk, name=person.name,
                before=changes.before, after=changes.after)  # fmt: skip
    return person


@transaction.atomic
def leave(
    *, person: Person, on: date, why: str, by: User | None, at: datetime, successor: Person | None = None
) -> Person:
    """A member leaves the household after a day: died, married out, moved. A head names who follows as head."""
    why = reason_given(why)
    household = locked(person.household)
    person = Person.objects.get(pk=person.pk)
    if person.left_on is not None:
        raise Refusal("left_already", N_("该成员已于 {on} 减员"), on=person.left_on)
    if on < person.since:
        raise Refusal("leaves_before", N_("减员日期不能早于登记日期 {since}"), since=person.since)
    heir = _heir(household, person, successor)
    person.left_on = on
    with traced("people.leave", by=by, at=at, why=why):
        person.save(update_fields=["left_on"])
        if heir is not None:
            heir.relation = head_code()
            heir.save(update_fields=["relation"])
        settle(household, at=at, gone=1)
    counts.refresh([household.area_code], at=at, households=[household.pk])
    trail.write("people.leave", about=household, by=by, at=at, why=why, person=person.pk, name=person.name,
                on=on.isoformat(), head=heir.name if heir else "")  # fmt: skip
    return person


def _heir(household: Household, person: Person, successor: Person | None) -> Person | None:
    others = Person.objects.filter(household=household, left_on__isnull=True).exclude(pk=person.pk)
    if person.relation != head_code():
        return None
    if not others.exists():
        raise Refusal("last_member", N_("这是户里最后一人：请办理整户退出或剔除"))
    heir = others.filter(pk=successor.pk).first() if successor else None
    if heir is None:
        raise Refusal("head_leaves", N_("户主减员须先指定新户主"))
    return heir


def _put(person: Person, values: Mapping[str, Any], by: User | None) -> Changes:
    wanted = {name: value for name, value in values.items() if name in MAY_CHANGE}
    read = person_numbers(wanted)
    if wanted.get("id_number") and wanted["id_number"] != person.id_number:
        refuse_twice(wanted["id_number"], but_for=person.pk, seen_from=by.area if by else None)
    if read is not None:
        _agrees(wanted, read.birth, read.sex)
        wanted["born_on"] = wanted.get("born_on") or person.born_on or read.birth
        wanted["sex"] = wanted.get("sex") or person.sex or _sex_code(read.sex)
    changes = put(person, wanted, codes=CODES)
    person.id_digest, person.pinyin = digest(person.id_number), spelling_of(person.name)
    return changes


def _agrees(values: Mapping[str, Any], birth: date | None, sex: str | None) -> None:
    """Birth date and sex as typed against what the identity number says."""
    if values.get("born_on") and values["born_on"] != birth:
        raise Refusal("birth_and_id", N_("出生日期与证件号码不符：号码里是 {birth}"), birth=birth)
    item = active().codes["sex"].by_code.get(values.get("sex") or "")
    if item is not None and item.group in ("male", "female") and item.group != sex:
        label = active().codes["sex"].label(_sex_code(sex))
        raise Refusal("sex_and_id", N_("性别与证件号码不符：号码里是 {sex}"), sex=Said(label))


def _sex_code(group: str | None) -> str:
    return next((item.code for item in active().codes["sex"] if item.group == group), "")


def _one_head(person: Person) -> None:
    """Exactly one head: nobody becomes head beside another, and the head does not cease to be one by a slip."""
    heads = Person.objects.filter(household=person.household, left_on__isnull=True, relation=head_code())
    others = heads.exclude(pk=person.pk).exists()
    if person.relation == head_code() and others:
        raise Refusal("second_head", N_("本户已有户主；请先用“更换户主”改变原户主的关系"))
    if person.relation != head_code() and not others:
        raise Refusal("no_head", N_("本户须有一名户主；请用“更换户主”指定新户主"))


@transaction.atomic
def change_head(
    *, household: Household, successor: Person, old_relation: str, why: str, by: User | None, at: datetime
) -> Household:
    """Another member becomes head; the former head gets the relation to the new one that is named (REG-1)."""
    why = reason_given(why)
    household = locked(household)
    people = Person.objects.filter(household=household, left_on__isnull=True)
    heir = people.filter(pk=successor.pk).first()
    if heir is None:
        raise Refusal("not_a_member", N_("新户主须是本户在册成员"))
    if old_relation == head_code() or old_relation not in active().codes["relation"]:
        raise Refusal("relation", N_("请选择原户主与新户主的关系"))
    with traced("people.change_head", by=by, at=at, why=why):
        former = people.filter(relation=head_code()).exclude(pk=heir.pk).first()
        if former is not None:
            former.relation = old_relation
            former.save(update_fields=["relation"])
        heir.relation = head_code()
        heir.save(update_fields=["relation"])
        settle(household, at=at)
    counts.refresh([household.area_code], at=at, households=[household.pk])
    trail.write("people.change_head", about=household, by=by, at=at, why=why,
                before={"head_name": former.name if former else ""}, after={"head_name": heir.name})  # fmt: skip
    return household


def next_number(household: Household) -> str:
    """The household's number and two figures more, as rosters number members; never one that somebody had before."""
    with unscoped():
        had = asof.events_of(Person).filter(household_id=household.pk).values_list("number", flat=True)
        taken = {*had, *Person.objects.filter(household=household).values_list("number", flat=True)}
    tails = (number.removeprefix(household.number) for number in taken if number.startswith(household.number))
    return f"{household.number}{max((int(tail) for tail in tails if tail.isdecimal()), default=0) + 1:02d}"[:30]
