"""What the checks find, written down: of an area by night and after an import, of a household after every change.

One at a time per county: while a county is swept, a household that is saved is asked again right after (a job).
Exceptions end here when their time is over or a fact they stand on has changed (REG-7, REP-2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.db.models import Q

from shuanglian.areas.models import Area, below
from shuanglian.core import clock
from shuanglian.core.scoping import unscoped
from shuanglian.registry import quality
from shuanglian.registry.models import Flag, FlagException, Household
from shuanglian.registry.quality import Found, Key
from shuanglian.sheets import merging

LOCK = 7412010  # first half of the advisory lock of a county; the second is its six figures
PIECE = 5000
NEW: dict[str, Any] = {
    "rule": pl.String, "household_id": pl.Int64, "person_id": pl.Int64, "area_code": pl.String, "since": pl.Date,
    "state": pl.String, "others": pl.List(pl.Int64),
}  # fmt: skip


def sweep(within: Area | None, *, at: datetime) -> int:
    """Ask everything of an area and write down what is new and what is gone; how many flags stand open or excepted.

    County by county: each is a query of its own, so that a province does not have to fit into memory.
    """
    if within is None or within.level < Area.Level.COUNTY:
        counties = Area.objects.current().filter(level=Area.Level.COUNTY).order_by("code")
        counties = counties.within(within) if within is not None else counties
        return sum(sweep(county, at=at) for county in counties if _anything(county))
    with transaction.atomic(), unscoped():
        _lock(within.code)
        today = clock.day_of(at)
        return _write(quality.of_area(within, today), below(within.prefix), today)


def ask_again(
    households: Collection[int], villages: Collection[str], *, at: datetime, wait: bool = False
) -> bool:  # fmt: skip
    """Ask some households and villages again after a change. False: their county is being swept, and nobody waits."""
    today = clock.day_of(at)
    with transaction.atomic(), unscoped():
        codes = set(Household.objects.filter(pk__in=households).values_list("area_code", flat=True)) | set(villages)
        if not all(_lock(code, alone=False, wait=wait) for code in sorted({code[:6] for code in codes})):
            return False
        if households:
            asked = set(households) | quality.also(households) | _named_beside(households)
            _write(quality.of_households(asked, today), Q(household__in=asked), today)
        if villages:
            found = quality.villages_only(villages, today)
            _write(found, Q(household__isnull=True, area_code__in=list(villages)), today)
    return True


def _anything(county: Area) -> bool:
    return any(model.objects.within(county).exists() for model in (Household, Flag))


LOCKS = {
    (True, True): "pg_advisory_xact_lock", (False, True): "pg_advisory_xact_lock_shared",
    (False, False): "pg_try_advisory_xact_lock_shared",
}  # fmt: skip


def _lock(code: str, *, alone: bool = True, wait: bool = True) -> bool:
    """A sweep has its county for itself; saves in it go side by side, but not beside a sweep."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {LOCKS[alone, wait]}(%s, %s)", [LOCK, int(code[:6])])
        answer = cursor.fetchone()[0]
    return wait or bool(answer)


def _named_beside(households: Collection[int]) -> set[int]:
    """Households whose flags name one of these as sharing a number: it may share it no longer."""
    rows = Flag.objects.filter(household__in=households).exclude(state=Flag.State.GONE).values_list("others", flat=True)
    return {other for others in rows for other in others}


# --- what is new, what is gone ----------------------------------------------------------------------------------------
def _write(found: Found, scope: Q, today: date) -> int:
    excepted = _exceptions(scope, found, today)
    live = Flag.objects.filter(scope).exclude(state=Flag.State.GONE)
    rows = live.values_list("pk", "rule", "household_id", "person_id", "area_code", "state", "others")
    stood = {_key(rule, household, person, area): (pk, area, state, list(others))
             for pk, rule, household, person, area, state, others in rows}  # fmt: skip
    _gone([pk for key, (pk, *_) in stood.items() if key not in found.area_of], today)
    _new([key for key in found.area_of if key not in stood], found, excepted, today)
    for key, (pk, *before) in stood.items():
        if key in found.area_of:
            now = [found.area_of[key], _state(key, excepted), found.others.get(key, [])]
            if now != before:
                Flag.objects.filter(pk=pk).update(area_code=now[0], state=now[1], others=now[2])
    return len(found.area_of)


def _key(rule: str, household: int | None, person: int | None, area_code: str) -> Key:
    return rule, household, person, "" if household else area_code


def _state(key: Key, excepted: Collection[Key]) -> str:
    return str(Flag.State.EXCEPTED if key in excepted else Flag.State.OPEN)


def _gone(pks: list[int], today: date) -> None:
    for start in range(0, len(pks), PIECE):
        Flag.objects.filter(pk__in=pks[start : start + PIECE]).update(state=Flag.State.GONE, gone_on=today)


def _new(keys: Iterable[Key], found: Found, excepted: Collection[Key], today: date) -> None:
    rows = [
        (rule, household, person, found.area_of[key], today, _state(key, excepted), found.others.get(key, []))
        for key in keys for rule, household, person, _ in (key,)
    ]  # fmt: skip
    if len(rows) > PIECE:
        merging.copy(Flag._meta.db_table, pl.DataFrame(rows, schema=NEW, orient="row"))
    elif rows:
        Flag.objects.bulk_create([Flag(**dict(zip(NEW, row, strict=True))) for row in rows])


# --- exceptions -------------------------------------------------------------------------------------------------------
def _exceptions(scope: Q, found: Found, today: date) -> set[Key]:
    """The keys whose exception stands; those whose time is over or whose facts have changed end now."""
    live = list(FlagException.objects.filter(scope, ended=""))
    keys = {_key(one.rule, one.household_id, one.person_id, one.area_code): one for one in live}
    marks = quality.digests(list(keys), today) if keys else {}
    stands = set()
    for key, one in keys.items():
        if one.until < today:
            end(one, FlagException.End.EXPIRED, today)
        elif marks[key] != one.digest:
            end(one, FlagException.End.CHANGED, today)
        else:
            stands.add(key)
            if one.household_id and key in found.area_of and one.area_code != found.area_of[key]:
                FlagException.objects.filter(pk=one.pk).update(area_code=found.area_of[key])
    return stands


def end(one: FlagException, how: str, today: date) -> None:
    FlagException.objects.filter(pk=one.pk).update(ended=how, ended_on=today)
