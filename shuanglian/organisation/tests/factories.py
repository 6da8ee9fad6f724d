"""Units and cadres for tests. ID numbers use the division 621199, which does not exist."""

from datetime import date, timedelta

import factory
from factory.django import DjangoModelFactory

from shuanglian.areas.tests.factories import gansu
from shuanglian.core.secrets import digest
from shuanglian.kernel.ids import check_digit
from shuanglian.organisation.models import Absence, Cadre, Unit, UnitAccount
from shuanglian.organisation.names import initials_of

SINCE = date(2012, 3, 1)


def id_number(n: int, *, born: date | None = None, sex: str = "male") -> str:
    """The n-th made-up resident number with a right check digit; up to 999 × 365 different ones."""
    day = born or date(1970, 1, 1) + timedelta(days=n // 450)
    serial = 2 * (n % 450) + (1 if sex == "male" else 2)
    first17 = f"621199{day:%Y%m%d}{serial:03d}"
    return first17 + check_digit(first17)


def phone_number(n: int) -> str:
    return f"139{n % 10**8:08d}"


class UnitFactory(DjangoModelFactory):
    """A county unit that helps in Tongwei, unless `area` says otherwise."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"D{n + 1:04d}")
    name = factory.Sequence(lambda n: f"通渭县试验{n + 1}局")
    pinyin = factory.LazyAttribute(lambda unit: initials_of(unit.name)[:100])
    kind = "organ"
    tier = "county"
    trade = ""
    strength = 3
    staff = 20
    area = factory.LazyFunction(lambda: gansu().county)
    area_code = factory.LazyAttribute(lambda unit: unit.area.code)
    since = SINCE


class CadreFactory(DjangoModelFactory):
    """An ordinary cadre of a unit, at work. A cadre stationed in a township stands under the township's code."""

    class Meta:
        model = Cadre

    number = factory.Sequence(lambda n: f"G{n + 1:05d}")
    name = factory.Sequence(lambda n: f"干部{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{n + 1}")
    pinyin = factory.LazyAttribute(lambda cadre: initials_of(cadre.name))
    sex = "1"
    unit = factory.SubFactory(UnitFactory)
    rank = "ordinary"
    id_number = factory.Sequence(lambda n: id_number(n + 150_000))
    id_digest = factory.LazyAttribute(lambda cadre: digest(cadre.id_number))
    phone = factory.Sequence(lambda n: phone_number(n + 50_000_000))
    phone_digest = factory.LazyAttribute(lambda cadre: digest(cadre.phone))
    stationed_at = None
    area_code = factory.LazyAttribute(
        lambda cadre: cadre.stationed_at.code if cadre.stationed_at else cadre.unit.area_code
    )
    since = SINCE


class AbsenceFactory(DjangoModelFactory):
    class Meta:
        model = Absence

    cadre = factory.SubFactory(CadreFactory)
    kind = Absence.Kind.LEAVE
    since = date(2015, 3, 1)


class UnitAccountFactory(DjangoModelFactory):
    class Meta:
        model = UnitAccount

    unit = factory.SubFactory(UnitFactory)
