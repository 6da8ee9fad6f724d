"""What is done to linked units (PAIR-4): entered, changed, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.kernel.ids import parse_uscc
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import Changes, put, reason_given, traced
from shuanglian.organisation.models import Cadre, Unit
from shuanglian.organisation.names import initials_of
from shuanglian.rules.quotas import unit_strength
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

CODES = {"kind": "unit_kind", "tier": "tier", "trade": "trade"}
MAY_CHANGE = frozenset({"name", "kind", "tier", "trade", "staff", "uscc", "address", "contact", "phone", "leads"})


@transaction.atomic
def create(*, area: Area, values: Mapping[str, Any], on: date, by: User | None, at: datetime, code: str = "") -> Unit:
    """Enter a unit that helps in an area from a day on. Without a code the next free one of the area is taken."""
    unit = Unit(area=area, area_code=area.code, since=on, code=code.strip() or _next_code(area))
    if Unit.objects.filter(code=unit.code).exists():
        raise Refusal("code_taken", N_("单位编号 {number} 已被使用"), number=unit.code)
    _put(unit, values)
    _worked_out(unit, on)
    with traced("units.create", by=by, at=at):
        unit.save()
    trail.write("units.create", about=unit, by=by, at=at, code=unit.code)
    return unit


@transaction.atomic
def change(*, unit: Unit, values: Mapping[str, Any], why: str, by: User | None, at: datetime) -> Unit:
    """Change what is known about a unit, with the reason (REG-10). Nothing different: nothing written."""
    why = reason_given(why)
    changes = _put(unit, values)
    if changes:
        _worked_out(unit, clock.day_of(at))
        with traced("units.change", by=by, at=at, why=why):
            unit.save(update_fields=[*changes.fields, "pinyin", "strength"])
        trail.write("units.change", about=unit, by=by, at=at, why=why, before=changes.before, after=changes.after)
    return unit


@transaction.atomic
def end(*, unit: Unit, on: date, why: str, by: User | None, at: datetime) -> Unit:
    """A unit stops helping after a day. Its cadres must have been moved or ended before."""
    why = reason_given(why)
    if on < unit.since:
        raise Refusal("ends_before", N_("结束日期不能早于开始日期 {since}"), since=unit.since)
    serving = Cadre.objects.filter(unit=unit, until__isnull=True).count()
    if serving:
        raise Refusal("unit_has_cadres", N_("该单位还有 {count} 名在册干部，请先调整单位或结束"), count=serving)
    unit.until = on
    with traced("units.end", by=by, at=at, why=why):
        unit.save(update_fields=["until"])
    trail.write("units.end", about=unit, by=by, at=at, why=why, until=on.isoformat())
    return unit


def _put(unit: Unit, values: Mapping[str, Any]) -> Changes:
    wanted = {name: value for name, value in values.items() if name in MAY_CHANGE}
    if code := str(wanted.get("uscc") or "").strip():
        if (normal := parse_uscc(code)) is None:
            raise Refusal("uscc", N_("统一社会信用代码不正确，请核对 18 位代码"))
        wanted["uscc"] = normal
    changes = put(unit, wanted, codes=CODES)
    if not unit.name:
        raise Refusal("no_name", N_("请填写单位名称"))
    return changes


def _worked_out(unit: Unit, on: date) -> None:
    """Initials from the name, the trade from its words, strength from tier, kind and size (PAIR-5)."""
    unit.pinyin = initials_of(unit.name)[:100]
    unit.trade = unit.trade or active().guess_trade(unit.name) or ""
    heads = unit.staff or (Cadre.objects.filter(unit=unit, until__isnull=True).count() if unit.pk else 0)
    unit.strength = unit_strength(active(), tier=unit.tier or None, kind=unit.kind or None, cadres=heads, on=on)


def _next_code(area: Area) -> str:
    prefix = f"{area.prefix}D"
    taken = Unit.objects.filter(code__gte=prefix, code__lt=f"{prefix}:").values_list("code", flat=True)
    tails = (code.removeprefix(prefix) for code in taken)
    return f"{prefix}{max((int(tail) for tail in tails if tail.isdecimal()), default=0) + 1:04d}"
