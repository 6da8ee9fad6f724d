"""分户: some members become a household of their own, with number, head and what is divided (REG-10)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.organisation.changes import reason_given, traced
from shuanglian.registry import hooks
from shuanglian.registry.hooks import Act
from shuanglian.registry.models import Household, HouseholdLink, HouseholdYear, Person
from shuanglian.trail import trail

from . import counts, households, parts
from .derived import account, head_code, settle
from .moves import Kind, day_is_past, go_over, heir_of, make_head, must_stand, standing_member, tie
from .versions import locked
from .years import LAND

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

# what the new file takes over from the old one: both were recognised by the same procedure
CARRIED = ("village", "area_code", "group", "address", "kind", "standard", "main_cause", "other_causes", "status",
           "exit_year", "relocation")  # fmt: skip
DIVISIBLE = ("income_wage", "income_operating", "income_property", "income_transfer", "operating_cost", *LAND)


@transaction.atomic
def split(
    *, household: Household, people: Collection[Person], head: Person, relations: Mapping[int, str], on: date, why: str,
    by: User | None, at: datetime, number: str = "", values: Mapping[str, Any] | None = None,
    divided: Mapping[str, Decimal] | None = None, successor: Person | None = None,
) -> HouseholdLink:  # fmt: skip
    """Members of a household found one of their own; the link's target is the new file, the number stays with the old.

    relations: person → relation to the new head, for all but the head. divided: amounts of the latest account that go
    along (DIVISIBLE); the old account keeps the rest. values: fields of the new file that differ from the old one's.
    """
    why = reason_given(why)
    source = locked(household)
    must_stand(source)
    going = [standing_member(source, one) for one in sorted(people, key=lambda one: one.pk)]
    _may_go(source, going, head)
    day_is_past(on, since=source.since, at=at)
    heir = heir_of(source, [one.pk for one in going], successor)
    first = sorted(going, key=lambda one: (one.pk != head.pk, one.pk))
    with traced("households.split", by=by, at=at, why=why):
        target = _opened(source, head, number, values or {}, on)
        act = Act(Kind.SPLIT, source, target, tuple(one.pk for one in going), {}, False, on, why, by, at)
        go_over(first, target, {**relations, head.pk: head_code()})
        make_head(heir)
        _divide(source, target, divided or {}, len(going))
        settle(target, at=at)
        settle(source, at=at, gone=len(going))
        link = tie(act, going)
    counts.refresh([source.area_code], at=at, households=[source.pk, target.pk])
    trail.write("households.split", about=source, by=by, at=at, why=why, new=target.number, on=on.isoformat(),
                people=[one.name for one in going], head=head.name)  # fmt: skip
    return link


def foresee(
    *, household: Household, people: Collection[Person], on: date, by: User | None, at: datetime
) -> list[str]:  # fmt: skip
    """What rooms above will do when members found a household of their own, in sentences."""
    act = Act(Kind.SPLIT, household, household, tuple(one.pk for one in people), {}, False, on, "", by, at)
    return hooks.foresee(act)


def _may_go(source: Household, going: list[Person], head: Person) -> None:
    if not going:
        raise Refusal("nobody_goes", N_("请选择分出去的成员"))
    if all(one.pk != head.pk for one in going):
        raise Refusal("head_stays", N_("新户主须是分出去的成员"))
    if not source.people.filter(left_on__isnull=True).exclude(pk__in=[one.pk for one in going]).exists():
        raise Refusal("nobody_stays", N_("原户至少要留下一人"))


def _opened(source: Household, head: Person, number: str, values: Mapping[str, Any], on: date) -> Household:
    target = Household(head_name=head.name, size=1, since=on, **{name: getattr(source, name) for name in CARRIED})
    target.number = number.strip() or households.next_number(source.village)
    if Household.objects.filter(number=target.number).exists():
        raise Refusal("number_taken", N_("户编号 {number} 已被使用"), number=target.number)
    households.put_values(target, values)
    target.save()
    return target


def latest_account(household: Household) -> HouseholdYear | None:
    return HouseholdYear.objects.filter(household=household).order_by("-year").first()


def divisible(record: HouseholdYear) -> dict[str, Decimal]:
    """The amounts of an account that can be divided: what is known; transfers that payrolls prove stay where paid."""
    known = {name: getattr(record, name) for name in DIVISIBLE}
    if record.transfer_paid is not None:
        known.pop("income_transfer")
    return {name: value for name, value in known.items() if value}


def _divide(source: Household, target: Household, divided: Mapping[str, Decimal], going: int) -> None:
    """Amounts go from the latest account into the first one of the new file; the sum of both stays what it was."""
    record, wanted = latest_account(source), {name: value for name, value in divided.items() if value}
    if record is None or not wanted:
        return
    known, new = divisible(record), HouseholdYear(household=target, area_code=target.area_code, year=record.year)
    going_along = {name: (value, known.get(name, value)) for name, value in wanted.items() if name not in LAND}
    for name, value in wanted.items():
        if name not in known or not 0 < value <= known[name]:
            field = Said(str(HouseholdYear._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            raise Refusal("divides_too_much", N_("{field}：分出的数不能超过原有的数"), field=field)
        setattr(new, name, value)
        setattr(record, name, known[name] - value)
    account(record, max(source.size - going, 1))
    account(new, going)
    record.save()
    new.save()
    parts.divide(source=source, target=target, year=record.year, given=going_along)
