"""What plans tell in a household's story: every version, agreement, approval, progress and review (REG-10)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.core.scoping import unscoped
from shuanglian.registry.hooks import Moment, Seen

from .models import Agreement, Approval, HouseholdPlan, Progress, Review
from .wording import measure_label, money, unit_label


def story(seen: Seen) -> Iterator[Moment]:
    """One moment a version, an agreement, a word of the unit, a line of progress, a review."""
    if not may(seen.by, "plans.view"):
        return
    with unscoped():
        plans = list(HouseholdPlan.objects.filter(household=seen.household).select_related("by"))
        pks = [one.pk for one in plans]
        agreements = list(Agreement.objects.filter(plan__in=pks).select_related("by"))
        approvals = list(Approval.objects.filter(plan__in=pks).select_related("by"))
        reviews = list(Review.objects.filter(plan__in=pks).select_related("by"))
        logged = list(Progress.objects.filter(measure__plan__in=pks, withdrawn_at=None).select_related("measure", "by"))
    version = {one.pk: one.version for one in plans}
    href = {one.pk: reverse("plans:version", args=[one.pk]) for one in plans}
    for plan in plans:
        yield Moment(plan.at, "plans", _written(plan), str(plan.by or "—"), plan.why, href=href[plan.pk])
    for one in agreements:
        what = _("农户认可帮扶计划第 {version} 版（{how}，{name}）").format(
            version=version[one.plan_id], how=one.get_how_display(), name=one.name)  # fmt: skip
        yield Moment(one.at, "plans", what, str(one.by or "—"), on=one.on, href=href[one.plan_id])
    for word in approvals:
        what = _("帮扶计划第 {version} 版：{word}").format(version=version[word.plan_id], word=word.get_word_display())
        yield Moment(word.at, "plans", what, str(word.by), word.why, word.on, href[word.plan_id])
    for review in reviews:
        what = _("回顾帮扶计划：{word}").format(word=review.get_word_display())
        yield Moment(review.at, "plans", what, str(review.by or "—"), review.found, review.on, href[review.plan_id])
    for line in logged:
        what = _("措施进展：{measure} {quantity} {unit}").format(
            measure=measure_label(line.measure.code), quantity=f"{line.quantity.normalize():f}",
            unit=unit_label(line.measure.code))  # fmt: skip
        yield Moment(line.at, "plans", what, str(line.by or "—"), line.note, line.on, href[line.measure.plan_id])


def _written(plan: HouseholdPlan) -> str:
    told = _("帮扶计划第 {version} 版：{n} 项措施，{year} 年人均 {target} 元")
    what = told.format(version=plan.version, n=plan.measures.count(), year=plan.horizon, target=money(plan.target))
    return what if plan.adds_up else what + _("，还差 {yuan} 元").format(yuan=money(plan.short))
