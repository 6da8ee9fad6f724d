"""What this room tells of a household's file: decisions, steps and money on its time line, dues on a past day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.accounts.rights import may
from shuanglian.core.scoping import unscoped
from shuanglian.registry import asof, history
from shuanglian.registry.hooks import Moment, Seen

from . import catalogue
from .models import Decision, Due, Payment, Step

STEP_NAMES = {
    "found": gettext_lazy("认定"), "ended": gettext_lazy("不再符合"), "applied": gettext_lazy("代为申请"),
    "approved": gettext_lazy("部门批准"), "refused": gettext_lazy("部门未批准"), "appealed": gettext_lazy("申诉"),
    "received": gettext_lazy("领到"), "taken_back": gettext_lazy("发放撤回"), "moved": gettext_lazy("转入他户"),
    "moved_back": gettext_lazy("转回原户"),
}  # fmt: skip
DECIDED = ("found", "ended")  # steps that a decision tells more exactly


def benefits(seen: Seen) -> Iterator[Moment]:
    """Every decision and every step of what the family is owed."""
    if not may(seen.by, "benefits.view"):
        return
    about = Q(due__household=seen.household) | Q(due__person__in=list(seen.people))
    with unscoped():
        found = Decision.objects.none() if seen.late else Decision.objects.filter(about)  # a decision has no day
        decisions = list(found.select_related("due__person", "by").defer("inputs", "reasons"))
        known = seen.wanted(Step.objects.filter(about), "at", "on").exclude(verb__in=DECIDED)
        steps = list(known.select_related("due__person", "by"))
    for one in decisions:
        if seen.concerns(one.due.person_id, one.at):
            yield Moment(one.at, "benefits", _decided(one), str(one.by or _("系统")), href=_href(seen, one.due))
    for step in steps:
        if seen.concerns(step.due.person_id, step.at):
            what = f"{_named(step.due)}：{STEP_NAMES.get(step.verb, step.verb)}"
            yield Moment(
                step.at, "benefits", what, str(step.by or _("系统")), step.note, step.on, _href(seen, step.due)
            )


def payments(seen: Seen) -> Iterator[Moment]:
    """Every line of a payroll, when it was found to be this family's."""
    if not may(seen.by, "benefits.view"):
        return
    about = Q(household_id=seen.household.pk) | Q(person_id__in=list(seen.people))
    rows = asof.events_of(Payment).filter(about).order_by("pgh_obj_id", "pgh_id").distinct("pgh_obj_id")
    if seen.late:
        rows = rows.filter(paid_on__lte=seen.late[1])
    with unscoped():
        events = list(rows.select_related("pgh_context", "person"))
        standing = set(Payment.objects.filter(pk__in=[one.pgh_obj_id for one in events]).values_list("pk", flat=True))
    for event in events:
        at, who, _why = history.signature(event)
        if event.pgh_obj_id in standing and seen.concerns(event.person_id, at):
            sentence = _("发放 {title} {yuan} 元（{name}）") if event.yuan else _("列入{title}（{name}）")
            what = sentence.format(
                title=catalogue.title(event.benefit), yuan=event.yuan, name=event.name)  # fmt: skip
            yield Moment(at, "payments", what, who, on=event.paid_on)


def _decided(one: Decision) -> str:
    result = {True: _("符合"), False: _("不符合"), None: _("待补充情况")}[one.granted]
    yuan = _("，{yuan} 元").format(yuan=one.yuan) if one.yuan is not None and one.granted else ""
    day = _("（按 {on} 的政策）").format(on=one.on.isoformat())
    return f"{_named(one.due)}：{result}{yuan}{day}"


def _named(due: Due) -> str:
    title = catalogue.title(due.benefit)
    return f"{due.person.name} {title}" if due.person else title


def _href(seen: Seen, due: Due) -> str:
    return reverse("benefits:due", args=[due.pk]) if due.household_id == seen.household.pk else ""


def as_of_panel(request: HttpRequest, file: asof.File) -> str:
    """What the family was owed and how far it had come, as it was known on that day."""
    user: Any = request.user
    if not may(user, "benefits.view"):
        return ""
    ever = asof.events_of(Due).filter(household_id=file.key).values("pgh_obj_id")
    rows = asof.latest(asof.events_of(Due).filter(pgh_obj_id__in=ever), file.moment)
    with unscoped():
        known = [one for one in rows if one.household_id == file.key and one.pgh_label != "delete"]
    known.sort(key=lambda one: (-one.period, one.benefit, one.pgh_obj_id))
    told = [
        (catalogue.title(one.benefit), file.names.get(one.person_id, ""), Due.State(one.state).label, one)
        for one in known if one.state != Due.State.ENDED
    ]  # fmt: skip
    return render_to_string("benefits/panels/as_of.html", {"rows": told}, request)
