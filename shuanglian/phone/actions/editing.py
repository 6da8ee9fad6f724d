"""Fields of a household corrected on phones: merged one by one, collisions kept until a person chooses (REG-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.phone import values
from shuanglian.phone.merging import After, Latest, Ruling, after, ruling
from shuanglian.phone.models import Conflict, Edit
from shuanglian.phone.shapes import EditBody, SettleBody
from shuanglian.registry import asof, history
from shuanglian.registry.actions import households
from shuanglian.registry.actions.versions import locked
from shuanglian.trail import trail

from .operations import Done, Sent, takes
from .taking import mine_to_visit, needs

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.registry.models import Household

WHY = N_("手机登记")
LOOKED_AT = 60  # states of a file among which the author of a value is looked for


@dataclass(frozen=True)
class Point:
    """One field of one edit: what it brings, over what, and what the register holds."""

    field: str
    mine: str
    base: str | None
    now: str

    def token(self, value: str) -> str:
        return values.token(self.field, value)


@takes("household.edit")
def edit(sent: Sent) -> Done:
    """Each field by itself: written, left, or a conflict; all in one transaction."""
    body: EditBody = sent.body
    needs(sent.by, "fieldwork.record")
    household = locked(mine_to_visit(sent, body.household))
    base = sent.op.base or {}
    points = [
        Point(field, values.read(field, told), base.get(field), values.current(household, field))
        for field, told in sorted(body.fields.items())
    ]
    writes: dict[str, Any] = {}
    done = Done(about=household)
    for point in points:
        decided, what = _ruled(sent, household, point)
        if decided is Ruling.WRITE:
            writes |= values.columns(point.field, point.mine)
        _noted(sent, household, point, what)
        if what.opened:
            done.conflicts.append(_open(sent, household, point))
    if writes:
        households.change(household=household, values=writes, why=WHY, by=sent.by, at=sent.at)
    return done


def _ruled(sent: Sent, household: Household, point: Point) -> tuple[Ruling, After]:
    rows = Edit.objects.filter(household=household, field=point.field)
    edits = {row.device_id: Latest(row.seq, row.stands, row.token) for row in rows}
    opens = {
        one.device_id: point.token(one.mine)
        for one in Conflict.objects.filter(household=household, field=point.field, state=Conflict.State.OPEN)
    }
    mine, phone = point.token(point.mine), sent.device.pk
    now = point.token(point.now)
    decided = ruling(phone=phone, seq=sent.op.seq, mine=mine, base=point.base, now=now, edits=edits)
    return decided, after(decided, phone=phone, seq=sent.op.seq, mine=mine, edits=edits, opens=opens)


def _noted(sent: Sent, household: Household, point: Point, what: After) -> None:
    """The latest edits as they are after this one; conflicts that it closes."""
    open_ones = Conflict.objects.filter(household=household, field=point.field, state=Conflict.State.OPEN)
    if what.overtaken:
        open_ones.filter(device=sent.device).update(state=Conflict.State.OVERTAKEN, settled_at=sent.at)
    if what.agreed:
        open_ones.filter(device__in=what.agreed).update(state=Conflict.State.AGREED, settled_at=sent.at)
    before = {row.device_id: row for row in Edit.objects.filter(household=household, field=point.field)}
    for device_id, latest in what.edits.items():
        row = before.get(device_id)
        if row and (row.seq, row.stands, row.token) == (latest.seq, latest.stands, latest.token):
            continue
        Edit.objects.update_or_create(
            household=household, field=point.field, device_id=device_id,
            defaults={
                "area_code": household.area_code, "seq": latest.seq, "stands": latest.stands, "token": latest.token,
                "at": sent.at if device_id == sent.device.pk or row is None else row.at,
            },
        )  # fmt: skip


def _open(sent: Sent, household: Household, point: Point) -> Conflict:
    name, at = _author(household, point)
    return Conflict.objects.create(
        household=household, area_code=household.area_code, field=point.field, device=sent.device, operation=sent.row,
        mine=point.mine, theirs=point.now, their_name=name, their_at=at, told_at=sent.op.at, by=sent.by, at=sent.at,
    )  # fmt: skip


def _author(household: Household, point: Point) -> tuple[str, datetime | None]:
    """Who brought the value that stands: the state from which on the register holds it without a break."""
    with history.unscoped():
        states = asof.events_of(type(household)).filter(pgh_obj_id=household.pk).select_related("pgh_context")
        found = None
        for state in states.order_by("-pgh_id")[:LOOKED_AT]:
            if values.current(state, point.field) != point.now:
                break
            found = state
    if found is None:
        return "", None
    at, who, _why = history.signature(found)
    return who, at


# --- a person chooses -----------------------------------------------------------------------------------------------
@takes("conflict.settle")
def settle_on_phone(sent: Sent) -> Done:
    """The cadre chooses, having seen both; `base` says which value of the register was seen, when it is told."""
    body: SettleBody = sent.body
    needs(sent.by, "fieldwork.record")
    found = Conflict.objects.select_related("household", "settled_by").filter(pk=body.conflict).first()
    if found is None or (found.by_id != sent.by.pk and not _visits(sent, found)):
        raise Refusal("no_conflict", N_("没有这项冲突"))
    seen = (sent.op.base or {}).get(found.field)
    settle(conflict=found, value=body.value, seen=seen, by=sent.by, at=sent.at)
    return Done(about=found)


def _visits(sent: Sent, conflict: Conflict) -> bool:
    try:
        mine_to_visit(sent, conflict.household_id)
    except Refusal:
        return False
    return True


@transaction.atomic
def settle(*, conflict: Conflict, value: Any, by: User, at: datetime, seen: str | None = None) -> Conflict:
    """What shall stand is written, the conflict settled. `seen`: token of the register's value that was looked at."""
    household = locked(conflict.household)
    conflict = Conflict.objects.select_for_update(of=("self",)).select_related("settled_by").get(pk=conflict.pk)
    chosen, now = values.read(conflict.field, value), values.current(household, conflict.field)
    if conflict.state != Conflict.State.OPEN:
        if conflict.state == Conflict.State.SETTLED and conflict.chosen == chosen:
            return conflict
        raise Refusal("settled_already", N_("这项冲突已经处理"))
    if seen is not None and seen != values.token(conflict.field, now):
        raise Refusal("changed_meanwhile", N_("有人刚刚改过这份档案，请看过新内容后再改一次"))
    if chosen != now:
        written = values.columns(conflict.field, chosen)
        households.change(household=household, values=written, why=N_("处理手机冲突"), by=by, at=at)
    same = [
        one.pk
        for one in Conflict.objects.filter(household=household, field=conflict.field, state=Conflict.State.OPEN)
        if one.mine == chosen and one.pk != conflict.pk
    ]
    Conflict.objects.filter(pk__in=same).update(state=Conflict.State.AGREED, settled_at=at)
    Edit.objects.filter(household=household, field=conflict.field).update(stands=False)
    conflict.state, conflict.chosen = Conflict.State.SETTLED, chosen
    conflict.settled_by, conflict.settled_at = by, at
    conflict.save(update_fields=["state", "chosen", "settled_by", "settled_at"])
    trail.write("phone.conflicts.settle", about=household, by=by, at=at, field=conflict.field, conflict=conflict.pk)
    return conflict
