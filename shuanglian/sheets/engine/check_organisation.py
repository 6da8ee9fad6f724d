"""Units, cadres, and which unit is linked to which village (PAIR-1, PAIR-2, PAIR-3, PAIR-4)."""

import re
import unicodedata

import polars as pl

from shuanglian.kernel.ids import parse_uscc

from .household_groups import labelled
from .layout import Layout
from .places import told_places
from .regions import locate
from .typed import Checking, key_text, twice, typed

Taken = list[tuple[Layout, pl.DataFrame]]


def check_units(work: Checking, taken: Taken) -> dict[str, pl.DataFrame]:
    """Typed frame `units`: names once each, parents among them, seat found, credit codes right."""
    text = _table(work, taken, "name", "code", "parent", "area", "uscc")
    units = typed(work, text, "units").with_columns(code=_clean("code"), _name=name_key("name"))
    _required(work, units, "name")
    _again(work, units, "_name", "name", "unit_twice")
    _again(work, units, "code", "code", "unit_code_twice")
    units = units.with_columns(uscc=_uscc(work, units))
    names = units["_name"].drop_nulls()
    if work.known is not None and work.known.units is not None:
        names = pl.concat([names, work.known.units.select(name_key("name").alias("_name"))["_name"]])
    parents = units.filter(pl.col("parent").is_not_null(), ~name_key("parent").is_in(names.implode()))
    parents = parents.join(
        units.select(_c="code").drop_nulls(), left_on="parent", right_on="_c", how="anti", maintain_order="left"
    )
    work.findings.add(parents.with_columns(value=pl.col("parent")), "parent", "parent_unknown")
    units = units.with_columns(area_code=_areas(work, units, "area"))
    if "trade" not in units.columns:
        units = units.with_columns(trade=pl.lit(None, dtype=pl.String))
    guessed = {name: work.profile.guess_trade(name) for name in units["name"].drop_nulls().unique()}
    guess = pl.col("name").replace_strict(guessed, default=None, return_dtype=pl.String)
    units = units.with_columns(
        trade_guessed=pl.col("trade").is_null() & guess.is_not_null(), trade=pl.coalesce("trade", guess)
    )
    return {"units": units.with_columns(known=_known_units(work, units))}


def _known_units(work: Checking, units: pl.DataFrame) -> pl.Series:
    if work.known is None or work.known.units is None or not work.known.units.height:
        return pl.Series("known", [False], dtype=pl.Boolean).new_from_index(0, units.height)
    names = work.known.units.select(name_key("name").alias("_name"))["_name"]
    return units["_name"].is_in(names.implode()).fill_null(False)


def check_cadres(work: Checking, taken: Taken) -> dict[str, pl.DataFrame]:
    """Typed frame `cadres`: one row a person, unit known, rank known, who takes no households and why."""
    text = _table(
        work, taken, "number", "name", "id_number", "unit", "rank", "occupation", "status", "sex", "stationed_township"
    )
    shown_sex = text["sex"]
    cadres = typed(work, text, "cadres").with_columns(number=_clean("number"))
    _required(work, cadres, "name")
    _required(work, cadres, "unit")
    missing = work.severity("id_missing")
    if missing and text["id_number"].null_count() < text.height:
        work.findings.add(
            cadres.filter(pl.col("id_number_problem") == "empty"), "id_number", "id_missing", severity=missing
        )
    _again(work, cadres, "id_number_resident", "id_number", "cadre_twice")
    _again(work, cadres, "number", "number", "cadre_number_twice")
    nameless = cadres.filter(pl.col("number").is_null() & pl.col("id_number_resident").fill_null("").eq(""))
    again = twice(nameless, ["name", "unit"])
    work.findings.add(again.with_columns(value=pl.col("name")), "name", "cadre_same_name", columns=["count", "rows"])
    _sex(work, cadres, shown_sex)
    _units(work, cadres, "unit")
    work.findings.add(_untold(work, cadres.filter(pl.col("rank").is_null())), "rank", "rank_missing")
    _takes_none(work, cadres)
    if {"status_since", "status_until"} <= set(cadres.columns):
        work.findings.add(cadres.filter(pl.col("status_until") < pl.col("status_since")), "status_until", "status_days")
    codes = [work.profile.codes["sex"].find(one) for one in ("男", "女")]
    of_number = pl.col("id_number_sex").replace_strict(
        dict(zip(("male", "female"), codes, strict=True)), default=None, return_dtype=pl.String
    )
    cadres = cadres.with_columns(
        sex=pl.coalesce("sex", of_number), township_code=_areas(work, cadres, "stationed_township")
    )
    return {"cadres": _known_cadres(work, cadres)}


def _sex(work: Checking, cadres: pl.DataFrame, shown: pl.Series) -> None:
    male, female = (work.profile.codes["sex"].find(one) for one in ("男", "女"))
    said = pl.col("id_number_sex").replace_strict({"male": "男", "female": "女"}, default=None, return_dtype=pl.String)
    other = (pl.col("sex") == male) & (pl.col("id_number_sex") == "female") | (pl.col("sex") == female) & (
        pl.col("id_number_sex") == "male"
    )
    rows = cadres.with_columns(value=shown, said=said).filter(other.fill_null(False))
    work.findings.add(rows.drop("sex").rename({"said": "sex"}), "sex", "sex_differs", columns=["sex"])


def _untold(work: Checking, rows: pl.DataFrame) -> pl.DataFrame:
    """Without the rows in which an unknown code is the reason for the empty value."""
    told = [part.filter(pl.col("field") == "rank").select("_at") for part in work.findings.parts]
    return rows.join(pl.concat(told), on="_at", how="anti", maintain_order="left") if told else rows


def _takes_none(work: Checking, cadres: pl.DataFrame) -> None:
    """Teachers, medical staff, enterprise workers; on leave, retired, transferred (PAIR-3)."""
    for field, entries in (("occupation", work.profile.occupations), ("status", work.profile.statuses)):
        for code, one in entries.items():
            if not one.takes:
                reason = one.reason.zh if one.reason else one.label.zh
                rows = cadres.filter(pl.col(field) == code)
                work.findings.add(rows, field, "takes_none", params={"reason": reason})


def _known_cadres(work: Checking, cadres: pl.DataFrame) -> pl.DataFrame:
    """Registered under another number; the number of a person who is known is taken over."""
    known = work.known
    if known is None or known.cadres is None or not known.cadres.height:
        return cadres.with_columns(known=pl.lit(False))
    theirs = known.cadres.select(_key="id_key", _number="number").drop_nulls().unique("_key")
    both = cadres.with_columns(_key=known.keys(cadres["id_number_resident"])).join(
        theirs, on="_key", how="left", maintain_order="left"
    )
    other = both.filter((pl.col("number") != pl.col("_number")).fill_null(False)).with_columns(
        value=pl.col("id_number"), known_number=pl.col("_number")
    )
    work.findings.add(
        other.drop("number").rename({"known_number": "number"}),
        "id_number",
        "cadre_known_elsewhere",
        columns=["number"],
    )
    numbers = known.cadres["number"].drop_nulls()
    return both.with_columns(number=pl.coalesce("number", "_number")).with_columns(
        known=pl.col("_number").is_not_null() | pl.col("number").is_in(numbers.implode()).fill_null(False)
    )


def check_links(work: Checking, taken: Taken) -> dict[str, pl.DataFrame]:
    """Typed frame `links`: unit known, village found, each link once (PAIR-1)."""
    text = _table(work, taken, "unit", "village")
    links = typed(work, text, "links")
    _required(work, links, "unit")
    found = locate(text, work.regions)
    told_places(work, text.select("_at").hstack(found), text)
    _units(work, links, "unit")
    links = links.with_columns(village_code=found["_village"], township_code=found["_township"], _name=name_key("unit"))
    again = twice(links, ["_name", "village_code"]).with_columns(value=pl.col("unit"))
    work.findings.add(again, "unit", "link_twice", columns=["rows"])
    return {"links": links}


def _units(work: Checking, rows: pl.DataFrame, field: str) -> None:
    """Units must be in the roster of units; a name that is nearly one of them is offered."""
    if work.known is None or work.known.units is None:
        return
    keys = work.known.units.select(name_key("name").alias("k"), "name")
    known = dict(keys.iter_rows())
    codes = set(work.known.units["code"].drop_nulls()) if "code" in work.known.units.columns else set()
    names = rows[field].drop_nulls().unique()
    lost = {name: _nearly(name, known) for name in names if unit_key(name) not in known and name not in codes}
    if not lost:
        return
    told = rows.filter(pl.col(field).is_in(list(lost))).with_columns(
        value=pl.col(field), hint=pl.col(field).replace_strict(lost, default="", return_dtype=pl.String)
    )
    work.findings.add(told, field, "unit_unknown", columns=["hint"])


def _nearly(name: str, known: dict[str, str]) -> str:
    key = unit_key(name)
    near = [full for other, full in known.items() if len(key) > 2 and (key in other or other in key)]
    return f"是否为“{'”“'.join(near[:3])}”？" if near else ""


def unit_key(name: str) -> str:
    """A unit's name for comparison: half width, no blanks or brackets."""
    return re.sub(r"[\s()（）]", "", unicodedata.normalize("NFKC", name))


def name_key(column: str) -> pl.Expr:
    """`unit_key` over a column."""
    return pl.col(column).str.normalize("NFKC").str.replace_all(r"[\s()（）]", "")


def _table(work: Checking, taken: Taken, *needed: str) -> pl.DataFrame:
    rows = labelled(work, pl.concat([frame for _, frame in taken], how="diagonal"))
    return rows.with_columns(
        pl.lit(None, dtype=pl.String).alias(name) for name in dict.fromkeys(needed) if name not in rows.columns
    )


def _clean(column: str) -> pl.Expr:
    key = key_text(column)
    return pl.when(key != "").then(key).alias(column)


def _required(work: Checking, rows: pl.DataFrame, field: str) -> None:
    work.findings.add(rows.filter(pl.col(field).is_null()), field, "required_missing")


def _again(work: Checking, rows: pl.DataFrame, key: str, field: str, code: str) -> None:
    again = twice(rows, [key]).with_columns(value=pl.col(field))
    work.findings.add(again, field, code, columns=["count", "rows"])


def _uscc(work: Checking, units: pl.DataFrame) -> pl.Series:
    good = {text: parse_uscc(text) for text in units["uscc"].drop_nulls().unique()}
    value = units.select(pl.col("uscc").replace_strict(good, default=None, return_dtype=pl.String)).to_series()
    work.findings.add(units.filter(pl.col("uscc").is_not_null() & value.is_null()), "uscc", "uscc_wrong")
    return value


def _areas(work: Checking, rows: pl.DataFrame, field: str) -> pl.Series:
    """Codes of areas named in a column; what is not found is a warning."""
    if rows[field].null_count() == rows.height:
        return pl.Series(f"{field}_code", [None], dtype=pl.String).new_from_index(0, rows.height)
    found = {text: work.regions.area(text, work.regions.within).code for text in rows[field].drop_nulls().unique()}
    for text, code in found.items():
        if code is None:
            found[text] = work.regions.area(text).code
    value = rows.select(pl.col(field).replace_strict(found, default=None, return_dtype=pl.String)).to_series()
    work.findings.add(rows.filter(pl.col(field).is_not_null() & value.is_null()), field, "area_unknown")
    return value
