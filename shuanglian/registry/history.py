"""What happened to a household's file, told so that a clerk can read it (REG-10): who, when, why, before and after.

The database's own history (…Event) is the source, so what imports and bulk changes did is told as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pghistory.models import Context

from shuanglian.accounts.models import User
from shuanglian.core.profile import active, label, language
from shuanglian.core.scoping import unscoped
from shuanglian.core.secrets import SealedTextField
from shuanglian.kernel.ids import mask_id, mask_phone
from shuanglian.trail import verbs
from shuanglian.trail.models import Entry

from . import asof
from .hooks import Line
from .ledger import need_label
from .models import AccountPart, Household, HouseholdYear, Person

MOST = 5000  # states of one table that a page tells, the latest; no file has had so many
LISTS = {
    "kind": "household_class", "standard": "standard", "main_cause": "cause", "other_causes": "cause",
    "status": "exit_mark", "sex": "sex", "relation": "relation", "ethnic": "ethnicity", "education": "education",
    "schooling": "schooling", "health": "health", "labour": "labour_skill", "work_place": "work_place",
    "political": "politics", "house_grade": "house_grade", "road_kind": "road", "fuel": "fuel",
}  # fmt: skip
UNTOLD = frozenset({
    "id", "area_code", "household", "head_pinyin", "pinyin", "phone_digest", "bank_digest", "id_digest", "lon", "lat",
})  # fmt: skip
VERBS = {
    "households.enrol": gettext_lazy("建档"),
    "households.change": gettext_lazy("修改档案"),
    "households.move": gettext_lazy("迁到他村"),
    "households.leave": gettext_lazy("脱贫退出"),
    "households.remove": gettext_lazy("剔除"),
    "households.reinstate": gettext_lazy("恢复在册"),
    "households.record_year": gettext_lazy("登记年度账"),
    "people.add": gettext_lazy("增加成员"),
    "people.change": gettext_lazy("修改成员"),
    "people.leave": gettext_lazy("成员减员"),
    "people.change_head": gettext_lazy("更换户主"),
    "people.move": gettext_lazy("成员迁户"),
    "households.split": gettext_lazy("分户"),
    "households.merge": gettext_lazy("并户"),
    "people.merge": gettext_lazy("合并重复人员"),
    "households.undo_merge": gettext_lazy("撤销合并"),
    "suspicions.decide": gettext_lazy("核实重复"),
}
DAYS = ("since", "left_on", "removed_on")  # what says on which day a thing happened


@dataclass
class Deed:
    """Everything that one act changed. `on`: the earliest day that it wrote down; `roster`: an import did it."""

    at: datetime
    what: str = ""
    who: str = ""
    why: str = ""
    on: date | None = None
    roster: bool = False
    lines: list[Line] = field(default_factory=list)


def deeds(household: Household) -> list[Deed]:
    """The file's history, the latest first; of a member who came from another household what was changed there too."""
    return read(household)[0]


def read(household: Household) -> tuple[list[Deed], dict[int, datetime | None]]:
    """The deeds, and everybody who was ever a member → since when he is one elsewhere.

    Read as the owner of the tables: the caller has been let at the household, and its history goes with it.
    """
    told: dict[tuple[Any, datetime], Deed] = {}
    contexts: dict[tuple[Any, datetime], Mapping[str, Any]] = {}
    gone: dict[int, datetime | None] = {}
    with unscoped():
        states = [(model, list(rows)) for model, rows in _states(household)]
    for model, rows in states:
        last: dict[int, Any] = {}
        ends = _last_here(rows, household.pk) if model is Person else {}
        for event in rows:
            if model is Person:
                gone.setdefault(event.pgh_obj_id, None)
                if event.pgh_id > ends.get(event.pgh_obj_id, event.pgh_id):
                    gone[event.pgh_obj_id] = gone[event.pgh_obj_id] or told_at(event)
                    continue
            key = (event.pgh_context_id, event.pgh_created_at)
            before, last[event.pgh_obj_id] = last.get(event.pgh_obj_id), event
            lines = list(_differences(model, before, event))
            if not lines:
                continue
            contexts[key] = _context(event)
            deed = told.setdefault(key, Deed(event.pgh_created_at))
            deed.lines += lines
            deed.on = min(filter(None, (deed.on, _day(before, event))), default=None)
    people = _people(contexts.values())
    for key, deed in told.items():
        _sign(deed, contexts[key], people)
    return sorted(told.values(), key=lambda deed: deed.at, reverse=True), gone


def read_days(household: Household, since: datetime, until: date) -> tuple[list[Deed], dict[int, datetime | None]]:
    """The deeds known from a moment on that write down a day up to another, without their values; members as `read`.

    Only days and contexts are read: nothing sealed is opened, whatever the file has lived through.
    """
    key, gone = household.pk, dict[int, datetime | None]()
    late: dict[tuple[Any, datetime], date] = {}
    with unscoped():
        own = _day_states(Household, {"pgh_obj_id": key}, "since", "left_on", "removed_on")
        members = _day_states(Person, {"pgh_obj_id__in": asof.ever_in(key)}, "since", "left_on", home="household_id")
    ends = {one.of: one.state for one in members if one.home == key}
    left: dict[int, _Days] = {}
    known: dict[tuple[bool, int], frozenset[date]] = {}
    for one in (*own, *members):
        mine = one.home is None or one.state <= ends.get(one.of, 0)
        if one.home is not None:
            gone.setdefault(one.of, None)
            if not mine:
                left.setdefault(one.of, one)
                continue
        thing = one.home is not None, one.of
        new, known[thing] = one.days - known.get(thing, frozenset()), one.days
        if new and min(new) <= until:
            spot = (one.context, one.at)
            late[spot] = min(late.get(spot, date.max), *new)
    contexts = _contexts({spot[0] for spot in late} | {one.context for one in left.values()})
    for pk, one in left.items():
        gone[pk] = _moment(contexts.get(one.context, {}), one.at)
    deeds = [(Deed(at, on=on), contexts.get(context, {})) for (context, at), on in late.items()]
    deeds = [(deed, told) for deed, told in deeds if _moment(told, deed.at) >= since]
    people = _people(told for _deed, told in deeds)
    for deed, told in deeds:
        _sign(deed, told, people)
    return [deed for deed, _told in deeds], gone


@dataclass(frozen=True)
class _Days:
    """A state of the row history with the days that it carries; `home`: of a member, in which household."""

    state: int
    of: int
    home: int | None
    context: Any
    at: datetime
    days: frozenset[date]


def _day_states(model: type[Model], inside: Mapping[str, Any], *days: str, home: str = "") -> list[_Days]:
    names = ("pgh_id", "pgh_obj_id", "pgh_context_id", "pgh_created_at", *([home] if home else []), *days)
    rows = asof.events_of(model).filter(**inside).exclude(pgh_label="delete").order_by("pgh_id").values_list(*names)
    first = 5 if home else 4
    return [_Days(row[0], row[1], row[4] if home else None, row[2], row[3], frozenset(filter(None, row[first:])))
            for row in rows]  # fmt: skip


def _contexts(keys: Iterable[Any]) -> dict[Any, Mapping[str, Any]]:
    found = {key for key in keys if key}
    return {row.pk: row.metadata for row in Context.objects.filter(pk__in=found)} if found else {}


def _moment(context: Mapping[str, Any], created: datetime) -> datetime:
    return parse_datetime(context.get("at") or "") or created


def told_at(event: Any) -> datetime:
    """When a state was recorded, as asof.known_at says it."""
    return parse_datetime(_context(event).get("at") or "") or event.pgh_created_at


def signature(event: Any) -> tuple[datetime, str, str]:
    """(at, who, why) of one state of the row history, for rooms that tell their own chapters."""
    told = _context(event)
    return told_at(event), str(told.get("by_name") or _("系统")), str(told.get("why") or "")


def looks(household: Household) -> list[Entry]:
    """Who looked at full numbers of this household, the latest first."""
    return list(Entry.objects.filter(about=f"registry.household:{household.pk}", verb="look").order_by("-number")[:100])


def _states(household: Household) -> Iterable[tuple[type[Model], Iterable[Any]]]:
    for model, inside in (
        (Household, {"pgh_obj_id": household.pk}),
        (Person, {"pgh_obj_id__in": asof.ever_in(household.pk)}),
        (HouseholdYear, {"household_id": household.pk}),
        (AccountPart, {"household_id": household.pk}),
    ):
        more = ["village"] if model is Household else []
        rows = asof.events_of(model).filter(**inside).select_related("pgh_context", *more)
        yield model, reversed(rows.order_by("-pgh_id")[:MOST])


def _last_here(rows: Iterable[Any], key: int) -> dict[int, int]:
    """Person → the last state in this household; what comes after it belongs to another one's file."""
    return {event.pgh_obj_id: event.pgh_id for event in rows if event.household_id == key}


def _context(event: Any) -> Mapping[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


def _day(before: Any, after: Any) -> date | None:
    """The earliest day that this state writes down for the first time."""
    days = [getattr(after, name, None) for name in DAYS]
    known = [getattr(before, name, None) for name in DAYS]
    return min((day for day in days if day is not None and day not in known), default=None)


def _differences(model: type[Model], before: Any, after: Any) -> Iterable[Line]:
    of = _subject(model, after)
    if model is AccountPart:
        yield from _part(of, before, after)
        return
    if after.pgh_label == "delete":
        yield Line(of, _("整条记录"), _("有"), _("已删除"))
        return
    for column in model._meta.concrete_fields:
        if column.name in UNTOLD:
            continue
        old = getattr(before, column.attname) if before is not None else None
        new = getattr(after, column.attname)
        if old == new or (not _told(old) and not _told(new)):
            continue
        yield Line(of, str(column.verbose_name), _text(column, old, before), _text(column, new, after))


def _part(of: str, before: Any, after: Any) -> Iterable[Line]:
    """A part of the account: one line under its own name, also when it is taken out."""
    old = before.yuan if before is not None else None
    new = None if after.pgh_label == "delete" else after.yuan
    if old != new:
        part = active().account_parts.get(after.part)
        name = part.label.in_(language()) if part else after.part
        yield Line(of, name, *(f"{value.normalize():f}" if value is not None else "—" for value in (old, new)))


def _told(value: Any) -> bool:
    return value not in (None, "", [])


def _subject(model: type[Model], event: Any) -> str:
    if model is Person:
        return str(event.name)
    if model in (HouseholdYear, AccountPart):
        return _("{year}年度").format(year=event.year)
    return _("本户")


def _text(column: Field, value: Any, event: Any) -> str:
    if not _told(value):
        return "—"
    if isinstance(column, SealedTextField):
        return mask_phone(value) if "phone" in column.name else mask_id(value)
    if column.name == "village":
        return str(event.village)
    if column.name == "need_band":
        return need_label(value)
    if column.name in LISTS:
        codes = value if isinstance(value, list) else [value]
        return "、".join(label(LISTS[column.name], code) for code in codes)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _people(contexts: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """Names of those whom a context knows by number only (imports and other jobs)."""
    ids = {told["user"] for told in contexts if told.get("user") and not told.get("by_name")}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}


def _sign(deed: Deed, context: Mapping[str, Any], people: Mapping[int, str]) -> None:
    deed.who = context.get("by_name") or people.get(context.get("user") or 0, "") or _("系统")
    deed.why = context.get("why") or ""
    verb = context.get("verb") or ""
    deed.roster = verb.startswith("imports.") or (not verb and bool(context.get("job")))
    deed.what = str(VERBS.get(verb) or verbs.label(verb)) or (_("名册导入") if deed.roster else _("批量处理"))
    deed.at = parse_datetime(context.get("at") or "") or deed.at
