"""受理人 who may read an office's letters is named by the office above or the administrator, with dates (VOICE-6)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.accounts.rights import may
from shuanglian.complaints import access
from shuanglian.complaints.models import Officer
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def name(*, user: User, since: date, by: User, at: datetime) -> Officer:
    """Name somebody of an office for its letters; named already, nothing changes."""
    area = user.area
    if area is None or not access.areas_named_by(by).filter(pk=area.pk).exists():
        raise Refusal("not_yours_to_name", N_("只能由上级双联办或管理员指定"))
    if user.pk == by.pk:
        raise Refusal("four_eyes", N_("不能指定自己"))
    if not may(user, access.READS):
        raise Refusal("wrong_role", N_("这个账户的角色不能受理安全信件"))
    if kept := Officer.objects.filter(user=user, area_code=area.code, until=None).first():
        return kept
    made = Officer.objects.create(user=user, area_code=area.code, since=since, by=by, at=at)
    trail.write("complaints.officers.name", by=by, at=at, area_code=area.code, officer=user.username)
    return made


@transaction.atomic
def end(*, officer: Officer, until: date, by: User, at: datetime) -> Officer:
    """The last day on which somebody reads an office's letters."""
    kept = Officer.objects.select_for_update(of=("self",)).select_related("user").get(pk=officer.pk)
    if not access.areas_named_by(by).filter(code=kept.area_code).exists():
        raise Refusal("not_yours_to_name", N_("只能由上级双联办或管理员指定"))
    if kept.until is not None:
        raise Refusal("ended_already", N_("已经结束"))
    kept.until = until
    kept.save(update_fields=["until"])
    trail.write("complaints.officers.end", by=by, at=at, area_code=kept.area_code, officer=kept.user.username)
    return kept
