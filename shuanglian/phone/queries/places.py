"""Where a person works: villages with their teams, posts, days marked, places to inspect (PAIR-7, PAIR-8, PAIR-9)."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.fieldwork.models import Attendance, Post
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import LeaderLink, Pairing, VillageLink

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def of(*, user: User, on: date) -> dict[str, Any]:
    """The sections villages, posts, attendance, places."""
    cadre = Cadre.objects.filter(user=user).first()
    return {
        "villages": _villages(user, cadre, on),
        "posts": _own_posts(cadre, on),
        "attendance": _attendance(cadre, on),
        "places": _places(user, cadre, on) if may(user, "fieldwork.inspect") else [],
    }


def _villages(user: User, cadre: Cadre | None, on: date) -> list[dict[str, Any]]:
    """Villages where the person may mark a day or a service, with the teams stationed there."""
    homes = Counter(_paired_villages(cadre, on)) if cadre else Counter()
    rows = Area.objects.current().within(user.area).filter(level=Area.Level.VILLAGE).select_related("parent")
    if cadre is None:
        if user.area is None or user.area.level != Area.Level.VILLAGE:
            return []
    else:
        posts = Post.objects.standing_on(on).filter(cadre=cadre).values("village")
        linked = VillageLink.objects.standing_on(on).filter(unit_id=cadre.unit_id).values("village")
        rows = rows.filter(
            Q(pk__in=posts) | Q(pk__in=linked) | Q(pk__in=list(homes)) | Q(parent=cadre.stationed_at_id or 0)
        )
    villages = list(rows.order_by("code"))
    teams = _teams([village.pk for village in villages], cadre, on)
    return [
        {"code": one.code, "name": one.name, "township": one.parent.name if one.parent else "",
         "households": homes.get(one.pk, 0), "posts": teams[one.pk]}
        for one in villages
    ]  # fmt: skip


def _paired_villages(cadre: Cadre, on: date) -> list[int]:
    return list(Pairing.objects.standing_on(on).filter(cadre=cadre).values_list("household__village", flat=True))


def _teams(villages: list[int], cadre: Cadre | None, on: date) -> dict[int, list[dict[str, Any]]]:
    found = defaultdict(list)
    for post in Post.objects.standing_on(on).filter(village__in=villages).select_related("cadre").order_by("pk"):
        found[post.village_id].append({
            "kind": post.kind, "name": post.cadre.name, "mine": cadre is not None and post.cadre_id == cadre.pk,
            "since": post.since.isoformat(),
        })  # fmt: skip
    return found


def _own_posts(cadre: Cadre | None, on: date) -> list[dict[str, Any]]:
    if cadre is None:
        return []
    rows = Post.objects.standing_on(on).filter(cadre=cadre).order_by("pk")
    return [{"kind": one.kind, "village": one.area_code, "since": one.since.isoformat()} for one in rows]


def _attendance(cadre: Cadre | None, on: date) -> list[dict[str, Any]]:
    """The person's own days of late, the latest first."""
    if cadre is None:
        return []
    since = on - timedelta(days=active().phone.limit("attendance_days"))
    rows = Attendance.objects.standing().filter(cadre=cadre, on__gt=since).order_by("-on", "area_code")
    return [
        {"village": one.area_code, "on": one.on.isoformat(), "in_at": _iso(one.in_at), "out_at": _iso(one.out_at),
         "night": one.night}
        for one in rows
    ]  # fmt: skip


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _places(user: User, cadre: Cadre | None, on: date) -> list[dict[str, Any]]:
    """What a leader may inspect or study: linked townships and their villages; without links the whole area."""
    rows = Area.objects.current().within(user.area).filter(level__in=[Area.Level.TOWNSHIP, Area.Level.VILLAGE])
    if cadre is not None:
        linked = list(LeaderLink.objects.standing_on(on).filter(leader=cadre).values_list("township", flat=True))
        if linked:
            rows = rows.filter(Q(pk__in=linked) | Q(parent__in=linked))
    return [
        {"code": one.code, "name": one.name, "level": one.level, "parent": one.parent.code if one.parent else None}
        for one in rows.select_related("parent").order_by("code")
    ]
