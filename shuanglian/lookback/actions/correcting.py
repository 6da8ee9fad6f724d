"""What a confirmed finding does: fields of the file changed, facts stated, a procedure opened (REG-3, REG-10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shuanglian.core import clock, profile
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.lookback.models import Assignment, Visit
from shuanglian.organisation.changes import put, shown
from shuanglian.registry.actions import households, people, statements
from shuanglian.registry.fields import names
from shuanglian.registry.models import Household, Person, Statement

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

# Fields that a visitor may propose to correct: those that one can see or be told at the door.
HOUSEHOLD_FIELDS = ("main_cause", "group", "address", "wish", "loan_need")
PERSON_FIELDS = ("relation", "labour", "schooling")
CODES = {"main_cause": "cause", "relation": "relation", "labour": "labour_skill", "schooling": "schooling"}


def proposed(assignment: Assignment, corrections: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Corrections as they are kept: what stands in the file, what should. What does not differ is left out.

    Each: {record: household or person, id, field, value}. A field that nobody may correct here is refused.
    """
    kept = []
    for one in corrections:
        row, allowed = _row(assignment, one["record"], one["id"])
        field = str(one["field"])
        if field not in allowed:
            raise Refusal("not_correctable", N_("不能在核查中更正这一项：{field}"), field=field)
        before = shown(row._meta.get_field(field), getattr(row, field))
        if not put(row, {field: one["value"]}, codes={name: CODES[name] for name in (field,) if name in CODES}):
            continue
        kept.append({"record": one["record"], "id": row.pk, "of": _called(row), "field": field, "before": before,
                     "after": shown(row._meta.get_field(field), getattr(row, field))})  # fmt: skip
    return kept


def _row(assignment: Assignment, record: str, pk: int) -> tuple[Household | Person, tuple[str, ...]]:
    home = assignment.household_id
    if record == "household" and home == int(pk):
        return Household.objects.get(pk=home), HOUSEHOLD_FIELDS
    person = Person.objects.filter(household=home, pk=pk).first() if record == "person" and home else None
    if person is None:
        raise Refusal("not_of_this_household", N_("要更正的内容不属于这一户"))
    return person, PERSON_FIELDS


def _called(row: Household | Person) -> str:
    return row.head_name if isinstance(row, Household) else row.name


def apply(visit: Visit, *, by: User, at: datetime) -> None:
    """Write the corrections into the file through the register's verbs, with the campaign as the reason."""
    why = f"{visit.campaign.name}（{visit.campaign.code}）"
    wanted: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for one in visit.corrections:
        row, _allowed = _row(visit.assignment, one["record"], one["id"])
        column = row._meta.get_field(one["field"])
        if shown(column, getattr(row, one["field"])) != one["before"]:
            what = Said(names(type(row), one["field"]))
            raise Refusal("changed_meanwhile", N_("{field}：核查之后档案已经变更，请重新核实"), field=what)
        wanted[one["record"], one["id"]][one["field"]] = one["after"]
    for (record, pk), values in wanted.items():
        if record == "household":
            households.change(household=Household.objects.get(pk=pk), values=values, why=why, by=by, at=at)
        else:
            person = Person.objects.select_related("household").get(pk=pk)
            people.change(person=person, values=values, why=why, by=by, at=at)


def state_answers(visit: Visit, *, by: User, at: datetime) -> None:
    """Answers that the rules know a word for become facts, stated as seen on the day of the visit (house 7)."""
    home = visit.assignment.household
    if home is None:
        return
    questions, on = profile.active().lookback.questions, clock.day_of(visit.visited_at)
    for code, answer in visit.answers.items():
        fact = questions[code].fact if code in questions else None
        if fact is not None and fact.startswith("household."):
            statements.state(about=home, fact=fact.removeprefix("household."), value=answer, on=on,
                             source=Statement.Source.VISIT, by=by, at=at)  # fmt: skip
