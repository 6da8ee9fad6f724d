"""Kinship declared, cleared, ended (REG-9): a standing line keeps somebody from deciding on his own family."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given
from shuanglian.recognition.models import Kin
from shuanglian.registry.models import Household
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def declare(*, user: User, household: Household, relation: str, by: User, at: datetime) -> Kin:
    """They are related: by the user himself or by anybody who knows. What was cleared before ends."""
    return _put(user, household, True, relation, by, at)


@transaction.atomic
def clear(*, user: User, household: Household, relation: str, by: User, at: datetime) -> Kin:
    """Looked into by another: they are not related, though name or telephone are the same. Nobody clears himself."""
    if user.pk == by.pk:
        raise Refusal("clears_himself", N_("不能由本人核实自己没有亲属关系"))
    return _put(user, household, False, relation, by, at)


@transaction.atomic
def end(*, kin: Kin, why: str, by: User, at: datetime) -> Kin:
    """The line no longer holds; it stays readable. A declared relation is not lifted by the one it is about."""
    kin = Kin.objects.select_for_update().get(pk=kin.pk)
    if kin.ended_at is not None:
        raise Refusal("kin_over", N_("这条申报已经解除"))
    if kin.related and kin.user_id == by.pk:
        raise Refusal("lifts_himself", N_("不能由本人解除自己的亲属回避"))
    kin.ended_by, kin.ended_at, kin.ended_why = by, at, reason_given(why)
    kin.save(update_fields=["ended_by", "ended_at", "ended_why"])
    trail.write("recognition.kin.end", about=kin, by=by, at=at, why=kin.ended_why)
    return kin


def _put(user: User, household: Household, related: bool, relation: str, by: User, at: datetime) -> Kin:
    relation = reason_given(relation)[:60]
    Household.objects.select_for_update().get(pk=household.pk)  # two declarations about one file wait for each other
    if former := Kin.objects.standing().filter(user=user, household=household).first():
        if former.related == related:
            return former
        end(kin=former, why=relation, by=by, at=at)
    kin = Kin.objects.create(
        user=user, household=household, area_code=household.area_code, related=related, relation=relation, by=by, at=at
    )
    trail.write("recognition.kin.declare" if related else "recognition.kin.clear", about=kin, by=by, at=at,
                relation=relation)  # fmt: skip
    return kin
