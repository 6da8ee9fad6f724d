"""What would happen: a verb is carried out, looked at and taken back, so that the preview cannot be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shuanglian.registry.actions.moves import standing
from shuanglian.registry.models import Household, HouseholdLink


@dataclass(frozen=True)
class Preview:
    """Each file before and after, and what other rooms say they will do."""

    files: list[dict[str, Any]]
    sentences: list[str]


def rehearse(verb: Callable[[], HouseholdLink], sentences: list[str], *files: Household) -> Preview:
    """Carry a verb out and take it back; a Refusal comes through as it is."""
    before = {file.pk: _state(file.pk) for file in files}
    with transaction.atomic():
        link = verb()
        keys = dict.fromkeys([*before, link.source_id, link.target_id])
        after = {pk: _state(pk) for pk in keys}
        transaction.set_rollback(True)
    told = [{"name": after[pk]["name"], "before": before.get(pk), "after": after[pk]} for pk in keys]
    return Preview(told, sentences)


def _state(pk: int) -> dict[str, Any]:
    file = Household.objects.get(pk=pk)
    people = [one.name for one in standing(file)]
    return {
        "name": f"{file.head_name}（{file.number}）", "head": file.head_name, "size": file.size,
        "people": "、".join(people) or _("无"), "income": file.income_per_head, "closed": file.removed_on is not None,
    }  # fmt: skip
