"""并户 and 合并重复人员: two files become one, two entries become one; nothing is erased, all of it can be taken back.

What a merge changed is kept as pairs of states in the row history (HouseholdLink.states), so that taking it back puts
exactly those fields back as they stood (undo.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from shuanglian.core.secrets import digest
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given, traced
from shuanglian.organisation.names import spelling_of
from shuanglian.registry import hooks
from shuanglian.registry.account import CHANNELS
from shuanglian.registry.hooks import Act
from shuanglian.registry.models import AccountPart, Household, HouseholdLink, HouseholdYear, Person
from shuanglian.trail import trail

from . import counts, parts
from .derived import account, head_code, settle
from .moves import Kind, day_is_past, go_over, heir_of, locked_pair, make_head, must_stand, standing, tie
from .splits import DIVISIBLE, latest_account
from .versions import locked

if TYPE_CHECKING:
    from django.db.models import Model

    from shuanglian.accounts.models import User

HOUSEHOLD_FIELDS = ("group", "address", "phone", "bank", "bank_account", "kind", "standard", "main_cause",
                    "other_causes", "exit_year", "measures", "loan_need", "wish", "relocation")  # fmt: skip
PERSON_FIELDS = (
    "name", "id_number", "sex", "born_on", "ethnic", "education", "schooling", "health", "labour", "work_place",
    "work_months", "political", "medical_insurance", "serious_insurance", "pension_insurance", "dibao",
    "disability_card", "phone",
)  # fmt: skip
TRACKED: dict[str, type[Model]] = {
    "registry.household": Household, "registry.person": Person, "registry.householdyear": HouseholdYear,
    "registry.accountpart": AccountPart,
}  # fmt: skip
Versions = dict[str, dict[int, int]]


@transaction.atomic
def merge(
    *, kept: Household, closed: Household, relations: Mapping[int, str], on: date, why: str, by: User | None,
    at: datetime, same: Mapping[int, int] | None = None, take: Collection[str] = (),
    take_of: Mapping[int, Collection[str]] | None = None, suspicion: str = "",
) -> HouseholdLink:  # fmt: skip
    """One file takes in the members of another, which is closed; the number, the pairing and the plan of `kept` stay.

    relations: member of `closed` → relation to the head of `kept`. same: member of `closed` → member of `kept` who is
    the same person; that entry ends. take: fields of the file that `closed` is right about; take_of: the same of an
    entry that ends. Accounts of the latest year are added up.
    """
    why, same = reason_given(why), dict(same or {})
    kept, closed = locked_pair(kept, closed)
    going = [one for one in standing(closed) if one.pk not in same]
    twins = _twins(kept, closed, same)
    day_is_past(on, since=max(closed.since, kept.since), at=at)
    before = versions(kept, closed)
    act = Act(Kind.MERGE, closed, kept, tuple(one.pk for one in going), same, True, on, why, by, at)
    with traced("households.merge", by=by, at=at, why=why):
        _take_household(kept, closed, take)
        for gone, stays in twins:
            _end_entry(gone, stays, (take_of or {}).get(gone.pk, ()), on)
        go_over(going, kept, relations)
        kept.size = kept.size + max(closed.size - len(same), len(going))
        kept.save(update_fields=["size"])
        _add_up(kept, closed, apart=not same)
        _close(closed, on)
        settle(kept, at=at)
        link = tie(act, going, states={}, suspicion=suspicion)
    _keep_states(link, before, versions(kept, closed))
    counts.refresh({kept.area_code, closed.area_code}, at=at, households=[kept.pk, closed.pk])
    trail.write("households.merge", about=kept, by=by, at=at, why=why, closed=closed.number, on=on.isoformat(),
                people=[one.name for one in going], same=len(same), taken=sorted(take))  # fmt: skip
    return link


@transaction.atomic
def same_person(
    *, kept: Person, gone: Person, on: date, why: str, by: User | None, at: datetime, take: Collection[str] = (),
    successor: Person | None = None, suspicion: str = "",
) -> HouseholdLink:  # fmt: skip
    """Two entries are one person: `gone` ends and `kept` stays, with the fields that `gone` is right about.

    A head's entry that ends in the household of the other hands its place over to it; elsewhere a successor is named.
    The last entry of another household closes that file.
    """
    why = reason_given(why)
    source, target = _their_files(gone, kept)
    gone, kept = _entry(gone, source), _entry(kept, target)
    day_is_past(on, since=max(gone.since, source.since), at=at)
    others = standing(source).exclude(pk=gone.pk)
    closes = not others.exists()
    before = versions(target, source)
    act = Act(Kind.SAME, source, target, (), {gone.pk: kept.pk}, closes, on, why, by, at)
    with traced("people.merge", by=by, at=at, why=why):
        if gone.relation == head_code() and not closes:
            make_head(kept if source.pk == target.pk else heir_of(source, [gone.pk], successor))
        _end_entry(gone, kept, take, on)
        _close(source, on) if closes else settle(source, at=at, gone=1)
        if source.pk != target.pk:
            settle(target, at=at)
        link = tie(act, [gone], states={}, suspicion=suspicion)
    _keep_states(link, before, versions(target, source))
    counts.refresh({source.area_code, target.area_code}, at=at, households=[source.pk, target.pk])
    trail.write("people.merge", about=target, by=by, at=at, why=why, kept=kept.pk, gone=gone.pk, name=gone.name,
                on=on.isoformat(), taken=sorted(take))  # fmt: skip
    return link


def foresee(
    *, kept: Household, closed: Household, same: Mapping[int, int], on: date, by: User | None, at: datetime
) -> list[str]:  # fmt: skip
    """What rooms above will do when two files are merged, in sentences."""
    people = tuple(one.pk for one in standing(closed) if one.pk not in same)
    return hooks.foresee(Act(Kind.MERGE, closed, kept, people, same, True, on, "", by, at))


def foresee_same(*, kept: Person, gone: Person, on: date, by: User | None, at: datetime) -> list[str]:
    """What rooms above will do when two entries become one, in sentences."""
    closes = not standing(gone.household).exclude(pk=gone.pk).exists()
    act = Act(Kind.SAME, gone.household, kept.household, (), {gone.pk: kept.pk}, closes, on, "", by, at)
    return hooks.foresee(act)


# --- states ---------------------------------------------------------------------------------------------------------
def versions(*files: Household) -> Versions:
    """Table → row → its latest state in the row history, of two files with everybody and every account in them."""
    keys = {file.pk for file in files}
    inside = {"registry.household": {"pk__in": keys}}
    told: Versions = {}
    for label, model in TRACKED.items():
        rows = model._default_manager.filter(**inside.get(label, {"household__in": keys}))
        told[label] = dict(rows.annotate(state=Max("events__pgh_id")).values_list("pk", "state"))
    return told


def _keep_states(link: HouseholdLink, before: Versions, after: Versions) -> None:
    """Note what the merge changed: [state before, state after]; null before is a row that it made."""
    link.states = {
        label: {str(pk): [before[label].get(pk), state] for pk, state in rows.items() if before[label].get(pk) != state}
        for label, rows in after.items()
    }
    link.save(update_fields=["states"])


# --- parts ----------------------------------------------------------------------------------------------------------
def _twins(kept: Household, closed: Household, same: Mapping[int, int]) -> list[tuple[Person, Person]]:
    ours, theirs = ({one.pk: one for one in standing(file)} for file in (kept, closed))
    if any(gone not in theirs or stays not in ours for gone, stays in same.items()):
        raise Refusal("not_a_member", N_("认定为同一人的两条须分别在两户在册"))
    if len(set(same.values())) < len(same):
        raise Refusal("same_twice", N_("一条记录只能对应一条"))
    return [(theirs[gone], ours[stays]) for gone, stays in same.items()]


def _their_files(gone: Person, kept: Person) -> tuple[Household, Household]:
    if gone.pk == kept.pk:
        raise Refusal("same_entry", N_("请选择另外一条记录"))
    if gone.household_id != kept.household_id:
        return locked_pair(gone.household, kept.household)
    file = locked(gone.household)
    must_stand(file)
    return file, file


def _entry(person: Person, file: Household) -> Person:
    found = standing(file).filter(pk=person.pk).first()
    if found is None:
        raise Refusal("not_a_member", N_("{name}不是该户在册成员"), name=person.name)
    found.household = file
    return found


def _take_household(kept: Household, closed: Household, take: Collection[str]) -> None:
    """Fields of the file that the other one is right about; a main cause is none of the others (REG-2)."""
    wanted = [name for name in HOUSEHOLD_FIELDS if name in take]
    for name in wanted:
        setattr(kept, name, getattr(closed, name))
    kept.other_causes = [code for code in kept.other_causes if code != kept.main_cause]
    kept.phone_digest, kept.bank_digest = digest(kept.phone), digest(kept.bank_account)
    kept.save(update_fields=[*wanted, "other_causes", "phone_digest", "bank_digest"])


def _end_entry(gone: Person, stays: Person, take: Collection[str], on: date) -> None:
    gone.left_on = max(on, gone.since)
    gone.save(update_fields=["left_on"])
    wanted = [name for name in PERSON_FIELDS if name in take]
    for name in wanted:
        setattr(stays, name, getattr(gone, name))
    stays.id_digest, stays.pinyin = digest(stays.id_number), spelling_of(stays.name)
    stays.since = min(stays.since, gone.since)
    stays.save(update_fields=[*wanted, "id_digest", "pinyin", "since"])


def _add_up(kept: Household, closed: Household, apart: bool) -> None:
    """The accounts of the latest year as one: amounts added up, everything else as the kept file says.

    Files that hold the same people tell of the same money: nothing is added then, only a later account taken over.
    """
    ours, theirs = latest_account(kept), latest_account(closed)
    if theirs is None or (ours is not None and (ours.year > theirs.year or (ours.year == theirs.year and not apart))):
        return
    if ours is None or ours.year < theirs.year:
        ours = HouseholdYear(household=kept, area_code=kept.area_code, year=theirs.year)
    for name in DIVISIBLE:
        setattr(ours, name, _sum((getattr(ours, name), getattr(theirs, name))))
    if ours.transfer_paid is not None:  # payments stay where they were paid: what the other file had counts as declared
        ours.transfer_declared = ours.income_transfer
    for column in HouseholdYear._meta.concrete_fields:
        name = column.attname
        if name not in _OWN and getattr(ours, name) in (None, ""):
            setattr(ours, name, getattr(theirs, name))
    account(ours, kept.size)
    ours.save()
    parts.add_up(kept=kept, closed=closed, year=ours.year, wholes={name: getattr(ours, name) for name in CHANNELS})


_OWN = frozenset({"id", "household_id", "area_code", "year", *DIVISIBLE, "net_income", "income_per_head",
                  "transfer_declared", "transfer_paid"})  # fmt: skip


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def _close(file: Household, on: date) -> None:
    """A file whose members stand elsewhere now: off the register, readable for ever."""
    file.removed_on, file.size = max(on, file.since), 0
    file.save(update_fields=["removed_on", "size"])
