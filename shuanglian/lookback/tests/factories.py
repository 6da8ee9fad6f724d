"""A small county in the middle of a look-back, photos with or without their story, visits by short calls."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from PIL import ExifTags, Image

from shuanglian.accounts.models import User
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.lookback.actions import campaigns, visits
from shuanglian.lookback.models import Assignment, Campaign, Visit
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.tests.factories import County, PairingFactory, VillageLinkFactory, county
from shuanglian.registry.models import Household

SINCE = date(2015, 7, 6)
BEFORE = datetime(2015, 7, 5, 2, 0, tzinfo=UTC)
DAY_3 = datetime(2015, 7, 8, 2, 0, tzinfo=UTC)  # ten in the morning there
DAY_5 = datetime(2015, 7, 10, 2, 0, tzinfo=UTC)


@dataclass
class Land:
    """The county of pairing, all households paired with the first two units' cadres, a campaign since 6 July 2015."""

    place: County
    campaign: Campaign
    office: User
    township: User
    inspector: User
    village: User
    cadre: User

    @property
    def homes(self) -> list[Household]:
        return self.place.households

    def on_list(self, home: Household) -> Assignment:
        return Assignment.objects.get(campaign=self.campaign, household=home)


def land(*, households: int = 12) -> Land:
    place = county(households=households)
    helpers = [cadre for cadre in place.cadres if cadre.rank != "county_deputy"][:3]
    for n, home in enumerate(place.households):
        if n < households - 2:  # the last two have no helper
            PairingFactory(household=home, cadre=helpers[n % len(helpers)])
    for village in {home.village for home in place.households}:
        VillageLinkFactory(unit=place.units[2], village=village)
    office = UserFactory(username="office", role="programme_office", area=place.area)
    cadre = UserFactory(username="cadre", role="cadre", area=place.area)
    Cadre.objects.filter(pk=helpers[0].pk).update(user=cadre)
    made = campaigns.open(
        area=place.area, name="2015年回头看", ordered_by="县双联办", since=SINCE, by=office, at=BEFORE
    )
    return Land(
        place, made, office,
        UserFactory(username="township", role="programme_office", area=place.tree.townships[0]),
        UserFactory(username="inspector", role="inspector", area=place.area),
        UserFactory(username="village", role="village_committee", area=place.households[0].village), cadre,
    )  # fmt: skip


def photo(at: datetime | None = DAY_3, *, shade: int = 10**7, place: tuple[float, float] | None = None) -> bytes:
    """A JPEG that differs with `shade`, told in black and white squares; `at` and `place` as a phone writes them."""
    made = io.BytesIO()
    image, exif = Image.new("RGB", (64, 48), "white"), Image.Exif()
    for bit in range(48):
        if shade >> bit & 1:
            image.paste("black", (bit % 8 * 8, bit // 8 * 8, bit % 8 * 8 + 8, bit // 8 * 8 + 8))
    if at is not None:
        local = at + timedelta(hours=8)
        exif[ExifTags.Base.DateTime] = f"{local:%Y:%m:%d %H:%M:%S}"
    if place is not None:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        for tag, ref, value, letter in ((ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, place[0], "E"),
                                        (ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, place[1], "N")):  # fmt: skip
            gps[tag], gps[ref] = (int(value), int(value % 1 * 60), round(value % 1 * 60 % 1 * 60, 2)), letter
    image.save(made, "JPEG", exif=exif)
    return made.getvalue()


_shades = iter(range(1, 10**6))


def visit(row: Assignment, by: User, *, at: datetime = DAY_3, **given: Any) -> Visit:
    """A first visit that raises no doubt, unless told otherwise."""
    plain: dict[str, Any] = {
        "key": uuid4(), "role": "first", "method": "visit", "finding": "confirmed", "met": row.name, "visited_at": at,
        "photo": photo(at, shade=next(_shades)), "position": (105.25, 35.20), "by": by, "at": at,
    }  # fmt: skip
    return visits.record(assignment=row, **{**plain, **given})
