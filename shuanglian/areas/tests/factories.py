"""A small made-up piece of Gansu for tests: `gansu()` makes the tree, `AreaFactory` single regions."""

from dataclasses import dataclass
from datetime import date

import factory
from factory.django import DjangoModelFactory

from shuanglian.areas.models import Area, AreaTag, prefix_of
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


# code, name, where its seat lies; a region's parent is the longest code before it that its own begins with
_REGIONS = [
    ("620000000000", "甘肃省", 103.826447, 36.05956),
    ("621100000000", "定西市", 104.592225, 35.606978),
    ("621121000000", "通渭县", 105.24206, 35.210831),
    ("621121100000", "平襄镇", 105.259029, 35.206633),
    ("621121100001", "文庙街社区居民委员会", None, None),
    ("621121100202", "中林村民委员会", None, None),
    ("621121100203", "店子村民委员会", None, None),
    ("621121101000", "马营镇", 105.026251, 35.305239),
    ("621121101201", "东关村民委员会", None, None),
    ("621121101202", "马营村民委员会", 105.031, 35.309),
    ("621121101203", "店子村民委员会", None, None),
    ("621122000000", "陇西县", 104.634983, 35.00394),
    ("621122100000", "巩昌镇", 104.63, 35.0),
    ("621122100201", "西街村民委员会", None, None),
]


def gansu() -> Gansu:
    """Gansu 620000000000 › Dingxi 621100000000 › Tongwei 621121000000 with two townships and six villages, and its
    neighbour Longxi 621122000000. Each township has a village called 店子. Calling it twice gives the same."""
    codes = [code for code, *_rest in _REGIONS]
    there = {area.code: area for area in Area.objects.filter(code__in=codes, since=SINCE)}
    for level in Area.Level:  # one statement a level: most tests begin here
        new = [_region(*told) for told in _REGIONS if told[0] not in there and level_of(told[0]) == level]
        for area in new:
            area.parent = there.get(prefix_of(area.code, level - 1).ljust(12, "0")) if level > 1 else None
        there |= {area.code: area for area in Area.objects.bulk_create(new)}
    (province,), (city,), counties, townships, villages = (
        [there[code] for code in codes if level_of(code) == level] for level in Area.Level
    )
    return Gansu(province, city, counties[0], townships[:2], villages[:6], counties[1], townships[2], villages[6])


def _region(code: str, name: str, lon: float | None, lat: float | None) -> Area:
    """A region as `save` would make it, not yet kept."""
    level = level_of(code)
    return Area(
        code=code, level=level, prefix=prefix_of(code, level), name=name, short=short_name(name, level), lon=lon, lat=lat,
        pinyin=initials_of(name), spelling=spelling_of(name), urban_code="220" if level == 5 else "", since=SINCE,
    )  # fmt: skip


def level_of(code: str) -> int:
    """The level that a 12-digit code has by its zeros."""
    return next(level for level, digits in ((1, 2), (2, 4), (3, 6), (4, 9), (5, 12)) if set(code[digits:]) <= {"0"})
