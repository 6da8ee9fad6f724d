"""Facts of the village a household lives in (ORG-7)."""

from __future__ import annotations

import polars as pl

from shuanglian.rules.cel.types import BOOL, NUMBER, TEXT

from .catalogue import TEXTS, Ground, fact, stated
from .sources import AREAS, VISIT, YUAN


@fact("village", TEXT, zh="村代码", en="code of the village", source=AREAS)
def code(g: Ground) -> pl.Expr:
    return pl.col("id")


@fact("village", TEXTS, zh="标签", en="tags", source=AREAS, codes="tag")
def tags(g: Ground) -> pl.Expr:
    """Those of the village and of the areas it lies in."""
    return pl.col("tags")


def _tagged(g: Ground, kind: str) -> pl.Expr:
    codes = [code for code, tag in g.profile.tags.items() if tag.kind == kind]
    return pl.any_horizontal([pl.col("tags").list.contains(code) for code in codes] or [pl.lit(False)])


@fact("village", BOOL, zh="贫困村", en="is a poor village", source=AREAS)
def poor_village(g: Ground) -> pl.Expr:
    return pl.col("tags").list.contains("poor_village")


@fact("village", BOOL, zh="重点贫困县的村", en="lies in a key poor county", source=AREAS)
def key_poor_county(g: Ground) -> pl.Expr:
    return _tagged(g, "key_county")


@fact("village", BOOL, zh="集中连片特困地区的村", en="lies in a contiguous poor area", source=AREAS)
def contiguous_area(g: Ground) -> pl.Expr:
    return _tagged(g, "poor_area")


@fact("village", BOOL, zh="当年拟脱贫村", en="is due to leave this year", source=AREAS)
def exit_village(g: Ground) -> pl.Expr:
    return _tagged(g, "exit")


stated(
    "village", NUMBER, "mutual_aid_fund", zh="互助资金规模", en="size of the mutual-aid fund", source=VISIT, unit=YUAN
)
stated("village", BOOL, "day_care_room", zh="有老年日间照料室", en="has a day-care room for the elderly", source=VISIT)
