"""What a phone is sent: all of it the first time, afterwards what has changed since the state it shows (FIELD-1)."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.duties import queries as duties
from shuanglian.phone.models import Known
from shuanglian.phone.queries import conflicts, homes, lists, places
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.phone.models import Device

HOME = "h"  # digests of households stand under "h<id>", of sections under their names
BRIEFLY = ""  # in place of the digest of a household that the phone has only briefly


@transaction.atomic
def send(*, device: Device, cursor: str, by: User, at: datetime, most: int | None = None) -> dict[str, Any]:
    """The state for a phone that shows a cursor ("" or an unknown one: everything), as docs/phone.md has it.

    most: how many households come whole in this answer; the others that the phone has nothing of come briefly, so that
    its list is complete at once, and whole with the next answers. What came is never sent again after a cut.
    """
    on = clock.day_of(at)
    household = homes.told(user=by, on=on)
    sections = {
        "lists": lists.told(), "conflicts": conflicts.told(user=by), "duties": duties.of_user(by, on),
        **places.of(user=by, on=on),
    }  # fmt: skip
    now = {f"{HOME}{key}": digest(home) for key, home in household.items()}
    now |= {name: digest(section) for name, section in sections.items()}
    known = _known(device, cursor)
    before: dict[str, str] = known.digests if known else {}
    changed = [home for key, home in household.items() if before.get(f"{HOME}{key}") != now[f"{HOME}{key}"]]
    changed, later = _share(changed, most)
    now |= {_name(home): before.get(_name(home), BRIEFLY) for home in later}
    unknown = [home for home in later if _name(home) not in before]
    gone = [int(name[1:]) for name in before if name[:1] == HOME and name[1:].isdecimal() and name not in now]
    answer = {
        "cursor": _offer(device, known, now, at), "now": timezone.localtime(at).isoformat(), "full": known is None,
        "days": active().phone.limit("kept_days"), "households": changed, "gone": sorted(gone),
        **{name: section for name, section in sections.items() if before.get(name) != now[name]},
        **({} if most is None else {"brief": [homes.brief(home) for home in unknown], "more": len(later)}),
    }  # fmt: skip
    if changed or unknown:
        trail.write("phone.states.send", about=device, by=by, at=at, full=known is None,
                    households=[home["id"] for home in (*changed, *unknown)])  # fmt: skip
    return answer


def _share(changed: list[dict[str, Any]], most: int | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(what comes whole now, what later): those first whom nobody has visited for longest, as the phone lists them."""
    if most is None or len(changed) <= most:
        return changed, []
    ordered = sorted(changed, key=lambda home: (home["due"]["last"] or "", home["id"]))
    return ordered[:most], ordered[most:]


def _name(home: dict[str, Any]) -> str:
    return f"{HOME}{home['id']}"


def digest(part: Any) -> str:
    text = json.dumps(part, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()[:16]


def _known(device: Device, cursor: str) -> Known | None:
    """What the phone shows that it knows; what it was offered besides and never got is forgotten."""
    if not cursor:
        return None
    with unscoped():
        found = device.known.filter(cursor=cursor).first()
        if found is not None:
            device.known.exclude(pk=found.pk).delete()
    return found


def _offer(device: Device, known: Known | None, now: dict[str, str], at: datetime) -> str:
    """The cursor of the state that is sent; the same when nothing changed."""
    if known is not None and known.digests == now:
        return known.cursor
    with unscoped():
        if known is None:
            device.known.all().delete()
        return Known.objects.create(
            device=device, area_code=device.area_code, cursor=secrets.token_hex(16), digests=now, at=at
        ).cursor
