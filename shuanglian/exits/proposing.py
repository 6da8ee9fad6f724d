"""Exit cases of households; nobody is decided to leave who does not meet the standard (BEN-7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from shuanglian.accounts.rights import may
from shuanglian.procedures import rules
from shuanglian.procedures.models import Case
from shuanglian.registry.models import Household

from . import looking

EFFECT = "exit"
HOUSEHOLD = "registry.household"


def subject(household: Household) -> str:
    return f"{HOUSEHOLD}:{household.pk}"


def may_propose(user: Any) -> bool:
    return bool(may(user, "procedures.act"))


def open_cases(households: Sequence[int]) -> dict[int, Case]:
    """household → its case of leaving that is under way."""
    keys = {f"{HOUSEHOLD}:{pk}": pk for pk in households}
    rows = Case.objects.filter(subject__in=keys, procedure=EFFECT).exclude(step="")
    return {keys[one.subject]: one for one in rows}


def cases_of(household: Household) -> list[Case]:
    """Every case of leaving of a household, the latest first."""
    return list(Case.objects.filter(subject=subject(household), procedure=EFFECT).order_by("-id"))


def decided(cases: Sequence[Case], step: str, on: date) -> dict[int, str]:
    """Why the county may not decide that a household leaves: a condition is in the way, or not known (BEN-7)."""
    asked = [case for case in cases if case.subject.startswith(f"{HOUSEHOLD}:") and case.key.isdecimal()]
    asked = [case for case in asked if rules.of_case(case).deciding.code == step]
    if not asked or not looking.standards("household", on):
        return {}
    told = looking.barred({int(case.key): case.area_code for case in asked}, on)
    return {case.pk: told[int(case.key)] for case in asked if int(case.key) in told}
