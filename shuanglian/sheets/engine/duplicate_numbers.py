"""Identity numbers as whole numbers, and the slips of the pen that lead from one to another (GB 11643).

The 18 characters satisfy a weighted sum: ≡ 1 (mod 11). One wrong digit or one swap of neighbours always breaks it. So
only a number that fails can be such a slip, and for each of its places the sum leaves at most one repair: some twenty
look-ups instead of a search. Two wrong digits leave a thousand repairs; they are looked for among equal names only.
"""

import numpy as np
import polars as pl

from shuanglian.kernel.ids import EARLIEST_YEAR, LATEST_YEAR, PROVINCES, WEIGHTS

from .ids_columns import parse_ids

_W = np.array((*WEIGHTS, 1), dtype=np.int64)
_INVERSE = np.array([0, *(next(x for x in range(1, 11) if x * w % 11 == 1) for w in range(1, 11))], dtype=np.int64)
_PLACE = np.array([*(11 * 10**power for power in range(16, -1, -1)), 1], dtype=np.int64)
_FORM = r"^[0-9]{17}[0-9X]"
_PLAIN = _FORM + "$"
_CROSS = 20_000_000  # comparisons at most among equal names
_CROWD = 1_000_000  # of one name


def numbers_of(text: pl.Series) -> tuple[pl.DataFrame, np.ndarray]:
    """For each identity number: `number` (Int64, null where there are no 18 characters), `valid`, `old` (was 15
    digits), `by_id` (birth date of a valid one); and its 18 digits as rows of bytes, X as 10, zeros where none are."""
    frame = pl.DataFrame({"text": text.fill_null("")}).with_row_index("n")
    frame = frame.filter(pl.col("text") != "").with_columns(
        full=pl.when(pl.col("text").str.contains(_PLAIN)).then("text")
    )
    frame, digits = _read(frame)
    odd = frame.filter(~pl.col("valid"))  # a few per cent: these are looked at closely
    close = _read(_closely(odd))
    digits[~frame["valid"].to_numpy()] = close[1]
    seen = pl.concat([frame.filter("valid").with_columns(old=pl.lit(False)), close[0]], how="diagonal")
    whole = pl.DataFrame({"n": pl.int_range(text.len(), dtype=pl.UInt32, eager=True)}).join(
        seen, on="n", how="left", maintain_order="left"
    )
    spread = np.zeros((text.len(), 18), dtype=np.uint8)
    spread[frame["n"].to_numpy()] = digits
    return whole.select("number", "by_id", pl.col("valid", "old").fill_null(False)), spread


def _read(frame: pl.DataFrame) -> tuple[pl.DataFrame, np.ndarray]:
    """`full` (18 characters or null) → number, valid, by_id; and the digits."""
    known = frame["full"].is_not_null().to_numpy()
    digits = np.zeros((frame.height, 18), dtype=np.uint8)
    joined = frame["full"].drop_nulls().str.join("").item() or ""
    raw = np.frombuffer(joined.encode(), dtype=np.uint8).reshape(-1, 18)
    digits[known] = np.where(raw == ord("X"), 10, raw - ord("0"))
    sums, numbers = np.zeros(frame.height, dtype=np.int32), np.zeros(frame.height, dtype=np.int64)
    for place in range(18):
        sums += digits[:, place] * np.int32(_W[place])
        numbers += digits[:, place] * _PLACE[place]
    date = pl.col("full").str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    frame = frame.with_columns(number=pl.Series(numbers), fits=pl.Series(sums % 11 == 1), by_id=date)
    good = (
        pl.col("fits") & pl.col("full").str.slice(0, 2).is_in(sorted(PROVINCES))
        & pl.col("by_id").dt.year().is_between(EARLIEST_YEAR, LATEST_YEAR)
    )  # fmt: skip
    frame = frame.with_columns(valid=good.fill_null(False))
    return frame.with_columns(
        number=pl.when(pl.col("full").is_not_null()).then("number"), by_id=pl.when("valid").then("by_id")
    ), digits


def _closely(odd: pl.DataFrame) -> pl.DataFrame:
    """Old, written with blanks, on a disability card, damaged, a placeholder: what `parse_ids` makes of it."""
    parsed = parse_ids(odd["text"])
    usable = ~pl.col("kind").is_in(["damaged", "placeholder", "unknown"]) & pl.col("normal").str.contains(_FORM)
    full = parsed.select(
        full=pl.when(usable & ((pl.col("kind") != "id15") | pl.col("problem").is_null())).then(
            pl.col("normal").str.slice(0, 18)
        ),
        old=pl.col("kind") == "id15",
    )
    return pl.concat([odd.select("n"), full], how="horizontal")


def repairs(numbers: np.ndarray, digits: np.ndarray) -> pl.DataFrame:
    """Every number that fits its sum and is one wrong digit or one swap away: `at` (row), `number`, `why`."""
    wide = digits.astype(np.int64)
    missing = (1 - wide @ _W) % 11
    parts = []
    for place in range(18):
        right = (wide[:, place] + missing * _INVERSE[_W[place] % 11]) % 11
        fits = (right < 10) | (place == 17)
        found = np.flatnonzero(fits & (missing != 0))
        parts.append(_part(found, numbers[found] + (right - wide[:, place])[found] * _PLACE[place], "wrong_digit"))
    for place in range(17):
        gain = wide[:, place + 1] - wide[:, place]
        closes = (gain * (_W[place] - _W[place + 1]) - missing) % 11 == 0
        found = np.flatnonzero(closes & (gain != 0) & (wide[:, place + 1] < 10))
        moved = numbers[found] + gain[found] * (_PLACE[place] - _PLACE[place + 1])
        parts.append(_part(found, moved, "swapped_digits"))
    return pl.concat(parts)


def _part(at: np.ndarray, numbers: np.ndarray, why: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"at": pl.Series(at, dtype=pl.UInt32), "number": pl.Series(numbers, dtype=pl.Int64)}
    ).with_columns(why=pl.lit(why))


def worth_comparing(failing: pl.DataFrame, valid: pl.DataFrame) -> pl.DataFrame:
    """Pairs of a failing and a valid number under names that sound alike: `i`, `j`. Names that everybody has are left
    out when there would be too many to compare. Both frames: `n`, `sound`."""
    times = (
        failing.group_by("sound").len("ours")
        .join(valid.group_by("sound").len("theirs"), on="sound")
        .with_columns(pairs=pl.col("ours").cast(pl.Int64) * pl.col("theirs"))
        .filter(pl.col("pairs") <= _CROWD).sort("pairs", "sound")
        .filter(pl.col("pairs").cum_sum() <= _CROSS)
    )  # fmt: skip
    left = failing.select("sound", i="n").join(times.select("sound"), on="sound")
    return left.join(valid.select("sound", j="n"), on="sound").select("i", "j")


def differing(digits: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """In how many of the 18 characters two numbers differ, by rows of `digits`."""
    out = np.empty(len(one), dtype=np.uint8)
    for begin in range(0, len(one), 1_000_000):
        part = slice(begin, begin + 1_000_000)
        out[part] = (digits[one[part]] != digits[other[part]]).sum(axis=1, dtype=np.uint8)
    return out
