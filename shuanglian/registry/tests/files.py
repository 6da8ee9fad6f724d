"""Files for tests of moves, splits and merges: how they are made, who is in them, every value they hold."""

from datetime import UTC, date, datetime

from shuanglian.registry.actions.derived import settle
from shuanglian.registry.models import Household, HouseholdYear, Person
from shuanglian.registry.tests.factories import HouseholdFactory, relation

AT = datetime(2016, 3, 1, 2, 0, tzinfo=UTC)
ON = date(2016, 2, 20)


def file(village, many=3, **more):
    made = HouseholdFactory(village=village, with_people=many, **more)
    settle(made, at=AT)
    return made


def members(household):
    return list(Person.objects.filter(household=household, left_on__isnull=True).order_by("pk"))


def sons(rows):
    return {one.pk: relation("之子") for one in rows}


def state_of(*households):
    """Every value of files, members and accounts, as the database has them."""
    keys = [one.pk for one in households]
    rows = [Household.objects.filter(pk__in=keys), Person.objects.filter(household__in=keys),
            HouseholdYear.objects.filter(household__in=keys)]  # fmt: skip
    return [list(part.order_by("pk").values()) for part in rows]
