"""The household's whole story on one time line: every act, value, document and decision, from all rooms (REG-10).

Each room tells its own chapters (hooks.register_story). What somebody may not see in that room is not told here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.accounts.rights import may
from shuanglian.attachments.actions import attachments
from shuanglian.core import clock
from shuanglian.core.scoping import unscoped

from . import history, hooks, stating
from .hooks import Chapter, Moment, Seen
from .models import Household, HouseholdLink, Statement
from .scope import visible

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

REGISTER, ROSTER = "register", "roster"


def of(household: Household, by: User, kind: str = "") -> list[Moment]:
    """The story, the latest first; of one chapter or of all. The caller has been let at the household."""
    deeds, people = history.read(household)
    seen = Seen(household, people, by)
    told: list[Moment] = []
    if kind in ("", REGISTER, ROSTER):
        told += [one for one in map(_deed, deeds) if kind in ("", one.kind)]
    for chapter in hooks.chapters():
        if kind in ("", chapter.kind):
            told += chapter.tell(seen)
    return sorted(told, key=lambda one: one.at, reverse=True)


def late(household: Household, by: User, end: datetime, day: date) -> list[Moment]:
    """What a day's file did not know yet although it is dated on that day or before: entered from `end` on (REG-10).

    Asked for directly: days only, without the values that the whole story tells.
    """
    deeds, people = history.read_days(household, since=end, until=day)
    seen = Seen(household, people, by, (end, day))
    told = [*map(_deed, deeds), *(one for chapter in hooks.chapters() for one in chapter.tell(seen))]
    return sorted(entered_later(told, end, day), key=lambda one: one.at, reverse=True)


def kinds() -> list[tuple[str, Any]]:
    """(code, label) of every chapter, in order."""
    own = [(REGISTER, _("档案变更")), (ROSTER, _("名册导入"))]
    return own + [(one.kind, one.label) for one in hooks.chapters()]


def back_dated(moment: Moment) -> bool:
    """Dated before the day on which it was entered (REG-10): shown as such, so that nobody takes it for known then."""
    return moment.on is not None and moment.on < clock.day_of(moment.at)


def entered_later(told: list[Moment], end: datetime, day: date) -> list[Moment]:
    """Of a story what was entered from `end` on although it is dated on that day or before."""
    return [one for one in told if one.at >= end and one.on is not None and one.on <= day]


def _deed(deed: history.Deed) -> Moment:
    kind = ROSTER if deed.roster else REGISTER
    return Moment(deed.at, kind, deed.what, deed.who, deed.why, deed.on, lines=deed.lines)


# --- the register's own chapters ------------------------------------------------------------------------------------
def register() -> None:
    """Called once from ready()."""
    hooks.register_story(Chapter("links", gettext_lazy("迁户、分户、并户"), 10, links))
    hooks.register_story(Chapter("statements", gettext_lazy("情况申明"), 20, statements))
    hooks.register_story(Chapter("documents", gettext_lazy("附件材料"), 60, documents))
    hooks.register_story(Chapter("looks", gettext_lazy("谁看过"), 90, looks))


def links(seen: Seen) -> Iterator[Moment]:
    """Members who came and went, splits and merges, in the stories of both files."""
    key = seen.household.pk
    with unscoped():
        rows = list(
            seen.wanted(HouseholdLink.objects.filter(Q(source=key) | Q(target=key)), "at", "on")
            .select_related("source", "target", "by")
        )  # fmt: skip
    others = {row.target_id if row.source_id == key else row.source_id for row in rows}
    known = set(visible(seen_by=seen.by).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    for row in rows:
        other = row.target if row.source_id == key else row.source
        seen_too = other.pk in known or other.pk == key
        told = _link(row, other, key, seen_too)
        yield replace(told, undo=_undo(row, seen_too, seen.by))
        if row.undone_at:
            yield replace(told, at=row.undone_at, what=_("撤销：{what}").format(what=told.what), on=None,
                          who=str(row.undone_by or ""), why=row.undone_why)  # fmt: skip


def _link(row: HouseholdLink, other: Household, key: int, known: bool) -> Moment:
    names = "、".join(str(one["name"]) for one in row.people)
    where = f"{other.head_name} {other.number}" if known else _("本区域以外的户")
    sentences = {
        ("move", True): _("{names}迁往{where}"), ("move", False): _("{names}由{where}迁入"),
        ("split", True): _("分户：{names}分出为{where}"), ("split", False): _("由{where}分户立户：{names}"),
        ("merge", True): _("并入{where}"), ("merge", False): _("{where}并入本户：{names}"),
    }  # fmt: skip
    sentence = sentences.get((row.kind, row.source_id == key), _("合并重复人员：{names}"))
    href = reverse("registry:story", args=[other.pk]) if known and other.pk != key else ""
    return Moment(row.at, "links", sentence.format(names=names, where=where), str(row.by or ""), row.why, row.on, href)


def _undo(row: HouseholdLink, known: bool, by: User) -> str:
    merge = row.kind in (HouseholdLink.Kind.MERGE, HouseholdLink.Kind.SAME) and row.undone_at is None
    return reverse("registry:undo_merge", args=[row.pk]) if merge and known and may(by, "registry.edit") else ""


def statements(seen: Seen) -> Iterator[Moment]:
    """What somebody stated about the household or its members, and what was taken back."""
    about = Q(household=seen.household) | Q(person__in=list(seen.people))
    with unscoped():
        found = seen.wanted(Statement.objects.filter(about), "at", "on")
        rows = list(found.select_related("person", "by", "withdrawn_by"))
    for row in rows:
        if not seen.concerns(row.person_id, row.at):
            continue
        name, value = stating.told(row)
        whose = f"{row.person.name}：" if row.person else ""
        source = str(Statement.Source(row.source).label)
        yield Moment(row.at, "statements", _("申明 {whose}{name} {value}（{source}）").format(
            whose=whose, name=name, value=value, source=source), str(row.by or ""), row.note, row.on)  # fmt: skip
        if row.withdrawn_at and seen.concerns(row.person_id, row.withdrawn_at):
            yield Moment(row.withdrawn_at, "statements", _("撤回申明 {whose}{name} {value}").format(
                whose=whose, name=name, value=value), str(row.withdrawn_by or ""))  # fmt: skip


def documents(seen: Seen) -> Iterator[Moment]:
    """Photos and scans that stand by the file."""
    for one in seen.wanted(attachments.of(seen.household), "at", "taken_at__date").select_related("by"):
        what = f"{one.get_kind_display()} {one.name}".strip()
        on = clock.day_of(one.taken_at) if one.taken_at else None
        yield Moment(one.at, "documents", what, str(one.by or ""), one.purpose, on)


def looks(seen: Seen) -> Iterator[Moment]:
    """Who looked at full numbers, for those who may read the trail."""
    if seen.late or not may(seen.by, "trail.view"):
        return
    for one in history.looks(seen.household):
        yield Moment(one.at, "looks", one.verb_label, one.by_name, str(one.details.get("why") or ""))
