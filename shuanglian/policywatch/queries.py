"""Reads of the watch over policies: lists, what waits, figures per provision, fates (VOICE-4). `seen_by` always."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.models import Area, below
from shuanglian.areas.scoped import ScopedQuerySet
from shuanglian.core.profile import active, language
from shuanglian.grievances.access import departments_of, is_clerk
from shuanglian.rules.policywatch import ENDS, Progress

from . import access
from .models import Alike, Proposal, Report, ReportQuerySet

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

S = Report.State
LISTS = {
    "open": _("待部门处理"), "checking": _("同类核查中"), "proposed": _("建议研究中"), "closed": _("办结"),
    "late": _("逾期"),
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a reader asked of the list; empty means all but what is over."""

    which: str = ""
    kind: str = ""
    benefit: str = ""


def reports(*, seen_by: User, area: Area, wanted: Wanted, on: date) -> ReportQuerySet:
    """Reports of an area that the reader may see, unordered."""
    rows = _narrowed(seen_by, area, wanted).select_related("village", "household", "by")
    return rows.filter(_in_list(wanted.which, on))


def _narrowed(seen_by: User, area: Area, wanted: Wanted) -> ReportQuerySet:
    rows = access.reports_seen_by(seen_by).filter(below(area.prefix))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    return rows.filter(benefit=wanted.benefit) if wanted.benefit else rows


def _in_list(which: str, on: date) -> Q:
    if which == "late":
        return Q(state=S.OPEN, due_on__lt=on) | Q(state=S.CHECKING, alike_due_on__lt=on)
    return Q(state=which) if which in S.values else ~Q(state=S.CLOSED)


def counts(*, seen_by: User, area: Area, wanted: Wanted, on: date) -> dict[str, int]:
    """list → how many, of everything asked but the list; one query."""
    told = {f"in_{name}": Count("pk", filter=_in_list(name, on), distinct=True) for name in ("", *LISTS)}
    found = _narrowed(seen_by, area, wanted).order_by().aggregate(**told)
    return {name.removeprefix("in_"): count for name, count in found.items()}


def waiting_for(actor: User) -> ReportQuerySet:
    """What the actor has to decide."""
    if actor.area is None:
        return Report.objects.none()
    rows = Report.objects.open().filter(county=actor.area.code)
    return rows.filter(department__in=departments_of(actor)) if is_clerk(actor) else rows.filter(at_office=True)


def alike(*, seen_by: User, area: Area | None = None, report: Report | None = None, state: str = "") -> ScopedQuerySet:
    """Families alike: of a report, or of everything that is looked at in the reader's area; those not done first."""
    rows = access.alike_seen_by(seen_by).select_related("household__village", "due__person")
    rows = rows.filter(report=report) if report is not None else rows
    rows = rows.filter(below(area.prefix)) if area is not None else rows
    if state in Alike.State.values:
        return rows.filter(state=state)
    return rows if report is not None else rows.exclude(state__in=ENDS)


def progress_of(rows: Any) -> Progress:
    """How far some families alike are, counted by the database."""
    told = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return Progress(**{state: told.get(state, 0) for state in Alike.State.values})


def progress(reports: list[Report]) -> dict[int, Progress]:
    """report → how far its families alike are; one query for a whole page."""
    rows = Alike.objects.filter(report__in=reports).order_by().values_list("report", "state").annotate(Count("pk"))
    found: dict[int, dict[str, int]] = {}
    for report, state, count in rows:
        found.setdefault(report, {})[state] = count
    return {pk: Progress(**told) for pk, told in found.items()}


# --- proposals --------------------------------------------------------------------------------------------------------
def proposals(*, seen_by: User, state: str = "") -> QuerySet[Proposal]:
    """Proposals; those that were joined stand with the one they were joined to."""
    rows = access.proposals_seen_by(seen_by).select_related("area", "by")
    return rows.filter(state=state) if state in Proposal.State.values else rows.exclude(state=Proposal.State.JOINED)


def fates() -> QuerySet[Proposal]:
    """What everybody may read: what was proposed and what became of it, without names; the caller is not bound."""
    rows = Proposal.objects.filter(state=Proposal.State.DECIDED).exclude(shown="")
    return rows.select_related("area").order_by("-decided_at", "-pk")


# --- figures ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Figures:
    """Of one provision. days: calendar days from the report to what was decided for the family; None before any was."""

    benefit: str
    kinds: Mapping[str, int]
    villages: int
    open: int
    late: int
    corrected: int
    days: float | None
    alike: int
    alike_left: int

    @property
    def whole(self) -> int:
        return sum(self.kinds.values())


def overview(*, seen_by: User, area: Area, on: date) -> list[Figures]:
    """Provision by provision, those told of most first; two queries whatever the number of reports."""
    rows = access.reports_seen_by(seen_by).filter(below(area.prefix)).order_by()
    kinds = {f"kind_{code}": Count("pk", filter=Q(kind=code), distinct=True) for code in active().policywatch.kinds}
    told = rows.values("benefit").annotate(
        villages=Count("village", distinct=True), opened=Count("pk", filter=Q(state=S.OPEN), distinct=True),
        overdue=Count("pk", filter=_in_list("late", on), distinct=True),
        put_right=Count("pk", filter=Q(outcome=Report.Outcome.CORRECTED), distinct=True),
        time=Avg(F("decided_at") - F("at"), filter=Q(decided_at__isnull=False)), **kinds,
    )  # fmt: skip
    left = _alike_of(rows)
    found = [
        Figures(
            one["benefit"], {code.removeprefix("kind_"): one[code] for code in kinds}, one["villages"], one["opened"],
            one["overdue"], one["put_right"], _days(one["time"]), *left.get(one["benefit"], (0, 0)),
        )
        for one in told
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.whole, one.benefit))


def _alike_of(rows: ReportQuerySet) -> dict[str, tuple[int, int]]:
    counted = (
        Alike.objects.filter(report__in=rows.values("pk")).order_by().values("report__benefit")
        .annotate(whole=Count("pk"), left=Count("pk", filter=~Q(state__in=ENDS)))
    )  # fmt: skip
    return {one["report__benefit"]: (one["whole"], one["left"]) for one in counted}


def _days(time: timedelta | None) -> float | None:
    return None if time is None else round(time.total_seconds() / 86_400, 1)


def label(entries: Mapping[str, Any], code: str) -> str:
    """What an entry of the profile is called; one that the profile has dropped stands by its code."""
    return entries[code].label.in_(language()) if code in entries else code
