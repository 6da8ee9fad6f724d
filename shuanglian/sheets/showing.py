"""What the pages of a batch show: its steps, its columns with choices, its counts; in the reader's language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.core import profile
from shuanglian.core.forms import translated
from shuanglian.core.paging import Page
from shuanglian.kernel.ids import mask_card, mask_id, mask_phone, parse_id

from . import reading
from .engine.fields import PREFIX, ROSTERS, Field
from .engine.layout import DOUBTFUL, Layout
from .engine.messages import MESSAGES, fill, say
from .models import Batch, Finding

S = Batch.State
STEPS = [
    ("read", gettext_lazy("读取"), {S.UPLOADED, S.READING}),
    ("columns", gettext_lazy("核对列"), {S.MAPPING}),
    ("findings", gettext_lazy("检查"), {S.CHECKING}),
    ("accept", gettext_lazy("接收"), {S.CHECKED, S.ACCEPTING}),
    ("done", gettext_lazy("完成"), {S.ACCEPTED, S.UNDOING, S.UNDONE}),
]
TABLES = {
    "households": gettext_lazy("贫困户"),
    "persons": gettext_lazy("家庭成员"),
    "years": gettext_lazy("户年度信息"),
    "units": gettext_lazy("帮扶单位"),
    "cadres": gettext_lazy("帮扶干部"),
    "absences": gettext_lazy("离岗记录"),
    "links": gettext_lazy("联村"),
    "pairs": gettext_lazy("结对"),
    "payments": gettext_lazy("发放记录"),
    "demands": gettext_lazy("诉求"),
}
NOTES = {
    "absent": gettext_lazy("库里有、名册里没有（不删除）"),
    "moved_village": gettext_lazy("换了行政村"),
    "moved_household": gettext_lazy("已登记在别的户（未移动，请核实）"),
    "homeless": gettext_lazy("找不到所属的户（未接收）"),
    "repeated": gettext_lazy("名册里重复（只收第一行）"),
    "back": gettext_lazy("重新在岗"),
    "ended": gettext_lazy("原结对已结束"),
    "kept": gettext_lazy("已有更新的结对（保留）"),
    "renumbered": gettext_lazy("按户主证件找到、更新了户编号"),
    "exact": gettext_lazy("证件号码一致"),
    "named": gettext_lazy("姓名和住址一致"),
    "open": gettext_lazy("待人工核对"),
    "none": gettext_lazy("不在册"),
}


@dataclass(frozen=True)
class Step:
    """One step of a batch: `state` is past, now or ahead."""

    code: str
    name: str
    state: str


def steps(batch: Batch) -> list[Step]:
    """The five steps and which one the batch is at; a batch that was given up is nowhere."""
    at = next((n for n, (_code, _name, states) in enumerate(STEPS) if batch.state in states), 0)
    if batch.state in {S.ACCEPTED, S.UNDONE}:
        at = len(STEPS)
    return [
        Step(code, str(name), "past" if n < at else "now" if n == at else "ahead")
        for n, (code, name, _states) in enumerate(STEPS)
    ]


@dataclass(frozen=True)
class Column:
    """One column of a sheet as the page shows it."""

    letter: str
    header: str
    field: str
    sure: str  # sure, doubtful or unused
    why: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class SheetView:
    """Sheets of one make (same kind, same headers): their columns, the choices for each, and what is missing.

    `members` are (place in the layout, name, rows, left out) of each of them; `number` is the place of the first.
    """

    number: int
    kind: str
    title: str
    members: tuple[tuple[int, str, int, bool], ...]
    columns: tuple[Column, ...]
    choices: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    missing: tuple[str, ...]
    constants: tuple[tuple[str, str], ...]
    remembered: bool

    @property
    def name(self) -> str:
        return self.members[0][1]

    @property
    def rows(self) -> int:
        return sum(rows for _place, _name, rows, _out in self.members)


def sheets(batch: Batch, chosen: dict[str, dict[str, str | None]] | None = None) -> list[SheetView]:
    """The sheets of a batch, those of one make together; `chosen` are answers of a form that was refused."""
    samples, language = reading.samples_of(batch), profile.language()
    views = []
    for group in reading.groups(batch):
        number, kept = group[0]
        layout = Layout.from_json(kept)
        roster = ROSTERS[layout.kind]
        said = (chosen or {}).get(layout.sheet, {})
        views.append(
            SheetView(
                number, layout.kind, roster.title(language),
                tuple((place, one["sheet"], one["rows"], one["left_out"]) for place, one in group),
                tuple(_column(one, layout, said, samples.get(layout.sheet, {})) for one in layout.columns),
                _choices(layout.kind, language),
                tuple(_("或").join(roster.field(code).title(language) for code in group) for group in layout.missing),
                tuple(
                    (roster.field(code).title(language), value)
                    for code, value in layout.constants if code not in roster.once
                ),
                layout.remembered,
            )
        )  # fmt: skip
    return views


def told_once(batch: Batch) -> str:
    """The benefit that the whole payroll pays, by a person's choice or by its title; "" when rows tell it."""
    found = {dict(layout.constants).get("benefit", "") for _kept, layout in reading.layouts(batch)}
    return found.pop() if len(found) == 1 else ""


def _column(one: Any, layout: Layout, said: dict[str, str | None], samples: dict[str, list[str]]) -> Column:
    field = said.get(one.letter, one.field)
    known = ROSTERS[layout.kind].field(field) if field else None
    sure = "unused" if not field else "doubtful" if one.confidence < DOUBTFUL and one.letter not in said else "sure"
    shown = tuple(shortened(masked(text, known)) for text in samples.get(one.letter, []))
    return Column(one.letter, one.header, field or "", sure, translated(one.why), shown)


def _choices(kind: str, language: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Fields of a kind of roster for a select, in groups: (group, ((code, title), …))."""
    fields = ROSTERS[kind].fields
    own = tuple((one.code, one.title(language)) for one in fields if not one.code.startswith(PREFIX))
    members = tuple((one.code, one.title(language)) for one in fields if one.code.startswith(PREFIX))
    name = ROSTERS[kind].title(language)
    return ((name, own), (_("家庭成员"), members)) if members else ((name, own),)


def masked(text: str, field: Field | None) -> str:
    """A cell as a page may show it: identity, phone and account numbers with stars, also in columns not recognised."""
    match field.type if field else "":
        case "id":
            return mask_id(text)
        case "phone":
            return mask_phone(text)
        case "card":
            return mask_card(text)
    return mask_id(text) if field is None and sum(letter.isdigit() for letter in text) >= _LONG else text


_LONG = 11  # figures: as many as a mobile number has


def shortened(text: str, most: int = 40) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def field_of(kind: str, code: str) -> Field | None:
    """A field of a roster by the code that a finding carries; members' fields answer to their plain name too."""
    for roster in (ROSTERS.get(kind), ROSTERS["persons"]):
        if roster is None:
            continue
        for name in (code, PREFIX + code):
            if name in roster:
                return roster.field(name)
    return None


@dataclass(frozen=True)
class Row:
    """What became of one table: three figures and remarks."""

    title: str
    new: int
    changed: int
    unchanged: int
    notes: tuple[tuple[str, int], ...]


def tallies(counts: dict[str, Any]) -> list[Row]:
    """What a batch did (or would do), table by table."""
    rows = []
    for name, title in TABLES.items():
        told = counts.get(name)
        if not isinstance(told, dict):
            continue
        notes = dict(told)
        if "moved" in notes:
            notes["moved_village" if name == "households" else "moved_household"] = notes.pop("moved")
        if name == "households":
            notes["renumbered"] = counts.get("renumbered", 0)
        rows.append(
            Row(
                str(title), told.get("new", 0), told.get("changed", 0), told.get("unchanged", 0),
                tuple((str(NOTES[key]), count) for key, count in notes.items() if key in NOTES and count),
            )
        )  # fmt: skip
    return rows


def summed(counts: dict[str, Any]) -> dict[str, int]:
    """New, changed and unchanged over all tables."""
    found = [told for name, told in counts.items() if name in TABLES and isinstance(told, dict)]
    return {key: sum(told.get(key, 0) for told in found) for key in ("new", "changed", "unchanged")}


def others(batch: Batch) -> list[tuple[str, str]]:
    """Sheets of the file that are not imported, and why."""
    language = profile.language()
    return [(name, _why_not(why, language)) for name, why in batch.layout.get("others", [])]


def _why_not(why: str, language: str) -> str:
    if why == "hidden":
        return _("隐藏的工作表")
    return ROSTERS[why].title(language) if why in ROSTERS else _("没有名册的表头")


# --- findings --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Fault:
    """One finding in words: where, how bad, what is wrong, how to mend it; numbers of people masked."""

    place: str
    header: str
    severity: str
    severity_label: str
    what: str
    cure: str
    value: str


def fault(finding: Finding, kind: str) -> Fault:
    """A finding as a page shows it."""
    field = field_of(kind, finding.field)
    value = masked(finding.value, field)
    if not finding.field.endswith(_NUMBERS):  # where the roster lacks a column, a finding stands at the one beside it
        value = _masked_gap(value)
    gaps = {name: _masked_gap(given) for name, given in json.loads(finding.params or "{}").items()}
    what, cure = say(
        {"code": finding.code, "header": finding.header or (field.title(profile.language()) if field else ""),
         "field": finding.field, "value": shortened(value), "sheet": finding.sheet,
         "params": json.dumps(gaps, ensure_ascii=False)},
        _,
    )  # fmt: skip
    place = f"{finding.sheet}!{finding.column}{finding.row or ''}"
    label = str(finding.get_severity_display())
    return Fault(place, finding.header, finding.severity, label, what, cure, shortened(value))


def _masked_gap(given: Any) -> Any:
    """Numbers of people may come up in messages too; those of households and cadres stay readable."""
    return mask_id(given) if isinstance(given, str) and parse_id(given).problem in _OF_PEOPLE else given


_NUMBERS = ("number", "code")  # fields whose own numbers are nobody's secret, or are masked by their type
_OF_PEOPLE = (None, "check", "province", "disability")  # it holds a birth date, so it stands for somebody


def findings(batch: Batch, page: Page[Finding]) -> Page[Any]:
    """A page of findings in words."""
    shown: list[Any] = [fault(one, batch.kind) for one in page.rows]
    return Page(shown, page.next, page.previous)


def codes(batch: Batch) -> list[tuple[str, str, int]]:
    """Codes found, with severity and how often: errors first, the most frequent first."""
    return [(code, severity, count) for code, severity, count in batch.counts.get("by_code", [])]


def named(code: str) -> str:
    """A kind of finding in a few words: its sentence with the gaps left open."""
    message = MESSAGES.get(code)
    return shortened(fill(_(message.what), {}).rstrip("。."), 36) if message else code


def dependents(batch: Batch) -> list[dict[str, Any]]:
    """What kept the batch from being undone, by table."""
    shown = []
    for one in batch.counts.get("depends", []):
        model = apps.get_model(one["model"])
        why = _("后来改过") if one["why"] == "changed" else _("引用了这批新增的记录")
        examples = "、".join(one["examples"]) + ("…" if one["count"] > len(one["examples"]) else "")
        shown.append({"name": model._meta.verbose_name, "why": why, "count": one["count"], "examples": examples})
    return shown
