"""Opening cases about files and newcomers: the label, the subject and what is applied for, as procedures keep them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shuanglian.areas.models import Area
from shuanglian.core.clock import day_of
from shuanglian.core.secrets import digest
from shuanglian.procedures.actions import cases
from shuanglian.procedures.models import Case
from shuanglian.recognition.subjects import PERSON, subject_of
from shuanglian.registry.models import Household, Person

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def about_household(
    *, procedure: str, household: Household, why: str, asked: Mapping[str, Any], by: User, at: datetime
) -> Case:
    """A case about a file; a Refusal when the same is under way, or the file does not stand as it must."""
    return cases.open_one(
        procedure=procedure, subject=subject_of(household), label=str(household), area=household.village,
        on=day_of(at), why=why, asked=asked, by=by, at=at,
    )  # fmt: skip


def about_person(*, procedure: str, person: Person, why: str, asked: Mapping[str, Any], by: User, at: datetime) -> Case:
    return cases.open_one(
        procedure=procedure, subject=f"{PERSON}:{person.pk}", label=f"{person.name}（{person.household.number}）",
        area=person.household.village, on=day_of(at), why=why, asked={**asked, "person": person.pk}, by=by, at=at,
    )  # fmt: skip


def about_newcomer(
    *, procedure: str, village: Area, why: str, asked: Mapping[str, Any], by: User, at: datetime
) -> Case:
    """An application of a household without a file. One person applies once at a time: the number is the subject."""
    head = asked["head"]
    mark = digest(str(head.get("id_number") or "").strip().upper()) or uuid.uuid4().hex
    return cases.open_one(procedure=procedure, subject=f"newcomer:{mark}", label=head["name"], area=village,
                          on=day_of(at), why=why, asked=asked, by=by, at=at)  # fmt: skip
