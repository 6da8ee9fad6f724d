"""A small made-up county for pairing: people, families, links; and the way from a round to its proposal."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.areas.tests.factories import AreaTagFactory, Gansu, gansu
from shuanglian.jobs.actions import jobs
from shuanglian.organisation.models import Cadre, Unit
from shuanglian.organisation.tests.factories import CadreFactory, UnitFactory
from shuanglian.pairing.actions import confirming, rounds, solving
from shuanglian.pairing.models import LeaderLink, Pairing, Relative, Round, VillageLink
from shuanglian.registry.models import Household
from shuanglian.registry.tests.factories import HouseholdFactory

ON = date(2015, 3, 1)
AT = datetime(2015, 2, 20, 8, 0, tzinfo=UTC)


class UserFactory(DjangoModelFactory):
    """Someone of a county's programme office, unless role and area say otherwise."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"pairing-user-{n}")
    role = "programme_office"
    area = factory.LazyFunction(lambda: gansu().county)


class PairingFactory(DjangoModelFactory):
    class Meta:
        model = Pairing

    household = factory.SubFactory(HouseholdFactory)
    cadre = factory.SubFactory(CadreFactory)
    area_code = factory.LazyAttribute(lambda pairing: pairing.household.area_code)
    since = date(2014, 3, 1)


class VillageLinkFactory(DjangoModelFactory):
    class Meta:
        model = VillageLink

    unit = factory.SubFactory(UnitFactory)
    village = factory.LazyFunction(lambda: gansu().village)
    area_code = factory.LazyAttribute(lambda link: link.village.code)
    since = date(2014, 3, 1)


class RelativeFactory(DjangoModelFactory):
    class Meta:
        model = Relative

    cadre = factory.SubFactory(CadreFactory)
    household = factory.SubFactory(HouseholdFactory)
    note = "兄弟"
    since = date(2014, 3, 1)


class LeaderLinkFactory(DjangoModelFactory):
    class Meta:
        model = LeaderLink

    leader = factory.SubFactory(CadreFactory, rank="county_deputy")
    township = factory.LazyFunction(lambda: gansu().township)
    area_code = factory.LazyAttribute(lambda link: link.township.code)
    since = date(2014, 3, 1)


@dataclass
class County:
    """Three county units with cadres of all ranks, one stationed cadre in each township, twelve poor households."""

    tree: Gansu
    units: list[Unit]
    cadres: list[Cadre]
    stationed: list[Cadre]
    households: list[Household]

    @property
    def area(self) -> Area:
        return self.tree.county


RANKS = ("county_deputy", "section", "ordinary", "ordinary")


def county(*, households: int = 12, units: int = 3) -> County:
    """Tongwei in small: villages of two townships, poor villages tagged, cadres 1 × 7, 1 × 4, 2 × 1 in each unit."""
    tree = gansu()
    villages = tree.villages[1:3] + tree.villages[4:6]
    for village in villages:
        AreaTagFactory(area=village)
    made = [UnitFactory(code=f"D{n + 1:04d}") for n in range(units)]
    cadres = [
        CadreFactory(unit=unit, rank=rank, number=f"{unit.code}-{n + 1:03d}")
        for unit in made
        for n, rank in enumerate(RANKS)
    ]  # fmt: skip
    offices = [UnitFactory(code=f"X{n + 1:04d}", tier="township", area=place) for n, place in enumerate(tree.townships)]
    stationed = [
        CadreFactory(
            unit=office, rank="ordinary", stationed_at=office.area, number=f"{office.code}-001", post="驻村干部"
        )
        for office in offices
    ]
    families = [
        HouseholdFactory(village=villages[n % len(villages)], number=f"H{n + 1:07d}", need_band=n % 5, size=1 + n % 4,
                         main_cause=f"{1 + n % 9:02d}")
        for n in range(households)
    ]  # fmt: skip
    return County(tree, made + offices, cadres, stationed, families)


def opened(place: County | None = None, *, by: User | None = None, on: date = ON) -> Round:
    place = place or county()
    return rounds.open(area=place.area, year=on.year, on=on, name="年度结对", by=by or UserFactory(), at=AT)


def solved(round: Round, by: User | None = None) -> Round:
    """The round worked out here and now."""
    ordered = solving.order(round=round, by=by or round.by, at=AT)
    job = jobs.run_now(ordered.job)
    assert job.state == "done", job.message
    return Round.objects.get(pk=round.pk)


def confirmed(round: Round, by: User | None = None) -> Round:
    confirming.confirm(round=round, by=by or UserFactory(), at=AT)
    return Round.objects.get(pk=round.pk)
