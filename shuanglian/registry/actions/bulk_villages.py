"""Village forms from a workbook, set by set; what a form does not tell stays as it was (domain 2.5, REG-10)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl
from django.db import transaction

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry.models import VillageYear
from shuanglian.registry.models.village import FIELDS
from shuanglian.sheets import merging
from shuanglian.sheets.acceptors import Counts, Frames
from shuanglian.sheets.merging import run
from shuanglian.sheets.staging import complete, nothing, refuse_unknown

from .years import FIRST_YEAR

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

STAGE = "roster_villages"
PLAIN = tuple(name for name in FIELDS if name != "phone")
KEYS = ("village_id", "area_code", "year")


@transaction.atomic
def accept_villages(frames: Frames, *, area: Area, year: int, by: User | None, at: datetime, batch_id: int) -> Counts:
    """Write one form a village and year: new, or changed where the workbook tells something else."""
    forms = complete(frames["villages"], "phone", *PLAIN).with_columns(
        pl.coalesce(pl.col("year").cast(pl.Int64, strict=False), pl.lit(year, pl.Int64)).alias("year")
    )
    odd = forms.filter(~pl.col("year").is_between(FIRST_YEAR, at.year))
    if odd.height:
        raise Refusal("year", N_("年度应在 {first} 至 {last} 之间"), first=FIRST_YEAR, last=at.year)
    own = forms.select("n", "year", *PLAIN, pl.col("village_code").alias("area_code"),
                       *(nothing(name) for name in ("village_id", "phone")))  # fmt: skip
    merging.stage(STAGE, own, VillageYear)
    run(
        """UPDATE {s} s SET village_id = a.id FROM areas_area a
           WHERE a.code = s.area_code AND a.until IS NULL AND a.level = 5 AND a.code >= %s AND a.code < %s""",
        area.prefix, f"{area.prefix}:", s=STAGE,
    )  # fmt: skip
    refuse_unknown(STAGE, "area_code", "village_id", "outside_area", N_("名册里有不在本批区域内的村：{names}"))
    run(
        """UPDATE {s} s SET row_id = f.id FROM registry_villageyear f
           WHERE f.village_id = s.village_id AND f.year = s.year""",
        s=STAGE,
    )
    run("DELETE FROM {s} a USING {s} b WHERE (a.village_id, a.year) = (b.village_id, b.year) AND a.n > b.n", s=STAGE)
    merging.number_new(VillageYear, STAGE)
    merging.seal_changed(VillageYear, STAGE, "phone", forms["phone"].to_list())
    tally = merging.merge(VillageYear, STAGE, (*PLAIN, "phone"), batch_id=batch_id, only_new=KEYS)
    return {"villages": tally.as_dict()}
