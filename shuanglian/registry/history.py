"""What happened to a household's file, told so that a clerk can read it (REG-10): who, when, why, before and after.

The database's own history (…Event) is the source, so what imports and bulk changes did is told as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.accounts.models import User
from shuanglian.core.profile import label
from shuanglian.core.secrets import SealedTextField
from shuanglian.kernel.ids import mask_id, mask_phone
from shuanglian.trail.models import Entry

from .ledger import need_label
from .models import Household, HouseholdYear, Person

MOST = 1000  # states of one file that a page tells; no file has had so many
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
    "suspicions.decide": gettext_lazy("核实重复"),
}


@dataclass(frozen=True)
class Difference:
    """One field of one row: whose it is, what it is called, what stood there and what stands there now."""

    of: str
    name: str
    before: str
    after: str


@dataclass
class Deed:
    """Everything that one act changed."""

    at: datetime
    what: str
    who: str
    why: str
    differences: list[Difference] = field(default_factory=list)


def deeds(household: Household) -> list[Deed]:
    """The file's history, the latest first."""
    told: dict[tuple[Any, datetime], Deed] = {}
    contexts: dict[tuple[Any, datetime], Mapping[str, Any]] = {}
    for model, rows in _states(household):
        last: dict[int, Any] = {}
        for event in rows:
            key = (event.pgh_context_id, event.pgh_created_at)
            differences = list(_differences(model, last.get(event.pgh_obj_id), event))
            last[event.pgh_obj_id] = event
            if not differences:
                continue
            contexts[key] = event.pgh_context.metadata if event.pgh_context else {}
            deed = told.setdefault(key, Deed(event.pgh_created_at, "", "", ""))
            deed.differences += differences
    latest_first = sorted(told.values(), key=lambda deed: deed.at, reverse=True)
    people = _people(contexts.values())
    for key, deed in told.items():
        _sign(deed, contexts[key], people)
    return latest_first


def looks(household: Household) -> list[Entry]:
    """Who looked at full numbers of this household, the latest first."""
    return list(Entry.objects.filter(about=f"registry.household:{household.pk}", verb="look").order_by("-number")[:100])


def _states(household: Household) -> Iterable[tuple[type[Model], Iterable[Any]]]:
    for model, inside in (
        (Household, {"pgh_obj_id": household.pk}),
        (Person, {"household_id": household.pk}),
        (HouseholdYear, {"household_id": household.pk}),
    ):
        events = model._meta.get_field("events").related_model.objects  # type: ignore[union-attr,attr-defined]
        yield model, events.filter(**inside).select_related("pgh_context").order_by("pgh_id")[:MOST]


def _differences(model: type[Model], before: Any, after: Any) -> Iterable[Difference]:
    of = _subject(model, after)
    if after.pgh_label == "delete":
        yield Difference(of, _("整条记录"), _("有"), _("已删除"))
        return
    for column in model._meta.concrete_fields:
        if column.name in UNTOLD:
            continue
        old = getattr(before, column.attname) if before is not None else None
        new = getattr(after, column.attname)
        if old == new or (not _told(old) and not _told(new)):
            continue
        yield Difference(of, str(column.verbose_name), _text(column, old, before), _text(column, new, after))


def _told(value: Any) -> bool:
    return value not in (None, "", [])


def _subject(model: type[Model], event: Any) -> str:
    if model is Person:
        return str(event.name)
    if model is HouseholdYear:
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
    deed.what = str(VERBS[verb]) if verb in VERBS else _("名册导入") if context.get("job") else _("批量处理")
    deed.at = parse_datetime(context.get("at") or "") or deed.at
