"""A village's plan as somebody writes it: what the register says already, what is checked and kept (PLAN-2, PLAN-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core.profile import active, language
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.rules.catalogue import CHANNELS, Plans
from shuanglian.rules.village_shapes import VillageIndicator
from shuanglian.rules.village_sums import (
    Homes,
    Line,
    Plan,
    Promise,
    Reckoned,
    Villages,
    degree,
    needed,
    reckon,
    step_degree,
    value_at,
    whole_degree,
)
from shuanglian.rules.village_values import Worked, worked_out

from . import summing
from .models import VillagePlan
from .village_facts import Facts, facts

NOTHING = Decimal(0)
MOST_YUAN, MOST_LINES = Decimal(1_000_000_000), 60
HORIZON, YEARLY = VillagePlan.Kind.HORIZON, VillagePlan.Kind.YEARLY


@dataclass(frozen=True)
class LineDraft:
    """One line as it is written. thread: the same work in an earlier version or year, else None."""

    work: str
    what: str
    starts_on: date
    due_on: date
    owner: str = ""
    owner_name: str = ""
    quantity: Decimal | None = None
    channel: str = ""
    gain: Decimal = NOTHING
    cost: Decimal = NOTHING
    fund: str = ""
    note: str = ""
    thread: UUID | None = None


@dataclass(frozen=True)
class IndicatorDraft:
    """One indicator: what is promised; the value now and its source where the product cannot work it out, or only for
    the households on the register."""

    code: str
    promised: Decimal | None = None
    present: Decimal | None = None
    source: str = ""


@dataclass(frozen=True)
class VillageDraft:
    """A plan before it is kept. target: yuan a head; funds: fund → yuan that there is."""

    kind: str
    year: int
    until: int
    industry: str
    target: Decimal
    path: str
    plan: str
    lines: tuple[LineDraft, ...] = ()
    indicators: tuple[IndicatorDraft, ...] = ()
    funds: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def series(self) -> int:
        return 0 if self.kind == HORIZON else self.year


@dataclass(frozen=True)
class KnownVillage:
    """What register and village form say: nothing of it is typed into a plan."""

    village: Area
    homes: Homes
    income_year: int
    facts: Facts

    def worked_out(self, indicator: VillageIndicator) -> Worked | None:
        """An indicator's value now and how it was come by, where the product can work it out."""
        return worked_out(indicator, self.facts.sums)

    def present(self, indicator: VillageIndicator) -> Decimal | None:
        found = self.worked_out(indicator)
        return found.value if found else None


def rules_on(on: date) -> Villages:
    """The profile's word on village plans; a Refusal when it has none."""
    found: Villages = active().on(on).villages
    if not found or not active().on(on).plans:
        raise Refusal("no_village_plans", N_("方案没有村规划的口径（village_plans.toml），不能编制"))
    return found


def known(village: Area, until: int, on: date) -> KnownVillage:
    """One village now; a Refusal when nobody there has an income account to begin from."""
    year = summing.income_year(village)
    homes = summing.homes(village, until).get(village.code, Homes())
    if year is None or homes.income is None:
        raise Refusal("no_income", N_("村里的在册户还没有收入账，算不出现在的人均收入"))
    return KnownVillage(village, homes, year, facts(village, on))


def year_for(village: Area, on: date) -> int:
    """The year that a plan begun now is for: the one after the latest accounts."""
    found = summing.income_year(village)
    return found + 1 if found is not None else on.year


def least_target(plans: Plans, draft: VillageDraft, told: KnownVillage) -> Decimal:
    """Yuan a head that the programme asks for by the plan's end: the target, or a year's step towards it (PLAN-3)."""
    target = plans.horizon_from(draft.until)
    if target is None:
        return NOTHING
    if draft.kind == HORIZON:
        return target.yuan
    income = told.homes.income or NOTHING
    return plans.step_target(income, min(told.income_year, draft.year - 1), target, draft.year)


# --- what is checked --------------------------------------------------------------------------------------------------
def checked(draft: VillageDraft, rules: Villages, plans: Plans) -> VillageDraft:
    """The same with what is blank filled in; a Refusal for what cannot be."""
    if draft.kind == HORIZON and draft.until not in plans.horizons:
        raise Refusal("no_target", N_("方案里没有 {year} 年的目标"), year=draft.until)
    if draft.kind == YEARLY and draft.until != draft.year:
        raise Refusal("one_year", N_("年度计划只管一年"))
    if not 2000 <= draft.year <= draft.until <= 2100:
        raise Refusal("year_range", N_("起止年度不对"))
    if draft.industry not in rules.industries:
        raise Refusal("no_such_industry", N_("主导产业不在方案的目录里"))
    if not 0 < draft.target <= 1_000_000:
        raise Refusal("target_range", N_("人均目标收入不对"))
    if not draft.path.strip() or not draft.plan.strip():
        raise Refusal("no_words", N_("请写明发展路子和脱贫计划"))
    if len(draft.lines) > MOST_LINES:
        raise Refusal("too_many_lines", N_("最多 {most} 项"), most=MOST_LINES)
    for code, yuan in draft.funds.items():
        if code not in active().funds:
            raise Refusal("no_such_fund", N_("没有这种资金来源"))
        _in_range(yuan)
    for one in draft.lines:
        _line(one, draft, rules, plans)
    for told in draft.indicators:
        if told.code not in rules.indicators:
            raise Refusal("no_such_indicator", N_("指标不在方案的目录里"))
        if told.present is not None and not told.source.strip():
            raise Refusal("no_source", N_("“{indicator}”的现值是手填的，请写明出处"),
                          indicator=rules.indicators[told.code].label.in_(language()))  # fmt: skip
    return draft


def _in_range(yuan: Decimal) -> None:
    if not yuan.is_finite() or not 0 <= yuan <= MOST_YUAN:
        raise Refusal("cost_range", N_("金额不对"))


def _line(one: LineDraft, draft: VillageDraft, rules: Villages, plans: Plans) -> None:
    if one.work not in rules.works:
        raise Refusal("no_such_work", N_("没有这类村级项目"))
    if not one.what.strip():
        raise Refusal("no_what", N_("请写明项目内容"))
    if one.owner and one.owner not in plans.owners:
        raise Refusal("no_such_owner", N_("没有这种责任方"))
    if one.due_on < one.starts_on:
        raise Refusal("due_before", N_("“{what}”的完成日期早于开始日期"), what=one.what)
    if one.starts_on.year > draft.until:
        raise Refusal("starts_after", N_("“{what}”在计划期以后才开始"), what=one.what)
    if one.channel and one.channel not in CHANNELS:
        raise Refusal("no_such_channel", N_("没有这个收入渠道"))
    if one.gain and not one.channel:
        raise Refusal("no_channel", N_("“{what}”有增收，请选收入渠道"), what=one.what)
    if one.fund and one.fund not in active().funds:
        raise Refusal("no_such_fund", N_("没有这种资金来源"))
    if one.cost and not one.fund:
        raise Refusal("no_fund", N_("“{what}”有投入，请选资金来源"), what=one.what)
    _in_range(one.gain)
    _in_range(one.cost)


# --- what is kept -----------------------------------------------------------------------------------------------------
def content(
    draft: VillageDraft, rules: Villages, plans: Plans, told: KnownVillage, horizon: VillagePlan | None
) -> dict[str, Any]:  # fmt: skip
    """Everything of a plan in plain values: typed words, what the register says now, degrees, lines with threads."""
    longer = {one["code"]: one for one in horizon.content["indicators"]} if horizon else {}
    typed = {one.code: one for one in draft.indicators}
    indicators = [
        _indicator(one, typed.get(code, IndicatorDraft(code)), told, draft, horizon, longer.get(code))
        for code, one in rules.indicators.items()
    ]  # fmt: skip
    parent = told.village.parent
    return {
        "village": {"code": told.village.code, "name": told.village.name, "township": parent.name if parent else ""},
        "kind": draft.kind, "year": draft.year, "until": draft.until, "households": told.homes.households,
        "people": told.homes.people, "income": told.homes.income, "income_year": told.income_year,
        "target": draft.target, "least": least_target(plans, draft, told), "industry": draft.industry,
        "path": draft.path.strip(), "plan": draft.plan.strip(),
        "funds": {code: yuan for code, yuan in draft.funds.items() if yuan},
        "lines": [_kept_line(number, one, rules) for number, one in enumerate(draft.lines, 1)],
        "indicators": indicators, "horizon": horizon.pk if horizon else None,
        "degree": {
            name: whole_degree(rules, {one["code"]: one[f"{name}_degree"] for one in indicators})
            for name in ("present", "promised")
        },
    }  # fmt: skip


def _indicator(
    one: VillageIndicator, typed: IndicatorDraft, told: KnownVillage, draft: VillageDraft,
    horizon: VillagePlan | None, longer: Mapping[str, Any] | None,
) -> dict[str, Any]:  # fmt: skip
    """computed: the product worked the value out, and how (basis); of the whole village its own word comes first."""
    found = told.worked_out(one)
    if found is not None and found.way.of == "register" and typed.present is not None:
        found = None
    present = found.value if found else typed.present
    step = _step(longer, horizon, draft.until) if horizon is not None and longer else None
    return {
        "code": one.code, "present": present, "computed": found is not None,
        "basis": told.facts.basis(found) if found else None,
        "source": "" if found or present is None else typed.source.strip()[:100],
        "present_degree": degree(one, present), "promised": typed.promised,
        "promised_degree": degree(one, typed.promised), "step": step,
    }  # fmt: skip


def _step(longer: Mapping[str, Any], horizon: VillagePlan, year: int) -> Decimal | None:
    """The degree that a year must reach by the longer plan's indicator; None where it says nothing."""
    present, promised = _number(longer["present_degree"]), _number(longer["promised_degree"])
    if present is None or promised is None:
        return None
    return step_degree(present, promised, horizon.year - 1, horizon.until, year)


def _kept_line(number: int, one: LineDraft, rules: Villages) -> dict[str, Any]:
    return {
        "number": number, "thread": str(one.thread or uuid4()), "work": one.work, "what": one.what.strip(),
        "quantity": one.quantity, "channel": one.channel if one.gain else "", "gain": one.gain, "cost": one.cost,
        "fund": one.fund if one.cost else "", "owner": one.owner or rules.works[one.work].owner,
        "owner_name": one.owner_name.strip()[:60], "starts_on": one.starts_on, "due_on": one.due_on,
        "note": one.note.strip()[:200],
    }  # fmt: skip


def as_plan(content: Mapping[str, Any]) -> Plan:
    """A kept plan as it is reckoned; amounts may stand as text or as numbers."""
    lines = tuple(
        Line(one["number"], one["work"], one["what"], _day(one["due_on"]), Decimal(one["cost"]), one["fund"],
             one["channel"], Decimal(one["gain"])) for one in content["lines"]
    )  # fmt: skip
    promises = tuple(
        Promise(one["code"], _number(one["present_degree"]), _number(one["promised_degree"]), _number(one["step"]))
        for one in content["indicators"]
    )
    funds = {code: Decimal(yuan) for code, yuan in content["funds"].items()}
    return Plan(content["until"], content["people"], Decimal(content["income"]), Decimal(content["target"]),
                content["industry"], lines, promises, funds, Decimal(content["least"]),
                yearly=content["kind"] == YEARLY)  # fmt: skip


def reckoned(content: Mapping[str, Any], homes: Homes) -> Reckoned:
    """What a kept plan comes to with the household plans as they stand."""
    return reckon(active().villages, as_plan(content), homes)


def _day(told: Any) -> date:
    return told if isinstance(told, date) else date.fromisoformat(told)


def _number(told: Any) -> Decimal | None:
    return None if told is None else Decimal(told)


# --- what a new plan begins with --------------------------------------------------------------------------------------
def draft_of(plan: VillagePlan) -> VillageDraft:
    """A kept plan as a form begins with it."""
    told = plan.content
    return VillageDraft(
        plan.kind, plan.year, plan.until, plan.industry, plan.target, told["path"], told["plan"],
        tuple(line_of(one) for one in told["lines"]), tuple(_typed(one) for one in told["indicators"]),
        {code: Decimal(yuan) for code, yuan in told["funds"].items()},
    )  # fmt: skip


def line_of(one: Mapping[str, Any]) -> LineDraft:
    return LineDraft(
        one["work"], one["what"], _day(one["starts_on"]), _day(one["due_on"]), one["owner"], one["owner_name"],
        _number(one["quantity"]), one["channel"], Decimal(one["gain"]), Decimal(one["cost"]), one["fund"], one["note"],
        UUID(one["thread"]),
    )  # fmt: skip


def _typed(one: Mapping[str, Any]) -> IndicatorDraft:
    present = None if one["computed"] else _number(one["present"])
    return IndicatorDraft(one["code"], _number(one["promised"]), present, one["source"])


def for_year(
    year: int, told: KnownVillage, plans: Plans, rules: Villages, *, horizon: VillagePlan | None,
    last: VillagePlan | None, done: Mapping[UUID, int],
) -> VillageDraft:  # fmt: skip
    """A yearly plan before anybody typed: of the longer plan what falls into the year, of last year's what remained.

    done: thread → percent of what was carried out; what is done is not taken over. Promises are the
    longer plan's steps.
    """
    base = horizon or last
    words: dict[str, Any] = (
        base.content if base else {"path": "", "plan": "", "lines": [], "indicators": [], "funds": {}}
    )
    lines: dict[UUID, LineDraft] = {}
    for one in (*_lines(last), *_lines(horizon)):
        assert one.thread is not None
        open_ = done.get(one.thread, 0) < 100
        if one.thread not in lines and open_ and one.starts_on.year <= year and _reaches(one, year, last):
            lines[one.thread] = one
    target = plans.horizon_from(year)
    income = told.homes.income or NOTHING
    step = plans.step_target(income, min(told.income_year, year - 1), target, year) if target else income
    return VillageDraft(
        YEARLY, year, year, base.industry if base else next(iter(rules.industries)), step, words["path"], words["plan"],
        tuple(lines.values()), tuple(_stepped(one, rules, horizon, year) for one in words["indicators"]), {},
    )  # fmt: skip


def _lines(plan: VillagePlan | None) -> Iterable[LineDraft]:
    return [line_of(one) for one in plan.content["lines"]] if plan else []


def _reaches(one: LineDraft, year: int, last: VillagePlan | None) -> bool:
    """Whether work still to be done belongs to a year: it runs into it, or last year's plan did not finish it."""
    return one.due_on.year >= year or last is not None


def _stepped(
    one: Mapping[str, Any], rules: Villages, horizon: VillagePlan | None, year: int
) -> IndicatorDraft:  # fmt: skip
    """What the year must promise: the value that is as far as the longer plan's step of the year asks."""
    typed, shape = _typed(one), rules.indicators.get(one["code"])
    present, promised = _number(one["present"]), _number(one["promised"])
    if horizon is None or shape is None or present is None or promised is None:
        return typed
    step, whole = _step(one, horizon, year), _number(one["promised_degree"])
    value = promised if step is None or whole is None or step >= whole else value_at(shape, step, present)
    return IndicatorDraft(one["code"], value, typed.present, typed.source)


def for_horizon(year: int, plans: Plans, rules: Villages, told: KnownVillage) -> VillageDraft:
    """A plan to the horizon before anybody typed: the programme's target, the industry that homes carry most, the works
    that their measures need."""
    target = plans.horizon_from(year)
    assert target is not None
    carried = dict.fromkeys(rules.industries, NOTHING)
    for code, one in told.homes.measures.items():
        if industry := rules.industry_of(code):
            carried[industry] += one.gain
    leading = max(carried, key=lambda code: carried[code])
    since = min(year, target.year)
    works = tuple(
        LineDraft(code, _("{work}（{n} 户要用）").format(work=rules.works[code].label.in_(language()), n=many),
                  date(since, 1, 1), date(target.year, 12, 31))
        for code, _measure, many in needed(rules, told.homes)
    )  # fmt: skip
    return VillageDraft(HORIZON, since, target.year, leading, target.yuan, "", "", works)
