"""The naive way to look at visits beside each other: cadre by cadre, every visit against every other, in plain Python."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

EARTH_KM, TEN_MINUTES, USUAL_KM = 6371.0, 600.0, 5.0


def loop(visits: pl.DataFrame, photos: pl.DataFrame, cadres: set[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number, facts) of every visit of some cadres; the facts are those of rules.visit_facts."""
    rows = visits.to_dicts()
    words = {row["id"]: "".join(letter for letter in row["text"] or "" if letter.isalpha()) for row in rows}
    homes_of, cadres_of, placed = defaultdict(set), defaultdict(set), defaultdict(list)
    by_cadre: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        homes_of[words[row["id"]]].add(row["household"])
        cadres_of[words[row["id"]]].add(row["cadre"])
        by_cadre[row["cadre"]].append(row)
        if row["lon"] is not None:
            placed[row["household"]].append((row["lon"], row["lat"]))
    pictures, used = defaultdict(list), Counter()
    for one in photos.iter_rows(named=True):
        pictures[one["visit"]].append(one)
    for visit in pictures.values():
        for digest in {one["digest"] for one in visit}:
            used[digest] += 1
    for cadre in sorted(cadres):
        own = sorted(by_cadre[cadre], key=lambda row: (row["started"], row["id"]))
        for at, row in enumerate(own):
            text = words[row["id"]]
            facts = _alone(row, placed[row["household"]])
            facts |= _beside(own, at, words, pictures)
            facts |= {"text_elsewhere": len(homes_of[text]) - 1 if text else None,
                      "text_cadres": len(cadres_of[text]) if text else None}  # fmt: skip
            mine = pictures.get(row["id"], [])
            facts |= {"photos": len(mine), "photo_reused": max((used[one["digest"]] - 1 for one in mine), default=0)}
            times = [_minutes(abs(one["taken"] - row["started"])) for one in mine if one["taken"]]
            facts["photo_minutes_off"] = min(times, default=None)
            yield row["id"], facts


def _alone(row: Mapping[str, Any], placed: list[tuple[float, float]]) -> dict[str, Any]:
    here, started, saved = _place(row, ""), row["started"], row["saved"]
    usual = None
    if len(placed) >= 3:
        middle = _median([one[0] for one in placed]), _median([one[1] for one in placed])
        if (far := _km(_place(row, "village_"), middle)) is not None and far < USUAL_KM:
            usual = _km(here, middle)
    return {
        "has_position": here is not None, "accuracy_m": row["accuracy"], "km_from_usual": usual,
        "km_from_home": _km(here, _place(row, "home_")), "km_from_village": _km(here, _place(row, "village_")),
        "start_hour": started.hour + started.minute / 60, "on_leave": row["on_leave"], "entered": row["entered"],
        "minutes_inside": _minutes(row["ended"] - started) if row["ended"] else None,
        "clock_off_minutes": None if row["clock_off"] is None else abs(row["clock_off"]) / 60,
        "days_late": (saved.date() - row["on"]).days, "minutes_early": max(0.0, _minutes(started - saved)),
        "text_chars": len(row["text"] or ""),
    }  # fmt: skip


def _beside(
    own: list[dict[str, Any]], at: int, words: Mapping[int, str], pictures: Mapping[int, Any]
) -> dict[str, Any]:
    row, minute = own[at], own[at]["started"].replace(second=0, microsecond=0)
    same, day, points = set(), set(), set()
    ten = together = 0
    text, photo = None, None
    from shuanglian.rules.likeness import text_bits

    mine = _bits(words[row["id"]], text_bits)
    for other in own:
        if other["started"].replace(second=0, microsecond=0) == minute:
            same.add(other["household"])
        if other["on"] == row["on"]:
            day.add(other["household"])
        if row["lon"] is not None and (other["lon"], other["lat"]) == (row["lon"], row["lat"]):
            points.add(other["on"])
        if other is not row:
            ten += abs(int(other["started"].timestamp()) - int(row["started"].timestamp())) <= TEN_MINUTES
            together += abs(int(other["saved"].timestamp()) - int(row["saved"].timestamp())) <= TEN_MINUTES / 2
        if other["household"] != row["household"]:
            theirs = _bits(words[other["id"]], text_bits)
            if mine is not None and theirs is not None:
                text = min(64 if text is None else text, (mine ^ theirs).bit_count())
            for one in pictures.get(row["id"], ()):
                for another in pictures.get(other["id"], ()):
                    apart = ((one["likeness"] ^ another["likeness"]) & (2**64 - 1)).bit_count()
                    photo = apart if photo is None else min(photo, apart)
    return {
        "homes_same_minute": len(same) - 1, "homes_that_day": len(day), "homes_in_ten_minutes": ten,
        "saved_together": together, "same_point_days": len(points) - 1 if row["lon"] is not None else None,
        "text_alike_bits": text, "photo_alike_bits": photo, **_neighbours(own, at),
    }  # fmt: skip


def _neighbours(own: list[dict[str, Any]], at: int) -> dict[str, Any]:
    row, gaps, overlaps, speeds = own[at], [], [], []
    for other, after in ((own[at - 1] if at else None, False), (own[at + 1] if at + 1 < len(own) else None, True)):
        if other is None or other["household"] == row["household"]:
            continue
        gaps.append(_minutes(abs(row["started"] - other["started"])))
        first, second = (row, other) if after else (other, row)
        if first["ended"]:
            overlaps.append(max(0.0, _minutes(first["ended"] - second["started"])))
        km = _km(_place(row, ""), _place(other, ""))
        if km is not None and km > 0.1:
            way = max(0.0, _minutes(second["started"] - (first["ended"] or first["started"])))
            speeds.append(km / ((way + 1) / 60))
    return {"minutes_apart": min(gaps, default=None), "minutes_overlap": max(overlaps, default=None),
            "km_per_hour": max(speeds, default=None)}  # fmt: skip


_kept: dict[str, int | None] = {}


def _bits(text: str, work_out: Any) -> int | None:
    """The bits of a text, worked out once: how they are made is not what is compared here."""
    if text not in _kept:
        _kept[text] = int(work_out([text])[0]) & (2**64 - 1) if len(text) >= 8 else None
    return _kept[text]


def _place(row: Mapping[str, Any], whose: str) -> tuple[float, float] | None:
    lon, lat = row[f"{whose}lon"], row[f"{whose}lat"]
    return None if lon is None or lat is None else (lon, lat)


def _km(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float | None:
    if one is None or other is None:
        return None
    lon1, lat1, lon2, lat2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def _median(numbers: list[float]) -> float:
    numbers = sorted(numbers)
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else (numbers[middle - 1] + numbers[middle]) / 2


def _minutes(span: Any) -> float:
    return float(int(span.total_seconds())) / 60
