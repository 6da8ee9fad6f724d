"""Working off a list: apply for several dues at once, on behalf of their families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.benefits.models import Due
from shuanglian.kernel.refusal import Refusal

from . import dues as verbs

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@dataclass
class Applied:
    """What came of it: those applied for, and those for which it could not be done, with the reason."""

    done: list[Due] = field(default_factory=list)
    refused: list[tuple[Due, Refusal]] = field(default_factory=list)


@transaction.atomic
def apply_all(
    *, dues: Iterable[Due], on: date, papers: Mapping[str, Sequence[str]], note: str = "", by: User | None,
    at: datetime,
) -> Applied:  # fmt: skip
    """Each as `dues.apply`; one that somebody else has moved on meanwhile is told, and does not hold up the others.

    papers: benefit → which of its papers were handed in.
    """
    told = Applied()
    for due in sorted(dues, key=lambda one: one.pk):  # one order, so that two who do the same wait and do not deadlock
        try:
            with transaction.atomic():
                told.done.append(
                    verbs.apply(due=due, on=on, papers=papers.get(due.benefit, ()), note=note, by=by, at=at)
                )
        except Refusal as refusal:
            told.refused.append((due, refusal))
    return told
