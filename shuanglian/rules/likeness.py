"""Texts and pictures that look alike, told by 64 bits each: near ones differ in few of them.

    bits = text_bits(texts)                     one number a text; unrelated ones differ in about half of the 64
    nearest(bits, owner, home, least)           the fewest bits in which another home's differs, within one owner
    nearest_anywhere(bits, home, most)          the same among all, as far as `most` bits

The bits of a text are a SimHash (Charikar 2002) of its three-character pieces: a name exchanged in a sentence turns a
few of them. Those of a picture come from attachments (difference hash). Numbers are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Longs = NDArray[np.int64]
FAR = 65  # more than there are bits: nobody is near
BUCKET = 64  # how many neighbours a picture is held against where very many share sixteen bits (a white wall)


def text_bits(texts: Sequence[str]) -> Longs:
    """A number for each text, as signed 64 bits; texts shorter than three characters give 0."""
    start = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(one) for one in texts], out=start[1:])
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    return _text_bits(letters.astype(np.uint64), start).view(np.int64)


def nearest(bits: Longs, owner: Longs, home: Longs, usable: NDArray[np.bool_]) -> Longs:
    """For each row the fewest bits in which a row of the same owner and another home differs; FAR when there is none.

    bits, owner, home: a number a row. Rows that are not usable are left out and FAR themselves.
    """
    found = np.full(len(bits), FAR, np.int64)
    rows = np.flatnonzero(usable)
    rows = rows[np.argsort(owner[rows], kind="stable")]
    _within(bits.view(np.uint64), owner, home, rows, found)
    return found


def nearest_anywhere(bits: Longs, home: Longs, most: int = 3) -> Longs:
    """For each row the fewest bits in which any row of another home differs, FAR where more than `most` (at most 3).

    Rows that differ in three bits agree in one of four parts of sixteen: only those that agree in one are compared.
    """
    found = np.full(len(bits), FAR, np.int64)
    words = bits.view(np.uint64)
    for part in range(4):
        key = (words >> np.uint64(16 * part)) & np.uint64(0xFFFF)
        order = np.lexsort((words, key))
        _in_buckets(words, home, order, key, found)
    found[found > most] = FAR
    return found


@njit(cache=True, inline="always")
def _ones(word: Any) -> Any:
    """How many bits are set."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)


@njit(cache=True, inline="always")
def _mixed(word: Any) -> Any:
    """Spread over all 64 bits (the finaliser of splitmix64)."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@njit(cache=True)
def _text_bits(letters: Any, start: Any) -> Any:
    found = np.zeros(len(start) - 1, np.uint64)
    votes = np.zeros(64, np.int64)
    for row in range(len(found)):
        first, last = start[row], start[row + 1]
        if last - first < 3:
            continue
        votes[:] = 0
        for at in range(first, last - 2):
            piece = letters[at] | (letters[at + 1] << np.uint64(21)) | (letters[at + 2] << np.uint64(42))
            word = _mixed(piece)
            for bit in range(64):
                votes[bit] += np.int64((word >> np.uint64(bit)) & np.uint64(1)) * 2 - 1
        bits = np.uint64(0)
        for bit in range(64):
            if votes[bit] > 0:
                bits |= np.uint64(1) << np.uint64(bit)
        found[row] = bits
    return found


@njit(cache=True)
def _within(words: Any, owner: Any, home: Any, rows: Any, found: Any) -> None:
    first = 0
    while first < len(rows):
        last = first
        while last < len(rows) and owner[rows[last]] == owner[rows[first]]:
            last += 1
        for i in range(first, last):
            for j in range(i + 1, last):
                one, other = rows[i], rows[j]
                if home[one] != home[other]:
                    apart = np.int64(_ones(words[one] ^ words[other]))
                    if apart < found[one]:
                        found[one] = apart
                    if apart < found[other]:
                        found[other] = apart
        first = last


@njit(cache=True)
def _in_buckets(words: Any, home: Any, order: Any, key: Any, found: Any) -> None:
    for i in range(len(order)):
        one = order[i]
        for j in range(i + 1, min(i + BUCKET, len(order))):
            other = order[j]
            if key[one] != key[other]:
                break
            if home[one] != home[other]:
                apart = np.int64(_ones(words[one] ^ words[other]))
                if apart < found[one]:
                    found[one] = apart
                if apart < found[other]:
                    found[other] = apart


__all__ = ["FAR", "nearest", "nearest_anywhere", "text_bits"]
