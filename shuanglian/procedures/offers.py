"""What a reader may do to a case now, and of what he may not, why not: the machine asked beforehand, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from shuanglian.kernel.refusal import Refusal
from shuanglian.rules import procedure_machine as machine
from shuanglian.rules.procedure_demands import FINDINGS, Given, Meeting, Sample
from shuanglian.rules.procedure_machine import Deed, DeedName
from shuanglian.rules.procedures import Procedure, Step

from . import facts, hooks, rules
from .models import Case

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

# By the kind of the step: the deeds in the order in which people do them.
DEEDS: dict[str, tuple[DeedName, ...]] = {
    "application": ("pass",), "evaluation": ("pass", "back"), "notice": ("post", "pass", "back"),
    "verification": ("pass", "refuse", "back"), "comparison": ("pass", "refuse", "back"),
    "recheck": ("check", "pass", "back"), "confirmation": ("pass", "refuse", "back"),
    "approval": ("pass", "refuse", "back"), "announcement": ("post",), "signoff": ("sign", "back"),
}  # fmt: skip
LABELS = {
    "post": _("张榜公示"), "pass": _("通过"), "refuse": _("不通过"), "check": _("登记复核"), "sign": _("签字"),
    "back": _("退回"), "hold": _("扣下"), "release": _("解除扣下"), "withdraw": _("撤回申请"), "open": _("受理"),
}  # fmt: skip
PASSES = {
    "application": _("材料齐全，进入下一步"), "evaluation": _("登记评议会"), "notice": _("公示期满，进入下一步"),
    "verification": _("核查属实"), "comparison": _("比对无误"), "recheck": _("抽查完成，进入下一步"),
    "confirmation": _("农户认可"), "approval": _("批准"),
}  # fmt: skip
REFUSES = {
    "verification": _("核查不符，否决"), "comparison": _("比对不符，否决"), "confirmation": _("农户不认可"),
    "approval": _("不批准"),
}  # fmt: skip
NOT_MINE = frozenset({"not_your_role", "not_your_level", "not_your_area"})


@dataclass(frozen=True)
class Offer:
    """One deed at the case's step: offered when nothing stands against it, else with the reason."""

    deed: DeedName
    step: Step
    against: Refusal | None

    @property
    def label(self) -> str:
        if self.deed == "pass":
            return str(PASSES.get(self.step.kind, LABELS["pass"]))
        if self.deed == "refuse":
            return str(REFUSES.get(self.step.kind, LABELS["refuse"]))
        return str(LABELS[self.deed])


def offers(case: Case, user: User, today: date) -> list[Offer]:
    """Every deed of the step, asked as if what is filled in on the form were in order."""
    if case.over:
        return []
    procedure = rules.of_case(case)
    step, state = procedure.step(case.step), facts.state_of(case)
    actor = facts.actor_for(case, step, user, hooks.relatives([case], user))
    given = _hopeful(case, procedure, step, today)
    wanted: list[DeedName] = [*DEEDS[step.kind], "release" if case.held else "hold", "withdraw"]
    if step.stands:
        up = given.posted is not None and not given.posted.withdrawn
        wanted.remove("pass" if not up and "pass" in wanted else "post")
    if step.kind == "announcement":
        wanted = ["post"]
    if step.kind == "recheck" and case.finding:
        wanted.remove("check")
    return [Offer(deed, step, _against(procedure, state, deed, step, today, actor, given)) for deed in wanted]


def _against(
    procedure: Procedure, state: machine.State, deed: DeedName, step: Step, today: date, actor: machine.Actor,
    given: Given,
) -> Refusal | None:  # fmt: skip
    unsigned = next((one.code for one in step.signs if one.code not in state.signed), "")
    to = unsigned if deed == "sign" else (step.back_to or ("",))[0]
    finding = "doubtful" if deed == "refuse" else "confirmed"
    votes = Meeting(3, 3, 0, 3) if deed == "refuse" else Meeting(3, 3, 3, 0)
    told = Given(**{**vars(given), "finding": finding, "meeting": votes})
    return machine.may(procedure, state, Deed(deed, today, today, to, "—"), actor, told)


def _hopeful(case: Case, procedure: Procedure, step: Step, today: date) -> Given:
    """What is there already; what the form itself brings (votes, findings, a meeting's papers) is taken as brought."""
    cases = [case]
    papers = step.required if step.kind == "evaluation" else frozenset(facts.papers(cases).get(case.pk, {}))
    deciding = step.code == procedure.deciding.code
    return Given(
        documents=papers, posted=facts.posted(cases).get(case.pk) if step.kind == "notice" else None,
        earlier=facts.earlier(cases).get(case.pk, ()) if deciding else (),
        sample=facts.samples(cases).get(case.pk, Sample()) if step.kind == "recheck" else None,
        method=(step.methods or ("",))[0], finding=FINDINGS[0],
        needs=facts.needs(procedure, step, cases, today).get(case.pk),
        guards=hooks.guards(procedure.effect, cases, step.code, today).get(case.pk, ()),
    )  # fmt: skip
