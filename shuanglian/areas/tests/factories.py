"""A small made-up piece of Gansu for tests: `gansu()` makes the tree, `AreaFactory` single regions."""

from dataclasses import dataclass
from datetime import date

import factory
from factory.django import DjangoModelFactory

from shuanglian.areas.models import Area, AreaTag
from shuanglian.areas.names import initials_of, short_name, spelling_of

SINCE = date(2012, 1, 1)


class AreaFactory(DjangoModelFactory):
    """One region; the level follows from the code unless given. Pass `parent`, else it stands alone."""

    class Meta:
        model = Area
        django_get_or_create = ("code", "since")

    code = factory.Sequence(lambda n: f"6299{n // 1000 % 100:02d}{100 + n % 900:03d}{200 + n % 700:03d}")
    level = factory.LazyAttribute(lambda area: level_of(area.code))
    name = factory.Sequence(lambda n: f"试验{n}村村民委员会")
    short = factory.LazyAttribute(lambda area: short_name(area.name, area.level))
    pinyin = factory.LazyAttribute(lambda area: initials_of(area.name))
    spelling = factory.LazyAttribute(lambda area: spelling_of(area.name))
    since = SINCE


class AreaTagFactory(DjangoModelFactory):
    class Meta:
        model = AreaTag

    area = factory.SubFactory(AreaFactory)
    tag = "poor_village"
    since = SINCE


@dataclass(frozen=True)
class Gansu:
    """The tree that `gansu()` made: `county` has two townships of three villages, `neighbour` one of one."""

    province: Area
    city: Area
    county: Area
    townships: list[Area]
    villages: list[Area]
    neighbour: Area
    neighbour_township: Area
    neighbour_village: Area

    @property
    def township(self) -> Area:
        return self.townships[0]

    @property
    def village(self) -> Area:
        return self.villages[0]


_TOWNSHIPS = [
    ("621121100000", "平襄镇", 105.259029, 35.206633, ["文庙街社区居民委员会", "中林村民委员会", "店子村民委员会"]),
    ("621121101000", "马营镇", 105.026251, 35.305239, ["东关村民委员会", "马营村民委员会", "店子村民委员会"]),
]


def gansu() -> Gansu:
    """Gansu 620000000000 › Dingxi 621100000000 › Tongwei 621121000000 with two townships and six villages, and its
    neighbour Longxi 621122000000. Each township has a village called 店子. Calling it twice gives the same."""
    province = AreaFactory(code="620000000000", name="甘肃省", lon=103.826447, lat=36.05956)
    city = AreaFactory(code="621100000000", name="定西市", parent=province, lon=104.592225, lat=35.606978)
    county = AreaFactory(code="621121000000", name="通渭县", parent=city, lon=105.24206, lat=35.210831)
    townships, villages = [], []
    for code, name, lon, lat, below in _TOWNSHIPS:
        townships.append(AreaFactory(code=code, name=name, parent=county, lon=lon, lat=lat))
        for place, village in enumerate(below):
            number = f"{place + 1:03d}" if "社区" in village else f"{200 + place + 1}"
            villages.append(AreaFactory(code=code[:9] + number, name=village, parent=townships[-1], urban_code="220"))
    Area.objects.filter(code="621121101202").update(lon=105.031, lat=35.309)
    villages[4].refresh_from_db()
    neighbour = AreaFactory(code="621122000000", name="陇西县", parent=city, lon=104.634983, lat=35.00394)
    other = AreaFactory(code="621122100000", name="巩昌镇", parent=neighbour, lon=104.63, lat=35.0)
    far = AreaFactory(code="621122100201", name="西街村民委员会", parent=other, urban_code="220")
    return Gansu(province, city, county, townships, villages, neighbour, other, far)


def level_of(code: str) -> int:
    """The level that a 12-digit code has by its zeros."""
    return next(level for level, digits in ((1, 2), (2, 4), (3, 6), (4, 9), (5, 12)) if set(code[digits:]) <= {"0"})
