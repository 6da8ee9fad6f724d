"""What the pages of household plans share: a plan on a page, the assistant's answer in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.accounts.rights import SignedIn, may
from shuanglian.benefits import catalogue as provisions
from shuanglian.benefits.telling import label_of
from shuanglian.core import clock
from shuanglian.core.profile import active, language
from shuanglian.organisation.queries import bound_to
from shuanglian.plans import access, queries, wording
from shuanglian.plans.assisting import Closed, Suggestion, suggest
from shuanglian.plans.family import Known
from shuanglian.plans.models import HouseholdPlan
from shuanglian.plans.reckoning import Terms
from shuanglian.rules.catalogue import Offer, Plans


def shown(request: SignedIn, plan: HouseholdPlan) -> dict[str, Any]:
    """One version for a page: content, agreement, words of the unit, what was done, reviews, its original."""
    done = queries.done_of(plan)
    agreement = getattr(plan, "agreement", None)
    other = plan.copied_from_id and access.plans_seen_by(request.user).filter(pk=plan.copied_from_id).select_related(
        "household__village"
    ).first()  # fmt: skip
    return {
        "plan": plan, "told": wording.shown(plan.content, done), "agreement": agreement,
        "approvals": list(plan.approvals.select_related("by")), "reviews": list(plan.reviews.select_related("by")),
        "log": queries.log_of(plan), "copied": bool(plan.copied_from_id), "other": other,
        "lines": [(line, one) for line, one in zip(plan.measures.all(), wording.shown(plan.content, done)["lines"],
                                                   strict=True)],
        "may_write": may(request.user, "plans.write"),
        "may_judge": may(request.user, "plans.approve") and plan.by_id != request.user.pk,
    }  # fmt: skip


def starts(year: int) -> date:
    """The month in which measures can begin: the next one, or the first of a plan's year that is still to come."""
    today = clock.today()
    following = (today.replace(day=28) + (date(2000, 1, 5) - date(2000, 1, 1))).replace(day=1)
    return max(date(year, 1, 1), following) if year >= today.year else date(year, 1, 1)


def assisted(plans: Plans, told: Known, terms: Terms, own: Decimal | None) -> Suggestion:
    benefits = provisions.benefits(told.household.area_code)
    return suggest(plans, told.family, benefits, terms, starts=starts(terms.year), own=own)


def explained(found: Suggestion, told: Known) -> dict[str, Any]:
    """The assistant's answer in words."""
    telling, case = found.telling, found.case
    offers = case.offers
    people = {one.pk: one.name for one in told.people}
    lines = {one.code: one for one in found.draft_lines()}
    gap = max(1, case.problem.gap)
    taken = [{
        "label": offers[one.option].measure.label.in_(language()), "units": one.units,
        "unit": offers[one.option].measure.shape.unit.in_(language()), "gain": one.gain, "cost": one.cost,
        "share": Decimal(min(one.gain, gap)) / gap, "why": _taken(one.dearer, one.shorter),
        "each": one.gain and Decimal(one.cost) / one.gain,
        "people": [people.get(pk, "") for pk in lines[offers[one.option].measure.code].people],
        "by_default": offers[one.option].measure.by_default,
    } for one in telling.taken]  # fmt: skip
    left = [(offers[one.option].measure.label.in_(language()), _left(one.why, one.by, case.problem.rows, one.row))
            for one in telling.left]  # fmt: skip
    rows = [(wording.row_label(code), room - rest, room, row in telling.binds)
            for row, (code, room, rest) in enumerate(zip(case.problem.rows, _scaled(found, case.problem.room),
                                                         _scaled(found, telling.room_left), strict=True))]  # fmt: skip
    return {
        "choice": telling.choice, "gap": case.problem.gap, "taken": taken, "left": left, "rows": rows,
        "closed": [(one.offer.measure.label.in_(language()), _closed(one)) for one in case.closed],
        "unknown": [label_of(path) for path in case.means.unknown], "means": case.means, "loan": found.loan,
        "binds": [wording.row_label(case.problem.rows[row]) for row in telling.binds],
    }  # fmt: skip


def _scaled(found: Suggestion, room: tuple[int, ...]) -> list[Decimal]:
    """Rows in days, mu and yuan again."""
    plans = active().plans
    scales = {**dict.fromkeys(plans.seasons, 10), **dict.fromkeys(plans.lands, 100)}
    return [Decimal(amount) / scales.get(code, 1) for code, amount in zip(found.case.problem.rows, room, strict=True)]


def _taken(dearer: int, shorter: int) -> str:
    if shorter > 0:
        return _("不选它，缺口就要多 {yuan} 元").format(yuan=wording.money(shorter))
    if dearer > 0:
        return _("不选它，次好的办法要多花 {yuan} 元").format(yuan=wording.money(dearer))
    return _("不选它，有同样省钱的办法，但要多用自家的钱或多一种措施")


def _left(why: str, by: int, rows: tuple[str, ...], row: int) -> str:
    if why == "row":
        return _("{row}不够").format(row=wording.row_label(rows[row]))
    yuan = wording.money(by)
    return {
        "nothing": _("不增加收入"), "together": _("和要一起选的措施合不到一起"),
        "shorter": _("选了它，缺口要多 {yuan} 元").format(yuan=yuan),
        "dearer": _("选了它，总共要多花 {yuan} 元").format(yuan=yuan),
        "own": _("选了它，自家要多出 {yuan} 元").format(yuan=yuan),
        "kinds": _("一样省钱，但要多一种措施"), "equal": _("一样好，任选其一"),
    }[why]  # fmt: skip


def _closed(one: Closed) -> str:
    offer: Offer = one.offer
    if one.why == "late":
        return _("到目标年度还不见效")
    if one.why == "needs":
        return _("要先有的措施不能选")
    if one.why == "no_amount":
        return _("对应的政策现在没有施行")
    if one.why == "no_person":
        wanted = offer.measure.shape.person
        says = wanted.says.in_(language()) if wanted else ""
        return _("没有符合的成员：{says}").format(says=says) if offer.met is not None else _(
            "待问清：{facts}").format(facts="、".join(label_of(path) for path in sorted(offer.asks)))  # fmt: skip
    if one.why == "asks":
        return _("待问清：{facts}").format(facts="、".join(label_of(path) for path in sorted(offer.asks)))
    if offer.unmet:
        return _("不符合：{says}").format(says="；".join(one.in_(language()) for one in offer.unmet))
    return _("数量为零")


def place(request: SignedIn, area: Any) -> dict[str, Any]:
    """An area and the regions around it, for those who see all of it."""
    from shuanglian.areas.models import Area
    from shuanglian.areas.queries import children

    own, whole = request.user.area, bound_to(request.user) == "area"
    return {
        "area": area, "below": children(area) if whole and area.level < Area.Level.VILLAGE else [],
        "above": area.parent if whole and own is not None and area.pk != own.pk else None,
    }  # fmt: skip
