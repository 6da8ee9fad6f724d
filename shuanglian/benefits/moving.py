"""What families are owed when members move and files are split or merged (BEN-7, BEN-8, REG-10).

What is still open goes with the person, so that nothing that was applied for is lost; what was received stays with the
file to which it was paid. Two entries of one person become one here too, with their money. The card of a closed file
opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry.hooks import Act

from .actions import following
from .models import Card, Decision, Due, Payment, Step

S = Due.State
OPEN = (S.UNDECIDED, S.OWED, S.APPLIED, S.APPROVED, S.REFUSED, S.APPEALED)
WHERE = ("household_id", "person_id", "area_code", "state")


def preview(act: Act) -> list[str]:
    sentences, going = [], len(_going(act))
    if going:
        sentences.append(_("应享事项：{n} 项没有办完的随人转到新户，已享受的留在原户。").format(n=going))
    paid = Payment.objects.filter(person__in=list(act.same)).count()
    if paid:
        sentences.append(_("发放记录：{n} 条改记在保留的成员名下。").format(n=paid))
    if _closes(act) and Card.objects.filter(household=act.source, closed_at__isnull=True).exists():
        sentences.append(_("{number} 的明白卡作废。").format(number=act.source.number))
    return sentences


def follow(act: Act) -> dict[str, Any]:
    """Dues and money to where the people are now; what stood before each of them, for undo."""
    kept: dict[str, Any] = {"dues": [], "payments": [], "cards": []}
    for due in _going(act):
        kept["dues"].append([due.pk, *(getattr(due, name) for name in WHERE)])
        _go(act, due)
    if _closes(act):
        cards = Card.objects.filter(household=act.source, closed_at__isnull=True)
        kept["cards"] = list(cards.values_list("pk", flat=True))
        Card.objects.filter(pk__in=kept["cards"]).update(closed_at=act.at)
    for gone, stays in act.same.items():
        for payment in Payment.objects.select_for_update(of=("self",)).filter(person=gone).order_by("pk"):
            kept["payments"].append([payment.pk, payment.household_id, payment.person_id, payment.due_id])
            payment.household, payment.person_id, payment.due = act.target, stays, None
            payment.area_code = act.target.area_code
            payment.save(update_fields=["household", "person", "due", "area_code"])
    if kept["payments"]:
        _work_out(act)
    return kept


def undo(act: Act, kept: dict[str, Any]) -> None:
    """Everything back to where it stood; a due on which somebody has acted since hinders it."""
    for pk, household, person, due in kept["payments"]:
        code = (act.source if household == act.source.pk else act.target).area_code
        Payment.objects.filter(pk=pk).update(household=household, person=person, due=due, area_code=code)
    for pk, *stood in kept["dues"]:
        found = Due.objects.select_for_update(of=("self",)).get(pk=pk)
        if found.steps.filter(at__gt=_last_own_step(found)).exists():
            raise Refusal("due_since", N_("合并以后应享事项又有办理，不能撤销"))
        for name, value in zip(WHERE, stood, strict=True):
            setattr(found, name, value)
        _put(found, act, "moved_back", act.source.number)
    Card.objects.filter(pk__in=kept["cards"]).update(closed_at=None)
    if kept["payments"]:
        _work_out(act)


# --- parts ----------------------------------------------------------------------------------------------------------
def _closes(act: Act) -> bool:
    return act.closes and act.source.pk != act.target.pk


def _going(act: Act) -> list[Due]:
    """The dues that an act takes along: open ones of who moves, all of an entry that ends, the household's own."""
    rows = Due.objects.select_related("person")
    found = list(rows.filter(household=act.source, person__in=list(act.people), state__in=OPEN, received=0))
    found += rows.filter(person__in=list(act.same))
    if _closes(act):
        found += rows.filter(household=act.source, person__isnull=True, state__in=OPEN, received=0)
    return sorted(found, key=lambda due: due.pk)


def _go(act: Act, due: Due) -> None:
    """One due into the other file, or ended when the same is owed there already."""
    person = act.same.get(due.person_id, due.person_id) if due.person_id else None
    there = Due.objects.filter(household=act.target, person=person, benefit=due.benefit, period=due.period)
    if there.exclude(pk=due.pk).exists():
        due.state = S.ENDED
        _put(due, act, "ended", act.target.number)
        return
    due.household_id, due.person_id, due.area_code = act.target.pk, person, act.target.area_code
    _put(due, act, "moved", act.target.number)


def _put(due: Due, act: Act, verb: str, note: str) -> None:
    due.changed_at = act.at
    due.save(update_fields=["household", "person", "area_code", "state", "changed_at"])
    for noun in (Decision, Step):
        noun.objects.filter(due=due).exclude(area_code=due.area_code).update(area_code=due.area_code)
    Step.objects.create(due=due, area_code=due.area_code, verb=verb, on=act.on, note=note, by=act.by, at=act.at)


def _last_own_step(due: Due) -> Any:
    last = due.steps.filter(verb__in=("moved", "ended")).order_by("-id").values_list("at", flat=True).first()
    return last or due.changed_at


def _work_out(act: Act) -> None:
    """Accounts, facts and dues of both files in line with the money as it is matched now."""
    files: Iterable[int] = {act.source.pk, act.target.pk}
    following.follow(sorted(files), why=act.why or _("合并"), by=act.by, at=act.at)
