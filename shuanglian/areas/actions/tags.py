"""Tags of regions: contiguous poor area, key poor county, poor village, community (ORG-7); words from the profile."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.areas.models import Area, AreaTag
from shuanglian.core import record
from shuanglian.core.profile import active, language
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

LEVEL_CODES = {1: "province", 2: "city", 3: "county", 4: "township", 5: "village"}
KEY_COUNTY = "key_county"


def tags_for(area: Area) -> dict[str, str]:
    """The tags that a region of this level may bear: code → label in the reader's language (ORG-7)."""
    level = LEVEL_CODES[area.level]
    return {code: tag.label.in_(language()) for code, tag in active().tags.items() if level in tag.levels}


@transaction.atomic
def put(*, area: Area, tag: str, since: date, source: str = "", by: User | None, at: datetime) -> AreaTag:
    """Tag a region from a day on, with what it rests on. The same open tag a second time is refused."""
    Area.objects.select_for_update().get(pk=area.pk)
    if tag not in tags_for(area):
        raise Refusal("tag_not_for_level", N_("这一级区域没有标签“{tag}”。"), tag=tag)
    for other in AreaTag.objects.filter(area=area, tag=tag):
        if other.until is None or other.until >= since:
            raise Refusal("tag_stands", N_("该标签在 {since} 起的时段已经存在。"), since=other.since.isoformat())
    made = AreaTag.objects.create(area=area, tag=tag, since=since, source=source.strip())
    details = {"tag": tag, "since": since, "source": made.source}
    record.write("areas.tag_put", about=area, by=by, at=at, area_code=area.code, **details)
    return made


@transaction.atomic
def end(*, tag: AreaTag, until: date, by: User | None, at: datetime) -> AreaTag:
    """End a tag with a day, that day included; it stays in the region's history."""
    tag = AreaTag.objects.select_for_update().select_related("area").get(pk=tag.pk)
    if tag.until is not None:
        raise Refusal("tag_ended", N_("该标签已于 {until} 结束。"), until=tag.until.isoformat())
    if until < tag.since:
        raise Refusal("tag_ends_early", N_("结束日期不能早于开始日期 {since}。"), since=tag.since.isoformat())
    tag.until = until
    tag.save(update_fields=["until"])
    record.write("areas.tag_end", about=tag.area, by=by, at=at, area_code=tag.area.code, tag=tag.tag, until=until)
    return tag


@transaction.atomic
def mark_counties(path: Path, *, since: date, source: str, by: User | None, at: datetime) -> dict[str, int]:
    """Tag the counties of a list (columns code, contiguous_area) with their poor area and as key poor counties (ORG-6).

    Counties that bear a tag already, or that are not in the region table, are passed over. Gives tag → counties.
    """
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    counties = {area.code: area for area in Area.objects.current().filter(code__in=[row["code"] for row in rows])}
    words = active().codes["tag"]
    key = next((code for code, tag in active().tags.items() if tag.kind == KEY_COUNTY), None)
    wanted = [(counties[row["code"]], tag) for row in rows if row["code"] in counties
              for tag in (words.find(row["contiguous_area"]), key) if tag]  # fmt: skip
    has = set(AreaTag.objects.filter(area__in=counties.values(), until__isnull=True).values_list("area_id", "tag"))
    fresh = [
        AreaTag(area=area, tag=tag, since=since, source=source) for area, tag in wanted if (area.pk, tag) not in has
    ]
    AreaTag.objects.bulk_create(fresh)
    counts: dict[str, int] = {}
    for made in fresh:
        counts[made.tag] = counts.get(made.tag, 0) + 1
    if fresh:
        record.write("areas.mark_counties", by=by, at=at, file=path.name, counts=counts)
    return counts


def carry(heirs: Mapping[int, set[int]], *, since: date) -> int:
    """Open tags of regions that ended go over to the regions they live on in (old id → new ids); how many began."""
    ended = list(AreaTag.objects.filter(area_id__in=heirs, area__until__isnull=False, until__isnull=True))
    if not ended:
        return 0
    fresh = {
        (new, tag.tag): AreaTag(area_id=new, tag=tag.tag, since=max(since, tag.since), source=tag.source)
        for tag in ended for new in heirs[tag.area_id]
    }  # fmt: skip
    last_day = since - timedelta(days=1)
    AreaTag.objects.filter(pk__in=[tag.pk for tag in ended if tag.since < since]).update(until=last_day)
    AreaTag.objects.filter(pk__in=[tag.pk for tag in ended if tag.since >= since]).delete()
    standing = AreaTag.objects.filter(area_id__in={new for new, _tag in fresh}, until__isnull=True)
    for key in standing.values_list("area_id", "tag"):
        fresh.pop(key, None)
    return len(AreaTag.objects.bulk_create(fresh.values(), ignore_conflicts=True))
