"""What people decide about complaints: accept one as an exception, take that back (REG-7, REP-2).

Nothing is silenced for good: an exception has a reason, a person and a last day, and ends when a fact under it changes.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry import quality
from shuanglian.registry.models import Flag, FlagException
from shuanglian.rules.quality import stands_until
from shuanglian.trail import trail

from . import counts

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def accept(*, flag: Flag, why: str, by: User, at: datetime) -> FlagException:
    """Stand for it that what a rule complains about is right as it is, with the reason."""
    flag = Flag.objects.select_for_update().get(pk=flag.pk)
    rule, terms, today = quality.rules().get(flag.rule), active().roster.exceptions, clock.day_of(at)
    if flag.state == Flag.State.EXCEPTED:
        raise Refusal("excepted_already", N_("这个问题已经认可为例外"))
    if flag.state == Flag.State.GONE or rule is None:
        raise Refusal("flag_gone", N_("这个问题已经消除，不需要例外"))
    if terms is None:
        raise Refusal("no_exceptions", N_("方案没有规定例外，须改正档案"))
    if rule.severity == "error":
        raise Refusal("errors_are_mended", N_("错误不能认可为例外，须改正档案"))
    why = why.strip()[:200]
    if len(why) < terms.reason:
        raise Refusal("reason_too_short", N_("请写明理由，至少 {least} 个字"), least=terms.reason)
    key = (flag.rule, flag.household_id, flag.person_id, "" if flag.household_id else flag.area_code)
    made = FlagException.objects.create(
        rule=flag.rule, household=flag.household, person=flag.person, area_code=flag.area_code, why=why, on=today,
        digest=quality.digests([key], today)[key], until=stands_until(terms, today), by=by, at=at,
    )  # fmt: skip
    Flag.objects.filter(pk=flag.pk).update(state=Flag.State.EXCEPTED)
    _told("quality.accept", made, why, by, at)
    return made


@transaction.atomic
def withdraw(*, exception: FlagException, why: str, by: User, at: datetime) -> FlagException:
    """Take an exception back: the complaint stands open again."""
    exception = FlagException.objects.select_for_update().get(pk=exception.pk)
    if exception.ended:
        raise Refusal("exception_over", N_("这个例外已经终止"))
    if not (why := why.strip()[:200]):
        raise Refusal("no_reason", N_("请写明原因"))
    exception.ended, exception.ended_on = FlagException.End.WITHDRAWN, clock.day_of(at)
    exception.ended_by, exception.ended_why = by, why
    exception.save(update_fields=["ended", "ended_on", "ended_by", "ended_why"])
    same = Flag.objects.filter(rule=exception.rule, household=exception.household, person=exception.person)
    same = same if exception.household_id else same.filter(area_code=exception.area_code)
    same.filter(state=Flag.State.EXCEPTED).update(state=Flag.State.OPEN)
    _told("quality.withdraw", exception, why, by, at)
    return exception


def _told(verb: str, about: FlagException, why: str, by: User, at: datetime) -> None:
    counts.refresh([about.area_code], at=at)
    subject = about.household or about
    trail.write(verb, about=subject, by=by, at=at, area_code=about.area_code, why=why, rule=about.rule,
                person=about.person_id, until=about.until.isoformat())  # fmt: skip
