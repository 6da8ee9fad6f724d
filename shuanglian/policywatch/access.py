"""The gates of the watch over policies: 404 for what is not one's own, 403 for a role that may not (VOICE-4)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may
from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.grievances.access import departments_of, is_clerk
from shuanglian.organisation.queries import bound_to
from shuanglian.registry.models import Household

from .models import Alike, Proposal, Report, ReportQuerySet

VIEW, REPORT, CHECK = "policywatch.view", "policywatch.report", "policywatch.check"
HANDLE, WEIGH = "policywatch.handle", "policywatch.weigh"


def reports_seen_by(actor: User) -> ReportQuerySet:
    """An office its area's; a clerk those of his departments; a unit and a cadre their households' and their own."""
    rows = Report.objects.within(actor.area)
    match bound_to(actor):
        case "area" if is_clerk(actor):
            return rows.filter(Q(department__in=departments_of(actor)) | Q(by=actor))
        case "area":
            return rows
        case "unit":
            mine = Household.objects.filter(pairings__cadre__unit__accounts__user=actor, pairings__until=None)
            return rows.filter(Q(household__in=mine.values("pk")) | Q(by=actor))
        case "cadre":
            mine = Household.objects.filter(pairings__cadre__user=actor, pairings__until=None)
            return rows.filter(Q(household__in=mine.values("pk")) | Q(by=actor))
    return rows.none()


def report_to_see(actor: User, report_id: int) -> Report:
    rows = reports_seen_by(actor).select_related(
        "village__parent", "household__village", "due__person", "by", "demand", "decided_by", "closed_by", "proposal"
    )
    return get_object_or_404(rows, pk=report_id)


def handles(actor: User, report: Report) -> bool:
    """The clerks of the department that owns the policy; the county's programme office when it sees to it itself."""
    if not may(actor, HANDLE) or actor.area is None or actor.area.code != report.county:
        return False
    return report.department in departments_of(actor) if is_clerk(actor) else report.at_office


def report_to_handle(actor: User, report_id: int) -> Report:
    found = report_to_see(actor, report_id)
    if not handles(actor, found):
        raise PermissionDenied(_("这件事由主管部门经办人处理；部门逾期或没有经办人时由县双联办处理。"))
    return found


def alike_seen_by(actor: User) -> ScopedQuerySet:
    """Families alike within the actor's area, whatever village the report came from; a clerk his departments'."""
    rows = Alike.objects.within(actor.area)
    if bound_to(actor) != "area":
        return rows.filter(report__in=reports_seen_by(actor).values("pk"))
    return rows.filter(due__department__in=departments_of(actor)) if is_clerk(actor) else rows


def proposals_seen_by(actor: User) -> ScopedQuerySet:
    """Proposals of the actor's area, and those of the county that his village or township lies in."""
    if actor.area is None or bound_to(actor) == "":
        return Proposal.objects.none()
    county = actor.area.code[:6].ljust(12, "0")
    rows = Proposal.objects.filter(Q(pk__in=Proposal.objects.within(actor.area).values("pk")) | Q(area_code=county))
    if is_clerk(actor):
        rows = rows.filter(Q(department__in=departments_of(actor)) | Q(by=actor))
    return rows


def proposal_to_see(actor: User, proposal_id: int) -> Proposal:
    return get_object_or_404(proposals_seen_by(actor).select_related("area", "by", "decided_by"), pk=proposal_id)


def weighs(actor: User, proposal: Proposal) -> bool:
    """The office that has it now, or there the clerks of its department; nobody who proposed it himself."""
    if not may(actor, WEIGH) or actor.area is None or actor.area.code != proposal.office:
        return False
    if is_clerk(actor) and proposal.department not in departments_of(actor):
        return False
    return not proposed(actor, proposal)


def proposed(actor: User, proposal: Proposal) -> bool:
    """Whether somebody is among those who made a proposal, or one that was joined to it."""
    return proposal.by_id == actor.pk or Report.objects.filter(
        Q(proposal=proposal) | Q(proposal__joined_to=proposal), by=actor
    ).exists()  # fmt: skip


def proposal_to_weigh(actor: User, proposal_id: int) -> Proposal:
    found = proposal_to_see(actor, proposal_id)
    if not weighs(actor, found):
        raise PermissionDenied(_("由办理机关里没有提过这条建议的人研究。"))
    return found
