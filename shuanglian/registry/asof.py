"""The file as the register had it on a past day: "show me this file on 30 June" (REG-10).

Two questions are kept apart. *Known on a day*: the last state that had been recorded by then; that is what stands here.
*Valid on a day*: the days that the rows themselves carry (since, left_on); what was entered later but dated earlier is
told beside (story.py). Read from the row history (…Event) by its keys: six statements, whatever the file has lived
through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DateTimeField, Min, Model, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils import timezone

from shuanglian.core.scoping import unscoped

from .models import AccountPart, Household, HouseholdYear, Person, Statement


@dataclass(frozen=True)
class File:
    """A household's file at a moment. Rows are states of the history: they have the fields of the models.

    `people` who stood in the file then, the standing first; `years` latest first, `parts` of their accounts by year and
    part; `statements` not withdrawn by then.
    """

    key: int
    moment: datetime
    household: Any
    people: list[Any]
    years: list[Any]
    statements: list[Any]
    parts: dict[int, dict[str, Decimal]] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The day at whose end this was so."""
        return timezone.localdate(self.moment - timedelta(microseconds=1))

    @property
    def names(self) -> dict[int, str]:
        """Person → name as it stood then."""
        return {one.pgh_obj_id: one.name for one in self.people}


def end_of(day: date) -> datetime:
    """The moment a day is over in the county: what was recorded during it counts."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def events_of(model: type[Model]) -> QuerySet[Any]:
    """The row history of a model."""
    return model._meta.get_field("events").related_model._default_manager.all()  # type: ignore[union-attr,attr-defined]


def known_at() -> Coalesce:
    """When a state was recorded: the moment the verb told, or the database's own clock (imports, bulk work)."""
    told = Cast(NullIf(KeyTextTransform("at", "pgh_context__metadata"), Value("")), DateTimeField())
    return Coalesce(told, "pgh_created_at")


def latest(rows: QuerySet[Any], moment: datetime) -> QuerySet[Any]:
    """Of each thing the last state that was known before a moment."""
    known = rows.annotate(known_at=known_at()).filter(known_at__lt=moment)
    return known.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")


def ever_in(key: int) -> QuerySet[Any]:
    """Everybody who was ever a member of a household, by their history: also who moved away since."""
    return events_of(Person).filter(household_id=key).values("pgh_obj_id")


def begun(key: int) -> datetime | None:
    """When a household's file was first written down here, whatever day it is dated."""
    with unscoped():
        found: datetime | None = events_of(Household).filter(pgh_obj_id=key).aggregate(first=Min(known_at()))["first"]
    return found


def file(key: int, moment: datetime) -> File | None:
    """The file before a moment; None when it had not been opened. The caller has been let at the household.

    Read as the owner of the tables: a file that came from elsewhere keeps its history, whatever area that is in.
    """
    with unscoped():
        kept = _standing(latest(events_of(Household).filter(pgh_obj_id=key), moment).select_related("village__parent"))
        if not kept:
            return None
        people = [
            one for one in _standing(latest(events_of(Person).filter(pgh_obj_id__in=ever_in(key)), moment))
            if one.household_id == key
        ]  # fmt: skip
        years = _standing(latest(events_of(HouseholdYear).filter(household_id=key), moment))
        parts = _standing(latest(events_of(AccountPart).filter(household_id=key), moment))
        said = _said(key, [one.pgh_obj_id for one in people], moment)
    people.sort(key=lambda one: (one.left_on is not None, one.relation, one.born_on or date.max, one.pgh_obj_id))
    years.sort(key=lambda one: -one.year)
    by_year: dict[int, dict[str, Decimal]] = {}
    for part in parts:
        by_year.setdefault(part.year, {})[part.part] = part.yuan
    return File(key, moment, kept[0], people, years, said, by_year)


def _standing(rows: QuerySet[Any]) -> list[Any]:
    """Without what had been deleted by then (an import taken back)."""
    return [row for row in rows if row.pgh_label != "delete"]


def _said(key: int, people: list[int], moment: datetime) -> list[Any]:
    rows = latest(events_of(Statement).filter(Q(household_id=key) | Q(person_id__in=people)), moment)
    return sorted(
        (row for row in _standing(rows) if row.withdrawn_at is None), key=lambda row: (row.on, row.pgh_obj_id)
    )
