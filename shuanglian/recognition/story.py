"""Cases in a household's story: opened, every act with who and why, signatures; and who may not answer an objection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.procedures import rules, showing
from shuanglian.procedures.models import Act, Case
from shuanglian.registry.hooks import Moment, Seen

from .relatives import relatives
from .subjects import PERSON, subject_of

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.notices.models import Objection


def cases(seen: Seen) -> Iterator[Moment]:
    """Every act of the cases about this household and its members, as far as the reader may see cases."""
    if not may(seen.by, "procedures.view"):
        return
    subjects = [subject_of(seen.household), *(f"{PERSON}:{pk}" for pk in seen.people)]
    found = Case.objects.within(seen.by.area).filter(subject__in=subjects).select_related("edition").in_bulk()
    for act in (
        seen.wanted(Act.objects.filter(case__in=found), "at", "on").select_related("by").order_by("case", "number")
    ):
        case = found[act.case_id]
        line = showing.act_line(act, rules.of_case(case))
        yield Moment(
            at=act.at, kind="cases", on=act.on, who=str(act.by) if act.by else _("系统"), why=act.why,
            what=f"{showing.title(case.procedure)} {showing.step_label(case.procedure, act.step)}：{line['label']}",
            href=reverse("procedures:case", args=[case.pk]),
        )  # fmt: skip


def near(objection: Objection, user: User) -> str:
    """Why somebody may not answer an objection about a case: he opened or worked on it, or is a relative (REG-9)."""
    if not objection.notice.about.startswith("procedures."):
        return ""
    if not objection.row:
        return _near_the_whole(objection, user)
    case = Case.objects.filter(pk=int(objection.row)).first() if objection.row.isdecimal() else None
    if case is None:
        return ""
    if case.by_id == user.pk or any(user.pk in doers for doers in case.doers.values()):
        return _("您提出或办理过这件事，不能答复对它的异议")
    return relatives([case], user).get(case.pk, "")


def _near_the_whole(objection: Objection, user: User) -> str:
    """An objection to the whole notice is about every case on it: nobody answers it who worked on one of them."""
    keys = [int(row["key"]) for row in objection.notice.shown_rows if row["key"].isdecimal()]
    for opened_by, doers in Case.objects.filter(pk__in=keys).values_list("by", "doers"):
        if opened_by == user.pk or any(user.pk in some for some in doers.values()):
            return _("您提出或办理过这份公示里的事，不能答复对整个公示的异议")
    return ""
