"""派驻 teams and technicians stationed in villages, and recalled (PAIR-8, PAIR-9)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.core import profile
from shuanglian.fieldwork.models import Post
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given, traced
from shuanglian.trail import trail

from . import reading

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.organisation.models import Cadre


@transaction.atomic
def station(
    *, cadre: Cadre, village: Area, kind: str, since: date, by: User, at: datetime, until: date | None = None
) -> Post:
    """Station a cadre in a village. Refused: an unknown post, a second leader, the same post twice at a time."""
    known = profile.active().fieldwork.posts
    post = known[reading.code(kind, known, N_("岗位"))]
    if village.level != village.Level.VILLAGE:
        raise Refusal("not_a_village", N_("只能派驻到村"))
    if until is not None and until < since:
        raise Refusal("ends_before", N_("结束日期早于开始日期"))
    type(village).objects.select_for_update(of=("self",)).get(pk=village.pk)
    there = Post.objects.filter(village=village, kind=kind).standing_between(since, until or date.max)
    if there.filter(cadre=cadre).exists():
        raise Refusal("stationed_already", N_("{name}这段时间已经在这个岗位"), name=cadre.name)
    if post.most is not None and there.count() >= post.most:
        raise Refusal("post_taken", N_("这个村已有{post}，请先结束原来的岗位"), post=post.label)
    with traced("fieldwork.posts.station", by=by, at=at):
        made = Post.objects.create(
            cadre=cadre, village=village, area_code=village.code, kind=kind, since=since, until=until
        )
    trail.write("fieldwork.posts.station", about=cadre, by=by, at=at, area_code=village.code, village=village.name,
                kind=kind, since=since)  # fmt: skip
    return made


@transaction.atomic
def end(*, post: Post, on: date, why: str, by: User, at: datetime) -> Post:
    """The last day on a post, and why it ends."""
    reason = reason_given(why)
    post = Post.objects.select_for_update(of=("self",)).select_related("cadre", "village").get(pk=post.pk)
    if post.until is not None:
        raise Refusal("ended_already", N_("这个岗位已于 {on} 结束"), on=post.until)
    if on < post.since:
        raise Refusal("ends_before", N_("结束日期早于开始日期"))
    post.until, post.ended_why = on, reason
    with traced("fieldwork.posts.end", by=by, at=at, why=reason):
        post.save(update_fields=["until", "ended_why"])
    trail.write("fieldwork.posts.end", about=post.cadre, by=by, at=at, area_code=post.area_code,
                village=post.village.name, kind=post.kind, on=on, why=reason)  # fmt: skip
    return post
