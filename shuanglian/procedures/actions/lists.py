"""What is done with lists: made, filled, taken into a township's, moved as one with exceptions held back (REG-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.accounts.rights import may, sees
from shuanglian.areas.models import Area
from shuanglian.core.clock import day_of
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures import hooks, queries, rules
from shuanglian.procedures.models import Case, CaseList
from shuanglian.trail import trail

from .moving import Moved, Wish, move

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


MOST_REFUSED = 20  # effects refused one by one; a list with more of them is not ready to be approved


@transaction.atomic
def make(
    *, procedure: str, name: str, area: Area, by: User, at: datetime, cases: Iterable[Case] = (),
    parts: Iterable[CaseList] = (),
) -> CaseList:  # fmt: skip
    """A list of an area, from cases without one, or from lists of the areas below that keep their numbers."""
    rules.in_force(procedure, day_of(at))
    if not name.strip():
        raise Refusal("no_name", N_("批次要有名称"))
    if not may(by, "procedures.act") or not sees(by, area.code):
        raise Refusal("not_your_area", N_("这件事项不在您的辖区"))
    made = CaseList.objects.create(
        procedure=procedure, name=name.strip()[:80], area=area, area_code=area.code, opened_on=day_of(at), by=by, at=at
    )
    take_in(into=made, cases=cases, by=by, at=at)
    join(into=made, parts=parts, by=by, at=at)
    trail.write("procedures.list", about=made, by=by, at=at, cases=queries.cases_of(made).count())
    return made


@transaction.atomic
def take_in(*, into: CaseList, cases: Iterable[Case], by: User, at: datetime) -> None:
    """Cases that are under way and on no list yet."""
    rows = list(Case.objects.select_for_update(of=("self",)).select_related("area").filter(
        pk__in=[case.pk for case in cases]).order_by("pk"))  # fmt: skip
    for case in rows:
        if case.procedure != into.procedure:
            raise Refusal("other_procedure", N_("批次和事项不是同一个程序"))
        if case.list_id is not None or case.over:
            raise Refusal("not_free", N_("“{case}”已经在别的批次里，或者已经办结"), case=case.label)
        if not into.area.contains(case.area):
            raise Refusal("outside_list", N_("“{label}”不在批次的区域内"), label=case.label)
    Case.objects.filter(pk__in=[case.pk for case in rows]).update(list=into)


@transaction.atomic
def join(*, into: CaseList, parts: Iterable[CaseList], by: User, at: datetime) -> None:
    """Lists of the areas below become parts of this one; they keep their number and their cases."""
    rows = list(CaseList.objects.select_for_update(of=("self",)).select_related("area").filter(
        pk__in=[one.pk for one in parts]).order_by("pk"))  # fmt: skip
    for one in rows:
        if one.procedure != into.procedure:
            raise Refusal("other_procedure", N_("批次和事项不是同一个程序"))
        if one.part_of_id is not None or one.pk == into.pk or one.parts.exists() or into.part_of_id is not None:
            raise Refusal("not_free", N_("“{case}”已经在别的批次里，或者已经办结"), case=str(one))
        if not into.area.contains(one.area):
            raise Refusal("outside_list", N_("“{label}”不在批次的区域内"), label=str(one))
        trail.write("procedures.join", about=one, by=by, at=at, into=into.number)
    CaseList.objects.filter(pk__in=[one.pk for one in rows]).update(part_of=into)


@transaction.atomic
def approve(
    *, of: CaseList, step: str, on: date, by: User, at: datetime, hold: Mapping[int, str] | None = None,
    refuse: Mapping[int, str] | None = None, back: Mapping[int, tuple[str, str]] | None = None, seen: str | None = None,
) -> Moved:  # fmt: skip
    """Approve all of a list that stands at the step but the exceptions: held back, refused or sent back, with why.

    What may not be approved for a reason of its own (a relative, a missing paper, an open objection, a number that is
    taken by now) stays and is named in the answer; the rest of the list goes on. `seen`: the mark of what the approver
    saw (`queries.mark_of`); when the list at this step is another by now, nothing is approved.
    """
    hold, refuse, back = hold or {}, refuse or {}, back or {}
    exceptions = {**{pk: Wish("hold", why=why) for pk, why in hold.items()},
                  **{pk: Wish("refuse", why=why) for pk, why in refuse.items()},
                  **{pk: Wish("back", to=to, why=why) for pk, (to, why) in back.items()}}  # fmt: skip
    rows = queries.cases_of(of).filter(step=step)
    pks = set(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if seen is not None and seen != queries.mark_of(of, step):
        raise Refusal("list_changed", N_("打开页面之后，这一步的名单有变化，请重新看过再批"))
    if strangers := exceptions.keys() - pks:
        raise Refusal("not_in_list", N_("有 {count} 件不在这个批次的这一步"), count=len(strangers))
    moved = Moved()
    by_deed: dict[str, dict[int, Wish]] = {}
    for pk, wish in exceptions.items():
        by_deed.setdefault(wish.deed, {})[pk] = wish
    for wishes in by_deed.values():
        moved.add(move(wishes=wishes, step=step, on=on, by=by, at=at))
    held = set(queries.cases_of(of).filter(step=step, held=True).values_list("pk", flat=True))
    rest = {pk: Wish("pass") for pk in pks - exceptions.keys() - held}
    if rest:
        moved.add(_all_that_can(rest, step, on, by, at))
    trail.write("procedures.pass", about=of, by=by, at=at, step=step, on=on, **counted(moved),
                held=len(hold), refused_by_hand=len(refuse), back=len(back))  # fmt: skip
    return moved


def _all_that_can(wishes: dict[int, Wish], step: str, on: date, by: User, at: datetime) -> Moved:
    """Move them; whose effect the register refuses stays, and the others are moved without it."""
    moved = Moved()
    while wishes:
        try:
            with transaction.atomic():
                moved.add(move(wishes=wishes, step=step, on=on, by=by, at=at, strict=False))
                return moved
        except hooks.EffectRefused as refused:
            if len(moved.refused) >= MOST_REFUSED:
                raise
            moved.refused[refused.case] = refused
            wishes = {pk: wish for pk, wish in wishes.items() if pk != refused.case}
    return moved


@transaction.atomic
def move_together(
    *, of: CaseList, cases: Sequence[int], step: str, wish: Wish, on: date, by: User, at: datetime
) -> Moved:
    """One deed for several cases of a list; what may not move stays and is named."""
    pks = set(queries.cases_of(of).filter(step=step, pk__in=cases).values_list("pk", flat=True))
    moved = move(wishes=dict.fromkeys(pks, wish), step=step, on=on, by=by, at=at, strict=False)
    trail.write(f"procedures.{wish.deed}", about=of, by=by, at=at, step=step, on=on, **counted(moved))
    return moved


def counted(moved: Moved) -> dict[str, Any]:
    """How many moved and how many did not, for the trail."""
    return {"done": len(moved.done), "stayed": len(moved.refused)}
