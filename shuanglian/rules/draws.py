"""A draw that anybody can repeat: a seed announced before, SHA-256 of seed and number, the smallest ones are taken.

The list to draw from (the frame) and its digest are fixed first; then comes a public number that nobody here makes
(a lottery's result of a named later day); seed = campaign code, number of the draw and public number. Within every
stratum (a village) the numbers stand in the order of sha256("seed:number"), and the first ⌈share × N⌉ are drawn.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

# What the page of a draw shows, so that nobody has to believe us: frame.csv as downloaded, values from the page.
SCRIPT = """\
import csv, hashlib, math, sys; from fractions import Fraction; groups = {}
seed, share, least = sys.argv[2], Fraction(sys.argv[3]), int(sys.argv[4])
for place, number in csv.reader(open(sys.argv[1])): groups.setdefault(place, []).append(number)
order = lambda number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()
for place, all in groups.items(): print(*sorted(all, key=order)[:max(least, math.ceil(share * len(all)))], sep="\\n")
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One that was drawn: its stratum, its place there (from 1) and the digest that put it there."""

    stratum: str
    number: str
    rank: int
    key: str


def seed_of(campaign: str, draw: int, public: str) -> str:
    """The seed as it is written down: campaign:draw:public number, the number without blanks."""
    return f"{campaign}:{draw}:{''.join(public.split())}"


def frame_text(frame: Iterable[tuple[str, str]]) -> str:
    """The frame as a file: stratum,number a line, sorted; what the digest is taken of."""
    return "".join(f"{stratum},{number}\n" for stratum, number in sorted(frame))


def frame_of(text: str) -> list[tuple[str, str]]:
    """The frame back from its file; ValueError names the line that is none."""
    frame = []
    for place, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if not line.strip():
            continue
        stratum, comma, number = line.strip().partition(",")
        if not comma or not stratum or not number or "," in number:
            raise ValueError(f"line {place}: stratum,number")
        frame.append((stratum, number))
    return frame


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def key_of(seed: str, number: str) -> str:
    return sha256(f"{seed}:{number}".encode()).hexdigest()


def size_of(population: int, share: Decimal | Fraction, least: int) -> int:
    """⌈share × N⌉, at least `least`, never more than there are."""
    return min(population, max(least, math.ceil(Fraction(share) * population)))


def draw(seed: str, frame: Iterable[tuple[str, str]], *, share: Decimal | Fraction, least: int = 0) -> list[Drawn]:
    """Who is drawn, stratum by stratum. The order in which the frame is given makes no difference."""
    strata: dict[str, list[str]] = defaultdict(list)
    for stratum, number in frame:
        strata[stratum].append(number)
    drawn: list[Drawn] = []
    for stratum in sorted(strata):
        ranked = sorted((key_of(seed, number), number) for number in set(strata[stratum]))
        wanted = size_of(len(ranked), share, least)
        drawn += [Drawn(stratum, number, place + 1, key) for place, (key, number) in enumerate(ranked[:wanted])]
    return drawn


def differs(told: Sequence[str], drawn: Sequence[Drawn]) -> tuple[list[str], list[str]]:
    """Numbers told to be drawn that are not, and drawn ones that were not told; both empty when the draw is right."""
    right = {one.number for one in drawn}
    return sorted(set(told) - right), sorted(right - set(told))
