"""A member goes over to another household with the whole history (REG-10); what splits and merges share.

The person's row stays the same row: statements, dues and everything else that names the person go along.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given, traced
from shuanglian.registry import hooks
from shuanglian.registry.hooks import Act
from shuanglian.registry.models import Household, HouseholdLink, Person, Statement, Suspicion
from shuanglian.trail import trail

from . import counts
from .derived import head_code, settle
from .people import next_number
from .versions import locked

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

Kind = HouseholdLink.Kind


@transaction.atomic
def move(
    *, person: Person, target: Household, relation: str, on: date, why: str, by: User | None, at: datetime,
    successor: Person | None = None,
) -> HouseholdLink:  # fmt: skip
    """A member lives with another household from a day on. A head who goes names who follows as head.

    The last member does not move: then the households merge (merges.merge).
    """
    why = reason_given(why)
    source, target = locked_pair(person.household, target)
    person = standing_member(source, person)
    others = standing(source).exclude(pk=person.pk)
    if not others.exists():
        raise Refusal("last_member_moves", N_("这是户里最后一人：请办理并户"))
    day_is_past(on, since=person.since, at=at)
    heir = heir_of(source, [person.pk], successor)
    act = Act(Kind.MOVE, source, target, (person.pk,), {}, False, on, why, by, at)
    with traced("people.move", by=by, at=at, why=why):
        go_over([person], target, {person.pk: relation})
        make_head(heir)
        settle(source, at=at, gone=1)
        settle(target, at=at, gone=-1)
        link = tie(act, [person])
    counts.refresh({source.area_code, target.area_code}, at=at, households=[source.pk, target.pk])
    trail.write("people.move", about=source, by=by, at=at, why=why, person=person.pk, name=person.name,
                target=target.number, on=on.isoformat(), head=heir.name if heir else "")  # fmt: skip
    return link


def foresee(
    *, person: Person, target: Household, on: date, by: User | None, at: datetime
) -> list[str]:  # fmt: skip
    """What rooms above will do when a member moves, in sentences."""
    return hooks.foresee(Act(Kind.MOVE, person.household, target, (person.pk,), {}, False, on, "", by, at))


# --- shared with splits and merges ----------------------------------------------------------------------------------
def locked_pair(one: Household, other: Household) -> tuple[Household, Household]:
    """Both files as they stand, kept from others until the transaction ends; locked in one order by everybody."""
    if one.pk == other.pk:
        raise Refusal("same_household", N_("请选择另外一户"))
    found = {row.pk: locked(row) for row in sorted((one, other), key=lambda row: row.pk)}
    for row in found.values():
        must_stand(row)
    return found[one.pk], found[other.pk]


def must_stand(household: Household) -> None:
    if household.left_on is not None or household.removed_on is not None:
        raise Refusal("not_standing", N_("{number} 已不在册"), number=household.number)


def standing(household: Household):  # type: ignore[no-untyped-def]  # a ScopedQuerySet
    return Person.objects.filter(household=household, left_on__isnull=True).order_by("pk")


def standing_member(household: Household, person: Person) -> Person:
    """The person as it stands now, a member of that household; a Refusal otherwise."""
    found = standing(household).filter(pk=person.pk).first()
    if found is None:
        raise Refusal("not_a_member", N_("{name}不是该户在册成员"), name=person.name)
    found.household = household
    return found


def day_is_past(on: date, *, since: date, at: datetime) -> None:
    """The day is not to come and not before the row began."""
    if on > clock.day_of(at):
        raise Refusal("day_ahead", N_("日期不能晚于今天"))
    if on < since:
        raise Refusal("day_before", N_("日期不能早于登记日期 {since}"), since=since)


def heir_of(household: Household, going: Iterable[int], successor: Person | None) -> Person | None:
    """Who becomes head of those who stay when the head is among those who go; a Refusal while nobody is named."""
    going = list(going)
    stay = standing(household).exclude(pk__in=going)
    if stay.filter(relation=head_code()).exists() or not stay.exists():
        return None
    heir = stay.filter(pk=successor.pk).first() if successor else None
    if heir is None:
        raise Refusal("head_leaves", N_("户主迁出须先指定留下的人中谁为新户主"))
    return heir


def make_head(heir: Person | None) -> None:
    if heir is not None:
        heir.relation = head_code()
        heir.save(update_fields=["relation"])


def go_over(people: Iterable[Person], target: Household, relations: Mapping[int, str]) -> None:
    """Rows of members into another household: relation to its head, its numbers, its place. Never a second head."""
    known, has_head = active().codes["relation"], standing(target).filter(relation=head_code()).exists()
    for person in people:
        relation = relations.get(person.pk, "")
        if relation not in known:
            raise Refusal("relation", N_("请选择{name}与新户主的关系"), name=person.name)
        if relation == head_code() and has_head:
            raise Refusal("second_head", N_("该户已有户主；{name}请选择与户主的关系"), name=person.name)
        has_head = has_head or relation == head_code()
        person.household, person.relation = target, relation
        person.area_code, person.number = target.area_code, next_number(target)
        person.save(update_fields=["household", "relation", "area_code", "number"])
    keys = [person.pk for person in people]
    with unscoped():  # what hangs on the person may stand under a region that the clerk has just handed over
        Statement.objects.filter(person__in=keys).exclude(area_code=target.area_code).update(area_code=target.area_code)
        Suspicion.objects.filter(one__in=keys).exclude(area_code=target.area_code).update(area_code=target.area_code)


def tie(act: Act, people: Iterable[Person], **more: object) -> HouseholdLink:
    """Let rooms above follow and keep what ties the two files together."""
    kept = hooks.follow(act)
    kept["act"] = {"people": list(act.people), "same": act.same, "closes": act.closes}
    named = [{"person": one.pk, "name": one.name} for one in people]
    return HouseholdLink.objects.create(
        kind=act.kind, source=act.source, target=act.target, area_code=act.target.area_code, people=named, on=act.on,
        why=act.why, by=act.by, at=act.at, kept=kept, **more,
    )  # fmt: skip
