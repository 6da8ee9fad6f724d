"""A merge taken back: both files, both entries as they stood, as long as nobody has built upon it (REG-10).

What is put back are the fields that the merge changed, from the row history; what others changed since elsewhere in the
same rows stays. A field that both changed is a conflict: then nothing is put back.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model

from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given, traced
from shuanglian.registry import asof, hooks
from shuanglian.registry.hooks import Act
from shuanglian.registry.models import Household, HouseholdLink, HouseholdSuspicion, Person, Statement, Suspicion
from shuanglian.trail import trail

from . import counts
from .derived import settle
from .merges import TRACKED
from .versions import locked

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

# worked out from others, so what else moved them meanwhile is no conflict; settled anew at the end
WORKED_OUT = frozenset({
    "head_name", "head_pinyin", "income_per_head", "need_band", "net_income", "income_transfer", "transfer_declared",
    "transfer_paid", "pinyin", "id_digest", "phone_digest", "bank_digest", "area_code", "size",
})  # fmt: skip
ORDER = ("registry.accountpart", "registry.householdyear", "registry.person", "registry.household")


@transaction.atomic
def undo(*, link: HouseholdLink, why: str, by: User | None, at: datetime) -> HouseholdLink:
    """Take a merge back; a Refusal names what has changed since."""
    why = reason_given(why)
    link = HouseholdLink.objects.select_for_update(of=("self",)).select_related("source", "target").get(pk=link.pk)
    if link.kind not in (HouseholdLink.Kind.MERGE, HouseholdLink.Kind.SAME):
        raise Refusal("no_merge", N_("只有合并可以撤销；迁户、分户请再办一次反方向的"))
    if link.undone_at is not None:
        raise Refusal("undone_already", N_("这次合并已经撤销"))
    files = {pk: locked(Household(pk=pk)) for pk in sorted({link.source_id, link.target_id})}
    with traced("households.undo_merge", by=by, at=at, why=why):
        hooks.take_back(act_of(link, by, at), link.kept)
        moved = [_put_back(label, int(pk), *states) for label in ORDER
                 for pk, states in link.states.get(label, {}).items()]  # fmt: skip
        _nobody_twice(link)
        for pk in files:
            _settled(Household.objects.get(pk=pk), any(moved), at)
    link.undone_by, link.undone_at, link.undone_why = by, at, why
    link.save(update_fields=["undone_by", "undone_at", "undone_why"])
    _reopen(link.suspicion)
    counts.refresh({file.area_code for file in files.values()}, at=at, households=list(files))
    trail.write("households.undo_merge", about=link.target, by=by, at=at, why=why, kind=link.kind,
                source=link.source.number)  # fmt: skip
    return link


def act_of(link: HouseholdLink, by: User | None, at: datetime) -> Act:
    """The act that a link keeps, as rooms above were told of it."""
    told = link.kept.get("act") or {}
    people, same = told.get("people", []), {int(gone): stays for gone, stays in told.get("same", {}).items()}
    return Act(link.kind, link.source, link.target, tuple(people), same, told.get("closes", False), link.on, link.why,
               by, at)  # fmt: skip


def _put_back(label: str, pk: int, before: int | None, after: int) -> bool:
    """One row as it stood before the merge; whether something that is worked out must be worked out anew."""
    model = TRACKED[label]
    states = asof.events_of(model).in_bulk([state for state in (before, after) if state])
    row, became = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first(), states[after]
    if row is None:  # taken away since, as a part of an account that was written anew
        raise _changed(became)
    if before is None:
        if any(getattr(row, name) != getattr(became, name) for name in _columns(model) if name not in WORKED_OUT):
            raise _changed(row)
        row.delete()
        return False
    stood, unsure, fields = states[before], False, []
    for name in _columns(model):
        old, new, now = getattr(stood, name), getattr(became, name), getattr(row, name)
        if old == new:
            continue
        if now != new and name not in WORKED_OUT:
            raise _changed(row)
        unsure = unsure or now != new
        setattr(row, name, max(old + now - new, 0) if name == "size" else old)
        fields.append(name)
    if fields:
        row.save(update_fields=fields)
    return unsure


def _settled(file: Household, unsure: bool, at: datetime) -> None:
    """What hangs on the members stands where they stand; what is worked out is right again."""
    people = Person.objects.filter(household=file)
    with unscoped():
        people.exclude(area_code=file.area_code).update(area_code=file.area_code)
        for rows in (Statement.objects.filter(person__household=file), Suspicion.objects.filter(one__household=file)):
            rows.exclude(area_code=file.area_code).update(area_code=file.area_code)
    if unsure and file.removed_on is None:
        settle(file, at=at)


def _columns(model: type[Model]) -> list[str]:
    return [str(field.attname) for field in model._meta.concrete_fields if not field.primary_key]


def _changed(row: Any) -> Refusal:
    return Refusal("changed_since", N_("合并以后“{what}”又有改动，不能撤销；请逐项更正"), what=str(row))


def _nobody_twice(link: HouseholdLink) -> None:
    """Whoever stands again must not stand elsewhere meanwhile (REG-1)."""
    touched = [int(pk) for pk in link.states.get("registry.person", {})]
    again = Person.objects.filter(pk__in=touched, left_on__isnull=True).exclude(id_digest="")
    with unscoped():
        twice = Person.objects.filter(
            id_digest__in=list(again.values_list("id_digest", flat=True)), left_on__isnull=True,
            household__left_on__isnull=True, household__removed_on__isnull=True,
        ).exclude(pk__in=touched).exclude(household__in=[link.source_id, link.target_id])  # fmt: skip
        found = twice.first()
    if found is not None:
        raise Refusal("id_twice_since", N_("合并以后，同一证件号码又登记在别处，不能撤销"))


def _reopen(suspicion: str) -> None:
    """The pair on whose decision the merge rested is open again."""
    kind, _colon, key = suspicion.partition(":")
    nouns: dict[str, type[Suspicion] | type[HouseholdSuspicion]] = {
        "registry.suspicion": Suspicion, "registry.householdsuspicion": HouseholdSuspicion,
    }  # fmt: skip
    model = nouns.get(kind)
    if model is not None:
        model.objects.filter(pk=int(key)).update(state=Suspicion.State.OPEN, decided_by=None, decided_at=None)
