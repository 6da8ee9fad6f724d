"""Households that meet every standard of 2015, with what they were told to differ in."""

from datetime import date
from decimal import Decimal
from typing import Any

from shuanglian.core import clock
from shuanglian.registry.actions import statements
from shuanglian.registry.models import Household
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, PersonFactory

ON = date(2015, 12, 31)
SAID: dict[str, Any] = {
    "food_secure": True, "clothing_secure": True, "house_rebuilt": False, "measures_done": 2,
}  # fmt: skip


def say(household: Household, on: date = date(2015, 6, 1), **facts: Any) -> None:
    for fact, value in facts.items():
        statements.state(about=household, fact=fact, value=value, on=on, source="visit", by=None, at=clock.now())


def fit(year: int = 2015, *, said: dict[str, Any] | None = None, account: dict[str, Any] | None = None,
        **household: Any) -> Household:  # fmt: skip
    """A household of one that may leave: the account of the year, and what only a visit can tell."""
    made = HouseholdFactory(size=1, relocation=False, **household)
    PersonFactory(household=made, name=made.head_name, health=["01"], labour="01", education="02",
                  medical_insurance=True)  # fmt: skip
    HouseholdYearFactory(household=made, year=year, house_area=Decimal(80), **(account or {}))
    say(made, **{**SAID, **(said or {})})
    return made
