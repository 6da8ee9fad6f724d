"""Households, members and yearly records for tests. ID numbers use the division 621199, which does not exist."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from shuanglian.areas.tests.factories import gansu
from shuanglian.core.profile import active
from shuanglian.core.secrets import digest
from shuanglian.organisation.names import initials_of, spelling_of
from shuanglian.organisation.tests.factories import id_number, phone_number
from shuanglian.registry.models import Household, HouseholdYear, Person

SINCE = date(2014, 6, 1)


def relation(label: str) -> str:
    """The profile's code of a relation to the head: relation("户主")."""
    return active().codes["relation"].find(label) or ""


class HouseholdFactory(DjangoModelFactory):
    """A standing household in 文庙街社区, Tongwei. `with_people=3` gives it a head and two children."""

    class Meta:
        model = Household
        skip_postgeneration_save = True

    village = factory.LazyFunction(lambda: gansu().village)
    area_code = factory.LazyAttribute(lambda household: household.village.code)
    number = factory.Sequence(lambda n: f"H{n + 1:07d}")
    head_name = factory.Sequence(lambda n: f"{'李王张刘陈杨赵黄周吴'[n % 10]}{'大有平安永福长顺'[n % 8]}{n + 1}")
    head_pinyin = factory.LazyAttribute(lambda household: initials_of(household.head_name))
    kind = "01"
    main_cause = "01"
    status = "0"
    size = 1
    phone = factory.Sequence(lambda n: phone_number(n + 1))
    phone_digest = factory.LazyAttribute(lambda household: digest(household.phone))
    since = SINCE

    @factory.post_generation
    def with_people(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        if not create or not extracted:
            return
        PersonFactory(household=self, name=self.head_name, relation=relation("户主"))
        for _child in range(extracted - 1):
            PersonFactory(household=self, relation=relation("之子"), born_on=date(2005, 5, 5))
        self.size = extracted
        self.save(update_fields=["size"])


class PersonFactory(DjangoModelFactory):
    """A man born in 1970 and later, well and able to work; a head unless `relation` says otherwise."""

    class Meta:
        model = Person

    household = factory.SubFactory(HouseholdFactory)
    area_code = factory.LazyAttribute(lambda person: person.household.area_code)
    number = factory.LazyAttributeSequence(lambda person, n: f"{person.household.number}{n % 100:02d}")
    name = factory.Sequence(lambda n: f"{'李王张刘陈杨赵黄周吴'[n % 10]}{'春夏秋冬东西南北'[n % 8]}{n + 1}")
    pinyin = factory.LazyAttribute(lambda person: spelling_of(person.name))
    born_on = date(1970, 1, 1)
    sex = "1"
    id_number = factory.LazyAttributeSequence(lambda person, n: id_number(n, born=_day(person.born_on, n)))
    id_digest = factory.LazyAttribute(lambda person: digest(person.id_number))
    relation = factory.LazyFunction(lambda: relation("户主"))
    ethnic = "01"
    since = SINCE


def _day(born: date | None, n: int) -> date | None:
    """Four hundred and fifty people share a birthday before the serial number runs out; then the day moves on."""
    return None if born is None else date.fromordinal(born.toordinal() + n // 450)


class HouseholdYearFactory(DjangoModelFactory):
    """The account of 2015: 4,000 from wages, 3,000 from the farm at a cost of 1,000, 500 from transfers."""

    class Meta:
        model = HouseholdYear

    household = factory.SubFactory(HouseholdFactory)
    area_code = factory.LazyAttribute(lambda record: record.household.area_code)
    year = 2015
    income_wage = Decimal(4000)
    income_operating = Decimal(3000)
    income_property = Decimal(0)
    income_transfer = Decimal(500)
    operating_cost = Decimal(1000)
    net_income = Decimal(6500)
    income_per_head = factory.LazyAttribute(
        lambda record: (Decimal(6500) / max(record.household.size, 1)).quantize(Decimal("0.01"))
    )
    house_unsafe = False
    water_safe = True
