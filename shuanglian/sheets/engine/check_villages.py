"""Village forms: each village and year once, parts within their wholes (domain 2.5)."""

import polars as pl

from .check_organisation import Taken, _table
from .fields.villages import FACTS, VILLAGE_FIELDS, WITHIN
from .places import told_places
from .regions import locate
from .typed import Checking, twice, typed

MOST = 10_000_000  # as on the page; more is a slip of the pen
BOUNDS = {"lon": (73, 136), "lat": (3, 54), "mutual_aid_yuan": (None, 1_000_000_000)}
LABELS = {field.code: field.label for field in VILLAGE_FIELDS}


def check_villages(work: Checking, taken: Taken) -> dict[str, pl.DataFrame]:
    """Typed frame `villages`: one row a village and year."""
    text = _table(work, taken, "village", "year", *LABELS)
    forms = typed(work, text, "villages")
    found = locate(text, work.regions)
    told_places(work, text.select("_at").hstack(found), text)
    forms = forms.with_columns(
        village_code=found["_village"], township_code=found["_township"],
        year=pl.coalesce("year", pl.lit(work.on.year, pl.Int64)),
    )  # fmt: skip
    again = twice(forms.filter(pl.col("village_code").is_not_null()), ["village_code", "year"])
    work.findings.add(again.with_columns(value=pl.col("village")), "village", "form_twice", columns=["rows"])
    ahead = forms.filter(pl.col("year") > work.on.year)
    work.findings.add(ahead.with_columns(value=pl.col("year").cast(pl.String)), "year", "form_ahead")
    for field in FACTS:
        if field.type in ("int", "decimal"):
            low, high = BOUNDS.get(field.code, (None, MOST))
            wild = pl.col(field.code) > high
            wild = wild | (pl.col(field.code) < low) if low is not None else wild
            told = forms.filter(wild.fill_null(False)).with_columns(value=pl.col(field.code).cast(pl.String))
            work.findings.add(told, field.code, "form_out_of_range")
    none = forms.filter((pl.col("households") == 0).fill_null(False))
    work.findings.add(none.with_columns(value=pl.lit("0")), "households", "form_no_households")
    for part, whole in WITHIN:
        over = forms.filter((pl.col(part) > pl.col(whole)).fill_null(False))
        told = over.with_columns(value=pl.col(part).cast(pl.String), most=pl.col(whole).cast(pl.String))
        work.findings.add(told, part, "form_part_over_whole", columns=["most"], params={"whole": LABELS[whole]})
    return {"villages": forms}
