"""A plan as somebody writes it, every choice of it checked against the catalogue and the family (PLAN-3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shuanglian.benefits import catalogue as provisions
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.rules.catalogue import Measure, Plans

from .family import Known
from .reckoning import Line, Terms, funds_of

MOST_COST = Decimal(1_000_000)
MOST_LINES = 20


@dataclass(frozen=True)
class DraftLine:
    """One line as it is written. cost: yuan in all, None for the catalogue's; people: numbers of members."""

    code: str
    units: int
    starts_on: date
    owner: str = ""
    owner_name: str = ""
    cost: Decimal | None = None
    people: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Draft:
    """A plan before it is kept. horizon: the target's year; analysis and path: the helper's own words."""

    year: int
    horizon: int
    analysis: str = ""
    path: str = ""
    lines: tuple[DraftLine, ...] = field(default=())
    own_money: Decimal | None = None
    loan: Decimal | None = None


def plans_on(on: date) -> Plans:
    """The profile's catalogue of a day; a Refusal when it knows no plans."""
    found: Plans = active().on(on).plans
    if not found:
        raise Refusal("no_catalogue", N_("方案没有措施目录（measures.toml），不能编制户计划"))
    return found


def year_for(told: Known) -> int:
    """The year that a plan begun now is for: the one after the latest account, which it works on."""
    return told.account.year + 1 if told.account else told.family.on.year


def terms_of(told: Known, draft: Draft) -> Terms:
    """What a draft reckons with: income from the account, targets from the profile."""
    plans = plans_on(told.family.on)
    if told.income is None or told.account is None:
        raise Refusal("no_income", N_("该户还没有填收入账，先填了才能算缺口"))
    if not told.size:
        raise Refusal("nobody", N_("该户没有登记家庭成员"))
    if not 2000 <= draft.year <= 2100:
        raise Refusal("year", N_("计划年度不对"))
    target = plans.horizons.get(draft.horizon)
    if target is None:
        raise Refusal("no_target", N_("方案没有 {year} 年的收入目标"), year=draft.horizon)
    for amount in (draft.own_money, draft.loan):
        if amount is not None and not 0 <= amount <= MOST_COST:
            raise Refusal("money_range", N_("自筹和贷款须在 0 到 {most} 元之间"), most=MOST_COST)
    return Terms.of(plans, target, size=told.size, income=told.income, income_year=told.account.year, year=draft.year)


def lines_of(told: Known, draft: Draft, terms: Terms, on: date) -> list[Line]:
    """The lines ready to be summed up; a Refusal names the first that cannot be."""
    plans = plans_on(on)
    if not draft.lines:
        raise Refusal("no_measures", N_("请至少选一项措施"))
    if len(draft.lines) > MOST_LINES:
        raise Refusal("too_many_measures", N_("一份计划最多 {most} 项措施"), most=MOST_LINES)
    benefits = provisions.benefits(told.household.area_code)
    lines = [_line(one, plans, told, benefits, on) for one in draft.lines]
    codes = [one.measure.code for one in lines]
    if double := next((code for code in codes if codes.count(code) > 1), None):
        raise Refusal("measure_twice", N_("“{measure}”写了两行，请合成一行"), measure=_named(plans.measures[double]))
    _together(lines)
    _people(lines)
    return lines


def _named(measure: Measure) -> Said:
    return Said("{label}", {"label": measure.label})


def _line(one: DraftLine, plans: Plans, told: Known, benefits: object, on: date) -> Line:
    measure = plans.measures.get(one.code)
    if measure is None:
        raise Refusal("no_such_measure", N_("目录里没有“{measure}”这项措施"), measure=one.code)
    named = _named(measure)
    if one.units < 1:
        raise Refusal("units", N_("“{measure}”的数量须是 1 以上的整数"), measure=named)
    if one.units > measure.shape.most:
        raise Refusal("too_many_units", N_("“{measure}”一户最多 {most}"), measure=named, most=measure.shape.most)
    if not 2000 <= one.starts_on.year <= 2100:
        raise Refusal("starts", N_("“{measure}”的开始时间不对"), measure=named)
    yuan = measure.yuan(benefits, on)  # type: ignore[arg-type]
    if yuan is None:
        raise Refusal("no_amount", N_("“{measure}”对应的政策这一天没有施行"), measure=named)
    cost = measure.cost * one.units if one.cost is None else one.cost
    if not 0 <= cost <= MOST_COST:
        raise Refusal("cost_range", N_("“{measure}”的投入须在 0 到 {most} 元之间"), measure=named, most=MOST_COST)
    owner = one.owner or measure.shape.owner
    if owner not in plans.owners:
        raise Refusal("no_such_owner", N_("“{measure}”的责任方不在目录里"), measure=named)
    members = {person.pk for person in told.people}
    if measure.person is not None and (len(one.people) > one.units or not set(one.people) <= members):
        raise Refusal("people", N_("“{measure}”由谁来做，请在家庭成员里选，不多于数量"), measure=named)
    people = one.people if measure.person is not None else ()
    name = one.owner_name.strip() or _owner_name(owner, told)
    return Line(measure, one.units, one.starts_on.replace(day=1), *yuan, cost, funds_of(measure, one.units, cost),
                owner, name, people, one.note.strip())  # fmt: skip


def _owner_name(owner: str, told: Known) -> str:
    """Who it is when the line does not say: the helper, his unit, the head of the household."""
    if owner == "household":
        return told.household.head_name
    if told.helper is None:
        return ""
    return {"cadre": told.helper.cadre.name, "unit": told.helper.cadre.unit.name}.get(owner, "")


def _together(lines: list[Line]) -> None:
    codes = {one.measure.code: one.measure for one in lines}
    for measure in codes.values():
        for other in measure.shape.excludes:
            if other in codes:
                raise Refusal("excluded", N_("“{measure}”和“{other}”不能同时选"), measure=_named(measure),
                              other=_named(codes[other]))  # fmt: skip
        if missing := [other for other in measure.shape.needs if other not in codes]:
            raise Refusal("needed", N_("“{measure}”要先有“{other}”"), measure=_named(measure), other=missing[0])


def _people(lines: list[Line]) -> None:
    taken: set[int] = set()
    for line in lines:
        if taken & set(line.people):
            raise Refusal("person_twice", N_("同一个人不能做两项要专人去做的措施"))
        taken |= set(line.people)
