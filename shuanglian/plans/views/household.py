"""A household's plan: the newest version, writing a new one with the assistant, older versions, two side by side."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.benefits import catalogue as provisions
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.kernel.refusal import Refusal
from shuanglian.plans import access, drafts, family, queries, wording
from shuanglian.plans.actions import plans as verbs
from shuanglian.plans.drafts import Draft, DraftLine
from shuanglian.plans.forms import Lines, PlanForm, ProgressForm, ReviewForm, started
from shuanglian.plans.models import HouseholdPlan
from shuanglian.registry.models import Household
from shuanglian.rules.catalogue import Offer, Plans

from .common import assisted, explained, shown


@requires("plans.view")
@require_safe
def household(request: SignedIn, pk: int) -> HttpResponse:
    """The newest version, or what is needed before there can be one."""
    home = access.household(request.user, pk)
    plan = queries.plan_of(home)
    on = clock.today()
    context: dict[str, Any] = {
        "household": home,
        "may_write": may(request.user, "plans.write"),
        "why_not": _why_not(home),
    }
    if plan is not None:
        context |= shown(request, plan) | {
            "versions": queries.versions(home), "today": on,
            "progress_form": ProgressForm(initial={"on": on}), "review_form": ReviewForm(initial={"on": on}),
            "people_now": family.known(home, on).size,
        }  # fmt: skip
    return render(request, "plans/household.html", context)


def _why_not(home: Household) -> str:
    """Why no plan can be reckoned for this household now, in words; empty when one can."""
    on = clock.today()
    try:
        told, plans = family.known(home, on), drafts.plans_on(on)
        year = drafts.year_for(told)
        target = plans.horizon_from(year)
        drafts.terms_of(told, Draft(year, target.year if target else year))
    except Refusal as refusal:
        return says(refusal)
    return ""


@requires("plans.view", "plans.write")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedIn, pk: int) -> HttpResponse:
    """The form: begun from the newest version or from what the assistant proposes; it can be asked again."""
    home = access.household(request.user, pk, "plans.write")
    if why := _why_not(home):
        messages.error(request, why)
        return redirect("plans:household", home.pk)
    desk = _Desk(home)
    last = queries.plan_of(home)
    if request.method != "POST":
        return _page(request, desk, last, *desk.begin(last, ask="ask" in request.GET))
    form = PlanForm(request.POST, plans=desk.plans)
    lines: Any = Lines(request.POST, prefix="l", form_kwargs=desk.for_lines())
    if request.POST.get("do") == "assist":
        return _page(request, desk, last, *desk.asked(form))
    if form.is_valid() and lines.is_valid():
        with refusals_on(form):
            made = verbs.write(household=home, draft=form.draft(lines.lines()), base=form.cleaned_data["base"],
                               why=form.cleaned_data["why"], key=form.cleaned_data["key"], by=request.user,
                               at=clock.now())  # fmt: skip
            saved = _("已保存为第 {version} 版。").format(version=made.version)
            messages.success(request, f"{saved} {_closing(made)}")
            return redirect("plans:household", home.pk)
    return _page(request, desk, last, form, lines, status=422)


def _closing(made: HouseholdPlan) -> str:
    if made.adds_up:
        return _("措施合计能补上缺口。")
    return _("还差 {yuan} 元，请再想办法，或如实说明。").format(yuan=wording.money(made.short))


def _page(
    request: SignedIn, desk: _Desk, last: HouseholdPlan | None, form: PlanForm, lines: Any, *, status: int = 200
) -> HttpResponse:  # fmt: skip
    own = form["own_money"].value() if not form.is_bound else form.data.get("own_money")
    year, horizon = _whole(form["year"].value(), desk.year), _whole(form["horizon"].value(), desk.target_year)
    context: dict[str, Any] = {
        "household": desk.home, "told": family.diagnosis(desk.told), "known": desk.told, "form": form, "lines": lines,
        "plan": last, "labour": [(wording.LABOUR[code], n) for code, n in desk.told.labour().items()],
        "catalogue": [(one.measure.code, one) for one in desk.offers.values()],
    }  # fmt: skip
    terms = desk.terms(year, horizon)
    if terms is not None:
        context |= {
            "terms": terms,
            "advice": explained(assisted(desk.plans, desk.told, terms, _amount(own)), desk.told),
        }
    return render(request, "plans/write.html", context, status=status)


def _amount(text: Any) -> Decimal | None:
    try:
        found = Decimal(str(text).strip())
    except ArithmeticError:
        return None
    return found if found.is_finite() and 0 <= found <= drafts.MOST_COST else None


def _whole(text: Any, otherwise: int) -> int:
    """A year as it was typed; what is none is the other one."""
    told = str(text or "").strip()
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= 4 else otherwise


class _Desk:
    """What the form of one household needs, read once."""

    def __init__(self, home: Household) -> None:
        self.home, self.on = home, clock.today()
        self.plans: Plans = drafts.plans_on(self.on)
        self.told = family.known(home, self.on)
        benefits = provisions.benefits(home.area_code)
        self.offers: dict[str, Offer] = {
            one.measure.code: one for one in self.plans.offers(self.told.family, benefits)
        }  # fmt: skip
        self.year = drafts.year_for(self.told)
        target = self.plans.horizon_from(self.year)
        assert target is not None
        self.target_year = target.year

    def for_lines(self) -> dict[str, Any]:
        return {"plans": self.plans, "offers": self.offers, "told": self.told}

    def terms(self, year: int, horizon: int) -> Any:
        try:
            return drafts.terms_of(self.told, Draft(year, horizon))
        except Refusal:
            return None

    def begin(self, last: HouseholdPlan | None, *, ask: bool) -> tuple[PlanForm, Any]:
        """From the newest version; without one (or asked for) from the assistant."""
        start: dict[str, Any] = {"base": last.version if last else 0, "year": self.year, "horizon": self.target_year}
        if last is not None:
            content = last.content
            start |= {"year": max(last.year, self.year),
                      "horizon": last.horizon if last.horizon in self.plans.horizons else self.target_year,
                      "analysis": content["analysis"], "path": content["path"],
                      "own_money": last.own_money or None, "loan": last.loan or None}  # fmt: skip
        if last is not None and not ask:
            return PlanForm(initial=start, plans=self.plans), self._formset(_kept(last))
        lines, loan = self._proposed(start["year"], start["horizon"], None)
        start["loan"] = loan or start.get("loan")
        return PlanForm(initial=start, plans=self.plans), self._formset(lines)

    def asked(self, form: PlanForm) -> tuple[PlanForm, Any]:
        """What was typed stays; the lines are the assistant's."""
        form.is_valid()
        told = {name: form.data.get(name) for name in form.fields}
        year = _whole(told["year"], self.year)
        horizon = _whole(told["horizon"], self.target_year)
        lines, loan = self._proposed(year, horizon, _amount(told["own_money"]))
        told["loan"] = str(loan) if loan else ""
        return PlanForm(initial=told, plans=self.plans), self._formset(lines)

    def _proposed(self, year: int, horizon: int, own: Decimal | None) -> tuple[tuple[DraftLine, ...], Decimal | None]:
        terms = self.terms(year, horizon)
        if terms is None:
            return (), None
        found = assisted(self.plans, self.told, terms, own)
        return found.draft_lines(), found.loan or None

    def _formset(self, lines: tuple[DraftLine, ...]) -> Any:
        return Lines(prefix="l", initial=started(lines), form_kwargs=self.for_lines())


def _kept(plan: HouseholdPlan) -> tuple[DraftLine, ...]:
    """The lines of a version, as a form begins with them; a cost that the catalogue says is not written out."""
    plans = drafts.plans_on(clock.today())
    found = []
    for one in plan.measures.all():
        known = plans.measures.get(one.code)
        cost = None if known is not None and known.cost * one.units == one.cost else one.cost
        found.append(DraftLine(one.code, one.units, one.starts_on, one.owner, one.owner_name, cost, tuple(one.people),
                               one.note))  # fmt: skip
    return tuple(found)


@requires("plans.view")
@require_safe
def version(request: SignedIn, pk: int) -> HttpResponse:
    """One version as it was kept."""
    plan = access.plan(request.user, pk)
    return render(request, "plans/version.html", {
        **shown(request, plan), "household": plan.household, "versions": queries.versions(plan.household),
    })  # fmt: skip


@requires("plans.view")
@require_safe
def compare(request: SignedIn, pk: int, other: int) -> HttpResponse:
    """Two versions of one household side by side: what changed."""
    plan = access.plan(request.user, pk)
    before = get_object_or_404(access.plans_seen_by(request.user), pk=other, household=plan.household_id)
    old, new = sorted((plan, before), key=lambda one: one.version)
    return render(request, "plans/compare.html", {
        "household": plan.household, "old": old, "new": new, "rows": _differences(old, new),
    })  # fmt: skip


def _differences(old: HouseholdPlan, new: HouseholdPlan) -> list[tuple[str, str, str, bool]]:
    """(what, then, now, differs) of everything that a plan says."""
    one, two = wording.shown(old.content), wording.shown(new.content)
    rows = [
        (_("计划年度"), str(one["year"]), str(two["year"])), (_("目标年度"), str(one["horizon"]), str(two["horizon"])),
        (_("人均目标收入"), wording.money(one["target"]), wording.money(two["target"])),
        (_("现人均纯收入"), wording.money(one["income"]), wording.money(two["income"])),
        (_("家庭人口"), str(one["size"]), str(two["size"])), (_("致贫原因分析"), one["analysis"], two["analysis"]),
        (_("脱贫路子"), one["path"], two["path"]), (_("年增收（可能）"), wording.money(one["sums"]["likely"]),
                                                  wording.money(two["sums"]["likely"])),
        (_("投入"), wording.money(one["sums"]["cost"]), wording.money(two["sums"]["cost"])),
        (_("年缺口"), wording.money(one["sums"]["short"]), wording.money(two["sums"]["short"])),
    ]  # fmt: skip
    lines = [{line["code"]: line for line in told["lines"]} for told in (one, two)]
    for code in dict.fromkeys((*lines[0], *lines[1])):
        label = (lines[1].get(code) or lines[0][code])["label"]
        rows.append((label, _line(lines[0].get(code)), _line(lines[1].get(code))))
    return [(what, then, now, then != now) for what, then, now in rows]


def _line(line: dict[str, Any] | None) -> str:
    if line is None:
        return _("没有")
    told = _("{units} {unit}，{starts} 开始，{owner}，投入 {cost} 元，年增收 {likely} 元").format(
        units=line["units"], unit=line["unit"], starts=line["starts"], owner=line["owner_name"] or line["owner"],
        cost=wording.money(line["cost"]), likely=wording.money(line["likely"]))  # fmt: skip
    return "；".join(part for part in (told, line["note"]) if part)
