"""Who is told of a report or proposal, and how the demand that it came from is answered (VOICE-3, VOICE-4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from shuanglian.accounts.models import User
from shuanglian.benefits import catalogue
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.grievances.actions import answers, demands
from shuanglian.grievances.models import Answer, Demand, Desk
from shuanglian.grievances.models import Step as DemandStep
from shuanglian.notifications.actions import messages
from shuanglian.policywatch.models import Proposal, Report, Step

if TYPE_CHECKING:
    from django.db.models import QuerySet


def step(
    of: Report | Proposal, kind: str, *, by: User | None, at: datetime, text: str = ""
) -> Step:  # fmt: skip
    """One line of the story; a village tells it of its county's proposal too."""
    about = {"report": of} if isinstance(of, Report) else {"proposal": of}
    with unscoped():
        return Step.objects.create(**about, area_code=of.area_code, kind=kind, text=text[:1000], by=by, at=at)  # type: ignore[misc]


def clerks(department: str, office: str) -> QuerySet[User]:
    """Who works for a department at an office."""
    return User.objects.filter(
        desks__department=department, desks__area_code=office, desks__until=None, is_active=True
    ).distinct()


def has_desk(department: str, office: str) -> bool:
    with unscoped():
        return Desk.objects.filter(department=department, area_code=office, until=None).exists()


def holders(department: str, office: str, *, at_office: bool) -> list[User]:
    """Who has to act: the department's clerks, or the programme office of the area."""
    with unscoped():
        if not at_office and (found := list(clerks(department, office))):
            return found
        roles = [
            code for code, one in active().roles.items() if "policywatch.handle" in one.may and code != "department"
        ]
        return list(User.objects.filter(role__in=roles, area__code=office, is_active=True))


def tell(users: list[User], template: str, of: Report | Proposal, *, by: User | None, at: datetime, once: str) -> None:
    page = "reports" if isinstance(of, Report) else "proposals"
    title = catalogue.title(of.benefit)
    due_on = of.due_on.isoformat() if of.due_on else ""
    for user in users:
        messages.send(
            to=user, template=template, params={"title": title, "until": due_on}, about=of,
            link=f"/policywatch/{page}/{of.pk}/", once=f"{template}:{of.pk}:{once}:{user.pk}", by=by, at=at,
        )  # fmt: skip


def answer_demand(
    demand: Demand | None, *, matter: Report | Proposal, outcome: str, text: str, evidence: str, rule: str, appeal: str,
    by: User | None, at: datetime,
) -> Answer | None:  # fmt: skip
    """The demand's answer follows from what was decided. One that is no longer open has its answer: it is noted there.

    One that was joined to others is answered with them, by whoever holds those: what was decided here stands in its
    steps until then.
    """
    if demand is None:
        return None
    kept = demands.locked(demand)
    if kept.state == Demand.State.OPEN:
        return answers.answer(
            demand=kept, outcome=outcome, text=text, evidence=evidence, rule=rule, appeal=appeal, by=by, at=at,
            matter=f"{matter._meta.label_lower}:{matter.pk}",
        )  # fmt: skip
    demands.step(kept, DemandStep.Kind.NOTED, by=by, at=at, text=text)
    return None
