"""Names by how they sound: 李伟, 李玮 and 李维 are one sound, whoever typed them."""

from functools import cache

import numpy as np
import polars as pl
from pypinyin import Style, lazy_pinyin

LONGEST = 24  # characters of a name that count
_MIX = np.uint64(0x9E3779B97F4A7C15)


def names_of(names: pl.Series) -> tuple[pl.DataFrame, np.ndarray]:
    """For each name `spelt` and `sound` (numbers, equal for equal names and for names that sound alike; null for none);
    and its characters as rows of code points, zeros behind."""
    plain = pl.select(
        name=pl.lit(names).fill_null("").str.normalize("NFKC").str.replace_all(r"[\s\u{200b}·•・‧∙●．.*]+", "")
    )["name"].str.to_uppercase().str.slice(0, LONGEST)  # fmt: skip
    wide = max(1, int(plain.str.len_chars().max() or 1))  # type: ignore[arg-type]
    padded = plain.str.pad_end(wide, "\0").str.join("").item() or ""
    chars = np.frombuffer(padded.encode("utf-32-le", "replace"), dtype=np.uint32).reshape(-1, wide)
    present = np.zeros(0x110000, dtype=bool)
    present[chars] = True
    sounds = np.zeros(0x110000, dtype=np.uint64)
    known: dict[str, int] = {}
    for char in np.flatnonzero(present):
        if char:
            sounds[char] = 1 + known.setdefault(syllable(chr(char)), len(known))
    there = pl.Series(chars[:, 0] != 0)
    frame = pl.DataFrame({"spelt": _mixed(chars.astype(np.uint64)), "sound": _mixed(sounds[chars])})
    return frame.select(pl.when(there).then(pl.all())), chars


@cache
def syllable(char: str) -> str:
    """How one character is read, without its tone; what is no Chinese character stands for itself."""
    read = lazy_pinyin(char, style=Style.NORMAL)
    return str(read[0]) if read else char


def _mixed(table: np.ndarray) -> np.ndarray:
    """One number a row; rows that differ get different numbers, but for one chance in 2^64."""
    out = np.zeros(len(table), dtype=np.uint64)
    for column in range(table.shape[1]):
        out = (out ^ (table[:, column] + np.uint64(1))) * _MIX
        out ^= out >> np.uint64(29)
    return out


def one_character_apart(chars: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether two names have the same first character and length and differ in exactly one character."""
    a, b = chars[one], chars[other]
    same_length = ((a != 0) == (b != 0)).all(axis=1)
    return same_length & (a[:, 0] == b[:, 0]) & ((a != b).sum(axis=1) == 1)
