"""What can be told of visits by looking at them beside each other: the facts of scrutiny's rules (FIELD-3, FIELD-6).

    told = work_out(visits, photos)      one row a visit: id and the facts below, null where it is not known

The same expressions work on one cadre's week and on a million visits, so what a page says of one is what the whole
county's run says of it. Moments are local and without zone. Distances are great circles.

visits: id, cadre, household (numbers) · on (day) · started, ended, saved (the phone's clock), kept (the server's)
· lon, lat, accuracy (metres) · home_lon, home_lat · village_lon, village_lat · entered · on_leave · clock_off (seconds)
· text (without the family's names: they would hide that it is copied) · asked (false: only stands beside the others).
photos: visit · likeness (64 bits) · digest · taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from .cel.types import BOOL, NUMBER, WHOLE, Type, record
from .cel.vocabulary import Vocabulary, Word
from .profile_shapes import Label

VISITS: dict[str, Any] = {
    "id": pl.Int64, "cadre": pl.Int64, "household": pl.Int64, "on": pl.Date, "started": pl.Datetime("us"),
    "ended": pl.Datetime("us"), "saved": pl.Datetime("us"), "kept": pl.Datetime("us"), "lon": pl.Float64,
    "lat": pl.Float64, "accuracy": pl.Float64, "home_lon": pl.Float64, "home_lat": pl.Float64,
    "village_lon": pl.Float64, "village_lat": pl.Float64, "entered": pl.Boolean, "on_leave": pl.Boolean,
    "clock_off": pl.Int64, "text": pl.String, "asked": pl.Boolean,
}  # fmt: skip
PHOTOS: dict[str, Any] = {"visit": pl.Int64, "likeness": pl.Int64, "digest": pl.String, "taken": pl.Datetime("us")}

USUAL_KM = 5.0  # where a home is usually met counts when that lies about its village: an office does not
TEN_MINUTES = 600  # seconds: the window of `homes_in_ten_minutes`
EARTH_KM = 6371.0
_WHAT: dict[str, tuple[Type, str, str, str, str]] = {  # fact → type, label zh, en, unit zh, en
    "has_position": (BOOL, "有定位", "a position was recorded", "", ""),
    "accuracy_m": (NUMBER, "定位误差", "error of the position", "米", "metres"),
    "km_from_home": (NUMBER, "离户距离", "distance from the home", "公里", "km"),
    "km_from_village": (NUMBER, "离村距离", "distance from the village", "公里", "km"),
    "km_from_usual": (NUMBER, "离这一户历次定位的距离", "distance from where this home is usually met", "公里", "km"),
    "start_hour": (NUMBER, "到户时刻（几点）", "hour of the day", "点", "h"),
    "minutes_inside": (NUMBER, "在户时间", "time in the home", "分钟", "minutes"),
    "minutes_apart": (NUMBER, "与前后一户的间隔", "time to the home before or after", "分钟", "minutes"),
    "minutes_overlap": (NUMBER, "与另一户重叠的时间", "time in two homes at once", "分钟", "minutes"),
    "km_per_hour": (NUMBER, "两户之间的速度", "speed between two homes", "公里/小时", "km/h"),
    "homes_same_minute": (WHOLE, "同一分钟另外到的户", "other homes in the same minute", "户", "home(s)"),
    "homes_in_ten_minutes": (WHOLE, "前后十分钟另外到的户", "other homes within ten minutes", "户", "home(s)"),
    "homes_that_day": (WHOLE, "当天到的户", "homes on that day", "户", "home(s)"),
    "same_point_days": (WHOLE, "另有几天的定位分毫不差", "other days with the very same point", "天", "days"),
    "on_leave": (BOOL, "在请假期间", "during leave", "", ""),
    "entered": (BOOL, "进了家门", "the home was entered", "", ""),
    "clock_off_minutes": (NUMBER, "手机时间与实际相差", "error of the phone's clock", "分钟", "minutes"),
    "days_late": (WHOLE, "事后补记天数", "days until it was written down", "天", "days"),
    "minutes_early": (NUMBER, "在到户之前多久就保存", "saved before it took place", "分钟", "minutes"),
    "saved_together": (WHOLE, "五分钟内一起保存的其他走访", "other visits saved within five minutes", "次", "visits"),
    "text_chars": (WHOLE, "记录字数", "characters written", "字", "characters"),
    "text_alike_bits": (WHOLE, "与本人另一户记录的差异（64 位中）", "bits that differ from the text of another home",
                        "位", "bits"),
    "text_elsewhere": (WHOLE, "其他户一字不差的记录", "other homes with the very same text", "户", "home(s)"),
    "text_cadres": (WHOLE, "用同样文字的干部", "cadres with the very same text", "人", "cadres"),
    "photos": (WHOLE, "照片张数", "photos", "张", "photos"),
    "photo_reused": (WHOLE, "同一张照片用在其他走访", "other visits with the same file", "次", "visits"),
    "photo_alike_bits": (WHOLE, "与另一户照片的差异（64 位中）", "bits that differ from a photo of another home",
                         "位", "bits"),
    "photo_minutes_off": (NUMBER, "照片时间与到户时间相差", "time between photo and visit", "分钟", "minutes"),
}  # fmt: skip
FACTS = tuple(_WHAT)


def vocabulary() -> Vocabulary:
    """The words that a sign's text may use: visit.FACT."""
    source = Label(zh="走访记录", en="field work")
    words = {
        name: Word("visit", name, kind, Label(zh=zh, en=en), source, Label(zh=unit, en=unit_en) if unit else None)
        for name, (kind, zh, en, unit, unit_en) in _WHAT.items()
    }
    return Vocabulary({"visit": MappingProxyType(words)}, MappingProxyType({"visit": record("visit")}))


def work_out(visits: pl.DataFrame, photos: pl.DataFrame) -> pl.DataFrame:
    """The facts of every visit that is asked about: columns id and FACTS, in the order of `visits`."""
    rows = visits.with_row_index("row").sort("cadre", "started", "id")
    told = rows.with_columns(**_of_one(), **_of_neighbours(), **_of_groups())
    told = told.with_columns(**_usual())
    told = told.with_columns(**_windows(told), **_texts(told))
    told = told.join(_photos(photos, told), left_on="id", right_on="visit", how="left").with_columns(
        pl.col("photos").fill_null(0), pl.col("photo_reused").fill_null(0)
    )
    return told.filter(pl.col("asked")).sort("row").select("id", *(_as_typed(name) for name in FACTS))


def kilometres(lon: str, lat: str, other_lon: pl.Expr, other_lat: pl.Expr) -> pl.Expr:
    """Great circle between two points given in degrees (haversine); null where one is not known."""
    one, other = pl.col(lat).radians(), other_lat.radians()
    half = ((one - other) / 2).sin() ** 2 + one.cos() * other.cos() * (
        ((pl.col(lon).radians() - other_lon.radians()) / 2).sin() ** 2
    )
    return 2 * EARTH_KM * half.clip(0.0, 1.0).sqrt().arcsin()


def _of_one() -> Mapping[str, pl.Expr]:
    started, saved = pl.col("started"), pl.col("saved")
    return {
        "has_position": pl.col("lon").is_not_null() & pl.col("lat").is_not_null(),
        "accuracy_m": pl.col("accuracy"),
        "km_from_home": kilometres("lon", "lat", pl.col("home_lon"), pl.col("home_lat")),
        "km_from_village": kilometres("lon", "lat", pl.col("village_lon"), pl.col("village_lat")),
        "start_hour": started.dt.hour().cast(pl.Float64) + started.dt.minute() / 60,
        "minutes_inside": _minutes(pl.col("ended") - started),
        "clock_off_minutes": pl.col("clock_off").abs() / 60,
        "days_late": (saved.dt.date() - pl.col("on")).dt.total_days(),
        "minutes_early": _minutes(started - saved).clip(0.0),
        "text_chars": pl.col("text").fill_null("").str.len_chars().cast(pl.Int64),
    }  # fmt: skip


def _of_neighbours() -> Mapping[str, pl.Expr]:
    """Against the visit before and after of the same cadre, when it was to another home."""
    gaps, speeds, overlaps = [], [], []
    for step in (1, -1):
        beside = {
            name: pl.col(name).shift(step).over("cadre") for name in ("household", "started", "ended", "lon", "lat")
        }
        other = beside["household"] != pl.col("household")
        gap = _minutes((pl.col("started") - beside["started"]).abs())
        gaps.append(pl.when(other).then(gap))
        leaves = pl.coalesce(beside["ended"], beside["started"]) if step == 1 else pl.coalesce("ended", "started")
        arrives = pl.col("started") if step == 1 else beside["started"]
        on_the_way = _minutes(arrives - leaves).clip(0.0)
        late, early = (beside["ended"], pl.col("started")) if step == 1 else (pl.col("ended"), beside["started"])
        overlaps.append(pl.when(other).then(_minutes(late - early).clip(0.0)))
        km = kilometres("lon", "lat", beside["lon"], beside["lat"])
        # a hundred metres are within what a phone errs by; a minute is what a clock without seconds errs by
        speeds.append(pl.when(other & (km > 0.1)).then(km / ((on_the_way + 1) / 60)))
    return {
        "minutes_apart": pl.min_horizontal(gaps), "minutes_overlap": pl.max_horizontal(overlaps),
        "km_per_hour": pl.max_horizontal(speeds),
    }  # fmt: skip


def _usual() -> Mapping[str, pl.Expr]:
    """How far from the middle of all positions recorded at this home (at least three, and about its village)."""
    of_home = {name: pl.col(name).median().over("household") for name in ("lon", "lat")}
    enough = pl.col("lon").count().over("household") >= 3
    village_km = kilometres("village_lon", "village_lat", of_home["lon"], of_home["lat"])
    here = kilometres("lon", "lat", of_home["lon"], of_home["lat"])
    return {"km_from_usual": pl.when(enough & (village_km < USUAL_KM)).then(here)}


def _of_groups() -> Mapping[str, pl.Expr]:
    homes, minute = pl.col("household").n_unique(), pl.col("started").dt.truncate("1m")
    point = pl.col("lon").is_not_null() & pl.col("lat").is_not_null()
    words = pl.col("text").fill_null("").str.replace_all(r"[^\p{L}]", "")
    return {
        "homes_same_minute": homes.over("cadre", minute).cast(pl.Int64) - 1,
        "homes_that_day": homes.over("cadre", "on").cast(pl.Int64),
        "same_point_days": pl.when(point).then(
            pl.col("on").n_unique().over("cadre", "lon", "lat").cast(pl.Int64) - 1
        ),
        "words": words,
        "text_elsewhere": pl.when(words != "").then(homes.over(words).cast(pl.Int64) - 1),
        "text_cadres": pl.when(words != "").then(pl.col("cadre").n_unique().over(words).cast(pl.Int64)),
    }  # fmt: skip


def _windows(told: pl.DataFrame) -> Mapping[str, pl.Series]:
    """Counts of the same cadre's other visits near in time. `told` is in order of cadre and start."""
    cadre = told["cadre"].rank("dense").cast(pl.Int64).to_numpy()
    begun = _beside(cadre, told["started"], TEN_MINUTES)
    saved = _beside(cadre, told["saved"], TEN_MINUTES // 2)
    return {"homes_in_ten_minutes": begun, "saved_together": saved}


def _beside(cadre: np.ndarray, moments: pl.Series, seconds: int) -> pl.Series:
    """How many other rows of the same cadre lie within so many seconds either way; null where there is no moment."""
    known = moments.is_not_null().to_numpy()
    at = moments.dt.epoch("s").fill_null(0).to_numpy()
    key = cadre[known] * (1 << 40) + at[known]  # one line of time, cadres far apart on it
    line = np.sort(key)
    near = np.searchsorted(line, key + seconds, "right") - np.searchsorted(line, key - seconds, "left") - 1
    found = np.zeros(len(at), np.int64)
    found[known] = near
    return pl.Series(found).set(pl.Series(~known), None)


def _texts(told: pl.DataFrame) -> Mapping[str, pl.Series]:
    from .likeness import nearest, text_bits  # compiled code: only where visits are looked at

    words = told["words"]
    bits = text_bits(words.to_list())
    usable = (words.str.len_chars() >= 8).to_numpy()
    apart = nearest(bits, told["cadre"].to_numpy(), told["household"].to_numpy(), usable)
    return {"text_alike_bits": _near(apart)}


def _photos(photos: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Per visit: how many photos, whose file or likeness also serves elsewhere, how far from the visit's time."""
    from .likeness import FAR, nearest, nearest_anywhere

    rows = photos.join(told.select("id", "cadre", "household", "started"), left_on="visit", right_on="id")
    bits, home = rows["likeness"].fill_null(0).to_numpy(), rows["household"].to_numpy()
    # a picture without any edge (a thumb on the lens, a white wall) is like every other such
    telling = rows["likeness"].is_not_null().to_numpy() & (bits != 0) & (bits != -1)
    own = nearest(bits, rows["cadre"].to_numpy(), home, telling)
    anywhere = np.full(len(bits), FAR, np.int64)
    anywhere[telling] = nearest_anywhere(bits[telling], home[telling])
    rows = rows.with_columns(
        apart=_near(np.minimum(own, anywhere)),
        reused=pl.col("visit").n_unique().over("digest").cast(pl.Int64) - 1,
        off=_minutes((pl.col("taken") - pl.col("started")).abs()),
    )
    return rows.group_by("visit").agg(
        photos=pl.len().cast(pl.Int64), photo_reused=pl.col("reused").max(), photo_alike_bits=pl.col("apart").min(),
        photo_minutes_off=pl.col("off").min(),
    )  # fmt: skip


def _as_typed(name: str) -> pl.Expr:
    """Numbers as exact hundredths, as conditions reckon; what cannot be reckoned (infinite speed) is not known."""
    column = pl.col(name)
    if _WHAT[name][0] != NUMBER:
        return column
    return pl.when(column.is_finite() & (column.abs() < 1e12)).then(column.round(2)).cast(pl.Decimal(18, 2)).alias(name)


def _near(apart: np.ndarray) -> pl.Series:
    return pl.Series(apart).set(pl.Series(apart > 64), None)


def _minutes(span: pl.Expr) -> pl.Expr:
    return span.dt.total_seconds() / 60


__all__ = ["FACTS", "PHOTOS", "VISITS", "kilometres", "vocabulary", "work_out"]
