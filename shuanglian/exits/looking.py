"""One household, village, township or county held to its standards on a day, with each fact's value, source and day.

For looking only: nothing is written. `actions.checks` keeps what a whole area comes to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area, AreaTag, below
from shuanglian.benefits.family import Open
from shuanglian.benefits.findings import Sources
from shuanglian.benefits.telling import Line, tell
from shuanglian.core.profile import active, language
from shuanglian.core.scoping import unscoped
from shuanglian.registry import raw
from shuanglian.registry.models import Household, Person
from shuanglian.rules.cel.vocabulary import Word
from shuanglian.rules.exit_areas import GIVEN, area_vocabulary
from shuanglian.rules.exits import READY, Ask, Standard, Told, look
from shuanglian.rules.fact_values import to_plain
from shuanglian.rules.facts.build import Families, Raw, build
from shuanglian.rules.profile_shapes import Label

from .models import AreaFigure, ExitCheck, VillageExit

CENT = Decimal("0.01")
LEVELS = {Area.Level.VILLAGE: "village", Area.Level.TOWNSHIP: "township", Area.Level.COUNTY: "county"}


@dataclass(frozen=True)
class Shown:
    """One condition on a page: fine True (lets out), False (in the way), None (to be asked); line: its facts."""

    ask: Ask
    fine: bool | None
    line: Line

    @property
    def says(self) -> str:
        return self.ask.says.in_(language())

    @property
    def evidence(self) -> str:
        return self.ask.evidence.in_(language())


@dataclass(frozen=True)
class Set:
    """A standard with its conditions as they came out."""

    standard: Standard
    shown: tuple[Shown, ...]

    @property
    def label(self) -> str:
        return self.standard.shape.label.in_(language())

    @property
    def holds(self) -> int:
        return sum(one.fine is True for one in self.shown)


@dataclass(frozen=True)
class Looked:
    """Everything the standards say of one: sets, state, what is to be asked."""

    on: date
    told: Told
    sets: tuple[Set, ...]
    questions: tuple[Open, ...]

    @property
    def state(self) -> str:
        return self.told.state


def standards(level: str, on: date) -> tuple[Standard, ...]:
    """The sets of a level in force on a day."""
    return active().on(on).exits.of(level)


def household(found: Household, on: date) -> Looked:
    """One household's standing on a day, worked out from the register and statements."""
    columns = raw.of_household(found.pk, on)
    families = build(columns, on, active())
    sets = standards("household", on)
    _key, members, facts = next(families.each())
    told = look(sets, facts, on)
    order = list(members)
    inputs = _inputs(told, columns, order, found)
    names = dict(Person.objects.filter(household=found).values_list("pk", "name"))
    questions = tuple(_questions(told, families, found, names))
    return Looked(on, told, _sets(sets, told, inputs, names), questions)


def states_of(households: list[int], on: date) -> dict[int, Told]:
    """The standings of some households at once: id → told."""
    families = build(raw.of_households(households, on), on, active())
    sets = standards("household", on)
    return {key: look(sets, facts, on) for key, _members, facts in families.each()}


def barred(households: Mapping[int, str], on: date) -> dict[int, str]:
    """household → why it may not leave on a day; those who may are not named. households: id → code of its village.

    Every condition must hold on the day of the area's last check, whose year's accounts are those that are known; and
    by the day itself nothing may have come in the way. Without a check both are the day.
    """
    if not households or not standards("household", on):
        return {}
    days = {code: last_day(code, on) for code in set(households.values())}
    told: dict[int, str] = {}
    for day in sorted(set(days.values())):
        some = [pk for pk, code in households.items() if days[code] == day]
        if day != on:
            told |= {pk: why(one) for pk, one in states_of(some, on).items() if one.in_the_way}
        told |= {pk: why(one) for pk, one in states_of(some, day).items() if one.state != READY}
    return told


def last_day(area_code: str, on: date) -> date:
    """The day of the last finished check up to a day that held an area's households to the standards; else the day."""
    around = [area_code, *(area_code[:digits].ljust(12, "0") for digits in (9, 6, 4, 2))]
    with unscoped():
        days = ExitCheck.objects.filter(area_code__in=around, on__lte=on, state=ExitCheck.State.DONE)
        found: date | None = days.aggregate(last=Max("on"))["last"]
    return found or on


def village(area: Area, on: date) -> Looked:
    """One village held to the village standard."""
    frame = raw.of_villages([area.code], on)
    nobody = raw.of_households([], on)
    told_by = raw.statements_of_villages([area.code])
    columns = Raw(nobody.people, nobody.households, nobody.years, frame, told_by)
    families = build(columns, on, active())
    facts = {"village": _known(families.villages.row(0, named=True)) if families.villages.height else {},
             "year": dict(families.year)}  # fmt: skip
    sets = standards("village", on)
    told = look(sets, facts, on)
    sources = Sources(columns)
    year = facts["village"].get("form_year")
    formed = {"on": f"{year}-12-31"} if year else {}  # the form speaks of its year; a statement has its own day
    inputs = []
    for path, value in _used(told):
        record, _dot, fact = path.partition(".")
        if record == "village":
            where = sources.of("village", area.code, fact)
            inputs.append({"path": path, "value": to_plain(value), **where, **({} if where["on"] else formed)})
    questions = tuple(
        Open("village", area.code, path.partition(".")[2], "", _of(told, path))
        for path in sorted(told.asks) if path.startswith("village.")
    )  # fmt: skip
    return Looked(on, told, _sets(sets, told, inputs, {}), questions)


def area(found: Area, on: date) -> Looked:
    """A township or county held to the standard of its level."""
    sets = standards(LEVELS[Area.Level(found.level)], on)
    facts, sources = area_facts(found, on)
    profile = active().on(on)
    line = profile.lines(on.year)
    year = {"number": on.year, "poverty_line": line.yuan, "line_concept": line.concept}
    told = look(sets, {"area": facts, "year": year}, on)
    inputs = [{"path": path, "value": to_plain(value), **sources.get(path.partition(".")[2], {})}
              for path, value in _used(told)]  # fmt: skip
    questions = tuple(
        Open("area", found.code, path.partition(".")[2], "", _of(told, path))
        for path in sorted(told.asks) if path.startswith("area.")
    )  # fmt: skip
    return Looked(on, told, _sets(sets, told, inputs, {}), questions)


def area_facts(found: Area, on: date) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Counted and given figures of a township or county on a day; and where the given ones come from."""
    codes = list(
        Area.objects.on(on).filter(below(found.prefix, "code"), level=Area.Level.VILLAGE).values_list("code", flat=True)
    )
    frame = raw.of_villages(codes, on)
    facts: dict[str, Any] = {"poor_people": int(frame["poor_people"].sum() or 0)}
    told = frame.filter(frame["people"].is_not_null())
    # without the form of every village that has poor people the share of all people is not known
    whole = frame.filter(frame["people"].is_null() & (frame["poor_people"] > 0)).is_empty() and not told.is_empty()
    if whole and (people := int(told["people"].sum())):
        before = int(frame["poor_people_before"].sum() or 0)
        facts |= {"people": people, "incidence": (Decimal(facts["poor_people"] * 100) / people).quantize(CENT),
                  "incidence_before": (Decimal(before * 100) / people).quantize(CENT)}  # fmt: skip
        paid = told.filter(told["income_per_head"].is_not_null())
        if paid.height == told.height:
            sum_ = sum((row[0] * row[1] for row in paid.select("income_per_head", "people").iter_rows()), Decimal(0))
            facts["farmer_income"] = (sum_ / people).quantize(CENT)
    poor = AreaTag.objects.filter(below(found.prefix, "area__code"), tag="poor_village", since__lte=on)
    poor_count = poor.values("area").distinct().count()
    out = VillageExit.objects.within(found).filter(on__lte=on).count()
    facts |= {"poor_villages": poor_count, "villages_out": out}
    if poor_count:
        facts["villages_out_share"] = (Decimal(out * 100) / poor_count).quantize(CENT)
    sources: dict[str, dict[str, Any]] = {}
    given = {name for name, *_more in GIVEN}
    for one in AreaFigure.objects.filter(area_code=found.code, on__lte=on, name__in=given).order_by("on", "id"):
        facts[one.name] = one.value
        sources[one.name] = {"source": {"zh": one.source, "en": one.source}, "on": one.on.isoformat()}
    return facts, sources


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _sets(
    sets: tuple[Standard, ...], told: Told, inputs: list[dict[str, Any]], names: Mapping[int, str]
) -> tuple[Set, ...]:  # fmt: skip
    made = []
    for standard in sets:
        own = [one for one in told.weighed if one.ask.standard == standard.code]
        reasons = {"state": "", "lacks": [], "used": [], "conditions": [one.outcome.to_json() for one in own]}
        lines = tell(reasons, inputs, _Amounts(standard), names).lines  # type: ignore[arg-type]
        made.append(Set(standard, tuple(Shown(one.ask, one.fine, line) for one, line in zip(own, lines, strict=True))))
    return tuple(made)


class _Amounts(SimpleNamespace):
    """Where a condition's own words are looked for, as a benefit's named amounts are: amounts, and figures of areas."""

    def __init__(self, standard: Standard) -> None:
        words = {f"area.{name}": SimpleNamespace(label=_with_unit(word))
                 for name, word in area_vocabulary().words["area"].items()}  # fmt: skip
        super().__init__(terms=[SimpleNamespace(given={**standard.shape.given, **words})])


def _with_unit(word: Word) -> Label:
    unit = word.unit or Label(zh="—", en="—")
    return Label(zh=f"{word.label.zh}（{unit.zh}）", en=f"{word.label.en} ({unit.en})")


def _used(told: Told) -> Iterator[tuple[str, Any]]:
    for one in told.weighed:
        for used in one.outcome.used:
            yield used.path, used.value


def _inputs(told: Told, columns: Raw, order: list[int], found: Household) -> list[dict[str, Any]]:
    """Every fact used with its source and day; of a member's fact whose it is."""
    sources = Sources(columns)
    subjects = {"household": found.pk, "village": found.area_code, "year": None}
    inputs: dict[tuple[str, int | None], dict[str, Any]] = {}
    for one in told.weighed:
        for used in one.outcome.used:
            record, _dot, fact = used.path.partition(".")
            if record == "person" and used.member is not None:
                where = {**sources.of("person", order[used.member], fact), "member": order[used.member],
                         "place": used.member}  # fmt: skip
            else:
                where = sources.of(record, subjects[record], fact) if record in subjects else {}
            inputs[used.path, used.member] = {"path": used.path, "value": to_plain(used.value), **where}
    return list(inputs.values())


# --- what is to be asked ----------------------------------------------------------------------------------------------
def _questions(told: Told, families: Families, found: Household, names: Mapping[int, str]) -> Iterator[Open]:
    """Each open fact once, about the household, its village or the members of whom it is not known."""
    for path in sorted(told.asks):
        record, _dot, fact = path.partition(".")
        says = _of(told, path)
        if record == "household":
            yield Open("household", str(found.pk), fact, "", says)
        elif record == "village":
            yield Open("village", found.area_code, fact, found.village.name, says)
        elif record == "person" and fact in families.people.columns:
            for person in families.people.filter(families.people[fact].is_null())["id"]:
                yield Open("person", str(person), fact, names.get(person, ""), says)


def _of(told: Told, path: str) -> tuple[str, ...]:
    """The conditions that hinge on a fact."""
    return tuple(
        dict.fromkeys(
            one.ask.says.in_(language()) for one in told.weighed if one.fine is None and path in one.outcome.asks
        )
    )


def why(told: Told) -> str:
    """One sentence: why a household is not ready."""
    said = [one.ask.says.in_(language()) for one in told.weighed if one.fine is False]
    unsure = [one.ask.says.in_(language()) for one in told.weighed if one.fine is None]
    if said:
        return _("没有达到退出标准：{conditions}").format(conditions="；".join(said))
    return _("退出标准还有没问清的：{conditions}").format(conditions="；".join(unsure)) if unsure else ""
