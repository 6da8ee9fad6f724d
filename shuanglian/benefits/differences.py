"""Payroll against rule, in sentences: more or less than is owed, another class, part of the year, people who have left.

Works on what is kept: the due with its last decision, the payments matched to it. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from shuanglian.registry.models import Household, Person
from shuanglian.rules.benefits import Benefit
from shuanglian.sheets.engine.spans import span_of

from . import catalogue
from .models import Due, Payment
from .telling import Told

MONTHS = 12
CLOSE = Decimal(1)  # yuan: what rounding of a month's money may leave over


@dataclass(frozen=True)
class Around:
    """What stands beside a due: its decision in words, what else the same person is owed, why a member left."""

    told: Told | None = None
    instead: Sequence[Due] = ()
    left_why: Mapping[int, str] | None = None


def explain(due: Due, payments: Sequence[Payment], around: Around) -> list[str]:
    """Every difference between what was paid and what is owed, the gravest first; empty when there is none."""
    said = [*_gone(due, payments, around), *_not_entitled(due, around)]
    if due.entitled and due.yuan is not None and due.yuan != due.received:
        said += _amount(due, payments)
    many = [one for one in payments if int(one.details.get("persons") or 1) > 1]
    said += [_("名册这一行按 {n} 人发放").format(n=one.details["persons"]) for one in many[:1]]
    return said


def _gone(due: Due, payments: Sequence[Payment], around: Around) -> list[str]:
    """Money for somebody who had left, or for a household that was off the register."""
    said = []
    person: Person | None = due.person
    household: Household = due.household
    if person is not None and person.left_on is not None and (late := _after(payments, person.left_on)):
        why = (around.left_why or {}).get(person.pk, "")
        sentence = (
            _("{name}已于 {on} 减员（{why}），之后仍发放 {yuan} 元")
            if why
            else _("{name}已于 {on} 减员，之后仍发放 {yuan} 元")
        )
        said.append(sentence.format(name=person.name, on=person.left_on, why=why, yuan=money(late)))
    if household.removed_on is not None and (late := _after(payments, household.removed_on)):
        sentence = _("该户已于 {on} 剔除，之后仍发放 {yuan} 元")
        said.append(sentence.format(on=household.removed_on, yuan=money(late)))
    elif household.left_on is not None and (late := _after(payments, household.left_on)):
        sentence = _("该户已于 {on} 脱贫退出，之后发放 {yuan} 元，请核对是否还在享受期内")
        said.append(sentence.format(on=household.left_on, yuan=money(late)))
    return said


def _after(payments: Sequence[Payment], day: date) -> Decimal:
    """What was paid after a day; a payment without a day is for its whole year."""
    late = [one.yuan for one in payments if (one.paid_on or date(one.year, MONTHS, 31)) > day]
    return sum(late, Decimal(0))


def _not_entitled(due: Due, around: Around) -> list[str]:
    if due.entitled:
        return []
    if around.told is None:
        return [_("发放了 {yuan} 元，还没有认定是否符合条件").format(yuan=money(due.received))]
    if due.entitled is None:
        return [_("发放了 {yuan} 元，{why}").format(yuan=money(due.received), why=around.told.why)]
    said = [_("发放了 {yuan} 元，{why}").format(yuan=money(due.received), why=around.told.why_not)]
    for other in around.instead:
        sentence = _("按登记的情况应享的是“{title}”{yuan} 元")
        said.append(sentence.format(title=catalogue.title(other.benefit), yuan=money(other.yuan or 0)))
    return said


def _amount(due: Due, payments: Sequence[Payment]) -> list[str]:
    """More or less than is owed: part of the year, a former rate, or plainly another amount."""
    owed, paid = due.yuan or Decimal(0), due.received
    known = catalogue.benefit(due.benefit)
    whole = known is not None and known.every in ("year", "school_year")
    told = {"owed": money(owed), "paid": money(paid), "gap": money(abs(owed - paid))}
    months = _months(payments) if whole else 0
    if whole and (n := months or _share(paid, owed)) and abs(owed * n / MONTHS - paid) <= CLOSE and n < MONTHS:
        return [_("应享 {owed} 元，发放 {paid} 元：只发了 {n} 个月（共 12 个月）").format(n=n, **told)]
    if whole and known is not None and (former := _former_rate(known, due, paid, months)):
        sentence = _("应享 {owed} 元，发放 {paid} 元：是按每年 {rate} 元的标准发的，不是现行标准")
        return [sentence.format(rate=money(former), **told)]
    if paid < owed:
        return [_("应享 {owed} 元，发放 {paid} 元，少 {gap} 元").format(**told)]
    return [_("应享 {owed} 元，发放 {paid} 元，多 {gap} 元").format(**told)]


def _months(payments: Sequence[Payment]) -> int:
    """How many months the lists speak of; 0 when not all of them do."""
    months: set[tuple[int, int]] = set()
    for one in payments:
        span = span_of(str(one.details.get("period", "")).replace("/", "-"))
        if span is None:
            return 0
        months |= {(span.year or one.year, month) for month in range(span.first, span.last + 1)}
    return len(months)


def _share(paid: Decimal, owed: Decimal) -> int:
    """Of how many months' money the sum is just that of; 0 when of none."""
    return next((n for n in range(1, MONTHS) if abs(owed * n / MONTHS - paid) <= CLOSE), 0)


def _former_rate(benefit: Benefit, due: Due, paid: Decimal, months: int) -> Decimal | None:
    """The rate of other terms that the money is just a part of."""
    rates = {amount for terms in benefit.terms for amount in terms.amounts.values()} - {due.yuan}
    shares = (months,) if months else (*range(MONTHS, 0, -1),)
    return next(
        (rate for rate in sorted(rates, reverse=True) for n in shares if abs(rate * n / MONTHS - paid) <= CLOSE), None
    )


def money(yuan: Decimal | int) -> str:
    """1,234.50 or 1,234."""
    amount = Decimal(yuan)
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
