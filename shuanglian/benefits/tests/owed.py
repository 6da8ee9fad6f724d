"""Families for tests of what is owed: a pupil of senior middle school who gets the grant, a baby who needs asking."""

from datetime import UTC, date, datetime
from decimal import Decimal

from shuanglian.benefits.actions import rounds
from shuanglian.benefits.models import Due
from shuanglian.registry.models import Household
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, PersonFactory, relation
from shuanglian.rules.profile import load

ON = date(2015, 10, 15)
AT = datetime(2015, 10, 15, 8, tzinfo=UTC)
GRANT = "senior_grant"
SENIOR = next(item.code for item in load("tongwei_2015").codes["schooling"] if item.group == "senior")
PRIMARY = next(item.code for item in load("tongwei_2015").codes["schooling"] if item.group == "primary")


def family(village=None, *, schooling=SENIOR, **more) -> Household:
    """A registered family of two, one of them at school; its yearly account of 2015."""
    given = {"village": village} if village is not None else {}
    household = HouseholdFactory(size=2, income_per_head=Decimal(3250), **given, **more)
    PersonFactory(household=household, name=household.head_name, dibao=False, health=["01"], labour="01",
                  education="02", medical_insurance=True, serious_insurance=True, pension_insurance=True)  # fmt: skip
    PersonFactory(household=household, relation=relation("之子"), born_on=date(1999, 5, 5), schooling=schooling,
                  dibao=False, health=["01"], labour="04", medical_insurance=True, serious_insurance=True)  # fmt: skip
    HouseholdYearFactory(household=household, house_grade="A", income_per_head=Decimal(3250))
    return household


def pupil(household: Household):
    return household.people.get(schooling__gt="")


def decided(household: Household, on: date = ON, by=None, at: datetime = AT) -> dict[str, Due]:
    """benefit → the pupil's or the household's due, after the family was decided on a day."""
    rounds.decide_household(household=household, on=on, by=by, at=at)
    rows = Due.objects.filter(household=household).order_by("period", "id")
    mine = pupil(household).pk if household.people.filter(schooling__gt="").exists() else None
    return {due.benefit: due for due in rows if due.person_id in (None, mine)}
