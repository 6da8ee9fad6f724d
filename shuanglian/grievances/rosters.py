"""A department's list of what people ask: how rows enter, once each, and how it is taken back (VOICE-1, REG-10).

What belongs to the safe road goes there from its first second and is counted like every other row. Demands are never
removed: a list that is taken back leaves them set aside with the reason, and the same row again takes them up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.complaints.models import Complaint
from shuanglian.core.profile import active
from shuanglian.core.secrets import digest
from shuanglian.kernel.words import N_
from shuanglian.registry.models import Household
from shuanglian.sheets import acceptors, merging
from shuanglian.sheets.acceptors import Counts, Frames
from shuanglian.sheets.models import Batch, Change
from shuanglian.sheets.staging import complete
from shuanglian.sheets.undoing import SHOWN, Dependent

from .actions import demands, doors
from .models import Demand, Step

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

TABLE = "grievances_demand"
ASKED = ("number", "name", "phone", "village_code", "text", "category_code", "on", "place", "is_urgent")
# steps of a demand that nobody did anything about yet; an open one that was refused was taken back and came again
UNTOUCHED = (Step.Kind.RECEIVED, Step.Kind.RELEASED, Step.Kind.REMINDED, Step.Kind.CLIMBED, Step.Kind.REFUSED)
UNDONE = N_("整批撤销导入")


def register() -> None:
    """Called once from ready()."""
    acceptors.register(
        acceptors.Acceptor("demands", accept, tables=("grievances.Demand",), hinders=hinders, take_back=take_back)
    )


@transaction.atomic
def accept(frames: Frames, *, area: Area, year: int, by: User | None, at: datetime, batch_id: int) -> Counts:
    """Every row is a demand, the same row again the same one; counts of new and known ones, both roads together."""
    rows = complete(frames["demands"], *ASKED).select(ASKED).to_dicts()
    keys = [key_of(row, area) for row in rows]
    made = _take_up(keys, at, by)
    known = _known(keys)
    villages = {one.code: one for one in Area.objects.current().filter(code__in={row["village_code"] for row in rows})}
    homes = _homes(rows)
    for key, row in zip(keys, rows, strict=True):
        if key not in known:
            known.add(key)
            made.append(key)
            _take(key, row, villages[row["village_code"]], homes, at, by)
    merging.note_made(TABLE, f"SELECT id FROM {TABLE} WHERE key = ANY(%s)", made, batch_id=batch_id)  # noqa: S608 - ours
    return {"demands": {"new": len(made), "changed": 0, "unchanged": len(rows) - len(made)}}


def key_of(row: dict[str, Any], area: Area) -> UUID:
    """What makes a row itself: the department's number within the county, else who asks for what, where and when."""
    told = [row["number"]] if row["number"] else [row[name] for name in ("name", "village_code", "text", "on")]
    text = json.dumps([area.code[:6], *(str(one or "") for one in told)], ensure_ascii=False)
    return uuid5(NAMESPACE_OID, f"demand list {digest(text)}")


def _known(keys: Sequence[UUID]) -> set[UUID]:
    found = set(Demand.objects.filter(key__in=keys).values_list("key", flat=True))
    return found | set(Complaint.objects.filter(key__in=keys).values_list("key", flat=True))


def _take(
    key: UUID,
    row: dict[str, Any],
    village: Area,
    homes: dict[tuple[str, str], Household],
    at: datetime,
    by: User | None,
) -> None:
    home = homes.get((row["village_code"], row["name"] or ""))
    category = row["category_code"] or active().grievances.category_of(row["text"])
    doors.take(
        key=key, door=Demand.Door.IMPORT, text=row["text"], category=category, village=village, household=home,
        name="" if home else row["name"] or "", phone="" if home else row["phone"] or "", place=row["place"] or "",
        urgent=bool(row["is_urgent"]), on=row["on"], language="zh", by=by, at=at,
    )  # fmt: skip


def _homes(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], Household]:
    """(village, name) → the only household there whose head or member is called so."""
    names, villages = {row["name"] for row in rows if row["name"]}, {row["village_code"] for row in rows}
    standing = Household.objects.standing().filter(area_code__in=villages).select_related("village")
    found: dict[tuple[str, str], set[Household]] = {}
    for home in standing.filter(head_name__in=names):
        found.setdefault((home.area_code, home.head_name), set()).add(home)
    for home in standing.filter(people__name__in=names, people__left_on=None).distinct():
        for name in home.people.filter(name__in=names, left_on=None).values_list("name", flat=True):
            found.setdefault((home.area_code, name), set()).add(home)
    return {who: next(iter(homes)) for who, homes in found.items() if len(homes) == 1}


# --- taking back -----------------------------------------------------------------------------------------------------
def _of(batch: Batch) -> Any:
    made = Change.objects.filter(batch=batch, table=TABLE).values("row_id")
    return Demand.objects.filter(pk__in=made).order_by("pk")


def hinders(batch: Batch) -> list[Dependent]:
    """The demands of a list that somebody has acted on; which."""
    acted = _of(batch).exclude(state=Demand.State.REFUSED).filter(
        pk__in=Step.objects.exclude(kind__in=UNTOUCHED).filter(demand__in=_of(batch)).values("demand")
    )  # fmt: skip
    rows = list(acted.select_related("village"))
    told = tuple(f"#{one.pk} {one.village.name}" for one in rows[:SHOWN])
    return [Dependent(Demand, len(rows), told, "changed")] if rows else []


def take_back(batch: Batch, *, by: User | None, at: datetime) -> dict[str, int]:
    """Set the demands of a list aside, words and numbers kept; letters of the safe road stand."""
    rows = list(_of(batch).exclude(state=Demand.State.REFUSED).select_for_update(of=("self",)))
    for one in rows:
        one.state, one.closed_at = Demand.State.REFUSED, at
        one.save(update_fields=["state", "closed_at"])
        demands.step(one, Step.Kind.REFUSED, by=by, at=at, text=f"{UNDONE}：{batch.file_name}")
    return {"removed": len(rows), "restored": 0}


def _take_up(keys: Sequence[UUID], at: datetime, by: User | None) -> list[UUID]:
    """Rows that were taken back with their list and come again are demands again, with time from now; which."""
    undone = Change.objects.filter(table=TABLE, batch__state=Batch.State.UNDONE).values("row_id")
    rows = list(Demand.objects.filter(key__in=keys, state=Demand.State.REFUSED, pk__in=undone))
    for one in rows:
        one.state, one.closed_at = Demand.State.HELD, None
        one.save(update_fields=["state", "closed_at"])
    demands.release(demands=rows, by=by, at=at)
    return [one.key for one in rows]
